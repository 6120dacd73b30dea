"""Numbers of companies: judged by what they are, by the country beside them, or not at all."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from adaudit.model.numbers import numbers_of_countries, possible, with_numbers_checked
from adaudit.model.record import conform

POSSIBLE = [
    ("40530315", "NL"),
    ("KvK-nummer: 4053 0315", "nl"),
    ("NL 40530315", "NL"),
    ("NL004495445B01", None),
    ("004495445B01", "NL"),
    ("BE 0477.472.701", None),
    ("BE0477472701", "NL"),
    ("0477472701", "BE"),
    ("ATU13585627", None),
    ("ESB58378431", None),
    ("EL094259216", None),
    ("DE136695976", None),
    ("5493001KJTIIGC8Y1R12", None),
    ("LEI 5493001KJTIIGC8Y1R12", "NL"),
    ("552 032 534", "FR"),
    ("556703-7485", "SE"),
]
IMPOSSIBLE = [
    ("4053031", "NL"),
    ("NL004495445B1", "NL"),
    ("NL004495446B01", None),
    ("004495446B01", "NL"),
    ("BE0477472702", None),
    ("0477472702", "BE"),
    ("ATU13585626", None),
    ("ESB58378432", None),
    ("DE136695977", None),
    ("DE136695977", "FR"),
    ("5493001KJTIIGC8Y1R13", None),
    ("552 032 535", "FR"),
    ("556703-7486", "SE"),
]
NOT_JUDGED = [
    ("40530315", None),
    ("4053031", None),
    ("0477472701", None),
    ("0477472701", "NL"),
    ("HRB 12345", None),
    ("HRB 1234567", "DE"),
    ("FN 123456a", "AT"),
    ("LT 302123456", None),
    ("KRS 0000123456", "PL"),
    ("4053031", "XX"),
    ("nietvantoepassing", "NL"),
    ("Nova 12", "NL"),
    ("0000000000", None),
]


@pytest.mark.parametrize(
    ("number", "country", "expected"),
    [(*one, True) for one in POSSIBLE] + [(*one, False) for one in IMPOSSIBLE] + [(*one, None) for one in NOT_JUDGED],
)
def test_a_number_is_told_by_what_it_is(number: str, country: str | None, *, expected: bool | None) -> None:
    assert possible(number, country) is expected


@given(st.from_regex(r"\A\d{8}\Z", fullmatch=True).filter(str.isascii))
def test_a_french_number_with_a_wrong_digit_is_found_out(digits: str) -> None:
    right = digits + luhn.calc_check_digit(digits)
    assert possible(right, "FR") is True
    wrong = digits + str((int(right[-1]) + 1) % 10)
    assert possible(wrong, "FR") is False


@given(st.text(max_size=30), st.sampled_from([None, "NL", "FR", "DE", "XX", ""]))
def test_any_text_is_judged_or_not_without_an_error(number: str, country: str | None) -> None:
    assert possible(number, country or None) in {True, False, None}


@given(st.from_regex(r"\A\d{8}\Z", fullmatch=True).filter(str.isascii))
def test_without_its_country_a_bare_number_is_never_accused(digits: str) -> None:
    assert possible(digits, None) is None


def test_every_check_that_the_data_name_is_there() -> None:
    named = {form.check for one in numbers_of_countries().values() for form in one.forms if form.check}
    assert len(named) >= 15
    for country, one in numbers_of_countries().items():
        assert any(form.shape.fullmatch("1" * 8) or form.check for form in one.forms), country
        for length in range(7, 15):
            possible("1" * length, country)


def test_the_record_names_the_columns_whose_number_cannot_be() -> None:
    rows = [
        {"sponsor_company_number": "40530315", "sponsor_country": "NL"},
        {"sponsor_company_number": "4053031", "sponsor_country": "NL", "payer_company_number": "BE0477472702"},
        {"sponsor_company_number": "4053031"},
        {"payer_company_number": "BE0477472701"},
        {},
    ]
    frame = with_numbers_checked(conform(pl.DataFrame(rows, infer_schema_length=None)))
    wrong = "sponsor_company_number, payer_company_number"
    assert frame.select("numbers_wrong", "numbers_checked").rows() == [
        (None, True),
        (wrong, True),
        (None, None),
        (None, True),
        (None, None),
    ]


def test_records_without_numbers_are_left_as_they_are() -> None:
    frame = conform(pl.DataFrame({"record_id": ["a", "b"]}))
    assert with_numbers_checked(frame) is frame


def test_each_distinct_number_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def looked_at(number: str, _: str | None) -> bool:
        seen.append(number)
        return True

    monkeypatch.setattr("adaudit.model.numbers.possible", looked_at)
    row = {"sponsor_company_number": ["40530315"] * 1000, "sponsor_country": ["NL"] * 1000}
    with_numbers_checked(conform(pl.DataFrame(row)))
    assert seen == ["40530315"]
