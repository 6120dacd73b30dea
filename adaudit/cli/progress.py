"""A progress bar on a terminal, silence elsewhere."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from adaudit.audit.run import Progress


def _silence(_what: str, _done: int, _total: int) -> None:
    """Nobody looks on."""


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Yield the function that an audit calls as it goes; a bar only where a person looks on."""
    if not sys.stderr.isatty():
        yield _silence
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    from adaudit.cli.console import err_console, plain

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=err_console(), transient=True) as bar:
        task = bar.add_task("starting", total=None)
        yield lambda what, done, total: bar.update(task, description=plain(what, 40), completed=done, total=total)
