"""CSV bytes become columns of text, cell by cell; what is no row is set aside and counted."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaudit.connectors import recognise
from adaudit.connectors.table import header_of, normal_name, read_table
from adaudit.errors import UnreadableInput, UnrecognisedInput

PIECE = st.one_of(
    st.sampled_from(['"', '""', ",", "\n", "\r\n", "'", ";", " ", "≤", "é", "🇳🇱", "=", "\\"]),
    st.characters(codec="utf-8", exclude_characters="\r\x00"),
)
CELL = st.lists(PIECE, max_size=8).map("".join)
ROWS = st.lists(st.tuples(CELL, CELL, CELL), max_size=8)
HEADER = ("a", "b", "c")


def render(rows: list[tuple[str, ...]], end: str = "\n", *, every: bool = False) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL if every else csv.QUOTE_MINIMAL)
    writer.writerows([HEADER, *rows])
    return text.getvalue().encode()


def cells(data: bytes) -> list[tuple[str, ...]]:
    return [row[:-1] for row in read_table(data).frame.rows()]


@given(ROWS, st.sampled_from(["\n", "\r\n"]), st.booleans(), st.booleans())
def test_reading_gives_back_what_was_written(rows: list[tuple[str, ...]], end: str, every: bool, bom: bool) -> None:
    data = (b"\xef\xbb\xbf" if bom else b"") + render(rows, end, every=every)
    table = read_table(data)
    assert [row[:-1] for row in table.frame.rows()] == rows
    assert table.frame["record"].to_list() == list(range(1, len(rows) + 1))
    assert table.rejected == ()
    assert table.had_bom is bom


@given(ROWS, st.booleans())
def test_the_last_line_needs_no_end(rows: list[tuple[str, ...]], every: bool) -> None:
    data = render(rows, every=every)
    assert cells(data.removesuffix(b"\n")) == rows


SIMPLE = st.text(st.characters(codec="utf-8", exclude_characters='",\r\n\x00'), min_size=1, max_size=5)


@given(st.lists(st.lists(SIMPLE, min_size=2, max_size=5), max_size=12))
def test_kept_and_rejected_rows_are_all_rows(rows: list[list[str]]) -> None:
    text = "\n".join(",".join(row) for row in [list(HEADER), *rows])
    table = read_table(text.encode())
    assert table.frame.height == sum(len(row) == len(HEADER) for row in rows)
    assert table.frame.height + len(table.rejected) == len(rows)
    places = [int(one.place.split()[1]) for one in table.rejected]
    assert sorted([*table.frame["record"], *places]) == list(range(1, len(rows) + 1))
    for one, number in zip(table.rejected, places, strict=True):
        assert one.raw == ",".join(rows[number - 1])


@pytest.mark.parametrize(("row", "count"), [("1,2", 2), ("1,2,3,4", 4), ("1", 1)])
def test_row_of_another_length_is_rejected_with_its_line(row: str, count: int) -> None:
    table = read_table(f'a,b,c\n"x\ny",2,3\n{row}\n4,5,6\n'.encode())
    (rejected,) = table.rejected
    assert rejected.place == "record 2 (line 4)"
    assert rejected.reason == f"{count} cells where the header has 3"
    assert rejected.raw == row
    assert table.frame["record"].to_list() == [1, 3]
    assert table.frame["a"].to_list() == ["x\ny", "4"]


def test_quote_that_is_never_closed_is_rejected_with_its_line() -> None:
    table = read_table(b'a,b,c\n1,2,3\n4,"5,6\n')
    (rejected,) = table.rejected
    assert rejected.place == "record 2 (line 3)"
    assert "never closed" in rejected.reason
    assert rejected.raw == '4,"5,6'
    assert table.frame.height == 1


def test_text_after_a_closing_quote_is_rejected() -> None:
    table = read_table(b'a,b,c\n1,"2"x,3\n4,5,6\n')
    (rejected,) = table.rejected
    assert (rejected.place, rejected.raw) == ("record 1 (line 2)", '1,"2"x,3')
    assert table.frame["record"].to_list() == [2]


def test_blank_lines_are_no_rows() -> None:
    table = read_table(b"a,b,c\n\n1,2,3\r\n\r\n4,5,6\n\n")
    assert table.frame["a"].to_list() == ["1", "4"]
    assert table.rejected == ()


def test_empty_cells_are_empty_text() -> None:
    assert cells(b'a,b,c\n,"",\n') == [("", "", "")]


def test_equal_and_nameless_columns_stay_apart() -> None:
    assert read_table(b"a,a,\n1,2,3\n").names == ("a", "a (2)", " (3)")


@pytest.mark.parametrize("name", ["Page Name", "page\u00a0name", " PAGE  name ", "\ufeffPage name"])
def test_names_are_compared_without_capitals_and_hard_spaces(name: str) -> None:
    assert normal_name(name) == "page name"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ("a,b\n1,é\n".encode("latin-1"), "byte 0xE9"),
        ("a,é\n1,2\n".encode("latin-1"), "byte 0xE9"),
        ("a,b\n1,2\n".encode("utf-16"), "UTF-16"),
        (b'a,"b\n1,2\n', "a,"),
    ],
)
def test_damaged_table_is_named(data: bytes, found: str) -> None:
    with pytest.raises(UnreadableInput) as caught:
        header_of(data)
        read_table(data)
    assert found in caught.value.found


def test_place_of_a_wrong_byte_is_its_line() -> None:
    with pytest.raises(UnreadableInput) as caught:
        read_table("a,b\n1,2\n3,é\n".encode("latin-1"))
    assert caught.value.place.startswith("line 3")


def test_text_without_a_separator_is_one_cell_and_no_known_header() -> None:
    assert header_of(b"Once upon a time\n") == ("Once upon a time",)
    with pytest.raises(UnrecognisedInput, match="Once upon"):
        recognise(b"Once upon a time\n")
