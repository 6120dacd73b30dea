"""The shares of confirmed verdicts in the terminal."""

from collections.abc import Mapping, Sequence
from math import ceil, floor

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from adaudit.audit.checking import Confirmed
from adaudit.cli.console import say
from adaudit.export.sample_sheet import FilledSheet
from adaudit.language import DECIMAL, Language, number, texts_of


def tenths(share: float, language: Language, *, up: bool | None = None) -> str:
    """A share in per cent to one place: nearest, or rounded up or down as the end of an interval is."""
    thousandths = share * 1000
    whole = round(thousandths) if up is None else ceil(thousandths - 1e-9) if up else floor(thousandths + 1e-9)
    text = f"{whole / 10:.1f}".replace(".", DECIMAL[language])
    return f"{text} %" if language == "en" else f"{text}%"


def show_shares(
    found: Mapping[str, Sequence[Confirmed]], sheet: FilledSheet, console: Console, language: Language
) -> None:
    """What was confirmed, of how many answers, and what it speaks of."""
    text = texts_of("adaudit.export").say
    counts = {
        "answered": number(len(sheet.checked), language),
        "unanswered": number(sheet.unanswered, language),
        "unsigned": number(sheet.unsigned, language),
    }
    say(console, text("sheet_read", language, **counts), "bold")
    say(console, "")
    if not sheet.checked:
        return
    grid = Grid(box=None, pad_edge=False, padding=(0, 1), header_style="bold")
    for index, heading in enumerate(("scope", "seen", "unclear", "estimate", "interval", "speaks_of")):
        name = text(f"shares_{heading}", language)
        grid.add_column(name, justify="right" if index else "left", overflow="fold")
    of = "of" if language == "en" else "van"
    for scope, shares in found.items():
        if scope != "all":
            grid.add_row(Text(text(f"shares_by_{scope}", language), style="dim"))
        for one in shares:
            name = text("shares_all", language) if scope == "all" else f"  {one.scope}"
            seen = f"{number(one.confirmed, language)} {of} {number(one.answers, language)}"
            covered = f"{number(one.covered, language)} {of} {number(one.verdicts, language)}"
            estimate = interval = "–"
            if one.share is not None and one.low is not None and one.high is not None:
                estimate = tenths(one.share, language)
                ends = tenths(one.low, language, up=False), tenths(one.high, language, up=True)
                interval = " – ".join(ends)
            grid.add_row(Text(name), seen, number(one.unclear, language), estimate, interval, covered)
    console.print(grid)
    say(console, text("method", language), "dim")
