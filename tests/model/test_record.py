"""The record: its columns, its masks, and how frames are brought to its form."""

import polars as pl
import pytest

from adaudit.model.record import CLOCKS, CONTENT, MONEY, PARSED_COLUMNS, SCHEMA, TEXT_COLUMNS, bits, conform


def test_conform_gives_every_column_in_order() -> None:
    frame = conform(pl.DataFrame({"record_id": ["1"], "amount_ad_low": [5], "other": ["gone"]}))
    assert dict(frame.schema) == SCHEMA
    assert frame["amount_ad_low"].dtype == MONEY
    assert frame["sponsor_name"].to_list() == [None]


def test_conform_of_nothing_is_an_empty_frame_of_the_record() -> None:
    frame = conform(pl.DataFrame())
    assert dict(frame.schema) == SCHEMA


def test_conform_refuses_what_is_no_value_of_the_column() -> None:
    with pytest.raises(pl.exceptions.PolarsError):
        conform(pl.DataFrame({"revision": ["first"]}))


def test_masks_have_a_bit_for_each_column() -> None:
    assert len(PARSED_COLUMNS) <= 64
    assert len(TEXT_COLUMNS) <= 64
    assert len(set(PARSED_COLUMNS)) == len(PARSED_COLUMNS)
    assert set(PARSED_COLUMNS) <= {*CLOCKS, *CONTENT}


def test_bits_are_those_of_the_columns_named() -> None:
    numbered = ("a", "b", "c")
    assert bits(["a"], numbered) == 0b001
    assert bits(["c", "a", "z"], numbered) == 0b101
    assert bits([], numbered) == 0


@pytest.mark.parametrize(
    "name", [name for name, dtype in SCHEMA.items() if name.startswith("amount_") and dtype == MONEY]
)
def test_amounts_have_two_ends(name: str) -> None:
    stem = name.removesuffix("_low").removesuffix("_high")
    assert {f"{stem}_low", f"{stem}_high"} <= set(SCHEMA)
