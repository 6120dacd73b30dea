"""LinkedIn, Microsoft and X as the loopback server plays them."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from click.testing import CliRunner

from adaudit.cli import cli

from . import Fault, Platforms
from .asking import Got, ask, post, with_query


def linkedin(server: Platforms, query: str, **changed: str) -> Got:
    headers = {
        "authorization": f"Bearer {server.token('linkedin')}",
        "linkedin-version": "202607",
        "x-restli-protocol-version": "2.0.0",
        **{key.replace("_", "-"): value for key, value in changed.items()},
    }
    url = query if query.startswith("http") else f"{server.url('linkedin')}/rest/adLibrary?{query}"
    return ask(url, headers=headers)


def linkedin_ids(server: Platforms, query: str = "q=criteria") -> list[str]:
    got = linkedin(server, query)
    found: list[Any] = []
    while True:
        found += got.document["elements"]
        links = got.document["paging"]["links"]
        if not links:
            return [one["adUrl"].rpartition("/")[2] for one in found]
        got = linkedin(server, urljoin(server.url("linkedin"), links[0]["href"]))


def test_linkedin_pages_by_25_and_tells_the_total() -> None:
    with Platforms(ads=80) as server:
        first = linkedin(server, "q=criteria&start=0&count=25").document
        assert (len(first["elements"]), first["paging"]["total"]) == (25, 80)
        assert sorted(linkedin_ids(server)) == list(server.archive("linkedin"))
        one = server.archive("linkedin", "advertisers")[-1]
        assert 0 < len(linkedin_ids(server, with_query("", q="criteria", advertiser=one)[1:])) < 80


def test_linkedin_refuses_by_code() -> None:
    with Platforms(ads=30) as server:
        assert linkedin(server, "q=criteria", linkedin_version="").status == 426
        assert linkedin(server, "q=criteria", x_restli_protocol_version="1").status == 400
        assert linkedin(server, "q=criteria&count=26").document["code"] == "FIELD_INVALID"
        assert linkedin(server, "q=criteria&countries=%28value%3AList%28urn%29%29").status == 400
        unsigned = linkedin(server, "q=criteria", authorization="").document
        assert (unsigned["code"], unsigned["serviceErrorCode"]) == ("EXPIRED_ACCESS_TOKEN", 65602)
        server.add(Fault("throttled"))
        limited = linkedin(server, "q=criteria")
        assert limited.status == 429
        assert "retry-after" not in limited.headers


def test_linkedin_filters_by_country_and_days() -> None:
    with Platforms(ads=80) as server:
        dutch = linkedin_ids(server, "q=criteria&countries=(value:List(urn%3Ali%3Acountry%3ANL))")
        assert 0 < len(dutch) < 80
        days = "dateRange=(start:(day:1,month:1,year:2026),end:(day:31,month:1,year:2026))"
        assert 0 < len(linkedin_ids(server, f"q=criteria&{days}")) < 80


def microsoft(server: Platforms, call: str, **parameters: object) -> Got:
    return ask(with_query(f"{server.url('microsoft')}/api/v1/{call}", **parameters))


def microsoft_ids(server: Platforms, **parameters: object) -> list[str]:
    found: list[str] = []
    while True:
        answer = microsoft(server, "Ads", top=24, skip=len(found), **parameters)
        if answer.status != 200 or not answer.document["value"]:
            return found
        found += [str(ad["AdId"]) for ad in answer.document["value"]]


def test_microsoft_ends_at_a_thousand_and_splitting_brings_the_rest() -> None:
    with Platforms(ads=3000) as server:
        text = ", "  # every description holds it
        first = microsoft(server, "Ads", searchText=text).document
        assert (len(first["value"]), first["@odata.count"]) == (24, 1000)
        assert len(microsoft_ids(server, searchText=text)) == 1000
        assert microsoft(server, "Ads", searchText=text, skip=1000).status == 400
        assert microsoft(server, "Ads", searchText=text, top=25).status == 400
        assert microsoft(server, "Ads", top=24).status == 400
        by_advertiser = [
            one
            for number in server.archive("microsoft", "advertisers")
            for one in microsoft_ids(server, advertiserId=number)
        ]
        assert sorted(by_advertiser) == list(server.archive("microsoft"))
        dutch = microsoft_ids(server, searchText=text, countryCodes="129", startDate="2026-01-01", endDate="2026-01-03")
        assert 0 < len(dutch) < 1000


def test_microsoft_gives_details_of_one_ad() -> None:
    with Platforms(ads=50) as server:
        one = server.archive("microsoft")[0]
        assert "AdDetails" not in microsoft(server, f"Ads/{one}").document
        expand = "AdDetails(expand=ImpressionsByCountry,Targets)"
        assert "PaidForByName" in microsoft(server, f"Ads/{one}", expand=expand).document["AdDetails"]
        assert microsoft(server, "Ads/1").status == 404
        name = microsoft(server, f"Ads/{one}").document["AdvertiserName"]
        advertisers = microsoft(server, "Advertisers", searchText=name).document["value"]
        number = advertisers[0]["AdvertiserId"]
        assert microsoft(server, f"Advertisers/{number}").document["AdvertiserName"] == name


def test_x_orders_asks_and_downloads() -> None:
    with Platforms() as server:
        base, bearer = server.url("x"), {"authorization": f"Bearer {server.token('x')}"}
        days = {"start_date": "2026-01-01", "end_date": "2026-01-31"}
        order = {"variables": {"user": "12", "geoLocation": "NL", "deliveryRange": days}}
        ordered = post(f"{base}/graphql/e9OJa7fJKHtHftkNzcRkzw/CreateExportReportMutation", order, bearer)
        identity = ordered.document["data"]["create_digital_services_act_export_insert"]["export_id"]
        variables = json.dumps({"exportId": identity})
        url = with_query(f"{base}/graphql/0RTLTx4DunPS6rVj-1cLCg/GetExportReportStatusQuery", variables=variables)
        states = [ask(url, headers=bearer).document["data"]["digital_services_act_export_status"] for _ in range(2)]
        assert states[0]["export_status"] != "Finished"
        assert states[0]["export_download_url"] is None
        assert states[1]["export_status"] == "Finished"
        table = ask(states[1]["export_download_url"])
        assert table.body.startswith(b"Advertiser Name,Funding Entity,")
        assert table.body.count(b"\n") == 1
        assert server.archive("x") == ()
        assert ask(url).status == 401
        server.add(Fault("unfinished"))
        assert "Finished" not in ask(url, headers=bearer).body.decode()
        server.add(Fault("refused"))
        assert ask(url, headers=bearer).status == 403


def test_what_is_pulled_is_what_adaudit_reads(tmp_path: Path) -> None:
    with Platforms(ads=60) as server:
        (tmp_path / "linkedin.json").write_bytes(linkedin(server, "q=criteria").body)
        (tmp_path / "microsoft.json").write_bytes(microsoft(server, "Ads", searchText=",").body)
    done = CliRunner().invoke(cli, ["audit", str(tmp_path), "--out", str(tmp_path / "out"), "--no-charts"])
    assert done.exit_code == 0, done.output
