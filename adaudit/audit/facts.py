"""Facts that many rules share, computed once per record: territory, political basis, fillers, binding."""

from collections.abc import Iterable
from datetime import date
from typing import Final

import polars as pl

from adaudit.audit.assemble import period
from adaudit.law import APPLIES, BINDS_NOBODY_BEFORE, DSA, TTPA, lowest_voting_ages, member_state_of, member_states
from adaudit.model.record import TEXT_COLUMNS, bits
from adaudit.model.vocabulary import BINDINGS
from adaudit.rules import VOTING_AGE

OUTSIDE: Final = "_outside"
UNPOLITICAL: Final = "_unpolitical"
ASSERTED: Final = "_asserted"
UNNAMED: Final = "(nobody named)"
WITHHELD: Final = "(removed: not shown, Art 39(3) DSA)"
UNION_CODES: Final = frozenset({"EU", "EEA"})
"""Regions that sources write for the Union as a whole."""


def binding_column(instrument: str) -> str:
    """The column of `verdicts.parquet` that says whether the instrument binds the record."""
    return "binding_dsa" if instrument == DSA else "binding_ttpa"


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
    key = pl.col("country_key")
    outside = {one: not in_union(one) for one in stated}
    ages = {one: voting_age(one) for one in stated}
    return [
        key.replace_strict(outside, default=False, return_dtype=pl.Boolean).fill_null(value=False).alias(OUTSIDE),
        key.replace_strict(ages, default=voting_age(None), return_dtype=pl.Int16)
        .fill_null(voting_age(None))
        .alias(VOTING_AGE),
    ]


def political() -> list[pl.Expr]:
    """Whether nothing shows that the record is political, and whether only the user says so."""
    basis = pl.col("political_basis")
    return [basis.is_null().alias(UNPOLITICAL), (basis == "asserted").fill_null(value=False).alias(ASSERTED)]


def binding(applies: date, not_before: date) -> pl.Expr:
    """Whether any day of the record's period lies on or after the day the law applies (code, UInt8).

    Between `not_before` and that day the law bound some publishers already and others not: unknown.
    """
    start, end = period()
    after = ((end >= applies) | (start >= applies)).fill_null(value=False)
    before = (end < not_before).fill_null(value=False)
    codes = {name: pl.lit(i, pl.UInt8) for i, name in enumerate(BINDINGS)}
    return pl.when(after).then(codes["yes"]).when(before).then(codes["before"]).otherwise(codes["unknown"])


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


def bindings() -> list[pl.Expr]:
    """The binding columns of both instruments."""
    return [binding(APPLIES[one], BINDS_NOBODY_BEFORE[one]).alias(binding_column(one)) for one in (TTPA, DSA)]
