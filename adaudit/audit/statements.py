"""What the figures say, in words that a person can quote: each with its denominator and its limit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log10
from typing import Final

from adaudit.audit.counts import Count
from adaudit.audit.intake import InputReport
from adaudit.audit.spend import UnnamedInReport
from adaudit.connectors import exposure_of, sources
from adaudit.language import interval, number, share
from adaudit.law import DSA, REPOSITORY_ESTABLISHED_ON
from adaudit.model.vocabulary import outcomes
from adaudit.rules import RULES, texts

WHEN: Final = {
    "yes": "since the rules apply",
    "before": "from before the rules applied",
    "unknown": "of which it is not known whether the rules applied",
}


@dataclass(frozen=True)
class Statement:
    """One sentence; `weight` orders the statements, the most important first."""

    weight: float
    subject: str
    en: str

    def as_written(self) -> dict[str, object]:
        """The entry of `statements` in `summary.json`."""
        return {"subject": self.subject, "en": self.en}


def form_title(source: str, form: str) -> str:
    """The name of a form for a reader: source and form."""
    found = sources()[source]
    return f"{found.title}, {found.form[form].title}"


def short_title(source: str, form: str) -> str:
    """The short name of a form, for the head of a column."""
    return sources()[source].form[form].short or form_title(source, form)


def _things(kind: str, count: int) -> str:
    plural = {"ad": "ads", "notice": "notices", "advertiser": "advertiser rows"}
    return plural[kind] if count != 1 else kind if kind != "advertiser" else "advertiser row"


def _subject(one: Count) -> str:
    return f"{one.source}/{one.form}"


def _title(one: Count) -> str:
    return form_title(one.source, one.form)


def state(
    counts: Sequence[Count], reports: Sequence[InputReport], unnamed: Sequence[UnnamedInReport]
) -> list[Statement]:
    """All statements, the most important first. `unnamed`: what names no sponsor, by report."""
    found = [
        *_undeclared(counts),
        *_omissions(counts),
        *_aggregates(unnamed),
        *_suspects(counts),
        *_gaps(counts),
        *_before(counts),
        *_outside(counts),
        *_empty(reports),
    ]
    return sorted(found, key=lambda one: (-one.weight, one.subject, one.en))


def _undeclared(counts: Sequence[Count]) -> Iterator[Statement]:
    """Ads that the user asserts to be political and the library does not label: one statement a source."""
    by_form: dict[tuple[str, str], list[Count]] = {}
    for one in counts:
        if one.rule == "notice_sponsor_name":
            by_form.setdefault((one.source, one.form), []).append(one)
    for (source, form), rows in by_form.items():
        asserted, records = sum(one.reasons.get("undeclared", 0) for one in rows), sum(one.records for one in rows)
        now = sum(one.reasons.get("undeclared", 0) for one in rows if one.binding == "yes")
        if asserted:
            yield Statement(
                90 + asserted / records,
                f"{source}/{form}",
                f"{form_title(source, form)}: {share(asserted, records)} {_things(rows[0].kind, records)} carry no "
                f"label, name no sponsor, and are asserted to be political; {number(now)} of them ran since the rules "
                "apply. The user asserts that they are political; the library does not.",
            )


def _omissions(counts: Sequence[Count]) -> Iterator[Statement]:
    for one in counts:
        rule = RULES[one.rule]
        undeclared = one.reasons.get("undeclared", 0)
        missing = one.verdicts["missing"] - undeclared
        decided = sum(one.verdicts[v] for v in ("ok", "partial", "invalid", "missing")) - undeclared
        if rule.family != "disclosure" or missing <= 0 or one.binding == "before" or one.ads_by_verdict:
            continue
        left = f", of {number(one.records)} in all" if one.records > decided else ""
        text = (
            f"{_title(one)}: “{texts()[one.rule]['title']['en']}” is missing in {share(missing, decided)} "
            f"{_things(one.kind, decided)} {WHEN[one.binding]} that can be judged{left} ({article(one)})"
        )
        weight = 45 + 15 * missing / decided + 5 * log10(missing) + (5 if rule.severity == "mandatory" else 0)
        yield Statement(weight if one.binding == "yes" else weight - 25, _subject(one), text + ".")


def article(one: Count) -> str:
    """The article on which the count rests, with the law where that is not Regulation (EU) 2024/900."""
    rule = RULES[one.rule]
    return rule.pinpoint(one.kind) + (" DSA" if rule.instrument == DSA else "")


def _aggregates(unnamed: Sequence[UnnamedInReport]) -> Iterator[Statement]:
    """One report of an aggregate: the share of ads leads, the shares of rows and of money stand beside it."""
    for one in unnamed:
        if not one.rows_unnamed:
            continue
        days = f", {one.period_from} to {one.period_until}" if one.period_from and one.period_until else ""
        money = (
            f" and {interval(one.low_unnamed, one.high_unnamed)} of {interval(one.low, one.high)} {one.currency}"
            if one.currency
            else ""
        )
        yield Statement(
            (25 if one.binding == "before" else 55) + 20 * one.ads_unnamed / max(one.ads, 1),
            f"{one.source}/{one.form}",
            f"{form_title(one.source, one.form)} ({one.countries or 'country not told'}{days}): "
            f"{share(one.ads_unnamed, one.ads)} ads {WHEN[one.binding]} ran without a named sponsor; they stand in "
            f"{share(one.rows_unnamed, one.rows)} rows{money}.",
        )


def _suspects(counts: Sequence[Count]) -> Iterator[Statement]:
    for one in counts:
        for reason, records in one.reasons.items():
            if outcomes()[reason].verdict != "suspect":
                continue
            seen = one.verdicts["ok"] + one.verdicts["suspect"]
            yield Statement(
                (60 if one.binding == "yes" else 35) + 5 * log10(records) + records / seen,
                _subject(one),
                f"{_title(one)}: {share(records, seen)} {_things(one.kind, seen)} {WHEN[one.binding]} in which it can "
                f"be seen call for a person's look: {outcomes()[reason].en} ({article(one)}). "
                "That is no finding of a breach.",
            )


def _gaps(counts: Sequence[Count]) -> Iterator[Statement]:
    """What the form never shows, by its description: a gap of the source, not only where its records reach gate 5."""
    asked: dict[tuple[str, str], set[str]] = {}
    for one in counts:
        due = one.rule != "notice_repository_link" or REPOSITORY_ESTABLISHED_ON is not None
        if RULES[one.rule].family == "disclosure" and due and one.verdicts["not_applicable"] < one.records:
            asked.setdefault((one.source, one.form), set()).add(one.rule)
    never = {key: {rule for rule in rules if exposure_of(*key, rule).level == "never"} for key, rules in asked.items()}
    for (source, form), rules in sorted(never.items()):
        if not rules:
            continue
        amount = " Among them: what was paid for the ad." if "notice_amount_ad" in rules else ""
        yield Statement(
            50 + len(rules) / 10,
            f"{source}/{form}",
            f"{form_title(source, form)} has no field at all for {share(len(rules), len(asked[source, form]))} "
            f"disclosures that the law asks of political ads: a gap of the source, for all its records.{amount}",
        )


def _before(counts: Sequence[Count]) -> Iterator[Statement]:
    for one in counts:
        judged = one.records - one.verdicts["not_applicable"]
        if one.rule == "notice_sponsor_name" and one.binding == "before" and judged:
            yield Statement(
                20,
                _subject(one),
                f"{_title(one)}: {number(judged)} {_things(one.kind, judged)} ended before Regulation (EU) 2024/900 "
                "applied. They are judged by the same measure and shown apart; nothing found in them counts under it.",
            )


def _outside(counts: Sequence[Count]) -> Iterator[Statement]:
    """A form of which no record was shown in the Union: a statement on what the file holds."""
    by_form: dict[tuple[str, str], list[Count]] = {}
    for one in counts:
        if one.rule == "notice_sponsor_name":
            by_form.setdefault((one.source, one.form), []).append(one)
    for (source, form), rows in by_form.items():
        records = sum(one.records for one in rows)
        if sum(one.reasons.get("outside_union", 0) for one in rows) == records:
            yield Statement(
                40,
                f"{source}/{form}",
                f"{form_title(source, form)}: by the countries stated, none of {number(records)} "
                f"{_things(rows[0].kind, records)} was shown in the Union. That says what was given to the audit, not "
                "that there were no political ads.",
            )


def _empty(reports: Sequence[InputReport]) -> Iterator[Statement]:
    for report in reports:
        if report.outcome == "no rows" and report.source and report.form:
            yield Statement(
                30,
                f"{report.source}/{report.form}",
                f"{form_title(report.source, report.form)}: {report.path} holds no rows. That proves nothing: "
                "it can mean no ads, a failed export, or a refusal.",
            )
