"""Counts and findings: nothing is counted twice, nothing is lost, and both say the same."""

from collections import Counter
from datetime import date

import polars as pl
import pytest

from adaudit.audit.counts import Count
from adaudit.model.vocabulary import FINDINGS, VERDICTS, outcomes
from tests.rules.cases import CASES

from .conftest import Audited
from .fictional import Batch, Judged, Row, audited


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    """Some hundred records of several forms and kinds, with every verdict and every binding."""
    periods = [
        {},
        {"delivered_from": date(2025, 9, 1), "delivered_until": date(2025, 9, 2)},
        {"delivered_from": date(2025, 11, 1)},
    ]
    ads = [
        {**period, **case.row}
        for i, cases in enumerate(CASES.values())
        for case in cases.all()
        if case.form == "ads"
        for period in (periods[i % 3],)
    ]
    rows = [{"ads_count": n, "sponsor_name": name} for n, name in ((3, None), (5, "Fictional Party"), (None, "x"))]
    return audited(
        tmp_path_factory.mktemp("counts"),
        Batch("ads", ads),
        Batch("ads never", [{}, {"removed": True}, {"countries": ["CH"]}]),
        Batch("ads range", [{"sponsor_name": "Fictional Party"}] * 2),
        Batch("ads", [{"record_id": "not carried"}], carried=frozenset()),
        Batch("political ads", [{}, {"sponsor_name": "Fictional Party"}]),
        Batch("notices", [{}, {"sponsor_name": "x"}]),
        Batch("totals", rows),
        Batch("political_ads", [{"record_id": "z"}], source="snapchat"),
    )


def _recounted(found: Judged) -> Counter[tuple[str, str, str, str]]:
    """(form, rule, verdict, reason) of every verdict, read from `verdicts.parquet`."""
    return Counter(
        (form, rule, verdict, reason)
        for (form, _), rules in found.by_record().items()
        for rule, (verdict, reason) in rules.items()
    )


def test_the_eight_verdicts_of_every_row_add_up_to_its_records(judged: Judged) -> None:
    assert {v for one in judged.counts for v, n in one.verdicts.items() if n} == set(VERDICTS)
    assert {one.binding for one in judged.counts} == {"yes", "before", "unknown"}
    for one in judged.counts:
        assert set(one.verdicts) == set(VERDICTS)
        assert sum(one.verdicts.values()) == one.records == sum(one.reasons.values()) > 0


def test_the_reasons_of_every_row_add_up_to_its_verdicts(judged: Judged) -> None:
    for one in judged.counts:
        by_verdict = Counter[str]()
        for reason, number in one.reasons.items():
            by_verdict[outcomes()[reason].verdict] += number
        assert {v: n for v, n in one.verdicts.items() if n} == dict(by_verdict)


def test_the_counts_are_those_of_the_verdict_file(judged: Judged) -> None:
    counted = Counter[tuple[str, str, str, str]]()
    for one in judged.counts:
        for reason, number in one.reasons.items():
            counted[one.form, one.rule, outcomes()[reason].verdict, reason] += number
    assert counted == _recounted(judged)


def test_every_record_is_counted_once_under_every_rule_that_speaks_of_it(judged: Judged) -> None:
    records = Counter(form for form, _ in judged.by_record())
    for rule, form in {(one.rule, one.form) for one in judged.counts}:
        rows = [one for one in judged.counts if (one.rule, one.form) == (rule, form)]
        assert len({one.binding for one in rows}) == len(rows)
        assert sum(one.records for one in rows) == records[form]


def test_aggregates_are_counted_by_their_ads_as_well(judged: Judged) -> None:
    (sponsor,) = (one for one in judged.counts if (one.form, one.rule) == ("totals", "notice_sponsor_name"))
    assert (sponsor.records, sponsor.ads) == (3, 8)
    assert sponsor.ads_by_verdict is not None
    assert {v: n for v, n in sponsor.ads_by_verdict.items() if n} == {"missing": 3, "ok": 5}
    assert {v: n for v, n in sponsor.verdicts.items() if n} == {"missing": 1, "ok": 1, "invalid": 1}
    for one in judged.counts:
        assert (one.ads_by_verdict is None) == (one.kind != "advertiser") == (one.ads is None)
        assert one.ads_by_verdict is None or sum(one.ads_by_verdict.values()) == one.ads


