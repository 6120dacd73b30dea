"""What goes wrong around a store: a full disk, files half-written, two at once, a later layout, the clock set back."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Self

import polars as pl
import pytest

from adaudit.audit.options import Options
from adaudit.audit.run import audit
from adaudit.collection import importing
from adaudit.collection.pulling import heal
from adaudit.collection.stored import taking
from adaudit.collection.verifying import verify
from adaudit.errors import EvidenceError, StoreError
from adaudit.store import Store
from tests.collection.stores import EVERYTHING, imported, nothing, page
from tests.platforms.server import Platforms


def command(folder: Path, *arguments: str, largest_file: int | None = None) -> "subprocess.Popen[str]":
    """`adaudit` in a process of its own; no file of it may become larger than that."""

    def limit() -> None:
        if largest_file is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

    return subprocess.Popen(
        [sys.executable, "-m", "adaudit", *arguments],
        env={**os.environ, "ADAUDIT_STORE": str(folder / "store"), "ADAUDIT_CREDENTIALS": str(folder / "none")},
        text=True,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=limit,  # noqa: PLW1509 - there are no threads here
    )


def ended(process: "subprocess.Popen[str]") -> tuple[int, str]:
    with process:
        out, errors = process.communicate(timeout=120)
    return process.returncode, out + errors


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Twenty pages of sixty ads."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(20):
        ids = [f"{number:03}{ad:03}9" for ad in range(60)]
        (folder / f"{number:02}.json").write_bytes(page(*ids, sponsor=f"Partij {number} van Morgen"))
    return folder


@pytest.mark.parametrize("largest", [10, 700, 3_000, 9_000, 20_000])
def test_a_full_disk_is_said_and_what_comes_after_makes_it_good(tmp_path: Path, files: Path, largest: int) -> None:
    code, said = ended(command(tmp_path, "import", "meta", str(files), largest_file=largest))
    assert (code, "Traceback" in said) == (3, False), said
    assert "make room" in said or "could not be written" in said
    assert not [one for one in (tmp_path / "store").rglob("*.part") if one.is_dir()]
    code, said = ended(command(tmp_path, "import", "meta", str(files)))
    assert code == 0, said
    store = Store(tmp_path / "store")
    found = verify(store, EVERYTHING, nothing)
    assert found.faults == []
    shown = pl.concat([store.observations.listing(one).select("record_id") for one in store.observations.pulls()])
    assert shown.unique().collect().height == 1200
    audited = audit(taking(store), tmp_path / "audit", Options(), nothing)
    assert audited.assembled.total == 1200


@pytest.mark.parametrize("largest", [700, 3_000, 9_000, 30_000])
def test_a_pull_that_the_disk_stops_goes_on_when_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, largest: int
) -> None:
    asked = ("pull", "meta", "--country", "ALL", "--term", "*", "--ad-type", "ALL")
    with Platforms(ads=450) as server:
        monkeypatch.setenv("ADAUDIT_META_URL", server.url("meta"))
        monkeypatch.setenv("ADAUDIT_META_TOKEN", server.token("meta"))
        code, said = ended(command(tmp_path, *asked, largest_file=largest))
        assert (code, "Traceback" in said) == (3, False), said
        assert "make room" in said
        begun = (tmp_path / "store" / "pulls").exists()
        code, said = ended(command(tmp_path, *(("pull", "--resume") if begun else asked)))
        assert code == 0, said
        expected = set(server.archive("meta"))
    store = Store(tmp_path / "store")
    found = verify(store, EVERYTHING, nothing)
    assert (found.faults, found.notes) == ([], [])
    listing = store.observations.listing(store.pulls.last()).select("record_id").unique().collect()
    assert listing.height == len(expected)


def test_a_first_file_that_does_not_fit_leaves_a_folder_that_can_be_used(tmp_path: Path, files: Path) -> None:
    code, said = ended(command(tmp_path, "import", "meta", str(files), largest_file=0))
    assert (code, "Traceback" in said) == (3, False), said
    assert ended(command(tmp_path, "import", "meta", str(files)))[0] == 0


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store of two imports."""
    made = Store(tmp_path / "store")
    imported(made, tmp_path, "one.json", page("1001", "1002"))
    imported(made, tmp_path, "two.json", page("1002", "1003"))
    return made


@pytest.mark.parametrize(
    "left",
    [
        "evidence/.abc.part",
        "evidence/blobs/ab/.abc.part",
        "pulls/.abc.part",
        ".observations.part/20260101T000000000000-meta-aaaaaa/records.parquet",
        "observations.next/20260101T000000000000-meta-aaaaaa/records.parquet",
        ".reading-abc/part-000000.parquet",
        "observations/.20260101T000000000000-meta-aaaaaa.part/hashed.parquet",
    ],
)
def test_what_a_crash_left_half_written_is_no_part_of_the_store_and_is_taken_away(store: Store, left: str) -> None:
    path = store.folder / left
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"half")
    assert verify(store, EVERYTHING, nothing).intact
    with store.writing():
        heal(store)
    assert not path.exists()
    assert verify(store, EVERYTHING, nothing).as_written()["notes"] == []


def test_a_line_that_was_cut_off_is_told_and_then_taken_away(store: Store) -> None:
    whole = store.manifest.path.read_bytes()
    store.manifest.path.write_bytes(whole + b'{"entry":"kept","num')
    found = verify(store, EVERYTHING, nothing)
    assert found.intact and "has no end" in found.notes[0]
    with store.writing():
        store.manifest.add(entry="missing", pull=store.pulls.last(), at="2027-01-01T00:00:00+00:00")
    assert verify(store, EVERYTHING, nothing).lines == 9


