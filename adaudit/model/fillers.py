"""Recognises filler: what stands where a value belongs, from look-up data and not by branches."""

import tomllib
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Final

import polars as pl

from adaudit.model.record import TEXT_COLUMNS, bits

ADDRESSES: Final = ("_address", "_establishment")
"""Ends of the names of columns of which the street tells whether they are filler."""


@cache
def _data() -> dict[str, list[str]]:
    data: dict[str, list[str]] = tomllib.loads(
        resources.files("adaudit.model").joinpath("fillers.toml").read_text("utf-8")
    )
    return data


@cache
def placeholder(column: str) -> pl.Expr:
    """Whether the text is a stand-in for a value: a filler word, or nothing but zeros; of an address, its street."""
    text = pl.col(column).str.to_lowercase()
    if column.endswith(ADDRESSES):
        text = text.str.split(",").list.first().str.strip_chars()
    return text.is_in(_data()["placeholder"]) | (text.str.strip_chars("0") == "")


@cache
def nobody(column: str) -> pl.Expr:
    """Whether the wording says that nobody was named."""
    text = pl.col(column).str.to_lowercase()
    found = text.is_in(_data()["nobody"])
    for prefix in _data()["nobody_prefixes"]:
        found = found | text.str.starts_with(prefix)
    return found


def present(column: str) -> pl.Expr:
    """Whether the column holds any text: rules that ask no more need not read the text itself."""
    return pl.col(column).is_not_null()


def masks(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with `present_mask`, `placeholder_mask` and `nobody_mask` over its text columns."""
    there = [name for name in TEXT_COLUMNS if frame[name].null_count() < frame.height]
    in_words = [name for name in there if not name.endswith(ADDRESSES)]
    fillers = {name: _fillers(frame, [name]) for name in there if name not in in_words}
    fillers |= dict.fromkeys(in_words, _fillers(frame, in_words))

    def mask(test: Callable[[str], pl.Expr | None]) -> pl.Expr:
        tests = {name: test(name) for name in there}
        parts = (
            one.fill_null(value=False).cast(pl.UInt64) * bits([name], TEXT_COLUMNS)
            for name, one in tests.items()
            if one is not None
        )
        return pl.sum_horizontal(*parts, pl.lit(0, pl.UInt64)).cast(pl.UInt64)

    def among(kind: str) -> Callable[[str], pl.Expr | None]:
        return lambda name: pl.col(name).is_in(found.implode()) if len(found := fillers[name][kind]) else None

    tests = {"present_mask": present, "placeholder_mask": among("placeholder"), "nobody_mask": among("nobody")}
    return frame.with_columns(mask(test).alias(name) for name, test in tests.items())


def _fillers(frame: pl.DataFrame, columns: list[str]) -> dict[str, pl.Series]:
    """The different texts of columns that are read alike: those that are a stand-in, and that say nobody was named."""
    texts = [frame[name].unique().rename(columns[0]) for name in columns]
    if not texts:
        return {}
    told = pl.concat(texts).to_frame()
    told = told.with_columns(placeholder(columns[0]).alias("a stand-in"), nobody(columns[0]).alias("says nobody"))
    return {
        kind: told.filter(pl.col(by)).to_series(0).unique()
        for kind, by in (("placeholder", "a stand-in"), ("nobody", "says nobody"))
    }
