"""Reads answers of one form that carry the same fields together, as one list of records.

To make the columns costs about as much for ten records as for ten thousand, and libraries are saved in
thousands of small answers. Each page comes out as it would alone: with its records in their order, its
places, its rejected records. Pages of which one has to be read record by record are halved, until
those are left that have to be read alone.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import polars as pl

from adaudit.connectors.document import Lined, Outline, Path, decode_at, type_of_records
from adaudit.connectors.forms import JsonForm
from adaudit.connectors.raw import Parsed, Rejected
from adaudit.connectors.recognise import Recognised
from adaudit.connectors.reshape import columns_of, reshaped
from adaudit.connectors.shapes import dotted, fill_keys
from adaudit.errors import InputError

MARK = "|"
"""Between the number of a page among those that are read together and a place in it."""

WORTH_RESHAPING = 2**15
"""Bytes of pages of one type below which it takes longer to bring them into the shape than to read them again."""
SMALL = 2**14
"""Mean bytes of pages below which it takes longer to tell their types apart than to read them again."""


class ReadApart(Exception):
    """One of the pages does not fit the shape of its records: they cannot be read together."""


@dataclass(frozen=True)
class Several(Outline):
    """The outline of several pages whose records have the same fields; places start with the page's number."""

    each: tuple[Outline, ...] = ()

    def text_at(self, places: list[str]) -> list[str]:
        """What stands at each of these places, or above one that leads nowhere, as JSON text."""
        by_page: dict[int, list[str]] = {}
        for place in places:
            number, _, inner = place.partition(MARK)
            by_page.setdefault(int(number), []).append(inner)
        found = {number: iter(self.each[number].text_at(inner)) for number, inner in by_page.items()}
        return [next(found[int(place.partition(MARK)[0])]) for place in places]

    def decoded(self, path: Path, shape: pl.Struct) -> tuple[pl.DataFrame, pl.Expr]:
        """The records of all pages as columns in the shape, and the place of each.

        Raises PolarsError, Misfit or ReadApart where one does not fit.
        """
        single = not self.lists_at(path)
        numbers, parts = zip(*self._decoded_by_type(path, shape, single), strict=True)
        number, frame = pl.concat(numbers), pl.concat(parts, how="diagonal")
        if len(number) != len(self.each):
            raise ReadApart
        pointer = "".join(f"/{key}" for key in path)
        pages = pl.Series(range(len(self.each)), dtype=pl.UInt32)
        if single:
            return frame, pl.format("{}" + MARK + (pointer or "/"), pages)
        page = pages.repeat_by(number).explode(empty_as_null=False, keep_nulls=False)
        index = pl.select(pl.int_ranges(number, dtype=pl.UInt32)).to_series()
        place = pl.format("{}" + MARK + pointer + "/{}", page, index.explode(empty_as_null=False, keep_nulls=False))
        return frame, place

    def _decoded_by_type(self, path: Path, shape: pl.Struct, single: bool) -> Iterator[tuple[pl.Series, pl.DataFrame]]:
        """How many records stand at the path of each page, and the records as columns in the shape.

        Of pages of one type the records are those that were decoded already, where that is enough.
        """
        whole = shape if single else pl.List(shape)
        if self.document.str.len_bytes().sum() < SMALL * len(self.each):
            yield _again(self.document, path, whole, single)
            return
        unread: list[pl.Series] = []
        for _, alike in groupby(self.each, lambda one: one.root):
            pages = list(alike)
            documents = pl.concat([one.document for one in pages])
            found = _reshaped(pages, documents, path, shape, single)
            if found is None:
                unread.append(documents)
                continue
            if unread:
                yield _again(pl.concat(unread), path, whole, single)
                unread.clear()
            yield found
        if unread:
            yield _again(pl.concat(unread), path, whole, single)

    def items(self, path: Path) -> Iterator[tuple[str, Any]]:  # noqa: ARG002 - read apart, from each page
        """None: pages that are read record by record are read alone. Raises ReadApart."""
        raise ReadApart


def _counted(values: pl.Series, single: bool) -> tuple[pl.Series, pl.Series]:
    """How many records each page has, and the records, of what stands at the path of each."""
    if single:
        return pl.repeat(1, len(values), dtype=pl.UInt32, eager=True), values
    return values.list.len().fill_null(0), values.explode(empty_as_null=False, keep_nulls=False)


