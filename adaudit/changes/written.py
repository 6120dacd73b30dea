"""Changes as files: every record, field and finding in tables that grow as they are found, and the counts."""

import json
from pathlib import Path
from typing import Final

import polars as pl

from adaudit.changes.compare import Changes
from adaudit.errors import UsageError
from adaudit.spreadsheet import neutral

TABLES: Final = ("records", "edits", "disclosures", "retention")
"""Records that came, went or came back; edits of fields; of them those of disclosures; verdicts on what went."""
WRITTEN: Final = (*(f"{name}.csv" for name in TABLES), "survival.csv", "changes.json")


class Tables:
    """Keeps the rows of the tables in a folder, or only the first edits of disclosures where there is none."""

    def __init__(self, out: Path | None, examples: int = 0) -> None:
        """Raises UsageError where `out` is a file or holds anything but earlier changes."""
        self.out = out
        self.examples = pl.DataFrame()
        self._most = examples
        self._begun: set[str] = set()
        if out is not None:
            _prepare(out)

    def keep(self, name: str, rows: pl.DataFrame) -> None:
        """Take rows of a table."""
        self._append(name, rows)
        if name == "edits":
            real = rows.filter("shown_by_both").drop_nulls("disclosure")
            self._append("disclosures", real)
            wanted = self._most - self.examples.height
            if wanted > 0 and real.height:
                self.examples = pl.concat([self.examples, real.head(wanted)], how="diagonal")

    def _append(self, name: str, rows: pl.DataFrame) -> None:
        if self.out is None:
            return
        first = name not in self._begun
        if first or rows.height:
            self._begun.add(name)
            with (self.out / f"{name}.csv").open("wb" if first else "ab") as file:
                rows.select(_cells(rows)).write_csv(file, include_header=first, include_bom=first)

    def finish(self, changes: Changes) -> list[Path]:
        """Write the counts; every file that was written."""
        if self.out is None:
            return []
        curve = [{**vars(one.history.chain), **vars(point)} for one in changes.chains for point in one.curve]
        self._append("survival", pl.DataFrame(curve))
        written = json.dumps(changes.as_written(), ensure_ascii=False, indent=1) + "\n"
        (self.out / "changes.json").write_text(written, encoding="utf-8")
        return [self.out / name for name in WRITTEN if (self.out / name).exists()]


def _cells(rows: pl.DataFrame) -> list[pl.Expr]:
    """The cells as text: instants in UTC, and nothing that a spreadsheet would run."""
    cells = []
    for name, dtype in rows.schema.items():
        if isinstance(dtype, pl.Datetime):
            cells.append(pl.col(name).dt.strftime("%Y-%m-%dT%H:%M:%SZ"))
        else:
            cells.append(neutral(name).alias(name) if dtype == pl.String else pl.col(name))
    return cells


def _prepare(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise UsageError(f"--out: {out} is a file, not a folder.")
    others = [path.name for path in out.glob("*") if path.name not in WRITTEN]
    if others:
        raise UsageError(f"--out: {out} holds {others[0]}, which is no earlier list of changes; choose another folder.")
    out.mkdir(parents=True, exist_ok=True)
    for name in WRITTEN:
        (out / name).unlink(missing_ok=True)
