"""Facts that many rules share, computed once per record: territory, political basis, fillers, binding."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from adaudit.audit.assemble import period
from adaudit.audit.options import Options
from adaudit.law import (
    Calendar,
    Since,
    calendar,
    instruments,
    lowest_voting_ages,
    member_state_of,
    member_states,
    repository_established_on,
    since,
)
from adaudit.model.record import TEXT_COLUMNS, bits
from adaudit.model.vocabulary import BINDINGS
from adaudit.rules import RULES, VOTING_AGE
from adaudit.rules.rule import REPOSITORY

OUTSIDE: Final = "_outside"
UNPOLITICAL: Final = "_unpolitical"
ASSERTED: Final = "_asserted"
UNNAMED: Final = "(nobody named)"
WITHHELD: Final = "(removed: not shown, Art 39(3) DSA)"
UNION_CODES: Final = frozenset({"EU", "EEA"})
"""Regions that sources write for the Union as a whole."""


@dataclass(frozen=True)
class InForce:
    """The law and the calendar that an audit applies: all that is shipped, or what there was of it on a day."""

    votes: Calendar
    as_of: date | None = None
    repository: date | None = None
    """The day on which the European repository was established."""


def in_force(options: Options) -> InForce:
    """The law and the calendar by the options. Raises UsageError for a calendar that cannot be read."""
    repository = options.repository_established or repository_established_on()
    if repository and options.as_of and repository > options.as_of:
        repository = None
    return InForce(calendar(options.elections, options.as_of), options.as_of, repository)


def binding_column(instrument: str) -> str:
    """The column of `verdicts.parquet` that says whether the instrument binds the record."""
    return f"binding_{instruments()[instrument].binding}"


def binding_columns() -> list[str]:
    """All such columns: one for each act that a rule rests on, those that share a day in one."""
    return sorted({binding_column(rule.instrument) for rule in RULES.values()})


def in_union(key: str) -> bool:
    """Whether one of the countries of a key such as `NL,CH` belongs to the Union."""
    return any(code in member_states() or code in UNION_CODES for code in key.split(","))


def voting_age(key: str | None) -> int:
    """The lowest voting age of the countries of a key; of the whole Union where none is stated."""
    ages = lowest_voting_ages()
    states = {member_state_of().get(code) for code in (key or "").split(",")}
    known = [ages[state] for state in states if state in ages]
    return min(known) if known else min(ages.values())


def territory(keys: Iterable[str]) -> list[pl.Expr]:
    """Whether a record is outside the Union (Art 2(1)), and the voting age, by its country key."""
    stated = sorted(set(keys))
    numbers = {one: number for number, one in enumerate(stated, start=1)}
    number = pl.col("country_key").replace_strict(numbers, default=0, return_dtype=pl.UInt32).fill_null(0)
    outside = pl.Series([False, *(not in_union(one) for one in stated)], dtype=pl.Boolean)
    ages = pl.Series([voting_age(None), *(voting_age(one) for one in stated)], dtype=pl.Int16)
    return [
        pl.lit(outside).gather(number).alias(OUTSIDE),
        pl.lit(ages).gather(number).alias(VOTING_AGE),
    ]


def political() -> list[pl.Expr]:
    """Whether nothing shows that the record is political, and whether only the user says so."""
    basis = pl.col("political_basis")
    return [basis.is_null().alias(UNPOLITICAL), (basis == "asserted").fill_null(value=False).alias(ASSERTED)]


def binding(act: Since | None, as_of: date | None = None) -> pl.Expr:
    """Whether any day of the record's period lies on or after the day the law applies (code, UInt8).

    Between `not_before` and that day the law bound some publishers already and others not: unknown. As of a day
    before it, the law bound nobody; without any day it is unknown.
    """
    start, end = period()
    yes, before, unknown = (pl.lit(i, pl.UInt8) for i in range(len(BINDINGS)))
    if act is None:
        return unknown
    if as_of is not None and as_of < act.not_before:
        return before
    ended = (end < act.not_before).fill_null(value=False)
    otherwise = pl.when(ended).then(before).otherwise(unknown)
    if as_of is not None and as_of < act.applies:
        return otherwise
    after = ((end >= act.applies) | (start >= act.applies)).fill_null(value=False)
    return pl.when(after).then(yes).otherwise(otherwise)


def established(day: date | None) -> pl.Expr:
    """Whether the European repository was established on any day of the record's period; null if not known."""
    if day is None:
        return pl.lit(False).alias(REPOSITORY)
    start, end = period()
    return pl.when((start >= day) | (end >= day)).then(True).when(end < day).then(False).alias(REPOSITORY)


def sponsor() -> pl.Expr:
    """The sponsor as named; filler and wording that names nobody are no name, a removed ad's is withheld by law."""
    unnamed = ((pl.col("nobody_mask") | pl.col("placeholder_mask")) & bits(["sponsor_name"], TEXT_COLUMNS)) != 0
    return (
        pl.when(pl.col("sponsor_name").is_not_null() & ~unnamed)
        .then(pl.col("sponsor_name"))
        .when("removed")
        .then(pl.lit(WITHHELD))
        .otherwise(pl.lit(UNNAMED))
    )


def bindings(source: str, as_of: date | None = None) -> list[pl.Expr]:
    """The binding columns of records of a source: platforms are bound from their own day."""
    names = binding_columns()
    return [binding(since(name.removeprefix("binding_"), source), as_of).alias(name) for name in names]
