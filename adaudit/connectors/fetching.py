"""What a connector's `fetch` is given and what it hands over: raw answers, nothing interpreted.

`fetch` of `connectors/<source>/fetch.py` is a generator. For each answer that counts it yields Fetched,
with the state from which it can go on after it; for what it gives up on, Missing, and goes on with the rest.
Returning means that all else that was asked for came. What stops it raises one of `adaudit.errors.SourceError`.
A later call with the state of the last yield goes on from there: nothing is lost, at most one page repeated.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Protocol

from pydantic import BaseModel, ConfigDict, model_validator

from adaudit.connectors.source import Source, sources
from adaudit.errors import UsageError
from adaudit.evidence.manifest import Missing
from adaudit.http import Again, Answer, Request, Session
from adaudit.language import Wording, joined, texts_of

State = Mapping[str, object]
"""From where to go on: plain JSON, no secret. Empty at the beginning."""
Judge = Callable[[Answer, dict[str, Any]], None]
"""Judges an answer by its body; raises what stops it, or Again."""
SAY: Final = texts_of("adaudit.connectors")
CONFIRM: Final = 2
"""How often a doubtful answer is asked for again."""
FILTERS: Final[dict[str, str]] = {
    "what": "--what",
    "countries": "--country",
    "since": "--since",
    "until": "--until",
    "pages": "--page",
    "advertisers": "--advertiser",
    "terms": "--term",
    "ad_type": "--ad-type",
    "years": "--year",
    "ids": "--id",
}
"""What can be asked for, with the option of `adaudit pull` that says it."""


class Scope(BaseModel):
    """What a pull asks a source for; two pulls of the same scope can be compared."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: str = ""
    countries: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    pages: tuple[str, ...] = ()
    advertisers: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    ad_type: str = ""
    years: tuple[int, ...] = ()
    ids: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> "Scope":
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"since {self.since} is after until {self.until}")
        return self

    def as_written(self) -> dict[str, object]:
        """The scope without what was not asked for."""
        return self.model_dump(mode="json", exclude_defaults=True)

    def said(self) -> Wording:
        """The scope in one line."""
        asked = self.as_written().items()
        parts = [SAY.both(f"scope_{name}", values=_listed(value)) for name, value in asked]
        return joined(", ", parts) if parts else SAY.both("scope_everything")


def _listed(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@dataclass(frozen=True)
class Fetched:
    """One answer that counts, as it came: its body, or the file it was downloaded to."""

    request: Request
    answer: Answer
    then: State
    name: str = ""
    """The file's name, where the source gives one that says of which country or period the file is."""
    rows: int | None = None
    """How many records the answer seems to hold: for progress alone."""
    told: int | None = None
    """How many records the source says there are for the whole scope."""
    file: Path | None = None
    note: str = ""
    """What a person must know of the answer, such as a filter that the source did not take."""


@dataclass(frozen=True)
class Connection:
    """What a fetch works with."""

    session: Session
    base: str
    """The address of the source, without a slash at the end."""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The credentials of the source by name; only those that are set."""
    settings: Mapping[str, str] = field(default_factory=dict)
    folder: Path = Path()
    """Where a download may lie until it is kept."""
    day: Callable[[], date] = date.today
    pace: Callable[[str], None] = lambda _limit: None
    """Takes one call of a named limit, such as a daily quota. Raises SourceLimited where it is used up."""
    kept: Callable[[], Iterator[bytes]] = lambda: iter(())
    """The answers of this pull that are kept by now, in their order."""


class Fetch(Protocol):
    """Asks a source for a scope."""

    def __call__(self, scope: Scope, to: Connection, state: State) -> Iterator[Fetched | Missing]:
        """The answers, and what is given up on, from a state on."""


def fetcher(source: str) -> Fetch:
    """The fetch of a source. Raises UsageError where adaudit cannot pull it, with the way that there is."""
    if source not in sources():
        raise UsageError(f"{source!r} is no source. Known: {', '.join(sources())}.")
    name = f"adaudit.connectors.{source}.fetch"
    described = sources()[source]
    if described.live is None or find_spec(name) is None:
        raise UsageError(f"{source}: cannot be pulled. {described.no_pull or described.access}")
    found: Fetch = import_module(name).fetch
    return found


def account_place(source: str, settings: Mapping[str, str]) -> str:
    """Where the credentials of a source's account lie that its own programs keep.

    Raises UsageError where there are none, or the extra that takes them is not installed, with what to do.
    """
    found: str = import_module(f"adaudit.connectors.{source}.account").place(settings)
    return found


def checked(scope: Scope, source: Source) -> Scope:
    """The scope, where the source can be asked for it. Raises UsageError naming what it can be asked for."""
    assert source.live is not None  # noqa: S101 - a source without has no fetcher
    if scope.what and scope.what not in source.live.what:
        raise UsageError(
            f"--what {scope.what}: {source.id} has {', '.join(source.live.what) or 'but one thing to ask for'}."
        )
    part = source.live.part(scope.what)
    named = f"{source.id} {scope.what}".strip()
    asked = set(scope.as_written()) - {"what"}
    allowed = [FILTERS[name] for name in FILTERS if name in part.filters]
    for name in sorted(asked - set(part.filters)):
        raise UsageError(f"{named} cannot be asked by {FILTERS[name]}; it can by {', '.join(allowed) or 'nothing'}.")
    for group in part.needs:
        if not asked & set(group):
            raise UsageError(f"{named} needs {' or '.join(FILTERS[name] for name in group)}.")
    return scope


def as_keys(error: UsageError) -> str:
    """What is wrong with a scope, said for a file: by the names of the filters, not by the options of `pull`."""
    words = str(error)
    for name, option in FILTERS.items():
        words = words.replace(option, name)
    return words


def fallen_short(what: str, came: int, told: int | None) -> list[Missing]:
    """What a source said that there is and did not show; nothing where it showed all that it told."""
    if told is None or came >= told:
        return []
    why = "the source counts them and did not show them"
    return [Missing(what=f"{told - came:,} of {told:,} in {what}", why=why, by="source")]


def left(source: str, scope: Scope, to: Connection, state: State) -> list[str]:
    """What of a scope a fetch has not brought when it stops in this state: dates, pages, advertisers."""
    found: list[str] = import_module(f"adaudit.connectors.{source}.fetch").left(scope, to, state)
    return found


def number_in(state: State, name: str, first: int = 0) -> int:
    """A number that the state tells; the first one at the beginning."""
    return int(str(state.get(name, first)))


def whole(value: object) -> int | None:
    """The value where it is a whole number; None for whatever else a source says."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def lacking(key: str, body: Mapping[str, object]) -> Again:
    """That an answer has no such key, as something to be asked again."""
    return Again(f"expected `{key}`; found the keys {', '.join(sorted(body)) or 'of nothing'}")


def confirmed(
    session: Session, request: Request, judge: Judge, doubtful: Callable[[dict[str, Any]], bool]
) -> tuple[Answer, dict[str, Any]]:
    """The answer; one that is doubtful, as without records that the source counts, is asked for again a few times."""
    answer, body = session.ask_json(request, judge)
    for _ in range(CONFIRM):
        if not doubtful(body):
            break
        answer, body = session.ask_json(request, judge)
    return answer, body
