"""Whatever happens to the bytes of a file, it is read, set aside or named: nothing else is raised."""

import random
from pathlib import Path

import pytest

from adaudit.connectors import Recognised, parse_page, recognise
from adaudit.errors import InputError
from adaudit.evidence import pages
from adaudit.sample import write_sample

from .containers import CONTAINERS

INSERTED = (
    *(b'"', b'""', b",", b"\n", b"\r", b"{", b"}", b"[", b"]", b":", b"\\", b"\x00", b"\xff", b"\xef\xbb\xbf"),
    *(b"null", b"true", b"-1e999", b"123456789012345678901234567890", b'"x"', "≤".encode()),
)
NEVER_READ = {"utf-16", "gzip", "zip", "zip in zip", "workbook"}
"""Containers of which no damaged one may be read: their bytes are summed up in them, or never are UTF-8."""
ROUNDS = 8


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_sample(tmp_path_factory.mktemp("sample"), scale=0.02)


def damage(data: bytes, chance: random.Random) -> bytes:
    """The bytes with one to four changes: one byte, a piece lost, put in, or twice, or the end cut off."""
    found = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 4])):
        place = chance.randrange(len(found))
        other = chance.randrange(len(found))
        match chance.randrange(5):
            case 0:
                found[place] = chance.randrange(256)
            case 1:
                del found[place : place + chance.choice([1, 5, 300])]
            case 2:
                found[place:place] = chance.choice(INSERTED)
            case 3:
                found[place:place] = found[other : other + 40]
            case _:
                del found[place + 1 :]
        if not found:
            break
    return bytes(found)


def forms_of(files: list[Path]) -> list[Path]:
    """Two files of each folder and ending, the smallest: every form is among them."""
    found: dict[tuple[str, str], list[Path]] = {}
    for path in sorted(files, key=lambda path: (path.stat().st_size, path)):
        found.setdefault((path.parent.name, path.suffix), []).append(path)
    return [path for paths in found.values() for path in paths[:2]]


@pytest.mark.parametrize("container", CONTAINERS)
def test_damage_is_named_and_never_a_crash(files: list[Path], container: str) -> None:
    chance = random.Random(container)
    read, named = 0, 0
    for path in forms_of(files):
        whole = CONTAINERS[container](path.read_bytes())
        for _ in range(ROUNDS if whole else 0):
            assert whole is not None
            try:
                for page in pages(damage(whole, chance)):
                    found = recognise(page.data)
                    if isinstance(found, Recognised):
                        parsed = parse_page(page.data, found, path.name)
                        assert all(one.raw.encode() and one.place and one.reason for one in parsed.rejected)
                read += 1
            except InputError as error:
                assert error.expected
                assert error.found
                assert str(error).encode()
                named += 1
    assert named > 0
    assert read > 0 or container in NEVER_READ
