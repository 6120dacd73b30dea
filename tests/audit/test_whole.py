"""The rules on a source as a whole in an audit of files: what a file can show of its source, and what it cannot."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from adaudit.cli import cli
from adaudit.rules.repository import reasons

from ..connectors.pages import X_EXPORT, meta_ad, meta_page, row_of, statement, table
from .invoked import Audited, Run
from .test_bad_input import META_REFUSAL

NO_ROWS = table(X_EXPORT)
ROWS = table(X_EXPORT, row_of(X_EXPORT, advertisername="Wolkenpartij", creative="https://x.example/1"))


def told(found: Audited) -> dict[tuple[str | None, str, str], dict[str, Any]]:
    """The rows by source, rule and reason; two of the same rest on different requirements."""
    rows = found.summary["repository"]
    assert len({(one["source"], one["rule"], one["reason"], one["requirement"]) for one in rows}) == len(rows)
    return {(one["source"], one["rule"], one["reason"]): one for one in rows}


def test_a_header_without_rows_proves_nothing_and_leads_back_to_its_bytes(run: Run) -> None:
    found = run(**{"x.csv": NO_ROWS})
    assert found.result.exit_code == 0
    row = told(found)["x", "repository_answers", "no_rows"]
    assert (row["verdict"], row["count"], row["of"], row["unit"]) == ("unknown", 1, 1, "file")
    assert (row["requirement"], row["pinpoint"], row["rule_version"]) == ("dsa_repository_search_api", "Art 39(1)", 1)
    sha256 = hashlib.sha256(NO_ROWS).hexdigest()
    assert [(one["path"], one["sha256"]) for one in row["seen"]] == [("in/x.csv", sha256)]
    assert row["words"]["en"].endswith(f"1 of 1 (100 %) file: {reasons()['no_rows'].words}")
    assert "1 van de 1 bestand (100%)" in row["words"]["nl"] and "artikel 39, lid 1" in row["words"]["nl"]
    assert "ad is known to be in the source" in row["settle"]["en"]
    assert "“The source answers” (repository_answers, Art 39(1)) – unknown" in " ".join(found.result.stdout.split())


def test_of_several_files_each_is_counted_once_and_the_counts_add_up(run: Run) -> None:
    found = run(**{"a.csv": NO_ROWS, "b.csv": ROWS, "c.csv": ROWS.replace(b"/1", b"/2")})
    rows = told(found)
    assert {key[1:]: (row["count"], row["of"]) for key, row in rows.items()} == {
        ("repository_answers", "no_rows"): (1, 3),
        ("repository_answers", "answered"): (2, 3),
        ("repository_complete", "saved_by_hand"): (3, 3),
        ("repository_keeps", "not_compared"): (2, 2),
    }
    kept = [row["requirement"] for row in found.summary["repository"] if row["rule"] == "repository_keeps"]
    assert kept == ["dsa_repository_1y", "vlop_repository_7y"]


def test_fail_on_counts_what_is_said_of_sources(run: Run, tmp_path: Path) -> None:
    rows = run(**{"x.csv": NO_ROWS}).summary["repository"]
    unknown = sum(row["count"] for row in rows if row["verdict"] == "unknown")
    assert unknown
    for least, code in ((unknown, 1), (unknown + 1, 0)):
        asked = ("--fail-on", f"unknown={least}", "--out", str(tmp_path / str(least)), "--no-charts")
        met = CliRunner().invoke(cli, ["audit", str(tmp_path / "in"), *asked])
        assert met.exit_code == code
        assert (f"unknown {unknown}" in met.stderr) is bool(code)


def test_what_is_usual_stands_in_the_summary_and_not_on_the_terminal(run: Run) -> None:
    found = run(**{"b.csv": ROWS})
    assert {row["reason"] for row in found.summary["repository"]} == {"answered", "saved_by_hand", "not_compared"}
    assert all(reasons()[row["reason"]].usual for row in found.summary["repository"])
    assert "repository_" not in found.result.stdout


@pytest.mark.parametrize(("arguments", "source"), [((), None), (("--source", "meta"), "meta")])
def test_a_saved_refusal_is_told_and_accuses_nobody(run: Run, arguments: tuple[str, ...], source: str | None) -> None:
    found = run(*arguments, good=False, **{"refusal.json": META_REFUSAL})
    assert found.result.exit_code == 3
    row = told(found)[source, "repository_answers", "error_answer"]
    assert (row["verdict"], row["requirement"]) == ("unknown", "dsa_repository_search_api" if source else None)
    assert "Session has expired" in row["seen"][0]["said"]["en"]
    assert row["seen"][0]["sha256"] == hashlib.sha256(META_REFUSAL).hexdigest()
    assert {one["verdict"] for one in found.summary["repository"]} == {"unknown"}


def test_what_no_duty_of_a_repository_speaks_of_is_not_judged(run: Run) -> None:
    register = json.dumps([statement()]).encode()
    found = run(**{"register.json": register, "letter.html": b"<html><body>Log in</body></html>", "empty": b" "})
    assert found.summary["repository"] == []


def test_no_row_is_a_verdict_on_a_record(run: Run) -> None:
    found = run(good=False, **{"x.csv": NO_ROWS, "meta.json": meta_page(meta_ad("1"))})
    assert not [row for row in found.summary["verdicts"] if row["rule"].startswith("repository_")]
    by_verdict = ("ok", "partial", "invalid", "missing", "not_exposed", "suspect", "not_applicable", "unknown")
    assert all(sum(row[one] for one in by_verdict) == row["records"] for row in found.summary["verdicts"])
    assert {row["source"] for row in found.summary["repository"]} == {"meta", "x"}


def test_what_a_source_said_is_left_out_where_persons_are_redacted(run: Run) -> None:
    found = run("--redact-persons", good=False, **{"x.csv": ROWS, "refusal.json": META_REFUSAL})
    row = told(found)[None, "repository_answers", "error_answer"]
    assert "said" not in row["seen"][0] and row["seen"][0]["path"] == "in/refusal.json"


def test_the_same_files_give_the_same_rows(run: Run, tmp_path: Path) -> None:
    first = run(**{"x.csv": NO_ROWS, "b.csv": ROWS}).summary["repository"]
    second = tmp_path / "again"
    CliRunner().invoke(cli, ["audit", str(tmp_path / "in"), "--out", str(second), "--no-charts"])
    assert json.loads((second / "summary.json").read_text("utf-8"))["repository"] == first
