"""Workbooks as another program reads them: real days and numbers, ids as text, no formula anywhere."""

import zipfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaudit.audit.tables import Table
from adaudit.export.formats import Exported
from adaudit.export.workbook import _exact, write_workbooks
from adaudit.language import Language
from adaudit.spreadsheet import LONGEST_CELL

from .made import FORMULA, LONG_ID, folder

TABLE = Table("month", pl.DataFrame({"month": ["2025-10"], "ok": [4]}))


def books(path: Path, rows_per_sheet: int = 1000, language: Language = "en") -> tuple[dict[str, Any], Exported]:
    done = Exported()
    write_workbooks(folder(path), [TABLE], done, lambda *_: None, language, rows_per_sheet)
    return {one.name: openpyxl.load_workbook(one) for one in done.paths}, done


def cells(sheet: Any) -> dict[str, Any]:
    header, first, *_ = sheet.iter_rows()
    return {name.value: cell for name, cell in zip(header, first, strict=True)}


def test_days_numbers_and_ids_have_the_types_that_they_are(tmp_path: Path) -> None:
    found, _ = books(tmp_path)
    row = cells(found["records.xlsx"]["records"])
    assert (row["record_id"].value, row["record_id"].data_type) == (LONG_ID, "s")
    assert row["delivered_from"].value == datetime(2025, 10, 12)
    assert row["delivered_from"].number_format == "yyyy-mm-dd"
    assert row["published_at (UTC)"].value == datetime(2025, 10, 12, 8, 30)
    assert (row["amount_ad_low"].value, row["amount_ad_low"].data_type) == (100.5, "n")
    assert row["amount_ad_high"].value == "12345678901234567890.1234", "not exact as a number: text"
    assert row["views_low"].value == str(2**53 + 1)
    assert row["delivered_until"].value == "1899-01-01"
    assert row["removed"].value is False


def test_no_cell_is_a_formula_or_a_link(tmp_path: Path) -> None:
    found, _ = books(tmp_path)
    for book in found.values():
        for sheet in book:
            assert not [c.coordinate for row in sheet.iter_rows() for c in row if c.data_type == "f" or c.hyperlink]
    assert cells(found["records.xlsx"]["records"])["sponsor_name"].value == FORMULA
    with zipfile.ZipFile(tmp_path / "records.xlsx") as archive:
        assert not [name for name in archive.namelist() if b"<f>" in archive.read(name)]


def test_headers_stay_in_sight_and_filter(tmp_path: Path) -> None:
    found, _ = books(tmp_path)
    sheet = found["findings.xlsx"]["findings"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:T4"
    assert sheet.column_dimensions["D"].width > 15
    choices = sheet.data_validations.dataValidation
    assert [one.formula1 for one in choices] == ['"confirmed,dismissed,note"']


def test_columns_without_a_value_are_left_out_and_named(tmp_path: Path) -> None:
    found, _ = books(tmp_path)
    book = found["records.xlsx"]
    header = [cell.value for cell in next(book["records"].iter_rows())]
    assert "payer_name" not in header
    made = {row[0].value: row[1].value for row in book["how it was made"].iter_rows()}
    assert "payer_name" in made["records: columns left out because no row has a value in them"]
    assert made["input =cmd.json (SHA-256)"] == "ab" * 32
    assert made["version of the law data"] == "2026-11-24"
    assert made["option country"] == "NL"


def test_more_rows_than_a_sheet_holds_go_on_in_the_next_and_it_is_said(tmp_path: Path) -> None:
    found, done = books(tmp_path, rows_per_sheet=2)
    book = found["findings.xlsx"]
    ids = [row[3].value for name in ("findings", "findings 2") for row in list(book[name].iter_rows())[1:]]
    assert ids == [LONG_ID, "@2", "3"]
    assert ("split", {"name": "findings", "rows": 3, "sheets": 2}) in done.notices
    made = [book[name] for name in book.sheetnames if name.startswith("how it was made")]
    said = {row[0].value: row[1].value for sheet in made for row in sheet.iter_rows()}
    assert said["findings"] == "findings: 3 rows, more than one sheet holds; they stand in 2 sheets"


def test_text_longer_than_a_cell_is_cut_and_it_is_said(tmp_path: Path) -> None:
    found, done = books(tmp_path)
    titles = [
        cell.value for cell in next(c for c in found["records.xlsx"]["records"].columns if c[0].value == "titles")
    ]
    assert len(titles[2]) == LONGEST_CELL
    assert titles[2].endswith("[…]")
    assert ("cut", {"name": "records.xlsx", "cells": 1}) in done.notices


def test_statements_and_tables_stand_beside_the_findings_in_both_languages(tmp_path: Path) -> None:
    found, _ = books(tmp_path)
    assert found["findings.xlsx"].sheetnames == ["how it was made", "statements", "findings", "by month"]
    assert found["findings.xlsx"]["statements"]["B2"].value == "=1+1 is no sum."
    dutch, _ = books(tmp_path, language="nl")
    assert dutch["findings.xlsx"].sheetnames == ["verantwoording", "bevindingen in woorden", "findings", "per month"]
    assert dutch["findings.xlsx"]["bevindingen in woorden"]["B2"].value == "=1+1 is geen som."


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**20), max_value=10**20))
def test_a_number_is_written_only_where_it_is_exact(value: Decimal) -> None:
    if _exact(value):
        assert Decimal(f"{float(value):.15g}") == value, "the fifteen digits that a spreadsheet keeps are all there are"


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), 10**15, 1234567890123456, Decimal("0.12345678901234567890")]
)
def test_what_a_spreadsheet_cannot_hold_is_text(value: Decimal | float) -> None:
    assert not _exact(value)
