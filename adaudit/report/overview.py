"""What the summary says of each source: checks by law and time, gaps of the source apart from omissions in records."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adaudit.language import Language
from adaudit.law import DSA, TTPA
from adaudit.law.citation import cited
from adaudit.model.vocabulary import BINDINGS, outcomes
from adaudit.report.wording import form_title, instrument_of, reason_words, rule_title
from adaudit.rules import RULES
from adaudit.rules.rule import ASKING

DECIDED: Final = ("ok", "partial", "missing", "invalid", "not_exposed")
"""Verdicts that decide a disclosure, in the order in which they are shown: the denominator of every share."""
ASIDE: Final = ("not_applicable", "unknown")
ASSERTED: Final = "undeclared"
"""The reason of findings that rest on the user's word alone: one statement a source, never a pile of findings."""
TIMES: Final = ("yes", "unknown", "before")
assert set(TIMES) == set(BINDINGS)  # noqa: S101 - every binding has its place

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """The checks of one source form under one law and one binding."""

    law: str
    binding: str
    records: int
    counts: Mapping[str, int]
    """Checks by verdict; of an aggregate, weighted by the ads that its rows speak of, if they tell them."""
    asserted: int
    """Of the missing ones, those on ads that only the user asserts to be political."""

    @property
    def checks(self) -> int:
        """Checks that could be decided: the denominator."""
        return sum(self.counts[verdict] for verdict in DECIDED)

    @property
    def aside(self) -> int:
        """Checks that do not apply or cannot be decided; in no share."""
        return sum(self.counts[verdict] for verdict in ASIDE)


@dataclass(frozen=True)
class Look:
    """What calls for a person's look, over the records in which it can be seen."""

    rule: str
    reason: str
    binding: str
    records: int
    seen: int


@dataclass(frozen=True)
class Part:
    """One form of a source."""

    source: str
    form: str
    title: str
    kind: str
    by_ads: bool
    """Whether checks count once for each ad that a row speaks of."""
    records: int
    lines: tuple[Line, ...]
    never: tuple[str, ...]
    """Titles of the disclosures that the form has no field for."""
    asked: int
    """Disclosures that the law asks of its records."""
    looks: tuple[Look, ...]


@dataclass(frozen=True)
class ByRule:
    """The findings of one rule in one form of a source, those of one binding."""

    title: str
    rule: str
    rule_title: str
    pinpoint: str
    binding: str
    counts: Mapping[str, int]
    """Findings by verdict; `asserted` are the missing ones that rest on the user's word alone, in no other."""
    judged: int


def counts_of(row: Row) -> Mapping[str, int]:
    """The verdicts of a row: of an aggregate by ads where it tells them, else by records."""
    return row.get("ads_by_verdict") or row


def parts(summary: Mapping[str, Any], language: Language) -> list[Part]:
    """Every form of which there are verdicts, most records first."""
    rows: dict[tuple[str, str, str], list[Row]] = {}
    for row in summary["verdicts"]:
        rows.setdefault((row["source"], row["form"], row["kind"]), []).append(row)
    found = [_part(*key, mine, summary, language) for key, mine in rows.items()]
    return sorted(found, key=lambda one: (-one.records, one.source, one.form, one.kind))


def _part(
    source: str, form: str, kind: str, rows: Sequence[Row], summary: Mapping[str, Any], language: Language
) -> Part:
    by_rule: dict[str, int] = {}
    for row in rows:
        by_rule[row["rule"]] = by_rule.get(row["rule"], 0) + row["records"]
    asked = _asked(rows)
    never = {
        one["rule"]
        for one in summary["exposure"]
        if (one["source"], one["form"], one["exposed"]) == (source, form, "never")
    }
    return Part(
        source,
        form,
        form_title(source, form, language),
        kind,
        any(row.get("ads_by_verdict") for row in rows),
        max(by_rule.values()),
        tuple(_lines(rows)),
        tuple(rule_title(rule, language) for rule in sorted(asked & never)),
        len(asked),
        tuple(_looks(rows)),
    )


def _asked(rows: Sequence[Row]) -> set[str]:
    """The disclosures that the law asks of at least one of the records."""
    return {
        row["rule"]
        for row in rows
        if row["not_applicable"] < row["records"]
        and _family(row) == "disclosure"
        and "repository_not_established" not in row["reasons"]
    }


def _family(row: Row) -> str | None:
    known = RULES.get(row["rule"])
    return known.family if known else None


def _lines(rows: Sequence[Row]) -> Iterator[Line]:
    for law in (TTPA, DSA):
        for binding in TIMES:
            mine = [
                row
                for row in rows
                if row["binding"] == binding and _family(row) in ASKING and instrument_of(row["rule"]) == law
            ]
            if mine:
                counts = {v: sum(counts_of(row)[v] for row in mine) for v in (*DECIDED, *ASIDE)}
                asserted = sum(row["reasons"].get(ASSERTED, 0) for row in mine)
                yield Line(law, binding, max(row["records"] for row in mine), counts, asserted)


def _looks(rows: Sequence[Row]) -> Iterator[Look]:
    for row in rows:
        for reason, records in row["reasons"].items():
            if row["suspect"] and reason in _suspect_reasons(row):
                yield Look(row["rule"], reason, row["binding"], records, row["ok"] + row["suspect"])


def _suspect_reasons(row: Row) -> set[str]:
    return {one for one in row["reasons"] if one in outcomes() and outcomes()[one].verdict == "suspect"}


def looks_in_words(part: Part, language: Language) -> list[tuple[Look, str, str]]:
    """Each look with the title of its rule and its reason in words, since the rules apply first."""
    ordered = sorted(part.looks, key=lambda one: (TIMES.index(one.binding), -one.records, one.rule))
    return [(one, rule_title(one.rule, language), reason_words(one.reason, language)) for one in ordered]


def _titled(row: Row, language: Language) -> list[tuple[str, int]]:
    """The title of the rule and what calls for a look; by reason, since what was seen differs and is never added up."""
    title = rule_title(row["rule"], language)
    reasons = sorted(_suspect_reasons(row), key=lambda one: (-row["reasons"][one], one))
    if not reasons:
        return [(title, row["suspect"])]
    return [(f"{title}: {reason_words(one, language)}", row["reasons"][one]) for one in reasons]


def by_rule(summary: Mapping[str, Any], language: Language) -> list[ByRule]:
    """Findings by form, rule and binding: since the rules apply first, then the most findings first."""
    shown = ("suspect", "missing", "invalid", "partial")
    found = [
        ByRule(
            form_title(row["source"], row["form"], language),
            row["rule"],
            title,
            cited(row["pinpoint"], language),
            row["binding"],
            {verdict: row[verdict] for verdict in (*shown, "not_exposed")}
            | {"missing": row["missing"] - asserted, "asserted": asserted, "suspect": suspect},
            sum(row[verdict] for verdict in ("ok", *shown, "not_exposed")),
        )
        for row in summary["verdicts"]
        for asserted in (row["reasons"].get(ASSERTED, 0),)
        for title, suspect in _titled(row, language)
        if any(row[verdict] for verdict in (*shown, "not_exposed"))
    ]
    return sorted(
        found,
        key=lambda one: (
            TIMES.index(one.binding),
            -sum(one.counts[verdict] for verdict in ("suspect", "missing", "invalid")),
            -one.counts["partial"],
            one.rule,
            one.title,
        ),
    )
