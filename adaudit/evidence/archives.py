"""Unpacks zip and gzip in memory, never to disk, and only as far as an honest file would go.

What an archive declares of itself is not trusted: bytes are counted while they are unpacked.
"""

import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol

from adaudit.errors import UnreadableInput

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
"""What the readers of archives raise where bytes are damaged: offsets before the file, names that
are no text, methods that they do not know."""
LARGEST_MEMBER: Final = 8 * 2**30
"""Bytes that one member of an archive may unpack to."""
LARGEST_INPUT: Final = 32 * 2**30
"""Bytes that all of one file may unpack to."""
HIGHEST_RATIO: Final = 200
"""Times its size that a file may unpack to: text of ad libraries reaches 10 to 50, deflate at most 1,032."""
ALWAYS_ALLOWED: Final = 64 * 2**20
"""Bytes below which the ratio is not asked: a small table of equal rows is no bomb."""
PIECE: Final = 2**20
LONG: Final = 2**24
"""Bytes from which a text of lines in an archive is read piece by piece, as often as it is asked for."""
LOCKED: Final = 0x1


class Stream(Protocol):
    """Bytes that unpack as they are read."""

    def read(self, size: int, /) -> bytes:
        """At most `size` more bytes; none at the end."""
        ...


@dataclass
class Allowance:
    """How many bytes one file may still unpack to, all of its members and nested archives together."""

    packed: int
    unpacked: int = 0

    def take(self, size: int, member: int) -> None:
        """Count `size` more bytes of a member that has `member` by now. Raises UnreadableInput beyond the bounds."""
        self.unpacked += size
        ratio = max(ALWAYS_ALLOWED, HIGHEST_RATIO * self.packed)
        for limit, got, of in (
            (LARGEST_MEMBER, member, "one file"),
            (min(LARGEST_INPUT, ratio), self.unpacked, "all of it"),
        ):
            if got > limit:
                raise UnreadableInput(
                    f"an archive that unpacks to at most {limit:,} bytes ({of})",
                    f"one of {self.packed:,} bytes that unpacks to more: a zip bomb, or damage",
                    advice="Nothing of it was read further; unpack it by hand if you trust where it comes from.",
                )


def read_bounded(stream: Stream, allowance: Allowance) -> bytes:
    """All bytes of the stream, counted piece by piece. Raises UnreadableInput beyond the bounds."""
    whole = io.BytesIO()
    while piece := stream.read(PIECE):
        whole.write(piece)
        allowance.take(len(piece), whole.tell())
    return whole.getvalue()


def gunzipped(data: bytes, allowance: Allowance) -> bytes:
    """The content of a gzip file. Raises UnreadableInput."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            return read_bounded(stream, allowance)
    except DAMAGE as error:
        raise UnreadableInput(
            "a complete gzip file",
            f"one that does not unpack ({error or 'it ends in the middle'})",
            advice="Download it again.",
        ) from error


def opened(data: bytes) -> zipfile.ZipFile:
    """The zip archive in the bytes. Raises UnreadableInput where it has no directory."""
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except DAMAGE as error:
        raise UnreadableInput(
            "a complete zip archive",
            f"a zip of {len(data):,} bytes without its directory ({error}): it was cut off",
            advice="Download it again.",
        ) from error


def members(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """The files in the archive by name, folders and what macOS adds left out; of equal names, in their order."""
    for info in sorted(archive.infolist(), key=lambda one: one.filename):
        if not info.filename.endswith("/") and not info.filename.startswith("__MACOSX"):
            yield info


def unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, allowance: Allowance) -> bytes:
    """The bytes of one member. Raises UnreadableInput where it is locked, damaged or too large."""
    with _member(archive, info) as stream:
        return read_bounded(stream, allowance)


@contextmanager
def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[Stream]:
    if info.flag_bits & LOCKED:
        raise UnreadableInput(
            "a member that opens without a password",
            "one that is locked with a password",
            advice="Unpack it with the password and give the files themselves.",
        )
    try:
        with archive.open(info) as stream:
            yield stream
    except DAMAGE as error:
        raise UnreadableInput(
            "a member that unpacks",
            str(error) or "bytes that end before the member does",
            advice="Download the archive again.",
        ) from error


@dataclass(frozen=True)
class Member:
    """A member of a zip archive that is unpacked anew each time that it is read."""

    packed: bytes
    info: zipfile.ZipInfo

    @property
    def is_long(self) -> bool:
        """Whether it may be too long to be held in memory; no more of it is unpacked than it says that it has."""
        return self.info.file_size > LONG

    def begins(self, size: int) -> bytes:
        """Its first bytes. Raises UnreadableInput where it is locked or damaged."""
        with opened(self.packed) as archive, _member(archive, self.info) as stream:
            return stream.read(size)

    def pieces(self, allowance: Allowance | None = None) -> Iterator[bytes]:
        """All of it in pieces of whole lines, counted where there is an allowance for it.

        Raises UnreadableInput where it is locked, damaged or too large.
        """
        with opened(self.packed) as archive, _member(archive, self.info) as stream:
            held: list[bytes] = []
            size = 0
            while piece := stream.read(PIECE):
                size += len(piece)
                if allowance is not None:
                    allowance.take(len(piece), size)
                end = piece.rfind(b"\n") + 1
                if end:
                    yield b"".join((*held, piece[:end]))
                    held.clear()
                held.append(piece[end:])
            yield from filter(None, [b"".join(held)])
