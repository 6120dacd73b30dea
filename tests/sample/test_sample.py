"""The sample is deterministic, has the forms of the sources and carries the dirt it promises."""

import ast
import csv
import io
import json
import re
import sys
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import adaudit.sample
from adaudit.sample import write_sample
from adaudit.sample.writing import indented_bytes

TOKEN = re.compile(r"EAAB[0-9A-Za-z]{40}")
PLATFORM_HOSTS = {
    "www.facebook.com",
    "graph.facebook.com",
    "www.snap.com",
    "adstransparency.google.com",
    "www.linkedin.com",
    "adlibrary.api.bingads.microsoft.com",
    "transparencyreport.google.com",
    "adsapi.snapchat.com",
}
NO_DISCLAIMER = "These ads ran without a disclaimer"
REMOVED = "This content was removed because it didn't follow our Advertising Standards."


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")}


def load(path: Path) -> Any:
    return json.loads(path.read_bytes())


def table(data: bytes) -> list[dict[str, str]]:
    text = data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def zip_table(path: Path, ending: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(path) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(ending))
        return table(archive.read(name))


def texts_of(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False)


# The whole


def test_files_are_returned_sorted_and_named_as_users_would_have_them(tmp_path: Path) -> None:
    written = write_sample(tmp_path)
    assert written == sorted(written)
    assert [path.relative_to(tmp_path).as_posix() for path in written] == [
        "google/google-political-ads-advertiser-stats.csv",
        "google/google-political-ads-creative-stats_2018.csv",
        "google/google-political-ads-transparency-bundle.zip",
        "google/google_ads_transparency_center.csv",
        "google/google_ads_transparency_center.json",
        "google/google_ads_transparency_center_removed.csv",
        "google/google_ads_transparency_center_removed.json",
        "linkedin/adLibrary_nothing-found.json",
        *(f"linkedin/adLibrary_page-{number}.json" for number in (1, 2, 3)),
        "meta/FacebookAdLibraryReport_2023-03-05_NL_last_30_days_advertisers.csv",
        "meta/ad_targeting_audience_tab_NL_2025-09_last30.csv",
        "meta/ads_archive_2019.json",
        "meta/ads_archive_ad_data.csv",
        "meta/ads_archive_demographic_data.csv",
        "meta/ads_archive_eu_fields/page-01.json",
        *(f"meta/ads_archive_pages/page-00{number}.json" for number in (1, 2, 3)),
        "meta/ads_archive_region_data.csv",
        "meta/ads_archive_saved_by_a_spreadsheet.csv",
        "meta/report_BE_2025-07-13-last_30_days.zip",
        "meta/report_CH_2025-07-15-last_30_days.zip",
        "meta/report_NL_2019-05-18.zip",
        *sorted(f"microsoft/ad_detail_{number}.json" for number in range(1, 13)),
        "microsoft/ads_nothing-found.json",
        *(f"microsoft/ads_page-{number}.json" for number in (1, 2, 3)),
        "microsoft/advertisers.json",
        "notices/notice_local_paper.xml",
        "notices/publisher_notices_2026-03.json",
        "politiekereclame_nl/statement_revisions_2025-10.json",
        "politiekereclame_nl/statements_2025-10-25.json",
        "snapchat/PoliticalAds2019.csv",
        "snapchat/PoliticalAds2024.zip",
        "snapchat/PoliticalAds2025.csv",
        "snapchat/ads_gallery/ad.json",
        *(f"snapchat/ads_gallery/search_page-{number}.json" for number in (1, 2, 3)),
        "snapchat/ads_gallery/sponsored_content.json",
        *(f"tiktok/ad_detail_{number}.json" for number in (1, 2, 3)),
        *(f"tiktok/ad_query_page-{number}.json" for number in range(1, 7)),
        "tiktok/ad_report.json",
        "tiktok/advertiser_query.json",
        "tiktok/commercial_content_query.json",
        "tiktok/library_table_2025.csv",
        "x/ads_repository_export.csv",
        "x/export_status.json",
    ]


