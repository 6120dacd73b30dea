"""A store whose observations an adaudit of other columns made: told, never read as if they were of today, made again.

What such an adaudit left is made by hand from what today's writes: fewer columns, more, another type, an older listing.
"""

import json
import random
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from adaudit.audit.options import Options
from adaudit.audit.run import audit
from adaudit.changes.compare import changes
from adaudit.collection.importing import import_files
from adaudit.collection.kept import now
from adaudit.collection.pulling import heal
from adaudit.collection.replaying import apply, migrate, replaying
from adaudit.collection.stored import taking
from adaudit.collection.verifying import verify
from adaudit.errors import EvidenceError, StoreError
from adaudit.store import Store
from adaudit.store.paces import Paces
from tests.collection.stores import EVERYTHING, imported, nothing, page
from tests.collection.test_replaying import shown
from tests.store.test_faults import command, ended

Edit = Callable[[Path], None]


def table(name: str, *edits: pl.Expr, without: tuple[str, ...] = ()) -> Edit:
    """A table of observations with other columns."""

    def edit(folder: Path) -> None:
        frame = pl.read_parquet(folder / name)
        frame.with_columns(*edits).drop(without).write_parquet(folder / name)

    return edit


def described(*without: str) -> Edit:
    """A description of observations that tells less."""

    def edit(folder: Path) -> None:
        about = json.loads((folder / "about.json").read_text("utf-8"))
        (folder / "about.json").write_text(json.dumps({k: v for k, v in about.items() if k not in without}), "utf-8")

    return edit


EDITS: dict[str, tuple[Edit, str]] = {
    "fewer columns": (table("records.parquet", without=("ages_reached", "segments")), "records.parquet: ages_reached"),
    "one that no record fills": (table("records.parquet", without=("prior_suspension",)), "prior_suspension"),
    "more columns": (table("records.parquet", pl.lit(3).alias("shares")), "records.parquet: shares"),
    "another type": (table("records.parquet", pl.col("revision").cast(pl.Int64)), "records.parquet: revision"),
    "an older listing": (table("listing.parquet", without=("form", "position")), "listing.parquet: form"),
    "an older description": (described("filled", "listings"), "about.json: listings"),
}


def older(store: Store, edit: Edit, made_by: str = "0.0.9") -> str:
    """The observations of the first pull as that adaudit would have left them, told in the manifest; the pull."""
    first, *_ = store.observations.pulls()
    about = store.observations.about(first)
    counts = pl.scan_parquet(store.observations.records([first])).select(pl.len()).collect().item()
    with store.writing(), store.rebuilding() as fresh:
        shutil.copytree(store.observations.folder / first, fresh.folder / first)
        (fresh.folder / first / "about.json").write_text(json.dumps({**about, "adaudit": made_by}) + "\n", "utf-8")
        edit(fresh.folder / first)
        fact = {"entry": "read", "pull": first, "at": now(), "adaudit": made_by, "records": counts, "new": counts}
        store.replace(fresh, [{**fact, "files": fresh.files(first)}])
    return first


@pytest.mark.parametrize("name", EDITS)
def test_what_an_adaudit_of_other_columns_made_is_not_read_as_if_this_one_had(store: Store, name: str) -> None:
    edit, what = EDITS[name]
    pull = older(store, edit)
    before = store.manifest.head()
    for reading in (
        lambda: taking(store),
        lambda: changes(store, None, None, None, nothing),
        lambda: heal(store),
        lambda: import_files(store, "meta", [store.folder.parent], None, nothing),
    ):
        with pytest.raises(StoreError, match="replay --apply") as told:
            reading()
        assert pull in str(told.value) and what in str(told.value) and "made by adaudit 0.0.9" in str(told.value)
    assert store.manifest.head() == before, "nothing was begun"
    found = verify(store, EVERYTHING, nothing)
    assert found.faults == [], "it is no damage"
    assert any(pull in note and what in note for note in found.notes)
    with replaying(store, None, nothing) as (again, _):
        assert [one.same_as_stored for one in again.pulls] == [False, True]
        assert any(what.rpartition(" ")[2] in one for one in again.pulls[0].about)


@pytest.mark.parametrize("name", EDITS)
def test_all_is_made_again_from_the_evidence_and_nothing_is_lost_or_doubled(
    store: Store, small: Path, tmp_path: Path, name: str
) -> None:
    older(store, EDITS[name][0])
    evidence = {path: path.read_bytes() for path in store.vault.files()}
    with store.writing():
        done = migrate(store, nothing)
        assert done is not None and done.applied
        assert migrate(store, nothing) is None, "once"
    assert shown(store) == shown(Store(small))
    assert {path: path.read_bytes() for path in store.vault.files()} == evidence
    found = verify(store, EVERYTHING, nothing)
    assert (found.faults, found.notes) == ([], [])
    ways = {"migrated": store, "as it was": Store(small)}
    results = {way: audit(taking(one), tmp_path / way, Options(), nothing).out for way, one in ways.items()}
    for file in ("records.parquet", "verdicts.parquet", "findings.parquet", "summary.json"):
        assert (results["migrated"] / file).read_bytes() == (results["as it was"] / file).read_bytes(), file


