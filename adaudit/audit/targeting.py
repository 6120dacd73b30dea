"""How ads were targeted, as the sources show it: dimensions used and excluded, ages selected, ages reached.

Counted per form and kind, slice by slice, so that memory does not grow with the records. Records that
nothing shows to be political, or that were shown outside the Union alone, are not counted.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from adaudit.audit.facts import in_union
from adaudit.audit.groups import Group

SLICE: Final = 100_000
"""Rows read at a time."""
AGES: Final = (("under_16", 0, 15), ("16_17", 16, 17), ("18_24", 18, 24), ("25_34", 25, 34), ("35_more", 35, 200))
"""Brackets of the youngest age selected."""
UNLIMITED, OPEN, AGE_NOT_SHOWN = "unlimited", "open", "not_shown"
"""No age limit was set; the youngest age cannot be told; nothing on age is shown."""
EVERYBODY: Final = "all"
"""A value of the dimension gender that restricts nothing, as sources write it (in lower case)."""
BOTH: Final = ("female", "male")
BRACKET: Final = r"^(\d{1,2}-\d{1,2}|\d{1,2}\+)(\s|$)"
"""An entry of the audience breakdown that tells an age."""


@dataclass
class Targeting:
    """What one form shows of the targeting of its political records."""

    source: str
    form: str
    kind: str
    records: int = 0
    """Political records that are not shown to have run outside the Union alone."""
    asserted: int = 0
    """Of these, political only because the user says so."""
    shown: int = 0
    """Of these, records of which the source shows the targeting: the denominator of the dimensions."""
    declared_none: int = 0
    """Records that declare that no targeting technique was used."""
    used: Counter[str] = field(default_factory=Counter)
    """Dimension to the records that select people by it."""
    excluded: Counter[str] = field(default_factory=Counter)
    """Dimension to the records that shut people out by it."""
    ages: Counter[str] = field(default_factory=Counter)
    """Bracket of the youngest age selected, or why there is none, to the records."""
    reach_shown: int = 0
    """Records of which the source shows the ages reached."""
    reached: Counter[str] = field(default_factory=Counter)
    """Age bracket, as the source writes it, to the records that reached anybody in it."""


def targeting(records: Path, groups: Sequence[Group], keys: Sequence[str]) -> list[Targeting]:
    """The counts of every form, in the order of the file."""
    outside = [key for key in keys if not in_union(key)]
    found: dict[tuple[str, str, str], Targeting] = {}
    for group in groups:
        for part in _slices(records, group, outside):
            for form, rows in _by_form(part):
                one = found.setdefault((group.source, form, group.kind), Targeting(group.source, form, group.kind))
                _add(one, rows)
    return list(found.values())


def _slices(records: Path, group: Group, outside: Sequence[str]) -> Iterator[pl.DataFrame]:
    for offset in range(group.offset, group.offset + group.length, SLICE):
        length = min(SLICE, group.offset + group.length - offset)
        yield (
            pl.scan_parquet(records)
            .slice(offset, length)
            .filter(
                pl.col("political_basis").is_not_null(), ~pl.col("country_key").is_in(outside).fill_null(value=False)
            )
            .select(
                *("form", "political_basis", "targeting_declared_none", "targeting_parameters"),
                *("targeting_parameters_count", "age_min", "age_restricted", "age_open_side_unknown"),
                "audience_breakdown",
            )
            .collect()
        )


def _by_form(part: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    for (form,), rows in part.sort("form", maintain_order=True).group_by("form", maintain_order=True):
        yield str(form), rows


def _add(one: Targeting, rows: pl.DataFrame) -> None:
    one.records += rows.height
    one.asserted += _sum(rows, pl.col("political_basis") == "asserted")
    one.shown += _sum(rows, pl.col("targeting_parameters_count").is_not_null())
    one.declared_none += _sum(rows, pl.col("targeting_declared_none"))
    for dimension, used, excluded in _dimensions(rows).iter_rows():
        one.used[dimension] += used
        one.excluded[dimension] += excluded
    one.ages.update(dict(rows.select(_youngest()).to_series().value_counts().iter_rows()))
    ages = _reached(rows)
    one.reach_shown += ages["row"].n_unique()
    one.reached.update(dict(ages.filter("anybody").group_by("bracket").len().iter_rows()))


def _sum(rows: pl.DataFrame, true: pl.Expr) -> int:
    return int(rows.select(true.fill_null(value=False).sum()).item())


def _dimensions(rows: pl.DataFrame) -> pl.DataFrame:
    """Dimension, records that select by it, records that exclude by it.

    An age without limits, and a gender that is everybody, select nobody and are not counted as used.
    """
    entry = pl.col("targeting_parameters")
    kind = entry.struct.field("dimension").str.replace_all("_", " ").str.strip_chars().str.to_lowercase()
    entries = (
        rows.lazy()
        .with_row_index("row")
        .select("row", "age_restricted", "targeting_parameters")
        .explode("targeting_parameters")
        .select(
            "row",
            "age_restricted",
            kind.alias("dimension"),
            entry.struct.field("value").str.to_lowercase().alias("value"),
            entry.struct.field("excluded").fill_null(value=False).alias("excluded"),
        )
        .filter(pl.col("dimension") != "")
    )
    chosen = pl.col("value").filter(~pl.col("excluded"))
    everybody = (chosen == EVERYBODY).any() | pl.all_horizontal(*((chosen == one).any() for one in BOTH))
    unlimited = pl.col("age_restricted").first() == False  # noqa: E712 - null is not false
    by_record = entries.group_by("row", "dimension").agg(
        (~pl.col("excluded")).any().alias("used"),
        pl.col("excluded").any(),
        everybody.fill_null(value=False).alias("everybody"),
        unlimited.fill_null(value=False).alias("unlimited"),
    )
    selects_nobody = ((pl.col("dimension") == "gender") & pl.col("everybody")) | (
        (pl.col("dimension") == "age") & pl.col("unlimited")
    )
    return (
        by_record.group_by("dimension")
        .agg((pl.col("used") & ~selects_nobody).sum(), pl.col("excluded").sum())
        .sort("dimension")
        .collect()
    )


def _youngest() -> pl.Expr:
    """The bracket of the youngest age selected, or why there is none."""
    youngest, restricted = pl.col("age_min"), pl.col("age_restricted")
    unknown = pl.col("age_open_side_unknown").fill_null(value=False)
    bracket: pl.Expr = pl.lit(OPEN)
    for name, low, high in AGES:
        bracket = pl.when(youngest.is_between(low, high)).then(pl.lit(name)).otherwise(bracket)
    return (
        pl.when(unknown)
        .then(pl.lit(OPEN))
        .when(restricted.is_null() & youngest.is_null())
        .then(pl.lit(AGE_NOT_SHOWN))
        .when(restricted.not_())
        .then(pl.lit(UNLIMITED))
        .otherwise(bracket)
        .alias("youngest")
    )


def _reached(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a record and age bracket of which the source tells a share; `anybody` where it is above nothing."""
    entry = pl.col("audience_breakdown")
    bracket = entry.struct.field("group").str.extract(BRACKET).alias("bracket")
    return (
        rows.lazy()
        .with_row_index("row")
        .select("row", "audience_breakdown")
        .explode("audience_breakdown")
        .select("row", bracket, (entry.struct.field("share") > 0).fill_null(value=False).alias("anybody"))
        .drop_nulls("bracket")
        .group_by("row", "bracket")
        .agg(pl.col("anybody").any())
        .collect()
    )