@pytest.mark.parametrize("scale", [0.01, 0.3, 1.0])
def test_same_seed_gives_the_same_bytes(tmp_path: Path, scale: float) -> None:
    write_sample(tmp_path / "one", scale=scale)
    write_sample(tmp_path / "two", scale=scale)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_another_seed_gives_other_bytes(tmp_path: Path, folder: Path) -> None:
    write_sample(tmp_path, seed=7)
    other, usual = contents(tmp_path), contents(folder)
    assert other.keys() == usual.keys()
    assert sorted(name for name in usual if other[name] == usual[name]) == [
        "linkedin/adLibrary_nothing-found.json",
        "microsoft/ads_nothing-found.json",
        "x/ads_repository_export.csv",
    ]


def test_scale_multiplies_the_records(tmp_path: Path, folder: Path) -> None:
    write_sample(tmp_path, scale=3)
    for name, expected in count_records(folder).items():
        found = count_records(tmp_path)[name]
        assert found == pytest.approx(expected * 3, rel=0.02), name


def test_scale_must_be_above_zero(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="above zero"):
        write_sample(tmp_path, scale=0)


HOLD_RECORDS = (
    "_advertisers.csv",
    "SpendingToDate.csv",
    "PoliticalAds.csv",
    *(f"-{name}.csv" for name in ("creative-stats", "advertiser-stats", "weekly-spend", "campaign-targeting")),
)
"""How the members of zips end that hold records of their own."""


def rows_of(document: Any) -> list[Any]:
    """What an answer or array lists; a single ad counts as one, lists of advertisers and numbers as none."""
    if not isinstance(document, dict):
        return list(document)
    if "request_status" in document:
        return [row for row in document.get("ad_previews", []) if "ad_preview" in row]
    inner: Any = document
    for key in ("data", "ads", "elements", "value", "commercial_contents"):
        inner = inner.get(key, inner)
        if isinstance(inner, list):
            return [] if inner and "AdvertiserCountry" in inner[0] else inner
    return [inner] if {"ad", "AdDetails"} & set(inner) else []


def count_records(folder: Path) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for path in folder.rglob("*.json"):
        kind = path.stem.split("_page")[0].split("_detail")[0].split("-")[0]
        counts[f"{path.parent.name}/{kind}"] += len(rows_of(load(path)))
    for path in folder.rglob("*.csv"):
        counts[path.name] = len(table(path.read_bytes()))
    for path in folder.rglob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            members = [name for name in archive.namelist() if name.endswith(HOLD_RECORDS)]
            counts[path.name] = sum(len(table(archive.read(name))) for name in members)
    return dict(counts)


def test_a_few_thousand_records(folder: Path) -> None:
    counts = count_records(folder)
    assert 4400 <= sum(counts.values()) <= 5600
    assert counts["ads_repository_export.csv"] == 0


def test_addresses_lead_to_platforms_or_to_reserved_names_only(folder: Path) -> None:
    everything = b"\n".join(contents(folder).values()).decode(errors="replace")
    hosts = set(re.findall(r"https?://([^/\s\"'?&\\]+)", everything))
    hosts |= set(re.findall(r"www\.[\w.-]+", everything))
    others = {host for host in hosts if not re.search(r"(^|\.)(example|example\.org|example\.com)$", host)}
    assert others <= PLATFORM_HOSTS
    mailboxes = set(re.findall(r"[\w.+-]+@[\w-]+\.[\w.-]+", everything))
    assert mailboxes
    assert all(mailbox.endswith(".example") for mailbox in mailboxes)


def test_the_package_needs_the_standard_library_alone() -> None:
    package = Path(adaudit.sample.__file__).parent
    for module in package.glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            found = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in found:
                allowed = name.split(".")[0] in sys.stdlib_module_names or name.startswith("adaudit.sample")
                assert allowed, (module.name, name)


@pytest.mark.parametrize("indent", [0, 1, 4])
@pytest.mark.parametrize("escaped", [True, False])
def test_indented_json_has_the_bytes_of_the_standard_library(*, indent: int, escaped: bool) -> None:
    document = {
        "a": [1, -(2**63), True, False, None, 0.5, 'é\u2028\x07"\\'],
        "ë": {},
        "c": [],
        "d": {"e": [{}]},
    }
    expected = json.dumps(document, indent=indent, ensure_ascii=escaped).encode()
    assert indented_bytes(document, indent=indent, escaped=escaped) == expected


