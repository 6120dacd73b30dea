"""Snap's Ads Gallery and the Dutch register as the loopback server plays them."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from adaudit.cli import cli

from . import Fault, Platforms
from .asking import Got, ask, post, with_query


def search(server: Platforms, **body: object) -> Got:
    return post(f"{server.url('snapchat')}/v1/ads_library/ads/search?limit=10", body)


def searched(server: Platforms, **body: object) -> list[Any]:
    """The ads of all pages: the same body is posted to each next link."""
    got = search(server, **body)
    found: list[Any] = []
    while True:
        assert got.document["request_status"] == "SUCCESS"
        found.extend(row["ad_preview"] for row in got.document["ad_previews"])
        if "paging" not in got.document:
            return found
        got = post(got.document["paging"]["next_link"], body)


def test_the_gallery_is_searched_by_name_page_by_page() -> None:
    with Platforms(ads=100) as server:
        found = [
            ad["id"]
            for name in server.archive("snapchat", "paying_advertisers")
            for ad in searched(server, paying_advertiser_name=name)
        ]
        assert sorted(found) == list(server.archive("snapchat", "ads_gallery"))
        one = ask(f"{server.url('snapchat')}/v1/ads_library/ads/{found[0]}")
        assert one.document["ad_preview"]["id"] == found[0]
        name = server.archive("snapchat", "paying_advertisers")[0]
        only = searched(server, paying_advertiser_name=name, countries=["el"], status="ACTIVE")
        assert all("el" in ad["impressions_map"] and ad["status"] == "ACTIVE" for ad in only)


def test_the_gallery_refuses_what_the_contract_says() -> None:
    with Platforms(ads=200) as server:
        name = server.archive("snapchat", "paying_advertisers")[0]
        assert search(server, paying_advertiser_name="").document["error_code"] == "E3024"
        assert search(server, paying_advertiser_name=name, countries=["gr"]).document["error_code"] == "E3024"
        link = search(server, paying_advertiser_name=name).document["paging"]["next_link"]
        assert ask(link).status == 405
        assert post(link, {"paying_advertiser_name": "another"}).document["error_code"] == "E1008"
        server.add(Fault("throttled"))
        limited = search(server, paying_advertiser_name=name)
        assert (limited.status, limited.document["error_code"]) == (200, "E1009")
        server.add(Fault("row_failed", times=1))
        rows = search(server, paying_advertiser_name=name).document["ad_previews"]
        assert [row["sub_request_status"] == "SUCCESS" for row in rows[:3]] == [False, False, True]
        server.add(Fault("empty"))
        assert search(server, paying_advertiser_name=name).document["ad_previews"] == []


def test_sponsored_content_pages_on() -> None:
    with Platforms(ads=200) as server:
        got = ask(f"{server.url('snapchat')}/v1/ads_library/sponsored_content?limit=7")
        found = [row["sponsored_content_preview"]["content_url"] for row in got.document["ad_previews"]]
        while "paging" in got.document:
            got = ask(got.document["paging"]["next_link"])
            found += [row["sponsored_content_preview"]["content_url"] for row in got.document["ad_previews"]]
        assert len(found) == 20
        assert sorted(set(found)) == list(server.archive("snapchat", "sponsored_content"))


def test_the_register_pages_by_number_and_tells_its_count(tmp_path: Path) -> None:
    with Platforms(ads=130) as server:
        url = f"{server.url('politiekereclame_nl')}/api/public/statements"
        pages = [ask(with_query(url, page=number, limit=50)).document for number in range(1, 5)]
        assert [len(page["items"]) for page in pages] == [50, 50, 30, 0]
        assert {page["meta"]["filter_count"] for page in pages} == {130}
        items = [item for page in pages for item in page["items"]]
        assert tuple(sorted({item["id"] for item in items})) == server.archive("politiekereclame_nl")
        assert {item["public_id"] for item in items} == set(server.archive("politiekereclame_nl", "records"))
        theme = items[0]["theme"]
        of_theme = ask(with_query(url, theme=theme, limit=1000)).document
        assert of_theme["meta"]["filter_count"] == sum(item["theme"] == theme for item in items)
        assert ask(with_query(url, page=0)).status == 400
        server.add(Fault("lost", number=3))
        short = ask(with_query(url, limit=50)).document
        assert (len(short["items"]), short["meta"]["filter_count"]) == (47, 130)
    (tmp_path / "items.json").write_text(json.dumps(items), "utf-8")
    done = CliRunner().invoke(cli, ["audit", str(tmp_path), "--out", str(tmp_path / "out"), "--no-charts"])
    assert done.exit_code == 0, done.output
