"""Keeps bytes as received, named by their SHA-256, before anything reads them.

A file is `blobs/ab/abcd….zst` (compressed with Zstandard), or without ending where the bytes are compressed
already. A file is there whole or not at all. What the same bytes say twice is kept once. What was kept outlives the
program at once, and a power cut once `settle` was called.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import zstandard

from adaudit.errors import EvidenceError, StoreError

LEVEL: Final = 3
CHUNK: Final = 2**20
AT_ONCE: Final = 2**24
"""Bytes up to which a kept file is looked at in one piece."""
COMPRESSED: Final = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"\x28\xb5\x2f\xfd")
"""First bytes of what compressing again would not make smaller."""


class Vault:
    """The kept bytes of one store. One thread keeps; another may settle meanwhile."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._unsettled: list[Path] = []
        self._packed = zstandard.ZstdCompressor(LEVEL)

    def settle(self) -> None:
        """Make all that was kept safe against a power cut. Raises StoreError."""
        folders: set[Path] = set()
        try:
            while self._unsettled:  # one by one: more may be kept meanwhile
                path = self._unsettled.pop()
                settle(path)
                folders.add(path.parent)
            for folder in folders:
                settle(folder)
        except OSError as error:
            raise StoreError(f"{self.folder} could not be made safe ({error.strerror or error}).") from error

    def keep(self, data: bytes) -> str:
        """Keep the bytes; their SHA-256. Raises StoreError where the disk is full or gone."""
        name = hashlib.sha256(data).hexdigest()
        if not self._path(name):
            plain = data.startswith(COMPRESSED)
            body = data if plain else self._packed.compress(data)
            self._write(self._place(name, plain=plain), lambda file: _write_all(file, [body]))
        return name

    def keep_file(self, path: Path) -> str:
        """Keep the bytes of a file, which may be larger than memory; their SHA-256. Raises StoreError."""
        name = digest_of(path)
        if not self._path(name):
            with path.open("rb") as source:
                plain = source.read(4).startswith(COMPRESSED)
                source.seek(0)
                pieces = iter(lambda: source.read(CHUNK), b"")
                if plain:
                    self._write(self._place(name, plain=True), lambda file: _write_all(file, pieces))
                else:
                    packed = zstandard.ZstdCompressor(LEVEL).chunker(path.stat().st_size, CHUNK)
                    parts = (part for piece in pieces for part in packed.compress(piece))
                    self._write(self._place(name, plain=False), lambda file: _write_all(file, parts, packed.finish))
        return name

    def read(self, name: str) -> bytes:
        """The bytes of that name, seen to be theirs. Raises EvidenceError where they are gone or altered."""
        path = self._path(name)
        if path is None:
            raise EvidenceError(f"evidence {name}: expected its bytes under {self.folder}; found no file.")
        return _read(path)

    def check(self, path: Path) -> None:
        """See that a file of `files` holds the bytes that it is named by, however large they are.

        Raises EvidenceError where it does not.
        """
        if path.stat().st_size <= AT_ONCE:  # reading at once also sees what is wrong with the packing
            _read(path)
            return
        found = hashlib.sha256()
        try:
            with path.open("rb") as file:
                opened = zstandard.ZstdDecompressor().stream_reader(file) if path.suffix == ".zst" else file
                while piece := opened.read(CHUNK):
                    found.update(piece)
        except (OSError, zstandard.ZstdError) as error:
            raise EvidenceError(f"evidence {name_of(path)}: {path.name} cannot be read ({error}).") from error
        _same(path, found.hexdigest())

    def files(self) -> list[Path]:
        """Every file that lies where bytes are kept, by name; those being written, which begin with a dot, apart."""
        return sorted(path for path in self.folder.rglob("[!.]*") if path.is_file())

    def intact(self, name: str) -> bool:
        """Whether the bytes of that name are kept and theirs; large ones are looked at piece by piece."""
        path = self._path(name)
        if path is None:
            return False
        try:
            self.check(path)
        except EvidenceError:
            return False
        return True

    def where(self, name: str) -> Path:
        """The file of the bytes of that name; where they are gone, the one that they would be in without packing."""
        return self._path(name) or self._place(name, plain=True)

    def names(self) -> list[str]:
        """The names of all kept bytes, sorted."""
        return sorted(path.name.removesuffix(".zst") for path in self.folder.glob("??/*") if "." not in path.stem)

    def _place(self, name: str, *, plain: bool) -> Path:
        return self.folder / name[:2] / (name if plain else f"{name}.zst")

    def _path(self, name: str) -> Path | None:
        return next((path for plain in (False, True) if (path := self._place(name, plain=plain)).exists()), None)

    def _write(self, path: Path, fill: Callable[[int], None]) -> None:
        write_whole(path, fill, safe=False)
        self._unsettled.append(path)


def _write_all(file: int, pieces: Iterable[bytes], rest: Callable[[], Iterable[bytes]] = lambda: ()) -> None:
    for piece in pieces:
        write_piece(file, piece)
    for piece in rest():
        write_piece(file, piece)


def write_piece(file: int, piece: bytes) -> None:
    """Write all of the bytes to an open file, however many calls that takes."""
    view = memoryview(piece)
    while view:
        view = view[os.write(file, view) :]


def write_whole(path: Path, fill: Callable[[int], None], *, safe: bool = True) -> None:
    """Write a file that is there whole or not at all; where it is to be `safe`, even after a power cut.

    Raises StoreError.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file, temporary = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
        try:
            fill(file)
            if safe:
                os.fsync(file)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        finally:
            os.close(file)
        Path(temporary).replace(path)
        if safe:
            settle(path.parent)
    except OSError as error:
        raise StoreError(
            f"{path.name} could not be written to {path.parent} ({error.strerror or error}); make room, then go on "
            "with --resume. Nothing that was kept before is lost."
        ) from error


def write_text(path: Path, text: str) -> None:
    """Write a text file that is there whole or not at all. Raises StoreError."""
    write_whole(path, lambda file: write_piece(file, text.encode("utf-8")))


def settle(path: Path) -> None:
    """Make a file, or the names in a folder, safe against a power cut."""
    if os.name == "nt" and path.is_dir():  # a system that does not open folders keeps their names by itself
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def name_of(path: Path) -> str:
    """The name of the bytes that a file of a vault holds."""
    return path.name.removesuffix(".zst")


def _read(path: Path) -> bytes:
    """The bytes that a file of a vault holds, seen to be those that it is named by. Raises EvidenceError."""
    try:
        body = path.read_bytes()
        data = zstandard.decompress(body) if path.suffix == ".zst" else body
    except (OSError, zstandard.ZstdError) as error:
        raise EvidenceError(f"evidence {name_of(path)}: {path.name} cannot be read ({error}).") from error
    _same(path, hashlib.sha256(data).hexdigest())
    return data


def _same(path: Path, found: str) -> None:
    if found != name_of(path):
        raise EvidenceError(
            f"evidence {name_of(path)}: {path.name} holds other bytes (their SHA-256 is {found}): "
            "they are not what was kept."
        )


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
