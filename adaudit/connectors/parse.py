"""One page in, one canonical frame out: the same for files saved by hand and for live answers."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from types import MappingProxyType
from typing import Final

import polars as pl

from adaudit.connectors import tables_together
from adaudit.connectors.document import Records, read_records
from adaudit.connectors.forms import CsvForm, JsonForm, Parser, RecordContext, Requested, TableContext, not_told
from adaudit.connectors.identifiers import SPREADSHEET_ID
from adaudit.connectors.parts import Cut, Pieces
from adaudit.connectors.raw import Parsed, Rejected
from adaudit.connectors.recognise import Recognised
from adaudit.connectors.table import read_table
from adaudit.connectors.tables_together import TablePage, parse_tables
from adaudit.connectors.together import by_type, kinship, parse_together
from adaudit.errors import InputError
from adaudit.language import Wording, texts_of
from adaudit.model.ages import reached
from adaudit.model.fillers import masks
from adaudit.model.numbers import with_numbers_checked
from adaudit.model.record import conform
from adaudit.model.segments import segments

SAY: Final = texts_of("adaudit.connectors")


def _parser(found: Recognised) -> Parser | None:
    module = import_module(f"adaudit.connectors.{found.source}.connector")
    parsers: dict[str, Parser] = module.FORMS
    return parsers.get(found.form) if found.description.kind == "none" else parsers[found.form]


def parse_page(
    data: bytes, found: Recognised, name: str, beside: Mapping[str, pl.DataFrame] = MappingProxyType({})
) -> Parsed:
    """The records of a page, with every column of the record; rows without an id are set aside.

    `name` is the file's or member's name: only the country and period of an aggregate are read
    from it. `beside` holds the records of forms that stand beside the page in its archive, by form.
    A form that holds no records of its own gives an empty frame.
    Raises UnreadableInput or ColumnsMissing.
    """
    if found.pages:
        read = parse_alike([page for _, page in found.pages])
        pages = zip(found.pages, read, strict=True)
        return _together([(number, one or parse_page(b"", page, name)) for (number, page), one in pages], found)
    parser = _parser(found)
    if parser is None:
        return Parsed(conform(pl.DataFrame()), ())
    if isinstance(parser, JsonForm):
        done = _parse_json(found, parser, parser.requested)
        return _in_markup(done, found.element) if found.element else done
    return _parse_table(TableContext(read_table(data), name, beside), found, parser)


def _parse_table(context: TableContext, found: Recognised, parser: CsvForm) -> Parsed:
    table = context.table
    parsed = parser.parse(context)
    if table.separator != "comma":
        said = SAY.both("separators", separator=SAY.both(f"separator_{table.separator}"))
        parsed = replace(parsed, notices=(*parsed.notices, said))
    return _complete(parsed, found, table.text_at)


def parse_in_parts(beginning: bytes, pieces: Pieces, found: Recognised, name: str) -> Iterator[Parsed] | None:
    """The records of a large table part by part, together those of `parse_page`; None for any other page.

    It is told by its `beginning`, which may be all of it; its pieces are read twice. Raises UnreadableInput or
    ColumnsMissing before the first part.
    """
    parser = _parser(found)
    if not isinstance(parser, CsvForm) or parser.across is None:
        return None
    cut = Cut.of(beginning, pieces)
    if cut is None:
        return None
    try:
        across = parser.across(cut.tables())
    except InputError:  # told of the whole table, whose lines are numbered from its beginning
        return iter([parse_page(b"".join(pieces()), found, name)])
    contexts = (TableContext(table, name, across=across, part=number) for number, table in enumerate(cut.tables()))
    return (_complete(parser.parse(one), found, one.table.text_at) for one in contexts)


def _kin(found: Recognised) -> Hashable | None:
    parser = _parser(found)
    return kinship(found, parser) if isinstance(parser, JsonForm) else None


def parse_alike(found: Sequence[Recognised]) -> list[Parsed | None]:
    """The records of each page, those that carry the same fields read together; None for one to be read alone."""
    read: list[Parsed | None] = [None] * len(found)
    for akin in _groups([_kin(one) for one in found]):
        parser = _parser(found[akin[0]])
        assert isinstance(parser, JsonForm)  # noqa: S101 - no other has kin
        group = [akin[i] for i in by_type([found[index] for index in akin])]
        pages = parse_together(
            [found[index] for index in group], partial(_parse_json, parser=parser, requested=not_told)
        )
        for index, page in zip(group, pages, strict=True):
            outline = found[index].outline
            if page is not None and outline is not None:
                read[index] = replace(page, requested=parser.requested(outline))
    return read


def parse_alike_tables(waiting: Sequence[TablePage]) -> list[Parsed | None]:
    """The records of each table, small ones of one header read together; None for one to be read alone."""
    read: list[Parsed | None] = [None] * len(waiting)
    for group in _groups([_kin_of_table(one) for one in waiting]):
        parser = _parser(waiting[group[0]].found)
        assert isinstance(parser, CsvForm)  # noqa: S101 - no other has kin
        tables = parse_tables([waiting[index] for index in group], partial(_parse_table, parser=parser))
        for index, table in zip(group, tables, strict=True):
            read[index] = table
    return read


def _kin_of_table(page: TablePage) -> Hashable | None:
    parser = _parser(page.found)
    return tables_together.kinship(page, parser) if isinstance(parser, CsvForm) else None


def _groups(kin: Sequence[Hashable | None]) -> list[list[int]]:
    """The indices of those that are akin, by the first of each group; those without kin belong to none."""
    groups: dict[Hashable, list[int]] = {}
    for index, one in enumerate(kin):
        if one is not None:
            groups.setdefault(one, []).append(index)
    return list(groups.values())


def _parse_json(found: Recognised, parser: JsonForm, requested: Requested) -> Parsed:
    assert found.outline is not None  # noqa: S101 - JSON is recognised by its outline
    records = read_records(found.outline, found.path, parser.shape)
    if records.frame.height:
        parsed = parser.parse(RecordContext(records, found.outline))
        parsed = replace(parsed, requested=requested(found.outline))
    else:
        parsed = _none(records)
    return _complete(parsed, found, found.outline.text_at)


def _together(pages: list[tuple[int, Parsed]], found: Recognised) -> Parsed:
    """The answers on the lines of one file; each keeps its own layouts, and its line in every place."""
    frames: list[pl.DataFrame] = []
    layouts: list[frozenset[str]] = []
    rejected = list(found.rejected)
    for number, page in pages:
        place = pl.concat_str(pl.lit(f"line {number}"), "locator")
        frames.append(page.frame.with_columns(place.alias("locator"), pl.col("layout") + len(layouts)))
        layouts += page.layouts
        rejected += [replace(one, place=f"line {number}{one.place}") for one in page.rejected]
    requests = {page.requested for _, page in pages}
    return Parsed(
        pl.concat(frames),
        tuple(layouts),
        tuple(rejected),
        tuple(sorted({name for _, page in pages for name in page.new_fields})),
        tuple(dict.fromkeys(notice for _, page in pages for notice in page.notices)),
        next((page.scope_from for _, page in pages if page.scope_from), None),
        requests.pop() if len(requests) == 1 else None,
    )


def _in_markup(parsed: Parsed, element: str) -> Parsed:
    """The records of an XML document by the element that holds each: `(//element)[2]`, as XPath has it."""

    def place(pointer: pl.Expr) -> pl.Expr:
        number = pointer.str.extract(r"^/(\d+)").cast(pl.Int64) + 1
        return pl.format("(//{})[{}]", pl.lit(element), number)

    rejected = pl.DataFrame({"place": [one.place for one in parsed.rejected]}, schema={"place": pl.String})
    places = rejected.select(place(pl.col("place"))).to_series()
    return replace(
        parsed,
        frame=parsed.frame.with_columns(place(pl.col("locator")).alias("locator")),
        rejected=tuple(replace(one, place=where) for one, where in zip(parsed.rejected, places, strict=True)),
    )


def _damaged(*columns: str) -> pl.Expr:
    """Whether a spreadsheet has turned one of the identifiers into a power of ten (`1.70585E+15`)."""
    return pl.any_horizontal(*(pl.col(c).str.contains(SPREADSHEET_ID).fill_null(value=False) for c in columns))


def _none(records: Records) -> Parsed:
    return Parsed(pl.DataFrame(), (records.carried,), records.rejected)


def _destroyed(frame: pl.DataFrame) -> tuple[Wording, ...]:
    """What there is to know of identifiers that a spreadsheet has destroyed."""
    recovered = int(frame["identifier_recovered"].sum() or 0)
    lost = int(frame.select(_damaged("record_id").sum()).item())
    return tuple(SAY.of(key, count) for key, count in (("recovered", recovered), ("lost", lost)) if count)


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
        (pl.col("identifier_damaged").fill_null(value=False) | _damaged("record_id", "account_id")).alias(
            "identifier_damaged"
        ),
        pl.col("countries").is_not_null().alias("country_stated"),
        pl.col("countries").list.join(",").alias("country_key"),
    )
    frame = with_numbers_checked(segments(reached(masks(frame))))
    nameless = frame["record_id"].is_null()
    places = frame.filter(nameless)["locator"].to_list()
    rejected = tuple(
        Rejected(place, "no identifier", raw)
        for place, raw in zip(places, text_at(places) if places else (), strict=True)
    )
    return Parsed(
        frame.filter(~nameless),
        parsed.layouts,
        found.rejected + parsed.rejected + rejected,
        tuple(sorted({*parsed.new_fields, *found.new_fields})),
        parsed.notices + _destroyed(frame),
        parsed.scope_from,
        parsed.requested,
    )
