"""JSON bytes become columns; where they are broken, the place is named."""

import json
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaudit.connectors.document import decode_cells, outline, read_records
from adaudit.connectors.nesting import DEEPEST
from adaudit.errors import UnreadableInput

from .pages import document

SHAPE = pl.Struct({"id": pl.String, "words": pl.List(pl.String), "span": pl.Struct({"low": pl.String})})
TEXT = st.text(st.characters(codec="utf-8"), max_size=10)
RECORD = st.fixed_dictionaries(
    {"id": TEXT},
    optional={
        "words": st.lists(TEXT, max_size=3),
        "span": st.fixed_dictionaries({}, optional={"low": TEXT}),
        "other": st.integers(),
    },
)


def read(value: object) -> list[dict[str, Any]]:
    found = read_records(outline(document(value)), (), SHAPE)
    assert found.rejected == ()
    return found.frame.to_dicts()


@given(st.lists(RECORD, min_size=1, max_size=5))
def test_texts_come_back_as_written(records: list[dict[str, Any]]) -> None:
    for number, (one, found) in enumerate(zip(records, read(records), strict=True)):
        assert found["id"] == one["id"]
        assert found["words"] == one.get("words")
        assert (found["span"] or {}).get("low") == one.get("span", {}).get("low")
        assert found["place"] == f"/{number}"


@given(st.lists(RECORD, min_size=1, max_size=4), st.integers(0, 4), st.sampled_from([5, "x", [], {"words": {"a": 1}}]))
def test_a_record_of_another_shape_leaves_the_others_as_they_are(
    records: list[dict[str, Any]], index: int, odd: object
) -> None:
    index = min(index, len(records))
    mixed = read_records(outline(document([*records[:index], odd, *records[index:]])), (), SHAPE)
    assert mixed.frame.drop("place").to_dicts() == [
        {key: value for key, value in one.items() if key != "place"} for one in read(records)
    ]
    (rejected,) = mixed.rejected
    assert rejected.place == f"/{index}"
    assert json.loads(rejected.raw) == odd


@given(st.integers(-(2**63), 2**64 - 1))
def test_whole_numbers_keep_their_digits(number: int) -> None:
    assert read([{"id": number}])[0]["id"] == str(number)


@pytest.mark.parametrize(
    ("data", "place", "found"),
    [
        (b'{"data": [{"id": "1"}, {"id"', "line 1, column 29", "ends in the middle"),
        (b'{"data": [{"id": "1"},\n {"id": "brok', "line 2, column 9", "ends in the middle"),
        (b'{"id": "1"}\n{"id": "2"}\n', "line 2, column 1", "extra data"),
        (b'{"id": 1,\n "id2": , "id3": 3}', "line 2, column 9", "expecting value"),
    ],
)
def test_broken_json_is_named_with_its_place(data: bytes, place: str, found: str) -> None:
    with pytest.raises(UnreadableInput) as caught:
        outline(data)
    assert caught.value.place == place
    assert found in caught.value.found


@pytest.mark.parametrize("depth", [DEEPEST + 1, 2_000, 100_000])
def test_endless_nesting_is_refused(depth: int) -> None:
    for data in (b"[" * depth + b"]" * depth, b'{"a":' * depth + b"1" + b"}" * depth, b"[" * depth):
        with pytest.raises(UnreadableInput, match="nested deeper"):
            outline(data)


def test_brackets_inside_texts_are_no_nesting() -> None:
    assert read([{"id": "[{" * 500 + '"\\'}])[0]["id"] == "[{" * 500 + '"\\'


@pytest.mark.parametrize("data", [b"5 ", b'"text"', b"true"])
def test_a_single_value_is_no_document(data: bytes) -> None:
    with pytest.raises(UnreadableInput, match="object or array"):
        outline(data)


def test_fields_carried_are_named_with_their_path() -> None:
    found = read_records(outline(document([{"id": "1"}, {"span": {"low": None, "top": 1}}])), (), SHAPE)
    assert found.carried == {"id", "span", "span.low", "span.top"}


def test_text_stands_at_its_pointer_or_above_it() -> None:
    found = outline(document({"data": [{"id": "é"}, 5]}))
    assert found.text_at(["/data/0/id", "/data/1", "/data/0/absent", "/"]) == [
        '"é"',
        "5",
        '{"id": "é"}',
        '{"data": [{"id": "é"}, 5]}',
    ]


def test_cells_that_do_not_fit_are_told_one_by_one() -> None:
    shape = pl.Struct({"n": pl.String})
    values, bad = decode_cells(pl.Series(['{"n": "1"}', '{"n": ', None, '{"n": 2}', "[]"]), shape)
    assert bad.to_list() == [False, True, False, False, True]
    assert [value and value["n"] for value in values.to_list()] == ["1", None, None, "2", None]


@pytest.mark.parametrize(
    "cells",
    [
        ['["a"],["b"]'],
        ['["a"],["b"]', '["c"]'],
        ['["a"', '"b"]'],
        ['["a"', '"b"]', '["c"],["d"]'],
        ["", '["a"]'],
        ['["a"]},{"number":1,"value":["b"]'],
    ],
)
def test_a_cell_never_becomes_two_values_nor_two_cells_one(cells: list[str]) -> None:
    values, bad = decode_cells(pl.Series(cells), pl.List(pl.String))
    whole = {'["c"]': ["c"], '["a"]': ["a"]}
    assert values.to_list() == [whole.get(cell) for cell in cells]
    assert bad.to_list() == [cell not in whole for cell in cells]
