"""What is disclosed by month: one state a record and subject, under the binding of the law that shows it."""

from datetime import date
from decimal import Decimal

import pytest

from adaudit.audit.series import MonthCount, concerned, monthly

from .conftest import Audited
from .fictional import LIBRARY, Batch, Judged, Row

NOVEMBER: Row = {"delivered_from": date(2025, 11, 3), "delivered_until": date(2025, 11, 9)}
JULY: Row = {"delivered_from": date(2025, 7, 3), "delivered_until": date(2025, 7, 9)}
NAMED: Row = {"sponsor_name": "Lijst Duin"}


def months(found: Judged, subject: str = "sponsor") -> list[MonthCount]:
    counted = monthly(found.assembled.records, found.verdicts, found.groups)
    return [one for one in counted if one.subject == subject]


def test_records_are_counted_in_the_month_in_which_they_began(audit_of: Audited) -> None:
    rows = [{**NOVEMBER, **NAMED}, NOVEMBER, {**JULY, **NAMED}, NAMED]
    found = months(audit_of(Batch("ads", rows)))
    assert [(one.month, one.binding, one.shown, one.lost, one.never) for one in found] == [
        (date(2025, 7, 1), "before", 1, 0, 0),
        (date(2025, 11, 1), "yes", 1, 1, 0),
        (None, "unknown", 1, 0, 0),
    ]


def test_a_record_that_ran_on_is_under_the_law_in_the_month_it_began(audit_of: Audited) -> None:
    ran_on = {"delivered_from": date(2025, 9, 1), "delivered_until": date(2025, 10, 10), **NAMED}
    (one,) = months(audit_of(Batch("ads", [ran_on])))
    assert (one.month, one.binding) == (date(2025, 9, 1), "yes")


def test_a_gap_of_the_source_is_told_from_one_of_the_record(audit_of: Audited) -> None:
    (never,) = months(audit_of(Batch("ads never", [NOVEMBER])), "spend")
    assert (never.shown, never.lost, never.never) == (0, 0, 1)
    (lost,) = months(audit_of(Batch("ads", [NOVEMBER])), "spend")
    assert (lost.shown, lost.lost, lost.never) == (0, 1, 0)


def test_one_amount_is_enough_to_disclose_spend(audit_of: Audited) -> None:
    campaign = {"amount_campaign_low": Decimal(5), "amount_campaign_high": Decimal(5), "amount_currency": "EUR"}
    period = {"intended_from": date(2025, 11, 3), "intended_until": date(2025, 11, 9)}
    (one,) = months(audit_of(Batch("notices", [{**period, **campaign}])), "spend")
    assert (one.shown, one.lost) == (1, 0)


def test_targeting_that_only_the_services_act_asks_for_bears_its_binding(audit_of: Audited) -> None:
    parameters = [{"dimension": "age", "value": "18+", "excluded": False}]
    shown: Row = {"targeting_parameters": parameters, "targeting_parameters_count": 1}
    spring = {"delivered_from": date(2025, 3, 1), "delivered_until": date(2025, 3, 9)}
    (one,) = months(audit_of(Batch("ads", [{**spring, **shown}])), "targeting")
    assert (one.binding, one.shown) == ("yes", 1)


def test_what_nothing_shows_to_be_political_is_not_counted_and_assertions_are(audit_of: Audited) -> None:
    rows = [
        {**NOVEMBER, **NAMED, "political_basis": None},
        {**NOVEMBER, **NAMED, "political_basis": "asserted"},
        {**NOVEMBER, **NAMED},
    ]
    (one,) = months(audit_of(Batch("ads", rows)))
    assert (one.shown, one.asserted) == (2, 1)


def test_aggregates_have_no_month(audit_of: Audited) -> None:
    assert months(audit_of(Batch("totals", [{**NOVEMBER, **NAMED, "ads_count": 3}]))) == []


@pytest.mark.parametrize(("flemish", "expected"), [(1, ["NL"]), (3, ["BE", "NL"])])
def test_a_country_is_concerned_from_one_record_in_ten(audit_of: Audited, flemish: int, expected: list[str]) -> None:
    rows: list[Row] = [*([{"countries": ["NL"]}] * 20), *([{"countries": ["BE", "US"]}] * flemish)]
    found = audit_of(Batch("ads", rows))
    assert concerned(found.assembled.records, found.groups) == {(LIBRARY, "ads", "ad"): expected}
