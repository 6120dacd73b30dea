"""How much of all spend a sponsor has, as an interval: amounts are ranges, and so is every share of them.

One panel per source, form, kind, scope and currency, all on one scale from nothing to everything. Money that
names nobody is in the total and is no sponsor's. A rank is given as in the chart on spend.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Final

from adaudit.charts.facts import footer, full_title
from adaudit.charts.material import Material
from adaudit.charts.ranking import (
    PITCH,
    RANK,
    Line,
    Panel,
    cut,
    draw_head,
    draw_ranks,
    named,
    panels_of,
    scope_words,
)
from adaudit.charts.shares import Bounds, Share, share
from adaudit.charts.style import (
    INK,
    LABEL,
    LEADING,
    MARGIN,
    MARKS,
    RULE,
    SMALL,
    SOFT,
    TINY,
    WIDTH,
    Empty,
    Frame,
    Mark,
    Page,
)
from adaudit.charts.text import shorten, width
from adaudit.charts.wording import ENGLISH, Words

PLACE: Final = 60
TOGETHER: Final = (3, 5, 10)
"""Of how many names the share together is shown."""
_MOST_PANELS, _MOST_NAMES, _MOST_LINES = 4, 10, 38
_HEAD, _SCALE, _BETWEEN, _KEY = 26.0, 11.0, 8.0, 18.0
_NAME, _FIGURE = 170.0, 96.0
_LEFT, _RIGHT = MARGIN + RANK + _NAME, WIDTH - MARGIN - _FIGURE
_MARKS: Final = {
    "name": (Mark("#a9cbe4"), MARKS["spend"].fill),
    "together": (Mark("#2f6da3"), "#16324d"),
    "others": (Mark("#e6e8ea"), "#7f868d"),
    "nobody": (Mark("#ffffff", "//////", "#b6bbc0", "#8b929a"), "#8b929a"),
}
_OPEN: Final = Mark("#ffffff", "......", "#7fadd0", "#7fadd0")


@dataclass(frozen=True)
class Row:
    """One bar of a panel."""

    part: str
    """`name`, `together` (the first names), `others` (names not shown) or `nobody`."""
    line: Line | None
    """The name; `None` where it is several."""
    names: int
    amount: Bounds
    share: Share
    records: int


@dataclass(frozen=True)
class Shares:
    """One panel with its bars and its total."""

    panel: Panel
    rows: tuple[Row, ...]
    total: Bounds

    def of(self, part: str) -> list[Row]:
        """The bars of one part, in order."""
        return [row for row in self.rows if row.part == part]


def rows(material: Material) -> list[Shares]:
    """The panels drawn: at most four with more than one name, most records first."""
    held = [panel for panel in panels_of(material) if _is_divided(panel)][:_MOST_PANELS]
    for most in range(_MOST_NAMES, 0, -1):
        found = [_shares(panel, most) for panel in held]
        if sum(len(one.rows) for one in found) <= _MOST_LINES:
            break
    return found if held else []


def _is_divided(panel: Panel) -> bool:
    """Whether there are several names, and a total that can be more than nothing."""
    return panel.names > 1 and any(line.high != 0 for line in (*panel.lines, *panel.nameless))


def _shares(panel: Panel, most: int) -> Shares:
    """The first names with their shares, what they have together, what the others have, what names nobody."""
    everybody = [*panel.lines, *panel.nameless]

    def row(part: str, members: Sequence[Line]) -> list[Row]:
        inside = {id(line) for line in members}
        rest = Bounds.of(_bounds(line) for line in everybody if id(line) not in inside)
        amount = Bounds.of(map(_bounds, members))
        held = share(amount, rest)
        line = members[0] if part in {"name", "nobody"} else None
        return [Row(part, line, len(members), amount, held, sum(one.records for one in members))] if held else []

    shown = panel.lines[:most]
    together = [count for count in TOGETHER if 1 < count < panel.names and count <= len(shown)]
    made = [
        *(one for line in shown for one in row("name", [line])),
        *(one for count in together for one in row("together", panel.lines[:count])),
        *(row("others", panel.lines[most:]) if panel.lines[most:] else ()),
        *(one for line in panel.nameless for one in row("nobody", [line])),
    ]
    return Shares(cut(panel, most), tuple(made), Bounds.of(map(_bounds, everybody)))


def _bounds(line: Line) -> Bounds:
    return Bounds(line.low, line.high)


def table(material: Material) -> list[dict[str, object]]:
    """The bars as rows: amounts and shares as bounds, and the total that is their denominator."""
    found: list[dict[str, object]] = []
    for one in rows(material):
        for row in one.rows:
            low, high = row.share.written()
            found.append(
                {
                    "source": one.panel.source,
                    "form": one.panel.form,
                    "kind": one.panel.kind,
                    "scope": one.panel.scope,
                    "currency": one.panel.currency,
                    "part": row.part,
                    "name": row.line.name if row.line else None,
                    "names": row.names,
                    "rank": row.line.rank if row.line else None,
                    "share_low": low,
                    "share_high": high,
                    "low": row.amount.low,
                    "high": row.amount.high,
                    "records": row.records,
                    "total_low": one.total.low,
                    "total_high": one.total.high,
                    "names_in_panel": one.panel.names,
                    "records_in_panel": one.panel.records,
                }
            )
    return found


def draw(material: Material, words: Words = ENGLISH) -> list[Page] | Empty:
    """The panels, one below the other."""
    found = rows(material)
    if not found:
        return Empty(words.say("concentration_skipped_one" if panels_of(material) else "concentration_skipped"))
    body = _KEY + sum(_height(one, words) for one in found) + _BETWEEN * (len(found) - 1)
    page = Page(_frame(material, found, words), body)
    _key(page, page.top + 9.0)
    y = page.top + _KEY
    for one in found:
        _panel(page, material, one, y)
        y += _height(one, words) + _BETWEEN
    return [page]


def _height(one: Shares, words: Words) -> float:
    """Room for the head, the bars, the scale and what is to be said below."""
    return _HEAD + len(one.rows) * PITCH + _SCALE + SMALL * LEADING * len(_remarks(one, words))


def _frame(material: Material, found: Sequence[Shares], words: Words) -> Frame:
    """Headline, subtitle and footnotes; the headline speaks of the first panel."""
    first = found[0]
    together = first.of("together")
    title = full_title(material, first.panel.source, first.panel.form, words)
    if together and not together[0].share.open_others:
        headline = words.say(
            "concentration_headline",
            source=title,
            count=together[0].names,
            share=percents(together[0].share, words),
            currency=first.panel.currency,
        )
    else:
        headline = words.say("concentration_headline_plain")
    left_out = len(panels_of(material)) - len(found)
    how = words.say("concentration_how")
    if left_out:
        how += words.say("concentration_panels", count=left_out)
    notes = (how, footer(material, [(one.panel.source, one.panel.form) for one in found], words))
    return Frame(headline, words.say("concentration_subtitle"), notes, _figures(material, found, words), words)


def _figures(material: Material, found: Sequence[Shares], words: Words) -> list[str]:
    """One sentence a panel: its first names, and what the first have together."""
    said = []
    for one in found:
        panel = one.panel
        title = full_title(material, panel.source, panel.form, words)
        bars = [*one.of("name")[:3], *one.of("together")[:1]]
        shares = [f"{_label(row, words)} {percents(row.share, words)}" for row in bars]
        what = f"{title}, {panel.currency}, {scope_words(panel, words)}"
        said.append(words.say("concentration_figures", panel=what, shares="; ".join(shares)))
    return said


def percents(one: Share, words: Words) -> str:
    """The share in whole per cent, rounded outwards; what is open is said in words."""
    low, high = floor(one.low * 100), ceil(one.high * 100)
    if one.open_self and one.open_others:
        return words.say("concentration_unknown")
    if one.open_self:
        return words.say("concentration_at_least", share=f"{low}%")
    if one.open_others:
        return words.say("concentration_at_most", share=f"{high}%")
    if one.low == one.high:
        return words.percent(one.low.numerator, one.low.denominator)
    return words.say("concentration_range", low=f"{low}%", high=f"{high}%")


def _label(row: Row, words: Words) -> str:
    """What a bar is of."""
    if row.line is not None:
        return named(row.line, words)
    key = "concentration_together" if row.part == "together" else "concentration_others"
    return words.say(key, count=words.number(row.names))


def _remarks(one: Shares, words: Words) -> list[str]:
    """What must be said below a panel."""
    remarks = []
    if one.total.high is None:
        remarks.append(words.say("concentration_open"))
    if one.panel.nameless:
        remarks.append(words.say("concentration_nameless"))
    if one.panel.odd:
        remarks.append(words.say("spend_odd", count=words.number(one.panel.odd)))
    return remarks


def _panel(page: Page, material: Material, one: Shares, y: float) -> None:
    """One panel: its head, its scale, its bars."""
    words = page.words
    shown = {"shown": words.number(len(one.panel.lines)), "all": words.number(one.panel.names)}
    names = words.say("spend_names" if len(one.panel.lines) < one.panel.names else "spend_all_names", **shown)
    draw_head(page, material, one.panel, y, [_total(one, words), names])
    y += _HEAD
    end = y + len(one.rows) * PITCH
    for tick in (0, 25, 50, 75, 100):
        x = _at(Fraction(tick, 100))
        page.line(x, y, x, end + 2.0, colour=RULE, thick=0.5)
        page.text(x, end + 8.5, f"{tick}%", TINY, colour=SOFT, align="center")
    for turn, row in enumerate(one.rows):
        _bar(page, row, y + (turn + 0.5) * PITCH)
    for turn, remark in enumerate(_remarks(one, words), start=1):
        page.text(MARGIN + RANK, end + 9.5 + turn * SMALL * LEADING, remark, SMALL, colour=SOFT)
    draw_ranks(page, one.panel, y)


def _total(one: Shares, words: Words) -> str:
    """The total of the panel, as bounds."""
    low = words.amount(one.total.low)
    if one.total.high is None:
        amount = words.say("spend_open", low=low)
    elif one.total.low == one.total.high:
        amount = words.exactly(one.total.low)
    else:
        amount = words.say("spend_range", low=low, high=words.amount(one.total.high, up=True))
    return words.say("concentration_total", amount=f"{one.panel.currency} {amount}")


def _at(value: Fraction) -> float:
    """The place of a share, in points."""
    return _LEFT + float(value) * (_RIGHT - _LEFT)


def _bar(page: Page, row: Row, y: float) -> None:
    """One bar from the least to the most, dotted as far as an upper end is not known; figures at the right."""
    words = page.words
    strong = row.part == "together"
    label = shorten(_label(row, words), _NAME - 8.0, LABEL, bold=strong)
    colour = SOFT if row.part in {"others", "nobody"} else INK
    page.line(_LEFT, y, _RIGHT, y, colour=RULE, thick=0.4, dotted=True)
    page.text(MARGIN + RANK, y + 2.4, label, LABEL, bold=strong, colour=colour)
    mark, end = _MARKS[row.part]
    low, high = _at(row.share.low), _at(row.share.high)
    if row.share.low == row.share.high:
        page.dot(low, y, 2.5, end)
    else:
        open_ = row.share.open_self or row.share.open_others
        page.box(low, y - 2.2, high - low, 4.4, _OPEN if open_ else mark)
        for x, is_open in ((low, row.share.open_others), (high, row.share.open_self)):
            if not is_open:
                page.line(x, y - 3.2, x, y + 3.2, colour=end, thick=1.3)
    said = percents(row.share, words)
    page.text(WIDTH - MARGIN, y + 2.4, said, LABEL, bold=strong, colour=colour, align="right")


def _key(page: Page, y: float) -> None:
    """What each mark means."""
    x, words, middle = MARGIN, page.words, y - 2.3
    for name in ("name", "together", "open", "rank", "unranked"):
        if name in {"name", "together", "open"}:
            mark, end = _MARKS.get(name, (_OPEN, MARKS["spend"].fill))
            page.box(x, middle - 2.2, 18.0, 4.4, mark)
            for edge in (x, x + 18.0) if name != "open" else (x,):
                page.line(edge, middle - 3.2, edge, middle + 3.2, colour=end, thick=1.3)
        else:
            sign = "1" if name == "rank" else words.say("spend_unranked")
            page.text(x + 14.0, y, sign, LABEL, bold=True, align="center")
        said = words.say(f"concentration_key_{name}" if name in {"name", "together", "open"} else f"spend_key_{name}")
        page.text(x + 23.0, y, said, SMALL)
        x += 23.0 + width(said, SMALL) + 7.0
