"""What stands in the page, told from its text: figures as in the summary, files, charts, both languages, same bytes."""

import json
import re
import shutil
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from adaudit.charts.style import MARKS
from adaudit.cli import cli
from adaudit.errors import UsageError
from adaudit.language import number, share, texts_of
from adaudit.law import DSA, TTPA, requirements
from adaudit.report import read_given, write_report
from adaudit.report.environment import LAWS, asset
from adaudit.report.overview import DECIDED, by_rule, parts
from adaudit.report.page import FILES, listed_files
from adaudit.report.pictures import pictures
from adaudit.rules import RULES
from tests.report.conftest import Open

Summary = dict[str, Any]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 538 200"><script>window.attacked = 8</script></svg>'


@pytest.fixture(scope="module")
def summary(audited: Path) -> Summary:
    found: Summary = json.loads((audited / "summary.json").read_text("utf-8"))
    return found


def text_of(path: Path) -> str:
    """What a reader sees of the page without its script, on one line."""
    page = path.read_text("utf-8")
    page = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split()).replace(" .", ".")


def test_the_same_audit_gives_the_same_bytes(report: Path, audited: Path, tmp_path: Path) -> None:
    again = write_report(audited, "en", tmp_path / "again.html")
    assert again.read_bytes() == report.read_bytes()


def test_every_input_stands_with_its_hash_and_every_statement_with_its_words(report: Path, summary: Summary) -> None:
    text = text_of(report)
    for one in summary["inputs"]:
        assert one["path"] in text
        assert one["sha256"] in text
    for one in summary["statements"]:
        assert " ".join(one["en"].split()) in text
    assert "no proof that there were none, nor that anybody complied" in text
    assert "holds no rows. That proves nothing" in text


def test_counts_by_source_are_those_of_the_summary(summary: Summary) -> None:
    found = parts(summary, "en")
    for law in (TTPA, DSA):
        rows = [
            row
            for row in summary["verdicts"]
            if RULES[row["rule"]].family in {"disclosure", "label"} and RULES[row["rule"]].instrument == law
        ]
        for verdict in DECIDED:
            counted = sum((row.get("ads_by_verdict") or row)[verdict] for row in rows)
            shown = sum(line.counts[verdict] for part in found for line in part.lines if line.law == law)
            assert shown == counted, (law, verdict)
    by_source = dict.fromkeys(summary["records"]["by_source"], 0)
    for part in found:
        by_source[part.source] += part.records
    assert by_source == summary["records"]["by_source"]


def test_the_gap_of_a_source_is_that_of_its_statement(summary: Summary) -> None:
    told = {one["subject"]: one["en"] for one in summary["statements"] if "has no field at all" in one["en"]}
    for part in parts(summary, "en"):
        if part.never:
            assert share(len(part.never), part.asked) in told[f"{part.source}/{part.form}"]


def test_what_rests_on_the_word_of_the_user_is_no_pile_of_findings(report: Path, summary: Summary) -> None:
    asserted = sum(row["reasons"].get("undeclared", 0) for row in summary["verdicts"])
    assert asserted > 1000
    assert f"<dd>{number(asserted)}</dd>" in report.read_text("utf-8")
    missing = sum(row["missing"] for row in summary["verdicts"])
    assert sum(row.counts["missing"] for row in by_rule(summary, "en")) == missing - asserted
    assert sum(row.counts["asserted"] for row in by_rule(summary, "en")) == asserted


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_text_of_the_page_is_worded_and_used(language: str, report: Path, dutch: Path) -> None:
    entries = texts_of("adaudit.report").entries
    sources = "".join(path.read_text("utf-8") for path in Path(asset.__globals__["__file__"]).parent.rglob("*.*"))
    for key in entries:
        name = key.removeprefix("js_")
        named = any(f"{mark}{name}{mark}" in sources for mark in "\"'")
        assert named or name.startswith(PREFIXES), key
    asked = set(re.findall(r'\bsay\("(\w+)"', asset("report.js"))) | set(
        re.findall(r"\bwords\.(\w+)", asset("report.js"))
    )
    assert {f"js_{name}" for name in asked} <= set(entries)
    page = text_of(dutch if language == "nl" else report)
    for braced in ("{id, revisions: [{seen_at, statement}]}", "GET /{version}", "Ads/{id}", "ads/{ad_id}"):
        page = page.replace(braced, "")
    assert "{" not in page


PREFIXES = (
    *("head_", "option_", "decisions_", "outcome_", "kind_", "law_short_", "limit_", "meaning_", "gate_", "saved_"),
    *("verdict_", "binding_", "severity_", "decision_", "rule_says_", "whole_fact_", "whole_file_", "whole_pull_"),
    "whole_record_",
)
"""Keys that are put together where they are used."""


def test_options_and_filters_are_told(audited: Path, tmp_path: Path, summary: Summary) -> None:
    for name in ("findings.parquet", "records.parquet"):
        shutil.copy(audited / name, tmp_path)
    told = {**summary, "options": {"country": "NL", "seed": 0, "later": ["x", "y"], "political": True}}
    told["records"] = {**summary["records"], "left_out": {"--country NL": 1234}}
    told["highlights"] = [{"en": "A fact.", "nl": "Een feit."}, "Plain."]
    told["statements"] = [
        {"subject": "meta/ads_archive", "en": "It is so.", "nl": "Het is zo."},
        *summary["statements"],
    ]
    told["decisions"] = {"rows": 3, "confirmed": 1, "dismissed": 2, "stale": 0, "rejected": []}
    (tmp_path / "summary.json").write_text(json.dumps(told), "utf-8")
    text = text_of(write_report(tmp_path, "nl"))
    for part in ("Alleen records die in dit land zijn vertoond: NL", "--country NL: 1.234 records", "later: x, y"):
        assert part in text
    assert "Het is zo." in text
    assert "It is so." not in text
    assert "Een feit." in text
    assert "bevestigd: 1" in text
    assert "seed" not in text
    assert '<li lang="en">Plain.' in (tmp_path / "report.html").read_text("utf-8")


