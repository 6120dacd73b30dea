"""The ages that a source says an ad reached: brackets as it writes them, and the ends of the youngest."""

from typing import Final

import polars as pl

BRACKET: Final = r"^\d{2}(?:-\d{2}|\+)"
"""The beginning of a group that tells an age: `13-17`, `65+ female`."""


def reached(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with `ages_reached` and the ends of its youngest bracket; an open bracket has no upper end.

    Taken from `audience_breakdown`, where a share above nothing was reached, and from what a connector put into
    `ages_reached` itself.
    """
    filled = [name for name in ("ages_reached", "audience_breakdown") if frame[name].null_count() < frame.height]
    if not filled:
        return frame
    group, share = (pl.element().struct.field(name) for name in ("group", "share"))
    told = {
        "ages_reached": pl.col("ages_reached"),
        "audience_breakdown": pl.col("audience_breakdown").list.eval(group.filter(share > 0)),
    }
    texts = pl.concat_list(told[name].fill_null([]) for name in filled)
    brackets = texts.list.eval(pl.element().str.extract(f"({BRACKET})").drop_nulls().unique().sort())
    frame = frame.with_columns(pl.when(brackets.list.len() > 0).then(brackets).alias("ages_reached"))
    youngest = pl.col("ages_reached").list.first()
    return frame.with_columns(
        youngest.str.slice(0, 2).cast(pl.Int16).alias("reached_age_min"),
        youngest.str.extract(r"-(\d{2})$").cast(pl.Int16).alias("reached_age_max"),
    )
