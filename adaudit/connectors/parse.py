"""One page in, one canonical frame out: the same for files saved by hand and for live answers."""

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Final

import polars as pl

from adaudit.connectors.document import Records, read_records
from adaudit.connectors.forms import JsonForm, Parser, RecordContext, TableContext
from adaudit.connectors.raw import Parsed, Rejected
from adaudit.connectors.recognise import Recognised
from adaudit.connectors.table import read_table
from adaudit.model.fillers import masks
from adaudit.model.record import conform

SPREADSHEET_ID: Final = r"^\d(?:[.,]\d+)?[eE]\+?\d+$"


def _parser(found: Recognised) -> Parser:
    module = import_module(f"adaudit.connectors.{found.source}.connector")
    parser: Parser = module.FORMS[found.form]
    return parser


def parse_page(
    data: bytes, found: Recognised, name: str, beside: Mapping[str, pl.DataFrame] = MappingProxyType({})
) -> Parsed:
    """The records of a page, with every column of the record; rows without an id are set aside.

    `name` is the file's or member's name: only the country and period of an aggregate are read
    from it. `beside` holds the records of forms that stand beside the page in its archive, by form.
    A form that holds no records of its own gives an empty frame.
    Raises UnreadableInput or ColumnsMissing.
    """
    if found.description.kind == "none":
        return Parsed(conform(pl.DataFrame()), ())
    parser = _parser(found)
    if isinstance(parser, JsonForm):
        assert found.outline is not None  # noqa: S101 - JSON is recognised by its outline
        records = read_records(found.outline, found.path, parser.shape)
        parsed = parser.parse(RecordContext(records, found.outline, name)) if records.frame.height else _none(records)
        return _complete(parsed, found, found.outline.text_at)
    table = read_table(data)
    return _complete(parser.parse(TableContext(table, name, beside)), found, table.text_at)


def _damaged(*columns: str) -> pl.Expr:
    """Whether a spreadsheet has turned one of the identifiers into a power of ten (`1.70585E+15`)."""
    return pl.any_horizontal(*(pl.col(c).str.contains(SPREADSHEET_ID).fill_null(value=False) for c in columns))


def _none(records: Records) -> Parsed:
    return Parsed(pl.DataFrame(), (records.carried,), records.rejected)


def _complete(parsed: Parsed, found: Recognised, text_at: Callable[[list[str]], list[str]]) -> Parsed:
    frame = parsed.frame.with_columns(
        pl.lit(found.source).alias("source"),
        pl.lit(found.form).alias("form"),
        pl.lit(found.description.kind).alias("kind"),
        pl.lit(parsed.scope_from, dtype=pl.String).alias("scope_from"),
    )
    frame = conform(frame if parsed.frame.width else pl.DataFrame())
    frame = frame.with_columns(
        pl.col("removed").fill_null(value=False),
        pl.when("content_shown").then(pl.lit(True)).alias("content_shown"),
        pl.col("unparsed_mask").fill_null(0),
        pl.col("delivery").list.len().alias("delivery_count"),
        _damaged("record_id", "account_id").alias("identifier_damaged"),
        pl.col("countries").is_not_null().alias("country_stated"),
        pl.col("countries").list.join(",").alias("country_key"),
    )
    frame = masks(frame)
    nameless = frame["record_id"].is_null()
    places = frame.filter(nameless)["locator"].to_list()
    rejected = tuple(
        Rejected(place, "no identifier", raw)
        for place, raw in zip(places, text_at(places) if places else (), strict=True)
    )
    return Parsed(
        frame.filter(~nameless),
        parsed.layouts,
        parsed.rejected + rejected,
        tuple(sorted({*parsed.new_fields, *found.new_fields})),
        parsed.notices,
        parsed.scope_from,
        parsed.requested,
    )
