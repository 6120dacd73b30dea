"""Tells by its content which form of which source a page is; the name of the file is never asked."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from importlib import import_module
from typing import Final

from adaudit.connectors.document import Lined, Outline, Path, outline
from adaudit.connectors.encoding import decode_check
from adaudit.connectors.lines import Lines, lines_of
from adaudit.connectors.raw import Rejected
from adaudit.connectors.source import Form, Source, sources
from adaudit.connectors.table import header_of, no_table, normal_name
from adaudit.errors import ColumnsMissing, InputError, RefusalInput, UnreadableInput, UnrecognisedInput

NEAR: Final = 0.6
"""Share of required columns from which a file counts as a damaged file of that form."""
SHOWN: Final = 12


@dataclass(frozen=True)
class Companion:
    """A documentation file that comes with the data of a source: recognised, without records."""

    source: str
    says: str = ""
    """When the data were made, in the file's own words; empty where it tells no such thing."""


@dataclass(frozen=True)
class Recognised:
    """The form that a page is, with what was read to tell it."""

    source: str
    form: str
    description: Form
    outline: Outline | None = None
    path: Path = ()
    header: tuple[str, ...] = ()
    new_fields: tuple[str, ...] = ()
    pages: "tuple[tuple[int, Recognised], ...]" = ()
    """Where each line of the file is an answer of its own: its number, and what it is."""
    element: str = ""
    """Of XML, the element that holds one record."""
    rejected: tuple[Rejected, ...] = ()
    """Lines of the file that are no JSON, or no answer of this form."""


def _matches(names: frozenset[str], pattern: str) -> bool:
    return any(fnmatchcase(name, pattern) for name in names) if "*" in pattern else pattern in names


def _forms(container: str, only: str | None) -> Iterator[tuple[Source, str, Form]]:
    for source in sources().values():
        if only in (None, source.id):
            yield from ((source, name, form) for name, form in source.form.items() if form.container == container)


def recognise(data: bytes, only: str | None = None) -> Recognised | Companion:
    """The form of the page, among the forms of the source `only` where it is given.

    Raises UnrecognisedInput, ColumnsMissing, RefusalInput or UnreadableInput.
    """
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:512]
    if not start:
        raise UnreadableInput("a file with content", "white space only")
    if start[:1] in b"{[":
        lines = lines_of(data)
        return _recognise_json(outline(data), only) if lines is None else _recognise_lines(lines, only)
    if start[:1] == b"<":
        return _recognise_markup(data, start, only)
    for source in sources().values():
        if any(start.startswith(opening.encode()) for opening in source.companions):
            return Companion(source.id)
        if any(start.startswith(opening.encode()) for opening in source.stamps):
            return Companion(source.id, " ".join(start.decode("utf-8", "replace").split()))
    return _recognise_csv(header_of(data), only)


def _recognise_markup(data: bytes, start: bytes, only: str | None) -> Recognised:
    """XML of a source that has such a form: turned into the JSON of the same records, and read as that."""
    for source in sources().values():
        if only in (None, source.id) and any(f"<{root}".encode() in start for root in source.markup):
            module = import_module(f"adaudit.connectors.{source.id}.connector")
            found = _recognise_json(outline(module.from_xml(data)), source.id)
            return replace(found, element=source.markup[0])
    decode_check(data)
    raise UnrecognisedInput(
        "a table, or a JSON or XML document of a known source",
        "HTML or XML (perhaps a saved page, a log-in page or an error page)",
        advice="Save the data itself, not the page that shows it.",
    )


@lru_cache(maxsize=32)
def _recognise_csv(header: tuple[str, ...], only: str | None) -> Recognised:
    names = frozenset(normal_name(cell) for cell in header)
    best: tuple[int, Recognised] | None = None
    near: tuple[float, Source, Form, list[str]] | None = None
    for source, name, form in _forms("csv", only):
        asked = form.recognise
        absent = [column for column in asked.required if not _matches(names, column)]
        telling = len(names) if asked.closed else len(asked.required) + len(names & {*asked.any_of})
        if asked.any_of and not names & {*asked.any_of}:
            continue
        expected = (*asked.required, *asked.any_of, *asked.known, *asked.ignored)
        new = tuple(n for n in sorted(names) if n and not any(fnmatchcase(n, e) for e in expected))
        if not absent and not (asked.closed and new):
            if best is None or telling > best[0]:
                best = (telling, Recognised(source.id, name, form, header=header, new_fields=new))
        elif not asked.closed:
            share = 1 - len(absent) / len(asked.required)
            if share >= NEAR and (near is None or share > near[0]):
                near = (share, source, form, absent)
    if near is not None and (best is None or best[0] < len(near[2].recognise.required) * near[0]):
        raise _columns_missing(near, header)
    if best is None and len(header) == 1:
        raise no_table(header[0].encode())
    if best is None:
        raise UnrecognisedInput(
            "the header of a known source",
            f"the columns {_listed(header)}",
            advice="`adaudit sources` lists what can be read. A header in another language is not guessed: set the "
            "library to English and download the file again.",
        )
    return best[1]


def _columns_missing(near: tuple[float, Source, Form, list[str]], header: tuple[str, ...]) -> ColumnsMissing:
    _, source, form, absent = near
    expected = {*form.recognise.required, *form.recognise.known, *form.recognise.ignored}
    other = [cell for cell in header if not any(fnmatchcase(normal_name(cell), e) for e in expected)]
    return ColumnsMissing(
        f"the column{'s' * (len(absent) > 1)} {_listed(absent)} of {source.title}, {form.title}",
        f"a header without {'them' if len(absent) > 1 else 'it'}" + (f" but with {_listed(other)}" if other else ""),
        place="line 1",
        advice="A renamed or removed column is not guessed; use the file as downloaded.",
    )


