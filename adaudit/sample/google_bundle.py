"""Google's political ads bundle: the zip of 2024 with all its members, and creative-stats of 2018 alone."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from adaudit.sample import names
from adaudit.sample.draw import Draw, draw_for, iso_days, scaled, spread_ids, weighted
from adaudit.sample.writing import cell, lines, zip_bytes

BUNDLE_FILE = "google/google-political-ads-transparency-bundle.zip"
FIRST_FILE = "google/google-political-ads-creative-stats_2018.csv"

_ADS = 220
_FIRST_ADS = 30
_ADVERTISERS = 40
_WEEKS = 120
_CAMPAIGNS = 30

_CURRENCIES = (
    *("USD", "EUR", "INR", "BGN", "CZK", "DKK", "HUF", "PLN", "RON", "SEK"),
    *("GBP", "NZD", "ILS", "AUD", "TWD", "BRL", "ARS", "ZAR", "CLP", "MXN"),
)
_LOWEST = {
    **{"USD": 100, "EUR": 50, "INR": 250, "BGN": 100, "CZK": 1500, "DKK": 500, "HUF": 20_000, "PLN": 250},
    **{"RON": 250, "SEK": 1000, "GBP": 50},
}
_USUAL_LOWEST = 100
_STEPS = ((0, 1), (1, 2), (2, 10), (10, 20), (20, 100), (100, 1000), (1000, None))
"""Both ends of a step, in lowest steps of the currency; the last is open."""
_RANGES = ",".join(f"Spend_Range_Min_{code},Spend_Range_Max_{code}" for code in _CURRENCIES)
_SPENDS = ",".join(f"Spend_{code}" for code in _CURRENCIES)
_ADS_HEADER = (
    "Ad_ID,Ad_URL,Ad_Type,Regions,Advertiser_ID,Advertiser_Name,Ad_Campaigns_List,Date_Range_Start,Date_Range_End,"
    f"Num_of_Days,Impressions,Spend_USD,{_RANGES},First_Served_Timestamp,Last_Served_Timestamp,Age_Targeting,"
    "Gender_Targeting,Geo_Targeting_Included,Geo_Targeting_Excluded,Is_Funded_By_Google_Ad_Grants,"
)
_FIRST_HEADER = (
    "Ad_ID,Ad_URL,Ad_Type,Advertiser_ID,Advertiser_Name,Ad_Campaigns_List,Date_Range_Start,Date_Range_End,"
    "Num_of_Days,Impressions,Spend_USD"
)
_CAMPAIGNS_HEADER = (
    "Campaign_ID,Age_Targeting,Gender_Targeting,Geo_Targeting_Included,Geo_Targeting_Excluded,Start_Date,End_Date,"
    "Ads_List,Advertiser_ID,Advertiser_Name"
)
_DECLARED_HEADER = (
    "Advertiser_ID,Region,Advertiser_Declared_Name,Advertiser_Declared_Regulatory_ID,Advertiser_Declared_Scope,"
    "Advertiser_Declared_Promoter_Name,Advertiser_Declared_Promoter_Address"
)
_MARKETS = weighted(
    [
        (("EU, NL", "EUR", "nl"), 30),
        (("EU, DE", "EUR", "de"), 22),
        (("BE, EU, NL", "EUR", "be"), 6),
        (("EU, SE", "SEK", "se"), 8),
        (("CZ, EU", "CZK", "cz"), 7),
        (("EU", "EUR", "eu"), 4),
        (("US", "USD", "us"), 16),
        (("IN", "INR", "in"), 4),
        (("GB", "GBP", "gb"), 3),
    ]
)
_TYPES = weighted([("TEXT", 30), ("IMAGE", 35), ("VIDEO", 35)])
_VIEWS = weighted(
    [("0-1000", 50), ("1000-2000", 12), ("10000-15000", 18), ("100000-125000", 12), ("900000-1000000", 5), (">10M", 1)]
)
_FIRST_VIEWS = weighted([("≤ 10k", 60), ("10k–100k", 25), ("100k-1M", 10), ("> 10M", 1)])
_FIRST_SPENDS = weighted([("≤ 100", 50), ("100-1k", 30), ("1k-50k", 15), ("> 100k", 2)])
_AGES = weighted(
    [
        ("", 57),
        ("18-24, 25-34, 35-44, 45-54, 55-64, ≥65", 20),
        ("18-24, 25-34", 10),
        ("18-24, 25-34, 35-44, 45-54, 55-64, ≥65, Unknown age", 10),
        ("≥65", 3),
    ]
)
_GENDERS = weighted([("", 65), ("Male, Female, Unknown gender", 20), ("Female, Male", 10), ("Female", 5)])
_DAYS = iso_days(date(2023, 5, 1), date(2024, 6, 20))
_FIRST_DAYS = iso_days(date(2018, 6, 1), date(2018, 10, 20))
_SUNDAY = date(2024, 1, 7)
_REPEATED, _UNEQUAL = 50, 51


class _Advertiser(NamedTuple):
    identity: str
    name: str
    regions: str
    currency: str


def files(seed: int, scale: float) -> Iterator[tuple[str, bytes]]:
    """The bundle, and the first generation of its main file."""
    draw = draw_for(seed, BUNDLE_FILE)
    advertisers = _advertisers(draw, scaled(_ADVERTISERS, scale))
    ads = _ads(draw, advertisers, scaled(_ADS, scale))
    prefix = "google-political-ads-"
    members = {
        "README.txt": _readme(),
        "advertiser_id_mapping.csv": _mapping(advertisers),
        f"{prefix}advertiser-declared-stats.csv": _declared(advertisers),
        f"{prefix}advertiser-geo-spend.csv": _by_state(draw, advertisers),
        f"{prefix}advertiser-stats.csv": _totals(draw, advertisers),
        f"{prefix}advertiser-weekly-spend.csv": _weeks(draw, advertisers, scaled(_WEEKS, scale)),
        f"{prefix}campaign-targeting.csv": _campaigns(draw, advertisers, scaled(_CAMPAIGNS, scale)),
        f"{prefix}creative-stats.csv": lines(_ADS_HEADER, ads),
        f"{prefix}geo-spend.csv": _by_place(draw),
        f"{prefix}top-keywords-history.csv": _keywords(draw),
        f"{prefix}updated.csv": b"Report_Data_Updated_Time (PT)\n2024-06-28 05:12:40\n",
    }
    yield BUNDLE_FILE, zip_bytes(members.items())
    draw = draw_for(seed, FIRST_FILE)
    number = scaled(_FIRST_ADS, scale)
    identities = spread_ids(draw, number, 10**17, 9 * 10**17)
    yield FIRST_FILE, lines(_FIRST_HEADER, [_first_ad(draw, identity) for identity in identities])


def _advertisers(draw: Draw, number: int) -> list[_Advertiser]:
    """The advertisers; the name of the third attacks whoever prints it."""
    found: list[_Advertiser] = []
    for place, identity in enumerate(spread_ids(draw, number, 10**18, 18 * 10**18)):
        regions, currency, market = draw.pick(_MARKETS)
        known = [name for name, country in names.GOOGLE_ADVERTISERS if country.lower() == market]
        name = draw.pick(known or names.STATS_ADVERTISERS.get(market.upper(), names.STATS_ADVERTISERS["EU"]))
        hostile = names.HOSTILE_TEXTS[1] if place == 2 else f"{name} {place + 1}"
        found.append(_Advertiser(f"AR{identity:020d}", hostile, regions, currency))
    return found


def _ads(draw: Draw, advertisers: Sequence[_Advertiser], number: int) -> list[str]:
    """One row an ad; one row stands twice, and one id stands on two different rows."""
    identities = spread_ids(draw, number, 10**18, 18 * 10**18)
    rows: list[str] = []
    for position, identity in enumerate(identities):
        if position == _REPEATED:
            rows.append(rows[-1])
            continue
        shared = identities[position - 1] if position == _UNEQUAL + 1 else identity
        rows.append(_ad(draw, draw.pick(advertisers), f"CR{shared:020d}", position))
    return rows


def _ad(draw: Draw, advertiser: _Advertiser, identity: str, position: int) -> str:
    first = draw.between(0, len(_DAYS) - 1)
    last = min(first + draw.skewed(0, 60), len(_DAYS) - 1)
    start, end = _DAYS[first], _DAYS[last]
    place = draw.pick(names.TOWNS)
    cells = [
        identity,
        f"https://adstransparency.google.com/advertiser/{advertiser.identity}/creative/{identity}",
        draw.pick(_TYPES),
        advertiser.regions,
        advertiser.identity,
        advertiser.name,
        "",
        start,
        "" if position % 90 == 60 else end,
        str(last - first + 1),
        draw.pick(_VIEWS),
        "",
        *_ranges(draw, advertiser.currency, position),
        f"{start} 08:15:00 UTC",
        f"{end} 21:40:00 UTC",
        draw.pick(_AGES),
        draw.pick(_GENDERS),
        f"{place},{draw.pick(names.REGIONS)},Netherlands, {place} Zuid,Netherlands" if draw.chance(0.5) else "",
        f"{draw.pick(names.TOWNS)},Netherlands" if draw.chance(0.1) else "",
        "No",
        "",
    ]
    return ",".join(cell(value) for value in cells)


def _ranges(draw: Draw, currency: str, position: int) -> list[str]:
    """A step in every currency: the advertiser's own in one, the lowest in all others."""
    own = _STEPS[-1] if position % 40 == 9 else _STEPS[draw.skewed(0, len(_STEPS) - 1)]
    found: list[str] = []
    for code in _CURRENCIES:
        unit = _LOWEST.get(code, _USUAL_LOWEST)
        low, high = own if code == currency else _STEPS[0]
        found += [str(low * unit), "" if high is None else str(high * unit)]
    return found


