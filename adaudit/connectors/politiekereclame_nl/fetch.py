"""Asks the register for its statements, page by page, as its two public clients do.

`GET /api/public/statements?page=&limit=&q=`: pages count from 1, `meta.filter_count` says how many there are.
Each item is one version of a statement; versions that the register shows no longer are those that earlier pulls kept.
"""

from collections.abc import Iterator
from typing import Any, Final

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
from adaudit.evidence.manifest import Missing
from adaudit.http import Answer, Request, usual

PATH: Final = "/api/public/statements"
LIMIT: Final = 100
"""Items on a page, as `openstate/politieke-reclame` asks for."""


def fetch(scope: Scope, to: Connection, state: State) -> Iterator[Fetched | Missing]:
    """Every page of each search, from the state on; without terms the whole register is one search."""
    searches = scope.terms or ("",)
    at, page, came = (number_in(state, name, first) for name, first in (("search", 0), ("page", 1), ("came", 0)))
    told = whole(state.get("told"))
    while at < len(searches):
        request = _request(to, searches[at], page)
        answer, body = _page(request, to, page)
        items, count = body["items"], _count(body)
        told = count if told is None or count is None else max(told, count)
        came += len(items)
        done = not items or (len(items) < LIMIT if count is None else page * LIMIT >= count)
        if done:
            yield from fallen_short(_said(searches[at]), came, told)
        alone = told if len(searches) == 1 else None
        following = {"search": at + done, "page": 1 if done else page + 1, "came": 0 if done else came}
        page, at, came = following["page"], following["search"], following["came"]
        told = None if done else told
        yield Fetched(request, answer, {**following, "told": told}, rows=len(items), told=alone)


def left(scope: Scope, to: Connection, state: State) -> list[str]:  # noqa: ARG001 - the interface of every source
    """The searches that were not walked to their end, with the page from which on."""
    at, page = number_in(state, "search"), number_in(state, "page", 1)
    rest = (scope.terms or ("",))[at:]
    return [f"{_said(one)}, from page {page if not number else 1}" for number, one in enumerate(rest)]


def _said(term: str) -> str:
    return f"the statements with {term!r}" if term else "the statements of the register"


def _request(to: Connection, term: str, page: int) -> Request:
    asked = (("page", str(page)), ("limit", str(LIMIT)), *((("q", term),) if term else ()))
    return Request(f"{to.base}{PATH}", params=asked)


def _page(request: Request, to: Connection, page: int) -> tuple[Answer, dict[str, Any]]:
    """One page; one without the items that the register counts is asked again."""
    before = (page - 1) * LIMIT
    return confirmed(to.session, request, _judge, lambda body: not body["items"] and (_count(body) or 0) > before)


def _judge(answer: Answer, body: dict[str, Any]) -> None:
    usual(answer)
    if not isinstance(body.get("items"), list):
        raise lacking("items", body)


def _count(body: dict[str, Any]) -> int | None:
    """How many items the register says the search has; None where it does not say."""
    meta = body.get("meta")
    return whole(meta.get("filter_count")) if isinstance(meta, dict) else None
