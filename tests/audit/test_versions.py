"""Versions of one record: the latest counts, older ones are kept beside it, repeats are counted once."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from adaudit.audit.assemble import assemble
from adaudit.audit.options import Options

from .conftest import Audited
from .fictional import Batch, Judged, Row, installed, take


def at(day: int) -> datetime:
    return datetime(2025, 11, day, tzinfo=UTC)


def version(name: str, **columns: object) -> Row:
    return {"record_id": "1", "sponsor_name": name, **columns}


def latest(found: Judged) -> list[str]:
    return found.records()["sponsor_name"].to_list()


def test_the_highest_revision_is_the_latest_whatever_the_clocks_and_the_order_say(audit_of: Audited) -> None:
    newer = version("newer", revision=10, updated_at=at(1), observed_at=at(1))
    older = version("older", revision=9, updated_at=at(2), observed_at=at(2))
    for order in ([newer, older], [older, newer]):
        found = audit_of(Batch("notices", order))
        assert latest(found) == ["newer"]
        assert found.superseded()["sponsor_name"].to_list() == ["older"]


def test_without_revision_the_update_decides_then_the_observation(audit_of: Audited) -> None:
    updated = [
        version("newer", updated_at=at(2), observed_at=at(1)),
        version("older", updated_at=at(1), observed_at=at(2)),
    ]
    assert latest(audit_of(Batch("notices", updated))) == ["newer"]
    observed = [version("newer", observed_at=at(2)), version("older", observed_at=at(1))]
    assert latest(audit_of(Batch("notices", observed))) == ["newer"]


def test_where_no_clock_tells_the_position_in_the_inputs_decides(audit_of: Audited) -> None:
    first, second = Batch("notices", [version("first")]), Batch("notices", [version("second")])
    assert latest(audit_of(first, second)) == ["second"]
    assert latest(audit_of(second, first)) == ["first"]


def test_a_known_clock_beats_an_unknown_one(audit_of: Audited) -> None:
    rows = [version("known", observed_at=at(1)), version("unknown")]
    assert latest(audit_of(Batch("notices", rows))) == ["known"]


def test_a_text_that_comes_back_is_the_latest_again(audit_of: Audited) -> None:
    found = audit_of(Batch("notices", [version("a"), version("b"), version("a")]))
    assert latest(found) == ["a"]
    assert found.superseded()["sponsor_name"].to_list() == ["b"]
    assert (found.assembled.total, found.assembled.superseded, found.assembled.repeated) == (1, 1, 1)


def test_a_repeat_seen_later_is_no_version(audit_of: Audited) -> None:
    rows = [version("same", observed_at=at(day), locator=f"record {day}") for day in (1, 2, 3)]
    found = audit_of(Batch("notices", rows))
    assert (found.assembled.total, found.assembled.superseded, found.assembled.repeated) == (1, 0, 2)
    assert not (found.out / "superseded.parquet").exists()


def test_the_same_id_in_another_kind_or_source_is_another_record(audit_of: Audited) -> None:
    found = audit_of(
        Batch("notices", [version("a")]),
        Batch("ads", [version("a")]),
        Batch("statements", [version("a")], source="politiekereclame_nl"),
    )
    assert found.assembled.total == 3


def test_the_first_publication_is_that_of_revision_one(audit_of: Audited) -> None:
    rows = [
        version("second", revision=2, published_at=at(9)),
        version("first", revision=1, published_at=at(3)),
    ]
    assert audit_of(Batch("notices", rows)).records()["first_published_at"].to_list() == [at(3)]
    unnumbered = [*rows, version("without a number", published_at=at(1))]
    assert audit_of(Batch("notices", unnumbered)).records()["first_published_at"].to_list() == [at(3)]
    assert audit_of(Batch("notices", rows[:1])).records()["first_published_at"].to_list() == [None]


def test_verdicts_and_amounts_are_those_of_the_latest_alone(audit_of: Audited) -> None:
    money = {"amount_currency": "EUR"}
    found = audit_of(
        Batch(
            "notices",
            [
                version("", sponsor_name=None, revision=1, amount_ad_low=5, amount_ad_high=5, **money),
                version("Fictional Party", revision=2, amount_ad_low=7, amount_ad_high=7, **money),
            ],
        )
    )
    (judged,) = found.by_record().values()
    assert judged["notice_sponsor_name"] == ("ok", "disclosed")
    assert [(one.scope, one.low, one.records) for one in found.spend()] == [("ad", Decimal(7), 1)]


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "record_id": st.sampled_from("abc"),
            "sponsor_name": st.sampled_from([None, "p", "q"]),
            "revision": st.sampled_from([None, 1, 2]),
            "updated_at": st.sampled_from([None, at(1), at(2)]),
        }
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_every_row_that_comes_in_is_latest_older_or_a_repeat(rows: list[Row]) -> None:
    with TemporaryDirectory() as name, installed():
        folder = Path(name)
        found = assemble(take(folder, Batch("notices", rows)), folder, Options())
        records = pl.read_parquet(found.records)
        assert found.total + found.superseded + found.repeated == len(rows)
        assert sorted(records["record_id"]) == sorted({str(row["record_id"]) for row in rows})
        for one in records.iter_rows(named=True):
            same = [row for row in rows if row["record_id"] == one["record_id"]]

            def place(row: Row) -> tuple[int, datetime]:
                revision, updated = row["revision"], row["updated_at"]
                assert revision is None or isinstance(revision, int)
                assert updated is None or isinstance(updated, datetime)
                return revision or 0, updated or at(1).replace(year=1)

            highest = max(place(row) for row in same)
            last = [row for row in same if place(row) == highest][-1]
            assert one["sponsor_name"] == last["sponsor_name"]
