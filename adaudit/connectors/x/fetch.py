"""Orders exports of the Ads Repository, waits for them, and downloads them: one account, one country, one period each.

The flow is that of X's help page. Its operation ids rotate, so they are settings. An export that was ordered is
asked after again where a pull goes on: it is not ordered twice. A header without rows proves nothing.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from adaudit.connectors.fetching import Connection, Fetched, Scope, State
from adaudit.errors import SourceChanged, SourceRefused, SourceUnavailable
from adaudit.evidence.manifest import Missing
from adaudit.http import Again, Answer, Request, host_of, usual

CREATE: Final = "CreateExportReportMutation"
STATUS: Final = "GetExportReportStatusQuery"
FINISHED: Final = "finished"
FAILED: Final = ("fail", "error", "cancel")
"""Parts of a state after which an export does not come any more."""
BY_HAND: Final = (
    "The way by hand: https://ads.x.com/ads-repository, one account, one country and the days, Create report, "
    "download the CSV, then: adaudit import x FILE"
)
NO_SERVICE: Final = 503
NO_ROWS: Final = "a header without rows, which X's help says may mean no ads, and which may as well be a failure"


@dataclass(frozen=True)
class Export:
    """One export."""

    user: str
    country: str
    since: str
    until: str

    def said(self) -> str:
        """The export in words."""
        return f"account {self.user} in {self.country}, {self.since} to {self.until}"

    @property
    def name(self) -> str:
        """A name for its file that says what it is of."""
        return f"x_{self.user}_{self.country}_{self.since}_{self.until}.csv"


def exports(scope: Scope) -> list[Export]:
    """The exports that a scope takes."""
    since, until = str(scope.since), str(scope.until)
    return [Export(user, country, since, until) for user in scope.advertisers for country in scope.countries]


def fetch(scope: Scope, to: Connection, state: State) -> Iterator[Fetched | Missing]:
    """Order, await and download every export, from the state on."""
    everything = exports(scope)
    at, ordered = int(str(state.get("export", 0))), str(state.get("ordered", ""))
    while at < len(everything):
        one = everything[at]
        if not one.user.isdigit():
            yield Missing(
                what=one.said(), why=f"the documented export takes an account's number, no name. {BY_HAND}", by="asker"
            )
            at += 1
            continue
        if not ordered:
            request, answer, ordered = _order(one, to)
            yield Fetched(request, answer, {"export": at, "ordered": ordered})
        address = _await(one, ordered, to)
        at, ordered = at + 1, ""
        if not address:
            yield Missing(what=one.said(), why=f"X says that the export failed. {BY_HAND}", by="source")
            continue
        request, answer = _download(address, to)
        rows = _rows(answer)
        note = "" if rows else f"{one.said()}: {NO_ROWS}"
        yield Fetched(request, answer, {"export": at}, name=one.name, rows=rows, note=note)


def left(scope: Scope, to: Connection, state: State) -> list[str]:  # noqa: ARG001 - the interface of every source
    """The exports that were not downloaded."""
    return [one.said() for one in exports(scope)[int(str(state.get("export", 0))) :]]


def _order(one: Export, to: Connection) -> tuple[Request, Answer, str]:
    variables = {
        "user": one.user,
        "geoLocation": one.country,
        "deliveryRange": {"start_date": one.since, "end_date": one.until},
    }
    url = f"{to.base}/graphql/{to.settings['create_operation']}/{CREATE}"
    request = Request(url, method="POST", json={"variables": variables}, headers=_bearer(to))
    answer, found = _asked(request, to, "create_digital_services_act_export_insert")
    if not found.get("export_id"):
        raise SourceChanged(f"expected the id of an export; found {json.dumps(found)[:200]}. {BY_HAND}")
    return request, answer, str(found["export_id"])


def _await(one: Export, ordered: str, to: Connection) -> str:
    """The address of the export once it is finished; empty where X says that it failed.

    Raises SourceUnavailable where it does not get ready in as many polls as the settings say.
    """
    variables = json.dumps({"exportId": ordered}, separators=(",", ":"))
    url = f"{to.base}/graphql/{to.settings['status_operation']}/{STATUS}"
    request = Request(url, params=(("variables", variables),), headers=_bearer(to))
    most = int(to.settings["most_polls"])
    for number in range(most):
        if number:
            to.session.rest(float(to.settings["poll_seconds"]))
        _, found = _asked(request, to, "digital_services_act_export_status")
        said = str(found.get("export_status") or "").casefold()
        if said == FINISHED and found.get("export_download_url"):
            return str(found["export_download_url"])
        if any(part in said for part in FAILED):
            return ""
    raise SourceUnavailable(
        f"the export of {one.said()} is not ready after it was asked after {most:,} times; it stays ordered: "
        "adaudit pull x --resume asks again."
    )


def _download(address: str, to: Connection) -> tuple[Request, Answer]:
    """The table, and the request as it is kept: without the query, which may hold a signature."""
    request = Request(address, kept_as=address.partition("?")[0])
    try:
        return request, to.session.ask(request, _judge_table)
    except SourceRefused as error:
        said = f"{error} The export stands at {host_of(address)}. {BY_HAND}"
        raise SourceRefused(said, because=error.because) from error


def _judge_table(answer: Answer) -> None:
    usual(answer)
    if b"," not in answer.data.partition(b"\n")[0] or answer.data.lstrip()[:1] in b"<{":
        raise Again(f"expected a CSV; found {len(answer.data):,} bytes that begin with {answer.data[:40]!r}")


def _rows(answer: Answer) -> int:
    lines = answer.data.decode("utf-8-sig", "replace").splitlines()
    return max(sum(1 for row in csv.reader(lines) if row) - 1, 0)


def _bearer(to: Connection) -> dict[str, str]:
    return {"Authorization": f"Bearer {to.secrets['token']}"}


def _asked(request: Request, to: Connection, key: str) -> tuple[Answer, dict[str, Any]]:
    """The answer, and what stands under the key of its data. A refusal names the way by hand.

    A 503 that outlasts the patience counts as a refusal: outside developers are often answered so.
    """
    try:
        answer, body = to.session.ask_json(request, lambda answer, body: _judge(answer, body, key))
    except SourceRefused as error:
        raise SourceRefused(f"{error} {BY_HAND}", because=error.because) from error
    except SourceUnavailable as error:
        if error.status == NO_SERVICE:
            said = f"X answers outside developers with 503: {error} {BY_HAND}"
            raise SourceRefused(said, because=error.because) from error
        raise
    found: dict[str, Any] = body["data"][key]
    return answer, found


def _judge(answer: Answer, body: dict[str, Any], key: str) -> None:
    if answer.status == 401:
        raise SourceRefused(
            "X does not take the token (HTTP 401): get a new one (adaudit login x), then --resume.",
            because="credential",
        )
    if answer.status == 404:
        raise SourceChanged(
            "X does not know the operation (HTTP 404): its ids rotate. Read the present ones off the help page "
            "https://business.x.com/en/help/ads-policies/product-policies/ads-transparency and set "
            "ADAUDIT_X_CREATE_OPERATION and ADAUDIT_X_STATUS_OPERATION."
        )
    usual(answer)
    data = body.get("data")
    if isinstance(data, Mapping) and isinstance(data.get(key), Mapping):
        return
    said = json.dumps(body.get("errors") or sorted(body))[:300]
    raise SourceChanged(f"expected {key}; found {said}. {BY_HAND}")