def _again(documents: pl.Series, path: Path, whole: pl.DataType, single: bool) -> tuple[pl.Series, pl.DataFrame]:
    """How many records each page has, and the records of all as columns, read from the text."""
    number, records = _counted(decode_at(documents, path, whole), single)
    return number, columns_of(records)


def _reshaped(
    pages: Sequence[Outline], documents: pl.Series, path: Path, shape: pl.Struct, single: bool
) -> tuple[pl.Series, pl.DataFrame] | None:
    """How many records pages of one type have, and these in the shape, of what was decoded already.

    None where that is not enough, or takes longer than to read the pages again.
    """
    values = [one.inferred_at(path) for one in pages]
    there = [one for one in values if one is not None]
    if len(there) < len(pages) or documents.str.len_bytes().sum() <= WORTH_RESHAPING:
        return None
    if single:
        number, records = _counted(pl.concat(there), single)
    else:
        lists = [one[0] for one in there]
        number, records = pl.Series([len(one) for one in lists], dtype=pl.UInt32), pl.concat(lists)
    found = reshaped(records, shape, documents)
    return None if found is None else (number, found)


def kinship(found: Recognised, form: JsonForm) -> Hashable | None:
    """What pages have in common that can be read together; None where the page has to be read alone."""
    outline = found.outline
    if outline is None or found.pages or found.element or found.rejected or isinstance(outline, Lined):
        return None
    inferred = type_of_records(outline.root, found.path)
    if not isinstance(inferred, pl.Struct):
        return None
    empty = frozenset(one.name for one in inferred.fields if one.dtype == pl.Null)
    carried, listed = frozenset(dotted(inferred)), outline.lists_at(found.path)
    keys = fill_keys(form.shape, inferred) if form.leaves_keys_open else None
    return found.source, found.form, found.path, listed, carried, empty, keys


def by_type(found: Sequence[Recognised]) -> list[int]:
    """The order in which pages of some size stand next to those that the reader has decoded as the same type."""
    outlines = [one.outline for one in found if one.outline is not None]
    size = pl.concat([one.document for one in outlines]).str.len_bytes().sum() if outlines else 0
    if len(outlines) < len(found) or size < SMALL * len(found):
        return list(range(len(found)))
    alike: dict[Hashable, list[int]] = {}
    for index, outline in enumerate(outlines):
        alike.setdefault(outline.root, []).append(index)
    return [index for indices in alike.values() for index in indices]


def parse_together(found: Sequence[Recognised], parse: Callable[[Recognised], Parsed]) -> list[Parsed | None]:
    """The records of pages of one kinship, each page as it is alone; None for a page that must be read alone.

    What is said of records (notices) counts those of one page, so pages of which something is said are read alone.
    """
    if len(found) == 1:
        return [None]
    outlines = tuple(one.outline for one in found if one.outline is not None)
    first = outlines[0]
    several = Several(pl.concat([one.document for one in outlines]), first.root, each=outlines)
    try:
        parsed = parse(replace(found[0], outline=several, new_fields=()))
    except (ReadApart, InputError):
        return _halved(found, parse)
    return _halved(found, parse) if parsed.notices else _divided(parsed, found)


def _halved(found: Sequence[Recognised], parse: Callable[[Recognised], Parsed]) -> list[Parsed | None]:
    half = len(found) // 2
    return parse_together(found[:half], parse) + parse_together(found[half:], parse)


def _divided(parsed: Parsed, found: Sequence[Recognised]) -> list[Parsed | None]:
    """The pages one by one, with their own places."""
    parts = parsed.frame["locator"].str.splitn(MARK, 2)
    page = parts.struct.field("field_0").cast(pl.UInt32)
    assert page.is_sorted()  # noqa: S101 - parsers keep the order of records
    frame = parsed.frame.with_columns(parts.struct.field("field_1").alias("locator"))
    starts = page.search_sorted(pl.Series(range(len(found) + 1), dtype=pl.UInt32))
    rejected: list[list[Rejected]] = [[] for _ in found]
    for one in parsed.rejected:
        number, _, place = one.place.partition(MARK)
        rejected[int(number)].append(replace(one, place=place))
    return [
        replace(
            parsed,
            frame=frame.slice(starts[i], starts[i + 1] - starts[i]),
            rejected=tuple(rejected[i]),
            new_fields=tuple(sorted({*parsed.new_fields, *one.new_fields})),
        )
        for i, one in enumerate(found)
    ]
