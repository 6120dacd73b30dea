"""Where the rows of a table begin and end, told from its bytes: separators, line ends, quotes.

Strict where a lenient reader guesses: a quote opens a cell only at its start and closes it only at its
end. A line that breaks this is set aside alone, and reading goes on with the line after it.
"""

import re
from dataclasses import dataclass
from typing import Final

import numpy as np

from adaudit.connectors.marks import after, before, from_odd_to_even, number_in, odd_at_end, pieces, places

SEPARATORS: Final = (b",", b";", b"\t")
"""As the sources write them and as spreadsheets save them again, the likelier first."""
QUOTED: Final = re.compile(rb'"(?:[^"]|"")*"')
DECLARED: Final = re.compile(rb"sep=([,;\t])(?:\r\n|\n|\r)", re.IGNORECASE)
QUOTE, LINE_FEED, CARRIAGE_RETURN, NUL = 0x22, 0x0A, 0x0D, 0x00
STRAY: Final = "a quote inside an unquoted cell"
NEVER_CLOSED: Final = "a quote that is never closed"
CUT_OFF: Final = "a quote that is never closed: the file may have been cut off here"
Positions = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True)
class Dialect:
    """How a table is written: what stands between cells, and where the header line begins and ends."""

    separator: bytes
    carriage_returns: bool
    """Whether a carriage return alone ends a line, as old Macintosh files have it."""
    start: int
    end: int

    @property
    def name(self) -> str:
        """The separator in words."""
        return {b",": "comma", b";": "semicolon", b"\t": "tab"}[self.separator]


def dialect_of(clean: bytes) -> Dialect:
    """The dialect, told by the header line: the separator that gives the most cells."""
    declared = DECLARED.match(clean)
    start = declared.end() if declared else 0
    feed = clean.find(b"\n", start)
    feed = len(clean) if feed < 0 else feed
    alone = _lone_return(clean, start, feed)
    end = alone if alone >= 0 else feed
    bare = QUOTED.sub(b"", clean[start:end])
    counts = {one: bare.count(one) for one in SEPARATORS}
    best = max(SEPARATORS, key=lambda one: counts[one])
    return Dialect(declared[1] if declared else best, alone >= 0, start, end)


def _lone_return(clean: bytes, start: int, end: int) -> int:
    """Where the first carriage return before `end` stands that no line feed follows; -1 without one."""
    at = clean.find(b"\r", start, end)
    return at if at >= 0 and clean[at + 1 : at + 2] != b"\n" else -1


@dataclass(frozen=True)
class Rows:
    """Start and end offset of each row, its number of cells, and why rows are no rows (by index)."""

    starts: Positions
    ends: Positions
    cells: Positions
    reasons: dict[int, str]


class _Quotes:
    """The quotes of a table and what stands beside them: which may open a cell, which may close one."""

    def __init__(self, codes: np.ndarray, separator: int) -> None:
        self.at: Positions = np.flatnonzero(codes == QUOTE)
        border = np.zeros(256, dtype=bool)
        border[[separator, LINE_FEED, CARRIAGE_RETURN]] = True
        self.pair = np.zeros(len(self.at), dtype=bool)
        self.pair[1:] = np.diff(self.at) == 1
        before, after = codes[np.maximum(self.at - 1, 0)], codes[np.minimum(self.at + 1, len(codes) - 1)]
        opens = border[before] | (self.at == 0) | self.pair
        again = np.zeros(len(self.at), dtype=bool)
        again[:-1] = self.pair[1:]
        closes = border[after] | (self.at == len(codes) - 1) | again
        even = np.arange(len(self.at)) % 2 == 0
        self._wrong = [np.flatnonzero(np.where(even == (first == 0), ~opens, ~closes)) for first in (0, 1)]

    def wrong_after(self, first: int) -> int | None:
        """The index of the next quote out of place, where cells are closed just before quote `first`."""
        wrong = self._wrong[first % 2]
        place = int(np.searchsorted(wrong, first))
        return int(wrong[place]) if place < len(wrong) else None

    def opening(self, index: int, first: int) -> int:
        """The index of the quote that opened the cell in which quote `index` closes."""
        while index - 1 > first and self.pair[index]:
            index -= 2
        return index


