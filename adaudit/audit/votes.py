"""Votes and records: which vote a record is linked to, and whether it ran in the months before one.

All of it is told from tables by day, so that a million records cost a few look-ups each. Votes are numbered from
1 in the order of the calendar; 0 is none.
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from importlib import resources
from typing import Final

import numpy as np
import polars as pl

from adaudit.audit.assemble import period, stated_election
from adaudit.audit.facts import UNION_CODES
from adaudit.law import (
    Calendar,
    Election,
    lowest_voting_ages,
    member_state_of,
    member_states_alone,
    voting_ages,
)
from adaudit.law.votes import LAST_MONTH, ROUNDS_APART, THREE_MONTHS, Window
from adaudit.model.record import SCHEMA
from adaudit.model.vocabulary import LINKS, WITHIN
from adaudit.rules.rule import IN_LAST_MONTH, IN_THREE_MONTHS, VOTE, VOTE_LINK, VOTING_AGE

ROUND: Final = re.compile(r",? ?(first|second) round.*")
EPOCH: Final = date(1970, 1, 1)
STATES: Final = sorted(member_states_alone())
FACTS: Final = (VOTE, VOTE_LINK, IN_LAST_MONTH, IN_THREE_MONTHS)
"""The columns made here, in `verdicts.parquet` too."""
READ: Final = ("country_key", "political_basis", "linked_process", "linked_process_date", "linked_process_none")
"""Columns of the record that this reads, beside those of its period."""
PERIOD: Final = ("delivered_from", "delivered_until", "intended_from", "intended_until")
STATED: Final = {name: SCHEMA[name] for name in ("linked_process", "linked_process_date", "country_key")}
"""Columns that state a vote."""
SAID: Final = ("texts", "titles")
"""An ad's own words."""
POSSIBLE: Final = 32
"""Places by which the bits of what is possible stand higher than those of what is certain."""
CERTAIN: Final = np.uint64(2**POSSIBLE - 1)
"""The bits of what is certain."""
DTYPES: Final = dict(zip(FACTS, (pl.UInt16(), pl.UInt8(), pl.UInt8(), pl.UInt8()), strict=True))


@cache
def vote_words() -> dict[str, tuple[str, ...]]:
    """Beginnings of words by kind of vote."""
    data = tomllib.loads(resources.files("adaudit.law").joinpath("vote_words.toml").read_text("utf-8"))
    return {kind: tuple(words) for kind, words in data.items()}


def states_of(key: str) -> list[int]:
    """The numbers of the Member States of a country key, those of their parts included."""
    found = {member_state_of()[code] for code in key.split(",") if code in member_state_of()}
    return sorted(STATES.index(state) for state in found)


@dataclass(frozen=True)
class Days:
    """The days that any window of the calendar touches, with one free day on either side."""

    first: date
    last: date

    @property
    def count(self) -> int:
        """How many days there are."""
        return (self.last - self.first).days + 1

    @cached_property
    def levels(self) -> np.ndarray:
        """Of spans from a first to a last day, by the difference of their places: the power of two that fits in."""
        return np.array([days.bit_length() - 1 for days in range(1, self.count + 1)], dtype=np.int32)

    def place(self, day: pl.Expr) -> pl.Expr:
        """The place of a day; days outside stand on the free day at that side."""
        number = day.to_physical() - (self.first - EPOCH).days
        return number.clip(0, self.count - 1).cast(pl.Int32)

    def of(self, day: date) -> int:
        """The place of one of these days."""
        return (day - self.first).days


@dataclass(frozen=True)
class Between:
    """The days between two places, both included, as two runs of a power of two of days that overlap."""

    first: np.ndarray
    second: np.ndarray
    """Where the runs stand in a table that `by_runs` made."""

    @classmethod
    def of(cls, first: np.ndarray, last: np.ndarray, days: Days) -> "Between":
        """The runs between these places."""
        level = days.levels[last - first]
        start = level * days.count
        return cls(start + first, start + last + 1 - np.left_shift(1, level))

    def any_in(self, runs: np.ndarray) -> np.ndarray:
        """The bits that are set on any of the days."""
        found: np.ndarray = runs[self.first] | runs[self.second]
        return found


