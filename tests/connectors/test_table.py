"""CSV bytes become columns of text, cell by cell; what is no row is set aside and counted."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adaudit.connectors import recognise
from adaudit.connectors.table import Table, header_of, normal_name, read_table
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


def rows_of(table: Table) -> list[tuple[str, ...]]:
    """The cells as they were written: an empty one is null in the table, and never empty text."""
    assert "" not in {cell for row in table.frame.rows() for cell in row}
    return [tuple(cell or "" for cell in row[:-1]) for row in table.frame.rows()]


def cells(data: bytes) -> list[tuple[str, ...]]:
    return rows_of(read_table(data))


@given(ROWS, st.sampled_from(["\n", "\r\n"]), st.booleans(), st.booleans())
def test_reading_gives_back_what_was_written(rows: list[tuple[str, ...]], end: str, every: bool, bom: bool) -> None:
    data = (b"\xef\xbb\xbf" if bom else b"") + render(rows, end, every=every)
    table = read_table(data)
    assert rows_of(table) == rows
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


def test_empty_cells_are_null_in_quotes_or_not() -> None:
    assert read_table(b'a,b,c\n,"", \n').frame.rows() == [(None, None, " ", 1)]


def test_a_row_is_told_with_its_empty_cells_as_they_stand() -> None:
    table = read_table(b'a,b,c\n1,"",\n')
    assert table.text_at(["record 1"]) == ['{"a": "1", "b": "", "c": ""}']


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


# The strict grammar, read character by character: what the columnar reader must agree with


def quoted_end(text: str, start: int, separator: str) -> int | None:
    """Where the quoted cell at `start` ends, if it is one."""
    place = start + 1
    while True:
        place = text.find('"', place)
        if place < 0:
            return None
        if text[place + 1 : place + 2] == '"':
            place += 2
            continue
        after = text[place + 1 : place + 2]
        return place + 1 if after in {separator, "\n", ""} else None


def strictly(text: str, separator: str = ",") -> tuple[list[list[str]], int]:
    """Rows of a text that ends its lines in line feeds, and how many lines are no rows."""
    rows: list[list[str]] = []
    broken = start = 0
    while start < len(text):
        row: list[str] = []
        place, failed = start, False
        while True:
            if text[place : place + 1] == '"':
                end = quoted_end(text, place, separator)
                failed = end is None
                if end is None:
                    break
                row.append(text[place + 1 : end - 1].replace('""', '"'))
            else:
                stops = [at for at in (text.find(separator, place), text.find("\n", place)) if at >= 0]
                end = min(stops, default=len(text))
                failed = '"' in text[place:end]
                if failed:
                    break
                row.append(text[place:end])
            place = end + 1
            if text[end : end + 1] != separator:
                break
        if failed:
            broken += 1
            feed = text.find("\n", place)
            place = len(text) if feed < 0 else feed + 1
        elif text[start:place].strip("\n"):
            rows.append(row)
        start = place
    return rows, broken


DIRT = st.lists(
    st.sampled_from(['"', '"', ",", ",", "\n", "a", "é", ";", '""', '",', '\n"', "a,b,c\n", '"x\ny",1,2\n']),
    max_size=40,
)


@settings(max_examples=600)
@given(DIRT.map("".join), st.sampled_from([",", ";", "\t"]))
def test_dirt_is_read_as_the_strict_grammar_reads_it(dirt: str, separator: str) -> None:
    body = dirt.replace(",", separator) if separator != "," else dirt
    if separator == ";":
        body = dirt.replace(";", "x").replace(",", ";")
    table = read_table(f"a{separator}b{separator}c\n{body}".encode())
    rows, broken = strictly(body, separator)
    assert rows_of(table) == [tuple(row) for row in rows if len(row) == 3]
    assert len(table.rejected) == broken + sum(len(row) != 3 for row in rows)


@given(ROWS, st.sampled_from([";", "\t"]), st.booleans())
def test_tables_saved_again_with_another_separator_are_the_same(
    rows: list[tuple[str, ...]], separator: str, every: bool
) -> None:
    text = io.StringIO()
    if every:
        writer = csv.writer(text, delimiter=separator, lineterminator="\n", quoting=csv.QUOTE_ALL)
    else:
        writer = csv.writer(text, delimiter=separator, lineterminator="\n")
    writer.writerows([HEADER, *rows])
    assert cells(text.getvalue().encode()) == rows


@given(st.lists(st.tuples(SIMPLE, SIMPLE, SIMPLE), max_size=8), st.data())
def test_line_ends_of_every_kind_may_be_mixed(rows: list[tuple[str, ...]], data: st.DataObject) -> None:
    ends = data.draw(st.lists(st.sampled_from(["\n", "\r\n", "\r"]), min_size=len(rows), max_size=len(rows)))
    body = "".join(",".join(row) + end for row, end in zip(rows, ends, strict=True))
    for first in ("\n", "\r\n", "\r"):
        table = read_table(f"a,b,c{first}{body}".encode())
        assert table.rejected == ()
        assert rows_of(table) == rows


def test_a_carriage_return_inside_a_cell_stays_there() -> None:
    assert cells(b"a,b,c\n1,x\ry,3\n4,5,6\n") == [("1", "x\ry", "3"), ("4", "5", "6")]
    assert cells(b'a,b,c\n1,"x\ry",3\n') == [("1", "x\ry", "3")]


def test_a_row_with_a_nul_byte_is_rejected_with_its_line() -> None:
    table = read_table(b"a,b,c\n1,2,3\n4,\x00,6\n7,8,9\n")
    (rejected,) = table.rejected
    assert (rejected.place, rejected.reason) == ("record 2 (line 3)", "a NUL byte")
    assert table.frame["record"].to_list() == [1, 3]


@pytest.mark.parametrize(("line", "separator"), [(b"sep=;\r\n", b";"), (b"SEP=,\n", b",")])
def test_the_line_by_which_spreadsheets_tell_the_separator_is_no_row(line: bytes, separator: bytes) -> None:
    data = line + b"a,b\n1,2\n".replace(b",", separator)
    table = read_table(data)
    assert table.header == ("a", "b")
    assert cells(data) == [("1", "2")]


def test_quotes_left_open_in_the_middle_do_not_swallow_what_follows() -> None:
    table = read_table(b'a,b,c\n1,"2,3\n4,5,6\n7,"8",9\n')
    (rejected,) = table.rejected
    assert (rejected.raw, rejected.reason) == ('1,"2,3', "a quote that is never closed")
    assert cells(b'a,b,c\n1,"2,3\n4,5,6\n7,"8",9\n') == [("4", "5", "6"), ("7", "8", "9")]


@given(ROWS, st.booleans(), st.sampled_from([b"\xe9", b"\x80", b"\xff", b"\xc3"]), st.integers(0, 10**6))
def test_a_byte_that_is_not_utf_8_is_never_read(rows: list[tuple[str, ...]], every: bool, byte: bytes, at: int) -> None:
    data = render(rows, every=every)
    place = at % (len(data) + 1)
    wrong = data[:place] + byte + data[place:]
    try:
        wrong.decode()
    except UnicodeDecodeError:
        with pytest.raises(UnreadableInput, match="UTF-8"):
            read_table(wrong)


@pytest.mark.parametrize("name", ["record", "Record"])
@pytest.mark.parametrize("more", [b"", b"5\n"])
def test_a_column_called_record_takes_no_other_column_with_it(name: str, more: bytes) -> None:
    table = read_table(f"b,{name}\n1,x\n".encode() + more)
    assert table.names == ("b", "record")
    assert table.frame.rows() == [("1", 1)]
    assert len(table.rejected) == bool(more)
