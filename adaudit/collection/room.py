"""Files that are read into a folder of their own, which is taken away again; a full disk is told as such."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from adaudit.audit.disk import of_disk
from adaudit.errors import StoreError


@contextmanager
def room(within: Path | None = None) -> Iterator[Path]:
    """Yield an empty folder within another, or where the system keeps what is passing.

    Raises StoreError where the disk is full or gone.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=".reading-" if within else "adaudit-", dir=within) as folder:
            yield Path(folder)
    except (OSError, pl.exceptions.PolarsError) as error:
        reason = of_disk(error)
        if reason is None:
            raise
        raise StoreError(
            f"what was kept could not be read, because no more could be written to {within or tempfile.gettempdir()} "
            f"({reason}); make room and try again. Nothing that was kept is lost."
        ) from error
