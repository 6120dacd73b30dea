"""Asks the Ad Library API for ads, 24 a page, and for each ad by itself: payer, dates and reach stand only there.

A list counts and shows no more than its first thousand: one that is longer is split by country, then by days.
What cannot be split any further is walked as far as the API lets, and the rest is told as missing. An ad that two
lists show is asked for after each, so that what is read last of it is always the ad in full.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict

from adaudit.connectors.fetching import Connection, Fetched, Scope, State, confirmed, fallen_short, lacking, whole
from adaudit.connectors.source import sources
from adaudit.errors import SourceChanged
from adaudit.evidence.manifest import Missing
from adaudit.http import Answer, Request, usual

API: Final = "/api/v1"
TOP: Final = 24
LAST_SKIP: Final = 999
CEILING: Final = 1000
"""Where `@odata.count` stops: as many or more."""
BEGINNING: Final = date(2023, 6, 1)
"""The library holds impressions since June 2023."""
DETAILS: Final = "?expand=AdDetails(expand=ImpressionsByCountry,Targets)"
NOT_THERE: Final = 404


class Window(BaseModel):
    """One list: of some of Microsoft's numbers of countries (none: of all), of some days (none: of all)."""

    model_config = ConfigDict(frozen=True)

    countries: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    def said(self) -> str:
        """The window in words."""
        codes = sources()["microsoft"].lookups["country_number"]
        where = ", ".join(codes[one] for one in self.countries) or "all countries"
        return where + (f", {self.since or 'the beginning'} to {self.until or 'today'}" if self.dated else "")

    @property
    def dated(self) -> bool:
        """Whether it is of some days only."""
        return self.since is not None or self.until is not None

    def halves(self, today: date) -> "list[Window]":
        """Narrower windows that together are this one: by country, then by days; none where it is one day."""
        if len(self.countries) != 1:
            every = self.countries or tuple(sources()["microsoft"].lookups["country_number"])
            return [self.model_copy(update={"countries": (one,)}) for one in every]
        since, until = self.since or BEGINNING, self.until or max(today, self.since or BEGINNING)
        if since >= until:
            return []
        middle = since + (until - since) // 2
        earlier = self.model_copy(update={"since": since, "until": middle})
        later = self.model_copy(update={"since": middle + timedelta(days=1), "until": until})
        return [earlier, later]


class Place(BaseModel):
    """How far a pull has come."""

    search: int = 0
    names: int | None = None
    """Of a search for an advertiser's name: how many advertisers to skip; None once all were read."""
    accounts: list[str] = []
    """Advertisers of the search whose ads are to be asked for, the present one first."""
    windows: list[Window] = []
    """Lists still to be asked for, the present one last."""
    skip: int = 0
    came: int = 0
    told: int | None = None
    ads: list[str] = []
    """Ads of the last page still to be asked for by themselves."""


class _NotThere(SourceChanged):
    """The ad is there no longer."""


Search = tuple[str, str]
"""How to search (`advertiser`, `name` or `words`) and for what."""


def searches(scope: Scope) -> list[Search]:
    """The searches that a scope takes."""
    named = [("advertiser" if one.isdigit() else "name", one) for one in scope.advertisers]
    return [*named, *(("words", one) for one in scope.terms)]


def fetch(scope: Scope, to: Connection, state: State) -> Iterator[Fetched | Missing]:
    """Walk through every search, from the state on."""
    at = Place.model_validate(state) if state else _begin(Place(), scope)
    if not state:
        yield from _outside(scope)
    while at.search < len(searches(scope)):
        if at.ads:
            yield from _one(at, to)
        elif at.names is not None:
            yield from _advertisers(at, scope, to)
        elif at.windows:
            yield from _list(at, scope, to)
        else:
            at = _next_account(at, scope)


def left(scope: Scope, to: Connection, state: State) -> list[str]:  # noqa: ARG001 - the interface of every source
    """The searches that were not walked to their end, and of the first of them the lists."""
    at = Place.model_validate(state)
    rest = [f"{how} {what!r}" for how, what in searches(scope)[at.search :]]
    lists = [f"{one.said()} of {rest[0]}" for one in at.windows] if rest else []
    return lists + rest[1:] if lists else rest


def _outside(scope: Scope) -> Iterator[Missing]:
    """Countries whose ads the library does not hold."""
    known = set(sources()["microsoft"].lookups["country_number"].values())
    for one in scope.countries:
        if one not in known:
            why = "Microsoft's library holds the European Economic Area alone"
            yield Missing(what=f"ads shown in {one}", why=why, by="asker")


def _begin(at: Place, scope: Scope) -> Place:
    """The beginning of the search that the place names."""
    if at.search >= len(searches(scope)):
        return at
    how, what = searches(scope)[at.search]
    if how == "name":
        return Place(search=at.search, names=0)
    return _lists(Place(search=at.search, accounts=[what] if how == "advertiser" else []), scope)


def _lists(at: Place, scope: Scope) -> Place:
    """The same place, with the lists of its present advertiser still to be asked for."""
    if scope.countries and not _whole(scope).countries:
        return at
    return at.model_copy(update={"windows": [_whole(scope)], "skip": 0, "came": 0, "told": None})


def _whole(scope: Scope) -> Window:
    """The one list that holds all that a search of the scope finds, where it is short enough."""
    numbers = sources()["microsoft"].lookups["country_number"]
    asked = tuple(number for number, code in numbers.items() if code in scope.countries)
    return Window(countries=asked, since=scope.since, until=scope.until)


