"""Brings decoded JSON into the shape of its records without reading the text again, where nothing is lost by it.

The reader decodes a document as what it infers. Texts and truth values are then what they are in the
shape, as text; whole numbers are, unless truth values stand among them, of which the reader makes 0 and
1. A number with decimals is not (`1.70585E+15`, `1.0`): of that, and of whatever else is no part of the
shape, the text has to be read again.
"""

from functools import lru_cache
from typing import Final

import polars as pl

TRUTH: Final = ["true", "false"]
EXACT: Final = (pl.Boolean(),)
EXACT_WITHOUT_TRUTH: Final = (pl.Boolean(), pl.Int64())
"""Types of which the text is what the reader makes of the JSON where it is asked for text."""

Types = tuple[pl.DataType, ...]


class Misfit(Exception):
    """A record is null, where an object belongs."""


def columns_of(records: pl.Series) -> pl.DataFrame:
    """Records in their shape as one column per key. Raises Misfit where one is null."""
    if records.null_count():
        raise Misfit
    return records.struct.unnest()


def reshaped(records: pl.Series, shape: pl.Struct, document: pl.Series) -> pl.DataFrame | None:
    """The records, decoded from the document as what was inferred, as one column per key of the shape.

    None where the text has to be read again. Keys that no record carries have no column.
    """
    found = records.dtype
    if records.null_count() or not isinstance(found, pl.Struct):
        return None
    made = _made(found, shape, EXACT)
    if made is None and not document.str.contains_any(TRUTH).any():
        made = _made(found, shape, EXACT_WITHOUT_TRUTH)
    return None if made is None else records.struct.unnest().select_seq(made)


@lru_cache(maxsize=64)
def _made(found: pl.Struct, shape: pl.Struct, exact: Types) -> list[pl.Expr] | None:
    """The columns in the shape; the many pages of one source are of a few types."""
    if _repeats(found):
        return None
    wanted = {one.name: one.dtype for one in shape.fields}
    made: list[pl.Expr] = []
    for one in found.fields:
        if one.name in wanted:
            column = _as(pl.col(one.name), one.dtype, wanted[one.name], exact)  # type: ignore[arg-type]
            if column is None:
                return None
            made.append(column.alias(one.name))
    return made or None


def _repeats(found: pl.Struct) -> bool:
    """Whether a key stands twice in one object."""
    return len({one.name for one in found.fields}) < len(found.fields)


def _as(value: pl.Expr, found: pl.DataType, shape: pl.DataType, exact: Types) -> pl.Expr | None:
    """The value in the shape; None where something would be lost."""
    if found == shape:
        return value
    if found == pl.Null:
        return value.cast(shape)
    if shape == pl.String:
        return value.cast(pl.String) if found in exact else None
    if isinstance(shape, pl.List) and isinstance(found, pl.List):
        inner = _as(pl.element(), found.inner, shape.inner, exact)  # type: ignore[arg-type]
        return None if inner is None else value.list.eval(inner)
    if isinstance(shape, pl.Struct) and isinstance(found, pl.Struct) and found.fields and not _repeats(found):
        return _as_object(value, found, shape, exact)
    return None


def _as_object(value: pl.Expr, found: pl.Struct, shape: pl.Struct, exact: Types) -> pl.Expr | None:
    have = {one.name: one.dtype for one in found.fields}
    parts: list[pl.Expr] = []
    for one in shape.fields:
        part: pl.Expr | None = pl.lit(None, dtype=one.dtype)
        if one.name in have:
            part = _as(value.struct.field(one.name), have[one.name], one.dtype, exact)  # type: ignore[arg-type]
        if part is None:
            return None
        parts.append(part.alias(one.name))
    return pl.when(value.is_not_null()).then(pl.struct(parts))
