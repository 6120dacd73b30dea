"""The byte forms in which the sources give their files."""

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Sequence
from json.encoder import encode_basestring, encode_basestring_ascii

BOM = "\ufeff"

_ZIP_DAY = (2025, 7, 14, 8, 30, 0)
_DEEPEST = 12
_REGULAR_FILE = 0o100644 << 16


def page_bytes(document: object) -> bytes:
    """JSON with one value a line and no indentation, as collectors of pages keep it."""
    return indented_bytes(document, indent=0, escaped=False)


def indented_bytes(document: object, *, indent: int, escaped: bool) -> bytes:
    """Indented JSON; escaped means that characters beyond ASCII are written as `\\u` escapes.

    The bytes are those of `json.dumps`, which takes twice as long for indented documents.
    """
    quote = encode_basestring_ascii if escaped else encode_basestring
    breaks = ["\n" + " " * (indent * depth) for depth in range(_DEEPEST)]
    return _indented(document, quote, breaks, 0).encode()


def _indented(value: object, quote: Callable[[str], str], breaks: Sequence[str], depth: int) -> str:
    if isinstance(value, str):
        return quote(value)
    if type(value) is int:
        return str(value)
    if isinstance(value, dict | list) and value:
        inner = depth + 1
        if isinstance(value, dict):
            parts = [f"{quote(key)}: {_indented(part, quote, breaks, inner)}" for key, part in value.items()]
            left, right = "{}"
        else:
            parts = [_indented(part, quote, breaks, inner) for part in value]
            left, right = "[]"
        return f"{left}{breaks[inner]}{f',{breaks[inner]}'.join(parts)}{breaks[depth]}{right}"
    return json.dumps(value)


def compact_bytes(document: object) -> bytes:
    """JSON on one line, as an API answers it."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def cell(value: str) -> str:
    """A CSV cell, quoted only where a comma, a quote or a line break requires it."""
    if '"' in value:
        return '"' + value.replace('"', '""') + '"'
    if "," in value or "\n" in value or "\r" in value:
        return f'"{value}"'
    return value


def strict_cell(value: str) -> str:
    """A CSV cell that is also quoted where it begins with a sign or ends with a blank."""
    if value and (value[0] <= "#" or value[-1] <= " "):
        return '"' + value.replace('"', '""') + '"'
    return cell(value)


def lines(header: str, rows: Iterable[str], *, end: str = "\n") -> bytes:
    """A CSV file with a line end after every row."""
    return (end.join([header, *rows]) + end).encode()


def report_lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file that begins with a byte order mark and ends without a line end."""
    text = "\n".join(",".join([cell(value) for value in row]) for row in [header, *rows])
    return (BOM + text).encode()


def zip_bytes(members: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip with fixed dates, stored and not deflated.

    Stored members keep the bytes the same whatever compression library a machine has.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members:
            member = zipfile.ZipInfo(name, _ZIP_DAY)
            member.create_system = 3
            member.external_attr = _REGULAR_FILE
            archive.writestr(member, content)
    return buffer.getvalue()
