"""How things stand: which sources can be asked, with credentials from where, and how the store does. Offline."""

import json
import platform
import shutil
from dataclasses import asdict, dataclass, field
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import polars as pl

from adaudit import __version__
from adaudit.collection.chain import Chain, chain
from adaudit.collection.expiry import Expiry, expiry_of, untold
from adaudit.collection.pulling import settings_of
from adaudit.connectors import Source, sources
from adaudit.connectors.fetching import account_place
from adaudit.connectors.source import Live
from adaudit.credentials import origin, setting
from adaudit.errors import AdauditError, UsageError
from adaudit.http import host_of
from adaudit.language import Wording, texts_of
from adaudit.store import Pull, Store

SAY: Final = texts_of("adaudit.collection")
LEAST_FREE: Final = 2**30
"""Bytes that should be free on the disk."""


@dataclass(frozen=True)
class Secret:
    """One credential of a source: where it comes from, never its value."""

    name: str
    variable: str
    required: bool
    place: str
    """`environment`, `.env`, the path of the file, or empty where it is not set."""


@dataclass(frozen=True)
class Account:
    """An account of the user's own that parts of a source need: where its credentials lie."""

    name: str
    parts: tuple[str, ...]
    place: str
    """The file; empty where there are none, or they cannot be taken."""
    todo: Wording = field(default_factory=lambda: Wording(""))


@dataclass
class SourceState:
    """Whether a source can be pulled."""

    id: str
    live: bool
    """Whether adaudit can ask it over the network; files saved by hand can be imported of every source."""
    ready: bool
    credentials: list[Secret] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    elsewhere: str = ""
    """The host that is asked in the place of the source's own."""
    last: Pull | None = None
    expires: Expiry | None = None
    """When its credentials expire; None where nobody noted it, or there are none."""
    expiry: Wording = field(default_factory=lambda: Wording(""))
    """When that is, or that the source does not tell; empty where no credential is set."""
    todo: Wording = field(default_factory=lambda: Wording(""))


@dataclass
class Unfinished:
    """A pull or an import that did not come to its end."""

    pull: str
    answers: int
    todo: Wording


@dataclass
class StoreState:
    """How the store does."""

    folder: str
    there: bool = False
    layout: int | None = None
    made_by: str = ""
    size: int = 0
    free: int = 0
    pulls: int = 0
    writer: str = ""
    unfinished: list[Unfinished] = field(default_factory=list)
    todo: list[Wording] = field(default_factory=list)
    problem: str = ""
    """Why it cannot be used; empty where it can."""


@dataclass
class Readiness:
    """Everything of which a person wants to know whether it works."""

    sources: list[SourceState]
    store: StoreState
    problem: str = ""
    """What is wrong with the file of credentials; empty where nothing is."""
    adaudit: str = __version__
    python: str = platform.python_version()
    polars: str = pl.__version__

    @property
    def well(self) -> bool:
        """Whether nothing stands in the way: a source without credentials does not."""
        return not (self.problem or self.store.problem)

    def as_written(self) -> dict[str, Any]:
        """The state for a program to read."""
        told: dict[str, Any] = {"adaudit": self.adaudit, "python": self.python, "polars": self.polars}
        told |= {"well": self.well, "problem": self.problem, "sources": [], "store": {}}
        for one in self.sources:
            last = one.last
            said = {"id": last.id, "outcome": last.outcome, "why": last.why, "ended": _iso(last)} if last else None
            credentials = [asdict(secret) for secret in one.credentials]
            state = {"id": one.id, "live": one.live, "ready": one.ready, "elsewhere": one.elsewhere, "last": said}
            accounts = [{**vars(account), "todo": account.todo.written()} for account in one.accounts]
            day, words = one.expires.day.isoformat() if one.expires else None, one.expiry.written()
            state |= {"credentials": credentials, "accounts": accounts, "expires": day, "expiry": words}
            told["sources"].append({**state, "todo": one.todo.written()})
        unfinished = [{**vars(one), "todo": one.todo.written()} for one in self.store.unfinished]
        todo = [one.written() for one in self.store.todo]
        told["store"] = {**vars(self.store), "unfinished": unfinished, "todo": todo}
        return told


