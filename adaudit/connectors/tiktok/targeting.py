"""Targeting as TikTok's library shows it: brackets switched on or off, and what was chosen in words."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from adaudit.connectors.build import Columns, all_null, text
from adaudit.connectors.nested import parameter, parameter_where_shown

AGE_BRACKET: Final = ("13-17", "18-24", "25-34", "35-44", "45-54", "55+")


def set_targeting(
    c: Columns,
    *,
    ages: Mapping[str, pl.Expr],
    genders: Mapping[str, pl.Expr],
    audience: pl.Expr,
    words: Mapping[str, pl.Expr],
    shown: pl.Expr,
) -> None:
    """Set the columns on targeting.

    `ages` and `genders` say of each bracket whether it is admitted, null where that is not shown;
    `audience` is `Yes` or `No`, `words` are free texts by dimension; `shown` is whether the record
    shows its targeting at all.
    """
    brackets = dict(zip(ages, c.stage(**{f"age {b}": one for b, one in ages.items()}), strict=True))
    seen = pl.any_horizontal(*(one.is_not_null() for one in brackets.values())) if brackets else pl.lit(False)
    lowest: list[pl.Expr] = [pl.when(one).then(pl.lit(int(b[:2]), pl.Int16)) for b, one in brackets.items()]
    youngest = pl.coalesce(*lowest, pl.lit(None, pl.Int16))
    parts = [_bracket("age", b, one) for b, one in brackets.items()]
    parts += [_bracket("gender", name, one) for name, one in genders.items()]
    for dimension, raw in {"custom audience": audience, **words}.items():
        value = text(raw)
        parts.append(parameter_where_shown(dimension, pl.when(value.str.to_lowercase() != "no").then(value)))
    custom = text(audience).str.to_lowercase() == "yes"
    (parameters,) = c.stage(parameters=pl.concat_list(parts).list.drop_nulls())
    c.set(
        age_min=pl.when(seen).then(youngest),
        age_restricted=pl.when(seen).then(~pl.all_horizontal(*brackets.values()) if brackets else pl.lit(None)),
        custom_audience=custom,
        targeting_personal_data=pl.when(custom).then(pl.lit(True)),
        targeting_parameters=pl.when(shown).then(all_null(parameters)),
        targeting_parameters_count=pl.when(shown).then(parameters.list.len()),
    )


def _bracket(dimension: str, value: str, admitted: pl.Expr) -> pl.Expr:
    """A bracket that is switched off is an exclusion; one that is not shown is neither."""
    return pl.when(admitted.is_not_null()).then(parameter(dimension, pl.lit(value), excluded=~admitted))
