"""Records are sorted out range by range: what is written is what one range of all of them would give."""

import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from adaudit.model import ranges
from adaudit.model.record import CONTENT, SCHEMA
from adaudit.store import Observations
from adaudit.store.observations import LISTED, SHOWN, VERSION, marked

ROW = st.tuples(
    st.sampled_from(["meta", "google"]),
    st.sampled_from(["ad", "advertiser"]),
    st.sampled_from(["1", "10", "2", "a|b", "é", "ads/7"]),
    st.sampled_from(["c1", "c2"]),
    st.sampled_from(["one", "two"]),
)


def frame(rows: list[tuple[str, ...]]) -> pl.DataFrame:
    """Records as they are marked, of which nothing but the version and the answer that showed it matters."""
    names = ("source", "kind", "record_id", "content", "evidence_sha256")
    found = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    return found.with_columns(
        pl.lit("form").alias("form"),
        pl.lit(None, pl.Datetime("us", "UTC")).alias("observed_at"),
        pl.lit(None, pl.Datetime("us", "UTC")).alias("updated_at"),
        pl.lit(None, pl.Int32).alias("revision"),
        pl.int_range(pl.len(), dtype=pl.UInt64).alias("position"),
    )


@settings(deadline=None, max_examples=40)
@given(st.lists(ROW, max_size=40), st.lists(ROW, max_size=40), st.integers(1, 5))
def test_listing_and_new_versions_do_not_depend_on_the_ranges(
    earlier: list[tuple[str, ...]], rows: list[tuple[str, ...]], most: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranges, "AT_ONCE", most)
        patch.setattr(ranges, "BATCH", most)
        patch.setattr(ranges, "DRAWN", 1)
        store = Observations(Path(folder))
        store.write("1", frame(earlier).lazy(), {})
        counts = store.write("2", frame(rows).lazy(), {})
        listing, records = store.listing("2").collect(), pl.read_parquet(store.records(["2"]))
        assert not list(Path(folder).rglob("ranges"))
    found = frame(rows)
    first = found.unique(VERSION, keep="first", maintain_order=True)
    expected = first.join(frame(earlier), on=VERSION, how="anti").sort("position")
    assert_frame_equal(records, expected.select(records.columns))
    shown = found.group_by(SHOWN).agg(pl.min("position"), pl.max("revision", "updated_at"))
    assert_frame_equal(listing, shown.select(LISTED).sort(*VERSION, "position"))
    assert counts == (first.height, expected.height)


def test_columns_that_are_null_and_the_order_of_columns_take_no_part_in_the_content() -> None:
    rows = pl.DataFrame({"sponsor_name": ["Partij", None], "texts": [["a"], None]}, schema_overrides=SCHEMA)
    whole = rows.with_columns(pl.lit(None, dtype).alias(name) for name, dtype in SCHEMA.items() if name not in rows)
    alone = [marked(whole[number : number + 1])["content"].item() for number in range(2)]
    assert marked(whole)["content"].to_list() == alone
    assert marked(whole.select(reversed(whole.columns)))["content"].to_list() == alone
    assert alone[0] != alone[1] and len(alone[0]) == 32
    assert marked(whole.clear())["content"].to_list() == [] and "sponsor_name" in CONTENT


def test_the_content_of_a_record_is_what_it_always_was() -> None:
    """Stores hold these hashes: another one would make every record of every store a new version."""
    rows = pl.DataFrame(
        {"sponsor_name": ["Partij"], "texts": [["a", None]], "removed": [True], "amount_ad_low": ["1.50"]},
        schema={
            "sponsor_name": pl.String,
            "texts": pl.List(pl.String),
            "removed": pl.Boolean,
            "amount_ad_low": pl.String,
        },
    ).with_columns(pl.col("amount_ad_low").cast(SCHEMA["amount_ad_low"]))
    whole = rows.with_columns(pl.lit(None, dtype).alias(name) for name, dtype in SCHEMA.items() if name not in rows)
    assert marked(whole)["content"].to_list() == ["80d3091f65a8e502de3fb9393f6ea079"]
