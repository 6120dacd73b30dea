"""Identifiers that a spreadsheet or a float has damaged: how they look, and what is still whole in them."""

from typing import Final

import polars as pl

SPREADSHEET_ID: Final = r"^\d(?:[.,]\d+)?[eE]\+?\d+$"
"""An identifier that a spreadsheet has turned into a power of ten, such as `1.70585E+15`."""
POWER_OF_TEN: Final = r"^(\d)[.,]?(\d*)[eE]\+?(\d{1,3})$"
DIGITS_KEPT: Final = 15
CUT_ID: Final = r"^\d{15}0{1,5}$"
"""An identifier of which a spreadsheet may have kept no more than its first fifteen digits."""


def spelled_out(raw: pl.Expr) -> pl.Expr:
    """An identifier in its digits where a float was written that still holds each of them.

    `1705851403162930.0` and `1.70585140316293e+14` do; `1.70585E+15`, which lacks ten, stays as it is.
    """
    lead, rest, power = (raw.str.extract(POWER_OF_TEN, group) for group in (1, 2, 3))
    complete = rest.str.len_chars() == power.cast(pl.UInt32, strict=False)
    whole_text = raw.str.replace(r"^(\d{1,16})\.0$", "${1}")
    return pl.when(complete).then(lead + rest).otherwise(whole_text)


def same_but_destroyed(raw: pl.Expr, held: pl.Expr) -> pl.Expr:
    """Whether `raw` is what a spreadsheet makes of the identifier `held`: its first digits agree."""
    rest, power = raw.str.extract(POWER_OF_TEN, 2), raw.str.extract(POWER_OF_TEN, 3)
    shown = raw.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    unit = pl.lit(10.0).pow(power.cast(pl.Float64, strict=False) - rest.str.len_chars())
    near = (held.cast(pl.Float64, strict=False) - shown).abs() <= unit
    number, whole_id = (one.cast(pl.Int128, strict=False) for one in (raw, held))
    lost = pl.lit(10.0).pow(raw.str.len_chars().cast(pl.Float64) - DIGITS_KEPT)
    cut = raw.str.contains(CUT_ID) & (number != whole_id) & ((number - whole_id).abs().cast(pl.Float64) < lost)
    return ((raw.str.contains(SPREADSHEET_ID) & near) | cut).fill_null(value=False)
