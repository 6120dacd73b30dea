"""Decoded JSON in the shape of its records is what a second reading of the text gives, or is not given."""

import json
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaudit.connectors.reshape import columns_of, reshaped

S = pl.String()
SHAPE = pl.Struct(
    {
        "schema": S,
        "texts": pl.List(S),
        "one": pl.Struct({"x": S, "y": S}),
        "many": pl.List(pl.Struct({"k": S, "inner": pl.List(pl.Struct({"m": S}))})),
    }
)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.sampled_from(["", "t", "1.0", "é"]), st.integers(-(2**70), 2**70), st.floats(-9, 9)
)
ANY = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("xykm"), inner, max_size=2)
)
PLAIN = st.one_of(st.none(), st.sampled_from(["t", "9"]), st.integers(-(2**63), 2**63 - 1))
RECORD = st.fixed_dictionaries(
    {},
    optional={
        "schema": PLAIN | SCALARS,
        "texts": st.none() | st.lists(PLAIN, max_size=2) | ANY,
        "one": st.none() | st.dictionaries(st.sampled_from("xyz"), PLAIN, max_size=3) | ANY,
        "many": st.none()
        | st.lists(
            st.none()
            | st.fixed_dictionaries(
                {},
                optional={
                    "k": PLAIN,
                    "inner": st.none()
                    | st.lists(st.dictionaries(st.sampled_from("mn"), PLAIN, max_size=2), max_size=2),
                },
            ),
            max_size=2,
        )
        | ANY,
        "other": ANY,
    },
)


def both(document: str) -> tuple[pl.DataFrame | None, pl.DataFrame | None]:
    """The records reshaped, and those fields read again; None where that is not done, or cannot be."""
    text = pl.Series([document])
    found = text.str.json_decode(infer_schema_length=None).explode(empty_as_null=False, keep_nulls=False)
    try:
        again = text.str.json_decode(pl.List(SHAPE)).explode(empty_as_null=False, keep_nulls=False)
    except pl.exceptions.PolarsError:
        again = None
    made = reshaped(found, SHAPE, text)
    if again is None:
        return made, None
    return made, columns_of(again) if made is None else columns_of(again).select(made.columns)


@given(st.lists(RECORD, min_size=1, max_size=4))
def test_what_is_reshaped_is_what_a_second_reading_gives(records: list[dict[str, Any]]) -> None:
    try:
        found, again = both(json.dumps(records))
    except pl.exceptions.PolarsError:
        return
    if found is not None:
        assert again is not None
        assert found.schema == again.schema
        assert found.rows() == again.rows()


@pytest.mark.parametrize(
    "records",
    [
        [{"schema": "a", "texts": ["b", None], "one": {"x": 1}, "many": [{"k": 9007199254740993}]}],
        [{"schema": True}, {"schema": None, "one": {"x": False}}],
        [{"schema": 9223372036854775807, "one": None}, {"many": []}, {"other": {"a": [1.5]}}],
        [{"texts": []}, {"texts": None}, {"one": {"z": 1}}],
    ],
)
def test_texts_whole_numbers_and_truth_are_not_read_again(records: list[dict[str, Any]]) -> None:
    found, again = both(json.dumps(records))
    assert found is not None
    assert again is not None
    assert found.rows() == again.rows()


@pytest.mark.parametrize(
    "written",
    ["1.0", "1.70585E+15", "18446744073709551616", "[1]", '{"a": 1}'],
)
def test_what_would_lose_its_writing_is_read_again(written: str) -> None:
    assert both(f'[{{"schema": {written}}}]')[0] is None


def test_truth_among_whole_numbers_is_read_again() -> None:
    found, again = both('[{"schema": true}, {"schema": 7}]')
    assert found is None
    assert again is not None
    assert again["schema"].to_list() == ["true", "7"]
