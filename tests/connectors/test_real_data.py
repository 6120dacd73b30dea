"""The platforms' real files are read whole: every record, none rejected, no value left unread."""

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from adaudit.audit.intake import take_in
from adaudit.audit.options import Options
from adaudit.connectors import Companion, Parsed, parse_page, recognise
from adaudit.evidence import pages
from adaudit.language import number

pytestmark = pytest.mark.real_data

FILES = {
    # pattern: form, and how many files it must find
    "politiekereclame_nl/statements_*.json": ("statements", 1),
    "politiekereclame_nl/statement_revisions_*.json": ("revisions", 1),
    "meta/ads_archive_EU_parties_2019-05-13.json": ("ads_archive", 1),
    "meta/ads_archive_MT_2026-05/page-*.json": ("ads_archive", 3),
    "meta/ads_archive_single_ad_US_2021-12.json": ("ads_archive", 1),
    "meta/ads_archive_v18_*.json": ("ads_archive", 5),
    "meta/ads_archive_v5_US_2019-12-05_response.json": ("ads_archive", 1),
    "meta/FacebookAdLibraryReport_*_advertisers.csv": ("ad_library_report", 6),
    "meta/report_*2025-*.zip": ("ad_library_report", 5),
    "meta/ads_archive_CZ_2021_ad_data.csv": ("ads_archive_flat", 1),
    "labels/guardian_voice_ads_*.csv": ("ads_archive_flat", 2),
    "meta/ad_targeting_audience_tab_NL_2024_last30.csv": ("audience_tab", 1),
    "snapchat/PoliticalAds*.csv": ("political_ads", 5),
    "tiktok/commercial_content_CY_2026-08/page-*.json": ("commercial_content", 14),
    "google/bigquery_google_ads_transparency_center_DE_political.csv": ("transparency_center", 1),
    "google/**/google-political-ads-advertiser-stats*.csv": ("advertiser_stats", 2),
    "google/**/google-political-ads-advertiser-weekly-spend*.csv": ("advertiser_weekly_spend", 2),
}
NO_RECORDS = {
    "meta/FacebookAdLibraryReport_*_Noord-Holland.csv": "report_region",
    "meta/ads_archive_CZ_2021_region_data.csv": "ads_archive_shares",
    "google/bundle_2019-06/README.txt": None,
    "google/bundle_2019-06/google-political-ads-geo-spend.csv": "geo_spend",
    "google/bundle_2019-06/google-political-ads-top-keywords-history.csv": "top_keywords",
    "snapchat/readme_*.txt": None,
}


def found(real_data: Path, pattern: str) -> list[Path]:
    return sorted(real_data.glob(pattern))


def parsed(path: Path, form: str) -> Iterator[tuple[bytes, Parsed]]:
    """The members or the file itself that are of this form, with their bytes."""
    for page in pages(path.read_bytes()):
        told = recognise(page.data)
        if not isinstance(told, Companion) and told.form == form:
            yield page.data, parse_page(page.data, told, page.member or path.name)


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def items(data: bytes) -> list[Any]:
    value = json.loads(data)
    inner = value.get("data", value) if isinstance(value, dict) else value
    inner = inner.get("ads", inner) if isinstance(inner, dict) else inner
    return inner if isinstance(inner, list) else [inner]


def own_ids(form: str, data: bytes) -> list[str]:
    """The ids of the records in the bytes, read with the standard library alone."""
    if form == "revisions":
        return [state["statement"]["public_id"] for one in items(data) for state in one["revisions"]]
    if form == "statements":
        return [one["public_id"] for one in items(data)]
    if form == "commercial_content":
        return [str(one["ad"]["id"]) for one in items(data)]
    if form == "ads_archive":
        url = [re.search(r"[?&]id=(\d+)", one.get("ad_snapshot_url", "")) for one in items(data)]
        known = [one.get("id") or one.get("_id") for one in items(data)]
        return [str(number or (match and match[1])) for number, match in zip(known, url, strict=True)]
    return own_ids_of_rows(form, rows(data))


