"""The lexicon measured on labelled segments that were written without it, in seven languages.

Each set was written before the lexicon that met it first: `first` before its author had read the lexicon, `second`
while it was mended for what `first` had shown, `third` afterwards. On first meeting them the lexicon found, of all
categories it named and of all that were labelled:

    first     precision 76 of 79    recall 76 of 98    (then mended for it)
    second    precision 73 of 73    recall 73 of 73    (written and mended by the same hand: flatters)
    third     precision 39 of 39    recall 39 of 57    (not mended for it: what to expect of words not met before)

What is not found counts as no indication, never as compliance; so precision comes first.
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import polars as pl
import pytest

from adaudit.model.segments import SEGMENTS, SPECIAL, segment_bits, touched

FLOORS: Final[Mapping[str, tuple[float, float]]] = {
    "first": (0.98, 0.95),
    "second": (0.98, 0.95),
    "third": (0.95, 0.65),
}
"""Precision and recall that each set may not fall under."""
LANGUAGES: Final = {"en", "nl", "de", "fr", "es", "it", "pl"}


@cache
def _labelled() -> list[dict[str, str]]:
    with Path(__file__).with_name("segments_labelled.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _told(rows: list[dict[str, str]]) -> list[set[str]]:
    bits = pl.DataFrame({"text": [row["segment"] for row in rows]}).select(touched(pl.col("text"))).to_series()
    return [{name for name in SEGMENTS if one & segment_bits(name)} for one in bits]


@pytest.mark.parametrize("name", FLOORS)
def test_precision_and_recall_of_segments_written_without_the_lexicon_stay_above_their_floors(name: str) -> None:
    rows = [row for row in _labelled() if row["set"] == name]
    told = _told(rows)
    right = sum(row["category"] in one for row, one in zip(rows, told, strict=True))
    found, wanted = sum(len(one) for one in told), sum(bool(row["category"]) for row in rows)
    least_precise, least_found = FLOORS[name]
    assert right / found >= least_precise, f"precision {right} of {found}"
    assert right / wanted >= least_found, f"recall {right} of {wanted}"


def test_the_third_set_still_holds_segments_that_are_missed() -> None:
    """A set on which nothing is missed no longer measures what to expect of other words."""
    rows = [row for row in _labelled() if row["set"] == "third" and row["category"]]
    assert any(row["category"] not in one for row, one in zip(rows, _told(rows), strict=True))


def test_every_set_has_positives_and_look_alikes_in_every_language_and_no_segment_twice() -> None:
    rows = _labelled()
    assert len({row["segment"] + row["language"] for row in rows}) == len(rows)
    assert {row["category"] for row in rows} <= {*SPECIAL, ""}
    for name in FLOORS:
        for positive in (True, False):
            assert {r["language"] for r in rows if r["set"] == name and bool(r["category"]) == positive} == LANGUAGES


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_look_alikes_touch_nothing_in_any_language(language: str) -> None:
    rows = [row for row in _labelled() if row["language"] == language and not row["category"]]
    assert {row["segment"]: one for row, one in zip(rows, _told(rows), strict=True) if one} == {}
