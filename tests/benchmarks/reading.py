"""The columns that an audit's plans read, and a raw scan of exactly these: the measure of all ratios."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from adaudit.audit.facts import binding_columns, bindings, established, political, territory
from adaudit.audit.findings import observed
from adaudit.audit.gates import speaks, verdict
from adaudit.audit.groups import Group
from adaudit.audit.judge import KEPT
from adaudit.audit.votes import READ
from adaudit.model.record import SCHEMA
from adaudit.rules import RULES

FINDING: Final = ("source", "form", "kind", "record_id", "input_sha256", "evidence_sha256", "locator")
Columns = Sequence[tuple[Group, list[str]]]


def judged_columns(groups: Iterable[Group]) -> Columns:
    """For each group the columns that its verdicts read: what cannot be seen in a source is not read."""
    found: list[tuple[Group, list[str]]] = []
    for group in groups:
        of_group = (*territory(["NL"]), *political(), *bindings(group.source), established(None))
        facts = {one.meta.output_name(): one.meta.root_names() for one in of_group}
        roots = {*KEPT, *READ, *(root for name in binding_columns() for root in facts[name])}
        for rule in RULES.values():
            for root in verdict(rule, group.kind, group.layouts).meta.root_names():
                roots.update(facts.get(root, [root]))
        found.append((group, sorted(roots & SCHEMA.keys())))
    return found


def found_columns(groups: Iterable[Group], with_findings: set[tuple[str, str, str]]) -> Columns:
    """For each group the columns that its verdicts and its findings read."""
    found: list[tuple[Group, list[str]]] = []
    for group, judged in judged_columns(groups):
        rules = [rule for rule in group.rules() if (group.source, group.kind, rule.id) in with_findings]
        shown = {root for rule in rules for root in observed(rule, unparsed=True).meta.root_names() if root in SCHEMA}
        found.append((group, sorted({*judged, *FINDING, *shown})))
    return found


def ruled_columns(groups: Iterable[Group]) -> Columns:
    """For each group every flat column that any rule for its kind reads, seen in its source or not."""
    rules = {rule for group in groups for rule in RULES.values() if any(speaks(rule, one) for _, one in group.layouts)}
    flat = {
        column for rule in rules for column in rule.columns() if column in SCHEMA and not SCHEMA[column].is_nested()
    }
    return [
        (group, sorted({*(one for one in columns if one in SCHEMA), *flat}))
        for group, columns in judged_columns(groups)
    ]


def scan(records: Path, columns: Columns) -> int:
    """Decode the columns batch by batch on the streaming engine and let each batch go."""
    rows = 0
    for group, names in columns:
        part = pl.scan_parquet(records).slice(group.offset, group.length).select(names)
        for batch in part.collect_batches(maintain_order=False, engine="streaming"):
            rows += batch.height
    return rows