@pytest.mark.parametrize("cut", [(), ("pulls",), ("observations",), ("pulls", "observations")])
def test_what_is_made_of_the_evidence_is_made_again_from_it(store: Store, tmp_path: Path, cut: tuple[str, ...]) -> None:
    before = audit(taking(store), tmp_path / "before", Options(), nothing)
    described = store.pulls.all()
    for name in cut:
        shutil.rmtree(store.folder / name)
    with store.writing():
        heal(store)
    assert [one.model_dump(exclude={"id"}) for one in store.pulls.all()] == [
        one.model_dump(exclude={"id"}) for one in described
    ]
    after = audit(taking(store), tmp_path / "after", Options(), nothing)
    assert after.summary["verdicts"] == before.summary["verdicts"]
    assert verify(store, EVERYTHING, nothing).as_written()["notes"] == []


def test_a_damaged_description_is_named_and_made_again(store: Store) -> None:
    path = store.pulls.folder / f"{store.pulls.last()}.json"
    whole = path.read_bytes()
    path.write_bytes(whole[:40])
    with pytest.raises(EvidenceError, match="adaudit verify"):
        store.pulls.all()
    with store.writing():
        heal(store)
    assert path.read_bytes() == whole


def test_damage_at_the_end_is_not_taken_for_a_power_cut(store: Store) -> None:
    """The last answer of a store that was left in order is damaged: the lines that tell of it stay, and are told."""
    lines = store.manifest.path.read_bytes()
    last = [one for one in store.manifest.entries() if one.entry == "kept"][-1]
    path = store.vault.folder / last.sha256[:2] / f"{last.sha256}.zst"
    path.write_bytes(b"other")
    with store.writing():
        heal(store)
    assert store.manifest.path.read_bytes() == lines
    assert [one.rests.ids for one in verify(store, EVERYTHING, nothing).faults] == [("1003",)]


def test_a_later_layout_is_not_touched(store: Store) -> None:
    about = store.folder / "store.json"
    about.write_text(json.dumps({**json.loads(about.read_text("utf-8")), "layout": 2}), "utf-8")
    before = {path: path.read_bytes() for path in store.folder.rglob("*") if path.is_file()}
    with pytest.raises(StoreError, match=r"has layout 2; this adaudit .* reads layout 1"):
        Store(store.folder)
    for arguments in (("verify",), ("replay", "--apply"), ("pull", "--resume"), ("audit",), ("doctor",)):
        code, said = ended(command(store.folder.parent, *arguments))
        assert (code, "Traceback" in said, "layout 2" in " ".join(said.split())) == (3, False, True), (arguments, said)
    assert {path: path.read_bytes() for path in store.folder.rglob("*") if path.is_file()} == before


def test_two_at_once_the_second_is_told_who_writes(store: Store, files: Path) -> None:
    holding = "import sys, time; from pathlib import Path; from adaudit.store import Store\n"
    holding += "with Store(Path(sys.argv[1])).writing():\n print('held', flush=True); time.sleep(60)"
    with subprocess.Popen(
        [sys.executable, "-c", holding, str(store.folder)], text=True, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == "held\n"
        for arguments in (("import", "meta", str(files)), ("verify",), ("replay",), ("replay", "--apply")):
            code, said = ended(command(store.folder.parent, *arguments))
            assert code == 3 and f"is being written to by process {process.pid}" in said, said
        process.send_signal(signal.SIGKILL)
    assert ended(command(store.folder.parent, "import", "meta", str(files)))[0] == 0
    assert verify(store, EVERYTHING, nothing).intact


def test_many_at_once_lose_nothing(tmp_path: Path, files: Path) -> None:
    processes = [command(tmp_path, "import", "meta", str(one)) for one in sorted(files.iterdir())[:4]]
    codes = [ended(one)[0] for one in processes]
    assert set(codes) <= {0, 3} and 0 in codes
    store = Store(tmp_path / "store")
    assert verify(store, EVERYTHING, nothing).intact
    assert [one.outcome for one in store.pulls.all()] == ["complete"] * codes.count(0)


def test_a_clock_that_was_set_back_changes_no_order_and_doubles_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class SetBack(datetime):
        """A clock that is a year slow."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            slow = datetime.now(tz) - timedelta(days=365)
            return cls.fromtimestamp(slow.timestamp(), tz)

    before = store.pulls.last()
    monkeypatch.setattr(importing, "datetime", SetBack)
    monkeypatch.setattr(importing, "now", lambda: SetBack.now(UTC).isoformat())
    name = imported(store, tmp_path, "three.json", page("1001", "1003"))
    again = imported(store, tmp_path, "four.json", page("1001", "1003"))
    assert before < name < again
    assert [one.new for one in store.pulls.all()] == [2, 1, 0, 0]
    with store.writing():
        assert heal(store) == []
    found = verify(store, EVERYTHING, nothing)
    assert found.intact and any("clock was set back" in one for one in found.notes)
    assert audit(taking(store), tmp_path / "audit", Options(), nothing).assembled.total == 3


def test_a_lock_that_a_crash_left_is_no_lock(store: Store) -> None:
    (store.folder / ".owner").write_text("process 1 on nowhere since long ago", "utf-8")
    assert store.writer() == ""
    began = time.monotonic()
    with store.writing():
        pass
    assert time.monotonic() - began < 5 and not (store.folder / ".owner").exists()
