"""Faults strike when they should, do what they say, and everything asked is recorded."""

import gzip
import http.client
import time
import zlib

import pytest

from . import Fault, Platforms
from .asking import Got, ask, meta_ids, meta_pages, meta_query


def asked_once(server: Platforms, limit: int = 50) -> Got:
    bearer = {"authorization": f"Bearer {server.token('meta')}"}
    return ask(meta_query(server.url("meta"), limit=limit), headers=bearer)


def test_a_fault_strikes_the_request_it_names_and_no_other() -> None:
    with Platforms(faults=[Fault("status", at=2, status=503, retry_after=7)]) as server:
        answers = [asked_once(server) for _ in range(3)]
        assert [one.status for one in answers] == [200, 503, 200]
        assert answers[1].headers["retry-after"] == "7"
        assert "retry-after" not in answers[0].headers


def test_a_fault_may_last_and_concern_one_platform_or_address_alone() -> None:
    with Platforms(
        faults=[
            Fault("status", at=1, times=2, status=500, platform="google"),
            Fault("status", at=2, status=502, on="limit=7"),
        ]
    ) as server:
        url = f"{server.url('google')}/political-csv/google-political-ads-transparency-bundle.zip"
        assert [ask(url, "HEAD").status for _ in range(3)] == [500, 500, 200]
        assert [asked_once(server, limit).status for limit in (7, 8, 8, 7, 7)] == [200, 200, 200, 502, 200]


def test_a_share_of_requests_is_the_same_for_the_same_seed() -> None:
    def struck(seed: int) -> list[int]:
        with Platforms(seed=seed, ads=20, faults=[Fault("status", share=0.3)]) as server:
            return [asked_once(server).status for _ in range(60)]

    assert struck(5) == struck(5)
    assert struck(5) != struck(6)
    assert 5 < struck(5).count(500) < 35


def test_faults_strike_together() -> None:
    with Platforms(faults=[Fault("content_type"), Fault("truncated", number=100)]) as server:
        with pytest.raises(http.client.IncompleteRead) as cut:
            asked_once(server)
        assert len(cut.value.partial) == 100


def test_broken_transfers_are_broken() -> None:
    with Platforms(faults=[Fault("reset", at=1), Fault("reset", at=2, number=2000), Fault("bad_gzip", at=3)]) as server:
        with pytest.raises(ConnectionError):
            asked_once(server)
        with pytest.raises((ConnectionError, http.client.IncompleteRead)):
            asked_once(server)
        third = asked_once(server)
        assert third.headers["content-encoding"] == "gzip"
        with pytest.raises((EOFError, OSError, zlib.error)):
            gzip.decompress(third.body)
        assert asked_once(server).document["data"]


def test_a_slow_body_takes_its_time_and_is_whole() -> None:
    with Platforms(faults=[Fault("slow", seconds=0.4)]) as server:
        started = time.monotonic()
        slow = asked_once(server)
        assert time.monotonic() - started >= 0.35
        assert slow.body == asked_once(server).body


def test_pages_that_are_no_data() -> None:
    faults = [Fault("login_page", at=1), Fault("empty_body", at=2), Fault("content_type", at=3)]
    with Platforms(faults=faults) as server:
        login, empty, mistyped = (asked_once(server) for _ in range(3))
        assert (login.status, b"<form" in login.body) == (200, True)
        assert (empty.status, empty.body) == (200, b"")
        assert mistyped.headers["content-type"].startswith("text/html")
        assert mistyped.document["data"]


def test_whoever_follows_a_redirect_elsewhere_is_seen() -> None:
    with Platforms(faults=[Fault("redirect")]) as server:
        away = asked_once(server)
        assert away.status == 302
        assert away.headers["location"].startswith("http://localhost:")
        assert server.asked("elsewhere") == []
        ask(away.headers["location"], headers={"authorization": "Bearer followed"})
        assert server.asked("elsewhere")[0].bearer == "followed"


