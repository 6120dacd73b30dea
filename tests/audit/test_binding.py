"""Whether the law bound a record: any day of its period on or after the day from which the rules apply."""

from datetime import date

import polars as pl
import pytest

from adaudit.audit.facts import binding
from adaudit.audit.options import Options
from adaudit.law import since
from adaudit.model.vocabulary import BINDINGS

from .conftest import Audited
from .fictional import Batch, Row

PERIOD = ("delivered_from", "delivered_until", "intended_from", "intended_until")
LAST_DAY_BEFORE, FIRST_DAY = date(2025, 10, 9), date(2025, 10, 10)
EARLY, LATE = date(2025, 9, 1), date(2026, 1, 1)

PERIODS: dict[str, tuple[Row, str]] = {
    "ended on the last day before": ({"delivered_from": EARLY, "delivered_until": LAST_DAY_BEFORE}, "before"),
    "ended on the first day": ({"delivered_from": EARLY, "delivered_until": FIRST_DAY}, "yes"),
    "one day, the first": ({"delivered_from": FIRST_DAY, "delivered_until": FIRST_DAY}, "yes"),
    "one day, the last before": ({"delivered_from": LAST_DAY_BEFORE, "delivered_until": LAST_DAY_BEFORE}, "before"),
    "open end, begun before": ({"delivered_from": LAST_DAY_BEFORE}, "unknown"),
    "open end, begun on the first day": ({"delivered_from": FIRST_DAY}, "yes"),
    "only an end, before": ({"delivered_until": LAST_DAY_BEFORE}, "before"),
    "only an end, on the first day": ({"delivered_until": FIRST_DAY}, "yes"),
    "no dates": ({}, "unknown"),
    "as intended, where nothing is known of delivery": (
        {"intended_from": EARLY, "intended_until": LAST_DAY_BEFORE},
        "before",
    ),
    "as delivered, where both are known": (
        {
            "intended_from": EARLY,
            "intended_until": LATE,
            "delivered_from": EARLY,
            "delivered_until": LAST_DAY_BEFORE,
        },
        "before",
    ),
    "backwards, and one day is after": ({"delivered_from": LATE, "delivered_until": EARLY}, "yes"),
    "long before": ({"delivered_from": date(2019, 5, 1), "delivered_until": date(2019, 5, 23)}, "before"),
}


@pytest.mark.parametrize("period", PERIODS)
def test_a_record_is_bound_by_any_day_on_or_after_application(period: str, audit_of: Audited) -> None:
    row, binding = PERIODS[period]
    found = audit_of(Batch("ads", [row]))
    code = pl.read_parquet(found.verdicts)["binding_ttpa"].item()
    assert BINDINGS[code] == binding
    counted = {one.binding for one in found.counts if one.rule == "notice_sponsor_name"}
    assert counted == {binding}


def test_the_digital_services_act_applied_from_its_own_day(audit_of: Audited) -> None:
    rows: list[Row] = [
        {"record_id": "a", "delivered_from": EARLY, "delivered_until": LAST_DAY_BEFORE},
        {"record_id": "b", "delivered_from": date(2024, 1, 1), "delivered_until": date(2024, 2, 16)},
        {"record_id": "c", "delivered_from": date(2024, 1, 1), "delivered_until": date(2024, 2, 17)},
        {"record_id": "d", "delivered_from": date(2019, 5, 1), "delivered_until": date(2022, 10, 26)},
    ]
    found = audit_of(Batch("ads", rows))
    by_rule = {
        rule: {one.binding: one.records for one in found.counts if one.rule == rule}
        for rule in ("dsa_repository_period", "notice_amount_ad")
    }
    assert by_rule == {
        "dsa_repository_period": {"yes": 2, "before": 1, "unknown": 1},
        "notice_amount_ad": {"before": 4},
    }


def test_what_ran_before_is_judged_the_same_and_marked(audit_of: Audited) -> None:
    before = audit_of(Batch("ads", [{"delivered_from": EARLY, "delivered_until": LAST_DAY_BEFORE}]))
    after = audit_of(Batch("ads", [{"delivered_from": EARLY, "delivered_until": FIRST_DAY}]))
    assert before.by_record() == after.by_record()
    of_ttpa = pl.col("pinpoint").str.starts_with("Art 13(2)") & (pl.col("verdict") != "not_exposed")
    assert set(before.findings().filter(of_ttpa)["binding"]) == {"before"}
    assert set(after.findings().filter(of_ttpa)["binding"]) == {"yes"}


DURING: Row = {"delivered_from": date(2025, 10, 12), "delivered_until": date(2025, 10, 20)}


@pytest.mark.parametrize(
    ("as_of", "ttpa", "dsa"),
    [
        (None, "yes", "yes"),
        (FIRST_DAY, "yes", "yes"),
        (LAST_DAY_BEFORE, "before", "yes"),
        (date(2024, 2, 17), "before", "yes"),
        (date(2024, 2, 16), "before", "unknown"),
        (date(2022, 10, 26), "before", "before"),
    ],
)
def test_as_of_a_day_the_law_binds_as_it_did_then(as_of: date | None, ttpa: str, dsa: str, audit_of: Audited) -> None:
    found = audit_of(Batch("ads", [DURING]), options=Options(as_of=as_of))
    by_rule = {one.rule: one.binding for one in found.counts}
    assert (by_rule["notice_amount_ad"], by_rule["dsa_repository_period"]) == (ttpa, dsa)
    assert found.by_record() == audit_of(Batch("ads", [DURING])).by_record(), "what is disclosed does not change"
    raised = set(found.findings().filter(pl.col("severity").str.ends_with("_last_month"))["binding"])
    assert raised == ({"yes"} if ttpa == "yes" else set())


def test_an_act_of_no_known_day_binds_nobody_for_certain() -> None:
    frame = pl.DataFrame({name: [FIRST_DAY] for name in PERIOD})
    assert frame.select(binding(None)).item() == BINDINGS.index("unknown")
    ai = frame.select(
        early=binding(since("ai", "meta")),
        late=binding(since("ai", "meta"), date(2026, 8, 2)),
    )
    assert ai.row(0) == (BINDINGS.index("before"), BINDINGS.index("before"))
    august = frame.select(pl.lit(date(2026, 8, 2)).alias(name) for name in PERIOD)
    assert august.select(binding(since("ai", "meta"))).item() == BINDINGS.index("yes")


@pytest.mark.parametrize(
    ("established", "row", "told"),
    [
        (None, DURING, ("not_applicable", "repository_not_established")),
        (date(2025, 10, 21), DURING, ("not_applicable", "repository_not_established")),
        (date(2025, 10, 20), DURING, ("missing", "empty")),
        (date(2025, 10, 20), {}, ("unknown", "condition_unseen")),
        (date(2025, 10, 20), {**DURING, "repository_url": "https://example.org/r"}, ("ok", "disclosed")),
    ],
)
def test_the_rules_on_the_european_repository_are_off_until_it_exists(
    established: date | None, row: Row, told: tuple[str, str], audit_of: Audited
) -> None:
    options = Options(repository_established=established)
    (found,) = audit_of(Batch("ads", [row]), options=options).by_record().values()
    assert found["notice_repository_link"] == told
    earlier = Options(repository_established=established, as_of=date(2025, 10, 15))
    (then,) = audit_of(Batch("ads", [DURING]), options=earlier).by_record().values()
    assert then["notice_repository_link"][1] == "repository_not_established", "as of a day before it"
