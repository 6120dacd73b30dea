"""Asks TikTok's Commercial Content API: ads, their details, advertisers, declared communications, numbers of ads.

Each unit is one country (or all) with one search term, or with the accounts that were named. The token lives in
memory alone. Details are asked for one ad at a time, after all pages: which ads there are is read from the kept
pages, so that a quota that ends the day costs nothing twice. A `search_id` lives for an unknown time: where it is
not taken any more, the unit begins again, once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pydantic_core

from adaudit.connectors.fetching import Connection, Fetched, Scope, State, lacking, number_in
from adaudit.errors import Because, SourceChanged, SourceLimited, SourceRefused, SourceUnavailable
from adaudit.evidence.manifest import Missing
from adaudit.http import BUSY, Again, Answer, Request, retry_after, usual

QUERY_FIELDS: Final = (
    *("ad.id", "ad.first_shown_date", "ad.last_shown_date", "ad.status", "ad.status_statement", "ad.videos"),
    *("ad.image_urls", "ad.reach", "advertiser.business_id", "advertiser.business_name", "advertiser.paid_for_by"),
)
CORE_FIELDS: Final = (*QUERY_FIELDS, "ad_group.targeting_info")
"""What `ad/detail/` has always given; the rest has changed over time."""
DETAIL_FIELDS: Final = (
    *CORE_FIELDS,
    *("ad.rejection_info", "ad.title", "ad.external_url", "ad.download_url", "ad.call_to_action"),
    *("ad.advertising_objective", "advertiser.follower_count", "advertiser.avatar_url", "advertiser.profile_url"),
    *("advertiser.country_code", "advertiser.tiktok_account"),
)
ADVERTISER_FIELDS: Final = ("business_id", "business_name", "country_code")
REPORT_FIELDS: Final = ("count_time_series_by_country",)
CONTENT_FIELDS: Final = ("id", "create_timestamp", "create_date", "label", "brand_names", "creator", "videos")
MOST: Final = 50
"""Records on a page, and characters of a search term."""
FIRST: Final = date(2022, 10, 2)
"""The first day that may be asked for."""
EMPTY_PAGES: Final = 3
"""Pages without ads, each promising more, after which no more are asked for."""
DETAIL: Final = "detail"
"""The name of the limit on calls for details."""
STOPS: Final = frozenset({"scope_not_authorized", "scope_permission_missed"})


class InvalidParams(SourceChanged):
    """The source does not take the parameters."""


class TokenRefused(SourceRefused):
    """The source does not take the token."""

    because: Because = "credential"


@dataclass(frozen=True)
class Unit:
    """One walk: a path, its fields, and the body of every call."""

    path: str
    key: str
    fields: tuple[str, ...]
    body: dict[str, object]
    said: str
    pages_on: bool = True

    @property
    def odd_term(self) -> bool:
        """Whether it searches for letters that the source sometimes fails on: those beyond ASCII."""
        return not str(self.body.get("search_term", "")).isascii()


class Client:
    """Calls with a token that is got when it is first needed and renewed once for a call that it is refused for."""

    def __init__(self, to: Connection) -> None:
        self._to = to
        self._token = ""

    def call(self, path: str, fields: tuple[str, ...], body: dict[str, object]) -> tuple[Request, Answer, Any]:
        """The request, the answer and what it holds as `data`. Raises InvalidParams, and as Session.ask does."""
        url = f"{self._to.base}/v2/research/adlib/{path}/"
        asked = Request(url, "POST", params=(("fields", ",".join(fields)),), json=body)
        fresh = not self._token
        try:
            return self._once(asked)
        except TokenRefused:
            if fresh:
                raise
            self._token = ""
            return self._once(asked)

    def _once(self, asked: Request) -> tuple[Request, Answer, Any]:
        self._token = self._token or self._new_token()
        request = replace(asked, headers={"Authorization": f"Bearer {self._token}"})
        answer, body = self._to.session.ask_json(request, _judge)
        return request, answer, body["data"]

    def _new_token(self) -> str:
        secrets = self._to.secrets
        form = {"client_key": secrets["key"], "client_secret": secrets["secret"], "grant_type": "client_credentials"}
        request = Request(f"{self._to.base}/v2/oauth/token/", "POST", form=form)
        return str(self._to.session.ask_json(request, _judge_token)[1]["access_token"])


def fetch(scope: Scope, to: Connection, state: State) -> Iterator[Fetched | Missing]:
    """Walk through every unit from the state on; of `details`, then ask for each ad that the pages hold."""
    client, last = Client(to), _last(to, state)
    all_units, cannot = _units(scope, last)
    if not state:
        yield from cannot
    at = number_in(state, "unit")
    for number in range(at, len(all_units)):
        yield from _walk(client, all_units[number], number, last, state if number == at else {})
    if scope.what == "details":
        then = {"unit": len(all_units), "last": last.isoformat()}
        yield from _details(client, scope, to, then, _done(state), core=bool(state.get("core")))


def left(scope: Scope, to: Connection, state: State) -> list[str]:
    """The units that were not walked to their end, and how many ads were not asked for by themselves."""
    all_units, _ = _units(scope, _last(to, state))
    found = [one.said for one in all_units[number_in(state, "unit") :]]
    if scope.what != "details":
        return found
    return [*found, "details of their ads" if found else f"details of {len(_wanted(scope, to)) - _done(state):,} ads"]


def _last(to: Connection, state: State) -> date:
    """The last day that may be asked for: of a pull that goes on, the day before it began."""
    return date.fromisoformat(str(state["last"])) if "last" in state else to.day() - timedelta(days=1)


def _units(scope: Scope, last: date) -> tuple[list[Unit], list[Missing]]:
    """The walks that a scope takes, and what of it cannot be asked for."""
    terms, cannot = _terms(scope)
    if scope.what == "advertisers":
        return [_of_advertisers(one) for one in terms], cannot
    if scope.since is None:  # ids alone were named
        narrowed = bool(scope.countries or scope.pages or scope.terms or scope.until)
        beside = Missing(what="ads beside those named by id", why="they need --since", by="asker")
        return [], [beside] if narrowed else []
    days, outside = _days(scope, last)
    countries = ("",) if "ALL" in scope.countries else scope.countries or ("",)
    if not days:
        return [], outside
    if scope.what == "communications":
        return [_of_communications(country, scope.pages, days) for country in countries], outside
    accounts, odd = _accounts(scope)
    cannot += outside + odd
    if scope.what == "report":
        return [_of_report(country, days, accounts) for country in countries if accounts or not odd], cannot
    of_accounts = accounts or not (scope.pages or terms or cannot)
    found = [_of_ads(country, days, accounts, "") for country in countries] if of_accounts else []
    return found + [_of_ads(country, days, [], term) for country in countries for term in terms], cannot


def _terms(scope: Scope) -> tuple[list[str], list[Missing]]:
    """The terms that may be searched for, and those that are too long."""
    long = [one for one in scope.terms if len(one) > MOST]
    cannot = [Missing(what=f"term {one!r}", why=f"longer than {MOST} characters", by="asker") for one in long]
    return [one for one in scope.terms if one not in long], cannot


def _accounts(scope: Scope) -> tuple[list[int], list[Missing]]:
    """The accounts that were named, and what is no business id."""
    odd = [one for one in scope.pages if not _is_number(one)]
    why = "a business id is a number: look it up with --what advertisers"
    return [int(one) for one in scope.pages if one not in odd], [
        Missing(what=f"account {one!r}", why=why, by="asker") for one in odd
    ]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _days(scope: Scope, last: date) -> tuple[dict[str, str], list[Missing]]:
    """The range that may be asked for, empty where nothing of it may, and what falls outside."""
    assert scope.since is not None  # noqa: S101 - source.toml says that it is needed
    since, until = max(scope.since, FIRST), min(scope.until or last, last)
    cannot = []
    if scope.since < FIRST:
        why = "the library holds no ad published before"
        cannot.append(Missing(what=f"days before {FIRST}", why=why, by="asker"))
    if scope.until and scope.until > last:
        why = "the library answers for the days before today alone"
        cannot.append(Missing(what=f"days after {last}", why=why, by="asker"))
    if since > until:
        return {}, cannot
    return {"min": f"{since:%Y%m%d}", "max": f"{until:%Y%m%d}"}, cannot


def _of_ads(country: str, days: dict[str, str], accounts: list[int], term: str) -> Unit:
    filters: dict[str, object] = {"ad_published_date_range": days, "country_code": country or "ALL"}
    body: dict[str, object] = {"filters": filters, "max_count": MOST}
    if accounts:
        filters["advertiser_business_ids"] = accounts
    if term:
        body["search_term"] = term
    whose = f"term {term!r}" if term else f"accounts {', '.join(map(str, accounts))}" if accounts else "all accounts"
    return Unit("ad/query", "ads", QUERY_FIELDS, body, f"ads of {whose}, {_where(country, days)}")


def _of_report(country: str, days: dict[str, str], accounts: list[int]) -> Unit:
    one = _of_ads(country, days, accounts, "")
    body = {"filters": one.body["filters"]}
    said = f"numbers of {one.said}"
    return Unit("ad/report", "count_time_series_by_country", REPORT_FIELDS, body, said, pages_on=False)


def _of_advertisers(term: str) -> Unit:
    body: dict[str, object] = {"search_term": term, "max_count": MOST}
    said = f"advertisers of term {term!r}"
    return Unit("advertiser/query", "advertisers", ADVERTISER_FIELDS, body, said, pages_on=False)


def _of_communications(country: str, creators: tuple[str, ...], days: dict[str, str]) -> Unit:
    filters: dict[str, object] = {"content_published_date_range": days}
    if country:
        filters["creator_country_code"] = country
    if creators:
        filters["creator_usernames"] = list(creators)
    body: dict[str, object] = {"filters": filters, "max_count": MOST}
    said = f"communications declared by {', '.join(creators) or 'all creators'}, {_where(country, days)}"
    return Unit("commercial_content/query", "commercial_contents", CONTENT_FIELDS, body, said)


def _where(country: str, days: dict[str, str]) -> str:
    return f"{country or 'all countries'}, {days['min']} to {days['max']}"


@dataclass
class Place:
    """Where a walk stands: the `search_id`, the empty pages in a row, and whether the unit began again."""

    search_id: str = ""
    empty: int = 0
    again: bool = False

    @classmethod
    def of(cls, state: State) -> "Place":
        """The place that a state tells."""
        return cls(str(state.get("search_id", "")), number_in(state, "empty"), bool(state.get("again")))


def _walk(client: Client, unit: Unit, number: int, last: date, state: State) -> Iterator[Fetched | Missing]:
    """The pages of one unit. What ends it before its end is Missing."""
    place, seen = Place.of(state), set[frozenset[str]]()
    while True:
        body = unit.body | ({"search_id": place.search_id} if place.search_id else {})
        try:
            request, answer, data = client.call(unit.path, unit.fields, body)
        except InvalidParams as error:
            if not place.search_id or place.again:
                yield Missing(what=f"the rest of {unit.said}" if place.search_id else unit.said, why=str(error))
                return
            place, seen = Place(again=True), set()
            continue
        except SourceUnavailable as error:
            if not unit.odd_term:
                raise
            yield Missing(what=unit.said, why=f"letters beyond ASCII often fail here: {error}")
            return
        rows = data.get(unit.key) or []
        why = _stopped(unit, data, rows, place, seen)
        ended = bool(why) or not (unit.pages_on and _more(data))
        place = Place(str(data.get("search_id") or ""), 0 if rows else place.empty + 1, place.again)
        then: dict[str, object] = {"unit": number + 1, "last": last.isoformat()}
        if not ended:
            then |= {"unit": number, "search_id": place.search_id, "empty": place.empty, "again": place.again}
        if why:  # said before the page, whose state is that nothing is left of the unit
            yield Missing(what=f"the rest of {unit.said}", why=why, by="source" if unit.pages_on else "")
        yield Fetched(request, answer, then, rows=len(rows))
        if ended:
            return


def _stopped(unit: Unit, data: dict[str, Any], rows: Any, place: Place, seen: set[frozenset[str]]) -> str:  # noqa: ANN401
    """Why no more can be asked for though there is more; empty where there is none or it can."""
    if not unit.pages_on:
        capped = unit.path == "advertiser/query" and len(rows) >= MOST
        return f"at most {MOST} are given for a term, and there is no way to more" if capped else ""
    if not _more(data):
        return ""
    if not data.get("search_id"):
        return "more was promised without a way to it (no search_id)"
    if not rows:
        return f"{EMPTY_PAGES} pages in a row held nothing and promised more" if place.empty + 1 >= EMPTY_PAGES else ""
    ids = frozenset(map(_id, rows))
    if ids in seen:
        return "the same page came back"
    seen.add(ids)
    return ""


def _more(data: dict[str, Any]) -> bool:
    """`has_more`: true, or the word."""
    return str(data.get("has_more", "")).lower() == "true"


def _id(row: Any) -> str:  # noqa: ANN401 - a row as it came
    found = row.get("ad", row) if isinstance(row, dict) else row
    return str(found.get("id") if isinstance(found, dict) else found)


def _details(
    client: Client, scope: Scope, to: Connection, then: State, done: int, *, core: bool
) -> Iterator[Fetched | Missing]:
    """The details of every ad that was named or that the kept pages hold, each once, from the one after `done` on."""
    wanted = _wanted(scope, to)
    for number in range(done, len(wanted)):
        identity = wanted[number]
        if not _is_number(identity):
            yield Missing(what=f"details of ad {identity}", why="the id of an ad is a number", by="asker")
            continue
        try:
            request, answer, core = _detail(client, to, int(identity), core=core)
        except InvalidParams as error:
            yield Missing(what=f"details of ad {identity}", why=str(error))
            continue
        yield Fetched(request, answer, {**then, "detail": number + 1, "core": core}, rows=1)


def _detail(client: Client, to: Connection, identity: int, *, core: bool) -> tuple[Request, Answer, bool]:
    """The details of one ad, and whether the core fields alone were taken. Raises InvalidParams."""
    to.pace(DETAIL)
    try:
        request, answer, _ = client.call("ad/detail", CORE_FIELDS if core else DETAIL_FIELDS, {"ad_id": identity})
    except InvalidParams:
        if core:
            raise
        return _detail(client, to, identity, core=True)
    return request, answer, core


def _done(state: State) -> int:
    """How many ads were asked for by themselves already."""
    return number_in(state, "detail")


def _wanted(scope: Scope, to: Connection) -> list[str]:
    """The ids that were named and those of the ads that the kept pages hold, each once, in their order."""
    found = dict.fromkeys(scope.ids)
    for page in to.kept():
        data = pydantic_core.from_json(page).get("data", {})
        found.update((_id(row), None) for row in data.get("ads") or [])
    return list(found)


def _judge(answer: Answer, body: dict[str, Any]) -> None:
    """By the code of the error, which is there on success too."""
    error = body.get("error")
    if not isinstance(error, dict) or "code" not in error:
        usual(answer)
        raise lacking("error.code", body)
    code, said = str(error["code"]), f"{error['code']}: {error.get('message', '')}"
    if code == "ok":
        if not isinstance(body.get("data"), dict):
            raise Again("expected `data`; found none")
        return
    if code == "access_token_invalid":
        raise TokenRefused(f"{said} (check the client's key and secret, then go on with --resume)")
    if code in STOPS:
        said = f"{said} (the client has not been approved for research.adlib.basic)"
        raise SourceRefused(said, because="credential")
    if code == "invalid_params":
        raise InvalidParams(said)
    if code == "daily_quota_limit_exceeded":
        raise SourceLimited(f"{said}; the quota is new at 00:00 UTC: go on with --resume then", _to_midnight(answer.at))
    if code != "rate_limit_exceeded" and answer.status not in BUSY:
        usual(answer)
    limited = code == "rate_limit_exceeded" or answer.status == 429
    raise Again(said, wait=retry_after(answer.headers, answer.at), limited=limited)


def _to_midnight(now: datetime) -> float:
    """The seconds until 00:00 UTC."""
    tomorrow = (now.astimezone(UTC) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return (tomorrow - now).total_seconds()


def _judge_token(answer: Answer, body: dict[str, Any]) -> None:
    """The answer of the token's address, which has an envelope of its own."""
    if body.get("access_token"):
        return
    if answer.status == 429 or answer.status >= 500:
        usual(answer)
    said = f"{body.get('error', f'HTTP {answer.status}')}: {body.get('error_description', 'no token')}"
    raise SourceRefused(f"no token was given ({said}); check the client's key and secret", because="credential")
