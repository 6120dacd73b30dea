"""Google: hand-written rows of the Transparency Center and the bundle, and the records they become."""

import json
from datetime import date
from decimal import Decimal

import pytest

from adaudit.errors import ColumnsMissing

from .pages import ADVERTISER_STATS, TRANSPARENCY_CENTER, parse, record, records, row_of, table

USED = "CRITERIA_INCLUDED"
UNUSED = "CRITERIA_UNUSED"
CRITERIA = ("demographic_info", "geo_location", "contextual_signals", "customer_lists", "topics_of_interest")


def region(code: str, low: str | None, high: str | None, first: str = "2024-03-01") -> dict[str, object]:
    return {
        "region_code": code,
        "first_shown": first,
        "last_shown": "2024-03-20",
        "times_shown_lower_bound": low,
        "times_shown_upper_bound": high,
        "times_shown_availability_date": None,
        "surface_serving_stats": None,
    }


def creative(*regions: dict[str, object], topic: str = "Political", **criteria: str) -> list[str]:
    chosen = dict.fromkeys(CRITERIA, UNUSED) | criteria
    return row_of(
        TRANSPARENCY_CENTER,
        advertiserid="AR01",
        creativeid="CR02",
        creativepageurl="https://adstransparency.example/CR02",
        adformattype="IMAGE",
        advertiserdisclosedname="Brug",
        advertiserlegalname="Stichting Brug",
        advertiserlocation="NL",
        advertiserverificationstatus="VERIFIED",
        regionstats=json.dumps({"region_stats": list(regions)}, indent=2),
        audienceselectionapproachinfo=json.dumps({"audience_selection_approach_info": chosen}),
        topic=topic,
    )


def test_creative() -> None:
    row = creative(
        region("NL", "1000", "2000", first="2024-02-28"),
        region("BE", "0", "1000"),
        region("EEA", "1000", "3000"),
        geo_location=USED,
        demographic_info="CRITERIA_EXCLUDED",
    )
    one = record(table(TRANSPARENCY_CENTER, row))
    expected = {
        "source": "google",
        "form": "transparency_center",
        "record_id": "CR02",
        "locator": "record 1",
        "url": "https://adstransparency.example/CR02",
        "account_id": "AR01",
        "account_name": "Brug",
        "sponsor_name": "Stichting Brug",
        "sponsor_country": "NL",
        "delivered_from": date(2024, 2, 28),
        "delivered_until": date(2024, 3, 20),
        "countries": ["BE", "NL"],
        "delivery_count": 3,
        "topic": "Political",
        "political_basis": "declared",
        "media_kind": ["IMAGE"],
        "custom_audience": False,
        "targeting_personal_data": None,
        "targeting_parameters_count": 2,
        "amount_ad_low": None,
    }
    assert {key: one[key] for key in expected} == expected
    assert one["targeting_parameters"] == [
        {"dimension": "demographic info", "value": "CRITERIA_EXCLUDED", "excluded": True},
        {"dimension": "geo location", "value": USED, "excluded": False},
    ]
    assert [(part["country"], part["aggregate"]) for part in one["delivery"]] == [
        ("NL", False),
        ("BE", False),
        ("EEA", True),
    ]


def test_total_of_the_area_is_never_added_to_its_countries() -> None:
    rows = [region("NL", "1000", "2000"), region("EEA", "1000", "2500"), region("BE", "0", "1000")]
    one = record(table(TRANSPARENCY_CENTER, creative(*rows)))
    assert (one["views_low"], one["views_high"]) == (1000, 2500)


def test_without_a_total_the_countries_add_up() -> None:
    one = record(table(TRANSPARENCY_CENTER, creative(region("NL", "1000", "2000"), region("BE", "5", "10"))))
    assert (one["views_low"], one["views_high"]) == (1005, 2010)


def test_one_open_bound_opens_the_sum() -> None:
    one = record(table(TRANSPARENCY_CENTER, creative(region("NL", "1000", None), region("BE", "5", "10"))))
    assert (one["views_low"], one["views_high"]) == (1005, None)


def test_open_bound_of_the_area_stays_open() -> None:
    one = record(table(TRANSPARENCY_CENTER, creative(region("NL", "1", "2"), region("EEA", "1000", None))))
    assert (one["views_low"], one["views_high"]) == (1000, None)


def test_only_the_topic_political_says_that_an_ad_is_political() -> None:
    rows = [creative(region("NL", "0", "1"), topic=topic) for topic in ("Political", "Law & Government", "")]
    found = records(table(TRANSPARENCY_CENTER, *rows))
    assert [one["political_basis"] for one in found] == ["declared", None, None]


