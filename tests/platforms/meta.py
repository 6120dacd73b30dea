"""Meta's `ads_archive`: contract in sections 2 to 7 of the reference page on Meta.

Three quarters of the archive are ads of candidates in Malta, labelled or not; the rest have the fields for the Union.
What the contract leaves open is not to be relied on: without `fields` only the id is given, `limit` is capped at 5000,
a cursor is bound to its query (whatever `fields` and `limit`), and messages of errors are the server's own, but for
the one that asks for less data. Filters on what the sample's ads do not tell (languages, media, platforms, regions,
audience size) are accepted and find everything.
"""

import contextlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple
from urllib.parse import urlencode

from adaudit.sample import meta_archive, meta_eu_fields
from adaudit.sample.draw import LETTERS, access_token, draw_for

from .exchange import Answer, Asked, joined, json_answer
from .faults import Striking
from .listing import Listing, page
from .platform import NO_CURSOR, Platform, cursor, place_of, whole_number

PATH = re.compile(r"/v\d+\.\d+/ads_archive/?")
ARCHIVE_ADS, EU_ADS = 700, 230
ARCHIVE_COUNTRY = "MT"
USUAL_LIMIT, LARGEST_LIMIT = 25, 5000
MOST_PAGES_OF_SEARCH = 10
_FIELD_NAMES = (
    "id ad_creation_time ad_delivery_start_time ad_delivery_stop_time ad_creative_bodies ad_creative_link_captions "
    "ad_creative_link_descriptions ad_creative_link_titles ad_snapshot_url languages page_id page_name "
    "publisher_platforms bylines currency spend impressions estimated_audience_size delivery_by_region "
    "demographic_distribution eu_total_reach age_country_gender_reach_breakdown total_reach_by_location "
    "br_total_reach beneficiary_payers target_ages target_gender target_locations"
)
FIELDS = frozenset(_FIELD_NAMES.split())
_AD_TYPE_NAMES = "ALL POLITICAL_AND_ISSUE_ADS EMPLOYMENT_ADS HOUSING_ADS FINANCIAL_PRODUCTS_AND_SERVICES_ADS CREDIT_ADS"
AD_TYPES = frozenset(_AD_TYPE_NAMES.split())
STATES = frozenset({"ACTIVE", "INACTIVE", "ALL"})
SEARCH_TYPES = frozenset({"KEYWORD_UNORDERED", "KEYWORD_EXACT_PHRASE"})
TEXTS = ("ad_creative_bodies", "ad_creative_link_captions", "ad_creative_link_descriptions", "ad_creative_link_titles")
TOO_MUCH = "Please reduce the amount of data you're asking for, then retry your request"
USUAL_STATUS = {"1": 500, "2": 503}
TRANSIENT = frozenset({"1", "2"})
DAY = re.compile(r"\d{4}-\d\d-\d\d")
TOKEN_MARK = b"FICTIONAL-TOKEN-OF-THE-CALLER"


class _Facts(NamedTuple):
    """What the parameters of a query ask about one ad."""

    page_id: str
    countries: frozenset[str]
    start: str
    stop: str
    political: bool
    byline: str
    text: str


