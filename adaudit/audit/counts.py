"""Counts of outcomes by form, rule and binding, made while the verdicts pass."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from adaudit.audit.facts import binding_column
from adaudit.audit.gates import speaks
from adaudit.audit.groups import Group
from adaudit.model.vocabulary import BINDINGS, VERDICTS, outcome_by_code
from adaudit.rules import RULES, Rule

CODES: Final = 256


@dataclass(frozen=True)
class Count:
    """How one rule judged the records of one form under one binding; the verdicts add up to `records`.

    `ads` and `ads_by_verdict` are of aggregates that tell how many ads they speak of, and else nothing.
    """

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


class Tally:
    """The counts of one group's outcomes, added up frame by frame as records are judged."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self._rules = group.rules()
        self._position = {number: i for i, (number, _) in enumerate(group.layouts)}
        size = len(group.layouts) * len(BINDINGS) * CODES
        self._records = {rule.id: np.zeros(size, dtype=np.int64) for rule in self._rules}
        self._ads = {rule.id: np.zeros(size) for rule in self._rules} if group.kind == "advertiser" else None

    def add(self, judged: pl.DataFrame) -> None:
        """Count verdicts of this group: the columns of `verdicts.parquet`, each row a record."""
        layout = judged["layout"].replace_strict(self._position, return_dtype=pl.UInt32).to_numpy() * len(BINDINGS)
        bindings = {binding_column(rule.instrument) for rule in self._rules}
        strata = {name: (layout + judged[name].to_numpy()) * CODES for name in bindings}
        weights = judged["ads_count"].fill_null(0).to_numpy()
        of_strata: dict[str, np.ndarray] = {}
        for rule in self._rules:
            name, codes, counted = binding_column(rule.instrument), judged[rule.id].to_numpy(), self._records[rule.id]
            cell = strata[name] + codes
            if codes.min() < codes.max():
                counted += np.bincount(cell, minlength=len(counted))
            else:  # one outcome for all, as where a source never shows a field: how many there are is counted once
                if name not in of_strata:
                    of_strata[name] = np.bincount(strata[name], minlength=len(counted))
                only = int(codes[0])
                counted[only:] += of_strata[name][: len(counted) - only]
            if self._ads is not None:
                self._ads[rule.id] += np.bincount(cell, weights=weights, minlength=len(counted))

    def counts(self) -> list[Count]:
        """What was counted, in the order of forms and rules."""
        ads = self._ads or {}
        return [
            one
            for form in _forms(self.group)
            for rule in self._rules
            for one in _rows(self.group, form, rule, self._records[rule.id], ads.get(rule.id))
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
        by_ads = None if of_ads is None or not of_ads[i, 1:].any() else _by_verdict(of_ads[i])
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