# Meta


@pytest.fixture(scope="module")
def pages(folder: Path) -> list[Any]:
    return [load(path) for path in sorted((folder / "meta/ads_archive_pages").iterdir())]


def test_archive_pages_overlap_by_two_ads_and_end_without_paging(pages: list[Any]) -> None:
    identities = [[ad["id"] for ad in page["data"]] for page in pages]
    assert sum(len(page) for page in identities) == 702
    assert len(set(identities[0]) & set(identities[1])) == 2
    assert not set(identities[1]) & set(identities[2])
    shared = set(identities[0]) & set(identities[1])
    copies = [ad for page in pages for ad in page["data"] if ad["id"] in shared]
    assert len({texts_of(ad) for ad in copies}) == 2
    assert ["paging" in page for page in pages] == [True, True, False]
    assert pages[0]["paging"]["cursors"]["after"] in pages[0]["paging"]["next"]


def test_every_address_of_the_first_page_holds_a_token(pages: list[Any], folder: Path) -> None:
    raw = (folder / "meta/ads_archive_pages/page-001.json").read_text(encoding="utf-8")
    assert raw == json.dumps(pages[0], indent=0, ensure_ascii=False)
    assert TOKEN.search(pages[0]["paging"]["next"])
    for ad in pages[0]["data"]:
        assert ad["ad_snapshot_url"].startswith(
            f"https://www.facebook.com/ads/archive/render_ad/?id={ad['id']}&access_token=EAAB"
        )
        assert TOKEN.search(ad["ad_snapshot_url"])
    assert len(set(TOKEN.findall(raw))) == 1
    assert "FICTIONAL" in TOKEN.findall(raw)[0]


def test_archive_ads_are_declared_only_until_the_last_paid_day(pages: list[Any]) -> None:
    ads = [ad for page in pages for ad in page["data"]]
    order = re.findall(
        r"\w+",
        "id ad_delivery_start_time ad_delivery_stop_time ad_creative_bodies bylines currency spend "
        "impressions page_id page_name ad_snapshot_url",
    )
    for ad in ads:
        assert list(ad) == [key for key in order if key in ad]
        assert ad.get("ad_delivery_stop_time", "9") >= ad["ad_delivery_start_time"]
        if "bylines" in ad:
            assert ad["ad_delivery_stop_time"] <= "2025-10-06"
    removed = [ad for ad in ads if REMOVED in "".join(ad.get("ad_creative_bodies", []))]
    undeclared = [ad for ad in ads if ad["ad_delivery_start_time"] > "2025-10-06" and "spend" not in ad]
    paid = [ad for ad in ads if "spend" in ad]
    assert len([ad for ad in ads if "bylines" in ad]) > 120
    assert len(undeclared) > 350
    assert len(removed) > 30
    assert len([ad for ad in paid if "currency" not in ad]) == 3
    assert 3 <= len([ad for ad in paid if ad.get("currency") == "USD"]) <= 12
    assert len([ad for ad in paid if "upper_bound" not in ad["spend"]]) == 3
    assert len([ad for ad in paid if "upper_bound" not in ad["impressions"]]) == 3


def test_archive_texts_attack_whoever_prints_them(pages: list[Any]) -> None:
    bodies = "\n".join(body for page in pages for ad in page["data"] for body in ad.get("ad_creative_bodies", []))
    for part in (
        "<script>",
        "=HYPERLINK(",
        "\u0007",
        "\u001b",
        "\u202e",
        "\u200f",
        "$x^2",
        "{{",
        "javascript:",
    ):
        assert part in bodies


