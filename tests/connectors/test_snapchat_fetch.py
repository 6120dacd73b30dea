"""Snap asked over the network: yearly files that go on where they broke off, and a gallery that may say nothing."""

import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest

from adaudit.collection.pulling import Asking, unfinished
from adaudit.connectors import sources
from adaudit.connectors.fetching import Scope, checked
from adaudit.connectors.snapchat.fetch import EMPTY_PAGES
from adaudit.errors import StoreError, UsageError
from tests.connectors.live import AT_ONCE, Puller
from tests.platforms import Fault, Platforms
from tests.platforms.tables import column

FILE = "PoliticalAds.zip"
SEARCH = "ads/search"


@pytest.fixture
def snapchat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Puller]:
    with Platforms(ads=180) as server:
        yield Puller.of(server, "snapchat", tmp_path, monkeypatch)


def names(snapchat: Puller) -> tuple[str, ...]:
    return snapchat.server.archive("snapchat", "paying_advertisers")


def test_the_files_of_years_come_whole(snapchat: Puller) -> None:
    pull = snapchat.pull(years=tuple(range(2018, 2027)))
    assert (pull.outcome, pull.answers) == ("complete", 9)
    assert snapchat.records(pull) == list(snapchat.server.archive("snapchat"))
    assert [one.name for one in snapchat.kept(pull)][:2] == ["PoliticalAds-2018.zip", "PoliticalAds-2019.zip"]
    assert list(snapchat.store.partial.iterdir()) == []


def test_without_a_year_the_current_one_is_asked_for(snapchat: Puller) -> None:
    snapchat.pull()
    assert f"/{datetime.now(UTC).year}/" in snapchat.asked()[0].path


