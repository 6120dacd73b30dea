"""The same documents in every container and dialect that can be read, for tests that ask for no loss."""

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any, Final

from adaudit.connectors import Recognised, recognise

from ..evidence.books import workbook

Wrap = Callable[[bytes], bytes | None]


def is_json(data: bytes) -> bool:
    return data.lstrip()[:1] in {b"{", b"["}


def is_table(data: bytes) -> bool:
    return not data.startswith(b"PK") and not is_json(data) and b"," in data.split(b"\n", 1)[0]


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def items_of(data: bytes) -> list[Any]:
    """The records of a document, without the envelope."""
    found = recognise(data)
    assert isinstance(found, Recognised)
    inner = json.loads(data)
    for key in found.path:
        inner = inner[key]
    return inner if isinstance(inner, list) else [inner]


def lines(data: bytes) -> bytes | None:
    """A record on each line."""
    if not is_json(data):
        return None
    return b"".join(json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in items_of(data)) or None


def answers(data: bytes) -> bytes | None:
    """The document twice, once on each of two lines."""
    if not is_json(data):
        return None
    line = json.dumps(json.loads(data), ensure_ascii=False).encode() + b"\n"
    return line * 2


def separated(separator: str, end: str) -> Wrap:
    """A table saved again with another separator and line end."""

    def wrap(data: bytes) -> bytes | None:
        if not is_table(data):
            return None
        out = io.StringIO()
        writer = csv.writer(out, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL)
        writer.writerows(rows_of(data))
        return out.getvalue().encode()

    return wrap


def book(data: bytes) -> bytes | None:
    """A table as a sheet of text."""
    return workbook(Sheet=rows_of(data)) if is_table(data) else None


def zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("document", data)
    return out.getvalue()


CONTAINERS: Final[dict[str, Wrap]] = {
    "as it is": lambda data: data,
    "lines": lines,
    "answers": answers,
    "semicolon": separated(";", "\r\n"),
    "tab": separated("\t", "\n"),
    "carriage return": separated(",", "\r"),
    "workbook": book,
    "gzip": gzip.compress,
    "zip": zipped,
    "zip in zip": lambda data: zipped(zipped(data)),
    "utf-16": lambda data: None if data.startswith(b"PK") else data.decode("utf-8-sig").encode("utf-16"),
}
