"""What the rules on a source as a whole say, for the page: source by source, the gravest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adaudit.audit.repository import place_of
from adaudit.language import Language, day, in_language, number, share, texts_of
from adaudit.law import requirements
from adaudit.law.citation import cited, instrument
from adaudit.model.vocabulary import VERDICTS
from adaudit.report.wording import reason_words, rule_title, say
from adaudit.rules.repository import reasons

NAMED: Final = 20
"""Pulls and files that the page names of each line; `summary.json` names all."""
GRAVEST: Final = ("suspect", "unknown", "not_applicable", "ok")
TOLD: Final = ("status", "page", "sha256", "records", "told", "missing_parts", "left_parts")
"""What is told of a pull or file, in this order."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Seen:
    """One pull or file: its name, how it ended, what is told of it, and what was said when it ended."""

    name: str
    facts: tuple[tuple[str, str], ...]
    said: Mapping[str, str] | None
    """In both languages, as far as it is worded in both."""
    parts: tuple[str, ...]
    """What did not come, as far as the summary names it."""


@dataclass(frozen=True)
class Line:
    """One rule, verdict and reason of one source."""

    rule: str
    title: str
    article: str
    verdict: str
    count: str
    reason: str
    settle: str
    binding: str
    seen: tuple[Seen, ...]
    more: int
    """Pulls or files that the page does not name."""


@dataclass(frozen=True)
class Usual:
    """What is so of nearly every source: one rule, verdict and reason, with the sources of which it is so."""

    line: Line
    places: tuple[tuple[str, str], ...]
    """Each source with of how many pulls, files or records it is so."""


def wholes(summary: Mapping[str, Any], language: Language) -> tuple[list[tuple[str, list[Line]]], list[Usual]]:
    """What calls for a look or is not usual, by source or form of a source; then what is usual."""
    by_place: dict[str, list[Row]] = {}
    usual: dict[tuple[int, str, str], list[Row]] = {}
    for row in summary.get("repository") or ():
        reason = reasons().get(row["reason"])
        if reason and reason.usual:
            usual.setdefault(_order(row), []).append(row)
        else:
            by_place.setdefault(_place(row, language), []).append(row)
    lines = [(place, [_line(row, language) for row in sorted(those, key=_order)]) for place, those in by_place.items()]
    return lines, [_usual(usual[key], language) for key in sorted(usual)]


def _place(row: Row, language: Language) -> str:
    return in_language(place_of(row["source"], row.get("form")), language)


def _usual(rows: Sequence[Row], language: Language) -> Usual:
    """Rows that differ by requirement or binding alone say the same of their source once."""
    places = dict.fromkeys((_place(row, language), _count(row, language)) for row in rows)
    return Usual(_line(rows[0], language), tuple(places))


def _order(row: Row) -> tuple[int, str, str]:
    verdict = row["verdict"]
    known = GRAVEST.index(verdict) if verdict in GRAVEST else len(GRAVEST) + VERDICTS.index(verdict)
    return known, row["rule"], row["reason"]


def _line(row: Row, language: Language) -> Line:
    reason = reasons().get(row["reason"])
    seen: Sequence[Row] = row.get("seen") or ()
    return Line(
        row["rule"],
        rule_title(row["rule"], language),
        _article(row.get("requirement"), language),
        row["verdict"],
        _count(row, language),
        in_language(reason.words, language) if reason else reason_words(row["reason"], language),
        in_language(reason.settle, language) if reason and reason.settle else "",
        row["binding"] if row.get("requirement") and row.get("unit") != "file" else "yes",
        tuple(_seen(one, language) for one in seen[:NAMED]),
        max(len(seen) - NAMED, 0),
    )


def _article(requirement: str | None, language: Language) -> str:
    """The article with its act; empty where the row rests on none, or on one that this version does not know."""
    known = requirements().get(requirement or "")
    return f"{cited(known.pinpoint, language)}, {instrument(known.instrument, language)}" if known else ""


def _count(row: Row, language: Language) -> str:
    """Of how many pulls, files or records of how many the line speaks."""
    unit, count = row.get("unit", "record"), row.get("count", row.get("records", 0))
    things = say(f"whole_{unit}_1" if row["of"] == 1 else f"whole_{unit}_more", language)
    return say("whole_count", language, share=share(count, row["of"], language), things=things)


def _seen(one: Row, language: Language) -> Seen:
    name = one.get("path") or one.get("pull") or ""
    facts = [(say("whole_fact_outcome", language), _outcome(one["outcome"], language))] if "outcome" in one else []
    if "observed_at" in one:
        facts.insert(0, (say("whole_fact_observed_at", language), _day(one["observed_at"], language)))
    facts += [(say(f"whole_fact_{key}", language), _shown(one[key], language)) for key in TOLD if key in one]
    parts = tuple(map(str, (*one.get("missing", ()), *one.get("left", ()))))
    return Seen(str(name), tuple(facts), one.get("said"), parts)


def _outcome(outcome: str, language: Language) -> str:
    """How a pull ended, or what became of a file, in words."""
    for texts, key in (("adaudit.changes", f"outcome_{outcome}"), ("adaudit.report", f"outcome_{outcome}")):
        known = texts_of(texts).entries.get(key.replace(" ", "_"))
        if known:
            return known[language]
    return outcome


def _day(instant: str, language: Language) -> str:
    from datetime import datetime

    return day(datetime.fromisoformat(instant).date(), language)


def _shown(value: object, language: Language) -> str:
    return number(value, language) if isinstance(value, int) else str(value)
