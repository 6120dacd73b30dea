"""Reads small files of one header together, as one table.

A source that writes a table a day leaves thousands of them, and to make the columns costs about as much
for ten rows as for ten thousand. Each file comes out as it would alone: with its records in their order,
its places, its rejected rows. Files of which something is said are halved, until those are left that
have to be read alone.
"""

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from adaudit.connectors.encoding import BOM
from adaudit.connectors.forms import CsvForm, TableContext
from adaudit.connectors.raw import Parsed, Rejected
from adaudit.connectors.recognise import Recognised
from adaudit.connectors.rows import dialect_of
from adaudit.connectors.table import PAGE, Table, read_table
from adaudit.errors import InputError

LARGEST: Final = 2**22
"""Bytes from which a table is read alone: by then its columns cost more than making them ready."""
RECORD: Final = re.compile(r"^record (\d+)")
Reader = Callable[[TableContext, Recognised], Parsed]


@dataclass(frozen=True)
class TablePage:
    """A table that waits for those read after it: its bytes, what it is, and the name of its file."""

    data: bytes
    found: Recognised
    name: str


def kinship(page: TablePage, form: CsvForm) -> Hashable | None:
    """What tables have in common that can be read together; None where the table has to be read alone."""
    same = None if form.alike is None or len(page.data) > LARGEST else form.alike(page.name)
    if same is None or dialect_of(page.data.removeprefix(BOM)).name != "comma":
        return None
    return page.found.source, page.found.form, page.found.header, same


def parse_tables(pages: Sequence[TablePage], parse: Reader) -> list[Parsed | None]:
    """The records of tables of one kinship, each as it is alone; None for a table that must be read alone."""
    tables = [_table(page.data) for page in pages]
    sound = [i for i, table in enumerate(tables) if table is not None and table.frame.height]
    read: list[Parsed | None] = [None] * len(pages)
    for i, parsed in zip(sound, _parsed([(pages[i], tables[i]) for i in sound], parse), strict=True):  # type: ignore[misc]
        read[i] = parsed
    return read


def _table(data: bytes) -> Table | None:
    try:
        return read_table(data)
    except InputError:
        return None


def _parsed(read: Sequence[tuple[TablePage, Table]], parse: Reader) -> list[Parsed | None]:
    if len(read) < 2:
        return [None] * len(read)
    numbered = [
        table.frame.with_columns(pl.col("record").cast(pl.UInt64) + number * PAGE)
        for number, (_, table) in enumerate(read)
    ]
    page, table = read[0]
    names = tuple(one.name for one, _ in read)
    whole = replace(table, frame=pl.concat(numbered, rechunk=True), rejected=())
    try:
        parsed = parse(TableContext(whole, page.name, names=names), page.found)
    except InputError:
        return [None] * len(read)
    if parsed.notices:
        half = len(read) // 2
        return _parsed(read[:half], parse) + _parsed(read[half:], parse)
    return _divided(parsed, [table for _, table in read])


def _divided(parsed: Parsed, tables: Sequence[Table]) -> list[Parsed | None]:
    """The tables one by one, with their own places."""
    record = parsed.frame["locator"].str.extract(RECORD.pattern).cast(pl.UInt64)
    file = record // PAGE
    assert file.is_sorted()  # noqa: S101 - parsers keep the order of rows
    places = (record % PAGE).to_frame("row").select(pl.format("record {}", "row").alias("locator"))
    frame = parsed.frame.with_columns(places)
    starts = file.search_sorted(pl.Series(range(len(tables) + 1), dtype=pl.UInt64))
    rejected: list[list[Rejected]] = [list(table.rejected) for table in tables]
    for one in parsed.rejected:
        number, row = divmod(int(RECORD.sub(r"\1", one.place)), PAGE)
        rejected[number].append(replace(one, place=f"record {row}"))
    return [
        replace(parsed, frame=frame.slice(starts[i], starts[i + 1] - starts[i]), rejected=tuple(rejected[i]))
        for i in range(len(tables))
    ]
