"""A fictional library whose forms show exactly what a test says, and its records judged by the real engine.

In the forms `ads`, `notices` and `totals` every requirement has a field of its own, named after the rule.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import polars as pl

from adaudit.audit.assemble import Assembled, assemble
from adaudit.audit.counts import Count
from adaudit.audit.facts import InForce
from adaudit.audit.findings import expand
from adaudit.audit.groups import Group
from adaudit.audit.intake import Intake, write_part
from adaudit.audit.judge import country_keys, judge
from adaudit.audit.layouts import Layout
from adaudit.audit.options import Options
from adaudit.audit.spend import SpendTotal, totals
from adaudit.audit.tables import Table, table
from adaudit.connectors import Exposure, Form, Source, sources
from adaudit.model.fillers import masks
from adaudit.model.record import PARSED_COLUMNS, SCHEMA, bits, conform
from adaudit.model.segments import segments
from adaudit.rules import RULES

LIBRARY: Final = "fictional"
Row = Mapping[str, object]
Verdict = tuple[str, str]
"""A verdict and its reason."""


def _exposure(rule: str, level: str) -> Exposure:
    return Exposure.model_validate({"level": level, "fields": () if level == "never" else (rule,)})


def _form(kind: str, level: str, *duties: str) -> Form:
    shown = {name: _exposure(name, level) for name, rule in RULES.items() if rule.family != "guard"}
    return Form.model_validate(
        {
            "title": f"{kind}, {level}",
            "kind": kind,
            "container": "csv",
            "how_to_get": "it does not exist",
            "duties": duties,
            "recognise": {"required": ("no such column",)},
            "exposure": shown,
        }
    )


@cache
def library() -> Source:
    """The library; the form `ads range` is that of `ads` with every field a range, and so on."""
    repository = ("DSA 39", "TTPA 13(2)")
    forms = {
        "ads": _form("ad", "exact", *repository),
        "political ads": _form("ad", "exact", "TTPA 13(2)"),
        "communications": _form("ad", "exact", "DSA 39(2)(f)"),
        "notices": _form("notice", "exact", "TTPA 12"),
        "totals": _form("advertiser", "exact"),
        "totals never": _form("advertiser", "never"),
    }
    levels = ("partial", "range", "bucket", "never", "unverified")
    forms |= {f"ads {level}": _form("ad", level, *repository) for level in levels}
    return Source(
        id=LIBRARY,
        title="Fictional library",
        publisher="nobody",
        description="none",
        access="none",
        licence="none",
        documentation=(),
        form=forms,
    )


@contextmanager
def installed() -> Iterator[None]:
    """The fictional library stands among the sources as long as the block runs."""
    sources()[LIBRARY] = library()
    try:
        yield
    finally:
        del sources()[LIBRARY]


@dataclass(frozen=True)
class Batch:
    """Records of one input: their form, and which fields it carried and asked for (None: all; not known)."""

    form: str
    rows: Sequence[Row]
    source: str = LIBRARY
    carried: frozenset[str] | None = None
    requested: frozenset[str] | None = None

    def layout(self) -> Layout:
        shown = sources()[self.source].form[self.form].exposure.values()
        everything = frozenset(name for one in shown for name in one.fields)
        return Layout(self.source, self.form, everything if self.carried is None else self.carried, self.requested)


def baseline(kind: str) -> Row:
    """What a record says unless its row says otherwise."""
    return {"countries": ["NL"], "political_basis": "register" if kind == "notice" else "declared", "removed": False}


def frame_of(batch: Batch) -> pl.DataFrame:
    """The rows as a parser leaves them: shown in the Netherlands, and political, unless they say otherwise."""
    kind = sources()[batch.source].form[batch.form].kind
    defaults: Row = {
        "source": batch.source,
        "form": batch.form,
        "kind": kind,
        **baseline(kind),
    }
    rows = [
        {**defaults, "record_id": f"{batch.form} {i:03}", "locator": f"record {i}", **row}
        for i, row in enumerate(batch.rows)
    ]
    for row in rows:
        texts = row.pop("unreadable", {})
        assert isinstance(texts, dict)
        row["unparsed"] = [{"column": column, "text": text} for column, text in texts.items()] or None
        row["unparsed_mask"] = bits(texts, PARSED_COLUMNS)
    assert not {name for row in rows for name in row} - set(SCHEMA), "no column of the record"
    frame = conform(pl.DataFrame({name: [row.get(name) for row in rows] for name in SCHEMA}, schema=SCHEMA))
    made = masks(
        frame.with_columns(
            pl.col("countries").is_not_null().alias("country_stated"),
            pl.col("countries").list.join(",").alias("country_key"),
            pl.col("delivery").list.len().alias("delivery_count"),
        )
    )
    return segments(made)


@dataclass(frozen=True)
class Judged:
    """What the engine made of the batches."""

    out: Path
    assembled: Assembled
    intake: Intake
    groups: list[Group] = field(repr=False)
    counts: list[Count] = field(repr=False)
    law: InForce = field(repr=False)

    @property
    def verdicts(self) -> Path:
        return self.out / "verdicts.parquet"

    def records(self) -> pl.DataFrame:
        return pl.read_parquet(self.assembled.records)

    def findings(self) -> pl.DataFrame:
        return pl.read_parquet(self.out / "findings.parquet")

    def superseded(self) -> pl.DataFrame:
        path = self.out / "superseded.parquet"
        return pl.read_parquet(path) if path.exists() else pl.DataFrame(schema=SCHEMA)

    def spend(self) -> list[SpendTotal]:
        return totals(self.assembled.records, country_keys(self.assembled.records))

    def table_by(self, dimension: str) -> Table:
        with installed():
            return table(dimension, self.assembled.records, self.verdicts, self.groups, self.law.votes)

    def by_record(self) -> dict[tuple[str, str], dict[str, Verdict]]:
        """(form, record id) -> rule -> verdict and reason; rules that do not speak are left out."""
        codes = json.loads(pl.read_parquet_metadata(self.verdicts)["codes"])
        ids = self.records().select("form", "record_id").rows()
        rows = pl.read_parquet(self.verdicts).select(sorted(RULES)).iter_rows(named=True)
        return {
            one: {rule: (codes[str(c)]["verdict"], codes[str(c)]["reason"]) for rule, c in row.items() if c}
            for one, row in zip(ids, rows, strict=True)
        }


def take(folder: Path, *batches: Batch) -> Intake:
    """The batches as parts on disk, in their order, with their layouts."""
    parts = folder / "parts"
    parts.mkdir()
    intake = Intake(parts)
    for i, batch in enumerate(batches):
        frame = frame_of(batch)
        position = pl.int_range(intake.records, intake.records + pl.len(), dtype=pl.UInt64).alias("position")
        number = pl.lit(intake.layouts.number(batch.layout()), pl.UInt16).alias("layout")
        path = parts / f"part-{i:06}.parquet"
        write_part(frame.with_columns(number, position), path)
        intake.parts.append(path)
        intake.records += frame.height
    return intake


def audited(folder: Path, *batches: Batch, options: Options | None = None) -> Judged:
    """The batches assembled, judged, counted and expanded into findings, below the folder."""
    with installed():
        intake = take(folder, *batches)
        assembled = assemble(intake, folder, options or Options())
        done = judge(assembled, intake.layouts, folder, options)
        expand(assembled.records, done, folder)
    return Judged(folder, assembled, intake, done.groups, done.counts, done.law)
