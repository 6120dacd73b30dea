"""What persons decided is carried along: applied where nothing changed, kept where something did."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from openpyxl import Workbook

from adaudit.audit.decisions import COLUMNS, DECIDED, read_decisions
from adaudit.audit.options import Options
from adaudit.audit.run import Audit, audit
from adaudit.errors import UsageError

NAME = "FacebookAdLibraryReport_2025-11-02_NL_last_7_days_advertisers.csv"
HEADER = "\ufeffPage ID,Page name,Disclaimer,Amount spent (EUR),Number of ads in Library\n"
NOBODY = "These ads ran without a disclaimer"
Row = dict[str, str]


def run(folder: Path, out: str, *rows: str, decisions: Path | None = None, **options: Any) -> Audit:
    given = folder / NAME
    given.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return audit([given], folder / out, Options(decisions=decisions, **options), lambda *_: None)


ROWS = (f"1,Bakkerij,{NOBODY},120,3", f"2,Slagerij,{NOBODY},≤100,9", "3,Lijst Duin,Lijst Duin,150,2")


def findings(done: Audit) -> pl.DataFrame:
    return pl.read_parquet(done.out / "findings.parquet")


def decide(done: Audit, page: str, decision: str, **more: str) -> Row:
    """A decision on what was found on the sponsor's name of one page, as a reviewer writes it."""
    (found,) = (
        findings(done)
        .filter((pl.col("rule") == "notice_sponsor_name") & pl.col("record_id").str.contains(f"|{page}|", literal=True))
        .to_dicts()
    )
    row = {name: found[name] or "" for name in COLUMNS if name in found}
    return row | {"decision": decision, "note": "seen", "who": "A. Toetser", "when": "2026-11-20"} | more


def written(path: Path, *rows: Row, separator: str = ",", encoding: str = "utf-8") -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def standings(done: Audit) -> list[tuple[str, str, str]]:
    with (done.out / "decisions.csv").open(encoding="utf-8-sig", newline="") as file:
        return [(row["decision"], row["standing"], row["changed"]) for row in csv.DictReader(file)]


@pytest.fixture
def first(tmp_path: Path) -> Audit:
    return run(tmp_path, "first", *ROWS)


def test_without_decisions_the_columns_are_there_and_empty(first: Audit) -> None:
    frame = findings(first)
    assert frame.columns[-4:] == list(DECIDED)
    assert frame.select(*DECIDED).null_count().row(0) == (frame.height,) * 4
    assert first.summary["decisions"]["file"] is None  # type: ignore[index]
    assert not (first.out / "decisions.csv").exists()


def test_a_decision_applies_to_its_finding_alone_and_changes_no_verdict(first: Audit, tmp_path: Path) -> None:
    path = written(tmp_path / "d.csv", decide(first, "1", "dismissed"))
    done = run(tmp_path, "second", *ROWS, decisions=path)
    decided = findings(done).filter(pl.col("decision").is_not_null())
    (row,) = decided.to_dicts()
    assert (row["decision"], row["decided_by"], row["decision_note"]) == ("dismissed", "A. Toetser", "seen")
    assert row["decided_on"].isoformat() == "2026-11-20"
    assert "|1|" in row["record_id"]
    assert findings(done).drop(DECIDED).equals(findings(first).drop(DECIDED))
    assert (done.out / "verdicts.parquet").read_bytes() == (first.out / "verdicts.parquet").read_bytes()
    assert standings(done) == [("dismissed", "applied", "")]


def test_dismissed_findings_do_not_meet_fail_on(first: Audit, tmp_path: Path) -> None:
    before = first.reached("missing")
    path = written(tmp_path / "d.csv", decide(first, "1", "dismissed"), decide(first, "2", "confirmed"))
    done = run(tmp_path, "second", *ROWS, decisions=path)
    bindings = findings(done).filter(pl.col("decision") == "dismissed")["binding"].to_list()
    assert before - done.reached("missing") == sum(one != "before" for one in bindings) == 1


