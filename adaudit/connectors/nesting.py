"""How deep JSON is nested, told from its bytes before any reader is given it: readers fail far beyond.

Brackets inside texts are no nesting.
"""

from typing import Final

import numpy as np

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
    levels = _depth_at_most(np.frombuffer(data, dtype=np.uint8))
    if levels <= DEEPEST:
        return levels
    codes = np.frombuffer(data, dtype=np.uint8)
    places = np.flatnonzero(_brackets(codes) | (codes == QUOTE))
    marks, before = codes[places], codes[np.maximum(places - 1, 0)]
    escaped = (marks == QUOTE) & (before == BACKSLASH)
    if (codes[np.maximum(places[escaped] - 2, 0)] == BACKSLASH).any():
        marks = np.frombuffer(_without_escapes(data).translate(None, NOT_MARKS), dtype=np.uint8)
    else:
        marks = marks[~escaped]
    quote = marks == QUOTE
    outside = np.cumsum(quote, dtype=np.uint8) & 1 == 0
    steps = (marks[outside & ~quote] & OPENS).astype(np.int8) - np.int8(1)
    return int(np.cumsum(steps, dtype=np.int32).max(initial=0))


def _without_escapes(data: bytes) -> bytes:
    """The bytes without any backslash or quote that a backslash escapes."""
    return data.replace(b"\\\\", b"").replace(b'\\"', b"")


def _brackets(codes: np.ndarray) -> np.ndarray:
    braces = codes | BRACE
    found: np.ndarray = (braces == OPENING) | (braces == CLOSING)
    return found


def _depth_at_most(codes: np.ndarray) -> int:
    """Levels that cannot be exceeded: those before each block of bytes, and all that open in it."""
    opened, closed = (_in_blocks((codes | BRACE) == bracket) for bracket in (OPENING, CLOSING))
    before = np.cumsum(opened - closed) - (opened - closed)
    return int((before + opened).max(initial=0))


def _in_blocks(true: np.ndarray) -> np.ndarray:
    """How often it is true in each block of 64."""
    packed = np.packbits(true)
    packed = np.pad(packed, (0, -len(packed) % 8))
    return np.bitwise_count(packed.view(np.uint64)).astype(np.int64)
