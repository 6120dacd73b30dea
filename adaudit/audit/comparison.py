"""Two audits side by side, from their folders alone: records, findings and counts that are not the same.

Neither audit is a complete listing of what its source holds: that something stands in one and not in
the other says so much and no more. It is never called removed.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import polars as pl

from adaudit.audit.tables import DECIDED
from adaudit.errors import UsageError
from adaudit.evidence import holds_audit
from adaudit.language import Wording, texts_of
from adaudit.model.record import CLOCKS, CONTENT, KEY, MADE_OF_OTHERS
from adaudit.model.vocabulary import VERDICTS
from adaudit.rules import RULES
from adaudit.rules.rule import ASKING

SAY: Final = texts_of("adaudit.audit")
FINDING_KEY: Final = ("source", "form", "kind", "record_id", "rule")
UNCOMPARED: Final = MADE_OF_OTHERS | {"observed_at", "country_key"}
"""When it was seen, and columns made of other columns."""
SEEN: Final = ("verdict", "reason", "observed")
SLICE: Final = 20_000
SIDES: Final = ("a", "b")


@dataclass(frozen=True)
class Side:
    """One audit's folder."""

    folder: Path
    summary: Mapping[str, Any]

    @property
    def records(self) -> pl.LazyFrame:
        """Its records."""
        return pl.scan_parquet(self.folder / "records.parquet")

    @property
    def findings(self) -> pl.LazyFrame:
        """Its findings, by a key without null."""
        return pl.scan_parquet(self.folder / "findings.parquet").with_columns(pl.col("record_id").fill_null(""))


@dataclass(frozen=True)
class Difference:
    """One way in which the two audits were made differently: what, in A, in B; lists may be long."""

    what: Wording
    a: object
    b: object


@dataclass
class Comparison:
    """What differs; counts of records and findings, and frames that are small by their nature."""

    a: Side
    b: Side
    made: list[Difference]
    fields: tuple[str, ...]
    """Columns of the record that both audits have and that were compared."""
    verdicts: pl.DataFrame
    records: dict[str, int] = field(default_factory=dict)
    findings: dict[str, int] = field(default_factory=dict)
    changed_fields: dict[str, int] = field(default_factory=dict)

    def as_written(self) -> dict[str, object]:
        """The comparison for `comparison.json`."""
        return {
            "a": self.a.folder.name,
            "b": self.b.folder.name,
            "made_differently": [vars(one) for one in self.made],
            "records": self.records,
            "changed_fields": self.changed_fields,
            "findings": self.findings,
            "verdicts": self.verdicts.to_dicts(),
        }


def side(folder: Path) -> Side:
    """The audit in a folder. Raises UsageError where it holds none, or not all files of one."""
    if not holds_audit(folder):
        raise UsageError(f"{folder} holds no audit: expected the folder that `adaudit audit --out` wrote.")
    absent = [one for one in ("records.parquet", "findings.parquet") if not (folder / one).is_file()]
    if absent:
        raise UsageError(f"{folder} lacks {' and '.join(absent)}: run the audit again.")
    return Side(folder, json.loads((folder / "summary.json").read_text("utf-8")))


def compare(first: Path, second: Path) -> Comparison:
    """Compare two audits: how they were made, and their verdict counts. Raises UsageError as `side` does.

    Records and findings are told apart slice by slice, by `record_differences` and `finding_differences`.
    """
    a, b = side(first), side(second)
    there = [set(one.records.collect_schema().names()) for one in (a, b)]
    wanted = [name for name in (*CLOCKS, *CONTENT) if name not in UNCOMPARED]
    fields = tuple(name for name in wanted if all(name in names for names in there))
    made = list(_made_differently(a.summary, b.summary))
    if there[0] != there[1]:
        made.append(Difference(SAY.both("made_columns"), sorted(there[0] - there[1]), sorted(there[1] - there[0])))
    return Comparison(a, b, made, fields, verdict_counts(a, b))


