"""What the rules on a source as a whole say of pulls, and that each word of it leads back to kept bytes."""

import json
from pathlib import Path
from typing import Any

import pytest

from adaudit.audit.options import Options
from adaudit.collection.stored import of_one, taking
from adaudit.collection.verifying import Asked, verify
from adaudit.connectors.fetching import Scope
from adaudit.law import requirements
from adaudit.store import Pull
from tests.collection.conftest import Bench
from tests.platforms.faults import Fault

SERVER_FAILS = Fault("status", at=1, times=100, status=500)


def told(bench: Bench, pull: Pull) -> list[dict[str, Any]]:
    """The rows on one pull, as they are written."""
    rows: list[dict[str, Any]] = json.loads(json.dumps(of_one(bench.store, pull)))
    return rows


def said(bench: Bench, pull: Pull) -> dict[str, tuple[str, str]]:
    """Verdict and reason of each rule on one pull; each row is of that pull alone."""
    rows = told(bench, pull)
    assert all((row["count"], row["of"], row["unit"]) == (1, 1, "pull") for row in rows)
    return {str(row["rule"]): (str(row["verdict"]), str(row["reason"])) for row in rows}


@pytest.mark.parametrize(
    ("faults", "answers", "complete"),
    [
        ((), ("ok", "answered"), ("unknown", "no_count_told")),
        ((Fault("expired", at=1),), ("unknown", "credential"), ("unknown", "stopped_before_end")),
        ((Fault("expired", at=3),), ("ok", "answered_until_stopped"), ("unknown", "stopped_before_end")),
        ((Fault("refused"),), ("unknown", "credential"), ("unknown", "stopped_before_end")),
        (
            (Fault("error", code="200", times=9),),
            ("unknown", "refused_with_credential"),
            ("unknown", "stopped_before_end"),
        ),
        ((Fault("error", code="100", times=9),), ("unknown", "not_as_documented"), ("unknown", "stopped_before_end")),
        (
            (Fault("throttled", at=1, times=100, retry_after=600),),
            ("unknown", "rate_limited"),
            ("unknown", "stopped_before_end"),
        ),
        ((SERVER_FAILS,), ("suspect", "server_failed"), ("unknown", "stopped_before_end")),
        (
            (Fault("status", at=3, times=100, status=503),),
            ("suspect", "server_failed"),
            ("unknown", "stopped_before_end"),
        ),
        ((Fault("reset", times=100),), ("unknown", "unreachable"), ("unknown", "stopped_before_end")),
        ((Fault("login_page", times=100),), ("unknown", "no_good_answer"), ("unknown", "stopped_before_end")),
        ((Fault("bad_gzip", times=100),), ("unknown", "no_good_answer"), ("unknown", "stopped_before_end")),
        ((Fault("redirect", times=100),), ("unknown", "elsewhere"), ("unknown", "stopped_before_end")),
        ((Fault("status", times=100, status=404),), ("unknown", "not_there"), ("unknown", "stopped_before_end")),
        ((Fault("empty"),), ("unknown", "no_rows"), ("unknown", "no_rows")),
        ((Fault("endless", at=2),), ("ok", "answered"), ("suspect", "parts_not_shown")),
    ],
    ids=lambda one: (
        "-".join(f"{f.kind}{f.at}{f.code}{f.status or ''}" for f in one) if one and isinstance(one[0], Fault) else ""
    ),
)
def test_what_is_said_of_a_pull(
    bench: Bench, faults: tuple[Fault, ...], answers: tuple[str, str], complete: tuple[str, str]
) -> None:
    pull = bench.pull(*faults)
    assert said(bench, pull) == {"repository_answers": answers, "repository_complete": complete}


def test_a_known_record_that_does_not_come_back_calls_for_a_look(bench: Bench) -> None:
    canary = bench.server.canary("meta")
    pull = bench.pull(Fault("canary"), canaries=(canary,))
    assert said(bench, pull)["repository_complete"] == ("suspect", "known_not_shown")
    [row] = [one for one in told(bench, pull) if one["rule"] == "repository_complete"]
    assert canary in row["seen"][0]["said"]["en"]


def test_out_of_time_before_the_first_record_is_no_failing_of_the_source(bench: Bench) -> None:
    pull = bench.pull(seconds=0.0)
    assert said(bench, pull)["repository_answers"] == ("unknown", "stopped_here")


def test_the_answer_that_stopped_a_pull_is_kept_and_is_no_page_of_it(bench: Bench) -> None:
    pull = bench.pull(Fault("status", at=3, times=100, status=500))
    assert (pull.answers, pull.because, pull.status, pull.credential) == (2, "server_failed", 500, True)
    data = bench.store.vault.read(pull.refusal)
    assert b"<h1>" in data
    [row] = [one for one in told(bench, pull) if one["rule"] == "repository_answers"]
    [seen] = row["seen"]
    assert (seen["pull"], seen["page"], seen["status"], seen["sha256"]) == (pull.id, 3, 500, pull.refusal)
    assert "500" in seen["said"]["nl"] and seen["left"] == ["ALL of term '*'"]
    [end] = [one for one in bench.store.manifest.entries() if one.entry == "end"]
    assert (end.sha256, end.because) == (pull.refusal, "server_failed")
    assert "ads_archive" in str(end.request["url"])
    assert verify(bench.store, Asked(answers=None), lambda *_: None).faults == []
    resumed = bench.resume()
    assert (resumed.because, resumed.refusal, resumed.status, resumed.outcome) == ("", "", 0, "complete")
    assert said(bench, resumed)["repository_answers"] == ("ok", "answered")
    assert verify(bench.store, Asked(answers=None), lambda *_: None).intact


