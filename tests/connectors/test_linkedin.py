"""LinkedIn Ad Library: hand-written answers and the exact records they become."""

from datetime import date
from typing import Any

import pytest

from adaudit.connectors import Parsed
from adaudit.errors import RefusalInput

from .pages import document, form_of, parse, record, records

STATISTICS: dict[str, Any] = {
    "firstImpressionAt": 1760047200000,
    "latestImpressionAt": 1761523199999,
    "totalImpressions": {"from": 5000, "to": 10000},
    "impressionsDistributionByCountry": [
        {"country": "urn:li:country:NL", "impressionPercentage": 91.54},
        {"country": "urn:li:country:de", "impressionPercentage": 3},
    ],
}
TARGETING: list[dict[str, Any]] = [
    {
        "facetName": "Location",
        "isIncluded": True,
        "isExcluded": True,
        "includedSegments": ["Netherlands", "Flanders"],
        "excludedSegments": ["Zeeland"],
    },
    {"facetName": "Job", "isIncluded": True, "isExcluded": True, "includedSegments": [], "excludedSegments": []},
    {"facetName": "Company", "isIncluded": False, "isExcluded": True, "includedSegments": [], "excludedSegments": []},
]
ADVERTISER = {
    "advertiserName": "Lijst Regenboog",
    "advertiserUrl": "https://www.linkedin.com/company/10000001",
    "adPayer": "Bureau Regen B.V.",
}


def ad(number: int = 1400000001, **more: Any) -> dict[str, Any]:
    """One element; a detail that is None is left out."""
    details = {
        "type": "SPONSORED_VIDEO",
        "advertiser": ADVERTISER,
        "adStatistics": STATISTICS,
        "adTargeting": TARGETING,
    } | {key: value for key, value in more.items() if key != "isRestricted"}
    return {
        "adUrl": f"https://www.linkedin.com/ad-library/detail/{number}",
        "isRestricted": more.get("isRestricted", False),
        "details": {key: value for key, value in details.items() if value is not None},
    }


def answer(*ads: Any) -> bytes:
    return document({"elements": list(ads), "paging": {"start": 0, "count": 25, "total": len(ads), "links": []}})


def statistics(**more: Any) -> dict[str, Any]:
    return {key: value for key, value in (STATISTICS | more).items() if value is not None}


def carried_by(parsed: Parsed) -> list[frozenset[str]]:
    return [parsed.layouts[i] for i in parsed.frame["layout"]]


def test_ad_with_everything() -> None:
    one = record(answer(ad()))
    expected = {
        "source": "linkedin",
        "form": "ad_library",
        "kind": "ad",
        "record_id": "1400000001",
        "ad_id": "1400000001",
        "url": "https://www.linkedin.com/ad-library/detail/1400000001",
        "locator": "/elements/0",
        "delivered_from": date(2025, 10, 9),
        "delivered_until": date(2025, 10, 26),
        "sponsor_name": "Lijst Regenboog",
        "beneficiary_name": "Lijst Regenboog",
        "payer_name": "Bureau Regen B.V.",
        "account_id": "10000001",
        "account_name": "Lijst Regenboog",
        "views_low": 5000,
        "views_high": 10_000,
        "people_reached_low": None,
        "countries": ["DE", "NL"],
        "locations": ["Netherlands", "Flanders"],
        "media_kind": ["SPONSORED_VIDEO"],
        "content_shown": True,
        "texts": None,
        "removed": False,
        "political_basis": None,
        "targeting_personal_data": None,
        "age_restricted": None,
        "amount_ad_low": None,
        "unparsed": None,
    }
    assert {key: one[key] for key in expected} == expected


def test_segments_are_parameters_and_a_facet_without_segments_is_one_without_a_value() -> None:
    one = record(answer(ad()))
    found = [(part["dimension"], part["value"], part["excluded"]) for part in one["targeting_parameters"]]
    assert found == [
        ("Location", "Netherlands", False),
        ("Location", "Flanders", False),
        ("Location", "Zeeland", True),
        ("Job", None, False),
        ("Job", None, True),
        ("Company", None, True),
    ]
    assert one["targeting_parameters_count"] == 6


def test_shares_of_countries_are_kept_and_never_made_into_impressions_or_added_up() -> None:
    one = record(answer(ad()))
    assert one["audience_breakdown"] == [{"group": "NL", "share": 0.9154}, {"group": "DE", "share": 0.03}]
    assert one["shares_sum"] is None, "shares of all impressions list the countries of the Union alone"
    shown = [(part["country"], part["views_low"], part["views_high"]) for part in one["delivery"]]
    assert shown == [("NL", None, None), ("DE", None, None)]


