"""The manifest of the kept bytes: one line a fact, each with the hash of the line before.

A line, once written, never changes; a line that a crash left half-written was never acknowledged and is
taken away when the manifest is opened again. Nobody can take out, alter or put in a line without every
later line showing it.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from adaudit.errors import EvidenceError, StoreError
from adaudit.evidence.vault import settle

FIRST: Final = "0" * 64
"""What the first line names as the hash of the line before."""
Outcome = Literal["complete", "truncated", "refused", "rate_limited", "empty", "broken"]
"""How a pull ended; `broken` where a canary that must come back did not."""


UNSETTLED: Final = 4
"""Lines that may be written before the bytes they tell of are safe against a power cut."""


class Missing(BaseModel):
    """What a pull did not get, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: str
    why: str


class Entry(BaseModel):
    """One line. `begin` and `end` are of a pull; `kept` is one answer or file; `missing` is what did not come;
    `read` says with which adaudit the answers were read, and the hashes of the files that this made."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    entry: Literal["begin", "kept", "missing", "resume", "read", "end"]
    number: int
    before: str
    pull: str
    at: str
    source: str = ""
    how: Literal["", "pull", "import"] = ""
    scope: dict[str, object] = {}
    adaudit: str = ""
    page: int = 0
    sha256: str = ""
    size: int = 0
    name: str = ""
    request: dict[str, object] = {}
    status: int = 0
    headers: dict[str, str] = {}
    taken_out: int = 0
    """Access tokens that were taken out of the bytes before they were written."""
    observed_at: str = ""
    files: dict[str, str] = {}
    """SHA-256 of each file of observations, by its name."""
    then: dict[str, object] = {}
    """From where the pull goes on after this."""
    rows: int | None = None
    """Records that the answer seemed to hold when it came."""
    told: int | None = None
    """Records that the source said there are for the whole scope."""
    note: str = ""
    """What a person must know of the answer."""
    missing: Missing | None = None
    left: tuple[str, ...] = ()
    """What was not asked for any more when the pull stopped."""
    walked: bool = False
    """Whether the pull came to the end of what it had to ask."""
    outcome: Outcome | None = None
    why: str = ""

    def line(self) -> bytes:
        """The line as it is written, without what is empty."""
        written = self.model_dump(exclude_defaults=True)
        return json.dumps(written, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8") + b"\n"


class Manifest:
    """The lines of one store. One process writes at a time: the store's lock sees to that."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._number = 0
        self._before = FIRST
        self._opened = False

    def entries(self) -> Iterator[Entry]:
        """Every line in order, the chain checked. Raises EvidenceError for a line that breaks it."""
        before = FIRST
        for number, line in enumerate(self._lines()):
            entry = self._read(line, number)
            if (entry.before, entry.number) != (before, number):
                raise EvidenceError(
                    f"{self.path.name}, line {number + 1}: the chain is broken; expected number {number} after "
                    f"{before[:16]}…; found number {entry.number} after {entry.before[:16]}…."
                )
            before = hashlib.sha256(line).hexdigest()
            yield entry

    def head(self) -> str:
        """The hash of the last line: whoever knows it can tell that nothing before was altered."""
        last = b""
        for line in self._lines():
            last = line
        return hashlib.sha256(last).hexdigest() if last else FIRST

    def settle(self) -> None:
        """Make all lines safe against a power cut."""
        if self.path.exists():
            settle(self.path)

    def drop_last(self, bad: Callable[[Entry], bool]) -> int:
        """Take away the last lines that are bad, with all after the first of them; how many.

        Only the few lines that a power cut can have cut off from their bytes are looked at: those were never
        acknowledged. What is bad before them stays, for `verify` to tell of.
        """
        lines = list(self._lines())
        first = max(len(lines) - UNSETTLED, 0)
        for number in range(first, len(lines)):
            if bad(self._read(lines[number], number)):
                os.truncate(self.path, sum(map(len, lines[:number])))
                self._opened = False
                return len(lines) - number
        return 0

    def add(self, **fact: object) -> Entry:
        """Write one line; it outlives the program at once. Raises StoreError where the disk is full."""
        if not self._opened:
            self._open()
        entry = Entry.model_validate({**fact, "number": self._number, "before": self._before})
        line = entry.line()
        try:
            self._append(line)
        except OSError as error:
            self._opened = False
            raise StoreError(
                f"{self.path.name} could not be written ({error.strerror or error}); make room, then go on with "
                "--resume. Nothing that was kept before is lost."
            ) from error
        self._number += 1
        self._before = hashlib.sha256(line).hexdigest()
        return entry

    def _append(self, line: bytes) -> None:
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            whole = os.fstat(file).st_size
            try:
                rest = memoryview(line)
                while rest:
                    rest = rest[os.write(file, rest) :]
            except OSError:
                os.ftruncate(file, whole)
                raise
        finally:
            os.close(file)

    def _open(self) -> None:
        """Take away a half-written last line, and find where the chain stands."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if self.path.exists():
            data = self.path.read_bytes()
            whole = data.rfind(b"\n") + 1
            if whole != len(data):
                os.truncate(self.path, whole)
        self._number, self._before = 0, FIRST
        for number, line in enumerate(self._lines()):
            self._number, self._before = number + 1, hashlib.sha256(line).hexdigest()
        self._opened = True

    def _lines(self) -> Iterator[bytes]:
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            for line in file:
                if line.endswith(b"\n"):
                    yield line

    def _read(self, line: bytes, number: int) -> Entry:
        try:
            return Entry.model_validate_json(line)
        except ValidationError as error:
            raise EvidenceError(
                f"{self.path.name}, line {number + 1}: expected an entry; found {line[:80]!r}."
            ) from error
