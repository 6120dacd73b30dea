"""Builds canonical columns from raw ones, and keeps the text of every value that does not parse."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from adaudit.connectors.identifiers import damaged, same_but_destroyed, spelled_out
from adaudit.connectors.written import AMOUNT, read_amounts, read_days, read_instants, read_wholes
from adaudit.model.record import INSTANT, MONEY, PARSED_COLUMNS, SCHEMA

__all__ = [
    "AMOUNT",
    "NOTHING",
    "Columns",
    "all_null",
    "amount",
    "day",
    "filled",
    "instant",
    "listed",
    "text",
    "whole",
]


NOTHING: Final = pl.lit(None, dtype=pl.String)
"""The text of a raw column in which no row has a value: nothing is computed of it."""


def text(raw: pl.Expr) -> pl.Expr:
    """The text without surrounding white space; null where nothing is left."""
    if raw is NOTHING:
        return raw
    stripped = raw.str.strip_chars()
    return pl.when(stripped != "").then(stripped)


def instant(raw: pl.Expr) -> pl.Expr:
    """A moment in UTC from the date forms of the sources; a form without zone is UTC.

    A year has four digits and stands first: `03/01/25` does not tell which of its numbers is the year.
    """
    return raw.map_batches(read_instants, return_dtype=INSTANT, is_elementwise=True)


def day(raw: pl.Expr) -> pl.Expr:
    """A calendar day; of a moment, its day in UTC."""
    return raw.map_batches(read_days, return_dtype=pl.Date(), is_elementwise=True)


def amount(raw: pl.Expr) -> pl.Expr:
    """An exact decimal of at most four places, with either decimal mark where it can be read in one way.

    Null where the text is anything else: `1.234` and `1,234` are a thousand to one writer and one and a
    bit to another.
    """
    return raw.map_batches(read_amounts, return_dtype=MONEY, is_elementwise=True)


def whole(raw: pl.Expr) -> pl.Expr:
    """A whole number (Int64); null where the text is anything else, or can be read in two ways."""
    return raw.map_batches(read_wholes, return_dtype=pl.Int64, is_elementwise=True)


def filled(items: pl.Expr) -> pl.Expr:
    """The list without null and blank texts; null where nothing is left."""
    kept = items.list.eval(pl.element().filter(pl.element().str.strip_chars() != ""))
    return pl.when(kept.list.len() > 0).then(kept)


def listed(entry: pl.Expr) -> pl.Expr:
    """A list of the one entry; null where there is none."""
    return pl.when(entry.is_not_null()).then(pl.concat_list(entry))


def all_null(items: pl.Expr) -> pl.Expr:
    """The list; null where it is empty."""
    return pl.when(items.list.len() > 0).then(items)


@dataclass
class Columns:
    """Canonical columns in the making, over one raw frame.

    Raw columns that the page does not carry count as null, so that one parser reads every
    generation of a format. So do those in which no row has a value: most of the fields that a source
    documents are in none of the records of a page, and cost nothing then.
    """

    raw: pl.DataFrame
    made: dict[str, pl.Expr] = field(default_factory=dict)
    _texts: dict[str, pl.Expr] = field(default_factory=dict)

    def col(self, *names: str) -> pl.Expr:
        """The first of these raw columns of text that has a value in the row; `NOTHING` if none has any in all rows."""
        there = [pl.col(name) for name in names if self.shows(name)]
        return pl.coalesce(there) if there else NOTHING

    def has(self, name: str) -> bool:
        """Whether the raw frame has this column."""
        return name in self.raw.columns

    def shows(self, name: str) -> bool:
        """Whether the raw frame has this column, with a value in any row."""
        return self.has(name) and self.raw[name].null_count() < self.raw.height

    def stage(self, **columns: pl.Expr) -> tuple[pl.Expr, ...]:
        """Compute intermediate values once, as raw columns, and give back references to them."""
        self.raw = self.raw.with_columns(**{f"staged {name}": expr for name, expr in columns.items()})
        return tuple(pl.col(f"staged {name}") for name in columns)

    def set(self, **columns: pl.Expr) -> None:
        """Set canonical columns to expressions over the raw frame."""
        for name in columns:
            if name not in SCHEMA:
                raise KeyError(f"{name} is no column of the record")
        self.made |= columns

    def text(self, **columns: str | tuple[str, ...]) -> None:
        """Set canonical text columns from raw ones, blank being null."""
        for name, raw in columns.items():
            names = (raw,) if isinstance(raw, str) else raw
            there = [text(pl.col(one)) for one in names if self.shows(one)]
            self.set(**{name: pl.coalesce(there) if there else NOTHING})

    def identify(self, written: pl.Expr, held: pl.Expr | None = None) -> pl.Expr:
        """Set `record_id` from the identifier as written, and give back a reference to it.

        `held` is another field of the same record that holds the identifier, such as a link. It stands
        in where there is none, and where a spreadsheet has destroyed the one that is written:
        `identifier_recovered` says so. A held identifier whose digits do not agree recovers nothing.
        """
        (raw,) = self.stage(identifier=spelled_out(text(written)))
        identifiers = self.raw[raw.meta.output_name()]
        recovered = pl.repeat(None, len(identifiers), dtype=pl.Boolean, eager=True)
        in_doubt = damaged(identifiers).arg_true()
        if held is not None and len(in_doubt):
            looked_up = self.raw[in_doubt].with_columns(held=text(held))
            looked_up = looked_up.with_columns(recovered=same_but_destroyed(raw, pl.col("held")))
            number = pl.when("recovered").then("held").otherwise(pl.coalesce(raw, "held"))
            identifiers = identifiers.scatter(in_doubt, looked_up.select(number).to_series())
            recovered = recovered.scatter(in_doubt, looked_up.select(pl.when("recovered").then(True)).to_series())
        (number,) = self.stage(number=pl.lit(identifiers))
        self.set(record_id=number, identifier_recovered=pl.lit(recovered))
        return number

    def parse(self, column: str, raw: pl.Expr, parsed: pl.Expr) -> None:
        """Set a column to what its raw text parses to, and keep the text where it does not."""
        if column not in PARSED_COLUMNS:
            raise KeyError(f"{column} is not among PARSED_COLUMNS")
        if raw is NOTHING:
            self.set(**{column: NOTHING})
        else:
            self.set(**{column: parsed})
            self._texts[column] = raw

    def addresses(self, given: Mapping[str, Mapping[str, pl.Expr]]) -> None:
        """Set `addresses_lacking`: which parts are blank in addresses of which others are filled.

        `given` holds the parts that the form has a place for, by part and column of the record.
        """
        lacking: list[pl.Expr] = []
        filled_in: list[pl.Expr] = []
        for column, parts in given.items():
            names = pl.concat_str(
                *(pl.when(part.is_null()).then(pl.lit(name)) for name, part in parts.items()),
                separator=", ",
                ignore_nulls=True,
            )
            there = pl.any_horizontal(*(part.is_not_null() for part in parts.values()))
            filled_in.append(there)
            lacking.append(pl.when(there & (names != "")).then(pl.format(f"{column}: {{}}", names)))
        self.set(
            addresses_lacking=text(pl.concat_str(*lacking, separator="; ", ignore_nulls=True)),
            addresses_in_parts=pl.when(pl.any_horizontal(*filled_in)).then(pl.lit(True)),
        )

    def days(self, **columns: pl.Expr) -> None:
        """Set calendar days from text."""
        for name, raw in columns.items():
            self.parse(name, raw, day(raw))

    def instants(self, **columns: pl.Expr) -> None:
        """Set moments from text."""
        for name, raw in columns.items():
            self.parse(name, raw, instant(raw))

    def amounts(self, **columns: pl.Expr) -> None:
        """Set exact amounts from text."""
        for name, raw in columns.items():
            self.parse(name, raw, amount(raw))

    def wholes(self, **columns: pl.Expr) -> None:
        """Set whole numbers from text."""
        for name, raw in columns.items():
            self.parse(name, raw, whole(raw))

    def build(self) -> pl.DataFrame:
        """The canonical columns; `unparsed` and `unparsed_mask` hold what did not parse."""
        told = {name: column for name, column in self.made.items() if column is not NOTHING}
        empty = [pl.lit(None, dtype=SCHEMA[name]).alias(name) for name in self.made if name not in told]
        texts = {column: f"raw {column}" for column in self._texts}
        frame = self.raw.with_columns(**told, **{texts[column]: raw for column, raw in self._texts.items()})
        frame = frame.with_columns_seq(empty)
        unread = {c: raw for c, raw in texts.items() if (frame[raw].is_not_null() & frame[c].is_null()).any()}
        mask = pl.sum_horizontal(
            *(
                (text(pl.col(raw)).is_not_null() & pl.col(c).is_null()).cast(pl.UInt64) * (1 << PARSED_COLUMNS.index(c))
                for c, raw in unread.items()
            ),
            pl.lit(0, pl.UInt64),
        )
        frame = frame.with_columns(mask.cast(pl.UInt64).alias("unparsed_mask"))
        if not frame["unparsed_mask"].max():
            return frame[[*self.made, "unparsed_mask"]]
        kept = [
            pl.when((pl.col("unparsed_mask") & (1 << PARSED_COLUMNS.index(c))) != 0).then(
                pl.struct(pl.lit(c).alias("column"), pl.col(raw).alias("text"))
            )
            for c, raw in unread.items()
        ]
        frame = frame.with_columns(all_null(pl.concat_list(kept).list.drop_nulls()).alias("unparsed"))
        return frame[[*self.made, "unparsed_mask", "unparsed"]]
