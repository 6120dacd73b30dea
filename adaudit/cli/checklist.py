"""The checklist of each notice on the terminal and as a text file, the same words in both."""

from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap
from typing import Final

from rich.console import Console

from adaudit.audit.checklist import (
    FOUND,
    MOST,
    SAY,
    Checklist,
    Checklists,
    checklists,
    heading,
    in_order,
    said,
    tally,
    untold,
)
from adaudit.cli.console import CONTROL, say
from adaudit.language import Language, in_language

FILE: Final = "checklists.txt"
IN_FULL: Final = 5
"""Notices of which the terminal shows the checklist; the file has all."""
WIDTH: Final = 100
Line = tuple[str, str | None]
"""A line of text, and how the terminal shows it."""


def write_checklists(folder: Path, language: Language) -> Checklists:
    """Write `checklists.txt` where the audit holds notices that a checklist is made of, and return them."""
    found = checklists(folder)
    if found.each:
        parts = [[text for text, _ in lines(one, language)] for one in found.each]
        text = "\n\n".join("\n".join(part) for part in parts)
        beyond = found.notices - len(found.each)
        if beyond:
            text += f"\n\n{in_language(SAY.of('beyond', beyond, most=MOST), language)}"
        (folder / FILE).write_text(f"{text}\n", encoding="utf-8")
    return found


def show_checklists(found: Checklists, console: Console, language: Language) -> None:
    """The checklists with most to be done, and where the others are."""
    for one in found.each[:IN_FULL]:
        for text, style in lines(one, language, min(console.width, WIDTH)):
            say(console, text, style)
        say(console, "")
    others = len(found.each) - IN_FULL
    if others > 0:
        say(console, in_language(SAY.of("more", others, file=FILE), language), "dim")
        say(console, "")


def lines(one: Checklist, language: Language, width: int = WIDTH) -> list[Line]:
    """A checklist as lines of at most `width` characters, but for words that are longer."""
    return [
        (f"{indent if part == 0 else ' ' * len(indent)}{text}", style)
        for indent, whole, style in _paragraphs(one, language)
        for part, text in enumerate(_wrapped(whole, width - len(indent)))
    ]


def _wrapped(text: str, width: int) -> list[str]:
    return wrap(" ".join(CONTROL.sub(" ", text).split()), width, break_long_words=False, break_on_hyphens=False) or [""]


def _paragraphs(one: Checklist, language: Language) -> Iterator[tuple[str, str, str | None]]:
    """What goes before each paragraph, the paragraph, and how it is shown."""
    yield "", heading(one, language), "bold"
    yield "  ", tally(one, language), None
    number = 0
    for verdict in FOUND:
        items = one.of(verdict)
        if items:
            yield "", "", None
            yield "  ", SAY.say(f"head_{verdict}", language), "bold"
        for item in items:
            number += 1
            point = said(item, language)
            yield f"  {number:>2}. ", f"{point.title} ({point.law})", None
            for text in (point.sentence, point.seen, point.why and f"{point.why}."):
                if text:
                    yield "      ", text, None
            yield "      ", SAY.say("to_do", language, text=point.to_do), None
    if one.untold:
        yield "", "", None
        yield "  ", SAY.say("head_unknown", language), "bold"
        for part in one.untold:
            yield "  -   ", untold(part, language), None
    if one.in_order:
        yield "", "", None
        yield "  ", SAY.say("head_ok", language), "bold"
        yield "      ", in_order(one, language), None
