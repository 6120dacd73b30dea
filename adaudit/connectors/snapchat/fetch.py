"""Asks Snap: the yearly files of the Political Ads Library, and the Ads Gallery by the names of advertisers.

The gallery answers a blocked caller with success and no ads. So where the last names showed none, a name that
had ads is asked for once more: if it has none either, what came last is no answer.
"""

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from adaudit.connectors.fetching import Connection, Fetched, Scope, State
from adaudit.errors import NotThere, SourceChanged
from adaudit.evidence.manifest import Missing
from adaudit.http import Again, Answer, Request, retry_after, usual

ZIP: Final = b"PK"
COUNTRIES: Final = frozenset(
    {"at", "be", "bg", "hr", "cy", "cz", "de", "dk", "ee", "el", "es", "fi", "fr", "hu", "ie", "it"}
    | {"lt", "lu", "lv", "mt", "nl", "pl", "pt", "ro", "se", "si", "sk", "tr"}
)
"""What the gallery calls the countries that it can be asked for."""
OWN_CODE: Final = {"gr": "el"}
CODE: Final = re.compile(r"\bE\d{4}\b")
TOO_MANY: Final = "E1009"
EXPIRED: Final = "E1008"
NOT_VALID: Final = "E3024"
MOST_AGAIN: Final = 2
"""How often a search begins again whose cursor expired."""
EMPTY_PAGES: Final = 3
"""Pages without ads, each naming another, after which no more are asked for."""


class CursorExpired(SourceChanged):
    """The way to the next page is not taken any more."""


class NotValid(SourceChanged):
    """The source does not take the search."""


def fetch(scope: Scope, to: Connection, state: State) -> Iterator[Fetched | Missing]:
    """The files of the years, or the gallery's pages for each name, from the state on."""
    yield from _gallery(scope, to, state) if scope.what == "gallery" else _archive(scope, to, state)


def left(scope: Scope, to: Connection, state: State) -> list[str]:
    """The years, or the names, that did not come whole."""
    done = int(str(state.get("at", 0)))
    if scope.what == "gallery":
        return [f"ads of {name!r}" for name in scope.advertisers[done:]]
    return [f"the file of {year}" for year in _years(scope, to)[done:]]


def _years(scope: Scope, to: Connection) -> tuple[int, ...]:
    return scope.years or (to.day().year,)


def _archive(scope: Scope, to: Connection, state: State) -> Iterator[Fetched | Missing]:
    """Each year's zip as it is today: the current year's is written anew, and every download is a snapshot."""
    years = _years(scope, to)
    for number in range(int(str(state.get("at", 0))), len(years)):
        year = years[number]
        request = Request(f"{to.base}/ad-manager-political-ads-dump/political/{year}/PoliticalAds.zip")
        path = to.folder / f"snapchat-{year}.zip"
        try:
            answer = to.session.download(request, path, ZIP)
        except NotThere as error:
            yield Missing(what=f"the file of {year}", why=str(error))
            continue
        yield Fetched(request, answer, {"at": number + 1}, name=f"PoliticalAds-{year}.zip", file=path)


@dataclass(frozen=True)
class Place:
    """Where a pull of the gallery stands."""

    at: int = 0
    """The name that is searched for."""
    link: str = ""
    """The way to its next page."""
    empty: int = 0
    """Its pages without ads in a row."""
    again: int = 0
    """How often its search began again."""
    known: int | None = None
    """The last name that had ads."""
    dry: int | None = None
    """The first name after it that had none."""

    @classmethod
    def of(cls, state: State) -> "Place":
        """The place that a state tells."""
        numbers = {name: None if (value := state.get(name)) is None else int(str(value)) for name in ("known", "dry")}
        counts = {name: int(str(state.get(name, 0))) for name in ("at", "empty", "again")}
        return cls(link=str(state.get("link", "")), **counts, **numbers)  # type: ignore[arg-type]

    def state(self) -> dict[str, object]:
        """The place as a state."""
        return {name: value for name, value in vars(self).items() if value not in (None, "")}

    def next_name(self, *, had_ads: bool) -> "Place":
        """The beginning of the next name."""
        dry = None if had_ads else self.at if self.dry is None else self.dry
        return Place(self.at + 1, known=self.at if had_ads else self.known, dry=dry)


def _gallery(scope: Scope, to: Connection, state: State) -> Iterator[Fetched | Missing]:
    named = () if "ALL" in scope.countries else scope.countries
    asked = {one: OWN_CODE.get(one.lower(), one.lower()) for one in named}
    countries = [one for one in asked.values() if one in COUNTRIES]
    if not state:
        for name in (name for name, code in asked.items() if code not in COUNTRIES):
            yield Missing(what=f"ads shown in {name}", why="the gallery cannot be asked for this country", by="asker")
    if named and not countries:
        return
    place = Place.of(state)
    while place.at < len(scope.advertisers):
        place = yield from _search(scope, to, countries, place)
    if place.known is not None and place.dry is not None:
        yield from _verified(scope, to, countries, place)