def test_fields_for_the_union(folder: Path) -> None:
    path = folder / "meta/ads_archive_eu_fields/page-01.json"
    page = load(path)
    assert path.read_text(encoding="utf-8") == json.dumps(page, indent=4)
    assert "beneficiary_payers" in page["paging"]["next"]
    assert len(TOKEN.findall(page["paging"]["next"])) == 2
    ads = page["data"]
    assert len(ads) == 230
    political = [ad for ad in ads if "Droge voeten" in "".join(ad.get("ad_creative_bodies", ["Droge voeten"]))]
    assert 28 <= len(political) <= 40
    youngest = Counter(ad["target_ages"][0] for ad in ads)
    assert all(youngest[age] >= 3 for age in ("13", "14", "16"))
    for ad in ads:
        assert isinstance(ad["eu_total_reach"], int)
        assert all(isinstance(age, str) for age in ad["target_ages"])
        for entry in ad.get("beneficiary_payers", []):
            assert list(entry) == ["payer", "beneficiary", "current"]
            assert isinstance(entry["current"], bool)


def test_half_of_the_political_pages_disclose_who_pays(folder: Path) -> None:
    ads = load(folder / "meta/ads_archive_eu_fields/page-01.json")["data"]
    political = [ad for place, ad in enumerate(ads) if place % 23 in (5, 12, 19)]
    assert len(political) == 30
    assert sum("beneficiary_payers" in ad for ad in political) == 15
    history = [ad for ad in ads if len(ad.get("beneficiary_payers", [])) > 1]
    assert history


def test_reach_is_near_the_sum_of_its_parts(folder: Path) -> None:
    ads = load(folder / "meta/ads_archive_eu_fields/page-01.json")["data"]
    ratios: list[float] = []
    countries: list[list[str]] = []
    for ad in ads:
        parts = ad["age_country_gender_reach_breakdown"]
        countries.append([part["country"] for part in parts])
        total = sum(
            value
            for part in parts
            for group in part["age_gender_breakdowns"]
            for value in group.values()
            if isinstance(value, int)
        )
        if total > 200:
            ratios.append(ad["eu_total_reach"] / total)
    assert all(0.94 < ratio < 1.06 for ratio in ratios)
    assert sum(ratio != 1 for ratio in ratios) > 0.8 * len(ratios)
    assert sum({"FR", "GP", "RE", "MQ"} <= set(found) for found in countries) >= 3
    assert sum(len(found) > 3 for found in countries) >= 20


def test_ads_of_2019_have_the_keys_of_2019(folder: Path) -> None:
    path = folder / "meta/ads_archive_2019.json"
    ads = load(path)
    assert path.read_text(encoding="utf-8") == json.dumps(ads, indent=2, ensure_ascii=False)
    assert len(ads) == 25
    for ad in ads:
        assert list(ad) == sorted(ad)
        assert {"funding_entity", "ad_creative_body", "spend", "currency"} <= set(ad)
        assert re.fullmatch(r"2019-05-\d\dT\d\d:\d\d:\d\d\+0000", ad["ad_creation_time"])
        assert ad["ad_creation_time"] < ad["ad_delivery_start_time"]
        for shares in (ad["demographic_distribution"], ad["region_distribution"]):
            assert sum(float(share["percentage"]) for share in shares) == pytest.approx(1, abs=0.001)
    assert "E-5" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "currency", "rows", "regions"),
    [("report_BE_2025-07-13", "EUR", 350, 4), ("report_CH_2025-07-15", "CHF", 120, 10)],
)
def test_report_zips(folder: Path, name: str, currency: str, rows: int, regions: int) -> None:
    path = folder / f"meta/{name}-last_30_days.zip"
    amount = f"Amount spent ({currency})"
    advertisers = zip_table(path, "_advertisers.csv")
    assert len(advertisers) == rows
    assert list(advertisers[0]) == ["Page ID", "Page name", "Disclaimer", amount, "Number of ads in Library"]
    without = [row for row in advertisers if row["Disclaimer"] == NO_DISCLAIMER]
    assert 0.45 < len(without) / rows < 0.85
    assert sum(row[amount] == "≤100" for row in advertisers) > rows * 0.6
    assert [row[amount] for row in advertisers if row[amount] != "≤100" and int(row[amount]) <= 100] == []
    assert sum(row["Page ID"] == "0" for row in advertisers) >= 2
    pairs = Counter((row["Page ID"], row["Disclaimer"]) for row in advertisers if row["Page ID"] != "0")
    assert sorted(pairs.values())[-2:] == [1, 2]
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert all(member.date_time == (2025, 7, 14, 8, 30, 0) for member in archive.infolist())
        assert archive.read(names[1]).startswith(b"\xef\xbb\xbfPage ID,")
        assert not archive.read(names[1]).endswith(b"\n")
        assert len([name for name in names if name.startswith("regions/")]) == regions
        assert "README.txt" in names
        region = table(archive.read(names[-1]))
    assert list(region[0]) == ["Page ID", "Page name", "Disclaimer", amount]
    assert len(zip_table(path, "_locations.csv")) == regions