def _first_ad(draw: Draw, identity: int) -> str:
    first = draw.between(0, len(_FIRST_DAYS) - 8)
    advertiser = f"AR{draw.between(10**17, 9 * 10**17)}"
    address = (
        f"https://transparencyreport.google.com/political-ads/library/advertiser/{advertiser}/creative/CR{identity}"
    )
    cells = [
        f"CR{identity}",
        address,
        draw.pick(("Text", "Video", "Image")),
        advertiser,
        draw.pick(names.STATS_ADVERTISERS["US"]),
        str(draw.between(10**9, 2 * 10**9)),
        _FIRST_DAYS[first],
        _FIRST_DAYS[first + draw.between(0, 7)],
        str(draw.between(1, 8)),
        draw.pick(_FIRST_VIEWS),
        draw.pick(_FIRST_SPENDS),
    ]
    return ",".join(cell(value) for value in cells)


def _spends(draw: Draw, currency: str) -> list[str]:
    unit = _LOWEST.get(currency, _USUAL_LOWEST)
    return [str(draw.skewed(1, 900) * unit) if code == currency else "0" for code in _CURRENCIES]


def _totals(draw: Draw, advertisers: Sequence[_Advertiser]) -> bytes:
    header = f"Advertiser_ID,Advertiser_Name,Public_IDs_List,Regions,Elections,Total_Creatives,{_SPENDS}"
    rows = [
        (one.identity, one.name, "", one.regions, "", str(1 + draw.skewed(0, 90)), *_spends(draw, one.currency))
        for one in advertisers
    ]
    return lines(header, [",".join(cell(value) for value in row) for row in rows])