@dataclass(frozen=True)
class Proof:
    """What stands in a table of which every quote is in its place, and no carriage return is alone."""

    separators: int
    """How many stand outside of quoted cells."""
    pairs: bool
    """Whether a quote follows a quote: an empty cell in quotes, or a quote in a cell."""


def separators_outside(codes: np.ndarray, separator: bytes) -> int | None:
    """How many separators stand outside of quoted cells; None where a quote is out of place."""
    found = _proof(codes, separator, followed=False)
    return None if found is None else found.separators


def proof_of(clean: bytes, separator: bytes) -> Proof | None:
    """What stands in the bytes of a table; None where a quote is out of place, or no line feed follows a return."""
    return _proof(np.frombuffer(clean, dtype=np.uint8), separator, followed=b"\r" in clean)


def _proof(codes: np.ndarray, separator: bytes, *, followed: bool) -> Proof | None:
    """As `proof_of`; `followed` says whether a line feed has to follow each carriage return."""
    borders = (separator[0], LINE_FEED, CARRIAGE_RETURN, QUOTE)
    found, odd, pairs = 0, False, False
    for start, piece in pieces(codes):
        stop = start + len(piece)
        separators, quotes = places(piece, separator[0]), places(piece, QUOTE)
        ends = None
        if followed:
            ends, feeds = places(piece, CARRIAGE_RETURN), places(piece, LINE_FEED)
            if (ends & ~before(feeds, len(piece), last=stop < len(codes) and codes[stop] == LINE_FEED)).any():
                return None
            ends |= feeds
        if not (odd or quotes.any()):
            found += int(number_in(separators).sum())
            continue
        if ends is None:
            ends = places(piece, LINE_FEED, CARRIAGE_RETURN)
        inside = from_odd_to_even(quotes, odd=odd)
        beside = separators | quotes
        beside |= ends
        opens = after(beside, first=start == 0 or codes[start - 1] in borders)
        closes = before(beside, len(piece), last=stop == len(codes) or codes[stop] in borders)
        opens ^= closes
        opens &= inside
        closes ^= opens  # where a quote may stand: inside after what opens a cell, else before what closes one
        if (quotes & np.invert(closes, out=closes)).any():
            return None
        pairs = pairs or bool((quotes & after(quotes, first=start > 0 and codes[start - 1] == QUOTE)).any())
        separators &= ~inside
        found += int(number_in(separators).sum())
        odd = odd_at_end(inside)
    return None if odd else Proof(found, pairs)


def rows_of(clean: bytes, dialect: Dialect) -> Rows:
    """The rows from the header on, with the reasons for which single rows are none."""
    codes = np.frombuffer(clean, dtype=np.uint8)
    lines = _line_ends(codes, dialect.carriage_returns)
    aside, ignored = _broken_lines(codes, lines, dialect)
    quote = codes == QUOTE
    quote[ignored] = False
    outside = np.cumsum(quote, dtype=np.uint8) & 1 == 0
    keep = outside[lines]
    for start, end, _ in aside:
        keep[np.searchsorted(lines, start) : np.searchsorted(lines, end)] = False
    ends = lines[keep]
    ends = ends[ends >= dialect.end]
    if not len(ends) or ends[-1] < len(codes) - 1:
        ends = np.append(ends, len(codes))
    starts = np.concatenate(([dialect.start], ends[:-1] + 1)).astype(np.int64)
    separators = np.flatnonzero((codes == dialect.separator[0]) & outside)
    starts, ends = _split(codes, outside, separators, starts, ends)
    cells = _count(separators, starts, ends)
    reasons = {int(np.searchsorted(starts, start, side="right")) - 1: why for start, _, why in aside}
    for at in np.flatnonzero(codes == NUL):
        reasons.setdefault(int(np.searchsorted(starts, at, side="right")) - 1, "a NUL byte")
    return Rows(starts, ends, cells, reasons)


