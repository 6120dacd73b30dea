"""Text that is safe to draw: names from ads are hostile until they have passed `clean`.

What remains after `clean` holds no control or bidirectional-override character, no character that
the font lacks, and at most two combining marks on one letter. `wrap` and `shorten` measure in points
with the very font that is drawn, so that nothing runs out of its place.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

REGULAR: Final = "DejaVuSans.ttf"
BOLD: Final = "DejaVuSans-Bold.ttf"
THIN: Final = "\u202f"
"""Narrow no-break space: between thousands, and never a place to break a line."""
ABSENT: Final = "\u25a1"
"""Stands for a character that the font cannot draw."""
ELLIPSIS: Final = "\u2026"
FIXED: Final = "\u00a0"
"""No-break space: between words that stay on one line."""
_KEPT_SPACES: Final = frozenset((" ", THIN, FIXED))
_MOST_MARKS: Final = 2
_LONGEST: Final = 10_000


@cache
def font_file(*, bold: bool = False) -> str:
    """The path of DejaVu Sans as matplotlib ships it, or where the system keeps it."""
    import matplotlib as mpl
    from matplotlib.font_manager import FontProperties, findfont

    shipped = Path(mpl.get_data_path()) / "fonts" / "ttf" / (BOLD if bold else REGULAR)
    if shipped.is_file():
        return str(shipped)
    return findfont(FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal"))


@cache
def _drawable() -> frozenset[str]:
    """The characters that both weights of the font have."""
    from matplotlib.font_manager import get_font

    charmaps = (get_font(font_file(bold=bold)).get_charmap() for bold in (False, True))
    first, second = (frozenset(charmap) for charmap in charmaps)
    return frozenset(map(chr, first & second))


def _is_selector(char: str) -> bool:
    """True of variation selectors, which draw nothing by themselves."""
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """The text on one line, without anything invisible, and with `□` for what the font lacks."""
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", text[:_LONGEST]):
        category = unicodedata.category(char)
        if char not in _KEPT_SPACES and (char.isspace() or category in {"Zs", "Zl", "Zp"}):
            char = " "  # noqa: PLW2901
        elif category in {"Cc", "Cf"} or _is_selector(char):
            continue
        if category in {"Mn", "Me"}:
            marks += 1
            if marks > _MOST_MARKS or not kept:
                continue
        else:
            marks = 0
        kept.append(char if char in _drawable() else ABSENT)
    return " ".join(part for part in "".join(kept).split(" ") if part)


@lru_cache(maxsize=16384)
def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide the cleaned text is when drawn, in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    drawn = FontProperties(fname=font_file(bold=bold), size=size)
    return float(text_to_path.get_text_width_height_descent(text, drawn, False)[0])


def shorten(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """The cleaned text, with an ellipsis in place of its middle if it is wider than `room`.

    The middle goes, not the end: names of branches and campaigns differ at their end.
    """
    text = clean(text)
    if width(text, size, bold=bold) <= room:
        return text
    fits, fails = 0, len(text)
    while fails - fits > 1:
        kept = (fits + fails) // 2
        if width(_without_middle(text, kept), size, bold=bold) <= room:
            fits = kept
        else:
            fails = kept
    return _without_middle(text, fits)


def _without_middle(text: str, kept: int) -> str:
    """The text cut down to `kept` characters, two thirds of them from its beginning."""
    tail = kept // 3
    return text[: kept - tail].rstrip() + ELLIPSIS + (text[-tail:].lstrip() if tail else "")


def wrap(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """The cleaned text in lines no wider than `room`; a single word that is wider is shortened."""
    lines: list[str] = []
    for word in clean(text).split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, bold=bold) <= room:
            lines[-1] = longer
        elif word:
            lines.append(shorten(word, room, size, bold=bold))
    return lines


def balanced(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """As `wrap`, in lines of about one length: no headline ends on a lonely word."""
    lines = wrap(text, room, size, bold=bold)
    fits, fails = room, room / 2
    while len(lines) > 1 and fits - fails > 1.0:
        middle = (fits + fails) / 2
        narrower = wrap(text, middle, size, bold=bold)
        if len(narrower) == len(lines) and ELLIPSIS not in "".join(narrower):
            fits, lines = middle, narrower
        else:
            fails = middle
    return lines
