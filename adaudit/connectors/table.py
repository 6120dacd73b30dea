"""Reads CSV bytes into columns of text; a row that is not a row of the table is set aside.

The bytes are scanned once for quotes, separators and line ends, in columns and not row by row:
that gives the number of cells of each record, which a lenient reader hides. Rows with another
number of cells than the header are rejected with their line; all others are read by polars.
"""

import json
import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from adaudit.connectors.raw import Rejected
from adaudit.errors import UnreadableInput, UnrecognisedInput

BOM: Final = b"\xef\xbb\xbf"
UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
STRAY_QUOTE: Final = re.compile(rb'(?:^|,)(?:[^",\r\n]+"|"(?:[^"]|"")*"[^,\r\n])')
EXAMPLE_LENGTH: Final = 300


@dataclass(frozen=True)
class Table:
    """A CSV file as columns of text.

    `frame` holds one String column per header cell, named in lower case with single spaces, and
    `record` (UInt32, the number of the data record in the file, from 1). Empty cells are "".
    """

    header: tuple[str, ...]
    names: tuple[str, ...]
    frame: pl.DataFrame
    rejected: tuple[Rejected, ...]
    had_bom: bool

    def text_at(self, places: list[str]) -> list[str]:
        """The rows at places such as `record 7`, each as its cells by column."""
        numbers = pl.Series(places).str.extract(r"(\d+)").cast(pl.UInt32)
        return cells_as_text(self.frame.filter(pl.col("record").is_in(numbers.implode())))


def cells_as_text(rows: pl.DataFrame) -> list[str]:
    """Each row as a JSON object of its cells, in the order of the header."""
    return [json.dumps(row, ensure_ascii=False) for row in rows.drop("record").iter_rows(named=True)]


def decode_check(data: bytes) -> bytes:
    """The bytes without a byte-order mark, proven to be UTF-8. Raises UnreadableInput."""
    if data.startswith(UTF_16):
        raise UnreadableInput("UTF-8 text", "UTF-16 (byte-order mark at byte 0)", advice="Save it as UTF-8.")
    clean = data.removeprefix(BOM)
    try:
        clean.decode("utf-8")
    except UnicodeDecodeError as error:
        line = clean.count(b"\n", 0, error.start) + 1
        raise UnreadableInput(
            "UTF-8 text",
            f"byte 0x{clean[error.start]:02X}, which is not UTF-8",
            place=f"line {line}, byte {error.start}",
            advice="The file was saved again in another encoding; use the file as downloaded.",
        ) from error
    return clean


def normal_name(name: str) -> str:
    """A header cell in lower case with single ordinary spaces."""
    return " ".join(name.replace("\u00a0", " ").replace("\ufeff", "").split()).lower()


def header_of(data: bytes) -> tuple[str, ...]:
    """The header cells as they stand.

    Raises UnrecognisedInput where there is no header line, UnreadableInput where it is damaged.
    """
    line = decode_check(_first_line(data))
    if b"," not in line:
        raise UnrecognisedInput(
            "the header line of a table, or JSON",
            f"text that starts with {line[:60].decode('utf-8', 'replace')!r}",
            advice="`adaudit sources` lists what can be read.",
        )
    try:
        frame = pl.read_csv(line + b"\n", has_header=False, infer_schema=False, empty_string_is_null=False)
    except pl.exceptions.PolarsError as error:
        raise UnreadableInput(
            "a header line with its quotes closed",
            f"text that starts with {line[:60].decode('utf-8', 'replace')!r}",
            place="line 1",
            advice="Use the file as downloaded.",
        ) from error
    return tuple(str(cell) for cell in frame.row(0))


def _first_line(data: bytes) -> bytes:
    """The header's bytes without line end; of UTF-16, whose line ends differ, all bytes."""
    return data if data.startswith(UTF_16) else data.removeprefix(BOM).split(b"\n", 1)[0].rstrip(b"\r")


