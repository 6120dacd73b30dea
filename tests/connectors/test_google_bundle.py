"""Google's political ads bundle: hand-written rows of every member, and the records they become."""

import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaudit.audit.intake import Intake, take_in
from adaudit.audit.options import Options
from adaudit.connectors import Companion, recognise
from adaudit.connectors.google.creative_stats import step
from adaudit.errors import ColumnsMissing

from .pages import ADVERTISER_STATS, cells, form_of, parse, record, records, row_of, table

ADS = cells(
    "Ad_ID,Ad_URL,Ad_Type,Regions,Advertiser_ID,Advertiser_Name,Ad_Campaigns_List,Date_Range_Start,Date_Range_End,"
    "Num_of_Days,Impressions,Spend_USD,Spend_Range_Min_USD,Spend_Range_Max_USD,Spend_Range_Min_EUR,"
    "Spend_Range_Max_EUR,Spend_Range_Min_SEK,Spend_Range_Max_SEK,Age_Targeting,Gender_Targeting,"
    "Geo_Targeting_Included,Geo_Targeting_Excluded"
)
ADS_2018 = cells(
    "Ad_ID,Ad_URL,Ad_Type,Advertiser_ID,Advertiser_Name,Ad_Campaigns_List,Date_Range_Start,Date_Range_End,"
    "Num_of_Days,Impressions,Spend_USD"
)
WEEKS = cells("Advertiser_ID,Advertiser_Name,Election_Cycle,Week_Start_Date,Spend_USD,Spend_EUR,Spend_INR")
AD = {
    "adid": "CR00000000000000000001",
    "adurl": "https://adstransparency.example/CR00000000000000000001",
    "adtype": "Image",
    "regions": "NL, EU",
    "advertiserid": "AR00000000000000000002",
    "advertisername": "Stichting Brug",
    "daterangestart": "2024-05-01",
    "daterangeend": "2024-05-20",
    "numofdays": "12",
    "impressions": "10000-15000",
    "spendrangeminusd": "0",
    "spendrangemaxusd": "100",
    "spendrangemineur": "100",
    "spendrangemaxeur": "500",
    "spendrangeminsek": "0",
    "spendrangemaxsek": "1000",
    "agetargeting": "18-24, 25-34",
    "gendertargeting": "Female, Male",
    "geotargetingincluded": "Wolkendam,Zilverkust,Netherlands, Theemeer,Netherlands",
    "geotargetingexcluded": "Inktwoude,Netherlands",
}


def ad(**more: str) -> list[str]:
    return row_of(ADS, **AD | more)


