"""Where single bytes stand, 64 places to a word: what is inside of quotes is told without a step per byte.

A word holds 64 places of the bytes, the first in its lowest bit, so that one operation speaks of all.
Bytes are looked at piece by piece, so that what is made of them on the way stays near the processor.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

Codes = np.ndarray
"""Bytes as UInt8."""
Words = np.ndarray
"""Places as UInt64, 64 to a word; behind the last byte stands nothing."""

AT_ONCE: Final = 2**20
"""Bytes of a piece; a whole number of words."""
ONE: Final = np.uint64(1)
LAST: Final = np.uint64(63)
STEPS: Final = tuple(np.uint64(step) for step in (1, 2, 4, 8, 16, 32))


def pieces(codes: Codes) -> Iterator[tuple[int, Codes]]:
    """The bytes piece by piece, each with where it begins."""
    for start in range(0, len(codes), AT_ONCE):
        yield start, codes[start : start + AT_ONCE]


def places(codes: Codes, *wanted: int) -> Words:
    """Where any of the wanted bytes stands."""
    found = codes == wanted[0]
    for other in wanted[1:]:
        found |= codes == other
    packed = np.packbits(found, bitorder="little")
    if len(packed) % 8:
        packed = np.concatenate([packed, np.zeros(-len(packed) % 8, dtype=np.uint8)])
    return packed.view("<u8")


def number_in(words: Words) -> np.ndarray:
    """How many places each word holds (UInt8)."""
    counts: np.ndarray = np.bitwise_count(words)
    return counts


def after(words: Words, *, first: bool) -> Words:
    """The place after each; `first` says whether one stands before the first place."""
    moved = words << ONE
    moved[1:] |= words[:-1] >> LAST
    moved[0] |= np.uint64(first)
    return moved


def before(words: Words, length: int, *, last: bool) -> Words:
    """The place before each; `last` says whether one stands after the last of `length` places."""
    moved = words >> ONE
    moved[:-1] |= words[1:] << LAST
    moved[-1] |= np.uint64(last << (length - 1) % 64)
    return moved


def from_odd_to_even(words: Words, *, odd: bool) -> Words:
    """All places from the first on and before the second, from the third on and before the fourth, and so on.

    `odd` says whether an odd number of places stands before these: then the first is an even one.
    """
    found, moved = words.copy(), np.empty_like(words)
    for step in STEPS:
        found ^= np.left_shift(found, step, out=moved)
    carried = np.bitwise_xor.accumulate(np.right_shift(found, LAST, out=moved))
    found[1:] ^= np.negative(carried[:-1], out=moved[1:])
    return np.invert(found, out=found) if odd else found


def odd_at_end(words: Words) -> bool:
    """Whether the last place stands inside, in places told by `from_odd_to_even`."""
    return bool(words[-1] >> LAST)
