"""How many findings there are, by the article that asks and by what the law makes of it.

Only what is bound by the law counts as a finding under it; records from before, and those of which it is not
known, stand in columns of their own. What a source has no field for is counted once a data set, not a record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from adaudit.charts.disclosures import GROUPS, place
from adaudit.charts.facts import footer, is_disclosure
from adaudit.charts.material import Material
from adaudit.charts.style import (
    BAND,
    FAINT,
    INK,
    LABEL,
    MARGIN,
    MARKS,
    SMALL,
    SOFT,
    TINY,
    WIDTH,
    Empty,
    Frame,
    Mark,
    Page,
)
from adaudit.charts.targeting import RULE as MINORS_RULE
from adaudit.charts.targeting import SUSPECT_MINORS
from adaudit.charts.text import shorten, width, wrap
from adaudit.charts.wording import ENGLISH, Words

PLACE: Final = 25
VERDICTS: Final = ("missing", "invalid", "suspect", "partial")
"""What gives one finding a record, in the order of a bar."""
BINDINGS: Final = ("yes", "unknown", "before")
SEVERITIES: Final = ("mandatory", "conditional", "template", "to_check")
CONDUCT, CONSISTENCY, ROWS = "conduct", "consistency", "rows"
_ORDER: Final = (*GROUPS, CONDUCT, CONSISTENCY, ROWS)
_MARKS: Final = {
    "missing": MARKS["missing"],
    "invalid": MARKS["invalid"],
    "suspect": Mark("#ffffff", "xxxxxx", "#4d545c", "#4d545c"),
    "partial": MARKS["partial"],
}
_TITLE, _SEVERITY, _BAR = MARGIN + 46.0, MARGIN + 164.0, MARGIN + 220.0
_LONG: Final = 78.0
_ENDS: Final = {"yes": MARGIN + 360.0, "unknown": MARGIN + 416.0, "before": MARGIN + 478.0}
_GAP: Final = WIDTH - MARGIN
_PITCH, _GROUP, _KEY, _HEAD = 10.4, 12.6, 20.0, 26.0
_TALLEST: Final = 590.0


@dataclass
class Tally:
    """The checks of one line under one binding."""

    missing: int = 0
    invalid: int = 0
    suspect: int = 0
    partial: int = 0
    ok: int = 0
    elsewhere: int = 0
    """Checks of the same rule that are counted on another of its lines."""

    @property
    def findings(self) -> int:
        """The records with a finding."""
        return self.missing + self.invalid + self.suspect + self.partial

    @property
    def counted(self) -> int:
        """Checks that could be decided, each on one line only."""
        return self.findings + self.ok

    @property
    def checks(self) -> int:
        """The denominator: checks that could be decided, where there is a field."""
        return self.counted + self.elsewhere


@dataclass
class Line:
    """One article and severity; what is never added up has a line a reason."""

    group: str
    article: str
    severity: str
    turn: int
    reason: str = ""
    rules: list[str] = field(default_factory=list)
    tallies: dict[str, Tally] = field(default_factory=lambda: {binding: Tally() for binding in BINDINGS})
    gaps: set[tuple[str, str, str, str]] = field(default_factory=set)
    """(source, form, kind, rule) for which there is no field at all: one finding each."""
    asked: set[tuple[str, str, str, str]] = field(default_factory=set)
    """The same, of all that the rules speak of: the denominator."""


def rows(material: Material) -> list[Line]:
    """The lines that hold a check or a gap, in the order of the law."""
    lines: dict[tuple[str, str, str, str], Line] = {}
    told = material.summary.get("verdicts", ())
    apart = [one for one in SUSPECT_MINORS if any(row["reasons"].get(one) for row in told)]
    for row in told:
        group, article, turn = _place(row)
        severity = material.severities.get(row["rule"], "to_check")
        for reason, counts in _counts(row, apart):
            key = group, article, severity, reason
            line = lines.setdefault(key, Line(group, article, severity, turn, reason))
            if row["rule"] not in line.rules:
                line.rules.append(row["rule"])
            tally = line.tallies[row["binding"]]
            for name, count in counts.items():
                setattr(tally, name, getattr(tally, name) + count)
            data_set = row["source"], row["form"], row["kind"], row["rule"]
            line.asked.add(data_set)
            if row["not_exposed"]:
                line.gaps.add(data_set)
    kept = [line for line in lines.values() if line.gaps or any(one.checks for one in line.tallies.values())]
    return sorted(
        kept,
        key=lambda one: (
            *(_ORDER.index(one.group), one.turn, one.article, SEVERITIES.index(one.severity)),
            apart.index(one.reason) if one.reason else 0,
        ),
    )


def _counts(row: Mapping[str, Any], apart: Sequence[str]) -> list[tuple[str, dict[str, int]]]:
    """The checks of a row by verdict; of the rule on minors by reason, since its reasons are never one figure."""
    counts = {name: int(row[name]) for name in (*VERDICTS, "ok")}
    if row["rule"] != MINORS_RULE or not apart:
        return [("", counts)]
    found = []
    for turn, reason in enumerate(apart):
        mine = int(row["reasons"].get(reason, 0))
        ok = 0 if turn else counts["ok"]
        elsewhere = sum(counts.values()) - mine - ok
        found.append((reason, {"suspect": mine, "ok": ok, "elsewhere": elsewhere}))
    return found


def _place(row: Mapping[str, Any]) -> tuple[str, str, int]:
    """Group, article and turn of a rule; rows of aggregates stand apart from single ads."""
    rule, pinpoint = str(row["rule"]), str(row.get("pinpoint") or "")
    disclosure = is_disclosure(rule)
    at = place(rule, pinpoint)
    if row["kind"] == "advertiser":
        return ROWS, at.pinpoint if disclosure else "", at.turn
    if disclosure:
        return at.group, at.pinpoint, at.turn
    if row.get("requirement"):
        return CONDUCT, pinpoint.removeprefix("Art ").partition(",")[0], 0
    return CONSISTENCY, "", 0


def table(material: Material) -> list[dict[str, object]]:
    """The figures as rows: findings by verdict, and the checks that are their denominator."""
    return [
        {
            "group": line.group,
            "article": line.article or None,
            "reason": line.reason or None,
            "severity": line.severity,
            "rules": " ".join(line.rules),
            "binding": binding,
            "findings": tally.findings,
            "checks_decided": tally.checks,
            **{name: getattr(tally, name) for name in VERDICTS},
            "no_field": len(line.gaps),
            "no_field_of": len(line.asked),
        }
        for line in rows(material)
        for binding, tally in line.tallies.items()
    ]


def draw(material: Material, words: Words = ENGLISH) -> list[Page] | Empty:
    """The lines by group, on as many pages as they need."""
    lines = rows(material)
    if not lines:
        return Empty(words.say("findings_skipped"))
    parts: list[list[Line]] = [[]]
    for line in lines:
        if _height([*parts[-1], line]) > _TALLEST:
            parts.append([])
        parts[-1].append(line)
    return [_page(material, lines, part, (turn, len(parts)), words) for turn, part in enumerate(parts, start=1)]


def _height(lines: Sequence[Line]) -> float:
    """Room for these lines and the heads of their groups."""
    return len(lines) * _PITCH + len({line.group for line in lines}) * _GROUP


def _page(material: Material, lines: Sequence[Line], part: Sequence[Line], turn: tuple[int, int], words: Words) -> Page:
    """One page with these lines; headline and figures are those of all."""
    page = Page(_frame(material, lines, turn, words), _KEY + _HEAD + _height(part) + 2.0)
    _key(page, page.top + 9.0)
    _heads(page, page.top + _KEY)
    y, last = page.top + _KEY + _HEAD, ""
    for line in part:
        if line.group != last:
            page.box(MARGIN, y + 2.0, WIDTH - 2 * MARGIN, _GROUP - 3.0, Mark(BAND))
            page.text(MARGIN + 3.0, y + _GROUP - 4.3, _group(line.group, words), LABEL, bold=True)
            y, last = y + _GROUP, line.group
        _line(page, material, line, y)
        y += _PITCH
    return page


def _group(group: str, words: Words) -> str:
    """The head of a group; disclosures as in the table of requirements."""
    return words.say(f"requirements_{group}" if group in GROUPS else f"findings_{group}")


def _frame(material: Material, lines: Sequence[Line], turn: tuple[int, int], words: Words) -> Frame:
    """Headline, subtitle and footnotes, from single ads and notices under the law."""
    single = [line for line in lines if line.group != ROWS]
    now = [line.tallies["yes"] for line in single]
    findings, checks = sum(one.findings for one in now), sum(one.counted for one in now)
    by_severity = {
        severity: sum(line.tallies["yes"].findings for line in single if line.severity == severity)
        for severity in SEVERITIES
    }
    said = {severity: words.number(count) for severity, count in by_severity.items()}
    subtitle = words.say("findings_subtitle", share=words.share(findings, checks), **said)
    asserted = sum(
        int(row.get("reasons", {}).get("undeclared", 0))
        for row in material.summary.get("verdicts", ())
        if row["binding"] == "yes"
    )
    if by_severity["template"]:
        subtitle += words.say("findings_template", count=said["template"])
    if asserted:
        subtitle += words.say("findings_asserted", count=words.number(asserted))
    inputs = sorted({(row["source"], row["form"]) for row in material.summary.get("verdicts", ())})
    notes = (words.say("findings_how"), footer(material, inputs, words))
    return Frame(_headline(single, words), subtitle, notes, _figures(material, lines, words), words, turn)


def _headline(lines: Sequence[Line], words: Words) -> str:
    """How many findings concern what the law always asks, and where most of them are."""
    mandatory = [line for line in lines if line.severity == "mandatory" and line.tallies["yes"].findings]
    if mandatory:
        most = max(mandatory, key=lambda line: line.tallies["yes"].findings)
        return words.say(
            "findings_headline",
            count=words.number(sum(line.tallies["yes"].findings for line in mandatory)),
            article=most.article,
            most=words.number(most.tallies["yes"].findings),
        )
    if any(line.tallies["yes"].findings for line in lines):
        return words.say("findings_headline_other")
    return words.say(
        "findings_headline_none" if any(line.tallies["yes"].checks for line in lines) else "findings_headline_before"
    )


def _figures(material: Material, lines: Sequence[Line], words: Words) -> list[str]:
    """One sentence a line with findings under the law."""
    return [
        words.say(
            "findings_figures",
            article=" ".join(filter(None, (line.article, _title(material, line, words)))),
            severity=words.say(f"severity_{line.severity}"),
            share=words.share(line.tallies["yes"].findings, line.tallies["yes"].checks),
        )
        for line in lines
        if line.tallies["yes"].findings
    ]


def _title(material: Material, line: Line, words: Words) -> str:
    """What the rules of the line are about: their titles, the part before a colon once."""
    titles = [material.titles.get(rule, {}).get(words.language) or rule.replace("_", " ") for rule in line.rules]
    if len(titles) > 1:
        heads = [title.partition(":")[0] for title in titles]
        titles = list(dict.fromkeys(heads))
    said = ", ".join(titles)
    return f"{said}: {words.say(f'targeting_minors_{line.reason}')}" if line.reason else said


def _key(page: Page, y: float) -> None:
    """What the marks mean."""
    x = MARGIN
    for name in VERDICTS:
        page.box(x, y - 6.4, 12.0, 7.6, _MARKS[name])
        said = page.words.say(f"findings_key_{name}")
        page.text(x + 16.0, y, said, SMALL)
        x += 16.0 + width(said, SMALL) + 12.0


def _heads(page: Page, y: float) -> None:
    """What each column holds."""
    words = page.words
    page.line(MARGIN, y, WIDTH - MARGIN, y, colour=INK, thick=0.6)
    for key, x in (("article", MARGIN), ("severity", _SEVERITY), ("yes", _BAR)):
        page.text(x, y + 10.0, words.say(f"findings_head_{key}"), SMALL, bold=True)
    page.text(_BAR, y + 18.0, words.say("findings_head_bar"), TINY, colour=SOFT)
    for key, end, room in (("unknown", _ENDS["unknown"], 52.0), ("before", _ENDS["before"], 58.0), ("gap", _GAP, 42.0)):
        for turn, line in enumerate(wrap(words.say(f"findings_head_{key}"), room, SMALL, bold=True)[:2]):
            page.text(end, y + 10.0 + turn * 7.6, line, SMALL, bold=True, align="right", colour=SOFT)


def _line(page: Page, material: Material, line: Line, y: float) -> None:
    """One article and severity: a bar of shares of the checks under the law, and the figures of all bindings."""
    words = page.words
    base = y + 7.2
    page.text(
        MARGIN + 3.0, base, shorten(line.article or "–", _TITLE - MARGIN - 5.0, TINY + 0.2), TINY + 0.2, colour=SOFT
    )
    page.text(_TITLE, base, shorten(_title(material, line, words), _SEVERITY - _TITLE - 6.0, LABEL), LABEL)
    bold = line.severity == "mandatory"
    page.text(_SEVERITY, base, words.say(f"severity_{line.severity}"), SMALL, bold=bold, colour=INK if bold else SOFT)
    now = line.tallies["yes"]
    x = _BAR
    for name in VERDICTS:
        long = _LONG * getattr(now, name) / now.checks if now.checks else 0.0
        page.box(x, y + 1.0, long, _PITCH - 3.0, _MARKS[name])
        x += long
    page.line(_BAR, y + 0.4, _BAR, y + _PITCH - 1.4, colour=FAINT, thick=0.6)
    if now.checks:
        page.line(_BAR + _LONG, y + 2.4, _BAR + _LONG, y + _PITCH - 3.4, colour=FAINT, thick=0.4)
    for binding, end in _ENDS.items():
        tally = line.tallies[binding]
        if tally.checks:
            said = words.say("share", part=words.compact(tally.findings), whole=words.compact(tally.checks))
            strong = binding == "yes" and tally.findings > 0
            page.text(end, base, said, SMALL, bold=strong, colour=INK if binding == "yes" else SOFT, align="right")
    if line.gaps:
        said = words.say("share", part=words.number(len(line.gaps)), whole=words.number(len(line.asked)))
        page.text(_GAP, base, said, SMALL, colour=SOFT, align="right")
