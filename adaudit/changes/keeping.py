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
from adaudit.law import (
    Retention,
    instruments,
    member_states,
    repository_established_on,
    requirements,
    retentions,
    since,
)
from adaudit.store import Observations

RULE: Final = "repository_keeps"
VERSION: Final = 1
DATES: Final = ("delivered_from", "intended_from", "delivered_until", "intended_until")
SCHEMA: Final = {
    **dict.fromkeys(("source", "form", "kind", "record_id", "rule"), pl.String()),
    "rule_version": pl.Int32(),
    **dict.fromkeys(("requirement", "pinpoint", "verdict", "binding", "severity", "reason"), pl.String()),
    **dict.fromkeys(("last_shown", "keep_until", "last_listed", "not_listed"), pl.Date()),
    **dict.fromkeys(("input_sha256", *EVIDENCE), pl.String()),
}
"""Columns of the verdicts: those of findings, with the days on which they rest."""
VERDICTS: Final = {
    "outside_union": "not_applicable",
    "kept_long_enough": "ok",
    "gone_too_soon": "suspect",
    "gone_from_scope_too_soon": "suspect",
}
"""The verdict of each reason; of all others it is `unknown`."""


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
            {"rule": RULE, "rule_version": VERSION, **dict(zip(names, key, strict=True)), "records": count}
            for key, count in sorted(self.counts.items())
        ]


def judge(observations: Observations, before: Listing, after: Listing, gone: pl.DataFrame) -> pl.DataFrame:
    """A verdict (`SCHEMA`) on each record that went and each duty under which the form is published that keeps it."""
    duties = sources()[before.chain.source].form[before.chain.form].duties
    due = [retentions()[one] for one in duties if one in retentions()]
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
    ended = pl.col("end") <= pl.col("not_listed")
    begun = pl.col("start") <= pl.col("not_listed")
    rows = rows.with_columns(pl.when(ended).then("end").when(begun).then("start").alias("last_shown"))
    rows = rows.with_columns(pl.col("last_shown").dt.offset_by(f"{kept.months}mo").alias("keep_until"))
    requirement = requirements()[kept.requirement]
    severity = "mandatory" if requirement.mandatory else "conditional"
    reason = _reason(kept, ended, "gone_too_soon" if listing.chain.steady else "gone_from_scope_too_soon")
    values = {
        **{name: getattr(listing.chain, name) for name in ("source", "form", "kind")},
        "rule": RULE,
        "rule_version": VERSION,
        "requirement": requirement.id,
        "pinpoint": requirement.pinpoint,
        "severity": severity,
    }
    return rows.with_columns(
        *(pl.lit(value).alias(name) for name, value in values.items()),
        reason.alias("reason"),
        reason.replace_strict(VERDICTS, default="unknown", return_dtype=pl.String).alias("verdict"),
        _binding(requirement.instrument, listing.chain.source).alias("binding"),
    ).select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())


def _reason(kept: Retention, ended: pl.Expr, too_soon: str) -> pl.Expr:
    """Why the verdict: what the duty does not reach, what is not known, then whether the time had run out."""
    inside = pl.col("countries").list.eval(pl.element().is_in(sorted(member_states()))).list.any()
    always = pl.lit(value=True)
    cases = [(~inside & (pl.col("countries").list.len() > 0), "outside_union")]
    if not kept.shown:
        cases.append((always, "kept_not_shown"))
    if kept.repository and repository_established_on() is None:
        cases.append((always, "repository_not_established"))
    if instruments()[requirements()[kept.requirement].instrument].political:
        cases.append((pl.col("political_basis").is_null(), "not_shown_political"))
    cases += [
        (pl.col("last_shown").is_null(), "no_dates"),
        (pl.col("not_listed") < pl.col("keep_until"), too_soon),
        (ended, "kept_long_enough"),
    ]
    found: pl.Expr = pl.lit("last_day_unknown")
    for true, reason in reversed(cases):
        found = pl.when(true).then(pl.lit(reason)).otherwise(found)
    return found


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