def by_runs(by_day: np.ndarray) -> np.ndarray:
    """Which bits are set on any of 1, 2, 4, ... days from each day on: for each length a row, one after the other."""
    levels = [by_day]
    while 2 ** len(levels) <= len(by_day):
        half, below = 2 ** (len(levels) - 1), levels[-1]
        levels.append(below | np.concatenate([below[half:], np.zeros(half, dtype=by_day.dtype)]))
    return np.concatenate(levels)


@dataclass(frozen=True)
class Ran:
    """The days on which records ran, as places: those known, and all that are possible where an end is open."""

    dated: np.ndarray
    """Whether any day is known; where none is, `first` and `last` say nothing."""
    first: np.ndarray
    last: np.ndarray
    earliest: np.ndarray
    latest: np.ndarray

    @classmethod
    def of(cls, rows: pl.DataFrame, days: Days) -> "Ran":
        """The days of records with the columns `PERIOD`."""
        known = dict(zip(("start", "end"), period(), strict=True))
        places = rows.select(days.place(day).fill_null(-1).alias(name) for name, day in known.items())
        start, end = (places[name].to_numpy() for name in known)
        no_start, no_end = start < 0, end < 0
        first = np.minimum(np.where(no_start, end, start), np.where(no_end, start, end)).clip(0)
        last = np.maximum(start, end).clip(0)
        return cls(
            dated=~(no_start & no_end),
            first=first,
            last=last,
            earliest=np.where(no_start, np.int32(0), first),
            latest=np.where(no_end, np.int32(days.count - 1), last),
        )


def by_distinct(values: pl.Series) -> tuple[pl.Series, np.ndarray]:
    """The distinct texts of a column, then null; and at which of these each of its values stands."""
    distinct = values.unique().drop_nulls()
    place = values.cast(pl.Enum(distinct)).to_physical().cast(pl.Int32).fill_null(len(distinct))
    return distinct.extend_constant(None, 1), place.to_numpy()


@dataclass(frozen=True)
class Where:
    """The Member States that records were directed to."""

    states: np.ndarray
    """One bit a Member State, and the same `POSSIBLE` bits higher (UInt64)."""
    alone: np.ndarray
    """The number of the only Member State, from 1; 0 where there is none or more than one."""
    nowhere: np.ndarray
    """Whether it is left open which Member States are meant: none is stated, or only the Union as a whole."""

    @classmethod
    def of(cls, country_keys: pl.Series) -> "Where":
        """Those of country keys such as `NL,CH`, each distinct key looked up once."""
        keys, place = by_distinct(country_keys)
        states = [states_of(key) if key else [] for key in keys]
        return cls(_bits(states)[place], _state_alone(states)[place], _nowhere(keys)[place])


@dataclass(frozen=True)
class Said:
    """What sources say of the vote that records are linked to."""

    vote: np.ndarray
    """The number of the vote that is stated, 0 for none."""
    kind: np.ndarray
    """Which votes a record can be linked to: 0 any, else the number of the one kind that is named; -1 none."""

    @classmethod
    def of(cls, rows: pl.DataFrame, votes: Calendar, source: str) -> "Said":
        """That of records of one source: each distinct process is read once, and those records that state a day."""
        numbers = {vote: i for i, vote in enumerate(votes.votes, start=1)}
        stated = stated_election(votes, source)
        told = [
            stated.replace_strict(numbers, default=0, return_dtype=pl.UInt16).fill_null(0).alias("vote"),
            _scope().fill_null(-1).alias("kind"),
        ]
        process, place = by_distinct(rows["linked_process"])
        texts = pl.DataFrame({name: process if name == "linked_process" else None for name in STATED}, STATED)
        vote, kind = (column.to_numpy()[place] for column in texts.select(told))
        dated = rows["linked_process_date"].is_not_null()
        if dated.any():
            on_a_day = rows.filter(dated).select(told)
            vote[dated.to_numpy()], kind[dated.to_numpy()] = (column.to_numpy() for column in on_a_day)
        return cls(vote, kind)


