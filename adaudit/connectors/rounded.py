"""Counts as ad libraries round them: `47K`, `10K-100K`, `2.5K - 5K`, `<1K`."""

from typing import Final

import polars as pl

SUFFIX: Final = {"K": 10**3, "M": 10**6, "B": 10**9}
OPEN: Final = r"^\s*>|\+\s*$"


def count_of(raw: pl.Expr) -> pl.Expr:
    """A rounded count such as `47K`, `1.5M` or `900` as a whole number; null for anything else."""
    clean = raw.str.strip_chars().str.to_uppercase()
    number = clean.str.extract(r"^(\d+(?:\.\d+)?)[KMB]?$", 1).cast(pl.Float64, strict=False)
    factor = clean.str.slice(-1).replace_strict(SUFFIX, default=1, return_dtype=pl.Int64)
    return (number * factor).round(0).cast(pl.Int64, strict=False)


def bucket_of(raw: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Both ends of a bucket; `<1K` reaches from zero, a single count and `1M+` have no upper end."""
    clean = raw.str.strip_chars()
    below = clean.str.strip_prefix("<")
    parts = clean.str.split("-")
    low, high = parts.list.get(0, null_on_oob=True), parts.list.get(1, null_on_oob=True)
    low = low.str.strip_prefix(">").str.strip_suffix("+")
    under = clean.str.starts_with("<") & count_of(below).is_not_null()
    least = count_of(low)
    return (
        pl.when(under).then(pl.lit(0, pl.Int64)).otherwise(least),
        pl.when(under).then(count_of(below)).when(least.is_not_null()).then(count_of(high)),
    )


def upper_end_of(raw: pl.Expr) -> pl.Expr:
    """The text of a bucket where it names an upper end; null of an open one (`1M+`, `>1M`)."""
    return pl.when(~raw.str.contains(OPEN)).then(raw)
