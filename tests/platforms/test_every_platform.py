"""What holds for every platform: each fault is answered as it says or not at all, and patience brings everything."""

import http.client
import json
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from . import LASTING, ONCE, Fault, Platforms
from .asking import Got, ask, meta_query, post, with_query
from .known import PLATFORMS

DAYS = {"min": "20221002", "max": "20261101"}


def of_google(server: Platforms) -> Got:
    return ask(f"{server.url('google')}/political-csv/google-political-ads-transparency-bundle.zip")


def of_linkedin(server: Platforms, **going_on: object) -> Got:
    headers = {"linkedin-version": "202607", "x-restli-protocol-version": "2.0.0"}
    bearer = {"authorization": f"Bearer {server.token('linkedin')}"}
    url = with_query(f"{server.url('linkedin')}/rest/adLibrary", q="criteria", **going_on)
    return ask(url, headers={**headers, **bearer})


def of_meta(server: Platforms) -> Got:
    bearer = {"authorization": f"Bearer {server.token('meta')}"}
    return ask(meta_query(server.url("meta"), limit=60), headers=bearer)


def of_microsoft(server: Platforms) -> Got:
    return ask(f"{server.url('microsoft')}/api/v1/Ads?searchText=,")


def of_register(server: Platforms) -> Got:
    return ask(f"{server.url('politiekereclame_nl')}/api/public/statements?limit=60")


def of_snapchat(server: Platforms) -> Got:
    return ask(f"{server.url('snapchat')}/ad-manager-political-ads-dump/political/2025/PoliticalAds.zip")


def of_tiktok(server: Platforms) -> Got:
    url = f"{server.url('tiktok')}/v2/research/adlib/ad/query/?fields=ad.id,advertiser.business_name"
    body = {"filters": {"ad_published_date_range": DAYS}, "max_count": 50}
    return post(url, body, {"authorization": f"Bearer {server.token('tiktok')}"})


def of_x(server: Platforms) -> Got:
    url = f"{server.url('x')}/graphql/e9OJa7fJKHtHftkNzcRkzw/CreateExportReportMutation"
    days = {"start_date": "2026-01-01", "end_date": "2026-01-31"}
    body = {"variables": {"user": "12", "geoLocation": "NL", "deliveryRange": days}}
    return post(url, body, {"authorization": f"Bearer {server.token('x')}"})


ASKING: dict[str, Callable[[Platforms], Got]] = {
    "google": of_google,
    "linkedin": of_linkedin,
    "meta": of_meta,
    "microsoft": of_microsoft,
    "politiekereclame_nl": of_register,
    "snapchat": of_snapchat,
    "tiktok": of_tiktok,
    "x": of_x,
}
BREAKING = {"reset", "truncated"}
BY_CODE = {"throttled", "refused", "quota", "expired", "too_heavy"}
SHOWN_BY_ALL = {
    "status",
    "error",
    "content_type",
    "login_page",
    "bad_gzip",
    "cut_gzip",
    "empty_body",
    "redirect",
} | BY_CODE - {"expired"}
SHOWN_IN_ROWS = {"empty", "changed", "vanished", "renamed", "retyped", "added"}
PASSING = ("status", "throttled", "reset", "truncated", "login_page", "bad_gzip", "empty_body", "overlap", "moved")


def readable(got: Got) -> object:
    """What the body says, by its content type; an error where it says nothing that can be read."""
    if "content-encoding" in got.headers:
        raise ValueError(got.headers["content-encoding"])
    if got.headers["content-type"].startswith("application/json"):
        return json.loads(got.body)
    with zipfile.ZipFile(BytesIO(got.body)) as archive:
        return archive.namelist()


def test_every_platform_is_asked_here() -> None:
    assert set(ASKING) == set(PLATFORMS)


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_the_same_seed_gives_the_same_answer_and_another_one_another(platform: str) -> None:
    def answered(seed: int) -> bytes:
        with Platforms(seed=seed, ads=60) as server:
            got = ASKING[platform](server)
            assert got.status == 200
            assert readable(got)
            return got.body.replace(str(server.port).encode(), b"PORT")

    assert answered(1) == answered(1)
    assert answered(1) != answered(2)


