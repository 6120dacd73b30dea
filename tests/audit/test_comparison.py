"""Two audits side by side: what differs, from what to what, and no word of anything removed."""

import csv
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from adaudit.audit.comparison import Comparison, compare, shares, side
from adaudit.audit.options import Options
from adaudit.audit.run import Audit, audit
from adaudit.audit.tables import DECIDED
from adaudit.errors import UsageError
from adaudit.export.differences import complete

NAME = "FacebookAdLibraryReport_2025-11-02_NL_last_7_days_advertisers.csv"
HEADER = "Page ID,Page name,Disclaimer,Amount spent (EUR),Number of ads in Library\n"
NOBODY = "These ads ran without a disclaimer"
FIRST = ("1,Lijst Duin,Lijst Duin,120,3", f"2,Bakkerij,{NOBODY},150,9", "3,Lijst Zee,Lijst Zee,200,1")
SECOND = ("1,Lijst Duin,Lijst Duin,130,4", f"2,Bakkerij,{NOBODY},150,9", f"4,=Evil,{NOBODY},200,1")


def run(folder: Path, name: str, *rows: str, **options: Any) -> Audit:
    given = folder / NAME
    given.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return audit([given], folder / name, Options(**options), lambda *_: None)


def compared(a: Audit, b: Audit, out: Path | None = None) -> Comparison:
    found = compare(a.out, b.out)
    complete(found, out)
    return found


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_an_audit_differs_in_nothing_from_itself(sample: Path, tmp_path: Path) -> None:
    one, two = (audit([sample], tmp_path / name, Options(), lambda *_: None) for name in ("one", "two"))
    found = compared(one, two, tmp_path / "out")
    assert found.made == []
    assert found.records == {"only_a": 0, "only_b": 0, "changed": 0, "same": one.assembled.total}
    assert found.changed_fields == {}
    assert [found.findings[name] for name in ("only_a", "only_b", "changed")] == [0, 0, 0]
    assert found.findings["a"] == found.findings["b"] > 1000
    assert rows_of(tmp_path / "out" / "records.csv") == []
    for row in shares(found.verdicts).iter_rows(named=True):
        assert row["checks_a"] == row["checks_b"] == sum(row[f"{one}_a"] for one in DECIDED)


def test_records_of_one_audit_alone_and_fields_from_what_to_what(tmp_path: Path) -> None:
    out = tmp_path / "out"
    found = compared(run(tmp_path, "a", *FIRST), run(tmp_path, "b", *SECOND), out)
    assert found.records == {"only_a": 1, "only_b": 1, "changed": 1, "same": 1}
    rows = rows_of(out / "records.csv")
    assert [(row["difference"], row["record_id"].split("|")[1]) for row in rows[:2]] == [
        ("only_a", "3"),
        ("only_b", "4"),
    ]
    changed = {row["field"]: (row["a"], row["b"]) for row in rows if row["difference"] == "changed"}
    assert changed == {
        "amount_advertiser_low": ("120", "130"),
        "amount_advertiser_high": ("120", "130"),
        "ads_count": ("3", "4"),
    }
    assert found.changed_fields == dict.fromkeys(["ads_count", "amount_advertiser_high", "amount_advertiser_low"], 1)


def test_findings_tell_whether_the_other_audit_has_their_record(tmp_path: Path) -> None:
    b = [FIRST[0].replace("Lijst Duin,Lijst Duin", "Lijst Duin,x"), FIRST[1], SECOND[2]]
    a = run(tmp_path, "a", *FIRST)
    found = compared(a, run(tmp_path, "b", *b), tmp_path / "out")
    rows = rows_of(tmp_path / "out" / "findings.csv")
    assert found.findings["only_a"] == len([row for row in rows if row["difference"] == "only_a"]) > 0
    gone = {row["record_id"].split("|")[1]: row for row in rows if row["difference"] == "only_a"}
    assert gone["3"]["record_in_both"] == "false"
    assert not [row for row in rows if row["record_id"].split("|")[1] == "2"], "what is the same is no difference"
    text = (tmp_path / "out" / "findings.csv").read_text("utf-8") + json.dumps(found.as_written())
    assert "removed" not in text.replace('"removed"', "")


def test_a_changed_observed_value_is_a_change_of_the_finding(tmp_path: Path) -> None:
    name = "AdvertiserFixture"
    a = run(tmp_path, "a", f"1,{name},{NOBODY},120,3")
    frame = pl.read_parquet(a.out / "findings.parquet")
    b = run(tmp_path, "b", f"1,{name},{NOBODY},120,3")
    frame.with_columns(pl.lit("partial").alias("verdict")).write_parquet(b.out / "findings.parquet")
    found = compared(a, b, tmp_path / "out")
    rows = rows_of(tmp_path / "out" / "findings.csv")
    assert found.findings["changed"] == len(rows) > 0
    assert {(row["verdict_a"], row["verdict_b"]) for row in rows} == {("missing", "partial")}
    assert {row["record_in_both"] for row in rows} == {"true"}


