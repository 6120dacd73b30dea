"""How often a source may be asked is remembered between runs, each limit by itself."""

import sqlite3
import time
from pathlib import Path

import pytest

from adaudit.errors import SourceLimited
from adaudit.store.paces import LONGEST, Paces


def paces(path: Path) -> Paces:
    return Paces(path / "state.sqlite", "tiktok", [(2, 1)], {"detail": (3, 86400), "other": (1, 86400)})


def test_a_limit_that_is_used_up_stays_so_in_another_run(tmp_path: Path) -> None:
    for _ in range(3):
        paces(tmp_path).take("detail")
    with pytest.raises(SourceLimited, match=r"tiktok may be asked 3 calls in 86,400 seconds") as told:
        paces(tmp_path).take("detail")
    assert told.value.wait is not None
    assert LONGEST < told.value.wait <= 86400
    paces(tmp_path).take("other")
    Paces(tmp_path / "state.sqlite", "another", [], {"detail": (1, 86400)}).take("detail")


def test_a_rate_is_waited_for(tmp_path: Path) -> None:
    began = time.monotonic()
    for _ in range(3):
        paces(tmp_path).wait()
    assert 0.5 < time.monotonic() - began < 30


def test_calls_that_count_no_more_are_forgotten(tmp_path: Path) -> None:
    limit = {"detail": (3, 1)}
    for _ in range(3):
        Paces(tmp_path / "state.sqlite", "tiktok", [], limit).take("detail")
    time.sleep(2.5)
    Paces(tmp_path / "state.sqlite", "tiktok", [], limit).take("detail")
    with sqlite3.connect(tmp_path / "state.sqlite") as connection:
        (count,) = connection.execute("SELECT COUNT(*) FROM pace_tiktok_detail").fetchone()
    connection.close()
    assert count == 1
