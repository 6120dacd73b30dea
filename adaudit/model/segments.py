"""Tells what targeting options touch: special categories of personal data, and where the data came from.

Told by the words of options, statements and lists of data categories, from look-up data and not by branches.
Words hint: who was selected, and by what data, they do not show. Distinct texts are read once a page.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final

import polars as pl

SPECIAL: Final = (
    "political_opinion",
    "religion_or_belief",
    "racial_or_ethnic_origin",
    "health",
    "sex_life_or_orientation",
    "trade_union_membership",
    "genetic_or_biometric",
)
"""The special categories of Art 9(1) of Regulation (EU) 2016/679, as the lexicon names them."""
ORIGINS: Final = ("advertiser_list", "lookalike", "third_party")
"""Audiences that were made from data of others than the people in them, or that may have been."""
TOLD: Final = "told"
"""An option beside place, age, gender, language and device is shown with its value, or a text says what was used."""
SEGMENTS: Final = (*SPECIAL, *ORIGINS, TOLD)
"""Bit i of `segments_mask` is set where the i-th of these is touched."""
STATEMENTS: Final = ("targeting_statement", "data_categories")
"""Running texts, read sentence by sentence: one that denies is left out."""
SENTENCE_END: Final = r"[.;!?\n\r]+"
READ: Final = ("targeting_parameters", *STATEMENTS)


def segment_bits(*names: str) -> int:
    """The bits of `segments_mask` that speak of these."""
    return sum(1 << SEGMENTS.index(name) for name in names)


def _words(words: list[str], names: Mapping[str, list[str]] | None = None) -> str:
    """Any of the words as whole words; `<party>` in one stands for any of the names given for it."""
    joined = "|".join(words)
    for name, known in (names or {}).items():
        joined = joined.replace(f"<{name}>", f"(?:{'|'.join(known)})")
    return rf"\b(?:{joined})(?:\b|$)"


def _whole(words: list[str]) -> str:
    return rf"^(?:{'|'.join(words)})$"


@cache
def _lexicon() -> dict[str, str]:
    """Regular expressions: one for each of `SPECIAL` and `ORIGINS`, and those of what is not read."""
    data = tomllib.loads(resources.files("adaudit.model").joinpath("segments.toml").read_text("utf-8"))
    entries = {**data["special"], **data["origin"]}
    return {
        **{name: _words(entries[name]["words"], data["names"]) for name in (*SPECIAL, *ORIGINS)},
        "aside": _whole(data["aside_dimensions"]),
        "silent": _whole(data["silent_values"]),
        "unused": _whole(data["unused_values"]),
        "negations": _words(data["negations"]),
        "look_alikes": _words(data["look_alikes"]),
    }


def _spelled(text: pl.Expr) -> pl.Expr:
    """In lower case, with single spaces between words and straight apostrophes."""
    return text.str.to_lowercase().str.replace_all("’", "'", literal=True).str.replace_all(r"[_\s]+", " ")


def touched(text: pl.Expr) -> pl.Expr:
    """The bits of the special categories and origins that the words of a text touch (UInt16)."""
    plain = _spelled(text).str.replace_all(_lexicon()["look_alikes"], " | ")
    found = (
        plain.str.contains(_lexicon()[name]).fill_null(value=False).cast(pl.UInt16) * segment_bits(name)
        for name in (*SPECIAL, *ORIGINS)
    )
    return pl.sum_horizontal(*found).cast(pl.UInt16)


def _read(known: pl.LazyFrame) -> pl.LazyFrame:
    """What the `text` of each of these says, and whether it tells anything (`TOLD`), as bits."""
    told = pl.col(TOLD).fill_null(value=False).cast(pl.UInt16) * segment_bits(TOLD)
    return known.with_columns(touched(pl.col("text")).alias("touched"), told.cast(pl.UInt16).alias(TOLD))


def _options(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Row, bits and text of every option that may name people; a value that names none tells nothing."""
    entry, lexicon, pair = pl.col("targeting_parameters").struct.field, _lexicon(), ["dimension", "value"]
    entries = (
        rows.select("row", "targeting_parameters")
        .filter(pl.col("targeting_parameters").is_not_null())
        .explode("targeting_parameters")
        .select("row", *(entry(name) for name in (*pair, "excluded")))
    )
    dimension, value = (_spelled(pl.col(name)).str.strip_chars() for name in pair)
    known = (
        entries.select(pair)
        .unique()
        .filter(
            ~dimension.fill_null("").str.contains(lexicon["aside"]),
            ~value.fill_null("").str.contains(lexicon["unused"]),
        )
        .with_columns(
            pl.concat_str(pair, separator=": ", ignore_nulls=True).alias("text"),
            (~value.str.contains(lexicon["silent"])).alias(TOLD),
        )
    )
    shut = pl.when("excluded").then(pl.lit(" (excluded)")).otherwise(pl.lit(""))
    return entries.join(_read(known), on=pair, nulls_equal=True, maintain_order="left").select(
        "row", "touched", TOLD, pl.concat_str("text", shut)
    )


def _statements(rows: pl.LazyFrame, column: str) -> pl.LazyFrame:
    """Row, bits and text of every sentence that does not deny."""
    texts = rows.select("row", pl.col(column).alias("whole")).filter(pl.col("whole").is_not_null())
    plain = _spelled(pl.col("text"))
    known = (
        texts.select("whole")
        .unique()
        .with_columns(pl.col("whole").str.replace_all(SENTENCE_END, "\n").str.split("\n").alias("text"))
        .explode("text")
        .with_columns(pl.col("text").str.strip_chars())
        .filter(pl.col("text") != "", ~plain.str.contains(_lexicon()["negations"]))
        .with_columns((~plain.str.contains(_lexicon()["silent"])).alias(TOLD))
    )
    return texts.join(_read(known), on="whole", maintain_order="left_right").select("row", "touched", TOLD, "text")


def segments(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with `segments_mask`, what its options, statements and categories of data touch, and `segments`.

    `segments` are those whose words touch anything, as the source writes them; `TOLD` alone is no such thing.
    """
    filled = [name for name in READ if frame[name].null_count() < frame.height]
    if not filled:
        return frame.with_columns(pl.lit(0, pl.UInt16).alias("segments_mask"))
    rows = frame.lazy().select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"), *filled)
    parts = [_options(rows) if name == "targeting_parameters" else _statements(rows, name) for name in filled]
    told = pl.concat(parts).collect()
    masks = told.group_by("row").agg((pl.col("touched") | pl.col(TOLD)).bitwise_or().alias("segments_mask"))
    words = (
        told.filter(pl.col("touched") != 0)
        .group_by("row", maintain_order=True)
        .agg(pl.col("text").unique(maintain_order=True).alias("segments"))
    )
    found = rows.select("row").collect()
    for part in (masks, words):
        found = found.join(part, on="row", how="left", maintain_order="left")
    return frame.with_columns(found["segments_mask"].fill_null(0).cast(pl.UInt16), found["segments"])
