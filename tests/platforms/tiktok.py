"""TikTok's Commercial Content API: contract in sections 2 to 5 of the reference page on TikTok.

What the contract leaves open: the error of a wrong client, that a `search_id` of another query is refused, and that
an unknown `ad_id` is `invalid_params`. A search term is looked for in the names of advertiser and payer; a size range
must have its form and finds everything.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from adaudit.sample import tiktok
from adaudit.sample.draw import LETTERS, draw_for

from .exchange import Answer, Asked, joined, json_answer
from .faults import Striking
from .listing import Listing, page
from .platform import NO_CURSOR, Platform, cursor, place_of

BASE = "/v2/research/adlib"
TOKEN_PATH = "/v2/oauth/token/"  # noqa: S105 - an address
ADS_OF_SAMPLE, CONTENTS_PER_AD = 300, 10
QUERY_FIELDS = frozenset(
    {"ad.id", "ad.first_shown_date", "ad.last_shown_date", "ad.status", "ad.status_statement", "ad.videos"}
    | {"ad.image_urls", "ad.reach", "advertiser.business_id", "advertiser.business_name", "advertiser.paid_for_by"}
)
DETAIL_FIELDS = (
    QUERY_FIELDS
    | {"ad.rejection_info", "ad.title", "ad.external_url", "ad.download_url", "ad.call_to_action"}
    | {"ad.advertising_objective", "ad_group.targeting_info", "advertiser.follower_count", "advertiser.avatar_url"}
    | {"advertiser.profile_url", "advertiser.country_code", "advertiser.tiktok_account"}
)
CONTENT_FIELDS = frozenset({"id", "create_timestamp", "create_date", "label", "brand_names", "creator", "videos"})
FIELDS = {
    "ad/query": QUERY_FIELDS,
    "ad/detail": DETAIL_FIELDS,
    "advertiser/query": frozenset({"business_id", "business_name", "country_code"}),
    "ad/report": frozenset({"count_time_series_by_country"}),
    "commercial_content/query": CONTENT_FIELDS,
}
USUAL_COUNT, LARGEST_COUNT = 10, 50
LONGEST_TERM = 50
DAY = re.compile(r"\d{8}")
SIZE = re.compile(r"\d{1,3}[KMB]")
FIRST_DAY = "20221001"
SEARCH_TYPES = frozenset({"exact_phrase", "fuzzy_phrase"})
USUAL_STATUS = {
    "access_token_invalid": 401,
    "scope_not_authorized": 401,
    "scope_permission_missed": 401,
    "invalid_params": 400,
    "rate_limit_exceeded": 429,
    "daily_quota_limit_exceeded": 429,
}


class TikTok(Platform):
    """Ads and commercial communications behind a client's token that lasts two hours."""

    name = "tiktok"
    field = "advertiser.business_name"
    codes: ClassVar[Mapping[str, str]] = {
        "expired": "access_token_invalid",
        "refused": "scope_not_authorized",
        "throttled": "rate_limit_exceeded",
        "quota": "daily_quota_limit_exceeded",
    }

    def __init__(self, seed: int, ads: int) -> None:
        super().__init__(seed, ads)
        made = dict(tiktok.files(seed, ads / ADS_OF_SAMPLE))
        self._ads = _ads(made)
        self._ids = [str(one["ad"]["id"]) for one in self._ads]
        self._place = {identity: place for place, identity in enumerate(self._ids)}
        self._contents = _content(made, "commercial_content_query")["commercial_contents"]
        self._advertisers = _content(made, "advertiser_query")["advertisers"]
        self._report = _content(made, "ad_report")
        self._listings: dict[tuple[str, frozenset[str]], Listing] = {}
        self._issued = 0

    def answer(self, asked: Asked, struck: Striking) -> Answer:
        if asked.path == TOKEN_PATH and asked.method == "POST":
            return self._token_answer(asked)
        call = asked.path.removeprefix(f"{BASE}/").strip("/")
        fields = frozenset(asked.parameters.get("fields", "").replace(" ", "").split(","))
        body = asked.document
        refused = self._refused(asked, call)
        if refused or body is None or not fields <= FIELDS[call]:
            return refused or self.error("invalid_params")
        if call == "ad/detail":
            return self._detail(body, fields)
        if call == "advertiser/query":
            return self._advertisers_found(body, fields)
        return self._success(self._report) if call == "ad/report" else self._query(call, body, fields, struck)

    def _refused(self, asked: Asked, call: str) -> Answer | None:
        """The answer to a call that does not exist, or one without a valid token."""
        if call not in FIELDS or not asked.path.startswith(BASE) or asked.method != "POST":
            return self.error("invalid_params", 404)
        if not asked.bearer.startswith("clt.") or asked.bearer in self.expired:
            return self.error("access_token_invalid")
        return None

    def error(self, code: str, status: int | None = None, subcode: str = "") -> Answer:
        known = USUAL_STATUS.get(code, 500)
        error = {"code": code, "message": subcode or code, "log_id": "2026FICTIONAL", "http_status_code": known}
        return json_answer({"data": {}, "error": error}, status or known)

    def identities(self, form: str = "") -> tuple[str, ...]:
        """The ads' ids; of `commercial_communications` theirs, of `advertisers` the business ids."""
        if form == "commercial_communications":
            return tuple(sorted(str(one["id"]) for one in self._contents))
        if form == "advertisers":
            return tuple(sorted(str(one["business_id"]) for one in self._advertisers))
        return tuple(sorted(self._ids))

    def canary(self) -> str:
        return Listing(self._ids, ()).canary

    def token(self, number: int = 1) -> str:
        return f"clt.{draw_for(self.seed, f'tiktok token {number}').text_of(LETTERS, 40)}"

    def credentials(self) -> dict[str, str]:
        """The key and secret of the client that may have tokens."""
        draw = draw_for(self.seed, "tiktok client")
        return {"client_key": draw.text_of(LETTERS, 18), "client_secret": draw.text_of(LETTERS, 32)}

    def _token_answer(self, asked: Asked) -> Answer:
        form = asked.form
        mistaken = {"error_description": "as the loopback server words it", "log_id": "2026FICTIONAL"}
        if form.get("grant_type") != "client_credentials":
            return json_answer({"error": "invalid_request", **mistaken}, 400)
        if {key: form.get(key) for key in self.credentials()} != self.credentials():
            return json_answer({"error": "invalid_client", **mistaken}, 401)
        self._issued += 1
        token = self.token(1000 + self._issued)
        return json_answer({"access_token": token, "expires_in": 7200, "token_type": "Bearer"})

    def _success(self, data: object) -> Answer:
        error = {"code": "ok", "message": "", "log_id": "2026FICTIONAL", "http_status_code": 200}
        return json_answer({"data": data, "error": error})

    def _query(self, call: str, body: dict[str, Any], fields: frozenset[str], struck: Striking) -> Answer:
        """One page of ads or of commercial communications."""
        of_ads = call == "ad/query"
        query = json.dumps({key: one for key, one in body.items() if key not in {"search_id", "max_count"}})
        given, count = body.get("search_id", ""), body.get("max_count", USUAL_COUNT)
        start = place_of(query, str(given)) if given else 0
        wrong = _wrong(body) if of_ads else _wrong_range(_filters(body).get("content_published_date_range", {}))
        if wrong or start == NO_CURSOR or not isinstance(count, int) or not 0 < count <= LARGEST_COUNT:
            return self.error("invalid_params")
        matches = _found if of_ads else _made_by
        rows = self._ads if of_ads else self._contents
        chosen = self.found(f"{call} {query}", len(rows), lambda place: matches(rows[place], body))
        usual_field = self.field if of_ads else "label"
        cut = page(self._listing(call, fields), chosen, start, count, struck, usual_field)
        more = cut.following is not None
        paging: dict[str, object] = {"has_more": more if of_ads else str(more).lower()}
        if cut.following is not None:
            paging["search_id"] = cursor(query, cut.following)
        key = b"ads" if of_ads else b"commercial_contents"
        ending = json.dumps(paging).encode()[1:-1]
        ok = b'"error":{"code":"ok","message":"","log_id":"2026FICTIONAL","http_status_code":200}'
        return joined(b'{"data":{"' + key + b'":[', cut.texts, b"]," + ending + b"}," + ok + b"}")

    def _listing(self, call: str, fields: frozenset[str]) -> Listing:
        """The rows with these fields and no others."""
        if (call, fields) not in self._listings:
            rows = self._ads if call == "ad/query" else self._contents
            ids = self._ids if call == "ad/query" else [str(one["id"]) for one in rows]
            self._listings[call, fields] = Listing(ids, [_text(_projected(row, fields)) for row in rows])
        return self._listings[call, fields]

    def _detail(self, body: dict[str, Any], fields: frozenset[str]) -> Answer:
        identity = body.get("ad_id")
        if not isinstance(identity, int) or str(identity) not in self._place:
            return self.error("invalid_params")
        return self._success(_projected(self._ads[self._place[str(identity)]], fields))

    def _advertisers_found(self, body: dict[str, Any], fields: frozenset[str]) -> Answer:
        term, count = body.get("search_term"), body.get("max_count", USUAL_COUNT)
        if not isinstance(term, str) or not 0 < len(term) <= LONGEST_TERM or not 0 < count <= LARGEST_COUNT:
            return self.error("invalid_params")
        found = [one for one in self._advertisers if term.casefold() in one["business_name"].casefold()]
        return self._success({"advertisers": [_projected(one, fields) for one in found[:count]]})


