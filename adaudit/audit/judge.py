"""Judges all records against all rules, part by part, and writes `verdicts.parquet`."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import polars as pl

from adaudit import __version__, law
from adaudit.audit.assemble import ROW_GROUP, Assembled
from adaudit.audit.batches import ROWS, streamed
from adaudit.audit.facts import bindings, political, territory
from adaudit.audit.gates import speaks, verdict
from adaudit.audit.layouts import Layout, Layouts
from adaudit.model.record import SCHEMA
from adaudit.model.vocabulary import outcomes
from adaudit.rules import RULES, Rule, rules_version

KEPT: Final = ("source", "form", "kind", "layout", "ads_count")


@dataclass(frozen=True)
class Group:
    """The records of one source and kind: a run of rows in `records.parquet`."""

    source: str
    kind: str
    offset: int
    length: int
    layouts: Sequence[tuple[int, Layout]]

    def rules(self) -> list[Rule]:
        """The rules that speak of this group, by id."""
        return [RULES[name] for name in sorted(RULES) if any(speaks(RULES[name], one) for _, one in self.layouts)]

    def parts(self) -> Iterator["Group"]:
        """The group in runs of at most `ROWS` records, in their order."""
        for start in range(0, self.length, ROWS):
            yield replace(self, offset=self.offset + start, length=min(ROWS, self.length - start))


def groups_of(assembled: Assembled, layouts: Layouts) -> list[Group]:
    """The groups in the order of the file."""
    found: list[Group] = []
    offset = 0
    for source, kind, length in assembled.groups:
        found.append(Group(source, kind, offset, length, layouts.of(source, kind)))
        offset += length
    return found


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


def judge(assembled: Assembled, layouts: Layouts, out: Path) -> tuple[Path, list[Group]]:
    """Write `verdicts.parquet`: one row a record in the order of `records.parquet`, bounded memory."""
    path = out / "verdicts.parquet"
    groups = groups_of(assembled, layouts)
    keys = country_keys(assembled.records) if groups else []
    frames = (judged(assembled.records, part, keys).collect() for group in groups for part in group.parts())
    schema = {c: SCHEMA[c] for c in KEPT} | dict.fromkeys(("binding_ttpa", "binding_dsa", *sorted(RULES)), pl.UInt8())
    plan = streamed(frames, schema)
    plan.sink_parquet(
        path,
        row_group_size=ROW_GROUP,
        compression_level=1,
        statistics=False,  # of codes they tell a reader nothing, and cost a third of the writing
        maintain_order=True,
        metadata=metadata(layouts),
    )
    return path, groups
