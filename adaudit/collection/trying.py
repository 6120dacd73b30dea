"""One small request to a source, to see whether it takes the credentials. Nothing of the answer is kept."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from adaudit.collection.kept import cleaned_text
from adaudit.collection.pulling import Asking, connect
from adaudit.connectors import Source
from adaudit.connectors.fetching import Fetched, Scope, checked, fetcher
from adaudit.errors import SourceError, SourceLimited, SourceRefused, UsageError
from adaudit.http import Patience
from adaudit.language import Wording, texts_of
from adaudit.store import Store

SAY: Final = texts_of("adaudit.collection")
Taken = Literal["yes", "no", "unknown"]
"""Whether the source took the credentials."""
PATIENCE: Final = Patience(attempts=2, first=1.0, longest=10.0)
SECONDS: Final = 60.0
"""The time within which the source must answer."""
PERIOD: Final = 30
"""Days before today from which on is asked, where a source asks for days."""
ASKED: Final[dict[str, object]] = {
    "terms": ("verkiezingen",),
    "advertisers": ("partij",),
    "countries": ("NL",),
    "pages": ("1",),
}
"""What is asked for of each filter that a source needs, the first of a group that stands here."""


@dataclass(frozen=True)
class Tried:
    """What the source answered."""

    taken: Taken
    said: Wording


def trial(source: Source, today: date, what: str = "") -> Scope | None:
    """The least that the source, or that part of it, can be asked for; None where that is no small request."""
    asked: dict[str, object] = {"what": what} if what else {}
    known = {**ASKED, "since": today - timedelta(PERIOD), "until": today - timedelta(1)}
    for group in source.live.part(what).needs if source.live else ():
        name = next((one for one in known if one in group), None)
        if name is None:
            return None
        asked[name] = known[name]
    try:
        return checked(Scope.model_validate(asked), source)
    except UsageError:
        return None


def try_once(store: Store, source: Source, scope: Scope) -> Tried:
    """Ask the source once, through its fetch. Raises UsageError where a required credential is not set."""
    ask = fetcher(source.id)
    to = connect(store, source.id, Asking(PATIENCE, SECONDS), scope.what)
    secrets = list(to.secrets.values())
    try:
        with to.session:
            step = next(ask(scope, to, {}), None)
    except SourceError as error:
        why = cleaned_text(str(error), secrets)
        if isinstance(error, SourceRefused):
            return Tried("no", SAY.both("tried_refused", source=source.id, why=why))
        key = "tried_limited" if isinstance(error, SourceLimited) else "tried_failed"
        return Tried("unknown", SAY.both(key, source=source.id, why=why))
    if isinstance(step, Fetched):
        if step.file is not None:
            step.file.unlink(missing_ok=True)
        if step.rows:
            return Tried("yes", SAY.both("tried_answered", source=source.id, count=step.rows))
        return Tried("yes", SAY.both("tried_empty", source=source.id))
    why = cleaned_text(f"{step.what}: {step.why}", secrets) if step is not None else "–"
    return Tried("unknown", SAY.both("tried_failed", source=source.id, why=why))
