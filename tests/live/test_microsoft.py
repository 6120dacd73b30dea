"""Pulls of Microsoft's library: every ad in full, lists longer than it shows split, names looked up."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import adaudit
from adaudit.connectors.microsoft.fetch import CEILING, Window
from tests.platforms import Fault, Platforms

from .conftest import Puller

Made = Callable[[Platforms, str], Puller]
SOURCE = "microsoft"
WORD = "e"
"""What every ad of the loopback platform holds."""


def lists(server: Platforms) -> list[dict[str, str]]:
    """The parameters of every list of ads that was asked for."""
    return [one.parameters for one in server.asked(SOURCE) if one.path.endswith("/Ads")]


def test_every_ad_of_a_search_in_full(puller: Made) -> None:
    with Platforms(ads=72) as server:
        client = puller(server, SOURCE)
        pull = client.pull(terms=(WORD,))
        known = list(server.archive(SOURCE))
        assert client.ids(pull) == known
        single = [one.path.rpartition("/")[2] for one in server.asked(SOURCE) if "/Ads/" in one.path]
        queries = {one.query for one in server.asked(SOURCE) if "/Ads/" in one.path}
    assert sorted(single) == known
    assert queries == {"expand=AdDetails(expand=ImpressionsByCountry,Targets)"}
    assert (pull.outcome, pull.told, pull.rows) == ("complete", len(known), len(known))
    full = client.records(pull).filter(client.records(pull)["delivered_from"].is_not_null())
    assert sorted(full["record_id"]) == known


def test_audit_of_what_was_kept_knows_payer_dates_and_reach(puller: Made, tmp_path: Path) -> None:
    with Platforms(ads=24) as server:
        client = puller(server, SOURCE)
        client.pull(terms=(WORD,))
        known = list(server.archive(SOURCE))
    kept = [one for one in client.store.manifest.entries() if one.entry == "kept"]
    files = [tmp_path / f"{one.page:04}.json" for one in kept]
    for path, one in zip(files, kept, strict=True):
        path.write_bytes(client.store.vault.read(one.sha256))
    saved = adaudit.audit(*files)
    assert sorted(saved.records["record_id"]) == known
    assert saved.records["delivered_from"].null_count() == 0
    assert saved.records["views_low"].null_count() == 0


def test_country_and_days_are_asked_in_the_words_of_the_source(puller: Made) -> None:
    with Platforms(ads=72) as server:
        client = puller(server, SOURCE)
        scope = {"countries": ("NL", "DE", "US"), "since": date(2025, 8, 1), "until": date(2025, 8, 31)}
        pull = client.pull(terms=(WORD,), **scope)
        first = lists(server)[0]
    assert (first["startDate"], first["endDate"], first["countryCodes"]) == ("2025-08-01", "2025-08-31", "72,129")
    assert [one.what for one in pull.missing] == ["ads shown in US"]
    assert pull.outcome == "truncated"
    assert 0 < len(client.ids(pull)) < 72


def test_list_that_is_longer_than_the_source_shows_is_split_by_country_and_days(
    puller: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.platforms.microsoft.LARGEST_COUNT", 30)
    monkeypatch.setattr("adaudit.connectors.microsoft.fetch.CEILING", 30)
    with Platforms(ads=72) as server:
        client = puller(server, SOURCE)
        scope = {"since": date(2025, 7, 1), "until": date(2026, 6, 30)}
        pull = client.pull(terms=(WORD,), **scope)
        known = list(server.archive(SOURCE))
        asked = lists(server)
        assert client.ids(pull) == known
    assert "countryCodes" not in asked[0]
    assert {one["countryCodes"] for one in asked[1:]} >= {"129", "72"}
    assert all("," not in one["countryCodes"] for one in asked[1:])
    assert pull.outcome == "complete"
    last = {}
    for row in client.records(pull).sort("position").iter_rows(named=True):
        last[row["record_id"]] = row["delivered_from"]
    assert all(last.values())


def test_list_that_cannot_be_split_is_walked_as_far_as_it_goes_and_the_rest_is_missing(
    puller: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.platforms.microsoft.LARGEST_COUNT", 26)
    monkeypatch.setattr("tests.platforms.microsoft.LARGEST_SKIP", 25)
    monkeypatch.setattr("adaudit.connectors.microsoft.fetch.CEILING", 26)
    monkeypatch.setattr("adaudit.connectors.microsoft.fetch.LAST_SKIP", 25)
    monkeypatch.setattr("adaudit.connectors.microsoft.fetch.Window.halves", lambda *_: [])
    with Platforms(ads=72) as server:
        pull = puller(server, SOURCE).pull(terms=(WORD,))
        assert [one["skip"] for one in lists(server)] == ["0", "24", "25"]
    assert pull.outcome == "truncated"
    assert "beyond the 26th ad" in pull.missing[0].what


def test_windows_together_are_the_whole() -> None:
    whole = Window(since=date(2025, 1, 1), until=date(2025, 1, 7), countries=("129",))
    days: list[date] = []
    windows = [whole]
    while windows:
        one = windows.pop()
        narrower = one.halves(date(2026, 1, 1))
        windows += narrower
        if not narrower:
            assert one.since == one.until
            assert one.since is not None
            days.append(one.since)
    assert sorted(days) == [date(2025, 1, day) for day in range(1, 8)]
    assert len(Window().halves(date(2026, 1, 1))) == 30
    begun = Window(countries=("129",)).halves(date(2026, 1, 1))
    assert (begun[0].since, begun[-1].until) == (date(2023, 6, 1), date(2026, 1, 1))
    assert CEILING == 1000


def test_advertiser_by_number_and_by_name(puller: Made) -> None:
    with Platforms(ads=72) as server:
        number = server.archive(SOURCE, "advertisers")[0]
        client = puller(server, SOURCE)
        one = client.pull(advertisers=(number,))
        name = client.records(one)["account_name"][0]
        by_name = client.pull(advertisers=(name,))
        assert set(client.ids(one)) <= set(_shown(client, by_name.id))
        found = [asked for asked in server.asked(SOURCE) if asked.path.endswith("/Advertisers")]
    assert found[0].parameters["searchText"] == name
    assert (one.outcome, by_name.outcome) == ("complete", "complete")


def _shown(client: Puller, pull: str) -> list[str]:
    found: list[str] = client.store.observations.listing(pull).collect()["record_id"].to_list()
    return found


def test_name_that_nobody_bears_is_empty(puller: Made) -> None:
    with Platforms(ads=24) as server:
        pull = puller(server, SOURCE).pull(advertisers=("Nobody of That Name",))
    assert (pull.outcome, pull.answers) == ("empty", 1)


def test_ad_that_is_gone_when_it_is_asked_for_is_missing(puller: Made) -> None:
    with Platforms(ads=24, faults=[Fault("error", code="missing", status=404, on="/Ads/", at=3)]) as server:
        client = puller(server, SOURCE)
        pull = client.pull(terms=(WORD,))
        assert client.ids(pull) == list(server.archive(SOURCE))
    assert pull.outcome == "truncated"
    assert pull.missing[0].what.startswith("payer, dates and reach of ad ")


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault("status", at=11, times=99, status=500), "truncated"),
        (Fault("throttled", at=11, times=99), "rate_limited"),
        (Fault("refused", at=11), "refused"),
    ],
)
def test_pull_that_was_stopped_asks_no_answer_twice(puller: Made, fault: Fault, outcome: str) -> None:
    with Platforms(ads=48) as server:
        client = puller(server, SOURCE)
        server.add(fault)
        pull = client.pull(terms=(WORD,))
        assert (pull.outcome, pull.answers) == (outcome, 10)
        assert pull.left == [f"all countries of words {WORD!r}"]
        server.clear()
        before = len(server.asked(SOURCE))
        done = client.resume(pull)
        after = [f"{one.path}?{one.query}" for one in server.asked(SOURCE)]
        assert client.ids(done) == list(server.archive(SOURCE))
    assert done.outcome == "complete"
    assert not set(after[:10]) & set(after[before:])


@pytest.mark.parametrize("kind", ["lost", "endless_empty"])
def test_ads_that_are_counted_and_not_shown_are_missing(puller: Made, kind: str) -> None:
    with Platforms(ads=72, faults=[Fault(kind, at=2, on="/Ads?")]) as server:
        pull = puller(server, SOURCE).pull(terms=(WORD,))
    assert pull.outcome == "truncated"
    assert "the source counts them" in pull.missing[0].why


def test_credentials_go_with_each_call_and_nowhere_else(puller: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADAUDIT_MICROSOFT_DEVELOPER_TOKEN", "developer-0001")
    monkeypatch.setenv("ADAUDIT_MICROSOFT_TOKEN", "access-0001")
    with Platforms(ads=24) as server:
        client = puller(server, SOURCE)
        client.pull(terms=(WORD,))
        headers = [one.headers for one in server.asked(SOURCE)]
    assert {(one["developertoken"], one["authenticationtoken"]) for one in headers} == {
        ("developer-0001", "access-0001")
    }
    kept = b"".join(path.read_bytes() for path in client.store.folder.rglob("*.jsonl"))
    assert b"access-0001" not in kept
    assert b"developer-0001" not in kept
