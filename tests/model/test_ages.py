"""The ages that were reached, as brackets and as the ends of the youngest one."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaudit.model.ages import reached
from adaudit.model.record import conform

Share = tuple[str | None, float | None]


def _read(shares: list[Share] | None, held: list[str] | None = None) -> tuple[list[str] | None, int | None, int | None]:
    told = None if shares is None else [{"group": group, "share": share} for group, share in shares]
    frame = reached(conform(pl.DataFrame([{"audience_breakdown": told, "ages_reached": held}])))
    one = frame.row(0, named=True)
    return one["ages_reached"], one["reached_age_min"], one["reached_age_max"]


@pytest.mark.parametrize(
    ("shares", "found"),
    [
        (None, (None, None, None)),
        ([], (None, None, None)),
        ([("Utrecht", 0.5), ("2e Exloërmond", 0.5)], (None, None, None)),
        ([("25-34 male", 0.5), ("13-17 female", 0.001)], (["13-17", "25-34"], 13, 17)),
        ([("25-34 male", 0.5), ("25-34 female", 0.5)], (["25-34"], 25, 34)),
        ([("13-17 female", 0.0), ("13-17 male", None), ("18-24 male", 1.0)], (["18-24"], 18, 24)),
        ([("65+ unknown", 1.0)], (["65+"], 65, None)),
        ([("Unknown male", 1.0), (None, 1.0)], (None, None, None)),
    ],
)
def test_only_ages_of_which_a_share_was_reached_are_told(
    shares: list[Share] | None, found: tuple[list[str] | None, int | None, int | None]
) -> None:
    assert _read(shares) == found


def test_what_a_connector_tells_and_the_shares_are_one() -> None:
    assert _read([("18-24 male", 1.0)], ["13-17", "Unknown"]) == (["13-17", "18-24"], 13, 17)
    assert _read(None, ["65+", "55-64"]) == (["55-64", "65+"], 55, 64)


@given(st.lists(st.tuples(st.integers(13, 70), st.integers(0, 9)), min_size=1, max_size=6))
def test_the_ends_are_those_of_the_youngest_bracket(brackets: list[tuple[int, int]]) -> None:
    _, low, high = _read(None, [f"{age}-{age + more}" for age, more in brackets])
    assert (low, high) == min((age, age + more) for age, more in brackets)
