"""The checklists as data, read from what an audit wrote."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import polars as pl

from adaudit.audit.findings import FINDING
from adaudit.connectors import exposure_of, sources
from adaudit.law import requirements
from adaudit.model.record import MASKS, SCHEMA
from adaudit.model.vocabulary import FINDINGS, outcome_by_code
from adaudit.rules import RULES, Rule

MOST: Final = 1_000
"""Notices of which a checklist is made; of more it is said how many there are."""
SEVERITIES: Final = ("mandatory", "conditional", "template", "to_check")
SHOWN: Final = 200
"""Characters that are shown of what stands there."""
COLUMN: Final = re.compile(r"\b([a-z_]+): ")
NEEDED: Final = ("summary.json", "records.parquet", "findings.parquet", "verdicts.parquet")


@dataclass(frozen=True)
class Item:
    """One finding on a notice."""

    rule: str
    verdict: str
    reason: str
    severity: str
    binding: str
    pinpoint: str
    elements: tuple[str, ...]
    """Where in the notice the answer belongs; empty for a rule on how values agree."""
    seen: str | None
    """What stands there."""
    columns: frozenset[str]
    """Columns of the record that the finding concerns: a value that is amiss in one way is not in order in another."""


@dataclass(frozen=True)
class Untold:
    """What the notice does not let anybody tell: one reason, and the rules that stop at it."""

    reason: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Checklist:
    """What is to be done about one notice, and what is not."""

    record_id: str
    title: str | None
    path: str
    items: tuple[Item, ...]
    """Most important first: as the law has it, then in the order of the law."""
    untold: tuple[Untold, ...]
    in_order: tuple[str, ...]
    """The rules that found nothing amiss."""
    not_applicable: int

    def of(self, verdict: str) -> tuple[Item, ...]:
        """The findings of one verdict."""
        return tuple(one for one in self.items if one.verdict == verdict)

    @property
    def weight(self) -> tuple[int, ...]:
        """How much is amiss, by severity: what sorts last has most to be done."""
        return tuple(sum(_rank(one.severity) == rank for one in self.items) for rank in range(len(SEVERITIES)))


@dataclass(frozen=True)
class Checklists:
    """The checklists of an audit, those with most to be done first, and how many notices there are."""

    each: tuple[Checklist, ...]
    notices: int


def checklists(folder: Path) -> Checklists:
    """The checklists of the notices in the output folder of an audit that are of a form meant for it.

    Which forms are is said in `source.toml`. Empty where there are none, or where a file is not there.
    """
    if any(not (folder / name).is_file() for name in NEEDED):
        return Checklists((), 0)
    forms = [
        f"{source.id}/{name}" for source in sources().values() for name, form in source.form.items() if form.checklist
    ]
    of_forms = pl.concat_str("source", "form", separator="/").is_in(forms)
    records = pl.scan_parquet(folder / "records.parquet", row_index_name="row").filter(of_forms)
    rows = records.head(MOST).collect().to_dicts()
    if not rows:
        return Checklists((), 0)
    number = int(records.select(pl.len()).collect().item())
    places = [row["row"] for row in rows]
    codes = pl.read_parquet(folder / "verdicts.parquet", columns=sorted(RULES))[places].to_dicts()
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    paths = {one["sha256"]: one["path"] for one in reversed(summary["inputs"])}
    found = _findings(folder, of_forms)
    made = [_checklist(row, told, found, paths) for row, told in zip(rows, codes, strict=True)]
    return Checklists(tuple(sorted(made, key=lambda one: [-n for n in one.weight])), number)


Key = tuple[str, str, str]


def _findings(folder: Path, of_forms: pl.Expr) -> dict[Key, list[Mapping[str, Any]]]:
    """The findings of each record that no person has dismissed."""
    found: dict[Key, list[Mapping[str, Any]]] = {}
    frame = pl.scan_parquet(folder / "findings.parquet").filter(
        of_forms & pl.col("verdict").is_in(FINDINGS) & pl.col("decision").ne_missing("dismissed")
    )
    for row in frame.select(list(FINDING)).collect().iter_rows(named=True):
        found.setdefault((row["source"], row["form"], row["record_id"]), []).append(row)
    return found


def _checklist(
    row: Mapping[str, Any],
    told: Mapping[str, int],
    found: Mapping[Key, Sequence[Mapping[str, Any]]],
    paths: Mapping[str, str],
) -> Checklist:
    mine = found.get((row["source"], row["form"], row["record_id"]), ())
    items = [_item(one, row) for one in mine]
    order = {name: place for place, name in enumerate(requirements())}
    items.sort(key=lambda one: (_rank(one.severity), order.get(str(RULES[one.rule].requirement), len(order)), one.rule))
    amiss = {column for item in items for column in item.columns}
    by_verdict: dict[str, list[str]] = {}
    untold: dict[str, list[str]] = {}
    for rule in sorted(told, key=lambda name: (order.get(str(RULES[name].requirement), len(order)), name)):
        if not told[rule]:
            continue
        outcome = outcome_by_code()[told[rule]]
        by_verdict.setdefault(outcome.verdict, []).append(rule)
        if outcome.verdict == "unknown":
            untold.setdefault(outcome.id, []).append(rule)
    return Checklist(
        row["record_id"],
        (row["titles"] or [None])[0],
        paths.get(row["input_sha256"], ""),
        tuple(items),
        tuple(Untold(reason, tuple(rules)) for reason, rules in untold.items()),
        tuple(rule for rule in by_verdict.get("ok", ()) if amiss.isdisjoint(RULES[rule].present)),
        len(by_verdict.get("not_applicable", ())),
    )


def _rank(severity: str) -> int:
    """Mandatory before conditional before what the template alone asks; what Art 25(5) raises stays in its class."""
    return next(place for place, name in enumerate(SEVERITIES) if severity.startswith(name))


def _item(finding: Mapping[str, Any], row: Mapping[str, Any]) -> Item:
    rule = RULES[finding["rule"]]
    seen = _seen(rule, finding["reason"], row)
    named = {column for column in COLUMN.findall(seen or "") if column in SCHEMA}
    return Item(
        rule.id,
        finding["verdict"],
        finding["reason"],
        finding["severity"],
        finding["binding"],
        finding["pinpoint"],
        exposure_of(row["source"], row["form"], rule.id).fields,
        seen,
        frozenset({*rule.present, *named} if rule.family == "disclosure" else {*rule.columns(), *named}),
    )


def _seen(rule: Rule, reason: str, row: Mapping[str, Any]) -> str | None:
    """The values that the rule read, by column where there are several; a text that did not parse as it stands."""
    if reason == "unparsed":
        mine = [one for one in row["unparsed"] or () if one["column"] in rule.columns()]
        values = {one["column"]: one["text"] for one in mine}
    else:
        columns = [one for one in rule.columns() if one in SCHEMA and one not in MASKS and SCHEMA[one] != pl.Boolean]
        values = {one: _plain(row[one]) for one in columns if row[one] is not None}
    if "segments" in values:  # which quotes the columns that it was found in
        values = {"segments": values["segments"]}
    for wrong in [text for name, text in values.items() if name.endswith("_wrong")]:
        values = {name: text for name, text in values.items() if name in wrong.split(", ")}
    speaking = [name for name in values if name in rule.present[:1] and SCHEMA[name] == pl.String]
    speaking += [name for name in values if name.endswith(("_lacking", "_apart")) or name == "segments"]
    alone = list(values) == speaking or (reason == "unparsed" and len(set(values.values())) == 1)
    texts = [text if alone else f"{name}: {text}" for name, text in values.items()]
    shown = "; ".join(dict.fromkeys(texts))
    return (shown if len(shown) <= SHOWN else f"{shown[: SHOWN - 1]}…") or None


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(one) for one in value)
    if isinstance(value, dict):
        return " ".join(f"{name}={_plain(part)}" for name, part in value.items() if part is not None)
    if isinstance(value, Decimal):
        return f"{value:f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"
    return str(value)
