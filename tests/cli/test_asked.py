"""What a person can ask of a command."""

import pytest

from adaudit.charts import CHARTS
from adaudit.cli.asked import Charts


@pytest.mark.parametrize("given", ["all", f"all,{CHARTS[0]}", f"{CHARTS[-1]},all"])
def test_each_chart_is_chosen_once_in_the_order_of_the_charts(given: str) -> None:
    assert Charts().convert(given, None, None) == tuple(CHARTS)


def test_charts_that_are_named_come_in_their_order() -> None:
    assert Charts().convert(f"{CHARTS[2]},{CHARTS[0]}", None, None) == (CHARTS[0], CHARTS[2])
