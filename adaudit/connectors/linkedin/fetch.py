"""Asks the Ad Library API, 25 ads a page, for what advertisers published and for words.

Some accounts are refused the filters by country and day (`QUERY_PARAM_NOT_ALLOWED`, `FIELD_INVALID`): the search
then begins again without them, everything that it finds is kept, and the pull says so.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote

from adaudit.connectors.fetching import (
    Connection,
    Fetched,
    Scope,
    State,
    confirmed,
    fallen_short,
    lacking,
    number_in,
    whole,
)
from adaudit.errors import SourceChanged, SourceRefused
from adaudit.evidence.manifest import Missing
from adaudit.http import Answer, Request, usual

COUNT: Final = 25
"""Ads on a page, at most."""
EXPIRED: Final = "EXPIRED_ACCESS_TOKEN"
EXPIRED_CODE: Final = 65602
NO_VERSION: Final = "NONEXISTENT_VERSION"
NO_FILTERS: Final = frozenset({"QUERY_PARAM_NOT_ALLOWED", "FIELD_INVALID"})
Search = tuple[str, str]
"""The parameter and what it is given: `advertiser` or `keyword`."""


class _FiltersRefused(SourceChanged):
    """The filters by country and day are not taken."""


def searches(scope: Scope) -> list[Search]:
    """The searches that a scope takes."""
    return [*(("advertiser", one) for one in scope.advertisers), *(("keyword", one) for one in scope.terms)]


def fetch(scope: Scope, to: Connection, state: State) -> Iterator[Fetched | Missing]:
    """Walk through every search, from the state on."""
    all_searches = searches(scope)
    at, start, came = (number_in(state, name) for name in ("search", "start", "came"))
    told, plain = whole(state.get("told")), bool(state.get("plain"))
    while at < len(all_searches):
        request = _request(scope, all_searches[at], to, start, plain=plain)
        try:
            answer, body = _page(request, to, start)
        except _FiltersRefused:
            if plain or not _filters(scope):
                raise
            start, came, told, plain = 0, 0, None, True
            continue
        ads, total = body["elements"], _total(body)
        told = total if told is None or total is None else max(told, total)
        came += len(ads)
        done = not ads or (not _next(body) if total is None else start + COUNT >= total)
        if done:
            yield from fallen_short(_said(all_searches[at]), came, told)
        alone = told if len(all_searches) == 1 else None
        at, start, came = (at + 1, 0, 0) if done else (at, start + COUNT, came)
        told = None if done else told
        following = {"search": at, "start": start, "came": came, "told": told, "plain": plain}
        yield Fetched(request, answer, following, rows=len(ads), told=alone, note=_note(scope, plain=plain))


def left(scope: Scope, to: Connection, state: State) -> list[str]:  # noqa: ARG001 - the interface of every source
    """The searches that were not walked to their end, with the ad from which on."""
    at, start = number_in(state, "search"), number_in(state, "start")
    return [f"{_said(one)}, from ad {1 if number else start + 1} on" for number, one in enumerate(searches(scope)[at:])]


def _said(search: Search) -> str:
    return f"ads of {search[0]} {search[1]!r}"


def _filters(scope: Scope) -> str:
    """Country and days as the API writes them: it does not take them written in another way."""
    countries = ",".join(f"urn%3Ali%3Acountry%3A{code}" for code in scope.countries)
    written = f"&countries=(value:List({countries}))" if countries else ""
    if scope.since and scope.until:
        # whether the last day counts is not documented: one more is asked for
        ends = {"start": scope.since, "end": scope.until + timedelta(days=1)}
        days = ",".join(f"{name}:(day:{one.day},month:{one.month},year:{one.year})" for name, one in ends.items())
        written += f"&dateRange=({days})"
    return written


def _note(scope: Scope, *, plain: bool) -> str:
    """What of the scope LinkedIn was not asked for."""
    half = bool(scope.since) != bool(scope.until)
    if plain and (scope.countries or scope.since or scope.until):
        why = "LinkedIn did not take the filters by country and day"
    elif half:
        why = "LinkedIn takes a first and a last day only together (--since and --until)"
    else:
        return ""
    return f"{why}: ads outside them were kept too; adaudit audit leaves them out with --country, --since and --until."


def _request(scope: Scope, search: Search, to: Connection, start: int, *, plain: bool) -> Request:
    filters = "" if plain else _filters(scope)
    query = f"q=criteria&{search[0]}={quote(search[1], safe='')}{filters}&start={start}&count={COUNT}"
    headers = {
        "Authorization": f"Bearer {to.secrets['token']}",
        "LinkedIn-Version": to.settings["version"],
        "X-Restli-Protocol-Version": "2.0.0",
    }
    return Request(f"{to.base}/rest/adLibrary?{query}", headers=headers)


def _page(request: Request, to: Connection, start: int) -> tuple[Answer, dict[str, Any]]:
    """One page; one without the ads that LinkedIn counts is asked again."""
    return confirmed(to.session, request, _judge, lambda body: not body["elements"] and (_total(body) or 0) > start)


def _judge(answer: Answer, body: dict[str, Any]) -> None:
    """By the code of the error; of a 429 LinkedIn does not say how long to wait."""
    code, said = body.get("code"), f"{body.get('code')}: {body.get('message', '')}"
    if code == EXPIRED or body.get("serviceErrorCode") == EXPIRED_CODE:
        raise SourceRefused(
            f"{said} Get a new token (adaudit login linkedin), then go on with --resume.", because="credential"
        )
    if code == NO_VERSION:
        raise SourceChanged(
            f"{said} Set ADAUDIT_LINKEDIN_VERSION to a month that LinkedIn's API has now, such as 202611, then go on "
            "with --resume."
        )
    if code in NO_FILTERS:
        raise _FiltersRefused(said)
    usual(answer)
    if not isinstance(body.get("elements"), list):
        raise lacking("elements", body)


def _total(body: dict[str, Any]) -> int | None:
    """How many ads LinkedIn says the search has; None where it does not say."""
    paging = body.get("paging")
    return whole(paging.get("total")) if isinstance(paging, dict) else None


def _next(body: dict[str, Any]) -> bool:
    """Whether the answer names a next page."""
    paging = body.get("paging")
    links = (paging.get("links") or []) if isinstance(paging, dict) else []
    return any(isinstance(one, dict) and one.get("rel") == "next" for one in links)
