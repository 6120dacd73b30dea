"""Google: exports of the ads transparency dataset, and the totals per advertiser of 2019."""

import json
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from adaudit.sample import names
from adaudit.sample.draw import Draw, bounds, draw_for, iso_days, scaled, spread_ids, weighted
from adaudit.sample.writing import cell, compact_bytes, lines

TRANSPARENCY_FILE = "google/google_ads_transparency_center.csv"
JSON_FILE = "google/google_ads_transparency_center.json"
REMOVED_FILE = "google/google_ads_transparency_center_removed.csv"
REMOVED_JSON_FILE = "google/google_ads_transparency_center_removed.json"
STATS_FILE = "google/google-political-ads-advertiser-stats.csv"

_ADS = 300
_JSON_ADS = 60
_REMOVED_ADS = 30
_ADVERTISERS = 150

_TRANSPARENCY_HEADER = (
    "advertiser_id,creative_id,creative_page_url,ad_format_type,advertiser_disclosed_name,"
    "advertiser_legal_name,advertiser_location,advertiser_verification_status,region_stats,"
    "audience_selection_approach_info,topic"
)
_REMOVED_HEADER = "creative_page_url,region_stats,audience_selection_approach_info,disapproval"
_VIOLATIONS = weighted([("MISREPRESENTATION", 40), ("POLITICAL_CONTENT", 35), ("TRADEMARKS", 25)])
_STATS_HEADER = (
    "Advertiser_ID,Advertiser_Name,Public_IDs_List,Regions,Elections,Total_Creatives,Spend_USD,Spend_EUR,"
    "Spend_INR,Spend_BGN,Spend_HRK,Spend_CZK,Spend_DKK,Spend_HUF,Spend_PLN,Spend_RON,Spend_SEK,Spend_GBP"
)
_SHOWN = iso_days(date(2023, 3, 1), date(2025, 9, 20))
_FORMATS = weighted([("VIDEO", 42), ("IMAGE", 34), ("TEXT", 24)])
_MEMBER_STATES = (
    "AT",
    "BE",
    "BG",
    "CY",
    "CZ",
    "DE",
    "DK",
    "EE",
    "ES",
    "FI",
    "FR",
    "GR",
    "HR",
    "HU",
    "IE",
    "IT",
    "LT",
    "LU",
    "LV",
    "MT",
    "NL",
    "PL",
    "PT",
    "RO",
    "SE",
    "SI",
    "SK",
)
_BUCKETS = bounds(
    [(1000, 10), (5000, 8), (10_000, 5), (25_000, 6), (50_000, 5), (100_000, 5), (250_000, 6), (500_000, 8)]
)
_USED, _UNUSED, _BOTH = "CRITERIA_INCLUDED", "CRITERIA_UNUSED", "CRITERIA_INCLUDED_AND_EXCLUDED"
_DEMOGRAPHIC = weighted([(_USED, 90), (_BOTH, 9), (_UNUSED, 1)])
_PLACE = weighted([(_USED, 91), (_BOTH, 7), ("CRITERIA_EXCLUDED", 1), (_UNUSED, 1)])
_CONTEXT = weighted([(_USED, 57), (_BOTH, 43)])
_LISTS = weighted([(_UNUSED, 97), (_USED, 2), ("CRITERIA_EXCLUDED", 1)])
_TOPICS = weighted([(_UNUSED, 98), (_USED, 2)])

_RATES = (1.13, 1.0, 78.0, 1.96, 7.4, 25.6, 7.47, 321.0, 4.27, 4.72, 10.4, 0.86)
_STEPS = (100, 50, 250, 25, 100, 1000, 500, 7500, 100, 75, 750, 50)
_STATS_REGIONS = weighted(
    [
        (("US", "US-Federal"), 70),
        (("EU", "EU-Parliament"), 6),
        (("IN", "IN-General"), 5),
        (("EU, NL", "EU-Parliament"), 5),
        (("DE, EU", "EU-Parliament"), 6),
        (("AT, EU, SK", "EU-Parliament"), 3),
        (("US, EU", "US-Federal, EU-Parliament"), 3),
        (("EU, GB, IE", "EU-Parliament"), 2),
    ]
)
_SET_REGIONS = {
    1: ("US, EU", "US-Federal, EU-Parliament"),
    2: ("EU", "EU-Parliament"),
    3: ("IN", "IN-General"),
}


