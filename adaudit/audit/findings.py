"""Expands verdicts into `findings.parquet`, rule by rule and in the order of the records.

So the file comes out sorted by (source, kind, rule, record id, locator) without a sort, in little
memory, and with the same bytes each time.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from adaudit.audit.counts import Count
from adaudit.audit.decisions import DECIDED, attach
from adaudit.audit.facts import binding_column
from adaudit.audit.judge import Group
from adaudit.model.record import SCHEMA
from adaudit.model.vocabulary import BINDINGS, FINDINGS, code, codes_of, outcomes
from adaudit.rules import Rule

SHOWN: Final = 400
"""Characters of the observed value that a finding shows; the record holds all of it."""

FINDING: Final[dict[str, pl.DataType]] = {
    "source": pl.String(),
    "form": pl.String(),
    "kind": pl.String(),
    "record_id": pl.String(),
    "rule": pl.String(),
    "rule_version": pl.Int32(),
    "requirement": pl.String(),
    "pinpoint": pl.String(),
    "verdict": pl.String(),
    "binding": pl.String(),
    "severity": pl.String(),
    "observed": pl.String(),
    "reason": pl.String(),
    "input_sha256": pl.String(),
    "evidence_sha256": pl.String(),
    "locator": pl.String(),
    **DECIDED,
}
CODES: Final = "_code"


def observed(rule: Rule) -> pl.Expr:
    """What was seen: the columns that the rule reads, by name, those without value left out."""
    mine = pl.element().struct.field("column").is_in(list(rule.columns()))
    unparsed = (
        pl.col("unparsed")
        .list.eval(pl.element().filter(mine))
        .list.eval(pl.format("{}: {}", pl.element().struct.field("column"), pl.element().struct.field("text")))
    )
    shown = pl.concat_str(
        [_shown(column) for column in rule.columns() if column in SCHEMA], separator="; ", ignore_nulls=True
    )
    text = pl.when(pl.col(CODES) == code("unparsed")).then(unparsed.list.join("; ")).otherwise(shown)
    return pl.when(text != "").then(text.str.slice(0, SHOWN))


def _shown(column: str) -> pl.Expr:
    dtype = SCHEMA[column]
    value = pl.col(column)
    if isinstance(dtype, pl.List):
        return pl.format("{}: {} entries", pl.lit(column), value.list.len())
    text = value.cast(pl.String)
    if isinstance(dtype, pl.Decimal):
        text = text.str.replace(r"\.?0+$", "")
    return pl.format("{}={}", pl.lit(column), text)


def _expanded(records: Path, verdicts: Path, group: Group, rule: Rule) -> pl.LazyFrame:
    wanted = {
        *("source", "form", "kind", "record_id", "input_sha256", "evidence_sha256", "locator", "unparsed"),
        *(column for column in rule.columns() if column in SCHEMA),
    }
    rows = pl.scan_parquet(records).slice(group.offset, group.length).select(sorted(wanted))
    judged = pl.scan_parquet(verdicts).slice(group.offset, group.length)
    codes = judged.select(pl.col(rule.id).alias(CODES), pl.col(binding_column(rule.instrument)).alias("_binding"))
    found = [c for verdict in FINDINGS for c in codes_of(verdict)]
    verdict_by_code = {one.code: one.verdict for one in outcomes().values() if one.code in found}
    reason_by_code = {one.code: one.id for one in outcomes().values() if one.code in found}
    return (
        pl.concat([rows, codes], how="horizontal")
        .filter(pl.col(CODES).is_in(found))
        .select(
            "source",
            "form",
            "kind",
            "record_id",
            *_constants(rule, group.kind),
            pl.col(CODES).replace_strict(verdict_by_code, return_dtype=pl.String).alias("verdict"),
            pl.col("_binding").replace_strict(dict(enumerate(BINDINGS)), return_dtype=pl.String).alias("binding"),
            pl.lit(rule.severity).alias("severity"),
            observed(rule).alias("observed"),
            pl.col(CODES).replace_strict(reason_by_code, return_dtype=pl.String).alias("reason"),
            "input_sha256",
            "evidence_sha256",
            "locator",
        )
    )


def _constants(rule: Rule, kind: str) -> list[pl.Expr]:
    return [
        pl.lit(rule.id).alias("rule"),
        pl.lit(rule.version, dtype=pl.Int32).alias("rule_version"),
        pl.lit(rule.requirement, dtype=pl.String).alias("requirement"),
        pl.lit(rule.pinpoint(kind)).alias("pinpoint"),
    ]


def _structural(group: Group, rule: Rule, counts: Sequence[Count]) -> pl.LazyFrame | None:
    """One row per form that never exposes what the rule asks for, with the number of records."""
    never: dict[str, int] = {}
    for one in counts:
        if (one.source, one.kind, one.rule) == (group.source, group.kind, rule.id) and one.verdicts["not_exposed"]:
            never[one.form] = never.get(one.form, 0) + one.verdicts["not_exposed"]
    if not never:
        return None
    rows = [
        {
            "source": group.source,
            "form": form,
            "kind": group.kind,
            "rule": rule.id,
            "rule_version": rule.version,
            "requirement": rule.requirement,
            "pinpoint": rule.pinpoint(group.kind),
            "verdict": "not_exposed",
            "severity": rule.severity,
            "observed": str(number),
            "reason": "not_exposed",
        }
        for form, number in sorted(never.items())
    ]
    return pl.LazyFrame(rows, schema_overrides={name: FINDING[name] for name in rows[0]}).select(
        [
            pl.col(name) if name in rows[0] else pl.lit(None, dtype=dtype).alias(name)
            for name, dtype in FINDING.items()
            if name not in DECIDED
        ]
    )


def expand(
    records: Path,
    verdicts: Path,
    groups: Sequence[Group],
    counts: Sequence[Count],
    out: Path,
    chosen: pl.DataFrame | None = None,
) -> Path:
    """Write `findings.parquet`: one row per record and rule that gives a finding.

    `chosen` holds the decisions that count, as `decisions.winners` gives them.
    """
    path = out / "findings.parquet"
    with_findings = {
        (one.source, one.kind, one.rule) for one in counts if any(one.verdicts[verdict] for verdict in FINDINGS)
    }
    decided = pl.DataFrame(schema=dict.fromkeys(("same source", "same kind", "same rule"), pl.String))
    decided = decided if chosen is None else chosen
    plans: list[pl.LazyFrame] = []
    for group in groups:
        for rule in group.rules():
            found = [_structural(group, rule, counts)]
            if (group.source, group.kind, rule.id) in with_findings:
                found.append(_expanded(records, verdicts, group, rule))
            plans += [attach(one, decided, group.source, group.kind, rule.id) for one in found if one is not None]
    plan = pl.concat(plans) if plans else pl.LazyFrame(schema=FINDING)
    plan.sink_parquet(path, maintain_order=True, row_group_size=50_000)
    return path