def test_what_was_made_differently_is_said_first(tmp_path: Path) -> None:
    a, b = run(tmp_path, "a", *FIRST), run(tmp_path, "b", *SECOND, country="NL")
    summary = json.loads((b.out / "summary.json").read_text("utf-8")) | {"law_version": "2027-01-01"}
    (b.out / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    made = {str(one.what): (one.a, one.b) for one in compare(a.out, b.out).made}
    assert made["law_version"][1] == "2027-01-01"
    assert [one.what.nl for one in compare(a.out, b.out).made] == [
        "versie van de wetgegevens",
        "optie country",
        "invoer",
    ]
    assert made["option country"] == (None, "NL")
    only_a, only_b = made["inputs"]
    assert isinstance(only_a, list)
    assert isinstance(only_b, list)
    assert only_a[0]["path"] == only_b[0]["path"] == NAME
    assert only_a[0]["sha256"] != only_b[0]["sha256"]


def test_slices_give_the_same_as_one_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a = run(tmp_path, "a", *(f"{i},Lijst {i},Lijst {i},{100 + i},1" for i in range(25)))
    b = run(tmp_path, "b", *(f"{i},Lijst {i},Lijst {i},{200 + i},1" for i in range(25)))
    whole = compared(a, b, tmp_path / "whole")
    monkeypatch.setattr("adaudit.audit.comparison.SLICE", 7)
    sliced = compared(a, b, tmp_path / "sliced")
    assert whole.as_written() == sliced.as_written()
    assert whole.changed_fields == {"amount_advertiser_high": 25, "amount_advertiser_low": 25}
    assert (tmp_path / "whole" / "records.csv").read_bytes() == (tmp_path / "sliced" / "records.csv").read_bytes()


def test_nested_fields_are_told_as_json(sample: Path, tmp_path: Path) -> None:
    a = audit([sample], tmp_path / "a", Options(), lambda *_: None)
    b = audit([sample], tmp_path / "b", Options(), lambda *_: None)
    records = pl.read_parquet(b.out / "records.parquet")
    cut = records.with_columns(pl.col("texts").list.head(0), pl.col("delivery").list.head(1))
    cut.write_parquet(b.out / "records.parquet")
    compared(a, b, tmp_path / "out")
    rows = rows_of(tmp_path / "out" / "records.csv")
    fields = {row["field"] for row in rows}
    assert fields == {"texts", "delivery"}
    for row in rows:
        assert isinstance(json.loads(row["a"].removeprefix("'")), list)


def test_a_field_that_was_empty_and_is_filled_differs(tmp_path: Path) -> None:
    a, b = run(tmp_path, "a", *FIRST), run(tmp_path, "b", *FIRST)
    records = pl.read_parquet(b.out / "records.parquet")
    filled = pl.when(pl.col("account_id") == "1").then(pl.lit("Somebody")).alias("payer_name")
    records.with_columns(filled).write_parquet(b.out / "records.parquet")
    found = compared(a, b, tmp_path / "out")
    assert found.changed_fields == {"payer_name": 1}
    (row,) = rows_of(tmp_path / "out" / "records.csv")
    assert (row["field"], row["a"], row["b"]) == ("payer_name", "", "Somebody")


def test_text_in_the_files_is_neutral(tmp_path: Path) -> None:
    a = run(tmp_path, "a", "=1+1,=cmd,=cmd,120,3")
    compared(a, run(tmp_path, "b", "=1+1,=cmd,=dmc,120,3"), tmp_path / "out")
    for name in ("records.csv", "findings.csv", "verdicts.csv"):
        for row in rows_of(tmp_path / "out" / name):
            assert not [cell for cell in row.values() if cell[:1] in {"=", "+", "@"}]


def test_folders_that_hold_no_audit_and_files_of_the_user_are_left_alone(tmp_path: Path) -> None:
    a = run(tmp_path, "a", *FIRST)
    with pytest.raises(UsageError, match="holds no audit"):
        side(tmp_path)
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match=r"holds letter\.txt, which is no comparison"):
        compared(a, a, mine)
    (a.out / "findings.parquet").unlink()
    with pytest.raises(UsageError, match=r"lacks findings\.parquet"):
        compare(a.out, a.out)
