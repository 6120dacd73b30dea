"""Judges all records against all rules, part by part, and writes `verdicts.parquet`."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from adaudit import __version__, law
from adaudit.audit.assemble import ROW_GROUP, Assembled
from adaudit.audit.batches import streamed
from adaudit.audit.counts import Count, Tally
from adaudit.audit.facts import bindings, political, territory
from adaudit.audit.gates import verdict
from adaudit.audit.groups import Group, groups_of
from adaudit.audit.layouts import Layouts
from adaudit.model.record import SCHEMA
from adaudit.model.vocabulary import outcomes
from adaudit.rules import RULES, rules_version

KEPT: Final = ("source", "form", "kind", "layout", "ads_count")


def country_keys(records: Path) -> list[str]:
    """Every distinct country key of the records."""
    keys = pl.scan_parquet(records).select(pl.col("country_key").drop_nulls().unique())
    return keys.collect(engine="streaming").to_series().to_list()


def judged(records: Path, group: Group, keys: Sequence[str]) -> pl.LazyFrame:
    """One row per record of the group: what identifies its counts, bindings, and a code per rule."""
    frame = (
        pl.scan_parquet(records)
        .slice(group.offset, group.length)
        .with_columns(*territory(keys), *political(), *bindings())
    )
    codes = [verdict(rule, group.kind, group.layouts).alias(name) for name, rule in sorted(RULES.items())]
    return frame.select(*KEPT, "binding_ttpa", "binding_dsa", *codes)


def metadata(layouts: Layouts) -> dict[str, str]:
    """What a reader of `verdicts.parquet` needs: codes, layouts and versions, as JSON texts."""
    codes = {str(one.code): {"verdict": one.verdict, "reason": one.id} for one in outcomes().values()}
    numbered = {str(i): {"source": one.source, "form": one.form} for i, one in enumerate(layouts.known)}
    return {
        "adaudit": __version__,
        "law_version": law.version(),
        "rules_version": rules_version(),
        "codes": json.dumps({"0": {"verdict": None, "reason": "the rule does not speak of this record"}, **codes}),
        "layouts": json.dumps(numbered),
        "bindings": json.dumps({"0": "yes", "1": "before", "2": "unknown"}),
    }


@dataclass(frozen=True)
class Judged:
    """The verdict file of an audit, and what was counted while it was written."""

    verdicts: Path
    groups: list[Group]
    counts: list[Count]


def judge(assembled: Assembled, layouts: Layouts, out: Path) -> Judged:
    """Write `verdicts.parquet`: one row a record in the order of `records.parquet`, bounded memory."""
    path = out / "verdicts.parquet"
    groups = groups_of(assembled, layouts)
    tallies = [Tally(group) for group in groups]
    keys = country_keys(assembled.records) if groups else []
    schema = {c: SCHEMA[c] for c in KEPT} | dict.fromkeys(("binding_ttpa", "binding_dsa", *sorted(RULES)), pl.UInt8())
    plan = streamed(judged_and_counted(assembled.records, tallies, keys), schema)
    plan.sink_parquet(
        path,
        row_group_size=ROW_GROUP,
        compression_level=1,
        statistics=False,  # of codes they tell a reader nothing, and cost a third of the writing
        maintain_order=True,
        metadata=metadata(layouts),
    )
    return Judged(path, groups, [one for tally in tallies for one in tally.counts()])


def judged_and_counted(records: Path, tallies: Sequence[Tally], keys: Sequence[str]) -> Iterator[pl.DataFrame]:
    """The verdicts part by part, each counted as it passes."""
    for tally in tallies:
        for part in tally.group.parts():
            frame = judged(records, part, keys).collect()
            tally.add(frame)
            yield frame