def _weeks(draw: Draw, advertisers: Sequence[_Advertiser], number: int) -> bytes:
    """Weeks of the advertisers in turn; an election cycle stands with those of the United States alone."""
    rows: list[str] = []
    for position in range(number):
        one = advertisers[position % len(advertisers)]
        week = _SUNDAY + timedelta(weeks=position // len(advertisers))
        cycle = "US-Federal-2018" if one.regions == "US" else ""
        cells = (one.identity, one.name, cycle, week.isoformat(), *_spends(draw, one.currency))
        rows.append(",".join(cell(value) for value in cells))
    return lines(f"Advertiser_ID,Advertiser_Name,Election_Cycle,Week_Start_Date,{_SPENDS}", rows)


def _campaigns(draw: Draw, advertisers: Sequence[_Advertiser], number: int) -> bytes:
    rows: list[str] = []
    for position in range(number):
        one = draw.pick(advertisers)
        first = draw.between(0, len(_DAYS) - 40)
        ads = ", ".join(f"CR{draw.between(10**18, 9 * 10**18):020d}" for _ in range(draw.between(1, 4)))
        places = f"{draw.pick(names.TOWNS)},{draw.pick(names.REGIONS)}"
        days = (_DAYS[first], _DAYS[first + draw.between(0, 39)])
        who = (draw.pick(_AGES), draw.pick(_GENDERS), places, "")
        cells = (str(10_000_000_000 + position * 977), *who, *days, ads, one.identity, one.name)
        rows.append(",".join(cell(value) for value in cells))
    return lines(_CAMPAIGNS_HEADER, rows)


def _by_place(draw: Draw) -> bytes:
    places = ("DE,,", "NL,,", "SE,,", "US,US-CA,CA-12", "US,US-NY,")
    rows = [f"{place},{','.join(_spends(draw, 'EUR'))}" for place in places]
    return lines(f"Country,Country_Subdivision_Primary,Country_Subdivision_Secondary,{_SPENDS}", rows)


def _by_state(draw: Draw, advertisers: Sequence[_Advertiser]) -> bytes:
    rows = [
        ",".join((one.identity, cell(one.name), "US", "US-CA", *_spends(draw, "USD")))
        for one in advertisers
        if one.regions == "US"
    ]
    return lines(f"Advertiser_ID,Advertiser_Name,Country,Country_Subdivision_Primary,{_SPENDS}", rows)


def _declared(advertisers: Sequence[_Advertiser]) -> bytes:
    rows = [f"{one.identity},US,{cell(one.name)},99-9900,,," for one in advertisers if one.regions == "US"]
    return lines(_DECLARED_HEADER, rows)


def _mapping(advertisers: Sequence[_Advertiser]) -> bytes:
    rows = [f"AR{position + 100},{one.identity}" for position, one in enumerate(advertisers)]
    return lines("OldAdvertiserId,NewAdvertiserId", rows)


def _keywords(draw: Draw) -> bytes:
    words = ("quiet rivers", "paper lantern", "porch light", "umbrella", "slow tide", "raincoat")
    columns = ",".join(f"Keyword_{place},Spend_USD_{place}" for place in range(1, 7))
    row = ",".join(f"{word},{draw.between(1, 900) * 100}" for word in words)
    return lines(f"Election_Cycle,Region,Elections,Report_Date,{columns}", [f",US,US-Federal,2019-11-24,{row}"])


def _readme() -> bytes:
    text = (
        "google-political-ads-creative-stats.csv\n\nThis file contains the information for political ads that have "
        "appeared on\nthe platform. All advertisers and figures are made up.\n"
    )
    return text.encode()