def test_as_written_a_row_has_the_columns_of_the_contract(judged: Judged) -> None:
    head = ["source", "form", "kind", "rule", "requirement", "pinpoint", "binding", "records", "ads"]
    for one in judged.counts:
        row = one.as_written()
        assert list(row)[:17] == [*head, *VERDICTS]
        assert set(row) - set(list(row)[:17]) <= {"reasons", "ads_by_verdict"}


def test_findings_are_the_counts_one_row_each(judged: Judged) -> None:
    rows = judged.findings().filter(pl.col("verdict") != "not_exposed")
    found = Counter(rows.select("form", "rule", "verdict", "reason").rows())
    assert found == Counter({key: n for key, n in _recounted(judged).items() if key[2] in FINDINGS})
    by_binding = Counter(rows.select("form", "rule", "verdict", "binding").rows())
    counted = Counter[tuple[str, str, str, str]]()
    for one in judged.counts:
        counted.update({(one.form, one.rule, v, one.binding): one.verdicts[v] for v in FINDINGS if one.verdicts[v]})
    assert by_binding == counted


def test_findings_are_sorted_and_each_record_and_rule_stands_once(judged: Judged) -> None:
    found = judged.findings()
    key = ["source", "kind", "rule", "record_id", "locator"]
    assert found.select(key).equals(found.select(key).sort(key, nulls_last=False, maintain_order=True))
    of_records = found.filter(pl.col("verdict") != "not_exposed")
    assert not of_records.select("source", "kind", "record_id", "rule").is_duplicated().any()
    assert of_records["record_id"].null_count() == of_records["locator"].null_count() == 0


def _never(one: Count) -> tuple[str, str, str, str] | None:
    return (one.source, one.form, one.kind, one.rule) if one.verdicts["not_exposed"] else None


def test_a_gap_of_the_library_stands_once_with_the_number_of_its_records(judged: Judged) -> None:
    gaps = judged.findings().filter(verdict="not_exposed")
    stands = gaps.select("source", "form", "kind", "rule").rows()
    assert len(stands) == len(set(stands))
    assert set(stands) == {key for one in judged.counts if (key := _never(one))}
    numbers = Counter[tuple[str, str, str, str]]()
    for one in judged.counts:
        if key := _never(one):
            numbers[key] += one.verdicts["not_exposed"]
    observed = gaps.select("source", "form", "kind", "rule", pl.col("observed").cast(pl.Int64)).rows()
    assert {tuple(key): number for *key, number in observed} == dict(numbers)
    assert gaps["record_id"].null_count() == gaps.height


def test_a_finding_shows_what_was_seen(audit_of: Audited) -> None:
    rows: list[Row] = [
        {"record_id": "a", "sponsor_email": "ask at the office"},
        {"record_id": "b", "amount_ad_low": 100, "amount_ad_high": 199.5, "sponsor_email": "-"},
        {"record_id": "c", "unreadable": {"amount_ad_low": "much"}, "sponsor_email": "y" * 1000},
    ]
    found = audit_of(Batch("ads", rows)).findings()
    seen = {
        (record, rule): text
        for record, rule, text in found.select("record_id", "rule", "observed").iter_rows()
        if rule in {"notice_sponsor_email", "notice_amount_ad"}
    }
    assert seen["a", "notice_sponsor_email"] == "sponsor_email=ask at the office"
    assert seen["a", "notice_amount_ad"] is None
    assert seen["b", "notice_amount_ad"] == "amount_ad_low=100; amount_ad_high=199.5"
    assert seen["c", "notice_amount_ad"] == "amount_ad_low: much"
    assert len(seen["c", "notice_sponsor_email"]) == 400


def test_no_records_give_empty_files_and_no_counts(audit_of: Audited) -> None:
    found = audit_of()
    assert found.counts == []
    assert found.findings().height == found.records().height == pl.read_parquet(found.verdicts).height == 0
