"""Tables that exporters make of ads_archive: hand-written rows of R and Python and the exact records they become."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from adaudit.connectors import recognise
from adaudit.errors import ColumnsMissing, UnreadableInput, UnrecognisedInput

from .pages import cells, form_of, meta_ad, meta_page, parse, record, records, row_of, table

R_HEADER = cells(
    "ad_creation_time,ad_creative_body,ad_creative_link_caption,ad_creative_link_description,"
    "ad_creative_link_title,ad_delivery_start_time,ad_delivery_stop_time,currency,funding_entity,page_id,"
    "page_name,spend_lower,spend_upper,adlib_id,impressions_lower,impressions_upper,potential_reach_lower,"
    "potential_reach_upper,ad_snapshot_url"
)
PYTHON_HEADER = cells(
    "ad_id,page_id,page_name,ad_creative_bodies,ad_delivery_start_time,ad_delivery_stop_time,bylines,currency,"
    "spend_lower,spend_upper,ad_snapshot_url,delivery_by_region,ad_creative_link_captions,eu_total_reach,"
    "beneficiary_payers,target_ages,target_gender,target_locations,age_country_gender_reach_breakdown"
)
OF_R = {
    "adcreationtime": "2021-07-13",
    "adcreativebody": "Most se staví.\n\nPřijďte.",
    "adcreativelinkcaption": "NA",
    "adcreativelinkdescription": "NA",
    "adcreativelinktitle": "NA",
    "addeliverystarttime": "2021-07-13",
    "addeliverystoptime": "NA",
    "currency": "CZK",
    "fundingentity": "Hnutí Tichý Most",
    "pageid": "9123456789",
    "pagename": "Tichý Most",
    "spendlower": "1000",
    "spendupper": "1499",
    "adlibid": "835000000000001",
    "impressionslower": "1e+05",
    "impressionsupper": "124999",
    "potentialreachlower": "1000001",
    "potentialreachupper": "NA",
    "adsnapshoturl": "https://www.facebook.com/ads/archive/render_ad/?id=835000000000001&access_token={access_token}",
}


def of_r(**changed: str) -> bytes:
    return table(R_HEADER, row_of(R_HEADER, **(OF_R | changed)), bom=True)


def of_python(**changed: str) -> dict[str, Any]:
    row = {"adid": "1705851403162930", "pageid": "210000000000001", "addeliverystarttime": "2025-03-01"} | changed
    return record(table(PYTHON_HEADER, row_of(PYTHON_HEADER, **row)))


def test_row_of_r() -> None:
    one = record(of_r())
    expected = {
        "source": "meta",
        "form": "ads_archive_flat",
        "kind": "ad",
        "record_id": "835000000000001",
        "ad_id": "835000000000001",
        "url": "https://www.facebook.com/ads/library/?id=835000000000001",
        "locator": "record 1",
        "delivered_from": date(2021, 7, 13),
        "delivered_until": None,
        "sponsor_name": "Hnutí Tichý Most",
        "account_id": "9123456789",
        "amount_ad_low": Decimal(1000),
        "amount_ad_high": Decimal(1499),
        "amount_currency": "CZK",
        "views_low": 100_000,
        "views_high": 124_999,
        "audience_size_low": 1_000_001,
        "audience_size_high": None,
        "texts": ["Most se staví.\n\nPřijďte."],
        "titles": None,
        "link_urls": None,
        "political_basis": "declared",
        "content_shown": True,
        "identifier_recovered": None,
        "unparsed": None,
    }
    assert {key: one[key] for key in expected} == expected


@pytest.mark.parametrize("absent", ["NA", "", " ", "nan", "None", "<NA>", "NaN"])
def test_what_exporters_write_for_nothing_is_nothing(absent: str) -> None:
    one = record(of_r(fundingentity=absent, spendlower=absent, spendupper=absent, currency=absent))
    assert (one["sponsor_name"], one["amount_ad_low"], one["amount_currency"]) == (None, None, None)
    assert one["political_basis"] is None
    assert one["unparsed"] is None


@pytest.mark.parametrize(
    ("cell", "value"), [("1e+05", 100_000), ("1.5E+3", 1500), ("4000.0", 4000), (" 7 ", 7), ("1.23456e+04", None)]
)
def test_numbers_in_powers_of_ten_are_read_only_where_they_are_whole(cell: str, value: int | None) -> None:
    one = record(of_r(impressionslower=cell))
    assert one["views_low"] == value
    kept = [part["text"] for part in one["unparsed"] or [] if part["column"] == "views_low"]
    assert kept == ([] if value is not None else [cell])


def test_row_of_python() -> None:
    one = of_python(
        addeliverystarttime="2022-9-27",
        addeliverystoptime="2022-10-01",
        adcreativebodies=str(["Stem op de brug.", '\'t Is "nu"\nof nooit', "Stem op de brug."]),
        adcreativelinkcaptions="brug.example",
        bylines="Stichting Brug",
        spendlower="0",
        spendupper="99",
        currency="EUR",
        eutotalreach="1234.0",
        deliverybyregion=str([{"percentage": "2.0E-6", "region": "Drenthe"}, {"percentage": "1", "region": "Utrecht"}]),
        beneficiarypayers=str([{"payer": "Kas", "beneficiary": "Brug", "current": True}]),
        targetages=str(["18", "65+"]),
        targetgender="Women",
        targetlocations=str([{"name": "Utrecht", "type": "CITY", "excluded": True, "num_obfuscated": 3}]),
        agecountrygenderreachbreakdown=str(
            [{"country": "NL", "age_gender_breakdowns": [{"age_range": "18-24", "male": 1000, "female": 234}]}]
        ),
    )
    expected = {
        "delivered_from": date(2022, 9, 27),
        "delivered_until": date(2022, 10, 1),
        "texts": ["Stem op de brug.", '\'t Is "nu"\nof nooit'],
        "link_urls": ["brug.example"],
        "disclaimer": "Stichting Brug",
        "sponsor_name": "Brug",
        "payer_name": "Kas",
        "people_reached_low": 1234,
        "people_reached_high": 1234,
        "delivery_reach_low": 1234,
        "countries": ["NL"],
        "age_min": 18,
        "genders": ["Women"],
        "locations": ["Utrecht"],
        "locations_hidden": 3,
        "unparsed": None,
    }
    assert {key: one[key] for key in expected} == expected
    assert one["parties"][0] == {"role": "beneficiary", "name": "Brug", "current": True}
    assert one["targeting_parameters"][-1] == {"dimension": "location: city", "value": "Utrecht", "excluded": True}
    assert one["shares_sum"] == pytest.approx(1.000002)


def test_the_same_ad_is_the_same_record_in_either_form() -> None:
    nested = meta_ad(
        "1000000000000001",
        ad_snapshot_url="https://www.facebook.com/ads/library/?id=1000000000000001",
        ad_delivery_stop_time="2025-09-14",
        ad_creative_bodies=["Stem!", "Twee"],
        bylines="Brug",
        currency="EUR",
        spend={"lower_bound": "100", "upper_bound": "199"},
        eu_total_reach=55,
        beneficiary_payers=[{"payer": "Kas", "beneficiary": "Brug", "current": False}],
        target_ages=["18", "65"],
        target_locations=[{"name": "Utrecht", "type": "CITY", "excluded": False, "num_obfuscated": 0}],
        delivery_by_region=[{"percentage": "1", "region": "Utrecht"}],
    )
    header = [*(key for key in nested if key != "spend"), "spend.lower_bound", "spend.upper_bound"]
    row = [str(nested[key]) for key in header[:-2]] + ["100", "199"]
    flat, whole = record(table(header, row)), record(meta_page(nested))
    apart = {"form", "locator"}
    assert {k: v for k, v in flat.items() if k not in apart} == {k: v for k, v in whole.items() if k not in apart}


@pytest.mark.parametrize(
    "spend", ["{'lower_bound': '100', 'upper_bound': '199'}", '{"lower_bound":"100","upper_bound":"199"}']
)
def test_bounds_may_stand_as_a_dict_in_one_cell(spend: str) -> None:
    one = record(table(["id", "bylines", "spend"], ["1", "A", spend]))
    assert (one["amount_ad_low"], one["amount_ad_high"]) == (Decimal(100), Decimal(199))


@pytest.mark.parametrize("spend", ["149.5", "100-199", "<100", "{'lower_bound': '100'", "[100, 199]"])
def test_one_figure_where_bounds_belong_is_kept_as_text_and_not_taken_for_one(spend: str) -> None:
    one = record(table(["id", "bylines", "spend"], ["1", "A", spend]))
    assert (one["amount_ad_low"], one["amount_ad_high"]) == (None, None)
    assert one["unparsed"] == [{"column": "amount_ad_low", "text": spend}]


@pytest.mark.parametrize("cell", ["[{'payer': 'Kas'", "Kas", "{'payer': 'Kas'}", "[1, 2]", "[{'payer'}]"])
def test_row_whose_list_cannot_be_read_is_set_aside_and_changes_no_other(cell: str) -> None:
    header = ["id", "bylines", "beneficiary_payers"]
    good = str([{"payer": "Kas", "beneficiary": "B", "current": True}])
    parsed = parse(table(header, ["1", "A", good], ["2", "A", cell], ["3", "A", good]))
    (rejected,) = parsed.rejected
    assert rejected.place == "record 2"
    assert "list" in rejected.reason
    assert parsed.frame["record_id"].to_list() == ["1", "3"]
    assert parsed.frame["payer_name"].to_list() == ["Kas", "Kas"]
    assert parsed.frame["locator"].to_list() == ["record 1", "record 3"]


def test_share_that_is_no_number_leaves_no_sum() -> None:
    one = of_python(deliverybyregion=str([{"percentage": "much", "region": "A"}, {"percentage": "1", "region": "B"}]))
    assert one["shares_sum"] is None
    assert one["unparsed"] == [{"column": "shares_sum", "text": "much"}]


def test_header_decides_what_was_in_the_export() -> None:
    (carried,) = parse(of_r()).layouts
    assert {"spend", "impressions", "potential_reach", "funding_entity", "ad_creative_body", "page_id"} <= carried
    assert not carried & {"eu_total_reach", "beneficiary_payers", "bylines", "spend_lower", "estimated_audience_size"}


def test_column_that_no_row_fills_proves_nothing() -> None:
    header = ["id", "funding_entity", "ad_creation_time"]
    (carried,) = parse(table(header, ["1", "NA", "2021-01-01"], ["2", "", "2021-01-01"])).layouts
    assert carried == {"id", "ad_creation_time"}
    (carried,) = parse(table(header, ["1", "NA", "2021-01-01"], ["2", "A", "2021-01-01"])).layouts
    assert carried == {"id", "ad_creation_time", "funding_entity"}


def test_columns_of_the_exporter_are_told_as_new() -> None:
    parsed = parse(table(["ad_id", "bylines", "score", "Victoria"], ["1", "A", "90", "0.5"]))
    assert parsed.new_fields == ("score", "victoria")


@pytest.mark.parametrize("name", ["id", "_id", "adlib_id", "ad_id", "ad_archive_id"])
def test_the_id_has_several_names(name: str) -> None:
    assert record(table([name, "bylines"], ["835000000000001", "A"]))["record_id"] == "835000000000001"


def test_table_without_ids_or_links_is_named_with_its_header() -> None:
    with pytest.raises(ColumnsMissing, match=r"ids of the ads.*'page_name', 'bylines'"):
        parse(table(["page_name", "bylines"], ["A", "B"]))


def test_row_without_id_is_set_aside() -> None:
    parsed = parse(table(["id", "bylines"], ["1", "A"], ["NA", "B"]))
    (rejected,) = parsed.rejected
    assert (rejected.place, rejected.reason) == ("record 2", "no identifier")


@pytest.mark.parametrize(
    "header", [["id", "page_name", "currency"], ["adlib", "region", "share"], ["id", "spend_lower"]]
)
def test_table_that_no_field_of_the_archive_tells_is_not_recognised(header: list[str]) -> None:
    with pytest.raises(UnrecognisedInput):
        recognise(table(header, ["1", "2", "3"][: len(header)]))


def test_hostile_text_stays_text() -> None:
    bodies = ['=HYPERLINK("https://x.example")', "[not a list", "[]", "['a'] + __import__('os')"]
    found = records(table(["id", "ad_creative_bodies"], *([str(i + 1), body] for i, body in enumerate(bodies))))
    assert [one["texts"] for one in found] == [[bodies[0]], [bodies[1]], None, [bodies[3]]]


# Shares beside a table of ads

SHARES = ["adlib_id", "Zilverkust", "Unknown", "Wolkenland"]


def test_shares_are_recognised_checked_and_never_ads() -> None:
    data = table(SHARES, ["1", "0.75", "", "0.25"], ["2", "1", "NA", "2.72e-4"])
    assert form_of(data) == ("meta", "ads_archive_shares")
    parsed = parse(data)
    assert parsed.frame.height == 0
    assert parsed.rejected == ()
    assert parsed.new_fields == ()
    assert parsed.notices == ("shares of the delivery of 2 ads over 3 groups: not counted as ads, not joined to them",)


def test_cell_that_is_no_share_is_named() -> None:
    parsed = parse(table(SHARES, ["1", "0.75", "", "0.25"], ["2", "75 %", "", "0.25"], ["3", "1.5", "", ""]))
    assert [(one.place, one.reason) for one in parsed.rejected] == [
        ("record 2", "a cell that is no share from 0 to 1"),
        ("record 3", "a cell that is no share from 0 to 1"),
    ]


@pytest.mark.parametrize("own", ["adlib_id", "ad_id", "id"])
@pytest.mark.parametrize("labels", [["age", "gender"], ["region"]])
def test_table_of_one_share_a_row_has_labels(own: str, labels: list[str]) -> None:
    data = table(["percentage", *labels, own], *(["0.5", *(name + str(i) for name in labels), "1"] for i in range(2)))
    assert form_of(data) == ("meta", "ads_archive_shares_long")
    parsed = parse(data)
    assert (parsed.frame.height, parsed.rejected) == (0, ())
    assert parsed.notices[0].startswith("shares of the delivery of 1 ad over 2 groups")
    assert "van 1 advertentie over 2 groepen: niet als advertentie geteld" in parsed.notices[0].nl


def test_table_of_shares_without_ids_is_refused() -> None:
    with pytest.raises(UnreadableInput, match="beside its id"):
        parse(table(["percentage", "region"], ["0.5", "Utrecht"]))


@pytest.mark.parametrize("rows", [[["1", "a", "b", "c"]], [["1", "5", "6", "7"], ["2", "x", "", ""]]])
def test_table_of_something_else_beside_an_id_is_refused(rows: list[list[str]]) -> None:
    with pytest.raises(UnreadableInput, match="shares of the delivery"):
        parse(table(SHARES, *rows))


def test_table_without_rows_holds_nothing() -> None:
    assert parse(table(SHARES)).frame.height == 0
    assert parse(table(["id", "bylines"])).frame.height == 0


def test_table_of_ads_is_never_taken_for_shares() -> None:
    assert form_of(of_r()) == ("meta", "ads_archive_flat")
    assert form_of(table(["adlib_id", "bylines"], ["1", "A"])) == ("meta", "ads_archive_flat")