def own_ids_of_rows(form: str, given: list[dict[str, str]]) -> list[str]:
    if form == "ads_archive_flat":
        return [match[1] for row in given if (match := re.search(r"[?&]id=(\d+)", row["ad_snapshot_url"]))]
    if form == "audience_tab":
        return list(dict.fromkeys(row["page_id"] for row in given))
    names = {
        "political_ads": "{ADID}",
        "transparency_center": "{creative_id}",
        "advertiser_stats": "{Advertiser_ID}",
        "advertiser_weekly_spend": "{Advertiser_ID}|{Week_Start_Date}",
    }
    if form == "ad_library_report":
        return [next(iter(row.values())) for row in given]
    return [names[form].format(**row) for row in given]


@pytest.mark.parametrize("pattern", FILES)
def test_every_record_is_read_under_its_own_id(real_data: Path, pattern: str) -> None:
    form, count = FILES[pattern]
    paths = found(real_data, pattern)
    assert len(paths) == count
    for path in paths:
        seen = 0
        for data, one in parsed(path, form):
            column = "account_id" if form in {"ad_library_report", "audience_tab"} else "record_id"
            assert one.rejected == ()
            assert Counter(one.frame[column]) == Counter(own_ids(form, data))
            seen += one.frame.height
        assert seen > 0, path.name


@pytest.mark.parametrize("pattern", FILES)
def test_no_value_is_left_unread(real_data: Path, pattern: str) -> None:
    form, _ = FILES[pattern]
    for path in found(real_data, pattern):
        for _, one in parsed(path, form):
            assert one.frame["unparsed"].drop_nulls().to_list() == [], path.name
            assert one.frame["unparsed_mask"].sum() == 0


@pytest.mark.parametrize(
    ("pattern", "form", "records"),
    [
        ("meta/ads_archive_EU_parties_2019-05-13.json", "ads_archive", 25),
        ("meta/ads_archive_v18_NL_2023-10_page-03.json", "ads_archive", 300),
        ("meta/ads_archive_v18_NL_2023-10_page-11.json", "ads_archive", 36),
        ("meta/report_BE_2025-07-13-last_30_days.zip", "ad_library_report", 1036),
        ("meta/report_HU_2025-07-03-last_30_days.zip", "ad_library_report", 1002),
        ("meta/report_CH_2025-07-15-last_30_days.zip", "ad_library_report", 613),
        ("meta/report_AD_2025-07-14-last_30_days.zip", "ad_library_report", 66),
        ("meta/report_UA_2025-07-18-last_30_days.zip", "ad_library_report", 913),
        ("meta/FacebookAdLibraryReport_2023-03-05_NL_last_30_days_advertisers.csv", "ad_library_report", 1185),
        ("meta/ads_archive_CZ_2021_ad_data.csv", "ads_archive_flat", 1942),
        ("labels/guardian_voice_ads_checked_2023-08-24.csv", "ads_archive_flat", 80),
        ("meta/ad_targeting_audience_tab_NL_2024_last30.csv", "audience_tab", 150),
        ("snapchat/PoliticalAds2018.csv", "political_ads", 659),
        ("snapchat/PoliticalAds2019.csv", "political_ads", 3609),
        ("snapchat/PoliticalAds2023_downloaded_2023-05.csv", "political_ads", 1141),
        ("snapchat/PoliticalAds2025_excerpt.csv", "political_ads", 11),
        ("google/bigquery_google_ads_transparency_center_DE_political.csv", "transparency_center", 816),
        ("google/bundle_2019-06/google-political-ads-advertiser-stats.csv", "advertiser_stats", 1193),
        ("google/google-political-ads-advertiser-stats_2018-10.csv", "advertiser_stats", 457),
    ],
)
def test_record_counts_are_those_published_with_the_data(
    real_data: Path, pattern: str, form: str, records: int
) -> None:
    assert sum(one.frame.height for _, one in parsed(real_data / pattern, form)) == records


@pytest.mark.parametrize("pattern", NO_RECORDS)
def test_files_without_records_of_their_own_are_recognised(real_data: Path, pattern: str) -> None:
    for path in found(real_data, pattern):
        told = recognise(path.read_bytes())
        if NO_RECORDS[pattern] is None:
            assert isinstance(told, Companion)
        else:
            assert not isinstance(told, Companion)
            assert told.form == NO_RECORDS[pattern]
            assert parse_page(path.read_bytes(), told, path.name).frame.height == 0


