"""Snapchat's yearly file: hand-written rows and the exact records they become."""

import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from adaudit.audit.intake import take_in
from adaudit.audit.options import Options

from .pages import SNAPCHAT_34, SNAPCHAT_38, form_of, parse, record, row_of, table

AD = {
    "adid": "8842b7db9e5f4415",
    "creativeurl": "https://snap.example/a?mediaType=mp4;https://snap.example/b?mediaType=png",
    "currencycode": "EUR",
    "spend": "2083",
    "impressions": "256272",
    "startdate": "2025/09/18 23:13:58Z",
    "enddate": "2025/10/08 00:13:58Z",
    "organizationname": "Bureau Lichtblauw",
    "billingaddress": "Kade 3,Wolkendam,1234 AB,NL",
    "candidateballotinformation": "Tweede Kamer",
    "payingadvertisername": "Bureau Lichtblauw",
    "gender": "FEMALE",
    "agebracket": "18-34",
    "countrycode": "netherlands",
    "regionsincluded": "Utrecht,Drenthe",
    "regionsexcluded": "Limburg",
    "interests": "Advocates & Activists",
    "segments": "Provided by Advertiser",
    "creativeproperties": "web_view_url:https://licht.example",
}


@pytest.mark.parametrize(("header", "end"), [(SNAPCHAT_34, "\r\n"), (SNAPCHAT_38, "\n")])
def test_ad_of_34_and_of_38_columns(header: list[str], end: str) -> None:
    one = record(table(header, row_of(header, **AD), end=end))
    expected = {
        "source": "snapchat",
        "form": "political_ads",
        "kind": "ad",
        "record_id": "8842b7db9e5f4415",
        "locator": "record 1",
        "intended_from": date(2025, 9, 18),
        "intended_until": date(2025, 10, 8),
        "delivered_from": None,
        "sponsor_name": "Bureau Lichtblauw",
        "payer_name": "Bureau Lichtblauw",
        "account_name": "Bureau Lichtblauw",
        "sponsor_establishment": "Kade 3,Wolkendam,1234 AB,NL",
        "sponsor_country": "NL",
        "amount_ad_low": Decimal(2083),
        "amount_ad_high": Decimal(2083),
        "amount_currency": "EUR",
        "views_low": 256272,
        "views_high": 256272,
        "linked_process": "Tweede Kamer",
        "countries": ["NL"],
        "country_stated": True,
        "age_min": 18,
        "age_max": 34,
        "age_restricted": True,
        "age_open_side_unknown": False,
        "genders": ["FEMALE"],
        "locations": ["Utrecht,Drenthe"],
        "custom_audience": True,
        "targeting_personal_data": True,
        "data_categories": "Provided by Advertiser",
        "creative_urls": ["https://snap.example/a?mediaType=mp4", "https://snap.example/b?mediaType=png"],
        "media_kind": ["mp4", "png"],
        "link_urls": ["https://licht.example"],
        "content_shown": True,
        "political_basis": "declared",
        "unparsed": None,
    }
    assert {key: one[key] for key in expected} == expected
    parameters = {(part["dimension"], part["value"], part["excluded"]) for part in one["targeting_parameters"]}
    assert parameters == {
        ("gender", "FEMALE", False),
        ("age", "18-34", False),
        ("interests", "Advocates & Activists", False),
        ("segments", "Provided by Advertiser", False),
        ("regions", "Utrecht,Drenthe", False),
        ("regions", "Limburg", True),
    }
    assert one["targeting_parameters_count"] == len(parameters)


def test_both_layouts_have_their_number_of_columns() -> None:
    assert (len(SNAPCHAT_34), len(SNAPCHAT_38)) == (34, 38)
    assert form_of(table(SNAPCHAT_34)) == form_of(table(SNAPCHAT_38)) == ("snapchat", "political_ads")
    assert parse(table(SNAPCHAT_38)).new_fields == ()


@pytest.mark.parametrize(
    ("bracket", "low", "high", "unknown"),
    [
        ("18-34", 18, 34, False),
        ("18+", 18, None, False),
        ("35++", None, None, True),
        ("16-", None, None, True),
    ],
)
def test_age_brackets(bracket: str, low: int | None, high: int | None, *, unknown: bool) -> None:
    one = record(table(SNAPCHAT_38, row_of(SNAPCHAT_38, **AD | {"agebracket": bracket})))
    assert (one["age_min"], one["age_max"], one["age_open_side_unknown"]) == (low, high, unknown)
    assert one["age_restricted"]
    assert one["unparsed"] is None


def test_no_age_bracket_is_no_restriction() -> None:
    one = record(table(SNAPCHAT_38, row_of(SNAPCHAT_38, **AD | {"agebracket": ""})))
    assert (one["age_min"], one["age_restricted"], one["age_open_side_unknown"]) == (None, False, False)


