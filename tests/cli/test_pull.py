"""`adaudit pull` and `adaudit import` as a user sees them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adaudit.cli import cli
from adaudit.collection.pulling import begin
from adaudit.connectors.fetching import Scope
from adaudit.store import Store
from tests.platforms.faults import Fault
from tests.platforms.server import Platforms

META = ("pull", "meta", "--country", "ALL", "--term", "*", "--ad-type", "ALL", "--max-wait", "0.05")


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platforms]:
    """A server, and an environment that leads to it."""
    with Platforms(ads=230) as running:
        monkeypatch.setenv("ADAUDIT_META_URL", running.url("meta"))
        monkeypatch.setenv("ADAUDIT_META_TOKEN", running.token("meta"))
        monkeypatch.setenv("ADAUDIT_STORE", str(tmp_path / "store"))
        monkeypatch.setenv("ADAUDIT_CREDENTIALS", str(tmp_path / "none.toml"))
        monkeypatch.chdir(tmp_path)
        yield running


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments), catch_exceptions=False)


def test_a_complete_pull_ends_with_0_and_says_what_it_kept(server: Platforms) -> None:
    done = run(*META)
    assert done.exit_code == 0
    assert "meta: complete" in done.stdout and "Kept as " in done.stdout
    assert server.token("meta") not in done.output


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault("expired", at=2), "refused by the source"),
        (Fault("status", at=2, times=50, status=500), "truncated: not everything came"),
        (Fault("throttled", at=2, times=50, retry_after=600), "stopped by a limit of the source"),
        (Fault("empty"), "empty: the source answered without records, which proves nothing"),
    ],
    ids=lambda one: getattr(one, "kind", ""),
)
def test_what_is_not_complete_ends_with_3_and_says_why_and_how_to_go_on(
    server: Platforms, fault: Fault, said: str
) -> None:
    server.add(fault)
    done = run(*META)
    assert done.exit_code == 3
    assert said in done.stdout and "Why: " in done.stdout
    assert ("--resume" in done.stdout) == (fault.kind != "empty")
    assert server.token("meta") not in done.output


def test_resume_goes_on_and_then_has_nothing_left(server: Platforms) -> None:
    server.add(Fault("expired", at=2))
    run(*META)
    server.clear()
    again = CliRunner(env={"ADAUDIT_META_TOKEN": server.token("meta", 2)}).invoke(cli, ["pull", "--resume"])
    assert again.exit_code == 0 and "meta: complete" in again.stdout
    assert "every pull came to its end" in run("pull", "--resume").stdout


def test_a_program_reads_each_event_as_a_line_of_json(server: Platforms) -> None:
    lines = [json.loads(line) for line in run(*META, "--json").stdout.splitlines()]
    assert [one["event"] for one in lines] == ["begin", "kept", "kept", "kept", "reading", "end"]
    assert lines[-1]["outcome"] == "complete" and lines[-1]["records"] == len(server.archive("meta"))


def test_the_end_is_told_in_dutch(server: Platforms) -> None:
    server.add(Fault("empty"))
    assert "leeg: de bron antwoordde zonder records" in run(*META, "--lang", "nl").stdout


def test_an_audit_without_files_is_of_the_store(server: Platforms, tmp_path: Path) -> None:
    run(*META)
    done = run("audit", "--no-charts", "--no-report", "--out", str(tmp_path / "audit"))
    assert done.exit_code == 0 and f"{len(server.archive('meta'))} records" in done.stdout


def test_an_audit_of_a_truncated_pull_says_so(server: Platforms, tmp_path: Path) -> None:
    server.add(Fault("expired", at=2))
    run(*META)
    done = run("audit", "--no-charts", "--no-report", "--out", str(tmp_path / "audit"))
    assert "ended refused" in done.output


def test_without_a_store_or_with_nothing_said_the_use_is_wrong(server: Platforms, tmp_path: Path) -> None:
    assert server.requests == []
    assert "no store in" in run("audit").output
    for arguments in (
        ("audit",),
        ("pull",),
        ("pull", "nowhere"),
        ("pull", "meta"),
        ("pull", "--resume", "--year", "2024"),
    ):
        done = run(*arguments)
        assert done.exit_code == 2, arguments
    assert not (tmp_path / "store" / "evidence").exists()


def test_imported_files_are_told_like_a_pull(server: Platforms, tmp_path: Path) -> None:
    assert server.requests == []
    (tmp_path / "page.json").write_text(json.dumps({"data": [{"id": "1", "page_id": "2", "page_name": "X"}]}), "utf-8")
    done = run("import", "meta", "page.json", "--observed-at", "2026-03-01")
    assert done.exit_code == 0 and "records: 1;" in done.stdout
    assert run("import", "meta", "page.json", "--observed-at", "soon").exit_code == 2
    assert run("import", "meta", "page.json", "--observed-at", "2026-03-01T10:00").exit_code == 2


def test_a_pull_that_did_not_end_is_shown_as_such(server: Platforms, tmp_path: Path) -> None:
    assert server.requests == []
    store = Store(tmp_path / "store")
    pull = begin(store, "meta", Scope(countries=("NL",), terms=("x",)))
    shown = run("history", "--pull", pull.id)
    assert shown.exit_code == 0 and "meta: not ended yet" in shown.stdout
