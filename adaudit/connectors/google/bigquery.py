"""Asks BigQuery for rows of the Ads Transparency Center, through its REST API and the user's own project.

First the table's description (`tables.get`: which columns there are, and of which day the rows), then what the query
would read (`jobs.insert` with `dryRun`, which costs nothing), then the query itself, then its result page by page
(`jobs.getQueryResults`). The id of the job is ours and is written down before the job is made: whoever is stopped in
between asks for the same job again, is told that it exists (409 `duplicate`), and pays once. A result lives for about
a day; where it is gone, or the job failed for a reason that passes, the query is made anew, and that is said.

No more is asked for than `JOB` and `RESULT` (the parameter `fields` of every method): the rest repeats the question,
and names the project and the person who asked.

https://docs.cloud.google.com/bigquery/docs/reference/rest/v2/tables/get, .../jobs/insert, .../jobs/get,
.../jobs/getQueryResults; https://bigquery.googleapis.com/discovery/v1/apis/bigquery/v2/rest,
https://docs.cloud.google.com/bigquery/docs/error-messages, https://docs.cloud.google.com/bigquery/docs/cached-results.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from adaudit.connectors.fetching import Connection, Fetched, Judge, Scope, State, fallen_short, lacking
from adaudit.connectors.google.account import Account
from adaudit.connectors.google.query import DATASET, PROJECT, TABLES, Query, checked_columns, query_for
from adaudit.errors import (
    NotThere,
    SourceChanged,
    SourceError,
    SourceLimited,
    SourceRefused,
    SourceUnavailable,
    UsageError,
)
from adaudit.evidence.manifest import Missing
from adaudit.http import BUSY, Again, Answer, Request, retry_after, usual

API: Final = "/bigquery/v2"
JOB: Final = "kind,status,statistics"
RESULT: Final = "kind,schema,totalRows,pageToken,rows,totalBytesProcessed,jobComplete,errors,cacheHit"
LOCATION: Final = "US"
"""Where the data set lies, if its description does not say."""
WAIT_MS: Final = 10_000
"""How long an answer may wait for the query to finish, in milliseconds; the API's own default."""
MOST_AGAIN: Final = 2
"""How often in one go a query is made anew whose job or result is lost."""
EMPTY_PAGES: Final = 3
"""Pages without rows, each naming another, after which no more are asked for."""
LOST: Final = frozenset(
    {"jobBackendError", "jobInternalError", "jobRateLimitExceeded", "tableUnavailable", "backendError", "internalError"}
)
"""Reasons of a job that failed for which Google says to make it anew."""
TOO_LARGE: Final = frozenset({"responseTooLarge", "resourcesExceeded", "billingTierLimitExceeded", "timeout"})
REFUSED: Final = frozenset({"accessDenied", "billingNotEnabled", "blocked", "stopped"})
NARROWER: Final = "ask for less: by --advertiser, --ad-type, --country, or a shorter period"


class _Lost(SourceError):
    """The job or its result is there no longer, or has to be made anew."""


class _TooLarge(SourceError):
    """The result is more than BigQuery gives."""


class _Exists(SourceError):
    """The job is there already."""


class _Token(SourceRefused):
    """The access token is not taken."""


class _Refused(SourceRefused):
    """The query is refused."""


class _UsedUp(SourceLimited):
    """A quota is used up."""


class _Failed(SourceChanged):
    """What was asked is not taken, or the job failed, in Google's words."""


ENDED: Final = (_Refused, _UsedUp, _Failed)
"""What a job may end with, of which it will not say anything else however often it is asked."""


class Place(BaseModel):
    """How far a pull has come."""

    model_config = ConfigDict(extra="forbid")

    columns: list[str] = []
    """The columns of the table; none before its description came."""
    location: str = LOCATION
    job: str = ""
    """The id of the job; none before it is known what the query reads."""
    begun: bool = False
    """Whether the job was made."""
    token: str = ""
    """The way to the next page of its result."""
    came: int = 0
    """Rows of its result that came."""
    empty: int = 0
    """Pages without rows in a row."""
    done: bool = False

    def state(self) -> dict[str, object]:
        """The place as a state."""
        return self.model_dump(mode="json", exclude_defaults=True)

    def anew(self) -> "Place":
        """The place from which the query is made once more."""
        return Place(columns=self.columns, location=self.location)


