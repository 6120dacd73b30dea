"""The calendar of votes: the shipped one, extended or overridden by a file of the user's, as of a day.

From it come the windows of the law: the three months before a vote (Art 5(2)) and the last month before one
(Arts 15(7), 25(5)), in calendar months counted back from polling day. What the readings of "preceding" and of a
month disagree about (the first day, polling day, and days of a shorter month) is a boundary, to be checked.
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final, Literal

from adaudit.errors import UsageError
from adaudit.law.months import months_before

KINDS: Final = ("european", "parliament", "presidential", "regional", "municipal", "referendum", "party_leadership")
"""Votes that the Regulation means (recital 31)."""
COLUMNS: Final = ("id", "date", "country", "kind", "name", "source", "status")
CALLED: Final = "called_on"
ROUNDS_APART: Final = timedelta(days=31)
LAST_MONTH: Final = 1
THREE_MONTHS: Final = 3


@dataclass(frozen=True)
class Window:
    """The months before a vote. Under every reading of the law the days from `certain` to `until` belong to it."""

    opens: date
    """The first day that belongs to it under any reading."""
    certain: date
    until: date
    """The last day before polling day."""
    polling: date
    """The last day that belongs to it under any reading: whether polling day itself "precedes" is open."""


@dataclass(frozen=True)
class Election:
    """A vote in a Member State; `day` is the first polling day, `status` official or secondary.

    `called_on` is the day on which it was called, where the calendar carries it: who provided a service before
    that day could not know that it was for this vote.
    """

    id: str
    day: date
    country: str
    kind: str
    name: str
    source: str
    status: str
    called_on: date | None = None
    origin: Literal["shipped", "file"] = "shipped"

    def window(self, months: int) -> Window:
        """The calendar months before polling day."""
        opens, beyond = months_before(self.day, months)
        certain = beyond + timedelta(days=1)
        if self.called_on is not None:
            certain = max(certain, self.called_on)
        return Window(opens, certain, self.day - timedelta(days=1), self.day)


@dataclass(frozen=True)
class Calendar:
    """Votes by id in the order of their day, and where they come from."""

    votes: Mapping[str, Election]
    file: str | None = None
    """The name of the user's file."""
    sha256: str | None = None
    added: int = 0
    overridden: int = 0
    as_of: date | None = None
    not_yet_called: tuple[str, ...] = ()
    """Votes left out because they were called after `as_of`."""

    def known_on(self, day: date) -> "Calendar":
        """The calendar without the votes that were called later; one without a day of call counts as known."""
        later = [one.id for one in self.votes.values() if one.called_on is not None and one.called_on > day]
        kept = {one.id: one for one in self.votes.values() if one.id not in later}
        return replace(self, votes=kept, as_of=day, not_yet_called=tuple(later))

    def as_written(self) -> dict[str, object]:
        """The entry of `calendar` in `summary.json`."""
        return {
            "votes": len(self.votes),
            "file": self.file,
            "sha256": self.sha256,
            "added": self.added,
            "overridden": self.overridden,
            "not_yet_called": list(self.not_yet_called),
        }


def _ordered(votes: Iterable[Election]) -> dict[str, Election]:
    return {one.id: one for one in sorted(votes, key=lambda one: (one.day, one.id))}


@cache
def shipped() -> Calendar:
    """The calendar that adaudit ships."""
    text = resources.files("adaudit.law").joinpath("elections.csv").read_text("utf-8")
    return Calendar(_ordered(_votes(text, "elections.csv", "shipped")))


def elections() -> Mapping[str, Election]:
    """The shipped calendar's votes by id, in the order of their day."""
    return shipped().votes


def calendar(file: Path | None = None, as_of: date | None = None) -> Calendar:
    """The shipped calendar, with the rows of the file added or, for ids that it has, in their place.

    Raises UsageError where the file cannot be read or a row is not understood; nothing of it is guessed.
    """
    found = shipped()
    if file is not None:
        found = _extended(found, file)
    return found if as_of is None else found.known_on(as_of)


def _extended(known: Calendar, file: Path) -> Calendar:
    try:
        data = file.read_bytes()
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--elections: {file.name} could not be read as UTF-8 text ({error}).") from error
    mine = {one.id: one for one in _votes(text, file.name, "file")}
    if not mine:
        raise UsageError(f"--elections: {file.name} has no row; expected the columns {', '.join(COLUMNS)} and a row.")
    overridden = sum(one in known.votes for one in mine)
    return replace(
        known,
        votes=_ordered({**known.votes, **mine}.values()),
        file=file.name,
        sha256=hashlib.sha256(data).hexdigest(),
        added=len(mine) - overridden,
        overridden=overridden,
    )


def _votes(text: str, name: str, origin: Literal["shipped", "file"]) -> list[Election]:
    """The rows of a calendar. Raises UsageError naming the file, the line, what was expected and what was found."""
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    found: dict[str, Election] = {}
    try:
        header = [column or "" for column in reader.fieldnames or []]
        if lacking := [column for column in COLUMNS if column not in header]:
            raise UsageError(
                f"--elections: {name} lacks the columns {', '.join(lacking)}; found {', '.join(header) or 'nothing'}."
            )
        for row in reader:
            vote = _vote(row, f"--elections: {name}, line {reader.line_num}", origin)
            if vote.id in found:
                raise UsageError(f"--elections: {name}, line {reader.line_num}: the id {vote.id} stands twice.")
            found[vote.id] = vote
    except csv.Error as error:
        raise UsageError(f"--elections: {name}, line {reader.line_num}: no row of a CSV file ({error}).") from error
    return list(found.values())


def _vote(row: Mapping[str | None, str | list[str] | None], place: str, origin: Literal["shipped", "file"]) -> Election:
    from adaudit.law import member_states_alone

    if None in row or None in row.values():
        raise UsageError(f"{place}: expected as many cells as the header has columns.")
    cells = {str(column): str(value).strip() for column, value in row.items()}
    if empty := [column for column in COLUMNS if not cells[column]]:
        raise UsageError(f"{place}: {', '.join(empty)} is empty; every row keeps its source and status.")
    if cells["country"] not in member_states_alone():
        raise UsageError(f"{place}: country {cells['country']!r} is not the code of a Member State.")
    if cells["kind"] not in KINDS:
        raise UsageError(f"{place}: kind {cells['kind']!r} is none of {', '.join(KINDS)}.")
    called = cells.get(CALLED)
    return Election(
        cells["id"],
        _day(cells["date"], place, "date"),
        cells["country"],
        cells["kind"],
        cells["name"],
        cells["source"],
        cells["status"],
        _day(called, place, CALLED) if called else None,
        origin,
    )


def _day(text: str, place: str, column: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{place}: {column} {text!r} is not a day written as YYYY-MM-DD.") from error
