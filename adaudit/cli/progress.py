"""A progress bar on a terminal, silence elsewhere."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from adaudit.cli.lang import SAY
from adaudit.language import Language, in_language

if TYPE_CHECKING:
    from adaudit.audit.run import Progress


def _silence(_what: str, _done: int, _total: int) -> None:
    """Nobody looks on."""


@contextmanager
def progress_bar(language: Language) -> "Iterator[Progress]":
    """Yield the function that an audit calls as it goes; a bar, in the language, only where a person looks on."""
    if not sys.stderr.isatty():
        yield _silence
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    from adaudit.cli.console import err_console, plain

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=err_console(), transient=True) as bar:
        task = bar.add_task(SAY.say("starting", language), total=None)

        def show(what: str, done: int, total: int) -> None:
            bar.update(task, description=plain(in_language(what, language), 40), completed=done, total=total)

        yield show
