"""How a connector tells what it parses: one entry per form, JSON or CSV."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from adaudit.connectors.document import Outline, Records
from adaudit.connectors.raw import Parsed, Rejected
from adaudit.connectors.shapes import leaves_keys_open
from adaudit.connectors.table import PAGE, Table
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
    `names` are those of all files, where the rows of several are read together.
    """

    table: Table
    name: str
    beside: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    across: object = None
    """Of a part of a file, what the form's `across` found in all of it."""
    part: int = 0
    """The number of the part, from 0."""
    names: tuple[str, ...] = ()

    @property
    def frame(self) -> pl.DataFrame:
        """The raw columns under their names in lower case, and `record`."""
        return self.table.frame

    @property
    def file(self) -> pl.Series:
        """The number of the file in which each row stands; 0 where there is but one."""
        return self.frame["record"].cast(pl.UInt64) // PAGE

    @property
    def row(self) -> pl.Series:
        """The number of each row in its own file, from 1."""
        return self.frame["record"].cast(pl.UInt64) % PAGE

    def told_by_name(self, read: Callable[[str], Sequence[object]], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
        """What the name of its file tells of each row, in columns of the schema."""
        told = pl.DataFrame([read(name) for name in self.names or (self.name,)], schema=dict(schema), orient="row")
        return told[self.file]

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
    """A CSV form and its parser.

    `across` finds in all rows of a file what the parser must know to make records of some of them; large files of
    a form that has it are read in parts. `alike` is given where the parser makes each record of its own row and the
    name of its file alone: files of one header for whose names it gives the same, and not None, may be parsed together.
    """

    parse: Callable[[TableContext], Parsed]
    across: Callable[[Iterable[Table]], object] | None = None
    alike: Callable[[str], Hashable] | None = None


def whatever_its_name(name: str) -> Hashable:  # noqa: ARG001 - the name tells nothing
    """The same for every name: the records of the form owe nothing to the name of their file."""
    return True


Parser = JsonForm | CsvForm
