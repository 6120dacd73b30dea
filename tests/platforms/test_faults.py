"""Faults strike when they should, do what they say, and everything asked is recorded."""

import gzip
import http.client
import socket
import subprocess
import sys
import time
import zlib
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from . import Fault, Platforms
from .asking import Got, ask, meta_ids, meta_pages, meta_query

ROOT = Path(__file__).resolve().parent.parent.parent


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


def test_a_compressed_stream_may_end_in_the_middle() -> None:
    with Platforms(faults=[Fault("cut_gzip")]) as server:
        cut = asked_once(server)
        assert int(cut.headers["content-length"]) == len(cut.body)
        half = zlib.decompressobj(16 + zlib.MAX_WBITS)
        came = half.decompress(cut.body)
        assert not half.eof
        whole = asked_once(server).body
        assert 0 < len(came) < len(whole)
        assert whole.startswith(came)


def test_a_slow_body_takes_its_time_and_is_whole() -> None:
    with Platforms(faults=[Fault("slow", seconds=0.4)]) as server:
        started = time.monotonic()
        slow = asked_once(server)
        assert time.monotonic() - started >= 0.35
        assert slow.body == asked_once(server).body


def test_an_answer_may_come_late() -> None:
    with Platforms(ads=20, faults=[Fault("late", seconds=0.3)]) as server:
        started = time.monotonic()
        assert asked_once(server).status == 200
        assert time.monotonic() - started >= 0.3


def test_who_asks_too_fast_is_throttled() -> None:
    with Platforms(ads=20, faults=[Fault("paced", number=3, seconds=3600, status=429, retry_after=9)]) as server:
        answers = [asked_once(server) for _ in range(5)]
        assert [one.status for one in answers] == [200, 200, 200, 429, 429]
        assert answers[3].headers["retry-after"] == "9"
        assert answers[3].document["error"]["code"] == 613
    with Platforms(ads=20, faults=[Fault("paced", number=3, seconds=0)]) as server:
        assert {asked_once(server).status for _ in range(5)} == {200}


def test_a_time_to_come_back_may_be_a_date() -> None:
    with Platforms(ads=20, faults=[Fault("throttled", status=429, retry_date=60)]) as server:
        moment = parsedate_to_datetime(asked_once(server).headers["retry-after"])
        assert 30 < (moment - datetime.now(UTC)).total_seconds() <= 60


def test_clients_that_go_away_disturb_nobody() -> None:
    with Platforms(ads=2000, faults=[Fault("slow", seconds=0.2, times=10**9)]) as server:
        target = meta_query(server.url("meta"), limit=2000)
        for number in range(10):
            connection = socket.create_connection(("127.0.0.1", server.port), timeout=10)
            path = target.partition(str(server.port))[2]
            line = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.token('meta')}\r\n\r\n"
            connection.sendall(line.encode())
            connection.recv(100 * number + 1)
            connection.close()
        assert len(asked_once(server, 2000).document["data"]) == 2000


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


def test_an_archive_changes_between_two_pulls() -> None:
    with Platforms(ads=120, faults=[Fault("changed", number=3)]) as server:
        base, token = server.url("meta"), server.token("meta")
        later = {ad["id"]: ad["page_name"] for page in meta_pages(base, token) for ad in page["data"]}
        server.clear()
        before = {ad["id"]: ad["page_name"] for page in meta_pages(base, token) for ad in page["data"]}
        assert set(later) == set(before)
        assert sum(later[one] != before[one] for one in before) == 3


def test_json_is_compressed_for_those_who_accept_it() -> None:
    with Platforms(ads=60, compressed=True) as server:
        bearer = {"authorization": f"Bearer {server.token('meta')}"}
        plain = ask(meta_query(server.url("meta")), headers=bearer)
        packed = ask(meta_query(server.url("meta")), headers={**bearer, "accept-encoding": "br, gzip;q=0.8"})
        assert "content-encoding" not in plain.headers
        assert packed.headers["content-encoding"] == "gzip"
        assert gzip.decompress(packed.body) == plain.body


def test_what_fails_in_the_server_itself_is_not_hidden() -> None:
    with pytest.raises(ValueError, match="has no answer for the fault 'quota'"), Platforms() as server:
        server.add(Fault("quota"))
        with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
            ask(f"{server.url('google')}/anything")


def test_keep_alive_serves_many_requests_and_the_end_does_not_wait_for_clients() -> None:
    started = time.monotonic()
    with Platforms(ads=20) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        for _ in range(20):
            connection.request("GET", "/politiekereclame_nl/api/public/statements?limit=5")
            assert connection.getresponse().read()
        assert len(server.requests) == 20
    connection.close()
    assert time.monotonic() - started < 5


def test_it_is_served_by_hand() -> None:
    command = [sys.executable, "-m", "tests.platforms", "--platform", "meta", "--ads", "40", "--fault", "status,at=1"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert running.stdout is not None
        with running.stdout:
            name, url, token = running.stdout.readline().split()
            assert name == "meta"
            bearer = {"authorization": f"Bearer {token}"}
            assert [ask(meta_query(url), headers=bearer).status for _ in range(2)] == [500, 200]
    finally:
        running.terminate()
        running.wait()


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