class _Advertiser(NamedTuple):
    identity: str
    name: str
    country: str
    topic: str


def files(seed: int, scale: float) -> Iterator[tuple[str, bytes]]:
    """The exports and the totals."""
    draw = draw_for(seed, TRANSPARENCY_FILE)
    advertisers = _advertisers(draw)
    number = scaled(_ADS, scale)
    creatives = spread_ids(draw, number, 10**18, 18 * 10**18)
    rows = (_creative(draw, advertisers, position, creatives[position]) for position in range(number))
    yield TRANSPARENCY_FILE, lines(_TRANSPARENCY_HEADER, (",".join(cells) for cells in rows))
    yield JSON_FILE, _as_json(draw_for(seed, JSON_FILE), scaled(_JSON_ADS, scale))
    draw = draw_for(seed, REMOVED_FILE)
    removed = (_removed(draw, position) for position in range(scaled(_REMOVED_ADS, scale)))
    yield REMOVED_FILE, lines(_REMOVED_HEADER, (",".join(_removed_cells(one)) for one in removed))
    draw = draw_for(seed, REMOVED_JSON_FILE)
    yield (
        REMOVED_JSON_FILE,
        compact_bytes([_removed(draw, position) for position in range(scaled(_REMOVED_ADS, scale))]),
    )
    draw = draw_for(seed, STATS_FILE)
    identities = spread_ids(draw, scaled(_ADVERTISERS, scale), 100 * 10**15, 990 * 10**15)
    totals = (_total(draw, position, identity) for position, identity in enumerate(identities))
    yield STATS_FILE, lines(_STATS_HEADER, totals)


def _as_json(draw: Draw, number: int) -> bytes:
    """The same table as a list of objects: what is null is left out, numbers are texts."""
    advertisers = _advertisers(draw)
    identities = spread_ids(draw, number, 10**18, 18 * 10**18)
    found: list[dict[str, object]] = []
    for position, identity in enumerate(identities):
        advertiser = draw.pick(advertisers)
        one: dict[str, object] = {
            "advertiser_id": advertiser.identity,
            "creative_id": f"CR{identity:020d}",
            "creative_page_url": f"https://adstransparency.google.com/advertiser/{advertiser.identity}/creative/CR{identity:020d}",
            "ad_format_type": draw.pick(_FORMATS),
            "advertiser_disclosed_name": names.HOSTILE_TEXTS[0] if position == 2 else advertiser.name,
            "advertiser_location": advertiser.country,
            "advertiser_verification_status": "VERIFIED",
            "topic": advertiser.topic,
            **_shown(draw, advertiser.country, position),
        }
        if position % 20 != 7:
            one["advertiser_legal_name"] = advertiser.name
        found.append(one)
    return compact_bytes(found)


def _shown(draw: Draw, country: str, position: int) -> dict[str, object]:
    """Where the ad was shown and how its audience was selected, as objects."""
    return {**json.loads(_regions(draw, country)), **json.loads(_approach(draw, position))}


def _removed(draw: Draw, position: int) -> dict[str, object]:
    """An ad that was removed: its address, where it was shown, and the reasons."""
    advertiser, creative = (draw.between(10**18, 18 * 10**18) for _ in range(2))
    reasons: list[dict[str, object]] = [
        {
            "removal_reason": "POLICY_VIOLATION",
            "violation_category": draw.pick(_VIOLATIONS),
            "use_of_automated_means": draw.chance(0.7),
            "removal_location": "GLOBAL" if draw.chance(0.6) else draw.pick(_MEMBER_STATES),
            "decision_type": "REMOVAL",
        }
        for _ in range(2 if position % 10 == 3 else 1)
    ]
    page = f"https://adstransparency.google.com/advertiser/AR{advertiser:020d}/creative/CR{creative:020d}"
    shown = _shown(draw, draw.pick(_MEMBER_STATES), position)
    return {"creative_page_url": page, **shown, "disapproval": reasons}


def _removed_cells(one: dict[str, object]) -> list[str]:
    nested = ("region_stats", "audience_selection_approach_info", "disapproval")
    cells = [json.dumps({name: one[name]}, indent=2, ensure_ascii=False) for name in nested]
    return [str(one["creative_page_url"]), *(cell(value) for value in cells)]


