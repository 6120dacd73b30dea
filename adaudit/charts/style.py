"""How every chart looks: sizes, colours, marks, scales, and the frame with headline and footer.

A chart is a `Page`: points from the top left corner, as wide as the text of an A4 page, so that what
is set in 6 points here is 6 points on paper. Each mark differs from the others by lightness or by
hatching as well as by hue, and so survives a black-and-white printer and colour-blind readers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from math import floor, log10
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal
from xml.sax.saxutils import escape

from adaudit.charts.text import balanced, clean, font_file, width, wrap
from adaudit.charts.wording import ENGLISH, Words

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

WIDTH: Final = 538.0
"""190 mm: A4 less 10 mm on either side. 277 mm (785 points) is the tallest that prints at full size."""
MARGIN: Final = 8.0
DPI: Final = 200

HEADLINE, SUBTITLE, HEADING, LABEL, SMALL, TINY = 14.5, 8.2, 7.4, 6.6, 6.0, 5.2
LEADING: Final = 1.32

MOST_FIGURES: Final = 14
"""Sentences with figures in an alternative text: who listens cannot skip; the data file has all of them."""

INK, SOFT, FAINT, RULE, PAPER = "#16191d", "#4d545c", "#8b929a", "#c9ced3", "#ffffff"
ACCENT, BAND = "#c63d1e", "#f3f4f5"

HAlign = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Mark:
    """A fill that is told apart by hue, lightness and hatching."""

    fill: str
    hatch: str = ""
    lines: str = RULE
    """The colour of hatching and base line."""
    edge: str = ""
    base: float = 0.0
    """The thickness of a line along the lower edge; it leaves room for figures above."""


MARKS: Final[Mapping[str, Mark]] = {
    "missing": Mark("#ee6c48"),
    "invalid": Mark("#8f1d12"),
    "partial": Mark("#f7cd6d", lines="#96610c", base=1.8),
    "ok": Mark("#cfe3f3"),
    "never": Mark("#efefef", "//////", "#b6bbc0"),
    "gap": Mark("#dde0e3", "//////", "#7f868d", "#7f868d"),
    "spend": Mark("#2f6da3"),
}
EARLIER: Final[Mapping[str, Mark]] = {
    "missing": Mark("#fef6f4", "\\\\\\\\\\\\", "#f0a08c", "#e58b74"),
    "invalid": Mark("#f3e0de", "xxxxxx", "#b5746d", "#a5564d"),
    "partial": Mark("#fff8e8", "......", "#d9b15c", "#c79a3f", 1.8),
    "gap": Mark("#ffffff", "//////", "#c8ccd0", "#b3b8bd"),
}
"""The same verdicts on ads that ran before the law applied: pale, hatched, outlined."""


@contextmanager
def settings() -> Iterator[None]:
    """Matplotlib's own defaults, whatever the user's configuration says, and repeatable bytes."""
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(
            {
                "svg.hashsalt": "adaudit",
                "svg.fonttype": "path",
                "text.parse_math": False,
                "text.usetex": False,
                "text.hinting": "no_hinting",
                "hatch.linewidth": 0.5,
                "path.simplify": False,
            }
        )
        yield


@dataclass(frozen=True)
class Frame:
    """What stands around a chart: a headline that says what is seen, what is counted, how it was made."""

    headline: str
    subtitle: str
    notes: Sequence[str]
    figures: Sequence[str] = ()
    """The main figures in sentences, for readers who cannot see the picture."""
    words: Words = ENGLISH
    turn: tuple[int, int] = (1, 1)
    """Which page this is, of how many; the subtitle says so where there are several."""

    @property
    def alt(self) -> str:
        """What the chart shows, in words: headline, subtitle, main figures."""
        more = len(self.figures) - MOST_FIGURES
        rest = self.words.say("more_figures", count=self.words.number(more)) if more > 0 else ""
        said = (f"{self.headline.rstrip('.')}.", self.subtitle, *self.figures[:MOST_FIGURES], rest)
        return " ".join(clean(one) for one in said if one)

    def head(self) -> float:
        """The height of headline and subtitle, in points."""
        return 15.0 + HEADLINE * 1.22 * len(self._headline()) + SUBTITLE * LEADING * len(self._subtitle()) + 7

    def foot(self) -> float:
        """The height of the notes, in points."""
        return 11.0 + sum(SMALL * LEADING * len(self._note(note)) + 2.0 for note in self.notes) + 3.0

    def _headline(self) -> list[str]:
        return balanced(self.headline, WIDTH - 2 * MARGIN, HEADLINE, bold=True)

    def _subtitle(self) -> list[str]:
        page, pages = self.turn
        part = self.words.say("part", page=page, pages=pages) if pages > 1 else ""
        return wrap(self.subtitle + part, WIDTH - 2 * MARGIN, SUBTITLE)

    @staticmethod
    def _note(note: str) -> list[str]:
        return wrap(note, WIDTH - 2 * MARGIN, SMALL)

    def draw(self, page: Page) -> None:
        """Draws the frame around the page's body."""
        right = WIDTH - MARGIN
        page.line(MARGIN, 6.0, right, 6.0, colour=INK, thick=0.7)
        page.box(MARGIN, 4.6, 34.0, 2.8, Mark(ACCENT))
        y = 15.0
        for line in self._headline():
            y += HEADLINE * 1.22
            page.text(MARGIN, y - 4.0, line, HEADLINE, bold=True)
        for line in self._subtitle():
            y += SUBTITLE * LEADING
            page.text(MARGIN, y, line, SUBTITLE, colour=SOFT)
        y = page.bottom + 8.0
        page.line(MARGIN, y, right, y, colour=RULE, thick=0.6)
        y += 3.0
        for note in self.notes:
            for line in self._note(note):
                y += SMALL * LEADING
                page.text(MARGIN, y, line, SMALL, colour=SOFT)
            y += 2.0


