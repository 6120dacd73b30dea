"""Answers of Snap's Ads Gallery API: pages of a search, one ad, and sponsored content."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from adaudit.sample import names
from adaudit.sample.draw import Draw, draw_for, pages, scaled, weighted
from adaudit.sample.writing import compact_bytes, page_bytes

FOLDER = "snapchat/ads_gallery"

_ADS = 60
_PAGE = 20
_START = datetime(2025, 10, 12, 8, 0, tzinfo=UTC)
_COUNTRIES = ("at", "be", "de", "el", "fr", "nl", "pl", "se", "tr")
_AGES = weighted([(("18", None), 40), (("18", "34"), 20), (("13", None), 10), (("21", "49"), 15), ((None, None), 15)])
_CALLS = ("MORE", "SIGN UP", "VIEW")
_STILL_RUNNING = 4


def files(seed: int, scale: float) -> Iterator[tuple[str, bytes]]:
    """The pages of one search, one ad by its id, and one page of sponsored content."""
    sizes = pages(scaled(_ADS, scale), _PAGE)
    for number, size in enumerate(sizes, start=1):
        name = f"{FOLDER}/search_page-{number}.json"
        draw = draw_for(seed, name)
        rows = [{"sub_request_status": "SUCCESS", "ad_preview": _preview(draw, position)} for position in range(size)]
        answer = _success(draw) | {"ad_previews": rows}
        if number < len(sizes):
            link = f"https://adsapi.snapchat.com/v1/ads_library/ads/search?cursor={draw.hexadecimal(24)}&limit={_PAGE}"
            answer["paging"] = {"next_link": link}
        yield name, page_bytes(answer)
    draw = draw_for(seed, f"{FOLDER}/ad.json")
    yield f"{FOLDER}/ad.json", compact_bytes(_success(draw) | {"ad_preview": _preview(draw, 1)})
    draw = draw_for(seed, f"{FOLDER}/sponsored_content.json")
    shown = [{"sub_request_status": "SUCCESS", "sponsored_content_preview": _sponsored(draw)} for _ in range(5)]
    yield f"{FOLDER}/sponsored_content.json", page_bytes(_success(draw) | {"ad_previews": shown})


def _success(draw: Draw) -> dict[str, object]:
    return {"request_status": "SUCCESS", "request_id": draw.hexadecimal(32)}


def _preview(draw: Draw, position: int) -> dict[str, object]:
    shop, domain, country, text = draw.pick(names.SHOPS)
    start = _START + timedelta(hours=draw.between(0, 7000))
    shown = {code: draw.skewed(0, 60_000) for code in draw.some(_COUNTRIES, draw.between(1, 4))}
    ad: dict[str, object] = {
        "id": draw.uuid(),
        "name": f"campaign {position + 1}",
        "ad_account_name": f"{shop} account",
        "status": "ACTIVE" if position % 3 else "PAUSED",
        "creative_type": "SNAP_AD",
        "ad_type": "REMOTE_WEBPAGE",
        "ad_render_type": "STATIC",
        "languages": [country.lower()],
        "headline": names.HOSTILE_TEXTS[position % 2] if position % 17 == 3 else text,
        "call_to_action": draw.pick(_CALLS),
        "top_snap_media_type": "VIDEO" if draw.chance(0.7) else "IMAGE",
        "top_snap_media_download_link": f"https://media.snap.example/{draw.hexadecimal(32)}",
        "start_date": _time(start),
        "impressions_total": sum(shown.values()),
        "impressions_map": shown,
        "targeting_v2": _targeting(draw, country),
        "paying_advertiser_name": shop,
        "web_view_properties": {"url": f"https://{domain}/"},
        "review_status": "APPROVED",
        "rejection_reasons": [],
        "stickers": [],
    }
    if position % _STILL_RUNNING:
        ad["end_date"] = _time(start + timedelta(hours=draw.between(12, 900)))
    if draw.chance(0.6):
        ad["brand_name"] = shop
    if position % 19 == 6:
        ad |= {"review_status": "REJECTED", "rejection_reasons": ["The landing page does not work."]}
    return ad


def _targeting(draw: Draw, country: str) -> dict[str, object]:
    youngest, oldest = draw.pick(_AGES)
    demographic: dict[str, object] = {"age_groups": [], "languages": [country.lower()] if draw.chance(0.3) else []}
    if youngest:
        demographic["min_age"] = youngest
    if oldest:
        demographic["max_age"] = oldest
    devices = [{"os_type": draw.pick(("IOS", "ANDROID"))}] if draw.chance(0.2) else []
    return {"regulated_content": False, "demographics": [demographic], "devices": devices}


def _sponsored(draw: Draw) -> dict[str, object]:
    shop = draw.pick(names.SHOPS)[0]
    creator = f"creator{draw.between(1, 99)}"
    return {
        "sponsor_name": shop,
        "sponsor_url": "https://snap.example/add/sponsor",
        "creator_name": creator,
        "creator_url": f"https://snap.example/add/{creator}",
        "content_type": "SPOTLIGHT",
        "content_url": f"https://snap.example/spotlight/{draw.hexadecimal(20)}",
        "thumbnail_url": f"https://media.snap.example/{draw.hexadecimal(20)}",
    }


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"
