"""Charts from the command line: chosen by name, each with its numbers and its words, in an index."""

import csv
import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from adaudit.charts import CHARTS, Drawn
from adaudit.cli import cli
from adaudit.cli.written import _write_numbers

FEW = ("findings_by_article", "targeting")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(one) for one in arguments])


@pytest.fixture(scope="module")
def audited(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An audit of the fictional sample with all charts."""
    out = tmp_path_factory.mktemp("charts") / "audited"
    found = run("audit", sample, "--out", out, "--json")
    assert found.exit_code == 0, found.output
    return out


def index(out: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads((out / "charts" / "index.json").read_text("utf-8"))
    return found


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_index_names_every_chart_in_order_with_files_that_are_there(audited: Path) -> None:
    told = index(audited)
    assert [one["name"] for one in told] == list(CHARTS)
    for one in told:
        assert set(one) == {"name", "title", "alt", "files", "data", "skipped"}
        assert one["skipped"] is None
        assert isinstance(one["files"], list)
        assert one["title"]
        assert len(str(one["alt"])) > 200
        assert {f"{one['name']}.png", f"{one['name']}.svg"} <= set(one["files"])
        assert all((audited / "charts" / name).stat().st_size > 5_000 for name in one["files"])
        assert rows(audited / "charts" / str(one["data"]))
    written = {path.name for path in (audited / "charts").iterdir()}
    named = {name for one in told for name in one["files"]} | {str(one["data"]) for one in told}  # type: ignore[attr-defined]
    assert written == named | {"index.json"}


def test_the_findings_drawn_are_the_findings_written(audited: Path) -> None:
    drawn = rows(audited / "charts" / "findings_by_article.csv")
    by_record = sum(int(row["findings"]) for row in drawn)
    gaps = sum(int(row["no_field"]) for row in drawn if row["binding"] == "yes")
    findings = pl.read_parquet(audited / "findings.parquet")
    assert by_record == findings.filter(pl.col("verdict") != "not_exposed").height
    assert gaps == findings.filter(pl.col("verdict") == "not_exposed").height
    now = sum(int(row["findings"]) for row in drawn if row["binding"] == "yes")
    assert now == findings.filter((pl.col("verdict") != "not_exposed") & (pl.col("binding") == "yes")).height


def test_shares_in_the_data_hold_their_denominators(audited: Path) -> None:
    for row in rows(audited / "charts" / "sponsor_concentration.csv"):
        low, high = Decimal(row["share_low"]), Decimal(row["share_high"])
        assert 0 <= low <= high <= 1
        if row["total_high"] and row["high"]:
            assert Decimal(row["low"]) / Decimal(row["total_high"]) <= high
    for row in rows(audited / "charts" / "over_time.csv"):
        parts = ("nothing_disclosed_though_a_field", "no_field", "disclosed_in_full_or_part")
        assert sum(int(row[part]) for part in parts) == int(row["records_decided"])
    for row in rows(audited / "charts" / "targeting.csv"):
        assert int(row["records"]) <= int(row["of_records"])


def test_charts_are_chosen_by_name_and_those_of_before_go(sample: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    chosen: tuple[Sequence[str], ...] = (("--charts", ",".join(FEW)), ("--charts", FEW[1], "--charts", FEW[0]))
    for options in chosen:
        assert run("audit", sample / "snapchat", "--out", out, *options).exit_code == 0
        assert [one["name"] for one in index(out)] == list(FEW)
        assert not (out / "charts" / "attribution.png").exists()
    for nothing in (("--no-charts",), ("--charts", "none")):
        assert run("audit", sample / "snapchat", "--out", out, *nothing).exit_code == 0
        assert list((out / "charts").glob("*")) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--charts", "pie"), "'pie' is no chart; there are: all, none, requirements_by_source, attribution"),
        (("--charts", "none,targeting"), "none stands alone"),
        (("--charts", "none", "--charts", "targeting"), "none stands alone"),
        (("--charts", "targeting", "--no-charts"), "exclude one another"),
    ],
)
@pytest.mark.parametrize("command", ["audit", "demo"])
def test_a_wrong_choice_says_what_there_is(command: str, options: Sequence[str], words: str, tmp_path: Path) -> None:
    paths = (tmp_path,) if command == "audit" else ()
    found = run(command, *paths, "--out", tmp_path / "out", *options)
    assert found.exit_code == 2
    assert words in " ".join(found.output.replace("│", " ").split())
    assert not (tmp_path / "out").exists()


def test_a_chart_with_nothing_to_show_says_why_on_screen_and_in_the_index(sample: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    found = run("audit", sample / "x", "--out", out, "--charts", "sponsor_concentration,over_time")
    told = index(out)
    for one in told:
        assert one["files"] == []
        assert one["data"] is None
        assert one["skipped"]
        assert f"chart {one['name']} was not drawn: {one['skipped']}" in found.output


def test_names_in_the_numbers_are_no_formulas_and_amounts_stay_numbers(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    hostile = {"name": "=HYPERLINK(1)", "low": Decimal("-1.50"), "high": None, "records": 3}
    _write_numbers([hostile, {"name": "plain", "low": Decimal(2), "high": Decimal("3.0000"), "records": 1}], path)
    assert rows(path) == [
        {"name": "'=HYPERLINK(1)", "low": "-1.5", "high": "", "records": "3"},
        {"name": "plain", "low": "2", "high": "3", "records": "1"},
    ]


def test_what_became_of_a_chart_is_told_in_one_shape() -> None:
    assert Drawn("a", "A", (), "why").rows == ()
