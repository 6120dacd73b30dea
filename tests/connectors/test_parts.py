"""A large table read in parts gives what it gives as a whole, to the last place and number."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from adaudit.audit.intake import take_in
from adaudit.audit.options import Options
from adaudit.connectors import Parsed, parse_in_parts, parse_page, recognise
from adaudit.connectors import parts as cutting
from adaudit.connectors.parts import Cut, Pieces
from adaudit.connectors.recognise import Recognised
from adaudit.connectors.table import read_table
from adaudit.evidence import archives
from adaudit.sample import google_bundle
from tests.connectors.test_google_bundle import AD, ADS
from tests.platforms.tables import unzipped

from .pages import row_of, table

MEMBER = "google-political-ads-creative-stats.csv"


def recognised(data: bytes) -> Recognised:
    found = recognise(data)
    assert isinstance(found, Recognised)
    return found


def ad(number: int, **more: str) -> list[str]:
    return row_of(ADS, **{**AD, "adid": f"CR{number:020}", **more})


def in_pieces(data: bytes, size: int) -> Pieces:
    """The bytes in pieces of whole lines, each of the size or the line that is longer."""

    def pieces() -> Iterator[bytes]:
        piece = b""
        for line in data.splitlines(keepends=True):
            piece += line
            if len(piece) >= size and line.endswith(b"\n"):
                yield piece
                piece = b""
        yield from filter(None, [piece])

    return pieces


def in_parts(data: bytes, size: int, monkeypatch: pytest.MonkeyPatch) -> list[Parsed] | None:
    monkeypatch.setattr(cutting, "PART", size)
    parts = parse_in_parts(data, in_pieces(data, size // 3), recognised(data), "")
    return None if parts is None else list(parts)


def same(data: bytes, size: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many parts there were, when all of them together are what the whole is."""
    whole, parts = parse_page(data, recognised(data), ""), in_parts(data, size, monkeypatch)
    assert parts is not None
    assert_frame_equal(pl.concat([one.frame for one in parts]), whole.frame)
    assert tuple(one for part in parts for one in part.rejected) == whole.rejected
    assert tuple(one for part in parts for one in part.notices) == whole.notices
    assert {part.layouts for part in parts} == {whole.layouts}
    assert {part.new_fields for part in parts} == {whole.new_fields}
    return len(parts)


def test_the_sample_in_parts_is_the_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    data = unzipped(dict(google_bundle.files(1, 1.0))[google_bundle.BUNDLE_FILE])[MEMBER]
    assert same(data, 8_000, monkeypatch) > 5


def test_rows_of_one_id_stay_apart_across_parts_and_equal_ones_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [ad(number % 7, advertisername="Stichting Brug" if number % 3 else "Lijst Noord") for number in range(60)]
    data = table(ADS, *rows)
    assert same(data, 1_500, monkeypatch) > 5
    ids = parse_page(data, recognised(data), "").frame["record_id"]
    assert ids.n_unique() == 14
    assert ids[:3].to_list() == [
        "bundle|CR00000000000000000000|row 1",
        "bundle|CR00000000000000000001|row 2",
        "bundle|CR00000000000000000002|row 3",
    ]


def test_what_is_said_of_the_source_is_said_once_and_of_all_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    data = table(ADS, *[ad(number, regions="US" if number % 2 else "IN") for number in range(40)])
    assert same(data, 1_500, monkeypatch) > 3
    parts = in_parts(data, 1_500, monkeypatch)
    assert parts is not None
    said = [str(one) for part in parts for one in part.notices]
    assert len(said) == 1
    assert "none of the 40 ads names the Union" in said[0]
    one_of_the_union = table(ADS, *[ad(number, regions="US") for number in range(40)], ad(40, regions="EU"))
    assert same(one_of_the_union, 1_500, monkeypatch) > 3


CELLS = st.sampled_from(
    ["", "NL", "US", 'a "quoted" word', "a, comma", "two\nlines", "two\r\nlines", "blank\n\nline", "é", '"', " "]
)
BREAKS = st.sampled_from(['a "stray quote', '"never closed', "too,many,cells,by,far", "too few", "", "a\x00nul", "\r"])


@given(
    cells=st.lists(st.tuples(CELLS, CELLS), min_size=4, max_size=30),
    broken=st.lists(st.tuples(st.integers(0, 29), BREAKS), max_size=3),
    size=st.integers(40, 400),
    piece=st.integers(1, 1_000),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_whatever_its_rows_a_table_in_parts_is_the_table(
    cells: list[tuple[str, str]], broken: list[tuple[int, str]], size: int, piece: int, end: str
) -> None:
    lines = [
        table(("a", "b", "c"), (first, second, str(n)), end=end).split(b"\n", 1)[1]
        for n, (first, second) in enumerate(cells)
    ]
    for at, line in broken:
        lines.insert(min(at, len(lines)), (line + end).encode())
    data = table(("a", "b", "c"), end=end) + b"".join(lines)
    cut = Cut.of(data, in_pieces(data, piece), size)
    if cut is None:
        return
    whole, parts = read_table(data), list(cut.tables())
    assert_frame_equal(pl.concat([one.frame for one in parts]), whole.frame)
    assert [one for part in parts for one in part.rejected] == list(whole.rejected)


def test_small_tables_and_other_forms_are_read_whole() -> None:
    data = table(ADS, ad(1))
    assert parse_in_parts(data, in_pieces(data, 100), recognised(data), "") is None
    returns = b"a,b\r1,2\r3,4\r" * 100
    assert Cut.of(data, in_pieces(data, 100)) is None
    assert Cut.of(returns, in_pieces(returns, 100), 50) is None


def test_bytes_that_are_no_text_are_told_of_the_whole_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = table(ADS, *[ad(number) for number in range(40)])
    (tmp_path / "ads.csv").write_bytes(rows + rows.splitlines()[1].replace(b"Stichting", b"\xff\xfe\xfa") + b"\n")
    whole = take_in([tmp_path / "ads.csv"], tmp_path, Options(), lambda *_: None).reports[0]
    monkeypatch.setattr(cutting, "PART", 1_500)
    parts = take_in([tmp_path / "ads.csv"], tmp_path, Options(), lambda *_: None).reports[0]
    assert (parts.problem, parts.records) == (whole.problem, 0)
    assert "line 42" in str(parts.problem)


def test_the_intake_keeps_parts_as_it_keeps_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, content in google_bundle.files(1, 1.0):
        if name == google_bundle.BUNDLE_FILE:
            (tmp_path / "bundle.zip").write_bytes(content)
    found = []
    for size, long in ((2**30, 2**30), (8_000, 2**30), (8_000, 30_000), (2**30, 30_000)):
        folder = tmp_path / f"{size} {long}"
        folder.mkdir()
        monkeypatch.setattr(cutting, "PART", size)
        monkeypatch.setattr(archives, "LONG", long)
        intake = take_in([tmp_path / "bundle.zip"], folder, Options(), lambda *_: None)
        found.append((intake.scan().sort("position").collect(), [one.as_written() for one in intake.reports]))
    for records, reports in found[1:]:
        assert_frame_equal(found[0][0], records)
        assert found[0][1] == reports
