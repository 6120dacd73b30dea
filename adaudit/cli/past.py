"""The pulls of a store in the terminal, by time."""

import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from adaudit.cli.console import plain, say
from adaudit.cli.lang import SAY
from adaudit.connectors.fetching import Scope
from adaudit.language import Language, in_language, number
from adaudit.store import Pull

FIGURES = ("answers", "records", "new")


def show_history(pulls: Sequence[Pull], folder: Path, console: Console, language: Language) -> None:
    """One line a pull: when it was seen, of what source and scope, how it ended, and its figures."""
    if not pulls:
        say(console, SAY.say("history_none", language, folder=folder))
        return
    grid = Grid(box=None, pad_edge=False, padding=(0, 1), header_style="bold")
    for name in ("seen", "source", "scope", "outcome"):
        grid.add_column(SAY.say(f"history_{name}", language), overflow="fold")
    for name in FIGURES:
        grid.add_column(SAY.say(f"history_{name}", language), justify="right")
    for one in pulls:
        counts = [getattr(one, name) for name in FIGURES]
        grid.add_row(
            f"{one.observed_at or one.began:%Y-%m-%d %H:%M}",
            one.source or SAY.say("files_word", language),
            Text(plain(_scope(one, language), 60)),
            SAY.say(f"history_{one.outcome or 'unfinished'}", language),
            *("–" if count is None else number(count, language) for count in counts),
        )
    console.print(grid)
    say(console, SAY.say("history_counts", language), "dim")


def _scope(pull: Pull, language: Language) -> str:
    """What was asked for; of an import, its files."""
    if pull.how == "pull":
        return in_language(Scope.model_validate(pull.scope).said(), language)
    parts = (f"{name} {json.dumps(value, ensure_ascii=False)}" for name, value in pull.scope.items())
    return ", ".join(parts).replace('"', "") or "–"
