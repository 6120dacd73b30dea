"""Names of countries as sources write them, read as ISO 3166-1 alpha-2 codes."""

import csv
from functools import cache
from importlib import resources

import polars as pl


@cache
def _rows() -> list[dict[str, str]]:
    text = resources.files("adaudit.model").joinpath("countries.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def codes() -> frozenset[str]:
    """Every alpha-2 code known."""
    return frozenset(row["code"] for row in _rows())


@cache
def code_by_name() -> dict[str, str]:
    """Country code by English name in lower case, other spellings included."""
    names = {row["name"].lower(): row["code"] for row in _rows()}
    for row in _rows():
        names |= {alias: row["code"] for alias in row["aliases"].split(";") if alias}
    return names


def code_of(name: pl.Expr) -> pl.Expr:
    """The alpha-2 code of an English country name; null where the name is not known."""
    return (
        name.str.strip_chars().str.to_lowercase().replace_strict(code_by_name(), default=None, return_dtype=pl.String)
    )


def name_of(code: str, lang: str = "en") -> str:
    """The name of a country; the code itself where it is not known."""
    column = "name_nl" if lang == "nl" else "name"
    return next((row[column] for row in _rows() if row["code"] == code), code)
