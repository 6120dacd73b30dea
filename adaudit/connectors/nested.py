"""The nested entries of a record: one targeting parameter, one country of delivery."""

import polars as pl

from adaudit.connectors.build import text

Pair = tuple[pl.Expr, pl.Expr]

NOTHING = pl.lit(None, dtype=pl.Int64)
NO_DAY = pl.lit(None, dtype=pl.Date)


def parameter(dimension: str | pl.Expr, value: pl.Expr, *, excluded: bool | pl.Expr = False) -> pl.Expr:
    """One entry of `targeting_parameters`."""
    return pl.struct(
        (pl.lit(dimension) if isinstance(dimension, str) else dimension).alias("dimension"),
        value.alias("value"),
        (pl.lit(excluded) if isinstance(excluded, bool) else excluded).alias("excluded"),
    )


def parameter_where_shown(dimension: str, raw: pl.Expr, *, excluded: bool | pl.Expr = False) -> pl.Expr:
    """One entry of `targeting_parameters`; null where the source shows no value."""
    value = text(raw)
    return pl.when(value.is_not_null()).then(parameter(dimension, value, excluded=excluded))


def delivered_views(country: pl.Expr, days: Pair, views: Pair) -> pl.Expr:
    """One entry of `delivery` that tells days and views (low, high)."""
    return _delivery(country, days, views, (NOTHING, NOTHING))


def delivered_people(country: pl.Expr, people: pl.Expr, most: pl.Expr | None = None) -> pl.Expr:
    """One entry of `delivery` that tells how many people were reached: a number, or from `people` to `most`."""
    return _delivery(country, (NO_DAY, NO_DAY), (NOTHING, NOTHING), (people, people if most is None else most))


def _delivery(country: pl.Expr, days: Pair, views: Pair, reach: Pair) -> pl.Expr:
    return pl.struct(
        country.alias("country"),
        days[0].alias("from"),
        days[1].alias("until"),
        views[0].alias("views_low"),
        views[1].alias("views_high"),
        reach[0].alias("reach_low"),
        reach[1].alias("reach_high"),
        (country == "EEA").fill_null(value=False).alias("aggregate"),
    )
