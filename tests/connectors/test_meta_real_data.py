"""Meta's real tables: ids before and after a spreadsheet, ranges, the report of 2019, the audience tab."""

import csv
import io
import math
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from adaudit.audit.options import Options
from adaudit.audit.run import audit
from adaudit.connectors import Companion, Parsed, parse_page, recognise
from adaudit.evidence import pages
from adaudit.model.record import SCHEMA

pytestmark = pytest.mark.real_data

CHECKED = "labels/guardian_voice_ads_checked_2023-08-24.csv"
UNCHECKED = "labels/guardian_voice_ads_unchecked_2023-08.csv"
CZECH = "meta/ads_archive_CZ_2021_ad_data.csv"
SHARES = "meta/ads_archive_CZ_2021_region_data.csv"
OLD_REPORT = "meta/report_GB_2019-05-11.zip"
AUDIENCE = "meta/ad_targeting_audience_tab_NL_2024_last30.csv"


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def parsed(path: Path) -> Parsed:
    (page,) = pages(path.read_bytes())
    found = recognise(page.data)
    assert not isinstance(found, Companion)
    return parse_page(page.data, found, path.name)


def test_ads_are_the_same_before_and_after_the_spreadsheet(real_data: Path) -> None:
    before, after = (parsed(real_data / name).frame.sort("record_id") for name in (UNCHECKED, CHECKED))
    assert before["record_id"].to_list() == sorted(row["ad_id"] for row in rows(real_data / UNCHECKED))
    assert len({row["ad_id"] for row in rows(real_data / CHECKED)}) == 80
    assert all("E+" in row["ad_id"] for row in rows(real_data / CHECKED))
    differing = [name for name in SCHEMA if not before[name].equals(after[name])]
    assert differing == ["identifier_recovered", "locator", "account_id", "identifier_damaged"]
    assert (before["identifier_recovered"].sum(), after["identifier_recovered"].sum()) == (0, 80)
    assert not before["identifier_damaged"].any()


def test_destroyed_page_ids_are_not_recovered_and_are_judged(real_data: Path, tmp_path: Path) -> None:
    done = audit([real_data / CHECKED], tmp_path / "out", Options(), lambda *_: None)
    reasons: Counter[str] = Counter()
    for one in done.counts:
        if one.rule == "identifier_intact":
            reasons.update(one.reasons)
    destroyed = sum("E+" in row["page_id"] for row in rows(real_data / CHECKED))
    assert reasons == {"identifier_damaged": destroyed, "identifier_recovered": 80 - destroyed}
    assert 0 < destroyed < 80


def test_the_pair_together_is_eighty_ads_in_two_states(real_data: Path, tmp_path: Path) -> None:
    done = audit([real_data / UNCHECKED, real_data / CHECKED], tmp_path / "out", Options(), lambda *_: None)
    assert done.assembled.total == 80
    assert done.assembled.superseded + done.assembled.repeated == 80