def _advertisers(draw: Draw) -> list[_Advertiser]:
    known = [(name, country, "Political") for name, country in names.GOOGLE_ADVERTISERS] * 3
    known += [(name, country, "Law & Government") for name, country in names.GOOGLE_LAWYERS]
    identities = spread_ids(draw, len(known), 10**18, 18 * 10**18)
    return [_Advertiser(f"AR{identities[place]:020d}", *entry) for place, entry in enumerate(known)]


def _creative(draw: Draw, advertisers: list[_Advertiser], position: int, creative: int) -> tuple[str, ...]:
    advertiser = advertisers[-1 - position % 2] if position % 12 == 7 else draw.pick(advertisers)
    identity = f"CR{creative:020d}"
    topic = "political" if advertiser.topic == "Political" else "law-government"
    page = f"https://adstransparency.google.com/advertiser/{advertiser.identity}/creative/{identity}?topic={topic}"
    name = cell(advertiser.name)
    legal_name = {15: "", 31: '""'}.get(position % 60, name)
    info = _approach(draw, position)
    return (
        advertiser.identity,
        identity,
        page,
        draw.pick(_FORMATS),
        name,
        legal_name,
        advertiser.country,
        "VERIFIED",
        cell(_regions(draw, advertiser.country)),
        cell(info),
        advertiser.topic,
    )


def _approach(draw: Draw, position: int) -> str:
    lists = _USED if position % 50 == 21 else draw.pick(_LISTS)
    return (
        '{\n  "audience_selection_approach_info": {\n'
        f'    "demographic_info": "{draw.pick(_DEMOGRAPHIC)}",\n'
        f'    "geo_location": "{draw.pick(_PLACE)}",\n'
        f'    "contextual_signals": "{draw.pick(_CONTEXT)}",\n'
        f'    "customer_lists": "{lists}",\n'
        f'    "topics_of_interest": "{draw.pick(_TOPICS)}"\n'
        "  }\n}"
    )


def _regions(draw: Draw, home: str) -> str:
    """A row for each country and one for the EEA as a whole, in alphabetical order."""
    if draw.chance(0.65):
        codes = [home]
    elif draw.chance(0.85):
        codes = sorted({home, *draw.some(_MEMBER_STATES, draw.between(1, 6))})
    else:
        codes = list(_MEMBER_STATES)
    first = draw.between(0, len(_SHOWN) - 1)
    last = min(first + draw.skewed(0, 60), len(_SHOWN) - 1)
    period = (_SHOWN[first], _SHOWN[last])
    shown = {code: draw.skewed(1, 400_000 if code == home else 3000) for code in codes}
    shown["EEA"] = sum(shown.values())
    rows = ", ".join([_region(code, period, shown[code]) for code in sorted(shown)])
    return f'{{\n  "region_stats": [{rows}]\n}}'


def _region(code: str, period: tuple[str, str], shown: int) -> str:
    place = bisect_right(_BUCKETS, shown)
    first, last = period
    return (
        f'{{\n    "region_code": "{code}",\n    "first_shown": "{first}",\n    "last_shown": "{last}",\n'
        f'    "times_shown_end_date": "{last}",\n    "times_shown_lower_bound": "{_BUCKETS[place - 1]}",\n'
        f'    "times_shown_upper_bound": "{_BUCKETS[place]}",\n    "times_shown_start_date": "{first}",\n'
        '    "times_shown_availability_date": null,\n    "surface_serving_stats": null\n  }'
    )


def _total(draw: Draw, position: int, identity: int) -> str:
    """One advertiser; the same spend stands in every currency, each rounded to its own step."""
    regions, elections = _SET_REGIONS.get(position) or draw.pick(_STATS_REGIONS)
    euros = draw.skewed(0, 90_000)
    spends = [str(round(euros * rate / step) * step) for rate, step in zip(_RATES, _STEPS, strict=True)]
    public_id = f"EIN ID 99-{draw.between(1_000_000, 9_999_999)}" if "US" in regions else ""
    market = next(part for part in ("US", "EU", "IN") if part in regions)
    name = f"{draw.pick(names.STATS_ADVERTISERS[market])} {position + 1}"
    head = (f"AR{identity:018d}", cell(name), public_id, cell(regions), cell(elections))
    return ",".join((*head, str(1 + draw.skewed(0, 200)), *spends))
