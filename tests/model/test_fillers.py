"""What stands where a value belongs is recognised from data, in any case, and never hidden."""

import polars as pl
import pytest

from adaudit.model.fillers import masks, nobody, placeholder
from adaudit.model.record import TEXT_COLUMNS, bits, conform


def told(test: pl.Expr, text: str) -> bool:
    return bool(pl.DataFrame({"t": [text]}).select(test).item())


@pytest.mark.parametrize("text", ["x", "X", "n.v.t.", "N/A", "0", "0000000000", "NietVanToepassing", "-"])
def test_stand_ins(text: str) -> None:
    assert told(placeholder("t"), text)


@pytest.mark.parametrize("text", ["xx", "Partij X", "10", "100000", "00012", "Geen Gezeik", "0.5", "Nathalie"])
def test_values_that_look_like_stand_ins(text: str) -> None:
    assert not told(placeholder("t"), text)


@pytest.mark.parametrize(
    "text",
    ["These ads ran without a disclaimer", "these ads ran without a disclaimer", "An advertiser in the Netherlands"],
)
def test_wording_that_says_nobody_was_named(text: str) -> None:
    assert told(nobody("t"), text)
    assert not told(placeholder("t"), text)


def test_a_name_is_somebody() -> None:
    assert not told(nobody("t"), "Advertisers in Favour")


def test_masks_point_at_the_columns() -> None:
    rows = {"sponsor_name": ["x", "Brug", None], "payer_name": ["An advertiser in NL", "x", None]}
    frame = masks(conform(pl.DataFrame(rows)))
    sponsor, payer = bits(["sponsor_name"], TEXT_COLUMNS), bits(["payer_name"], TEXT_COLUMNS)
    assert frame["placeholder_mask"].to_list() == [sponsor, payer, 0]
    assert frame["nobody_mask"].to_list() == [payer, 0, 0]
    assert frame["sponsor_name"].to_list() == rows["sponsor_name"]
