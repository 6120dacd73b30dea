"""Reads the targeting columns that creative-stats and campaign-targeting of the political ads bundle share."""

from typing import Final

import polars as pl

from adaudit.connectors.build import Columns, all_null, listed, text
from adaudit.connectors.google.distinct import CELL, per_cell
from adaudit.connectors.nested import parameter_where_shown

BRACKET: Final = r"^(\d{1,2})-(\d{1,2})$"
FROM: Final = r"^(?:≥|>=)\s*(\d{1,2})$"
UNKNOWN_AGE: Final = "unknown age"
"""People whose age Google does not know; some of them may be minors."""
CELLS: Final = {"age_targeting": "age", "gender_targeting": "gender", "geo_targeting_included": "location"}


def _parts(raw: pl.Expr) -> pl.Expr:
    return text(raw).str.split(",").list.eval(pl.element().str.strip_chars())


def set_targeting(c: Columns) -> None:
    """Set age, gender and place as the cells show them.

    A blank cell is not documented: nothing is said of it. Places are kept as they stand, because the comma
    between places also stands inside each of them.
    """
    ages = _parts(pl.col(CELL))
    one = pl.element()
    lows = ages.list.eval(pl.coalesce(one.str.extract(BRACKET, 1), one.str.extract(FROM, 1)).cast(pl.Int16))
    nameless = ages.list.eval(one.str.to_lowercase() == UNKNOWN_AGE)
    odd = ages.list.eval(
        ~(one.str.contains(BRACKET) | one.str.contains(FROM) | (one.str.to_lowercase() == UNKNOWN_AGE))
    )
    low, top, upwards, unknown, unread = per_cell(
        c,
        "age_targeting",
        lowest_age=lows.list.min(),
        highest_age=ages.list.eval(one.str.extract(BRACKET, 2).cast(pl.Int16)).list.max(),
        upwards=ages.list.eval(one.str.contains(FROM)).list.any(),
        unknown_age=nameless.list.any().fill_null(value=False),
        unread_age=pl.when(odd.list.any()).then(pl.col(CELL)),
    )
    (genders,) = per_cell(c, "gender_targeting", genders=all_null(_parts(pl.col(CELL))))
    readable = unread.is_null() & low.is_not_null()
    c.parse("age_min", unread, pl.when(readable).then(low))
    cells = [parameter_where_shown(dimension, c.col(column)) for column, dimension in CELLS.items()]
    cells.append(parameter_where_shown("location", c.col("geo_targeting_excluded"), excluded=True))
    (parameters,) = c.stage(parameters=pl.concat_list(cells).list.drop_nulls())
    there = any(c.has(name) for name in (*CELLS, "geo_targeting_excluded"))
    c.set(
        age_max=pl.when(readable & ~upwards).then(top),
        age_restricted=pl.when(readable).then(pl.lit(True)),
        age_open_side_unknown=unknown,
        genders=genders,
        locations=listed(text(c.col("geo_targeting_included"))),
        targeting_parameters=all_null(parameters),
        targeting_parameters_count=pl.when(pl.lit(there) & (parameters.list.len() > 0)).then(parameters.list.len()),
    )
