"""Votes and records: which vote a record is linked to, and whether it ran in the months before one.

All of it is told from tables by day, so that a million records cost a few look-ups each. Votes are numbered from
1 in the order of the calendar; 0 is none.
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Final

import numpy as np
import polars as pl

from adaudit.audit.assemble import period, stated_election
from adaudit.audit.facts import UNION_CODES
from adaudit.law import Calendar, Election, member_state_of, member_states_alone
from adaudit.law.votes import LAST_MONTH, ROUNDS_APART, THREE_MONTHS, Window
from adaudit.model.vocabulary import LINKS, WITHIN
from adaudit.rules.rule import IN_LAST_MONTH, IN_THREE_MONTHS, VOTE, VOTE_LINK

ROUND: Final = re.compile(r",? ?(first|second) round.*")
EPOCH: Final = date(1970, 1, 1)
STATES: Final = sorted(member_states_alone())
FACTS: Final = (VOTE, VOTE_LINK, IN_LAST_MONTH, IN_THREE_MONTHS)
"""The columns made here, in `verdicts.parquet` too."""
READ: Final = ("country_key", "political_basis", "linked_process", "linked_process_date", "linked_process_none")
"""Columns of the record that this reads, beside those of its period."""
PERIOD: Final = ("delivered_from", "delivered_until", "intended_from", "intended_until")
SAID: Final = ("texts", "titles")
"""An ad's own words."""
POSSIBLE: Final = 32
"""Places by which the bits of what is possible stand higher than those of what is certain."""
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
        level = np.array([int(n).bit_length() - 1 for n in range(1, days.count + 1)], np.int32)[last - first]
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
        start, end = period()
        first, last = pl.min_horizontal(start, end), pl.max_horizontal(start, end)
        of_first, of_last = (days.place(one).fill_null(0) for one in (first, last))
        places = rows.select(
            dated=first.is_not_null(),
            first=of_first,
            last=of_last,
            earliest=pl.when(start.is_not_null()).then(of_first).otherwise(0),
            latest=pl.when(end.is_not_null()).then(of_last).otherwise(days.count - 1),
        )
        return cls(**{name: places[name].to_numpy() for name in places.columns})


@dataclass(frozen=True)
class Where:
    """The Member States that records were directed to."""

    states: np.ndarray
    """One bit a Member State (UInt32)."""
    alone: np.ndarray
    """The number of the only Member State, from 1; 0 where there is none or more than one."""
    nowhere: np.ndarray
    """Whether it is left open which Member States are meant: none is stated, or only the Union as a whole."""

    @classmethod
    def of(cls, country_keys: pl.Series) -> "Where":
        """Those of country keys such as `NL,CH`, each distinct key looked up once."""
        stated = country_keys.unique().drop_nulls()
        place = country_keys.replace_strict(stated, pl.int_range(1, len(stated) + 1, eager=True), default=0)
        number = place.fill_null(0).to_numpy()
        states = [[], *(states_of(key) for key in stated)]
        return cls(_bits(states)[number], _state_alone(states)[number], _nowhere(stated)[number])


@dataclass(frozen=True)
class Said:
    """What sources say of the vote that records are linked to."""

    vote: np.ndarray
    """The number of the vote that is stated, 0 for none."""
    kind: np.ndarray
    """Which votes a record can be linked to: 0 any, else the number of the one kind that is named; -1 none."""

    @classmethod
    def of(cls, rows: pl.DataFrame, votes: Calendar, source: str) -> "Said":
        """That of records of one source, each distinct process and day read once."""
        numbers = {vote: i for i, vote in enumerate(votes.votes, start=1)}
        stated = stated_election(votes, source)
        told = [
            stated.replace_strict(numbers, default=0, return_dtype=pl.UInt16).fill_null(0).alias("vote"),
            _scope().fill_null(-1).alias("kind"),
        ]
        keys = ["linked_process"]
        if rows["linked_process_date"].null_count() < rows.height:
            keys += ["linked_process_date", "country_key"]
        distinct = rows.select("linked_process", "linked_process_date", "country_key").unique(keys)
        read = distinct.select(*keys, *told)
        found = rows.select(keys).join(read, on=keys, how="left", nulls_equal=True, maintain_order="left")
        return cls(found["vote"].to_numpy(), found["kind"].to_numpy())


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

    def settled(self, told: pl.DataFrame, rows: pl.LazyFrame, source: str) -> pl.DataFrame:
        """What was told of ads, with a vote where country and dates leave several and their words name one kind.

        `rows` are their records. Few ads are so; the words of no others are read.
        """
        several = told[VOTE_LINK] == LINKS.index("several")
        if not several.any():
            return told
        words = pl.concat_list(pl.col(name).fill_null([]) for name in SAID).list.join(" ", ignore_nulls=True)
        said = (
            rows.select(*READ, *PERIOD, *SAID)
            .filter(pl.lit(several))
            .with_columns(words.alias("linked_process"), pl.lit(None, pl.Date).alias("linked_process_date"))
        )
        found = self.told(said.collect(), source, "ad")
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
        found = surely.any_in(runs)
        certain, possible = (found.astype(np.uint32) & where.states) != 0, (_higher(found) & where.states) != 0
        return _within(ran.dated, certain, possible, (_higher(perhaps.any_in(runs)) & where.states) != 0)

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

        return _within(
            ran.dated[chosen],
            meets("certain", ran.first, ran.last),
            meets("possible", ran.first, ran.last),
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


def _higher(found: np.ndarray) -> np.ndarray:
    """The bits of what is possible."""
    return (found >> np.uint64(POSSIBLE)).astype(np.uint32)


def _within(dated: np.ndarray, certain: np.ndarray, possible: np.ndarray, perhaps: np.ndarray) -> np.ndarray:
    """The codes of `WITHIN`: the first that is true, of records with a known day, else of all."""
    found = np.where(perhaps, np.uint8(WITHIN.index("unknown")), np.uint8(WITHIN.index("no")))
    found[dated & possible] = WITHIN.index("check")
    found[dated & certain] = WITHIN.index("yes")
    return found


def _told(within: np.ndarray, nowhere: np.ndarray, kind: str) -> np.ndarray:
    """What can be told: nothing where no country is stated, nor of an aggregate, whose ads ran on unknown days."""
    unknown = np.uint8(WITHIN.index("unknown"))
    if kind == "advertiser":
        within = np.where(within != WITHIN.index("no"), unknown, within)
    return np.where(nowhere, unknown, within)


def _bits(states: Sequence[Sequence[int]]) -> np.ndarray:
    """One bit a Member State."""
    return np.array([sum(1 << one for one in some) for some in states], dtype=np.uint32)


def _nowhere(stated: Iterable[str]) -> np.ndarray:
    """Whether a key leaves open which Member States are meant: none is stated, or only the Union as a whole."""
    return np.array([True, *(not states_of(key) and bool(UNION_CODES & set(key.split(","))) for key in stated)])


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
