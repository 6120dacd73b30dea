"""What an audit wrote, as the report reads it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import polars as pl

from adaudit.errors import UsageError
from adaudit.evidence import holds_audit

NEEDED: Final = ("summary.json", "findings.parquet", "records.parquet")
KEYS: Final = ("inputs", "records", "exposure", "verdicts", "statements", "options")


@dataclass(frozen=True)
class Given:
    """The output folder of an audit."""

    folder: Path
    summary: Mapping[str, Any]
    """`summary.json` as parsed."""

    @property
    def findings(self) -> Path:
        """The findings, one row each."""
        return self.folder / "findings.parquet"

    @property
    def records(self) -> Path:
        """The canonical records."""
        return self.folder / "records.parquet"

    @cached_property
    def findings_sha256(self) -> str:
        """SHA-256 of the file of findings: the identity of what the report shows."""
        with self.findings.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def read_given(folder: Path) -> Given:
    """The audit in the folder. Raises UsageError where a file of it is absent or not as an audit writes it."""
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder; give the output folder of `adaudit audit`.")
    absent = [name for name in NEEDED if not (folder / name).is_file()]
    if absent or not holds_audit(folder):
        what = f"{', '.join(absent)} not found" if absent else "summary.json was not written by adaudit"
        raise UsageError(f"{folder} holds no audit: {what}. Give the folder that `adaudit audit --out` wrote.")
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    if lacking := [key for key in KEYS if key not in summary]:
        raise UsageError(f"{folder}/summary.json has no {', '.join(lacking)}: run the audit again with this version.")
    for name in NEEDED[1:]:
        try:
            pl.read_parquet_schema(folder / name)
        except (OSError, pl.exceptions.PolarsError) as error:
            raise UsageError(f"{folder / name} is no readable Parquet file: {error}.") from error
    return Given(folder, summary)
