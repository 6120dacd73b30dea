"""The table of an audit on a terminal: one block of rows per value of the dimension, shares of what was judged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.console import Console
from rich.text import Text

from adaudit.audit.facts import UNNAMED, WITHHELD
from adaudit.audit.tables import NO_VOTE, NOT_STATED, Table
from adaudit.cli.console import plain, say
from adaudit.cli.lang import SAY, WORDS
from adaudit.language import Language, in_language, number

ROWS: Final = 20
SHARES: Final = ("ok", "partial", "missing", "invalid", "not_exposed")
COLUMNS: Final = ("records", "checks", *SHARES, "suspect")
OURS: Final = {UNNAMED: "unnamed", WITHHELD: "withheld", NOT_STATED: "not_stated", NO_VOTE: "no_vote"}
"""What stands in a table where no source's own word does."""
BINDINGS: Final = ("yes", "before", "unknown")
NOTES: Final = ("country", "month", "source")
"""Dimensions of whose tables there is more to say."""


@dataclass(frozen=True)
class Layout:
    """How much of each row the terminal has room for."""

    counts: bool
    """Whether counts stand beside their shares."""
    full: bool
    """Whether bindings stand in full words."""


LAYOUTS: Final = (Layout(counts=True, full=True), Layout(counts=False, full=True), Layout(counts=False, full=False))
"""From the widest to the narrowest."""


def percent(part: int, whole: int, language: Language) -> str:
    """A share in whole per cent, never rounded to nothing or to everything."""
    value = 100 * part / whole
    shown = "<1" if 0 < value < 1 else ">99" if 99 < value < 100 else str((part * 200 + whole) // (whole * 2))
    return f"{shown:>3}\u202f%" if language == "en" else f"{shown:>3}%"


def cell(part: int, whole: int, layout: Layout, language: Language) -> Text:
    """A share of the row's checks, with its count where there is room."""
    if not whole:
        return Text("–", style="dim")
    share = percent(part, whole, language)
    return Text(f"{number(part, language)} {share}" if layout.counts else share, style="" if part else "dim")


def _headings(layout: Layout, language: Language) -> list[list[Text]]:
    """The lines of the headings, from the top: a text for each column."""
    found: list[list[str]] = []
    for name in COLUMNS:
        narrow = f"narrow_{name}"
        key = narrow if narrow in SAY.entries and not layout.counts else f"heading_{name}"
        found.append(SAY.say(key, language).split("\n"))
    most = max(map(len, found))
    bottom = [[""] * (most - len(lines)) + lines for lines in found]
    return [[Text(words, style="bold") for words in line] for line in zip(*bottom, strict=True)]


def _cells(row: dict[str, int], layout: Layout, language: Language) -> list[Text]:
    guards = row["guard_checks"]
    part, whole = number(row["suspect"], language), number(guards, language)
    return [
        Text(number(row["records"], language)),
        Text(number(row["checks"], language)),
        *(cell(row[name], row["checks"], layout, language) for name in SHARES),
        Text(SAY.say("part_of", language, part=part, whole=whole) if guards else "–"),
    ]


def _label(binding: str, layout: Layout, language: Language) -> str:
    words = WORDS.say(f"binding_{binding}", language) if layout.full else SAY.say(f"narrow_{binding}", language)
    return f"  {words}"


@dataclass(frozen=True)
class _Grid:
    """Headings and cells of one layout, the width of each column and of the longest label."""

    layout: Layout
    headings: list[list[Text]]
    cells: list[list[Text]]
    widths: list[int]
    label: int

    @property
    def figures(self) -> int:
        """Columns of the terminal that the figures take."""
        return sum(self.widths) + len(self.widths)


def _grid(rows: Sequence[dict[str, int]], layout: Layout, language: Language) -> _Grid:
    headings = _headings(layout, language)
    cells = [_cells(row, layout, language) for row in rows]
    widths = [max(len(text) for text in column) for column in zip(*headings, *cells, strict=True)]
    return _Grid(layout, headings, cells, widths, max(len(_label(one, layout, language)) for one in BINDINGS))


def _value(text: str, kind: str, unit: str, language: Language) -> str:
    shown = SAY.say(OURS[text], language) if text in OURS else plain(text)
    key = f"by_{unit}" if kind == "advertiser" else "by_itself"
    return SAY.say(key, language, value=shown, kind=WORDS.say(f"kind_{kind}", language))


def show_table(table: Table, console: Console, language: Language, most: int = ROWS) -> None:
    """Print a table by one dimension: each share over the checks that could be decided.

    The widest layout that the terminal has room for is taken; the values stand on lines of their own.
    """
    rows = list(table.frame.head(most).iter_rows(named=True))
    grids = [_grid(rows, layout, language) for layout in LAYOUTS]
    grid = next((one for one in grids if one.label + one.figures <= console.width), grids[-1])
    values = [_value(str(row[table.dimension]), str(row["kind"]), str(row["unit"]), language) for row in rows]
    room = max(grid.label, min(max(map(len, values), default=0), console.width - grid.figures))
    for heading in grid.headings:
        name = SAY.say(f"by_{table.dimension}", language) if heading is grid.headings[-1] else ""
        _line(console, Text(name, style="bold"), room, heading, grid.widths)
    last = None
    for value, row, cells in zip(values, rows, grid.cells, strict=True):
        if value != last:
            say(console, value)
        last = value
        label = Text(_label(str(row["binding"]), grid.layout, language), style="dim")
        _line(console, label, room, cells, grid.widths)
    _legend(table, grid.layout, console, language, most)


def _line(console: Console, label: Text, room: int, cells: Sequence[Text], widths: Sequence[int]) -> None:
    line = Text.assemble(label, " " * (room - len(label)))
    for content, width in zip(cells, widths, strict=True):
        line.append(" " * (width + 1 - len(content)))
        line.append_text(content)
    console.print(line, no_wrap=True, overflow="ignore", crop=False)


def _legend(table: Table, layout: Layout, console: Console, language: Language, most: int) -> None:
    more = table.frame.height - most
    if more > 0:
        say(console, in_language(SAY.of("more_rows", more, dimension=table.dimension), language), "dim")
    before = "" if layout.full else SAY.say("legend_narrow", language)
    after = SAY.say(f"legend_{table.dimension}", language) if table.dimension in NOTES else ""
    say(console, before + SAY.say("legend", language) + after, "dim")
