"""Reads CSV bytes into columns of text; a row that is not a row of the table is set aside.

A lenient reader hides rows with too few cells and quotes out of place. So the bytes are counted
beside the reader: where every quote stands where it belongs and the separators are as many as the
rows ask for, all rows are whole. Else rows are told one from another (`rows.py`), those with another
number of cells than the header are rejected with their line, and the others are read.
"""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import polars as pl

from adaudit.connectors.encoding import BOM, decode_check
from adaudit.connectors.raw import Rejected
from adaudit.connectors.rows import (
    Dialect,
    Rows,
    dialect_of,
    proof_of,
    rows_of,
    separators_outside,
)
from adaudit.errors import UnreadableInput, UnrecognisedInput

CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
RECORD: Final = "record"
"""Column that holds the number of a row."""
PAGE: Final = 2**32
"""In the table of several files, what stands between the numbers of two files' rows."""
START: Final = 60
"""Characters shown of a text that is no table."""


@dataclass(frozen=True)
class Table:
    """A CSV file as columns of text.

    `frame` holds one String column per header cell, named in lower case with single spaces, and
    `record` (UInt32, the number of the data record in the file, from 1). Empty cells are null, in quotes or not:
    a column that holds nothing costs nothing.
    """

    header: tuple[str, ...]
    names: tuple[str, ...]
    frame: pl.DataFrame
    rejected: tuple[Rejected, ...]
    had_bom: bool
    separator: str = "comma"

    def text_at(self, places: list[str]) -> list[str]:
        """The rows at places such as `record 7`, each as its cells by column."""
        numbers = pl.Series(places).str.extract(r"(\d+)").cast(pl.UInt64)
        return cells_as_text(self.frame.filter(pl.col("record").cast(pl.UInt64).is_in(numbers.implode())))


def cells_as_text(rows: pl.DataFrame) -> list[str]:
    """Each row as a JSON object of its cells, in the order of the header; empty cells are ""."""
    cells = rows.drop("record").with_columns(pl.col(pl.String).fill_null(""))
    return [json.dumps(row, ensure_ascii=False) for row in cells.iter_rows(named=True)]


def normal_name(name: str) -> str:
    """A header cell in lower case with single ordinary spaces."""
    return " ".join(name.replace("\u00a0", " ").replace("\ufeff", "").split()).lower()


def header_of(data: bytes) -> tuple[str, ...]:
    """The header cells as they stand.

    Raises UnrecognisedInput where there is no header line, UnreadableInput where it is damaged.
    """
    clean = data.removeprefix(BOM)
    dialect = dialect_of(clean)
    return _header_cells(_first_line(data, clean, dialect), dialect.separator)


@lru_cache(maxsize=32)
def _header_cells(line: bytes, separator: bytes) -> tuple[str, ...]:
    """The cells of a header line; the thousands of files of one source share theirs."""
    line = decode_check(line)
    if CONTROL.search(line):
        raise no_table(line)
    try:
        frame = _read(line + b"\n", separator)
    except pl.exceptions.PolarsError as error:
        raise _open_header(line) from error
    if separators_outside(np.frombuffer(line, dtype=np.uint8), separator) is None:
        raise _open_header(line)
    return tuple(cell or "" for cell in frame.row(0)[:-1])


def no_table(start: bytes) -> UnrecognisedInput:
    """The error for text that begins like neither a table nor JSON."""
    return UnrecognisedInput(
        "the header line of a table, or JSON",
        f"text that starts with {start[:START].decode('utf-8', 'replace')!r}",
        advice="`adaudit sources` lists what can be read.",
    )


def _open_header(line: bytes) -> UnreadableInput:
    return UnreadableInput(
        "a header line with its quotes closed",
        f"text that starts with {line[:START].decode('utf-8', 'replace')!r}",
        place="line 1",
        advice="Use the file as downloaded.",
    )


def _first_line(data: bytes, clean: bytes, dialect: Dialect) -> bytes:
    """The header's bytes without line end; of UTF-16, whose line ends differ, all bytes."""
    line = clean[dialect.start : dialect.end].removesuffix(b"\r")
    return data if b"\x00" in line or data[:2] in {b"\xff\xfe", b"\xfe\xff"} else line


