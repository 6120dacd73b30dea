"""Files saved by hand in the store: the same evidence, the same records as an audit of the files."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from adaudit.audit.options import Options
from adaudit.audit.run import audit
from adaudit.collection.importing import import_files
from adaudit.collection.stored import taking
from adaudit.errors import UsageError
from adaudit.sample import write_sample
from adaudit.store import Pull, Store

MARCH, MAY = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)


def nothing(*_: object) -> None:
    """Nobody looks on."""


def imported(store: Store, source: str | None, *paths: Path, at: datetime | None = None) -> Pull:
    with store.writing():
        return import_files(store, source, paths, at, nothing)


def statement(folder: Path, name: str) -> bytes:
    """One statement of the sample's register, with this sponsor."""
    [path, *_] = sorted(folder.rglob("*statements*.json"))
    first = json.loads(path.read_bytes())[0]
    return json.dumps([{**first, "opdrachtgever_naam_organisatie": name}]).encode()


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """The files of the sample."""
    folder = tmp_path / "files"
    write_sample(folder)
    return folder


def test_an_audit_of_the_store_finds_what_an_audit_of_the_files_finds(tmp_path: Path, sample: Path) -> None:
    store = Store(tmp_path / "store")
    assert imported(store, None, sample).records
    of_files = audit([sample], tmp_path / "a", Options(), nothing)
    of_store = audit(taking(store), tmp_path / "b", Options(), nothing)
    told = [("findings", "verdict", "reason", "record_id", "rule"), ("records", "record_id", "sponsor_name", "kind")]
    for name, *columns in told:
        one, other = (
            pl.read_parquet(tmp_path / side / f"{name}.parquet").select(columns).sort(columns) for side in "ab"
        )
        assert one.equals(other)
    assert of_files.summary["verdicts"] == of_store.summary["verdicts"]


def test_a_record_leads_back_to_the_kept_bytes(tmp_path: Path, sample: Path) -> None:
    store = Store(tmp_path / "store")
    pull = imported(store, None, sample)
    records = pl.read_parquet(store.observations.records([pull.id]))
    assert records["input_sha256"].null_count() == 0
    assert {one for one in records["input_sha256"].unique() if not store.vault.intact(one)} == set()


def test_the_same_file_again_costs_a_listing_and_no_record(tmp_path: Path, sample: Path) -> None:
    store = Store(tmp_path / "store")
    first, again = imported(store, None, sample), imported(store, None, sample)
    assert (again.records, again.new) == (first.records, 0)


def test_what_was_known_on_a_day_comes_back(tmp_path: Path, sample: Path) -> None:
    file = tmp_path / "statements.json"
    store = Store(tmp_path / "store")
    for name, at in (("Voor", MARCH), ("Na", MAY), ("Voor", datetime(2026, 7, 1, tzinfo=UTC))):
        file.write_bytes(statement(sample, name))
        assert imported(store, "politiekereclame_nl", file, at=at).outcome == "complete"
    names = {}
    for day in (date(2026, 3, 1), date(2026, 5, 1), date(2026, 12, 1), None):
        audit(taking(store, day), tmp_path / f"on-{day}", Options(known_on=day), nothing)
        names[day] = pl.read_parquet(tmp_path / f"on-{day}" / "records.parquet")["sponsor_name"].to_list()
    assert list(names.values()) == [["Voor"], ["Na"], ["Voor"], ["Voor"]]
    with pytest.raises(UsageError, match="observed nothing by 2026-02-28"):
        taking(store, date(2026, 2, 28))


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_kept(tmp_path: Path, sample: Path) -> None:
    (tmp_path / "good.json").write_bytes(statement(sample, "Een"))
    (tmp_path / "bad.json").write_text("[{", "utf-8")
    pull = imported(Store(tmp_path / "store"), "politiekereclame_nl", tmp_path / "bad.json", tmp_path / "good.json")
    assert (pull.outcome, pull.answers, pull.records) == ("truncated", 2, 1)
    assert "bad.json" in pull.why


def test_tokens_in_a_saved_page_are_taken_out_before_it_is_kept(tmp_path: Path) -> None:
    page = {"data": [{"id": "1", "ad_snapshot_url": "https://x.example/?id=1&access_token=EAABsecretsecretsecret"}]}
    (tmp_path / "page.json").write_text(json.dumps(page), "utf-8")
    store = Store(tmp_path / "store")
    assert imported(store, "meta", tmp_path / "page.json").taken_out == 1
    assert not [one for one in store.vault.names() if b"EAABsecret" in store.vault.read(one)]


def test_a_source_that_is_none_and_a_path_that_is_none_are_wrong_use(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    with pytest.raises(UsageError, match="no source"):
        imported(store, "nowhere", tmp_path)
    with pytest.raises(UsageError, match="no such file"):
        imported(store, "meta", tmp_path / "absent.json")