class Votes:
    """The tables of one calendar."""

    def __init__(self, calendar: Calendar) -> None:
        self.votes = list(calendar.votes.values())
        self.calendar = calendar
        windows = [one.window(months) for one in self.votes for months in (LAST_MONTH, THREE_MONTHS)]
        opens = min((w.opens for w in windows), default=EPOCH)
        closes = max((w.polling for w in windows), default=EPOCH)
        self.days = Days(opens - timedelta(days=1), closes + timedelta(days=1))
        self._by_scope = _scoped(self.votes, self.days)
        self._rounds = np.array([0, *_rounds(self.votes)], dtype=np.uint16)
        self._before_any = {months: self._windows(months) for months in (LAST_MONTH, THREE_MONTHS)}
        self._before = self._bounds()

    def told(self, rows: pl.DataFrame, source: str, kind: str) -> pl.DataFrame:
        """`FACTS` of the records of one source and kind, in their order; told from their `READ` and `PERIOD`."""
        if not self.votes:
            return rows.select(pl.repeat(0, pl.len(), dtype=dtype).alias(name) for name, dtype in DTYPES.items())
        ran, where = Ran.of(rows, self.days), Where.of(rows["country_key"])
        vote, link = self._linked(rows, Said.of(rows, self.calendar, source), ran, where, kind)
        surely = Between.of(ran.first, ran.last, self.days)
        perhaps = Between.of(ran.earliest, ran.latest, self.days)
        month, three = (self._within_any(months, surely, perhaps, ran, where) for months in (LAST_MONTH, THREE_MONTHS))
        linked = np.flatnonzero(vote)
        three[linked] = self._within(vote[linked], ran, linked)
        told = {
            VOTE: vote,
            VOTE_LINK: link,
            IN_LAST_MONTH: _told(month, where.nowhere, kind),
            IN_THREE_MONTHS: _told(three, where.nowhere & (vote == 0), kind),
        }
        return pl.DataFrame(told, schema=DTYPES)

    def voting_age(self) -> pl.Expr:
        """The voting age in the vote that the source states, where it is told by kind of vote; else as it was."""
        known, lowest = voting_ages(), lowest_voting_ages()
        ages = [known.get((one.country, one.kind), lowest[one.country]) for one in self.votes]
        stated = pl.col(VOTE_LINK) == LINKS.index("stated")
        table = pl.lit(pl.Series([0, *ages], dtype=pl.Int16)).gather(pl.col(VOTE))
        return pl.when(stated).then(table).otherwise(VOTING_AGE).alias(VOTING_AGE)

    def settled(self, told: pl.DataFrame, rows: pl.DataFrame, words: pl.LazyFrame, source: str) -> pl.DataFrame:
        """What was told of ads, with a vote where country and dates leave several and their words name one kind.

        `rows` are their records, `words` the same with the columns `SAID`. Few ads are so; the words of no others
        are kept.
        """
        several = told[VOTE_LINK] == LINKS.index("several")
        if not several.any():
            return told
        joined = pl.concat_list(pl.col(name).fill_null([]) for name in SAID).list.join(" ", ignore_nulls=True)
        said = words.select(SAID).filter(pl.lit(several)).select(joined.alias("linked_process")).collect()
        undated = rows.filter(several).with_columns(said["linked_process"], linked_process_date=pl.lit(None, pl.Date))
        found = self.told(undated, source, "ad")
        one = found[VOTE_LINK] == LINKS.index("inferred")
        places = several.arg_true().filter(one)
        columns = (VOTE, VOTE_LINK, IN_THREE_MONTHS)
        return told.with_columns(told[name].scatter(places, found[name].filter(one)) for name in columns)

    def _windows(self, months: int) -> np.ndarray:
        """By runs of days the Member States that stand so many months before a vote: a bit each where that is

        certain, and the same `POSSIBLE` bits higher where it is possible.
        """
        by_day = np.zeros(self.days.count, dtype=np.uint64)
        for one in self.votes:
            for reading, shift in (("certain", 0), ("possible", POSSIBLE)):
                first, last = _ends(one.window(months), reading)
                if first <= last:
                    bit = np.uint64(1 << STATES.index(one.country) + shift)
                    by_day[self.days.of(first) : self.days.of(last) + 1] |= bit
        return by_runs(by_day)

    def _within_any(self, months: int, surely: Between, perhaps: Between, ran: Ran, where: Where) -> np.ndarray:
        """Whether records ran in the months before any vote in the Member States that they were directed to."""
        runs = self._before_any[months]
        found = surely.any_in(runs) & where.states
        certain, possible = (found & CERTAIN) != 0, found > CERTAIN
        return _within(ran.dated & certain, ran.dated & possible, (perhaps.any_in(runs) & where.states) > CERTAIN)

    def _bounds(self) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """First and last days of the three months before each vote, as places, by how certain they are."""
        bounds: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        for reading in ("certain", "possible"):
            ends = [_ends(one.window(THREE_MONTHS), reading) for one in self.votes]
            firsts, lasts = (np.array([0, *(self.days.of(end[i]) for end in ends)], np.int32) for i in (0, 1))
            bounds[reading] = firsts, lasts
        return bounds

    def _within(self, vote: np.ndarray, ran: Ran, chosen: np.ndarray) -> np.ndarray:
        """Whether the chosen records ran in the three months before the vote of each."""

        def meets(reading: str, first: np.ndarray, last: np.ndarray) -> np.ndarray:
            opens, closes = (ends[vote] for ends in self._before[reading])
            found: np.ndarray = (opens <= closes) & (first[chosen] <= closes) & (last[chosen] >= opens)
            return found

        dated = ran.dated[chosen]
        return _within(
            dated & meets("certain", ran.first, ran.last),
            dated & meets("possible", ran.first, ran.last),
            meets("possible", ran.earliest, ran.latest),
        )

    def _linked(
        self, rows: pl.DataFrame, said: Said, ran: Ran, where: Where, kind: str
    ) -> tuple[np.ndarray, np.ndarray]:
        """The vote by its number, and how it was told: stated by the source, else inferred.

        Inferred is what runs in the three months before one vote alone (two rounds are one) in the one Member
        State that it is directed to; where the source names a process of which the calendar knows no such vote,
        only a vote of the kind that its words name. Nothing shown as political, nothing inferred.
        """
        vote = said.vote.astype(np.uint16)
        link = np.where(vote > 0, np.uint8(LINKS.index("stated")), np.uint8(LINKS.index("none")))
        if kind == "advertiser":
            return vote, link
        denied = pl.col("linked_process_none").fill_null(value=False)
        may = rows.select(pl.col("political_basis").is_not_null() & ~denied).to_series().to_numpy()
        open_to_any = np.flatnonzero(may & (vote == 0) & (where.alone > 0) & ran.dated & (said.kind >= 0))
        place = where.alone[open_to_any].astype(np.int32) * (len(vote_words()) + 1) + said.kind[open_to_any]
        place *= self.days.count
        first, last = place + ran.first[open_to_any], place + ran.last[open_to_any]
        some = self._by_scope["opened"][last] > self._by_scope["over"][first]
        upcoming = self._by_scope["upcoming"][first]
        one = some & (self._rounds[upcoming] == self._rounds[self._by_scope["latest"][last]])
        vote[open_to_any[one]] = upcoming[one]
        link[open_to_any[some]] = LINKS.index("several")
        link[open_to_any[one]] = LINKS.index("inferred")
        return vote, link


