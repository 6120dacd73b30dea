"""Where each key of a TOML file stands, by line: the parser of the standard library does not tell."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

Key = tuple[str | int, ...]
"""The path to a value: names of tables and keys, positions in arrays of tables."""
HEADER: Final = re.compile(r"\s*(\[\[?)([^\[\]]+)\]")
STATEMENT: Final = re.compile(
    r"""\s*((?:[A-Za-z0-9_\-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_\-]+|"[^"]*"))*)\s*="""
)


def places(text: str) -> dict[Key, int]:
    """The line of each table and key of a TOML text that parses, the first being 1."""
    found: dict[Key, int] = {}
    arrays: Counter[Key] = Counter()
    table: Key = ()
    for number, line in _beginnings(text):
        if header := HEADER.match(line):
            table = _under(_names(header[2]), arrays)
            if header[1] == "[[":
                arrays[table] += 1
                table = (*table, arrays[table] - 1)
            found[table] = number
        elif statement := STATEMENT.match(line):
            found[(*table, *_names(statement[1]))] = number
    return found


def _beginnings(text: str) -> Iterator[tuple[int, str]]:
    """The lines that begin a statement: those before which the text is whole."""
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines, start=1):
        try:
            tomllib.loads("".join(lines[: number - 1]))
        except tomllib.TOMLDecodeError:
            continue
        yield number, line


def _names(dotted: str) -> Key:
    names: list[str | int] = []
    inner: object = tomllib.loads(f"{dotted} = 0")
    while isinstance(inner, dict):
        [(name, inner)] = inner.items()
        names.append(name)
    return tuple(names)


def _under(names: Key, arrays: Mapping[Key, int]) -> Key:
    """The names with the position of the last table where they lead through an array of tables."""
    found: Key = ()
    for name in names[:-1]:
        found = (*found, name)
        if found in arrays:
            found = (*found, arrays[found] - 1)
    return (*found, names[-1])


def place_of(key: Key, known: Mapping[Key, int]) -> int:
    """The line of a key, or of the nearest table around it; 1 where there is none."""
    while key and key not in known:
        key = key[:-1]
    return known.get(key, 1)