def _content(made: Mapping[str, bytes], name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(made[f"{tiktok.FOLDER}/{name}.json"])["data"]
    return data


def _ads(made: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """Every ad as its details show it: what the sample's pages leave out comes from its single answers."""
    ads = [row for name, page in made.items() if "/ad_query_page-" in name for row in json.loads(page)["data"]["ads"]]
    details = [json.loads(answer)["data"] for name, answer in made.items() if "/ad_detail_" in name]
    for place, ad in enumerate(ads):
        detail = details[place % len(details)]
        country = ad["advertiser"]["country_code"]
        if "ad_group" not in ad:
            ad["ad_group"] = {"targeting_info": {**detail["ad_group"]["targeting_info"], "country": [country]}}
        ad["advertiser"]["tiktok_account"] = detail["advertiser"]["tiktok_account"]
    return ads


def _filters(body: Mapping[str, Any]) -> dict[str, Any]:
    found = body.get("filters", {})
    return found if isinstance(found, dict) else {}


def _wrong_range(days: object) -> bool:
    """Whether a range of days is not one: both ends as YYYYMMDD, the last before today."""
    if days == {}:
        return False
    if not isinstance(days, dict):
        return True
    ends = [str(days.get(key, "")) for key in ("min", "max")]
    return not all(map(DAY.fullmatch, ends)) or ends[0] > ends[1] or ends[1] >= f"{datetime.now(UTC):%Y%m%d}"


def _wrong(body: Mapping[str, Any]) -> bool:
    """Whether a query for ads breaks the contract: the range of days is required, names are those of the contract."""
    filters = _filters(body)
    days = filters.get("ad_published_date_range")
    sizes = filters.get("unique_users_seen_size_range", {})
    known = {"ad_published_date_range", "country_code", "advertiser_business_ids", "unique_users_seen_size_range"}
    return (
        not isinstance(days, dict)
        or not days
        or _wrong_range(days)
        or str(days["min"]) <= FIRST_DAY
        or not set(filters) <= known
        or not isinstance(sizes, dict)
        or not all(SIZE.fullmatch(str(one)) for one in sizes.values())
        or len(str(body.get("search_term", ""))) > LONGEST_TERM
        or body.get("search_type", "exact_phrase") not in SEARCH_TYPES
    )


def _found(row: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    """Whether a query finds the ad."""
    filters, ad, advertiser = _filters(body), row["ad"], row["advertiser"]
    days, country = filters["ad_published_date_range"], filters.get("country_code", "ALL")
    first = str(ad.get("first_shown_date") or ad["last_shown_date"])
    term = str(body.get("search_term", "")).casefold()
    accounts = () if term else filters.get("advertiser_business_ids", ())
    names = f"{advertiser['business_name']} {advertiser.get('paid_for_by', '')}".casefold()
    return (
        str(days["min"]) <= first <= str(days["max"])
        and country in {"ALL", advertiser["country_code"]}
        and (not accounts or advertiser["business_id"] in accounts)
        and term in names
    )


def _made_by(row: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    """Whether a query finds the commercial communication."""
    filters = _filters(body)
    days, users = filters.get("content_published_date_range"), filters.get("creator_usernames", ())
    return (not days or str(days["min"]) <= row["create_date"] <= str(days["max"])) and (
        not users or row["creator"]["username"] in users
    )


def _projected(row: Mapping[str, Any], fields: frozenset[str]) -> dict[str, Any]:
    """The row with the fields asked for, dotted where they stand in an object."""
    if not any("." in field for field in fields):
        return {key: one for key, one in row.items() if key in fields}
    return {
        outer: {key: one for key, one in inner.items() if f"{outer}.{key}" in fields}
        for outer, inner in row.items()
        if any(field.startswith(f"{outer}.") for field in fields)
    }


def _text(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
