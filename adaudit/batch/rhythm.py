"""How often something is done, tighter in the months before a vote, and whether it is due.

Time is cut into slots of the length of the rhythm, from a Monday at midnight (UTC). Something is due where it was
not begun in the slot of now: once, however many slots have gone by.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from adaudit.law.votes import LAST_MONTH, THREE_MONTHS, Election

UNITS: Final = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
ANCHOR: Final = datetime(1970, 1, 5, tzinfo=UTC)
"""A Monday."""
SHORTEST: Final = timedelta(minutes=5)
LONGEST: Final = timedelta(days=366)

Phase = Literal["always", "three_months", "last_month"]


def duration(text: object) -> timedelta:
    """The time that a text such as `30m`, `6h`, `1d` or `1w` says. Raises ValueError for anything else."""
    if isinstance(text, timedelta):
        return text
    found = re.fullmatch(r"([1-9]\d{0,5})([mhdw])", text) if isinstance(text, str) else None
    if found is None:
        raise ValueError('expected a time such as "30m", "6h", "1d" or "1w"')
    return int(found[1]) * UNITS[found[2]]


def interval(text: object) -> timedelta:
    """A time after which something is done again. Raises ValueError for less than 5 minutes or more than a year."""
    found = duration(text)
    if not SHORTEST <= found <= LONGEST:
        raise ValueError('expected a time from "5m" to "366d"')
    return found


def in_words(length: timedelta) -> str:
    """The time as a configuration writes it."""
    unit = next(one for one in ("w", "d", "h", "m") if not length % UNITS[one])
    return f"{length // UNITS[unit]}{unit}"


def slot(at: datetime, every: timedelta) -> datetime:
    """When the slot began in which an instant lies."""
    return ANCHOR + (at - ANCHOR) // every * every


@dataclass(frozen=True)
class Phased:
    """Which months before which votes an instant lies in."""

    phase: Phase = "always"
    votes: tuple[str, ...] = ()


def phase_of(at: datetime, votes: Iterable[Election]) -> Phased:
    """The narrowest window before one of the votes; its first and last days belong to it under any reading."""
    day = at.date()
    for name, months in (("last_month", LAST_MONTH), ("three_months", THREE_MONTHS)):
        open_ = [one.id for one in votes if (window := one.window(months)).opens <= day <= window.polling]
        if open_:
            return Phased("last_month" if name == "last_month" else "three_months", tuple(open_))
    return Phased()


@dataclass(frozen=True)
class Rhythm:
    """How often, always and in the windows before a vote."""

    always: timedelta
    three_months: timedelta | None = None
    last_month: timedelta | None = None

    def in_phase(self, phase: Phase) -> timedelta:
        """The shortest of the times that hold in a phase."""
        held = [self.always]
        if phase != "always":
            held.append(self.three_months or self.always)
        if phase == "last_month":
            held.append(self.last_month or self.always)
        return min(held)

    @property
    def shortest(self) -> timedelta:
        """The shortest of all times."""
        return self.in_phase("last_month")


@dataclass(frozen=True)
class Due:
    """Whether something is due, and why."""

    is_due: bool
    reason: Literal["never", "slot", "clock", "not_yet"]
    last: datetime | None
    next: datetime


def due(last: datetime | None, now: datetime, every: timedelta) -> Due:
    """Whether what was begun `last` is due. A last time after now tells of a clock that was set back: it is due."""
    following = slot(now, every) + every
    if last is None:
        return Due(True, "never", last, following)
    if last > now:
        return Due(True, "clock", last, following)
    is_due = slot(last, every) != slot(now, every)
    return Due(is_due, "slot" if is_due else "not_yet", last, following)
