"""Tables by source, sponsor, country, month or election: counts of verdicts, each with its denominator."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from adaudit.audit.assemble import period, stated_election
from adaudit.audit.facts import binding_column, binding_columns, sponsor
from adaudit.audit.groups import Group
from adaudit.law import Calendar, calendar
from adaudit.model.vocabulary import VERDICTS, codes_of

NOT_STATED: Final = "(not stated)"
NO_VOTE: Final = "(no vote stated by the source)"
DECIDED: Final = ("ok", "partial", "invalid", "missing", "not_exposed")
"""Verdicts that decide a disclosure: the denominator of every share."""
COLUMNS: Final = ("kind", "binding", "records", "ads", "unit", "checks", *VERDICTS, "guard_checks")
BINDING_CODE: Final = {"yes": 0, "before": 1, "unknown": 2}


@dataclass(frozen=True)
class Table:
    """One row per value of the dimension and binding; `checks` is the denominator of the shares."""

    dimension: str
    frame: pl.DataFrame


def _value(dimension: str, votes: Calendar) -> pl.Expr:
    start, end = period()
    if dimension == "source":
        return pl.format("{} {}", "source", "form")
    if dimension == "sponsor":
        return sponsor()
    if dimension == "country":
        return pl.col("countries").fill_null([NOT_STATED])
    if dimension == "month":
        return pl.coalesce(start, end).dt.strftime("%Y-%m").fill_null(NOT_STATED)
    names = {election.id: f"{election.id} {election.name}" for election in votes.votes.values()}
    return stated_election(votes).replace(names).fill_null(NO_VOTE)


def _per_record(verdicts: Path, group: Group) -> list[pl.LazyFrame]:
    """For each instrument, one row a record: its binding and how many disclosures have each verdict."""
    frames: list[pl.LazyFrame] = []
    seen: list[str] = []
    judged = pl.scan_parquet(verdicts).slice(group.offset, group.length)
    for column in binding_columns():
        rules = [r for r in group.rules() if r.asks and binding_column(r.instrument) == column]
        guards = [r for r in group.rules() if r.family == "guard" and binding_column(r.instrument) == column]
        if not rules:
            continue
        counts = [_counted([r.id for r in rules], verdict) for verdict in VERDICTS if verdict != "suspect"]
        suspect = _counted([r.id for r in guards], "suspect")
        judged_by_guards = pl.sum_horizontal(
            *(pl.col(r.id).is_in([*codes_of("ok"), *codes_of("suspect")]).cast(pl.UInt32) for r in guards),
            pl.lit(0, pl.UInt32),
        ).alias("guard_checks")
        earlier = [pl.col(column) != pl.col(other) for other in seen]
        first_time = pl.all_horizontal(earlier) if earlier else pl.lit(True)
        seen.append(column)
        frames.append(
            judged.select(
                pl.col(column).alias("binding"), first_time.alias("first"), *counts, suspect, judged_by_guards
            )
        )
    return frames


def _counted(rules: Sequence[str], verdict: str) -> pl.Expr:
    codes = codes_of(verdict)
    parts = [pl.col(rule).is_in(codes).cast(pl.UInt32) for rule in rules]
    return pl.sum_horizontal(*parts, pl.lit(0, pl.UInt32)).alias(verdict)


def table(
    dimension: str, records: Path, verdicts: Path, groups: Sequence[Group], votes: Calendar | None = None
) -> Table:
    """The table by one dimension, largest groups first; notices, ads and aggregates in rows of their own.

    The checks of an aggregate's row count once for each ad that it speaks of (`unit` says so), or once where
    the rows of its form and time tell no ads. A record of two countries stands in the rows of both.
    """
    parts: list[pl.LazyFrame] = []
    counted = (*VERDICTS, "guard_checks")
    for group in groups:
        by_ads = pl.lit(value=False)
        if group.kind == "advertiser":
            by_ads = (pl.col("ads").sum() > 0).over("of_form", "binding")
        weight = pl.when("by_ads").then(pl.col("ads").fill_null(0)).otherwise(1)
        value = (
            pl.scan_parquet(records)
            .slice(group.offset, group.length)
            .select(
                _value(dimension, votes or calendar()).alias(dimension),
                pl.col("ads_count").alias("ads"),
                pl.col("form").alias("of_form"),
            )
        )
        for judged in _per_record(verdicts, group):
            one = pl.concat([value, judged], how="horizontal").with_columns(by_ads.alias("by_ads"))
            unit = pl.when("by_ads").then(pl.lit("ads")).otherwise(pl.lit("records"))
            if dimension == "country":
                one = one.explode(dimension, empty_as_null=True, keep_nulls=True)
            parts.append(
                one.with_columns(pl.lit(group.kind).alias("kind"), unit.alias("unit"))
                .group_by(dimension, "kind", "unit", "binding")
                .agg(
                    pl.col("first").sum().alias("records"),
                    pl.col("ads").filter("first").sum(),
                    *((pl.col(v).cast(pl.Int64) * weight).sum() for v in counted),
                )
            )
    if not parts:
        return Table(dimension, pl.DataFrame(schema=dict.fromkeys([dimension, *COLUMNS], pl.String)))
    sums = (pl.col("records").sum(), pl.col("ads").sum(), *(pl.col(v).sum() for v in counted))
    frame = pl.concat(parts, how="vertical_relaxed").group_by(dimension, "kind", "unit", "binding").agg(*sums)
    return Table(dimension, _shaped(frame.collect(engine="streaming"), dimension))


def _shaped(frame: pl.DataFrame, dimension: str) -> pl.DataFrame:
    """Largest first, the rows of one value together: since the rules apply, undated, before."""
    names = {code: name for name, code in BINDING_CODE.items()}
    place = pl.col("binding").replace_strict({0: 0, 2: 1, 1: 2}, return_dtype=pl.UInt8)
    return (
        frame.with_columns(
            pl.sum_horizontal(*DECIDED).alias("checks"),
            pl.col("records").sum().over(dimension, "kind").alias("size"),
            place.alias("place"),
        )
        .sort(
            [*([] if dimension == "month" else ["size"]), dimension, "kind", "unit", "place"],
            descending=[*([] if dimension == "month" else [True]), False, False, False, False],
        )
        .with_columns(pl.col("binding").replace_strict(names, return_dtype=pl.String))
        .select(dimension, *COLUMNS)
    )
