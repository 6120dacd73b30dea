"""Pulls of LinkedIn's library: filters that it takes or refuses, its limits, its errors by their code."""

from collections.abc import Callable
from datetime import date

import pytest

from adaudit.errors import UsageError
from tests.platforms import Fault, Platforms

from .conftest import Puller

Made = Callable[[Platforms, str], Puller]
SOURCE = "linkedin"
YEAR = {"since": date(2025, 1, 1), "until": date(2026, 12, 31)}


def test_everything_that_a_word_finds(puller: Made) -> None:
    with Platforms(ads=75) as server:
        client = puller(server, SOURCE)
        pull = client.pull(terms=("",))
        known = list(server.archive(SOURCE))
        assert client.ids(pull) == known
        asked = server.asked(SOURCE)
    assert (pull.outcome, pull.told, pull.rows) == ("complete", len(known), len(known))
    assert [one.parameters["start"] for one in asked] == ["0", "25", "50"]
    assert {one.headers["linkedin-version"] for one in asked} == {"202606"}
    assert not pull.notes


def test_country_and_days_are_sent_as_the_api_reads_them(puller: Made) -> None:
    with Platforms(ads=75) as server:
        client = puller(server, SOURCE)
        pull = client.pull(terms=("",), countries=("NL", "DE"), **YEAR)
        query = server.asked(SOURCE)[0].query
    assert "&countries=(value:List(urn%3Ali%3Acountry%3ANL,urn%3Ali%3Acountry%3ADE))" in query
    assert "&dateRange=(start:(day:1,month:1,year:2025),end:(day:1,month:1,year:2027))" in query
    assert pull.outcome == "complete"
    assert 0 < len(client.ids(pull)) < 75
    assert not pull.notes


@pytest.mark.parametrize("code", ["QUERY_PARAM_NOT_ALLOWED", "FIELD_INVALID"])
def test_filters_that_are_refused_are_left_out_and_the_pull_says_so(puller: Made, code: str) -> None:
    fault = Fault("error", code=code, status=400, on="countries=", times=99)
    with Platforms(ads=75, faults=[fault]) as server:
        client = puller(server, SOURCE)
        pull = client.pull(terms=("", "no such words"), countries=("NL",), **YEAR)
        assert client.ids(pull) == list(server.archive(SOURCE))
        queries = [one.query for one in server.asked(SOURCE)]
    assert [("countries=" in one) for one in queries] == [True, False, False, False, False]
    assert pull.outcome == "complete"
    assert len(pull.notes) == 1
    assert "did not take the filters" in pull.notes[0]
    assert "--country" in pull.notes[0]


def test_search_begins_again_where_filters_are_refused_on_the_way(puller: Made) -> None:
    refusal = Fault("error", code="FIELD_INVALID", status=400, on="countries=", at=2, times=99)
    with Platforms(ads=150, faults=[refusal]) as server:
        client = puller(server, SOURCE)
        pull = client.pull(terms=("",), countries=("NL", "DE", "BE", "FR"))
        assert client.ids(pull) == list(server.archive(SOURCE))
        starts = [one.parameters["start"] for one in server.asked(SOURCE)]
    assert starts[:3] == ["0", "25", "0"]
    assert (pull.outcome, pull.missing) == ("complete", [])


def test_search_that_is_refused_without_filters_ends_the_pull(puller: Made) -> None:
    with Platforms(ads=75, faults=[Fault("error", code="FIELD_INVALID", status=400, times=99)]) as server:
        pull = puller(server, SOURCE).pull(terms=("",), countries=("NL",))
        assert len(server.asked(SOURCE)) == 2
    assert pull.outcome == "truncated"
    assert "FIELD_INVALID" in pull.why


def test_one_end_of_the_days_alone_is_not_asked_for_and_the_pull_says_so(puller: Made) -> None:
    with Platforms(ads=75) as server:
        pull = puller(server, SOURCE).pull(terms=("",), since=date(2025, 1, 1))
        assert all("dateRange" not in one.query for one in server.asked(SOURCE))
    assert "only together" in pull.notes[0]


