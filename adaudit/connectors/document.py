"""Reads JSON bytes into columns, in one pass of the JSON reader and without an object per record.

Leaf values become text exactly as written for integers and strings, so that a long id keeps its
digits and a wrong type is seen later as text that does not parse. A record whose *shape* differs
(a list where an object belongs) is set aside with its bytes; only then is the page read record by
record.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from adaudit.connectors.raw import Rejected
from adaudit.connectors.table import decode_check
from adaudit.errors import UnreadableInput

ANY_KEYS: Final = pl.Struct([])
"""In a shape: an object whose keys are data (a map by country), each value read as text."""

LARGEST_ERROR: Final = 100_000
"""Characters; a longer answer that also has `data` is read as data."""

DEEPEST: Final = 64
"""Levels of nesting that are read; no source has more than a dozen, and readers fail far beyond."""

QUOTED: Final = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)

Path = tuple[str, ...]


@dataclass(frozen=True)
class Outline:
    """What a JSON document is made of, before it is recognised.

    `root` is the type inferred by the reader; None where records differ in shape, and then `value`
    holds the document itself.
    """

    text: str
    root: pl.DataType | None
    value: Any = None

    def keys_at(self, path: Path) -> frozenset[str] | None:
        """Keys of the records at the path (a list of objects, or one object); None if there are none."""
        found = _inferred_at(self.root, path) if self.root is not None else None
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

    def is_empty(self) -> bool:
        """Whether the document holds no record at all: an empty list, or `data` without rows."""
        try:
            value = _load(self.text)
        except UnreadableInput:
            return False
        inner = value.get("data") if isinstance(value, dict) else value
        rows = inner.get("ads") if isinstance(inner, dict) and "ads" in inner else inner
        return isinstance(rows, list) and not rows

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

    def error(self) -> str | None:
        """The source's own error in words, where the document is an error answer and not data."""
        if "request_status" in self.top_keys():
            return self._refused()
        if "error" not in self.top_keys() or (len(self.text) > LARGEST_ERROR and "data" in self.top_keys()):
            return None
        try:
            error = _load(self.text)["error"]
        except (UnreadableInput, TypeError, KeyError):
            return None
        if not isinstance(error, dict):
            return str(error)
        if error.get("code") == "ok":
            return None
        message = error.get("message") or error.get("error_description") or "no message"
        return f"code {error.get('code', 'none')}, {message}"

    def _refused(self) -> str | None:
        """The error of an answer that says itself whether the request succeeded, as Snap's do."""
        names = ("request_status", "error_code", "debug_message", "display_message")
        value = {name: self._top_text(name) for name in names}
        if (value["request_status"] or "").upper() == "SUCCESS":
            return None
        message = value["debug_message"] or value["display_message"] or "no message"
        return f"code {value['error_code'] or 'none'}, {message} (request_status {value['request_status']})"

    def _top_text(self, key: str) -> str | None:
        """The text of one key of the document itself; None where it holds none."""
        try:
            found = pl.Series([self.text]).str.json_decode(pl.Struct({key: pl.String})).struct.field(key)[0]
        except pl.exceptions.PolarsError:
            found = self.value.get(key) if isinstance(self.value, dict) else None
        return None if found is None else str(found)


@dataclass(frozen=True)
class Records:
    """Records of one page: `frame` has one column per key of the shape, and `place` (a JSON pointer)."""

    frame: pl.DataFrame
    carried: frozenset[str]
    """Dotted names of all fields that at least one record carries, null values included."""
    rejected: tuple[Rejected, ...]


def outline(data: bytes) -> Outline:
    """The outline of JSON bytes. Raises UnreadableInput with line and column where it is broken."""
    clean = decode_check(data)
    if _depth(clean) > DEEPEST and _depth(QUOTED.sub(b"", clean)) > DEEPEST:
        raise UnreadableInput(
            f"JSON of at most {DEEPEST} levels", "lists or objects nested deeper than any source does"
        )
    text = clean.decode("utf-8")
    try:
        root = pl.Series([text]).str.json_decode(infer_schema_length=None).dtype
    except pl.exceptions.PolarsError:
        return Outline(text, None, _load(text))
    if not isinstance(root, pl.Struct | pl.List):
        raise UnreadableInput("a JSON object or array", f"a JSON {type(root).__name__.lower()}")
    return Outline(text, root)


def _depth(data: bytes) -> int:
    """Levels of nesting, brackets inside texts counted too."""
    codes = np.frombuffer(data, dtype=np.uint8)
    marks = codes[np.isin(codes, np.frombuffer(b"[]{}", dtype=np.uint8))]
    steps = np.where((marks == 0x5B) | (marks == 0x7B), 1, -1)
    return int(np.cumsum(steps).max(initial=0))


def _load(text: str) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return json.loads(text)
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


def _inferred_at(root: pl.DataType | None, path: Path) -> pl.DataType | None:
    """The type of one record at the path, be it a list of records or a single one."""
    found = _type_at(root, path)
    return found.inner if isinstance(found, pl.List) else found  # type: ignore[return-value]


def _value_at(value: Any, path: Path) -> list[Any] | None:  # noqa: ANN401 - any JSON value
    for key in path:
        if not isinstance(value, dict) or key not in value:
            return None
        value = value[key]
    return value if isinstance(value, list) else [value] if isinstance(value, dict) else None


