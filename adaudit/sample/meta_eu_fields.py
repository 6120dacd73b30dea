"""A page of Meta's ad archive with the fields for the Union: reach, targeting, beneficiary and payer.

Most ads sell bread or bicycles; some are of fictional political pages and carry no political label.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple
from urllib.parse import quote_plus

from adaudit.sample import names
from adaudit.sample.draw import Draw, access_token, draw_for, iso_days, pages, scaled, spread_ids, weighted
from adaudit.sample.meta_archive import cursor, snapshot_url
from adaudit.sample.writing import indented_bytes

FOLDER = "meta/ads_archive_eu_fields"

_ADS = 230
_POLITICAL_PLACES = frozenset({5, 12, 19})
_POLITICAL_PATTERN = 23

_FIELDS = (
    "id, ad_creation_time, ad_delivery_stop_time, ad_creative_bodies, ad_creative_link_captions, "
    "ad_creative_link_descriptions, ad_creative_link_titles, ad_snapshot_url, page_id, page_name, "
    "beneficiary_payers, target_ages, target_gender, target_locations, eu_total_reach, "
    "age_country_gender_reach_breakdown"
)
_CREATED = iso_days(date(2026, 1, 5), date(2026, 3, 20))
_AGE_RANGES = ("18-24", "25-34", "35-44", "45-54", "55-64", "65+")
_YOUNGEST_RANGE = "13-17"
_COUNTRIES = ("AT", "BE", "BG", "CZ", "DE", "DK", "ES", "FI", "GR", "HU", "IE", "IT", "LU", "NL", "PL", "PT")
_OVERSEAS = ("FR", "GP", "RE", "MQ")
_COUNTRY_NAMES = {
    "NL": "Netherlands",
    "DE": "Germany",
    "BE": "Belgium",
    "FR": "France",
    "IT": "Italy",
    "ES": "Spain",
}
_REACHED = weighted([(1, 70), (2, 12), (4, 9), (7, 5), (15, 2)])
_AGES = weighted([(("18", "65"), 78), (("21", "65"), 6), (("25", "54"), 6), (("50", "65"), 5), (("18", "44"), 5)])
_YOUNG_AGES = (("13", "65"), ("14", "30"), ("16", "65"), ("18", "65"), ("18", "35"))
_GENDERS = weighted([("All", 88), ("Women", 11), ("Men", 1)])
_PLACE_KINDS = ("zips", "CITY", "MUNICIPALITY", "NEIGHBORHOOD", "DEELGEMEENTE", "regions")


class _Page(NamedTuple):
    page_id: str
    name: str
    domain: str
    country: str
    text: str
    political: bool


def files(seed: int, scale: float) -> Iterator[tuple[str, bytes]]:
    """The pages of one query; each carries the address of the next, which names the fields."""
    token = access_token(seed)
    known = _known_pages(draw_for(seed, f"{FOLDER}/pages"))
    for number, size in enumerate(pages(scaled(_ADS, scale), _ADS), start=1):
        name = f"{FOLDER}/page-{number:02d}.json"
        draw = draw_for(seed, name)
        low = 3_000_000_000_000_000 + number * 1_000_000_000_000
        ads: list[dict[str, object]] = []
        for position, identity in enumerate(spread_ids(draw, size, low, low + 1_000_000_000_000)):
            political = position % _POLITICAL_PATTERN in _POLITICAL_PLACES
            page = draw.pick([page for page in known if page.political == political])
            ads.append(_ad(draw, position, page, snapshot_url(str(identity), token)))
        document = {"data": ads, "paging": _paging(draw, token)}
        yield name, indented_bytes(document, indent=4, escaped=True)


def _known_pages(draw: Draw) -> list[_Page]:
    shops = [_Page("", *shop, political=False) for shop in names.SHOPS]
    slogan = "Droge voeten voor iedereen – kom naar de avond van de leden."
    parties = [_Page("", sponsor.name, sponsor.domain, "NL", slogan, political=True) for sponsor in names.SPONSORS[:8]]
    found = shops + parties
    page_ids = spread_ids(draw, len(found), 100_000_000_000_000, 560_000_000_000_000)
    return [page._replace(page_id=str(page_id)) for page, page_id in zip(found, page_ids, strict=True)]


def _paging(draw: Draw, token: str) -> dict[str, object]:
    """The envelope as a collector keeps it: each page adds the caller's parameters once more."""
    after = cursor(draw)
    query = (
        f"fields={quote_plus(_FIELDS)}&ad_reached_countries=NL&search_terms=brood"
        f"&ad_delivery_date_min=2026-01-05&ad_delivery_date_max=2026-03-31&limit=300&access_token={token}"
    )
    following = f"https://graph.facebook.com/v25.0/ads_archive?{query}&{query}&after={after}"
    return {"cursors": {"after": after}, "next": following}


