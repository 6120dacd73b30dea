"""Amounts as intervals: exact, never across currencies, open where the source leaves them open."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adaudit.audit.assemble import assemble
from adaudit.audit.judge import country_keys
from adaudit.audit.options import Options
from adaudit.audit.spend import SpendTotal, by_sponsor, plain, totals

from .conftest import Audited
from .fictional import Batch, Row, installed, take

JULY: Row = {"delivered_from": date(2025, 7, 1), "delivered_until": date(2025, 7, 31)}
LAST_OF_JULY: Row = {"delivered_from": date(2025, 7, 31), "delivered_until": date(2025, 7, 31)}
AUGUST: Row = {"delivered_from": date(2025, 8, 1), "delivered_until": date(2025, 8, 31)}


def ad(low: str | None, high: str | None, currency: str | None = "EUR", **columns: object) -> Row:
    amounts = {"amount_ad_low": low and Decimal(low), "amount_ad_high": high and Decimal(high)}
    return {**amounts, "amount_currency": currency, **columns}


def total_of(low: str, high: str) -> Row:
    """An aggregate's amounts."""
    amounts = {"amount_advertiser_low": Decimal(low), "amount_advertiser_high": Decimal(high)}
    return {**amounts, "amount_currency": "EUR"}


def only(found: list[SpendTotal]) -> SpendTotal:
    (one,) = found
    return one


def test_sums_are_exact_to_the_last_place(audit_of: Audited) -> None:
    one = only(audit_of(Batch("ads", [ad("0.1", "0.1")] * 3 + [ad("90071992547409.93", "90071992547409.93")])).spend())
    assert (one.low, one.high) == (Decimal("90071992547410.23"), Decimal("90071992547410.23"))
    written = one.as_written()
    assert (written["low"], written["high"]) == ("90071992547410.23", "90071992547410.23")


@pytest.mark.parametrize(
    ("amount", "text"),
    [("100.0000", "100"), ("0.0000", "0"), ("1E+3", "1000"), ("0.5000", "0.5"), ("1000", "1000"), ("-3.10", "-3.1")],
)
def test_an_amount_is_written_without_exponent_and_without_idle_zeros(amount: str, text: str) -> None:
    assert plain(Decimal(amount)) == text


def test_one_open_upper_end_opens_the_total(audit_of: Audited) -> None:
    one = only(audit_of(Batch("ads", [ad("100", "199"), ad("1000000", None), ad("0", "99")])).spend())
    assert (one.low, one.high, one.records, one.open_ended) == (Decimal(1000100), None, 3, 1)
    assert one.as_written()["high"] is None


def test_a_range_keeps_its_two_ends(audit_of: Audited) -> None:
    one = only(audit_of(Batch("ads", [ad("100", "199"), ad("0", "100"), ad(None, None)])).spend())
    assert (one.low, one.high, one.records, one.open_ended) == (Decimal(100), Decimal(299), 2, 0)


def test_currencies_scopes_forms_and_territories_are_never_added(audit_of: Audited) -> None:
    found = audit_of(
        Batch(
            "ads",
            [
                ad("1", "1"),
                ad("2", "2", "SEK"),
                ad("4", "4", None),
                ad("8", "8", countries=["CH"]),
                ad("16", "16", countries=None),
                {"amount_campaign_low": 32, "amount_campaign_high": 32, "amount_currency": "EUR"},
            ],
        ),
        Batch("political ads", [ad("64", "64")]),
        Batch("notices", [ad("128", "128")]),
    ).spend()
    rows = {(one.form, one.scope, one.currency, one.in_union): one.low for one in found}
    assert rows == {
        ("ads", "ad", "EUR", True): 1,
        ("ads", "ad", "SEK", True): 2,
        ("ads", "ad", None, True): 4,
        ("ads", "ad", "EUR", False): 8,
        ("ads", "ad", "EUR", None): 16,
        ("ads", "campaign", "EUR", True): 32,
        ("political ads", "ad", "EUR", True): 64,
        ("notices", "ad", "EUR", True): 128,
    }
    assert len(found) == len(rows)


def test_the_period_of_a_total_is_that_of_its_records(audit_of: Audited) -> None:
    one = only(audit_of(Batch("ads", [{**ad("1", "1"), **JULY}, {**ad("1", "1"), **AUGUST}, ad("1", "1")])).spend())
    assert (one.period_from, one.period_until) == (date(2025, 7, 1), date(2025, 8, 31))
    assert one.as_written()["period_until"] == "2025-08-31"


def test_reports_of_periods_that_share_a_day_are_marked_and_stand_apart(audit_of: Audited) -> None:
    def report(*periods: Row) -> list[tuple[int, bool]]:
        rows = [{**total_of("10", "10"), **period} for period in periods for _ in range(2)]
        return [(int(one.low), one.overlaps) for one in audit_of(Batch("totals", rows)).spend()]

    assert report(JULY, AUGUST) == [(20, False), (20, False)]
    assert report(JULY, LAST_OF_JULY) == [(20, True), (20, True)]
    to_date = {"delivered_from": None, "delivered_until": LAST_OF_JULY["delivered_until"]}
    held = [(20, True), (20, False), (20, True)]
    assert report(LAST_OF_JULY, AUGUST, to_date) == held, "a total to date holds its week"
    assert report(JULY, LAST_OF_JULY, AUGUST) == [(20, True), (20, True), (20, False)]


def test_of_one_advertiser_a_month_and_its_last_day_are_not_added(audit_of: Audited) -> None:
    def spent(*periods: Row) -> int:
        rows = [{**total_of("10", "10"), "account_name": "Fictional Party", **period} for period in periods]
        records = audit_of(Batch("totals", rows)).assembled.records
        (one,) = by_sponsor(records, country_keys(records))
        return int(one.low)

    assert spent(JULY, LAST_OF_JULY) == spent(LAST_OF_JULY, JULY) == 10
    assert spent(JULY, AUGUST) == 20, "two months are two amounts"
    assert spent(JULY, AUGUST, LAST_OF_JULY) == 20
    assert spent(JULY, {**LAST_OF_JULY, "countries": ["BE"]}) == 20, "two countries are two reports"
    assert spent(JULY, JULY) == 20, "two rows of one report"
    assert spent({}, {}) == 20
    assert spent({}, JULY) == 10


INTERVALS = st.lists(
    st.tuples(st.integers(0, 10**9), st.one_of(st.none(), st.integers(0, 10**9)), st.integers(0, 10**6)),
    min_size=1,
    max_size=10,
)


@settings(max_examples=25, deadline=None)
@given(INTERVALS)
def test_any_true_amounts_within_their_intervals_sum_to_within_the_total(
    intervals: list[tuple[int, int | None, int]],
) -> None:
    cents = [
        (Decimal(low) / 100, None if width is None else Decimal(low + width) / 100, part)
        for low, width, part in intervals
    ]
    rows = [ad(str(low), None if high is None else str(high)) for low, high, _ in cents]
    with TemporaryDirectory() as name, installed():
        folder = Path(name)
        records = assemble(take(folder, Batch("ads", rows)), folder, Options()).records
        one = only(totals(records, country_keys(records)))
    true = [low + Decimal(part) if high is None else low + (high - low) * part / 10**6 for low, high, part in cents]
    assert one.low <= sum(true)
    assert (one.high is None) == any(high is None for _, high, _ in cents)
    assert one.high is None or sum(true) <= one.high
    assert one.low == sum(low for low, _, _ in cents), "the interval is no wider than it must be"
    assert one.high is None or one.high == sum(high for _, high, _ in cents if high is not None)
