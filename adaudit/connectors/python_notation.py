"""Rewrites cells that Python's exporters fill with lists and dicts (`['a', "it's"]`) as JSON, in columns.

Python writes what `repr` gives: either kind of quote, `None`, `True`, escapes of its own. A cell that
is JSON already comes out as it went in. Nothing is evaluated.
"""

from typing import Final

import polars as pl

PIECE: Final = r"""(?s)'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^'"]+|['"]"""
"""A text in either kind of quote, what stands between texts, or a quote that opens nothing."""
BACKSLASH: Final = "\x01"
"""Stands for an escaped backslash while other escapes are read: neither notation holds it unescaped."""
BEYOND: Final = r"\\U[0-9a-fA-F]{8}"
WORDS: Final = {r"\bNone\b": "null", r"\bnan\b": "null", r"\bTrue\b": "true", r"\bFalse\b": "false"}


def _beyond(cells: pl.Series) -> dict[str, str]:
    """Escapes such as `\\U000e0067`, which JSON does not have, each with its character."""
    found = cells.str.extract_all(BEYOND).explode().drop_nulls().unique().to_list()
    numbers = {escape: int(escape[2:], 16) for escape in found}
    return {escape: chr(number) for escape, number in sorted(numbers.items()) if number <= 0x10FFFF}


def as_json(cells: pl.Series) -> pl.Series:
    """The cells (String) in JSON; one that is in neither notation becomes something that is no JSON."""
    once = cells.str.replace_all(r"\\", BACKSLASH, literal=True)
    beyond = _beyond(once)
    if beyond:
        once = once.str.replace_many(beyond)
    inner = pl.element().str.slice(1).str.head(-1)
    for plain, character in (("\\'", "'"), ('\\"', '"')):
        inner = inner.str.replace_all(plain, character, literal=True)
    inner = inner.str.replace_all('"', '\\"', literal=True).str.replace_all(r"\\x([0-9a-fA-F]{2})", r"\u00${1}")
    between = pl.element()
    for word, value in WORDS.items():
        between = between.str.replace_all(word, value)
    quoted = pl.element().str.contains(r"(?s)^['\"].*['\"]$") & (pl.element().str.len_bytes() > 1)
    token = pl.when(quoted).then(pl.format('"{}"', inner)).otherwise(between)
    frame = once.to_frame("cell").with_columns(held=cells.str.contains(BACKSLASH, literal=True))
    written = pl.col("cell").str.extract_all(PIECE).list.eval(token).list.join("")
    return frame.select(
        pl.when("held").then(pl.lit("")).otherwise(written.str.replace_all(BACKSLASH, r"\\", literal=True))
    ).to_series()
