"""Votes and records: which vote a record is linked to, and whether it ran in the months before one.

All of it is told from tables by day, so that a million records cost a few look-ups each. Votes are numbered from
1 in the order of the calendar; 0 is none.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
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
from adaudit.model.vocabulary import LINKS, WITHIN
from adaudit.rules.rule import IN_LAST_MONTH, IN_THREE_MONTHS, VOTE, VOTE_LINK, VOTING_AGE

ROUND: Final = re.compile(r",? ?(first|second) round.*")
EPOCH: Final = date(1970, 1, 1)
STATES: Final = sorted(member_states_alone())
FACTS: Final = (VOTE, VOTE_LINK, IN_LAST_MONTH, IN_THREE_MONTHS)
"""The columns made here, in `verdicts.parquet` too."""
SURELY: Final = (pl.col("_first"), pl.col("_last"))
PERHAPS: Final = (pl.col("_earliest"), pl.col("_latest"))
DATED: Final = pl.col("_dated")
THERE, ALONE, STATED, SCOPE, NOWHERE = "_there", "_alone", "_stated", "_scope", "_nowhere"
READ: Final = ("country_key", "political_basis", "linked_process", "linked_process_date", "linked_process_none")
"""Columns of the record that this reads, beside those of its period."""
PERIOD: Final = ("delivered_from", "delivered_until", "intended_from", "intended_until")
SAID: Final = ("texts", "titles")
"""An ad's own words."""
STEPS: Final = ("_first", "_last", "_earliest", "_latest", "_dated", THERE, ALONE, STATED, SCOPE, NOWHERE)
"""Columns made on the way."""
DTYPES: Final = dict(zip(FACTS, (pl.UInt16(), pl.UInt8(), pl.UInt8(), pl.UInt8()), strict=True))


@cache
def vote_words() -> dict[str, tuple[str, ...]]:
    """Beginnings of words by kind of vote."""
    data = tomllib.loads(resources.files("adaudit.law").joinpath("vote_words.toml").read_text("utf-8"))
    return {kind: tuple(words) for kind, words in data.items()}


def looked_up(values: np.ndarray, place: pl.Expr) -> pl.Expr:
    """The value of the table at each place."""
    return pl.lit(pl.Series(values)).gather(place)


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


def any_between(by_day: np.ndarray, days: Days) -> Callable[[pl.Expr, pl.Expr], pl.Expr]:
    """Which bits are set on any day between two places, both included: of each power of two of days, one table."""
    levels = [by_day]
    while 2 ** len(levels) <= days.count:
        half, below = 2 ** (len(levels) - 1), levels[-1]
        levels.append(below | np.concatenate([below[half:], np.zeros(half, dtype=by_day.dtype)]))
    flat = np.concatenate(levels)
    lengths = np.arange(days.count + 1)
    level = np.array([0, *(int(n).bit_length() - 1 for n in lengths[1:])], dtype=np.int32)

    def between(first: pl.Expr, last: pl.Expr) -> pl.Expr:
        length = last - first + 1
        table = looked_up(level * days.count, length)
        second = last + 1 - looked_up(np.left_shift(1, level), length)
        return looked_up(flat, table + first) | looked_up(flat, table + second)

    return between


def ran(days: Days) -> list[pl.Expr]:
    """The period of a record as places: its known days, and all that are possible where an end is open."""
    start, end = period()
    first, last = pl.min_horizontal(start, end), pl.max_horizontal(start, end)
    of_first, of_last = (days.place(one).fill_null(0) for one in (first, last))
    return [
        of_first.alias("_first"),
        of_last.alias("_last"),
        pl.when(start.is_null()).then(0).otherwise(of_first).alias("_earliest"),
        pl.when(end.is_null()).then(days.count - 1).otherwise(of_last).alias("_latest"),
        first.is_not_null().alias("_dated"),
    ]


