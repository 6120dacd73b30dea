"""Rates that sources are known to have: kept between runs, and never in the way of the loopback platforms."""

import time
from pathlib import Path

import pytest

from adaudit.connectors import sources
from adaudit.errors import SourceLimited
from adaudit.store.paces import Paces

LIVE = {name: one.live for name, one in sources().items() if one.live is not None}


@pytest.mark.parametrize("name", [name for name, live in LIVE.items() if live.rates])
def test_rates_of_a_source_let_the_first_call_pass_at_once(name: str, tmp_path: Path) -> None:
    rates = [(one.calls, one.seconds) for one in LIVE[name].rates]
    began = time.monotonic()
    Paces(tmp_path / "state.sqlite", name, rates, {}).wait()
    assert time.monotonic() - began < 5


def test_linkedin_has_a_thousand_calls_a_day() -> None:
    assert (1000, 86_400) in {(one.calls, one.seconds) for one in LIVE["linkedin"].rates}


def test_calls_of_a_day_are_remembered_between_runs(tmp_path: Path) -> None:
    """Another run begins where the one before ended."""
    rates = [(20, 86_400)]
    for _ in range(2):
        run = Paces(tmp_path / "state.sqlite", "linkedin", rates, {})
        for _ in range(10):
            run.wait()
    with pytest.raises(SourceLimited, match="20 calls in 86,400 seconds") as refused:
        Paces(tmp_path / "state.sqlite", "linkedin", rates, {}).wait()
    assert refused.value.wait is not None
    assert 86_000 < refused.value.wait <= 86_400