def _iso(pull: Pull) -> str | None:
    return pull.ended.isoformat() if pull.ended else None


def readiness(folder: Path, today: date) -> Readiness:
    """How things stand with the sources, and with the store in the folder. Asks nobody and writes nothing."""
    store, told = _store(folder)
    last = {one.source: one for one in sorted(told.pulls.values(), key=lambda one: one.id) if one.how == "pull"}
    found = Readiness([], store)
    for source in sources().values():
        try:
            state = _source(source, today)
        except UsageError as error:
            found.problem = str(error)
            state = SourceState(source.id, live=True, ready=False, todo=Wording(str(error)))
        state.last = last.get(source.id)
        found.sources.append(state)
    return found


def _source(source: Source, today: date) -> SourceState:
    live = source.live
    if live is None or find_spec(f"adaudit.connectors.{source.id}.fetch") is None:
        todo = SAY.both("todo_hand", source=source.id, why=source.no_pull or source.access)
        return SourceState(source.id, live=False, ready=False, todo=todo)
    secrets = [
        Secret(name, one.variable, one.required, origin(source.id, name, one.variable))
        for name, one in live.credentials.items()
    ]
    lacking = [one.variable for one in secrets if one.required and not one.place]
    todo = (
        SAY.both("todo_login", source=source.id, variables=", ".join(lacking))
        if lacking
        else SAY.both("todo_pull", source=source.id)
    )
    base = setting(f"ADAUDIT_{source.id.upper()}_URL")
    elsewhere = host_of(base) if base else ""
    state = SourceState(source.id, True, not lacking, secrets, _accounts(source, live), elsewhere, todo=todo)
    if any(one.place for one in secrets):
        state.expires = expiry_of(source, today)
        state.expiry = state.expires.words if state.expires else untold(source)
    if state.expires and not lacking:
        state.ready = not state.expires.over
        state.todo = state.expires.todo if state.expires.near else todo
    return state


def _accounts(source: Source, live: Live) -> list[Account]:
    """The accounts that parts of the source need, each looked for in its place and asked nothing."""
    found = []
    for name in live.accounts:
        place, todo = "", Wording("")
        try:
            place = account_place(source.id, settings_of(source.id, live))
        except UsageError as error:
            todo = Wording(str(error))
        found.append(Account(name, live.parts_of(name), place, todo))
    return found


def _store(folder: Path) -> tuple[StoreState, Chain]:
    """How the store does, and what its manifest tells; nothing of one that is not there or cannot be used."""
    state = StoreState(str(folder))
    place = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
    state.free = shutil.disk_usage(place).free
    if state.free < LEAST_FREE:
        state.todo.append(SAY.both("todo_room", count=LEAST_FREE))
    state.there = (folder / "store.json").exists()
    if not state.there:
        return state, Chain()
    try:
        store = Store(folder)
        about = json.loads((folder / "store.json").read_text("utf-8"))
        state.layout, state.made_by, state.writer = about["layout"], str(about.get("made_by", "")), store.writer()
    except AdauditError as error:
        state.problem = str(error)
        return state, Chain()
    told = chain(store.manifest)
    state.size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    state.pulls = len(told.pulls)
    if told.broken:
        state.problem = SAY.both("todo_verify", count=len(told.broken))
    if store.next.exists() and not state.writer:
        state.todo.append(SAY.both("todo_put_in_place"))
    for one in told.pulls.values() if not state.writer else ():
        if one.resumable:
            state.unfinished.append(Unfinished(one.id, one.answers, SAY.both("todo_resume", source=one.source)))
        elif one.outcome is None:
            state.unfinished.append(Unfinished(one.id, one.answers, SAY.both("todo_import_again")))
    return state, told
