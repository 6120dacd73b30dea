"""`import adaudit; adaudit.audit(...)`: light to import, typed, and the same as the command line."""

import gc
import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import adaudit
from adaudit.errors import UnreadableInput, UsageError
from adaudit.language import LANGUAGES, texts_of
from adaudit.rules import RULES
from adaudit.sample import write_political_actors, write_sample

NAME = "FacebookAdLibraryReport_2025-11-02_NL_last_7_days_advertisers.csv"
HEADER = "Page ID,Page name,Disclaimer,Amount spent (EUR),Number of ads in Library\n"

EXAMPLE = """
import adaudit

audit = adaudit.audit("sample/", political_actors="political-actors.csv")

audit  # in a notebook: a table of sources and the main statements
audit.summary["statements"][0]["en"]  # the main statement, with its denominator and its limit
audit.findings.filter(audit.findings["verdict"] == "missing").head()
audit.table("sponsor")  # counts of verdicts with their denominator
audit.problems  # inputs that could not be read; empty here
"""
"""The example of the README: it runs beside `sample/` and `political-actors.csv`, as `adaudit demo` writes them."""


@pytest.fixture
def given(tmp_path: Path) -> Path:
    path = tmp_path / NAME
    path.write_text(f"{HEADER}1,<b>Duin</b>,<b>Duin</b>,120,3\n2,Bakkerij,,≤100,9\n", encoding="utf-8")
    return path


def test_the_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_sample(tmp_path / "sample", scale=0.1)
    write_political_actors(tmp_path / "political-actors.csv")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(EXAMPLE, names)  # noqa: S102 - the text of the README
    audit = names["audit"]
    assert isinstance(audit, adaudit.Results)
    assert audit.findings.height > 100
    assert audit.problems == []
    assert {path.name for path in tmp_path.iterdir()} == {"sample", "political-actors.csv"}


def test_frames_are_those_of_the_files(given: Path, tmp_path: Path) -> None:
    audit = adaudit.audit(given, out=tmp_path / "out", country="NL")
    assert audit.out == tmp_path / "out"
    assert_frame_equal(audit.findings, pl.read_parquet(tmp_path / "out" / "findings.parquet"))
    assert_frame_equal(audit.records, pl.read_parquet(tmp_path / "out" / "records.parquet"))
    assert json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))["options"] == audit.summary["options"]
    assert audit.summary["options"]["country"] == "NL"


def test_verdicts_are_words_and_agree_with_findings_and_counts(given: Path) -> None:
    audit = adaudit.audit(given)
    assert audit.verdicts.columns == ["source", "form", "kind", "record_id", *sorted(RULES)]
    found = audit.findings.filter(pl.col("rule") == "notice_sponsor_name")
    told = dict(audit.verdicts.select("record_id", "notice_sponsor_name").iter_rows())
    assert found.height > 0
    for row in found.iter_rows(named=True):
        assert told[row["record_id"]] == row["verdict"]
    assert audit.verdicts["notice_repository_link"].null_count() == 2, "does not speak of aggregates"


def test_importing_adaudit_is_light_and_the_name_is_both_package_and_call() -> None:
    code = (
        "import sys, adaudit\n"
        "assert not {'polars', 'click', 'pydantic', 'adaudit.audit'} & set(sys.modules)\n"
        "assert callable(adaudit.audit)\n"
        "assert not {'polars', 'click', 'pydantic'} & set(sys.modules)\n"
        "import adaudit.audit.run\n"
        "assert callable(adaudit.audit) and adaudit.audit.run.audit\n"
        "from adaudit import audit, Results\n"
        "assert callable(audit)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        adaudit.nothing  # type: ignore[attr-defined]  # noqa: B018


def test_exported_names_are_there() -> None:
    assert sorted(adaudit.__all__) == adaudit.__all__
    assert all(hasattr(adaudit, name) for name in adaudit.__all__)


def test_the_notebook_shows_denominators_and_escapes_what_ads_say(given: Path) -> None:
    given.write_text(f"{HEADER}1,<b>x,<script>alert(1)</script>,120,3\n2,b\n", encoding="utf-8")
    audit = adaudit.audit(given, language="nl")
    shown = audit._repr_html_()
    assert "<script>" not in shown
    assert " van " in shown
    assert "Niet gelezen:" in shown, "what was not read stands there too"
    assert "1 records uit 1 bestanden" in repr(audit)


def test_a_temporary_folder_lives_as_long_as_its_results(given: Path) -> None:
    audit = adaudit.audit(given)
    out = audit.out
    assert audit.findings.height > 0
    assert out.is_dir()
    del audit
    gc.collect()
    assert not out.exists()


def test_a_folder_of_the_user_stays(given: Path, tmp_path: Path) -> None:
    adaudit.audit(given, out=str(tmp_path / "out"))
    gc.collect()
    assert (tmp_path / "out" / "summary.json").exists()


def test_days_may_be_texts(given: Path) -> None:
    assert adaudit.audit(given, since="2025-01-01").summary["options"]["since"] == "2025-01-01"
    with pytest.raises(UsageError, match="since is '1 May'; expected a day such as"):
        adaudit.audit(given, since="1 May")


def test_wrong_use_is_an_error_of_adaudit(given: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no file or folder"):
        adaudit.audit()
    with pytest.raises(UsageError, match="no such file"):
        adaudit.audit(tmp_path / "absent")
    with pytest.raises(UsageError, match="unknown option colour"):
        adaudit.audit(given, colour="red")  # type: ignore[call-arg]
    with pytest.raises(UsageError, match="language is one of en, nl"):
        adaudit.audit(given, language="de")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="exclude one another"):
        adaudit.audit(given, political=True, political_actors=given)
    with pytest.raises(UsageError, match="a table is by one of"):
        adaudit.audit(given).table("colour")


def test_nothing_readable_is_an_error_and_something_unreadable_a_problem(given: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{", encoding="utf-8")
    with pytest.raises(UnreadableInput, match=r"broken\.json"):
        adaudit.audit(broken)
    audit = adaudit.audit(given, broken)
    assert audit.records.height == 2
    assert [problem.partition(":")[0] for problem in audit.problems] == ["broken.json"]


def test_the_texts_of_a_notebook_are_complete() -> None:
    for key, wordings in texts_of("adaudit.audit", "results.toml").entries.items():
        assert set(wordings) == set(LANGUAGES), key