class Client:
    """Calls of the API with the user's token, which is renewed once for a call that it is not taken for.

    Raises UsageError where there is no account, or no project to run the query.
    """

    def __init__(self, to: Connection) -> None:
        self._to = to
        self._account = Account(to.session, to.settings)
        self._project = self._account.project

    def table(self, table: str) -> tuple[Request, Answer, dict[str, Any]]:
        """The description of a table of the data set."""
        return self._call(f"projects/{PROJECT}/datasets/{DATASET}/tables/{table}")

    def insert(self, job: str, location: str, configuration: Mapping[str, object]) -> tuple[Request, Answer, Any]:
        """A new job of this id. Raises _Exists where there is one."""
        reference = {"projectId": self._project, "jobId": job, "location": location}
        document = {"jobReference": reference, "configuration": configuration}
        path = f"projects/{self._project}/jobs"
        return _not_failed(*self._call(path, ("fields", JOB), method="POST", document=document, judge=_judge_job))

    def job(self, job: str, location: str) -> tuple[Request, Answer, Any]:
        """The job of this id."""
        path = f"projects/{self._project}/jobs/{job}"
        return _not_failed(*self._call(path, ("location", location), ("fields", JOB), judge=_judge_job))

    def results(self, at: Place, rows: int) -> tuple[Request, Answer, dict[str, Any]]:
        """A page of the result of a job, which need not be finished."""
        params = [("location", at.location), ("maxResults", str(rows)), ("timeoutMs", str(WAIT_MS)), ("fields", RESULT)]
        params += [("pageToken", at.token)] if at.token else []
        return self._call(f"projects/{self._project}/queries/{at.job}", *params, judge=_judge_result)

    def _call(
        self,
        path: str,
        *params: tuple[str, str],
        method: str = "GET",
        document: object = None,
        judge: Judge | None = None,
    ) -> tuple[Request, Answer, dict[str, Any]]:
        url = f"{self._to.base}{API}/{path}"
        asked = Request(url, method, params=(*params, ("prettyPrint", "false")), json=document)
        try:
            request = replace(asked, headers=self._account.headers())
            return request, *self._to.session.ask_json(request, judge or _judge)
        except _Token:
            request = replace(asked, headers=self._account.headers(renewed=True))
            return request, *self._to.session.ask_json(request, judge or _judge)


def fetch(scope: Scope, to: Connection, state: State) -> Iterator[Fetched | Missing]:
    """The table's description, what the query reads, the query, and its rows, from the state on."""
    walk = _Walk(scope, to, Place.model_validate(state))
    while not walk.at.done:
        try:
            yield from walk.step()
        except _Lost as error:
            walk.begin_anew(error)
        except _TooLarge as error:
            yield Missing(what=f"the rows of {TABLES[scope.what]}", why=f"{error}; {NARROWER}")
            return


def left(scope: Scope, to: Connection, state: State) -> list[str]:  # noqa: ARG001 - the interface of every source
    """The rows that have not come."""
    at = Place.model_validate(state)
    rest = f"from the {at.came + 1:,}th on" if at.came else "all of them"
    return [] if at.done else [f"rows of {TABLES[scope.what]} ({rest})"]