def _count(separators: Positions, starts: Positions, ends: Positions) -> Positions:
    found: Positions = np.searchsorted(separators, ends) - np.searchsorted(separators, starts) + 1
    return found


def _line_ends(codes: np.ndarray, carriage_returns: bool) -> Positions:
    feeds = codes == LINE_FEED
    if not carriage_returns:
        return np.flatnonzero(feeds)
    alone = codes == CARRIAGE_RETURN
    alone[:-1] &= ~feeds[1:]
    return np.flatnonzero(feeds | alone)


def _split(
    codes: np.ndarray, outside: np.ndarray, separators: Positions, starts: Positions, ends: Positions
) -> tuple[Positions, Positions]:
    """Rows that a carriage return alone ends, in a file whose other lines end in a line feed.

    A carriage return may as well belong to a cell: a row is split only where it has too many cells and
    every part has exactly the header's.
    """
    alone = np.flatnonzero((codes == CARRIAGE_RETURN) & outside)
    alone = alone[(alone + 1 < len(codes)) & (codes[np.minimum(alone + 1, len(codes) - 1)] != LINE_FEED)]
    if not len(alone):
        return starts, ends
    cells = _count(separators, starts, ends)
    inside = np.searchsorted(starts, alone, side="right") - 1
    more: list[int] = []
    for row in np.unique(inside[cells[inside] > cells[0]]):
        breaks = alone[inside == row]
        pieces = _count(separators, np.append(starts[row], breaks + 1), np.append(breaks, ends[row]))
        if (pieces == cells[0]).all():
            more += [int(one) for one in breaks]
    cuts = np.array(more, dtype=np.int64)
    return np.sort(np.concatenate([starts, cuts + 1])), np.sort(np.concatenate([ends, cuts]))


def _broken_lines(
    codes: np.ndarray, lines: Positions, dialect: Dialect
) -> tuple[list[tuple[int, int, str]], Positions]:
    """Start, end and reason of each line that breaks the rules of quotes, and the offsets of its quotes."""
    quotes = _Quotes(codes, dialect.separator[0])
    aside: list[tuple[int, int, str]] = []
    ignored: list[Positions] = []
    first = 0
    while True:
        wrong = quotes.wrong_after(first)
        if wrong is None:
            if (len(quotes.at) - first) % 2 == 0:
                break
            opened = quotes.opening(len(quotes.at) - 1, first)
            closing, why = False, CUT_OFF
        else:
            closing = (wrong - first) % 2 == 1
            opened = quotes.opening(wrong - 1, first) if closing else wrong
            why = STRAY
        start = _row_start(quotes.at, lines, first, opened, dialect.start)
        end = _line_end(lines, int(quotes.at[opened]), len(codes))
        if closing and wrong is not None and end < quotes.at[wrong]:
            why = NEVER_CLOSED
        after = int(np.searchsorted(quotes.at, end))
        begun = int(np.searchsorted(quotes.at, start))
        aside.append((start, end, why))
        ignored.append(quotes.at[begun:after])
        first = after
    return aside, np.concatenate(ignored) if ignored else np.array([], dtype=np.int64)


def _row_start(at: Positions, lines: Positions, first: int, quote: int, earliest: int) -> int:
    """Where the row begins in which the quote stands: after the last line end outside of quotes."""
    before = int(at[quote])
    while True:
        place = int(np.searchsorted(lines, before)) - 1
        if place < 0 or lines[place] < earliest:
            return earliest
        line = int(lines[place])
        passed = int(np.searchsorted(at, line))
        if passed <= first or (passed - first) % 2 == 0:
            return line + 1
        before = int(at[passed - 1])


def _line_end(lines: Positions, position: int, length: int) -> int:
    place = int(np.searchsorted(lines, position))
    return int(lines[place]) if place < len(lines) else length
