"""Findings and records as workbooks: real days and numbers, ids as text, filters, no formula.

A workbook is written row by row from slices, so that its size is bounded by the disk alone. What
does not fit a sheet goes on in the next; what does not fit a cell is cut, and says so.
"""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import polars as pl

from adaudit.audit.decisions import WORDS
from adaudit.audit.tables import Table
from adaudit.export.formats import Exported, frames_of, readable, shown_columns
from adaudit.language import Language, texts_of
from adaudit.spreadsheet import CONTROL, LONGEST_CELL, MOST_ROWS, new_workbook

SLICE: Final = 20_000
WIDEST: Final = 60
FIRST_DAY: Final = date(1900, 3, 1)
"""Before it, spreadsheets count days that never were: such a day is written as text."""
DIGITS: Final = 15
"""Numbers of more digits lose some of them in a spreadsheet: written as text."""
CUT: Final = " […]"
Row = Sequence[object]


@dataclass(frozen=True)
class Sheet:
    """One sheet's worth of rows: name, header, number of rows, and the rows in slices of columns."""

    name: str
    columns: dict[str, pl.DataType]
    height: int
    rows: Iterator[Row]
    widths: Sequence[int]
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Columns that a person fills, each with the words to choose from."""


class Writer:
    """Writes sheets into one workbook; `rows_per_sheet` is the format's own limit."""

    def __init__(self, path: Path, scratch: Path, rows_per_sheet: int = MOST_ROWS) -> None:
        self.path = path
        self.rows_per_sheet = rows_per_sheet
        self.sheets: dict[str, int] = {}
        self.cut = 0
        self._book = new_workbook(path, scratch)
        self._bold = self._book.add_format({"bold": True, "bottom": 1})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._instant = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})

    def write(self, sheet: Sheet) -> None:
        """Write the rows, over as many sheets as they need; each has its header, frozen and with filters."""
        parts = max(1, -(-sheet.height // self.rows_per_sheet))
        for part in range(parts):
            height = min(self.rows_per_sheet, sheet.height - part * self.rows_per_sheet)
            page = self._book.add_worksheet(sheet.name if not part else f"{sheet.name} {part + 1}")
            for number, width in enumerate(sheet.widths):
                page.set_column(number, number, width)
            page.freeze_panes(1, 0)
            page.autofilter(0, 0, max(height, 1), len(sheet.columns) - 1)
            for number, (name, dtype) in enumerate(sheet.columns.items()):
                page.write_string(0, number, f"{name} (UTC)" if isinstance(dtype, pl.Datetime) else name, self._bold)
            for name, words in sheet.choices.items():
                number = list(sheet.columns).index(name)
                page.data_validation(1, number, max(height, 1), number, {"validate": "list", "source": list(words)})
            for line in range(1, height + 1):
                for number, value in enumerate(next(sheet.rows)):
                    if value is not None:
                        self._cell(page, line, number, value)
        self.sheets[sheet.name] = parts

    def _cell(self, page: Any, line: int, number: int, value: object) -> None:  # noqa: ANN401 - xlsxwriter's
        if isinstance(value, str):
            self._text(page, line, number, value)
        elif isinstance(value, bool):
            page.write_boolean(line, number, value)
        elif isinstance(value, datetime):
            page.write_datetime(line, number, value.replace(tzinfo=None), self._instant)
        elif isinstance(value, date) and value >= FIRST_DAY:
            page.write_datetime(line, number, value, self._day)
        elif isinstance(value, Decimal | int | float) and _exact(value):
            page.write_number(line, number, float(value))
        else:
            self._text(page, line, number, str(value))

    def _text(self, page: Any, line: int, number: int, text: str) -> None:  # noqa: ANN401 - xlsxwriter's
        if len(text) > LONGEST_CELL:
            self.cut += 1
            text = text[: LONGEST_CELL - len(CUT)] + CUT
        page.write_string(line, number, text)

    def close(self) -> None:
        """Finish the file."""
        self._book.close()


def _exact(value: Decimal | float) -> bool:
    """Whether a spreadsheet's binary number holds the value digit for digit."""
    if isinstance(value, float):
        return value == value and abs(value) != float("inf")  # noqa: PLR0124 - nan is no number
    digits = Decimal(value).normalize().as_tuple().digits
    return abs(value) < 10**DIGITS and len(digits) <= DIGITS


def sheet_of(name: str, frame: pl.LazyFrame, *, without_empty: bool = False) -> tuple[Sheet, list[str]]:
    """The frame as a sheet, and the columns left out because no row has a value in them."""
    columns = shown_columns(frame.collect_schema())
    cells = {one: _cell_of(one, dtype) for one, dtype in columns.items()}
    measured = frame.select(
        pl.len().alias("height"),
        *(cell.count().alias(f"count {one}") for one, cell in cells.items()),
        *(
            cell.cast(pl.String).str.len_chars().max().clip(0, WIDEST).fill_null(0).alias(f"width {one}")
            for one, cell in cells.items()
        ),
    )
    found = measured.collect(engine="streaming").row(0, named=True)
    height = int(found["height"])
    empty = [one for one in columns if without_empty and height and not found[f"count {one}"]]
    kept = {one: dtype for one, dtype in columns.items() if one not in empty}
    widths = [max(int(found[f"width {one}"]), len(one) + 3) + 1 for one in kept]
    rows = _rows(frame.select(cells[one] for one in kept), height)
    return Sheet(name, kept, height, rows, widths), empty


def _cell_of(name: str, dtype: pl.DataType) -> pl.Expr:
    if isinstance(dtype, pl.Decimal | pl.Datetime):
        return pl.col(name)
    cell = readable(name, dtype)
    hostile = dtype == pl.String or isinstance(dtype, pl.List)
    return cell.str.replace_all(CONTROL, " ").alias(name) if hostile else cell


def _rows(frame: pl.LazyFrame, height: int) -> Iterator[Row]:
    for offset in range(0, height, SLICE):
        yield from frame.slice(offset, SLICE).collect().iter_rows()


def plain_sheet(name: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Sheet:
    """A sheet of a few rows of text."""
    widths = [min(2 * WIDEST, max(len(row[i]) for row in (header, *rows)) + 2) for i in range(len(header))]
    return Sheet(name, dict.fromkeys(header, pl.String()), len(rows), iter(rows), widths)


def how_it_was_made(out: Path, language: Language) -> list[tuple[str, str]]:
    """Versions, options and inputs with their hashes, from the summary: what a citation needs."""
    say = texts_of("adaudit.export").say
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    rows = [
        (say("version", language), str(summary["adaudit"])),
        (say("law_version", language), str(summary["law_version"])),
        (say("rules_version", language), str(summary["rules_version"])),
    ]
    given = {name: value for name, value in summary["options"].items() if value not in (None, False)}
    rows += [(say("option", language, name=name), str(value)) for name, value in given.items()]
    seen = dict.fromkeys((one["path"], one["sha256"]) for one in summary["inputs"])
    rows += [(say("input", language, path=path), sha256) for path, sha256 in seen]
    return [*rows, (say("cells", language), say("cells_note", language))]


def write_workbooks(
    out: Path,
    tables: Sequence[Table],
    done: Exported,
    advance: Callable[[str, int, int], None],
    language: Language,
    rows_per_sheet: int = MOST_ROWS,
) -> None:
    """Write `findings.xlsx` (with statements and tables) and `records.xlsx` (with older versions).

    Adds to `done` the files, and what was split over sheets, cut, or left out as empty.
    """
    frames = dict(frames_of(out))
    books = {"findings": ["findings"], "records": [name for name in frames if name != "findings"]}
    for index, (book, names) in enumerate(books.items()):
        path = out / f"{book}.xlsx"
        advance(f"writing {path.name}", index, len(books))
        with tempfile.TemporaryDirectory(prefix=".adaudit-", dir=out) as scratch:
            writer = Writer(path, Path(scratch), rows_per_sheet)
            made = how_it_was_made(out, language)
            sheets = _large_sheets({name: frames[name] for name in names}, made, done, language, rows_per_sheet)
            _write_made(writer, made, language)
            if book == "findings":
                _write_statements(writer, out, language)
            for sheet in sheets:
                writer.write(sheet)
            if book == "findings":
                for table in tables:
                    title = texts_of("adaudit.export").say("table_sheet", language, by=table.dimension)
                    writer.write(sheet_of(title, table.frame.lazy())[0])
            writer.close()
        if writer.cut:
            done.notices.append(("cut", {"name": path.name, "cells": writer.cut}))
        done.paths.append(path)


def _large_sheets(
    frames: Mapping[str, pl.LazyFrame], made: list[tuple[str, str]], done: Exported, language: Language, limit: int
) -> list[Sheet]:
    """The sheets of findings or records; what is left out or split is added to `made` and `done`."""
    say = texts_of("adaudit.export").say
    sheets: list[Sheet] = []
    for name, frame in frames.items():
        sheet, empty = sheet_of(name, frame, without_empty=name != "findings")
        sheets.append(replace(sheet, choices={"decision": WORDS}) if name == "findings" else sheet)
        if empty:
            made.append((say("left_out", language, name=name), ", ".join(empty)))
        if sheet.height > limit:
            split = {"name": name, "rows": sheet.height, "sheets": -(-sheet.height // limit)}
            made.append((name, say("split", language, **split)))
            done.notices.append(("split", split))
    return sheets


def _write_made(writer: Writer, made: Sequence[tuple[str, str]], language: Language) -> None:
    say = texts_of("adaudit.export").say
    writer.write(plain_sheet(say("made_sheet", language), (say("what", language), say("value", language)), made))


def _write_statements(writer: Writer, out: Path, language: Language) -> None:
    say = texts_of("adaudit.export").say
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    lines = [(one["subject"], one.get(language) or one["en"]) for one in summary["statements"]]
    header = (say("subject", language), say("statement", language))
    writer.write(plain_sheet(say("statements_sheet", language), header, lines))
