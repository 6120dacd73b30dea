"""The time stamps that a store keeps: whether each holds, what it shows, and since when nothing is stamped. Offline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from adaudit.collection.chain import Chain
from adaudit.errors import EvidenceError, UsageError
from adaudit.evidence.manifest import Entry
from adaudit.evidence.timestamps import BadStamp, answer_in, check_installed, held, installed, roots_in
from adaudit.language import Wording, texts_of
from adaudit.store import Store

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

SAY: Final = texts_of("adaudit.collection")
APART: Final = 300
"""Seconds by which the clock of this machine and that of an authority may differ."""


@dataclass(frozen=True)
class Seen:
    """One time stamp that a store keeps."""

    line: int
    """The line of the manifest that tells of it, the first being 1."""
    head: str
    """The hash of the chain that it stamps."""
    authority: str
    file: str
    sha256: str
    holds: bool | None = None
    """None where it was not looked at."""
    roots: Literal["given", "kept", ""] = ""
    """To which certificates it was held."""
    at: datetime | None = None
    """Its time, where it holds."""
    named: str = ""
    """The authority's name in the token."""
    policy: str = ""
    serial: int | None = None
    first: int = 1
    """The first line that it shows to have existed at its time; later than 1 where the chain is broken before."""
    until: int = 0
    """The last such line."""
    why: Wording | None = None
    """Why it does not hold, or was not looked at."""

    def as_written(self) -> dict[str, object]:
        """The stamp for a program to read."""
        told = {name: value for name, value in vars(self).items() if name not in {"at", "why"}}
        why = self.why.written() if self.why is not None else None
        return {**told, "at": self.at.isoformat() if self.at else None, "why": why}


def look(store: Store, told: Chain, damaged: Mapping[str, Path], given: Path | None) -> list[Seen]:
    """Each stamp of the chain. Raises UsageError where the roots that are given cannot be used."""
    roots = None
    if given is not None:
        check_installed()
        roots = _given(given)
    return [_look(store, told, line, entry, damaged, roots) for line, entry in told.stamps]


def unstamped(told: Chain, stamps: Sequence[Seen]) -> int:
    """How many lines no stamp covers that holds; the line of the last such stamp apart."""
    return len(told.hashes) - max((one.line for one in stamps if one.holds), default=0)


def clock_differs(seen: Seen, entry: Entry) -> int:
    """The seconds by which this machine's clock was ahead of the stamp's time; 0 where they agree well enough."""
    ahead = (datetime.fromisoformat(entry.at) - seen.at).total_seconds() if seen.at else 0
    return round(ahead) if abs(ahead) > APART else 0


def _given(path: Path) -> "list[Certificate]":
    try:
        return roots_in(path.read_bytes(), str(path))
    except OSError as error:
        raise UsageError(f"{path} could not be read ({error.strerror or error}); expected certificates.") from error


def _look(
    store: Store,
    told: Chain,
    line: int,
    entry: Entry,
    damaged: Mapping[str, Path],
    given: "list[Certificate] | None",
) -> Seen:
    path = store.vault.where(entry.sha256)
    address, file = str(entry.request.get("url", "")), path.relative_to(store.folder).as_posix()
    seen = Seen(line + 1, entry.before, address, file, entry.sha256)
    if entry.sha256 in damaged:
        return replace(seen, holds=False, why=SAY.both("stamp_altered" if path.exists() else "stamp_gone"))
    if not installed():
        return replace(seen, why=SAY.both("stamp_needs_extra"))
    if given is None and entry.roots in damaged:
        return replace(seen, why=SAY.both("stamp_without_roots"))
    nonce = str(entry.request.get("nonce", ""))
    try:
        roots = given if given is not None else roots_in(store.vault.read(entry.roots), f"roots {entry.roots}")
        drawn = int(nonce) if nonce.isdigit() else None
        found = held(answer_in(store.vault.read(entry.sha256)), entry.before, drawn, roots)
    except BadStamp as error:
        return replace(seen, holds=False, why=error.words)
    except (EvidenceError, UsageError) as error:
        return replace(seen, holds=False, why=Wording(str(error)))
    broken = [number for number, _ in told.broken if number <= line]
    return replace(
        seen,
        holds=True,
        roots="kept" if given is None else "given",
        at=found.at,
        named=found.authority,
        policy=found.policy,
        serial=found.serial,
        first=max(broken, default=0) + 1,
        until=line,
    )
