"""Tables by each dimension: every share has its denominator, and the sums are those of the counts."""

from collections import Counter
from datetime import date

import polars as pl
import pytest

from adaudit.audit.options import DIMENSIONS
from adaudit.audit.tables import COLUMNS, NO_VOTE, NOT_STATED
from adaudit.model.vocabulary import VERDICTS
from adaudit.rules import RULES

from .conftest import Audited
from .fictional import Batch, Judged, Row, audited

TWO = ["BE", "NL"]
OCTOBER = {"delivered_from": date(2025, 10, 5), "delivered_until": date(2025, 11, 5)}
EARLY = {"delivered_from": date(2025, 3, 1), "delivered_until": date(2025, 3, 2)}
NOTHING_NAMED = "These ads ran without a disclaimer"
YOUNG = {"age_min": 13, "age_restricted": True}


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    ads: list[Row] = [
        {"sponsor_name": "Fictional Party", **OCTOBER},
        {"sponsor_name": "Fictional Party", "countries": TWO, **EARLY},
        {"sponsor_name": NOTHING_NAMED, "countries": TWO, **YOUNG},
        {"countries": None},
        {"removed": True, "countries": ["CH"]},
        {"political_basis": None, **OCTOBER},
    ]
    totals: list[Row] = [{"ads_count": 7, "sponsor_name": "Fictional Party"}, {"ads_count": 2}, {"countries": TWO}]
    notices: list[Row] = [{"linked_process": "Tweede Kamerverkiezingen 2025"}, {"linked_process": "of another source"}]
    return audited(
        tmp_path_factory.mktemp("tables"),
        Batch("ads", ads),
        Batch("ads never", [{"countries": TWO}]),
        Batch("totals", totals),
        Batch("statements", notices, source="politiekereclame_nl"),
    )


def _sums(found: Judged, *, countries: bool) -> Counter[tuple[str, str]]:
    """(kind, verdict) -> checks, recounted from the verdict file, each record once or once a country."""
    told = found.by_record()
    sums = Counter[tuple[str, str]]()
    for row in found.records().iter_rows(named=True):
        times = len(row["countries"] or [NOT_STATED]) if countries else 1
        times *= (row["ads_count"] or 0) if row["kind"] == "advertiser" else 1
        for rule, (verdict, _) in told[row["form"], row["record_id"]].items():
            family = RULES[rule].family
            counts = family == "guard" if verdict == "suspect" else family in {"disclosure", "label"}
            sums[row["kind"], verdict] += times if counts else 0
    return sums


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_the_sums_of_a_table_are_those_of_the_verdicts(dimension: str, judged: Judged) -> None:
    frame = judged.table_by(dimension).frame
    assert frame.columns == [dimension, *COLUMNS]
    expected = _sums(judged, countries=dimension == "country")
    table = frame.group_by("kind").agg(pl.col(v).sum() for v in VERDICTS)
    found = Counter({(row["kind"], v): row[v] for row in table.iter_rows(named=True) for v in VERDICTS})
    assert found == expected
    assert sum(found.values()) > 0


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_the_denominator_is_what_could_be_decided(dimension: str, judged: Judged) -> None:
    for row in judged.table_by(dimension).frame.iter_rows(named=True):
        assert row["checks"] == sum(row[v] for v in ("ok", "partial", "invalid", "missing", "not_exposed"))
        assert row["suspect"] <= row["guard_checks"]
        assert row["unit"] == ("ads" if row["kind"] == "advertiser" else "records")


@pytest.mark.parametrize("dimension", [one for one in DIMENSIONS if one != "country"])
def test_every_record_stands_in_one_value_of_the_dimension(dimension: str, judged: Judged) -> None:
    frame = judged.table_by(dimension).frame
    assert not frame.select(dimension, "kind", "binding").is_duplicated().any()
    of_one_law = frame.filter(pl.col("kind") != "ad")
    assert of_one_law["records"].sum() == judged.records().filter(pl.col("kind") != "ad").height


def test_a_record_of_two_countries_stands_in_the_rows_of_both(judged: Judged) -> None:
    frame = judged.table_by("country").frame.filter(kind="advertiser")
    assert {row["country"]: row["records"] for row in frame.iter_rows(named=True)} == {"NL": 3, "BE": 1}
    everywhere = judged.table_by("country").frame
    assert set(everywhere["country"]) == {"NL", "BE", "CH", NOT_STATED}


def test_sponsors_are_those_named_and_wording_for_nobody_is_nobody(judged: Judged) -> None:
    names = set(judged.table_by("sponsor").frame["sponsor"])
    assert names == {"Fictional Party", "(nobody named)", "(removed: not shown, Art 39(3) DSA)"}


def test_months_are_those_in_which_a_record_began(judged: Judged) -> None:
    assert set(judged.table_by("month").frame["month"]) == {"2025-10", "2025-03", NOT_STATED}


def test_votes_are_those_that_the_source_states(judged: Judged) -> None:
    frame = judged.table_by("election").frame
    named = [vote for vote in frame["election"].unique() if vote != NO_VOTE]
    assert len(named) == 1
    assert named[0].startswith("NL-2025-10-29-parliament ")
    assert frame.filter(pl.col("election") == named[0])["records"].sum() == 1


def test_aggregates_weigh_by_their_ads_and_stand_apart(judged: Judged) -> None:
    (row,) = judged.table_by("source").frame.filter(kind="advertiser").to_dicts()
    assert (row["records"], row["ads"], row["ok"], row["missing"], row["checks"]) == (3, 9, 7, 2, 9)


def test_aggregates_that_tell_no_ads_are_counted_by_rows_in_tables_and_counts_alike(audit_of: Audited) -> None:
    told: list[Row] = [{"ads_count": 7, "sponsor_name": "Fictional Party"}, {"ads_count": None}]
    untold: list[Row] = [{"sponsor_name": "Fictional Party", **EARLY}, {"sponsor_name": NOTHING_NAMED, **EARLY}]
    found = audit_of(Batch("totals", [*told, *untold]))
    rows = {row["binding"]: row for row in found.table_by("source").frame.iter_rows(named=True)}
    seen = {name: (row["unit"], row["records"], row["checks"], row["missing"]) for name, row in rows.items()}
    assert seen == {"unknown": ("ads", 2, 7, 0), "before": ("records", 2, 2, 1)}
    counts = {one.binding: one for one in found.counts if one.rule == "notice_sponsor_name"}
    assert counts["unknown"].ads_by_verdict is not None
    assert (counts["before"].ads, counts["before"].ads_by_verdict) == (None, None)
    assert counts["before"].verdicts["missing"] == 1


def test_the_largest_rows_come_first_and_those_of_one_value_together(judged: Judged) -> None:
    frame = judged.table_by("sponsor").frame
    seen = [(row["sponsor"], row["kind"]) for row in frame.iter_rows(named=True)]
    assert len(list(dict.fromkeys(seen))) == len({*seen})
    sizes = frame.group_by("sponsor", "kind", maintain_order=True).agg(pl.col("records").sum())["records"].to_list()
    assert sizes == sorted(sizes, reverse=True)
    positions = [i for i, one in enumerate(seen) if one == seen[0]]
    assert positions == list(range(len(positions)))


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_no_records_give_an_empty_table_of_the_same_columns(dimension: str, audit_of: Audited) -> None:
    frame = audit_of().table_by(dimension).frame
    assert frame.height == 0
    assert frame.columns == [dimension, *COLUMNS]
