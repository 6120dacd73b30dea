"""What a reviewer decides in the page: kept in the browser, written as a file, read back, never a formula."""

import csv
import io
import json
from pathlib import Path

import polars as pl
from playwright.sync_api import Page, expect

from adaudit.report import write_report
from tests.report.conftest import HOSTILE, Open, Opened

COLUMNS = ["source", "kind", "record_id", "rule", "verdict", "reason", "observed", "decision", "note", "who", "when"]


def decide(page: Page, turn: int, decision: str, note: str = "", who: str = "R. Eviewer") -> None:
    page.locator("button.open").nth(turn).click()
    page.locator(f"#sheet input[value={decision}]").check()
    page.fill("#sheet-who", who)
    page.fill("#sheet-note", note)
    page.get_by_role("button", name="Save decision").click()
    close(page)


def close(page: Page) -> None:
    page.keyboard.press("Escape")
    page.wait_for_url(lambda url: "open=1" not in url)


def downloaded(tab: Opened, tmp_path: Path) -> tuple[Path, list[dict[str, str]]]:
    with tab.page.expect_download() as waiting:
        tab.page.click("#download")
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path, list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def test_decisions_are_written_as_a_later_audit_reads_them(
    report: Path, opened: Open, audited: Path, tmp_path: Path
) -> None:
    tab = opened(report, "#verdict=suspect&sort=record")
    decide(tab.page, 0, "confirmed", 'seen, "so", it is\nindeed')
    decide(tab.page, 1, "dismissed")
    decide(tab.page, 2, "note", "=1+1")
    expect(tab.page.locator("#told")).to_contain_text("3 decisions")
    path, rows = downloaded(tab, tmp_path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf" + ",".join(COLUMNS).encode())
    assert sorted(row["decision"] for row in rows) == ["confirmed", "dismissed", "note"]
    by_decision = {row["decision"]: row for row in rows}
    assert by_decision["note"]["note"] == "'=1+1"
    assert by_decision["confirmed"]["note"] == 'seen, "so", it is indeed'
    findings = pl.read_parquet(audited / "findings.parquet")
    for row in rows:
        assert row["who"] == "R. Eviewer"
        assert row["when"].endswith("Z")
        names = COLUMNS[:7]
        same = [pl.col(name) == row[name] for name in names]
        assert findings.filter(same).height == 1, row


def test_decisions_stay_in_the_browser_and_filter(report: Path, opened: Open) -> None:
    tab = opened(report, "#verdict=suspect")
    decide(tab.page, 3, "dismissed", "it is the campaign of another year")
    tab.page.reload()
    assert tab.page.input_value("#who") == "R. Eviewer"
    tab.page.select_option("#f-decision", "dismissed")
    assert tab.rows() == 1
    tab.page.locator("button.open").click()
    assert "dismissed by R. Eviewer" in tab.page.inner_text("#sheet")
    tab.page.locator("#sheet input[value=none]").check()
    tab.page.get_by_role("button", name="Save decision").click()
    close(tab.page)
    tab.page.reload()
    tab.page.select_option("#f-decision", "dismissed")
    assert tab.rows() == 0


def test_a_decision_needs_a_name_and_a_note_its_text(report: Path, opened: Open) -> None:
    tab = opened(report)
    tab.page.locator("button.open").first.click()
    tab.page.locator("#sheet input[value=confirmed]").check()
    tab.page.get_by_role("button", name="Save decision").click()
    assert "Enter your name" in tab.page.inner_text("#sheet")
    assert tab.page.evaluate("document.activeElement.id") == "sheet-who"
    tab.page.fill("#sheet-who", "R. Eviewer")
    tab.page.locator("#sheet input[value=note]").check()
    tab.page.get_by_role("button", name="Save decision").click()
    assert "Write the note" in tab.page.inner_text("#sheet")


def test_a_file_of_decisions_is_read_back_and_stale_ones_are_told(report: Path, opened: Open, tmp_path: Path) -> None:
    one = opened(report, "#verdict=suspect")
    for turn, decision in enumerate(("confirmed", "dismissed", "confirmed")):
        decide(one.page, turn, decision)
    path, rows = downloaded(one, tmp_path)
    rows[0]["observed"] = "age_min=99"
    rows[1]["record_id"] = "no such record"
    rows.append({**rows[2], "decision": "convicted"})
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), "utf-8-sig")
    other = opened(report)
    other.page.set_input_files("#load", path)
    expect(other.page.locator("#told")).to_have_text(
        "1 decisions read; 1 left aside because what was found has changed, 1 because their finding is not in this "
        "page, 1 because their row was not understood."
    )
    path.write_text("a,b\n1,2\n")
    other.page.set_input_files("#load", path)
    expect(other.page.locator("#told")).to_contain_text("This is no decisions file")


