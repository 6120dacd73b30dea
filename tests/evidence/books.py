"""Fictional Excel workbooks, written cell by cell."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter


def workbook(**sheets: Sequence[Sequence[object]]) -> bytes:
    """A workbook of these sheets: dates as dates, numbers as numbers, text as text, None as no cell."""
    return written(
        {name: {(r, c): v for r, row in enumerate(rows) for c, v in enumerate(row)} for name, rows in sheets.items()}
    )


def written(sheets: Mapping[str, Mapping[tuple[int, int], object]]) -> bytes:
    """A workbook with these cells by row and column."""
    out = io.BytesIO()
    book: Any = xlsxwriter.Workbook(out, {"strings_to_numbers": False, "strings_to_formulas": False})
    formats: dict[type, Any] = {date: book.add_format({"num_format": "yyyy-mm-dd"})}
    formats[datetime] = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
    for name, cells in sheets.items():
        sheet = book.add_worksheet(name)
        for (row, column), value in cells.items():
            if type(value) in formats:
                sheet.write_datetime(row, column, value, formats[type(value)])
            elif isinstance(value, str):
                sheet.write_string(row, column, value)
            elif value is not None:
                sheet.write(row, column, value)
    book.close()
    return out.getvalue()
