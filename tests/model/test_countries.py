"""Countries by name and code."""

import polars as pl
import pytest

from adaudit.model.countries import code_by_name, code_of, codes, name_of

MEMBER_STATES = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"


def test_every_member_state_is_known_by_its_code() -> None:
    assert set(MEMBER_STATES.split()) <= codes()


def test_codes_have_two_capitals() -> None:
    assert all(len(code) == 2 and code.isascii() and code.isupper() for code in codes())
    assert set(code_by_name().values()) <= codes()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Netherlands", "NL"),
        (" germany ", "DE"),
        ("UNITED KINGDOM", "GB"),
        ("Atlantis", None),
        ("", None),
        (None, None),
    ],
)
def test_code_of_a_name(name: str | None, code: str | None) -> None:
    assert pl.DataFrame({"n": [name]}, schema={"n": pl.String}).select(code_of(pl.col("n"))).item() == code


@pytest.mark.parametrize("code", sorted(codes()))
def test_name_leads_back_to_its_code(code: str) -> None:
    assert code_by_name()[name_of(code).lower()] == code
    assert name_of(code, "nl").strip()


def test_name_of_an_unknown_code_is_the_code() -> None:
    assert name_of("QQ") == "QQ"