@pytest.mark.parametrize(
    ("criteria", "personal"),
    [
        ({}, False),
        ({"contextual_signals": USED}, False),
        ({"geo_location": USED}, None),
        ({"customer_lists": USED}, True),
        ({"customer_lists": "CRITERIA_INCLUDED_AND_EXCLUDED"}, True),
    ],
)
def test_whether_personal_data_were_used(criteria: dict[str, str], *, personal: bool | None) -> None:
    one = record(table(TRANSPARENCY_CENTER, creative(region("NL", "0", "1"), **criteria)))
    assert one["targeting_personal_data"] is personal


def test_cells_may_hold_the_bare_value() -> None:
    wrapped, bare = creative(region("NL", "0", "1000")), creative(region("NL", "0", "1000"))
    place = TRANSPARENCY_CENTER.index("region_stats")
    bare[place] = json.dumps(json.loads(bare[place])["region_stats"])
    one, other = records(table(TRANSPARENCY_CENTER, wrapped, bare))
    assert one["delivery"] == other["delivery"]
    assert other["views_high"] == 1000


@pytest.mark.parametrize("cell", ["", "null", '{"region_stats": []}', '{"region_stats": null}'])
def test_empty_statistics_show_nothing(cell: str) -> None:
    row = creative()
    row[TRANSPARENCY_CENTER.index("region_stats")] = cell
    one = record(table(TRANSPARENCY_CENTER, row))
    assert (one["delivery"], one["countries"], one["views_low"], one["delivered_from"]) == (None, None, None, None)


@pytest.mark.parametrize("cell", ['{"region_stats": [{"region_code": "NL"', '{"region_stats": "NL"}', "NL"])
def test_row_with_a_broken_cell_is_set_aside_with_its_text(cell: str) -> None:
    row = creative(region("NL", "0", "1"))
    row[TRANSPARENCY_CENTER.index("region_stats")] = cell
    good = creative(region("BE", "0", "1"))
    parsed = parse(table(TRANSPARENCY_CENTER, good, row, good))
    assert parsed.frame["locator"].to_list() == ["record 1", "record 3"]
    assert parsed.frame["countries"].to_list() == [["BE"], ["BE"]]
    (rejected,) = parsed.rejected
    assert rejected.place == "record 2"
    assert "JSON" in rejected.reason
    assert json.loads(rejected.raw)["region_stats"] == cell


def advertiser(regions: str, usd: str = "100", eur: str = "90", inr: str = "8000") -> list[str]:
    return ["AR9", "Stichting Brug", "KvK 99990001", regions, "EU-Parliament", "19", usd, eur, inr]


@pytest.mark.parametrize(
    ("regions", "amount", "currency"),
    [
        ("EU", 90, "EUR"),
        ("US", 100, "USD"),
        ("IN", 8000, "INR"),
        ("US, EU", 90, "EUR"),
        ("US, IN", 100, "USD"),
        ("XX", None, None),
    ],
)
def test_spend_of_an_advertiser_is_in_the_currency_of_its_region(
    regions: str, amount: int | None, currency: str | None
) -> None:
    one = record(table(ADVERTISER_STATS, advertiser(regions)))
    expected = None if amount is None else Decimal(amount)
    assert (one["amount_advertiser_low"], one["amount_advertiser_high"]) == (expected, expected)
    assert one["amount_currency"] == currency


def test_advertiser() -> None:
    one = record(table(ADVERTISER_STATS, advertiser("EU")))
    expected = {
        "source": "google",
        "form": "advertiser_stats",
        "kind": "advertiser",
        "record_id": "AR9",
        "account_id": "AR9",
        "sponsor_name": "Stichting Brug",
        "sponsor_registration": "KvK 99990001",
        "linked_process": "EU-Parliament",
        "ads_count": 19,
        "countries": ["EU"],
        "political_basis": "declared",
        "amount_ad_low": None,
    }
    assert {key: one[key] for key in expected} == expected


def test_first_bundles_knew_dollars_only() -> None:
    header = ["Advertiser_ID", "Advertiser_Name", "Public_IDs_List", "Total_Creatives", "Total_Spend_USD"]
    one = record(table(header, ["AR9", "A", "", "2", "55"]))
    assert (one["amount_advertiser_low"], one["amount_currency"], one["countries"]) == (Decimal(55), "USD", None)


def test_bundle_without_any_spend_names_the_column() -> None:
    header = ["Advertiser_ID", "Advertiser_Name", "Public_IDs_List", "Total_Creatives"]
    with pytest.raises(ColumnsMissing, match="Spend_<currency>"):
        parse(table(header, ["AR9", "A", "", "2"]))
