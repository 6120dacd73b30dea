"""What each source shows of each disclosure that the law asks for: a table of small bars.

A row is a requirement, a column is one form of one source. A box is grey and hatched where the source
has no field at all for the requirement; else it is a bar of the checks that could be decided, with the
share that is missing or malformed, and the number decided, written on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from adaudit.charts.disclosures import GROUPS, place
from adaudit.charts.facts import (
    Column,
    columns,
    counted,
    footer,
    form_title,
    full_title,
    is_disclosure,
    noun,
    source_title,
    verdict_rows,
)
from adaudit.charts.material import Material
from adaudit.charts.style import (
    BAND,
    FAINT,
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
from adaudit.charts.text import shorten, width, wrap
from adaudit.charts.wording import ENGLISH, Words

PLACE: Final = 10
State = Literal["never", "decided", "undecided", "silent"]

_MOST_COLUMNS: Final = 10
_PITCH, _GROUP, _LEGEND, _NOUN = 10.3, 12.8, 9.4, 6.0
_PINPOINT, _TITLE, _NARROWEST, _WIDEST, _NAME = 45.0, 134.0, 105.0, 110.0, 110.0
_TITLE_MOST, _COLUMN = 180.0, 38.0
"""A title may be longer where the columns need less room than so much each."""


@dataclass
class Cell:
    """The checks of one requirement in one column, all bindings added up."""

    column: Column
    rule: str
    exposed: str = ""
    ok: int = 0
    partial: int = 0
    missing: int = 0
    invalid: int = 0
    not_exposed: int = 0
    suspect: int = 0
    undecided: int = 0
    before: int = 0
    """Decided checks, of those with a field, on ads that ran before the requirement applied."""
    judged: bool = field(default=False)
    """True if the rule speaks of records of this column."""

    @property
    def lost(self) -> int:
        """Missing or malformed."""
        return self.missing + self.invalid

    @property
    def decided(self) -> int:
        """The denominator: checks that came to a verdict on disclosure."""
        return self.ok + self.partial + self.lost + self.not_exposed

    @property
    def state(self) -> State:
        """How the box is shown."""
        if self.decided > self.not_exposed:
            return "decided"
        if self.not_exposed or self.exposed == "never":
            return "never"
        return "undecided" if self.judged or self.exposed else "silent"


def rows(material: Material) -> list[Cell]:
    """One cell per requirement and column, requirements in the order of the law."""
    found = columns(material)
    cells: dict[tuple[Column, str], Cell] = {}
    pinpoints: dict[str, str] = {}
    by_key = {(one.source, one.form, one.kind): one for one in found}
    for row in verdict_rows(material):
        if is_disclosure(row["rule"]):
            column = by_key[row["source"], row["form"], row["kind"]]
            cell = cells.setdefault((column, row["rule"]), Cell(column, row["rule"], judged=True))
            _add(cell, row)
            pinpoints[row["rule"]] = str(row.get("pinpoint") or "")
    exposure = {
        (row["source"], row["form"], row["rule"]): str(row["exposed"])
        for row in material.summary.get("exposure", ())
        if is_disclosure(row["rule"])
    }
    shown = {rule for _, rule in cells}
    shown |= {rule for source, form, rule in exposure if (source, form, "") in by_key}
    ordered = sorted(shown, key=lambda rule: (_turn(rule, pinpoints), rule))
    table = []
    for rule in ordered:
        for column in found:
            cell = cells.get((column, rule)) or Cell(column, rule)
            if cell.judged or column.records == 0:
                cell.exposed = exposure.get((column.source, column.form, rule), "")
            table.append(cell)
    return table


def _turn(rule: str, pinpoints: Mapping[str, str]) -> tuple[int, int, str]:
    """Where the rule stands in the table."""
    at = place(rule, pinpoints.get(rule, ""))
    return GROUPS.index(at.group), at.turn, at.pinpoint


def _add(cell: Cell, row: Mapping[str, int | str]) -> None:
    """Adds one row of the summary, of one binding, to its cell."""
    said = {
        name: int(row[name])
        for name in (
            "ok",
            "partial",
            "missing",
            "invalid",
            "not_exposed",
            "suspect",
            "not_applicable",
            "unknown",
        )
    }
    for name in ("ok", "partial", "missing", "invalid", "not_exposed", "suspect"):
        setattr(cell, name, getattr(cell, name) + said[name])
    cell.undecided += said["not_applicable"] + said["unknown"]
    if row["binding"] == "before":
        cell.before += sum(said[name] for name in ("ok", "partial", "missing", "invalid"))


def table(material: Material) -> list[dict[str, object]]:
    """The boxes as rows: counts of checks by verdict, and their denominator."""
    return [
        {
            "rule": cell.rule,
            "source": cell.column.source,
            "form": cell.column.form,
            "kind": cell.column.kind,
            "unit": cell.column.unit,
            "shown_as": cell.state,
            "checks_decided": cell.decided,
            "missing": cell.missing,
            "invalid": cell.invalid,
            "partial": cell.partial,
            "ok": cell.ok,
            "not_exposed": cell.not_exposed,
            "of_before_the_law": cell.before,
            "suspect": cell.suspect,
            "undecided": cell.undecided,
        }
        for cell in rows(material)
    ]


def draw(material: Material, words: Words = ENGLISH) -> list[Page] | Empty:
    """The table, on several pages where there are more than ten columns."""
    cells = rows(material)
    if not cells:
        return Empty(words.say("requirements_skipped"))
    found = columns(material)
    pages = -(-len(found) // _MOST_COLUMNS)
    most = -(-len(found) // pages)
    parts = [found[start : start + most] for start in range(0, len(found), most)]
    return [_page(material, cells, part, (turn, len(parts)), words) for turn, part in enumerate(parts, start=1)]


def _frame(material: Material, cells: Sequence[Cell], turn: tuple[int, int], words: Words) -> Frame:
    """Headline, subtitle and footnotes; they speak of all columns, on every page."""
    asked = [cell for cell in cells if cell.state != "silent"]
    never = sum(cell.state == "never" for cell in asked)
    sources = len({cell.column.source for cell in cells})
    single = [cell for cell in cells if cell.column.single]
    decided = sum(cell.decided - cell.not_exposed for cell in single)
    lost = sum(cell.lost for cell in single)
    suspect = sum(cell.suspect for cell in cells)
    one = "_one" if sources == 1 else ""
    most = "most" if never * 2 > len(asked) else "some"
    said = {
        "asked": words.number(len(asked)),
        "never": words.number(never),
        "none": words.percent(never, len(asked)),
        "sources": words.say(f"requirements_sources{one}", count=sources),
        "audited": words.say(f"requirements_audited{one}"),
        "lost": words.number(lost),
        "decided": words.number(decided),
        "share": f" ({words.percent(lost, decided)})" if decided else "",
    }
    headline = words.say(f"requirements_headline_{most if never else 'none'}", **said)
    subtitle = words.say("requirements_subtitle", **said)
    if before := sum(cell.before for cell in single):
        subtitle += words.say("requirements_before", before=words.number(before))
    notes = [words.say("requirements_how")]
    extra = []
    if any(cell.column.unit.startswith("advertiser") for cell in cells):
        extra.append(words.say("requirements_rows"))
    if suspect:
        extra.append(words.say("requirements_suspect", count=words.number(suspect)))
    if extra:
        notes.append(" ".join(extra))
    notes.append(footer(material, [(cell.column.source, cell.column.form) for cell in cells], words))
    return Frame(headline, subtitle, notes, _figures(material, cells, words), words, turn)


def _figures(material: Material, cells: Sequence[Cell], words: Words) -> list[str]:
    """One sentence a column."""
    by_column: dict[Column, list[Cell]] = {}
    for cell in cells:
        if cell.state != "silent":
            by_column.setdefault(cell.column, []).append(cell)
    return [
        words.say(
            "requirements_figures",
            source=full_title(material, column.source, column.form, words),
            records=counted(column.records, column.unit, words),
            never=words.share(sum(cell.state == "never" for cell in asked), len(asked)),
            lost=words.share(sum(cell.lost for cell in asked), sum(cell.decided - cell.not_exposed for cell in asked)),
        )
        for column, asked in by_column.items()
    ]


def _page(
    material: Material, cells: Sequence[Cell], part: Sequence[Column], turn: tuple[int, int], words: Words
) -> Page:
    """One page of the table with these columns."""
    by_rule: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.column in part:
            by_rule.setdefault(cell.rule, []).append(cell)
    pinpoints = _pinpoints(material)
    places = {rule: place(rule, pinpoints.get(rule, "")) for rule in by_rule}
    groups = [group for group in GROUPS if any(at.group == group for at in places.values())]
    room = max(_TITLE, min(_TITLE_MOST, WIDTH - 2 * MARGIN - _PINPOINT - 6.0 - len(part) * _COLUMN))
    titles = {rule: shorten(_title(material, rule, words), room, LABEL) for rule in by_rule}
    left = MARGIN + _PINPOINT + max(_NARROWEST, *(width(title, LABEL) for title in titles.values())) + 6.0
    wide = min(_WIDEST, (WIDTH - MARGIN - left) / len(part))
    nouns = _nouns(part, wide, words)
    most = max(map(len, nouns))
    head = _head_height(material, part, words) + (most - 1) * _NOUN
    page = Page(_frame(material, cells, turn, words), head + len(groups) * _GROUP + len(by_rule) * _PITCH + 1.0)
    _legend(page, page.top + 2.0)
    y = page.top + head
    for at, column in enumerate(part):
        _column_head(page, material, column, (nouns[at], most), (left + (at + 0.5) * wide, y))
    sizes = _sizes([cell for line in by_rule.values() for cell in line], wide - 1.6, words)
    for group in groups:
        page.box(MARGIN, y + 2.0, WIDTH - 2 * MARGIN, _GROUP - 3.0, Mark(BAND))
        page.text(MARGIN + 3.0, y + _GROUP - 4.3, words.say(f"requirements_{group}"), LABEL, bold=True)
        y += _GROUP
        for rule in (one for one in by_rule if places[one].group == group):
            page.text(MARGIN + 3.0, y + 7.4, places[rule].pinpoint, TINY + 0.2, colour=SOFT)
            page.text(MARGIN + _PINPOINT, y + 7.4, titles[rule], LABEL)
            for at, cell in enumerate(by_rule[rule]):
                _box(page, cell, (left + at * wide + 0.8, y + 0.7, wide - 1.6), sizes)
            y += _PITCH
    return page


def _title(material: Material, rule: str, words: Words) -> str:
    """The short title of a rule; of one without title, its id in words."""
    title = material.titles.get(rule)
    return title[words.language] if title else rule.replace("_", " ")


def _pinpoints(material: Material) -> dict[str, str]:
    """What the verdicts of each rule give as its place in the law."""
    return {str(row["rule"]): str(row.get("pinpoint") or "") for row in verdict_rows(material)}


def _head_height(material: Material, part: Sequence[Column], words: Words) -> float:
    """Room for the longest name of a column, and for the legend beside the names."""
    names = [
        max(
            width(
                shorten(source_title(material, one.source, one.form, words), _NAME, LABEL, bold=True),
                LABEL,
                bold=True,
            ),
            width(shorten(form_title(material, one.source, one.form, words), _NAME, SMALL), SMALL),
        )
        for one in part
    ]
    return max(80.0, *names) + 25.0


def _sizes(cells: Sequence[Cell], room: float, words: Words) -> tuple[float, float]:
    """The largest sizes at which share and number stand side by side in every box."""
    decided = [one for one in cells if one.state == "decided"]
    texts = [(words.percent(one.lost, one.decided), words.compact(one.decided)) for one in decided]
    for smaller in (0.0, 0.2, 0.4):
        sizes = (SMALL - smaller, TINY - smaller)
        if all(_together(share, count, sizes) <= room for share, count in texts):
            break
    return sizes


def _together(share: str, count: str, sizes: tuple[float, float]) -> float:
    """How wide share and number are, with the space around them."""
    return width(share, sizes[0], bold=True) + width(count, sizes[1]) + 4.0


def _legend(page: Page, y: float) -> None:
    """An example box with its figures in words, then each mark with its meaning."""
    x, words = MARGIN + 3.0, page.words
    example = Cell(Column("", "", "", 1_276, "ad"), "", missing=408, partial=306, ok=562)
    page.text(x, y + 7.0, words.say("requirements_example"), SMALL, bold=True)
    for turn, key in enumerate(("requirements_example_first", "requirements_example_second")):
        page.text(x + 47.0, y + 7.0 + turn * 7.6, words.say(key), SMALL)
    _box(page, example, (x, y + 9.0, 40.0), (SMALL, TINY - 0.2))
    y += 27.0
    for name in ("missing", "partial", "ok", "never", "undecided", "silent"):
        if name in MARKS:
            page.box(x, y - 6.0, 14.0, 8.0, MARKS[name])
        _sign(page, name, x + 7.0, y + 0.5)
        page.text(x + 18.0, y, words.say(f"requirements_legend_{name}"), SMALL)
        y += _LEGEND


def _sign(page: Page, state: str, x: float, y: float) -> None:
    """The sign in the middle of a box without figures."""
    if state == "never":
        page.line(x - 2.6, y - 2.5, x + 2.6, y - 2.5, colour=SOFT, thick=1.0)
    elif state == "undecided":
        page.dot(x, y - 2.5, 0.9, FAINT)


def _nouns(part: Sequence[Column], wide: float, words: Words) -> list[list[str]]:
    """What the records of each column are called, in lines that fit into it."""
    return [wrap(noun(one.records, one.unit, words, narrow=True), wide - 1.0, TINY) for one in part]


def _column_head(
    page: Page, material: Material, column: Column, nouns: tuple[Sequence[str], int], place_: tuple[float, float]
) -> None:
    """Source and form, upright; number and noun of its records below, in at most so many lines."""
    (lines, most), (x, y), words = nouns, place_, page.words
    form = shorten(form_title(material, column.source, column.form, words), _NAME, SMALL)
    title = shorten(source_title(material, column.source, column.form, words), _NAME, LABEL, bold=True)
    top = y - 4.0 - (most - 1) * _NOUN
    page.text(x - (1.0 if form else -2.4), top - 17.0, title, LABEL, bold=True, upright=True)
    page.text(x + 7.2, top - 17.0, form, SMALL, colour=SOFT, upright=True)
    page.text(x, top - 6.5, words.number(column.records), SMALL, bold=True, align="center")
    for turn, line in enumerate(lines):
        page.text(x, top + turn * _NOUN, line, TINY, colour=SOFT, align="center")


def _box(page: Page, cell: Cell, place_: tuple[float, float, float], sizes: tuple[float, float]) -> None:
    """One box of the table at (x, y, width): a bar of shares with its figures, or a sign."""
    x, y, wide = place_
    high = _PITCH - 1.4
    if cell.state != "decided":
        if cell.state == "never":
            page.box(x, y, wide, high, MARKS["never"])
        _sign(page, cell.state, x + wide / 2, y + high / 2 + 2.5)
        return
    at, words = x, page.words
    parts = {"missing": cell.lost, "partial": cell.partial, "ok": cell.ok, "never": cell.not_exposed}
    for name, count in parts.items():
        share = wide * count / cell.decided
        page.box(at, y, share, high, MARKS[name])
        at += share
    share_text, count_text = words.percent(cell.lost, cell.decided), words.compact(cell.decided)
    if _together(share_text, count_text, sizes) > wide:
        count_text = words.compact(cell.decided, from_=1_000)
    page.text(x + 1.4, y + high - 2.7, share_text, sizes[0], bold=True)
    page.text(x + wide - 1.3, y + high - 2.7, count_text, sizes[1], align="right")
