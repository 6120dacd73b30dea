"""Finds the files that were named and reads them."""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from adaudit.errors import UnreadableInput, UsageError
from adaudit.evidence.names import plain
from adaudit.language import Wording, texts_of

SAY: Final = texts_of("adaudit.evidence")


class Given(Protocol):
    """Bytes to be read: a file that an argument names, or an answer that the store keeps."""

    @property
    def shown(self) -> str:
        """How it is named to a person."""

    @property
    def name(self) -> str:
        """The name of the file: of some forms it says the country and the period."""

    @property
    def observed_at(self) -> datetime | None:
        """When it was seen, where that is known."""

    def read(self) -> tuple[bytes, str]:
        """The bytes and their SHA-256. Raises UnreadableInput."""


@dataclass(frozen=True)
class Input:
    """One file as given: its path relative to the argument that named it, and where it lies.

    `problem` says why it cannot be read where that is known before: a folder that does not open.
    """

    shown: str
    path: Path
    problem: str = ""
    observed_at: datetime | None = None

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.name

    def read(self) -> tuple[bytes, str]:
        """The bytes of the file as given and their SHA-256. Raises UnreadableInput."""
        return read_input(self)


def expand(arguments: Sequence[Path]) -> tuple[list[Input], list[Wording]]:
    """Every file that the arguments name, and what of the folders was passed over, in both languages.

    Folders are read by name and in depth, links to folders followed unless they lead back. Passed over
    are hidden files, what is no regular file, and folders that hold an audit's results; a pipe or a
    device is never opened. Raises UsageError for an argument that does not exist or is no file or folder.
    """
    found: list[Input] = []
    passed_over: list[Wording] = []
    for argument in arguments:
        if argument.is_dir():
            walk = _Walk(argument, passed_over)
            found += walk.files(argument, ())
        elif argument.is_file():
            found.append(Input(plain(argument.name), argument))
        elif argument.exists():
            raise UsageError(f"{plain(str(argument))}: neither a file nor a folder (a pipe or a device is not opened).")
        else:
            raise UsageError(f"{plain(str(argument))}: no such file or folder.")
    return found, passed_over


@dataclass
class _Walk:
    """One folder that was named, being listed."""

    root: Path
    passed_over: list[Wording]
    _above: list[tuple[int, int]] = field(default_factory=list)

    def files(self, folder: Path, inner: tuple[str, ...]) -> Iterator[Input]:
        """The files below the folder by name and in depth."""
        shown = str(Path(self.root.name, *map(plain, inner)))
        try:
            state = folder.stat()
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            yield Input(shown, folder, f"a folder that does not open ({error.strerror or error})")
            return
        here = (state.st_dev, state.st_ino)
        if here in self._above:
            self._pass_over(folder, "leads_back")
            return
        if any(entry.name == "summary.json" for entry in entries) and holds_audit(folder):
            self._pass_over(folder, "results_of_an_audit")
            return
        self._above.append(here)
        for entry in entries:
            path = folder / entry.name
            if entry.name.startswith(".") or entry.name == "__MACOSX":
                self._pass_over(path, "hidden")
            elif entry.is_dir():
                yield from self.files(path, (*inner, entry.name))
            elif entry.is_file():
                yield Input(f"{shown}/{plain(entry.name)}", path)
            else:
                self._pass_over(path, "no_regular_file")
        self._above.pop()

    def _pass_over(self, path: Path, why: str) -> None:
        self.passed_over.append(SAY.both("passed_over", path=plain(str(path)), why=SAY.both(why)))


def holds_audit(folder: Path) -> bool:
    """Whether the folder holds the results of an audit: a summary that says which adaudit made it."""
    try:
        summary = json.loads((folder / "summary.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(summary, dict) and "adaudit" in summary


def read_input(given: Input) -> tuple[bytes, str]:
    """The bytes of the file as given and their SHA-256. Raises UnreadableInput."""
    if given.problem:
        raise UnreadableInput("a readable folder", given.problem, advice="Give yourself the right to read it.")
    try:
        data = given.path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableInput("a readable file", "none any more: it was there a moment ago") from error
    except OSError as error:
        raise UnreadableInput(
            "a readable file",
            error.strerror or str(error),
            advice="See whether you may read it, and its disk is sound.",
        ) from error
    return data, hashlib.sha256(data).hexdigest()