def test_everything_asked_is_recorded_with_its_headers() -> None:
    with Platforms(faults=[Fault("status", at=1)]) as server:
        asked_once(server)
        asked_once(server)
        first, second = server.requests
        assert (first.number, second.number) == (1, 2)
        assert first.bearer == server.token("meta")
        assert first.path == "/v25.0/ads_archive"
        assert first.parameters["limit"] == "50"


def test_endless_pages() -> None:
    with Platforms(ads=120, faults=[Fault("endless", at=2)]) as server:
        pages = meta_pages(server.url("meta"), server.token("meta"), most=5)
        assert meta_ids(pages[1:2]) == meta_ids(pages[2:3]) == meta_ids(pages[4:5])
        assert pages[1]["paging"]["cursors"]["after"] == pages[4]["paging"]["cursors"]["after"]
    with Platforms(ads=120, faults=[Fault("endless_empty", at=2)]) as server:
        base, bearer = server.url("meta"), {"authorization": f"Bearer {server.token('meta')}"}
        following, cursors = ask(meta_query(base), headers=bearer).document["paging"]["next"], []
        for _ in range(4):
            document = ask(following, headers=bearer).document
            assert document["data"] == []
            following = document["paging"]["next"]
            cursors.append(document["paging"]["cursors"]["after"])
        assert len(set(cursors)) == 4


def test_ads_that_come_twice_vanish_or_are_lost() -> None:
    def pulled(*faults: Fault) -> tuple[list[str], set[str], list[dict[str, str]]]:
        with Platforms(ads=120, faults=faults) as server:
            pages = meta_pages(server.url("meta"), server.token("meta"))
            return meta_ids(pages), set(server.archive("meta")), [ad for page in pages for ad in page["data"]]

    for kind in ("overlap", "moved"):
        came, archive, _ = pulled(Fault(kind, at=2, number=3))
        assert set(came) == archive, kind
        assert len(came) == len(archive) + (6 if kind == "overlap" else 3), kind
    came, archive, ads = pulled(Fault("edited", at=2, times=1, number=3))
    assert set(came) == archive
    assert sum(ad["page_name"].startswith("as edited") for ad in ads) == 3
    came, archive, _ = pulled(Fault("vanished", at=1, number=4))
    assert len(archive - set(came)) == 4
    came, archive, _ = pulled(Fault("lost", at=2, number=5))
    assert (len(came), len(archive - set(came))) == (115, 5)
    came, archive, _ = pulled(Fault("paging_lost", at=2))
    assert len(came) == 100
    came, archive, _ = pulled(Fault("late_end"))
    assert sorted(came) == sorted(archive)
    came, _, _ = pulled(Fault("empty"))
    assert came == []


def test_a_canary_is_left_out_alone() -> None:
    with Platforms(ads=120, faults=[Fault("canary")]) as server:
        came = meta_ids(meta_pages(server.url("meta"), server.token("meta")))
        assert set(server.archive("meta")) - set(came) == {server.canary("meta")}


def test_fields_drift() -> None:
    def first(fault: Fault) -> dict[str, object]:
        with Platforms(ads=20, faults=[fault]) as server:
            ad: dict[str, object] = asked_once(server).document["data"][0]
            return ad

    assert "page_name" not in first(Fault("renamed"))
    assert "page_id_renamed" in first(Fault("renamed", field="page_id"))
    assert isinstance(first(Fault("retyped"))["page_name"], dict)
    assert first(Fault("added"))["added_field"] == "not seen before"


def test_faults_are_read_from_text_and_wrong_ones_refused() -> None:
    read = Fault.read("status,at=3,status=503,retry_after=2,share=0.5,on=/ads")
    assert read == Fault("status", at=3, status=503, retry_after=2, share=0.5, on="/ads")
    for wrong in ("stats", "status,after=3", "status,at=x", "status,share=2", "status,at=0"):
        with pytest.raises(ValueError, match=r"fault|literal"):
            Fault.read(wrong)
    with Platforms() as server, pytest.raises(ValueError, match="no platform is called"):
        server.url("myspace")
