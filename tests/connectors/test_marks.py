"""What is told of 64 places at a time is what is told of one after another, at the borders of pieces too."""

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaudit.connectors import marks
from adaudit.connectors.nesting import DEEPEST, nesting
from adaudit.connectors.rows import separators_outside

PIECE = 64


@pytest.fixture(autouse=True, scope="module")
def small_pieces() -> object:
    """Pieces of one word, so that every test crosses their borders."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(marks, "AT_ONCE", PIECE)
        yield


def codes_of(text: str) -> np.ndarray:
    return np.frombuffer(text.encode(), dtype=np.uint8)


def told(words: np.ndarray, length: int) -> list[int]:
    """The places in the words, one by one."""
    found = [64 * i + bit for i, word in enumerate(words) for bit in range(64) if int(word) >> bit & 1]
    return [place for place in found if place < length]


@given(st.text(st.sampled_from('a,"'), min_size=1, max_size=300))
def test_places_and_their_neighbours(text: str) -> None:
    at = [i for i, c in enumerate(text) if c == '"']
    words = marks.places(codes_of(text), ord('"'))
    assert told(words, len(text)) == at
    assert int(marks.number_in(words).sum()) == len(at)
    assert told(marks.after(words, first=False), len(text)) == [i + 1 for i in at if i + 1 < len(text)]
    assert told(marks.before(words, len(text), last=False), len(text)) == [i - 1 for i in at if i]
    assert 0 in told(marks.after(words, first=True), len(text))
    assert len(text) - 1 in told(marks.before(words, len(text), last=True), len(text))


@given(st.text(st.sampled_from('a"'), min_size=1, max_size=300), st.booleans())
def test_from_odd_to_even(text: str, odd: bool) -> None:
    count, inside = int(odd), []
    for i, c in enumerate(text):
        count += c == '"'
        inside += [i] if count % 2 else []
    words = marks.from_odd_to_even(marks.places(codes_of(text), ord('"')), odd=odd)
    assert told(words, len(text)) == inside


def in_place(text: str) -> bool:
    """Whether every quote opens a cell at its start or closes it at its end, told one after another."""
    at = [i for i, c in enumerate(text) if c == '"']
    paired = {b for a, b in pairwise(at) if b == a + 1}
    for number, i in enumerate(at):
        if number % 2 == 0 and not (i == 0 or text[i - 1] in ",\r\n" or i in paired):
            return False
        if number % 2 == 1 and not (i == len(text) - 1 or text[i + 1] in ",\r\n" or i + 1 in paired):
            return False
    return len(at) % 2 == 0


@given(st.text(st.sampled_from('ab,,""\n\r'), min_size=1, max_size=200))
def test_separators_of_any_text(text: str) -> None:
    found = separators_outside(codes_of(text), b",")
    assert (found is not None) == in_place(text)
    if found is not None:
        inside = "".join(c for i, c in enumerate(text) if text[:i].count('"') % 2)
        assert found == text.count(",") - inside.count(",")


@given(st.lists(st.lists(st.text(st.sampled_from('ab,"\n'), max_size=90), min_size=2, max_size=4), min_size=1))
def test_separators_of_whole_tables(rows: list[list[str]]) -> None:
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    assert separators_outside(codes_of("\n".join(lines)), b",") == sum(len(row) - 1 for row in rows)


@given(st.text(st.sampled_from('[]{}"\\ax'), max_size=200), st.integers(0, 90))
def test_depth_beyond_the_limit_is_seen_at_every_border(text: str, depth: int) -> None:
    value: object = "x"
    for _ in range(depth):
        value = [value]
    assert (nesting(json.dumps([text, text, value]).encode()) > DEEPEST) == (depth + 1 > DEEPEST)