def test_the_kept_refusal_is_verified_like_any_other_bytes(bench: Bench) -> None:
    pull = bench.pull(SERVER_FAILS)
    [path] = [one for one in bench.store.vault.files() if pull.refusal in one.name]
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    [fault] = verify(bench.store, Asked(), lambda *_: None).faults
    assert pull.refusal in fault.file and pull.id in fault.what


def test_no_secret_is_kept_with_a_refusal(bench: Bench) -> None:
    pull = bench.pull(Fault("expired", at=2))
    assert pull.refusal
    token = bench.server.token("meta").encode()
    assert not [one for one in bench.store.folder.rglob("*") if one.is_file() and token in one.read_bytes()]
    assert bench.server.token("meta") not in json.dumps(told(bench, pull))


@pytest.mark.parametrize("bench", ["politiekereclame_nl"], indirect=True)
def test_a_source_that_no_article_asks_to_answer_is_not_judged_and_what_it_did_is_told(bench: Bench) -> None:
    pull = bench.pull(Fault("status", times=100, status=403), scope=Scope())
    assert set(said(bench, pull).values()) == {("not_applicable", "no_duty")}
    rows = told(bench, pull)
    assert {(row["requirement"], row["pinpoint"], row["binding"]) for row in rows} == {(None, None, "unknown")}
    assert rows[0]["seen"][0]["outcome"] == "refused" and rows[0]["seen"][0]["status"] == 403


@pytest.mark.parametrize(
    ("bench", "scope", "requirement"),
    [
        ("google", Scope(), "vlop_repository_art12_info"),
        ("snapchat", Scope(years=(2026,)), "vlop_repository_art12_info"),
    ],
    indirect=["bench"],
)
def test_an_archive_of_political_ads_alone_that_is_refused_without_a_credential_calls_for_a_look(
    bench: Bench, scope: Scope, requirement: str
) -> None:
    pull = bench.pull(Fault("status", times=100, status=403), scope=scope)
    assert said(bench, pull)["repository_answers"] == ("suspect", "refused")
    [row] = [one for one in told(bench, pull) if one["rule"] == "repository_answers"]
    assert (row["requirement"], row["pinpoint"]) == (requirement, requirements()[requirement].pinpoint)
    assert row["binding"] == "yes", "it was pulled after the act applied"
    assert bench.store.vault.read(row["seen"][0]["sha256"])


def test_an_audit_of_the_store_counts_the_pulls_of_each_source_and_adds_up(bench: Bench, tmp_path: Path) -> None:
    pulls = [bench.pull(), bench.pull(SERVER_FAILS)]
    bench.server.clear()
    pulls += [bench.pull(Fault("empty"))]
    bench.server.clear()
    pulls += [bench.pull(SERVER_FAILS)]
    rows = json.loads(json.dumps(taking(bench.store)(tmp_path, Options(), None).repository))
    found = {(row["rule"], row["reason"]): row for row in rows}
    assert {key: (row["count"], row["of"]) for key, row in found.items()} == {
        ("repository_answers", "answered"): (1, 4),
        ("repository_answers", "server_failed"): (2, 4),
        ("repository_answers", "no_rows"): (1, 4),
        ("repository_complete", "no_count_told"): (1, 4),
        ("repository_complete", "stopped_before_end"): (2, 4),
        ("repository_complete", "no_rows"): (1, 4),
    }
    failed = found["repository_answers", "server_failed"]
    assert [one["pull"] for one in failed["seen"]] == [pulls[1].id, pulls[3].id]
    assert "2 of 4 (50 %) pulls" in failed["words"]["en"] and "2 van de 4 ophaalacties (50%)" in failed["words"]["nl"]
    assert failed["settle"]["nl"].startswith("Dezelfde vraag op andere dagen")


def test_a_pull_of_an_earlier_adaudit_that_noted_no_word_is_not_guessed_at(bench: Bench) -> None:
    pull = bench.pull(SERVER_FAILS).model_copy(update={"because": ""})
    assert said(bench, pull)["repository_answers"] == ("unknown", "not_said")


@pytest.mark.parametrize("bench", ["linkedin"], indirect=True)
def test_a_source_that_counts_more_than_it_shows_calls_for_a_look(bench: Bench) -> None:
    scope = Scope(terms=("",))
    whole = bench.pull(scope=scope)
    assert said(bench, whole)["repository_complete"] == ("ok", "all_that_it_counts")
    short = bench.pull(Fault("lost", at=1, times=100), scope=scope)
    assert short.outcome == "truncated"
    assert said(bench, short)["repository_complete"] == ("suspect", "parts_not_shown")
    assert said(bench, short)["repository_answers"] == ("ok", "answered")
    [row] = [one for one in told(bench, short) if one["rule"] == "repository_complete"]
    assert "the source counts them and did not show them" in row["seen"][0]["missing"][0]
