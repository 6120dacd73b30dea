"""Kept bytes come back as they were, or not at all."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adaudit.errors import EvidenceError, StoreError
from adaudit.evidence.vault import Vault, digest_of, write_text

ANSWERS = [b"", b"{}", b'{"data": []}' * 1000, b"PK\x03\x04 an archive", b"\x1f\x8b packed already", bytes(range(256))]


@pytest.mark.parametrize("data", ANSWERS, ids=range(len(ANSWERS)))
def test_bytes_come_back_by_their_hash(tmp_path: Path, data: bytes) -> None:
    vault = Vault(tmp_path)
    name = vault.keep(data)
    assert name == hashlib.sha256(data).hexdigest()
    assert vault.read(name) == data
    assert vault.names() == [name] and vault.intact(name)


@pytest.mark.parametrize("data", ANSWERS, ids=range(len(ANSWERS)))
def test_a_file_is_kept_as_its_bytes_are(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "given"
    file.write_bytes(data)
    vault = Vault(tmp_path / "vault")
    assert vault.keep_file(file) == Vault(tmp_path / "other").keep(data) == digest_of(file)
    assert vault.read(digest_of(file)) == data


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    assert vault.keep(b"twice") == vault.keep(b"twice")
    assert len(list(tmp_path.glob("??/*"))) == 1


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.binary(min_size=1, max_size=200), draw=st.data())
def test_one_flipped_byte_is_never_unnoticed(tmp_path: Path, data: bytes, draw: st.DataObject) -> None:
    vault = Vault(tmp_path / hashlib.sha256(data).hexdigest()[:8])
    name = vault.keep(data)
    [path] = vault.folder.glob("??/*")
    body = bytearray(path.read_bytes())
    at = draw.draw(st.integers(0, len(body) - 1))
    body[at] ^= draw.draw(st.integers(1, 255))
    path.write_bytes(body)
    assert not vault.intact(name) or vault.read(name) == data
    path.unlink()


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="found no file"):
        Vault(tmp_path).read("ab" * 32)


def test_a_folder_that_cannot_be_written_to_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("a file where a folder should be", "utf-8")
    with pytest.raises(StoreError, match="make room"):
        write_text(tmp_path / "blocked" / "one.json", "{}")
    assert [path.name for path in tmp_path.iterdir()] == ["blocked"]