def test_age_bracket_that_is_none_is_kept_as_text() -> None:
    one = record(table(SNAPCHAT_38, row_of(SNAPCHAT_38, **AD | {"agebracket": "grown-ups"})))
    assert one["age_min"] is None
    assert one["unparsed"] == [{"column": "age_min", "text": "grown-ups"}]


@pytest.mark.parametrize(
    ("name", "code"),
    [("netherlands", "NL"), ("czech republic", "CZ"), ("United Kingdom", "GB"), ("united states", "US")],
)
def test_country_names_become_codes(name: str, code: str) -> None:
    assert record(table(SNAPCHAT_38, row_of(SNAPCHAT_38, **AD | {"countrycode": name})))["countries"] == [code]


def test_country_name_that_is_not_known_is_kept_as_text() -> None:
    one = record(table(SNAPCHAT_38, row_of(SNAPCHAT_38, **AD | {"countrycode": "atlantis"})))
    assert (one["countries"], one["country_stated"]) == (None, False)
    assert one["unparsed"] == [{"column": "countries", "text": "atlantis"}]


def test_billing_address_is_the_sponsors_only_where_it_pays_itself() -> None:
    one = record(table(SNAPCHAT_38, row_of(SNAPCHAT_38, **AD | {"payingadvertisername": "Partij van de Lantaarn"})))
    assert (one["sponsor_name"], one["account_name"]) == ("Partij van de Lantaarn", "Bureau Lichtblauw")
    assert (one["sponsor_establishment"], one["sponsor_country"]) == (None, None)


def test_no_targeting_uses_no_personal_data() -> None:
    bare = {key: AD[key] for key in ("adid", "startdate", "countrycode", "payingadvertisername")}
    one = record(table(SNAPCHAT_38, row_of(SNAPCHAT_38, **bare)))
    assert (one["targeting_parameters"], one["targeting_parameters_count"]) == (None, 0)
    assert one["targeting_personal_data"] is False


def test_demographic_targeting_does_not_tell_whether_personal_data_were_used() -> None:
    bare = {key: AD[key] for key in ("adid", "startdate", "countrycode", "agebracket")}
    assert record(table(SNAPCHAT_38, row_of(SNAPCHAT_38, **bare)))["targeting_personal_data"] is None


@pytest.mark.parametrize("cell", ["-5", "12.50"])
def test_amounts_are_read_as_they_stand(cell: str) -> None:
    assert record(table(SNAPCHAT_38, row_of(SNAPCHAT_38, **AD | {"spend": cell})))["amount_ad_low"] == Decimal(cell)


def test_running_ad_has_no_end() -> None:
    one = record(table(SNAPCHAT_38, row_of(SNAPCHAT_38, **AD | {"enddate": ""})))
    assert (one["intended_until"], one["unparsed"]) == (None, None)


@pytest.mark.parametrize("start", ["2025/09/18 23:13:58Z", "2025-09-18T23:13:58.000Z", "2025-09-18T23:13:58Z"])
def test_both_forms_of_dates(start: str) -> None:
    one = record(table(SNAPCHAT_38, row_of(SNAPCHAT_38, **AD | {"startdate": start})))
    assert (one["intended_from"], one["unparsed"]) == (date(2025, 9, 18), None)


@pytest.mark.parametrize("start", ["18/09/2025", "2025-13-40T00:00:00Z", "soon"])
def test_a_date_that_is_none_is_kept_as_text(start: str) -> None:
    one = record(table(SNAPCHAT_38, row_of(SNAPCHAT_38, **AD | {"startdate": start})))
    assert one["intended_from"] is None
    assert one["unparsed"] == [{"column": "intended_from", "text": start}]


@pytest.mark.parametrize(
    ("cell", "link"),
    [
        ("web_view_url:https://licht.example/?a=b:c", "https://licht.example/?a=b:c"),
        ("deep_link_uri:licht://{{campaign.name}}", "licht://{{campaign.name}}"),
        ("ios_app:https://licht.example/app", "ios_app:https://licht.example/app"),
    ],
)
def test_link_of_an_ad(cell: str, link: str) -> None:
    one = record(table(SNAPCHAT_38, row_of(SNAPCHAT_38, **AD | {"creativeproperties": cell})))
    assert one["link_urls"] == [link]


def test_zip_of_the_year_is_read_with_its_readme(tmp_path: Path) -> None:
    given, parts = tmp_path / "PoliticalAds.zip", tmp_path / "parts"
    parts.mkdir()
    with zipfile.ZipFile(given, "w") as archive:
        archive.writestr("PoliticalAds.csv", table(SNAPCHAT_38, row_of(SNAPCHAT_38, **AD)))
        archive.writestr("readme.txt", "SNAPCHAT POLITICAL AD LIBRARY REPORT\n\nThis file ...")
    intake = take_in([given], parts, Options(), lambda *_: None)
    assert [(one.form, one.records, one.problem) for one in intake.reports] == [("political_ads", 1, None)]
    assert intake.scan().collect()["locator"].to_list() == ["PoliticalAds.csv!record 1"]
