"""Rows of one file that share an id without being the same: kept apart, never taken for versions."""

from collections.abc import Iterable

import polars as pl

from adaudit.connectors.forms import TableContext
from adaudit.connectors.table import Table


def rows_apart(parts: Iterable[tuple[Table, pl.Series]]) -> pl.DataFrame:
    """Of each row whose id stands on rows of different content: `record`, and the `first` that is equal to it.

    `parts` are the parts of one file, each with the ids of its rows. Rows are compared by two hashes of 64 bits
    over all their cells.
    """
    rows = []
    for table, ids in parts:
        cells = table.frame.drop("record")
        marks = [cells.hash_rows(seed=seed).alias(f"mark {seed}") for seed in (1, 2)]
        rows.append(table.frame.select("record", ids.alias("an id"), *marks))
    return (
        pl.concat(rows)
        .filter(pl.col("an id").is_duplicated())
        .with_columns(pl.col("record").min().over("an id", "mark 1", "mark 2").alias("first"))
        .filter(pl.col("first").n_unique().over("an id") > 1)
        .select("record", "first")
    )


def kept_apart(frame: pl.DataFrame, table: TableContext, apart: pl.DataFrame | None = None) -> pl.DataFrame:
    """The records, with the number of the row joined to an id that stands on rows of different content.

    Rows that are equal in every cell keep one id and are counted once. Google's ids are not quite unique
    within a file. `apart` is what `rows_apart` tells of all parts of the file, where this is one of several.
    """
    apart = rows_apart([(table.table, frame["record_id"])]) if apart is None else apart
    if apart.is_empty():
        return frame
    first = table.frame.select("record").join(apart, on="record", how="left", maintain_order="left")["first"]
    joined = pl.concat_str("record_id", pl.lit("|row "), first)
    return frame.with_columns(pl.coalesce(joined, "record_id").alias("record_id"))
