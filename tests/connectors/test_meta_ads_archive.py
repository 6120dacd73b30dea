"""Meta ads_archive: hand-written answers and the exact records they become."""

import json
from datetime import date
from decimal import Decimal

import pytest

from .pages import document, form_of, meta_ad, meta_page, parse, record, records

TODAY = meta_ad(
    "1844674407370955162",
    ad_delivery_stop_time="2025-09-14",
    ad_creation_time="2025-08-30",
    ad_creative_bodies=["Stem op de brug.", ""],
    ad_creative_link_captions=["brug.example"],
    ad_creative_link_titles=["Meer brug"],
    ad_snapshot_url="https://www.facebook.com/ads/archive/render_ad/?id=1844674407370955162",
    languages=["nl"],
    bylines="Stichting Brug",
    currency="EUR",
    spend={"lower_bound": "100", "upper_bound": "199"},
    impressions={"lower_bound": "5000", "upper_bound": "5999"},
    estimated_audience_size={"lower_bound": "100001", "upper_bound": "500000"},
    demographic_distribution=[
        {"percentage": "0.25", "age": "18-24", "gender": "female"},
        {"percentage": "0.75", "age": "25-34", "gender": "male"},
    ],
    delivery_by_region=[{"percentage": "0.4", "region": "Utrecht"}, {"percentage": "0.5", "region": "Drenthe"}],
    target_ages=["18", "65+"],
    target_gender="Women",
    target_locations=[
        {"name": "Nederland", "type": "countries", "excluded": False, "num_obfuscated": 0},
        {"name": "Utrecht", "type": "CITY", "excluded": True, "num_obfuscated": 0},
    ],
)

OF_2019 = {
    "ad_creation_time": "2019-05-12T11:58:27+0000",
    "ad_creative_body": "Votez le 26 mai.",
    "ad_creative_link_caption": "heron.example",
    "ad_creative_link_title": "Le Héron",
    "ad_delivery_start_time": "2019-05-12T23:58:43+0000",
    "ad_delivery_stop_time": "2019-05-13T00:10:00+0200",
    "ad_snapshot_url": "https://www.facebook.com/ads/archive/render_ad/?id=619522255797960&access_token=REDACTED",
    "currency": "EUR",
    "funding_entity": "Amis du Héron",
    "impressions": {"lower_bound": "1000", "upper_bound": "4999"},
    "page_id": 9007199254740995,
    "page_name": "Le Héron",
    "region_distribution": [{"percentage": "1", "region": "Bretagne"}],
    "spend": {"lower_bound": "0", "upper_bound": "99"},
}


def test_ad_of_today() -> None:
    one = record(meta_page(TODAY))
    expected = {
        "source": "meta",
        "form": "ads_archive",
        "kind": "ad",
        "record_id": "1844674407370955162",
        "ad_id": "1844674407370955162",
        "url": "https://www.facebook.com/ads/library/?id=1844674407370955162",
        "locator": "/data/0",
        "delivered_from": date(2025, 9, 1),
        "delivered_until": date(2025, 9, 14),
        "intended_from": None,
        "sponsor_name": "Stichting Brug",
        "payer_name": None,
        "account_id": "777000000000001",
        "account_name": "Lijst Regenboog",
        "amount_ad_low": Decimal(100),
        "amount_ad_high": Decimal(199),
        "amount_currency": "EUR",
        "views_low": 5000,
        "views_high": 5999,
        "audience_size_low": 100001,
        "audience_size_high": 500000,
        "people_reached_low": None,
        "texts": ["Stem op de brug."],
        "titles": ["Meer brug"],
        "link_urls": ["brug.example"],
        "languages": ["nl"],
        "age_min": 18,
        "age_restricted": True,
        "genders": ["Women"],
        "locations": ["Nederland", "Utrecht"],
        "targeting_parameters_count": 4,
        "countries": None,
        "country_stated": False,
        "political_basis": "declared",
        "removed": False,
    }
    assert {key: one[key] for key in expected} == expected
    assert one["targeting_parameters"] == [
        {"dimension": "age", "value": "18-65+", "excluded": False},
        {"dimension": "gender", "value": "Women", "excluded": False},
        {"dimension": "location: countries", "value": "Nederland", "excluded": False},
        {"dimension": "location: city", "value": "Utrecht", "excluded": True},
    ]
    assert [share["group"] for share in one["audience_breakdown"]] == [
        "18-24 female",
        "25-34 male",
        "Utrecht",
        "Drenthe",
    ]
    assert one["shares_sum"] == pytest.approx(0.9)


