"""One pull: ask, keep what comes, say what did not, and read it. It can stop at any instant and go on."""

import json
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final, Literal

from adaudit import __version__
from adaudit.audit.intake import Intake
from adaudit.collection.kept import cleaned, cleaned_text, kept, now
from adaudit.collection.observe import observe
from adaudit.connectors import sources
from adaudit.connectors.fetching import Connection, Fetched, Scope, checked, fetcher, left
from adaudit.connectors.source import Live
from adaudit.credentials import secrets_of, setting
from adaudit.errors import (
    Because,
    LastAnswer,
    SourceError,
    SourceLimited,
    SourceRefused,
    StoreError,
    UsageError,
)
from adaudit.evidence.manifest import NOTHING, Entry, Lost, Outcome
from adaudit.http import Patience, Session, host_of, is_local
from adaudit.language import Wording, joined, texts_of
from adaudit.store import Pull, Store
from adaudit.store.paces import Paces
from adaudit.store.pulls import followed, named

Told = Callable[[Pull, str], None]
"""Called with the pull as it stands and what happened: begin, kept, missing, reading, end."""
SAY: Final = texts_of("adaudit.collection")
STOPPED: Final = SAY.both("stopped")


@dataclass(frozen=True)
class Asking:
    """How a pull is made, beside what it asks for."""

    patience: Patience = field(default_factory=Patience)
    seconds: float | None = None
    """The time within which to stop; the pull goes on from there another time."""
    canaries: tuple[str, ...] = ()
    """Ids of records that must come back."""


def begin(store: Store, source: str, scope: Scope) -> Pull:
    """A new pull, written into the manifest. Raises UsageError where the source cannot be asked for the scope."""
    fetcher(source)
    checked(scope, sources()[source])
    at = datetime.now(UTC)
    name = named(at, source, store.pulls.last())
    fact = {"entry": "begin", "pull": name, "at": at.isoformat(), "source": source, "how": "pull"}
    pull = Pull.begun(store.manifest.add(**fact, scope=scope.as_written(), adaudit=__version__))
    store.pulls.save(pull)
    return pull


def unfinished(store: Store, source: str | None = None) -> list[Pull]:
    """The pulls that have something left to ask, of the source where one is named; by time."""
    pulls = followed(store.manifest.entries()).values()
    return [one for one in pulls if one.resumable and source in (None, one.source)]


def connect(store: Store, source: str, asking: Asking, what: str = "") -> Connection:
    """What a fetch of that part of the source works with. Raises UsageError where a credential is not set."""
    live = sources()[source].live
    assert live is not None  # noqa: S101 - `fetcher` saw to it
    found = secrets_of(source, {name: one.variable for name, one in live.credentials.items()})
    for name, one in live.credentials.items():
        if one.required and name not in found:
            raise UsageError(
                f"{source} asks for {name}: set {one.variable}, or run adaudit login {source}. {one.words}"
            )
    part = live.part(what)
    own = part.base or live.base
    base = setting(f"ADAUDIT_{source.upper()}_URL") or own
    paces = Paces(
        store.state,
        source,
        [] if is_local(host_of(base)) else [(one.calls, one.seconds) for one in live.rates],
        {name: (one.calls, one.seconds) for name, one in live.limits.items()},
    )
    session = Session(
        frozenset({host_of(base), *(live.hosts if base == live.base else ()), *(part.hosts if base == own else ())}),
        patience=asking.patience,
        pace=paces.wait,
        deadline=None if asking.seconds is None else time.monotonic() + asking.seconds,
        contact=setting("ADAUDIT_CONTACT"),
    )
    return Connection(session, base.rstrip("/"), found, settings_of(source, live), store.partial, pace=paces.take)


def settings_of(source: str, live: Live) -> dict[str, str]:
    """What may change of how a source is asked: as the environment or `.env` says, else as its description does."""
    return {name: setting(f"ADAUDIT_{source}_{name}".upper()) or value for name, value in live.settings.items()}