def _made_differently(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[Difference]:
    for name in ("adaudit", "law_version", "rules_version"):
        if a.get(name) != b.get(name):
            yield Difference(SAY.both(f"made_{name}"), a.get(name), b.get(name))
    options = [one.get("options", {}) for one in (a, b)]
    for name in dict.fromkeys([*options[0], *options[1]]):
        if options[0].get(name) != options[1].get(name):
            yield Difference(SAY.both("made_option", name=name), options[0].get(name), options[1].get(name))
    inputs = [{one["sha256"]: one["path"] for one in summary["inputs"] if one["sha256"]} for summary in (a, b)]
    only = [
        [{"path": path, "sha256": sha256} for sha256, path in mine.items() if sha256 not in other]
        for mine, other in (inputs, inputs[::-1])
    ]
    if any(only):
        yield Difference(SAY.both("made_inputs"), *only)
    failed = [[one["path"] for one in summary["inputs"] if one.get("problem")] for summary in (a, b)]
    if failed[0] != failed[1]:
        yield Difference(SAY.both("made_unread"), *failed)


def verdict_counts(a: Side, b: Side) -> pl.DataFrame:
    """Counts of verdicts by form, kind, rule and binding, of A and of B; null where one has no such row."""
    key = ["source", "form", "kind", "rule", "binding"]
    schema = dict.fromkeys(key, pl.String) | dict.fromkeys(("records", *VERDICTS), pl.Int64)
    frames = [
        pl.DataFrame([{name: row[name] for name in schema} for row in one.summary["verdicts"]], schema=schema).rename(
            {name: f"{name}_{letter}" for name in ("records", *VERDICTS)}
        )
        for letter, one in zip(SIDES, (a, b), strict=True)
    ]
    joined = frames[0].join(frames[1], on=key, how="full", coalesce=True).sort(key)
    return joined.select(*key, *(f"{name}_{letter}" for name in ("records", *VERDICTS) for letter in SIDES))


def shares(verdicts: pl.DataFrame) -> pl.DataFrame:
    """By form, kind and binding: how many checks have each verdict, and of how many, in A and in B.

    `checks` is the denominator of the verdicts that decide a disclosure, `guards` that of `suspect`.
    """
    families = {rule.id: rule.family for rule in RULES.values()}
    family = pl.col("rule").replace_strict(families, default="disclosure", return_dtype=pl.String)
    discloses, guards = family.is_in(ASKING), family == "guard"
    totals: list[pl.Expr] = []
    for letter in SIDES:
        decided = [pl.col(f"{one}_{letter}").filter(discloses).sum() for one in DECIDED]
        totals += [*decided, pl.sum_horizontal(decided).alias(f"checks_{letter}")]
        suspect = pl.col(f"suspect_{letter}").filter(guards).sum()
        totals += [suspect, (suspect + pl.col(f"ok_{letter}").filter(guards).sum()).alias(f"guards_{letter}")]
    return verdicts.group_by("source", "form", "kind", "binding", maintain_order=True).agg(totals)


def record_differences(comparison: Comparison) -> Iterator[pl.DataFrame]:
    """Records that only one audit has, and fields of shared ones that differ, in slices.

    Columns: `difference` (only_a | only_b | changed), key, `field`, `a`, `b`. The counts in
    `comparison` are complete when the last slice has been given.
    """
    key = list(KEY)
    content = pl.struct(comparison.fields).hash(seed=0)
    hashed = [
        one.records.select(*key, content.alias(f"content_{letter}"))
        for letter, one in zip(SIDES, (comparison.a, comparison.b), strict=True)
    ]
    both = hashed[0].join(hashed[1], on=key, how="full", coalesce=True).collect(engine="streaming").sort(key)
    only = {"only_a": pl.col("content_b").is_null(), "only_b": pl.col("content_a").is_null()}
    differs = pl.col("content_a") != pl.col("content_b")
    for name, where in only.items():
        mine = both.filter(where)
        comparison.records[name] = mine.height
        yield mine.select(
            pl.lit(name).alias("difference"), *key, *(pl.lit(None, dtype=pl.String).alias(c) for c in ("field", *SIDES))
        )
    changed = both.filter(differs).select(key)
    comparison.records |= {"changed": changed.height, "same": int(both.select((~differs).sum()).item() or 0)}
    counted: Counter[str] = Counter()
    for offset in range(0, changed.height, SLICE):
        part = _changed_fields(comparison, changed.slice(offset, SLICE))
        counted.update(dict(part.group_by("field").len().iter_rows()))
        yield part
    comparison.changed_fields = dict(sorted(counted.items(), key=lambda one: (-one[1], one[0])))


def _changed_fields(comparison: Comparison, keys: pl.DataFrame) -> pl.DataFrame:
    """Of these records, every field that differs: what it is in A and in B, as text."""
    key = list(KEY)
    sides = [
        one.records.join(keys.lazy(), on=key, how="semi").select(*key, *comparison.fields).collect().sort(key)
        for one in (comparison.a, comparison.b)
    ]
    rows = field_differences(sides[0].select(key), sides[0], sides[1], comparison.fields)
    return rows.select(pl.lit("changed").alias("difference"), *key, "field", *SIDES).sort(*key, "field")


def field_differences(
    rows: pl.DataFrame, before: pl.DataFrame, after: pl.DataFrame, fields: Sequence[str]
) -> pl.DataFrame:
    """Of frames that stand row by row, every field that differs: the columns of `rows`, `field`, `a`, `b` as text."""
    schema = dict(rows.schema) | dict.fromkeys(("field", *SIDES), pl.String())
    found: list[pl.DataFrame] = [pl.DataFrame(schema=schema)]
    for name in fields:
        differs = before[name].ne_missing(after[name])
        if differs.any():
            texts = [
                _text(one[name].filter(differs)).alias(letter)
                for one, letter in zip((before, after), SIDES, strict=True)
            ]
            found.append(rows.filter(differs).with_columns(pl.lit(name).alias("field"), *texts))
    return pl.concat(found)


def _text(values: pl.Series) -> pl.Series:
    """The values as text; nested ones as JSON, exact amounts without trailing zeros."""
    if values.dtype.is_nested():
        lines = values.to_frame("value").select(
            pl.when(pl.col("value").is_not_null()).then(pl.struct("value").struct.json_encode())
        )
        return lines.to_series().str.strip_prefix('{"value":').str.strip_suffix("}")
    if values.dtype.is_decimal():
        return values.cast(pl.String).str.replace(r"\.?0+$", "")
    return values.cast(pl.String)


def finding_differences(comparison: Comparison) -> pl.LazyFrame:
    """Findings that only one audit has, and those with another verdict, reason or observed value.

    `record_in_both` tells a finding whose record the other audit has from one whose record it has not;
    null for gaps of a form, which are no record's.
    """
    key = list(FINDING_KEY)
    a, b = (
        one.findings.select(*key, *(pl.col(name).alias(f"{name}_{letter}") for name in SEEN))
        for letter, one in zip(SIDES, (comparison.a, comparison.b), strict=True)
    )
    joined = a.join(b, on=key, how="full", coalesce=True)
    shared = comparison.a.records.select(KEY).join(comparison.b.records.select(KEY), on=list(KEY), how="semi")
    there = shared.with_columns(pl.lit(value=True).alias("record_in_both"))
    differs = pl.any_horizontal(*(pl.col(f"{name}_a").ne_missing(pl.col(f"{name}_b")) for name in SEEN))
    difference = (
        pl.when(pl.col("verdict_b").is_null())
        .then(pl.lit("only_a"))
        .when(pl.col("verdict_a").is_null())
        .then(pl.lit("only_b"))
        .otherwise(pl.lit("changed"))
    )
    in_both = pl.when(pl.col("record_id") != "").then(pl.col("record_in_both").fill_null(value=False))
    return (
        joined.filter(differs)
        .join(there, on=list(KEY), how="left")
        .select(
            difference.alias("difference"),
            *key,
            in_both.alias("record_in_both"),
            *(f"{name}_{letter}" for name in SEEN for letter in SIDES),
        )
        .sort(*key)
    )


def count_findings(comparison: Comparison, differences: pl.LazyFrame) -> None:
    """Put the numbers of different findings into the comparison."""
    counted = differences.group_by("difference").len().collect(engine="streaming")
    found = dict(counted.iter_rows())
    comparison.findings = {name: int(found.get(name, 0)) for name in ("only_a", "only_b", "changed")}
    totals = [int(one.findings.select(pl.len()).collect().item()) for one in (comparison.a, comparison.b)]
    comparison.findings |= {"a": totals[0], "b": totals[1]}
