"""Finds the files that were named, reads them, and opens archives into pages of bytes."""

import hashlib
import io
import json
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from adaudit.errors import UnreadableInput, UsageError
from adaudit.evidence.redaction import redact

ZIP_MAGIC: Final = (b"PK\x03\x04", b"PK\x05\x06")
LARGEST_MEMBER: Final = 8 * 2**30
"""Bytes that one member of an archive may unpack to; a larger one is refused as damaged."""
DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)
"""What the reader of archives raises where bytes are damaged: offsets before the file, names that
are no text, methods that it does not know, a password asked for."""


@dataclass(frozen=True)
class Input:
    """One file as given: its path relative to the argument that named it, and where it lies."""

    shown: str
    path: Path


@dataclass(frozen=True)
class Page:
    """Bytes of one document, tokens removed: a file, or one member of an archive."""

    member: str
    data: bytes
    evidence_sha256: str
    tokens_removed: int

    def locate(self, place: str) -> str:
        """Where a record stands: `member!place`, or `place` alone for a file that is no archive."""
        return f"{self.member}!{place}" if self.member else place


def expand(arguments: Sequence[Path]) -> tuple[list[Input], list[str]]:
    """Every file that the arguments name, and what of the folders was passed over, in words.

    Folders are read by name and in depth. Passed over are hidden files, what is no regular file, and
    folders that hold an audit's results. Raises UsageError for an argument that does not exist.
    """
    found: list[Input] = []
    passed_over: list[str] = []
    for argument in arguments:
        if argument.is_dir():
            results = {path.parent for path in argument.rglob("summary.json") if holds_audit(path.parent)}
            passed_over += [f"{folder}: the results of an audit, no input" for folder in sorted(results)]
            for path in sorted(argument.rglob("*")):
                if path.is_dir() or any(folder in path.parents for folder in results):
                    continue
                if path.is_file() and not _hidden(path, argument):
                    found.append(Input(str(Path(argument.name) / path.relative_to(argument)), path))
                else:
                    passed_over.append(f"{path}: {'hidden' if path.is_file() else 'no regular file'}")
        elif argument.is_file():
            found.append(Input(argument.name, argument))
        else:
            raise UsageError(f"{argument}: no such file or folder.")
    return found, passed_over


def holds_audit(folder: Path) -> bool:
    """Whether the folder holds the results of an audit: a summary that says which adaudit made it."""
    try:
        summary = json.loads((folder / "summary.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(summary, dict) and "adaudit" in summary


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in path.relative_to(root).parts)


def read_input(given: Input) -> tuple[bytes, str]:
    """The bytes of the file as given and their SHA-256. Raises UnreadableInput."""
    try:
        data = given.path.read_bytes()
    except OSError as error:
        raise UnreadableInput("a readable file", f"{error.strerror or error}") from error
    return data, hashlib.sha256(data).hexdigest()


def _page(member: str, data: bytes) -> Page:
    clean, removed = redact(data)
    return Page(member, clean, hashlib.sha256(clean).hexdigest(), removed)


def pages(data: bytes) -> Iterator[Page]:
    """The documents in the bytes of one file: its own, or every member of a zip archive by name.

    Raises UnreadableInput for an empty file or a damaged archive; every member that unpacks has
    been given by then.
    """
    if not data:
        raise UnreadableInput("a file with content", "an empty file (0 bytes)", advice="Download it again.")
    if not data.startswith(ZIP_MAGIC):
        yield _page("", data)
        return
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except DAMAGE as error:
        raise UnreadableInput(
            "a complete zip archive",
            f"a zip of {len(data):,} bytes without its directory ({error}): it was cut off",
            advice="Download it again.",
        ) from error
    damaged: list[UnreadableInput] = []
    with archive:
        if all(info.is_dir() for info in archive.infolist()):
            raise UnreadableInput("an archive with files", "an archive that holds none", advice="Download it again.")
        for info in sorted(archive.infolist(), key=lambda i: i.filename):
            if info.is_dir() or info.filename.startswith("__MACOSX"):
                continue
            try:
                member = _read_member(archive, info)
            except UnreadableInput as error:
                damaged.append(error)
                continue
            yield _page(info.filename, member)
    if damaged:
        first, more = damaged[0], len(damaged) - 1
        place = f"{first.place} and {more:,} more members" if more else first.place
        raise UnreadableInput(first.expected, first.found, place=place, advice=first.advice) from first


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.file_size > LARGEST_MEMBER:
        raise UnreadableInput(
            f"members of at most {LARGEST_MEMBER:,} bytes", f"{info.file_size:,} bytes", place=info.filename
        )
    try:
        return archive.read(info)
    except DAMAGE as error:
        raise UnreadableInput(
            "a member that unpacks",
            str(error) or "bytes that end before the member does",
            place=info.filename,
            advice="Download the archive again.",
        ) from error