def _recognise_json(found: Outline, only: str | None) -> Recognised:
    _refuse_error_answers(found)
    cells = _cells(found, only)
    if cells is not None:
        return _recognise_lines(cells, only)
    keys = tuple((path, found.keys_at(path) or frozenset()) for path in _paths())
    best = _by_keys(keys, only)
    if best is None:
        empty = _empty_answer(found, only)
        if empty is not None:
            return empty
        raise UnrecognisedInput(
            "the JSON of a known source",
            _json_in_words(found),
            advice="`adaudit sources` lists what can be read; an empty answer needs --source.",
        )
    return replace(best, outline=found)


def _cells(found: Outline, only: str | None) -> Lines | None:
    """The records that an answer holds as JSON texts in the cells of a table; None where it is no such answer.

    Raises UnreadableInput where its cells hold something else.
    """
    for source in sources().values():
        if only in (None, source.id) and source.cells and found.top_keys().issuperset(source.cells):
            lines: Lines = import_module(f"adaudit.connectors.{source.id}.connector").from_cells(found)
            return lines
    return None


@cache
def _paths() -> tuple[Path, ...]:
    """Where the records of the known forms stand in a document."""
    return tuple(dict.fromkeys(path for _, _, form in _forms("json", None) for path in (form.recognise.path, ())))


@lru_cache(maxsize=32)
def _by_keys(keys_at: tuple[tuple[Path, frozenset[str]], ...], only: str | None) -> Recognised | None:
    """The form whose keys those of the records are most, by the keys at each path."""
    best: tuple[float, Recognised] | None = None
    known_keys = dict(keys_at)
    for source, name, form in _forms("json", only):
        for path in dict.fromkeys((form.recognise.path, ())):
            keys = known_keys[path]
            if not keys:
                continue
            asked = form.recognise
            if any(key not in keys for key in asked.required):
                continue
            if asked.any_of and not any(key in keys for key in asked.any_of):
                continue
            known = keys & {*asked.known, *asked.any_of, *asked.required}
            share = len(known) / len(keys)
            new = tuple(sorted(keys - {*asked.known, *asked.ignored, *asked.any_of, *asked.required}))
            enough = not new if asked.closed else len(known) > 1
            if share >= NEAR and enough and (best is None or share > best[0]):
                best = (share, Recognised(source.id, name, form, None, path, new_fields=new))
    return None if best is None else best[1]


def _recognise_lines(lines: Lines, only: str | None) -> Recognised:
    """A file with one record on each line, or with one answer of the source on each."""
    for text in lines.texts[:SHOWN]:
        try:
            first = _recognise_json(outline(text.encode()), only)
        except InputError:
            continue
        if first.path or text.startswith("[") or isinstance(first.outline, Lined):
            return _recognise_answers(lines, first, only)
    return replace(_recognise_json(lines.outline(), only), rejected=lines.rejected)


def _recognise_answers(lines: Lines, first: Recognised, only: str | None) -> Recognised:
    pages: list[tuple[int, Recognised]] = []
    rejected = list(lines.rejected)
    for number, text in zip(lines.numbers, lines.texts, strict=True):
        try:
            found = _recognise_json(outline(text.encode()), only)
            if (found.source, found.form) != (first.source, first.form):
                raise UnrecognisedInput(f"an answer as on the other lines ({first.form})", f"one of {found.form}")
        except InputError as error:
            rejected.append(Rejected(f"line {number}", str(error), text))
        else:
            pages.append((number, found))
    new = {name for _, found in pages for name in found.new_fields}
    return replace(first, new_fields=tuple(sorted(new)), pages=tuple(pages), rejected=tuple(rejected))


def _refuse_error_answers(found: Outline) -> None:
    """An error answer saved as a file: Meta's has an `error`, TikTok's a code other than ok, Snap's a status."""
    error = found.error()
    if error is not None:
        raise RefusalInput(
            "records",
            f"the source's own error answer: {error}",
            advice="Nothing can be said from it; ask again (with a valid token) and save that answer.",
        )


def _empty_answer(found: Outline, only: str | None) -> Recognised | None:
    """A page without records, told by the keys around them or by `--source`."""
    for source, name, form in _forms("json", only):
        path = form.recognise.path
        empty = found.is_empty(path) or bool(only and found.is_empty())
        told = form.recognise.answer and found.top_keys().issuperset(form.recognise.answer)
        if (told and found.has_list_at(path)) or (empty and (only or (path and _in_envelope(found, form)))):
            return Recognised(source.id, name, form, found, path)
    return None


def _in_envelope(found: Outline, form: Form) -> bool:
    """Whether no key stands beside those of the path but the form's own."""
    path, envelope = form.recognise.path, form.recognise.envelope
    return all((found.keys_at(path[:i]) or frozenset()) <= {key, *envelope} for i, key in enumerate(path))


def _listed(names: tuple[str, ...] | list[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:SHOWN])
    return shown + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")


def _json_in_words(found: Outline) -> str:
    keys = found.keys_at(()) or found.top_keys()
    paths = {form.recognise.path for _, _, form in _forms("json", None)}
    if any(found.is_empty(path) for path in ((), *paths)):
        return "an empty answer that does not tell its source"
    return f"records with the keys {_listed(sorted(keys))}" if keys else "a list without objects"


__all__ = ["Companion", "InputError", "Recognised", "recognise"]