@pytest.mark.parametrize(
    ("fault", "outcome", "said"),
    [
        (Fault("expired", at=2), "refused", "adaudit login linkedin"),
        (Fault("error", at=2, code="NONEXISTENT_VERSION", status=426), "truncated", "ADAUDIT_LINKEDIN_VERSION"),
        (Fault("refused", at=2), "refused", "ACCESS_DENIED"),
        (Fault("throttled", at=2, times=99), "rate_limited", "limits the rate"),
        (Fault("status", at=2, times=99, status=500), "truncated", "HTTP 500"),
    ],
)
def test_errors_by_their_code(puller: Made, fault: Fault, outcome: str, said: str) -> None:
    with Platforms(ads=75, faults=[fault]) as server:
        client = puller(server, SOURCE)
        pull = client.pull(terms=("",))
        assert (pull.outcome, pull.answers) == (outcome, 1)
        assert said in pull.why
        assert server.token(SOURCE) not in pull.model_dump_json()
        assert pull.left == ["ads of keyword '', from ad 26 on"]


def test_pull_goes_on_with_a_new_token_where_the_old_one_expired(puller: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    with Platforms(ads=75, faults=[Fault("expired", at=2, times=1)]) as server:
        client = puller(server, SOURCE)
        pull = client.pull(terms=("",))
        assert pull.outcome == "refused"
        monkeypatch.setenv("ADAUDIT_LINKEDIN_TOKEN", server.token(SOURCE, 2))
        done = client.resume(pull)
        assert client.ids(done) == list(server.archive(SOURCE))
    assert (done.outcome, done.answers) == ("complete", 3)


def test_filters_stay_left_out_where_a_pull_goes_on(puller: Made) -> None:
    refusal = Fault("error", code="FIELD_INVALID", status=400, on="countries=", times=99)
    with Platforms(ads=75, faults=[refusal, Fault("status", at=3, times=99, status=500)]) as server:
        client = puller(server, SOURCE)
        pull = client.pull(terms=("",), countries=("NL",))
        assert pull.outcome == "truncated"
        server.clear()
        done = client.resume(pull)
        assert client.ids(done) == list(server.archive(SOURCE))
    assert done.outcome == "complete"


@pytest.mark.parametrize("fault", [Fault("lost", at=2, number=1), Fault("endless_empty", at=3)])
def test_ads_that_are_counted_and_not_shown_are_missing(puller: Made, fault: Fault) -> None:
    with Platforms(ads=75, faults=[fault]) as server:
        client = puller(server, SOURCE)
        pull = client.pull(terms=("",))
        known = len(server.archive(SOURCE))
    assert pull.outcome == "truncated"
    assert pull.missing[0].what.endswith("in ads of keyword ''")
    assert f"of {known} in" in pull.missing[0].what


def test_same_page_for_ever_ends_where_all_were_counted(puller: Made) -> None:
    with Platforms(ads=75, faults=[Fault("endless")]) as server:
        client = puller(server, SOURCE)
        pull = client.pull(terms=("",))
        assert client.ids(pull) == list(server.archive(SOURCE))
        assert len(server.asked(SOURCE)) == 3
    assert pull.outcome == "complete"


def test_nobody_is_asked_for_everything(puller: Made) -> None:
    with Platforms(ads=75) as server, pytest.raises(UsageError, match="--advertiser or --term"):
        puller(server, SOURCE).pull(countries=("NL",))


def test_text_of_a_search_is_written_for_addresses(puller: Made) -> None:
    with Platforms(ads=75) as server:
        pull = puller(server, SOURCE).pull(advertisers=("Brug & Pont/é",))
        assert "advertiser=Brug%20%26%20Pont%2F%C3%A9&" in server.asked(SOURCE)[0].query
    assert pull.outcome == "empty"