def read_table(data: bytes) -> Table:
    """The table that the bytes hold, with the rows that do not fit set aside.

    Raises UnreadableInput for a wrong encoding or an unreadable table.
    """
    clean = data.removeprefix(BOM)
    header = header_of(data)
    dialect = dialect_of(clean)
    names = _unique(tuple(normal_name(cell) for cell in header))
    frame = _whole(clean, dialect, len(header))
    rejected: tuple[Rejected, ...] = ()
    if frame is None:
        decode_check(data)
        frame, rejected = _row_by_row(clean, dialect, len(header))
    numbers, frame = frame[RECORD], frame.drop(RECORD)
    frame.columns = list(names)
    return Table(header, names, frame.with_columns(numbers), rejected, data.startswith(BOM), dialect.name)


def _unique(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{name} ({i + 1})" if name in names[:i] or not name else name for i, name in enumerate(names))


def _read(body: bytes, separator: bytes, *, pairs: bool = True) -> pl.DataFrame:
    """The rows as columns of text, the header among them, and last their number from 0.

    Empty cells are null, those too that stand in quotes. Where no quote follows a quote (`pairs`) there are none
    of these, and the reader need not look for them.
    """
    frame = pl.read_csv(
        body,
        has_header=False,
        infer_schema=False,
        null_values="" if pairs else None,
        separator=separator.decode(),
        row_index_name=RECORD,
    )
    return frame[[*frame.columns[1:], RECORD]]


def _whole(clean: bytes, dialect: Dialect, width: int) -> pl.DataFrame | None:
    """The rows after the header where each is proven to have its number of cells; else None.

    The reader refuses bytes that are not UTF-8, and a row with too many cells; where there are as many
    separators outside of cells as the rows ask for, none has too few.
    """
    if width == 1 or dialect.start or b"\x00" in clean:
        return None
    proof = proof_of(clean, dialect.separator)
    if proof is None:
        return None
    try:
        frame = _read(clean, dialect.separator, pairs=proof.pairs)
    except pl.exceptions.PolarsError:
        return None
    return frame.slice(1) if frame.width == width + 1 and proof.separators == frame.height * (width - 1) else None


def _row_by_row(clean: bytes, dialect: Dialect, width: int) -> tuple[pl.DataFrame, tuple[Rejected, ...]]:
    """The rows that fit, with their numbers in the file, and the others."""
    rows = rows_of(clean, dialect)
    blank = np.zeros(len(rows.starts), dtype=bool)
    for index in np.flatnonzero(rows.cells == 1):
        blank[index] = not clean[int(rows.starts[index]) : int(rows.ends[index])].strip(b"\r\n")
    blank[0] = False
    number = np.cumsum(~blank) - 1
    odd = (rows.cells != width) & ~blank
    odd[0] = False
    reasons = {int(i): f"{rows.cells[i]} cells where the header has {width}" for i in np.flatnonzero(odd)}
    reasons |= {index: why for index, why in rows.reasons.items() if index > 0}
    keep = ~blank
    keep[list(reasons)] = False
    kept = np.flatnonzero(keep)
    body = b"\n".join(clean[int(rows.starts[i]) : int(rows.ends[i])].removesuffix(b"\r") for i in kept)
    try:
        frame = _read(body + b"\n", dialect.separator).slice(1)
    except pl.exceptions.PolarsError as error:
        raise UnreadableInput("a CSV table", str(error).splitlines()[0]) from error
    rejected = tuple(_reject(clean, rows, number, index, why, dialect) for index, why in sorted(reasons.items()))
    return frame.with_columns(pl.Series(RECORD, number[kept[1:]], dtype=pl.UInt32)), rejected


def _reject(clean: bytes, rows: Rows, number: np.ndarray, index: int, reason: str, dialect: Dialect) -> Rejected:
    start, end = int(rows.starts[index]), int(rows.ends[index])
    line = clean.count(b"\r" if dialect.carriage_returns else b"\n", 0, start) + 1
    raw = clean[start:end].decode("utf-8", "replace").rstrip("\r")
    return Rejected(f"record {number[index]} (line {line})", reason, raw)
