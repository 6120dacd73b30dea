"""Cuts a large table into parts of whole rows, so that it is read in the memory of a part.

A part is cut only where every quote before the cut stands in its place: what follows a quote out of place is one
part, and is told row from row as in a table that is read whole. Records and lines keep their numbers in the file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl

from adaudit.connectors.encoding import BOM
from adaudit.connectors.raw import Rejected
from adaudit.connectors.rows import dialect_of, separators_outside
from adaudit.connectors.table import Table, read_table

PART: Final = 32 * 2**20
"""Bytes of a part."""
PLACE: Final = re.compile(r"^record (\d+) \(line (\d+)\)$")


@dataclass(frozen=True)
class Cut:
    """A table with the offsets at which its parts begin, the first being that of the row after the header."""

    clean: bytes
    starts: tuple[int, ...]

    @classmethod
    def of(cls, data: bytes, size: int | None = None) -> "Cut | None":
        """The table in parts of about `size` bytes, or PART.

        None where it is not larger, or where a carriage return alone ends its lines, or semicolons or tabs part its
        cells: such files were saved again, and are read whole.
        """
        size = PART if size is None else size
        clean = data.removeprefix(BOM)
        dialect = dialect_of(clean)
        if len(clean) <= size or dialect.carriage_returns or dialect.start or dialect.name != "comma":
            return None
        starts = [dialect.end + 1]
        while len(clean) - starts[-1] > size:
            end = clean.rfind(b"\n", starts[-1], starts[-1] + size) + 1
            part = np.frombuffer(clean, dtype=np.uint8, count=max(0, end - starts[-1]), offset=starts[-1])
            if not len(part) or separators_outside(part, dialect.separator) is None:
                break
            starts.append(end)
        return cls(clean, tuple(starts)) if len(starts) > 1 else None

    def tables(self) -> Iterator[Table]:
        """Each part as a table, one at a time. Raises as `read_table` does."""
        header = self.clean[: self.starts[0]]
        records = lines = 0
        for start, end in zip(self.starts, (*self.starts[1:], len(self.clean)), strict=True):
            table = read_table(header + self.clean[start:end])
            yield _moved(table, records, lines)
            records += table.frame.height + len(table.rejected)
            lines += self.clean.count(b"\n", start, end)


def _moved(table: Table, records: int, lines: int) -> Table:
    """The table with its records and lines numbered as in the whole, after so many of both."""

    def place(one: Rejected) -> str:
        found = PLACE.match(one.place)
        assert found is not None  # noqa: S101 - as `read_table` writes it
        return f"record {int(found[1]) + records} (line {int(found[2]) + lines})"

    frame = table.frame.with_columns((pl.col("record") + records).cast(pl.UInt32))
    return replace(table, frame=frame, rejected=tuple(replace(one, place=place(one)) for one in table.rejected))
