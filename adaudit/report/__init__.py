"""The report of an audit: one HTML file that a person reads, filters and checks, without any network.

It is made from what an audit wrote (`summary.json`, `findings.parquet`, `records.parquet`, `charts/`)
and from nothing else: no clock, no network, so the same audit gives the same bytes.
"""

from pathlib import Path
from typing import Final

from adaudit.errors import UsageError
from adaudit.language import DEFAULT, Language
from adaudit.report.embedded import LIMIT, embed
from adaudit.report.given import Given, read_given
from adaudit.report.page import render

__all__ = ["LIMIT", "NAME", "Given", "read_given", "write_report"]

NAME: Final = "report.html"


def write_report(folder: Path, language: Language = DEFAULT, out: Path | None = None, limit: int = LIMIT) -> Path:
    """Write the report of the audit in `folder` to `out` (default: `report.html` in it); return its path.

    At most `limit` findings stand in it; what is left out is said in it, with the file that holds all.
    Raises UsageError where the folder holds no audit or `out` cannot be written.
    """
    given = read_given(folder)
    text = render(given, embed(given, language, limit), language)
    path = out or folder / NAME
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"--out: {path} cannot be written: {error.strerror or error}.") from error
    return path
