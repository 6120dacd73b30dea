"""Recognises filler: what stands where a value belongs, from look-up data and not by branches."""

import tomllib
from functools import cache
from importlib import resources
from typing import Final

import polars as pl

ABSENT: Final = 0
VALUE: Final = 1
PLACEHOLDER: Final = 2
NOBODY: Final = 3


@cache
def _data() -> dict[str, list[str]]:
    data: dict[str, list[str]] = tomllib.loads(
        resources.files("adaudit.model").joinpath("fillers.toml").read_text("utf-8")
    )
    return data


def text_state(column: str) -> pl.Expr:
    """ABSENT, VALUE, PLACEHOLDER or NOBODY (UInt8) for each text of the column."""
    text = pl.col(column).str.strip_chars().str.to_lowercase()
    nobody = text.is_in(_data()["nobody"])
    for prefix in _data()["nobody_prefixes"]:
        nobody = nobody | text.str.starts_with(prefix)
    placeholder = text.is_in(_data()["placeholder"]) | (text.str.strip_chars("0") == "")
    return (
        pl.when(text.is_null())
        .then(pl.lit(ABSENT, pl.UInt8))
        .when(nobody)
        .then(pl.lit(NOBODY, pl.UInt8))
        .when(placeholder)
        .then(pl.lit(PLACEHOLDER, pl.UInt8))
        .otherwise(pl.lit(VALUE, pl.UInt8))
    )
