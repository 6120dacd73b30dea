"""Counts of outcomes by form, rule and binding, made from `verdicts.parquet` alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from adaudit.audit.facts import binding_column
from adaudit.audit.gates import speaks
from adaudit.audit.judge import Group
from adaudit.model.vocabulary import BINDINGS, VERDICTS, outcome_by_code
from adaudit.rules import RULES, Rule

CODES: Final = 256
SLICE: Final = 500_000
"""Rows read at a time: with one byte a rule, some 30 MB."""


@dataclass(frozen=True)
class Count:
    """How one rule judged the records of one form under one binding; the verdicts add up to `records`."""

    source: str
    form: str
    kind: str
    rule: str
    binding: str
    records: int
    ads: int | None
    verdicts: dict[str, int]
    reasons: dict[str, int]
    ads_by_verdict: dict[str, int] | None

    def as_written(self) -> dict[str, object]:
        """The row of `verdicts` in `summary.json`."""
        rule = RULES[self.rule]
        row: dict[str, object] = {
            "source": self.source,
            "form": self.form,
            "kind": self.kind,
            "rule": self.rule,
            "requirement": rule.requirement,
            "pinpoint": rule.pinpoint(self.kind),
            "binding": self.binding,
            "records": self.records,
            "ads": self.ads,
            **self.verdicts,
            "reasons": self.reasons,
        }
        return row if self.ads_by_verdict is None else row | {"ads_by_verdict": self.ads_by_verdict}


def count(verdicts: Path, groups: Sequence[Group]) -> list[Count]:
    """The counts of every group, in the order of the file, then of forms and rules."""
    return [one for group in groups for one in _count_group(verdicts, group)]


def _count_group(verdicts: Path, group: Group) -> list[Count]:
    rules = group.rules()
    size = len(group.layouts) * len(BINDINGS) * CODES
    position = {number: i for i, (number, _) in enumerate(group.layouts)}
    records = {rule.id: np.zeros(size, dtype=np.int64) for rule in rules}
    ads = {rule.id: np.zeros(size, dtype=np.float64) for rule in rules}
    bindings = sorted({binding_column(rule.instrument) for rule in rules})
    columns = ["layout", "ads_count", *bindings, *(rule.id for rule in rules)]
    weighted = group.kind == "advertiser"
    for offset in range(group.offset, group.offset + group.length, SLICE):
        length = min(SLICE, group.offset + group.length - offset)
        part = pl.scan_parquet(verdicts).slice(offset, length).select(columns).collect()
        layout = part["layout"].replace_strict(position, return_dtype=pl.Int64).to_numpy() * (len(BINDINGS) * CODES)
        weights = part["ads_count"].fill_null(0).to_numpy() if weighted else None
        strata = {name: layout + part[name].to_numpy().astype(np.int64) * CODES for name in bindings}
        for rule in rules:
            cell = strata[binding_column(rule.instrument)] + part[rule.id].to_numpy()
            records[rule.id] += np.bincount(cell, minlength=size)
            if weights is not None:
                ads[rule.id] += np.bincount(cell, weights=weights, minlength=size)
    return [
        one
        for form in _forms(group)
        for rule in rules
        for one in _rows(group, form, rule, records[rule.id], ads[rule.id] if weighted else None)
    ]


def _forms(group: Group) -> list[str]:
    return sorted({layout.form for _, layout in group.layouts})


def _rows(group: Group, form: str, rule: Rule, records: np.ndarray, ads: np.ndarray | None) -> list[Count]:
    chosen = [i for i, (_, layout) in enumerate(group.layouts) if layout.form == form and speaks(rule, layout)]
    shape = (len(group.layouts), len(BINDINGS), CODES)
    table = records.reshape(shape)[chosen].sum(axis=0)
    of_ads = None if ads is None else ads.reshape(shape)[chosen].sum(axis=0)
    found: list[Count] = []
    for i, binding in enumerate(BINDINGS):
        total = int(table[i, 1:].sum())
        if not total:
            continue
        by_ads = None if of_ads is None else _by_verdict(of_ads[i])
        reasons = {outcome_by_code()[c].id: int(table[i, c]) for c in np.flatnonzero(table[i]).tolist() if c}
        found.append(
            Count(
                group.source,
                form,
                group.kind,
                rule.id,
                binding,
                total,
                None if by_ads is None else sum(by_ads.values()),
                _by_verdict(table[i]),
                reasons,
                by_ads,
            )
        )
    return found


def _by_verdict(cells: np.ndarray) -> dict[str, int]:
    counts = dict.fromkeys(VERDICTS, 0)
    for code in np.flatnonzero(cells).tolist():
        if code:
            counts[outcome_by_code()[code].verdict] += int(cells[code])
    return counts
