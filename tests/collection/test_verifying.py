"""One flipped byte anywhere in the evidence is noticed, named, and told with the records that rest on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adaudit.collection.kept import now
from adaudit.collection.replaying import apply, reasons, replaying
from adaudit.collection.verifying import Asked, Verified, verify
from adaudit.errors import StoreError
from adaudit.evidence.vault import name_of
from adaudit.store import Store
from adaudit.store.observations import marked
from tests.collection.stores import EVERYTHING, imported, nothing, page

NO_EVIDENCE = ("state.sqlite", ".lock", ".owner", "partial/")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of three imports, the last of which shows what the first does."""
    folder = tmp_path_factory.mktemp("small")
    store = Store(folder / "store")
    imported(store, folder, "one.json", page("1001", "1002"))
    imported(store, folder, "two.json", page("1003", sponsor="Stichting Straks"))
    imported(store, folder, "three.json", page("1001", "1003", sponsor="Stichting Straks"))
    return folder / "store"


def evidence(folder: Path) -> Iterator[Path]:
    """Every file of a store that is evidence or rests on it."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).as_posix()
        if path.is_file() and not inside.startswith(NO_EVIDENCE):
            yield path


def looked(folder: Path) -> Verified | None:
    """What verify finds; None where the store does not even open."""
    try:
        return verify(Store(folder), EVERYTHING, nothing)
    except StoreError:
        return None


def test_a_store_that_nobody_touched_is_what_it_was(store: Store) -> None:
    found = verify(store, EVERYTHING, nothing)
    assert (found.faults, found.notes) == ([], [])
    assert (found.lines, found.pulls, found.blobs, found.files) == (12, 3, 3, 9)
    assert (found.answers_read, found.answers, found.records_read, found.records) == (3, 3, 4, 4)
    assert found.head == store.manifest.head()


def test_each_file_of_a_store_is_looked_at(store: Store) -> None:
    for path in evidence(store.folder):
        whole = path.read_bytes()
        for at in (0, len(whole) // 2, len(whole) - 1):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            found = looked(store.folder)
            assert found is None or not found.intact or _same_bytes(store, path), f"{path.name} at {at}"
            if found is not None and path.name not in {"store.json", "noted.json"} and not found.intact:
                _names(found, path.relative_to(store.folder).as_posix())
        path.write_bytes(whole)
    assert verify(store, EVERYTHING, nothing).intact


def _same_bytes(store: Store, path: Path) -> bool:
    """Whether what was flipped is a bit of the packing that leaves the bytes as they were."""
    return path.suffix == ".zst" and store.vault.intact(name_of(path))


def _names(found: Verified, inside: str) -> None:
    """The file is named; of the manifest, the end of which the note beside it holds, one of the two."""
    named = {one.file for one in found.faults}
    assert inside in named or (inside.endswith("manifest.jsonl") and "evidence/noted.json" in named), (inside, named)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(draw=st.data())
def test_one_flipped_byte_is_never_unnoticed(store: Store, draw: st.DataObject) -> None:
    path = draw.draw(st.sampled_from(list(evidence(store.folder))))
    whole = path.read_bytes()
    at = draw.draw(st.integers(0, len(whole) - 1))
    flip = draw.draw(st.integers(1, 255))
    try:
        path.write_bytes(whole[:at] + bytes([whole[at] ^ flip]) + whole[at + 1 :])
        found = looked(store.folder)
        unnoticed = found is not None and found.intact and not _same_bytes(store, path)
    finally:
        path.write_bytes(whole)
    assert not unnoticed, f"{path.relative_to(store.folder)} at {at}"


@pytest.mark.parametrize("name", ["state.sqlite", ".lock", "partial/half"])
def test_what_is_no_evidence_may_change(store: Store, name: str) -> None:
    (store.folder / name).parent.mkdir(exist_ok=True)
    (store.folder / name).write_bytes(b"anything")
    assert verify(store, EVERYTHING, nothing).intact


@pytest.mark.parametrize("name", ["*.zst", "records.parquet", "listing.parquet", "about.json"])
def test_a_file_that_is_gone_is_named_with_the_records_that_rest_on_it(store: Store, name: str) -> None:
    path = next(one for one in evidence(store.folder) if one.match(name))
    path.unlink()
    [fault, *_] = verify(store, EVERYTHING, nothing).faults
    assert name_of(Path(fault.file)) == name_of(path)
    assert fault.rests.records in {1, 2} and all(one.startswith("100") for one in fault.rests.ids)


def test_the_records_that_came_from_altered_bytes_are_counted(store: Store) -> None:
    first = next(one for one in store.manifest.entries() if one.entry == "kept")
    path = store.vault.folder / first.sha256[:2] / f"{first.sha256}.zst"
    path.write_bytes(path.read_bytes()[:-4])
    [fault] = verify(store, EVERYTHING, nothing).faults
    assert (fault.file, fault.rests.records, fault.rests.ids) == (
        f"evidence/blobs/{first.sha256[:2]}/{first.sha256}.zst",
        2,
        ("1001", "1002"),
    )


def test_lines_that_were_taken_away_at_the_end_are_missed(store: Store) -> None:
    lines = store.manifest.path.read_bytes().splitlines(keepends=True)
    store.manifest.path.write_bytes(b"".join(lines[:-4]))
    assert {one.file.split("/")[0] for one in verify(store, EVERYTHING, nothing).faults} == {
        "evidence",
        "observations",
        "pulls",
    }


def test_a_whole_chain_that_was_forged_does_not_hold_the_head_noted_elsewhere(store: Store, tmp_path: Path) -> None:
    head = store.manifest.head()
    assert verify(store, Asked(0, head=head), nothing).noted == 11
    forged = Store(tmp_path / "forged")
    imported(forged, tmp_path, "one.json", page("1001", "1002", sponsor="Iemand Anders"))
    found = verify(forged, Asked(0, head=head), nothing)
    assert [one.file for one in found.faults] == ["evidence/manifest.jsonl"] and found.noted is None


def test_observations_that_the_bytes_do_not_bear_out_are_found_even_with_a_chain_that_fits(store: Store) -> None:
    """As another adaudit may have read them: the files are those that the manifest names, the bytes say otherwise."""
    import polars as pl

    first, *_ = store.observations.pulls()
    about = store.observations.about(first)
    records = pl.read_parquet(store.observations.records([first])).drop("content")
    with store.writing(), store.rebuilding() as fresh:
        otherwise = marked(records.with_columns(sponsor_name=pl.lit("Verzonnen")))
        fresh.write(first, otherwise.lazy(), about, store.observations)
        told = {"entry": "read", "pull": first, "at": "2026-03-02T00:00:00+00:00", "adaudit": "0.0", "records": 2}
        store.replace(fresh, [{**told, "new": 2, "files": fresh.files(first)}])
    found = verify(store, EVERYTHING, nothing)
    assert any("stand so in the bytes" in one.what and "adaudit 0.0" in one.what for one in found.faults)
    assert {one.rests.records for one in found.faults if one.file.endswith("records.parquet")} == {2}


def test_a_sample_reads_as_many_answers_as_were_asked_for_and_the_same_each_time(store: Store) -> None:
    one, other = (verify(store, Asked(2, seed=3), nothing) for _ in range(2))
    assert (one.answers_read, one.answers) == (2, 3)
    assert one == other
    assert verify(store, Asked(0), nothing).answers_read == 0


def test_nothing_is_written_by_looking(store: Store) -> None:
    before = {path: path.read_bytes() for path in store.folder.rglob("*") if path.is_file()}
    verify(store, EVERYTHING, nothing)
    assert {path: path.read_bytes() for path in store.folder.rglob("*") if path.is_file()} == before


def test_while_another_writes_it_is_said(store: Store) -> None:
    with store.writing(), pytest.raises(StoreError, match="is being written to by process"):
        verify(Store(store.folder), EVERYTHING, nothing)


def test_answers_that_came_since_a_pull_was_read_are_told_and_not_held_against_it(store: Store) -> None:
    """As where a pull that was stopped goes on and is killed: more is kept, and what was read is as it was."""
    pull, *_ = store.observations.pulls()
    sha256 = store.vault.keep(page("1009"))
    seen = {"pull": pull, "at": now()}
    with store.writing():
        store.manifest.add(entry="resume", **seen)
        store.manifest.add(entry="kept", page=2, sha256=sha256, size=9, **seen)
    found = verify(store, EVERYTHING, nothing)
    assert found.faults == [] and (found.answers_read, found.answers) == (3, 4)
    assert any("not finished: 1 of its answers" in one for one in found.notes)
    assert any(pull in one and "not what the manifest says by now" in one for one in found.notes)
    with replaying(store, None, nothing) as (again, _):
        assert again.pulls[0].new == 1 and any("after their pull was last read" in one for one in reasons(again))
    with store.writing():
        apply(store, nothing)
    assert verify(store, EVERYTHING, nothing).notes == []
