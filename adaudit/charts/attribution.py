"""Who answers for what is not disclosed: the source that has no field, or the record that leaves it out.

Three lanes of bars on one scale, each a share of the checks decided: no field in the source; left out or
malformed in the record; less than the law asks. Ads that ran before the law applied have a line of their
own, pale and hatched, and enter neither headline nor subtitle unless there is nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from adaudit.charts.facts import (
    Column,
    columns,
    counted,
    footer,
    form_title,
    full_title,
    is_disclosure,
    source_title,
    verdict_rows,
)
from adaudit.charts.material import Material
from adaudit.charts.style import (
    EARLIER,
    FAINT,
    INK,
    LABEL,
    LEADING,
    MARGIN,
    MARKS,
    RULE,
    SMALL,
    SOFT,
    WIDTH,
    Empty,
    Frame,
    Page,
)
from adaudit.charts.text import shorten, width, wrap
from adaudit.charts.wording import ENGLISH, Words

PLACE: Final = 20

_NAME, _WHEN, _COUNT, _GAP = 94.0, 52.0, 38.0, 9.0
_LANES: Final = {"gap": 78.0, "lost": 116.0, "partial": 62.0}
"""The lanes and the least room that each needs for its words and figures."""
_HEAD, _LINE, _BAR, _BETWEEN, _TITLES = 42.0, 20.0, 7.5, 8.0, 27.0
_TALLEST, _MILLION = 580.0, 1_000_000


@dataclass
class Bar:
    """The checks of disclosures in one column, under the law (or undated), or before it."""

    column: Column
    before: bool
    ok: int = 0
    partial: int = 0
    missing: int = 0
    invalid: int = 0
    not_exposed: int = 0
    undated: int = 0
    """Decided checks on records of which the source gives no date."""

    @property
    def lost(self) -> int:
        """Empty or malformed though the field is there."""
        return self.missing + self.invalid

    @property
    def decided(self) -> int:
        """The denominator."""
        return self.ok + self.partial + self.lost + self.not_exposed


def rows(material: Material) -> list[Bar]:
    """For each column one bar under the law, and one before it where there is anything before it."""
    bars: dict[tuple[Column, bool], Bar] = {}
    by_key = {}
    for column in columns(material):
        by_key[column.source, column.form, column.kind] = column
        bars[column, False] = Bar(column, False)
        bars[column, True] = Bar(column, True)
    for row in verdict_rows(material):
        if is_disclosure(row["rule"]):
            column = by_key[row["source"], row["form"], row["kind"]]
            bar = bars[column, row["binding"] == "before"]
            already = bar.decided
            for name in ("ok", "partial", "missing", "invalid", "not_exposed"):
                setattr(bar, name, getattr(bar, name) + int(row[name]))
            if row["binding"] == "unknown":
                bar.undated += bar.decided - already
    return [bar for bar in bars.values() if not bar.before or bar.decided]


def table(material: Material) -> list[dict[str, object]]:
    """The bars as rows: counts of checks, and their denominator."""
    return [
        {
            "source": bar.column.source,
            "form": bar.column.form,
            "kind": bar.column.kind,
            "unit": bar.column.unit,
            "binding": "before" if bar.before else "yes or unknown",
            "checks_decided": bar.decided,
            "not_exposed": bar.not_exposed,
            "missing": bar.missing,
            "invalid": bar.invalid,
            "partial": bar.partial,
            "ok": bar.ok,
            "of_unknown_binding": bar.undated,
        }
        for bar in rows(material)
    ]


def draw(material: Material, words: Words = ENGLISH) -> list[Page] | Empty:
    """The three lanes, one block of lines per source."""
    bars = rows(material)
    if not any(bar.decided for bar in bars):
        return Empty(words.say("attribution_skipped"))
    blocks: dict[Column, list[Bar]] = {}
    for bar in bars:
        blocks.setdefault(bar.column, []).append(bar)
    parts: list[list[list[Bar]]] = [[]]
    for block in blocks.values():
        if sum(map(_block_height, parts[-1])) + _block_height(block) > _TALLEST:
            parts.append([])
        parts[-1].append(block)
    return [_page(material, bars, part, (turn, len(parts)), words) for turn, part in enumerate(parts, start=1)]


def _page(
    material: Material, bars: Sequence[Bar], part: Sequence[Sequence[Bar]], turn: tuple[int, int], words: Words
) -> Page:
    """One page with the blocks of these sources; headline and scale are those of all bars."""
    earlier = any(bar.before for bar in bars)
    lanes = _lanes(bars)
    head = _head_height(lanes, words)
    body = head + sum(map(_block_height, part)) + (14.0 if earlier else 0.0)
    page = Page(_frame(material, bars, turn, words), body)
    _heads(page, lanes, head)
    y = page.top + head
    for block in part:
        _block(page, material, block, y, lanes)
        y += _block_height(block)
    if earlier:
        _key(page, y + 8.0)
    return page


def _frame(material: Material, bars: Sequence[Bar], turn: tuple[int, int], words: Words) -> Frame:
    """Headline, subtitle and footnotes, from the bars under the law."""
    single = [bar for bar in bars if bar.column.single]
    now = [bar for bar in single if not bar.before and bar.decided]
    undated = sum(bar.undated for bar in now)
    how = words.say(
        "attribution_how",
        undated=words.say("attribution_undated", count=words.number(undated)) if undated else "",
        millions=words.say("attribution_millions") if any(bar.decided >= _MILLION for bar in bars) else "",
    )
    counted_bars = now or single
    decided = sum(bar.decided for bar in counted_bars)
    sums = {
        "never": sum(bar.not_exposed for bar in counted_bars),
        "lost": sum(bar.lost for bar in counted_bars),
        "partial": sum(bar.partial for bar in counted_bars),
    }
    said = {name: words.number(count) for name, count in sums.items()}
    shares = {f"{name}_share": words.percent(count, decided) for name, count in sums.items()}
    key = "attribution_subtitle" if now else "attribution_subtitle_before"
    subtitle = words.say(key, decided=words.number(decided), **said, **shares)
    notes = (how, footer(material, [(bar.column.source, bar.column.form) for bar in bars], words))
    return Frame(_headline(now, words), subtitle, notes, _figures(material, bars, words), words, turn)


def _figures(material: Material, bars: Sequence[Bar], words: Words) -> list[str]:
    """One sentence a bar."""
    return [
        words.say(
            "attribution_figures",
            source=full_title(material, bar.column.source, bar.column.form, words),
            when=words.say(_when(bar)),
            decided=words.number(bar.decided),
            never=words.percent(bar.not_exposed, bar.decided),
            lost=words.percent(bar.lost, bar.decided),
            partial=words.percent(bar.partial, bar.decided),
        )
        for bar in bars
        if bar.decided
    ]


def _when(bar: Bar) -> str:
    """The key of the words for when the records of the bar ran."""
    if bar.before:
        return "attribution_earlier"
    return "attribution_now_undated" if bar.undated else "attribution_now"


def _headline(now: Sequence[Bar], words: Words) -> str:
    """What most sources with a gap have in common; each source counts once, however large."""
    if not now:
        return words.say("attribution_headline_before")
    gaps = [bar for bar in now if bar.lost or bar.not_exposed]
    if not gaps:
        return words.say("attribution_headline_clean")
    source = sum(bar.not_exposed > bar.lost for bar in gaps)
    record = sum(bar.lost > bar.not_exposed for bar in gaps)
    if source == record:
        return words.say("attribution_headline_even")
    part, name = max((source, "source"), (record, "record"))
    where = "sole" if len(now) == 1 else "all" if part == len(now) else "some"
    said = words.say(f"attribution_{where}", part=part, whole=len(now))
    return words.say(f"attribution_headline_{name}", where=said)


@dataclass(frozen=True)
class _Lane:
    """A place for bars: where it begins, how wide it is, and the points that one per cent takes."""

    name: str
    x: float
    wide: float
    scale: float


def _lanes(bars: Sequence[Bar]) -> list[_Lane]:
    """The three lanes, as wide as their longest bars ask, on one scale."""
    room = WIDTH - 2 * MARGIN - _NAME - _WHEN - 2 * _COUNT - 3 * _GAP
    most = {name: max(_share(bar, name) for bar in bars) for name in _LANES}
    widths = dict(_LANES)
    free = set(_LANES)
    while free:
        scale = (room - sum(widths[name] for name in _LANES if name not in free)) / (
            sum(most[name] for name in free) or 1.0
        )
        narrow = {name for name in free if most[name] * scale < _LANES[name]}
        if not narrow:
            widths.update({name: most[name] * scale for name in free})
            break
        free -= narrow
    scale = min(widths[name] / most[name] for name in _LANES if most[name])
    lanes, x = [], MARGIN + _NAME + _WHEN
    for name, wide in widths.items():
        lanes.append(_Lane(name, x, wide, scale))
        x += wide + _GAP
    return lanes


def _share(bar: Bar, name: str) -> float:
    """The bar's share of the checks decided, in per cent."""
    count = {"gap": bar.not_exposed, "lost": bar.lost, "partial": bar.partial}[name]
    return 100.0 * count / bar.decided if bar.decided else 0.0