def _records(clean: bytes) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Start and end offset of each record and its number of cells, quotes respected."""
    codes = np.frombuffer(clean, dtype=np.uint8)
    inside = np.cumsum(codes == 0x22, dtype=np.uint8) & 1
    outside = inside == 0
    ends = np.flatnonzero((codes == 0x0A) & outside)
    if len(codes) and (len(ends) == 0 or ends[-1] != len(codes) - 1):
        ends = np.append(ends, len(codes) - 1 if codes[-1] == 0x0A else len(codes))
    starts = np.concatenate(([0], ends[:-1] + 1)).astype(np.int64)
    commas = np.flatnonzero((codes == 0x2C) & outside)
    cells = np.searchsorted(commas, ends) - np.searchsorted(commas, starts) + 1
    return starts, ends.astype(np.int64), cells


def _is_blank(clean: bytes, start: int, end: int) -> bool:
    return not clean[start:end].strip(b"\r\n")


def read_table(data: bytes) -> Table:
    """The table that the bytes hold, with the rows that do not fit set aside.

    Raises UnreadableInput for a wrong encoding or an unreadable table.
    """
    clean = decode_check(data)
    header = header_of(clean)
    starts, ends, cells = _records(clean)
    number = np.arange(len(starts))
    blank = np.zeros(len(starts), dtype=bool)
    for i in np.flatnonzero(cells == 1):
        blank[i] = _is_blank(clean, int(starts[i]), int(ends[i]))
    number = np.cumsum(~blank) - 1
    bad = (cells != len(header)) & ~blank
    bad[0] = False
    reasons = {int(i): f"{cells[i]} cells where the header has {len(header)}" for i in np.flatnonzero(bad)}
    if clean.count(b'"') % 2:
        reasons[len(starts) - 1] = "a quote that is never closed: the file may have been cut off here"
    kept = _kept(blank, reasons)
    try:
        frame = _read(clean, starts, ends, kept)
    except pl.exceptions.PolarsError as error:
        strays = _stray_quotes(clean, starts, ends, kept)
        if not strays:
            raise UnreadableInput("a CSV table", str(error).splitlines()[0]) from error
        reasons |= strays
        kept = _kept(blank, reasons)
        frame = _read(clean, starts, ends, kept)
    names = _unique(tuple(normal_name(cell) for cell in header))
    frame.columns = list(names)
    rejected = tuple(_reject(clean, starts, ends, number, i, why) for i, why in sorted(reasons.items()))
    record = pl.Series("record", number[kept[1:]], dtype=pl.UInt32)
    return Table(header, names, frame.with_columns(record), rejected, data.startswith(BOM))


def _unique(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{name} ({i + 1})" if name in names[:i] or not name else name for i, name in enumerate(names))


def _kept(blank: np.ndarray, reasons: dict[int, str]) -> np.ndarray:
    keep = ~blank
    keep[list(reasons)] = False
    return np.flatnonzero(keep)


def _read(clean: bytes, starts: np.ndarray, ends: np.ndarray, kept: np.ndarray) -> pl.DataFrame:
    """The kept records (header first) as columns of text; the header row itself is left out."""
    body = clean if len(kept) == len(starts) else b"\n".join(clean[starts[i] : ends[i]].rstrip(b"\r") for i in kept)
    frame = pl.read_csv(body, has_header=False, infer_schema=False, empty_string_is_null=False)
    return frame.slice(1)


def _stray_quotes(clean: bytes, starts: np.ndarray, ends: np.ndarray, kept: np.ndarray) -> dict[int, str]:
    return {
        int(i): "a quote inside an unquoted cell" for i in kept[1:] if STRAY_QUOTE.search(clean[starts[i] : ends[i]])
    }


def _reject(
    clean: bytes, starts: np.ndarray, ends: np.ndarray, number: np.ndarray, index: int, reason: str
) -> Rejected:
    line = clean.count(b"\n", 0, int(starts[index])) + 1
    raw = clean[int(starts[index]) : int(ends[index])].decode("utf-8", "replace").rstrip("\r")
    return Rejected(f"record {number[index]} (line {line})", reason, raw)