def test_ad_of_2019_has_its_id_in_the_snapshot_url() -> None:
    one = record(document([OF_2019]))
    expected = {
        "record_id": "619522255797960",
        "locator": "/0",
        "delivered_from": date(2019, 5, 12),
        "delivered_until": date(2019, 5, 12),
        "sponsor_name": "Amis du Héron",
        "account_id": "9007199254740995",
        "amount_ad_low": Decimal(0),
        "amount_ad_high": Decimal(99),
        "views_high": 4999,
        "texts": ["Votez le 26 mai."],
        "titles": ["Le Héron"],
        "shares_sum": 1.0,
        "political_basis": "declared",
    }
    assert {key: one[key] for key in expected} == expected


def test_open_upper_bound_stays_open() -> None:
    ad = meta_ad(
        spend={"lower_bound": "1000000"},
        impressions={"lower_bound": "1000000", "upper_bound": None},
        estimated_audience_size={"lower_bound": "1000001"},
    )
    one = record(meta_page(ad))
    assert (one["amount_ad_low"], one["amount_ad_high"]) == (Decimal(1000000), None)
    assert (one["views_low"], one["views_high"]) == (1000000, None)
    assert (one["audience_size_low"], one["audience_size_high"]) == (1000001, None)
    assert one["unparsed"] is None


@pytest.mark.parametrize(
    "number", [9007199254740993, "9007199254740993", 18446744073709551615, "98765432109876543210987654321"]
)
def test_ids_keep_their_digits(number: object) -> None:
    assert record(meta_page(meta_ad(number)))["record_id"] == str(number)


def test_id_may_be_named_as_in_a_document_store() -> None:
    ad = {key: value for key, value in meta_ad().items() if key != "id"} | {"_id": "55"}
    assert record(document(ad))["record_id"] == "55"


def test_single_ad_is_read_and_located() -> None:
    assert record(document(meta_ad("5")))["locator"] == "/"


def test_byline_or_spend_says_that_an_ad_is_political() -> None:
    ads = [meta_ad("1"), meta_ad("2", bylines="A"), meta_ad("3", spend={"lower_bound": "0"}), meta_ad("4", bylines=" ")]
    assert [one["political_basis"] for one in records(meta_page(*ads))] == [None, "declared", "declared", None]


def test_reach_in_the_union_and_by_country() -> None:
    ad = meta_ad(
        eu_total_reach=120,
        age_country_gender_reach_breakdown=[
            {
                "country": "NL",
                "age_gender_breakdowns": [
                    {"age_range": "18-24", "male": 40, "female": 50, "unknown": 1},
                    {"age_range": "25-34", "female": 9},
                ],
            },
            {"country": "GP", "age_gender_breakdowns": [{"age_range": "65+", "male": 20}]},
        ],
    )
    one = record(meta_page(ad))
    assert (one["people_reached_low"], one["people_reached_high"]) == (120, 120)
    assert one["countries"] == ["GP", "NL"]
    assert one["country_key"] == "GP,NL"
    assert [(row["country"], row["reach_low"], row["aggregate"]) for row in one["delivery"]] == [
        ("NL", 100, False),
        ("GP", 20, False),
    ]
    assert (one["delivery_count"], one["delivery_reach_low"]) == (2, 120)


def test_reach_by_location_is_read_too() -> None:
    one = record(meta_page(meta_ad(total_reach_by_location=[{"key": "MT", "value": 12}, {"key": "IT", "value": 3}])))
    assert one["countries"] == ["IT", "MT"]
    assert one["delivery_reach_low"] == 15


def test_reach_outside_the_union_is_told_and_not_added_to_the_reach_in_it() -> None:
    groups = [{"age_range": "Unknown", "unknown": 40}]
    breakdown = [{"country": country, "age_gender_breakdowns": groups} for country in ("IE", "GB")]
    one = record(meta_page(meta_ad(eu_total_reach=40, age_country_gender_reach_breakdown=breakdown)))
    assert [(row["country"], row["reach_low"]) for row in one["delivery"]] == [("IE", 40), ("GB", 40)]
    assert one["delivery_reach_low"] == 40
    assert one["countries"] == ["GB", "IE"]


def test_reach_in_brazil_alone_says_where_the_ad_ran() -> None:
    one = record(meta_page(meta_ad(br_total_reach=77)))
    assert [(row["country"], row["reach_low"]) for row in one["delivery"]] == [("BR", 77)]
    assert (one["countries"], one["delivery_reach_low"], one["people_reached_low"]) == (["BR"], None, None)


