"""Rows of one file that share an id without being the same: kept apart, never taken for versions."""

import polars as pl

from adaudit.connectors.forms import TableContext


def kept_apart(frame: pl.DataFrame, table: TableContext) -> pl.DataFrame:
    """The records, with the number of the row joined to an id that stands on rows of different content.

    Rows that are equal in every cell keep one id and are counted once. Google's ids are not quite unique
    within a file.
    """
    cells = [name for name in table.frame.columns if name != "record"]
    rows = table.frame.with_columns(frame["record_id"].alias("an id"))
    several = (
        rows.filter(pl.col("an id").is_duplicated())
        .select("an id", "record", pl.col("record").min().over(cells).alias("first"))
        .filter(pl.col("first").n_unique().over("an id") > 1)
    )
    if several.is_empty():
        return frame
    first = table.frame.select("record").join(several, on="record", how="left", maintain_order="left")["first"]
    joined = pl.concat_str("record_id", pl.lit("|row "), first)
    return frame.with_columns(pl.coalesce(joined, "record_id").alias("record_id"))
