"""The command line as a person or a program uses it: help, exit codes, what goes where."""

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from adaudit import __version__
from adaudit.audit.assemble import read_actors
from adaudit.cli import COMMANDS, cli
from adaudit.connectors import sources
from adaudit.errors import UsageError
from adaudit.law import requirements
from adaudit.rules import RULES, every

REPORT = "\ufeffPage ID,Page name,Disclaimer,Amount spent (EUR),Number of ads in Library\n"
NAME = "FacebookAdLibraryReport_2025-11-02_NL_last_7_days_advertisers.csv"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(one) for one in arguments])


def report(folder: Path, *rows: str) -> Path:
    path = folder / NAME
    path.write_text(REPORT + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def two_rows(tmp_path: Path) -> Path:
    return report(tmp_path, "1,Lijst Duin,Lijst Duin,120,3", "2,Bakkerij,These ads ran without a disclaimer,≤100,9")


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_of_its_own(name: str) -> None:
    found = run(name, "--help")
    assert found.exit_code == 0
    assert "Usage:" in found.output
    assert len(found.output.splitlines()) > 5


def test_help_lists_every_command_and_the_exit_codes() -> None:
    found = run("--help")
    assert all(name in found.output for name in COMMANDS)
    assert "Exit codes" in found.output


def test_the_module_answers_version_and_help_as_a_program() -> None:
    version = subprocess.run([sys.executable, "-m", "adaudit", "--version"], capture_output=True, text=True, check=True)
    assert version.stdout == f"adaudit {__version__}\n"
    assert run("--version").output == version.stdout


def test_an_audit_writes_its_files_and_exits_with_0(two_rows: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    found = run("audit", two_rows, "--out", out)
    assert found.exit_code == 0, found.output
    names = {
        "findings.parquet",
        "records.parquet",
        "verdicts.parquet",
        "summary.json",
        "report.html",
        "tables",
        "charts",
    }
    assert {path.name for path in out.iterdir()} == names
    assert "9 of 12 (75\u202f%) ads" in found.output or "9 of 12 (75 %) ads" in found.output
    assert str(out) in found.output.replace("\n", "")


def test_json_prints_the_summary_and_nothing_else(two_rows: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    found = run("audit", two_rows, "--out", out, "--json", "--no-charts")
    assert json.loads(found.stdout) == json.loads((out / "summary.json").read_text("utf-8"))


def test_fail_on_gives_1_only_where_the_verdict_occurs_often_enough(two_rows: Path, tmp_path: Path) -> None:
    def code(*verdicts: str) -> int:
        options = [part for verdict in verdicts for part in ("--fail-on", verdict)]
        return run("audit", two_rows, "--out", tmp_path / "out", "--no-charts", *options).exit_code

    assert code("missing") == 1
    assert code("missing=1") == 1
    assert code("missing=2") == 0
    assert code("suspect", "missing") == 1


def test_fail_on_leaves_out_what_ran_before_the_rules_applied(tmp_path: Path) -> None:
    path = tmp_path / "FacebookAdLibraryReport_2023-03-05_NL_yesterday_advertisers.csv"
    path.write_text(REPORT + "2,Bakkerij,These ads ran without a disclaimer,≤100,9\n", encoding="utf-8")
    assert run("audit", path, "--out", tmp_path / "out", "--no-charts", "--fail-on", "missing").exit_code == 0


def test_a_file_that_is_not_understood_gives_3_and_the_rest_is_audited(two_rows: Path, tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("dear colleague", encoding="utf-8")
    found = run("audit", two_rows, other, "--out", tmp_path / "out", "--no-charts", "--fail-on", "missing")
    assert found.exit_code == 3
    assert "notes.txt" in found.stderr
    assert "dear colleague" in found.stderr
    assert json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))["records"]["total"] == 2


@pytest.mark.parametrize(
    "wrong",
    [
        ["audit"],
        ["audit", "no-such-file.json"],
        ["audit", NAME, "--since", "10 October 2025"],
        ["audit", NAME, "--country", "Netherlands"],
        ["audit", NAME, "--fail-on", "bad"],
        ["audit", NAME, "--election", "NL-1848-11-30-parliament"],
        ["audit", NAME, "--political", "--political-actors", NAME],
        ["audit", NAME, "--as-of", "yesterday"],
        ["audit", NAME, "--elections", NAME],
        ["audit", NAME, "--elections", "no-such-file.csv"],
        ["audit", NAME, "--repository-established", "soon"],
        ["sources", "myspace"],
        ["rules", "no_such_rule"],
        ["audits"],
    ],
)
def test_wrong_use_gives_2_and_says_why(wrong: list[str], two_rows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(two_rows.parent)
    found = run(*wrong)
    assert found.exit_code == 2
    assert len(found.stderr.strip()) > 20
    assert "Traceback" not in found.output


def test_a_folder_that_holds_something_else_is_never_written_into(two_rows: Path, tmp_path: Path) -> None:
    out = tmp_path / "thesis"
    out.mkdir()
    (out / "chapter-1.md").write_text("mine", encoding="utf-8")
    found = run("audit", two_rows, "--out", out)
    assert found.exit_code == 2
    assert [path.name for path in out.iterdir()] == ["chapter-1.md"]


def test_a_summary_of_somebody_else_is_no_audit_and_stays(two_rows: Path, tmp_path: Path) -> None:
    out = tmp_path / "mine"
    (out / "tables").mkdir(parents=True)
    (out / "summary.json").write_text('{"my": "own"}', encoding="utf-8")
    (out / "tables" / "keep.csv").write_text("mine", encoding="utf-8")
    assert run("audit", two_rows, "--out", out).exit_code == 2
    assert (out / "summary.json").read_text("utf-8") == '{"my": "own"}'
    assert (out / "tables" / "keep.csv").exists()


def test_a_folder_without_files_is_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    found = run("audit", tmp_path / "empty", "--out", tmp_path / "out")
    assert found.exit_code == 2
    assert "no file to audit" in found.stderr


def test_a_list_of_actors_is_read_by_its_columns_and_short_entries_name_nobody(tmp_path: Path) -> None:
    path = tmp_path / "actors.csv"
    path.write_text("party,active,page\nGroen,1,0\nGroen,true,Lijst Duin\n", encoding="utf-8")
    assert read_actors(path) == ["lijst duin"]
    path.write_text("party,active\nGroen,1\n", encoding="utf-8")
    with pytest.raises(UsageError, match="expected one such as page_id"):
        read_actors(path)


def test_a_second_audit_into_the_same_folder_leaves_nothing_of_the_first(two_rows: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("audit", two_rows, "--out", out, "--by", "sponsor", "--no-charts")
    run("audit", two_rows, "--out", out, "--by", "country", "--no-charts")
    assert [path.name for path in (out / "tables").iterdir()] == ["country.csv"]


@pytest.mark.parametrize("dimension", ["source", "sponsor", "country", "month", "election"])
def test_each_dimension_gives_a_table_on_screen_and_as_csv(dimension: str, sample: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    found = run("audit", sample / "politiekereclame_nl", "--out", out, "--by", dimension, "--no-charts")
    assert found.exit_code == 0, found.output
    table = pl.read_csv(out / "tables" / f"{dimension}.csv")
    assert table.columns[0] == dimension
    assert table.height > 0
    assert (table["ok"] + table["partial"] + table["invalid"] + table["missing"] + table["not_exposed"]).to_list() == (
        table["checks"].to_list()
    )
    assert dimension in found.output


def test_messages_go_to_stderr_and_results_to_stdout(sample: Path, tmp_path: Path) -> None:
    found = run("audit", sample / "x", "--out", tmp_path / "out", "--no-charts")
    assert "no rows: proves nothing" in found.stderr
    assert "no rows: proves nothing" not in found.stdout


def test_no_color_is_honoured(two_rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("FORCE_COLOR", "")
    found = run("audit", two_rows, "--out", tmp_path / "out", "--no-charts")
    assert "\x1b[3" not in found.output


@pytest.mark.parametrize("name", sorted(sources()))
def test_each_source_is_shown_with_its_forms_fields_and_gaps(name: str) -> None:
    found = run("sources", name)
    assert found.exit_code == 0
    for form_id, form in sources()[name].form.items():
        assert f"form {form_id}" in found.output
        assert form.how_to_get.split()[0] in found.output
    assert json.loads(run("sources", name, "--json").stdout).keys() == {name}


@pytest.mark.parametrize("name", sorted(RULES))
def test_each_rule_is_shown_with_the_words_of_the_law(name: str) -> None:
    found = run("rules", name)
    assert found.exit_code == 0
    assert f"version {RULES[name].version}" in found.output
    requirement = RULES[name].requirement
    if requirement:
        assert requirements()[requirement].quote.split()[0] in found.output


def test_rules_as_json_account_for_every_requirement() -> None:
    data = json.loads(run("rules", "--json").stdout)
    assert {one["id"] for one in data["rules"]} == set(every())
    assert [one["id"] for one in data["requirements"]] == list(requirements())
    for one in data["requirements"]:
        assert one["accounted"] == ("rule" if one["rules"] else "not_auditable"), one["id"]
        assert set(one["rules"]) <= set(every())
        beyond = [one[name] for name in ("reason", "why", "would_settle")]
        assert all(beyond) != bool(one["rules"]), one["id"]
        assert one["quote"]
        assert one["pinpoint"]
        assert one["bound"]
        assert one["sentence"] or len(one["rules"]) > 1
    severities = {one["id"]: (one["severity"], one["severity_last_month"]) for one in data["rules"]}
    assert severities["notice_amount_ad"] == ("mandatory", "mandatory_last_month")
    assert severities["dsa_repository_period"] == ("mandatory", "mandatory")
    assert severities["notice_controller_identity"] == ("template", "template")


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("name", sorted(set(requirements()) - set(RULES)))
def test_a_requirement_without_a_rule_says_how_it_is_accounted_for(name: str, lang: str) -> None:
    found = run("rules", name, "--lang", lang)
    assert found.exit_code == 0
    words = {"en": ("not auditable from outside", "judged point by point"), "nl": ("van buitenaf niet te", "per punt")}
    assert any(one in " ".join(found.output.split()) for one in words[lang])


def test_the_law_and_the_calendar_as_of_a_day_stand_in_the_summary(two_rows: Path, tmp_path: Path) -> None:
    votes = tmp_path / "votes.csv"
    votes.write_text(
        "id,date,country,kind,name,source,status\n"
        "NL-2025-11-19-municipal,2025-11-19,NL,municipal,Herindeling,https://example.org,official\n",
        encoding="utf-8",
    )
    out = tmp_path / "out"
    arguments = ("--as-of", "2025-10-09", "--elections", votes, "--no-charts", "--json")
    found = run("audit", two_rows, "--out", out, *arguments, "--fail-on", "missing")
    assert found.exit_code == 0, "as of that day nothing found counts under the Regulation"
    summary = json.loads(found.stdout)
    assert summary["options"]["as_of"] == "2025-10-09"
    assert summary["options"]["elections"] == "votes.csv"
    assert summary["calendar"]["added"] == 1
    assert len(summary["calendar"]["sha256"]) == 64
    assert {row["binding"] for row in summary["verdicts"] if row["rule"] == "notice_sponsor_name"} == {"before"}
    assert sum(row["records"] for row in summary["votes"]) == summary["records"]["total"]


def test_the_demo_does_the_whole_main_job(tmp_path: Path) -> None:
    found = run("demo", "--out", tmp_path / "demo", "--no-charts")
    assert found.exit_code == 0, found.output
    summary = json.loads((tmp_path / "demo" / "audit" / "summary.json").read_text("utf-8"))
    assert {row["source"] for row in summary["exposure"]} == {name for name, one in sources().items() if one.form}
    assert summary["records"]["total"] > 3000
    assert "asserted to be political" in " ".join(found.output.split())


def test_an_audit_without_records_prints_no_table(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    found = run("audit", tmp_path / "empty.csv", "--out", tmp_path / "out", "--charts", "none", "--no-report")
    assert found.exit_code == 3
    assert "0 records" in found.stdout
    assert "checks" not in found.stdout
