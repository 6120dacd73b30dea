"""How a connector tells what it parses: one entry per form, JSON or CSV."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from adaudit.connectors.document import Outline, Records, leaves_keys_open
from adaudit.connectors.raw import Parsed, Rejected
from adaudit.connectors.table import Table
from adaudit.language import Wording

Requested = Callable[[Outline], frozenset[str] | None]
"""Tells which fields the request of a page named; None where the page does not tell."""


@dataclass(frozen=True)
class RecordContext:
    """Records of one JSON page, or of several that carry the same fields, with what the page itself says."""

    records: Records
    outline: Outline

    @property
    def frame(self) -> pl.DataFrame:
        """The raw records, one column per key, and `place`."""
        return self.records.frame

    @property
    def carried(self) -> frozenset[str]:
        """Dotted names of the fields that at least one record carries."""
        return self.records.carried

    def parsed(
        self,
        canonical: pl.DataFrame,
        *,
        places: pl.Series | None = None,
        carried: frozenset[str] | None = None,
        layouts: tuple[frozenset[str], ...] = (),
        layout: pl.Series | None = None,
        new_fields: tuple[str, ...] | None = None,
        notices: tuple[Wording, ...] = (),
    ) -> Parsed:
        """The canonical records with their places and the fields that prove what was asked for."""
        place = self.frame["place"] if places is None else places
        index = pl.repeat(0, len(place), dtype=pl.UInt16, eager=True) if layout is None else layout.cast(pl.UInt16)
        return Parsed(
            canonical.with_columns(place.alias("locator"), index.alias("layout")),
            layouts or (self.carried if carried is None else carried,),
            self.records.rejected,
            () if new_fields is None else new_fields,
            notices,
        )


@dataclass(frozen=True)
class TableContext:
    """Rows of one CSV file with the name that may hold its country and period.

    `beside` holds the records of the forms that `source.toml` names as standing beside this one in an archive.
    """

    table: Table
    name: str
    beside: Mapping[str, pl.DataFrame] = field(default_factory=dict)

    @property
    def frame(self) -> pl.DataFrame:
        """The raw columns under their names in lower case, and `record`."""
        return self.table.frame

    def parsed(
        self,
        canonical: pl.DataFrame,
        *,
        rejected: tuple[Rejected, ...] = (),
        scope_from: str | None = None,
        notices: tuple[Wording, ...] = (),
        rows: pl.Series | None = None,
        carried: frozenset[str] | None = None,
    ) -> Parsed:
        """The canonical records with the number of the row each stands in, or begins in (`rows`).

        `carried` are the fields that the header proves to be asked for, where its columns bear other names.
        """
        numbers = self.frame["record"] if rows is None else rows
        place = numbers.to_frame("row").select(pl.format("record {}", "row")).to_series()
        layout = pl.repeat(0, len(place), dtype=pl.UInt16, eager=True)
        return Parsed(
            canonical.with_columns(place.alias("locator"), layout.alias("layout")),
            (frozenset(self.table.names) if carried is None else carried,),
            self.table.rejected + rejected,
            notices=notices,
            scope_from=scope_from,
        )


def not_told(page: Outline) -> frozenset[str] | None:  # noqa: ARG001 - the page does not tell
    """None: the pages of the form do not tell what was requested."""
    return None


@dataclass(frozen=True)
class JsonForm:
    """A JSON form: the documented shape of one record, and its parser.

    The parser makes each record of its own fields and of those that the page carries, so that pages which
    carry the same may be parsed together. `requested` tells which fields the request of a page named.
    """

    shape: pl.Struct
    parse: Callable[[RecordContext], Parsed]
    requested: Requested = not_told

    @cached_property
    def leaves_keys_open(self) -> bool:
        """Whether the keys of a map are data, and differ from page to page."""
        return leaves_keys_open(self.shape)


@dataclass(frozen=True)
class CsvForm:
    """A CSV form and its parser."""

    parse: Callable[[TableContext], Parsed]


Parser = JsonForm | CsvForm
