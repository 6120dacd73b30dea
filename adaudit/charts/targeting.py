"""How ads were targeted, as the sources show it: dimensions used and excluded, ages selected and reached, minors.

One block per data set. Minors that were selected and minors that were merely not excluded are two figures,
never one; so are the ages that were selected and the ages that were reached.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from adaudit.charts.facts import counted, footer, full_title
from adaudit.charts.material import Material, TargetingShown
from adaudit.charts.style import (
    FAINT,
    HEADING,
    INK,
    LABEL,
    LEADING,
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
from adaudit.charts.text import clean, shorten, width, wrap
from adaudit.charts.wording import ENGLISH, Words

PLACE: Final = 50
RULE: Final = "targeting_minors"
SUSPECT_MINORS: Final = ("minors_selected", "minors_not_excluded", "minors_reached")
"""What calls for a look on minors, the strongest indicator first: never one figure."""
MINORS: Final = (*SUSPECT_MINORS, "no_indication")
"""The reasons of the rule on minors that decide, in the order in which they are shown."""
BINDINGS: Final = ("yes", "unknown", "before")
AGES: Final = ("under_16", "16_17", "18_24", "25_34", "35_more", "unlimited", "open")
_MOST: Final = 12
"""Dimensions drawn of one data set."""
_ALL: Final = 8
"""Brackets of ages reached that are drawn at most."""
_HEAD, _PITCH, _TITLE, _BETWEEN, _KEY, _TALLEST = 24.0, 10.4, 13.0, 10.0, 20.0, 560.0
_HALF: Final = 262.0
_LABEL, _COUNT, _SHUT_OUT, _GUTTER = 96.0, 50.0, 44.0, 14.0
_USED, _EXCLUDED = MARKS["spend"], Mark("#ffffff", "xxxxxx", "#8f1d12", "#8f1d12")
_SELECTED, _OPEN, _REACHED = Mark("#2f6da3"), Mark("#e3eef7", "//////", "#7fadd0", "#7fadd0"), Mark("#a9cbe4")
_MINOR: Final = {
    "minors_selected": Mark("#8f1d12"),
    "minors_not_excluded": Mark("#f7cd6d", lines="#96610c", base=1.8),
    "minors_reached": Mark("#ffffff", "......", "#96610c", "#96610c"),
    "no_indication": MARKS["ok"],
}


@dataclass(frozen=True)
class Bar:
    """One bar: so many of so many records."""

    part: str
    """`used`, `excluded`, `age_selected`, `age_reached` or `minors`."""
    value: str
    """The dimension, the bracket of ages, or the reason."""
    binding: str
    """`yes`, `before` or `unknown` for minors; empty elsewhere, where all records count."""
    records: int
    of: int
    """The denominator: the records of which the source shows this."""


@dataclass(frozen=True)
class Block:
    """One data set: what it shows, and what could not be judged."""

    shown: TargetingShown
    bars: tuple[Bar, ...]
    dimensions: int
    """How many dimensions there are, drawn or not."""
    minors_undecided: int
    """Records on which the rule on minors could not decide."""

    def of(self, *parts: str) -> list[Bar]:
        """The bars of these parts, in order."""
        return [bar for bar in self.bars if bar.part in parts]


def rows(material: Material) -> list[Block]:
    """The data sets that show anything on targeting or on ages reached; most records first within a kind."""
    found = []
    for one in material.targeting:
        minors, undecided = _minors(material, one)
        bars = (*_dimensions(one), *_ages(one), *_reached(one), *minors)
        if any(bar.records for bar in bars):
            names = {name for counts in (one.used, one.excluded) for name, count in counts.items() if count}
            found.append(Block(one, tuple(bars), len(names), undecided))
    return sorted(
        found,
        key=lambda one: (one.shown.kind == "advertiser", not one.shown.shown, -one.shown.records, one.shown.source),
    )


def _dimensions(one: TargetingShown) -> list[Bar]:
    """Used and excluded, a pair a dimension: the most frequent ones."""
    names = sorted(
        {*one.used, *one.excluded}, key=lambda name: (-one.used.get(name, 0), -one.excluded.get(name, 0), name)
    )
    pairs = [
        (
            Bar("used", name, "", one.used.get(name, 0), one.shown),
            Bar("excluded", name, "", one.excluded.get(name, 0), one.shown),
        )
        for name in names
        if one.used.get(name, 0) or one.excluded.get(name, 0)
    ]
    return [bar for pair in pairs[:_MOST] for bar in pair]


def _ages(one: TargetingShown) -> list[Bar]:
    """The youngest age selected, of the records that show anything on age."""
    whole = sum(one.ages.get(name, 0) for name in AGES)
    return [Bar("age_selected", name, "", one.ages.get(name, 0), whole) for name in AGES] if whole else []


def _reached(one: TargetingShown) -> list[Bar]:
    """The records that reached anybody of an age, youngest first."""
    brackets = sorted(one.reached, key=lambda bracket: (int(bracket.partition("-")[0].rstrip("+")), bracket))
    return [Bar("age_reached", bracket, "", one.reached[bracket], one.reach_shown) for bracket in brackets[:_ALL]]


def _minors(material: Material, one: TargetingShown) -> tuple[list[Bar], int]:
    """What the rule on minors found, by binding, and on how many records it could not decide.

    Ages that were reached are shown where any were: few sources tell them, and nought would say more than was seen.
    """
    bars, undecided = [], 0
    for row in material.summary.get("verdicts", ()):
        if (row["source"], row["form"], row["kind"], row["rule"]) == (one.source, one.form, one.kind, RULE):
            reasons: Mapping[str, int] = row.get("reasons", {})
            counts = [int(reasons.get(reason, 0)) for reason in MINORS]
            undecided += int(row["unknown"])
            if sum(counts):
                pairs = zip(MINORS, counts, strict=True)
                bars += [
                    Bar("minors", reason, row["binding"], count, sum(counts))
                    for reason, count in pairs
                    if count or reason != "minors_reached"
                ]
    return sorted(bars, key=lambda bar: BINDINGS.index(bar.binding)), undecided


def table(material: Material) -> list[dict[str, object]]:
    """The bars as rows: counts of records, and their denominator."""
    return [
        {
            "source": block.shown.source,
            "form": block.shown.form,
            "kind": block.shown.kind,
            "shows": bar.part,
            "value": bar.value,
            "binding": bar.binding or None,
            "records": bar.records,
            "of_records": bar.of,
            "political_records": block.shown.records,
            "political_by_assertion": block.shown.asserted,
        }
        for block in rows(material)
        for bar in block.bars
    ]


def draw(material: Material, words: Words = ENGLISH) -> list[Page] | Empty:
    """The blocks, on as many pages as they need."""
    blocks = rows(material)
    if not blocks:
        known = sum(one.records for one in material.targeting)
        return Empty(
            words.say("targeting_skipped_hidden", records=words.number(known))
            if known
            else words.say("targeting_skipped")
        )
    parts: list[list[Block]] = [[]]
    for block in blocks:
        if parts[-1] and sum(_height(one, words) for one in parts[-1]) + _height(block, words) > _TALLEST:
            parts.append([])
        parts[-1].append(block)
    return [_page(material, blocks, part, (turn, len(parts)), words) for turn, part in enumerate(parts, start=1)]


def _page(
    material: Material, blocks: Sequence[Block], part: Sequence[Block], turn: tuple[int, int], words: Words
) -> Page:
    """One page with these blocks; headline and figures are those of all."""
    page = Page(_frame(material, blocks, turn, words), _KEY + sum(_height(block, words) for block in part))
    _key(page, page.top + 9.0)
    y = page.top + _KEY
    for block in part:
        _block(page, material, block, y)
        y += _height(block, words)
    return page


def _frame(material: Material, blocks: Sequence[Block], turn: tuple[int, int], words: Words) -> Frame:
    """Headline, subtitle and footnotes."""
    subtitle = words.say("targeting_subtitle")
    silent = [one for one in material.targeting if one.records and one not in [block.shown for block in blocks]]
    how = words.say("targeting_how")
    if silent:
        names = [full_title(material, one.source, one.form, words) for one in silent]
        how += " " + words.say("targeting_silent", sources=words.listed(names))
    notes = (how, footer(material, [(block.shown.source, block.shown.form) for block in blocks], words))
    return Frame(_headline(blocks, words), subtitle, notes, _figures(material, blocks, words), words, turn)


def _headline(blocks: Sequence[Block], words: Words) -> str:
    """What was found on minors, selected and not excluded apart; else how many records show their targeting.

    Data sets that are political mostly by the user's word count only where there is no other.
    """
    judged = [one for one in blocks if any(bar.binding != "before" for bar in one.of("minors"))]
    by_source = [one for one in judged if one.shown.asserted * 2 <= one.shown.records]
    bars = [bar for one in by_source or judged for bar in one.of("minors") if bar.binding != "before"]
    if bars:
        sums = {
            name: words.number(sum(bar.records for bar in bars if bar.value == reason))
            for name, reason in (("selected", "minors_selected"), ("spared", "minors_not_excluded"))
        }
        key = "targeting_headline_minors" if by_source else "targeting_headline_asserted"
        return words.say(key, **sums, judged=words.number(sum(bar.records for bar in bars)))
    shown, whole = sum(block.shown.shown for block in blocks), sum(block.shown.records for block in blocks)
    return words.say("targeting_headline_shown", shown=words.number(shown), whole=words.number(whole))


def _figures(material: Material, blocks: Sequence[Block], words: Words) -> list[str]:
    """One sentence a part of each data set."""
    said = []
    for block in blocks:
        source = full_title(material, block.shown.source, block.shown.form, words)
        for title, bars in _parts(block).items():
            shares = [
                f"{_value(bar, words)}{_apart(bar, words)} {words.share(bar.records, bar.of)}"
                for bar in bars
                if bar.records
            ]
            if shares:
                said.append(f"{source}, {words.say(title)}: {'; '.join(shares)}.")
    return said


def _parts(block: Block) -> dict[str, list[Bar]]:
    """Title to bars, in the order in which they are shown."""
    parts = {name: block.of(name) for name in ("used", "excluded", "age_selected", "age_reached", "minors")}
    return {f"targeting_{name}": bars for name, bars in parts.items() if bars}


def _value(bar: Bar, words: Words) -> str:
    """The dimension, bracket or reason in words; a dimension that no text names as the source writes it."""
    if bar.part == "age_reached":
        return bar.value
    if bar.part in {"used", "excluded"}:
        key = "dimension_" + "_".join(bar.value.replace(":", "").lower().split())
        return words.say(key) if words.knows(key) else clean(bar.value)
    return words.say(f"targeting_{bar.part}_{bar.value}")


def _apart(bar: Bar, words: Words) -> str:
    """Under which binding minors were judged."""
    return f" ({words.say(f'time_binding_{bar.binding}')})" if bar.binding else ""


def _left(block: Block) -> int:
    """How many lines the dimensions take."""
    return len(block.of("used")) + (1 if block.dimensions > _MOST else 0)


def _height(block: Block, words: Words) -> float:
    """Room for the head and for the taller of the two halves."""
    left = _TITLE + max(_left(block), 1) * _PITCH
    right = 0.0
    for part in ("age_selected", "age_reached"):
        right += _TITLE + len(block.of(part)) * _PITCH + 5.0 if block.of(part) else 0.0
    minors = block.of("minors")
    right += _TITLE + (len(minors) + len({bar.binding for bar in minors})) * _PITCH if minors else 0.0
    lines = len(wrap(_facts(block, words), WIDTH - 2 * MARGIN, SMALL))
    return _HEAD + (lines - 1) * SMALL * LEADING + max(left, right) + _BETWEEN


def _key(page: Page, y: float) -> None:
    """What the marks of dimensions mean."""
    x = MARGIN
    for name, mark in (("used", _USED), ("excluded", _EXCLUDED)):
        page.box(x, y - 6.4, 14.0, 7.6, mark)
        said = page.words.say(f"targeting_key_{name}")
        page.text(x + 18.0, y, said, SMALL)
        x += 18.0 + width(said, SMALL) + 16.0


def _facts(block: Block, words: Words) -> str:
    """What there is to know of a data set before its bars."""
    one = block.shown
    shown = words.say("targeting_shown", share=words.share(one.shown, one.records))
    said = [words.say("targeting_records", records=counted(one.records, one.kind, words)), shown]
    if one.declared_none:
        said.append(words.say("targeting_none", share=words.share(one.declared_none, one.records)))
    if one.asserted:
        said.append(words.say("time_asserted", share=words.share(one.asserted, one.records)))
    return " · ".join(said)


def _block(page: Page, material: Material, block: Block, y: float) -> None:
    """One data set: dimensions at the left, ages and minors at the right."""
    words = page.words
    title = full_title(material, block.shown.source, block.shown.form, words)
    page.line(MARGIN, y, WIDTH - MARGIN, y, colour=INK, thick=0.6)
    page.text(MARGIN, y + 11.0, shorten(title, 400.0, HEADING, bold=True), HEADING, bold=True)
    lines = wrap(_facts(block, words), WIDTH - 2 * MARGIN, SMALL)
    for turn, line in enumerate(lines):
        page.text(MARGIN, y + 20.0 + turn * SMALL * LEADING, line, SMALL, colour=SOFT)
    y += _HEAD + (len(lines) - 1) * SMALL * LEADING
    _halves(page, block, y)


def _halves(page: Page, block: Block, y: float) -> None:
    """The dimensions at the left; ages selected, ages reached and minors at the right, one below the other."""
    words, right = page.words, WIDTH - MARGIN - _HALF + _GUTTER
    used, excluded = block.of("used"), block.of("excluded")
    if used:
        _title(page, MARGIN, y, words.say("targeting_dimensions", of=words.number(block.shown.shown)))
        for name, at in (("used", _SHUT_OUT + 1.0), ("excluded", 0.0)):
            head = words.say(f"targeting_head_{name}")
            page.text(MARGIN + _HALF - _GUTTER - at, y + 7.5, head, TINY, colour=SOFT, align="right")
    for turn, (first, second) in enumerate(zip(used, excluded, strict=True)):
        _pair(page, first, second, (MARGIN, y + _TITLE + turn * _PITCH))
    if not used:
        page.text(MARGIN, y + 7.5, words.say("targeting_hidden"), SMALL, colour=SOFT)
    if block.dimensions > _MOST:
        more = words.say("targeting_more", count=block.dimensions - _MOST)
        page.text(MARGIN, y + _TITLE + len(used) * _PITCH + 6.0, more, SMALL, colour=SOFT)
    for part in ("age_selected", "age_reached"):
        bars = block.of(part)
        if bars:
            _title(page, right, y, words.say(f"targeting_{part}_of", of=words.number(bars[0].of)))
            y += _TITLE
            for bar in bars:
                mark = _REACHED if part == "age_reached" else _OPEN if bar.value in {"open", "unlimited"} else _SELECTED
                _bar(page, bar, mark, (right, y), _value(bar, words))
                y += _PITCH
            y += 5.0
    if block.of("minors"):
        _minor_lines(page, block, right, y)


def _title(page: Page, x: float, y: float, said: str) -> None:
    """The title of a group of bars."""
    page.text(x, y + 7.5, shorten(said, _HALF - _GUTTER, LABEL, bold=True), LABEL, bold=True)


def _minor_lines(page: Page, block: Block, x: float, y: float) -> None:
    """The figures on minors, each by itself, under each binding apart."""
    words = page.words
    undecided = words.say("targeting_minors_undecided", count=words.number(block.minors_undecided))
    _title(page, x, y, words.say("targeting_minors_of") + (f" {undecided}" if block.minors_undecided else ""))
    y += _TITLE
    last = ""
    for bar in block.of("minors"):
        if bar.binding != last:
            when = words.say("targeting_judged", when=words.say(f"time_binding_{bar.binding}"), of=words.number(bar.of))
            page.text(x, y + 6.0, when, SMALL, colour=SOFT)
            y += _PITCH
            last = bar.binding
        _bar(page, bar, _MINOR[bar.value], (x, y), _value(bar, words))
        y += _PITCH


def _scale(bar: Bar, room: float) -> float:
    """How long the bar is, in points, where all of its records would fill the room."""
    return room * bar.records / bar.of if bar.of else 0.0


def _bar(page: Page, bar: Bar, mark: Mark, place: tuple[float, float], said: str) -> None:
    """One bar with its label before it and its figures at the right."""
    x, y = place
    end = x + _HALF - _GUTTER
    page.text(x, y + 6.4, shorten(said, _LABEL - 5.0, SMALL), SMALL)
    page.box(x + _LABEL, y + 1.2, _scale(bar, end - x - _LABEL - _COUNT), _PITCH - 3.6, mark)
    page.line(x + _LABEL, y + 0.4, x + _LABEL, y + _PITCH - 1.6, colour=FAINT, thick=0.6)
    _figure(page, bar, end, y)


def _figure(page: Page, bar: Bar, end: float, y: float) -> None:
    """Count and share at the right end."""
    page.text(end - 24.0, y + 6.4, page.words.compact(bar.records), SMALL, bold=True, align="right")
    page.text(end, y + 6.4, page.words.percent(bar.records, bar.of), SMALL, colour=SOFT, align="right")


def _pair(page: Page, used: Bar, excluded: Bar, place: tuple[float, float]) -> None:
    """A dimension: its bar of use, below it the thin one of exclusion; the figures of both at the right."""
    x, y = place
    end = x + _HALF - _GUTTER
    room = end - x - _LABEL - _COUNT - _SHUT_OUT
    page.text(x, y + 6.4, shorten(_value(used, page.words), _LABEL - 5.0, SMALL), SMALL)
    page.box(x + _LABEL, y + 0.8, _scale(used, room), 4.6, _USED)
    if excluded.records:
        page.box(x + _LABEL, y + 5.6, max(_scale(excluded, room), 1.5), 3.2, _EXCLUDED)
        _figure(page, excluded, end, y)
    page.line(x + _LABEL, y + 0.4, x + _LABEL, y + _PITCH - 1.2, colour=FAINT, thick=0.6)
    _figure(page, used, end - _SHUT_OUT, y)