def _head_height(lanes: Sequence[_Lane], words: Words) -> float:
    """Room for the heads of the lanes, whose words may need a third line."""
    lines = max(len(wrap(words.say(f"attribution_{lane.name}_who"), lane.wide, SMALL)) for lane in lanes)
    return _HEAD + max(0, lines - 2) * SMALL * LEADING


def _heads(page: Page, lanes: Sequence[_Lane], high: float) -> None:
    """What each lane shows, in which mark, and whose gap it is."""
    y, words = page.top + 13.0, page.words
    for lane in lanes:
        x = lane.x
        for name in ("missing", "and", "invalid") if lane.name == "lost" else (lane.name,):
            if name in MARKS:
                page.box(x, y - 6.6, 9.0, 7.5, MARKS[name])
                x += 12.0
            said = words.say(f"attribution_{name}")
            page.text(x, y, said, LABEL, bold=True)
            x += width(said, LABEL, bold=True) + 4.0
        for turn, line in enumerate(wrap(words.say(f"attribution_{lane.name}_who"), lane.wide, SMALL)):
            page.text(lane.x, y + 9.0 + turn * SMALL * LEADING, line, SMALL, colour=SOFT)
    for name, right in (("ok", WIDTH - MARGIN - _COUNT), ("decided", WIDTH - MARGIN)):
        page.text(right, y, words.say(f"attribution_{name}"), LABEL, bold=True, align="right")
        page.text(right, y + 9.0, words.say(f"attribution_{name}_who"), SMALL, colour=SOFT, align="right")
    page.line(MARGIN, page.top + high - 7.0, WIDTH - MARGIN, page.top + high - 7.0, colour=INK, thick=0.6)


