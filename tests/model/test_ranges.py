"""Records are put in the order of their keys range by range: no range shows, and nothing is held or left behind."""

import random
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adaudit.audit.assemble import assemble, write_records
from adaudit.audit.options import Options
from adaudit.model import ranges
from adaudit.model.ranges import ORDER, in_order
from adaudit.model.record import KEY, conform
from tests.audit.fictional import Batch, Row, installed, take

BESIDE = {"said": pl.String(), "beside": pl.List(pl.String())}
MANY = 60_000
SCHEMA: dict[str, pl.DataType] = {**dict.fromkeys(KEY, pl.String()), "position": pl.UInt64(), **BESIDE}


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ranges of a few records, every key drawn."""
    monkeypatch.setattr(ranges, "AT_ONCE", 5)
    monkeypatch.setattr(ranges, "BATCH", 3)
    monkeypatch.setattr(ranges, "DRAWN", 1)


def frames(*parts: list[Row]) -> list[pl.LazyFrame]:
    position = iter(range(sum(map(len, parts))))
    return [pl.LazyFrame([{**row, "position": next(position)} for row in part], schema=SCHEMA) for part in parts]


TEXT = st.sampled_from(["", "a", "a\x01", "ab", "b", "Z", "é", "日", "\U0001f600", "a b", "10", "9"])
ROW = st.fixed_dictionaries(
    {
        "source": st.sampled_from(["google", "meta"]),
        "kind": st.sampled_from(["ad", "advertiser"]),
        "record_id": TEXT,
        "said": st.sampled_from([None, "x", "y"]),
        "beside": st.sampled_from([None, [], ["x"], [None]]),
    }
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(ROW, max_size=25), min_size=1, max_size=3))
def test_the_ranges_one_after_the_other_are_the_records_sorted(
    tmp_path_factory: pytest.TempPathFactory, parts: list[list[Row]]
) -> None:
    folder = tmp_path_factory.mktemp("ranges")
    given = frames(*parts)
    found = list(in_order(given, folder))
    empty = pl.DataFrame(schema=SCHEMA)
    whole = pl.concat([empty, *found], how="diagonal")
    assert whole.select(empty.columns).equals(pl.concat(given).sort(ORDER).collect())
    keys = [set(frame.select(KEY).iter_rows()) for frame in found]
    assert sum(map(len, keys)) == len(set().union(*keys)), "a key stands in one range"
    assert list(folder.iterdir()) == []


def test_many_records_pass_through_several_ranges_and_files_that_are_gone_when_they_are_read(tmp_path: Path) -> None:
    rows: list[Row] = [{"source": "meta", "kind": "ad", "record_id": f"{number:03}"} for number in range(60)]
    random.Random(3).shuffle(rows)
    left: list[int] = []
    sizes: list[int] = []
    for frame in in_order(frames(rows[:25], rows[25:]), tmp_path):
        sizes.append(frame.height)
        left.append(len(list(tmp_path.iterdir())))
        assert "said" not in frame.columns, "what no record fills takes no memory"
    assert len(sizes) > 5
    assert max(sizes) < 30
    assert left == sorted(left, reverse=True)
    assert left[0] > left[-1]


def test_a_key_of_more_versions_than_a_range_has_records_stays_in_one(tmp_path: Path) -> None:
    same: Row = {"source": "meta", "kind": "ad", "record_id": "5"}
    others: list[Row] = [{**same, "record_id": str(number)} for number in range(10)]
    found = list(in_order(frames([same] * 20 + others), tmp_path))
    assert len(found) > 1
    assert sorted(frame.filter(pl.col("record_id") == "5").height for frame in found)[-2:] == [0, 21]


def rows_of(number: int) -> list[Row]:
    """Fictional ads: some in several versions, some repeated, some outside the filter, texts of many lengths."""
    drawn = random.Random(7)
    return [
        {
            "record_id": f"{drawn.randrange(number):04}",
            "revision": drawn.choice([None, 1, 2, 3]),
            "sponsor_name": drawn.choice([None, "Lijst Duin", "Partij van Morgen"]),
            "texts": ["wad " * drawn.choice([1, 900])] * drawn.randrange(2),
            "countries": drawn.choice([["NL"], ["BE"], ["NL", "BE"]]),
        }
        for _ in range(number)
    ]


@pytest.mark.parametrize("at_once", [7, 50, 1_000])
def test_where_ranges_begin_leaves_no_trace_in_what_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    batches = [Batch("ads", rows_of(300)), Batch("notices", rows_of(100)), Batch("ads", rows_of(50))]
    options = Options(country="BE", assume_country="NL")
    done = {}
    for place, size in {"whole": 10_000, "ranges": at_once}.items():
        monkeypatch.setattr(ranges, "AT_ONCE", size)
        (tmp_path / place).mkdir()
        with installed():
            done[place] = assemble(take(tmp_path / place, *batches), tmp_path / place, options)
    whole, apart = done["whole"], done["ranges"]
    assert whole.superseded > 10
    assert whole.repeated > 5
    assert whole.left_out["--country BE"] > 10
    for name in ("records.parquet", "superseded.parquet"):
        assert (tmp_path / "whole" / name).read_bytes() == (tmp_path / "ranges" / name).read_bytes()
    for name in ("total", "groups", "superseded", "repeated", "left_out"):
        assert getattr(whole, name) == getattr(apart, name), name
    records = pl.read_parquet(apart.records)
    assert records.equals(records.sort(KEY))


def test_the_same_records_are_the_same_bytes_however_they_lie_in_memory(tmp_path: Path) -> None:
    """Lists of several row groups, of which polars makes pages by what they take in memory."""
    texts = [[f"wad {number} " * 8] * (number % 3) for number in range(MANY)]
    whole = conform(pl.DataFrame({"record_id": [f"{number:06}" for number in range(MANY)], "texts": texts}))
    shuffled = whole.sample(fraction=1, shuffle=True, seed=1).sort("record_id")
    pieces = pl.concat([whole.slice(first, 777) for first in range(0, MANY, 777)], rechunk=False)
    written = set()
    for number, frame in enumerate((whole, shuffled, pieces)):
        assert frame.equals(whole)
        write_records(frame.lazy(), tmp_path / f"{number}.parquet")
        written.add((tmp_path / f"{number}.parquet").read_bytes())
    assert len(written) == 1
