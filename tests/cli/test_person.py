"""The command line for the work of a person: formats, decisions, samples, persons, comparisons, in both languages."""

import csv
import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from adaudit import spreadsheet
from adaudit.cli import cli
from adaudit.cli.shares import tenths

HEADER = "Page ID,Page name,Disclaimer,Amount spent (EUR),Number of ads in Library\n"
NAME = "FacebookAdLibraryReport_2025-11-02_NL_last_7_days_advertisers.csv"
DECISION = (
    "source,kind,record_id,rule,verdict,reason,observed,decision,note,who,when,mood\n"
    "meta,ad,1,r,missing,empty,,agreed,,w,2026-01-01,fine\n"
    "meta,ad,1,r,missing,empty,,confirmed,,w,2026-01-01,\n"
)
NOBODY = "These ads ran without a disclaimer"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(one) for one in arguments])


@pytest.fixture
def given(tmp_path: Path) -> Path:
    path = tmp_path / NAME
    path.write_text(f"{HEADER}1,Lijst Duin,Lijst Duin,120,3\n2,Bakkerij,{NOBODY},≤100,9\n", encoding="utf-8")
    return path


def test_formats_are_written_beside_parquet_and_named(given: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    found = run("audit", given, "--out", out, "--no-charts", "--format", "csv", "--format", "xlsx", "--format", "json")
    assert found.exit_code == 0, found.output
    names = {path.name for path in out.iterdir()}
    assert {"findings.parquet", "findings.csv", "findings.ndjson", "findings.xlsx", "records.xlsx"} <= names
    assert "In other formats: findings.csv" in found.stdout


def test_a_second_audit_into_the_folder_leaves_no_format_of_the_first(given: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    asked = ["--format", "csv", "--format", "xlsx", "--format", "json"]
    assert run("audit", given, "--out", out, "--no-charts", *asked).exit_code == 0
    assert run("audit", given, "--out", out, "--no-charts").exit_code == 0
    names = {path.name for path in out.iterdir()}
    assert names == {"findings.parquet", "records.parquet", "verdicts.parquet", "summary.json", "report.html", "tables"}


def test_what_a_person_may_have_filled_is_never_written_over(given: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("audit", given, "--out", out, "--no-charts", "--sample", "3").exit_code == 0
    before = {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}
    found = run("audit", given, "--out", out, "--no-charts")
    assert found.exit_code == 2
    assert "sample.csv may hold the work of a person and is not written over: move it" in found.stderr
    assert {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()} == before


def test_decisions_in_the_folder_must_be_given_and_then_are_carried_on(given: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    path = tmp_path / "d.csv"
    path.write_text(DECISION, encoding="utf-8")
    assert run("audit", given, "--out", out, "--no-charts", "--decisions", path).exit_code == 3
    carried = (out / "decisions.csv").read_bytes()
    assert b"agreed" in carried, "a row that could not be taken is carried along, to be mended"
    refused = run("audit", given, "--out", out, "--no-charts")
    assert refused.exit_code == 2
    assert "give it with --decisions" in refused.stderr
    assert run("audit", given, "--out", out, "--no-charts", "--decisions", out / "decisions.csv").exit_code == 3
    assert (out / "decisions.csv").read_bytes() == carried


def test_decisions_outlive_an_audit_that_fails(given: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    path = tmp_path / "d.csv"
    path.write_text(DECISION.replace("agreed", "confirmed"), encoding="utf-8")
    assert run("audit", given, "--out", out, "--no-charts", "--decisions", path).exit_code == 0
    monkeypatch.setattr("adaudit.audit.run.judge", lambda *_: 1 / 0)
    failed = run("audit", given, "--out", out, "--no-charts", "--decisions", out / "decisions.csv")
    assert isinstance(failed.exception, ZeroDivisionError)
    assert (out / "decisions.csv").read_text("utf-8-sig").count("confirmed") == 2


def test_a_missing_extra_is_said_before_any_work(given: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "find_spec", lambda _name: None)
    found = run("audit", given, "--out", tmp_path / "out", "--format", "xlsx")
    assert found.exit_code == 2
    assert "needs the extra xlsx" in found.stderr
    assert "pip install 'adaudit[xlsx]'" in found.stderr
    assert not (tmp_path / "out").exists()


def test_decisions_settle_findings_and_fail_on_does_not_count_them(given: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("audit", given, "--out", out, "--no-charts", "--fail-on", "missing").exit_code == 1
    frame = pl.read_parquet(out / "findings.parquet").filter(pl.col("verdict") == "missing")
    decided = frame.with_columns(
        pl.lit("dismissed").alias("decision"),
        pl.lit("A. Toetser").alias("decided_by"),
        pl.lit("2026-11-20").alias("decided_on"),
    )
    decided.write_csv(tmp_path / "d.csv")
    again = tmp_path / "again"
    found = run(
        "audit", given, "--out", again, "--no-charts", "--fail-on", "missing", "--decisions", tmp_path / "d.csv"
    )
    assert found.exit_code == 0, found.output
    assert f"Decisions: 0 findings confirmed, {frame.height} dismissed" in found.stdout
    assert (again / "decisions.csv").exists()


def test_bad_decisions_are_named_and_exit_with_3(given: Path, tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text(DECISION, encoding="utf-8")
    found = run("audit", given, "--out", tmp_path / "out", "--no-charts", "--decisions", path)
    assert found.exit_code == 3
    assert "error: decisions, line 2: decision is 'agreed'" in found.stderr
    assert "mood" in found.stderr
    assert "1 decisions speak of findings that this audit does not have" in found.stderr
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    assert run("audit", given, "--out", tmp_path / "out", "--decisions", path).exit_code == 2


def test_a_sample_is_drawn_checked_and_told(given: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    found = run("audit", given, "--out", out, "--no-charts", "--sample", "6", "--seed", "3")
    assert "6 verdicts drawn to be checked by hand" in found.stdout
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert (summary["options"]["sample"], summary["options"]["seed"]) == (6, 3)
    with (out / "sample.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, answer in zip(rows, ["yes", "yes", "no", "unclear", "", "perhaps"], strict=True):
        row["correct? (yes/no/unclear)"] = answer
    checked = tmp_path / "checked.csv"
    with checked.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    told = run("sample", out, "--checked", checked)
    assert told.exit_code == 3
    assert "the answer is 'perhaps'" in told.stderr
    assert "4 verdicts checked (4 of them without a name), 1 not yet." in told.stdout
    assert "2 of 3" in told.stdout
    assert "Wilson, 95 %" in told.stdout
    dutch = run("sample", out, "--checked", checked, "--lang", "nl")
    assert "4 oordelen gecontroleerd (waarvan 4 zonder naam), 1 nog niet." in dutch.stdout
    assert "2 van 3" in dutch.stdout
    data = json.loads(run("sample", out, "--checked", checked, "--json").stdout)
    (overall,) = data["all"]
    assert (overall["confirmed"], overall["answers"], overall["unclear"]) == (2, 3, 1)
    assert overall["low"] <= overall["share"] <= overall["high"]
    assert data["rejected"][0]["place"] == "line 7"


def test_a_sheet_without_answers_claims_nothing(given: Path, tmp_path: Path) -> None:
    run("audit", given, "--out", tmp_path / "out", "--no-charts", "--sample", "4")
    found = run("sample", tmp_path / "out")
    assert found.exit_code == 0
    assert found.stdout.strip() == "0 verdicts checked (0 of them without a name), 4 not yet."


def test_a_sample_of_nothing_is_wrong_use(given: Path) -> None:
    assert run("audit", given, "--sample", "0").exit_code == 2
    assert run("sample", given.parent).exit_code == 2


def test_redaction_is_said_with_its_counts_and_limit(given: Path, tmp_path: Path) -> None:
    keep = tmp_path / "organisations.csv"
    keep.write_text("Lijst Duin\n", encoding="utf-8")
    out = tmp_path / "out"
    found = run(
        "audit", given, "--out", out, "--no-charts", "--redact-persons", "--organisations", keep, "--by", "sponsor"
    )
    assert found.exit_code == 0, found.output
    assert "Persons: 1 values with names" in found.stderr
    assert "A name within a text is found only where" in found.stderr
    assert "Lijst Duin" in found.stdout
    names = pl.read_parquet(out / "records.parquet")["account_name"].to_list()
    assert sorted(names) == ["Lijst Duin", "[name 1]"]
    assert run("audit", given, "--organisations", keep, "--out", tmp_path / "no").exit_code == 2


def test_compare_warns_first_and_never_claims_a_removal(given: Path, tmp_path: Path) -> None:
    run("audit", given, "--out", tmp_path / "a", "--no-charts")
    given.write_text(f"{HEADER}1,Lijst Duin,Lijst Duin,120,3\n", encoding="utf-8")
    run("audit", given, "--out", tmp_path / "b", "--no-charts", "--country", "NL")
    found = run("compare", tmp_path / "a", tmp_path / "b", "--out", tmp_path / "c")
    assert found.exit_code == 0, found.output
    text = " ".join(found.stdout.split())
    assert text.index("made differently") < text.index("Records:")
    assert "option country: not set in A, NL in B" in text
    assert "Records: 1 in A and not in B, 0 in B and not in A; of those in both, 0 of 1 (0 %) differ" in text
    assert "not shown to have been removed" in text
    assert {path.name for path in (tmp_path / "c").iterdir()} == {
        "records.csv",
        "findings.csv",
        "verdicts.csv",
        "comparison.json",
    }
    dutch = " ".join(run("compare", tmp_path / "a", tmp_path / "b", "--lang", "nl").stdout.split())
    assert "Records: 1 in A en niet in B" in dutch
    data = json.loads(run("compare", tmp_path / "a", tmp_path / "b", "--json").stdout)
    assert data["records"] == {"only_a": 1, "only_b": 0, "changed": 0, "same": 1}
    again = run("compare", tmp_path / "a", tmp_path / "b", "--out", tmp_path / "c")
    assert again.exit_code == 0, "a comparison of before is replaced"


def test_compare_of_what_is_no_audit_is_wrong_use(tmp_path: Path) -> None:
    found = run("compare", tmp_path, tmp_path)
    assert found.exit_code == 2
    assert "holds no audit" in found.stderr


def test_shares_are_rounded_outwards() -> None:
    assert tenths(0.93333, "en") == "93.3 %"
    assert tenths(0.93333, "nl", up=True) == "93,4%"
    assert tenths(0.93333, "en", up=False) == "93.3 %"
    assert tenths(1.0, "en", up=True) == "100.0 %"
