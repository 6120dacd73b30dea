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
    compact,
    number,
    percent,
)
from adaudit.charts.text import shorten, width, wrap

PLACE: Final = 20
WORDS: Final[Mapping[str, str]] = {
    "some": "In {part} of {whole} data sets, more",
    "all": "In all {whole} data sets, more",
    "sole": "More",
    "headline_source": "{where} is lost because the source has no field than because a record leaves it out",
    "headline_record": "{where} is lost because records leave fields out than because the source has none",
    "headline_even": "As much is lost for want of a field in the source as for want of a value in the record",
    "headline_clean": "Nothing is missing: every disclosure checked has a field, and it is filled",
    "headline_before": "All checks concern ads that ran before the law applied: none counts as an omission",
    "subtitle": (
        "Bars: share of the checks decided (one requirement on one record). Of {decided} checks on records "
        "under the law or unclear, {never} ({never_share}) found no field in the source, {lost} "
        "({lost_share}) found the disclosure missing or malformed, {partial} ({partial_share}) partial."
    ),
    "subtitle_before": (
        "Bars: share of the checks decided (one requirement on one record). {decided} checks were decided; "
        "what they found is shown, but the law did not yet ask for it."
    ),
    "gap": "No field",
    "gap_who": "gap of the source, for all its records",
    "missing": "Missing",
    "invalid": "malformed",
    "and": "+",
    "lost_who": "gap of the sponsor or publisher, in this record",
    "partial": "Partial",
    "partial_who": "source or sponsor, by requirement",
    "ok": "Disclosed",
    "ok_who": "in full",
    "decided": "Checks",
    "decided_who": "decided",
    "both": "{missing} + {invalid}",
    "now": "law applies",
    "now_undated": "law applies or not known",
    "earlier": "before the law applied",
    "undecided": "nothing could be decided",
    "empty": "no records came from this source",
    "key_earlier": (
        "Pale and hatched: records from before the law applied. Shown apart; no breach, not in the headline."
    ),
    "how": (
        "All bars have one scale; in each line no field, missing, malformed, partial and disclosed add up to "
        "the checks decided. Checks that could not be decided, or that do not concern the record, are left "
        "out, and so are contradictions between fields. The headline counts data sets with checks under the "
        "law or unclear. {undated}“Ads, by rows”: an aggregate report, lines counted with their ads, not in "
        "the sums.{millions}"
    ),
    "millions": " m: million.",
    "page": " Part\u00a0{page}\u00a0of\u00a0{pages}.",
    "undated": "Of {count} checks it is not known whether the law applied; they stand with those under the law. ",
    "skipped": "no check of a disclosure could be decided, so there is no gap to attribute",
}

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


def draw(material: Material) -> list[Page] | Empty:
    """The three lanes, one block of lines per source."""
    bars = rows(material)
    if not any(bar.decided for bar in bars):
        return Empty(WORDS["skipped"])
    blocks: dict[Column, list[Bar]] = {}
    for bar in bars:
        blocks.setdefault(bar.column, []).append(bar)
    parts: list[list[list[Bar]]] = [[]]
    for block in blocks.values():
        if sum(map(_block_height, parts[-1])) + _block_height(block) > _TALLEST:
            parts.append([])
        parts[-1].append(block)
    return [_page(material, bars, part, turn, len(parts)) for turn, part in enumerate(parts, start=1)]


def _page(material: Material, bars: Sequence[Bar], part: Sequence[Sequence[Bar]], turn: int, pages: int) -> Page:
    """One page with the blocks of these sources; headline and scale are those of all bars."""
    earlier = any(bar.before for bar in bars)
    body = _HEAD + sum(map(_block_height, part)) + (14.0 if earlier else 0.0)
    page = Page(_frame(material, bars, turn, pages), body)
    lanes = _lanes(bars)
    _heads(page, lanes)
    y = page.top + _HEAD
    for block in part:
        _block(page, material, block, y, lanes)
        y += _block_height(block)
    if earlier:
        _key(page, y + 8.0)
    return page


def _frame(material: Material, bars: Sequence[Bar], turn: int, pages: int) -> Frame:
    """Headline, subtitle and footnotes, from the bars under the law."""
    single = [bar for bar in bars if bar.column.single]
    now = [bar for bar in single if not bar.before and bar.decided]
    undated = sum(bar.undated for bar in now)
    how = WORDS["how"].format(
        undated=WORDS["undated"].format(count=number(undated)) if undated else "",
        millions=WORDS["millions"] if any(bar.decided >= _MILLION for bar in bars) else "",
    )
    counted_bars = now or single
    decided = sum(bar.decided for bar in counted_bars)
    sums = {
        "never": sum(bar.not_exposed for bar in counted_bars),
        "lost": sum(bar.lost for bar in counted_bars),
        "partial": sum(bar.partial for bar in counted_bars),
    }
    said = {name: number(count) for name, count in sums.items()}
    shares = {f"{name}_share": percent(count, decided) for name, count in sums.items()}
    subtitle = WORDS["subtitle" if now else "subtitle_before"].format(decided=number(decided), **said, **shares)
    if pages > 1:
        subtitle += WORDS["page"].format(page=turn, pages=pages)
    notes = (how, footer(material, [(bar.column.source, bar.column.form) for bar in bars]))
    return Frame(_headline(now), subtitle, notes)