def test_without_statistics_nothing_was_there_to_be_filled() -> None:
    parsed = parse(answer(ad(adStatistics=None, adTargeting=[]), ad(2)))
    outside, inside = carried_by(parsed)
    assert not any(name.startswith(("details.adStatistics", "details.adTargeting")) for name in outside)
    assert {"details.adStatistics.firstImpressionAt", "details.adTargeting"} <= inside
    assert "details.advertiser.advertiserName" in outside
    first = parsed.frame.row(0, named=True)
    assert (first["countries"], first["targeting_parameters_count"], first["delivery"]) == (None, None, None)


def test_ad_in_the_union_without_facets_shows_that_none_was_used() -> None:
    one = record(answer(ad(adTargeting=[])))
    assert (one["targeting_parameters"], one["targeting_parameters_count"]) == (None, 0)


def test_impressions_without_shares_by_country() -> None:
    one = record(answer(ad(adStatistics=statistics(impressionsDistributionByCountry=[]))))
    assert (one["countries"], one["audience_breakdown"]) == (None, None)
    shown = [(part["country"], part["views_low"], part["views_high"]) for part in one["delivery"]]
    assert shown == [(None, 5000, 10_000)], "the impressions of no country in particular"


def test_highest_range_has_no_upper_end() -> None:
    one = record(answer(ad(adStatistics=statistics(totalImpressions={"from": 1_000_000}))))
    assert (one["views_low"], one["views_high"], one["unparsed"]) == (1_000_000, None, None)


@pytest.mark.parametrize("moment", ["1760047200", "9 October 2025", "1760047200000000", "-1"])
def test_moment_that_is_no_count_of_milliseconds_is_kept_as_text(moment: str) -> None:
    one = record(answer(ad(adStatistics=statistics(firstImpressionAt=moment))))
    assert one["delivered_from"] is None
    assert one["unparsed"] == [{"column": "delivered_from", "text": moment}]


def test_restricted_ad_is_removed_and_no_reason_is_made_up() -> None:
    one = record(answer(ad(isRestricted=True, advertiser=None, adStatistics=None, adTargeting=None)))
    assert (one["removed"], one["removal_reason"], one["sponsor_name"]) == (True, None, None)


def test_ad_without_payer() -> None:
    advertiser = {key: value for key, value in ADVERTISER.items() if key != "adPayer"}
    one = record(answer(ad(advertiser=advertiser | {"advertiserUrl": "https://www.linkedin.com/in/kandidaat-4"})))
    assert (one["payer_name"], one["account_id"]) == (None, "kandidaat-4")


def test_country_in_another_form_is_kept_as_shown_and_counts_as_none() -> None:
    odd = [{"country": "urn:li:geo:102890719", "impressionPercentage": 100}]
    one = record(answer(ad(adStatistics=statistics(impressionsDistributionByCountry=odd))))
    assert one["countries"] is None
    assert one["unparsed"] == [{"column": "countries", "text": "urn:li:geo:102890719"}]
    assert one["audience_breakdown"] == [{"group": "urn:li:geo:102890719", "share": 1.0}]


def test_ad_of_another_shape_is_rejected_and_the_others_are_read() -> None:
    parsed = parse(answer(ad(adTargeting={"Location": "Netherlands"}), ad(2)))
    assert parsed.frame["record_id"].to_list() == ["2"]
    (one,) = parsed.rejected
    assert one.place == "/elements/0"
    assert "details" in one.reason


def test_ad_without_address_is_rejected() -> None:
    parsed = parse(answer(ad() | {"adUrl": " "}, ad(2)))
    assert [(one.place, one.reason) for one in parsed.rejected] == [("/elements/0", "no identifier")]


def test_pages_that_a_client_gathered_in_one_array() -> None:
    assert [one["locator"] for one in records(document([ad(1), ad(2)]))] == ["/0", "/1"]


def test_answer_without_ads_is_recognised_and_gives_no_record() -> None:
    assert form_of(answer()) == ("linkedin", "ad_library")
    assert parse(answer()).frame.height == 0


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "EXPIRED_ACCESS_TOKEN"), (426, "NONEXISTENT_VERSION"), (400, "QUERY_PARAM_NOT_ALLOWED")],
)
def test_error_answer_is_refused_in_words(status: int, code: str) -> None:
    refusal = {"status": status, "serviceErrorCode": 65602, "code": code, "message": "Nothing for you"}
    with pytest.raises(RefusalInput, match=f"code {code}, Nothing for you"):
        parse(document(refusal))
