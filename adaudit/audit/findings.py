"""Expands verdicts into `findings.parquet`, rule by rule and in the order of the records.

So the file comes out sorted by (source, kind, rule, record id, locator) without a sort, in little
memory, and with the same bytes each time.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from adaudit.audit.batches import ROWS, streamed
from adaudit.audit.counts import Count
from adaudit.audit.decisions import DECIDED, attach
from adaudit.audit.facts import binding_column
from adaudit.audit.groups import Group
from adaudit.audit.judge import Judged
from adaudit.model.record import MASKS, SCHEMA
from adaudit.model.vocabulary import BINDINGS, FINDINGS, WITHIN, code, codes_of, outcomes
from adaudit.rules import Rule
from adaudit.rules.rule import IN_LAST_MONTH

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


def observed(rule: Rule, *, unparsed: bool) -> pl.Expr:
    """What was seen: the columns that the rule reads, by name, those without value left out.

    Where a text did not parse, that text; `unparsed` tells whether any record has that outcome.
    """
    text = pl.concat_str(
        [_shown(column) for column in rule.columns() if column in SCHEMA and column not in MASKS],
        separator="; ",
        ignore_nulls=True,
    )
    if unparsed:
        text = pl.when(pl.col(CODES) == code("unparsed")).then(_unparsed(rule)).otherwise(text)
    return pl.when(text != "").then(text.str.slice(0, SHOWN))


def _unparsed(rule: Rule) -> pl.Expr:
    mine = pl.element().struct.field("column").is_in(list(rule.columns()))
    texts = pl.format("{}: {}", pl.element().struct.field("column"), pl.element().struct.field("text"))
    return pl.col("unparsed").list.eval(pl.element().filter(mine)).list.eval(texts).list.join("; ")


def _shown(column: str) -> pl.Expr:
    dtype = SCHEMA[column]
    value = pl.col(column)
    if column == "segments":
        return pl.format("{}: {}", pl.lit(column), value.list.join("; "))
    if isinstance(dtype, pl.List):
        return pl.format("{}: {} entries", pl.lit(column), value.list.len())
    text = value.cast(pl.String)
    if isinstance(dtype, pl.Decimal):
        text = text.str.strip_chars_end("0").str.strip_chars_end(".")
    return pl.format("{}={}", pl.lit(column), text)


@dataclass(frozen=True)
class _Files:
    """The records and their verdicts, whose metadata are read once: at ten million records half of the expansion."""

    records: pl.LazyFrame
    verdicts: pl.LazyFrame


def _expanded(files: _Files, group: Group, rule: Rule, *, unparsed: bool) -> pl.LazyFrame:
    wanted = {
        *("source", "form", "kind", "record_id", "input_sha256", "evidence_sha256", "locator"),
        *(column for column in rule.columns() if column in SCHEMA),
        *(["unparsed"] if unparsed else []),
    }
    rows = files.records.slice(group.offset, group.length).select(sorted(wanted))
    judged = files.verdicts.slice(group.offset, group.length)
    binding = pl.col(binding_column(rule.instrument))
    raised = (binding == BINDINGS.index("yes")) & (pl.col(IN_LAST_MONTH) == WITHIN.index("yes"))
    codes = judged.select(
        pl.col(rule.id).alias(CODES), binding.alias("_binding"), raised.cast(pl.UInt8).alias("_raised")
    )
    found = [c for verdict in FINDINGS for c in codes_of(verdict)]
    return (
        pl.concat([rows, codes], how="horizontal")
        .filter(pl.col(CODES).is_in(found))
        .select(
            "source",
            "form",
            "kind",
            "record_id",
            *_constants(rule, group.kind),
            _named(CODES, {one.code: one.verdict for one in outcomes().values()}).alias("verdict"),
            _named("_binding", dict(enumerate(BINDINGS))).alias("binding"),
            _severity(rule).alias("severity"),
            observed(rule, unparsed=unparsed).alias("observed"),
            _named(CODES, {one.code: one.id for one in outcomes().values()}).alias("reason"),
            "input_sha256",
            "evidence_sha256",
            "locator",
        )
    )


def _severity(rule: Rule) -> pl.Expr:
    """The rule's severity, raised for the records that Art 25(5) speaks of."""
    if rule.raised_severity == rule.severity:
        return pl.lit(rule.severity)
    return _named("_raised", {0: rule.severity, 1: rule.raised_severity})


def _named(column: str, names: Mapping[int, str]) -> pl.Expr:
    """The name of each small code: taken from a list by position, ten times quicker than looked up."""
    listed = pl.Series([names.get(number) for number in range(max(names) + 1)], dtype=pl.String)
    return pl.lit(listed).gather(pl.col(column))


def _constants(rule: Rule, kind: str) -> list[pl.Expr]:
    return [
        pl.lit(rule.id).alias("rule"),
        pl.lit(rule.version, dtype=pl.Int32).alias("rule_version"),
        pl.lit(rule.requirement, dtype=pl.String).alias("requirement"),
        pl.lit(rule.pinpoint(kind)).alias("pinpoint"),
    ]


def _structural(group: Group, rule: Rule, counts: Sequence[Count]) -> pl.DataFrame | None:
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
    return pl.DataFrame(rows, schema_overrides={name: FINDING[name] for name in rows[0]}).select(
        [
            pl.col(name) if name in rows[0] else pl.lit(None, dtype=dtype).alias(name)
            for name, dtype in FINDING.items()
            if name not in DECIDED
        ]
    )


def expand(records: Path, judged: Judged, out: Path, chosen: pl.DataFrame | None = None) -> Path:
    """Write `findings.parquet`: one row per record and rule that gives a finding.

    `chosen` holds the decisions that count, as `decisions.winners` gives them.
    """
    path = out / "findings.parquet"
    decided = pl.DataFrame(schema=dict.fromkeys(("same source", "same kind", "same rule"), pl.String))
    plan = streamed(_frames(records, judged, decided if chosen is None else chosen), FINDING)
    plan.sink_parquet(path, maintain_order=True, row_group_size=ROWS, compression_level=1)
    return path


def _frames(records: Path, judged: Judged, decided: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The findings in the order of the file: by group, rule and record, each with the decision on it."""
    reasons: dict[tuple[str, str, str], set[str]] = {}
    for one in judged.counts:
        if any(one.verdicts[verdict] for verdict in FINDINGS):
            reasons.setdefault((one.source, one.kind, one.rule), set()).update(one.reasons)
    files = _Files(pl.scan_parquet(records), pl.scan_parquet(judged.verdicts))
    for group in judged.groups:
        for rule in group.rules():
            for found in _of_rule(files, judged.counts, group, rule, reasons):
                yield attach(found, decided, group.source, group.kind, rule.id).collect()


def _of_rule(
    files: _Files,
    counts: Sequence[Count],
    group: Group,
    rule: Rule,
    reasons: Mapping[tuple[str, str, str], set[str]],
) -> Iterator[pl.LazyFrame]:
    structural = _structural(group, rule, counts)
    if structural is not None:
        yield structural.lazy()
    found = reasons.get((group.source, group.kind, rule.id))
    if found is not None:
        for part in group.parts():
            yield _expanded(files, part, rule, unparsed="unparsed" in found)