class Meta(Platform):
    """The archive of political and other ads, behind a user's token."""

    name = "meta"
    field = "page_name"
    codes: ClassVar[Mapping[str, str]] = {
        "expired": "190",
        "refused": "10",
        "throttled": "613",
        "quota": "4",
        "too_heavy": "1",
    }

    def __init__(self, seed: int, ads: int) -> None:
        super().__init__(seed, ads)
        self._facts: list[_Facts] = []
        self._ids: list[str] = []
        self._whole: list[bytes] = []
        for ad in _documents(seed, ads):
            self._facts.append(_facts(ad))
            self._ids.append(str(ad["id"]))
            self._whole.append(_text(ad))
        self._listings: dict[frozenset[str], Listing] = {}

    def answer(self, asked: Asked, struck: Striking) -> Answer:
        given = asked.parameters
        token = self.token_of(asked)
        if not PATH.fullmatch(asked.path) or asked.method != "GET":
            return self._used(self.error("100"), asked, struck)
        if not token.startswith("EAA") or token in self.expired:
            return self._used(self.error("190"), asked, struck)
        fields = frozenset(given.get("fields", "").replace(" ", "").split(",")) - {""}
        limit = whole_number(given.get("limit", ""), USUAL_LIMIT)
        query = {key: one for key, one in given.items() if key not in {"access_token", "after", "limit", "fields"}}
        start = place_of(urlencode(query), given["after"]) if given.get("after") else 0
        wrong = _wrong(given) or fields - FIELDS
        if wrong or not limit or start == NO_CURSOR:
            return self._used(self.error("100"), asked, struck)
        heaviest = struck.number("too_heavy", 50)
        if heaviest and limit > heaviest:
            return self._used(self.error(self.codes["too_heavy"]), asked, struck)
        key = urlencode(sorted(query.items()))
        chosen = self.found(key, len(self._ids), lambda place: _found(self._facts[place], query))
        cut = page(self._listing(fields), chosen, start, min(limit, LARGEST_LIMIT), struck, self.field)
        mark = token.encode()
        texts = [text.replace(TOKEN_MARK, mark) for text in cut.texts]
        paging = self._paging(asked, urlencode(query), cut.start, cut.following, bool(texts))
        return self._used(joined(b'{"data":[', texts, b"]" + paging + b"}"), asked, struck)

    def error(self, code: str, status: int | None = None, subcode: str = "") -> Answer:
        message = TOO_MUCH if code == "1" else f"(#{code}) as the loopback server words it"
        error: dict[str, object] = {"message": message, "type": "OAuthException", "code": int(code)}
        if code == "10" and not subcode:
            subcode = "2332002"
        if subcode:
            error["error_subcode"] = int(subcode)
        if code in TRANSIENT:
            error["is_transient"] = code == "2"
        error["fbtrace_id"] = "Afictionaltrace"
        return json_answer({"error": error}, status or USUAL_STATUS.get(code, 400))

    def identities(self, form: str = "") -> tuple[str, ...]:
        """The ads' ids; of `pages` the page ids; of `political` the ads that a political search brings."""
        if form == "pages":
            return tuple(sorted({one.page_id for one in self._facts}))
        political = form == "political"
        found = zip(self._ids, self._facts, strict=True)
        return tuple(sorted({one for one, facts in found if facts.political or not political}))

    def canary(self) -> str:
        return Listing(self._ids, self._whole).canary

    def token(self, number: int = 1) -> str:
        """A user's token; the first is the one that the sample's pages hold."""
        if number == 1:
            return access_token(self.seed)
        return f"EAAB{draw_for(self.seed, f'meta token {number}').text_of(LETTERS, 40)}"

    def token_of(self, asked: Asked) -> str:
        return asked.bearer or asked.parameters.get("access_token", "")

    def _listing(self, fields: frozenset[str]) -> Listing:
        """The ads with these fields and no others; the id always comes."""
        asked = fields | {"id"}
        if asked not in self._listings:
            self._listings[asked] = Listing(self._ids, _Projected(self._whole, asked))
        return self._listings[asked]

    def _paging(self, asked: Asked, query: str, start: int, following: int | None, has_ads: bool) -> bytes:
        """The envelope: cursors, and the next page's address with the caller's parameters and token."""
        if following is None:
            return b""
        after = cursor(query, following)
        own = {key: one for key, one in asked.parameters.items() if key not in {"access_token", "after"}}
        following_query = urlencode({**own, "access_token": self.token_of(asked), "after": after})
        cursors = {"after": after}
        if has_ads and start:
            cursors = {"before": cursor(query, start), **cursors}
        paging = {"cursors": cursors, "next": f"{asked.base}{asked.path}?{following_query}"}
        return b',"paging":' + _text(paging)

    def _used(self, answer: Answer, asked: Asked, struck: Striking) -> Answer:
        """The answer with the headers that tell how much of the allowance is used."""
        share = struck.number("usage", 95) or min(1 + asked.number // 100, 60)
        wait = 5 if share >= 100 else 0
        usage = {"call_count": share, "total_cputime": share // 2, "total_time": share // 2}
        business = {"240000000000001": [{**usage, "estimated_time_to_regain_access": wait}]}
        return answer.with_headers(x_app_usage=json.dumps(usage), x_business_use_case_usage=json.dumps(business))


class _Projected(Sequence[bytes]):
    """The ads' texts with some of their fields, each made when it is first asked for."""

    def __init__(self, whole: Sequence[bytes], fields: frozenset[str]) -> None:
        self._whole = whole
        self._fields = fields
        self._made: list[bytes | None] = [None] * len(whole)

    def __len__(self) -> int:
        return len(self._whole)

    def __getitem__(self, place: Any) -> Any:
        made = self._made[place]
        if made is None:
            document = json.loads(self._whole[place])
            made = _text({key: one for key, one in document.items() if key in self._fields})
            self._made[place] = made
        return made


def _documents(seed: int, ads: int) -> Iterator[dict[str, Any]]:
    """Ads of candidates, then those with the fields for the Union; each id once, pages made one after the other."""
    seen: set[str] = set()
    for_the_union = ads // 4
    of_candidates = (ads - for_the_union, meta_archive.files, ARCHIVE_ADS)
    for number, files, size in (of_candidates, (for_the_union, meta_eu_fields.files, EU_ADS)):
        made = files(seed, number / size) if number else iter(())
        for content in (one for name, one in made if name != meta_archive.ARRAY_FILE):
            for ad in json.loads(content)["data"]:
                if ad["id"] not in seen:
                    seen.add(ad["id"])
                    ad["ad_snapshot_url"] = meta_archive.snapshot_url(str(ad["id"]), TOKEN_MARK.decode())
                    yield ad


def _facts(ad: dict[str, Any]) -> _Facts:
    reached = frozenset(part["country"] for part in ad.get("age_country_gender_reach_breakdown", ()))
    texts = [text for key in TEXTS for text in ad.get(key, ())]
    return _Facts(
        page_id=str(ad["page_id"]),
        countries=reached or frozenset({ARCHIVE_COUNTRY}),
        start=str(ad.get("ad_delivery_start_time") or ad.get("ad_creation_time", ""))[:10],
        stop=str(ad.get("ad_delivery_stop_time", "9999-12-31"))[:10],
        political="bylines" in ad or "spend" in ad,
        byline=str(ad.get("bylines", "")),
        text=" ".join([*texts, str(ad["page_name"])]).casefold(),
    )


def _wrong(given: dict[str, str]) -> str:
    """What is wrong with the parameters, or nothing."""
    if not _listed(given.get("ad_reached_countries", "")):
        return "ad_reached_countries"
    if not given.get("search_terms") and not _listed(given.get("search_page_ids", "")):
        return "search_terms"
    if (
        len(given.get("search_terms", "")) > 100
        or len(_listed(given.get("search_page_ids", ""))) > MOST_PAGES_OF_SEARCH
    ):
        return "search_page_ids"
    for key, allowed in (("ad_type", AD_TYPES), ("ad_active_status", STATES), ("search_type", SEARCH_TYPES)):
        if given.get(key) and given[key] not in allowed:
            return key
    days = (given.get(key, "") for key in ("ad_delivery_date_min", "ad_delivery_date_max"))
    return "" if all(not day or DAY.fullmatch(day) for day in days) else "ad_delivery_date"


def _listed(text: str) -> list[str]:
    """The values of a list parameter: a JSON array, one with single quotes, or a bare comma list."""
    if text.startswith("["):
        with contextlib.suppress(ValueError):
            return [str(one) for one in json.loads(text)]
    return [one.strip().strip("\"'") for one in text.strip("[] ").split(",") if one.strip().strip("\"'")]


def _found(ad: _Facts, query: dict[str, str]) -> bool:
    """Whether the query finds the ad; by default only ads that still run."""
    countries, page_ids = _listed(query["ad_reached_countries"]), _listed(query.get("search_page_ids", ""))
    bylines = _listed(query.get("bylines", ""))
    running = ad.stop == "9999-12-31"
    state = query.get("ad_active_status") or "ACTIVE"
    kind = query.get("ad_type") or "ALL"
    return (
        ("ALL" in countries or not ad.countries.isdisjoint(countries))
        and (not page_ids or ad.page_id in page_ids)
        and (not bylines or ad.byline in bylines)
        and (state == "ALL" or running == (state == "ACTIVE"))
        and (kind == "ALL" or (kind == "POLITICAL_AND_ISSUE_ADS" and ad.political))
        and (not query.get("ad_delivery_date_min") or ad.stop >= query["ad_delivery_date_min"])
        and (not query.get("ad_delivery_date_max") or ad.start <= query["ad_delivery_date_max"])
        and _said(ad.text, query.get("search_terms", ""), query.get("search_type", ""))
    )


def _said(text: str, terms: str, search_type: str) -> bool:
    """Whether the ad's text answers the terms: all words, or one of the exact phrases; `*` is everything."""
    if terms in {"", "*"}:
        return True
    if search_type == "KEYWORD_EXACT_PHRASE":
        return any(one.strip().casefold() in text for one in terms.split(",") if one.strip())
    return all(one in text for one in terms.casefold().split())


def _text(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
