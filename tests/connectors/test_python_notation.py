"""Python's notation of lists and dicts becomes JSON: every value that `repr` writes comes back whole."""

import json
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaudit.connectors.document import decode_cells
from adaudit.connectors.python_notation import BACKSLASH, as_json

NO_SURROGATES = st.characters(codec="utf-8", exclude_characters=BACKSLASH)
TEXT = st.text(NO_SURROGATES | st.sampled_from("'\"\\nxuU[]{},: "))
VALUE = st.none() | st.booleans() | st.integers(-(10**17), 10**17) | TEXT
NESTED = st.lists(TEXT | st.dictionaries(TEXT, VALUE | st.lists(VALUE)))


def read(cell: str) -> Any:
    return json.loads(as_json(pl.Series([cell]))[0])


@given(NESTED)
def test_what_repr_writes_is_read_back(value: list[Any]) -> None:
    assert read(repr(value)) == value


@given(NESTED)
def test_json_stays_json(value: list[Any]) -> None:
    assert read(json.dumps(value)) == value
    assert read(json.dumps(value, ensure_ascii=False)) == value


@given(st.lists(TEXT, min_size=1))
def test_cells_do_not_touch_one_another(texts: list[str]) -> None:
    cells = pl.Series([repr([text]) for text in texts])
    values, bad = decode_cells(as_json(cells), pl.List(pl.String))
    assert values.to_list() == [[text] for text in texts]
    assert not bad.any()


@pytest.mark.parametrize(
    "cell",
    [
        "[oops",
        "['a' 'b']",
        "['a",
        "[a]",
        "['a'] and more",
        "['a\x01']",
        "[1, 2",
        "[b'x']",
        "__import__('os')",
        "['a', open]",
    ],
)
def test_what_is_in_neither_notation_is_no_json(cell: str) -> None:
    _, bad = decode_cells(as_json(pl.Series([cell, "['fine']"])), pl.List(pl.String))
    assert bad.to_list() == [True, False]


def test_characters_beyond_are_read() -> None:
    flag = "🏴\U000e0067\U000e0062"
    assert "\\U000e0067" in repr(flag)
    assert read(repr([flag, "a\\U000e0067"])) == [flag, "a\\U000e0067"]


def test_an_absent_cell_stays_absent() -> None:
    assert as_json(pl.Series([None, "[]"], dtype=pl.String)).to_list() == [None, "[]"]