def _fill(shape: pl.DataType, inferred: pl.DataType | None) -> pl.DataType:
    """The shape with every map of free keys replaced by the keys that were inferred."""
    if isinstance(shape, pl.List):
        inner = inferred.inner if isinstance(inferred, pl.List) else None
        return pl.List(_fill(shape.inner, inner))  # type: ignore[arg-type]
    if not isinstance(shape, pl.Struct):
        return shape
    known = {f.name: f.dtype for f in inferred.fields} if isinstance(inferred, pl.Struct) else {}
    if not shape.fields:
        return pl.Struct(dict.fromkeys(sorted(known), pl.String) or {"": pl.String})
    return pl.Struct({f.name: _fill(f.dtype, known.get(f.name)) for f in shape.fields})  # type: ignore[arg-type]


def dotted(dtype: pl.DataType | None, prefix: str = "") -> set[str]:
    """Dotted names of all fields in a type, those inside lists included."""
    while isinstance(dtype, pl.List):
        dtype = dtype.inner  # type: ignore[assignment]
    if not isinstance(dtype, pl.Struct):
        return set()
    names: set[str] = set()
    for one in dtype.fields:
        names |= {prefix + one.name} | dotted(one.dtype, f"{prefix}{one.name}.")  # type: ignore[arg-type]
    return names


def read_records(found: Outline, path: Path, shape: pl.Struct) -> Records:
    """The records at the path as columns of text and nested text, in the shape given.

    A record that does not fit the shape is rejected; every other is read.
    """
    if found.root is not None:
        inferred = _inferred_at(found.root, path)
        fast = _read_whole(found.text, path, shape, inferred, found.root)
        if fast is not None:
            return Records(fast, frozenset(dotted(inferred)), ())
    return _read_singly(_load(found.text), path, shape)


def _read_whole(
    text: str, path: Path, shape: pl.Struct, inferred: pl.DataType | None, root: pl.DataType
) -> pl.DataFrame | None:
    single = not isinstance(_type_at(root, path), pl.List)
    wanted: pl.DataType = _fill(shape, inferred)
    wanted = wanted if single else pl.List(wanted)
    for key in reversed(path):
        wanted = pl.Struct({key: wanted})
    try:
        values = pl.Series([text]).str.json_decode(wanted)
    except pl.exceptions.PolarsError:
        return None
    for key in path:
        values = values.struct.field(key)
    rows = values if single else values.explode(empty_as_null=False, keep_nulls=False)
    if rows.null_count():
        return None
    pointer = "".join(f"/{key}" for key in path)
    place = pl.int_range(pl.len(), dtype=pl.UInt32)
    where = pl.lit(pointer or "/") if single else pl.format(pointer + "/{}", place)
    return rows.alias("r").to_frame().select(pl.col("r").struct.unnest()).with_columns(where.alias("place"))


def _read_singly(value: Any, path: Path, shape: pl.Struct) -> Records:  # noqa: ANN401 - any JSON value
    pointer = "".join(f"/{key}" for key in path)
    kept: list[tuple[str, str]] = []
    rejected: list[Rejected] = []
    carried: set[str] = set()
    for index, one in enumerate(_value_at(value, path) or []):
        place = f"{pointer}/{index}"
        raw = json.dumps(one, ensure_ascii=False)
        reason = _misfit(one, shape)
        if reason:
            rejected.append(Rejected(place, reason, raw))
            continue
        kept.append((place, raw))
        carried |= dotted(pl.Series([raw]).str.json_decode(infer_schema_length=None).dtype)
    frame = _join(kept, shape)
    return Records(frame, frozenset(carried), tuple(rejected))


def _misfit(one: Any, shape: pl.Struct) -> str:  # noqa: ANN401 - any JSON value
    if not isinstance(one, dict):
        return f"a JSON {type(one).__name__} where an object belongs"
    for key in one:
        part = next((f for f in shape.fields if f.name == key), None)
        if part is None:
            continue
        try:
            pl.Series([json.dumps({key: one[key]}, ensure_ascii=False)]).str.json_decode(
                _fill(pl.Struct({key: part.dtype}), None)
            )
        except pl.exceptions.PolarsError:
            return f"{key}: {type(one[key]).__name__} of another shape than documented"
    return ""


def _join(kept: Iterable[tuple[str, str]], shape: pl.Struct) -> pl.DataFrame:
    rows = list(kept)
    places = pl.Series("place", [place for place, _ in rows], dtype=pl.String)
    text = "[" + ",".join(raw for _, raw in rows) + "]"
    inferred = pl.Series([text]).str.json_decode(infer_schema_length=None).dtype if rows else None
    inner = inferred.inner if isinstance(inferred, pl.List) else None
    wanted = _fill(shape, inner)  # type: ignore[arg-type]
    values = pl.Series("r", [raw for _, raw in rows], dtype=pl.String).str.json_decode(wanted)
    return values.to_frame().select(pl.col("r").struct.unnest()).with_columns(places)


def decode_cells(cells: pl.Series, shape: pl.DataType) -> tuple[pl.Series, pl.Series]:
    """JSON inside table cells: the values in the shape, and True where a cell did not fit it."""
    try:
        decoded = cells.str.json_decode(shape)
        return decoded, pl.repeat(False, len(cells), dtype=pl.Boolean, eager=True)
    except pl.exceptions.PolarsError:
        good = pl.Series([_fits(cell, shape) for cell in cells], dtype=pl.Boolean)
        cleaned = cells.to_frame("c").select(pl.when(good).then(pl.col("c"))).to_series()
        return cleaned.str.json_decode(shape), ~good


def _fits(cell: str | None, shape: pl.DataType) -> bool:
    try:
        pl.Series([cell], dtype=pl.String).str.json_decode(shape)
    except pl.exceptions.PolarsError:
        return False
    return True
