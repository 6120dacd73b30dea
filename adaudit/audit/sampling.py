"""`--sample N`: verdicts drawn by chance, to be checked by hand against the bytes.

The draw is stratified by source, kind, rule and verdict, good verdicts among them, so that what was
overlooked can be found as well as what was wrongly said. The same seed draws the same rows. The
rows come in an order of chance, so that a sheet checked in part is still a sample.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from adaudit.audit.counts import Count
from adaudit.audit.findings import CODES, observed
from adaudit.audit.groups import Group
from adaudit.audit.run import Audit
from adaudit.model.record import SCHEMA
from adaudit.model.vocabulary import VERDICTS, codes_of, outcomes
from adaudit.rules import RULES

CHECKED: Final = tuple(verdict for verdict in VERDICTS if verdict != "not_exposed")
"""Verdicts on a record; that a form has no such field is checked in its description, not by records."""
DRAWN: Final[dict[str, pl.DataType]] = {
    **dict.fromkeys(("source", "form", "kind", "record_id", "url", "rule"), pl.String()),
    "rule_version": pl.Int32(),
    **dict.fromkeys(("pinpoint", "verdict", "reason", "observed"), pl.String()),
    **dict.fromkeys(("input", "input_sha256", "evidence_sha256", "locator"), pl.String()),
    "stratum_records": pl.Int64(),
    "stratum_drawn": pl.Int64(),
}
"""The columns of a drawn sample: `stratum_drawn` of `stratum_records` verdicts were drawn."""


@dataclass(frozen=True, order=True)
class Stratum:
    """The verdicts of one sort that one rule gave the records of one source and kind."""

    source: str
    kind: str
    rule: str
    verdict: str


def strata(counts: Sequence[Count]) -> dict[Stratum, int]:
    """How many verdicts each stratum holds."""
    found: dict[Stratum, int] = {}
    for one in counts:
        for verdict in CHECKED:
            if one.verdicts[verdict]:
                stratum = Stratum(one.source, one.kind, one.rule, verdict)
                found[stratum] = found.get(stratum, 0) + one.verdicts[verdict]
    return dict(sorted(found.items()))


def allocate(sizes: Mapping[Stratum, int], number: int, seed: int) -> dict[Stratum, int]:
    """How many to draw from each stratum: verdicts in turn, and of each verdict its strata in turn.

    Never more than a stratum holds; all of them where `number` reaches their sum.
    """
    chance = random.Random(f"strata {seed}")
    turns: dict[str, list[Stratum]] = {}
    for stratum in sizes:
        turns.setdefault(stratum.verdict, []).append(stratum)
    for of_verdict in turns.values():
        chance.shuffle(of_verdict)
    drawn = dict.fromkeys(sizes, 0)
    left = min(number, sum(sizes.values()))
    while left:
        for verdict in CHECKED:
            if left and turns.get(verdict):
                stratum = turns[verdict].pop(0)
                drawn[stratum] += 1
                left -= 1
                if drawn[stratum] < sizes[stratum]:
                    turns[verdict].append(stratum)
    return {stratum: n for stratum, n in drawn.items() if n}


def draw(audit: Audit, number: int, seed: int) -> pl.DataFrame:
    """Draw that many verdicts of the audit (`DRAWN`), all of them where there are fewer."""
    sizes = strata(audit.counts)
    wanted = allocate(sizes, number, seed)
    parts = [pl.DataFrame(schema=DRAWN)]
    for group in audit.groups:
        mine = {one: n for one, n in wanted.items() if (one.source, one.kind) == (group.source, group.kind)}
        if mine:
            parts += _draw_group(audit.assembled.records, audit.verdicts, group, mine, sizes, seed)
    paths = {report.sha256: report.path for report in reversed(audit.intake.reports)}
    named = pl.col("input_sha256").replace_strict(paths, default=None, return_dtype=pl.String)
    found = pl.concat(parts).with_columns(named.alias("input"))
    order = list(range(found.height))
    random.Random(f"order {seed}").shuffle(order)
    return found[order]


def _draw_group(
    records: Path, verdicts: Path, group: Group, wanted: Mapping[Stratum, int], sizes: Mapping[Stratum, int], seed: int
) -> list[pl.DataFrame]:
    """The drawn rows of one group, by stratum; its records are read once."""
    picked = {stratum: _pick(verdicts, group, stratum, n, seed) for stratum, n in wanted.items()}
    rows = sorted({row for positions in picked.values() for row in positions})
    read = {column for stratum in wanted for column in RULES[stratum.rule].columns() if column in SCHEMA}
    columns = {"form", "record_id", "url", "input_sha256", "evidence_sha256", "locator", "unparsed", *read}
    frame = (
        pl.scan_parquet(records)
        .slice(group.offset, group.length)
        .select(sorted(columns))
        .with_row_index("row")
        .filter(pl.col("row").is_in(rows))
        .collect(engine="streaming")
        .sort("row")
    )
    reasons = {one.code: one.id for one in outcomes().values()}
    found: list[pl.DataFrame] = []
    for stratum, positions in picked.items():
        rule = RULES[stratum.rule]
        codes = pl.Series("code", list(positions.values()), dtype=pl.UInt8)
        mine = frame.filter(pl.col("row").is_in(list(positions))).with_columns(codes.alias(CODES))
        constants = {
            "source": stratum.source,
            "kind": stratum.kind,
            "rule": rule.id,
            "rule_version": rule.version,
            "pinpoint": rule.pinpoint(stratum.kind),
            "verdict": stratum.verdict,
            "input": None,
            "stratum_records": sizes[stratum],
            "stratum_drawn": wanted[stratum],
        }
        shown = mine.with_columns(
            observed(rule, unparsed=True).alias("observed"),
            pl.col(CODES).replace_strict(reasons, return_dtype=pl.String).alias("reason"),
            *(pl.lit(value).alias(name) for name, value in constants.items()),
        )
        found.append(shown.select(pl.col(name).cast(dtype) for name, dtype in DRAWN.items()))
    return found


def _pick(verdicts: Path, group: Group, stratum: Stratum, number: int, seed: int) -> dict[int, int]:
    """Rows of the group drawn from the stratum, in order, each with the code of its outcome."""
    frame = pl.scan_parquet(verdicts).slice(group.offset, group.length).select(stratum.rule).collect()
    codes = frame.to_series().to_numpy()
    there = np.flatnonzero(np.isin(codes, codes_of(stratum.verdict)))
    chance = random.Random(f"{seed} {stratum.source} {stratum.kind} {stratum.rule} {stratum.verdict}")
    chosen = sorted(chance.sample(range(len(there)), number))
    return {int(row): int(codes[row]) for row in there[chosen]}
