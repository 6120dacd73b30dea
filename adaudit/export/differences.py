"""A comparison as files: what differs between two audits, row by row, and the counts side by side."""

import json
from pathlib import Path

import polars as pl

from adaudit.audit.comparison import Comparison, count_findings, finding_differences, record_differences
from adaudit.errors import UsageError
from adaudit.export.formats import write_csv
from adaudit.spreadsheet import neutral

WRITTEN = ("records.csv", "findings.csv", "verdicts.csv", "comparison.json")


def complete(comparison: Comparison, out: Path | None) -> list[Path]:
    """Count every difference, and write them to `out` where one is given.

    Raises UsageError where `out` is a file or holds anything but an earlier comparison.
    """
    if out is not None:
        _prepare(out)
    _records(comparison, out)
    found = finding_differences(comparison)
    count_findings(comparison, found)
    if out is None:
        return []
    write_csv(found, out / "findings.csv")
    write_csv(comparison.verdicts.lazy(), out / "verdicts.csv")
    written = json.dumps(comparison.as_written(), ensure_ascii=False, indent=1) + "\n"
    (out / "comparison.json").write_text(written, encoding="utf-8")
    return [out / name for name in WRITTEN]


def _prepare(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise UsageError(f"--out: {out} is a file, not a folder.")
    others = [path.name for path in out.glob("*") if path.name not in WRITTEN]
    if others:
        raise UsageError(f"--out: {out} holds {others[0]}, which is no comparison of before; choose another folder.")
    out.mkdir(parents=True, exist_ok=True)


def _records(comparison: Comparison, out: Path | None) -> None:
    """Go through the records slice by slice; the file grows as they come."""
    if out is None:
        for _ in record_differences(comparison):
            pass
        return
    with (out / "records.csv").open("wb") as file:
        for number, part in enumerate(record_differences(comparison)):
            cells = [neutral(name) if dtype == pl.String else pl.col(name) for name, dtype in part.schema.items()]
            part.select(cells).write_csv(file, include_header=not number, include_bom=not number)
