"""Answers of TikTok's Commercial Content API: ads, single ads, communications, advertisers, numbers."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from adaudit.sample import names
from adaudit.sample.draw import BASE36, Draw, days, draw_for, pages, scaled, spread_ids, weighted
from adaudit.sample.writing import cell, compact_bytes, lines, page_bytes

FOLDER = "tiktok"

_ADS = 300
_PAGE = 50
_DETAILS = 3
_COMMUNICATIONS = 30
_REPORT_DAYS = 10
_ROWS = 40

_DAYS = tuple(f"{day:%Y%m%d}" for day in days(date(2025, 9, 15), date(2026, 8, 20)))
_AGES = ("13-17", "18-24", "25-34", "35-44", "45-54", "55+")
_GENDERS = ("female", "male", "other_genders")
_BUCKETS = weighted(
    [(("0-1K", 0, 0), 9), (("1K-10K", 1, 9), 37), (("10K-100K", 10, 99), 52), (("100K-200K", 100, 199), 3)]
)
_REMOVED = "Removed from TikTok due to a violation of TikTok's terms"
_STATEMENTS = weighted(
    [
        (("inactive", _REMOVED), 78),
        (("active", "N/A"), 13),
        (("inactive", "Campaign ended by the advertiser"), 9),
    ]
)
_INTERESTS = weighted([("", 94), ("News & Entertainment, Sports & Outdoors", 4), ("Education", 2)])
_BEYOND_DOUBLES = 7_400_000_000_000_000_000
_ABOVE_BUCKET = 3
_TEXT_ID = 8
_TABLE_HEADER = (
    "data.ad.id,data.ad.name,data.ad.first_shown_date,data.ad.last_shown_date,data.ad.estimated_audience,"
    "data.advertiser.name,data.advertiser.adv_biz_ids,data.advertiser.registry_location,data.advertiser.sponsor,"
    "data.targeting.location.total_impressions,data.targeting.location.data,data.targeting.age,"
    "data.targeting.gender,data.targeting.target_audience_size,data.targeting.audience,data.targeting.interest"
)
_TABLE_DAYS = tuple(int(datetime(2025, month, 3, tzinfo=UTC).timestamp()) * 1000 for month in range(1, 10))
_DAY_OF_MILLISECONDS = 86_400_000
_REGIONS = {"NL": "Netherlands", "BE": "Belgium", "MT": "Malta", "CY": "Cyprus", "DE": "Germany"}
_HOSTILE_BRAND = 3


class _Account(NamedTuple):
    business_id: int
    name: str
    payer: str | None
    country: str


def files(seed: int, scale: float) -> Iterator[tuple[str, bytes]]:
    """The pages of one query, the single answers, then what holds no ads."""
    accounts = _accounts(draw_for(seed, f"{FOLDER}/accounts"))
    sizes = pages(scaled(_ADS, scale), _PAGE)
    for number, size in enumerate(sizes, start=1):
        name = f"{FOLDER}/ad_query_page-{number}.json"
        draw = draw_for(seed, name)
        found = {
            "ads": _page(draw, accounts, number, size),
            "has_more": number < len(sizes),
            "search_id": str(draw.between(10**14, 10**15 - 1)),
        }
        yield name, page_bytes({"data": found, "error": _success(draw)})
    for number in range(1, scaled(_DETAILS, scale) + 1):
        name = f"{FOLDER}/ad_detail_{number}.json"
        draw = draw_for(seed, name)
        yield name, compact_bytes({"data": _detail(draw, accounts, number), "error": _success(draw)})
    name = f"{FOLDER}/commercial_content_query.json"
    draw = draw_for(seed, name)
    contents = [_communication(draw, position) for position in range(scaled(_COMMUNICATIONS, scale))]
    found = {"commercial_contents": contents, "has_more": "false", "search_id": str(draw.between(10**14, 10**15 - 1))}
    yield name, compact_bytes({"data": found, "error": _success(draw)})
    yield from _lists(seed, accounts)
    name = f"{FOLDER}/library_table_2025.csv"
    draw = draw_for(seed, name)
    yield name, lines(_TABLE_HEADER, [_row(draw, accounts, number) for number in range(scaled(_ROWS, scale))])


def _accounts(draw: Draw) -> list[_Account]:
    """The advertisers; who pays is absent for a third, a bare number or the name for the others."""
    number = len(names.TIKTOK_ACCOUNTS)
    business_ids = spread_ids(draw, number, _BEYOND_DOUBLES, 7_640_000_000_000_000_000)
    found: list[_Account] = []
    for place, (handle, payer, country) in enumerate(names.TIKTOK_ACCOUNTS):
        business_id = business_ids[place]
        declared = (None, str(business_id + 43_997_000_000), payer)[place % 3]
        found.append(_Account(business_id, handle, declared, country))
    return found


def _success(draw: Draw) -> dict[str, object]:
    log_id = f"20260821{draw.hexadecimal(26).upper()}"
    return {"code": "ok", "http_status_code": 200, "log_id": log_id, "message": ""}


def _page(draw: Draw, accounts: Sequence[_Account], number: int, size: int) -> list[dict[str, object]]:
    low = 1_843_000_000_000_000 + number * 100_000_000_000
    usual = spread_ids(draw, size, low, low + 100_000_000_000)
    low = _BEYOND_DOUBLES + number * 100_000_000_000_000
    large = spread_ids(draw, size, low, low + 100_000_000_000_000)
    ads: list[dict[str, object]] = []
    for position in range(size):
        account = draw.pick(accounts)
        identity = large[position] if position % 5 == 4 else usual[position]
        targeted = position % 3 == 0
        ad = _ad(draw, account, identity, reach_by_country=targeted)
        if number == 1 and position == _ABOVE_BUCKET:
            reach = {"unique_users_seen": "1K-10K", "unique_users_seen_by_country": {account.country: "42K"}}
            ad["reach"] = reach
        if number == 1 and position == _TEXT_ID:
            ad["id"] = str(identity)
        entry: dict[str, object] = {"ad": ad, "advertiser": _advertiser(account)}
        if targeted:
            entry["ad_group"] = {"targeting_info": _targeting(draw, account.country)}
        ads.append(entry)
    return ads


def _ad(draw: Draw, account: _Account, identity: int, *, reach_by_country: bool) -> dict[str, object]:
    start = draw.between(0, len(_DAYS) - 1)
    stop = min(start + draw.skewed(0, 20), len(_DAYS) - 1)
    status, statement = draw.pick(_STATEMENTS)
    ad: dict[str, object] = {"id": identity}
    if not draw.chance(0.04):
        ad["first_shown_date"] = _DAYS[start]
    ad["last_shown_date"] = _DAYS[stop]
    ad["status"] = status
    ad["status_statement"] = statement
    media = draw.random()
    if media < 0.83:
        cover = f"https://cover.tiktokcdn.example/{draw.hexadecimal(40)}"
        ad["videos"] = [{"cover_image_url": cover, "url": f"https://v77.tiktokcdn.example/{draw.hexadecimal(32)}/"}]
    elif media < 0.93:
        ad["image_urls"] = [f"https://p16.tiktokcdn.example/{draw.hexadecimal(40)}~image.jpeg"]
    ad["reach"] = _reach(draw, account.country, by_country=reach_by_country)
    return ad


def _reach(draw: Draw, country: str, *, by_country: bool) -> dict[str, object]:
    bucket, low, high = draw.pick(_BUCKETS)
    reach: dict[str, object] = {"unique_users_seen": bucket}
    if by_country:
        figure = f"{draw.between(max(low, 1), high)}K" if high else bucket
        reach["unique_users_seen_by_country"] = {country: figure}
    return reach


def _advertiser(account: _Account) -> dict[str, object]:
    advertiser: dict[str, object] = {"business_id": account.business_id, "business_name": account.name}
    if account.payer is not None:
        advertiser["paid_for_by"] = account.payer
    advertiser["country_code"] = account.country
    return advertiser


def _targeting(draw: Draw, country: str) -> dict[str, object]:
    """Targeting as the API shows it: the keys of its maps come in no fixed order."""
    allowed = {"13-17": draw.chance(0.65), "18-24": draw.chance(0.97)}
    audience = draw.between(300, 600)
    turn = draw.between(0, 5)
    ages = _AGES[turn:] + _AGES[:turn]
    turn = draw.between(0, 2)
    genders = _GENDERS[turn:] + _GENDERS[:turn]
    return {
        "age": {age: allowed.get(age, True) for age in ages},
        "gender": dict.fromkeys(genders, True),
        "country": [country],
        "interest": draw.pick(_INTERESTS),
        "audience_targeting": "Yes" if draw.chance(0.06) else "No",
        "number_of_users_targeted": f"{audience}K-{audience * 11 // 9}K",
    }


def _detail(draw: Draw, accounts: Sequence[_Account], number: int) -> dict[str, object]:
    """One ad in full; every second of three was rejected, every third has its dates as numbers."""
    account = draw.pick(accounts)
    ad = _ad(draw, account, 1_860_000_000_000_000 + number * 1_000_003, reach_by_country=True)
    first = draw.between(0, len(_DAYS) - 15)
    ad["first_shown_date"], ad["last_shown_date"] = _DAYS[first], _DAYS[first + 14]
    ad["status"], ad["status_statement"] = "active", "N/A"
    reach = {account.country: "11K", "FR": "2K"}
    ad["reach"] = {"unique_users_seen": "10K-100K", "unique_users_seen_by_country": reach}
    if number % 3 == 2:
        ad["status"], ad["status_statement"] = "inactive", _REMOVED
        ad["rejection_info"] = {
            "affected_countries": [account.country, "FR"],
            "automated_notice": None,
            "reasons": ["The ad refers to a vote about umbrellas, which the advertising policy forbids."],
            "reporting_source": "The violation was found after a report by a third party.",
        }
    if number % 3 == 0:
        ad["first_shown_date"], ad["last_shown_date"] = int(_DAYS[first]), int(_DAYS[first + 14])
    targeting = _targeting(draw, account.country)
    targeting["country"] = [account.country, "FR"]
    advertiser = _advertiser(account)
    advertiser["tiktok_account"] = {
        "avatar_url": f"https://p16.tiktokcdn.example/{draw.hexadecimal(24)}.jpeg",
        "follower_count": draw.between(40, 90_000),
        "profile_url": f"https://tiktok.example/@{account.name}",
    }
    targeting |= {"video_interactions": "Entertainment", "creator_interactions": ""}
    return {"ad": ad, "ad_group": {"targeting_info": targeting}, "advertiser": advertiser}


def _communication(draw: Draw, position: int) -> dict[str, object]:
    """What a user declared to be commercial; a few name no brand, or their video is gone."""
    identity = f"v09044g40000{draw.text_of(BASE36, 20)}"
    day = draw.pick(_DAYS)
    user = f"maker_{draw.between(1, 60)}"
    moment = int(datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC).timestamp()) + draw.between(0, 86_399)
    brands = [draw.pick(names.SHOPS)[0]] if position % 7 else []
    if position == _HOSTILE_BRAND:
        brands = [names.HOSTILE_TEXTS[0].replace("{town}", "Inktwoude"), draw.pick(names.SPONSORS).name]
    cover = f"https://p16.tiktokcdn.example/{draw.hexadecimal(24)}.jpeg?x-expires={moment}"
    video = {
        "cover_image_url": cover,
        "url": f"https://tiktok.example/@{user}/video/{draw.between(10**18, 10**19 - 1)}",
    }
    return {
        "id": identity,
        "create_date": day,
        "create_timestamp": moment,
        "label": draw.pick(("Paid partnership", "Promotional content")),
        "brand_names": brands,
        "creator": {"username": user},
        "videos": [] if position % 11 == 5 else [video],
    }


def _lists(seed: int, accounts: Sequence[_Account]) -> Iterator[tuple[str, bytes]]:
    """Answers that hold no ads: a search for advertisers, and numbers of ads by day and country."""
    name = f"{FOLDER}/advertiser_query.json"
    draw = draw_for(seed, name)
    rows = [
        {"business_id": one.business_id, "business_name": one.name, "country_code": one.country} for one in accounts
    ]
    yield name, compact_bytes({"data": {"advertisers": rows}, "error": _success(draw)})
    name = f"{FOLDER}/ad_report.json"
    draw = draw_for(seed, name)
    series = {
        country: [{"date": day, "count": draw.skewed(0, 40_000)} for day in _DAYS[:_REPORT_DAYS]]
        for country in ("NL", "BE", "MT")
    }
    yield name, compact_bytes({"data": {"count_time_series_by_country": series}, "error": _success(draw)})


def _row(draw: Draw, accounts: Sequence[_Account], number: int) -> str:
    """One ad as a collector keeps it: lists as Python writes them, the long id rounded by a spreadsheet."""
    account = draw.pick(accounts)
    first = draw.pick(_TABLE_DAYS)
    bucket, low, high = draw.pick(_BUCKETS)
    figure = f"{draw.between(max(low, 1), high)}K" if high else bucket
    youngest = draw.chance(0.5)
    ages = {age: youngest or place > 0 for place, age in enumerate(_AGES)}
    cells = [
        str(1_752_000_000_000_000 + number * 7_654_321),
        account.name,
        str(first),
        str(first + draw.skewed(0, 30) * _DAY_OF_MILLISECONDS),
        bucket,
        account.name,
        str(account.business_id // 10_000 * 10_000),
        _REGIONS[account.country],
        "" if number % 13 == 6 else account.name,
        bucket,
        str([{"region": account.country, "impressions": figure}]),
        str([{"region": account.country, **ages}]),
        str([{"region": account.country, "female": True, "male": True, "unknown": True}]),
        "" if number % 20 == 9 else f"{draw.between(30, 39)}.{draw.between(0, 9)}M-{draw.between(40, 49)}.0M",
        "No",
        draw.pick(_INTERESTS),
    ]
    return ",".join(map(cell, cells))
