"""TikTok's API as the loopback server plays it: tokens, pages, details, the errors inside."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner

from adaudit.cli import cli

from . import Fault, Platforms
from .asking import Got, ask, post

DAYS = {"min": "20221002", "max": "20261101"}
FIELDS = "ad.id,ad.first_shown_date,ad.last_shown_date,ad.status,ad.reach,advertiser.business_name"


def call(server: Platforms, name: str, body: object, fields: str = FIELDS, token: str = "") -> Got:
    url = f"{server.url('tiktok')}/v2/research/adlib/{name}/?fields={fields}"
    return post(url, body, {"authorization": f"Bearer {token or server.token('tiktok')}"})


def pages(server: Platforms, most: int = 100, **filters: object) -> list[Any]:
    found: list[Any] = []
    body: dict[str, Any] = {"filters": {"ad_published_date_range": DAYS, **filters}, "max_count": 50}
    while len(found) < most:
        got = call(server, "ad/query", body)
        assert got.document["error"]["code"] == "ok"
        found.append(got.document["data"])
        if not found[-1]["has_more"] or "search_id" not in found[-1]:
            break
        body["search_id"] = found[-1]["search_id"]
    return found


def ids(found: list[Any]) -> list[str]:
    return [str(row["ad"]["id"]) for page in found for row in page["ads"]]


def test_a_client_gets_tokens_and_each_is_accepted() -> None:
    with Platforms(ads=20) as server:
        url, form = f"{server.url('tiktok')}/v2/oauth/token/", {"content-type": "application/x-www-form-urlencoded"}
        asked = {**server.credentials("tiktok"), "grant_type": "client_credentials"}
        got = ask(url, "POST", urlencode(asked).encode(), form)
        assert got.document["access_token"].startswith("clt.")
        assert (got.document["expires_in"], got.document["token_type"]) == (7200, "Bearer")
        query = {"filters": {"ad_published_date_range": DAYS}}
        assert call(server, "ad/query", query, token=got.document["access_token"]).status == 200
        wrong = ask(url, "POST", urlencode({**asked, "client_secret": "x"}).encode(), form)
        assert {"error", "error_description", "log_id"} <= set(wrong.document)
        server.add(Fault("expired"))
        expired = call(server, "ad/query", query, token=got.document["access_token"])
        assert (expired.status, expired.document["error"]["code"]) == (401, "access_token_invalid")


def test_all_pages_bring_the_archive_once_with_the_fields_asked_for() -> None:
    with Platforms(ads=120) as server:
        found = pages(server)
        assert [len(page["ads"]) for page in found] == [50, 50, 20]
        assert sorted(ids(found)) == list(server.archive("tiktok"))
        assert {key for page in found for row in page["ads"] for key in row} == {"ad", "advertiser"}
        assert "videos" not in found[0]["ads"][0]["ad"]
        assert any(isinstance(row["ad"]["id"], int) and row["ad"]["id"] > 2**53 for row in found[0]["ads"])
        some = pages(server, country_code="NL")
        assert 0 < len(ids(some)) < 120


def test_details_add_targeting() -> None:
    with Platforms(ads=60) as server:
        fields = f"{FIELDS},ad_group.targeting_info,advertiser.country_code"
        for identity in server.archive("tiktok")[:5]:
            data = call(server, "ad/detail", {"ad_id": int(identity)}, fields).document["data"]
            assert str(data["ad"]["id"]) == identity
            assert data["ad_group"]["targeting_info"]["country"] == [data["advertiser"]["country_code"]]
        server.add(Fault("quota", at=2, on="ad/detail"))
        answers = [call(server, "ad/detail", {"ad_id": int(server.archive("tiktok")[0])}, fields) for _ in range(3)]
        assert [one.status for one in answers] == [200, 429, 429]
        assert answers[2].document["error"]["code"] == "daily_quota_limit_exceeded"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"filters": {}}, FIELDS),
        ({"filters": {"ad_published_date_range": {"min": "20220101", "max": "20250101"}}}, FIELDS),
        ({"filters": {"ad_published_date_range": {"min": "20250101", "max": "29990101"}}}, FIELDS),
        ({"filters": {"ad_published_date_range": DAYS, "country": "NL"}}, FIELDS),
        ({"filters": {"ad_published_date_range": DAYS}, "max_count": 51}, FIELDS),
        ({"filters": {"ad_published_date_range": DAYS, "unique_users_seen_size_range": {"min": "1000K"}}}, FIELDS),
        ({"filters": {"ad_published_date_range": DAYS}, "search_id": "bm90IG91cnM"}, FIELDS),
        ({"filters": {"ad_published_date_range": DAYS}, "search_term": "x" * 51}, FIELDS),
        ({"filters": {"ad_published_date_range": DAYS}}, "id,business_name"),
        ({"filters": {"ad_published_date_range": DAYS}}, ""),
    ],
)
def test_wrong_questions_are_invalid_params(body: object, fields: str) -> None:
    with Platforms(ads=20) as server:
        got = call(server, "ad/query", body, fields)
        assert (got.status, got.document["error"]["code"]) == (400, "invalid_params")


def test_errors_may_come_with_200_and_empty_pages_for_ever() -> None:
    with Platforms(ads=120, faults=[Fault("error", code="internal_error", status=200)]) as server:
        inside = call(server, "ad/query", {"filters": {"ad_published_date_range": DAYS}})
        assert (inside.status, inside.document["error"]["code"]) == (200, "internal_error")
        server.add(Fault("endless_empty", at=2))
        found = pages(server, most=6)
        assert [len(page["ads"]) for page in found] == [50, 0, 0, 0, 0, 0]
        assert len({page["search_id"] for page in found}) == 6


def test_commercial_communications_and_advertisers() -> None:
    with Platforms(ads=200) as server:
        body: dict[str, Any] = {"filters": {"content_published_date_range": DAYS}, "max_count": 15}
        found: list[Any] = []
        while True:
            got = call(server, "commercial_content/query", body, "id,create_date,label,creator").document["data"]
            found += got["commercial_contents"]
            if got["has_more"] == "false":
                break
            body["search_id"] = got["search_id"]
        assert tuple(sorted(one["id"] for one in found)) == server.archive("tiktok", "commercial_communications")
        everyone = call(server, "advertiser/query", {"search_term": "a", "max_count": 50}, "business_id,business_name")
        assert everyone.document["data"]["advertisers"]
        report = call(server, "ad/report", {"filters": {}}, "count_time_series_by_country")
        assert "NL" in report.document["data"]["count_time_series_by_country"]


def test_what_is_pulled_is_what_adaudit_reads(tmp_path: Path) -> None:
    with Platforms(ads=60) as server:
        query = {"filters": {"ad_published_date_range": DAYS}, "max_count": 50}
        (tmp_path / "query.json").write_bytes(call(server, "ad/query", query).body)
        fields = f"{FIELDS},ad_group.targeting_info,advertiser.country_code"
        detail = call(server, "ad/detail", {"ad_id": int(server.archive("tiktok")[-1])}, fields)
        (tmp_path / "detail.json").write_bytes(detail.body)
    done = CliRunner().invoke(cli, ["audit", str(tmp_path), "--out", str(tmp_path / "out"), "--no-charts"])
    assert done.exit_code == 0, done.output
