"""One batch against a loopback Meta and watched folders: due once, nothing doubled, failures told, crashes healed."""

import json
import multiprocessing
import os
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from adaudit.batch import run as batch
from adaudit.batch.record import Run, Runs
from adaudit.errors import StoreError
from adaudit.evidence.vault import write_text
from tests.batch.conftest import FILE, META, WATCH, Bench, ads, step
from tests.platforms.faults import Fault


def test_a_run_pulls_imports_audits_and_records_what_it_did(bench: Bench) -> None:
    bench.configure(META, WATCH, FILE)
    bench.lay("page.json", ads(("1", "Lijst Duin"), ("2", "")))
    done = bench.done()
    assert done.standing == "done" and done.exit_code == 0
    assert [(one.what, one.standing) for one in done.steps] == [
        ("pull", "done"),
        ("import", "done"),
        ("audit", "done"),
        ("compare", "nothing"),
        ("alerts", "done"),
        ("notify", "nothing"),
    ]
    assert (step(done, "pull").outcome, step(done, "pull").records) == ("complete", 230)
    assert step(done, "audit").records == 232
    assert bench.runs == [done]
    results = bench.folder / "outputs" / done.id
    assert json.loads((results / "summary.json").read_text("utf-8"))["records"]["total"] == 232
    assert sum(one.records for one in done.counts) > 0
    assert bench.steps == done.steps


def test_nothing_is_done_twice(bench: Bench) -> None:
    bench.configure(META, WATCH)
    bench.lay("page.json", ads(("1", "Lijst Duin")))
    first = bench.done()
    asked = len(bench.server.requests)
    bench.lay("the same again.json", ads(("1", "Lijst Duin")))
    second = bench.done()
    assert [step(second, what).standing for what in ("pull", "import", "audit", "compare")] == [
        "not_due",
        "nothing",
        "done",
        "done",
    ]
    assert len(bench.server.requests) == asked
    assert second.compared_with == first.id
    assert (second.changes["records_same"], second.changes["records_only_b"]) == (231, 0)
    assert len(bench.store.pulls.all()) == 2
    assert bench.run(only_due=True) is None
    assert len(bench.runs) == 2


def test_what_was_missed_is_done_once(bench: Bench) -> None:
    bench.configure(META)
    bench.done()
    bench.ahead = timedelta(days=10)
    assert bench.run(only_due=True) is not None
    # the store's clock did not run ahead: the pull that was made now lies ten days back
    pulls = bench.store.pulls.all()
    assert len(pulls) == 2 and all(one.outcome == "complete" for one in pulls)


def test_all_asks_what_is_not_due(bench: Bench) -> None:
    bench.configure(META)
    bench.done()
    again = bench.run(all_of_it=True)
    assert again is not None and step(again, "pull").standing == "done" and step(again, "pull").new == 0


def test_a_failing_source_stops_no_other_and_is_told_once(bench: Bench) -> None:
    bench.configure(META, WATCH, FILE)
    bench.lay("page.json", ads(("1", "Lijst Duin")))
    bench.server.add(Fault("refused"))
    done = bench.done()
    assert (done.standing, done.exit_code) == ("failed", 3)
    assert step(done, "pull").standing == "failed" and step(done, "pull").why.startswith("refused: ")
    assert step(done, "import").standing == "done" and step(done, "audit").records == 1
    assert [one["key"] for one in bench.told] == done.fired
    assert str(bench.told[0]["text"]).startswith("pull fails: meta, ")
    again = bench.run(only_due=True)
    assert again is not None and step(again, "pull").due == "unfinished"
    assert again.fired == [] and len(bench.told) == 1
    bench.server.clear()
    healed = bench.done()
    assert healed.standing == "done" and healed.cleared == done.fired
    assert [one["fired"] for one in bench.told] == [True, False]
    assert len([one for one in bench.store.pulls.all() if one.how == "pull"]) == 1


