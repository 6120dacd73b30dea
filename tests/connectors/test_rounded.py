"""Counts as libraries round them: every true count lies in its bucket."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaudit.connectors.rounded import bucket_of, count_of, upper_end_of


def one(expression: pl.Expr, text: str | None) -> object:
    return pl.DataFrame({"t": [text]}, schema={"t": pl.String}).select(expression).item()


def ends(text: str | None) -> tuple[object, object]:
    low, high = bucket_of(pl.col("t"))
    return one(low, text), one(high, text)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("0-1K", 0, 1000),
        ("525K-641K", 525_000, 641_000),
        ("2.5K - 5K", 2500, 5000),
        ("<1K", 0, 1000),
        ("1M+", 1_000_000, None),
        (">1M", 1_000_000, None),
        ("900", 900, None),
        ("<", None, None),
        ("<many", None, None),
        ("", None, None),
        ("-5K", None, None),
        (None, None, None),
    ],
)
def test_ends_of_a_bucket(text: str | None, low: int | None, high: int | None) -> None:
    assert ends(text) == (low, high)


@pytest.mark.parametrize(("text", "named"), [("1M+", False), (" >1M", False), ("0-1K", True), ("many", True)])
def test_open_bucket_names_no_upper_end(text: str, *, named: bool) -> None:
    assert one(upper_end_of(pl.col("t")), text) == (text if named else None)


@given(st.integers(0, 999), st.integers(1, 999), st.sampled_from("KMB"), st.sampled_from(["-", " - "]))
def test_ends_come_back_as_they_were_written(low: int, more: int, suffix: str, between: str) -> None:
    factor = {"K": 10**3, "M": 10**6, "B": 10**9}[suffix]
    assert ends(f"{low}{suffix}{between}{low + more}{suffix}") == (low * factor, (low + more) * factor)


@given(st.text(alphabet="0123456789.KMB<>+- ab,", max_size=12))
def test_what_is_read_is_no_more_than_was_written(text: str) -> None:
    low, high = ends(text)
    for end in (low, high):
        assert end is None or (isinstance(end, int) and end >= 0)
    if one(count_of(pl.col("t")), text) is not None:
        assert low == one(count_of(pl.col("t")), text)
