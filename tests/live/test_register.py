"""Pulls of the Dutch register: everything, with its versions, and what does not come is said."""

from collections.abc import Callable
from pathlib import Path

import pytest

import adaudit
from tests.platforms import Fault, Platforms

from .conftest import Puller

Made = Callable[[Platforms, str], Puller]
SOURCE = "politiekereclame_nl"


def test_whole_register_with_every_version(puller: Made) -> None:
    with Platforms(ads=248) as server:
        client = puller(server, SOURCE)
        pull = client.pull()
        assert (pull.outcome, pull.answers, pull.rows, pull.told, pull.records) == ("complete", 3, 248, 248, 248)
        assert client.ids(pull, "version_id") == list(server.archive(SOURCE))
        assert client.ids(pull) == list(server.archive(SOURCE, "records"))
        asked = [one.query for one in server.asked(SOURCE)]
    assert asked == ["page=1&limit=100", "page=2&limit=100", "page=3&limit=100"]
    assert not [one for one in pull.issues if "the source says" in one or "not documented" in one]


def test_pull_and_the_same_answers_saved_by_hand_give_the_same_records(puller: Made, tmp_path: Path) -> None:
    with Platforms(ads=124) as server:
        client = puller(server, SOURCE)
        pull = client.pull()
    kept = [one for one in client.store.manifest.entries() if one.entry == "kept"]
    files = [tmp_path / f"{one.page}.json" for one in kept]
    for path, one in zip(files, kept, strict=True):
        path.write_bytes(client.store.vault.read(one.sha256))
    saved = adaudit.audit(*files)
    assert set(saved.records["record_id"]) == set(client.ids(pull))
    assert saved.records["source"].unique().to_list() == [SOURCE]
    assert saved.problems == []


def test_terms_are_searched_one_by_one(puller: Made) -> None:
    with Platforms(ads=124) as server:
        client = puller(server, SOURCE)
        pull = client.pull(terms=("Gemeenteraadsverkiezingen 2026", "no such words anywhere"))
        queries = [one.parameters["q"] for one in server.asked(SOURCE)]
    assert queries == ["Gemeenteraadsverkiezingen 2026", "no such words anywhere"]
    assert pull.outcome == "complete"
    assert 0 < (pull.records or 0) < 124


def test_search_that_finds_nothing_is_empty_and_never_none(puller: Made) -> None:
    with Platforms(ads=62) as server:
        pull = puller(server, SOURCE).pull(terms=("no such words anywhere",))
    assert (pull.outcome, pull.records, pull.answers) == ("empty", 0, 1)
    assert "proves nothing" in pull.why


def test_register_of_fewer_statements_than_it_is_known_to_have_is_broken(puller: Made) -> None:
    with Platforms(ads=45) as server:
        pull = puller(server, SOURCE).pull()
    assert pull.outcome == "broken"
    assert "at least 46" in pull.why


@pytest.mark.parametrize(
    ("fault", "missing"),
    [
        (Fault("lost", at=1, number=3), ["3 of 248 in the statements of the register"]),
        (Fault("endless_empty", at=2), ["148 of 248 in the statements of the register"]),
        (Fault("vanished", at=2, number=2), ["1 of 248 in the statements of the register"]),
    ],
)
def test_what_the_register_counts_and_does_not_show_is_missing(puller: Made, fault: Fault, missing: list[str]) -> None:
    with Platforms(ads=248, faults=[fault]) as server:
        pull = puller(server, SOURCE).pull()
    assert pull.outcome == "truncated"
    assert [one.what for one in pull.missing] == missing
    assert pull.resumable is False


def test_items_that_move_to_a_later_page_do_not_hide_those_that_are_gone(puller: Made) -> None:
    """As many items come as are counted, but one of them twice."""
    faults = [Fault("moved", at=2, number=1), Fault("lost", at=1, number=1)]
    with Platforms(ads=124, faults=faults) as server:
        pull = puller(server, SOURCE).pull()
    assert (pull.rows, pull.told, pull.records) == (124, 124, 123)
    assert pull.outcome == "truncated"
    assert "124" in pull.why
    assert "123" in pull.why


def test_without_a_count_the_first_short_page_is_the_last(puller: Made) -> None:
    with Platforms(ads=248, faults=[Fault("paging_lost", times=99)]) as server:
        client = puller(server, SOURCE)
        pull = client.pull()
        assert client.ids(pull, "version_id") == list(server.archive(SOURCE))
    assert (pull.outcome, pull.told) == ("complete", None)


@pytest.mark.parametrize("kind", ["status", "truncated", "reset", "bad_gzip", "empty_body", "login_page", "throttled"])
def test_fault_that_passes_is_asked_again(puller: Made, kind: str) -> None:
    with Platforms(ads=124, faults=[Fault(kind, at=2)]) as server:
        client = puller(server, SOURCE)
        pull = client.pull()
        assert client.ids(pull, "version_id") == list(server.archive(SOURCE))
        assert len(server.asked(SOURCE)) == 3
    assert pull.outcome == "complete"


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault("status", at=2, times=99, status=502), "truncated"),
        (Fault("throttled", at=2, times=99), "rate_limited"),
        (Fault("throttled", at=2, times=99, retry_after=3600), "rate_limited"),
        (Fault("refused", at=2), "refused"),
    ],
)
def test_fault_that_stays_ends_the_pull_and_it_goes_on_later(puller: Made, fault: Fault, outcome: str) -> None:
    with Platforms(ads=248, faults=[fault]) as server:
        client = puller(server, SOURCE)
        pull = client.pull()
        assert (pull.outcome, pull.answers) == (outcome, 1)
        assert pull.left == ["the statements of the register, from page 2"]
        server.clear()
        before = len(server.asked(SOURCE))
        done = client.resume(pull)
        assert [one.parameters["page"] for one in server.asked(SOURCE)[before:]] == ["2", "3"]
        assert client.ids(done, "version_id") == list(server.archive(SOURCE))
    assert (done.outcome, done.answers, done.resumed) == ("complete", 3, 1)


def test_canary_that_does_not_come_back_is_broken(puller: Made) -> None:
    with Platforms(ads=124) as server:
        client = puller(server, SOURCE)
        known = server.archive(SOURCE, "records")[0]
        assert client.pull(known).outcome == "complete"
        broken = client.pull("not-there")
    assert broken.outcome == "broken"
    assert "not-there" in broken.why


def test_second_pull_of_the_same_statements_brings_no_new_version(puller: Made) -> None:
    with Platforms(ads=62) as server:
        client = puller(server, SOURCE)
        assert client.pull().new == 62
        again = client.pull()
    assert (again.records, again.new) == (62, 0)


def test_field_that_is_renamed_is_an_issue(puller: Made) -> None:
    with Platforms(ads=62, faults=[Fault("added", field="theme")]) as server:
        pull = puller(server, SOURCE).pull()
    assert any("added_field" in one for one in pull.issues)
