"""How much each sponsor or advertiser spent, as intervals: from what is certain to what is possible.

One panel per source, form, kind, scope and currency; amounts of different panels are never added or set
on one scale. A rank is given only to a name whose interval is strictly separated from every other name's
in the panel, those not shown included.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from adaudit.charts.facts import counted, dated, footer, full_title
from adaudit.charts.material import Material, SponsorSpend
from adaudit.charts.style import (
    FAINT,
    HEADING,
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
    Scale,
)
from adaudit.charts.text import clean, shorten, width
from adaudit.charts.wording import ENGLISH, Words

PLACE: Final = 30

_MOST_PANELS, _MOST_NAMES, _MOST_LINES = 4, 12, 38
_PITCH, _PANEL_HEAD, _SCALE, _BETWEEN, _KEY = 10.4, 33.0, 11.0, 8.0, 18.0
_RANK, _NAME, _AMOUNT, _RECORDS = 26.0, 160.0, 96.0, 32.0
_LEFT, _RIGHT = MARGIN + _RANK + _NAME, WIDTH - MARGIN - _RECORDS - _AMOUNT
_DARK = MARKS["spend"].fill
_PALE, _OPEN = Mark("#a9cbe4"), Mark("#e3eef7", "//////", "#7fadd0")
_FIRST, _SCOPES = 3, ("ad", "campaign", "media", "advertiser")
_SKEWED, _BEYOND = Decimal(50), Decimal(10) ** 15


@dataclass(frozen=True)
class Line:
    """One name of a panel."""

    name: str
    low: Decimal
    high: Decimal | None
    records: int
    rank: int | None
    """Its rank among all names of the panel; `None` where it overlaps with any."""
    cluster: int
    """Names with one number are chained by overlapping ranges."""


@dataclass(frozen=True)
class Panel:
    """The names of one source, form, kind, scope and currency, sorted by what was spent at least."""

    source: str
    form: str
    kind: str
    scope: str
    currency: str
    lines: tuple[Line, ...]
    """The names shown."""
    names: int
    """How many names there are."""
    records: int
    """How many records all names have together."""
    rivals: int
    """How many names that are not shown may have spent as much as one that is."""
    odd: int
    """How many names are left out because their amounts cannot be true."""
    goes_on: bool = False
    """True if the last name shown is chained by overlaps to names that are not."""


def rows(material: Material) -> list[Panel]:
    """The panels drawn: at most four, most records first; of their names, the largest lower bounds."""
    panels = _panels(material)[:_MOST_PANELS]
    most = next(
        most for most in range(_MOST_NAMES, 0, -1) if sum(min(most, one.names) for one in panels) <= _MOST_LINES
    )
    return [_cut(panel, most) for panel in panels]


def _panels(material: Material) -> list[Panel]:
    """Every panel with all its names, most records first."""
    groups: dict[tuple[str, str, str, str, str], list[SponsorSpend]] = {}
    for one in material.sponsors:
        groups.setdefault((one.source, one.form, one.kind, one.scope, one.currency), []).append(one)
    panels = []
    for key, members in groups.items():
        sound = [one for one in members if _is_sound(one)]
        if sound:
            total = sum(one.records for one in sound)
            panels.append(Panel(*key, _ranked(sound), len(sound), total, 0, len(members) - len(sound)))
    return sorted(
        panels,
        key=lambda one: (
            one.scope == "media",
            one.kind != "notice",
            -one.records,
            one.source,
            one.form,
            one.kind,
            one.scope,
            one.currency,
        ),
    )


def _is_sound(one: SponsorSpend) -> bool:
    """True of an amount that is a number of this world, not negative, not ending before it begins."""
    bounds = [one.low] if one.high is None else [one.low, one.high]
    return all(bound.is_finite() and 0 <= bound < _BEYOND for bound in bounds) and bounds == sorted(bounds)


def _ranked(members: Iterable[SponsorSpend]) -> tuple[Line, ...]:
    """All names of a panel, largest lower bound first, ranked where nothing overlaps.

    Going up from the smallest lower bound, a name begins a new cluster if even the highest upper bound
    below it is smaller. A cluster of one overlaps with nobody; alone in its panel it has no rank either.
    """
    clusters: list[list[SponsorSpend]] = []
    reach = Decimal(-1)
    for one in sorted(members, key=lambda one: (one.low, _top(one.high), one.name)):
        if one.low > reach:
            clusters.append([])
        clusters[-1].append(one)
        reach = max(reach, _top(one.high))
    lines: list[Line] = []
    for turn, cluster in enumerate(reversed(clusters)):
        rank = len(lines) + 1 if len(cluster) == 1 < len(clusters) else None
        lines += [Line(one.name, one.low, one.high, one.records, rank, turn) for one in reversed(cluster)]
    return tuple(lines)


def _top(high: Decimal | None) -> Decimal:
    """The upper bound as a number: infinity where it is open."""
    return Decimal("Infinity") if high is None else high


def _cut(panel: Panel, most: int) -> Panel:
    """The panel with its first names only, and what there is to know of the others."""
    shown, rest = panel.lines[:most], panel.lines[most:]
    rivals = sum(_top(line.high) >= shown[-1].low for line in rest)
    return replace(panel, lines=shown, rivals=rivals, goes_on=bool(rest) and rest[0].cluster == shown[-1].cluster)


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
    return _PANEL_HEAD + len(panel.lines) * _PITCH + _SCALE + SMALL * LEADING * len(_remarks(panel, words))


def _frame(material: Material, panels: Sequence[Panel], words: Words) -> Frame:
    """Headline, subtitle and footnotes; a panel with one name alone has nothing to rank."""
    lines = [line for panel in panels if panel.names > 1 for line in panel.lines]
    shown, ranked = len(lines), sum(line.rank is not None for line in lines)
    certain = "few" if ranked * 2 <= shown else "many"
    headline = "one" if not shown else "none" if not ranked else "all" if ranked == shown else certain
    left_out = len(_panels(material)) - len(panels)
    how = words.say("spend_how") + (words.say("spend_panels", count=left_out) if left_out else "")
    notes = (how, footer(material, [(panel.source, panel.form) for panel in panels], words))
    title = words.say(f"spend_headline_{headline}", shown=shown, ranked=ranked)
    return Frame(title, words.say("spend_subtitle"), notes, _figures(material, panels, words), words)


def _figures(material: Material, panels: Sequence[Panel], words: Words) -> list[str]:
    """One sentence a panel, with its first three names."""
    return [
        words.say(
            "spend_figures",
            panel=f"{full_title(material, panel.source, panel.form, words)}, {panel.currency}, {_scope(panel, words)}",
            names=words.listed(
                [f"{_name(line, words)} {panel.currency} {_amount(line, words)}" for line in panel.lines[:_FIRST]]
            ),
        )
        for panel in panels
    ]


def _scope(panel: Panel, words: Words) -> str:
    """What the amounts of the panel are."""
    return words.say(f"spend_{panel.scope}") if panel.scope in _SCOPES else panel.scope.replace("_", " ")


def _name(line: Line, words: Words) -> str:
    """The name, or words that say that there is none."""
    return clean(line.name) or words.say("spend_unnamed")


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
    _panel_head(page, material, panel, y)
    y, words = y + _PANEL_HEAD, page.words
    end = y + len(panel.lines) * _PITCH
    scale = _scale(panel, words)
    for tick in scale.ticks:
        page.line(scale.at(tick), y, scale.at(tick), end + 2.0, colour=RULE, thick=0.5)
        page.text(scale.at(tick), end + 8.5, words.exactly(tick), TINY, colour=SOFT, align="center")
    for turn, remark in enumerate(_remarks(panel, words), start=1):
        page.text(MARGIN + _RANK, end + 9.5 + turn * SMALL * LEADING, remark, SMALL, colour=SOFT)
    amounts = [_amount(line, words) for line in panel.lines]
    sizes = (LABEL, SMALL, TINY)
    size = next((one for one in sizes if all(width(said, one) < _AMOUNT - 6.0 for said in amounts)), TINY)
    for turn, line in enumerate(panel.lines):
        _line(page, line, y + (turn + 0.5) * _PITCH, scale, size)
    if panel.names > 1:
        _ranks(page, panel, y)


def _panel_head(page: Page, material: Material, panel: Panel, y: float) -> None:
    """Source, form and currency; what is counted, how many, and when; the headings of the columns."""
    words = page.words
    title = full_title(material, panel.source, panel.form, words)
    name = shorten(f"{title}, {panel.currency}", 250.0, HEADING, bold=True)
    page.line(MARGIN, y, WIDTH - MARGIN, y, colour=INK, thick=0.6)
    page.text(MARGIN, y + 11.0, name, HEADING, bold=True)
    at = MARGIN + width(name, HEADING, bold=True) + 6.0
    page.text(at, y + 11.0, shorten(_scope(panel, words), WIDTH - MARGIN - at, LABEL), LABEL, colour=SOFT)
    shown = {"shown": words.number(len(panel.lines)), "all": words.number(panel.names)}
    names = "one_name" if panel.names == 1 else "names" if len(panel.lines) < panel.names else "all_names"
    span = dated(
        row
        for row in material.summary.get("spend", ())
        if all(row.get(key) == getattr(panel, key) for key in ("source", "form", "kind", "scope", "currency"))
    )
    when = words.say("spend_undated")
    if span:
        when = words.say("spend_span", since=words.day(span[0]), until=words.day(span[1]))
    facts = " · ".join((words.say(f"spend_{names}", **shown), counted(panel.records, panel.kind, words), when))
    page.text(MARGIN, y + 20.0, facts, SMALL, colour=SOFT)
    if panel.names > 1:
        page.text(MARGIN, y + 30.0, words.say("spend_rank"), TINY, colour=SOFT)
    heads = {"amount": WIDTH - MARGIN - _RECORDS, "records": WIDTH - MARGIN}
    for head, right in heads.items():
        said = words.say(f"spend_{head}", currency=shorten(panel.currency, 30.0, TINY))
        page.text(right, y + 30.0, said, TINY, colour=SOFT, align="right")


def _line(page: Page, line: Line, y: float, scale: Scale, size: float) -> None:
    """One name with its interval, its amount in figures and its records."""
    page.line(_LEFT, y, _RIGHT, y, colour=RULE, thick=0.4, dotted=True)
    words = page.words
    page.text(MARGIN + _RANK, y + 2.4, shorten(_name(line, words), _NAME - 8.0, LABEL), LABEL)
    _interval(page, line, y, scale)
    said = shorten(_amount(line, words), _AMOUNT - 4.0, size)
    page.text(WIDTH - MARGIN - _RECORDS, y + 2.4, said, size, align="right")
    page.text(WIDTH - MARGIN, y + 2.4, words.number(line.records), SMALL, colour=SOFT, align="right")


def _amount(line: Line, words: Words) -> str:
    """The interval in figures."""
    if line.high is None:
        return words.say("spend_open", low=words.amount(line.low))
    if line.low == line.high:
        return words.exactly(line.low)
    return words.say("spend_range", low=words.amount(line.low), high=words.amount(line.high, up=True))


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


def _ranks(page: Page, panel: Panel, y: float) -> None:
    """A number for each certain rank; one bracket with a sign for names whose ranges overlap."""
    start, words = 0, page.words
    while start < len(panel.lines):
        line = panel.lines[start]
        end = start
        while end + 1 < len(panel.lines) and panel.lines[end + 1].cluster == line.cluster:
            end += 1
        middle = y + (start + end + 1) / 2 * _PITCH + 2.4
        if line.rank is not None:
            page.text(MARGIN + 8.0, middle, words.number(line.rank), LABEL, bold=True, align="center")
        else:
            page.text(MARGIN + 8.0, middle, words.say("spend_unranked"), HEADING, colour=SOFT, align="center")
            top, bottom = y + start * _PITCH + 2.0, y + (end + 1) * _PITCH - 2.0
            x = MARGIN + _RANK - 8.0
            page.line(x, top, x + 3.0, top, colour=FAINT, thick=0.7)
            page.line(x, top, x, bottom, colour=FAINT, thick=0.7)
            if panel.goes_on and end == len(panel.lines) - 1:
                page.line(x, bottom, x, bottom + 8.0, colour=FAINT, thick=0.7, dotted=True)
            else:
                page.line(x, bottom, x + 3.0, bottom, colour=FAINT, thick=0.7)
        start = end + 1


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