def test_without_links_nothing_is_recovered_and_nothing_merged(real_data: Path, tmp_path: Path) -> None:
    given = rows(real_data / CHECKED)
    names = [name for name in given[0] if name not in {"ad_snapshot_url", "page_id"}]
    for row in given:
        row["ad_id"] = f"{float(row['ad_id']):.0E}"
    text = io.StringIO()
    writer = csv.DictWriter(text, names, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(given)
    (tmp_path / "ads.csv").write_text(text.getvalue(), "utf-8")
    assert len({row["ad_id"] for row in given}) < 20
    done = audit([tmp_path / "ads.csv"], tmp_path / "out", Options(), lambda *_: None)
    assert done.assembled.total == 80
    judged = [one.verdicts["invalid"] for one in done.counts if one.rule == "identifier_intact"]
    assert sum(judged) == 80


def test_ranges_of_the_table_of_r_add_up_to_those_in_the_file(real_data: Path) -> None:
    frame, given = parsed(real_data / CZECH).frame, rows(real_data / CZECH)
    for column, name in (
        ("amount_ad_low", "spend_lower"),
        ("amount_ad_high", "spend_upper"),
        ("views_low", "impressions_lower"),
    ):
        assert frame[column].sum() == sum(int(float(row[name])) for row in given if row[name] != "NA")
    open_top = sum(row["potential_reach_lower"] == "1000001" and row["potential_reach_upper"] == "NA" for row in given)
    shown = frame.filter(pl.col("audience_size_low") == 1_000_001)
    assert open_top > 1000
    assert shown["audience_size_high"].null_count() == open_top
    assert frame["delivered_until"].null_count() == sum(row["ad_delivery_stop_time"] == "NA" for row in given)
    texts = frame["texts"].explode().drop_nulls().to_list() + frame["titles"].explode().drop_nulls().to_list()
    assert "NA" not in texts


def test_lists_of_the_table_of_python_are_read_as_python_reads_them(real_data: Path) -> None:
    import ast

    frame, given = parsed(real_data / UNCHECKED).frame, rows(real_data / UNCHECKED)
    for one, row in zip(frame.iter_rows(named=True), given, strict=True):
        regions = ast.literal_eval(row["delivery_by_region"] or "[]")
        assert [share["group"] for share in one["audience_breakdown"] or []] == [part["region"] for part in regions]
        if regions:
            assert one["shares_sum"] == pytest.approx(math.fsum(float(part["percentage"]) for part in regions))
        titles = row["ad_creative_link_titles"]
        expected = ast.literal_eval(titles) if titles.startswith("[") else [titles] * bool(titles)
        assert one["titles"] == ([text for text in expected if text.strip()] or None)


def test_shares_are_counted_and_are_no_ads(real_data: Path) -> None:
    one = parsed(real_data / SHARES)
    assert (one.frame.height, one.rejected) == (0, ())
    assert "12\u202f463 ads over 31 groups" in one.notices[0]


def test_report_of_2019_has_two_periods_and_no_currency(real_data: Path) -> None:
    found = {}
    for page in pages((real_data / OLD_REPORT).read_bytes()):
        told = recognise(page.data)
        if not isinstance(told, Companion):
            assert told.form == "ad_library_report_2019"
            found[page.member] = parse_page(page.data, told, page.member)
    week = found["FacebookAdLibraryReportGB2019-05-11ThisWeekSpending.csv"]
    to_date = found["FacebookAdLibraryReportGB2019-05-11SpendingToDate.csv"]
    assert (week.frame.height, week.rejected) == (510, ())
    # three rows of the larger table hold quotes that are never closed or opened
    assert to_date.frame.height >= 3922
    assert 1 <= len(to_date.rejected) <= 3
    for one in (week, to_date):
        assert one.frame["amount_currency"].null_count() == one.frame.height
        assert one.frame["account_id"].null_count() == one.frame.height
        assert one.frame["record_id"].n_unique() == one.frame.height
        assert one.frame["countries"].explode().unique().to_list() == ["GB"]
    assert week.frame["amount_advertiser_high"].sum() >= week.frame["amount_advertiser_low"].sum() > 100_000


def test_audience_tab_keeps_every_option(real_data: Path) -> None:
    frame, given = parsed(real_data / AUDIENCE).frame, rows(real_data / AUDIENCE)
    used = [row for row in given if int(row["num_ads"]) > 0]
    assert frame["targeting_use"].list.len().sum() == len(given) == 13_909
    told = {row["page_id"]: int(row["total_num_ads"]) for row in given}
    assert dict(frame.select("account_id", "ads_count").iter_rows()) == told
    excluded = frame.select(pl.col("targeting_parameters").list.explode().struct.field("excluded")).to_series()
    options = {
        tuple(row[name] for name in ("page_id", "type", "location_type", "detailed_type", "value", "is_exclusion"))
        for row in used
    }
    assert frame["targeting_parameters_count"].sum() == len(options)
    assert excluded.sum() == sum(option[-1] == "True" for option in options)
    hidden = sum(int(row["num_obfuscated"]) for row in used if row["type"] == "location")
    assert frame["locations_hidden"].sum() == hidden > 0
    youngest = dict.fromkeys(told, 99)
    for row in used:
        if row["type"] == "age":
            youngest[row["page_id"]] = min(youngest[row["page_id"]], int(row["value"].rstrip("+")))
    assert dict(frame.select("account_id", "age_min").iter_rows()) == youngest
