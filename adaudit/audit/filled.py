"""Tables that a person filled: CSV as any spreadsheet saves it, a workbook, or JSON, read as text by rows."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from adaudit.errors import UnreadableInput, UsageError
from adaudit.spreadsheet import read_sheets

Row = dict[str, str]


@dataclass(frozen=True)
class BadRow:
    """A row that could not be taken: where it stands and why."""

    place: str
    reason: str


@dataclass(frozen=True)
class Filled:
    """The rows of a filled table with their places, under the names that the program uses."""

    rows: list[tuple[str, Row]]
    columns: list[str]
    sha256: str


def read_filled(path: Path, option: str, names: Mapping[str, str], required: Sequence[str]) -> Filled:
    """The rows of a CSV, JSON or Excel file; `names` maps headings, in lower case, to column names.

    Of a workbook, every sheet that has the required columns. Raises UsageError, naming the option, for a
    file that cannot be read or lacks a column.
    """
    try:
        data = path.read_bytes()
        columns: dict[str, None] = {}
        rows = list(_rows(path, data, names, required, columns))
    except (OSError, ValueError, csv.Error, UnreadableInput) as error:
        raise UsageError(f"{option}: {path.name} could not be read ({error}).") from error
    absent = [column for column in required if column not in columns]
    if absent:
        raise UsageError(
            f"{option}: {path.name} lacks the columns {', '.join(absent)}. "
            f"Found: {', '.join(columns) or 'no table with any of them'}."
        )
    return Filled(rows, list(columns), hashlib.sha256(data).hexdigest())


def _rows(
    path: Path, data: bytes, names: Mapping[str, str], required: Sequence[str], columns: dict[str, None]
) -> Iterator[tuple[str, Row]]:
    if data.startswith(b"PK"):
        for name, sheet in read_sheets(path).items():
            found = [_column(one, names) for one in sheet.columns]
            if set(found).issuperset(required):
                columns.update(dict.fromkeys(found))
                for number, cells in enumerate(sheet.iter_rows(), start=2):
                    yield f"sheet {name}, row {number}", _row(found, cells)
        return
    text = _decoded(data)
    if text.lstrip()[:1] in {"[", "{"}:
        for number, entry in enumerate(_objects(text), start=1):
            if not isinstance(entry, dict):
                raise ValueError(f"entry {number} is no object")
            found = [_column(one, names) for one in entry]
            columns.update(dict.fromkeys(found))
            yield f"entry {number}", _row(found, list(entry.values()))
        return
    separator = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    found = [_column(one, names) for one in next(reader, [])]
    columns.update(dict.fromkeys(found))
    for line in reader:
        if any(line):
            if len(line) > len(found) and any(line[len(found) :]):
                raise ValueError(f"line {reader.line_num} has {len(line)} cells, the header {len(found)}")
            yield f"line {reader.line_num}", _row(found, line)


def _decoded(data: bytes) -> str:
    """UTF-8; else Windows-1252, as which spreadsheets save a CSV. Raises UnicodeDecodeError."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def _objects(text: str) -> list[object]:
    """The objects of a JSON array, or of JSON with one object a line."""
    if text.lstrip().startswith("["):
        found: list[object] = json.loads(text)
        return found
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def _column(name: object, names: Mapping[str, str]) -> str:
    plain = str(name).strip().lower()
    return names.get(plain, plain)


def _row(columns: Sequence[str], line: Sequence[object]) -> Row:
    cells = zip(columns, line, strict=False)
    return {column: str(value).strip() for column, value in cells if value is not None}
