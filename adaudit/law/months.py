"""Calendar months counted from a day.

The law counts in months ("the last three months preceding an election") and does not define how. Here a month
back or forth is the day of the same number; where that month is shorter there is no such day, and two readings
are possible: its last day, or as many days further as the number overshoots.
"""

from calendar import monthrange
from datetime import date, timedelta


def months_later(day: date, months: int) -> date:
    """The day of the same number so many months later (earlier if negative), or the last day of that month."""
    return _reached(day, months)[0]


def months_before(day: date, months: int) -> tuple[date, date]:
    """The day so many months before, under both readings: they differ where that month is shorter.

    One month before 30 March 2026 is 28 February (the last day of that month) or 2 March (two days further).
    """
    return _reached(day, -months)


def _reached(day: date, months: int) -> tuple[date, date]:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    over = max(day.day - last, 0)
    reached = date(year, month + 1, day.day - over)
    return reached, reached + timedelta(days=over)
