"""Asks the Graph API for `ads_archive`, by `reference` of its fields, errors and paging (Meta's documentation).

Each unit is one ad type and at most ten pages, or one search term. A cursor lives for an unknown time: where it
is not taken any more the unit begins again, and what comes twice is one record all the same.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from adaudit.connectors.fetching import Connection, Fetched, Scope, State, confirmed, lacking, number_in
from adaudit.errors import AskedTooMuch, SourceChanged, SourceRefused
from adaudit.evidence.manifest import Missing
from adaudit.http import Again, Answer, Request, retry_after, usual

FIELDS: Final = (
    *("id", "ad_creation_time", "ad_creative_bodies", "ad_creative_link_captions", "ad_creative_link_descriptions"),
    *("ad_creative_link_titles", "ad_delivery_start_time", "ad_delivery_stop_time", "ad_snapshot_url"),
    *("age_country_gender_reach_breakdown", "beneficiary_payers", "bylines", "currency", "delivery_by_region"),
    *("demographic_distribution", "estimated_audience_size", "eu_total_reach", "impressions", "languages"),
    *("page_id", "page_name", "publisher_platforms", "spend", "target_ages", "target_gender", "target_locations"),
    "total_reach_by_location",
)
"""Every field that the archive documents for ads in the Union, asked for by name."""
POLITICAL: Final = "POLITICAL_AND_ISSUE_ADS"
MOST_PAGES: Final = 10
"""Page ids in one request."""
LIMIT: Final = 100
LEAST: Final = 1
"""Ads on a page, and the fewest that halving comes down to."""
WAIT: Final = frozenset({4, 17, 32, 341, 613})
PASSING: Final = frozenset({1, 2})
TOO_MUCH: Final = "reduce the amount of data"
NEARLY: Final = 95
"""Per cent of the allowance from which to leave the source alone, and for how many seconds."""
REST: Final = 60.0


class ParameterNotTaken(SourceChanged):
    """A parameter, or a cursor that lived too long, is not taken."""


@dataclass(frozen=True)
class Unit:
    """One walk through the archive."""

    ad_type: str
    pages: tuple[str, ...] = ()
    term: str = ""

    def said(self) -> str:
        """The unit in words."""
        return f"{self.ad_type} of " + (f"pages {', '.join(self.pages)}" if self.pages else f"term {self.term!r}")


def units(scope: Scope) -> list[Unit]:
    """The walks that a scope takes: of given pages both the political archive and all ads, of terms the former."""
    groups = [scope.pages[i : i + MOST_PAGES] for i in range(0, len(scope.pages), MOST_PAGES)]
    of_pages = [scope.ad_type] if scope.ad_type else [POLITICAL, "ALL"]
    return [
        *(Unit(kind, pages=group) for kind in of_pages for group in groups),
        *(Unit(scope.ad_type or POLITICAL, term=term) for term in scope.terms),
    ]


def fetch(scope: Scope, to: Connection, state: State) -> Iterator[Fetched | Missing]:
    """Walk through every unit, from the state on; smaller pages where the source asks for them."""
    all_units = units(scope)
    at, after, limit = number_in(state, "unit"), str(state.get("after", "")), number_in(state, "limit", LIMIT)
    begun_again = False
    while at < len(all_units):
        request = _request(scope, all_units[at], to, after, limit)
        try:
            answer, body = _page(request, to, limit)
        except AskedTooMuch as error:
            if limit == LEAST:
                what = f"{all_units[at].said()}, after {after or 'the beginning'}"
                yield Missing(what=what, why=str(error), by="source")
                at, after, limit = at + 1, "", LIMIT
            else:
                limit = max(limit // 2, LEAST)
            continue
        except ParameterNotTaken:
            if not after or begun_again:
                raise
            after, begun_again = "", True
            continue
        rows, following = len(body["data"]), _next(body)
        done = not rows or not following
        begun_again = begun_again and not done
        stuck = not done and following == after
        at, after = (at + 1, "") if done or stuck else (at, following)
        if stuck:  # said before the page, whose state is that nothing is left of the unit
            what = f"the rest of {all_units[at - 1].said()}"
            yield Missing(what=what, why="the same cursor came back for ever", by="source")
        yield Fetched(request, answer, {"unit": at, "after": after, "limit": limit}, rows=rows)
        if at < len(all_units):
            to.session.rest(_pause(answer))


def left(scope: Scope, to: Connection, state: State) -> list[str]:  # noqa: ARG001 - the interface of every source
    """The units that were not walked to their end."""
    return [one.said() for one in units(scope)[number_in(state, "unit") :]]


def _request(scope: Scope, unit: Unit, to: Connection, after: str, limit: int) -> Request:
    params = {
        "ad_reached_countries": json.dumps(list(scope.countries)),
        "ad_active_status": "ALL",
        "ad_type": unit.ad_type,
        "search_page_ids": f"[{','.join(unit.pages)}]" if unit.pages else "",
        "search_terms": unit.term,
        "ad_delivery_date_min": scope.since.isoformat() if scope.since else "",
        "ad_delivery_date_max": scope.until.isoformat() if scope.until else "",
        "fields": ",".join(FIELDS),
        "limit": str(limit),
        "after": after,
    }
    asked = tuple((name, value) for name, value in params.items() if value)
    bearer = {"Authorization": f"Bearer {to.secrets['token']}"}
    return Request(f"{to.base}/{to.settings['version']}/ads_archive", params=asked, headers=bearer)


def _page(request: Request, to: Connection, limit: int) -> tuple[Answer, dict[str, Any]]:
    """One page; a full one without a next one is asked again, as paging can vanish for a moment."""
    return confirmed(to.session, request, _judge, lambda body: len(body["data"]) >= limit and not _next(body))


def _next(body: dict[str, Any]) -> str:
    """The cursor of the next page; empty where there is none. The address itself holds the token and is not used."""
    paging = body.get("paging") or {}
    return str((paging.get("cursors") or {}).get("after", "")) if paging.get("next") else ""


def _judge(answer: Answer, body: dict[str, Any]) -> None:
    """By the code of the error, which the HTTP status does not classify."""
    error = body.get("error")
    if isinstance(error, dict):
        _raise(error, answer)
    usual(answer)
    if not isinstance(body.get("data"), list):
        raise lacking("data", body)


def _raise(error: dict[str, Any], answer: Answer) -> None:
    code, said = error.get("code"), f"code {error.get('code')}: {error.get('message', '')}"
    if TOO_MUCH in str(error.get("message", "")):
        raise AskedTooMuch(said)
    if code in PASSING or error.get("is_transient"):
        raise Again(said)
    if code in WAIT:
        told = retry_after(answer.headers, answer.at)
        raise Again(said, wait=(_regain(answer) or REST) if told is None else told, limited=True)
    if code == 100:
        raise ParameterNotTaken(f"{said} (a parameter or field that this version of the API does not take)")
    advice = {
        190: "Get a new token (adaudit login meta), then go on with --resume.",
        10: "Confirm identity and location at facebook.com/ID; use the token of a person, not of an app.",
    }
    known = advice.get(code, "") if isinstance(code, int) else ""
    raise SourceRefused(f"{said} {known}".strip(), because="credential" if known else None)


def _usage(answer: Answer) -> list[dict[str, Any]]:
    """What the headers say of the use of the allowance."""
    found: list[dict[str, Any]] = []
    for name in ("x-business-use-case-usage", "x-app-usage"):
        try:
            told = json.loads(answer.headers.get(name, "{}"))
        except ValueError:  # a header that cannot be read tells nothing, and the error codes still do
            continue
        lists = [one for one in told.values() if isinstance(one, list)] if isinstance(told, dict) else []
        found += [use for one in lists for use in one if isinstance(use, dict)]
        found += [told] if isinstance(told, dict) and not lists else []
    return found


def _regain(answer: Answer) -> float | None:
    """The seconds until access is regained; None where nothing is said."""
    minutes = [use.get("estimated_time_to_regain_access") for use in _usage(answer)]
    told = [float(one) * 60 for one in minutes if isinstance(one, int | float) and one > 0]
    return max(told, default=None)


def _pause(answer: Answer) -> float:
    """The seconds to leave the source alone after an answer."""
    shares = (use.get(name) for use in _usage(answer) for name in ("call_count", "total_cputime", "total_time"))
    used = max((share for share in shares if isinstance(share, int | float)), default=0)
    return _regain(answer) or (REST if used >= NEARLY else 0.0)