def test_a_finding_that_became_another_makes_the_decision_stale_and_says_what_changed(
    first: Audit, tmp_path: Path
) -> None:
    path = written(tmp_path / "d.csv", decide(first, "1", "dismissed") | {"observed": "sponsor_name=Before"})
    done = run(tmp_path, "second", *ROWS, decisions=path)
    ((decision, standing, changed),) = standings(done)
    assert (decision, standing) == ("dismissed", "stale")
    assert changed == f"observed: sponsor_name=Before → sponsor_name={NOBODY}"
    assert findings(done)["decision"].null_count() == findings(done).height
    assert done.summary["decisions"]["stale"] == 1  # type: ignore[index]


def test_a_finding_that_is_gone_keeps_its_decision_as_not_found(first: Audit, tmp_path: Path) -> None:
    path = written(tmp_path / "d.csv", decide(first, "1", "confirmed"))
    done = run(tmp_path, "second", *ROWS[1:], decisions=path)
    assert standings(done) == [("confirmed", "not_found", "")]
    again = run(tmp_path, "third", *ROWS, decisions=done.out / "decisions.csv")
    assert standings(again) == [("confirmed", "applied", "")], "what was carried along applies once the finding is back"


def test_of_contradicting_decisions_the_latest_counts_and_all_are_kept(first: Audit, tmp_path: Path) -> None:
    path = written(
        tmp_path / "d.csv",
        decide(first, "1", "dismissed", when="2026-11-21T10:00"),
        decide(first, "1", "confirmed", when="2026-11-21T09:00"),
        decide(first, "1", "note", when="2026-11-22"),
    )
    done = run(tmp_path, "second", *ROWS, decisions=path)
    assert [one[:2] for one in standings(done)] == [
        ("dismissed", "applied"),
        ("confirmed", "superseded"),
        ("note", "superseded"),
    ]
    assert done.summary["decisions"]["conflicts"] == 1  # type: ignore[index]
    assert findings(done)["decision"].drop_nulls().to_list() == ["dismissed"]


def test_a_newer_decision_settles_what_was_stale(first: Audit, tmp_path: Path) -> None:
    path = written(
        tmp_path / "d.csv",
        decide(first, "1", "dismissed", when="2026-01-01", observed="sponsor_name=Before"),
        decide(first, "1", "confirmed", when="2026-02-01"),
    )
    done = run(tmp_path, "second", *ROWS, decisions=path)
    assert [one[:2] for one in standings(done)] == [("dismissed", "superseded"), ("confirmed", "applied")]


def test_decisions_written_by_an_audit_are_read_by_the_next_unchanged(first: Audit, tmp_path: Path) -> None:
    path = written(
        tmp_path / "d.csv", decide(first, "1", "dismissed", note='=1+1; "quoted"\nline'), decide(first, "2", "note")
    )
    second = run(tmp_path, "second", *ROWS, decisions=path)
    third = run(tmp_path, "third", *ROWS, decisions=second.out / "decisions.csv")
    assert (third.out / "decisions.csv").read_bytes() == (second.out / "decisions.csv").read_bytes()
    assert (third.out / "findings.parquet").read_bytes() == (
        run(tmp_path, "fourth", *ROWS, decisions=third.out / "decisions.csv").out / "findings.parquet"
    ).read_bytes()


