"""Reads JSON bytes into columns, in one pass of the JSON reader and without an object per record.

Leaf values become text exactly as written for integers and strings, so that a long id keeps its
digits and a wrong type is seen later as text that does not parse. A record whose *shape* differs
(a list where an object belongs) is set aside with its bytes; only then is the page read record by
record.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

import polars as pl

from adaudit.connectors.encoding import document_of
from adaudit.connectors.nesting import DEEPEST, nesting
from adaudit.connectors.raw import Rejected
from adaudit.connectors.reshape import Misfit, columns_of, reshaped
from adaudit.connectors.shapes import dotted, fill_keys
from adaudit.errors import UnreadableInput

LARGEST_ERROR: Final = 100_000
"""Characters; a longer answer that also has `data` is read as data."""

REFUSAL: Final = frozenset({"status", "message"})
"""Keys of an error answer that has no `error`: LinkedIn's, with the HTTP status as a number."""

HTTP_ERRORS: Final = 400

AT_ONCE: Final = 2**19
"""Bytes of small documents that are decoded together."""

Path = tuple[str, ...]


@dataclass(frozen=True)
class Outline:
    """What a JSON document is made of, before it is recognised.

    `document` is its JSON text as the one value of a column. `root` is the type inferred by the reader,
    and `inferred` the document as that; None where records differ in shape, and then `value` holds the
    document itself.
    """

    document: pl.Series
    root: pl.DataType | None
    value: Any = None
    inferred: pl.Series | None = None

    @property
    def text(self) -> str:
        """The JSON text."""
        return str(self.document[0])

    def keys_at(self, path: Path) -> frozenset[str] | None:
        """Keys of the records at the path (a list of objects, or one object); None if there are none."""
        found = type_of_records(self.root, path) if self.root is not None else None
        if isinstance(found, pl.Struct):
            return frozenset(f.name for f in found.fields)
        if self.root is None:
            records = _value_at(self.value, path)
            if records is not None:
                return frozenset(key for one in records if isinstance(one, dict) for key in one)
        return None

    def top_keys(self) -> frozenset[str]:
        """Keys of the document itself where it is an object."""
        if isinstance(self.root, pl.Struct):
            return frozenset(f.name for f in self.root.fields)
        return frozenset(self.value) if isinstance(self.value, dict) else frozenset()

    def is_empty(self, path: Path = ()) -> bool:
        """Whether a list without a record stands at the path."""
        if self.root is not None and _type_at(self.root, path) != pl.List(pl.Null):
            return False
        try:
            value = _load(self.text)
        except UnreadableInput:
            return False
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return isinstance(value, list) and not value

    def has_list_at(self, path: Path) -> bool:
        """Whether a list stands at the path, of whatever or of nothing."""
        try:
            return isinstance(_value_at(_load(self.text), path), list)
        except UnreadableInput:
            return False

    def text_at(self, places: list[str]) -> list[str]:
        """What stands at each of these JSON pointers, or above one that leads nowhere, as JSON text."""
        root = _load(self.text)
        found = []
        for place in places:
            value = root
            for part in filter(None, place.split("/")):
                key = int(part) if isinstance(value, list) else part
                try:
                    value = value[key]
                except (KeyError, IndexError, TypeError):
                    break
            found.append(json.dumps(value, ensure_ascii=False))
        return found

    def decoded(self, path: Path, shape: pl.Struct) -> tuple[pl.DataFrame, pl.Expr]:
        """The records at the path as columns in the shape, and the place of each.

        Raises PolarsError or Misfit where one does not fit. Keys that no record carries may have no column.
        """
        single = not self.lists_at(path)
        frame = self._reshaped(path, shape)
        if frame is None:
            values = decode_at(self.document, path, shape if single else pl.List(shape))
            frame = columns_of(_each(values, single))
        pointer = "".join(f"/{key}" for key in path)
        if single:
            return frame, pl.lit(pointer or "/")
        return frame, pl.format(pointer + "/{}", pl.int_range(pl.len(), dtype=pl.UInt32))

    def _reshaped(self, path: Path, shape: pl.Struct) -> pl.DataFrame | None:
        """The records at the path in the shape, of what was decoded already; None where that is not enough."""
        values = self.inferred_at(path)
        return None if values is None else reshaped(_each(values, not self.lists_at(path)), shape, self.document)

    def inferred_at(self, path: Path) -> pl.Series | None:
        """What stands at the path as it was decoded already; None where nothing was, or nothing stands there."""
        values = self.inferred
        if values is None or _type_at(self.root, path) is None:
            return None
        for key in path:
            values = values.struct.unnest()[key]
        return values

    def lists_at(self, path: Path) -> bool:
        """Whether records stand in a list at the path."""
        return isinstance(_type_at(self.root, path), pl.List)

    def items(self, path: Path) -> Iterator[tuple[str, Any]]:
        """The records at the path one by one, each with its place."""
        pointer = "".join(f"/{key}" for key in path)
        found: Any = self.value if self.root is None else _load(self.text)
        for key in path:
            found = found[key] if isinstance(found, dict) and key in found else []
        if isinstance(found, dict):
            yield pointer or "/", found
        elif isinstance(found, list):
            yield from ((f"{pointer}/{index}", one) for index, one in enumerate(found))

    def error(self) -> str | None:
        """The source's own error in words, where the document is an error answer and not data."""
        keys = self.top_keys()
        if "request_status" in keys:
            return self._refused()
        if not ("error" in keys or keys >= REFUSAL) or (len(self.text) > LARGEST_ERROR and "data" in keys):
            return None
        try:
            answer = _load(self.text)
            error = answer["error"] if "error" in keys else answer
        except (UnreadableInput, TypeError, KeyError):
            return None
        if not isinstance(error, dict):
            return str(error)
        if error.get("code") == "ok" or (error is answer and not _refuses(error["status"])):
            return None
        message = error.get("message") or error.get("error_description") or "no message"
        return f"code {error.get('code') or error.get('status', 'none')}, {message}"

    def _refused(self) -> str | None:
        """The error of an answer that says itself whether the request succeeded, as Snap's do."""
        names = ("request_status", "error_code", "debug_message", "display_message")
        value = {name: self._top_text(name) for name in names}
        if (value["request_status"] or "").upper() == "SUCCESS":
            return None
        message = value["debug_message"] or value["display_message"] or "no message"
        return f"code {value['error_code'] or 'none'}, {message} (request_status {value['request_status']})"

    def text_in(self, key: str, name: str) -> str | None:
        """The text of one key of the object at one key of the document itself; None where it holds none.

        Where the object is the last of the document, as paging is, what stands before it is not read again.
        """
        if self.inferred is not None and _type_at(self.root, (key, name)) == pl.String:
            found = self.inferred.struct.unnest()[key].struct.unnest()[name][0]
            return None if found is None else str(found)
        text, quoted = self.text, json.dumps(key)
        at = text.rfind(quoted)
        alone = at > 0 and text.find(quoted) == at and text[at - 1] != "\\"
        wanted = pl.Struct({key: pl.Struct({name: pl.String})})
        for document in (pl.Series(["{" + text[at:]]), self.document) if alone else (self.document,):
            try:
                found = document.str.json_decode(wanted).struct.field(key).struct.field(name)[0]
            except pl.exceptions.PolarsError:
                continue
            return None if found is None else str(found)
        return None

    def _top_text(self, key: str) -> str | None:
        """The text of one key of the document itself; None where it holds none."""
        try:
            found = self.document.str.json_decode(pl.Struct({key: pl.String})).struct.field(key)[0]
        except pl.exceptions.PolarsError:
            found = self.value.get(key) if isinstance(self.value, dict) else None
        return None if found is None else str(found)


