"""Judges all records against all rules, part by part, and writes `verdicts.parquet`."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from adaudit import __version__
from adaudit.audit.assemble import ROW_GROUP, Assembled
from adaudit.audit.batches import streamed
from adaudit.audit.counts import Count, Tally
from adaudit.audit.facts import InForce, binding_columns, bindings, established, in_force, political, territory
from adaudit.audit.gates import verdict
from adaudit.audit.groups import Group, groups_of
from adaudit.audit.layouts import Layouts
from adaudit.audit.options import Options
from adaudit.audit.votes import DTYPES, FACTS, PERIOD, READ, Votes
from adaudit.law import version
from adaudit.model.record import SCHEMA
from adaudit.model.vocabulary import BINDINGS, LINKS, WITHIN, outcomes
from adaudit.rules import RULES, rules_version

KEPT: Final = ("source", "form", "kind", "layout", "ads_count")


def country_keys(records: Path) -> list[str]:
    """Every distinct country key of the records."""
    keys = pl.scan_parquet(records).select(pl.col("country_key").drop_nulls().unique())
    return keys.collect(engine="streaming").to_series().to_list()


@dataclass(frozen=True)
class Plan:
    """How the records of one source and kind are judged: made once, for all parts of a group."""

    facts: Sequence[pl.Expr]
    codes: Sequence[pl.Expr]
    """A code per rule."""
    read: Sequence[str]
    """The columns of the record that facts, votes and rules are told from."""

    @classmethod
    def of(cls, group: Group, of_all: Sequence[pl.Expr], law: InForce) -> "Plan":
        """The plan of a group; `of_all` are the facts that are the same for every source."""
        facts = [*of_all, *bindings(group.source, law.as_of)]
        codes = [verdict(rule, group.kind, group.layouts).alias(name) for name, rule in sorted(RULES.items())]
        read = {*KEPT, *READ, *PERIOD, *(column for one in (*facts, *codes) for column in one.meta.root_names())}
        return cls(facts, codes, [column for column in SCHEMA if column in read])


def judged(records: pl.LazyFrame, part: Group, plan: Plan, votes: Votes) -> pl.DataFrame:
    """One row per record of the part: what identifies its counts, bindings, votes, and a code per rule."""
    rows = records.slice(part.offset, part.length)
    frame = rows.select(plan.read).collect()
    told = votes.told(frame, part.source, part.kind)
    if part.kind == "ad":
        told = votes.settled(told, frame, rows, part.source)
    known = frame.hstack(told).lazy().with_columns(plan.facts).with_columns(votes.voting_age())
    return known.select(*KEPT, *binding_columns(), *FACTS, *plan.codes).collect()


def metadata(layouts: Layouts, votes: Votes) -> dict[str, str]:
    """What a reader of `verdicts.parquet` needs: codes, layouts and versions, as JSON texts."""
    codes = {str(one.code): {"verdict": one.verdict, "reason": one.id} for one in outcomes().values()}
    numbered = {str(i): {"source": one.source, "form": one.form} for i, one in enumerate(layouts.known)}
    return {
        "adaudit": __version__,
        "law_version": version(),
        "rules_version": rules_version(),
        "codes": json.dumps({"0": {"verdict": None, "reason": "the rule does not speak of this record"}, **codes}),
        "layouts": json.dumps(numbered),
        "bindings": _numbered(BINDINGS),
        "votes": json.dumps({str(i): one.id for i, one in enumerate(votes.votes, start=1)}),
        "vote_links": _numbered(LINKS),
        "within": _numbered(WITHIN),
    }


def _numbered(names: Sequence[str]) -> str:
    return json.dumps({str(i): name for i, name in enumerate(names)})


@dataclass(frozen=True)
class Judged:
    """The verdict file of an audit, and what was counted while it was written."""

    verdicts: Path
    groups: list[Group]
    counts: list[Count]
    law: InForce

    @property
    def findings(self) -> Path:
        """Where the findings are written, beside the verdicts."""
        return self.verdicts.with_name("findings.parquet")


def judge(assembled: Assembled, layouts: Layouts, out: Path, options: Options | None = None) -> Judged:
    """Write `verdicts.parquet`: one row a record in the order of `records.parquet`, bounded memory."""
    path = out / "verdicts.parquet"
    groups = groups_of(assembled, layouts)
    tallies = [Tally(group) for group in groups]
    keys = country_keys(assembled.records) if groups else []
    law = in_force(options or Options())
    votes = Votes(law.votes)
    codes = dict.fromkeys(binding_columns(), pl.UInt8()) | DTYPES | dict.fromkeys(sorted(RULES), pl.UInt8())
    parts = judged_and_counted(assembled.records, tallies, keys, law, votes)
    plan = streamed(parts, {c: SCHEMA[c] for c in KEPT} | codes)
    plan.sink_parquet(
        path,
        row_group_size=ROW_GROUP,
        compression_level=1,
        statistics=False,  # of codes they tell a reader nothing, and cost a third of the writing
        maintain_order=True,
        metadata=metadata(layouts, votes),
    )
    return Judged(path, groups, [one for tally in tallies for one in tally.counts()], law)


def judged_and_counted(
    records: Path, tallies: Sequence[Tally], keys: Sequence[str], law: InForce, votes: Votes
) -> Iterator[pl.DataFrame]:
    """The verdicts part by part, each counted as it passes."""
    of_all = [*territory(keys), *political(), established(law.repository)]
    scanned = pl.scan_parquet(records)
    for tally in tallies:
        plan = Plan.of(tally.group, of_all, law)
        for part in tally.group.parts():
            frame = judged(scanned, part, plan, votes)
            tally.add(frame)
            yield frame