def _ad(draw: Draw, position: int, page: _Page, url: str) -> dict[str, object]:
    identity = url.partition("?id=")[2].partition("&")[0]
    created = draw.pick(_CREATED)
    ad: dict[str, object] = {"id": identity, "ad_creation_time": created}
    if draw.chance(0.85):
        stop = date.fromisoformat(created) + timedelta(days=draw.skewed(0, 20))
        ad["ad_delivery_stop_time"] = stop.isoformat()
    versions = draw.between(1, 2)
    if draw.chance(0.97):
        ad["ad_creative_bodies"] = [page.text] * versions
    if draw.chance(0.96):
        ad["ad_creative_link_captions"] = [page.domain] * versions
        if draw.chance(0.75):
            ad["ad_creative_link_descriptions"] = [f"Meer op {page.domain}"] * versions
        ad["ad_creative_link_titles"] = [page.name] * versions
    ad["ad_snapshot_url"] = url
    ad["page_id"] = page.page_id
    ad["page_name"] = page.name
    if _discloses(draw, position, page):
        ad["beneficiary_payers"] = _beneficiary_payers(draw, page)
    return ad | _targeting_and_reach(draw, position, page)


def _discloses(draw: Draw, position: int, page: _Page) -> bool:
    """Half of the political ads and most others name a beneficiary and a payer."""
    if page.political:
        return position % 2 == 0
    return draw.chance(0.85)


def _beneficiary_payers(draw: Draw, page: _Page) -> list[dict[str, object]]:
    agency = draw.pick(names.AGENCIES).name
    payer = agency if draw.chance(0.4) else page.name
    current: dict[str, object] = {"payer": payer, "beneficiary": page.name, "current": True}
    if draw.chance(0.3):
        return [{"payer": agency, "beneficiary": f"{page.name} (oud)", "current": False}, current]
    return [current]


def _targeting_and_reach(draw: Draw, position: int, page: _Page) -> dict[str, object]:
    ages = _YOUNG_AGES[position % len(_YOUNG_AGES)] if page.political else draw.pick(_AGES)
    countries = _countries(draw, page.country, position)
    breakdown = [_country_reach(draw, country, int(ages[0])) for country in countries]
    reached = sum(_count(part) for part in breakdown)
    return {
        "target_ages": list(ages),
        "target_gender": draw.pick(_GENDERS),
        "target_locations": _locations(draw, page.country),
        "eu_total_reach": max(1, round(reached * (1 + (draw.random() - 0.5) * 0.09))),
        "age_country_gender_reach_breakdown": breakdown,
    }


def _countries(draw: Draw, home: str, position: int) -> list[str]:
    """The countries reached; overseas areas of France count as countries of their own."""
    number = draw.pick(_REACHED)
    found = {home, *draw.some(_COUNTRIES, number - 1)}
    if position % 31 == 9 or home == "FR":
        found.update(_OVERSEAS[: draw.between(2, 4)])
    return sorted(found)


def _country_reach(draw: Draw, country: str, youngest: int) -> dict[str, object]:
    size = draw.skewed(3, 4000)
    ranges = [age for age in _AGE_RANGES if draw.chance(0.75)] or ["25-34"]
    if youngest < 18:
        ranges.insert(0, _YOUNGEST_RANGE)
    groups: list[dict[str, object]] = []
    for age_range in ranges:
        group: dict[str, object] = {"age_range": age_range}
        if draw.chance(0.7):
            group["male"] = draw.between(1, size)
        if draw.chance(0.85) or len(group) == 1:
            group["female"] = draw.between(1, size)
        if draw.chance(0.3):
            group["unknown"] = draw.between(1, 1 + size // 20)
        groups.append(group)
    return {"country": country, "age_gender_breakdowns": groups}


def _count(part: dict[str, object]) -> int:
    groups = part["age_gender_breakdowns"]
    if not isinstance(groups, list):
        return 0
    return sum(value for group in groups for value in group.values() if isinstance(value, int))


def _locations(draw: Draw, home: str) -> list[dict[str, object]]:
    if draw.chance(0.45):
        return [_location(_COUNTRY_NAMES[home], "countries")]
    if draw.chance(0.12):
        return [_location("Europe", "country_groups"), _location("Belgium", "countries", excluded=True)]
    found: list[dict[str, object]] = []
    for town in draw.some(names.TOWNS, draw.between(1, 4)):
        kind = draw.pick(_PLACE_KINDS)
        name = f"99{draw.between(10, 99)}, {town}" if kind == "zips" else f"{town}, {draw.pick(names.REGIONS)}"
        found.append(_location(name, kind, hidden=draw.between(0, 2) if draw.chance(0.05) else 0))
    return found


def _location(name: str, kind: str, *, hidden: int = 0, excluded: bool = False) -> dict[str, object]:
    return {"name": name, "num_obfuscated": hidden, "type": kind, "excluded": excluded}
