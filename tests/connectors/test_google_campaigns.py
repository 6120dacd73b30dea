"""Campaign targeting in Google's bundle: what an advertiser chose, and no ad."""

from datetime import date

import pytest

from .pages import cells, parse, record, row_of, table

CAMPAIGNS = cells(
    "Campaign_ID,Age_Targeting,Gender_Targeting,Geo_Targeting_Included,Geo_Targeting_Excluded,Start_Date,End_Date,"
    "Ads_List,Advertiser_ID,Advertiser_Name"
)


def test_campaign_is_targeting_of_an_advertiser_and_no_ad() -> None:
    row = ["777", "18-24", "Female", "Theemeer,Netherlands", "", "2019-05-01", "2019-05-09", "CR1, CR22", "AR1", "Brug"]
    one = record(table(CAMPAIGNS, row))
    expected = {
        "form": "campaign_targeting",
        "kind": "advertiser",
        "record_id": "777",
        "campaign_id": "777",
        "account_id": "AR1",
        "ads_count": 2,
        "delivered_from": date(2019, 5, 1),
        "delivered_until": date(2019, 5, 9),
        "age_min": 18,
        "genders": ["Female"],
        "targeting_parameters_count": 3,
        "amount_advertiser_low": None,
    }
    assert {key: one[key] for key in expected} == expected


def test_number_of_a_campaign_that_a_spreadsheet_destroyed_is_seen() -> None:
    row = ["1.70585E+10", "", "", "", "", "2019-05-01", "2019-05-09", "CR1", "AR1", "Brug"]
    assert record(table(CAMPAIGNS, row))["identifier_damaged"]


def test_list_of_ads_that_names_none_is_kept_as_text() -> None:
    row = ["777", "", "", "", "", "2019-05-01", "2019-05-09", "all of them", "AR1", "Brug"]
    assert record(table(CAMPAIGNS, row))["unparsed"] == [{"column": "ads_count", "text": "all of them"}]


@pytest.mark.parametrize("rows", [[], [row_of(CAMPAIGNS, advertiserid="AR1", startdate="2024-01-01")]])
def test_campaigns_of_which_none_has_an_id_are_rejected_one_by_one(rows: list[list[str]]) -> None:
    found = parse(table(CAMPAIGNS, *rows))
    assert found.frame.is_empty()
    assert [one.reason for one in found.rejected] == ["no identifier"] * len(rows)