def test_report_of_2023(folder: Path) -> None:
    path = folder / "meta/FacebookAdLibraryReport_2023-03-05_NL_last_30_days_advertisers.csv"
    rows = table(path.read_bytes())
    assert len(rows) == 300
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert b"\r" not in path.read_bytes()
    assert any("," in row["Page name"] for row in rows)
    assert any('"' in row["Page name"] for row in rows)


def test_report_of_2019_names_neither_pages_by_id_nor_a_currency(folder: Path) -> None:
    path = folder / "meta/report_NL_2019-05-18.zip"
    to_date, week = (zip_table(path, name) for name in ("SpendingToDate.csv", "ThisWeekSpending.csv"))
    assert list(to_date[0]) == ["Page Name", "Disclaimer", "Amount Spent", "Number of Ads in Library"]
    assert (len(to_date), len(week)) == (60, 20)
    assert any(row["Amount Spent"] == "≤100" for row in to_date)


def test_table_of_r_has_its_absences_and_powers_of_ten(folder: Path) -> None:
    path = folder / "meta/ads_archive_ad_data.csv"
    rows = table(path.read_bytes())
    assert path.read_bytes().startswith(b"\xef\xbb\xbfad_creation_time,")
    assert len(rows) == len({row["adlib_id"] for row in rows}) == 100
    assert all(row["ad_creative_link_description"] == "NA" for row in rows)
    assert any(row["impressions_lower"] == "1e+05" for row in rows)
    assert any(row["potential_reach_lower"] == "1000001" and row["potential_reach_upper"] == "NA" for row in rows)
    assert any("\n" in row["ad_creative_body"] for row in rows)
    shares = table((folder / "meta/ads_archive_region_data.csv").read_bytes())
    assert {row["adlib_id"] for row in rows} < {row["adlib_id"] for row in shares}
    assert all(0.98 < sum(float(v) for v in list(row.values())[1:] if v) < 1.02 for row in shares)
    assert any("e-" in value for row in shares for value in row.values())


def test_table_that_a_spreadsheet_saved_has_lost_its_ids(folder: Path) -> None:
    path = folder / "meta/ads_archive_saved_by_a_spreadsheet.csv"
    rows = table(path.read_bytes())
    assert len(rows) == 40
    assert path.read_bytes().count(b"\r\n") == 41
    assert all(re.fullmatch(r"\d(\.\d{1,5})?E\+\d\d", row[name]) for row in rows for name in ("ad_id", "page_id"))
    without = [row for row in rows if not row["ad_snapshot_url"]]
    assert len(without) == 2
    assert len({row["ad_id"] for row in without}) == 1
    assert all(ast.literal_eval(row["beneficiary_payers"])[0]["current"] is True for row in rows)
    assert any(row["ad_creative_bodies"].startswith("[") for row in rows)
    assert any(not row["ad_creative_bodies"].startswith("[") for row in rows)
    assert any(re.search(r"-\d-", row["ad_delivery_start_time"]) for row in rows)


def test_audience_tab_has_options_used_and_unused_and_pages_without_data(folder: Path) -> None:
    rows = table((folder / "meta/ad_targeting_audience_tab_NL_2025-09_last30.csv").read_bytes())
    assert len({row["page_id"] for row in rows}) == 12
    assert sum(row["no_data"] == "True" for row in rows) == 3
    shown = [row for row in rows if not row["no_data"]]
    kinds = {"age", "gender", "location", "language", "custom_audience", "lookalike_audience", "detailed"}
    assert {row["type"] for row in shown} == kinds
    assert {row["is_exclusion"] for row in shown} == {"", "True", "False"}
    assert any(row["num_ads"] == "0" for row in shown)
    assert any(int(row["num_obfuscated"] or 0) > 0 for row in shown)