def bundle(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(f"google-political-ads-transparency-bundle/{name}", content)
    return buffer.getvalue()


def taken(folder: Path, name: str, data: bytes) -> Intake:
    path = folder / "given" / name
    path.parent.mkdir()
    path.write_bytes(data)
    (folder / "parts").mkdir()
    return take_in([path], folder / "parts", Options(), lambda *_: None)


def test_ad() -> None:
    one = record(table(ADS, ad()))
    expected = {
        "source": "google",
        "form": "creative_stats",
        "kind": "ad",
        "record_id": "bundle|CR00000000000000000001",
        "ad_id": "CR00000000000000000001",
        "url": "https://adstransparency.example/CR00000000000000000001",
        "locator": "record 1",
        "account_id": "AR00000000000000000002",
        "account_name": "Stichting Brug",
        "sponsor_name": "Stichting Brug",
        "beneficiary_name": None,
        "delivered_from": date(2024, 5, 1),
        "delivered_until": date(2024, 5, 20),
        "intended_from": None,
        "amount_ad_low": Decimal(100),
        "amount_ad_high": Decimal(500),
        "amount_currency": "EUR",
        "views_low": 10_000,
        "views_high": 15_000,
        "countries": ["EU", "NL"],
        "media_kind": ["IMAGE"],
        "political_basis": "declared",
        "campaign_id": None,
        "age_min": 18,
        "age_max": 34,
        "age_restricted": True,
        "age_open_side_unknown": False,
        "genders": ["Female", "Male"],
        "locations": ["Wolkendam,Zilverkust,Netherlands, Theemeer,Netherlands"],
        "targeting_parameters_count": 4,
        "targeting_personal_data": None,
        "removed": False,
        "unparsed": None,
    }
    assert {key: one[key] for key in expected} == expected
    assert one["targeting_parameters"][3] == {
        "dimension": "location",
        "value": "Inktwoude,Netherlands",
        "excluded": True,
    }


# One currency, never a sum


@pytest.mark.parametrize(
    ("regions", "usd", "eur", "sek", "low", "currency"),
    [
        ("EU, NL", ("0", "100"), ("50", "100"), ("0", "1000"), 50, "EUR"),
        ("EU", ("0", "100"), ("0", "50"), ("0", "1000"), 0, "EUR"),
        ("EU, SE", ("0", "100"), ("0", "50"), ("5000", "10000"), 5000, "SEK"),
        ("EU, SE", ("100", "200"), ("50", "100"), ("1000", "2000"), 50, "EUR"),
        ("SE", ("100", "200"), ("50", "100"), ("1000", "2000"), 1000, "SEK"),
        ("DE", ("100", "200"), ("50", "100"), ("1000", "2000"), 50, "EUR"),
        ("US", ("100", "200"), ("50", "100"), ("1000", "2000"), 100, "USD"),
        ("EU, US", ("100", "200"), ("0", "50"), ("0", "1000"), 100, "USD"),
        ("EU, US", ("100", "200"), ("50", "100"), ("0", "1000"), 50, "EUR"),
        ("HR", ("0", "100"), ("50", "100"), ("0", "1000"), 50, "EUR"),
    ],
)
def test_the_spend_is_in_the_one_currency_of_the_regions(
    regions: str, usd: tuple[str, str], eur: tuple[str, str], sek: tuple[str, str], low: int, currency: str
) -> None:
    ranges = {
        f"spendrange{end}{code}": value
        for code, both in {"usd": usd, "eur": eur, "sek": sek}.items()
        for end, value in zip(("min", "max"), both, strict=True)
    }
    one = record(table(ADS, ad(regions=regions, **ranges)))
    assert (one["amount_ad_low"], one["amount_currency"]) == (Decimal(low), currency)


AMOUNT = st.integers(0, 3).map(lambda steps: str(steps * 50))
CODES = st.lists(st.sampled_from(["EU", "NL", "SE", "US", "IN", "GB", "XX"]), max_size=4, unique=True)


@given(st.lists(st.tuples(CODES, AMOUNT, AMOUNT, AMOUNT), min_size=1, max_size=30))
def test_an_amount_is_the_one_of_a_single_column_and_never_a_sum(rows: list[tuple[list[str], str, str, str]]) -> None:
    made = [[f"AR{i}", "A", "", ", ".join(codes), "", "1", *spends] for i, (codes, *spends) in enumerate(rows)]
    for one, (codes, usd, eur, inr) in zip(records(table(ADVERTISER_STATS, *made)), rows, strict=True):
        cells_of = {"USD": usd, "EUR": eur, "INR": inr}
        own = {"EUR": {"EU", "NL", "SE"}, "USD": {"US"}, "INR": {"IN"}}
        here = [code for code in ("EUR", "USD", "INR") if own[code] & set(codes)]
        spent = [code for code in here if cells_of[code] != "0"]
        expected = next(iter(spent or here), None)
        assert one["amount_currency"] == expected
        assert one["amount_advertiser_low"] == (None if expected is None else Decimal(cells_of[expected]))


@pytest.mark.parametrize("top", ["", "0", "50"])
def test_blank_zero_or_smaller_top_is_an_open_step(top: str) -> None:
    one = record(table(ADS, ad(spendrangemineur="100", spendrangemaxeur=top)))
    assert (one["amount_ad_low"], one["amount_ad_high"], one["unparsed"]) == (Decimal(100), None, None)


def test_a_top_of_zero_is_open_even_above_nothing() -> None:
    one = record(table(ADS, ad(spendrangemineur="0", spendrangemaxeur="0")))
    assert (one["amount_ad_low"], one["amount_ad_high"]) == (Decimal(0), None)


def test_an_unreadable_end_is_kept_as_text() -> None:
    one = record(table(ADS, ad(spendrangemaxeur="many")))
    assert one["unparsed"] == [{"column": "amount_ad_high", "text": "many"}]


def test_without_a_region_no_currency_is_guessed_and_the_amount_does_not_pass_for_absent() -> None:
    one = record(table(ADS, ad(regions="")))
    assert (one["amount_ad_low"], one["amount_currency"], one["countries"]) == (None, None, None)
    assert [part["column"] for part in one["unparsed"]] == ["amount_ad_low"]


def test_table_without_any_spend_names_the_column() -> None:
    header = [name for name in ADS if not name.startswith("Spend")]
    with pytest.raises(ColumnsMissing, match="Spend_Range_Min_<currency>"):
        parse(table(header, row_of(header, **{k: v for k, v in AD.items() if not k.startswith("spend")})))


# Generations


def test_ad_of_2018_is_in_dollars_and_tells_no_country() -> None:
    row = row_of(
        ADS_2018, adid="CR1", adurl="https://x.example/1", adtype="Text", advertiserid="AR1", advertisername="A"
    )
    row[ADS_2018.index("Impressions")], row[ADS_2018.index("Spend_USD")] = "≤ 10k", "100-1k"
    page = table(ADS_2018, row)
    one = record(page)
    assert (one["amount_ad_low"], one["amount_ad_high"], one["amount_currency"]) == (Decimal(100), Decimal(1000), "USD")
    assert (one["views_low"], one["views_high"], one["countries"]) == (0, 10_000, None)
    (notice,) = parse(page).notices
    assert "no column Regions" in notice
    assert "geen kolom Regions" in notice.nl


def test_order_of_columns_and_a_trailing_comma_do_not_matter() -> None:
    usual = record(table(ADS, ad()))
    header = [*reversed(ADS), ""]
    other = table(header, [*reversed(ad()), ""])
    assert record(other) == usual
    assert parse(other).new_fields == ()


def test_names_of_the_dataset_are_those_of_the_bundle_in_small_letters() -> None:
    assert record(table([name.lower() for name in ADS], ad())) == record(table(ADS, ad()))


@pytest.mark.parametrize(
    ("cell", "low", "high"),
    [
        ("≤ 10k", 0, 10_000),
        ("<=10k", 0, 10_000),
        ("10k-100k", 10_000, 100_000),
        ("10k–100k", 10_000, 100_000),
        ("100k-1M", 100_000, 10**6),
        ("> 10M", 10**7, None),
        (">10M", 10**7, None),
        ("0-1000", 0, 1000),
    ],
)
def test_steps_of_both_generations(cell: str, low: int, high: int | None) -> None:
    one = record(table(ADS, ad(impressions=cell)))
    assert (one["views_low"], one["views_high"], one["unparsed"]) == (low, high, None)


@pytest.mark.parametrize("cell", ["many", "10k", "10k-5k", "1e3-2e3", "10q-20q", "-5-10"])
def test_a_step_that_is_none_is_kept_as_text(cell: str) -> None:
    one = record(table(ADS, ad(impressions=cell)))
    assert {"column": "views_high", "text": cell} in one["unparsed"]
    assert one["views_high"] is None


@given(st.integers(0, 999), st.integers(0, 999), st.sampled_from(["", "k", "M"]), st.sampled_from(["", "k", "M"]))
def test_a_step_is_never_read_as_less_or_more_than_it_says(low: int, high: int, first: str, second: str) -> None:
    factor = {"": 1, "k": 10**3, "M": 10**6}
    found = pl.select(
        *(end.alias(name) for end, name in zip(step(pl.lit(f"{low}{first}-{high}{second}")), "lh", strict=True))
    )
    least, most = low * factor[first], high * factor[second]
    assert found.row(0) == (least, most if least <= most else None)


# Targeting


@pytest.mark.parametrize(
    ("cell", "low", "high", "restricted", "unknown"),
    [
        ("", None, None, None, False),
        ("18-24", 18, 24, True, False),
        ("25-34, ≥65", 25, None, True, False),
        ("18-24, Unknown age", 18, 24, True, True),
        ("Unknown age", None, None, None, True),
    ],
)
def test_ages(cell: str, low: int | None, high: int | None, *, restricted: bool | None, unknown: bool) -> None:
    one = record(table(ADS, ad(agetargeting=cell)))
    found = (one["age_min"], one["age_max"], one["age_restricted"], one["age_open_side_unknown"])
    assert found == (low, high, restricted, unknown)
    assert one["unparsed"] is None


def test_ages_that_are_none_are_kept_as_text() -> None:
    one = record(table(ADS, ad(agetargeting="18-24, grown-ups")))
    assert (one["age_min"], one["age_restricted"]) == (None, None)
    assert one["unparsed"] == [{"column": "age_min", "text": "18-24, grown-ups"}]


def test_blank_targeting_says_nothing() -> None:
    one = record(table(ADS, ad(agetargeting="", gendertargeting="", geotargetingincluded="", geotargetingexcluded="")))
    shown = ("targeting_parameters", "targeting_parameters_count", "age_restricted", "targeting_personal_data")
    assert [one[name] for name in shown] == [None] * 4


# Ids


def test_unequal_rows_of_one_id_stay_apart_and_equal_ones_do_not() -> None:
    found = records(table(ADS, ad(), ad(adid="CR2"), ad(advertisername="Vereniging Pont"), ad()))
    first = "bundle|CR00000000000000000001"
    assert [one["record_id"] for one in found] == [f"{first}|row 1", "bundle|CR2", f"{first}|row 3", f"{first}|row 1"]
    assert {one["ad_id"] for one in found} == {"CR00000000000000000001", "CR2"}


def test_row_without_an_id_is_set_aside() -> None:
    parsed = parse(table(ADS, ad(adid=""), ad()))
    assert [one.reason for one in parsed.rejected] == ["no identifier"]
    assert parsed.frame.height == 1


def test_hostile_text_is_kept_as_it_stands() -> None:
    name = '=HYPERLINK("https://x.example","<script>alert(1)</script>")'
    assert record(table(ADS, ad(advertisername=name)))["sponsor_name"] == name


# No rows of the Union


def test_a_bundle_without_eu_rows_says_so_of_itself() -> None:
    (notice,) = parse(table(ADS, ad(regions="US"), ad(adid="CR2", regions="GB, US"))).notices
    assert "no EU rows in this bundle: none of the 2 ads" in notice
    assert "regions named: GB, US" in notice
    assert "not that there were no political ads" in notice
    assert "geen van de 2 advertenties noemt de Unie of een lidstaat (wel genoemd: GB, US)" in notice.nl


@pytest.mark.parametrize("regions", ["EU", "NL, US", "SE"])
def test_one_row_of_the_union_is_enough(regions: str) -> None:
    assert parse(table(ADS, ad(regions="US"), ad(adid="CR2", regions=regions))).notices == ()


def test_advertisers_without_eu_rows_say_so_too() -> None:
    row = ["AR9", "A", "", "US", "US-Federal", "19", "100", "0", "0"]
    (notice,) = parse(table(ADVERTISER_STATS, row)).notices
    assert "the only advertiser does not name the Union" in notice
    assert "de enige adverteerder noemt de Unie en de lidstaten niet (wel genoemd: US)" in notice.nl
    assert parse(table(ADVERTISER_STATS)).notices == ()


# Weeks and campaigns


def test_week_of_an_advertiser() -> None:
    one = record(table(WEEKS, ["AR1", "CITIZENS", "US-Federal-2018", "2018-09-16", "100", "90", "8000"]))
    expected: dict[str, Any] = {
        "form": "advertiser_weekly_spend",
        "kind": "advertiser",
        "record_id": "AR1|2018-09-16",
        "account_id": "AR1",
        "sponsor_name": "CITIZENS",
        "delivered_from": date(2018, 9, 16),
        "delivered_until": date(2018, 9, 22),
        "amount_advertiser_low": Decimal(100),
        "amount_advertiser_high": Decimal(100),
        "amount_currency": "USD",
        "countries": ["US"],
        "ads_count": None,
    }
    assert {key: one[key] for key in expected} == expected


def test_week_that_tells_no_region_claims_no_amount() -> None:
    page = table(
        WEEKS, ["AR1", "A", "", "2019-05-05", "100", "90", "8000"], ["AR2", "B", "US-Federal", "2019-05-05"] + ["1"] * 3
    )
    one = records(page)[0]
    assert (one["amount_advertiser_low"], one["amount_currency"], one["countries"]) == (None, None, None)
    assert one["unparsed"] is None
    (notice,) = parse(page).notices
    assert notice.startswith("1 of 2 rows tells no region")
    assert notice.nl.startswith("1 van 2 rijen vermeldt geen regio")


def test_inside_a_bundle_the_totals_tell_the_region_of_a_week(tmp_path: Path) -> None:
    totals = [["AR1", "A", "", "EU, NL", "", "9", "300", "270", "0"], ["AR2", "B", "", "IN", "", "9", "9", "8", "700"]]
    weeks = [["AR1", "A", "", "2024-05-05", "100", "90", "8000"], ["AR2", "B", "", "2024-05-05", "100", "90", "8000"]]
    weeks += [
        ["AR3", "C", "", "2024-05-05", "100", "90", "8000"],
        ["AR1", "A", "US-Federal", "2024-05-12", "5", "4", "3"],
    ]
    members = {
        "google-political-ads-advertiser-stats.csv": table(ADVERTISER_STATS, *totals),
        "google-political-ads-advertiser-weekly-spend.csv": table(WEEKS, *weeks),
    }
    intake = taken(tmp_path, "bundle.zip", bundle(**members))
    found = intake.scan().collect().filter(form="advertiser_weekly_spend")
    assert found.select(
        "record_id", "amount_advertiser_low", "amount_currency", "country_key", "scope_from"
    ).rows() == [
        ("AR1|2024-05-05", Decimal(90), "EUR", "EU,NL", "advertiser_stats"),
        ("AR2|2024-05-05", Decimal(8000), "INR", "IN", "advertiser_stats"),
        ("AR3|2024-05-05", None, None, None, "advertiser_stats"),
        ("AR1|2024-05-12", Decimal(5), "USD", "US", "advertiser_stats"),
    ]
    assert [report.scope_from for report in intake.reports] == [None, "advertiser_stats"]


def test_totals_of_another_folder_or_file_tell_nothing_of_a_week(tmp_path: Path) -> None:
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as archive:
        row = ["AR1", "A", "", "EU", "", "9", "300", "270", "0"]
        archive.writestr("2019/google-political-ads-advertiser-stats.csv", table(ADVERTISER_STATS, row))
        week = ["AR1", "A", "", "2024-05-05", "100", "90", "8000"]
        archive.writestr("2024/google-political-ads-advertiser-weekly-spend.csv", table(WEEKS, week))
    intake = taken(tmp_path, "given.zip", path.read_bytes())
    found = intake.scan().collect().filter(form="advertiser_weekly_spend")
    assert found["amount_advertiser_low"].to_list() == [None]


def test_week_with_a_bad_date_is_kept_without_a_period() -> None:
    one = record(table(WEEKS, ["AR1", "A", "", "last week", "1", "1", "1"]))
    assert (one["record_id"], one["delivered_from"], one["delivered_until"]) == ("AR1|last week", None, None)
    assert one["unparsed"] == [{"column": "delivered_from", "text": "last week"}]


# Members without records of their own


@pytest.mark.parametrize(
    ("header", "form"),
    [
        ("Country,Country_Subdivision_Primary,Country_Subdivision_Secondary,Spend_USD,Spend_EUR", "geo_spend"),
        ("Advertiser_ID,Advertiser_Name,Country,Country_Subdivision_Primary,Spend_USD", "advertiser_geo_spend"),
        ("Advertiser_ID,Region,Advertiser_Declared_Name,Advertiser_Declared_Scope", "advertiser_declared_stats"),
        ("Advertiser_ID,NZ_Advertiser_Declared_Name,NZ_Advertiser_Declared_Address", "advertiser_declared_stats"),
        ("Election_Cycle,Region,Elections,Report_Date,Keyword_1,Spend_USD_1,Keyword_2,Spend_USD_2", "top_keywords"),
        ("OldAdvertiserId,NewAdvertiserId", "id_mapping"),
        ("old_creative_id,new_creative_id", "id_mapping"),
    ],
)
def test_members_that_are_never_counted(header: str, form: str) -> None:
    names = cells(header)
    page = table(names, ["1"] * len(names))
    assert form_of(page) == ("google", form)
    parsed = parse(page)
    assert (parsed.frame.height, parsed.rejected, parsed.new_fields) == (0, (), ())


def test_the_day_of_the_bundle_is_told(tmp_path: Path) -> None:
    stamp = b"Report_Data_Updated_Time (PT)\n2024-06-28 05:12:40\n"
    assert recognise(stamp) == Companion("google", "Report_Data_Updated_Time (PT) 2024-06-28 05:12:40")
    intake = taken(tmp_path, "bundle.zip", bundle(**{"updated.csv": stamp, "ads.csv": table(ADS, ad())}))
    assert "2024-06-28 05:12:40" in " ".join(notice for report in intake.reports for notice in report.notices)
    assert not intake.failed


def test_bundle_in_its_old_folder_is_read_member_by_member(tmp_path: Path) -> None:
    members = {
        "README.txt": b"google-political-ads-creative-stats.csv\n\nThis file ...",
        "google-political-ads-creative-stats.csv": table(ADS, ad()),
        "google-political-ads-geo-spend.csv": table(
            cells("Country,Country_Subdivision_Primary,Country_Subdivision_Secondary,Spend_EUR"), ["NL", "", "", "5"]
        ),
    }
    intake = taken(tmp_path, "bundle.zip", bundle(**members))
    found = {(report.form, report.records, report.outcome) for report in intake.reports}
    assert found == {("creative_stats", 1, "read"), ("geo_spend", 0, "recognised, not counted")}
    (part,) = intake.parts
    folder = "google-political-ads-transparency-bundle"
    assert pl.read_parquet(part)["locator"].to_list() == [f"{folder}/google-political-ads-creative-stats.csv!record 1"]


def test_a_renamed_column_is_named_and_not_guessed() -> None:
    with pytest.raises(ColumnsMissing, match="'impressions'"):
        form_of(table([name.replace("Impressions", "Views") for name in ADS]))