def test_the_next_import_heals_and_says_so_and_an_audit_before_it_says_what_to_do(store: Store, small: Path) -> None:
    pull = older(store, EDITS["fewer columns"][0])
    folder = store.folder.parent
    code, said = ended(command(folder, "audit", "--out", str(folder / "out"), "--no-charts"))
    assert (code, "Traceback" in said, "replay --apply" in " ".join(said.split()), pull in said) == (
        3,
        False,
        True,
        True,
    )
    (folder / "three.json").write_bytes(page("1004"))
    code, said = ended(command(folder, "import", "meta", str(folder / "three.json")))
    assert code == 0 and "made again from the evidence" in " ".join(said.split())
    first, second, third = Store(store.folder).observations.pulls()
    whole = Store(small)
    imported(whole_copy := Store(shutil.copytree(whole.folder, folder / "whole")), folder, "three.json", page("1004"))
    assert shown(Store(store.folder))[:2] == shown(whole_copy)[:2] and (first, second) < (third, "~")
    assert verify(Store(store.folder), EVERYTHING, nothing).intact
    code, said = ended(command(folder, "audit", "--out", str(folder / "out"), "--no-charts"))
    assert code == 0, said


def test_a_later_adaudit_s_observations_are_made_again_only_where_that_is_asked_for(store: Store, small: Path) -> None:
    older(store, EDITS["more columns"][0], made_by="99.1")
    before = store.manifest.head()
    with store.writing():
        with pytest.raises(StoreError, match=r"made by adaudit 99\.1.*or use the adaudit that made them"):
            migrate(store, nothing)
        assert store.manifest.head() == before
        assert apply(store, nothing).applied
    assert shown(store) == shown(Store(small))


def test_nothing_is_replaced_where_the_evidence_is_damaged(store: Store) -> None:
    older(store, EDITS["fewer columns"][0])
    path, *_ = store.vault.files()
    path.write_bytes(b"other bytes")
    before = {one: one.read_bytes() for one in store.observations.folder.rglob("*") if one.is_file()}
    with store.writing(), pytest.raises(EvidenceError, match="put the bytes back from a copy"):
        migrate(store, nothing)
    assert {one: one.read_bytes() for one in store.observations.folder.rglob("*") if one.is_file()} == before


def test_a_pull_that_a_crash_left_unread_is_read_after_the_others_were_made_again(store: Store, small: Path) -> None:
    _, second = store.observations.pulls()
    older(store, EDITS["fewer columns"][0])
    shutil.rmtree(store.observations.folder / second)
    with store.writing():
        migrate(store, nothing)
        heal(store)
    assert shown(store) == shown(Store(small)) and verify(store, EVERYTHING, nothing).intact


def test_descriptions_of_pulls_that_tell_less_are_read_and_made_whole(store: Store) -> None:
    whole = {path: path.read_bytes() for path in store.pulls.folder.glob("*.json")}
    for path in whole:
        told = json.loads(path.read_text("utf-8"))
        fewer = {name: told[name] for name in ("id", "source", "how", "scope", "began", "ended", "outcome", "records")}
        path.write_text(json.dumps(fewer, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert [one.records for one in store.pulls.all()] == [2, 2]
    with store.writing():
        assert len(heal(store)) == len(whole)
    assert {path: path.read_bytes() for path in whole} == whole


def test_a_state_without_the_tables_of_today_gets_them_and_keeps_its_own(store: Store) -> None:
    with closing(sqlite3.connect(store.state)) as state, state:
        state.execute("CREATE TABLE pace_elsewhere_calls (name VARCHAR, item_timestamp INTEGER)")
        state.execute("INSERT INTO pace_elsewhere_calls VALUES ('calls', 1)")
    Paces(store.state, "meta", [(5, 60)], {}).wait()
    with closing(sqlite3.connect(store.state)) as state:
        tables = {name for (name,) in state.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert {"pace_elsewhere_calls", "pace_meta_calls"} <= tables
        assert state.execute("SELECT count(*) FROM pace_elsewhere_calls").fetchone() == (1,)


def test_killed_at_any_instant_the_store_is_as_it_was_or_new(store: Store, small: Path) -> None:
    older(store, EDITS["fewer columns"][0])
    folder, draw, kills = store.folder.parent, random.Random(5), 0
    began = time.monotonic()
    assert ended(command(folder, "verify"))[0] == 0
    seconds = 1.5 * (time.monotonic() - began)
    for _ in range(12):
        with command(folder, "replay", "--apply") as process:
            time.sleep(draw.uniform(0.3, 1) * seconds)
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                process.wait()
                kills += 1
        again = Store(store.folder)
        if again.unlike():
            with pytest.raises(StoreError, match=r"replay --apply|in their place"):
                taking(again)
    assert kills > 3
    code, said = ended(command(folder, "replay", "--apply"))
    assert code == 0, said
    again = Store(store.folder)
    assert shown(again) == shown(Store(small)) and verify(again, EVERYTHING, nothing).intact
    assert not [path for path in again.folder.iterdir() if path.name.endswith((".part", ".next"))]
