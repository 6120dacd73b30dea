"""Answers of Microsoft's Ad Library API: pages of 24 ads, single ads with details, advertisers, nothing found."""

import json
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from adaudit.sample import names
from adaudit.sample.draw import Draw, draw_for, iso_days, pages, scaled, spread_ids, weighted
from adaudit.sample.writing import compact_bytes

FOLDER = "microsoft"

_ADS = 72
_PAGE = 24
_DETAILS = 12
_POLITICAL_PATTERN = 6

_CONTEXT = "https://adlibrary.api.bingads.microsoft.com/api/v1/$metadata#"
_SHOWN = iso_days(date(2025, 7, 1), date(2026, 6, 30))
_RANGES = weighted([("<1K", 40), ("1K - 2.5K", 25), ("2.5K - 5K", 20), ("10K - 25K", 10), ("100K - 250K", 5)])
_COUNTRIES = ("Austria", "Belgium", "Czechia", "Denmark", "France", "Germany", "Ireland", "Italy", "Norway", "Spain")
_HOME = {"NL": "Netherlands", "DE": "Germany", "BE": "Belgium", "FR": "France", "IT": "Italy", "ES": "Spain"}
_TARGETS = ("Gender", "Age", "MicrosoftAudiences", "AdvertiserAudiences")

_REJECTED, _PAID_BY_OTHER, _HOSTILE = 2, 3, 5
"""Of single ads: the one that is restricted, and each how-manieth is paid by another; of a page: a hostile text."""


class _Advertiser(NamedTuple):
    number: int
    name: str
    country: str
    verified: bool
    domain: str


def files(seed: int, scale: float) -> Iterator[tuple[str, bytes]]:
    """The pages of one search, single ads in full, the advertisers, and a search without a result."""
    known = _advertisers(draw_for(seed, f"{FOLDER}/advertisers"))
    sizes = pages(scaled(_ADS, scale), _PAGE)
    total = sum(sizes)
    for number, size in enumerate(sizes, start=1):
        name = f"{FOLDER}/ads_page-{number}.json"
        draw = draw_for(seed, name)
        low = 72_000_000_000_000 + number * 10_000_000_000
        ids = spread_ids(draw, size, low, low + 10_000_000_000)
        found = [_ad(draw, known, position, identity) for position, identity in enumerate(ids)]
        yield name, compact_bytes({"@odata.context": f"{_CONTEXT}Ads", "@odata.count": total, "value": found})
    for number in range(1, scaled(_DETAILS, scale) + 1):
        name = f"{FOLDER}/ad_detail_{number}.json"
        draw = draw_for(seed, name)
        yield name, compact_bytes(_single(draw, known, number))
    rows = [_advertiser(one) for one in known[0] + known[1]]
    yield f"{FOLDER}/advertisers.json", compact_bytes({"@odata.context": f"{_CONTEXT}Advertisers", "value": rows})
    nothing = {"@odata.context": f"{_CONTEXT}Ads", "@odata.count": 0, "value": []}
    yield f"{FOLDER}/ads_nothing-found.json", compact_bytes(nothing)


def _advertisers(draw: Draw) -> tuple[list[_Advertiser], list[_Advertiser]]:
    """Political organisations, some under an account's label, and shops."""
    ids = spread_ids(draw, 40, 4_290_000_000, 4_299_000_000)
    political = []
    for place, one in enumerate(names.SPONSORS[1::3]):
        label = f"production - {draw.between(10**4, 10**5 - 1)} - running - {one.name}"
        verified = place % 4 != 0
        political.append(_Advertiser(ids[place], one.name if verified else label, "NL", verified, one.domain))
    shops = [
        _Advertiser(ids[20 + place], name, country, True, domain)
        for place, (name, domain, country, _) in enumerate(names.SHOPS)
    ]
    return political, shops


def _advertiser(one: _Advertiser) -> dict[str, object]:
    return {
        "AdvertiserId": one.number,
        "AdvertiserName": one.name,
        "AdvertiserCountry": _HOME[one.country],
        "IsVerified": one.verified,
    }


def _ad(
    draw: Draw, known: tuple[list[_Advertiser], list[_Advertiser]], position: int, identity: int
) -> dict[str, object]:
    political, shops = known
    one = draw.pick(political if position % _POLITICAL_PATTERN == 0 else shops)
    town = draw.pick(names.TOWNS)
    text = names.HOSTILE_TEXTS[1] if position == _HOSTILE else draw.pick(names.CAMPAIGNS)
    picture = {"AssetType": "Image", "AssetUrl": f"https://tse.bing.example/th?id={draw.hexadecimal(16)}"}
    return {
        "AdId": identity,
        "AdvertiserName": one.name,
        "AdvertiserId": one.number,
        "Title": text.replace("{town}", town),
        "Description": f"{one.name}, {town}",
        "DisplayUrl": f"www.{one.domain}",
        "DestinationUrl": f"https://www.{one.domain}/{draw.hexadecimal(4)}",
        "AssetJson": json.dumps([picture]) if draw.chance(0.2) else "",
    }


def _single(draw: Draw, known: tuple[list[_Advertiser], list[_Advertiser]], number: int) -> dict[str, object]:
    """One ad in full; another person pays for every third."""
    ad = _ad(draw, known, number - 1, 73_000_000_000_000 + number * 1_000_003)
    first = draw.between(0, len(_SHOWN) - 1)
    last = min(first + draw.skewed(0, 90), len(_SHOWN) - 1)
    kinds = ["Location", *draw.some(_TARGETS, draw.between(0, 2))]
    details: dict[str, object] = {
        "PaidForByName": draw.pick(names.AGENCIES).name if number % _PAID_BY_OTHER == 0 else None,
        "StartDate": _SHOWN[first],
        "EndDate": _SHOWN[last],
        "TotalImpressionsRange": draw.pick(_RANGES),
        "ImpressionsByCountry": _shares(draw),
        "Targets": [{"TargetType": kind, "UsedForExclusion": draw.chance(0.2)} for kind in kinds],
        "RejectionJson": None,
    }
    if number == _REJECTED:
        details["RestrictionReason"] = "The ad refers to a vote about umbrellas."
    return {"@odata.context": f"{_CONTEXT}Ads/$entity", **ad, "AdDetails": details}


def _shares(draw: Draw) -> list[dict[str, str]]:
    """Percentages with one decimal that add up to 100; the Netherlands stand as their number, 129."""
    left = 1000
    shown = ["129", *draw.some(_COUNTRIES, draw.between(0, 3))]
    found: list[dict[str, str]] = []
    for place, country in enumerate(shown):
        part = left if place == len(shown) - 1 else draw.between(left // 2, left * 9 // 10)
        left -= part
        found.append({"Country": country, "ImpressionShare": f"{part // 10}.{part % 10}%"})
    return found
