"""The share of checks that a rule decided so, run by run: one chart, a block for each form of each source.

Each run is a dot at its time; its share never stands without its denominator. Where adaudit or the configuration
changed between two runs a dotted line says so: what moved there may not be the ads.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby, pairwise
from pathlib import Path
from typing import Final

from adaudit import __version__
from adaudit.batch.record import Point
from adaudit.charts.style import (
    ACCENT,
    BAND,
    FAINT,
    HEADING,
    INK,
    LABEL,
    MARGIN,
    RULE,
    SMALL,
    SOFT,
    TINY,
    WIDTH,
    Frame,
    Mark,
    Page,
    settings,
)
from adaudit.charts.text import width
from adaudit.charts.wording import Words
from adaudit.language import Language, in_language, number, percent, share, texts_of
from adaudit.rules import texts

SAY: Final = texts_of("adaudit.batch")
LEFT, RIGHT, HEAD, PLOT, AXIS, BETWEEN = MARGIN + 26.0, WIDTH - MARGIN - 30.0, 16.0, 74.0, 22.0, 12.0
MOST_BLOCKS: Final = 6
"""Blocks on a page."""
Block = list[Point]


def draw_trend(points: Sequence[Point], verdicts: Sequence[str], folder: Path, language: Language) -> list[Path]:
    """Draw the points of one rule into the folder, as PNG and SVG of each page; the files.

    Raises ValueError where there are no points.
    """
    blocks = [list(found) for _, found in groupby(points, key=lambda one: (one.source, one.form, one.kind))]
    if not blocks:
        raise ValueError("expected at least one point")
    pages = [blocks[start : start + MOST_BLOCKS] for start in range(0, len(blocks), MOST_BLOCKS)]
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    with settings():
        for turn, chosen in enumerate(pages, start=1):
            page = _page(chosen, verdicts, language, (turn, len(pages)))
            stem = f"trend_{points[0].rule}"
            written += page.save(folder, stem if turn == 1 else f"{stem}-{turn}")
    return written


def _page(blocks: list[Block], verdicts: Sequence[str], language: Language, turn: tuple[int, int]) -> Page:
    words = texts()[blocks[0][0].rule]["title"]
    decided = ", ".join(texts_of("adaudit.model").say(f"verdict_{one}", language) for one in verdicts)
    runs = sorted({one.run for block in blocks for one in block})
    frame = Frame(
        SAY.say("trend_headline", language, rule=words[language], verdicts=decided),
        in_language(SAY.of("trend_runs", len(runs), first=runs[0], last=runs[-1]), language),
        [SAY.say("trend_note", language), SAY.say("trend_made", language, adaudit=__version__)],
        [_in_words(block, language) for block in blocks],
        Words(language),
        turn,
    )
    high = HEAD + PLOT + AXIS
    page = Page(frame, len(blocks) * (high + BETWEEN))
    began = [one.began for block in blocks for one in block]
    for place, block in enumerate(blocks):
        _draw(page, block, page.top + place * (high + BETWEEN), (min(began), max(began)), language)
    return page


def _in_words(block: Block, language: Language) -> str:
    """The first and the last share of a block, and the lowest and the highest between, in a sentence."""
    first, last = block[0], block[-1]
    decided = [one for one in block if one.of]
    lowest, highest = (pick(decided or block, key=_share) for pick in (min, max))
    values = {
        name: share(one.count, one.of, language)
        for name, one in (("first", first), ("last", last), ("lowest", lowest), ("highest", highest))
    }
    return SAY.say("trend_figures", language, source=f"{first.source} {first.form}", **values)


def _share(one: Point) -> float:
    return one.count / one.of if one.of else 0.0


def _draw(page: Page, block: Block, top: float, span: tuple[datetime, datetime], language: Language) -> None:
    """One block: its name, an axis from nothing to everything, a dot for each run."""
    title = f"{block[0].source} {block[0].form} ({texts_of('adaudit.model').say(f'kind_{block[0].kind}', language)})"
    page.text(MARGIN, top + 9.0, title, HEADING, bold=True)
    top += HEAD
    page.box(LEFT, top, RIGHT - LEFT, PLOT, Mark(BAND))
    for tick in (0, 25, 50, 75, 100):
        y = top + PLOT * (1 - tick / 100)
        page.line(LEFT, y, RIGHT, y, colour=RULE, thick=0.4)
        page.text(LEFT - 3.0, y + 2.0, percent(tick, 100, language), TINY, colour=SOFT, align="right")
    decided = [one for one in block if one.of]
    spots = {one.run: (_at(one.began, span), top + PLOT * (1 - _share(one))) for one in decided}
    for one in block:
        if one.changed:
            page.line(_at(one.began, span), top, _at(one.began, span), top + PLOT, colour=FAINT, thick=0.7, dotted=True)
    for before, after in pairwise(decided):
        page.line(*spots[before.run], *spots[after.run], colour=ACCENT, thick=0.8)
    for one in decided:
        page.dot(*spots[one.run], 1.7, ACCENT)
    for one in {decided[0].run: decided[0], decided[-1].run: decided[-1]}.values() if decided else ():
        x, y = spots[one.run]
        page.text(
            _inside(x),
            y - 4.0 if y > top + 9.0 else y + 9.0,
            share(one.count, one.of, language),
            SMALL,
            colour=INK,
            align="center",
        )
    _under(page, block, top + PLOT, span, language)


def _under(page: Page, block: Block, y: float, span: tuple[datetime, datetime], language: Language) -> None:
    """Below the axis: the number of each run and the checks that could be decided, where there is room."""
    free = LEFT - 10.0
    for one in reversed(block):
        x = _at(one.began, span)
        said = f"{number(one.run, language)}: {number(one.of, language)}"
        half = width(said, TINY) / 2
        if one is block[-1] or x + half < free - 4.0:
            page.line(x, y, x, y + 2.5, colour=SOFT, thick=0.5)
            page.text(x, y + 8.5, said, TINY, colour=SOFT, align="center")
            free = x - half
    ends = (f"{span[0]:%Y-%m-%d %H:%MZ}", f"{span[1]:%Y-%m-%d %H:%MZ}")
    page.text(LEFT, y + 17.0, ends[0], LABEL - 1.0, colour=FAINT)
    if ends[1] != ends[0]:
        page.text(RIGHT, y + 17.0, ends[1], LABEL - 1.0, colour=FAINT, align="right")


def _at(when: datetime, span: tuple[datetime, datetime]) -> float:
    """The place of an instant between the first and the last."""
    whole = (span[1] - span[0]).total_seconds()
    part = (when - span[0]).total_seconds() / whole if whole else 0.5
    return LEFT + 12.0 + part * (RIGHT - LEFT - 24.0)


def _inside(x: float) -> float:
    """The middle of a label that stays on the sheet."""
    return min(max(x, LEFT + 22.0), RIGHT - 10.0)
