"""What discloses nothing on sponsor, spend and targeting, month by month, before and since the law applied.

One block per data set: shares of different sources never meet in one bar. Below each bar stands its
denominator; a month with few records has a thin bar and enters no headline.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from adaudit.charts.facts import counted, footer, full_title
from adaudit.charts.material import Material, MonthShare, Vote
from adaudit.charts.months import FEW, SUBJECTS, Series, Slot, in_rows, series, slots
from adaudit.charts.style import (
    ACCENT,
    EARLIER,
    FAINT,
    HEADING,
    INK,
    LABEL,
    MARGIN,
    MARKS,
    PAPER,
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
from adaudit.charts.text import shorten, width, wrap
from adaudit.charts.wording import ENGLISH, Words

PLACE: Final = 40
_NAME: Final = 88.0
_LEFT, _RIGHT = MARGIN + _NAME, WIDTH - MARGIN
_HEAD, _LANES, _BAR, _FIGURES, _EMPTY, _AXIS, _BETWEEN = 19.0, 23.0, 27.0, 15.0, 11.0, 17.0, 10.0
_WIDEST, _KEY, _TALLEST = 24.0, 33.0, 560.0
_FIGURE: Final = 4.7
"""The size of a denominator below its bar; a bar that is narrower than its figure is high lends it room."""
_UNKNOWN: Final = {
    "lost": Mark("#f8b7a3", edge="#ee6c48"),
    "never": Mark("#f4f5f6", "//////", "#9aa0a6", "#9aa0a6"),
    "shown": Mark("#e7f1f9", edge="#a9cbe4"),
}
_MARKS: Final = {
    "yes": {"lost": MARKS["missing"], "never": MARKS["gap"], "shown": MARKS["ok"]},
    "unknown": _UNKNOWN,
    "before": {"lost": EARLIER["missing"], "never": EARLIER["gap"], "shown": Mark("#f7fafd", edge="#d5e3ee")},
}
_PARTS: Final = ("shown", "never", "lost")
"""From the top of a bar to its foot."""


@dataclass(frozen=True)
class Block:
    """One row of months of one data set, with the subjects that are drawn."""

    series: Series
    slots: Sequence[Slot]
    first: bool
    """Whether it bears the head of the data set."""
    last: bool

    @property
    def drawn(self) -> list[str]:
        """The subjects on which anything could be decided."""
        return [subject for subject in SUBJECTS if self.series.of(subject)]

    @property
    def height(self) -> float:
        """Room for head, votes, strips and axis."""
        return (_HEAD if self.first else 4.0) + _LANES + self.strips + _AXIS + (_BETWEEN if self.last else 0.0)

    @property
    def strips(self) -> float:
        """Room for the strips of the subjects, or for the words that nothing could be decided."""
        return len(self.drawn) * (_BAR + _FIGURES) + (len(SUBJECTS) - len(self.drawn)) * _EMPTY


def rows(material: Material) -> list[MonthShare]:
    """The bars drawn: data sets in their order, then subject, month and binding."""
    return [bar for one in series(material) for subject in SUBJECTS for bar in one.of(subject)]


def table(material: Material) -> list[dict[str, object]]:
    """The bars as rows: counts of records, and their denominator."""
    return [
        {
            "source": bar.source,
            "form": bar.form,
            "kind": bar.kind,
            "subject": bar.subject,
            "month": f"{bar.month:%Y-%m}",
            "binding": bar.binding,
            "records_decided": bar.decided,
            "nothing_disclosed_though_a_field": bar.lost,
            "no_field": bar.never,
            "disclosed_in_full_or_part": bar.shown,
            "political_by_assertion": bar.asserted,
            "few_records": bar.decided < FEW,
        }
        for bar in rows(material)
    ]


def draw(material: Material, words: Words = ENGLISH) -> list[Page] | Empty:
    """The blocks, on as many pages as they need."""
    found = [one for one in series(material) if one.bars]
    if not found:
        return Empty(words.say("time_skipped_undated" if material.months else "time_skipped"))
    parts: list[list[Block]] = [[]]
    for one in found:
        several = in_rows(slots(one.months), max(map(len, one.bars.values())))
        for turn, row in enumerate(several, start=1):
            block = Block(one, row, turn == 1, turn == len(several))
            if parts[-1] and sum(each.height for each in parts[-1]) + block.height > _TALLEST:
                parts.append([])
                block = Block(one, row, first=True, last=block.last)
            parts[-1].append(block)
    return [_page(material, found, part, (turn, len(parts)), words) for turn, part in enumerate(parts, start=1)]


def _page(
    material: Material, found: Sequence[Series], part: Sequence[Block], turn: tuple[int, int], words: Words
) -> Page:
    """One page with these blocks; headline and figures are those of all."""
    page = Page(_frame(material, found, turn, words), _KEY + sum(block.height for block in part))
    _key(page, page.top + 9.0)
    y = page.top + _KEY
    for block in part:
        _block(page, material, block, y)
        y += block.height
    return page


def _frame(material: Material, found: Sequence[Series], turn: tuple[int, int], words: Words) -> Frame:
    """Headline, subtitle and footnotes."""
    subtitle = words.say("time_subtitle")
    how = words.say("time_how", few=FEW)
    notes = (how, footer(material, [(one.source, one.form) for one in found], words))
    return Frame(_headline(material, found, words), subtitle, notes, _figures(material, found, words), words, turn)


def _headline(material: Material, found: Sequence[Series], words: Words) -> str:
    """The data set in which the largest share of records under the law names no sponsor; few records do not count.

    One whose records are political mostly by the user's word leads only where there is no other.
    """
    since = [one.total("sponsor", "yes") for one in found]
    since = [one for one in since if one.decided >= FEW]
    absent = [one for one in since if one.lost or one.never]
    if not absent:
        return words.say("time_headline_clean" if since else "time_headline_before")
    by_source = [one for one in absent if one.asserted * 2 <= one.decided]
    worst = max(by_source or absent, key=lambda one: (one.lost + one.never) / one.decided)
    return words.say(
        "time_headline_worst" if by_source else "time_headline_asserted",
        source=full_title(material, worst.source, worst.form, words),
        absent=words.number(worst.lost + worst.never),
        decided=counted(worst.decided, worst.kind, words),
    )


def _figures(material: Material, found: Sequence[Series], words: Words) -> list[str]:
    """One sentence a data set and binding."""
    said = []
    for one in found:
        for binding in reversed(("before", "unknown", "yes")):
            totals = [one.total(subject, binding) for subject in SUBJECTS]
            shares = [
                words.say(f"time_figure_{total.subject}", share=words.share(total.lost + total.never, total.decided))
                for total in totals
                if total.decided
            ]
            if shares:
                source = full_title(material, one.source, one.form, words)
                when = words.say(f"time_binding_{binding}")
                said.append(words.say("time_figures", source=source, when=when, shares="; ".join(shares)))
    return said


def _key(page: Page, y: float) -> None:
    """What each mark means: three columns of parts, three shades of binding."""
    words, x = page.words, MARGIN
    for name in reversed(_PARTS):
        for shade, binding in enumerate(("yes", "unknown", "before")):
            page.box(x + shade * 11.0, y - 6.4, 9.0, 7.6, _MARKS[binding][name])
        said = words.say(f"time_key_{name}")
        page.text(x + 35.0, y, said, SMALL)
        x += 35.0 + width(said, SMALL) + 14.0
    page.text(MARGIN, y + 10.5, words.say("time_key_shades"), SMALL, colour=SOFT)


def _block(page: Page, material: Material, block: Block, y: float) -> None:
    """One row of months: head, votes, a strip a subject, and the axis."""
    places = _places(block)
    if block.first:
        _head(page, material, block.series, y)
        y += _HEAD
    else:
        y += 4.0
    lanes, y = y, y + _LANES
    below = y
    for subject in SUBJECTS:
        if subject in block.drawn:
            _strip(page, block, places, subject, y)
            below = y + _BAR
            y += _BAR + _FIGURES
        else:
            page.text(MARGIN, y + 6.0, page.words.say(f"time_{subject}"), LABEL, bold=True)
            page.text(_LEFT, y + 6.0, page.words.say("time_undecided"), SMALL, colour=SOFT)
            y += _EMPTY
    _axis(page, places, y)
    if material.applies:
        _day_of_application(page, places, material.applies, (lanes + 7.0, below))
    _votes(page, block, places, lanes + _LANES - 4.0)


def _places(block: Block) -> dict[int, tuple[Slot, float, float]]:
    """Position to slot, left edge and width."""
    pitch = min(_WIDEST, (_RIGHT - _LEFT) / len(block.slots))
    return {turn: (slot, _LEFT + turn * pitch, pitch) for turn, slot in enumerate(block.slots)}


def _head(page: Page, material: Material, one: Series, y: float) -> None:
    """The name of the data set, how many records were decided, and what is to be known of them."""
    words = page.words
    title = full_title(material, one.source, one.form, words)
    page.line(MARGIN, y, _RIGHT, y, colour=INK, thick=0.6)
    name = shorten(title, 250.0, HEADING, bold=True)
    page.text(MARGIN, y + 11.0, name, HEADING, bold=True)
    said = [words.say(f"time_kind_{one.kind}")]
    of = max(SUBJECTS, key=lambda subject: sum(bar.decided for bar in one.of(subject)))
    asserted, decided = (sum(getattr(bar, name) for bar in one.of(of)) for name in ("asserted", "decided"))
    if asserted:
        said.append(words.say("time_asserted", share=words.share(asserted, decided)))
    if one.undated:
        said.append(words.say("time_undated", count=words.number(one.undated)))
    at = MARGIN + width(name, HEADING, bold=True) + 7.0
    line = shorten(" · ".join(said), _RIGHT - at, SMALL)
    page.text(at, y + 11.0, line, SMALL, colour=SOFT)


def _strip(page: Page, block: Block, places: dict[int, tuple[Slot, float, float]], subject: str, y: float) -> None:
    """One subject: a bar a month and binding, from nothing to all of the decided records."""
    words = page.words
    page.text(MARGIN, y + 7.0, words.say(f"time_{subject}"), LABEL, bold=True)
    for turn, line in enumerate(wrap(words.say("time_not_disclosed"), _NAME - 26.0, TINY)):
        page.text(MARGIN, y + 14.5 + turn * 6.4, line, TINY, colour=SOFT)
    end = max(left + wide for _, left, wide in places.values())
    for share, height in (("100%", 0.0), ("0%", _BAR)):
        page.line(_LEFT - 2.0, y + height, end, y + height, colour=RULE, thick=0.4)
        page.text(_LEFT - 4.0, y + height + 2.0, share, TINY, colour=SOFT, align="right")
    for slot, left, wide in places.values():
        bars = block.series.bars.get((subject, slot), ()) if slot else ()
        for turn, bar in enumerate(bars):
            room = wide / len(bars)
            _bar(page, bar, (left + turn * room, y, room))


def _bar(page: Page, bar: MonthShare, place: tuple[float, float, float]) -> None:
    """One bar with its denominator below; a thin one for few records."""
    left, y, room = place
    wide = min(room * 0.82, 14.0)
    if bar.decided < FEW:
        wide = max(1.6, wide * 0.3)
    x, top = left + (room - wide) / 2, y
    for name in _PARTS:
        high = _BAR * getattr(bar, name) / bar.decided
        page.box(x, top, wide, high, _MARKS[bar.binding][name])
        top += high
    page.line(x, y + _BAR, x + wide, y + _BAR, colour=FAINT, thick=0.6)
    figure = page.words.compact(bar.decided)
    if room >= width(figure, _FIGURE) + 1.0:
        page.text(left + room / 2, y + _BAR + 6.0, figure, _FIGURE, colour=SOFT, align="center")
    else:
        at = y + _BAR + 2.0 + width(figure, _FIGURE)
        page.text(left + room / 2 + 1.7, at, figure, _FIGURE, colour=SOFT, upright=True)


def _axis(page: Page, places: dict[int, tuple[Slot, float, float]], y: float) -> None:
    """The number of each month, the year where one begins, and a sign where the axis is broken."""
    last: date | None = None
    for slot, left, wide in places.values():
        middle = left + wide / 2
        if slot is None:
            page.text(middle, y + 4.5, page.words.say("time_break"), TINY, colour=SOFT, align="center")
            last = None
            continue
        page.text(middle, y + 4.5, str(slot.month), TINY, colour=SOFT, align="center")
        if last is None or slot.year != last.year:
            year = str(slot.year)
            page.line(left + 0.3, y - 1.0, left + 0.3, y + 13.0, colour=FAINT, thick=0.4)
            page.text(left + 2.0, y + 12.0, year if wide > 9.0 or slot.month < 11 else year[2:], TINY, bold=True)
        last = slot


def _day_of_application(
    page: Page, places: dict[int, tuple[Slot, float, float]], day: date, span: tuple[float, float]
) -> None:
    """A line through the strips at the day from which the law applies."""
    at = _at(places, day)
    if at is not None:
        page.line(at, span[0] - 6.0, at, span[1], colour=ACCENT, thick=0.9)
        said = page.words.say("time_applies", day=page.words.day(day))
        right = at + 2.0 + width(said, TINY, bold=True) > _RIGHT
        x = at - 2.0 if right else at + 2.0
        page.text(x, span[0], said, TINY, bold=True, colour=ACCENT, align="right" if right else "left")


def _at(places: dict[int, tuple[Slot, float, float]], day: date) -> float | None:
    """Where the day stands on the axis; nowhere if its month is not drawn."""
    for slot, left, wide in places.values():
        if slot and (slot.year, slot.month) == (day.year, day.month):
            return left + wide * (day.day - 1) / monthrange(day.year, day.month)[1]
    return None


def _votes(page: Page, block: Block, places: dict[int, tuple[Slot, float, float]], y: float) -> None:
    """A mark at each vote of the countries concerned, with their codes where there is room for them."""
    by_month: dict[float, list[Vote]] = {}
    for vote in block.series.votes:
        at = _at(places, vote.day)
        if at is not None:
            by_month.setdefault(_at(places, vote.day.replace(day=15)) or at, []).append(vote)
    taken = _LEFT - 4.0
    for middle, votes in sorted(by_month.items()):
        page.shape(((middle - 2.0, y - 1.8), (middle + 2.0, y - 1.8), (middle, y + 1.4)), SOFT)
        said = _codes(votes, page.words)
        long = width(said, TINY)
        left = min(max(middle - long / 2, _LEFT), _RIGHT - long)
        if left > taken + 2.0:
            page.box(left - 1.0, y - 8.4, long + 2.0, 6.2, Mark(PAPER))
            page.text(left, y - 3.6, said, TINY, colour=SOFT)
            taken = left + long


def _codes(votes: Sequence[Vote], words: Words) -> str:
    """Whose votes: the Union's, the codes of two countries, or one code and how many more."""
    if len(votes) > 2 and all(vote.kind == "european" for vote in votes):
        return words.say("time_union")
    codes = sorted({vote.country for vote in votes})
    return " ".join(codes) if len(codes) < 3 else f"{codes[0]} +{len(codes) - 1}"
