"""Pages of Meta's ad archive: those of fictional candidates, and a bare array of 2019."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from adaudit.sample import names
from adaudit.sample.draw import (
    LETTERS,
    Draw,
    access_token,
    draw_for,
    iso_days,
    pages,
    scaled,
    spread_ids,
    weighted,
)
from adaudit.sample.writing import indented_bytes, page_bytes

PAGES_FOLDER = "meta/ads_archive_pages"
ARRAY_FILE = "meta/ads_archive_2019.json"

_ADS = 700
_PAGE = 234
_ADS_2019 = 25
_REPEATED = 2

_LAST_PAID_DAY = date(2025, 10, 6)
_BEFORE = iso_days(date(2024, 1, 8), _LAST_PAID_DAY)
_AFTER = iso_days(date(2025, 10, 7), date(2026, 5, 31))
_LONGEST_RUN = 12

_SPENDS = weighted(
    [((0, 99), 90), ((100, 199), 8), ((200, 299), 2), ((400, 499), 1), ((900, 999), 1), ((1000, 1499), 1)]
)
_IMPRESSIONS = weighted(
    [((0, 99), 1), ((100, 999), 8)]
    + [((low, low + 999), 6) for low in range(1000, 10_000, 1000)]
    + [((low, low + 4999), 5) for low in range(10_000, 50_000, 5000)]
    + [((low, low + 9999), 2) for low in range(50_000, 100_000, 10_000)]
    + [((125_000, 149_999), 1), ((300_000, 349_999), 1)]
)
_KINDS = weighted(
    [
        ("undeclared", 60),
        ("declared", 25),
        ("removed", 8),
        ("removed bare", 2),
        ("spend only", 2),
        ("early", 3),
    ]
)
_SET_KINDS = {5: "no currency", 6: "dollars", 7: "open", 8: "removed", 9: "removed bare"}
_TAKEN_AWAY = frozenset({"removed", "removed bare"})
_PAID = frozenset({"declared", "removed", "spend only", "no currency", "dollars", "open"})
_BYLINED = frozenset({"declared", "no currency", "dollars", "open"})


_IMPRESSIONS_2019 = ((0, 999), (0, 999), (1000, 4999), (5000, 9999), (10_000, 49_999))
_AGES = ("13-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+")
_GENDERS = ("female", "male", "unknown")
_GROUPS = [(age, gender) for age in _AGES for gender in _GENDERS]
_SPONSORS_2019 = (
    ("Alliance des Petites Îles", "Alliance des Petites Îles"),
    ("Groupe du Héron Gris au Parlement des Nuages. ", "Groupe du Héron Gris"),
    ("Candidat 31", "Savon Solidaire Trois Brumes"),
)


class _Candidate(NamedTuple):
    page_id: str
    page_name: str
    byline: str


def files(seed: int, scale: float) -> Iterator[tuple[str, bytes]]:
    """The pages of the archive, then the array of 2019."""
    yield from _page_files(seed, scale)
    draw = draw_for(seed, ARRAY_FILE)
    ads = _ads_of_2019(draw, scaled(_ADS_2019, scale), access_token(seed))
    yield ARRAY_FILE, indented_bytes(ads, indent=2, escaped=False)


def snapshot_url(identity: str, token: str) -> str:
    """The address of an ad's rendering, with the caller's token as Meta puts it there."""
    return f"https://www.facebook.com/ads/archive/render_ad/?id={identity}&access_token={token}"


def cursor(draw: Draw) -> str:
    """An opaque cursor of the paging envelope."""
    return f"c2NyYXBpbmdfY3Vyc29y{draw.text_of(LETTERS, 44)}ZDZD"


def _page_files(seed: int, scale: float) -> Iterator[tuple[str, bytes]]:
    token = access_token(seed)
    candidates = _candidates(draw_for(seed, f"{PAGES_FOLDER}/candidates"))
    sizes = pages(scaled(_ADS, scale), _PAGE)
    repeated: list[dict[str, object]] = []
    for number, size in enumerate(sizes, start=1):
        name = f"{PAGES_FOLDER}/page-{number:03d}.json"
        draw = draw_for(seed, name)
        low = 1_000_000_000_000_000 + number * 1_000_000_000_000
        identities = spread_ids(draw, size, low, low + 1_000_000_000_000)
        ads = [
            _ad(draw, position, str(identity), draw.pick(candidates)) for position, identity in enumerate(identities)
        ]
        for ad in ads:
            ad["ad_snapshot_url"] = snapshot_url(str(ad["id"]), token)
        document: dict[str, object] = {"data": [*repeated, *ads]}
        if number < len(sizes):
            after = cursor(draw)
            following = f"https://graph.facebook.com/v25.0/ads_archive?access_token={token}&after={after}"
            document["paging"] = {"cursors": {"after": after}, "next": following}
        repeated = ads[-_REPEATED:] if number == 1 else []
        yield name, page_bytes(document)


def political_pages() -> list[str]:
    """The names of the pages of candidates and parties, for `--political-actors`."""
    return [*(f"Kandidat Nru {number}" for number in range(1, 30)), *names.MALTESE_PARTIES]


def _candidates(draw: Draw) -> list[_Candidate]:
    page_ids = [str(page_id) for page_id in spread_ids(draw, 32, 210_000_000_000_000, 900_000_000_000_000)]
    found = [
        _Candidate(page_id, f"Kandidat Nru {number}", f"Kandidat Nru {number}")
        for number, page_id in enumerate(page_ids[:29], start=1)
    ]
    found = [
        candidate._replace(byline=names.MALTESE_PARTIES[number % 3]) if number % 4 == 1 else candidate
        for number, candidate in enumerate(found)
    ]
    return found + [
        _Candidate(page_id, party, party) for page_id, party in zip(page_ids[29:], names.MALTESE_PARTIES, strict=True)
    ]


def _ad(draw: Draw, position: int, identity: str, candidate: _Candidate) -> dict[str, object]:
    kind = _SET_KINDS.get(position) or draw.pick(_KINDS)
    ad: dict[str, object] = {"id": identity, **_period(draw, kind)}
    body = _body(draw, position, kind)
    if body is not None:
        ad["ad_creative_bodies"] = [body]
    if kind in _BYLINED:
        ad["bylines"] = candidate.byline
    if kind in _PAID:
        if kind != "no currency":
            ad["currency"] = "USD" if kind == "dollars" or draw.chance(0.01) else "EUR"
        ad["spend"] = {"lower_bound": "5000"} if kind == "open" else _range(draw.pick(_SPENDS))
        ad["impressions"] = {"lower_bound": "1000000"} if kind == "open" else _range(draw.pick(_IMPRESSIONS))
    ad["page_id"] = candidate.page_id
    ad["page_name"] = candidate.page_name
    return ad


def _period(draw: Draw, kind: str) -> dict[str, str]:
    """The days of delivery: declared ads ended by the last day of paid delivery in the Union."""
    old = kind in _BYLINED or kind == "early"
    calendar = _BEFORE if old else _AFTER
    start = draw.between(0, len(calendar) - 1)
    period = {"ad_delivery_start_time": calendar[start]}
    if old or draw.chance(0.93):
        stop = min(start + draw.skewed(0, _LONGEST_RUN), len(calendar) - 1)
        period["ad_delivery_stop_time"] = calendar[stop]
    return period


def _body(draw: Draw, position: int, kind: str) -> str | None:
    if kind in _TAKEN_AWAY:
        return names.REMOVED_TEXT if position == 8 else f"{names.REMOVED_TEXT} {names.REMOVED_TEXT}"
    if draw.chance(0.02):
        return None
    town = draw.pick(names.MALTESE_TOWNS)
    if position % 29 == 17:
        return names.HOSTILE_TEXTS[position // 29 % len(names.HOSTILE_TEXTS)].replace("{town}", town)
    return draw.pick(names.MALTESE_TEXTS).replace("{town}", town)


def _range(pair: tuple[int, int]) -> dict[str, str]:
    return {"lower_bound": str(pair[0]), "upper_bound": str(pair[1])}


def _ads_of_2019(draw: Draw, number: int, token: str) -> list[dict[str, object]]:
    identities = spread_ids(draw, number, 310_000_000_000_000, 730_000_000_000_000)
    return [_ad_of_2019(draw, position, identities[position], token) for position in range(number)]


def _ad_of_2019(draw: Draw, position: int, identity: int, token: str) -> dict[str, object]:
    which = position % len(_SPONSORS_2019)
    funding_entity, page_name = _SPONSORS_2019[which]
    ad = _text_of_2019(draw, position, page_name)
    ad["ad_snapshot_url"] = snapshot_url(str(identity), token)
    ad["currency"] = "EUR"
    groups = draw.some(_GROUPS, draw.between(5, 18))
    ad["demographic_distribution"] = [
        {"percentage": share, "age": age, "gender": gender}
        for share, (age, gender) in zip(_shares(draw, len(groups)), groups, strict=True)
    ]
    ad["funding_entity"] = funding_entity
    ad["impressions"] = _range(draw.pick(_IMPRESSIONS_2019))
    ad["page_id"] = str(240_000_000_000_000 + which * 7_919)
    ad["page_name"] = page_name
    regions = draw.some(names.REGIONS, draw.between(4, len(names.REGIONS)))
    ad["region_distribution"] = [
        {"percentage": share, "region": region}
        for share, region in zip(_shares(draw, len(regions)), regions, strict=True)
    ]
    ad["spend"] = _range((0, 99))
    return ad


def _text_of_2019(draw: Draw, position: int, page_name: str) -> dict[str, object]:
    """The keys up to the delivery times; which of the link's texts exist differs by ad."""
    minute = f"2019-05-{draw.between(9, 13):02d}T{draw.between(8, 18):02d}:{draw.between(10, 59)}"
    place = position % 5
    ad: dict[str, object] = {
        "ad_creation_time": f"{minute}:{draw.between(10, 29)}+0000",
        "ad_creative_body": f"🇪🇺 {page_name} : votez le 26 mai.\n👉 heron.example #PlusDeNuages",
    }
    if place != 2:
        ad["ad_creative_link_caption"] = "heron.example"
    if place == 3:
        ad["ad_creative_link_description"] = "Une chaise vide dit plus que mille discours."
    if place != 4:
        ad["ad_creative_link_title"] = page_name
    ad["ad_delivery_start_time"] = f"{minute}:{draw.between(30, 59)}+0000"
    if position % 2:
        ad["ad_delivery_stop_time"] = f"2019-05-{draw.between(14, 31)}T{minute[11:]}:07+0000"
    return ad


def _shares(draw: Draw, number: int) -> list[str]:
    """Fractions as strings that add up to about one, tiny ones in scientific notation."""
    parts = [1 + draw.skewed(0, 1_000_000) for _ in range(number)]
    total = sum(parts)
    return [_share(part / total) for part in parts]


def _share(value: float) -> str:
    rounded = max(round(value, 6), 0.000001)
    if rounded < 0.0001:
        return f"{rounded * 1e5:.1f}E-5" if rounded >= 0.00001 else f"{rounded * 1e6:.1f}E-6"
    return f"{rounded:.6f}".rstrip("0").rstrip(".")
