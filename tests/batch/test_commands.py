"""`adaudit init`, `run` and `runs` as a user sees them, in both languages."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adaudit.batch.configuration import read
from adaudit.cli import cli
from tests.batch.conftest import META, WATCH, Bench, ads
from tests.platforms.faults import Fault
from tests.platforms.server import Platforms


def adaudit(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments), catch_exceptions=False)


def test_what_init_writes_runs_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ADAUDIT_CREDENTIALS", str(tmp_path / "none.toml"))
    assert adaudit("init", "--country", "nl", "--lang", "nl").exit_code == 0
    again = adaudit("init", "--country", "nl")
    assert again.exit_code == 2 and "not written over" in again.stderr
    assert adaudit("init", "--country", "US", "--config", "us.toml").exit_code == 2
    dry = adaudit("run", "--dry-run")
    assert dry.exit_code == 0 and not (tmp_path / "store").exists() and not (tmp_path / "outputs").exists()


def test_what_init_asks_for_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ADAUDIT_CREDENTIALS", str(tmp_path / "none.toml"))
    adaudit("init", "--country", "NL")
    text = (tmp_path / "adaudit.toml").read_text("utf-8")
    (tmp_path / "adaudit.toml").write_text(text.replace("[audit]", "[audit]\ncharts = []\nreport = false"), "utf-8")
    asked = [one.source for one in read(tmp_path / "adaudit.toml").pull]
    assert {"google", "politiekereclame_nl", "snapchat"} <= set(asked)
    with Platforms(ads=120) as server:
        for source in asked:
            monkeypatch.setenv(f"ADAUDIT_{source.upper()}_URL", server.url(source))
        done = adaudit("run", "--json")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    pulled = {one["source"]: (one["standing"], one["outcome"]) for one in events if one.get("what") == "pull"}
    assert pulled == dict.fromkeys(asked, ("done", "complete"))
    assert done.exit_code == int(bool(events[-1]["fired"]))
    assert events[-1]["standing"] == "done"


def test_a_run_with_report_and_charts_and_what_is_told_of_it(bench: Bench) -> None:
    bench.configure(WATCH, '[audit]\ncharts = ["requirements_by_source"]\n')
    bench.lay("1.json", ads(("1", "Lijst Duin"), ("2", "")))
    done = adaudit("run", "--lang", "nl")
    assert done.exit_code == 0 and "controle: gedaan" in done.stdout and "Keer 1: gedaan" in done.stdout
    assert [path.name for path in (bench.folder / "outputs").glob("*/charts/*.png")] == ["requirements_by_source.png"]
    [results] = (bench.folder / "outputs").iterdir()
    assert (results / "report.html").stat().st_size > 10_000
    rows = json.loads((results / "summary.json").read_text("utf-8"))["repository"]
    assert {row["reason"] for row in rows} == {"answered", "saved_by_hand", "not_compared"}
    assert [path.name for path in sorted((results / "tables").glob("*.csv"))] == ["source.csv", "sponsor.csv"]
    assert adaudit("run", "--due").stdout == "Nothing is due.\n"
    second = adaudit("run")
    assert "2 records are the same" in second.stdout and results.name in second.stdout
    shown = adaudit("runs", "show", "1", "--lang", "nl").stdout
    assert "inlezen inbox: gedaan" in shown and results.name in shown
    assert adaudit("runs", "show", "9").exit_code == 2
    assert json.loads(adaudit("runs", "show", "last", "--json").stdout)["number"] == 2
    trend = adaudit("runs", "trend", "notice_sponsor_name", "--verdict", "missing").stdout.splitlines()
    assert len(trend) == 3 and all(line.endswith("1 of 2 (50 %)") for line in trend[1:])
    points = [
        json.loads(line) for line in adaudit("runs", "trend", "notice_sponsor_name", "--json").stdout.splitlines()
    ]
    assert [(one["run"], one["count"], one["of"]) for one in points] == [(1, 1, 2), (2, 1, 2)]
    assert adaudit("runs", "trend", "notice_sponsor_name", "--chart", "trend").exit_code == 0
    assert (bench.folder / "trend" / "trend_notice_sponsor_name.svg").exists()
    assert adaudit("runs", "trend", "nothing").exit_code == 2
    assert adaudit("runs", "trend", "notice_payer", "--verdict", "bad").exit_code == 2
    assert "No run counted" in adaudit("runs", "trend", "notice_payer", "--source", "x").stdout
    table = adaudit("runs").stdout.splitlines()
    assert len(table) == 3 and table[1].split()[0] == "1"
    assert [json.loads(line)["number"] for line in adaudit("runs", "--json").stdout.splitlines()] == [1, 2]


def test_a_program_reads_lines_of_json_and_the_exit_code(bench: Bench) -> None:
    bench.configure(META, '[audit]\ncharts = []\nreport = false\n[[alert]]\nname = "any"\nat_least = 1\n')
    planned = json.loads(adaudit("run", "--dry-run", "--json").stdout)
    assert [(one["due"], one["reason"]) for one in planned["pulls"]] == [(True, "never")]
    done = adaudit("run", "--json")
    assert done.exit_code == 1
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["event"] for one in events] == ["step"] * 5 + ["fired", "end"]
    assert events[-1]["fired"] == ["alert/any"] and events[-1]["standing"] == "done"
    assert json.loads(adaudit("run", "--due", "--json").stdout) == {"event": "nothing_due"}
    assert "not due before" in adaudit("run", "--dry-run").stdout
    bench.server.add(Fault("refused"))
    assert adaudit("run", "--all").exit_code == 3
    assert "goes on" in adaudit("run", "--dry-run").stdout
    assert bench.server.token("meta") not in done.output


def test_wrong_use_ends_with_2(bench: Bench) -> None:
    assert adaudit("run").exit_code == 2
    (bench.folder / "adaudit.toml").write_text("x = 1\n", "utf-8")
    done = adaudit("run")
    assert done.exit_code == 2 and "adaudit.toml, line 1: x is not known" in done.stderr
    (bench.folder / "adaudit.toml").write_text("", "utf-8")
    assert adaudit("run", "--due", "--all").exit_code == 2
    assert adaudit("runs").stdout == "There is no run yet: adaudit run.\n"