def test_every_member_of_a_report_is_recognised(real_data: Path) -> None:
    for path in found(real_data, "meta/report_*2025-*.zip"):
        with zipfile.ZipFile(path) as archive:
            members = [name for name in archive.namelist() if not name.endswith("/")]
        assert [page.member for page in pages(path.read_bytes())] == sorted(members)
        for page in pages(path.read_bytes()):
            recognise(page.data)


def test_at_most_a_hundred_is_read_wherever_it_stands(real_data: Path) -> None:
    for path in found(real_data, "meta/report_*2025-*.zip"):
        for data, one in parsed(path, "ad_library_report"):
            low = sum("≤" in "".join(row.values()) for row in rows(data))
            frame = one.frame.filter(
                (one.frame["amount_advertiser_low"] == 0) & (one.frame["amount_advertiser_high"] == 100)
            )
            assert frame.height == low


def test_amounts_add_up_to_those_of_the_files(real_data: Path) -> None:
    for path in found(real_data, "snapchat/PoliticalAds*.csv"):
        for data, one in parsed(path, "political_ads"):
            assert one.frame["amount_ad_low"].sum() == sum(int(row["Spend"]) for row in rows(data))
            assert one.frame["views_low"].sum() == sum(int(row["Impressions"]) for row in rows(data))


CURRENCIES = {"US": "USD", "IN": "INR"}
"""Regions of the bundle of June 2019 that are not the Union's; all others hold `EU`."""


def test_spend_of_the_bundle_is_that_of_the_regions_currency(real_data: Path) -> None:
    path = real_data / "google/bundle_2019-06/google-political-ads-advertiser-stats.csv"
    expected: Counter[str] = Counter()
    for row in rows(path.read_bytes()):
        code = CURRENCIES.get(row["Regions"], "EUR")
        assert code != "EUR" or "EU" in row["Regions"]
        expected[code] += int(row[f"Spend_{code}"])
    ((_, one),) = parsed(path, "advertiser_stats")
    found = one.frame.group_by("amount_currency").agg(pl.col("amount_advertiser_low").sum()).rows()
    assert {code: int(amount) for code, amount in found} == expected
    assert one.notices == ()


def test_weeks_claim_an_amount_only_where_the_region_is_told(real_data: Path) -> None:
    for path in found(real_data, "google/**/google-political-ads-advertiser-weekly-spend*.csv"):
        ((data, one),) = parsed(path, "advertiser_weekly_spend")
        told = [row for row in rows(data) if row["Election_Cycle"]]
        assert {row["Election_Cycle"] for row in told} == {"US-Federal-2018"}
        assert one.frame["amount_advertiser_low"].sum() == sum(int(row["Spend_USD"]) for row in told)
        assert one.frame["amount_currency"].value_counts(sort=True).rows() == [
            ("USD", len(told)),
            (None, one.frame.height - len(told)),
        ]
        untold, height = (number(count) for count in (one.frame.height - len(told), one.frame.height))
        assert f"{untold} of {height} rows tell no region" in one.notices[0]


def test_weeks_inside_their_bundle_add_up_to_the_totals_of_the_union(real_data: Path, tmp_path: Path) -> None:
    """Each week is rounded to 50 euro, so that the weeks of 252 advertisers miss their totals by little."""
    bundle, parts = tmp_path / "bundle.zip", tmp_path / "parts"
    parts.mkdir()
    with zipfile.ZipFile(bundle, "w") as archive:
        for path in found(real_data, "google/bundle_2019-06/*.csv"):
            archive.write(path, path.name)
    intake = take_in([bundle], parts, Options(), lambda *_: None)
    records = intake.scan().collect()
    sums = {
        form: int(frame["amount_advertiser_low"].sum())
        for (form,), frame in records.filter(amount_currency="EUR").group_by("form")
    }
    assert sums["advertiser_stats"] == 4_302_650
    assert abs(sums["advertiser_weekly_spend"] / sums["advertiser_stats"] - 1) < 0.01
    assert not intake.failed
