"""Proves that bytes are UTF-8; where they are not, says what they look like. Nothing is guessed and read."""

import re
from typing import Final

import polars as pl

from adaudit.errors import UnreadableInput

BOM: Final = b"\xef\xbb\xbf"
MARKS: Final = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
"""Byte-order marks of encodings that no source uses, longer ones first."""
LOOKED_AT: Final = 2**20
"""Bytes that are looked at to tell an encoding."""
MANY: Final = 0.3
"""Share of NUL bytes at every other place from which text counts as UTF-16: text in Latin letters has nearly all."""
SINGLE_BYTE: Final = {"Windows-1252": "cp1252", "Mac-Roman": "mac_roman"}
LETTERS: Final = frozenset("àâäáãåæçéèêëíìîïñóòôöõøœúùûüßÄÖÜ€’‘“”–…")
"""What texts of the EU's western languages are made of beyond ASCII, in the encoding that they are in."""
SAVE_AS: Final = "Save it as UTF-8 (in Excel: CSV UTF-8), or use the file as downloaded."


HALVES: Final = re.compile(rb"\\u[dD]")
HALF: Final = r"(?i)\\ud[89a-f][0-9a-f]{2}"
PAIR: Final = r"(?i)\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}"
BACKSLASH_PAIR_OR_HALF: Final = re.compile(rf"(\\\\)|({PAIR[4:]})|{HALF[4:]}", re.IGNORECASE)


def decode_check(data: bytes) -> bytes:
    """The bytes without a byte-order mark, proven to be UTF-8. Raises UnreadableInput."""
    return _proven(data)[0]


def text_of(data: bytes) -> str:
    """The text in UTF-8 bytes, without a byte-order mark. Raises UnreadableInput."""
    return _proven(data)[1]


def document_of(data: bytes) -> pl.Series:
    """The JSON text in UTF-8 bytes as the one value of a column, every half character being `\\ufffd`.

    The same as `whole_characters(text_of(data))`, without a copy as Python text. Raises UnreadableInput.
    """
    if any(data.startswith(mark) for mark in MARKS) or b"\x00" in data or HALVES.search(data):
        return pl.Series([whole_characters(text_of(data))])
    try:
        return pl.Series([data.removeprefix(BOM)]).cast(pl.String)
    except pl.exceptions.PolarsError:
        return pl.Series([text_of(data)])


def whole_characters(json_text: str) -> str:
    """The JSON text in which half a character (`\\ud83d` alone, where an emoji was cut) is `\\ufffd`.

    Half a character is no text: readers refuse it, or make something else of it.
    """
    if "\\ud" not in json_text and "\\uD" not in json_text:
        return json_text
    texts = pl.Series([json_text])
    if texts.str.count_matches(HALF).item() == 2 * texts.str.count_matches(PAIR).item():
        return json_text
    return BACKSLASH_PAIR_OR_HALF.sub(lambda m: m[0] if m[1] or m[2] else "\\ufffd", json_text)


def _proven(data: bytes) -> tuple[bytes, str]:
    for mark, name in MARKS.items():
        if data.startswith(mark):
            raise UnreadableInput("UTF-8 text", f"{name} (byte-order mark at byte 0)", advice=SAVE_AS)
    order = _unmarked_utf_16(data[:LOOKED_AT])
    if order:
        raise UnreadableInput(
            "UTF-8 text", f"UTF-16 ({order}, without a byte-order mark)", place="byte 0", advice=SAVE_AS
        )
    clean = data.removeprefix(BOM)
    try:
        return clean, clean.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_utf_8(clean, error) from error


def _unmarked_utf_16(start: bytes) -> str:
    """The byte order where the bytes look like UTF-16; empty where they do not."""
    if b"\x00" not in start:
        return ""
    for order, offset in (("little-endian", 1), ("big-endian", 0)):
        here, other = start[offset::2], start[1 - offset :: 2]
        if here.count(0) > MANY * len(here) and other.count(0) < MANY * len(other):
            return order
    return ""


def _not_utf_8(clean: bytes, error: UnicodeDecodeError) -> UnreadableInput:
    line = clean.count(b"\n", 0, error.start) + 1
    place = f"line {line}, byte {error.start}"
    byte = f"byte 0x{clean[error.start]:02X}"
    if error.end == len(clean) and error.reason == "unexpected end of data":
        found, advice = (
            f"text that ends in the middle of a character ({byte})",
            "The file was cut off; download it again.",
        )
    elif _mostly_utf_8(clean):
        found = f"{byte}, which is not UTF-8, in text that otherwise is"
        advice = "The file was damaged, or put together from files in several encodings; use the files as downloaded."
    else:
        found, advice = f"{byte}, which is not UTF-8{_looks_like(clean, error.start)}", SAVE_AS
    return UnreadableInput("UTF-8 text", found, place=place, advice=advice)


def _mostly_utf_8(clean: bytes) -> bool:
    """Whether characters beyond ASCII are more often UTF-8 than not."""
    text = clean.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    return sum(not c.isascii() for c in text[:LOOKED_AT]) > 2 * wrong


def _looks_like(clean: bytes, place: int) -> str:
    """`; the text looks like Windows-1252, where it is 'é'`: by the letters that each encoding would give."""
    beyond = bytes(byte for byte in clean[place : place + LOOKED_AT] if byte > 0x7F)
    scores = {name: sum(c in LETTERS for c in beyond.decode(codec, "replace")) for name, codec in SINGLE_BYTE.items()}
    best = max(scores.values())
    likely = [name for name, score in scores.items() if score == best]
    if 2 * best < len(beyond):
        return ""
    if len(likely) > 1:
        return f"; the text looks like {' or '.join(likely)}"
    letter = clean[place : place + 1].decode(SINGLE_BYTE[likely[0]], "replace")
    return f"; the text looks like {likely[0]} or a relative of it, where this byte is {letter!r}"
