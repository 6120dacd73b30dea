"""Reads each distinct text of a column once: regions, ages and steps repeat over millions of rows."""

import polars as pl

from adaudit.connectors.build import Columns

CELL = "a cell"


def per_cell(c: Columns, column: str, **made: pl.Expr) -> tuple[pl.Expr, ...]:
    """Stage expressions over the text of one raw column, written on `CELL`, and give back references to them.

    Where the page does not carry the column they are what they are of null.
    """
    raw = c.raw if c.has(column) else c.raw.with_columns(pl.lit(None, dtype=pl.String).alias(column))
    named = {f"staged {name}": expr for name, expr in made.items()}
    read = raw.select(pl.col(column).alias(CELL)).unique().with_columns(**named)
    key = pl.col(column).alias(CELL)
    c.raw = c.raw.with_columns(
        raw.select(key).join(read, on=CELL, how="left", maintain_order="left", nulls_equal=True).drop(CELL)
    )
    return tuple(pl.col(name) for name in named)
