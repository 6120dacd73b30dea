"""Formats beside Parquet: exact, readable, harmless, always the same bytes."""

import csv
import io
import json
from pathlib import Path

import polars as pl
import pytest

from adaudit.audit.tables import Table
from adaudit.errors import UsageError
from adaudit.export.formats import MACHINE, check_formats, export

from .made import FORMULA, LONG_ID, folder


def silent(_what: str, _done: int, _total: int) -> None:
    pass


def exported(path: Path, *formats: str) -> Path:
    table = Table("sponsor", pl.DataFrame({"sponsor": ["@evil", "b"], "ok": [1, 2]}))
    export(folder(path), formats, [table], silent)
    return path


def csv_rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def test_parquet_alone_writes_nothing_more(tmp_path: Path) -> None:
    before = {path.name for path in folder(tmp_path).iterdir()}
    assert export(tmp_path, ["parquet"], [], silent).paths == []
    assert {path.name for path in tmp_path.iterdir()} == before


def test_csv_is_marked_as_utf_8_and_no_cell_of_text_runs(tmp_path: Path) -> None:
    out = exported(tmp_path, "csv")
    assert (out / "records.csv").read_bytes().startswith(b"\xef\xbb\xbfsource,")
    for name in ("records.csv", "findings.csv"):
        for row in csv_rows(out / name):
            assert not [cell for cell in row.values() if cell.lstrip()[:1] in set("=+-@\t\r") and cell], name
    row = csv_rows(out / "records.csv")[0]
    assert row["record_id"] == LONG_ID
    assert row["sponsor_name"] == f"'{FORMULA}"
    assert row["account_name"] == "Líjst Duín  regel twee"


def test_csv_is_readable_and_exact(tmp_path: Path) -> None:
    row = csv_rows(exported(tmp_path, "csv") / "records.csv")[0]
    assert row["amount_ad_low"] == "100.5"
    assert row["amount_ad_high"] == "12345678901234567890.1234"
    assert row["published_at"] == "2025-10-12T08:30:00Z"
    assert row["delivered_from"] == "2025-10-12"
    assert row["texts"] == "'-1+1 | tweede"
    assert row["targeting_parameters"] == "dimension=age, value==18, excluded=false | dimension=place, excluded=true"
    assert not MACHINE & set(row)


def test_json_is_one_object_a_line_nested_and_exact(tmp_path: Path) -> None:
    out = exported(tmp_path, "json")
    rows = [json.loads(line) for line in (out / "records.ndjson").read_text("utf-8").splitlines()]
    assert len(rows) == 3
    assert rows[0]["record_id"] == LONG_ID
    assert rows[0]["sponsor_name"] == FORMULA, "JSON is for programs: text as it is"
    assert rows[0]["amount_ad_low"] == "100.5"
    assert rows[0]["texts"] == ["-1+1", "tweede"]
    assert rows[0]["targeting_parameters"][1] == {"dimension": "place", "value": None, "excluded": True}
    assert rows[0]["published_at"] == "2025-10-12T08:30:00Z"
    assert rows[2]["texts"] is None
    tables = [json.loads(line) for line in (out / "tables" / "sponsor.ndjson").read_text("utf-8").splitlines()]
    assert tables == [{"sponsor": "@evil", "ok": 1}, {"sponsor": "b", "ok": 2}]


@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
def test_the_same_results_give_the_same_bytes(tmp_path: Path, form: str) -> None:
    one, two = exported(tmp_path / "one", form), exported(tmp_path / "two elsewhere", form)
    names = [path.name for path in one.iterdir() if path.suffix in {".csv", ".ndjson", ".xlsx"}]
    assert names
    for name in names:
        assert (one / name).read_bytes() == (two / name).read_bytes(), name


def test_nothing_hidden_is_left_behind(tmp_path: Path) -> None:
    out = exported(tmp_path, "xlsx", "csv", "json")
    assert not [path.name for path in out.iterdir() if path.name.startswith(".")]


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(UsageError, match="ods is none of parquet, csv, json, xlsx"):
        check_formats(["csv", "ods"])