def _scope() -> pl.Expr:
    """Which votes a record can be linked to: 0 any, else the number of the one kind that is named; null where none."""
    process = pl.col("linked_process").str.to_lowercase()
    named = [process.str.contains("|".join(map(re.escape, words))) for words in vote_words().values()]
    number = pl.sum_horizontal(*(one * i for i, one in enumerate(named, start=1))).cast(pl.Int32)
    alone = pl.when(pl.sum_horizontal(*named) == 1).then(number)
    return pl.when(process.is_null() & pl.col("linked_process_date").is_null()).then(0).otherwise(alone)


def _ends(window: Window, reading: str) -> tuple[date, date]:
    return (window.certain, window.until) if reading == "certain" else (window.opens, window.polling)


def _within(certain: np.ndarray, possible: np.ndarray, perhaps: np.ndarray) -> np.ndarray:
    """The code of `WITHIN` for the first that is true."""
    no, yes, check, unknown = (np.uint8(WITHIN.index(name)) for name in ("no", "yes", "check", "unknown"))
    return np.where(certain, yes, np.where(possible, check, np.where(perhaps, unknown, no)))


def _told(within: np.ndarray, nowhere: np.ndarray, kind: str) -> np.ndarray:
    """What can be told: nothing where no country is stated, nor of an aggregate, whose ads ran on unknown days."""
    unknown = np.uint8(WITHIN.index("unknown"))
    if kind == "advertiser":
        within = np.where(within != WITHIN.index("no"), unknown, within)
    return np.where(nowhere, unknown, within)