def _search(
    scope: Scope, to: Connection, countries: list[str], place: Place
) -> Generator[Fetched | Missing, None, Place]:
    """The pages of one name; gives back the place at which the next begins."""
    name, begun, seen = scope.advertisers[place.at], place, {place.link}
    had_ads = bool(place.link) and not place.empty
    while True:
        try:
            request, answer, body = _page(to, _body(scope, countries, name), place.link)
        except CursorExpired as error:
            if place.again >= MOST_AGAIN:
                yield Missing(what=f"the rest of the ads of {name!r}", why=str(error))
                return place.next_name(had_ads=had_ads)
            place, seen = Place(begun.at, again=place.again + 1, known=begun.known, dry=begun.dry), {""}
            continue
        except NotValid as error:
            yield Missing(what=f"ads of {name!r}", why=str(error))
            return replace(place.next_name(had_ads=had_ads), dry=place.dry)
        rows, link = body.get("ad_previews") or [], _next(body)
        had_ads = had_ads or bool(rows)
        place = replace(place, link=link, empty=0 if rows else place.empty + 1)
        why = _stopped(place, seen)
        seen.add(link)
        place = place if link and not why else place.next_name(had_ads=had_ads)
        yield from _failed(rows, name)
        if why:  # said before the page, whose state is that nothing is left of the name
            yield Missing(what=f"the rest of the ads of {name!r}", why=why, by="source")
        yield Fetched(request, answer, place.state(), rows=len(rows))
        if not link or why:
            return place


def _verified(scope: Scope, to: Connection, countries: list[str], place: Place) -> Iterator[Fetched | Missing]:
    """Ask once more for a name that had ads, as the last names had none: a blocked caller gets none of any."""
    assert place.known is not None  # noqa: S101 - its caller saw to it
    assert place.dry is not None  # noqa: S101
    name = scope.advertisers[place.known]
    request, answer, body = _page(to, _body(scope, countries, name), "")
    rows = body.get("ad_previews") or []
    then = replace(place, known=None).state() if rows else place.state()
    yield Fetched(request, answer, then, rows=len(rows))
    for one in scope.advertisers[place.dry :] if not rows else ():
        why = f"no ads were shown, and then none of {name!r} either, which had ads: the gallery blocks this caller"
        yield Missing(what=f"ads of {one!r}", why=why, by="source")


def _body(scope: Scope, countries: list[str], name: str) -> dict[str, object]:
    """What is searched for: in either state, active and paused, as none is named."""
    body: dict[str, object] = {"paying_advertiser_name": name}
    days: dict[str, tuple[date | None, str]] = {
        "start_date": (scope.since, "00:00:00.000"),
        "end_date": (scope.until, "23:59:59.999"),
    }
    body |= {key: f"{day.isoformat()}T{time}Z" for key, (day, time) in days.items() if day}
    return body | ({"countries": countries} if countries else {})


def _page(to: Connection, body: dict[str, object], link: str) -> tuple[Request, Answer, dict[str, Any]]:
    """One page: the same body is posted to each link."""
    request = Request(link or f"{to.base}/v1/ads_library/ads/search", "POST", json=body)
    return request, *to.session.ask_json(request, _judge)


def _next(body: dict[str, Any]) -> str:
    paging = body.get("paging")
    return str(paging.get("next_link") or "") if isinstance(paging, dict) else ""


def _stopped(place: Place, seen: set[str]) -> str:
    """Why no more is asked for though a way to more was named; empty where none was or it can be gone."""
    if not place.link:
        return ""
    if place.link in seen:
        return "the same link came back"
    return f"{EMPTY_PAGES} pages in a row held no ads and named another" if place.empty >= EMPTY_PAGES else ""


def _failed(rows: list[Any], name: str) -> Iterator[Missing]:
    """What the answer itself says of rows that failed, each with a status of its own."""
    told = [str(row.get("sub_request_status", "")) if isinstance(row, dict) else "no row" for row in rows]
    failed = [one for one in told if one.upper() not in {"SUCCESS", ""}]
    if failed:
        what = f"{len(failed):,} of {len(rows):,} ads on a page of {name!r}"
        yield Missing(what=what, why=", ".join(sorted({*failed})), by="source")


def _judge(answer: Answer, body: dict[str, Any]) -> None:
    """By the code of the error, which may come with HTTP 200; where it stands is not documented."""
    found = [CODE.search(one) for key, one in body.items() if isinstance(one, str) and key != "request_id"]
    codes = {one[0] for one in found if one}
    said = ", ".join(
        f"{key} {one}" for key, one in sorted(body.items()) if isinstance(one, str) and key != "request_id"
    )
    if TOO_MANY in codes:
        raise Again(said, wait=retry_after(answer.headers, answer.at), limited=True)
    if EXPIRED in codes:
        raise CursorExpired(said)
    if NOT_VALID in codes:
        raise NotValid(said)
    usual(answer)
    if str(body.get("request_status", "")).upper() != "SUCCESS":
        raise Again(f"expected request_status SUCCESS; found {said or 'none'}")
