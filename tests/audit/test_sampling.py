"""The sample: the same seed the same rows, every stratum in turn, and an estimate that owns its limits."""

import json
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaudit.audit.checking import Answer, Checked, by_scope, confirmed, wilson
from adaudit.audit.options import Options
from adaudit.audit.run import Audit, audit
from adaudit.audit.sampling import CHECKED, Stratum, allocate, draw, strata


@pytest.fixture(scope="module")
def done(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Audit:
    return audit([sample], tmp_path_factory.mktemp("sampled") / "out", Options(), lambda *_: None)


def test_the_same_seed_draws_the_same_rows_and_another_others(done: Audit) -> None:
    assert draw(done, 60, 1).equals(draw(done, 60, 1))
    assert not draw(done, 60, 1).equals(draw(done, 60, 2))


def test_every_drawn_row_is_a_verdict_of_the_audit(done: Audit) -> None:
    codes = {int(k): v for k, v in json.loads(pl.read_parquet_metadata(done.verdicts)["codes"]).items()}
    verdicts = pl.read_parquet(done.verdicts)
    records = pl.read_parquet(done.assembled.records).select("source", "kind", "record_id", "locator")
    place = {row[:3]: i for i, row in enumerate(records.iter_rows())}
    drawn = draw(done, 300, 5)
    assert drawn.height == 300
    assert drawn.select("source", "kind", "record_id", "rule").is_unique().all()
    for row in drawn.iter_rows(named=True):
        index = place[row["source"], row["kind"], row["record_id"]]
        found = codes[verdicts[index, row["rule"]]]
        assert (found["verdict"], found["reason"]) == (row["verdict"], row["reason"])
        assert records[index, "locator"] == row["locator"]
    findings = pl.read_parquet(done.out / "findings.parquet")
    both = drawn.join(findings, on=["source", "kind", "record_id", "rule", "verdict"], suffix="_found")
    assert both.height > 50
    assert both["observed"].equals(both["observed_found"], null_equal=True)


def test_good_verdicts_are_drawn_and_all_verdicts_alike(done: Audit) -> None:
    counts = Counter(draw(done, 140, 3)["verdict"].to_list())
    assert set(counts) == set(CHECKED)
    assert max(counts.values()) - min(counts.values()) <= 1


def test_the_sizes_of_strata_are_those_of_the_summary(done: Audit) -> None:
    drawn = draw(done, 500, 0)
    sizes = strata(done.counts)
    for row in drawn.iter_rows(named=True):
        stratum = Stratum(row["source"], row["kind"], row["rule"], row["verdict"])
        assert row["stratum_records"] == sizes[stratum]
    counted = drawn.group_by("source", "kind", "rule", "verdict").agg(pl.len(), pl.col("stratum_drawn").first())
    assert (counted["len"] == counted["stratum_drawn"]).all()


SIZES = st.dictionaries(
    st.builds(Stratum, st.sampled_from("ab"), st.just("ad"), st.sampled_from("xyz"), st.sampled_from(CHECKED)),
    st.integers(1, 30),
    max_size=12,
)


@given(SIZES, st.integers(1, 200), st.integers(0, 3))
def test_never_more_than_a_stratum_holds_and_never_fewer_than_asked(
    sizes: dict[Stratum, int], number: int, seed: int
) -> None:
    found = allocate(sizes, number, seed)
    assert sum(found.values()) == min(number, sum(sizes.values()))
    assert all(0 < n <= sizes[stratum] for stratum, n in found.items())


def test_more_than_there_is_draws_all(tmp_path: Path) -> None:
    given = tmp_path / "FacebookAdLibraryReport_2025-11-02_NL_last_7_days_advertisers.csv"
    header = "Page ID,Page name,Disclaimer,Amount spent (EUR),Number of ads in Library\n"
    given.write_text(header + "1,Lijst Duin,Lijst Duin,120,3\n", encoding="utf-8")
    done = audit([given], tmp_path / "out", Options(), lambda *_: None)
    assert draw(done, 10_000, 0).height == sum(strata(done.counts).values())


def test_an_audit_without_records_draws_nothing(tmp_path: Path) -> None:
    given = tmp_path / "FacebookAdLibraryReport_2025-11-02_NL_last_7_days_advertisers.csv"
    given.write_text("Page ID,Page name,Disclaimer,Amount spent (EUR),Number of ads in Library\n", encoding="utf-8")
    done = audit([given], tmp_path / "out", Options(), lambda *_: None)
    assert draw(done, 5, 0).height == 0


A, B = Stratum("s", "ad", "r", "ok"), Stratum("s", "ad", "r", "missing")


def answers(stratum: Stratum, *given: Answer) -> list[Checked]:
    return [Checked(stratum, answer) for answer in given]


@pytest.mark.parametrize(
    ("share", "number", "low", "high"), [(0.5, 10, 0.2366, 0.7634), (1.0, 20, 0.8389, 1.0), (0.0, 5, 0.0, 0.4345)]
)
def test_wilson_as_published(share: float, number: int, low: float, high: float) -> None:
    assert wilson(share, number) == pytest.approx((low, high), abs=1e-4)


def test_one_stratum_is_plain_wilson() -> None:
    eight: list[Answer] = ["yes"] * 8
    found = confirmed("all", answers(A, *eight, "no", "no", "unclear"), {A: 500})
    assert (found.confirmed, found.answers, found.unclear, found.effective) == (8, 10, 1, 10.0)
    assert (found.low, found.high) == pytest.approx(wilson(0.8, 10))


def test_answers_count_for_the_verdicts_that_they_stand_for() -> None:
    checked = [*answers(A, "yes", "yes"), *answers(B, "no", "no")]
    found = confirmed("all", checked, {A: 900, B: 100})
    assert found.share == pytest.approx(0.9), "not 2 of 4: the answers on A stand for nine times as many"
    assert found.effective is not None
    assert found.effective == pytest.approx(1000**2 / (2 * 450**2 + 2 * 50**2))
    assert (found.low, found.high) == pytest.approx(wilson(0.9, found.effective))


def test_strata_without_an_answer_are_not_spoken_of() -> None:
    found = confirmed("all", answers(A, "yes"), {A: 10, B: 90})
    assert (found.covered, found.verdicts, found.share) == (10, 100, 1.0)
    nothing = confirmed("all", answers(A, "unclear"), {A: 10, B: 90})
    assert (nothing.answers, nothing.unclear, nothing.covered) == (0, 1, 0)
    assert nothing.share is nothing.low is nothing.high is None


@given(st.lists(st.sampled_from(["yes", "no", "unclear"]), max_size=30), st.integers(1, 30), st.integers(1, 10_000))
def test_the_share_lies_in_its_interval(given_answers: list[Answer], of_a: int, size: int) -> None:
    checked = [*answers(A, *given_answers[:of_a]), *answers(B, *given_answers[of_a:])]
    found = confirmed("all", checked, {A: 40, B: size})
    if found.share is None:
        assert not found.answers
    else:
        assert found.low is not None
        assert found.high is not None
        assert 0 <= found.low <= found.share + 1e-9
        assert found.share <= found.high + 1e-9 <= 1 + 1e-6
        written = found.as_written()
        assert written["low"] <= found.low  # type: ignore[operator]
        assert written["high"] >= found.high  # type: ignore[operator]


def test_by_verdict_and_by_rule() -> None:
    found = by_scope([*answers(A, "yes"), *answers(B, "no")], {A: 1, B: 1})
    assert [(one.scope, one.confirmed, one.answers) for one in found["verdict"]] == [("missing", 0, 1), ("ok", 1, 1)]
    assert [(one.scope, one.confirmed, one.answers) for one in found["rule"]] == [("r", 1, 2)]
