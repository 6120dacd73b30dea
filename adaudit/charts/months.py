"""The numbers of the chart over time: data sets, their months in a row, and the bars of each month.

Months without records are left out where they are more than three in a row: the axis shows the break. A
month with records from before and since the law applied has a bar for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from adaudit.charts.material import Form, Material, MonthShare, Vote

SUBJECTS: Final = ("sponsor", "spend", "targeting")
BINDINGS: Final = ("before", "unknown", "yes")
"""In the order in which they stand within a month."""
FEW: Final = 10
"""Below so many decided records a share says little: one record more or less moves it by over ten per cent."""
_LONGEST_GAP: Final = 3
MOST_SLOTS: Final = {1: 36, 2: 34, 3: 23}
"""Months in one row, by the bars of the month that has most: beyond, the figures below would not be legible."""

Slot = date | None
"""A month, or a break in the axis."""


@dataclass(frozen=True)
class Series:
    """One data set over time."""

    source: str
    form: str
    kind: str
    bars: dict[tuple[str, date], tuple[MonthShare, ...]]
    """Subject and month to its bars, one a binding, in the order of `BINDINGS`."""
    undated: int
    """Records that were decided on at least one subject and have no date; none of their bars is drawn."""
    votes: Sequence[Vote]

    @property
    def months(self) -> list[date]:
        """The months with records, in order."""
        return sorted({month for _, month in self.bars})

    def of(self, subject: str) -> list[MonthShare]:
        """All bars of one subject, in order."""
        return [bar for (one, _), bars in sorted(self.bars.items()) if one == subject for bar in bars]

    def total(self, subject: str, binding: str) -> MonthShare:
        """The dated records of one subject and binding, added up over the months."""
        bars = [bar for bar in self.of(subject) if bar.binding == binding]
        sums = [sum(getattr(bar, name) for bar in bars) for name in ("shown", "lost", "never", "asserted")]
        return MonthShare(self.source, self.form, self.kind, subject, None, binding, *sums)


def series(material: Material) -> list[Series]:
    """Every data set of which anything could be decided, the most recent first."""
    by_form: dict[Form, list[MonthShare]] = {}
    for one in material.months:
        if one.decided:
            by_form.setdefault((one.source, one.form, one.kind), []).append(one)
    found = []
    for form, members in by_form.items():
        bars: dict[tuple[str, date], list[MonthShare]] = {}
        undated = dict.fromkeys(SUBJECTS, 0)
        for one in sorted(members, key=lambda one: BINDINGS.index(one.binding)):
            if one.month is None:
                undated[one.subject] += one.decided
            else:
                bars.setdefault((one.subject, one.month), []).append(one)
        held = {key: tuple(several) for key, several in bars.items()}
        found.append(Series(*form, held, max(undated.values()), material.votes.get(form, ())))
    return sorted(found, key=lambda one: (-_ends(one), one.source, one.form, one.kind))


def _ends(one: Series) -> int:
    """The last month of a data set as a number; zero where none of its records is dated."""
    return one.months[-1].toordinal() if one.bars else 0


def slots(months: Sequence[date]) -> list[Slot]:
    """The months from the first to the last, with one break in place of each long run without records."""
    found: list[Slot] = list(months[:1])
    for before, after in pairwise(months):
        between = _later(before, after) - 1
        if between > _LONGEST_GAP:
            found.append(None)
        else:
            found.extend(month_after(before, turn) for turn in range(1, between + 1))
        found.append(after)
    return found


def in_rows(given: Sequence[Slot], bars: int) -> list[list[Slot]]:
    """The slots in rows of about one length, for months of at most so many bars; breaks stand inside rows."""
    count = -(-len(given) // MOST_SLOTS[bars])
    most = -(-len(given) // max(count, 1))
    rows: list[list[Slot]] = []
    for start in range(0, len(given), max(most, 1)):
        row = list(given[start : start + most])
        while row and row[0] is None:
            row.pop(0)
        while row and row[-1] is None:
            row.pop()
        rows.append(row)
    return [row for row in rows if row]


def month_after(month: date, count: int) -> date:
    """The first day of the month so many months later."""
    years, number = divmod(month.month - 1 + count, 12)
    return date(month.year + years, number + 1, 1)


def _later(before: date, after: date) -> int:
    """How many months the second lies after the first."""
    return (after.year - before.year) * 12 + after.month - before.month
