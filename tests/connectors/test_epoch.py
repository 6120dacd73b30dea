"""Moments counted from 1970 come back as they were, and nothing else is read as one."""

from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaudit.connectors.epoch import moment_of_milliseconds, moment_of_seconds

EARLIEST, LATEST = datetime(1990, 1, 1), datetime(2200, 1, 1)


def one(expression: pl.Expr, text: str | None) -> object:
    return pl.DataFrame({"t": [text]}, schema={"t": pl.String}).select(expression).item()


@given(st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC)))
def test_moments_come_back(moment: datetime) -> None:
    milliseconds = int(moment.replace(microsecond=0).timestamp()) * 1000 + moment.microsecond // 1000
    expected = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert one(moment_of_milliseconds(pl.col("t")), str(milliseconds)) == expected
    assert one(moment_of_seconds(pl.col("t")), f" {milliseconds // 1000} ") == moment.replace(microsecond=0)


@pytest.mark.parametrize("text", ["", "20250901", "2025-09-01", "1.7e12", "-1760047200", "176004720012345", None])
def test_anything_else_is_no_moment(text: str | None) -> None:
    assert one(moment_of_seconds(pl.col("t")), text) is None
    assert one(moment_of_milliseconds(pl.col("t")), text) is None


def test_seconds_are_no_milliseconds() -> None:
    assert one(moment_of_milliseconds(pl.col("t")), "1760047200") is None
    assert one(moment_of_seconds(pl.col("t")), "1760047200000") is None
