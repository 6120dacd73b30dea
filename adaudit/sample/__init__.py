"""Writes fictional sample files in the exact forms of the sources that adaudit reads.

All organisations, places and figures are made up. The dirt is that of real files: fillers, blanks,
contradictions, repeated identifiers, texts that attack whoever prints them.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from adaudit.sample import (
    google,
    google_bundle,
    linkedin,
    meta_archive,
    meta_audience,
    meta_eu_fields,
    meta_report,
    meta_tables,
    microsoft,
    notices,
    register_notices,
    snapchat,
    snapchat_gallery,
    tiktok,
    x,
)

__all__ = ["write_political_actors", "write_sample"]

_SOURCES: tuple[Callable[[int, float], Iterator[tuple[str, bytes]]], ...] = (
    register_notices.files,
    notices.files,
    meta_archive.files,
    meta_eu_fields.files,
    meta_report.files,
    meta_tables.files,
    meta_audience.files,
    snapchat.files,
    snapchat_gallery.files,
    tiktok.files,
    google.files,
    google_bundle.files,
    x.files,
    linkedin.files,
    microsoft.files,
)


def write_sample(folder: Path, *, seed: int = 2024900, scale: float = 1.0) -> list[Path]:
    """Writes all sample files below the folder and returns their paths, sorted.

    The same seed and scale give the same bytes. The scale multiplies the number of records: 1.0 gives
    about 4,900. Paged sources grow by pages, the others by rows.
    """
    if not scale > 0:
        message = f"the scale must be above zero, not {scale}"
        raise ValueError(message)
    written: list[Path] = []
    for files in _SOURCES:
        for name, content in files(seed, scale):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            written.append(path)
    return sorted(written)


def write_political_actors(path: Path) -> Path:
    """Writes the list of political pages that occur in the sample, one name a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{name}\n" for name in meta_archive.political_pages()), encoding="utf-8")
    return path