def _next_account(at: Place, scope: Scope) -> Place:
    """The next advertiser of the search, or the next search."""
    rest = at.accounts[1:]
    if rest:
        return _lists(at.model_copy(update={"accounts": rest}), scope)
    return _begin(Place(search=at.search + 1), scope)


def _then(at: Place) -> dict[str, object]:
    return at.model_dump(mode="json", exclude_defaults=True) or {"search": 0}


def _request(path: str, to: Connection, **params: str) -> Request:
    """A request; what the API reads as a list stands in the address as it is documented."""
    headers = {
        name: to.secrets[secret]
        for name, secret in (("DeveloperToken", "developer_token"), ("AuthenticationToken", "token"))
        if secret in to.secrets
    }
    query = "&".join(f"{name}={quote(value, safe=',')}" for name, value in params.items() if value)
    return Request(f"{to.base}{API}/{path}{f'?{query}' if query else ''}", headers=headers)


def _advertisers(at: Place, scope: Scope, to: Connection) -> Iterator[Fetched | Missing]:
    """One page of the advertisers of a name."""
    name = searches(scope)[at.search][1]
    skip = at.names or 0
    answer, body = to.session.ask_json(
        request := _request("Advertisers", to, searchText=name, top=str(TOP), skip=str(skip)), _judge
    )
    rows = body["value"]
    at.accounts = list(
        dict.fromkeys([*at.accounts, *(one for row in rows if (one := str(row.get("AdvertiserId", ""))))])
    )
    done = len(rows) < TOP or skip + TOP > LAST_SKIP
    if done and rows and len(rows) == TOP:
        what = f"advertisers named {name!r} beyond the {skip + TOP:,}th"
        yield Missing(what=what, why="the API shows no more", by="source")
    at.names = None if done else skip + TOP
    if done and at.accounts:
        first = _lists(at, scope)
        at.windows, at.skip, at.came, at.told = first.windows, 0, 0, None
    yield Fetched(request, answer, _then(at), rows=0)


def _list(at: Place, scope: Scope, to: Connection) -> Iterator[Fetched | Missing]:
    """One page of the present list; where the list is too long, narrower ones take its place."""
    window, search = at.windows[-1], searches(scope)[at.search]
    asked = {"advertiserId": at.accounts[0]} if at.accounts else {"searchText": search[1]}
    request = _request(
        "Ads",
        to,
        **asked,
        startDate=str(window.since or ""),
        endDate=str(window.until or ""),
        countryCodes=",".join(window.countries),
        top=str(TOP),
        skip=str(at.skip),
    )
    answer, body = _page(request, to, at.skip)
    count, rows = _count(body), body["value"]
    narrower = window.halves(to.day()) if not at.skip and (count or 0) >= CEILING else []
    if narrower:
        at.windows = [*at.windows[:-1], *reversed(narrower)]
        yield Fetched(request, answer, _then(at), rows=0)
        return
    at.came += len(rows)
    at.told = count if at.told is None or count is None else max(at.told, count)
    at.ads = [str(row["AdId"]) for row in rows if isinstance(row, dict) and row.get("AdId") is not None]
    alone = at.told if len(searches(scope)) == 1 and search[0] != "name" and window == _whole(scope) else None
    yield from _end(at, len(rows), count, f"{search[0]} {search[1]!r}, {window.said()}")
    yield Fetched(request, answer, _then(at), rows=len(rows), told=alone)


def _end(at: Place, rows: int, count: int | None, what: str) -> Iterator[Missing]:
    """Move on to the next page of the list, or past its end, saying what it did not show."""
    following, full = at.skip + TOP, (count or 0) >= CEILING
    done = not rows or (rows < TOP if count is None else not full and following >= count)
    if not done and following > LAST_SKIP:
        following, done = LAST_SKIP, at.skip == LAST_SKIP
    if done and full:
        why = "the API shows no more than its first thousand, and a list of one country and one day cannot be split"
        yield Missing(what=f"what lies beyond the {at.skip + rows:,}th ad of {what}", why=why, by="source")
    elif done:
        yield from fallen_short(what, at.came, at.told)
    at.skip = following
    if done:
        at.windows, at.skip, at.came, at.told = at.windows[:-1], 0, 0, None


def _one(at: Place, to: Connection) -> Iterator[Fetched | Missing]:
    """The first of the ads that are still to be asked for by themselves."""
    number, at.ads = at.ads[0], at.ads[1:]
    request = _request(f"Ads/{quote(number, safe='')}{DETAILS}", to)
    try:
        answer, _ = to.session.ask_json(request, _judge_one)
    except _NotThere as error:
        yield Missing(what=f"payer, dates and reach of ad {number}", why=str(error), by="source")
        return
    yield Fetched(request, answer, _then(at))


def _page(request: Request, to: Connection, skip: int) -> tuple[Answer, dict[str, Any]]:
    """One page; one without the ads that Microsoft counts is asked again."""

    def doubtful(body: dict[str, Any]) -> bool:
        return not body["value"] and min(_count(body) or 0, CEILING) > skip

    return confirmed(to.session, request, _judge, doubtful)


def _judge(answer: Answer, body: dict[str, Any]) -> None:
    usual(answer)
    if not isinstance(body.get("value"), list):
        raise lacking("value", body)


def _judge_one(answer: Answer, body: dict[str, Any]) -> None:
    if answer.status == NOT_THERE:
        raise _NotThere("the list shows the ad and its own address does not (HTTP 404)")
    usual(answer)
    if "AdId" not in body:
        raise lacking("AdId", body)


def _count(body: dict[str, Any]) -> int | None:
    """How many ads Microsoft says the list has, a thousand standing for more; None where it does not say."""
    return whole(body.get("@odata.count"))
