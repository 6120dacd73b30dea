"""Rows of one file that share an id without being the same: kept apart, never taken for versions."""

import polars as pl

from adaudit.connectors.forms import TableContext


def kept_apart(frame: pl.DataFrame, table: TableContext) -> pl.DataFrame:
    """The records, with the number of the row joined to an id that stands on rows of different content.

    Rows that are equal in every cell keep one id and are counted once. Google's ids are not quite unique
    within a file.
    """
    if not frame["record_id"].is_duplicated().any():
        return frame
    cells = [name for name in table.frame.columns if name != "record"]
    rows = table.frame.select(
        frame["record_id"].alias("id"), pl.col("record").min().over(cells).alias("first")
    ).with_columns((pl.col("first").n_unique().over("id") > 1).alias("several"))
    joined = pl.concat_str("id", pl.lit("|row "), "first")
    return frame.with_columns(
        rows.select(pl.when("several").then(joined).otherwise("id").alias("record_id")).to_series()
    )
