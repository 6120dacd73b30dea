"""What a person can ask of a command."""

from pathlib import Path

import pytest

from adaudit.charts import CHARTS
from adaudit.cli.asked import Charts, opened_store
from adaudit.errors import UsageError


@pytest.mark.parametrize("given", ["all", f"all,{CHARTS[0]}", f"{CHARTS[-1]},all"])
def test_each_chart_is_chosen_once_in_the_order_of_the_charts(given: str) -> None:
    assert Charts().convert(given, None, None) == tuple(CHARTS)


def test_charts_that_are_named_come_in_their_order() -> None:
    assert Charts().convert(f"{CHARTS[2]},{CHARTS[0]}", None, None) == (CHARTS[0], CHARTS[2])


def test_where_there_is_no_store_the_one_of_the_configuration_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=r"name another with --store \(adaudit pull makes one\)"):
        opened_store(tmp_path / "none")
    (tmp_path / "adaudit.toml").write_text("", "utf-8")
    with pytest.raises(UsageError, match=r"or name another with --store, such as the one that adaudit\.toml names"):
        opened_store(tmp_path / "none", "name files to audit, or ")