def outcome(server: Platforms, platform: str) -> Got | None:
    """The answer to one question; None where the connection broke."""
    try:
        return ASKING[platform](server)
    except (ConnectionError, http.client.HTTPException):
        return None


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_every_fault_shows_or_is_refused_by_name(platform: str) -> None:
    """`expired` comes last: the token stays so."""
    with Platforms(ads=60) as server:
        usual = ASKING[platform](server)
        for kind in sorted(ONCE | LASTING, key=lambda one: one == "expired"):
            server.clear()
            server.add(Fault(kind, code="500" if kind == "error" else "", seconds=0.01))
            got = outcome(server, platform)
            if kind in BY_CODE and kind not in PLATFORMS[platform].codes:
                assert "has no answer" in str(server.failures.pop()), kind
            elif kind in BREAKING:
                assert got is None, kind
            else:
                assert got is not None, kind
                shown = (got.status, got.headers["content-type"], got.body)
                changed = shown != (usual.status, usual.headers["content-type"], usual.body)
                assert changed or kind not in SHOWN_BY_ALL, kind
                assert changed or platform == "x" or kind not in SHOWN_IN_ROWS, kind


@pytest.mark.parametrize("platform", ["meta", "tiktok", "linkedin"])
def test_who_asks_again_gets_everything_whatever_strikes(platform: str) -> None:
    faults = [Fault(kind, share=0.08) for kind in PASSING]
    with Platforms(seed=4, ads=600, faults=faults) as server:
        came: list[str] = []
        going_on: dict[str, object] | None = {}
        while going_on is not None:
            document = asked_until_answered(server, platform, going_on)
            ids, going_on = READING[platform](document)
            came += ids
        assert sorted(set(came)) == list(server.archive(platform))
        assert len(server.requests) > len(came) / 50 * 1.2


def asked_until_answered(server: Platforms, platform: str, going_on: dict[str, object]) -> Any:
    """The document that the same question brings at last."""
    for _ in range(100):
        try:
            got = PAGED[platform](server, going_on)
            found = readable(got)
        except (ConnectionError, http.client.HTTPException, ValueError, zipfile.BadZipFile):
            continue
        if got.status == 200 and isinstance(found, dict) and found.get("error", {"code": "ok"})["code"] == "ok":
            return found
    pytest.fail("asked a hundred times without an answer")


def meta_page(server: Platforms, going_on: dict[str, object]) -> Got:
    bearer = {"authorization": f"Bearer {server.token('meta')}"}
    return ask(meta_query(server.url("meta"), limit=40, **going_on), headers=bearer)


def tiktok_page(server: Platforms, going_on: dict[str, object]) -> Got:
    url = f"{server.url('tiktok')}/v2/research/adlib/ad/query/?fields=ad.id"
    body = {"filters": {"ad_published_date_range": DAYS}, "max_count": 40, **going_on}
    return post(url, body, {"authorization": f"Bearer {server.token('tiktok')}"})


def linkedin_page(server: Platforms, going_on: dict[str, object]) -> Got:
    return of_linkedin(server, **going_on)


def meta_read(document: Any) -> tuple[list[str], dict[str, object] | None]:
    after = document["paging"]["cursors"]["after"] if "paging" in document else None
    return [ad["id"] for ad in document["data"]], {"after": after} if after else None


def tiktok_read(document: Any) -> tuple[list[str], dict[str, object] | None]:
    data = document["data"]
    following = {"search_id": data["search_id"]} if data["has_more"] else None
    return [str(row["ad"]["id"]) for row in data["ads"]], following


def linkedin_read(document: Any) -> tuple[list[str], dict[str, object] | None]:
    paging = document["paging"]
    following = {"start": paging["start"] + paging["count"]} if paging["links"] else None
    return [ad["adUrl"].rpartition("/")[2] for ad in document["elements"]], following


PAGED: dict[str, Callable[[Platforms, dict[str, object]], Got]] = {
    "meta": meta_page,
    "tiktok": tiktok_page,
    "linkedin": linkedin_page,
}
READING: dict[str, Callable[[Any], tuple[list[str], dict[str, object] | None]]] = {
    "meta": meta_read,
    "tiktok": tiktok_read,
    "linkedin": linkedin_read,
}
