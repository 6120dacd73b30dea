"""Moments that a source counts from 1 January 1970 UTC: in seconds or in milliseconds."""

from typing import Final

import polars as pl

SECONDS: Final = r"^\d{9,10}$"
"""From 1973 to 2286: fewer or more digits are no second of an ad library."""
MILLISECONDS: Final = r"^\d{12,13}$"


def moment_of_seconds(raw: pl.Expr) -> pl.Expr:
    """The moment in UTC; null where the text is no count of seconds."""
    return _moment(raw, SECONDS, 1_000_000)


def moment_of_milliseconds(raw: pl.Expr) -> pl.Expr:
    """The moment in UTC; null where the text is no count of milliseconds."""
    return _moment(raw, MILLISECONDS, 1_000)


def _moment(raw: pl.Expr, pattern: str, microseconds: int) -> pl.Expr:
    clean = raw.str.strip_chars()
    count = pl.when(clean.str.contains(pattern)).then(clean).cast(pl.Int64, strict=False)
    return (count * microseconds).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
