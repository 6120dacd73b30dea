"""`adaudit changes` and `adaudit history` as a person and as a program use them."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adaudit.changes.written import WRITTEN
from adaudit.cli import cli
from tests.changes.conftest import yearly

HOSTILE = '=HYPERLINK("https://example.org/x";"Lijst Wad")\u202e'


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a store of two listings of one year."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ADAUDIT_STORE", str(tmp_path / "store"))
    first = yearly({"a": {}, "b": {}, "c": {}})
    second = yearly({"a": {"payingadvertisername": HOSTILE, "spend": "240"}, "b": {}, "d": {}})
    for text, day in ((first, "2026-03-01"), (second, "2026-03-02")):
        (tmp_path / "PoliticalAds.csv").write_text(text, "utf-8")
        assert run("import", "snapchat", "PoliticalAds.csv", "--observed-at", day).exit_code == 0
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


@pytest.mark.usefixtures("place")
def test_what_changed_in_words() -> None:
    done = run("changes")
    assert done.exit_code == 0, done.output
    assert "1 new, 1 edited, 1 removed, 0 reappeared." in done.stdout
    assert "removed: 1 of 3 (33 %) of the earlier listing are not in the later one" in done.stdout
    assert "edited: 1 of 2 (50 %) in both listings" in done.stdout
    assert "still listed: day 1 2 of 3 (67 %)" in done.stdout.replace("\n", " ")
    assert "disclosures edited (records): amount 1, payer 1, sponsor 1" in done.stdout
    assert "vlop_repository_7y" in done.stdout
    assert "\u202e" not in done.stdout
    dutch = run("changes", "snapchat", "--lang", "nl").stdout
    assert "1 nieuw, 1 gewijzigd, 1 verdwenen, 0 teruggekeerd." in dutch
    assert "verdwenen: 1 van 3 (33%)" in dutch


@pytest.mark.usefixtures("place")
def test_what_changed_as_json() -> None:
    done = run("changes", "--json")
    found = json.loads(done.stdout)
    assert found["totals"] == {"new": 1, "edited": 1, "removed": 1, "reappeared": 0}
    [chain] = found["sources"]
    assert (chain["source"], chain["scope"], chain["basis"]) == ("snapchat", "2026", "published")
    [step] = chain["steps"]
    assert step["rates"]["removed"] == {"part": 1, "of": 3}
    assert step["from"]["observed_at"] == "2026-03-01T00:00:00+00:00"
    assert step["from"]["complete"] and step["why_not_claimed"] == []


def test_every_row_in_files_that_a_spreadsheet_does_not_run(place: Path) -> None:
    for _ in range(2):
        done = run("changes", "--out", "changed", "--from", "2026-03-01", "--to", "2026-03-02")
        assert done.exit_code == 0, done.output
    assert sorted(path.name for path in (place / "changed").iterdir()) == sorted(WRITTEN)
    rows = {
        name: list(csv.DictReader((place / "changed" / name).read_text("utf-8-sig").splitlines()))
        for name in WRITTEN
        if name.endswith(".csv")
    }
    assert {row["record_id"]: row["change"] for row in rows["records.csv"]} == {"d": "new", "c": "removed"}
    assert rows["records.csv"][0]["listed_after"] == "2026-03-02T00:00:00Z"
    sponsor = next(row for row in rows["disclosures.csv"] if row["field"] == "sponsor_name")
    assert sponsor["before"] == "Lijst Duin"
    assert sponsor["after"].startswith("'=HYPERLINK")
    assert len(rows["edits.csv"]) == len(rows["disclosures.csv"]) == 5
    assert [row["verdict"] for row in rows["retention.csv"]] == ["unknown"]
    assert (rows["survival.csv"][0]["there"], rows["survival.csv"][0]["of"]) == ("2", "3")
    counts = json.loads((place / "changed" / "changes.json").read_text("utf-8"))
    assert counts["totals"]["removed"] == 1


def test_wrong_use_says_what_there_is(place: Path) -> None:
    (place / "mine").mkdir()
    (place / "mine" / "thesis.txt").write_text("x")
    for arguments, said in (
        (("changes", "nobody"), "is no source"),
        (("changes", "google"), "holds no listing of google"),
        (("changes", "--from", "yesterday"), "neither a day such as 2026-11-24 nor the id of one pull"),
        (("changes", "--out", "mine"), "holds thesis.txt"),
        (("changes", "--store", "nowhere"), "there is no store"),
        (("history", "--pull", "2"), "2 pulls or imports have an id that begins with '2'"),
    ):
        done = run(*arguments)
        assert (done.exit_code, said in done.stderr) == (2, True), done.stderr
    assert (place / "mine" / "thesis.txt").exists()
    assert not (place / "nowhere").exists()


@pytest.mark.usefixtures("place")
def test_a_pull_can_be_named_by_how_its_id_begins() -> None:
    ids = [one["id"] for one in json.loads(run("history", "--json").stdout)["pulls"]]
    done = run("changes", "--from", ids[0][:-3], "--to", ids[1], "--json")
    assert json.loads(done.stdout)["totals"]["new"] == 1
    reversed_ends = run("changes", "--from", ids[1], "--to", ids[0], "--json")
    assert (reversed_ends.exit_code, "no listing lies" in reversed_ends.stderr) == (2, True)


@pytest.mark.usefixtures("place")
def test_history_shows_every_pull_with_its_figures() -> None:
    done = run("history")
    assert done.exit_code == 0, done.output
    assert done.stdout.count("snapchat") == 2
    assert "2026-03-01 00:00" in done.stdout and "complete" in done.stdout
    assert "volledig" in run("history", "--lang", "nl").stdout
    found = json.loads(run("history", "snapchat", "--json").stdout)["pulls"]
    assert [(one["records"], one["new"], one["outcome"]) for one in found] == [(3, 3, "complete"), (3, 2, "complete")]
    one = run("history", "--pull", found[0]["id"])
    assert f"Kept as {found[0]['id']}" in one.stdout
    assert json.loads(run("history", "meta", "--json").stdout) == {"pulls": []}
    assert "Nothing was pulled" in run("history", "meta").stdout


def test_an_audit_of_the_store_says_what_left_the_library_and_one_of_files_does_not(place: Path) -> None:
    done = run("audit", "--out", "audited", "--no-charts", "--no-report")
    assert done.exit_code == 0, done.output
    rows = json.loads((place / "audited" / "summary.json").read_text("utf-8"))["repository"]
    [row] = [one for one in rows if one["rule"] == "repository_keeps"]
    assert (row["requirement"], row["verdict"]) == ("vlop_repository_7y", "unknown")
    assert [one["pull"] for one in row["seen"]] == [row["from_pull"], row["to_pull"]]
    assert (row["records"], row["of"]) == (1, 3)
    said = "of the 3 records listed on 1 March 2026, 1 no longer listed on 2 March 2026: the European repository"
    assert said in row["words"]["en"]
    assert (
        "van de 3 records in de lijst van 1 maart 2026 stonden er 1 niet meer in die van 2 maart 2026"
        in row["words"]["nl"]
    )
    assert "repository_keeps" in done.stdout
    early = run("audit", "--known-on", "2026-03-01", "--out", "early", "--no-charts", "--no-report", "--json")
    assert kept(early.stdout) == [("not_compared", "pull", 1)]
    files = run("audit", "PoliticalAds.csv", "--out", "files", "--no-charts", "--no-report", "--json")
    assert kept(files.stdout) == [("not_compared", "file", 1)]
    with_file = run("audit", "--out", "audited", "--no-charts", "--no-report")
    assert "no two listings" not in with_file.stdout, "what is usual is for files and the report"


def kept(printed: str) -> list[tuple[str, str, int]]:
    """Reason, unit and count of each row of the rule in a summary."""
    rows = json.loads(printed)["repository"]
    return [(one["reason"], one["unit"], one["count"]) for one in rows if one["rule"] == "repository_keeps"]
