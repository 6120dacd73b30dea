"""Numbers, shares, amounts and days as each language writes them in little room."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from adaudit.charts.wording import DUTCH, ENGLISH


def written(text: str) -> str:
    """The text with thin spaces made visible."""
    return text.replace("\u202f", "_")


def test_thousands_are_set_apart() -> None:
    assert [written(ENGLISH.number(count)) for count in (0, 999, 1_000, 1_234_567)] == [
        "0",
        "999",
        "1_000",
        "1_234_567",
    ]


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (9_999, "9_999"),
        (10_000, "10.0k"),
        (12_849, "12.8k"),
        (12_850, "12.9k"),
        (99_949, "99.9k"),
        (99_950, "100k"),
        (999_499, "999k"),
        (999_500, "1.0m"),
        (47_839_524, "47.8m"),
        (2_000_000_000, "2_000m"),
    ],
)
def test_large_counts_fit_into_little_room(count: int, shown: str) -> None:
    assert written(ENGLISH.compact(count)) == shown


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (0, 0, ""),
        (0, 7, "0%"),
        (7, 7, "100%"),
        (1, 101, "<1%"),
        (100, 101, ">99%"),
        (1, 100, "1%"),
        (99, 100, "99%"),
        (1, 8, "13%"),
        (1, 3, "33%"),
    ],
)
def test_a_share_never_rounds_to_nothing_or_all(part: int, whole: int, shown: str) -> None:
    assert ENGLISH.percent(part, whole) == shown


def test_bounds_round_outwards_and_exact_amounts_not_at_all() -> None:
    assert ENGLISH.amount(Decimal("1000.99")) == ENGLISH.number(1000)
    assert ENGLISH.amount(Decimal("1000.01"), up=True) == ENGLISH.number(1001)
    assert written(ENGLISH.exactly(Decimal("1234.50"))) == "1_234.50"
    assert written(ENGLISH.exactly(Decimal("1234.00"))) == "1_234"


def test_dutch_writes_points_and_commas() -> None:
    assert DUTCH.number(1_234_567) == "1.234.567"
    assert DUTCH.compact(12_849) == "12,8k"
    assert DUTCH.exactly(Decimal("1234.50")) == "1.234,50"
    assert DUTCH.share(12, 46) == "12 van 46 (26%)"
    assert ENGLISH.share(12, 46) == "12 of 46 (26%)"
    assert DUTCH.share(0, 0) == "0 van 0"


def test_days_are_written_out_and_other_text_stays() -> None:
    assert ENGLISH.day(date(2025, 10, 10)) == "10 October 2025"
    assert DUTCH.day("2025-10-10T12:00:00Z") == "10 oktober 2025"
    assert DUTCH.day("last spring") == "last spring"


def test_a_list_ends_with_and() -> None:
    assert ENGLISH.listed([]) == ""
    assert ENGLISH.listed(["a"]) == "a"
    assert DUTCH.listed(["a", "b", "c"]) == "a, b en c"