def go(store: Store, pull: Pull, asking: Asking, told: Told) -> Pull:
    """Ask for what is left of a pull, keep it, and read it; the pull as it ended.

    What a source does not give ends the pull with its outcome and never raises. Raises UsageError where a
    credential is not set and StoreError where the disk is full: both leave the pull to be gone on with.
    """
    scope = Scope.model_validate(pull.scope)
    to = replace(
        connect(store, pull.source, asking, scope.what),
        kept=lambda: (one.read()[0] for one in kept(store, pull.id)),
    )
    if pull.answers or pull.missing or pull.outcome is not None:
        pull.follow(store.manifest.add(entry="resume", pull=pull.id, at=now(), adaudit=__version__))
    told(pull, "begin")
    with to.session:
        end = _walk(store, pull, scope, to, told)
    told(pull, "reading")
    intake = observe(store, pull)
    _finish(store, pull, end, asking.canaries, intake, list(to.secrets.values()))
    told(pull, "end")
    return pull


@dataclass(frozen=True)
class _End:
    """Why the asking ended: nothing left to ask, or what stopped it."""

    outcome: Outcome | None = None
    why: Wording = NOTHING
    left: Sequence[str] = ()
    because: Because | None = None
    answer: LastAnswer | None = None
    credential: bool = False


def _walk(store: Store, pull: Pull, scope: Scope, to: Connection, told: Told) -> _End:
    secrets = list(to.secrets.values())
    safety = Safety(store)
    try:
        for step in fetcher(pull.source)(scope, to, pull.then):
            if isinstance(step, Fetched):
                _keep(store, pull, step, secrets)
            else:
                clean = {name: cleaned_text(getattr(step, name), secrets) for name in ("what", "why")}
                said = step.model_copy(update=clean)
                pull.follow(_fact(store, pull, entry="missing", missing=said, then=pull.then))
            safety.follow()
            told(pull, "kept" if isinstance(step, Fetched) else "missing")
    except SourceError as error:
        rest = left(pull.source, scope, to, pull.then)
        why, last = Wording(cleaned_text(str(error), secrets)), _last_answer(error)
        return _End(_outcome(error), why, rest, error.because, last, credential=bool(secrets))
    except sqlite3.Error as error:
        raise StoreError(
            f"{store.state} could not be written ({error}); make room, then go on with --resume. Nothing that was "
            "kept before is lost."
        ) from error
    except KeyboardInterrupt:
        return _End("truncated", STOPPED, left(pull.source, scope, to, pull.then), "stopped_here")
    finally:
        safety.end()
    return _End()


