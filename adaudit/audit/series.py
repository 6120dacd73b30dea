"""What is disclosed by month: sponsor, spend and targeting of ads and notices, counted in one streaming pass each.

Aggregates of advertisers speak of whole periods, not of a month, and are left out. A record stands in the
month in which it began to run; one that nothing shows to be political is not counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from adaudit.audit.assemble import period
from adaudit.audit.facts import binding_column
from adaudit.audit.groups import Group
from adaudit.law import TTPA, member_state_of
from adaudit.model.vocabulary import BINDINGS, codes_of
from adaudit.rules import RULES

SUBJECTS: Final = {
    "sponsor": ("notice_sponsor_name",),
    "spend": ("notice_amount_ad", "notice_amount_campaign"),
    "targeting": ("notice_targeting_statement", "notice_targeting_groups", "dsa_repository_targeting"),
}
"""What is followed over time, and the rules any of which shows that something of it was disclosed."""
SHOWN, LOST, NEVER = 3, 2, 1
CONCERNED: Final = 10
"""A country is concerned where at least one in so many of the records names it."""


@dataclass(frozen=True)
class MonthCount:
    """Records of one form that began in one month, under one binding, by what they disclose of one subject."""

    source: str
    form: str
    kind: str
    subject: str
    month: date | None
    """First day of the month; None for records without a date."""
    binding: str
    shown: int
    """Something is disclosed, in full or in part."""
    lost: int
    """Nothing is disclosed although there was a field for it."""
    never: int
    """Nothing can be disclosed: the source has no field."""
    asserted: int
    """Of all these, political only because the user says so."""


def _state(rules: Sequence[str]) -> pl.Expr:
    """What the rules show together; the best of them counts, and 0 is undecided."""

    def among(*verdicts: str) -> pl.Expr:
        codes = [code for verdict in verdicts for code in codes_of(verdict)]
        return pl.any_horizontal(*(pl.col(rule).is_in(codes) for rule in rules))

    return (
        pl.when(among("ok", "partial"))
        .then(SHOWN)
        .when(among("missing", "invalid"))
        .then(LOST)
        .when(among("not_exposed"))
        .then(NEVER)
        .otherwise(0)
        .cast(pl.UInt8)
    )


def _of_instruments(rules: Sequence[str]) -> tuple[pl.Expr, pl.Expr]:
    """State and binding of a record: those of the instrument that shows most, Regulation (EU) 2024/900 first."""
    by_column: dict[str, list[str]] = {}
    for rule in sorted(rules, key=lambda rule: RULES[rule].instrument != TTPA):
        by_column.setdefault(binding_column(RULES[rule].instrument), []).append(rule)
    states = {column: _state(of) for column, of in by_column.items()}
    best = pl.max_horizontal(*states.values())
    *others, last = states
    binding: pl.Expr = pl.col(last)
    for column in reversed(others):
        binding = pl.when(states[column] == best).then(pl.col(column)).otherwise(binding)
    return best.alias("state"), binding.alias("binding")


def monthly(records: Path, verdicts: Path, groups: Sequence[Group]) -> list[MonthCount]:
    """The counts of every form, subject, month and binding, sorted; months without records are not there."""
    found: list[MonthCount] = []
    start, end = period()
    month = pl.coalesce(start, end).dt.truncate("1mo").alias("month")
    for group in groups:
        if group.kind == "advertiser":
            continue
        rows = pl.scan_parquet(records).slice(group.offset, group.length)
        judged = pl.scan_parquet(verdicts).slice(group.offset, group.length)
        for subject, rules in SUBJECTS.items():
            state, binding = _of_instruments(rules)
            counted = (
                pl.concat(
                    [
                        rows.select("form", month, "political_basis"),
                        judged.select(state, binding),
                    ],
                    how="horizontal",
                )
                .filter(pl.col("political_basis").is_not_null() & (pl.col("state") > 0))
                .group_by("form", "month", "binding")
                .agg(*_counts())
                .sort("form", "month", "binding", nulls_last=True)
                .collect(engine="streaming")
            )
            found += [
                MonthCount(group.source, form, group.kind, subject, when, BINDINGS[code], *counts)
                for form, when, code, *counts in counted.iter_rows()
            ]
    return sorted(
        found,
        key=lambda one: (
            *(one.source, one.form, one.kind, list(SUBJECTS).index(one.subject)),
            one.month or date.max,
            one.binding,
        ),
    )


def _counts() -> list[pl.Expr]:
    names = {"shown": SHOWN, "lost": LOST, "never": NEVER}
    return [
        *((pl.col("state") == value).sum().alias(name) for name, value in names.items()),
        (pl.col("political_basis") == "asserted").sum().alias("asserted"),
    ]


def concerned(records: Path, groups: Sequence[Group]) -> dict[tuple[str, str, str], list[str]]:
    """The Member States that at least one in ten of a form's records with a country names, by form."""
    found: dict[tuple[str, str, str], list[str]] = {}
    state = pl.element().replace_strict(member_state_of(), default=None, return_dtype=pl.String)
    for group in groups:
        if group.kind == "advertiser":
            continue
        rows = (
            pl.scan_parquet(records)
            .slice(group.offset, group.length)
            .filter(pl.col("political_basis").is_not_null() & pl.col("countries").is_not_null())
            .select("form", pl.col("countries").list.eval(state.unique()).alias("state"))
        )
        whole = dict(rows.group_by("form").len().collect(engine="streaming").iter_rows())
        named = rows.explode("state").drop_nulls("state").group_by("form", "state").len()
        for form, country, count in named.sort("form", "state").collect(engine="streaming").iter_rows():
            if count * CONCERNED >= whole[form]:
                found.setdefault((group.source, form, group.kind), []).append(country)
    return found
