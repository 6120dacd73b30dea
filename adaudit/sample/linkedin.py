"""Answers of LinkedIn's Ad Library API: pages of 25 ads, and the answer of a search that finds nothing."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from adaudit.sample import names
from adaudit.sample.draw import Draw, days, draw_for, pages, scaled, spread_ids, weighted
from adaudit.sample.writing import compact_bytes, indented_bytes

FOLDER = "linkedin"

_ADS = 75
_PAGE = 25
_POLITICAL_PATTERN = 5

_SHOWN = days(date(2025, 8, 1), date(2026, 6, 30))
_EPOCH = date(1970, 1, 1)
_DAY_OF_MILLISECONDS = 86_400_000
_TYPES = weighted(
    [
        ("SPONSORED_STATUS_UPDATE", 60),
        ("SPONSORED_VIDEO", 25),
        ("SPONSORED_UPDATE_CAROUSEL", 8),
        ("TEXT_AD", 5),
        ("$UNKNOWN", 2),
    ]
)
_RANGES = weighted(
    [((0, 1000), 30), ((1000, 5000), 30), ((5000, 10_000), 20), ((10_000, 50_000), 15), ((100_000, 500_000), 5)]
)
_COUNTRIES = ("AT", "BE", "DE", "DK", "ES", "FR", "IE", "IT", "MT", "NL", "NO", "PL", "SE")
_PLACES = {"NL": "Netherlands", "DE": "Germany", "BE": "Belgium", "FR": "France", "IT": "Italy", "ES": "Spain"}
_HIDDEN_FACETS = ("Job", "Company", "Audience", "Demographic")

_LEFT_OUT, _RESTRICTED, _WITHOUT_PAYER, _HOSTILE, _NO_COUNTRIES, _OPEN_RANGE = 3, 7, 9, 4, 11, 13
"""Places on a page: outside the Union, restricted, no payer named, a name that attacks, no shares, no upper end."""


class _Advertiser(NamedTuple):
    number: int
    name: str
    payer: str
    country: str


def files(seed: int, scale: float) -> Iterator[tuple[str, bytes]]:
    """The pages of one search, then a search without a result."""
    known = _advertisers(draw_for(seed, f"{FOLDER}/advertisers"))
    total = scaled(_ADS, scale)
    for number, size in enumerate(pages(total, _PAGE), start=1):
        name = f"{FOLDER}/adLibrary_page-{number}.json"
        draw = draw_for(seed, name)
        low = 1_400_000_000 + number * 1_000_000
        ids = spread_ids(draw, size, low, low + 1_000_000)
        found = [_ad(draw, known, position, identity) for position, identity in enumerate(ids)]
        yield name, compact_bytes({"elements": found, "paging": _paging(draw, (number - 1) * _PAGE, total)})
    name = f"{FOLDER}/adLibrary_nothing-found.json"
    yield name, indented_bytes({"elements": [], "paging": _paging(draw_for(seed, name), 0, 0)}, indent=2, escaped=False)


def _advertisers(draw: Draw) -> tuple[list[_Advertiser], list[_Advertiser]]:
    """Political organisations, whose payer is an agency or themselves, and shops."""
    political = []
    for one in names.SPONSORS[::3]:
        payer = draw.pick(names.AGENCIES).name if draw.chance(0.4) else one.name
        political.append(_Advertiser(draw.between(10**7, 10**8 - 1), one.name, payer, "NL"))
    shops = [_Advertiser(draw.between(10**7, 10**8 - 1), name, name, country) for name, _, country, _ in names.SHOPS]
    return political, shops


def _paging(draw: Draw, start: int, total: int) -> dict[str, object]:
    more = start + _PAGE < total
    query = f"advertiser={draw.hexadecimal(6)}&count={_PAGE}&q=criteria&start={start + _PAGE}"
    links = [{"type": "application/json", "rel": "next", "href": f"/rest/adLibrary?{query}"}] if more else []
    return {"start": start, "count": _PAGE, "total": total, "links": links}


def _ad(
    draw: Draw, known: tuple[list[_Advertiser], list[_Advertiser]], position: int, identity: int
) -> dict[str, object]:
    political, shops = known
    one = draw.pick(political if position % _POLITICAL_PATTERN == 0 else shops)
    shown_name = names.HOSTILE_TEXTS[0].replace("{town}", "Inktwoude") if position == _HOSTILE else one.name
    advertiser = {"advertiserName": shown_name, "advertiserUrl": f"https://www.linkedin.com/company/{one.number}"}
    if position != _WITHOUT_PAYER:
        advertiser["adPayer"] = one.payer
    details: dict[str, object] = {"type": draw.pick(_TYPES), "advertiser": advertiser}
    if position == _LEFT_OUT:
        details["adTargeting"] = []
    else:
        details["adStatistics"] = _statistics(draw, one.country, position)
        details["adTargeting"] = _targeting(draw, one.country)
    return {
        "adUrl": f"https://www.linkedin.com/ad-library/detail/{identity}",
        "isRestricted": position == _RESTRICTED,
        "details": details,
    }


def _statistics(draw: Draw, country: str, position: int) -> dict[str, object]:
    first = draw.between(0, len(_SHOWN) - 1)
    last = min(first + draw.skewed(0, 60), len(_SHOWN) - 1)
    low, high = draw.pick(_RANGES)
    return {
        "firstImpressionAt": _moment(draw, _SHOWN[first], 0),
        "latestImpressionAt": _moment(draw, _SHOWN[last], 1),
        "totalImpressions": {"from": 1_000_000} if position == _OPEN_RANGE else {"from": low, "to": high},
        "impressionsDistributionByCountry": [] if position == _NO_COUNTRIES else _shares(draw, country),
    }


def _moment(draw: Draw, day: date, half: int) -> int:
    """Milliseconds since 1970, in the first or the second half of the day."""
    within = _DAY_OF_MILLISECONDS // 2
    return (day - _EPOCH).days * _DAY_OF_MILLISECONDS + half * within + draw.between(0, within - 1)


def _shares(draw: Draw, country: str) -> list[dict[str, object]]:
    """Percentages of all impressions; what ran outside the Union is left out, so many sums are low."""
    left = draw.between(1500, 10_000) if draw.chance(0.5) else 10_000
    shown = [country, *(one for one in draw.some(_COUNTRIES, draw.between(0, 3)) if one != country)]
    found: list[dict[str, object]] = []
    for place, code in enumerate(shown):
        part = left if place == len(shown) - 1 else draw.between(left // 2, left * 9 // 10)
        left -= part
        found.append({"country": f"urn:li:country:{code}", "impressionPercentage": part / 100})
    return found


def _targeting(draw: Draw, country: str) -> list[dict[str, object]]:
    place = _PLACES[country]
    excluded = [draw.pick(names.REGIONS)] if draw.chance(0.1) else []
    facets = [_facet("Location", [place], excluded), _facet("Language", ["English"], [])]
    for name in draw.some(_HIDDEN_FACETS, draw.between(0, 2)):
        facets.append(_facet(name, [], []) | {"isExcluded": draw.chance(0.3)})
    return facets


def _facet(name: str, included: list[str], excluded: list[str]) -> dict[str, object]:
    return {
        "facetName": name,
        "isIncluded": True,
        "isExcluded": bool(excluded),
        "includedSegments": included,
        "excludedSegments": excluded,
    }