@pytest.mark.parametrize("form", ["semicolons of a Dutch spreadsheet", "json", "ndjson", "xlsx", "filled findings"])
def test_every_form_that_a_reviewer_fills_is_read(first: Audit, tmp_path: Path, form: str) -> None:
    rows = [decide(first, "1", "Dismissed", who="Ödön"), decide(first, "2", "")]
    path = tmp_path / f"d.{form}"
    if form == "semicolons of a Dutch spreadsheet":
        written(path, *rows, separator=";", encoding="cp1252")
    elif form == "json":
        path.write_text(json.dumps(rows), encoding="utf-8")
    elif form == "ndjson":
        path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    elif form == "xlsx":
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.append(list(rows[0]))
        for row in rows:
            sheet.append(list(row.values()))
        book.save(path)
    else:
        names = {"who": "decided_by", "when": "decided_on", "note": "decision_note"}
        written(path, *({names.get(name, name): value for name, value in row.items()} | {"form": "x"} for row in rows))
    done = run(tmp_path, "second", *ROWS, decisions=path)
    assert findings(done)["decided_by"].drop_nulls().to_list() == ["Ödön"]
    assert done.decided.unknown_columns == ()
    assert not done.failed


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"decision": "agreed"}, "decision is 'agreed'; expected one of confirmed, dismissed, note"),
        ({"who": ""}, "who is empty"),
        ({"when": "24-11-2026"}, "when is '24-11-2026'; expected a day"),
        ({"when": ""}, "when is ''"),
        ({"rule": "", "verdict": ""}, "rule, verdict is empty"),
        ({"decision": "note", "note": ""}, "a note without text"),
    ],
)
def test_a_bad_row_is_named_and_the_others_count(first: Audit, tmp_path: Path, change: Row, said: str) -> None:
    path = written(tmp_path / "d.csv", decide(first, "1", "dismissed") | change, decide(first, "2", "confirmed"))
    done = run(tmp_path, "second", *ROWS, decisions=path)
    assert done.failed
    ((place, reason),) = ((one.place, one.reason) for one in done.decided.bad)
    assert place == "line 2"
    assert said in reason
    assert done.summary["decisions"]["confirmed"] == 1  # type: ignore[index]
    assert done.summary["decisions"]["rejected"] == [{"place": place, "reason": reason}]  # type: ignore[index]


def test_columns_that_are_not_known_are_said(first: Audit, tmp_path: Path) -> None:
    path = written(tmp_path / "d.csv", decide(first, "1", "confirmed") | {"Colour": "red"})
    assert run(tmp_path, "second", *ROWS, decisions=path).decided.unknown_columns == ("colour",)


@pytest.mark.parametrize(
    "content", [b"source,kind\nx,y\n", b"", b"[1]", b"{", b"PK\x03\x04", b'source,"kind\n', "géén".encode("utf-16")]
)
def test_a_file_that_is_no_decisions_file_stops_before_anything_is_written(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "d.csv"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"--decisions: d\.csv"):
        run(tmp_path, "out", *ROWS, decisions=path)
    assert not (tmp_path / "out").exists()


def test_suspects_are_counted_open_until_decided(sample: Path, tmp_path: Path) -> None:
    options = Options()
    register = sample / "politiekereclame_nl"
    given = [register] if register.exists() else [sample]
    before = audit(given, tmp_path / "one", options, lambda *_: None)
    suspects = findings(before).filter(pl.col("verdict") == "suspect")
    assert suspects.height > 2
    rows = suspects.head(2).select(COLUMNS[:7]).to_dicts()
    more = {"note": "n", "who": "w", "when": "2026-11-20"}
    path = written(
        tmp_path / "d.csv", rows[0] | {"decision": "confirmed"} | more, rows[1] | {"decision": "dismissed"} | more
    )
    after = audit(given, tmp_path / "two", Options(decisions=path), lambda *_: None)
    counted = after.summary["decisions"]
    assert (counted["suspects"], counted["open_suspects"]) == (suspects.height, suspects.height - 2)  # type: ignore[index]
    assert before.summary["decisions"]["open_suspects"] == suspects.height  # type: ignore[index]


def test_a_gap_of_a_form_can_be_decided_too(sample: Path, tmp_path: Path) -> None:
    given = [sample / "snapchat"] if (sample / "snapchat").exists() else [sample]
    before = audit(given, tmp_path / "one", Options(), lambda *_: None)
    gap = findings(before).filter(pl.col("verdict") == "not_exposed").head(1)
    row = {name: value or "" for name, value in gap.select(COLUMNS[:7]).to_dicts()[0].items()}
    assert row["record_id"] == ""
    more = {"decision": "confirmed", "note": "asked the library", "who": "w", "when": "2026-11-20"}
    done = audit(given, tmp_path / "two", Options(decisions=written(tmp_path / "d.csv", row | more)), lambda *_: None)
    assert findings(done).filter(pl.col("decision").is_not_null())["verdict"].to_list() == ["not_exposed"]


def test_rows_without_a_decision_are_passed_over(first: Audit, tmp_path: Path) -> None:
    path = written(tmp_path / "d.csv", decide(first, "1", ""), decide(first, "2", "confirmed"))
    assert read_decisions(path).rows.height == 1
