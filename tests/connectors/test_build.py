"""Text becomes dates, amounts and numbers exactly, or it is kept as text."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaudit.connectors.build import Columns, amount, day, instant, text, whole
from adaudit.model.record import MONEY


def one(expr: pl.Expr, value: str | None) -> object:
    found: object = pl.DataFrame({"t": [value]}, schema={"t": pl.String}).select(expr).item()
    return found


@given(st.decimals(Decimal(-(10**25)), Decimal(10**25), allow_nan=False, allow_infinity=False, places=4))
def test_amounts_are_exact_decimals(value: Decimal) -> None:
    written = format(value, "f")
    assert one(amount(pl.col("t")), written) == value
    assert pl.DataFrame({"t": [written]}).select(amount(pl.col("t"))).dtypes == [MONEY]


@pytest.mark.parametrize("value", ["", " ", "1,5", "1.23456", "1e3", "€5", "5-", "--5", ".5", "5.", "NaN", "inf", None])
def test_anything_else_is_no_amount(value: str | None) -> None:
    assert one(amount(pl.col("t")), value) is None


@given(st.integers(-(10**18) + 1, 10**18 - 1))
def test_whole_numbers_are_exact(value: int) -> None:
    assert one(whole(pl.col("t")), f" {value} ") == value


@pytest.mark.parametrize("value", ["", "1.0", "1 000", "1e3", "0x10", "٣", "9" * 19, None])
def test_anything_else_is_no_whole_number(value: str | None) -> None:
    assert one(whole(pl.col("t")), value) is None


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d"]))
def test_days(value: date, form: str) -> None:
    assert one(day(pl.col("t")), value.strftime(form)) == value


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)),
    st.integers(-14 * 60, 14 * 60),
)
def test_moments_with_a_zone_are_told_in_utc(value: datetime, minutes: int) -> None:
    moment = value.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    assert one(instant(pl.col("t")), moment.isoformat()) == moment.astimezone(UTC)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2025/09/18 23:13:58Z", datetime(2025, 9, 18, 23, 13, 58, tzinfo=UTC)),
        ("2019-05-12T23:58:43+0200", datetime(2019, 5, 12, 21, 58, 43, tzinfo=UTC)),
        ("2025-10-03T17:15:14.250Z", datetime(2025, 10, 3, 17, 15, 14, 250_000, tzinfo=UTC)),
        ("2025-10-03T17:15:14", datetime(2025, 10, 3, 17, 15, 14, tzinfo=UTC)),
        ("2025-10-03 17:15:14", datetime(2025, 10, 3, 17, 15, 14, tzinfo=UTC)),
        (" 2025-10-03 ", datetime(2025, 10, 3, tzinfo=UTC)),
    ],
)
def test_forms_of_the_sources(written: str, moment: datetime) -> None:
    assert one(instant(pl.col("t")), written) == moment


@pytest.mark.parametrize(
    "written", ["03/01/25", "3/1/2025", "03-01-2025", "2025-02-30", "2025", "202509", "1 May 2025", "", "1756684800000"]
)
def test_a_date_that_does_not_tell_its_parts_is_not_guessed(written: str) -> None:
    assert one(day(pl.col("t")), written) is None


@pytest.mark.parametrize(("written", "found"), [(" a ", "a"), ("", None), (" \n\t", None), (None, None), ("0", "0")])
def test_text_is_trimmed_and_never_empty(written: str | None, found: str | None) -> None:
    assert one(text(pl.col("t")), written) == found


def test_what_does_not_parse_is_kept_as_text_beside_what_does() -> None:
    c = Columns(pl.DataFrame({"n": ["5", "five", " ", None], "d": ["2025-01-01", "soon", "", "later"]}))
    c.wholes(views_low=c.col("n"))
    c.days(intended_from=c.col("d"))
    found = c.build()
    assert found["views_low"].to_list() == [5, None, None, None]
    assert found["unparsed"].to_list() == [
        None,
        [{"column": "views_low", "text": "five"}, {"column": "intended_from", "text": "soon"}],
        None,
        [{"column": "intended_from", "text": "later"}],
    ]
    assert [mask > 0 for mask in found["unparsed_mask"]] == [False, True, False, True]


def test_columns_that_the_page_does_not_carry_are_null() -> None:
    c = Columns(pl.DataFrame({"a": ["1"]}))
    c.text(sponsor_name="absent", payer_name=("absent", "a"))
    assert c.build().select("sponsor_name", "payer_name").row(0) == (None, "1")


def test_a_column_that_is_no_column_of_the_record_is_refused() -> None:
    c = Columns(pl.DataFrame({"a": ["1"]}))
    with pytest.raises(KeyError, match="sponsr_name"):
        c.set(sponsr_name=pl.col("a"))
    with pytest.raises(KeyError, match="sponsor_name"):
        c.parse("sponsor_name", pl.col("a"), pl.col("a"))
