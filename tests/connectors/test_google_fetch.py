"""Google's bundle asked for over the network: kept as it is, gone on with where it broke off."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from adaudit.collection.pulling import Asking
from adaudit.connectors import sources
from adaudit.connectors.fetching import Scope, checked
from adaudit.errors import UsageError
from tests.connectors.live import AT_ONCE, Puller
from tests.platforms import Fault, Platforms


@pytest.fixture
def google(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Puller]:
    with Platforms(ads=60) as server:
        yield Puller.of(server, "google", tmp_path, monkeypatch)


def bundle_ids(google: Puller) -> set[str]:
    return {f"bundle|{one}" for one in google.server.archive("google")}


def ads(ids: list[str]) -> set[str]:
    return {one.partition("|row ")[0] for one in ids if one.startswith("bundle|")}


def test_the_bundle_comes_whole_and_as_it_is(google: Puller) -> None:
    pull = google.pull()
    assert (pull.outcome, pull.answers) == ("complete", 1)
    assert ads(google.records(pull)) == bundle_ids(google)
    (kept,) = google.kept(pull)
    assert kept.name == "google-political-ads-transparency-bundle.zip"
    assert kept.headers["etag"]
    assert google.store.vault.read(kept.sha256).startswith(b"PK")
    assert list(google.store.partial.iterdir()) == []


def test_a_stopped_download_goes_on_and_a_changed_bundle_begins_again(google: Puller) -> None:
    google.server.add(Fault("truncated", number=4000))
    google.server.add(Fault("status", at=2, times=99, status=503))
    pull = google.pull()
    assert (pull.outcome, pull.answers, pull.left) == (
        "truncated",
        0,
        ["the bundle at /political-csv/google-political-ads-transparency-bundle.zip"],
    )
    assert [one.stat().st_size for one in google.store.partial.glob("*.zip")] == [4000]
    google.server.clear()
    google.server.add(Fault("regenerated"))
    assert google.on(pull).outcome == "complete"
    assert google.asked()[-1].headers["range"] == "bytes=3999-"
    assert ads(google.records(pull))


def test_a_bundle_that_was_whole_when_the_pull_was_killed_is_not_asked_for_again(google: Puller) -> None:
    (kept,) = google.kept(google.pull())
    data = google.store.vault.read(kept.sha256)
    path = google.store.partial / kept.name
    path.write_bytes(data)
    path.with_name(f"{path.name}.validator").write_text(kept.headers["etag"])
    pull = google.pull()
    assert (pull.outcome, [one.sha256 for one in google.kept(pull)]) == ("complete", [kept.sha256])
    assert google.asked()[-1].headers["range"] == f"bytes={len(data) - 1}-"


def test_what_is_longer_than_the_file_begins_again(google: Puller) -> None:
    (kept,) = google.kept(google.pull())
    path = google.store.partial / kept.name
    path.write_bytes(google.store.vault.read(kept.sha256) + b"too much")
    path.with_name(f"{path.name}.validator").write_text(kept.headers["etag"])
    assert [one.sha256 for one in google.kept(google.pull())] == [kept.sha256]


def test_time_that_is_over_leaves_what_came(google: Puller) -> None:
    google.server.add(Fault("slow", seconds=3.0))
    pull = google.pull(Asking(AT_ONCE, seconds=0.6))
    assert (pull.outcome, pull.answers, pull.resumable) == ("truncated", 0, True)
    assert "time" in pull.why
    had = sum(one.stat().st_size for one in google.store.partial.glob("*.zip"))
    assert had > 0
    google.server.clear()
    assert google.on(pull).outcome == "complete"
    assert google.asked()[-1].headers["range"] == f"bytes={had - 1}-"


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [(Fault("refused"), "refused"), (Fault("throttled", times=99), "truncated"), (Fault("redirect"), "refused")],
)
def test_what_is_not_given_is_told(google: Puller, fault: Fault, outcome: str) -> None:
    google.server.add(fault)
    assert google.pull().outcome == outcome


def test_an_older_address_can_be_set(google: Puller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADAUDIT_GOOGLE_BUNDLE", "/transparencyreport/google-political-ads-transparency-bundle.zip")
    pull = google.pull()
    assert (pull.outcome, google.asked()[-1].path.split("/")[1]) == ("truncated", "transparencyreport")
    assert "404" in pull.why


def test_the_bundle_takes_no_filter() -> None:
    with pytest.raises(UsageError, match="google cannot be asked by --country; it can by nothing"):
        checked(Scope(countries=("NL",)), sources()["google"])
