"""`summary.json`: everything that was counted, with what it was counted on."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from adaudit import __version__, law
from adaudit.audit.assemble import Assembled, period
from adaudit.audit.gates import speaks
from adaudit.audit.intake import Intake
from adaudit.audit.judge import Judged
from adaudit.audit.linked import LinkedVote, linked_votes
from adaudit.audit.options import Options
from adaudit.audit.spend import SpendTotal
from adaudit.audit.statements import SAY, Statement, share_in_words
from adaudit.connectors import exposure_of
from adaudit.language import Value, Wording
from adaudit.law import Calendar
from adaudit.model.vocabulary import WITHIN
from adaudit.rules import RULES, rules_version
from adaudit.rules.rule import IN_THREE_MONTHS

FUNDS: Final = "funds_union_origin"


def exposures(intake: Intake) -> list[dict[str, str]]:
    """What each form shows, whatever the records say: a property of the source itself."""
    forms = {(layout.source, layout.form): layout for layout in intake.layouts.known}
    return [
        {"source": source, "form": form, "rule": name, "exposed": exposure_of(source, form, name).level}
        for (source, form), layout in sorted(forms.items(), key=lambda one: one[0])
        for name, rule in sorted(RULES.items())
        if rule.asks and speaks(rule, layout)
    ]


def highlights(
    assembled: Assembled,
    options: Options,
    linked: Sequence[LinkedVote] = (),
    votes: Calendar | None = None,
    verdicts: Path | None = None,
) -> list[Wording]:
    """Facts worth a look that break no rule, in both languages; which ran near a vote, `verdicts` tells."""
    frame = pl.scan_parquet(assembled.records)
    outside = pl.col(FUNDS).str.contains("outside the Union").fill_null(value=False)
    asserted = pl.col("political_basis") == "asserted"
    declared, from_outside, unstated, unparsed, by_user = (
        frame.select(
            pl.col("funds_union_origin").is_not_null().sum().alias("declared"),
            outside.sum(),
            (~pl.col("country_stated")).sum(),
            (pl.col("unparsed_mask") > 0).sum(),
            asserted.sum(),
        )
        .collect(engine="streaming")
        .row(0)
    )
    where = Wording(options.assume_country) if options.assume_country else SAY.both("the_union")
    boundary = sum(one.to_check for one in linked)
    inferred = sum(one.records for one in linked if one.link == "inferred")
    near = _near(frame.select(outside), verdicts) if from_outside else ""
    facts: list[tuple[str, int, int, dict[str, Value]]] = [
        ("from_outside", from_outside, declared, {"near": near}),
        ("no_country_stated", unstated, assembled.total, {"where": where}),
        ("unreadable", unparsed, assembled.total, {}),
        ("by_user", by_user, assembled.total, {}),
        ("boundary", boundary, assembled.total, {}),
        ("inferred", inferred, assembled.total, {}),
    ]
    said = [
        SAY.of(key, count, share=share_in_words(count, of, "record"), **more) for key, count, of, more in facts if count
    ]
    if options.political_actors is not None and not by_user:
        said.append(SAY.both("by_user_none", file=options.political_actors.name, all=assembled.total))
    said += [SAY.of("left_out", count, filter=name) for name, count in assembled.left_out.items()]
    if votes and votes.as_of and votes.not_yet_called:
        later = votes.not_yet_called
        said.append(SAY.of("not_yet_called", len(later), day=votes.as_of, votes=", ".join(later)))
    return said


def _near(outside: pl.LazyFrame, verdicts: Path | None) -> Wording:
    """How many of the records with funds from outside the Union ran in the three months before a vote."""
    if verdicts is None:
        return Wording("")
    within = pl.col(IN_THREE_MONTHS)
    told = (
        pl.concat([outside, pl.scan_parquet(verdicts).select(within)], how="horizontal")
        .filter(FUNDS)
        .select(
            (within == WITHIN.index("yes")).sum().alias("yes"),
            within.is_in([WITHIN.index("check"), WITHIN.index("unknown")]).sum().alias("open"),
        )
    )
    surely, open_ = told.collect(engine="streaming").row(0)
    return SAY.both("near_a_vote", count=surely, open=SAY.of("near_open", open_) if open_ else "")


def periods(assembled: Assembled) -> list[dict[str, object]]:
    """First and last day that the records of each form speak of, and how many are not dated."""
    start, end = period()
    frame = (
        pl.scan_parquet(assembled.records)
        .group_by("source", "form", "kind")
        .agg(
            pl.min_horizontal(start.min(), end.min()).dt.to_string("iso").alias("from"),
            pl.max_horizontal(start.max(), end.max()).dt.to_string("iso").alias("until"),
            (start.is_null() & end.is_null()).sum().alias("undated"),
        )
    )
    return frame.collect(engine="streaming").sort("source", "form", "kind").to_dicts()


def _counts_of(assembled: Assembled) -> dict[str, object]:
    frame = pl.scan_parquet(assembled.records)
    removed = int(frame.select(pl.col("removed").sum()).collect(engine="streaming").item() or 0)
    by_source: Counter[str] = Counter()
    by_kind: Counter[str] = Counter()
    for source, kind, length in assembled.groups:
        by_source[source] += length
        by_kind[kind] += length
    return {
        "total": assembled.total,
        "superseded": assembled.superseded,
        "repeated": assembled.repeated,
        "left_out": assembled.left_out,
        "removed": removed,
        "by_source": dict(sorted(by_source.items())),
        "by_kind": dict(sorted(by_kind.items())),
    }


def severities(findings: Path) -> list[dict[str, object]]:
    """How many findings of records each rule gave, by verdict, binding and severity."""
    by = ["source", "kind", "rule", "pinpoint", "verdict", "binding", "severity"]
    frame = pl.scan_parquet(findings).filter(pl.col("verdict") != "not_exposed").group_by(by)
    return frame.agg(pl.len().alias("findings")).collect(engine="streaming").sort(by).to_dicts()


def summarise(
    intake: Intake,
    assembled: Assembled,
    judged: Judged,
    spend: Sequence[SpendTotal],
    statements: Sequence[Statement],
    options: Options,
) -> dict[str, object]:
    """The summary as it is written; byte for byte the same for the same inputs, options and version."""
    linked = linked_votes(judged.verdicts, judged.law.votes)
    return {
        "adaudit": __version__,
        "law_version": law.version(),
        "rules_version": rules_version(),
        "cite": f"adaudit {__version__}, law data {law.version()}, rules {rules_version()}; inputs by SHA-256 below",
        "options": options.as_written(),
        "calendar": judged.law.votes.as_written(),
        "inputs": [report.as_written() for report in intake.reports],
        "records": _counts_of(assembled),
        "repository": intake.repository,
        "periods": periods(assembled),
        "exposure": exposures(intake),
        "verdicts": [one.as_written() for one in judged.counts],
        "severities": severities(judged.findings),
        "votes": [one.as_written() for one in linked],
        "spend": [one.as_written() for one in spend],
        "highlights": [
            one.written() for one in highlights(assembled, options, linked, judged.law.votes, judged.verdicts)
        ],
        "statements": [one.as_written() for one in statements],
    }


def write_summary(summary: dict[str, object], out: Path) -> Path:
    """Write `summary.json` in UTF-8 with sorted, indented lines."""
    path = out / "summary.json"
    path.write_text(json.dumps(summary, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path
