"""JSON inside the cells of a CSV export of BigQuery, decoded; a row with a broken cell is set aside."""

from collections.abc import Mapping

import polars as pl

from adaudit.connectors.document import decode_cells
from adaudit.connectors.forms import TableContext
from adaudit.connectors.raw import Rejected
from adaudit.connectors.table import cells_as_text


def decode(table: TableContext, nested: Mapping[str, pl.DataType]) -> tuple[TableContext, tuple[Rejected, ...]]:
    """The table with these columns, where it has them, decoded to these types, and the rows that do not hold them."""
    bad = pl.repeat(False, table.frame.height, dtype=pl.Boolean, eager=True)
    decoded: list[pl.Series] = []
    for name, dtype in nested.items():
        if name not in table.frame.columns:
            continue
        values, broken = decode_cells(_wrapped(table.frame[name], name), pl.Struct({name: dtype}))
        decoded.append(values.struct.field(name).alias(name))
        bad |= broken
    aside = table.frame.filter(bad)
    rejected = tuple(
        Rejected(f"record {number}", "JSON inside a cell is broken", raw)
        for number, raw in zip(aside["record"], cells_as_text(aside), strict=True)
    )
    found = table.table
    kept = table.frame.with_columns(decoded).filter(~bad)
    clean = type(found)(found.header, found.names, kept, found.rejected, found.had_bom)
    return TableContext(clean, table.name), rejected


def _wrapped(cells: pl.Series, key: str) -> pl.Series:
    """Cells as objects with the one key; BigQuery writes them so, some exporters the bare value."""
    clean = cells.str.strip_chars()
    bare = ~clean.str.contains(f'^\\{{\\s*"{key}"') & (clean != "")
    frame = pl.DataFrame({"c": clean, "bare": bare})
    wrapped = pl.when("bare").then(pl.format("{}{}{}", pl.lit(f'{{"{key}":'), "c", pl.lit("}")))
    return frame.select(wrapped.when(pl.col("c") == "").then(None).otherwise("c")).to_series()
