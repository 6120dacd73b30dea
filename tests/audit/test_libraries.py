"""From the answer of a library to what is said of it: LinkedIn, Microsoft and TikTok, page by page."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from adaudit.audit.options import Options
from adaudit.audit.run import audit
from adaudit.model.vocabulary import outcome_by_code

Told = dict[str, dict[str, str]]
"""By record and rule: the reason."""
Asked = Callable[..., Told]
SHARES = [{"country": "urn:li:country:NL", "impressionPercentage": 40.5}]


@pytest.fixture
def told(tmp_path: Path) -> Asked:
    """Audit the documents and give the reason of every rule for every record."""

    def run(*documents: object, political: bool = False) -> Told:
        given, out = tmp_path / "given", tmp_path / "out"
        given.mkdir()
        for number, document in enumerate(documents):
            (given / f"{number}.json").write_text(json.dumps(document), encoding="utf-8")
        audit([given], out, Options(political=political), lambda *_: None)
        ids = pl.read_parquet(out / "records.parquet")["record_id"]
        codes = pl.read_parquet(out / "verdicts.parquet")
        rules = [name for name, dtype in codes.schema.items() if dtype == pl.UInt8 and not name.startswith("binding")]
        return {
            number: {rule: outcome_by_code()[row[rule]].id for rule in rules if row[rule]}
            for number, row in zip(ids, codes.iter_rows(named=True), strict=True)
        }

    return run


def dsa(reasons: dict[str, str]) -> dict[str, str]:
    return {rule.removeprefix("dsa_repository_"): why for rule, why in reasons.items() if rule.startswith("dsa_")}


def linkedin(number: int, *, restricted: bool = False, **details: Any) -> dict[str, Any]:
    advertiser = {"advertiserName": "Lijst Regenboog", "advertiserUrl": "https://www.linkedin.com/company/1"}
    link = f"https://www.linkedin.com/ad-library/detail/{number}"
    return {
        "adUrl": link,
        "isRestricted": restricted,
        "details": {"type": "TEXT_AD", "advertiser": advertiser, "adTargeting": []} | details,
    }


STATISTICS = {
    "firstImpressionAt": 1760900000000,
    "latestImpressionAt": 1761900000000,
    "totalImpressions": {"from": 0, "to": 1000},
    "impressionsDistributionByCountry": SHARES,
}


def test_linkedin(told: Asked) -> None:
    found = told(
        {
            "elements": [
                linkedin(1, adStatistics=STATISTICS),
                linkedin(2),
                linkedin(3, restricted=True, adStatistics=STATISTICS),
                linkedin(4, adStatistics=STATISTICS | {"impressionsDistributionByCountry": []}),
            ],
            "paging": {"start": 0},
        }
    )
    shown = {
        "content": "page_only",
        "beneficiary": "page_or_account_name",
        "payer": "condition_unseen",
        "period": "disclosed",
        "targeting": "some_parameters",
        "reach": "impressions_not_people",
        "commercial_communications": "not_a_commercial_communication",
    }
    unseen = dict.fromkeys(("period", "targeting", "reach"), "not_in_export")
    withheld = dict.fromkeys(("content", "beneficiary", "payer"), "withheld_39_3")
    assert dsa(found["1"]) == shown
    assert dsa(found["2"]) == shown | unseen
    assert dsa(found["3"]) == shown | withheld
    assert dsa(found["4"]) == shown
    assert {found[number]["notice_sponsor_name"] for number in found} == {"not_shown_political"}
    assert {found[number]["shares_sum_to_one"] for number in found} == {"nothing_to_compare"}


def test_linkedin_ads_that_are_asserted_to_be_political(told: Asked) -> None:
    one = told({"elements": [linkedin(1, adStatistics=STATISTICS)]}, political=True)["1"]
    assert one["notice_sponsor_name"] == "page_or_account_name"
    assert one["notice_intended_period"] == "delivered_not_intended"
    assert one["notice_reach_views"] == "bucket_not_number"
    assert one["notice_amount_ad"] == "not_exposed"
    assert one["notice_targeting_groups"] == "personal_data_unseen"
    assert one["targeting_minors"] == "targeting_not_shown"


def microsoft(number: int, **more: Any) -> dict[str, Any]:
    return {
        "AdId": number,
        "AdvertiserName": "Lijst Regenboog",
        "AdvertiserId": 9,
        "Title": "Brug",
        "Description": "",
        "AssetJson": "",
    } | more


DETAILS: dict[str, Any] = {
    "PaidForByName": None,
    "StartDate": "2025-10-20",
    "EndDate": "2025-10-28",
    "TotalImpressionsRange": "<1K",
    "ImpressionsByCountry": [{"Country": "Netherlands", "ImpressionShare": "100%"}],
    "Targets": [{"TargetType": "AdvertiserAudiences", "UsedForExclusion": False}],
}


def test_microsoft(told: Asked) -> None:
    found = told(
        {"@odata.count": 2, "value": [microsoft(1), microsoft(2, Title=None)]},
        {"@odata.context": "x"} | microsoft(3, AdDetails=DETAILS),
        microsoft(4, AdDetails=DETAILS | {"RestrictionReason": "Misleading"}),
        microsoft(5, AdDetails=DETAILS | {"StartDate": None, "EndDate": None}),
    )
    shown = {
        "content": "disclosed",
        "beneficiary": "page_or_account_name",
        "payer": "condition_unseen",
        "period": "disclosed",
        "targeting": "categories_only",
        "reach": "impressions_not_people",
        "commercial_communications": "not_a_commercial_communication",
    }
    unseen = dict.fromkeys(("period", "targeting", "reach"), "not_in_export")
    withheld = dict.fromkeys(("content", "beneficiary", "payer"), "withheld_39_3")
    assert dsa(found["1"]) == shown | unseen
    assert dsa(found["2"]) == shown | unseen | {"content": "empty"}
    assert dsa(found["3"]) == shown
    assert dsa(found["4"]) == shown | withheld
    assert dsa(found["5"]) == shown | {"period": "empty"}
    assert found["3"]["shares_sum_to_one"] == "consistent"


def test_microsoft_ads_for_audiences_of_the_advertiser_rest_on_personal_data(told: Asked) -> None:
    one = told(microsoft(3, AdDetails=DETAILS), political=True)["3"]
    assert one["notice_targeting_groups"] == "categories_only"
    assert one["notice_targeting_logic"] == "not_exposed"
    assert one["notice_payer"] == "condition_unseen"


def test_of_tiktok_communications_only_their_own_point_of_the_dsa_is_asked(told: Asked) -> None:
    videos = [{"url": "https://t.example/1"}]
    contents = [
        {"id": "v1", "label": "Paid partnership", "brand_names": ["Gele Ballon"], "videos": videos},
        {"id": "v2", "label": "Paid partnership", "brand_names": [], "videos": []},
    ]
    answer = {"data": {"commercial_contents": contents, "has_more": False}, "error": {"code": "ok", "message": ""}}
    found = told(answer, political=True)
    assert dsa(found["v1"]) == {"commercial_communications": "disclosed"}
    assert dsa(found["v2"]) == {"commercial_communications": "empty"}
    assert found["v1"]["notice_sponsor_name"] == "name_only"
    assert found["v2"]["notice_sponsor_name"] == "field_asks_otherwise", "a creator need not promote a sponsor"
