"""The manifest of the kept bytes: one line a fact, each with the hash of the line before.

A line, once written, never changes; a line that a crash left half-written was never acknowledged and is
taken away when the manifest is opened again. Nobody can take out, alter or put in a line without every
later line showing it.
"""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, PlainSerializer, PlainValidator, ValidationError, field_validator

from adaudit.errors import Because, EvidenceError, StoreError
from adaudit.evidence.vault import settle, write_piece, write_text
from adaudit.language import Wording

FIRST: Final = "0" * 64
"""What the first line names as the hash of the line before."""
Outcome = Literal["complete", "truncated", "refused", "rate_limited", "empty", "broken"]
"""How a pull ended; `broken` where a canary that must come back did not."""
Lost = Literal["known", "floor", "counted", "read"]
"""What a pull that came to its end lacks: a record that must come back, as many as the source is known to have or says
that it has, or what came and could not be read."""


NAME: Final = re.compile("[0-9a-f]{64}")
"""The name of kept bytes: nothing else in a line ever leads to a file."""
UNSETTLED: Final = 4
"""Lines that may be written before the bytes they tell of are safe against a power cut."""


def in_data(text: str) -> str | dict[str, str]:
    """A text as it stands in data: in both languages, plain where both say the same."""
    return text.written() if isinstance(text, Wording) and text.nl != text else str(text)


Worded = Annotated[Wording, PlainValidator(Wording.read), PlainSerializer(in_data)]
"""A text of a model in both languages."""
NOTHING: Final = Wording("")


