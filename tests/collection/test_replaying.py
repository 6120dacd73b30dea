"""Observations made again from the bytes: the same, or told what differs and why, and replaced all or none."""

import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from adaudit.collection.kept import now
from adaudit.collection.replaying import apply, audits, reasons, replaying
from adaudit.collection.stored import taking
from adaudit.collection.verifying import verify
from adaudit.errors import EvidenceError, StoreError, UsageError
from adaudit.evidence.vault import name_of
from adaudit.model.record import SCHEMA
from adaudit.store import Store
from adaudit.store.observations import marked
from tests.collection.stores import EVERYTHING, nothing


def otherwise(store: Store, **columns: pl.Expr) -> None:
    """The observations of the first pull as another adaudit would have made them, which read these columns so."""
    first, *_ = store.observations.pulls()
    about = {**store.observations.about(first), "adaudit": "0.0"}
    records = pl.read_parquet(store.observations.records([first])).drop("content")
    with store.writing(), store.rebuilding() as fresh:
        records_new = fresh.write(first, marked(records.with_columns(**columns)).lazy(), about, store.observations)
        told = dict(zip(("records", "new"), records_new, strict=True))
        fact = {"entry": "read", "pull": first, "at": now(), "adaudit": "0.0"}
        store.replace(fresh, [{**fact, **told, "files": fresh.files(first)}])


def shown(store: Store) -> list[object]:
    """What the store has observed."""
    pulls = store.observations.pulls()
    listings = [
        store.observations.listing(one).select("record_id", "content").unique().collect().rows() for one in pulls
    ]
    records = pl.read_parquet(store.observations.records(pulls)).sort("record_id", "content")
    return [*map(sorted, listings), records.drop("position").rows()]


def test_what_was_not_altered_comes_out_the_same_and_is_not_replaced(store: Store) -> None:
    with replaying(store, None, nothing) as (found, _):
        assert found.same and [(one.same, one.new) for one in found.pulls] == [(2, 0), (2, 0)]
    lines = store.manifest.head()
    with store.writing():
        assert not apply(store, nothing).applied
    assert store.manifest.head() == lines


def test_what_another_adaudit_read_otherwise_is_told_column_by_column(store: Store) -> None:
    otherwise(store, disclaimer=pl.lit("x"), languages=pl.lit(["nl"]))
    with replaying(store, None, nothing) as (found, _):
        first, second = found.pulls
        assert (first.same, first.changed, first.gone, first.new) == (0, 2, 0, 0)
        assert first.columns["disclaimer"] == 2 and first.columns["languages"] == 2
        assert (first.made_by, second.same_as_stored) == ("0.0", True)
        [example, *_] = [one for one in first.examples if one.column == "disclaimer"]
        assert (example.record_id, example.stored, example.replayed) == ("1001", "x", "Partij van Morgen")
        assert any("read by adaudit 0.0" in one for one in reasons(found))


def test_what_is_no_content_is_compared_too(store: Store) -> None:
    otherwise(store, locator=pl.lit("/data/9"))
    with replaying(store, None, nothing) as (found, _):
        assert (found.pulls[0].changed, found.pulls[0].columns) == (2, {"locator": 2})


def test_records_that_are_gone_or_new_are_counted(store: Store) -> None:
    otherwise(store, record_id=pl.col("record_id").replace("1001", "9999"))
    with replaying(store, None, nothing) as (found, _):
        assert (found.pulls[0].same, found.pulls[0].gone, found.pulls[0].new) == (1, 1, 1)


def test_apply_puts_right_what_was_read_otherwise_and_later_pulls_stay_whole(store: Store, small: Path) -> None:
    otherwise(store, disclaimer=pl.lit("x"))
    assert not verify(store, EVERYTHING, nothing).intact
    with store.writing():
        assert apply(store, nothing).applied
    assert shown(store) == shown(Store(small))
    found = verify(store, EVERYTHING, nothing)
    assert (found.faults, found.notes) == ([], [])
    with replaying(store, None, nothing) as (again, _):
        assert again.same