@dataclass(frozen=True)
class Scale:
    """Where an amount stands between `left` and `right`, on a linear or a logarithmic scale."""

    left: float
    right: float
    first: float
    last: float
    ticks: tuple[Decimal, ...]
    log: bool

    @classmethod
    def linear(cls, top: Decimal, left: float, right: float, words: Words = ENGLISH) -> Scale:
        """From nothing to a little more than `top`, with as many round ticks as have room."""
        if not top:
            return cls(left, right, 0.0, 1.0, (Decimal(0),), log=False)
        last = float(top) * 1.06
        for most in (5, 4, 3, 2, 1):
            power = Decimal(10) ** floor(log10(top / most))
            step = next(power * times for times in (1, 2, 5, 10) if power * times * most >= top)
            ticks = tuple(step * turn for turn in range(most + 1) if step * turn <= top)
            if width(words.exactly(ticks[-1]), TINY) + 8.0 < float(step) / last * (right - left):
                break
        return cls(left, right, 0.0, last, ticks, log=False)

    @classmethod
    def logarithmic(cls, low: Decimal, top: Decimal, left: float, right: float) -> Scale:
        """From the power of ten below `low` to a little more than `top`."""
        powers = range(floor(log10(low)), floor(log10(top)) + 1)
        ticks = tuple(Decimal(10) ** power for power in powers[:: 1 + len(powers) // 6])
        return cls(left, right, float(powers[0]), log10(top) + 0.1, ticks, log=True)

    def at(self, value: Decimal) -> float:
        """The place of the amount, in points."""
        shown = log10(value) if self.log else float(value)
        return self.left + (shown - self.first) / (self.last - self.first) * (self.right - self.left)


@dataclass(frozen=True)
class Empty:
    """There is nothing to draw, and why."""

    reason: str


class Page:
    """A sheet measured in points from its top left corner; the body lies between `top` and `bottom`."""

    def __init__(self, frame: Frame, body: float) -> None:
        """Makes room for a body of this height and draws the frame around it."""
        from matplotlib.figure import Figure

        self.headline, self.subtitle = clean(frame.headline), clean(frame.subtitle)
        self.alt, self.words = frame.alt, frame.words
        self.top = frame.head()
        self.bottom = self.top + body
        self.height = self.bottom + frame.foot()
        self.figure: Figure = Figure(figsize=(WIDTH / 72, self.height / 72), dpi=DPI, facecolor=PAPER)
        self._axes = self.figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self._axes.set_xlim(0.0, WIDTH)
        self._axes.set_ylim(self.height, 0.0)
        self._axes.set_axis_off()
        self._drawn = 0
        frame.draw(self)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        colour: str = INK,
        align: HAlign = "left",
        upright: bool = False,
    ) -> None:
        """Draws one line of cleaned text on the baseline `y`; `upright` runs it from bottom to top."""
        from matplotlib.font_manager import FontProperties
        from matplotlib.text import Text

        shown = clean(text)
        if shown:
            self._add(
                Text(
                    x,
                    y,
                    shown,
                    fontproperties=FontProperties(fname=font_file(bold=bold), size=size),
                    color=colour,
                    horizontalalignment=align,
                    verticalalignment="baseline",
                    rotation=90.0 if upright else 0.0,
                    rotation_mode="anchor",
                    parse_math=False,
                )
            )

    def box(self, x: float, y: float, wide: float, high: float, mark: Mark) -> None:
        """Draws a filled rectangle with its upper left corner at (x, y)."""
        from matplotlib.patches import Rectangle

        if wide <= 0.0 or high <= 0.0:
            return
        self._add(Rectangle((x, y), wide, high, facecolor=mark.fill, linewidth=0))
        if mark.hatch:
            lines = Rectangle((x, y), wide, high, facecolor="none", edgecolor=mark.lines, linewidth=0)
            lines.set_hatch(mark.hatch)
            self._add(lines)
        if mark.base:
            at = (x, y + high - mark.base)
            self._add(Rectangle(at, wide, mark.base, facecolor=mark.lines, linewidth=0))
        if mark.edge:
            self._add(Rectangle((x, y), wide, high, facecolor="none", edgecolor=mark.edge, linewidth=0.5))

    def line(
        self, x: float, y: float, to_x: float, to_y: float, *, colour: str, thick: float, dotted: bool = False
    ) -> None:
        """Draws a straight line."""
        from matplotlib.lines import Line2D

        style: Literal[":", "-"] = ":" if dotted else "-"
        self._add(Line2D((x, to_x), (y, to_y), color=colour, linewidth=thick, linestyle=style))

    def shape(self, points: Sequence[tuple[float, float]], colour: str) -> None:
        """Draws a filled polygon."""
        from matplotlib.patches import Polygon

        self._add(Polygon(points, closed=True, facecolor=colour, linewidth=0))

    def dot(self, x: float, y: float, radius: float, colour: str) -> None:
        """Draws a filled circle."""
        from matplotlib.patches import Circle

        self._add(Circle((x, y), radius, facecolor=colour, linewidth=0))

    def _add(self, artist: Artist) -> None:
        """Puts the artist on top of what has been drawn so far."""
        self._drawn += 1
        artist.set_zorder(self._drawn)
        self._axes.add_artist(artist)

    def save(self, folder: Path, stem: str) -> tuple[Path, Path]:
        """Writes the page as PNG and SVG without dates; the same page gives the same bytes."""
        png, svg = BytesIO(), BytesIO()
        self.figure.savefig(png, format="png", dpi=DPI, facecolor=PAPER, metadata={"Software": None})
        made: dict[str, str | None] = {"Title": self.headline, "Description": self.alt, "Date": None, "Creator": None}
        self.figure.savefig(svg, format="svg", dpi=DPI, facecolor=PAPER, metadata=made)
        paths = folder / f"{stem}.png", folder / f"{stem}.svg"
        paths[0].write_bytes(png.getvalue())
        paths[1].write_text(_described(svg.getvalue().decode("utf-8"), self.alt), encoding="utf-8", newline="\n")
        return paths


def _described(svg: str, alt: str) -> str:
    """The picture with its alternative text where screen readers look for it: `<desc>` after `<title>`."""
    return svg.replace("</title>", f"</title>\n <desc>{escape(alt)}</desc>", 1)
