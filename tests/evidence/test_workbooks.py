"""A workbook is read as its sheets: dates, ids and numbers as text that says what the cell holds."""

import csv
import hashlib
import io
import sys
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaudit.errors import UnreadableInput
from adaudit.evidence import Page, UnreadableMembers, pages

from .books import workbook, written

HEAD = ["id", "name"]


def sheet(data: bytes) -> list[list[str]]:
    (page,) = pages(data)
    return rows(page)


def rows(page: Page) -> list[list[str]]:
    return list(csv.reader(io.StringIO(page.data.decode(), newline="")))


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (date(2025, 9, 1), "2025-09-01"),
        (datetime(2025, 9, 1, 8, 5, 6), "2025-09-01 08:05:06"),
        (5, "5"),
        (5.0, "5"),
        (0.5, "0.5"),
        (1234.56, "1234.56"),
        (0.000272, "0.000272"),
        (-3, "-3"),
        (True, "true"),
        ("1,234", "1,234"),
        ('a "b"\n,c', 'a "b"\n,c'),
        ("=1+1", "=1+1"),
        ("0012", "0012"),
        (123456789012345, "123456789012345"),
    ],
)
def test_a_cell_is_the_text_of_its_value(cell: object, text: str) -> None:
    assert sheet(workbook(A=[HEAD, [cell, "x"]])) == [HEAD, [text, "x"]]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (170585123456789012, "1.70585123456789E+17"),
        (1.7e17, "1.7E+17"),
        (9_007_199_254_740_994, "9.00719925474099E+15"),
        (1_705_851_234_567_890, "1.70585123456789E+15"),
        ("170585123456789012", "170585123456789012"),
        ("1.70585E+15", "1.70585E+15"),
    ],
)
def test_an_id_beyond_fifteen_digits_is_whole_only_as_text(cell: object, text: str) -> None:
    assert sheet(workbook(A=[HEAD, [cell, "x"]]))[1][0] == text


def test_sixteen_digits_that_a_program_wrote_are_kept() -> None:
    found = sheet(workbook(A=[HEAD, [1_705_851_234_567_890, "x"], [1_705_851_234_567_891, "y"]]))
    assert [row[0] for row in found[1:]] == ["1705851234567890", "1705851234567891"]


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=5),
            st.integers(0, 10**14),
        ),
        max_size=5,
    )
)
def test_texts_and_numbers_come_back(cells: list[tuple[str, int]]) -> None:
    kept = [(name, number) for name, number in cells if name.strip()]
    assert sheet(workbook(A=[HEAD, *kept]))[1:] == [[name, str(number)] for name, number in kept]


def test_every_sheet_is_a_page_under_the_hash_of_the_workbook() -> None:
    data = workbook(Ads=[HEAD, ["1", "a"]], Notes=[HEAD, ["2", "b"]])
    found = list(pages(data))
    assert [page.member for page in found] == ["Ads", "Notes"]
    assert {page.evidence_sha256 for page in found} == {hashlib.sha256(data).hexdigest()}
    assert found[1].locate("record 1") == "Notes!record 1"


def test_a_workbook_inside_an_archive_is_read() -> None:
    (page,) = pages(zipped(**{"export.xlsx": workbook(Ads=[HEAD, ["1", "a"]])}))
    assert page.locate("record 1") == "export.xlsx!Ads!record 1"


def test_empty_sheets_are_said_and_no_error() -> None:
    (page,) = pages(workbook(Ads=[HEAD, ["1", "a"]], Rest=[], More=[["  ", ""]]))
    assert page.notices == ("empty sheets: 'Rest', 'More'",)


def test_blank_rows_and_columns_are_left_out() -> None:
    data = written({"A": {(2, 1): "id", (2, 3): "name", (4, 1): "1", (4, 3): "a", (9, 1): " "}})
    assert sheet(data) == [HEAD, ["1", "a"]]


def test_tokens_in_cells_are_taken_out() -> None:
    (page,) = pages(workbook(A=[HEAD, ["1", "https://x.example/?access_token=EAAsecret"]]))
    assert page.tokens_removed == 1
    assert b"EAAsecret" not in page.data


def test_cells_that_hold_an_error_are_said() -> None:
    data = workbook(A=[HEAD, ["1", "#N/A!"]])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            xml = old.read(name)
            if name.endswith("sheet1.xml"):
                xml = xml.replace(b'<c r="B2" t="s"><v>3</v>', b'<c r="B2" t="e"><v>#N/A</v>')
                assert b't="e"' in xml
            new.writestr(name, xml)
    (page,) = pages(out.getvalue())
    assert page.notices == ("1 cell holds a spreadsheet's error such as #REF! and reads as empty",)
    assert page.notices[0].nl.startswith("1 cel bevat een foutmelding")


def problem(data: bytes) -> UnreadableInput:
    with pytest.raises(UnreadableMembers) as caught:
        list(pages(data))
    return caught.value


def test_a_workbook_without_rows_is_named() -> None:
    assert "2 sheets, all of them empty" in problem(workbook(A=[], B=[])).found


def test_a_cell_at_the_end_of_the_world_does_not_fill_the_memory() -> None:
    found = problem(written({"A": {(0, 0): "id", (1_048_575, 16_383): "x"}}))
    assert "40,000,000 cells" in found.expected
    assert "row 1,048,576 and column 16,384" in found.found


@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_workbook_that_was_cut_off_is_named(kept: float) -> None:
    data = workbook(A=[HEAD, ["1", "a"]])
    assert "cut off" in problem(data[: int(len(data) * kept)]).found


def test_a_workbook_with_broken_parts_is_named() -> None:
    found = problem(zipped(**{"[Content_Types].xml": b"<x", "xl/workbook.xml": b"<workbook>"}))
    assert found.expected == "a workbook that opens"


def test_without_the_extra_its_name_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fastexcel", None)
    found = problem(workbook(A=[HEAD, ["1", "a"]]))
    assert "pip install 'adaudit[xlsx]'" in str(found)