def _code(names: Sequence[str], name: str) -> pl.Expr:
    return pl.lit(names.index(name), pl.UInt8)


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

    def told(self, frame: pl.LazyFrame, keys: Iterable[str], source: str, kind: str) -> pl.LazyFrame:
        """The frame with the columns `FACTS`, for records of one source and kind with these country keys.

        In steps, each of columns made before: one expression would work out the same look-ups many times over.
        """
        if not self.votes:
            return frame.with_columns(pl.lit(0, dtype).alias(name) for name, dtype in DTYPES.items())
        stated = sorted(set(keys))
        numbers = {key: i for i, key in enumerate(stated, start=1)}
        number = pl.col("country_key").replace_strict(numbers, default=0, return_dtype=pl.UInt32).fill_null(0)
        states = [[], *(states_of(key) for key in stated)]
        where = [
            looked_up(_bits(states), number).alias(THERE),
            looked_up(_state_alone(states), number).cast(pl.Int32).alias(ALONE),
            self._stated(source).alias(STATED),
            _scope().alias(SCOPE),
            looked_up(_nowhere(stated), number).alias(NOWHERE),
        ]
        vote, link = self._linked(kind)
        frame = frame.with_columns(*ran(self.days), *where).with_columns(vote.cast(DTYPES[VOTE]).alias(VOTE), link)
        nowhere = pl.col(NOWHERE)
        linked = pl.col(VOTE) > 0
        three = pl.when(linked).then(self._before(pl.col(VOTE))).otherwise(self._before_any(THREE_MONTHS))
        return frame.with_columns(
            _told(self._before_any(LAST_MONTH), nowhere, kind).alias(IN_LAST_MONTH),
            _told(three, nowhere & ~linked, kind).alias(IN_THREE_MONTHS),
        ).drop(STEPS)

    def voting_age(self) -> pl.Expr:
        """The voting age in the vote that the source states, where it is told by kind of vote; else as it was."""
        known, lowest = voting_ages(), lowest_voting_ages()
        ages = [known.get((one.country, one.kind), lowest[one.country]) for one in self.votes]
        stated = pl.col(VOTE_LINK) == LINKS.index("stated")
        table = looked_up(np.array([0, *ages], dtype=np.int16), pl.col(VOTE))
        return pl.when(stated).then(table).otherwise(VOTING_AGE).alias(VOTING_AGE)

    def settled(self, judged: pl.DataFrame, rows: pl.LazyFrame, keys: Iterable[str], source: str) -> pl.DataFrame:
        """The judged ads with a vote where country and dates leave several and an ad's own words name one kind.

        `rows` are their records. Few ads are so; the words of no others are read.
        """
        several = judged[VOTE_LINK] == LINKS.index("several")
        if not several.any():
            return judged
        words = pl.concat_list(pl.col(name).fill_null([]) for name in SAID).list.join(" ", ignore_nulls=True)
        said = (
            rows.select(*READ, *PERIOD, *SAID)
            .filter(pl.lit(several))
            .with_columns(words.alias("linked_process"), pl.lit(None, pl.Date).alias("linked_process_date"))
        )
        found = self.told(said, keys, source, "ad").select(FACTS).collect()
        one = found[VOTE_LINK] == LINKS.index("inferred")
        places = several.arg_true().filter(one)
        columns = (VOTE, VOTE_LINK, IN_THREE_MONTHS)
        return judged.with_columns(judged[name].scatter(places, found[name].filter(one)) for name in columns)

    def _before_any(self, months: int) -> pl.Expr:
        """Whether the record ran in the months before any vote in the Member States that it was directed to."""
        tables: dict[str, np.ndarray] = {}
        for reading in ("certain", "possible"):
            by_day = np.zeros(self.days.count, dtype=np.uint32)
            for one in self.votes:
                first, last = _ends(one.window(months), reading)
                if first <= last:
                    by_day[self.days.of(first) : self.days.of(last) + 1] |= np.uint32(1 << STATES.index(one.country))
            tables[reading] = by_day
        certain, possible = (any_between(tables[reading], self.days) for reading in ("certain", "possible"))
        return _within(
            DATED & ((certain(*SURELY) & pl.col(THERE)) != 0),
            DATED & ((possible(*SURELY) & pl.col(THERE)) != 0),
            (possible(*PERHAPS) & pl.col(THERE)) != 0,
        )

    def _before(self, vote: pl.Expr) -> pl.Expr:
        """Whether the record ran in the three months before this vote."""
        bounds: dict[str, tuple[pl.Expr, pl.Expr]] = {}
        for reading in ("certain", "possible"):
            ends = [_ends(one.window(THREE_MONTHS), reading) for one in self.votes]
            firsts, lasts = (np.array([0, *(self.days.of(end[i]) for end in ends)], np.int32) for i in (0, 1))
            bounds[reading] = looked_up(firsts, vote), looked_up(lasts, vote)

        def meets(reading: str, first: pl.Expr, last: pl.Expr) -> pl.Expr:
            opens, closes = bounds[reading]
            return (opens <= closes) & (first <= closes) & (last >= opens)

        return _within(
            DATED & meets("certain", *SURELY),
            DATED & meets("possible", *SURELY),
            meets("possible", *PERHAPS),
        )

    def _stated(self, source: str) -> pl.Expr:
        numbers = {one.id: i for i, one in enumerate(self.votes, start=1)}
        vote = stated_election(self.calendar, source)
        return vote.replace_strict(numbers, default=0, return_dtype=pl.UInt16).fill_null(0)

    def _linked(self, kind: str) -> tuple[pl.Expr, pl.Expr]:
        """The vote by its number, and how it was told: stated by the source, else inferred.

        Inferred is what runs in the three months before one vote alone (two rounds are one) in the one Member
        State that it is directed to; where the source names a process of which the calendar knows no such vote,
        only a vote of the kind that its words name. Nothing shown as political, nothing inferred.
        """
        codes = [_code(LINKS, name).alias(VOTE_LINK) for name in LINKS]
        none, stated, inferred, several = codes
        named = pl.col(STATED) > 0
        if kind == "advertiser":
            return pl.col(STATED), pl.when(named).then(stated).otherwise(none)
        first, last = SURELY
        may = (
            pl.col("political_basis").is_not_null()
            & (pl.col(ALONE) > 0)
            & DATED
            & pl.col(SCOPE).is_not_null()
            & ~pl.col("linked_process_none").fill_null(value=False)
        )
        place = (pl.col(ALONE) * (len(vote_words()) + 1) + pl.col(SCOPE).fill_null(0)) * self.days.count
        opened, latest = (looked_up(self._by_scope[name], place + last) for name in ("opened", "latest"))
        over, upcoming = (looked_up(self._by_scope[name], place + first) for name in ("over", "upcoming"))
        some = may & (opened > over)
        one = some & (looked_up(self._rounds, upcoming) == looked_up(self._rounds, latest))
        vote = pl.when(named).then(pl.col(STATED)).when(one).then(upcoming).otherwise(0)
        link = pl.when(named).then(stated).when(one).then(inferred).when(some).then(several).otherwise(none)
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


def _within(certain: pl.Expr, possible: pl.Expr, perhaps: pl.Expr) -> pl.Expr:
    return (
        pl.when(certain)
        .then(_code(WITHIN, "yes"))
        .when(possible)
        .then(_code(WITHIN, "check"))
        .when(perhaps)
        .then(_code(WITHIN, "unknown"))
        .otherwise(_code(WITHIN, "no"))
    )


def _told(within: pl.Expr, nowhere: pl.Expr, kind: str) -> pl.Expr:
    """What can be told: nothing where no country is stated, nor of an aggregate, whose ads ran on unknown days."""
    unknown = _code(WITHIN, "unknown")
    if kind == "advertiser":
        within = pl.when(within != _code(WITHIN, "no")).then(unknown).otherwise(within)
    return pl.when(nowhere).then(unknown).otherwise(within)


def _bits(states: Sequence[Sequence[int]]) -> np.ndarray:
    """One bit a Member State."""
    return np.array([sum(1 << one for one in some) for some in states], dtype=np.uint32)


def _nowhere(stated: Sequence[str]) -> np.ndarray:
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
