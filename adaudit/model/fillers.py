"""Recognises filler: what stands where a value belongs, from look-up data and not by branches."""

import tomllib
from collections.abc import Callable
from functools import cache
from importlib import resources

import polars as pl

from adaudit.model.record import TEXT_COLUMNS, bits


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
    if column.endswith(("_address", "_establishment")):
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
    filled = [name for name in TEXT_COLUMNS if frame[name].null_count() < frame.height]
    found = {name: _fillers(frame[name]) for name in filled}

    def mask(test: Callable[[str], pl.Expr | None]) -> pl.Expr:
        tests = {name: test(name) for name in filled}
        parts = (
            one.fill_null(value=False).cast(pl.UInt64) * bits([name], TEXT_COLUMNS)
            for name, one in tests.items()
            if one is not None
        )
        return pl.sum_horizontal(*parts, pl.lit(0, pl.UInt64)).cast(pl.UInt64)

    def among(kind: str) -> Callable[[str], pl.Expr | None]:
        return lambda name: pl.col(name).is_in(found[name][kind].implode()) if len(found[name][kind]) else None

    tests = {"present_mask": present, "placeholder_mask": among("placeholder"), "nobody_mask": among("nobody")}
    return frame.with_columns(mask(test).alias(name) for name, test in tests.items())


def _fillers(column: pl.Series) -> dict[str, pl.Series]:
    """The different texts of the column that are a stand-in, and those that say that nobody was named."""
    texts = column.unique().to_frame()
    told = texts.with_columns(
        placeholder(column.name).alias("a stand-in"),
        nobody(column.name).alias("says nobody"),
    )
    return {
        kind: told.filter(pl.col(by)).to_series(0)
        for kind, by in (("placeholder", "a stand-in"), ("nobody", "says nobody"))
    }
