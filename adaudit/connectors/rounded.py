"""Counts as ad libraries round them: `47K`, `10K-100K`, `2.5K - 5K`, `<1K`."""

from typing import Final

import polars as pl

SUFFIX: Final = {"K": 10**3, "M": 10**6, "B": 10**9}
COUNT: Final = r"(\d+(?:\.\d+)?)([KMB]?)"
BUCKET: Final = rf"(?i)^\s*(?:<\s*{COUNT}|>?\s*{COUNT}\+?|{COUNT}\s*-\s*{COUNT})\s*$"
OPEN: Final = r"^\s*>|\+\s*$"


def count_of(raw: pl.Expr) -> pl.Expr:
    """A rounded count such as `47K`, `1.5M` or `900` as a whole number; null for anything else."""
    parts = raw.str.extract_groups(rf"(?i)^\s*{COUNT}\s*$").struct.field
    return _count(parts("1"), parts("2"))


def bucket_of(raw: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Both ends of a bucket; `<1K` reaches from zero, a single count and `1M+` have no upper end."""
    parts = raw.str.extract_groups(BUCKET).struct.field
    below, single = _count(parts("1"), parts("2")), _count(parts("3"), parts("4"))
    low, high = _count(parts("5"), parts("6")), _count(parts("7"), parts("8"))
    from_zero = pl.when(below.is_not_null()).then(pl.lit(0, pl.Int64))
    return pl.coalesce(from_zero, single, low), pl.coalesce(below, high)


def _count(number: pl.Expr, suffix: pl.Expr) -> pl.Expr:
    """A number and its suffix as a whole number (Int64)."""
    factor = pl.lit(1, pl.Int64)
    for letter, times in SUFFIX.items():
        factor = pl.when(suffix.str.to_uppercase() == letter).then(pl.lit(times, pl.Int64)).otherwise(factor)
    return (number.cast(pl.Float64, strict=False) * factor).round(0).cast(pl.Int64, strict=False)


def upper_end_of(raw: pl.Expr) -> pl.Expr:
    """The text of a bucket where it names an upper end; null of an open one (`1M+`, `>1M`)."""
    return pl.when(~raw.str.contains(OPEN)).then(raw)
