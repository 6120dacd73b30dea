"""The sample files of Snap, TikTok, Google, X, LinkedIn and Microsoft have the forms and the dirt of the real ones."""

import csv
import io
import json
import re
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest


def load(path: Path) -> Any:
    return json.loads(path.read_bytes())


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline=""), strict=True))


# Snap


@pytest.mark.parametrize(("year", "columns", "rows", "end"), [(2019, 34, 350, b"\r\n"), (2025, 38, 250, b"\n")])
def test_snap_files(folder: Path, year: int, columns: int, rows: int, end: bytes) -> None:
    raw = (folder / f"snapchat/PoliticalAds{year}.csv").read_bytes()
    assert raw.count(end) == raw.count(b"\n") == rows + 1
    found = table(raw)
    assert len(found) == rows
    assert all(len(row) == columns and None not in row and None not in row.values() for row in found)
    assert len({row["ADID"] for row in found}) == rows
    assert {"netherlands", "france", "norway", "united states"} <= {row["CountryCode"] for row in found}
    assert 0.08 < sum(row["EndDate"] == "" for row in found) / rows < 0.3
    assert any(row["Spend"] == "0" and int(row["Impressions"]) > 0 for row in found)
    assert 0.2 < sum(len(row["BillingAddress"]) == 2 for row in found) / rows < 0.45
    assert sum(row["OrganizationName"] != row["PayingAdvertiserName"] for row in found) > rows / 2
    assert {"18-34", "18+", "35++", "16-", "15+", ""} <= {row["AgeBracket"] for row in found}
    assert any("$125,000-$149,999" in row["AdvancedDemographics"] for row in found)
    assert {row["Segments"] for row in found} == {"", "Provided by Advertiser"}
    assert all(re.fullmatch(r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\dZ", row["StartDate"]) for row in found)
    assert 0 < sum(row["CountryCode"] == "" for row in found) <= 5 or year == 2019


# TikTok


@pytest.fixture(scope="module")
def tiktok_pages(folder: Path) -> list[Any]:
    return [load(folder / f"tiktok/ad_query_page-{number}.json") for number in range(1, 7)]


def test_tiktok_pages_have_the_envelope(tiktok_pages: list[Any]) -> None:
    assert [len(page["data"]["ads"]) for page in tiktok_pages] == [50] * 6
    assert [page["data"]["has_more"] for page in tiktok_pages] == [True] * 5 + [False]
    assert all(page["error"]["code"] == "ok" for page in tiktok_pages)
    assert all(page["data"]["search_id"] for page in tiktok_pages)


def test_tiktok_ads_carry_the_promised_dirt(tiktok_pages: list[Any]) -> None:
    entries = [entry for page in tiktok_pages for entry in page["data"]["ads"]]
    ads = [entry["ad"] for entry in entries]
    assert len({str(ad["id"]) for ad in ads}) == 300
    assert sum(isinstance(ad["id"], str) for ad in ads) == 1
    assert sum(int(ad["id"]) > 2**53 for ad in ads) == 60
    assert 90 <= sum("ad_group" in entry for entry in entries) <= 110
    assert sum("first_shown_date" not in ad for ad in ads) >= 3
    payers = [entry["advertiser"].get("paid_for_by") for entry in entries]
    assert sum(payer is None for payer in payers) > 30
    assert sum(payer is not None and payer.isdigit() for payer in payers) > 30
    assert sum("Removed from TikTok" in ad["status_statement"] for ad in ads) > 150
    assert {ad["status"] for ad in ads} == {"active", "inactive"}
    above = [ad for ad in ads if "42K" in ad["reach"].get("unique_users_seen_by_country", {}).values()]
    assert [ad["reach"]["unique_users_seen"] for ad in above].count("1K-10K") == 1


def test_tiktok_details(folder: Path) -> None:
    details = [load(folder / f"tiktok/ad_detail_{number}.json") for number in (1, 2, 3)]
    assert all(list(detail["data"]) == ["ad", "ad_group", "advertiser"] for detail in details)
    rejected = [
        detail["data"]["ad"]["rejection_info"] for detail in details if "rejection_info" in detail["data"]["ad"]
    ]
    assert len(rejected) == 1
    assert set(rejected[0]) == {"reasons", "affected_countries", "reporting_source", "automated_notice"}
    assert all(len(d["data"]["ad"]["reach"]["unique_users_seen_by_country"]) == 2 for d in details)


def test_tiktok_communications(folder: Path) -> None:
    answer = load(folder / "tiktok/commercial_content_query.json")
    contents = answer["data"]["commercial_contents"]
    assert (len(contents), answer["error"]["code"], answer["data"]["has_more"]) == (30, "ok", "false")
    assert all(re.fullmatch(r"v09044g40000\w{20}", one["id"]) for one in contents)
    assert 3 <= sum(not one["brand_names"] for one in contents) <= 6
    assert 2 <= sum(not one["videos"] for one in contents) <= 4
    assert any("<script>" in brand for one in contents for brand in one["brand_names"])


def test_tiktok_lists_hold_no_ads(folder: Path) -> None:
    advertisers = load(folder / "tiktok/advertiser_query.json")["data"]["advertisers"]
    assert all(set(one) == {"business_id", "business_name", "country_code"} for one in advertisers)
    series = load(folder / "tiktok/ad_report.json")["data"]["count_time_series_by_country"]
    assert {len(days) for days in series.values()} == {10}


# LinkedIn and Microsoft


def test_linkedin_pages(folder: Path) -> None:
    pages = [load(folder / f"linkedin/adLibrary_page-{number}.json") for number in (1, 2, 3)]
    assert [len(page["elements"]) for page in pages] == [25] * 3
    assert [len(page["paging"]["links"]) for page in pages] == [1, 1, 0]
    ads = [ad for page in pages for ad in page["elements"]]
    assert len({ad["adUrl"] for ad in ads}) == 75
    assert sum(ad["isRestricted"] for ad in ads) == 3
    details = [ad["details"] for ad in ads]
    assert sum("adStatistics" not in one for one in details) == 3
    assert sum("adPayer" not in one["advertiser"] for one in details) == 3
    assert any("<script>" in one["advertiser"]["advertiserName"] for one in details)
    shown = [one["adStatistics"] for one in details if "adStatistics" in one]
    assert sum("to" not in one["totalImpressions"] for one in shown) == 3
    sums = [sum(part["impressionPercentage"] for part in one["impressionsDistributionByCountry"]) for one in shown]
    assert sum(0 < total < 95 for total in sums) > 20
    assert sum(99.9 < total < 100.1 for total in sums) > 20
    assert sum(total == 0 for total in sums) == 3
    facets = [facet for one in details for facet in one["adTargeting"]]
    assert any(facet["isIncluded"] and not facet["includedSegments"] for facet in facets)
    assert any(facet["excludedSegments"] for facet in facets)


def test_microsoft_answers(folder: Path) -> None:
    pages = [load(folder / f"microsoft/ads_page-{number}.json") for number in (1, 2, 3)]
    assert [len(page["value"]) for page in pages] == [24] * 3
    assert not any("AdDetails" in ad for page in pages for ad in page["value"])
    assert any(ad["Title"].startswith("=HYPERLINK") for page in pages for ad in page["value"])
    single = [load(folder / f"microsoft/ad_detail_{number}.json") for number in range(1, 13)]
    details = [ad["AdDetails"] for ad in single]
    assert sum("RestrictionReason" in one for one in details) == 1
    assert sum(one["PaidForByName"] is not None for one in details) == 4
    for one in details:
        shares = [part["ImpressionShare"] for part in one["ImpressionsByCountry"]]
        assert sum(float(share.removesuffix("%")) for share in shares) == pytest.approx(100)
        assert one["ImpressionsByCountry"][0]["Country"] == "129"
        assert one["StartDate"] <= one["EndDate"]


# Google and X


def test_google_export(folder: Path) -> None:
    raw = (folder / "google/google_ads_transparency_center.csv").read_bytes()
    rows = table(raw)
    assert len(rows) == 300
    assert len(rows[0]) == 11
    assert len({row["creative_id"] for row in rows}) == 300
    for row in rows:
        assert re.fullmatch(r"AR\d{20}", row["advertiser_id"])
        regions = json.loads(row["region_stats"])["region_stats"]
        codes = [region["region_code"] for region in regions]
        assert codes == sorted(codes)
        assert codes.count("EEA") == 1
        assert len(codes) > 1
        assert all(isinstance(region["times_shown_lower_bound"], str) for region in regions)
    topics = Counter(row["topic"] for row in rows)
    assert topics["Political"] > 240
    assert topics["Law & Government"] >= 20
    assert 5 <= sum(row["advertiser_legal_name"] == "" for row in rows) <= 15
    assert b',"",' in raw
    lists = sum('"customer_lists": "CRITERIA_INCLUDED"' in row["audience_selection_approach_info"] for row in rows)
    assert lists >= 4


def test_google_totals(folder: Path) -> None:
    rows = table((folder / "google/google-political-ads-advertiser-stats.csv").read_bytes())
    assert len(rows) == 150
    assert len(rows[0]) == 18
    assert {"US", "EU", "IN", "US, EU", "EU, NL"} <= {row["Regions"] for row in rows}
    identities = [row["Advertiser_ID"] for row in rows]
    assert identities == sorted(set(identities))


@pytest.fixture(scope="module")
def bundle(folder: Path) -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(folder / "google/google-political-ads-transparency-bundle.zip") as archive:
        names = [name for name in archive.namelist() if name.endswith(".csv")]
        return {name.removeprefix("google-political-ads-"): table(archive.read(name)) for name in names}


def test_google_bundle_has_every_member(bundle: dict[str, list[dict[str, str]]]) -> None:
    assert set(bundle) == {
        *(f"advertiser-{name}.csv" for name in ("declared-stats", "geo-spend", "stats", "weekly-spend")),
        *("campaign-targeting.csv", "creative-stats.csv", "geo-spend.csv", "top-keywords-history.csv"),
        *("updated.csv", "advertiser_id_mapping.csv"),
    }
    assert all(bundle.values())


def test_google_bundle_holds_one_relevant_currency_an_ad(bundle: dict[str, list[dict[str, str]]]) -> None:
    ads = bundle["creative-stats.csv"]
    assert len(ads) == 220
    lowest = {"EUR": "50", "SEK": "1000", "USD": "100", "CZK": "1500", "HUF": "20000"}
    regions = {row["Regions"] for row in ads}
    assert {"EU, NL", "EU, SE", "US"} <= regions
    for row in ads:
        assert row["Spend_USD"] == ""
        own = {code for code, top in lowest.items() if row[f"Spend_Range_Max_{code}"] != top}
        assert own <= ({"SEK"} if "SE" in row["Regions"] else {"CZK"} if "CZ" in row["Regions"] else {"EUR", "USD"})
        assert len(own) <= 1
    assert sum(row["Spend_Range_Max_EUR"] == "" for row in ads) >= 1
    counts = Counter(row["Ad_ID"] for row in ads)
    assert sorted(counts.values())[-3:] == [1, 2, 2]
    assert len({tuple(row.values()) for row in ads}) == len(ads) - 1
    assert any("≥65" in row["Age_Targeting"] for row in ads)
    assert 0.4 < sum(row["Age_Targeting"] == "" for row in ads) / len(ads) < 0.75
    assert any(row["Advertiser_Name"].startswith("=HYPERLINK") for row in bundle["advertiser-stats.csv"])


def test_google_ads_of_2018_know_dollars_in_words_alone(folder: Path) -> None:
    rows = table((folder / "google/google-political-ads-creative-stats_2018.csv").read_bytes())
    assert len(rows) == 30
    assert "Regions" not in rows[0]
    assert "≤ 100" in {row["Spend_USD"] for row in rows}
    assert {"≤ 10k", "10k–100k"} <= {row["Impressions"] for row in rows}


def test_google_exports_as_json(folder: Path) -> None:
    rows = load(folder / "google/google_ads_transparency_center.json")
    assert len(rows) == 60
    assert sum("advertiser_legal_name" not in row for row in rows) == 3
    assert any("<script>" in row["advertiser_disclosed_name"] for row in rows)
    assert all(isinstance(region["times_shown_lower_bound"], str) for row in rows for region in row["region_stats"])
    removed = load(folder / "google/google_ads_transparency_center_removed.json")
    assert len(removed) == len(table((folder / "google/google_ads_transparency_center_removed.csv").read_bytes())) == 30
    assert {len(row["disapproval"]) for row in removed} == {1, 2}
    assert all("advertiser_legal_name" not in row and "topic" not in row for row in removed)


def test_snap_gallery(folder: Path) -> None:
    pages = [load(folder / f"snapchat/ads_gallery/search_page-{number}.json") for number in (1, 2, 3)]
    assert ["paging" in page for page in pages] == [True, True, False]
    ads = [row["ad_preview"] for page in pages for row in page["ad_previews"]]
    assert len({ad["id"] for ad in ads}) == len(ads) == 60
    assert all(sum(ad["impressions_map"].values()) == ad["impressions_total"] for ad in ads)
    assert {"el", "tr"} <= {code for ad in ads for code in ad["impressions_map"]}
    assert 10 <= sum("end_date" not in ad for ad in ads) <= 20
    assert any(ad["rejection_reasons"] for ad in ads)
    assert any("min_age" not in ad["targeting_v2"]["demographics"][0] for ad in ads)
    sponsored = load(folder / "snapchat/ads_gallery/sponsored_content.json")
    assert all("sponsored_content_preview" in row for row in sponsored["ad_previews"])


def test_snap_zip_has_the_later_form_of_dates(folder: Path) -> None:
    with zipfile.ZipFile(folder / "snapchat/PoliticalAds2024.zip") as archive:
        assert archive.namelist() == ["PoliticalAds.csv", "readme.txt"]
        rows = table(archive.read("PoliticalAds.csv"))
    assert len(rows) == 100
    assert all(re.fullmatch(r"2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z", row["StartDate"]) for row in rows)


def test_x_export_is_a_header_without_rows(folder: Path) -> None:
    raw = (folder / "x/ads_repository_export.csv").read_text(encoding="utf-8")
    assert raw.count("\n") == 1
    assert len(raw.split(",")) == 12
    assert raw.startswith("Advertiser Name,Funding Entity,Creative,Start date,End Date,")
