"""CSV files of an archive, and what faults make of their header and rows."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence

from .faults import ADDED_FIELD, Striking
from .listing import EDITED, USUAL, spread

ZIP_DAY = (2025, 7, 14, 8, 30, 0)
FAULTS_OF_ROWS = ("empty", "vanished", "changed", "canary", "overlap", "edited", "renamed", "retyped", "added")
"""The faults that change a file's rows or header."""


def concerned(struck: Striking) -> bool:
    """Whether a fault changes rows or header."""
    return any(kind in struck for kind in FAULTS_OF_ROWS)


def faulty(table: bytes, struck: Striking, key: str, usual_field: str) -> bytes:
    """The CSV with the faults that strike; `key` is the column that identifies a row.

    A retyped column holds words in place of its values; a row that overlaps stands twice.
    """
    header, *rows = list(csv.reader(io.StringIO(table.decode("utf-8"), newline="")))
    if "empty" in struck:
        rows = []
    changed = struck.get("changed")
    if changed:
        place = header.index(changed.field or usual_field)
        for one in spread(range(len(rows)), struck.number("changed", USUAL), 1):
            rows[one][place] = f"{EDITED}{rows[one][place]}"
    rows = _rows(rows, struck, header.index(key))
    for kind in ("edited", "retyped"):
        fault = struck.get(kind)
        if fault:
            place = header.index(fault.field or usual_field)
            again = struck.number("edited", USUAL) if kind == "edited" else len(rows)
            for row in rows[-again:]:
                row[place] = f"{EDITED if kind == 'edited' else 'about '}{row[place]}"
    renamed = struck.get("renamed")
    if renamed:
        place = header.index(renamed.field or usual_field)
        header[place] = f"{header[place]}_renamed"
    if "added" in struck:
        header = [*header, ADDED_FIELD]
        rows = [[*row, "not seen before"] for row in rows]
    end = "\r\n" if b"\r\n" in table.partition(b"\n")[0] + b"\n" else "\n"
    return written(header, rows, end)


def _rows(rows: list[list[str]], struck: Striking, key: int) -> list[list[str]]:
    gone = set(spread(range(len(rows)), struck.number("vanished", USUAL), 0))
    canary = rows[len(rows) // 2][key] if rows and "canary" in struck else None
    kept = [row for place, row in enumerate(rows) if place not in gone and row[key] != canary]
    again = max(struck.number("overlap", USUAL), struck.number("edited", USUAL))
    return [*kept, *([*row] for row in kept[-again:])] if again else kept


def written(header: Sequence[str], rows: Iterable[Sequence[str]], end: str = "\n") -> bytes:
    """A CSV file, quoted where needed."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=end)
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()


def column(table: bytes, name: str) -> list[str]:
    """The values of one column, in the order of the rows."""
    reader = csv.reader(io.StringIO(table.decode("utf-8"), newline=""))
    place = next(reader).index(name)
    return [row[place] for row in reader]


def zipped(members: Iterable[tuple[str, bytes]]) -> bytes:
    """A deflated zip with fixed dates: the same members give the same bytes on one machine."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name, ZIP_DAY), content, zipfile.ZIP_DEFLATED, 1)
    return out.getvalue()


def unzipped(content: bytes) -> dict[str, bytes]:
    """The members of a zip by name, in their order."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
