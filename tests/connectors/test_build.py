"""Text becomes dates, amounts and numbers exactly, or it is kept as text."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaudit.connectors.build import NOTHING, Columns, amount, day, instant, text, whole
from adaudit.model.record import MONEY

TEXTS = dict.fromkeys(("id", "name", "start"), pl.String)


def one(expr: pl.Expr, value: str | None) -> object:
    found: object = pl.DataFrame({"t": [value]}, schema={"t": pl.String}).select(expr).item()
    return found


@given(st.decimals(Decimal(-(10**25)), Decimal(10**25), allow_nan=False, allow_infinity=False, places=4))
def test_amounts_are_exact_decimals(value: Decimal) -> None:
    written = format(value, "f")
    assert one(amount(pl.col("t")), written) == value
    assert pl.DataFrame({"t": [written]}).select(amount(pl.col("t"))).dtypes == [MONEY]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1234,5", "1234.5"),
        ("1234,567", "1234.567"),
        ("0,125", "0.125"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("12.345.678", "12345678"),
        ("12,345,678", "12345678"),
        ("-1.234.567,8", "-1234567.8"),
        ("1234.567", "1234.567"),
        ("1e+05", "100000"),
        ("2.5e+03", "2500"),
        ("1e-04", "0.0001"),
    ],
)
def test_amounts_are_read_with_either_decimal_mark_where_there_is_one_reading(written: str, value: str) -> None:
    assert one(amount(pl.col("t")), written) == Decimal(value)


GROUPED = st.integers(10**6, 10**15)


@given(GROUPED, st.integers(0, 99), st.sampled_from([(",", "."), (".", ",")]))
def test_thousands_and_decimals_in_either_manner_give_the_number(
    units: int, cents: int, marks: tuple[str, str]
) -> None:
    thousand, decimal = marks
    written = f"{units:,}".replace(",", thousand)
    assert one(amount(pl.col("t")), f"{written}{decimal}{cents:02}") == Decimal(f"{units}.{cents:02}")
    assert one(amount(pl.col("t")), written) == units
    assert one(whole(pl.col("t")), written) == units


@pytest.mark.parametrize("form", [amount, whole])
@pytest.mark.parametrize("written", ["1,234", "1.234", "12,345", "123.456", "-9.999"])
def test_a_thousand_or_one_and_a_bit_is_not_guessed(form: Callable[[pl.Expr], pl.Expr], written: str) -> None:
    assert one(form(pl.col("t")), written) is None


@pytest.mark.parametrize(
    "value",
    [
        *("", " ", "1.23456", "1,23456", "1e3", "€5", "5-", "--5", ".5", "5.", ",5", "5,", "NaN", "inf", None),
        *("1,23,456", "1.234,567.8", "0.123.456", "1 234", "2.72e-4", "1.5E+03", "1.70585E+15"),
    ],
)
def test_anything_else_is_no_amount(value: str | None) -> None:
    assert one(amount(pl.col("t")), value) is None


@given(st.integers(-(10**18) + 1, 10**18 - 1))
def test_whole_numbers_are_exact(value: int) -> None:
    assert one(whole(pl.col("t")), f" {value} ") == value


@pytest.mark.parametrize("value", ["", "1.5", "1 000", "1e3", "0x10", "٣", "9" * 19, "1.5e-01", "1.5E+05", None])
def test_anything_else_is_no_whole_number(value: str | None) -> None:
    assert one(whole(pl.col("t")), value) is None


@pytest.mark.parametrize(("written", "value"), [("1234.0", 1234), ("1e+05", 100_000), ("1.25e+06", 1_250_000)])
def test_whole_numbers_as_programs_write_floats(written: str, value: int) -> None:
    assert one(whole(pl.col("t")), written) == value


@given(st.lists(st.one_of(st.none(), st.sampled_from(["5", "1,5", "1.234", "1e+05", "x", "1.234.567"])), max_size=8))
def test_a_column_of_mixed_forms_is_read_cell_by_cell(cells: list[str | None]) -> None:
    frame = pl.DataFrame({"t": cells}, schema={"t": pl.String})
    for reader in (amount, whole, instant):
        together = frame.select(reader(pl.col("t"))).to_series().to_list()
        assert together == [one(reader(pl.col("t")), cell) for cell in cells]


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
        ("2022-9-7", datetime(2022, 9, 7, tzinfo=UTC)),
        ("2022/9/27 8:05", datetime(2022, 9, 27, 8, 5, tzinfo=UTC)),
        ("2022-09-27T08:05+02:00", datetime(2022, 9, 27, 6, 5, tzinfo=UTC)),
        ("2019-05-12 23:58:43 UTC", datetime(2019, 5, 12, 23, 58, 43, tzinfo=UTC)),
        ("20240131", datetime(2024, 1, 31, tzinfo=UTC)),
        ("1756684800000", datetime(2025, 9, 1, tzinfo=UTC)),
        ("1756684800123", datetime(2025, 9, 1, 0, 0, 0, 123_000, tzinfo=UTC)),
        ("1756684800", datetime(2025, 9, 1, tzinfo=UTC)),
        ("1756684800000.0", datetime(2025, 9, 1, tzinfo=UTC)),
    ],
)
def test_forms_of_the_sources(written: str, moment: datetime) -> None:
    assert one(instant(pl.col("t")), written) == moment


@pytest.mark.parametrize(
    "written",
    [
        *("03/01/25", "3/1/2025", "03-01-2025", "2025-02-30", "2025", "202509", "1 May 2025", "", "20250230"),
        *("1.75668E+12", "175668480000", "25-09-01", "2025-09-01 25:00:00", "2025-09-01T12", "0"),
    ],
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


def test_a_raw_column_without_a_value_counts_as_one_that_is_not_carried() -> None:
    raw = pl.DataFrame({"name": [None, None], "start": [None, None], "id": ["1", None]}, schema_overrides=TEXTS)
    c = Columns(raw)
    assert (c.has("name"), c.shows("name"), c.shows("id"), c.shows("other")) == (True, False, True, False)
    assert c.col("name", "other") is NOTHING
    c.text(record_id="id", sponsor_name=("name", "other"))
    c.days(delivered_from=c.col("start"))
    frame = c.build()
    assert frame.rows() == [("1", None, None, 0), (None, None, None, 0)]
    assert frame.schema["delivered_from"] == pl.Date


def test_records_of_which_nothing_is_shown_are_as_many_as_the_rows() -> None:
    c = Columns(pl.DataFrame({"id": [None, None, None]}, schema_overrides=TEXTS))
    c.text(record_id="id", ad_id="id")
    assert c.build().select("record_id", "ad_id").rows() == [(None, None)] * 3
    assert Columns(pl.DataFrame({"id": []}, schema_overrides=TEXTS)).build().height == 0
