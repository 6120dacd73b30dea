"""A pull that is killed at random instants and gone on with is the pull that never was (more of it: `kills.py`)."""

import random
from pathlib import Path

import pytest

from tests.collection.kills import killed, whole
from tests.collection.pulls import SCOPES, Client, shown
from tests.platforms.server import Platforms

PULLS = 3
ADS = {"microsoft": 100}
"""Fewer ads where each takes a call of its own."""


@pytest.mark.parametrize("source", sorted(SCOPES))
def test_kills_lose_nothing_and_double_nothing(source: str, tmp_path: Path) -> None:
    with Platforms(ads=ADS.get(source, 1200)) as server:
        client = Client(server, source, tmp_path / "whole")
        seconds = whole(client)
        expected = shown(client.store)
        draw = random.Random(7)
        for number in range(PULLS):
            done = killed(Client(server, source, tmp_path / f"killed-{number}"), seconds, draw, expected)
            assert done.same and done.pages_twice <= 0