class Safety:
    """Makes what was kept safe against a power cut while the source is asked for more, one answer behind."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._worker = ThreadPoolExecutor(1)
        self._going: Future[None] | None = None

    def follow(self) -> None:
        """See that what was kept before is safe, and begin with what was kept now."""
        if self._going is not None:
            self._going.result()
        self._going = self._worker.submit(self._store.settle)

    def end(self) -> None:
        """See that everything is safe."""
        try:
            self.follow()
            if self._going is not None:
                self._going.result()
        finally:
            self._worker.shutdown()


def _outcome(error: SourceError) -> Outcome:
    if isinstance(error, SourceRefused):
        return "refused"
    return "rate_limited" if isinstance(error, SourceLimited) else "truncated"


def _keep(store: Store, pull: Pull, step: Fetched, secrets: Sequence[str]) -> None:
    """Keep one answer: first its bytes, then the line that says so, with the place from where to go on."""
    if step.file is None:
        data, removed = cleaned(step.answer.data, secrets)
        digest, size = store.vault.keep(data), len(data)
    else:
        digest, size, removed = store.vault.keep_file(step.file), step.file.stat().st_size, 0
    pull.follow(
        _fact(
            store,
            pull,
            entry="kept",
            page=pull.answers + 1,
            sha256=digest,
            size=size,
            name=step.name,
            request=step.request.as_written(),
            status=step.answer.status,
            headers=step.answer.kept_headers(),
            taken_out=removed,
            rows=step.rows,
            told=step.told,
            note=step.note,
            then=dict(step.then),
        )
    )
    if step.file is not None:
        step.file.unlink()
        step.file.with_name(f"{step.file.name}.validator").unlink(missing_ok=True)


def _fact(store: Store, pull: Pull, **fact: object) -> Entry:
    return store.manifest.add(pull=pull.id, at=now(), **fact)


def _last_answer(error: BaseException | None) -> LastAnswer | None:
    """The answer that an error speaks of, or one that it came of."""
    while error is not None:
        if isinstance(error, SourceError) and error.answer is not None:
            return error.answer
        error = error.__cause__
    return None


def _finish(
    store: Store, pull: Pull, end: _End, canaries: Sequence[str], intake: Intake, secrets: Sequence[str]
) -> None:
    """Say in the manifest how the pull ended, by what was asked, what came, and what had to come."""
    if end.outcome is None:
        outcome, why, lost = _judged(store, pull, canaries, intake)
        pull.follow(_fact(store, pull, entry="end", outcome=outcome, why=why, walked=True, lost=lost))
    else:
        stopped = {"because": end.because, "credential": end.credential, "left": tuple(end.left)}
        kept_answer = {} if end.answer is None else _kept_answer(store, end.answer, secrets)
        pull.follow(_fact(store, pull, entry="end", outcome=end.outcome, why=end.why, **stopped, **kept_answer))
    store.settle()
    store.pulls.save(pull)


def _kept_answer(store: Store, answer: LastAnswer, secrets: Sequence[str]) -> dict[str, object]:
    """Keep the answer that stopped a pull, which is none of its pages; what the manifest says of it."""
    request = json.loads(cleaned_text(json.dumps(answer.request, ensure_ascii=False), secrets))
    told: dict[str, object] = {"request": request, "status": answer.status, "headers": answer.headers}
    if not answer.data:
        return told
    data, removed = cleaned(answer.data, secrets)
    return {**told, "sha256": store.vault.keep(data), "size": len(data), "taken_out": removed}


def _judged(
    store: Store, pull: Pull, canaries: Sequence[str], intake: Intake
) -> tuple[Outcome, Wording, Lost | Literal[""]]:
    """The outcome of a pull that came to the end of what it had to ask, why, and what it lacks."""
    broken, short = _broken(store, pull, canaries), _short(pull, intake)
    if broken is not None:
        return "broken", *broken
    if short is not None:
        return "truncated", *short
    if pull.records:
        return "complete", NOTHING, ""
    if pull.rows and all(one.outcome in {"recognised, not counted", "repeated"} for one in intake.reports):
        return "complete", SAY.both("not_counted"), ""
    before = next((one.id for one in store.pulls.before(pull) if one.records), "")
    return "empty", SAY.both("no_record_before", before=before) if before else SAY.both("no_record"), ""


def _broken(store: Store, pull: Pull, canaries: Sequence[str]) -> tuple[Wording, Lost] | None:
    """What must have come and did not; None where all of it came."""
    records = pull.records or 0
    shown = set(store.observations.listing(pull.id).select("record_id").collect()["record_id"]) if canaries else set()
    lost = [one for one in canaries if one not in shown]
    if lost:
        return SAY.both("canary_lost", ids=", ".join(lost)), "known"
    live = sources()[pull.source].live
    if live is not None and not pull.scope and records < live.floor:
        return SAY.both("below_floor", count=records, source=pull.source, floor=live.floor), "floor"
    return None


def _short(pull: Pull, intake: Intake) -> tuple[Wording, Lost | Literal[""]] | None:
    """What did not come, or came and could not be read; None where there is nothing of the kind."""
    unread = [one for one in intake.reports if one.problem]
    said = [SAY.of("parts_missing", len(pull.missing))] if pull.missing else []
    lost: Lost | Literal[""] = ""
    came = (pull.records or 0) + sum(len(one.rejected) for one in intake.reports)
    if pull.told is not None and came < pull.told:
        said.append(SAY.both("fewer_came", told=pull.told, came=came))
        lost = "counted"
    if unread:
        said.append(SAY.of("unread", len(unread), path=unread[0].path, problem=unread[0].problem or ""))
        lost = "read"
    return (joined(" ", said), lost) if said else None


def heal(store: Store) -> list[Pull]:
    """Read the answers of pulls whose reading a crash cut short, and describe every pull that has no description.

    Raises StoreError where an adaudit of other columns made observations: what is read now is held to those.
    """
    store.in_place()
    healed = []
    described = store.pulls.whole()
    for pull in followed(store.manifest.entries()).values():
        unread = pull.records is None or not store.observations.has(pull.id)
        if pull.outcome is not None and pull.answers and unread:
            observe(store, pull)
        elif described.get(pull.id) == pull:
            continue
        store.pulls.save(pull)
        healed.append(pull)
    return healed
