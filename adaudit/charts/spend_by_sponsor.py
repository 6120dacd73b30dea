"""How much each sponsor or advertiser spent, as intervals: from what is certain to what is possible.

One panel per source, form, kind, scope and currency; amounts of different panels are never added or set
on one scale. A rank is given only to a name whose interval is strictly separated from every other name's
in the panel, those not shown included.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from adaudit.charts.facts import counted, dated, footer, form_title, source_title
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
    amount,
    exactly,
    number,
)
from adaudit.charts.text import clean, shorten, width

PLACE: Final = 30
WORDS: Final[Mapping[str, str]] = {
    "headline_all": "All {shown} amounts shown can be ranked: none overlaps with another",
    "headline_many": "{ranked} of the {shown} amounts shown can be ranked; the others overlap or are equal",
    "headline_few": ("Only {ranked} of the {shown} amounts shown can be ranked: the others overlap or are equal"),
    "headline_none": "None of the {shown} amounts shown can be ranked: they overlap or are equal",
    "headline_one": "What sponsors and advertisers spent, as the sources disclose it",
    "subtitle": (
        "Spend of each sponsor or advertiser as the source names it, at least and at most. Bounds are added "
        "up as bounds: nobody knows where in its range an amount lies. Each panel has its own scale; panels "
        "overlap and must not be added up."
    ),
    "ad": "spend on single ads, added up per sponsor",
    "campaign": "amounts declared for whole campaigns",
    "media": "spend on media, as declared",
    "advertiser": "advertiser totals as the source publishes them",
    "names": "{shown} of {all} names shown",
    "all_names": "{all} names",
    "one_name": "1 name",
    "span": "{since} to {until}",
    "undated": "not dated",
    "range": "{low} to {high}",
    "open": "{low} or more",
    "rank": "Rank",
    "amount": "Amount in {currency}",
    "records": "Records",
    "unranked": "≈",
    "all_rivals": "Each of the {more} names not shown may have spent as much as one of these.",
    "rivals": "{count} of the {more} names not shown may have spent as much as one of these.",
    "no_rivals": "None of the {more} names not shown can have spent as much as any of these.",
    "odd": "Names left out because their amounts cannot be true: {count}.",
    "log": "Logarithmic scale: equal distances multiply the amount by the same factor.",
    "unnamed": "(no name given)",
    "key_range": "range: at least to at most",
    "key_open": "no upper limit disclosed",
    "key_exact": "exact amount",
    "key_rank": "rank is certain",
    "key_unranked": "not ranked: ranges overlap or are equal",
    "how": (
        "Names are sorted by what was spent at least; where they are not ranked (≈) their order is no rank. "
        "A rank holds within its panel alone, against every name there, shown or not. Lower bounds are "
        "rounded down and upper bounds up to whole units. Amounts cover only what this source discloses."
    ),
    "panels": " Not drawn: combinations of source, scope and currency with fewer records ({count}).",
    "skipped": "no source discloses an amount that can be tied to the name of a sponsor or advertiser",
    "skipped_odd": "no amount tied to the name of a sponsor or advertiser can be true",
}

_MOST_PANELS, _MOST_NAMES, _MOST_LINES = 4, 12, 38
_PITCH, _PANEL_HEAD, _SCALE, _BETWEEN, _KEY = 10.4, 33.0, 11.0, 8.0, 18.0
_RANK, _NAME, _AMOUNT, _RECORDS = 26.0, 160.0, 96.0, 32.0
_LEFT, _RIGHT = MARGIN + _RANK + _NAME, WIDTH - MARGIN - _RECORDS - _AMOUNT
_DARK = MARKS["spend"].fill
_PALE, _OPEN = Mark("#a9cbe4"), Mark("#e3eef7", "//////", "#7fadd0")
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


def draw(material: Material) -> list[Page] | Empty:
    """The panels, one below the other."""
    panels = rows(material)
    if not panels:
        return Empty(WORDS["skipped_odd" if material.sponsors else "skipped"])
    body = _KEY + sum(_height(panel) for panel in panels) + _BETWEEN * (len(panels) - 1)
    page = Page(_frame(material, panels), body)
    _key(page, page.top + 9.0)
    y = page.top + _KEY
    for panel in panels:
        _panel(page, material, panel, y)
        y += _height(panel) + _BETWEEN
    return [page]


def _height(panel: Panel) -> float:
    """Room for the head, the names, the scale and what is to be said below."""
    return _PANEL_HEAD + len(panel.lines) * _PITCH + _SCALE + SMALL * LEADING * len(_remarks(panel))


def _frame(material: Material, panels: Sequence[Panel]) -> Frame:
    """Headline, subtitle and footnotes; a panel with one name alone has nothing to rank."""
    lines = [line for panel in panels if panel.names > 1 for line in panel.lines]
    shown, ranked = len(lines), sum(line.rank is not None for line in lines)
    certain = "few" if ranked * 2 <= shown else "many"
    headline = "one" if not shown else "none" if not ranked else "all" if ranked == shown else certain
    left_out = len(_panels(material)) - len(panels)
    how = WORDS["how"] + (WORDS["panels"].format(count=left_out) if left_out else "")
    notes = (how, footer(material, [(panel.source, panel.form) for panel in panels]))
    return Frame(WORDS[f"headline_{headline}"].format(shown=shown, ranked=ranked), WORDS["subtitle"], notes)


def _remarks(panel: Panel) -> list[str]:
    """What must be said below a panel."""
    more = panel.names - len(panel.lines)
    remarks = []
    if _is_skewed(panel):
        remarks.append(WORDS["log"])
    if more:
        said = {"count": number(panel.rivals), "more": number(more)}
        which = "no_rivals" if not panel.rivals else "all_rivals" if panel.rivals == more else "rivals"
        remarks.append(WORDS[which].format(**said))
    if panel.odd:
        remarks.append(WORDS["odd"].format(count=number(panel.odd)))
    return remarks


def _is_skewed(panel: Panel) -> bool:
    """True if on a linear scale half of the names would shrink to nothing, and a logarithm can be taken."""
    ends = sorted(line.low if line.high is None else line.high for line in panel.lines)
    return min(line.low for line in panel.lines) > 0 and ends[len(ends) // 2] * _SKEWED < ends[-1]


def _scale(panel: Panel) -> Scale:
    """Up to the largest known bound; an open upper end has no place of its own."""
    top = max(line.low if line.high is None else line.high for line in panel.lines)
    if _is_skewed(panel):
        return Scale.logarithmic(min(line.low for line in panel.lines), top, _LEFT, _RIGHT)
    return Scale.linear(top, _LEFT, _RIGHT)


def _panel(page: Page, material: Material, panel: Panel, y: float) -> None:
    """One panel: its head, its scale, its names."""
    _panel_head(page, material, panel, y)
    y += _PANEL_HEAD
    end = y + len(panel.lines) * _PITCH
    scale = _scale(panel)
    for tick in scale.ticks:
        page.line(scale.at(tick), y, scale.at(tick), end + 2.0, colour=RULE, thick=0.5)
        page.text(scale.at(tick), end + 8.5, exactly(tick), TINY, colour=SOFT, align="center")
    for turn, remark in enumerate(_remarks(panel), start=1):
        page.text(MARGIN + _RANK, end + 9.5 + turn * SMALL * LEADING, remark, SMALL, colour=SOFT)
    words = [_amount(line) for line in panel.lines]
    sizes = (LABEL, SMALL, TINY)
    size = next((one for one in sizes if all(width(word, one) < _AMOUNT - 6.0 for word in words)), TINY)
    for turn, line in enumerate(panel.lines):
        _line(page, line, y + (turn + 0.5) * _PITCH, scale, size)
    if panel.names > 1:
        _ranks(page, panel, y)


def _panel_head(page: Page, material: Material, panel: Panel, y: float) -> None:
    """Source, form and currency; what is counted, how many, and when; the headings of the columns."""
    title = source_title(material, panel.source, panel.form)
    form = form_title(material, panel.source, panel.form)
    name = shorten(f"{' '.join(filter(None, (title, form)))}, {panel.currency}", 250.0, HEADING, bold=True)
    page.line(MARGIN, y, WIDTH - MARGIN, y, colour=INK, thick=0.6)
    page.text(MARGIN, y + 11.0, name, HEADING, bold=True)
    scope = WORDS.get(panel.scope, panel.scope.replace("_", " "))
    page.text(MARGIN + width(name, HEADING, bold=True) + 6.0, y + 11.0, scope, LABEL, colour=SOFT)
    shown = {"shown": number(len(panel.lines)), "all": number(panel.names)}
    names = "one_name" if panel.names == 1 else "names" if len(panel.lines) < panel.names else "all_names"
    span = dated(
        row
        for row in material.summary.get("spend", ())
        if all(row.get(key) == getattr(panel, key) for key in ("source", "form", "kind", "scope", "currency"))
    )
    when = WORDS["span"].format(since=span[0], until=span[1]) if span else WORDS["undated"]
    facts = " · ".join((WORDS[names].format(**shown), counted(panel.records, panel.kind), when))
    page.text(MARGIN, y + 20.0, facts, SMALL, colour=SOFT)
    if panel.names > 1:
        page.text(MARGIN, y + 30.0, WORDS["rank"], TINY, colour=SOFT)
    heads = {"amount": WIDTH - MARGIN - _RECORDS, "records": WIDTH - MARGIN}
    for head, right in heads.items():
        words = WORDS[head].format(currency=shorten(panel.currency, 30.0, TINY))
        page.text(right, y + 30.0, words, TINY, colour=SOFT, align="right")


def _line(page: Page, line: Line, y: float, scale: Scale, size: float) -> None:
    """One name with its interval, its amount in figures and its records."""
    page.line(_LEFT, y, _RIGHT, y, colour=RULE, thick=0.4, dotted=True)
    name = shorten(clean(line.name) or WORDS["unnamed"], _NAME - 8.0, LABEL)
    page.text(MARGIN + _RANK, y + 2.4, name, LABEL)
    _interval(page, line, y, scale)
    words = shorten(_amount(line), _AMOUNT - 4.0, size)
    page.text(WIDTH - MARGIN - _RECORDS, y + 2.4, words, size, align="right")
    page.text(WIDTH - MARGIN, y + 2.4, number(line.records), SMALL, colour=SOFT, align="right")


def _amount(line: Line) -> str:
    """The interval in figures."""
    if line.high is None:
        return WORDS["open"].format(low=amount(line.low))
    if line.low == line.high:
        return exactly(line.low)
    return WORDS["range"].format(low=amount(line.low), high=amount(line.high, up=True))


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
    start = 0
    while start < len(panel.lines):
        line = panel.lines[start]
        end = start
        while end + 1 < len(panel.lines) and panel.lines[end + 1].cluster == line.cluster:
            end += 1
        middle = y + (start + end + 1) / 2 * _PITCH + 2.4
        if line.rank is not None:
            page.text(MARGIN + 8.0, middle, number(line.rank), LABEL, bold=True, align="center")
        else:
            page.text(MARGIN + 8.0, middle, WORDS["unranked"], HEADING, colour=SOFT, align="center")
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
    x = MARGIN
    middle = y - 2.3
    for name in ("range", "open", "exact", "rank", "unranked"):
        if name == "range":
            _range(page, x, x + 18.0, middle)
        elif name == "open":
            _arrow(page, x, x + 18.0, middle)
        elif name == "exact":
            page.dot(x + 14.0, middle, 2.5, _DARK)
        else:
            page.text(x + 14.0, y, "1" if name == "rank" else WORDS["unranked"], LABEL, bold=True, align="center")
        words = WORDS[f"key_{name}"]
        page.text(x + 23.0, y, words, SMALL)
        x += 23.0 + width(words, SMALL) + 8.0
