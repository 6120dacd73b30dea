"""Shares of totals of which only bounds are known: the true share lies inside, whatever the amounts are."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaudit.charts.shares import Bounds, Share, share

AMOUNTS = st.decimals(0, 10**9, places=2)


@st.composite
def spent(draw: st.DrawFn) -> tuple[Bounds, Decimal]:
    """An amount that is true, and bounds that hold it; a third of them without an upper end."""
    low, true, high = sorted(draw(st.tuples(AMOUNTS, AMOUNTS, AMOUNTS)))
    return Bounds(low, draw(st.sampled_from([high, high, None]))), true


@given(st.lists(spent(), min_size=2, max_size=6), st.integers(1, 5))
def test_the_true_share_lies_inside(amounts: list[tuple[Bounds, Decimal]], first: int) -> None:
    part, others = amounts[:first], amounts[first:]
    total = sum((true for _, true in amounts), Decimal(0))
    found = share(Bounds.of(bounds for bounds, _ in part), Bounds.of(bounds for bounds, _ in others))
    if total:
        assert found is not None
        true = Fraction(sum((true for _, true in part), Decimal(0))) / Fraction(total)
        assert 0 <= found.low <= true <= found.high <= 1
        low, high = found.written()
        assert low <= found.low
        assert high >= found.high


@given(spent(), spent())
def test_both_ends_can_be_reached(one: tuple[Bounds, Decimal], other: tuple[Bounds, Decimal]) -> None:
    part, others = one[0], other[0]
    found = share(part, others)
    if found and part.high and others.high and (part.low or others.low):
        assert found.low == Fraction(part.low) / (Fraction(part.low) + Fraction(others.high))
        assert found.high == Fraction(part.high) / (Fraction(part.high) + Fraction(others.low))


def bounds(low: int, high: int | None) -> Bounds:
    return Bounds(Decimal(low), None if high is None else Decimal(high))


@pytest.mark.parametrize(
    ("part", "others", "low", "high"),
    [
        (bounds(10, 20), bounds(30, 80), Fraction(1, 9), Fraction(2, 5)),
        (bounds(10, 10), bounds(30, 30), Fraction(1, 4), Fraction(1, 4)),
        (bounds(10, None), bounds(30, 30), Fraction(1, 4), Fraction(1)),
        (bounds(10, 10), bounds(30, None), Fraction(0), Fraction(1, 4)),
        (bounds(0, None), bounds(0, None), Fraction(0), Fraction(1)),
        (bounds(0, 0), bounds(0, 5), Fraction(0), Fraction(0)),
        (bounds(0, 5), bounds(0, 0), Fraction(1), Fraction(1)),
    ],
)
def test_bounds_of_a_share(part: Bounds, others: Bounds, low: Fraction, high: Fraction) -> None:
    found = share(part, others)
    assert found is not None
    assert (found.low, found.high) == (low, high)
    assert (found.open_self, found.open_others) == (part.high is None, others.high is None)


def test_nothing_of_nothing_is_no_share() -> None:
    assert share(bounds(0, 0), bounds(0, 0)) is None


def test_a_sum_with_an_open_end_is_open() -> None:
    assert Bounds.of([bounds(1, 2), bounds(3, None)]) == bounds(4, None)
    assert Bounds.of([]) == bounds(0, 0)


def test_shares_are_written_outwards() -> None:
    assert Share(Fraction(1, 3), Fraction(2, 3)).written() == (Decimal("0.333333"), Decimal("0.666667"))