class _Walk:
    """One pull: what it has come to, and its next step."""

    def __init__(self, scope: Scope, to: Connection, at: Place) -> None:
        self.at = at
        self._scope = scope
        self._to = to
        self._client = Client(to)
        self._said = ""
        self._again = 0
        self._made_now = False
        """Whether the job was made by this walk, and not before it was stopped."""

    def step(self) -> Iterator[Fetched | Missing]:
        """The next answers, the place moved on."""
        if not self.at.columns:
            yield from self._table()
        elif not self.at.job:
            yield from self._reckon()
        elif not self.at.begun:
            yield from self._begin()
        else:
            yield from self._page()

    def begin_anew(self, why: Exception) -> None:
        """Go back to before the query, and say so with the next answer. Raises SourceUnavailable after a few times."""
        if self._again >= MOST_AGAIN:
            raise SourceUnavailable(f"the query was made anew {MOST_AGAIN} times; the last: {why}") from why
        self._again += 1
        self.at = self.at.anew()
        self._said = f"the query was made anew, and may be billed again: {why}. "

    def _table(self) -> Iterator[Fetched]:
        request, answer, body = self._client.table(TABLES[self._scope.what])
        self.at.columns = checked_columns(self._scope, body.get("schema"))
        self.at.location = str(body.get("location") or LOCATION)
        yield Fetched(request, answer, self.at.state(), rows=0, note=_as_of(TABLES[self._scope.what], body))

    def _query(self) -> Query:
        return query_for(self._scope, self.at.columns)

    def _reckon(self) -> Iterator[Fetched]:
        """Ask what the query reads, and refuse it where that is more than it may be billed for."""
        most, job = self._number("most_bytes"), f"adaudit_{token_hex(12)}"
        configuration: dict[str, object] = {"dryRun": True, "query": self._query().configuration()}
        request, answer, body = self._client.insert(f"{job}_dry", self.at.location, configuration)
        reads = _bytes(body)
        told = f"Google says that the query reads {reads:,} bytes ({reads / 2**30:,.1f} GiB)"
        if reads > most:
            raise SourceRefused(
                f"{told}, more than the {most:,} that it may be billed for; nothing was queried. Set "
                f"ADAUDIT_GOOGLE_MOST_BYTES to {reads} or more, then go on with --resume."
            )
        self.at.job = job
        note = f"{self._said}{told}, at the cost of your project; it may be billed for {most:,} at most"
        self._said = ""
        yield Fetched(request, answer, self.at.state(), rows=0, note=note)

    def _begin(self) -> Iterator[Fetched]:
        """Make the job; where a stop came between, it is there already."""
        configuration = {"query": self._query().configuration(self._number("most_bytes"))}
        try:
            request, answer, _ = self._client.insert(self.at.job, self.at.location, configuration)
            self._made_now = True
        except _Exists:
            try:
                request, answer, _ = self._client.job(self.at.job, self.at.location)
            except ENDED as error:
                raise _Lost(str(error)) from error
        self.at.begun = True
        yield Fetched(request, answer, self.at.state(), rows=0)

    def _page(self) -> Iterator[Fetched | Missing]:
        """One page of the result; what ends it before its end is Missing."""
        request, answer, body = self._finished()
        rows, total, before = body.get("rows") or [], int(body["totalRows"]), self.at.token
        token = str(body.get("pageToken") or "")
        self.at.token, self.at.came = token, self.at.came + len(rows)
        self.at.empty = 0 if rows else self.at.empty + 1
        again = bool(token) and token == before
        self.at.done = not token or again or self.at.empty >= EMPTY_PAGES
        note = ""
        if self.at.done:
            yield from fallen_short("the result of the query", self.at.came, total)
            more = self.at.came - total
            note = f"{more:,} rows came beyond the {total:,} that Google counts" if more > 0 else ""
        yield Fetched(request, answer, self.at.state(), rows=len(rows), note=note)

    def _finished(self) -> tuple[Request, Answer, dict[str, Any]]:
        """A page of the result once the query is finished. Raises SourceUnavailable where it does not get so."""
        for _ in range(self._number("most_polls")):
            try:
                request, answer, body = self._client.results(self.at, self._number("page_rows"))
            except NotThere as error:
                raise _Lost(f"the job or its result is gone ({error})") from error
            except ENDED as error:
                if self._may_be_otherwise_now(error):
                    raise _Lost(str(error)) from error
                raise
            if body["jobComplete"]:
                return request, answer, body
            self._to.session.rest(self._number("poll_seconds"))
        raise SourceUnavailable("the query is not finished yet; go on with --resume, which asks for the same one.")

    def _may_be_otherwise_now(self, error: SourceError) -> bool:
        """Whether it is the way to the next page that is not taken, or a job that ended so before the pull went on."""
        way_is_gone = bool(self.at.token) and isinstance(error, _Failed)
        return way_is_gone or not (self._made_now or self.at.came)

    def _number(self, name: str) -> int:
        value = self._to.settings[name]
        if not value.isascii() or not value.isdigit():
            raise UsageError(f"ADAUDIT_GOOGLE_{name.upper()}: expected a whole number; found {value!r}.")
        return int(value)


