"""`adaudit verify` and `adaudit replay` as a user sees them."""

import json
import shutil
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from adaudit.cli import cli
from adaudit.store import Store
from tests.collection.stores import page, two_imports
from tests.collection.test_replaying import otherwise


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of two imports."""
    return two_imports(tmp_path_factory.mktemp("small"))


@pytest.fixture
def store(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A copy of it, which the commands use."""
    shutil.copytree(small, tmp_path / "store")
    monkeypatch.setenv("ADAUDIT_STORE", str(tmp_path / "store"))
    monkeypatch.chdir(tmp_path)
    return Store(tmp_path / "store")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments), catch_exceptions=False)


def lines(done: Result) -> str:
    return " ".join(done.stdout.split())


def test_what_is_intact_ends_with_0_and_gives_the_head_to_be_noted(store: Store) -> None:
    done = run("verify", "--all")
    assert done.exit_code == 0
    assert "The evidence is what it was." in done.stdout and store.manifest.head() in done.stdout
    again = run("verify", "--head", store.manifest.head(), "--json")
    assert again.exit_code == 0 and json.loads(again.stdout)["noted"] == json.loads(again.stdout)["lines"] - 1


def test_what_was_altered_ends_with_4_and_names_the_records(store: Store) -> None:
    path, *_ = store.vault.files()
    path.write_bytes(path.read_bytes()[:-3])
    done = run("verify")
    assert done.exit_code == 4 and "NOT" in done.stdout
    assert path.name in done.stdout.replace("\n", "") and "100" in done.stdout
    assert "NIET" in run("verify", "--lang", "nl").stdout
    [fault] = json.loads(run("verify", "--json").stdout)["faults"]
    assert set(fault) == {"file", "what", "records", "ids"} and set(fault["what"]) == {"en", "nl"}
    for arguments in (("replay",), ("replay", "--apply")):
        done = run(*arguments)
        assert done.exit_code == 4 and path.name.removesuffix(".zst") in done.stderr


def test_a_head_that_is_not_in_the_chain_ends_with_4(store: Store) -> None:
    assert store.pulls.all()
    assert run("verify", "--head", "ab" * 32).exit_code == 4
    assert run("verify", "--head", "abc").exit_code == 2


def test_wrong_use(store: Store, tmp_path: Path) -> None:
    assert store.pulls.all()
    for arguments in (
        ("verify", "--all", "--sample", "3"),
        ("verify", "--store", str(tmp_path / "none")),
        ("replay", "--store", str(tmp_path / "none")),
        ("replay", "--pull", "nowhere"),
        ("replay", "--pull", store.pulls.last(), "--apply"),
        ("replay", "--apply", "--findings"),
        ("replay", "--out", "somewhere"),
    ):
        assert run(*arguments).exit_code == 2, arguments
    assert not (tmp_path / "none").exists()


def test_replay_says_what_differs_and_why_and_apply_puts_it_right(store: Store) -> None:
    assert "come out as they are stored" in lines(run("replay"))
    otherwise(store, disclaimer=pl.lit("\x1b[31mx"))
    told = run("replay")
    assert told.exit_code == 0 and "2 changed" in told.stdout and "\x1b" not in told.stdout
    assert "disclaimer 2" in told.stdout and "read by adaudit 0.0" in lines(told)
    assert run("verify", "--all").exit_code == 4
    assert "0.0" in lines(run("replay", "--lang", "nl"))
    applied = json.loads(run("replay", "--apply", "--json").stdout)
    assert applied["applied"] is True and applied["totals"] == {"same": 2, "changed": 2, "gone": 0, "new": 0}
    assert run("verify", "--all").exit_code == 0
    assert json.loads(run("replay", "--json").stdout)["totals"] == {"same": 4, "changed": 0, "gone": 0, "new": 0}


def test_replay_compares_the_findings(store: Store, tmp_path: Path) -> None:
    otherwise(store, disclaimer=pl.lit(None, dtype=pl.String))
    done = run("replay", "--findings", "--out", str(tmp_path / "differences"))
    assert done.exit_code == 0 and "Findings, A of the stored" in done.stdout
    assert (tmp_path / "differences" / "findings.csv").exists()
    assert "findings" in json.loads(run("replay", "--findings", "--json").stdout)


def test_a_broken_chain_stops_what_writes_with_4(store: Store, tmp_path: Path) -> None:
    whole = store.manifest.path.read_bytes()
    store.manifest.path.write_bytes(whole.replace(b'"source":"meta"', b'"source":"mete"', 1))
    (tmp_path / "page.json").write_bytes(page("1004"))
    done = run("import", "meta", str(tmp_path / "page.json"))
    assert done.exit_code == 4 and "chain is broken" in done.stderr
    assert run("verify").exit_code == 4 and run("replay").exit_code == 4