def _headline(now: Sequence[Bar]) -> str:
    """What most sources with a gap have in common; each source counts once, however large."""
    if not now:
        return WORDS["headline_before"]
    gaps = [bar for bar in now if bar.lost or bar.not_exposed]
    if not gaps:
        return WORDS["headline_clean"]
    source = sum(bar.not_exposed > bar.lost for bar in gaps)
    record = sum(bar.lost > bar.not_exposed for bar in gaps)
    if source == record:
        return WORDS["headline_even"]
    part, name = max((source, "headline_source"), (record, "headline_record"))
    where = "sole" if len(now) == 1 else "all" if part == len(now) else "some"
    return WORDS[name].format(where=WORDS[where].format(part=part, whole=len(now)))


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


def _heads(page: Page, lanes: Sequence[_Lane]) -> None:
    """What each lane shows, in which mark, and whose gap it is."""
    y = page.top + 13.0
    for lane in lanes:
        x = lane.x
        for name in ("missing", "and", "invalid") if lane.name == "lost" else (lane.name,):
            if name in MARKS:
                page.box(x, y - 6.6, 9.0, 7.5, MARKS[name])
                x += 12.0
            page.text(x, y, WORDS[name], LABEL, bold=True)
            x += width(WORDS[name], LABEL, bold=True) + 4.0
        for turn, words in enumerate(wrap(WORDS[f"{lane.name}_who"], lane.wide, SMALL)):
            page.text(lane.x, y + 9.0 + turn * SMALL * LEADING, words, SMALL, colour=SOFT)
    for name, right in (("ok", WIDTH - MARGIN - _COUNT), ("decided", WIDTH - MARGIN)):
        page.text(right, y, WORDS[name], LABEL, bold=True, align="right")
        page.text(right, y + 9.0, WORDS[f"{name}_who"], SMALL, colour=SOFT, align="right")
    page.line(MARGIN, page.top + _HEAD - 7.0, WIDTH - MARGIN, page.top + _HEAD - 7.0, colour=INK, thick=0.6)


def _block_height(block: Sequence[Bar]) -> float:
    """Room for the lines of one source, or for its name if that is taller."""
    return max(sum(1 for bar in block if bar.decided) * _LINE, _TITLES) + _BETWEEN


def _block(page: Page, material: Material, block: Sequence[Bar], y: float, lanes: Sequence[_Lane]) -> None:
    """The name of one source with its one or two lines of bars."""
    column = block[0].column
    title = source_title(material, column.source, column.form)
    form = form_title(material, column.source, column.form)
    page.text(MARGIN, y + 6.0, shorten(title, _NAME - 6.0, LABEL, bold=True), LABEL, bold=True)
    for turn, words in enumerate(filter(None, (form, counted(column.records, column.unit))), start=1):
        page.text(MARGIN, y + 6.0 + turn * 8.2, shorten(words, _NAME - 6.0, SMALL), SMALL, colour=SOFT)
    end = y + _block_height(block) - _BETWEEN / 2
    page.line(MARGIN, end, WIDTH - MARGIN, end, colour=RULE, thick=0.4)
    shown = [bar for bar in block if bar.decided]
    if not shown:
        words = WORDS["undecided" if column.records else "empty"]
        page.text(lanes[0].x, y + 6.0, words, LABEL, colour=SOFT)
    for turn, bar in enumerate(shown):
        _line(page, bar, y + turn * _LINE, lanes)


def _line(page: Page, bar: Bar, y: float, lanes: Sequence[_Lane]) -> None:
    """One line of bars: when its records ran, figures above each bar, and the denominator at the right."""
    colour = SOFT if bar.before else INK
    when = WORDS["earlier"] if bar.before else WORDS["now_undated" if bar.undated else "now"]
    for turn, words in enumerate(wrap(when, _WHEN - 8.0, SMALL)):
        page.text(MARGIN + _NAME, y + 6.0 + turn * 7.6, words, SMALL, colour=colour)
    parts = {
        "gap": {"gap": bar.not_exposed},
        "lost": {"missing": bar.missing, "invalid": bar.invalid},
        "partial": {"partial": bar.partial},
    }
    for lane in lanes:
        _bars(page, bar, lane, parts[lane.name], y)
    for count, right in ((bar.ok, WIDTH - MARGIN - _COUNT), (bar.decided, WIDTH - MARGIN)):
        page.text(right, y + 6.0, compact(count, _MILLION), LABEL, bold=not bar.before, colour=colour, align="right")


def _bars(page: Page, bar: Bar, lane: _Lane, parts: Mapping[str, int], y: float) -> None:
    """One bar of one lane, in one or two parts, and its figures."""
    total = sum(parts.values())
    colour = SOFT if bar.before else INK
    share = percent(total, bar.decided)
    page.text(lane.x, y + 6.0, share, LABEL, bold=not bar.before, colour=colour)
    figures = compact(total, _MILLION)
    if "invalid" in parts:
        counts = {name: compact(count, _MILLION) for name, count in parts.items()}
        figures = WORDS["both"].format(**counts)
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
    page.text(MARGIN + 25.0, y, WORDS["key_earlier"], SMALL)