def _block_height(block: Sequence[Bar]) -> float:
    """Room for the lines of one source, or for its name if that is taller."""
    return max(sum(1 for bar in block if bar.decided) * _LINE, _TITLES) + _BETWEEN


def _block(page: Page, material: Material, block: Sequence[Bar], y: float, lanes: Sequence[_Lane]) -> None:
    """The name of one source with its one or two lines of bars."""
    column, words = block[0].column, page.words
    title = source_title(material, column.source, column.form, words)
    form = form_title(material, column.source, column.form, words)
    page.text(MARGIN, y + 6.0, shorten(title, _NAME - 6.0, LABEL, bold=True), LABEL, bold=True)
    count = wrap(counted(column.records, column.unit, words), _NAME - 6.0, SMALL)
    lines = [shorten(form, _NAME - 6.0, SMALL), *count] if form else count
    for turn, said in enumerate(lines[:2], start=1):
        page.text(MARGIN, y + 6.0 + turn * 8.2, said, SMALL, colour=SOFT)
    end = y + _block_height(block) - _BETWEEN / 2
    page.line(MARGIN, end, WIDTH - MARGIN, end, colour=RULE, thick=0.4)
    shown = [bar for bar in block if bar.decided]
    if not shown:
        said = words.say("attribution_undecided" if column.records else "attribution_empty")
        page.text(lanes[0].x, y + 6.0, said, LABEL, colour=SOFT)
    for turn, bar in enumerate(shown):
        _line(page, bar, y + turn * _LINE, lanes)


def _line(page: Page, bar: Bar, y: float, lanes: Sequence[_Lane]) -> None:
    """One line of bars: when its records ran, figures above each bar, and the denominator at the right."""
    colour, words = SOFT if bar.before else INK, page.words
    for turn, said in enumerate(wrap(words.say(_when(bar)), _WHEN - 8.0, SMALL)):
        page.text(MARGIN + _NAME, y + 6.0 + turn * 7.6, said, SMALL, colour=colour)
    parts = {
        "gap": {"gap": bar.not_exposed},
        "lost": {"missing": bar.missing, "invalid": bar.invalid},
        "partial": {"partial": bar.partial},
    }
    for lane in lanes:
        _bars(page, bar, lane, parts[lane.name], y)
    for count, right in ((bar.ok, WIDTH - MARGIN - _COUNT), (bar.decided, WIDTH - MARGIN)):
        said = words.compact(count, _MILLION)
        page.text(right, y + 6.0, said, LABEL, bold=not bar.before, colour=colour, align="right")


def _bars(page: Page, bar: Bar, lane: _Lane, parts: Mapping[str, int], y: float) -> None:
    """One bar of one lane, in one or two parts, and its figures."""
    total, words = sum(parts.values()), page.words
    colour = SOFT if bar.before else INK
    share = words.percent(total, bar.decided)
    page.text(lane.x, y + 6.0, share, LABEL, bold=not bar.before, colour=colour)
    figures = words.compact(total, _MILLION)
    if "invalid" in parts:
        counts = {name: words.compact(count, _MILLION) for name, count in parts.items()}
        figures = words.say("attribution_both", **counts)
    if total:
        page.text(lane.x + 26.0, y + 6.0, figures, SMALL, colour=SOFT)
    x = lane.x
    for name, count in parts.items():
        long = 100.0 * count / bar.decided * lane.scale
        page.box(x, y + 8.4, long, _BAR, (EARLIER if bar.before else MARKS)[name])
        x += long
    page.line(lane.x, y + 7.8, lane.x, y + 9.0 + _BAR, colour=FAINT, thick=0.6)


def _key(page: Page, y: float) -> None:
    """What is pale and hatched."""
    page.box(MARGIN, y - 6.0, 9.0, 7.5, EARLIER["gap"])
    page.box(MARGIN + 11.0, y - 6.0, 9.0, 7.5, EARLIER["missing"])
    page.text(MARGIN + 25.0, y, page.words.say("attribution_key_earlier"), SMALL)
