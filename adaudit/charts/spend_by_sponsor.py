"""How much each sponsor or advertiser spent, as intervals: from what is certain to what is possible.

One panel per source, form, kind, scope and currency; amounts of different panels are never added or set
on one scale. A rank is given only to a name whose interval is strictly separated from every other name's
in the panel, those not shown included.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from adaudit.charts.facts import counted, footer, full_title
from adaudit.charts.material import Material
from adaudit.charts.ranking import (
    PITCH,
    RANK,
    Line,
    Panel,
    amount_words,
    cut,
    draw_head,
    draw_ranks,
    named,
    panels_of,
    scope_words,
)
from adaudit.charts.style import (
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
    Scale,
)
from adaudit.charts.text import shorten, width
from adaudit.charts.wording import ENGLISH, Words

PLACE: Final = 30

_MOST_PANELS, _MOST_NAMES, _MOST_LINES = 4, 12, 38
_PANEL_HEAD, _SCALE, _BETWEEN, _KEY = 33.0, 11.0, 8.0, 18.0
_NAME, _AMOUNT, _RECORDS = 160.0, 96.0, 32.0
_LEFT, _RIGHT = MARGIN + RANK + _NAME, WIDTH - MARGIN - _RECORDS - _AMOUNT
_DARK = MARKS["spend"].fill
_PALE, _OPEN = Mark("#a9cbe4"), Mark("#e3eef7", "//////", "#7fadd0")
_FIRST: Final = 3
_SKEWED: Final = Decimal(50)


def rows(material: Material) -> list[Panel]:
    """The panels drawn: at most four, most records first; of their names, the largest lower bounds."""
    panels = panels_of(material)[:_MOST_PANELS]
    most = next(
        most for most in range(_MOST_NAMES, 0, -1) if sum(min(most, one.names) for one in panels) <= _MOST_LINES
    )
    return [cut(panel, most) for panel in panels]


def table(material: Material) -> list[dict[str, object]]:
    """The lines as rows: exact bounds, and the rank where one is certain."""
    return [
        {
            "source": panel.source,
            "form": panel.form,
            "kind": panel.kind,
            "scope": panel.scope,
            "currency": panel.currency,
            "name": line.name,
            "low": line.low,
            "high": line.high,
            "rank": line.rank,
            "records": line.records,
            "names_in_panel": panel.names,
            "records_in_panel": panel.records,
        }
        for panel in rows(material)
        for line in panel.lines
    ]


def draw(material: Material, words: Words = ENGLISH) -> list[Page] | Empty:
    """The panels, one below the other."""
    panels = rows(material)
    if not panels:
        return Empty(words.say("spend_skipped_odd" if material.sponsors else "spend_skipped"))
    body = _KEY + sum(_height(panel, words) for panel in panels) + _BETWEEN * (len(panels) - 1)
    page = Page(_frame(material, panels, words), body)
    _key(page, page.top + 9.0)
    y = page.top + _KEY
    for panel in panels:
        _panel(page, material, panel, y)
        y += _height(panel, words) + _BETWEEN
    return [page]


def _height(panel: Panel, words: Words) -> float:
    """Room for the head, the names, the scale and what is to be said below."""
    return _PANEL_HEAD + len(panel.lines) * PITCH + _SCALE + SMALL * LEADING * len(_remarks(panel, words))


def _frame(material: Material, panels: Sequence[Panel], words: Words) -> Frame:
    """Headline, subtitle and footnotes; a panel with one name alone has nothing to rank."""
    lines = [line for panel in panels if panel.names > 1 for line in panel.lines]
    shown, ranked = len(lines), sum(line.rank is not None for line in lines)
    certain = "few" if ranked * 2 <= shown else "many"
    headline = "one" if not shown else "none" if not ranked else "all" if ranked == shown else certain
    left_out = len(panels_of(material)) - len(panels)
    how = words.say("spend_how") + (words.say("spend_panels", count=left_out) if left_out else "")
    notes = (how, footer(material, [(panel.source, panel.form) for panel in panels], words))
    title = words.say(f"spend_headline_{headline}", shown=shown, ranked=ranked)
    return Frame(title, words.say("spend_subtitle"), notes, _figures(material, panels, words), words)


def _figures(material: Material, panels: Sequence[Panel], words: Words) -> list[str]:
    """One sentence a panel, with its first three names."""
    said = []
    for panel in panels:
        title = full_title(material, panel.source, panel.form, words)
        names = [f"{named(line, words)} {panel.currency} {amount_words(line, words)}" for line in panel.lines[:_FIRST]]
        what = f"{title}, {panel.currency}, {scope_words(panel, words)}"
        said.append(words.say("spend_figures", panel=what, names=words.listed(names)))
    return said


def _remarks(panel: Panel, words: Words) -> list[str]:
    """What must be said below a panel."""
    more = panel.names - len(panel.lines)
    remarks = []
    if _is_skewed(panel):
        remarks.append(words.say("spend_log"))
    if more:
        said = {"count": words.number(panel.rivals), "more": words.number(more)}
        which = "no_rivals" if not panel.rivals else "all_rivals" if panel.rivals == more else "rivals"
        remarks.append(words.say(f"spend_{which}", **said))
    remarks += [
        words.say(
            "spend_nameless",
            what=named(line, words),
            amount=f"{panel.currency} {amount_words(line, words)}",
            records=counted(line.records, panel.kind, words),
        )
        for line in panel.nameless
    ]
    if panel.odd:
        remarks.append(words.say("spend_odd", count=words.number(panel.odd)))
    return remarks


def _is_skewed(panel: Panel) -> bool:
    """True if on a linear scale half of the names would shrink to nothing, and a logarithm can be taken."""
    ends = sorted(line.low if line.high is None else line.high for line in panel.lines)
    return min(line.low for line in panel.lines) > 0 and ends[len(ends) // 2] * _SKEWED < ends[-1]


def _scale(panel: Panel, words: Words) -> Scale:
    """Up to the largest known bound; an open upper end has no place of its own."""
    top = max(line.low if line.high is None else line.high for line in panel.lines)
    if _is_skewed(panel):
        return Scale.logarithmic(min(line.low for line in panel.lines), top, _LEFT, _RIGHT)
    return Scale.linear(top, _LEFT, _RIGHT, words)


def _panel(page: Page, material: Material, panel: Panel, y: float) -> None:
    """One panel: its head, its scale, its names."""
    _heads(page, material, panel, y)
    y, words = y + _PANEL_HEAD, page.words
    end = y + len(panel.lines) * PITCH
    scale = _scale(panel, words)
    for tick in scale.ticks:
        page.line(scale.at(tick), y, scale.at(tick), end + 2.0, colour=RULE, thick=0.5)
        page.text(scale.at(tick), end + 8.5, words.exactly(tick), TINY, colour=SOFT, align="center")
    for turn, remark in enumerate(_remarks(panel, words), start=1):
        page.text(MARGIN + RANK, end + 9.5 + turn * SMALL * LEADING, remark, SMALL, colour=SOFT)
    amounts = [amount_words(line, words) for line in panel.lines]
    sizes = (LABEL, SMALL, TINY)
    size = next((one for one in sizes if all(width(said, one) < _AMOUNT - 6.0 for said in amounts)), TINY)
    for turn, line in enumerate(panel.lines):
        _line(page, line, y + (turn + 0.5) * PITCH, scale, size)
    if panel.names > 1:
        draw_ranks(page, panel, y)


def _heads(page: Page, material: Material, panel: Panel, y: float) -> None:
    """The head of the panel and those of its columns."""
    words = page.words
    shown = {"shown": words.number(len(panel.lines)), "all": words.number(panel.names)}
    names = "one_name" if panel.names == 1 else "names" if len(panel.lines) < panel.names else "all_names"
    draw_head(page, material, panel, y, [words.say(f"spend_{names}", **shown)])
    if panel.names > 1:
        page.text(MARGIN, y + 30.0, words.say("spend_rank"), TINY, colour=SOFT)
    for head, right in {"amount": WIDTH - MARGIN - _RECORDS, "records": WIDTH - MARGIN}.items():
        said = words.say(f"spend_{head}", currency=shorten(panel.currency, 30.0, TINY))
        page.text(right, y + 30.0, said, TINY, colour=SOFT, align="right")


def _line(page: Page, line: Line, y: float, scale: Scale, size: float) -> None:
    """One name with its interval, its amount in figures and its records."""
    page.line(_LEFT, y, _RIGHT, y, colour=RULE, thick=0.4, dotted=True)
    words = page.words
    page.text(MARGIN + RANK, y + 2.4, shorten(named(line, words), _NAME - 8.0, LABEL), LABEL)
    _interval(page, line, y, scale)
    said = shorten(amount_words(line, words), _AMOUNT - 4.0, size)
    page.text(WIDTH - MARGIN - _RECORDS, y + 2.4, said, size, align="right")
    page.text(WIDTH - MARGIN, y + 2.4, words.number(line.records), SMALL, colour=SOFT, align="right")


def _interval(page: Page, line: Line, y: float, scale: Scale) -> None:
    """A dot for an exact amount, a bar with ends for a range, an arrow for an open upper end."""
    low = scale.at(line.low)
    if line.high is None:
        _arrow(page, low, _RIGHT, y)
    elif line.low == line.high:
        page.dot(low, y, 2.5, _DARK)
    else:
        _range(page, low, scale.at(line.high), y)


def _range(page: Page, low: float, high: float, y: float) -> None:
    """A pale bar with a dark stroke at either end."""
    page.box(low, y - 2.2, high - low, 4.4, _PALE)
    for end in (low, high):
        page.line(end, y - 3.2, end, y + 3.2, colour=_DARK, thick=1.3)


def _arrow(page: Page, low: float, end: float, y: float) -> None:
    """A dark stroke at the lower bound and a hatched bar that runs out of the panel."""
    page.box(low, y - 2.2, max(end - low - 5.0, 0.0), 4.4, _OPEN)
    page.line(low, y - 3.2, low, y + 3.2, colour=_DARK, thick=1.3)
    page.shape(((end - 5.0, y - 3.6), (end + 1.0, y), (end - 5.0, y + 3.6)), _DARK)


def _key(page: Page, y: float) -> None:
    """What each mark means."""
    x, words = MARGIN, page.words
    middle = y - 2.3
    for name in ("range", "open", "exact", "rank", "unranked"):
        if name == "range":
            _range(page, x, x + 18.0, middle)
        elif name == "open":
            _arrow(page, x, x + 18.0, middle)
        elif name == "exact":
            page.dot(x + 14.0, middle, 2.5, _DARK)
        else:
            sign = "1" if name == "rank" else words.say("spend_unranked")
            page.text(x + 14.0, y, sign, LABEL, bold=True, align="center")
        said = words.say(f"spend_key_{name}")
        page.text(x + 23.0, y, said, SMALL)
        x += 23.0 + width(said, SMALL) + 8.0