def test_empty_breakdown_does_not_hide_the_reach_by_location() -> None:
    ad = meta_ad(age_country_gender_reach_breakdown=[], total_reach_by_location=[{"key": "MT", "value": 12}])
    assert record(meta_page(ad))["delivery_reach_low"] == 12


@pytest.mark.parametrize(
    "ad",
    [
        {
            "age_country_gender_reach_breakdown": [
                {"country": "NL", "age_gender_breakdowns": [{"age_range": "18-24", "male": 7}]},
                {"country": "BE", "age_gender_breakdowns": [{"age_range": "18-24", "male": 5, "female": "many"}]},
            ]
        },
        {"total_reach_by_location": [{"key": "NL", "value": 7}, {"key": "BE", "value": "many"}]},
    ],
)
def test_figure_of_reach_that_cannot_be_read_makes_no_smaller_sum(ad: dict[str, object]) -> None:
    one = record(meta_page(meta_ad(**ad)))
    assert [(row["country"], row["reach_low"]) for row in one["delivery"]] == [("NL", 7), ("BE", None)]
    assert one["delivery_reach_low"] is None
    assert one["unparsed"] == [{"column": "delivery_reach_low", "text": "many"}]


def test_share_that_cannot_be_read_leaves_no_sum() -> None:
    shares = [{"percentage": "0.4", "region": "Utrecht"}, {"percentage": "0,6", "region": "Drenthe"}]
    one = record(meta_page(meta_ad(delivery_by_region=shares)))
    assert one["shares_sum"] is None
    assert one["unparsed"] == [{"column": "shares_sum", "text": "0,6"}]


def test_places_that_the_library_hides_are_counted() -> None:
    places = [
        {"name": "Utrecht", "type": "CITY", "excluded": False, "num_obfuscated": 2},
        {"name": "Drenthe", "type": "regions", "excluded": True, "num_obfuscated": 1},
    ]
    assert record(meta_page(meta_ad(target_locations=places)))["locations_hidden"] == 3
    assert record(meta_page(meta_ad()))["locations_hidden"] is None


def test_body_that_every_version_repeats_stands_once() -> None:
    assert record(meta_page(meta_ad(ad_creative_bodies=["B", "A", "B", " "])))["texts"] == ["B", "A"]


def test_id_that_a_spreadsheet_destroyed_is_recovered_from_the_link() -> None:
    one = record(meta_page(meta_ad("1.70585E+15", ad_snapshot_url="https://x.example/?id=1705851403162930")))
    assert (one["record_id"], one["identifier_recovered"]) == ("1705851403162930", True)


def test_current_beneficiary_and_payer_are_taken_from_a_history() -> None:
    history = [
        {"payer": "Oude Kas", "beneficiary": "Oude Naam", "current": False},
        {"payer": "Nieuwe Kas", "beneficiary": "Nieuwe Naam", "current": True},
    ]
    one = record(meta_page(meta_ad(beneficiary_payers=history, bylines="Byline")))
    assert (one["sponsor_name"], one["payer_name"]) == ("Nieuwe Naam", "Nieuwe Kas")
    assert one["parties"] == [
        {"role": "beneficiary", "name": "Oude Naam", "current": False},
        {"role": "beneficiary", "name": "Nieuwe Naam", "current": True},
        {"role": "payer", "name": "Oude Kas", "current": False},
        {"role": "payer", "name": "Nieuwe Kas", "current": True},
    ]


@pytest.mark.parametrize(
    ("ages", "lowest", "restricted"),
    [(["13", "65"], 13, False), (["18", "65"], 18, True), (["13", "30"], 13, True), (["18", "65+"], 18, True)],
)
def test_target_ages(ages: list[str], lowest: int, *, restricted: bool) -> None:
    one = record(meta_page(meta_ad(target_ages=ages)))
    assert (one["age_min"], one["age_restricted"]) == (lowest, restricted)
    assert one["unparsed"] is None


def test_removed_ad_is_told_by_the_text_that_replaces_its_own() -> None:
    gone = "This content was removed because it didn't follow our Advertising Standards."
    removed, shown = records(
        meta_page(meta_ad("1", ad_creative_bodies=[gone]), meta_ad("2", ad_creative_bodies=["Hoi"]))
    )
    assert removed["removed"]
    assert removed["removal_reason"] == "did not follow the Advertising Standards"
    assert (shown["removed"], shown["removal_reason"]) == (False, None)