@pytest.mark.parametrize("name", ["records.parquet", "listing.parquet", "about.json"])
def test_apply_makes_damaged_observations_again(store: Store, small: Path, name: str) -> None:
    path = next(store.observations.folder.glob(f"*/{name}"))
    path.write_bytes(path.read_bytes()[:-9])
    with store.writing():
        found = apply(store, nothing)
    assert found.applied and [one.damaged for one in found.pulls].count(True) == 1
    assert shown(store) == shown(Store(small)) and verify(store, EVERYTHING, nothing).intact


def test_nothing_is_made_of_damaged_evidence(store: Store) -> None:
    before = shown(store)
    path, *_ = store.vault.files()
    path.write_bytes(b"other bytes")
    with store.writing(), pytest.raises(EvidenceError, match=name_of(path)):
        apply(store, nothing)
    assert shown(store) == before and not list(store.folder.glob("*.part"))


def test_one_pull_alone_and_one_that_is_none(store: Store) -> None:
    first, second = store.observations.pulls()
    with replaying(store, second, nothing) as (found, _):
        assert [one.pull for one in found.pulls] == [second] and found.same
    with pytest.raises(UsageError, match=first), replaying(store, "nowhere", nothing):
        pass


@pytest.mark.parametrize("stops_at", range(1, 9))
def test_a_crash_while_observations_are_replaced_leaves_all_or_none(
    store: Store, small: Path, monkeypatch: pytest.MonkeyPatch, stops_at: int
) -> None:
    """Stopped at each step that changes a folder: what writes to the store next ends what was begun."""
    otherwise(store, disclaimer=pl.lit("x"))
    before, steps = shown(store), iter(range(1, 100))
    rename, rmtree = Path.rename, shutil.rmtree

    class Crash(BaseException):
        """The power is gone."""

    def counted(name: str) -> None:
        if ".part" not in name and next(steps) == stops_at:
            raise Crash

    def renaming(self: Path, target: Path) -> Path:
        counted(target.name)
        return rename(self, target)

    def removing(path: Path, *given: Any, **options: Any) -> None:
        if store.folder in Path(path).parents:
            counted(Path(path).name)
        rmtree(path, *given, **options)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", renaming)
        patched.setattr(shutil, "rmtree", removing)
        try:
            with store.writing():
                apply(store, nothing)
        except Crash:
            pass
    again = Store(store.folder)
    if (store.next / "read.json").exists():
        with pytest.raises(StoreError, match="not all in their place"):
            taking(again)
    with again.writing():
        pass
    assert shown(again) in (before, shown(Store(small)))
    read = [(one.pull, one.at) for one in again.manifest.entries() if one.entry == "read"]
    assert len(read) == len(set(read))
    assert not list(store.folder.glob("observations.next")) and not list(store.folder.glob(".*.part"))
    with again.writing():
        apply(again, nothing)
    assert shown(again) == shown(Store(small)) and verify(again, EVERYTHING, nothing).intact


def test_findings_of_both_are_compared(store: Store, tmp_path: Path) -> None:
    from adaudit.audit.comparison import compare
    from adaudit.export.differences import complete

    otherwise(store, **{one: pl.lit(None, dtype=SCHEMA[one]) for one in ("disclaimer", "delivered_from")})
    with replaying(store, None, nothing) as (_, again):
        comparison = compare(*audits(store, again, tmp_path, nothing))
        complete(comparison, None)
    assert comparison.records["changed"] == 2
    assert comparison.findings["only_a"] + comparison.findings["changed"] >= 1, comparison.findings


def test_while_another_writes_it_is_said(store: Store) -> None:
    with store.writing(), pytest.raises(StoreError, match="being written to"), replaying(store, None, nothing):
        pass