def test_a_pull_that_cannot_go_on_does_not_stand_in_the_way_of_the_next(bench: Bench) -> None:
    bench.configure(META)
    bench.server.add(Fault("status", at=2, times=10**6, status=500))
    assert step(bench.done(), "pull").outcome == "truncated"
    bench.done()
    assert len(bench.store.pulls.all()) == 1, "the same slot: it is gone on with"
    bench.ahead = timedelta(days=1)
    bench.done()
    assert len(bench.store.pulls.all()) == 2, "its slot is over and it brought nothing more: a new one"


def test_a_secret_that_is_not_set_is_the_failure_of_its_source_alone(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ADAUDIT_META_TOKEN")
    bench.configure(META, WATCH)
    bench.lay("page.json", ads(("1", "Lijst Duin")))
    for _ in range(2):
        done = bench.done()
        assert "ADAUDIT_META_TOKEN" in step(done, "pull").why
        assert step(done, "audit").standing == "done"
    assert len([one for one in bench.store.pulls.all() if one.how == "pull"]) == 1


def test_files_that_may_not_be_whole_wait_and_what_cannot_be_read_is_told(bench: Bench) -> None:
    bench.configure(WATCH)
    bench.lay("fresh.json", ads(("1", "Lijst Duin")), age=1)
    bench.lay("going on.crdownload", ads(("2", "Lijst Duin")))
    bench.lay(".hidden.json", ads(("3", "Lijst Duin")))
    done = bench.done()
    assert step(done, "import").standing == "nothing" and len(step(done, "import").issues) == 2
    bench.lay("fresh.json", ads(("1", "Lijst Duin")))
    bench.lay("broken.json", '{"data": [{"id": ')
    done = bench.done()
    assert step(done, "import").standing == "failed" and "broken.json" in step(done, "import").why
    assert step(done, "import").records == 1
    assert step(bench.done(), "import").standing == "nothing"


def test_a_watched_folder_that_is_gone_is_a_failure(bench: Bench) -> None:
    bench.configure(WATCH.replace("inbox", "mounted"), META)
    done = bench.done()
    assert "mounted is no folder" in step(done, "import").why
    assert step(done, "pull").standing == "done"


def test_a_fault_of_our_own_in_one_step_is_recorded_and_the_rest_is_done(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(batch, "import_files", broken)
    bench.configure(WATCH, META)
    bench.lay("page.json", ads(("1", "Lijst Duin")))
    done = bench.done()
    why = step(done, "import").why
    assert why.startswith("a fault of adaudit itself (ZeroDivisionError in test_run.py, line ")
    assert why.endswith(": by nothing)")
    assert step(done, "audit").standing == "done" and done.exit_code == 3


def test_a_run_that_died_is_marked_its_half_results_go_and_the_next_does_what_is_left(bench: Bench) -> None:
    bench.configure(META)
    first = bench.done()
    half = bench.folder / "outputs" / f".{first.id}x.run"
    half.mkdir()
    (half / "records.parquet").write_bytes(b"half")
    died = first.model_copy(update={"id": f"{first.id}x", "number": 2, "standing": "running", "ended": None})
    Runs(bench.folder / "store").save(died)
    healed = bench.run(only_due=True)
    assert healed is not None and healed.number == 3 and healed.standing == "done"
    assert [one.standing for one in bench.runs] == ["done", "interrupted", "done"]
    assert not half.exists()


@pytest.mark.parametrize("died_before", ["read", "end"])
def test_an_import_that_died_is_done_again(bench: Bench, died_before: str) -> None:
    bench.configure(WATCH)
    bench.lay("page.json", ads(("1", "Lijst Duin")))
    bench.done()
    manifest = bench.folder / "store" / "evidence" / "manifest.jsonl"
    lines = manifest.read_text("utf-8").splitlines(keepends=True)
    ended = next(number for number, line in enumerate(lines) if json.loads(line)["entry"] == died_before)
    manifest.write_text("".join(lines[:ended]), "utf-8")
    done = bench.done()
    assert step(done, "import").records == 1 and step(done, "audit").records == 1


def _hold(folder: Path, ready: "multiprocessing.synchronize.Event", end: "multiprocessing.synchronize.Event") -> None:
    from adaudit.store import Store

    with Store(folder).writing():
        ready.set()
        end.wait(30)


def test_one_run_at_a_time(bench: Bench) -> None:
    bench.configure(WATCH)
    bench.done()
    context = multiprocessing.get_context("spawn")
    ready, end = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(bench.folder / "store", ready, end))
    other.start()
    try:
        assert ready.wait(60)
        with pytest.raises(StoreError, match=rf"process {other.pid} on .* since \d{{4}}-.*seconds"):
            bench.run()
    finally:
        end.set()
        other.join()
    assert bench.done().standing == "done"


def test_the_rhythm_of_the_window_is_in_the_record(bench: Bench) -> None:
    day = (bench.now() + timedelta(days=20)).date()
    header = "id,date,country,kind,name,source,status\n"
    write_text(bench.folder / "votes.csv", f"{header}NL-x,{day},NL,municipal,X,https://example.org,official\n")
    bench.configure('countries = ["NL"]\nelections = "votes.csv"\n[rhythm]\nevery = "30d"\nlast_month = "1d"\n', META)
    done = bench.done()
    assert (done.phase, done.votes) == ("last_month", ["NL-x"])
    bench.ahead = timedelta(days=1)
    again = bench.run(only_due=True)
    assert again is not None and step(again, "pull").due == "slot"


def test_figures_for_prometheus(bench: Bench) -> None:
    alert = '[[alert]]\nname = "a \\"quoted\\" name"\nat_least = 1\n'
    bench.configure('metrics = "adaudit.prom"', META, alert)
    done = bench.done()
    lines = (bench.folder / "adaudit.prom").read_text("utf-8").splitlines()
    figures = dict(line.rpartition(" ")[::2] for line in lines if not line.startswith("#"))
    assert figures["adaudit_run_failed"] == "0"
    assert figures['adaudit_alert_count{alert="a \\"quoted\\" name"}'] == str(done.figures['a "quoted" name'].count)
    assert figures['adaudit_alert_standing{alert="alert/a \\"quoted\\" name"}'] == "1"
    rule = next(one for one in done.counts if one.rule == "notice_sponsor_name")
    labels = f'source="meta",form="{rule.form}",kind="ad",rule="notice_sponsor_name",verdict="ok"'
    assert figures.get(f"adaudit_verdicts{{{labels}}}", "0") == str(rule.verdicts["ok"])
    assert any(name.startswith("adaudit_complete_pull_timestamp_seconds{") for name in figures)


def test_the_record_of_a_run_survives_its_own_writing(bench: Bench) -> None:
    bench.configure(META)
    done = bench.done()
    path = bench.folder / "store" / "runs" / f"{done.id}.json"
    assert Run.model_validate_json(path.read_text("utf-8")) == done
    path.write_text("{", "utf-8")
    with pytest.raises(StoreError, match="no record of a run"):
        bench.run()


def test_a_full_disk_ends_no_source_in_silence(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.configure(META, WATCH)
    bench.lay("page.json", ads(("1", "Lijst Duin")))
    bench.done()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(pl.LazyFrame, "sink_parquet", full)
    bench.lay("page 2.json", ads(("2", "Lijst Duin")))
    done = bench.done()
    assert step(done, "import").standing == "failed" and "No space left on device" in step(done, "import").why
    assert step(done, "audit").standing == "failed" and done.exit_code == 3
    assert [one.name for one in (bench.folder / "outputs").iterdir()] == [bench.runs[0].id]
    monkeypatch.undo()
    healed = bench.run(only_due=True)
    assert healed is not None and step(healed, "import").new == 1 and step(healed, "audit").records == 232


def test_a_run_that_is_stopped_by_hand_stops_and_the_next_goes_on(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    bench.configure(META, WATCH)
    bench.lay("page.json", ads(("1", "Lijst Duin")))
    with monkeypatch.context() as patched:
        patched.setattr(batch, "import_files", stopped)
        with pytest.raises(KeyboardInterrupt):
            bench.run()
    assert [one.standing for one in bench.runs] == ["interrupted"]
    done = bench.run(only_due=True)
    assert done is not None and step(done, "pull").standing == "not_due" and step(done, "audit").records == 231