def test_where_the_browser_stores_nothing_the_page_says_so(report: Path, opened: Open) -> None:
    tab = opened(report)
    tab.page.evaluate("() => { Storage.prototype.setItem = () => { throw new DOMException('no', 'SecurityError'); }; }")
    tab.page.locator("button.open").first.click()
    tab.page.locator("#sheet input[value=confirmed]").check()
    tab.page.fill("#sheet-who", "R. Eviewer")
    tab.page.get_by_role("button", name="Save decision").click()
    expect(tab.page.locator("#sheet")).to_contain_text("Kept only until this page is closed")


def test_a_gap_of_a_source_is_not_decided_record_by_record(report: Path, opened: Open) -> None:
    tab = opened(report, "#verdict=not_exposed")
    tab.page.locator("button.open").first.click()
    assert tab.page.locator("#sheet form").count() == 0
    assert "No field in this source" in tab.page.inner_text("#sheet")


def test_decisions_given_to_the_audit_are_shown(audited: Path, opened: Open, tmp_path: Path) -> None:
    findings = pl.read_parquet(audited / "findings.parquet")
    suspect = findings["verdict"] == "suspect"
    one = int(suspect.arg_max() or 0)
    row = pl.int_range(pl.len()) == one
    decided = findings.with_columns(
        pl.when(row).then(pl.lit("confirmed")).alias("decision"),
        pl.when(row).then(pl.lit("R. Eviewer")).alias("decided_by"),
        pl.when(row).then(pl.date(2026, 1, 2)).alias("decided_on"),
        pl.when(row).then(pl.lit("<b>seen</b>")).alias("decision_note"),
    )
    for name in ("summary.json", "records.parquet"):
        (tmp_path / name).write_bytes((audited / name).read_bytes())
    decided.write_parquet(tmp_path / "findings.parquet")
    tab = opened(write_report(tmp_path), "#decision=confirmed")
    assert tab.rows() == 1
    tab.page.locator("button.open").click()
    assert "confirmed by R. Eviewer, 2026-01-02: <b>seen</b> (given to the audit)" in tab.page.inner_text("#sheet")


def test_no_cell_of_the_file_runs_as_a_formula(hostile_folder: Path, opened: Open, tmp_path: Path) -> None:
    tab = opened(write_report(hostile_folder), "#verdict=missing,partial,invalid&size=200")
    ids = tab.page.locator("td.c-record").all_inner_texts()
    decide(tab.page, next(i for i, one in enumerate(ids) if one.startswith("formula")), "note", "@SUM(A1)", "-cmd|' /C")
    _, rows = downloaded(tab, tmp_path)
    assert [row["note"] for row in rows] == ["'@SUM(A1)"]
    assert [row["who"] for row in rows] == ["'-cmd|' /C"]
    assert all(not value.lstrip().startswith(("=", "+", "-", "@")) for row in rows for value in row.values())
    assert json.dumps(rows).find(HOSTILE["ending"]) == -1