class Missing(BaseModel):
    """What a pull did not get, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: str
    why: str
    by: Literal["", "source", "asker"] = ""
    """By whom: the source, which says that it has it or that it failed to give it, or whoever asked, who cannot ask for
    it so; empty where that is not known."""


class Entry(BaseModel):
    """One line. `begin` and `end` are of a pull; `kept` is one answer or file; `missing` is what did not come;
    `read` says with which adaudit the answers were read, and the hashes of the files that this made.
    `stamp` is of no pull: an authority's time stamp of the line before it, whose hash is `before`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    entry: Literal["begin", "kept", "missing", "resume", "read", "end", "stamp"]
    number: int
    before: str
    pull: str = ""
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
    roots: str = ""
    """SHA-256 of the kept certificates that a time stamp was held to."""
    files: dict[str, str] = {}
    """SHA-256 of each file of observations, by its name."""
    records: int | None = None
    """Records that were read."""
    new: int | None = None
    """Of them, versions that the store did not know."""
    issues: tuple[Worded, ...] = ()
    """What the answers hold that the documentation does not tell of."""
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
    because: Because | Literal[""] = ""
    """What stopped a pull, in one word; the answer that stopped it is kept under `sha256`, and is none of its pages."""
    credential: bool = False
    """Whether what stopped it was asked with a credential."""
    lost: Lost | Literal[""] = ""
    why: Worded = NOTHING

    @field_validator("at", "observed_at")
    @classmethod
    def _an_instant(cls, text: str) -> str:
        if datetime.fromisoformat(text).tzinfo is None:
            raise ValueError("expected an instant with its offset from UTC")
        return text

    @field_validator("sha256", "roots")
    @classmethod
    def _a_name(cls, text: str) -> str:
        if text and not NAME.fullmatch(text):
            raise ValueError("expected a SHA-256 in 64 hexadecimal digits")
        return text

    def line(self) -> bytes:
        """The line as it is written, without what is empty."""
        written = self.model_dump(exclude_defaults=True)
        return json.dumps(written, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8") + b"\n"


@dataclass(frozen=True)
class Line:
    """One line as it stands there: its own hash, and what is wrong with it, where something is."""

    number: int
    sha256: str
    entry: Entry | None
    problem: str = ""


class Manifest:
    """The lines of one store. One process writes at a time: the store's lock sees to that."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._number = 0
        self._before = FIRST
        self._opened = False

    def entries(self) -> Iterator[Entry]:
        """Every line in order, the chain checked. Raises EvidenceError for a line that breaks it."""
        for line in self.lines():
            if line.entry is None or line.problem:
                raise EvidenceError(line.problem)
            yield line.entry

    def lines(self) -> Iterator[Line]:
        """Every line in order, with what is wrong with it: what follows a line that breaks the chain is told too."""
        before = FIRST
        for number, line in enumerate(self._lines()):
            entry, problem = None, ""
            try:
                entry = self._read(line, number)
                if (entry.before, entry.number) != (before, number):
                    problem = (
                        f"{self.path.name}, line {number + 1}: the chain is broken; expected number {number} after "
                        f"{before[:16]}…; found number {entry.number} after {entry.before[:16]}…. "
                        "It is this line that was altered, or the one before it."
                    )
            except EvidenceError as error:
                problem = str(error)
            before = hashlib.sha256(line).hexdigest()
            yield Line(number, before, entry, problem)

    def half_written(self) -> bytes:
        """What stands after the last whole line: a line that a crash cut off, or one that lost its end."""
        data = self.path.read_bytes() if self.path.exists() else b""
        return data[data.rfind(b"\n") + 1 :]

    def note(self, beside: Mapping[str, str]) -> None:
        """Note how many lines there are and the hash of the last, with what else is to be noted. Raises StoreError."""
        write_text(self.noted, noted_text(*self._end(), beside))

    def head(self) -> str:
        """The hash of the last line: whoever knows it can tell that nothing before was altered."""
        return self._end()[1]

    def last(self) -> bytes:
        """The last line as it stands there; empty where there is none. Its SHA-256 is the head of the chain."""
        line = b""
        for line in self._lines():  # noqa: B007 - the last one is wanted
            pass
        return line

    def settle(self) -> None:
        """Make all lines safe against a power cut."""
        if self.path.exists():
            settle(self.path)

    def drop_last(self, bad: Callable[[Entry], bool]) -> int:
        """Take away the last lines that are bad, with all after the first of them; how many.

        Only the few lines that a power cut can have cut off from their bytes are looked at, and of them those
        that were not noted as safe: they were never acknowledged. What is bad before them stays, for `verify`
        to tell of.
        """
        lines = list(self._lines())
        first = max(len(lines) - UNSETTLED, self._lines_noted(), 0)
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
        self._opened = False  # what stops the writing, Ctrl-C too, leaves the end of the chain to be found again
        try:
            self._append(line)
        except OSError as error:
            raise StoreError(
                f"{self.path.name} could not be written ({error.strerror or error}); make room, then go on with "
                "--resume. Nothing that was kept before is lost."
            ) from error
        self._number += 1
        self._before = hashlib.sha256(line).hexdigest()
        self._opened = True
        return entry

    @property
    def noted(self) -> Path:
        """The file beside the manifest that says where the chain stood when the store was last left in order."""
        return self.path.with_name("noted.json")

    def _lines_noted(self) -> int:
        try:
            return int(json.loads(self.noted.read_bytes())["lines"])
        except (OSError, ValueError, KeyError, TypeError):  # none, or a damaged one, which `verify` tells of
            return 0

    def _append(self, line: bytes) -> None:
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            whole = os.fstat(file).st_size
            try:
                write_piece(file, line)
            except OSError:
                os.ftruncate(file, whole)
                raise
        finally:
            os.close(file)

    def _open(self) -> None:
        """Take away a half-written last line, and find where the chain stands."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if half := self.half_written():
            os.truncate(self.path, self.path.stat().st_size - len(half))
        self._number, self._before = self._end()
        self._opened = True

    def _end(self) -> tuple[int, str]:
        """How many lines there are, and the hash of the last."""
        number, last = 0, b""
        for line in self._lines():
            number, last = number + 1, line
        return number, hashlib.sha256(last).hexdigest() if last else FIRST

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


def noted_text(lines: int, head: str, beside: Mapping[str, str]) -> str:
    """What stands in `noted.json` where the chain has so many lines and this head."""
    return json.dumps({"lines": lines, "head": head, **beside}, indent=1) + "\n"
