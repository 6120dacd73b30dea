"""The manifest's chain: every line rests on all before it."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adaudit.errors import EvidenceError
from adaudit.evidence.manifest import FIRST, Manifest


def written(path: Path, lines: int = 5) -> Manifest:
    manifest = Manifest(path / "manifest.jsonl")
    manifest.add(entry="begin", pull="p", at="2026-01-01T00:00:00+00:00", source="meta", how="pull")
    for page in range(1, lines):
        manifest.add(entry="kept", pull="p", at="2026-01-01T00:00:01+00:00", page=page, sha256="ab" * 32, size=page)
    return manifest


def test_lines_come_back_in_their_order_and_are_numbered(tmp_path: Path) -> None:
    manifest = written(tmp_path)
    entries = list(manifest.entries())
    assert [one.number for one in entries] == [0, 1, 2, 3, 4]
    assert [one.page for one in entries] == [0, 1, 2, 3, 4]
    assert entries[0].before == FIRST


def test_another_process_goes_on_with_the_chain(tmp_path: Path) -> None:
    written(tmp_path)
    again = Manifest(tmp_path / "manifest.jsonl")
    head = again.head()
    assert again.add(entry="end", pull="p", at="2026-01-02T00:00:00+00:00", outcome="complete").before == head
    assert len(list(again.entries())) == 6


@pytest.mark.parametrize("cut", [1, 10, 60])
def test_a_half_written_last_line_is_taken_away_and_nothing_else(tmp_path: Path, cut: int) -> None:
    manifest = written(tmp_path)
    whole = manifest.path.read_bytes()
    manifest.path.write_bytes(whole[:-cut])
    again = Manifest(manifest.path)
    assert len(list(again.entries())) == 4
    again.add(entry="end", pull="p", at="2026-01-02T00:00:00+00:00")
    assert [one.number for one in again.entries()] == [0, 1, 2, 3, 4]


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(draw=st.data())
def test_a_line_that_is_altered_taken_out_or_put_in_breaks_the_chain(tmp_path: Path, draw: st.DataObject) -> None:
    manifest = Manifest(tmp_path / "manifest.jsonl")
    manifest.path.unlink(missing_ok=True)
    written(tmp_path)
    lines = manifest.path.read_bytes().splitlines(keepends=True)
    at = draw.draw(st.integers(0, len(lines) - 2))
    kind = draw.draw(st.sampled_from(["altered", "taken out", "twice"]))
    if kind == "altered":
        told = json.loads(lines[at])
        told["at"] = "2020-01-01T00:00:00+00:00"
        lines[at] = json.dumps(told, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    elif kind == "taken out":
        del lines[at]
    else:
        lines.insert(at, lines[at])
    manifest.path.write_bytes(b"".join(lines))
    with pytest.raises(EvidenceError, match="chain is broken"):
        list(manifest.entries())


def test_a_line_that_is_no_entry_is_named_by_its_place(tmp_path: Path) -> None:
    manifest = written(tmp_path)
    lines = manifest.path.read_bytes().splitlines(keepends=True)
    manifest.path.write_bytes(lines[0] + b"not JSON\n" + lines[1])
    with pytest.raises(EvidenceError, match="line 2"):
        list(manifest.entries())


def test_lines_that_a_power_cut_took_the_bytes_of_are_taken_away_at_the_end_alone(tmp_path: Path) -> None:
    manifest = written(tmp_path, lines=12)
    assert manifest.drop_last(lambda entry: entry.page == 10) == 2
    assert [one.page for one in manifest.entries()] == list(range(10))
    assert manifest.drop_last(lambda entry: entry.page == 2) == 0
    assert manifest.add(entry="end", pull="p", at="2026-01-02T00:00:00+00:00").number == 10


def test_what_stops_the_writing_of_a_line_leaves_the_chain_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = written(tmp_path)
    for cut in (None, 20):

        def stopped(file: int, piece: bytes, cut: int | None = cut) -> None:
            os.write(file, piece[:cut])
            raise KeyboardInterrupt

        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr("adaudit.evidence.manifest.write_piece", stopped)
            manifest.add(entry="missing", pull="p", at="2026-01-02T00:00:00+00:00")
        manifest.add(entry="end", pull="p", at="2026-01-02T00:00:00+00:00")
    assert [one.entry for one in manifest.entries()][-3:] == ["missing", "end", "end"]
