"""Amounts by name, ranked where nothing overlaps: what the charts on spend and on concentration share.

A rank is given only to a name whose interval is strictly separated from every other name's in the panel.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from adaudit.charts.facts import counted, dated, full_title
from adaudit.charts.material import Material, SponsorSpend, Standing
from adaudit.charts.style import FAINT, HEADING, INK, LABEL, MARGIN, SMALL, SOFT, WIDTH, Page
from adaudit.charts.text import clean, shorten, width
from adaudit.charts.wording import Words

PITCH, RANK = 10.4, 26.0
"""The height of one name, and the room before it for its rank, in points."""
SCOPES: Final = ("ad", "campaign", "media", "advertiser")
_BEYOND: Final = Decimal(10) ** 15


@dataclass(frozen=True)
class Line:
    """One name of a panel."""

    name: str
    low: Decimal
    high: Decimal | None
    records: int
    rank: int | None
    """Its rank among all names of the panel; `None` where it overlaps with any."""
    standing: Standing
    """Whether it is a sponsor's name; money of records that name nobody has no rank."""
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
    nameless: tuple[Line, ...]
    """Money of records that name nobody, or whose sponsor may not be shown: no name's, and never ranked."""
    names: int
    """How many names there are."""
    records: int
    """How many records there are, those that name nobody included."""
    rivals: int
    """How many names that are not shown may have spent as much as one that is."""
    odd: int
    """How many names are left out because their amounts cannot be true."""
    goes_on: bool = False
    """True if the last name shown is chained by overlaps to names that are not."""


def panels_of(material: Material) -> list[Panel]:
    """Every panel with all its names, most records first."""
    groups: dict[tuple[str, str, str, str, str], list[SponsorSpend]] = {}
    for one in material.sponsors:
        groups.setdefault((one.source, one.form, one.kind, one.scope, one.currency), []).append(one)
    panels = []
    for key, members in groups.items():
        sound = [one for one in members if is_sound(one)]
        names = [one for one in sound if one.standing == "named"]
        if names:
            nameless = tuple(
                Line(one.name, one.low, one.high, one.records, None, one.standing, -1)
                for one in sorted(sound, key=lambda one: one.standing)
                if one.standing != "named"
            )
            total = sum(one.records for one in sound)
            panels.append(Panel(*key, _ranked(names), nameless, len(names), total, 0, len(members) - len(sound)))
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


def is_sound(one: SponsorSpend) -> bool:
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
    for one in sorted(members, key=lambda one: (one.low, top(one.high), one.name)):
        if one.low > reach:
            clusters.append([])
        clusters[-1].append(one)
        reach = max(reach, top(one.high))
    lines: list[Line] = []
    for turn, cluster in enumerate(reversed(clusters)):
        rank = len(lines) + 1 if len(cluster) == 1 < len(clusters) else None
        lines += [Line(one.name, one.low, one.high, one.records, rank, one.standing, turn) for one in reversed(cluster)]
    return tuple(lines)


def top(high: Decimal | None) -> Decimal:
    """The upper bound as a number: infinity where it is open."""
    return Decimal("Infinity") if high is None else high


def cut(panel: Panel, most: int) -> Panel:
    """The panel with its first names only, and what there is to know of the others."""
    shown, rest = panel.lines[:most], panel.lines[most:]
    rivals = sum(top(line.high) >= shown[-1].low for line in rest)
    return replace(panel, lines=shown, rivals=rivals, goes_on=bool(rest) and rest[0].cluster == shown[-1].cluster)


def scope_words(panel: Panel, words: Words) -> str:
    """What the amounts of the panel are."""
    return words.say(f"spend_{panel.scope}") if panel.scope in SCOPES else panel.scope.replace("_", " ")


def named(line: Line, words: Words) -> str:
    """The name, or words that say that there is none."""
    if line.standing != "named":
        return words.say(f"spend_{line.standing}")
    return clean(line.name) or words.say("spend_unnamed")


def amount_words(line: Line, words: Words) -> str:
    """The interval in figures."""
    if line.high is None:
        return words.say("spend_open", low=words.amount(line.low))
    if line.low == line.high:
        return words.exactly(line.low)
    return words.say("spend_range", low=words.amount(line.low), high=words.amount(line.high, up=True))


def draw_ranks(page: Page, panel: Panel, y: float) -> None:
    """A number for each certain rank; one bracket with a sign for names whose ranges overlap."""
    start, words = 0, page.words
    while start < len(panel.lines):
        line = panel.lines[start]
        end = start
        while end + 1 < len(panel.lines) and panel.lines[end + 1].cluster == line.cluster:
            end += 1
        middle = y + (start + end + 1) / 2 * PITCH + 2.4
        if line.rank is not None:
            page.text(MARGIN + 8.0, middle, words.number(line.rank), LABEL, bold=True, align="center")
        else:
            page.text(MARGIN + 8.0, middle, words.say("spend_unranked"), HEADING, colour=SOFT, align="center")
            top, bottom = y + start * PITCH + 2.0, y + (end + 1) * PITCH - 2.0
            x = MARGIN + RANK - 8.0
            page.line(x, top, x + 3.0, top, colour=FAINT, thick=0.7)
            page.line(x, top, x, bottom, colour=FAINT, thick=0.7)
            if panel.goes_on and end == len(panel.lines) - 1:
                page.line(x, bottom, x, bottom + 8.0, colour=FAINT, thick=0.7, dotted=True)
            else:
                page.line(x, bottom, x + 3.0, bottom, colour=FAINT, thick=0.7)
        start = end + 1


def draw_head(page: Page, material: Material, panel: Panel, y: float, said: Sequence[str]) -> None:
    """Source, form and currency, what is counted; below, the facts and when it was."""
    words = page.words
    title = full_title(material, panel.source, panel.form, words)
    name = shorten(f"{title}, {panel.currency}", 250.0, HEADING, bold=True)
    page.line(MARGIN, y, WIDTH - MARGIN, y, colour=INK, thick=0.6)
    page.text(MARGIN, y + 11.0, name, HEADING, bold=True)
    at = MARGIN + width(name, HEADING, bold=True) + 6.0
    page.text(at, y + 11.0, shorten(scope_words(panel, words), WIDTH - MARGIN - at, LABEL), LABEL, colour=SOFT)
    span = dated(
        row
        for row in material.summary.get("spend", ())
        if row.get("in_union") is not False
        and all(row.get(key) == getattr(panel, key) for key in ("source", "form", "kind", "scope", "currency"))
    )
    when = words.say("spend_undated")
    if span:
        when = words.say("spend_span", since=words.day(span[0]), until=words.day(span[1]))
    facts = " · ".join((*said, counted(panel.records, panel.kind, words), when))
    page.text(MARGIN, y + 20.0, shorten(facts, WIDTH - 2 * MARGIN, SMALL), SMALL, colour=SOFT)
