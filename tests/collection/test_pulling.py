"""A pull of Meta's archive from the loopback server: what comes, what does not, and what is said of it."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adaudit.collection.kept import kept
from adaudit.collection.pulling import unfinished
from adaudit.connectors.fetching import Scope
from adaudit.errors import StoreError, UsageError
from adaudit.http import Patience
from adaudit.store import Pull, Store
from adaudit.store.pulls import followed
from tests.collection.conftest import EVERYTHING, Bench
from tests.platforms.faults import ADDED_FIELD, Fault

PASSING = [
    Fault("status", at=2, status=500),
    Fault("status", at=2, status=503, retry_after=0),
    Fault("error", at=3, code="2"),
    Fault("reset", at=2),
    Fault("reset", at=3, number=700),
    Fault("truncated", at=2),
    Fault("slow", at=2, seconds=0.2),
    Fault("content_type", at=2),
    Fault("login_page", at=2),
    Fault("bad_gzip", at=3),
    Fault("cut_gzip", at=3),
    Fault("late", at=2, seconds=0.2),
    Fault("empty_body", at=2),
    Fault("throttled", at=2, retry_after=1),
    Fault("paging_lost", at=2),
    Fault("moved", at=2),
    Fault("overlap"),
    Fault("late_end"),
    Fault("too_heavy", number=30),
]


def everything(bench: Bench) -> tuple[str, ...]:
    return bench.server.archive("meta")


def test_a_pull_brings_everything_that_the_archive_has(bench: Bench) -> None:
    pull = bench.pull()
    assert (pull.outcome, pull.walked, pull.missing, pull.left) == ("complete", True, [], [])
    assert bench.ids() == everything(bench)
    assert pull.records == pull.new == pull.rows == len(everything(bench))
    assert bench.events[0] == "begin" and bench.events[-2:] == ["reading", "end"]
    assert bench.events.count("kept") == pull.answers == 5


def test_every_field_is_asked_for_by_name_and_the_token_is_in_the_header_alone(bench: Bench) -> None:
    bench.pull()
    for asked in bench.server.asked("meta"):
        assert asked.bearer == bench.server.token("meta")
        assert "access_token" not in asked.query and "ad_active_status=ALL" in asked.query
        assert "beneficiary_payers" in asked.query and "target_locations" in asked.query


def test_no_token_reaches_the_disk_though_the_answers_hold_it(bench: Bench) -> None:
    pull = bench.pull()
    token = bench.server.token("meta").encode()
    files = [path for path in bench.store.folder.rglob("*") if path.is_file()]
    assert pull.taken_out >= len(everything(bench)) and len(files) > 5
    assert not [path for path in files if token in path.read_bytes()]
    answers = [one.read()[0] for one in kept(bench.store, pull.id)]
    assert all(token not in data and b"access_token=REDACTED" in data for data in answers)


@pytest.mark.parametrize("fault", PASSING, ids=lambda one: f"{one.kind}-{one.status or one.code or one.number}")
def test_what_passes_is_borne_and_nothing_is_lost_or_doubled(bench: Bench, fault: Fault) -> None:
    pull = bench.pull(fault)
    assert (pull.outcome, pull.missing) == ("complete", [])
    assert bench.ids() == everything(bench)
    assert pull.new == len(everything(bench))


def test_an_edit_during_the_pull_is_a_second_version_of_one_record(bench: Bench) -> None:
    pull = bench.pull(Fault("edited"))
    assert bench.ids() == everything(bench)
    assert pull.new is not None and pull.new > len(everything(bench))


def test_an_expired_token_refuses_and_a_new_one_goes_on_where_it_stopped(bench: Bench) -> None:
    pull = bench.pull(Fault("expired", at=4))
    assert (pull.outcome, pull.walked, pull.answers) == ("refused", False, 3)
    assert "190" in pull.why and "new token" in pull.why and pull.left
    assert bench.server.token("meta") not in pull.why
    before = len(bench.server.asked("meta"))
    bench.token(2)
    resumed = bench.resume()
    assert (resumed.id, resumed.outcome, resumed.left, resumed.resumed) == (pull.id, "complete", [], 1)
    assert bench.ids() == everything(bench)
    assert len(bench.server.asked("meta")) - before == resumed.answers - 3
    assert not unfinished(bench.store)


def test_what_outlasts_the_patience_truncates_and_says_what_is_left(bench: Bench) -> None:
    pull = bench.pull(Fault("status", at=3, times=100, status=500))
    assert (pull.outcome, pull.answers) == ("truncated", 2)
    assert "500" in pull.why and pull.left == ["ALL of term '*'"]
    assert bench.resume().outcome == "complete"
    assert bench.ids() == everything(bench)


def test_a_limit_that_asks_for_longer_than_the_patience_ends_as_limited(bench: Bench) -> None:
    pull = bench.pull(Fault("throttled", at=3, times=100))
    assert (pull.outcome, pull.answers) == ("rate_limited", 2)
    assert bench.resume().outcome == "complete"


@pytest.mark.parametrize("kind", ["refused"])
def test_no_permission_is_a_refusal_with_advice(bench: Bench, kind: str) -> None:
    pull = bench.pull(Fault(kind))
    assert (pull.outcome, pull.records) == ("refused", 0)
    assert "facebook.com/ID" in pull.why


def test_a_redirect_to_another_host_is_refused_and_the_token_goes_nowhere(bench: Bench) -> None:
    pull = bench.pull(Fault("redirect", at=2))
    assert pull.outcome == "refused" and "localhost" in pull.why
    assert not bench.server.asked("elsewhere")


def test_an_endless_archive_is_truncated_never_complete(bench: Bench) -> None:
    pull = bench.pull(Fault("endless", at=2))
    assert pull.outcome == "truncated" and "same cursor" in pull.missing[0].why


def test_an_empty_answer_is_empty_and_proves_nothing(bench: Bench) -> None:
    pull = bench.pull(Fault("empty"))
    assert pull.outcome == "empty" and "proves nothing" in pull.why


def test_an_empty_answer_after_one_with_records_says_so(bench: Bench) -> None:
    first = bench.pull()
    assert first.id in bench.pull(Fault("empty")).why


def test_a_canary_that_does_not_come_back_breaks_the_pull(bench: Bench) -> None:
    canary = bench.server.canary("meta")
    assert bench.pull(canaries=(canary,)).outcome == "complete"
    pull = bench.pull(Fault("canary"), canaries=(canary,))
    assert pull.outcome == "broken" and canary in pull.why


def test_fields_that_appear_vanish_or_change_are_issues_with_an_example(bench: Bench) -> None:
    assert bench.pull().issues == []
    renamed = bench.pull(Fault("renamed", field="page_name"), Fault("added")).issues
    assert any(ADDED_FIELD in one and "not documented" in one and "first in" in one for one in renamed)
    assert any("page_name" in one and "in no answer any more" in one for one in renamed)


def test_what_a_pull_says_of_itself_is_kept_in_both_languages(bench: Bench) -> None:
    bench.pull()
    made = [bench.pull(Fault("added")), bench.pull(Fault("empty"))]
    assert made[0].issues and "niet gedocumenteerd" in made[0].issues[0].nl
    assert "bewijst niets" in made[1].why.nl
    described = {one.id: one for one in bench.store.pulls.all()}
    told = followed(bench.store.manifest.entries())
    for one in made:
        for kept_so in (described[one.id], told[one.id]):
            assert [issue.written() for issue in kept_so.issues] == [issue.written() for issue in one.issues]
            assert kept_so.why.written() == one.why.written()


def test_the_same_scope_pulled_again_costs_a_listing_and_no_record(bench: Bench) -> None:
    bench.pull()
    again = bench.pull()
    assert (again.outcome, again.records, again.new) == ("complete", len(everything(bench)), 0)


def test_given_pages_are_asked_for_in_the_political_archive_and_among_all_ads(bench: Bench) -> None:
    pull = bench.pull(scope=Scope(countries=("MT",), pages=("1", "2")))
    kinds = ["POLITICAL" in asked.query for asked in bench.server.asked("meta")]
    assert pull.outcome == "empty" and kinds == [True, False]


def test_the_time_that_was_given_ends_a_pull_that_goes_on_later(bench: Bench) -> None:
    pull = bench.pull(Fault("slow", at=2, times=100, seconds=1.0), seconds=1.5)
    assert pull.outcome == "truncated" and 0 < pull.answers < 5 and "time" in pull.why
    assert bench.resume().outcome == "complete"
    assert bench.ids() == everything(bench)


def test_retry_after_is_waited_for(bench: Bench) -> None:
    began = time.monotonic()
    assert bench.pull(Fault("status", at=2, status=429, retry_after=1)).outcome == "complete"
    assert time.monotonic() - began >= 1


def test_near_the_end_of_the_allowance_the_source_is_left_alone(bench: Bench) -> None:
    bench.patience = Patience(attempts=2, first=0.001, longest=0.01)
    pull = bench.pull(Fault("usage", at=2, number=97))
    assert (pull.outcome, pull.answers) == ("rate_limited", 2)


def test_one_writes_at_a_time_and_the_other_is_told_who(bench: Bench) -> None:
    with (
        bench.store.writing(),
        pytest.raises(StoreError, match=r"process \d+ on "),
        Store(bench.store.folder).writing(),
    ):
        pass


def test_a_scope_that_the_source_does_not_know_is_wrong_use(bench: Bench) -> None:
    with pytest.raises(UsageError, match="cannot be asked by --year"):
        bench.pull(scope=Scope(countries=("NL",), terms=("x",), years=(2024,)))
    with pytest.raises(UsageError, match="needs --page or --term"):
        bench.pull(scope=Scope(countries=("NL",)))


def test_without_a_token_nothing_is_asked(bench: Bench) -> None:
    bench.environment.delenv("ADAUDIT_META_TOKEN")
    with pytest.raises(UsageError, match="ADAUDIT_META_TOKEN"):
        bench.pull()
    assert not bench.server.requests


def test_a_folder_that_holds_something_else_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", "utf-8")
    with pytest.raises(StoreError, match="holds no store"):
        Store(tmp_path)


def test_a_cursor_that_is_not_taken_any_more_begins_the_unit_again(bench: Bench) -> None:
    pull = bench.pull(Fault("error", at=3, code="100", status=400))
    assert (pull.outcome, pull.missing) == ("complete", [])
    assert bench.ids() == everything(bench)
    assert bench.pull(Fault("error", at=1, times=9, code="100", status=400)).outcome == "truncated"


def test_records_of_another_source_with_the_same_scope_are_not_spoken_of(bench: Bench) -> None:
    other = Pull(id="20200101T000000000000-tiktok-aaaaaa", source="tiktok", how="pull", began=datetime.now(UTC))
    other.scope, other.records = EVERYTHING["meta"].as_written(), 5
    bench.store.pulls.save(other)
    assert other.id not in bench.pull(Fault("empty")).why
