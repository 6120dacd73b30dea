"""Shares of a total of which only bounds are known.

A part spent between `low` and `high`, all others together between `low` and `high`: the part's share is
smallest where it spent its least and the others their most, and largest the other way round. Whatever the
true amounts are, the true share lies between the two. No midpoints, nothing rounded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from fractions import Fraction
from typing import Final

PLACES: Final = Decimal("0.000001")
"""To how many places a share is written: outwards, so that the true one stays inside."""


@dataclass(frozen=True)
class Bounds:
    """An amount that is at least `low` and at most `high`; `None` is an open upper end."""

    low: Decimal
    high: Decimal | None

    @classmethod
    def of(cls, several: Iterable[Bounds]) -> Bounds:
        """The bounds of the sum; open where any of them is."""
        held = list(several)
        highs = [one.high for one in held]
        closed = [high for high in highs if high is not None]
        low = sum((one.low for one in held), Decimal(0))
        return cls(low, sum(closed, Decimal(0)) if len(closed) == len(highs) else None)


@dataclass(frozen=True)
class Share:
    """A share between `low` and `high`, from 0 to 1."""

    low: Fraction
    high: Fraction
    open_self: bool = False
    """Whether the upper bound is 1 for want of an upper end of the part's own amount."""
    open_others: bool = False
    """Whether the lower bound is 0 for want of an upper end of another amount."""

    def written(self) -> tuple[Decimal, Decimal]:
        """Both bounds as decimals, rounded outwards."""
        return _rounded(self.low, ROUND_FLOOR), _rounded(self.high, ROUND_CEILING)


def share(part: Bounds, others: Bounds) -> Share | None:
    """The share of the part in the sum of both; None where the sum can only be nothing."""
    if part.high == 0 and others.high == 0:
        return None
    return Share(_least(part, others), _most(part, others), part.high is None, others.high is None)


def _least(part: Bounds, others: Bounds) -> Fraction:
    if others.high is None:
        return Fraction(0)
    if others.high == 0:
        return Fraction(1)
    return Fraction(part.low) / (Fraction(part.low) + Fraction(others.high))


def _most(part: Bounds, others: Bounds) -> Fraction:
    if part.high is None:
        return Fraction(1)
    if part.high == 0:
        return Fraction(0)
    return Fraction(part.high) / (Fraction(part.high) + Fraction(others.low))


def _rounded(value: Fraction, how: str) -> Decimal:
    with localcontext(prec=60, rounding=how):
        return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(PLACES)
