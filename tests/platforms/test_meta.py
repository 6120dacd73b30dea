"""Meta's archive as the loopback server plays it: paging, fields, filters, tokens, errors, its faults."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from adaudit.cli import cli

from . import Fault, Platforms
from .asking import ask, meta_ids, meta_pages, meta_query


def test_all_pages_bring_the_archive_once() -> None:
    with Platforms(seed=3, ads=230) as server:
        pages = meta_pages(server.url("meta"), server.token("meta"))
        assert [len(page["data"]) for page in pages] == [50, 50, 50, 50, 30]
        assert sorted(meta_ids(pages)) == list(server.archive("meta"))
        assert len(server.archive("meta")) == 230


def test_answers_carry_the_callers_token_and_no_field_that_was_not_asked_for() -> None:
    with Platforms(ads=60) as server:
        token = server.token("meta", 2)
        page = meta_pages(server.url("meta"), token, most=1)[0]
        assert all(f"access_token={token}" in ad["ad_snapshot_url"] for ad in page["data"])
        assert f"access_token={token}" in page["paging"]["next"]
        assert {key for ad in page["data"] for key in ad} == {
            *("id", "ad_snapshot_url", "page_id", "page_name", "bylines"),
            *("spend", "impressions", "ad_delivery_start_time"),
        }
        following = ask(page["paging"]["next"])
        assert following.status == 200
        assert following.document["data"]


def test_only_running_ads_come_unless_all_are_asked_for() -> None:
    with Platforms(ads=200) as server:
        token, base = server.token("meta"), server.url("meta")
        fields = "id,ad_delivery_stop_time"
        active = meta_pages(base, token, fields=fields, ad_active_status="ACTIVE")
        inactive = meta_pages(base, token, fields=fields, ad_active_status="INACTIVE")
        assert not any("ad_delivery_stop_time" in ad for page in active for ad in page["data"])
        assert all("ad_delivery_stop_time" in ad for page in inactive for ad in page["data"])
        assert sorted(meta_ids(active) + meta_ids(inactive)) == list(server.archive("meta"))
        assert meta_ids(active)


def test_filters_find_what_they_name() -> None:
    with Platforms(ads=200) as server:
        token, base = server.token("meta"), server.url("meta")
        political = meta_pages(base, token, ad_type="POLITICAL_AND_ISSUE_ADS")
        assert sorted(meta_ids(political)) == list(server.archive("meta", "political"))
        assert all("bylines" in ad or "spend" in ad for page in political for ad in page["data"])
        one = server.archive("meta", "pages")[0]
        of_page = meta_pages(base, token, search_page_ids=f'["{one}"]', search_terms="")
        assert {ad["page_id"] for page in of_page for ad in page["data"]} == {one}
        within = meta_ids(meta_pages(base, token, ad_delivery_date_min="2026-02-01", ad_delivery_date_max="2026-02-28"))
        assert 0 < len(within) < 200
        byline = next(ad["bylines"] for page in political for ad in page["data"] if "bylines" in ad)
        paid = meta_pages(base, token, ad_type="POLITICAL_AND_ISSUE_ADS", bylines=json.dumps([byline]))
        assert {ad["bylines"] for page in paid for ad in page["data"]} == {byline}
        by_country = [meta_ids(meta_pages(base, token, ad_reached_countries=one)) for one in ('["MT"]', "NL,MT")]
        assert set(by_country[0]) < set(by_country[1])


def test_wrong_questions_are_refused_by_code() -> None:
    with Platforms(ads=20) as server:
        base, bearer = server.url("meta"), {"authorization": f"Bearer {server.token('meta')}"}
        for wrong in (
            {"ad_reached_countries": ""},
            {"search_terms": ""},
            {"fields": "id,ad_creative_body"},
            {"ad_type": "POLITICAL"},
            {"limit": "many"},
            {"after": "bm90IG91cnM"},
            {"search_page_ids": ",".join(map(str, range(11)))},
        ):
            got = ask(meta_query(base, **wrong), headers=bearer)
            assert (got.status, got.document["error"]["code"]) == (400, 100), wrong
        without = ask(meta_query(base))
        assert (without.status, without.document["error"]["code"]) == (400, 190)


def test_a_token_expires_and_another_one_goes_on() -> None:
    with Platforms(ads=150, faults=[Fault("expired", at=2)]) as server:
        base, first, second = server.url("meta"), server.token("meta"), server.token("meta", 2)
        url = meta_query(base)
        answers = [ask(url, headers={"authorization": f"Bearer {first}"}) for _ in range(3)]
        assert [one.status for one in answers] == [200, 400, 400]
        assert answers[1].document["error"]["code"] == 190
        server.clear()
        assert ask(url, headers={"authorization": f"Bearer {first}"}).status == 400
        assert ask(url, headers={"authorization": f"Bearer {second}"}).status == 200


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (Fault("throttled"), 400, 613),
        (Fault("error", code="32"), 400, 32),
        (Fault("error", code="4", status=200), 200, 4),
        (Fault("error", code="2"), 503, 2),
        (Fault("refused"), 400, 10),
        (Fault("error", code="10", subcode="2332004"), 400, 10),
        (Fault("too_heavy", number=49), 500, 1),
    ],
)
def test_errors_come_in_the_platforms_envelope(fault: Fault, status: int, code: int) -> None:
    with Platforms(ads=60, faults=[fault]) as server:
        bearer = {"authorization": f"Bearer {server.token('meta')}"}
        got = ask(meta_query(server.url("meta")), headers=bearer)
        assert (got.status, got.document["error"]["code"]) == (status, code)
        if fault.kind == "too_heavy":
            assert "reduce the amount of data" in got.document["error"]["message"]
            assert ask(meta_query(server.url("meta"), limit=49), headers=bearer).status == 200
        if code == 10:
            assert got.document["error"]["error_subcode"] == int(fault.subcode or 2332002)


def test_usage_headers_tell_the_share_used() -> None:
    with Platforms(ads=20, faults=[Fault("usage", at=2, number=100)]) as server:
        bearer = {"authorization": f"Bearer {server.token('meta')}"}
        first, second = (ask(meta_query(server.url("meta")), headers=bearer).headers for _ in range(2))
        assert '"call_count": 1,' in first["x-app-usage"]
        assert '"call_count": 100' in second["x-app-usage"]
        assert '"estimated_time_to_regain_access": 5' in second["x-business-use-case-usage"]


def test_what_is_pulled_is_what_adaudit_reads(tmp_path: Path) -> None:
    with Platforms(ads=120) as server:
        url = meta_query(server.url("meta"), limit=5000, fields="id,page_id,page_name,bylines,spend,ad_snapshot_url")
        got = ask(url, headers={"authorization": f"Bearer {server.token('meta')}"})
        (tmp_path / "page.json").write_bytes(got.body)
        done = CliRunner().invoke(cli, ["audit", str(tmp_path), "--out", str(tmp_path / "out"), "--no-charts"])
        assert done.exit_code == 0, done.output
        assert "120" in done.output
