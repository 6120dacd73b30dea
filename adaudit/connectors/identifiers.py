"""Identifiers that a spreadsheet or a float has damaged: how they look, and what is still whole in them."""

from collections.abc import Sequence
from typing import Final

import polars as pl

SPREADSHEET_ID: Final = r"^\d(?:[.,]\d+)?[eE]\+?\d+$"
"""An identifier that a spreadsheet has turned into a power of ten, such as `1.70585E+15`."""
POWER_OF_TEN: Final = r"^(\d)[.,]?(\d*)[eE]\+?(\d{1,3})$"
DIGITS_KEPT: Final = 15
CUT_ID: Final = r"^\d{15}0{1,5}$"
"""An identifier of which a spreadsheet may have kept no more than its first fifteen digits."""


MAY_BE_SPELLED_OUT: Final = r"^\d[\d.,]*(?:[eE]|\.0$)"
"""What `spelled_out` may change; of anything else the text stays as it is."""


def spelled_out(raw: pl.Expr) -> pl.Expr:
    """An identifier in its digits where a float was written that still holds each of them.

    `1705851403162930.0` and `1.70585140316293e+14` do; `1.70585E+15`, which lacks ten, stays as it is.
    """
    return raw.map_batches(_spelled_out, return_dtype=pl.String, is_elementwise=True)


def _spelled_out(ids: pl.Series) -> pl.Series:
    if not ids.str.contains(MAY_BE_SPELLED_OUT).any():
        return ids
    raw = pl.col(ids.name)
    lead, rest, power = (raw.str.extract(POWER_OF_TEN, group) for group in (1, 2, 3))
    complete = rest.str.len_chars() == power.cast(pl.UInt32, strict=False)
    whole_text = raw.str.replace(r"^(\d{1,16})\.0$", "${1}")
    return ids.to_frame().select(pl.when(complete).then(lead + rest).otherwise(whole_text)).to_series()


def damaged(ids: pl.Series) -> pl.Series:
    """Whether there is no identifier in a row, or one that a spreadsheet may have destroyed (Boolean)."""
    return ids.str.contains(f"{SPREADSHEET_ID}|{CUT_ID}").fill_null(value=True)


def same_but_destroyed(raw: pl.Expr, held: pl.Expr) -> pl.Expr:
    """Whether `raw` is what a spreadsheet makes of the identifier `held`: its first digits agree."""
    return pl.map_batches([raw, held], _same_but_destroyed, return_dtype=pl.Boolean, is_elementwise=True)


def _same_but_destroyed(both: Sequence[pl.Series]) -> pl.Series:
    raw, held = pl.col("raw"), pl.col("held")
    frame = pl.DataFrame({"raw": both[0], "held": both[1]})
    power_of_ten = raw.str.contains(SPREADSHEET_ID)
    cut_off = raw.str.contains(CUT_ID) & (raw != held)
    frame = frame.with_columns(power_of_ten.alias("power of ten"), cut_off.alias("cut"))
    if not (frame["power of ten"].any() or frame["cut"].any()):
        return pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
    rest, power = raw.str.extract(POWER_OF_TEN, 2), raw.str.extract(POWER_OF_TEN, 3)
    shown = raw.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    unit = pl.lit(10.0).pow(power.cast(pl.Float64, strict=False) - rest.str.len_chars())
    near = (held.cast(pl.Float64, strict=False) - shown).abs() <= unit
    number, whole_id = (one.cast(pl.Int128, strict=False) for one in (raw, held))
    lost = pl.lit(10.0).pow(raw.str.len_chars().cast(pl.Float64) - DIGITS_KEPT)
    cut = pl.col("cut") & (number != whole_id) & ((number - whole_id).abs().cast(pl.Float64) < lost)
    return frame.select(((pl.col("power of ten") & near) | cut).fill_null(value=False)).to_series()