def _as_of(table: str, body: dict[str, Any]) -> str:
    """Of which state the rows of a table are, as its description tells it; empty where it does not."""
    rows, changed = (str(body.get(name, "")) for name in ("numRows", "lastModifiedTime"))
    if not (rows.isdigit() and changed.isdigit()):
        return ""
    at = datetime.fromtimestamp(int(changed) / 1000, UTC)
    return f"{table} holds {int(rows):,} rows and was last changed on {at:%Y-%m-%d} at {at:%H:%M} UTC"


def _bytes(body: dict[str, Any]) -> int:
    """What a dry run says that the query reads. Raises SourceChanged where it does not say."""
    statistics = body.get("statistics")
    found = statistics.get("totalBytesProcessed") if isinstance(statistics, dict) else None
    if not str(found).isdigit():
        raise SourceChanged(f"expected how many bytes the query reads (totalBytesProcessed); found {found!r}")
    return int(str(found))


def _judge(answer: Answer, body: dict[str, Any]) -> None:
    """By the reason of the error, where the answer is one."""
    error = body.get("error")
    if isinstance(error, dict):
        each = error.get("errors")
        first = each[0] if isinstance(each, list) and each and isinstance(each[0], dict) else {}
        _refuse(answer, {"reason": first.get("reason", error.get("status")), "message": error.get("message")})
    usual(answer)


def _judge_job(answer: Answer, body: dict[str, Any]) -> None:
    _judge(answer, body)
    if not isinstance(body.get("status"), dict):
        raise lacking("status", body)


def _judge_result(answer: Answer, body: dict[str, Any]) -> None:
    """A result says whether it is whole, and then of how many rows it is."""
    _judge(answer, body)
    if not isinstance(body.get("jobComplete"), bool):
        raise lacking("jobComplete", body)
    if body["jobComplete"] and not str(body.get("totalRows", "")).isdigit():
        raise lacking("totalRows", body)
    if not isinstance(body.get("rows", []), list):
        raise Again(f"expected a list of rows; found {type(body['rows']).__name__}")


def _not_failed(request: Request, answer: Answer, body: dict[str, Any]) -> tuple[Request, Answer, dict[str, Any]]:
    """The job, where it did not fail already."""
    failed = body["status"].get("errorResult")
    if isinstance(failed, dict):
        try:
            _refuse(answer, failed)
        except Again as error:
            raise _Lost(str(error)) from error
    return request, answer, body


def _refuse(answer: Answer, error: dict[str, Any]) -> None:
    """Raise what an error of Google (`ErrorProto`) means."""
    reason = str(error.get("reason") or f"HTTP {answer.status}")
    said = f"{reason}: {error.get('message') or 'no message'}"
    if answer.status == 401:
        raise _Token(f"Google does not take the access token ({said})")
    if reason in REFUSED:
        raise _Refused(f"Google refused ({said}); the account needs the role BigQuery Job User in the project")
    if reason == "quotaExceeded":
        raise _UsedUp(f"Google's quota is used up ({said}); it is counted by the day or by the month")
    if reason == "duplicate" or answer.status == 409:
        raise _Exists(said)
    if reason in TOO_LARGE:
        raise _TooLarge(f"BigQuery does not give so much ({said})")
    if reason == "rateLimitExceeded" or answer.status in BUSY:
        limited = reason == "rateLimitExceeded" or answer.status == 429
        raise Again(said, wait=retry_after(answer.headers, answer.at), limited=limited, status=answer.status)
    if reason in LOST:
        raise _Lost(said)
    if answer.status not in {200, 400}:
        usual(answer)
    raise _Failed(said)