def _bits(states: Sequence[Sequence[int]]) -> np.ndarray:
    """One bit a Member State, and the same `POSSIBLE` bits higher."""
    return np.array([sum(1 << one | 1 << one + POSSIBLE for one in some) for some in states], dtype=np.uint64)


def _nowhere(keys: Iterable[str | None]) -> np.ndarray:
    """Whether a key leaves open which Member States are meant: none is stated, or only the Union as a whole."""
    return np.array([key is None or (not states_of(key) and bool(UNION_CODES & set(key.split(",")))) for key in keys])


def _state_alone(states: Sequence[Sequence[int]]) -> np.ndarray:
    """The number of the only Member State, from 1; 0 where there is none or more than one."""
    return np.array([some[0] + 1 if len(some) == 1 else 0 for some in states], dtype=np.uint8)


def _scoped(votes: Sequence[Election], days: Days) -> dict[str, np.ndarray]:
    """By Member State, kind (0: any) and day: windows opened, votes over, the next vote, the last to have opened."""
    kinds = [None, *vote_words()]
    shape = (len(STATES) + 1, len(kinds), days.count)
    tables = {name: np.zeros(shape, dtype=np.uint16) for name in ("opened", "over", "upcoming", "latest")}
    for i, one in enumerate(votes, start=1):
        opens, polling = days.of(one.window(THREE_MONTHS).opens), days.of(one.day)
        scopes = [0, kinds.index(one.kind)] if one.kind in kinds else [0]
        for scope in scopes:
            cell = (STATES.index(one.country) + 1, scope)
            tables["opened"][cell][opens:] += 1
            tables["over"][cell][polling + 1 :] += 1
            tables["latest"][cell][opens:] = i
            upcoming = tables["upcoming"][cell]
            upcoming[: polling + 1] = np.where(upcoming[: polling + 1] == 0, i, upcoming[: polling + 1])
    return {name: table.ravel() for name, table in tables.items()}


def _rounds(votes: Sequence[Election]) -> list[int]:
    """For each vote the number of its first round, which is its own where it has but one."""
    found: list[int] = []
    for i, one in enumerate(votes):
        title = ROUND.sub("", one.name)
        earlier = [
            found[j]
            for j, other in enumerate(votes[:i])
            if (other.country, other.kind) == (one.country, one.kind)
            and ROUND.search(other.name)
            and ROUND.sub("", other.name) == title
            and one.day - other.day <= ROUNDS_APART
        ]
        found.append(earlier[0] if earlier else i + 1)
    return found
