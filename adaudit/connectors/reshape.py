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


def reshaped(records: pl.Series, shape: pl.DataType, document: pl.Series) -> pl.Series | None:
    """The records, decoded from the document as what was inferred, in the shape.

    None where the text has to be read again.
    """
    made = _made(records.dtype, shape, EXACT)
    if made is None and not document.str.contains_any(TRUTH).any():
        made = _made(records.dtype, shape, EXACT_WITHOUT_TRUTH)
    if made is None:
        return None
    return records.alias("r").to_frame().select(made).to_series()


@lru_cache(maxsize=64)
def _made(found: pl.DataType, shape: pl.DataType, exact: Types) -> pl.Expr | None:
    """The records in the shape, written on `r`; the many pages of one source are of a few types."""
    return _as(pl.col("r"), found, shape, exact)


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
    if isinstance(shape, pl.Struct) and isinstance(found, pl.Struct) and found.fields:
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
