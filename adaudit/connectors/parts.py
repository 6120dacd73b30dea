"""Cuts a large table into parts of whole rows, so that it is read in the memory of a part.

A part is cut only where every quote before the cut stands in its place: what follows a quote out of place is one
part, and is told row from row as in a table that is read whole. Records and lines keep their numbers in the file.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl

from adaudit.connectors.encoding import BOM
from adaudit.connectors.raw import Rejected
from adaudit.connectors.rows import dialect_of, separators_outside
from adaudit.connectors.table import Table, read_table

PART: Final = 8 * 2**20
"""Bytes of a part."""
Pieces = Callable[[], Iterator[bytes]]
"""Gives all bytes of a file, in pieces of whole lines, as often as it is called."""
COMMA: Final = b","
PLACE: Final = re.compile(r"^record (\d+) \(line (\d+)\)$")


@dataclass(frozen=True)
class Cut:
    """A table that is read in parts of about `size` bytes; no more of it is held in memory than a part and a piece."""

    header: bytes
    start: int
    """Where the row after the header begins."""
    pieces: Pieces
    size: int

    @classmethod
    def of(cls, beginning: bytes, pieces: Pieces, size: int | None = None) -> "Cut | None":
        """The table of which these are all pieces, in parts of about `size` bytes, or PART.

        None where its beginning, which may be all of it, is not longer than that, where a carriage return alone ends
        its lines, or where semicolons or tabs part its cells: such files were saved again, and are read whole.
        """
        size = PART if size is None else size
        clean = beginning.removeprefix(BOM)
        dialect = dialect_of(clean)
        if len(clean) <= size or dialect.carriage_returns or dialect.start or dialect.name != "comma":
            return None
        start = dialect.end + 1
        cut = cls(clean[:start], len(beginning) - len(clean) + start, pieces, size)
        return cut if cut._end(clean, start) else None

    def tables(self) -> Iterator[Table]:
        """Each part as a table, one at a time. Raises as `read_table` does."""
        records = lines = 0
        for part in self._parts():
            table = read_table(self.header + part)
            yield _moved(table, records, lines)
            records += table.frame.height + len(table.rejected)
            lines += part.count(b"\n")

    def _parts(self) -> Iterator[bytes]:
        pieces = self.pieces()
        held, at = next(pieces, b""), self.start
        while True:
            if len(held) - at <= self.size:
                held, at = self._filled(held[at:], pieces), 0
            end = self._end(held, at)
            if not end:
                yield b"".join((held[at:], *pieces))
                return
            yield held[at:end]
            at = end

    def _filled(self, held: bytes, pieces: Iterator[bytes]) -> bytes:
        """What is held with the pieces after it, until that is more than a part or all."""
        more, there = [held], len(held)
        while there <= self.size and (piece := next(pieces, b"")):
            more.append(piece)
            there += len(piece)
        return b"".join(more)

    def _end(self, held: bytes, at: int) -> int:
        """Where the part that begins at an offset ends; 0 where it is not to be cut off from what follows."""
        if len(held) - at <= self.size:
            return 0
        end = held.rfind(b"\n", at, at + self.size) + 1
        part = np.frombuffer(held, dtype=np.uint8, count=max(0, end - at), offset=at)
        return end if len(part) and separators_outside(part, COMMA) is not None else 0


def _moved(table: Table, records: int, lines: int) -> Table:
    """The table with its records and lines numbered as in the whole, after so many of both."""

    def place(one: Rejected) -> str:
        found = PLACE.match(one.place)
        assert found is not None  # noqa: S101 - as `read_table` writes it
        return f"record {int(found[1]) + records} (line {int(found[2]) + lines})"

    frame = table.frame.with_columns((pl.col("record") + records).cast(pl.UInt32))
    return replace(table, frame=frame, rejected=tuple(replace(one, place=place(one)) for one in table.rejected))
