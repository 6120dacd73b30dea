"""The rule `repository_keeps`: whether an ad left a library sooner than the law lets it.

It speaks of records that one complete listing showed and the next of the same scope did not, and of nothing else.
The last day on which the ad is known to have been shown is the end that the source states where that day has come,
else its start. That the library shows it no more is seen; why, and whether it can be had elsewhere, is not.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from adaudit.changes.listings import Listing
from adaudit.changes.versions import EVIDENCE, said
from adaudit.connectors import sources
from adaudit.law import Retention, instruments, repository_established_on, requirements, retentions, since
from adaudit.rules import REPOSITORY
from adaudit.rules.repository import severity_of
from adaudit.store import Observations

RULE: Final = REPOSITORY["repository_keeps"]
DATES: Final = ("delivered_from", "intended_from", "delivered_until", "intended_until")
SCHEMA: Final = {
    **dict.fromkeys(("source", "form", "kind", "record_id", "rule"), pl.String()),
    "rule_version": pl.Int32(),
    **dict.fromkeys(("requirement", "pinpoint", "verdict", "binding", "severity", "reason"), pl.String()),
    **dict.fromkeys(("last_shown", "keep_until", "last_listed", "not_listed"), pl.Date()),
    **dict.fromkeys(("input_sha256", *EVIDENCE), pl.String()),
}
"""Columns of the verdicts: those of findings, with the days on which they rest."""


@dataclass
class Keeping:
    """How the records that went were judged: counts by requirement, verdict, reason and binding."""

    counts: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)

    def add(self, judged: pl.DataFrame) -> None:
        """Count these verdicts."""
        for *key, count in judged.group_by("requirement", "verdict", "reason", "binding").len().iter_rows():
            self.counts[key[0], key[1], key[2], key[3]] += count

    def found(self) -> int:
        """Findings: suspects, those from before application left out."""
        return sum(
            n for (_, verdict, _, binding), n in self.counts.items() if verdict == "suspect" and binding != "before"
        )

    def as_written(self) -> list[dict[str, object]]:
        """The counts as they stand in `changes.json`."""
        names = ("requirement", "verdict", "reason", "binding")
        return [
            {"rule": RULE.id, "rule_version": RULE.version, **dict(zip(names, key, strict=True)), "records": count}
            for key, count in sorted(self.counts.items())
        ]


def retained(listing: Listing) -> list[Retention]:
    """The duties to keep under which the form of a listing is published."""
    duties = sources()[listing.chain.source].form[listing.chain.form].duties
    return [retentions()[one] for one in duties if one in retentions()]


def judge(observations: Observations, before: Listing, after: Listing, gone: pl.DataFrame) -> pl.DataFrame:
    """A verdict (`SCHEMA`) on each record that went and each duty under which the form is published that keeps it."""
    due = retained(before)
    if gone.is_empty() or not due:
        return pl.DataFrame(schema=SCHEMA)
    columns = (*DATES, "countries", "political_basis", "input_sha256")
    rows = gone.lazy().join(said(observations, before, gone, columns).lazy(), on=["record_id", "content"], how="left")
    rows = rows.with_columns(
        pl.coalesce("delivered_from", "intended_from").alias("start"),
        pl.coalesce("delivered_until", "intended_until").alias("end"),
        pl.col("observed_at").dt.date().alias("last_listed"),
        pl.lit(after.seen.date()).alias("not_listed"),
    )
    return pl.concat([_judged(rows, one, before) for one in due]).collect()


def _judged(rows: pl.LazyFrame, kept: Retention, listing: Listing) -> pl.LazyFrame:
    ended = (pl.col("end") <= pl.col("not_listed")).fill_null(value=False)
    begun = pl.col("start") <= pl.col("not_listed")
    requirement = requirements()[kept.requirement]
    rows = rows.with_columns(pl.when(ended).then("end").when(begun).then("start").alias("last_shown"))
    rows = rows.with_columns(
        pl.col("last_shown").dt.offset_by(f"{kept.months}mo").alias("keep_until"),
        pl.lit(kept.shown).alias("shown"),
        pl.lit(not kept.repository or repository_established_on() is not None).alias("established"),
        pl.lit(instruments()[requirement.instrument].political).alias("political_only"),
        ended.alias("ended"),
        pl.lit(listing.chain.steady).alias("steady"),
    )
    values = {
        **{name: getattr(listing.chain, name) for name in ("source", "form", "kind")},
        "rule": RULE.id,
        "rule_version": RULE.version,
        "requirement": requirement.id,
        "pinpoint": requirement.pinpoint,
        "severity": severity_of(requirement.id),
    }
    return (
        RULE.judge(rows)
        .with_columns(
            *(pl.lit(value).alias(name) for name, value in values.items()),
            _binding(requirement.instrument, listing.chain.source).alias("binding"),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())
    )


def _binding(instrument: str, source: str) -> pl.Expr:
    """Whether the act bound the publisher on the last day on which the ad is known to have been shown."""
    bound = since(instruments()[instrument].binding, source)
    if bound is None:
        return pl.lit("unknown")
    day = pl.col("last_shown")
    before = pl.coalesce("end", "last_listed") < bound.not_before
    return (
        pl.when(day >= bound.applies)
        .then(pl.lit("yes"))
        .when(before)
        .then(pl.lit("before"))
        .otherwise(pl.lit("unknown"))
    )
