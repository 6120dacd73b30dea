"""Shapes of JSON records as types: maps of free keys in them, and the names of their fields."""

from typing import Final

import polars as pl

ANY_KEYS: Final = pl.Struct([])
"""In a shape: an object whose keys are data (a map by country), each value read as text."""


def leaves_keys_open(shape: pl.DataType) -> bool:
    """Whether the shape holds a map of free keys (ANY_KEYS)."""
    if isinstance(shape, pl.List):
        return leaves_keys_open(shape.inner)  # type: ignore[arg-type]
    if not isinstance(shape, pl.Struct):
        return False
    return not shape.fields or any(leaves_keys_open(f.dtype) for f in shape.fields)  # type: ignore[arg-type]


def fill_keys(shape: pl.DataType, inferred: pl.DataType | None) -> pl.DataType:
    """The shape with every map of free keys replaced by the keys that were inferred."""
    if not leaves_keys_open(shape):
        return shape
    if isinstance(shape, pl.List):
        inner = inferred.inner if isinstance(inferred, pl.List) else None
        return pl.List(fill_keys(shape.inner, inner))  # type: ignore[arg-type]
    if not isinstance(shape, pl.Struct):
        return shape
    known = {f.name: f.dtype for f in inferred.fields} if isinstance(inferred, pl.Struct) else {}
    if not shape.fields:
        return pl.Struct(dict.fromkeys(sorted(known), pl.String) or {"": pl.String})
    return pl.Struct({f.name: fill_keys(f.dtype, known.get(f.name)) for f in shape.fields})  # type: ignore[arg-type]


def dotted(dtype: pl.DataType | None, prefix: str = "") -> set[str]:
    """Dotted names of all fields in a type, those inside lists included."""
    while isinstance(dtype, pl.List):
        dtype = dtype.inner  # type: ignore[assignment]
    if not isinstance(dtype, pl.Struct):
        return set()
    names: set[str] = set()
    for one in dtype.fields:
        names |= {prefix + one.name} | dotted(one.dtype, f"{prefix}{one.name}.")  # type: ignore[arg-type]
    return names
