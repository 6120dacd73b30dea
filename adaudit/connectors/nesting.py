"""How deep JSON is nested, told from its bytes before any reader is given it: readers fail far beyond.

Brackets inside texts are no nesting.
"""

from typing import Final

import numpy as np

from adaudit.connectors.marks import after, from_odd_to_even, number_in, odd_at_end, pieces, places

DEEPEST: Final = 64
"""Levels of nesting that are read; no source has more than a dozen, and readers fail far beyond."""

BRACKETS: Final = b"[]{}"
BRACE: Final = 0x20
"""The bit that makes `[` a `{` and `]` a `}`."""
OPENING, CLOSING = b"{}"
OPENS: Final = 0b10
"""The bit that is set in `[` and `{` and not in `]` and `}`."""
QUOTE, BACKSLASH = 0x22, 0x5C
NOT_MARKS: Final = bytes(set(range(256)) - set(BRACKETS + b'"'))


def nesting(data: bytes) -> int:
    """Levels of lists and objects, brackets inside texts not counted; where they are few, at most so many."""
    levels = _depth_at_most(data)
    return levels if levels <= DEEPEST else _depth(_without_escapes(data))


def _without_escapes(data: bytes) -> bytes:
    """The bytes without any backslash or quote that a backslash escapes."""
    return data.replace(b"\\\\", b"").replace(b'\\"', b"")


def _depth(data: bytes) -> int:
    marks = np.frombuffer(data.translate(None, NOT_MARKS), dtype=np.uint8)
    quote = marks == QUOTE
    outside = np.cumsum(quote, dtype=np.uint8) & 1 == 0
    steps = (marks[outside & ~quote] & OPENS).astype(np.int8) - np.int8(1)
    return int(np.cumsum(steps, dtype=np.int32).max(initial=0))


def _depth_at_most(data: bytes) -> int:
    """Levels that cannot be exceeded: those before each 64 bytes, and all that open in them."""
    levels, deepest, odd = 0, 0, False
    escapes = b"\\" in data
    codes = np.frombuffer(data, dtype=np.uint8)
    for start, piece in pieces(codes):
        quotes = places(piece, QUOTE)
        if escapes:
            one, two = (codes[max(start - n, 0) : start][:1] == BACKSLASH for n in (1, 2))
            escaping = after(places(piece, BACKSLASH), first=bool(one.any()))
            if (quotes & escaping & after(escaping, first=bool(two.any()))).any():
                return _depth_at_most(_without_escapes(data))
            quotes &= ~escaping
        outside = ~from_odd_to_even(quotes, odd=odd)
        odd = not odd_at_end(outside)
        braces = piece | np.uint8(BRACE)
        opened, closed = (number_in(places(braces, one) & outside).view(np.int8) for one in (OPENING, CLOSING))
        reached = levels + np.cumsum(opened - closed, dtype=np.int64)
        deepest = max(deepest, int((reached + closed).max()))
        levels = int(reached[-1])
    return deepest