def test_each_download_is_a_snapshot_to_compare(snapchat: Puller) -> None:
    first = snapchat.pull(years=(2026,))
    snapchat.server.add(Fault("regenerated", on=FILE))
    later = snapchat.pull(years=(2026,))
    assert [first.outcome, later.outcome] == ["complete", "complete"]
    assert set(snapchat.records(first)) < set(snapchat.records(later))
    assert first.records is not None
    assert later.records is not None
    more_spent, added = -(-first.records // 3), later.records - first.records
    assert later.new == more_spent + added


def test_a_download_goes_on_where_it_broke_off(snapchat: Puller) -> None:
    snapchat.server.add(Fault("truncated", number=3000, on=FILE))
    pull = snapchat.pull(years=(2026,))
    assert pull.outcome == "complete"
    first, second = snapchat.asked(FILE)
    assert ("range" in first.headers, second.headers["range"]) == (False, "bytes=2999-")


def test_a_file_that_changes_while_it_breaks_off_is_never_a_mixture(snapchat: Puller) -> None:
    snapchat.server.add(Fault("truncated", number=3000, on=FILE))
    snapchat.server.add(Fault("regenerated", at=2, on=FILE))
    pull = snapchat.pull(years=(2026,))
    data = snapchat.store.vault.read(snapchat.kept(pull)[0].sha256)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert sorted(column(archive.read("PoliticalAds.csv"), "ADID")) == snapchat.records(pull)


def test_a_pull_that_was_stopped_goes_on_with_the_bytes_that_are_there(snapchat: Puller) -> None:
    snapchat.server.add(Fault("truncated", number=3000, times=1, on="/2026/"))
    snapchat.server.add(Fault("status", at=2, times=99, status=503, on="/2026/"))
    pull = snapchat.pull(years=(2025, 2026))
    assert (pull.outcome, pull.answers, pull.left) == ("truncated", 1, ["the file of 2026"])
    snapchat.server.clear()
    assert snapchat.on(pull).outcome == "complete"
    assert snapchat.asked(FILE)[-1].headers["range"] == "bytes=2999-"
    assert len(snapchat.asked("/2025/")) == 1


def test_a_year_without_a_file_is_missing_and_the_others_come(snapchat: Puller) -> None:
    pull = snapchat.pull(years=(2017, 2026))
    assert (pull.outcome, [one.what for one in pull.missing]) == ("truncated", ["the file of 2017"])
    assert "404" in pull.missing[0].why
    assert pull.records


def test_a_page_in_the_place_of_the_file_is_never_taken_for_it(snapchat: Puller) -> None:
    snapchat.server.add(Fault("login_page", times=99, on=FILE))
    pull = snapchat.pull(years=(2026,))
    assert (pull.outcome, pull.answers) == ("truncated", 0)
    assert "expected a file that begins with b'PK'" in pull.why


def test_a_file_that_cannot_be_read_is_kept_and_the_pull_is_not_whole(snapchat: Puller) -> None:
    snapchat.server.add(Fault("renamed", field="ADID", on=FILE))
    pull = snapchat.pull(years=(2026,))
    assert (pull.outcome, pull.answers) == ("truncated", 1)
    assert "could not be read" in pull.why
    assert "adid" in pull.why


def test_a_disk_that_takes_no_download_is_told_and_the_pull_can_go_on(snapchat: Puller) -> None:
    snapchat.store.partial.write_text("a file where the folder belongs")
    with pytest.raises(StoreError, match="could not be written"):
        snapchat.pull(years=(2026,))
    snapchat.store.partial.unlink()
    (pull,) = unfinished(snapchat.store, "snapchat")
    assert snapchat.on(pull).outcome == "complete"


def test_a_redirect_elsewhere_is_refused(snapchat: Puller) -> None:
    snapchat.server.add(Fault("redirect", on=FILE))
    assert snapchat.pull(years=(2026,)).outcome == "refused"
    assert snapchat.server.asked("elsewhere") == []


def test_the_gallery_comes_name_by_name_and_page_by_page(snapchat: Puller) -> None:
    pull = snapchat.pull(what="gallery", advertisers=names(snapchat))
    assert (pull.outcome, pull.missing) == ("complete", [])
    assert snapchat.records(pull) == list(snapchat.server.archive("snapchat", "ads_gallery"))
    assert {one.method for one in snapchat.asked(SEARCH)} == {"POST"}
    bodies = {one.body for one in snapchat.asked(SEARCH) if "cursor=" in one.query}
    assert bodies <= {one.body for one in snapchat.asked(SEARCH) if "cursor=" not in one.query}
    assert bodies


def test_greece_is_asked_for_in_the_gallerys_own_letters(snapchat: Puller) -> None:
    pull = snapchat.pull(
        what="gallery", advertisers=names(snapchat)[:1], countries=("GR", "NL", "NO"), since="2025-01-01"
    )
    body = snapchat.asked(SEARCH)[0].document
    assert body is not None
    assert (body["countries"], body["start_date"]) == (["el", "nl"], "2025-01-01T00:00:00.000Z")
    assert [one.what for one in pull.missing] == ["ads shown in NO"]
    asked = len(snapchat.asked(SEARCH))
    assert snapchat.pull(what="gallery", advertisers=("any",), countries=("NO",)).outcome == "truncated"
    assert len(snapchat.asked(SEARCH)) == asked


def test_too_many_requests_come_with_success_and_are_asked_again(snapchat: Puller) -> None:
    snapchat.server.add(Fault("throttled", at=2, times=2, on=SEARCH))
    pull = snapchat.pull(what="gallery", advertisers=names(snapchat))
    assert pull.outcome == "complete"
    snapchat.server.add(Fault("throttled", at=3, times=99, on=SEARCH))
    pull = snapchat.pull(what="gallery", advertisers=names(snapchat))
    assert (pull.outcome, pull.answers) == ("rate_limited", 2)
    assert "E1009" in pull.why
    snapchat.server.clear()
    assert snapchat.on(pull).outcome == "complete"
    assert snapchat.records(pull) == list(snapchat.server.archive("snapchat", "ads_gallery"))


def test_an_expired_cursor_begins_the_search_again_and_not_for_ever(snapchat: Puller) -> None:
    snapchat.server.add(Fault("error", at=1, times=1, code="E1008", status=400, on="cursor="))
    pull = snapchat.pull(what="gallery", advertisers=names(snapchat))
    assert pull.outcome == "complete"
    assert snapchat.records(pull) == list(snapchat.server.archive("snapchat", "ads_gallery"))
    snapchat.server.clear()
    snapchat.server.add(Fault("error", at=1, times=9999, code="E1008", on="cursor="))
    pull = snapchat.pull(what="gallery", advertisers=names(snapchat))
    assert pull.outcome == "truncated"
    assert all("E1008" in one.why for one in pull.missing)


def test_a_search_that_is_not_valid_is_missing_and_the_others_come(snapchat: Puller) -> None:
    snapchat.server.add(Fault("error", at=1, times=1, code="E3024", on=SEARCH))
    pull = snapchat.pull(what="gallery", advertisers=names(snapchat)[:3])
    assert (pull.outcome, len(pull.missing)) == ("truncated", 1)
    assert "E3024" in pull.missing[0].why
    assert pull.records


def test_a_block_that_looks_like_none_is_told_by_a_name_that_had_ads(snapchat: Puller) -> None:
    known, *others = names(snapchat)
    snapchat.server.add(Fault("empty", at=len(snapchat.kept(snapchat.pull(what="gallery", advertisers=(known,)))) + 1))
    pull = snapchat.pull(what="gallery", advertisers=(known, *others))
    assert pull.outcome == "truncated"
    assert [one.what for one in pull.missing] == [f"ads of {one!r}" for one in others]
    assert "blocks this caller" in pull.missing[0].why


def test_a_name_without_ads_is_no_block_where_another_still_has_some(snapchat: Puller) -> None:
    known = names(snapchat)[0]
    pull = snapchat.pull(what="gallery", advertisers=(known, "nobody of that name"))
    assert (pull.outcome, pull.missing) == ("complete", [])
    assert pull.answers == len({one.query for one in snapchat.asked(SEARCH)}) + 2


def test_success_without_ads_proves_nothing_and_a_canary_breaks_it(snapchat: Puller) -> None:
    snapchat.server.add(Fault("empty", on=SEARCH))
    assert snapchat.pull(what="gallery", advertisers=names(snapchat)).outcome == "empty"
    canary = snapchat.server.archive("snapchat", "ads_gallery")[0]
    pull = snapchat.pull(Asking(AT_ONCE, canaries=(canary,)), what="gallery", advertisers=names(snapchat))
    assert pull.outcome == "broken"


@pytest.mark.parametrize(("kind", "why"), [("endless", "the same link"), ("endless_empty", "held no ads and named")])
def test_ways_on_that_lead_nowhere_end_and_are_missing(snapchat: Puller, kind: str, why: str) -> None:
    snapchat.server.add(Fault(kind, on=SEARCH))
    pull = snapchat.pull(what="gallery", advertisers=names(snapchat)[:1])
    assert (pull.outcome, len(pull.missing)) == ("truncated", 1)
    assert why in pull.missing[0].why
    assert len(snapchat.asked(SEARCH)) <= EMPTY_PAGES + 1


def test_each_library_has_filters_of_its_own() -> None:
    snapchat = sources()["snapchat"]
    with pytest.raises(UsageError, match="snapchat gallery needs --advertiser"):
        checked(Scope(what="gallery"), snapchat)
    with pytest.raises(UsageError, match="snapchat cannot be asked by --advertiser; it can by --year"):
        checked(Scope(advertisers=("a",)), snapchat)