def test_amount_that_is_no_number_is_kept_as_text() -> None:
    one = record(meta_page(meta_ad(spend={"lower_bound": "<100", "upper_bound": "1e3"}, eu_total_reach="many")))
    assert (one["amount_ad_low"], one["amount_ad_high"], one["people_reached_low"]) == (None, None, None)
    kept = {(part["column"], part["text"]) for part in one["unparsed"]}
    assert kept >= {("amount_ad_low", "<100"), ("amount_ad_high", "1e3"), ("people_reached_low", "many")}


def test_fields_carried_by_one_ad_count_for_the_page() -> None:
    parsed = parse(meta_page(meta_ad("1"), meta_ad("2", bylines=None, beneficiary_payers=[])))
    (carried,) = parsed.layouts
    assert {"bylines", "beneficiary_payers", "page_id"} <= carried
    assert "spend" not in carried


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("fields=id,bylines&limit=5", {"id", "bylines"}),
        ("fields=id&fields=page_name&limit=5", {"page_name"}),
        ("fields=id%2Cspend", {"id", "spend"}),
        ("limit=5", None),
    ],
)
def test_next_page_tells_which_fields_were_asked_for(query: str, named: set[str] | None) -> None:
    link = f"https://graph.facebook.com/v18.0/ads_archive?access_token=REDACTED&{query}&after=x"
    assert parse(meta_page(meta_ad(), paging={"next": link})).requested == named


def test_last_page_does_not_tell_what_was_asked_for() -> None:
    assert parse(meta_page(meta_ad(), paging={"cursors": {"after": "x"}})).requested is None
    assert parse(meta_page(meta_ad())).requested is None


def test_new_field_is_reported_and_does_no_harm() -> None:
    parsed = parse(meta_page(meta_ad("1", mood="sunny"), meta_ad("2")))
    assert parsed.new_fields == ("mood",)
    assert parsed.frame.height == 2


def test_record_of_another_shape_is_set_aside_and_changes_no_other() -> None:
    alone = parse(meta_page(TODAY, meta_ad("2"))).frame.drop("locator")
    odd = meta_ad("3", spend="a lot")
    mixed = parse(meta_page(TODAY, odd, meta_ad("2")))
    assert mixed.frame.drop("locator").equals(alone)
    assert mixed.frame["locator"].to_list() == ["/data/0", "/data/2"]
    (rejected,) = mixed.rejected
    assert rejected.place == "/data/1"
    assert "spend" in rejected.reason
    assert json.loads(rejected.raw) == odd


def test_ad_without_any_id_is_set_aside_with_its_text() -> None:
    nameless = {key: value for key, value in meta_ad().items() if key != "id"}
    parsed = parse(meta_page(meta_ad("1"), nameless))
    (rejected,) = parsed.rejected
    assert (rejected.place, rejected.reason, json.loads(rejected.raw)) == ("/data/1", "no identifier", nameless)
    assert parsed.frame["record_id"].to_list() == ["1"]


@pytest.mark.parametrize("data", [meta_page(meta_ad()), document([meta_ad()]), document(meta_ad())])
def test_page_array_and_single_ad_are_recognised(data: bytes) -> None:
    assert form_of(data) == ("meta", "ads_archive")


def test_ages_reached_in_the_union_are_told_by_either_breakdown() -> None:
    def groups(age: str, **numbers: int) -> dict[str, object]:
        return {"age_gender_breakdowns": [{"age_range": age, **numbers}]}

    breakdown = [
        {"country": "NL", **groups("18-24", male=3, female=0)},
        {"country": "NL", **groups("25-34", male=0, unknown=0)},
        {"country": "RE", **groups("65+", female=2)},
        {"country": "NL", **groups("Unknown", female=2)},
        {"country": "GB", **groups("13-17", male=9)},
    ]
    shares = [{"percentage": "0.25", "age": "35-44", "gender": "male"}]
    both = record(meta_page(meta_ad(age_country_gender_reach_breakdown=breakdown, demographic_distribution=shares)))
    assert both["ages_reached"] == ["18-24", "35-44", "65+"]
    assert (both["reached_age_min"], both["reached_age_max"]) == (18, 24)
    abroad = record(meta_page(meta_ad(age_country_gender_reach_breakdown=[breakdown[-1]])))
    assert (abroad["ages_reached"], abroad["reached_age_min"], abroad["reached_age_max"]) == (None, None, None)
    young = [{"percentage": "0.01", "age": "13-17", "gender": "male"}]
    assert record(meta_page(meta_ad(demographic_distribution=young)))["ages_reached"] == ["13-17"]