def _refuses(status: Any) -> bool:  # noqa: ANN401 - any JSON value
    return isinstance(status, int) and status >= HTTP_ERRORS


def decode_at(documents: pl.Series, path: Path, shape: pl.DataType) -> pl.Series:
    """What stands at the path of each document, in the shape. Raises PolarsError where it does not fit.

    Of many documents so few are read at once that the reader's work on them stays near the processor.
    """
    for key in reversed(path):
        shape = pl.Struct({key: shape})
    ends = (documents.str.len_bytes().cast(pl.UInt64).cum_sum() // AT_ONCE).rle()
    lengths = ends.struct.field("len").to_list()
    starts = accumulate(lengths, initial=0)
    parts = [documents.slice(s, n).str.json_decode(shape) for s, n in zip(starts, lengths, strict=False)]
    values = pl.concat(parts, rechunk=True) if len(parts) > 1 else parts[0]
    for key in path:
        values = values.struct.field(key)
    return values


def _each(values: pl.Series, single: bool) -> pl.Series:
    return values if single else values.explode(empty_as_null=False, keep_nulls=False)


@dataclass(frozen=True)
class Records:
    """Records of one page: `frame` has one column per key of the shape, and `place` (a JSON pointer)."""

    frame: pl.DataFrame
    carried: frozenset[str]
    """Dotted names of all fields that at least one record carries, null values included."""
    rejected: tuple[Rejected, ...]


NO_DOCUMENT: Final = pl.Series([""])
"""Of records around which no document stands."""
PLACE: Final = "line {}"
"""Where a record stands that has a line for itself, by its number."""


@dataclass(frozen=True)
class Lined(Outline):
    """The outline of records that stand one on each line of a file."""

    lines: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    place: str = PLACE
    """Where a line of a number stands."""

    @classmethod
    def of(
        cls, lines: Sequence[str], numbers: tuple[int, ...], inferred: pl.Series | None, place: str = PLACE
    ) -> "Lined":
        """The outline of these lines, each a JSON value of its own, with their numbers in the file.

        `inferred` are the lines decoded, where they can be decoded together.
        """
        if inferred is None:
            values = [_load(line) for line in lines]
            return cls(NO_DOCUMENT, None, values, lines=tuple(lines), numbers=numbers, place=place)
        root = pl.List(inferred.dtype)
        return cls(NO_DOCUMENT, root, inferred=inferred, lines=tuple(lines), numbers=numbers, place=place)

    def top_keys(self) -> frozenset[str]:
        """None: there is no document around the records."""
        return frozenset()

    def is_empty(self, path: Path = ()) -> bool:  # noqa: ARG002 - there are lines, wherever one looks
        """Never: there are lines."""
        return False

    def text_at(self, places: list[str]) -> list[str]:
        """The lines at places such as `line 7`."""
        by_number = dict(zip(self.numbers, self.lines, strict=True))
        before = self.place.partition("{}")[0]
        return [by_number[int(place.removeprefix(before).partition("/")[0])] for place in places]

    def decoded(self, path: Path, shape: pl.Struct) -> tuple[pl.DataFrame, pl.Expr]:  # noqa: ARG002 - a line is a record
        """The records as columns in the shape, and the place of each."""
        lines = pl.Series(self.lines)
        frame = None if self.inferred is None else reshaped(self.inferred, shape, lines)
        frame = columns_of(lines.str.json_decode(shape)) if frame is None else frame
        return frame, pl.format(self.place, pl.Series(self.numbers))

    def items(self, path: Path) -> Iterator[tuple[str, Any]]:  # noqa: ARG002 - a line is a record
        """The records one by one, each with its place."""
        for number, line in zip(self.numbers, self.lines, strict=True):
            yield self.place.format(number), _load(line)


def outline(data: bytes) -> Outline:
    """The outline of JSON bytes. Raises UnreadableInput with line and column where it is broken."""
    document = document_of(data)
    if nesting(data) > DEEPEST:
        raise UnreadableInput(
            f"JSON of at most {DEEPEST} levels", "lists or objects nested deeper than any source does"
        )
    try:
        inferred = document.str.json_decode(infer_schema_length=None)
    except pl.exceptions.PolarsError:
        return Outline(document, None, _load(str(document[0])))
    root = inferred.dtype
    if not isinstance(root, pl.Struct | pl.List):
        raise UnreadableInput("a JSON object or array", f"a JSON {type(root).__name__.lower()}")
    return Outline(document, root, inferred=inferred)


def _load(text: str) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return json.loads(text, parse_constant=str)
    except RecursionError as error:
        raise UnreadableInput("one complete JSON document", "one nested too deep to read") from error
    except json.JSONDecodeError as error:
        cut = error.pos >= len(text.rstrip()) - 1 or error.msg.startswith("Unterminated string")
        kind = "JSON that ends in the middle" if cut else f"JSON broken by {error.msg.lower()}"
        advice = "The file was cut off; save the answer again." if cut else "One JSON document is expected."
        raise UnreadableInput(
            "one complete JSON document", kind, place=f"line {error.lineno}, column {error.colno}", advice=advice
        ) from error


def _type_at(root: pl.DataType | None, path: Path) -> pl.DataType | None:
    found = root
    for key in path:
        if not isinstance(found, pl.Struct):
            return None
        found = next((f.dtype for f in found.fields if f.name == key), None)  # type: ignore[assignment]
    return found


def type_of_records(root: pl.DataType | None, path: Path) -> pl.DataType | None:
    """The type of one record at the path, be it a list of records or a single one."""
    found = _type_at(root, path)
    return found.inner if isinstance(found, pl.List) else found  # type: ignore[return-value]


def _value_at(value: Any, path: Path) -> list[Any] | None:  # noqa: ANN401 - any JSON value
    for key in path:
        if not isinstance(value, dict) or key not in value:
            return None
        value = value[key]
    return value if isinstance(value, list) else [value] if isinstance(value, dict) else None


def read_records(found: Outline, path: Path, shape: pl.Struct) -> Records:
    """The records at the path as columns of text and nested text, in the shape given.

    A record that does not fit the shape is rejected; every other is read.
    """
    if found.root is not None:
        inferred = type_of_records(found.root, path)
        try:
            filled: pl.Struct = fill_keys(shape, inferred)  # type: ignore[assignment]
            frame, place = found.decoded(path, filled)
        except (pl.exceptions.PolarsError, Misfit):
            return _read_singly(found.items(path), shape)
        absent = [pl.lit(None, dtype=one.dtype).alias(one.name) for one in filled.fields if one.name not in frame]
        frame = frame.with_columns(*absent, place.alias("place"))
        return Records(frame, frozenset(dotted(inferred)), ())
    return _read_singly(found.items(path), shape)


def _read_singly(items: Iterator[tuple[str, Any]], shape: pl.Struct) -> Records:
    """The records that fit, where not all do: the others are found by halving, and set aside."""
    places: list[str] = []
    values: list[Any] = []
    aside: list[tuple[int, Rejected]] = []
    numbers: list[int] = []
    for number, (place, one) in enumerate(items):
        if isinstance(one, dict):
            numbers.append(number)
            places.append(place)
            values.append(one)
        else:
            what = f"a JSON {type(one).__name__} where an object belongs"
            aside.append((number, Rejected(place, what, json.dumps(one, ensure_ascii=False))))
    filled = fill_keys(shape, _keys_of(shape, values))
    raws = pl.Series("r", [json.dumps(one, ensure_ascii=False) for one in values], dtype=pl.String)
    odd = _misfits(raws, filled, 0)
    aside += [(numbers[i], Rejected(places[i], _misfit(values[i], shape), raws[i])) for i in odd]
    fits = pl.Series([i not in odd for i in range(len(values))], dtype=pl.Boolean)
    carried: set[str] = set()
    for value, good in zip(values, fits, strict=True):
        if good:
            carried |= _names(value)
    decoded = raws.filter(fits).str.json_decode(filled)
    frame = decoded.to_frame().select(pl.col("r").struct.unnest())
    return Records(
        frame.with_columns(pl.Series("place", places, dtype=pl.String).filter(fits)),
        frozenset(carried),
        tuple(one for _, one in sorted(aside, key=lambda pair: pair[0])),
    )


def _misfits(raws: pl.Series, shape: pl.DataType, first: int) -> set[int]:
    """Indices, from `first` on, of the records that do not fit the shape."""
    try:
        raws.str.json_decode(shape)
    except pl.exceptions.PolarsError:
        if len(raws) == 1:
            return {first}
        half = len(raws) // 2
        return _misfits(raws[:half], shape, first) | _misfits(raws[half:], shape, first + half)
    return set()


def _keys_of(shape: pl.DataType, values: list[Any]) -> pl.DataType | None:
    """The keys of the values as a type, as far as the shape leaves keys open (ANY_KEYS)."""
    if isinstance(shape, pl.List):
        inner = [one for value in values if isinstance(value, list) for one in value]
        found = _keys_of(shape.inner, inner)  # type: ignore[arg-type]
        return None if found is None else pl.List(found)
    if not isinstance(shape, pl.Struct):
        return None
    objects = [value for value in values if isinstance(value, dict)]
    if not shape.fields:
        return pl.Struct(dict.fromkeys(sorted({key for one in objects for key in one}), pl.String))
    parts = {f.name: _keys_of(f.dtype, [one.get(f.name) for one in objects]) for f in shape.fields}  # type: ignore[arg-type]
    return pl.Struct({name: part for name, part in parts.items() if part is not None})


def _names(value: Any, prefix: str = "") -> set[str]:  # noqa: ANN401 - any JSON value
    """Dotted names of all keys inside, null values included."""
    if isinstance(value, list):
        return {name for one in value for name in _names(one, prefix)}
    if not isinstance(value, dict):
        return set()
    names = {prefix + key for key in value}
    return names.union(*(_names(one, f"{prefix}{key}.") for key, one in value.items()))


def _misfit(one: Any, shape: pl.Struct) -> str:  # noqa: ANN401 - any JSON value
    for key in one:
        part = next((f for f in shape.fields if f.name == key), None)
        if part is None:
            continue
        alone = pl.Struct({key: part.dtype})
        if _misfits(
            pl.Series([json.dumps({key: one[key]}, ensure_ascii=False)]), fill_keys(alone, _keys_of(alone, [one])), 0
        ):
            return f"{key}: {type(one[key]).__name__} of another shape than documented"
    return "a record of another shape than documented"


def decode_cells(cells: pl.Series, shape: pl.DataType) -> tuple[pl.Series, pl.Series]:
    """JSON inside table cells: the values in the shape, and True where a cell did not fit it."""
    decoded = _decode(cells, shape)
    if decoded is not None:
        return decoded, pl.repeat(False, len(cells), dtype=pl.Boolean, eager=True)
    good = pl.Series(_fitting(cells, shape), dtype=pl.Boolean)
    cleaned = cells.to_frame("c").select(pl.when(good).then(pl.col("c"))).to_series()
    decoded = _decode(cleaned, shape)
    assert decoded is not None  # noqa: S101 - every cell that is left fits by itself
    return decoded, ~good


def _fitting(cells: pl.Series, shape: pl.DataType) -> list[bool]:
    """True for each cell that fits the shape; the others are found by halving."""
    if _decode(cells, shape) is not None:
        return [True] * len(cells)
    if len(cells) == 1:
        return [False]
    half = len(cells) // 2
    return _fitting(cells[:half], shape) + _fitting(cells[half:], shape)


def _decode(cells: pl.Series, shape: pl.DataType) -> pl.Series | None:
    """The values, one a cell; None where a cell is no single JSON value of the shape.

    The reader joins all cells before it reads them, so that `[1],[2]` would become two values and an
    empty cell none: each cell is read beside its number, and the numbers must come out as they went in.
    """
    numbered = pl.Struct({"number": pl.Int64(), "value": shape})
    beside = pl.format('{{"number":{},"value":{}}}', pl.int_range(pl.len()), pl.col("c").fill_null("null"))
    try:
        read = cells.to_frame("c").select(beside.str.json_decode(numbered)).to_series()
    except pl.exceptions.PolarsError:
        return None
    if read.struct.field("number").to_list() != list(range(len(cells))):
        return None
    return read.struct.field("value")
