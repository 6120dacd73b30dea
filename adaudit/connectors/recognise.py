"""Tells by its content which form of which source a page is; the name of the file is never asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from adaudit.connectors.document import Outline, Path, outline
from adaudit.connectors.source import Form, Source, sources
from adaudit.connectors.table import header_of, normal_name
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
        return _recognise_json(outline(data), only)
    if start[:1] == b"<":
        raise UnrecognisedInput(
            "a table or a JSON document of a known source",
            "HTML or XML (perhaps a saved page, a log-in page or an error page)",
            advice="Save the data itself, not the page that shows it.",
        )
    for source in sources().values():
        if any(start.startswith(opening.encode()) for opening in source.companions):
            return Companion(source.id)
        if any(start.startswith(opening.encode()) for opening in source.stamps):
            return Companion(source.id, " ".join(start.decode("utf-8", "replace").split()))
    return _recognise_csv(header_of(data), only)


def _recognise_csv(header: tuple[str, ...], only: str | None) -> Recognised:
    names = frozenset(normal_name(cell) for cell in header)
    best: tuple[int, Recognised] | None = None
    near: tuple[float, Source, Form, list[str]] | None = None
    for source, name, form in _forms("csv", only):
        asked = form.recognise
        absent = [column for column in asked.required if not _matches(names, column)]
        expected = (*asked.required, *asked.known, *asked.ignored)
        new = tuple(n for n in sorted(names) if n and not any(fnmatchcase(n, e) for e in expected))
        if not absent and not (asked.closed and new):
            if best is None or len(asked.required) > best[0]:
                best = (len(asked.required), Recognised(source.id, name, form, header=header, new_fields=new))
        elif not asked.closed:
            share = 1 - len(absent) / len(asked.required)
            if share >= NEAR and (near is None or share > near[0]):
                near = (share, source, form, absent)
    if near is not None and (best is None or best[0] < len(near[2].recognise.required) * near[0]):
        raise _columns_missing(near, header)
    if best is None:
        raise UnrecognisedInput(
            "the header of a known source",
            f"the columns {_listed(header)}",
            advice="`adaudit sources` lists what can be read.",
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
    best: tuple[float, Recognised] | None = None
    for source, name, form in _forms("json", only):
        for path in dict.fromkeys((form.recognise.path, ())):
            keys = found.keys_at(path)
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
            if share >= NEAR and len(known) > 1 and (best is None or share > best[0]):
                best = (share, Recognised(source.id, name, form, found, path, new_fields=new))
    if best is None:
        empty = _empty_answer(found, only)
        if empty is not None:
            return empty
        raise UnrecognisedInput(
            "the JSON of a known source",
            _json_in_words(found),
            advice="`adaudit sources` lists what can be read; an empty answer needs --source.",
        )
    return best[1]


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
    """A page without records, told by its envelope or by `--source`."""
    keys = found.top_keys()
    for source, name, form in _forms("json", only):
        asked = form.recognise
        if asked.envelope and keys.issuperset(asked.envelope) and found.has_list_at(asked.path):
            return Recognised(source.id, name, form, found, asked.path)
    if not found.is_empty():
        return None
    if only is None and "error" in keys:
        only = "tiktok"
    elif only is None and keys and keys <= {"data", "paging"}:
        only = "meta"
    for source, name, form in _forms("json", only) if only else ():
        return Recognised(source.id, name, form, found, form.recognise.path)
    return None


def _listed(names: tuple[str, ...] | list[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:SHOWN])
    return shown + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")


def _json_in_words(found: Outline) -> str:
    keys = found.keys_at(()) or found.top_keys()
    if found.is_empty():
        return "an empty answer that does not tell its source"
    return f"records with the keys {_listed(sorted(keys))}" if keys else "a list without objects"


__all__ = ["Companion", "InputError", "Recognised", "recognise"]
