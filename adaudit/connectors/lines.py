"""Reads JSON lines: a file with one JSON value on each line, be it a record or an answer of the source.

A line that is no JSON is set aside alone, with its number; blank lines are no lines.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

import polars as pl

from adaudit.connectors.document import PLACE, Lined, Outline, outline
from adaudit.connectors.encoding import BOM, text_of, whole_characters
from adaudit.connectors.nesting import DEEPEST, nesting
from adaudit.connectors.raw import Rejected
from adaudit.errors import InputError

LINE: Final = re.compile(rb"[^\r\n]+")
LOOKED_AT: Final = 5
"""Lines that are looked at to tell JSON lines from one document."""


@dataclass(frozen=True)
class Lines:
    """The lines that are JSON, with their numbers in the file from 1, and those that are not."""

    numbers: tuple[int, ...]
    texts: list[str]
    rejected: tuple[Rejected, ...]
    inferred: pl.Series | None
    """What the lines hold, decoded; None where they cannot be decoded together."""
    place: str = PLACE
    """Where a line of a number stands."""

    def outline(self) -> Outline:
        """The outline of records that stand one on each line. Raises UnreadableInput."""
        return Lined.of(self.texts, self.numbers, self.inferred, self.place)


def lines_of(data: bytes) -> Lines | None:
    """The lines of a file that holds several JSON values; None where it is one document.

    Raises UnreadableInput where the bytes are no UTF-8.
    """
    body = data.strip()
    if b"\n" not in body and b"\r" not in body:
        return None
    first = _first_lines(data)
    if len(first) < 2:
        return None
    complete = [_is_value(one) for one in first]
    if not complete[0] and 2 * sum(complete) <= len(first):
        return None
    if not complete[0] and _is_document(data):
        return None
    numbers: list[int] = []
    texts: list[str] = []
    for number, line in enumerate(whole_characters(text_of(data)).encode().splitlines(), start=1):
        text = line.decode().strip()
        if text:
            numbers.append(number)
            texts.append(text)
    return lines_at(numbers, texts)


def lines_at(numbers: Sequence[int], texts: list[str], place: str = PLACE) -> Lines:
    """The texts that are JSON, with their numbers, and those that are not; `place` says where one stands."""
    deep = _too_deep(texts)
    inferred = None if deep or any(text[:1] not in {"{", "["} for text in texts) else _decoded(texts)
    if inferred is not None:
        return Lines(tuple(numbers), texts, (), inferred, place)
    reasons = _broken(texts, deep)
    rejected = [Rejected(place.format(numbers[i]), why, texts[i]) for i, why in reasons.items()]
    kept = [i for i in range(len(texts)) if i not in reasons]
    left = [texts[i] for i in kept]
    return Lines(tuple(numbers[i] for i in kept), left, tuple(rejected), _decoded(left), place)


def _first_lines(data: bytes) -> list[bytes]:
    """The first lines that are not blank."""
    lines = (match[0].strip() for match in LINE.finditer(data.removeprefix(BOM)))
    return list(islice((line for line in lines if line), LOOKED_AT))


def _is_value(line: bytes) -> bool:
    """Whether the line is an object or array by itself."""
    if line[:1] + line[-1:] not in {b"{}", b"[]"}:
        return False
    try:
        return isinstance(json.loads(line), dict | list)
    except (ValueError, RecursionError):
        return False


def _is_document(data: bytes) -> bool:
    try:
        outline(data)
    except InputError:
        return False
    return True


def _too_deep(texts: list[str]) -> dict[int, str]:
    """Why lines are nested too deep to be read, by index."""
    why = f"nested deeper than {DEEPEST} levels"
    return {i: why for i, text in enumerate(texts) if _may_be_deep(text) and nesting(text.encode()) > DEEPEST}


def _may_be_deep(text: str) -> bool:
    """Whether enough brackets open in the text, wherever they stand."""
    return text.count("[") + text.count("{") > DEEPEST


def _decoded(texts: list[str]) -> pl.Series | None:
    """The lines as values of one type; None where one is no JSON, or of another type."""
    try:
        return pl.Series(texts, dtype=pl.String).str.json_decode(infer_schema_length=None)
    except pl.exceptions.PolarsError:
        return None


def _broken(texts: list[str], deep: dict[int, str]) -> dict[int, str]:
    """Why lines are no objects or arrays, by index, asked one by one."""
    reasons = dict(deep)
    for index, text in enumerate(texts):
        if index in deep:
            continue
        try:
            value = json.loads(text)
        except ValueError as error:
            reasons[index] = f"a line that is no JSON ({error})"
            continue
        if not isinstance(value, dict | list):
            reasons[index] = f"a JSON {type(value).__name__} where an object belongs"
    return reasons