def test_charts_stand_as_pictures_that_run_nothing_with_their_words(
    audited: Path, tmp_path: Path, opened: Open
) -> None:
    folder = tmp_path / "out"
    shutil.copytree(audited, folder)
    charts = folder / "charts"
    charts.mkdir()
    (charts / "a.svg").write_text(SVG, "utf-8")
    (charts / "a-2.svg").write_text(SVG, "utf-8")
    index = [
        {"name": "a", "title": "A <chart>", "alt": "It shows 3 of 4.", "files": ["a.svg", "a.png", "a-2.svg"],
         "data": "a.csv", "skipped": None},
        {"name": "b", "title": "B", "alt": "", "files": [], "data": None, "skipped": "no dates in the records"},
    ]  # fmt: skip
    (charts / "index.json").write_text(json.dumps(index), "utf-8")
    page = write_report(folder)
    tab = opened(page)
    images = tab.page.locator("#charts img")
    assert images.count() == 2
    assert images.first.get_attribute("alt") == "It shows 3 of 4."
    assert "Not drawn: no dates in the records" in tab.page.inner_text("#charts")
    assert "charts/a.csv" in tab.page.inner_text("#charts")
    images.first.scroll_into_view_if_needed()
    assert tab.page.evaluate("document.querySelector('#charts img').decode().then(() => true)")
    assert tab.page.evaluate("window.attacked") is None
    (charts / "index.json").write_text('[{"name": 1}]')
    with pytest.raises(UsageError, match=r"index\.json"):
        write_report(folder)


def test_charts_without_an_index_are_found_by_their_files(tmp_path: Path) -> None:
    described = SVG.replace("<script>", "<dc:title>T &amp; U</dc:title><dc:description>D.</dc:description><script>")
    (tmp_path / "one.svg").write_text(described, "utf-8")
    (found,) = pictures(tmp_path)
    assert (found.title, found.alt) == ("T & U", "T & U. D.")
    assert (found.pages[0].width, found.pages[0].height) == (538, 200)
    assert pictures(tmp_path / "none") == []


def test_many_files_are_cut_with_those_that_speak_first() -> None:
    quiet: Summary = {"problem": None, "rejected": [], "outcome": "read"}
    given = [{**quiet, "path": str(i)} for i in range(FILES + 5)] + [{**quiet, "path": "bad", "problem": "x"}]
    found = listed_files(given)
    assert len(found) == FILES
    assert found[0]["path"] == "bad"
    assert listed_files(given[:3]) == given[:3]


def test_colours_are_those_of_the_charts() -> None:
    style = asset("report.css")
    for name in ("missing", "invalid", "partial", "ok", "never"):
        assert f"--{name}: {MARKS[name].fill};" in style


def test_every_law_has_its_address() -> None:
    assert set(LAWS) == {one.instrument for one in requirements().values()}


def test_a_page_of_nothing_says_that_it_proves_nothing(tmp_path: Path, audited: Path, summary: Summary) -> None:
    import polars as pl

    for name in ("findings.parquet", "records.parquet"):
        pl.read_parquet(audited / name).clear().write_parquet(tmp_path / name)
    empty = {**summary, "verdicts": [], "statements": [], "highlights": [], "exposure": []}
    empty["inputs"] = [one for one in summary["inputs"] if one["source"] == "x"]
    empty["records"] = {**summary["records"], "total": 0, "by_source": {}, "by_kind": {}}
    (tmp_path / "summary.json").write_text(json.dumps(empty), "utf-8")
    text = text_of(write_report(tmp_path))
    assert "No record was judged. That proves nothing" in text
    assert "There is no statement to make" in text
    assert "%" not in text.split("Source by source", 2)[-1].split("The source as a whole")[0]


def test_what_is_no_audit_is_refused_with_what_to_do(tmp_path: Path, audited: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        read_given(tmp_path / "nowhere")
    with pytest.raises(UsageError, match=r"summary\.json, findings\.parquet, records\.parquet not found"):
        read_given(tmp_path)
    for name in ("summary.json", "records.parquet"):
        shutil.copy(audited / name, tmp_path)
    (tmp_path / "findings.parquet").write_bytes(b"PAR1")
    with pytest.raises(UsageError, match=r"findings\.parquet is no readable Parquet"):
        read_given(tmp_path)
    shutil.copy(audited / "findings.parquet", tmp_path)
    (tmp_path / "summary.json").write_text('{"adaudit": "0"}')
    with pytest.raises(UsageError, match="has no inputs"):
        read_given(tmp_path)


def test_the_command_writes_where_it_is_told_and_says_where(audited: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["report", str(audited), "--lang", "nl", "--out", str(tmp_path / "r.html")])
    assert done.exit_code == 0
    assert done.output.strip() == str(tmp_path / "r.html")
    assert '<html lang="nl">' in (tmp_path / "r.html").read_text("utf-8")
    wrong = CliRunner().invoke(cli, ["report", str(tmp_path)])
    assert wrong.exit_code == 2
    assert "holds no audit" in wrong.stderr
    nowhere = CliRunner().invoke(cli, ["report", str(audited), "--out", str(tmp_path / "no" / "r.html")])
    assert nowhere.exit_code == 2
    assert "cannot be written" in nowhere.stderr
