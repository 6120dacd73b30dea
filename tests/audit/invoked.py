"""One run of `adaudit audit` on files that a test makes, a good one beside them, and what it wrote."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result

from adaudit.cli import cli

from ..connectors.pages import REPORT_2025, SNAPCHAT_38, row_of, table

GOOD = table(REPORT_2025, ["1", "Brug", "Stichting Brug", "574", "3"])
GOOD_NAME = "FacebookAdLibraryReport_2025-07-12_BE_last_30_days_advertisers.csv"
ROW = row_of(SNAPCHAT_38, adid="a1", spend="5", startdate="2025/01/02 03:04:05Z", payingadvertisername="Brug")
LINE = ",".join(ROW)
SNAPCHAT = table(SNAPCHAT_38, ROW, ["a2", *ROW[1:]])


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as out:
        for name, data in members.items():
            out.writestr(name, data)
    return buffer.getvalue()


@dataclass
class Audited:
    """One run of `adaudit audit` and what it wrote."""

    result: Result
    out: Path

    @property
    def summary(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.out / "summary.json").read_text("utf-8"))
        return found

    def input(self, name: str) -> dict[str, Any]:
        return next(one for one in self.summary["inputs"] if one["path"].endswith(name))

    @property
    def rejected(self) -> list[dict[str, str]]:
        path = self.out / "rejected.ndjson"
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []

    @property
    def ids(self) -> list[str]:
        return pl.read_parquet(self.out / "records.parquet")["record_id"].to_list()


Run = Callable[..., Audited]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Audit these files, a good one beside them; arguments of the command after them."""

    def audited(*more: str, good: bool = True, **files: bytes) -> Audited:
        folder = tmp_path / "in"
        folder.mkdir()
        if good:
            (folder / GOOD_NAME).write_bytes(GOOD)
        for name, data in files.items():
            (folder / name).write_bytes(data)
        out = tmp_path / "out"
        result = CliRunner().invoke(cli, ["audit", str(folder), "--out", str(out), "--no-charts", *more])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return Audited(result, out)

    return audited
