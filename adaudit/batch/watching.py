"""Folders in which files are laid that were saved by hand: which of them the store does not hold yet."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from adaudit.batch.configuration import Watched
from adaudit.collection.importing import digest_as_kept
from adaudit.errors import InputError, UsageError
from adaudit.evidence import expand
from adaudit.evidence.inputs import Input
from adaudit.evidence.manifest import Entry

UNFINISHED: Final = (".part", ".crdownload", ".download", ".tmp", ".partial")
"""Endings of the names of downloads that go on."""


@dataclass
class Found:
    """What lies in a watched folder."""

    fresh: list[Path] = field(default_factory=list)
    """Files that the store does not hold, each content once."""
    known: int = 0
    unsettled: list[Path] = field(default_factory=list)
    """Files that may not be whole yet."""


def imported(entries: Iterable[Entry]) -> set[str]:
    """The SHA-256 of everything that imports kept which came to their end, as the manifest's lines tell."""
    imports: dict[str, set[str]] = {}
    done: set[str] = set()
    for entry in entries:
        if entry.entry == "begin" and entry.how == "import":
            imports[entry.pull] = set()
        elif entry.pull in imports and entry.entry == "kept":
            imports[entry.pull].add(entry.sha256)
        elif entry.pull in imports and entry.entry == "end":
            done |= imports[entry.pull]
    return done


def look(watched: Watched, known: set[str], now: datetime) -> Found:
    """What lies in a folder. Raises UsageError where there is no such folder."""
    if not watched.folder.is_dir():
        raise UsageError(f"{watched.folder} is no folder, or is not there now.")
    found = Found()
    seen: set[str] = set()
    for given in expand([watched.folder])[0]:
        if not given.problem and _unsettled(given.path, now, watched.settle):
            found.unsettled.append(given.path)
            continue
        digest = _digest(given)
        if digest in known:
            found.known += 1
        elif not digest or digest not in seen:
            seen.add(digest)
            found.fresh.append(given.path)
    return found


def _unsettled(path: Path, now: datetime, settle: timedelta) -> bool:
    """Whether a file may not be whole yet: a download's name, or written to a moment ago."""
    written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return path.suffix.lower() in UNFINISHED or abs(now - written) < settle


def _digest(given: Input) -> str:
    """The SHA-256 under which an import would keep the file; empty where it cannot be read, which an import tells."""
    try:
        return digest_as_kept(given)
    except (InputError, OSError):
        return ""
