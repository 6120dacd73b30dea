"""Microsoft Ad Library: hand-written answers and the exact records they become."""

from datetime import date
from typing import Any

import pytest

from adaudit.connectors.source import sources
from adaudit.errors import RefusalInput

from .pages import document, form_of, parse, record, records

AD: dict[str, Any] = {
    "AdId": 72000000000001,
    "AdvertiserName": "Lijst Regenboog",
    "AdvertiserId": 4290000001,
    "Title": "Meer brug",
    "Description": "Minder pont.",
    "DisplayUrl": "www.regenboog.example",
    "DestinationUrl": "https://www.regenboog.example/brug",
    "AssetJson": '[{"AssetType":"Image","AssetUrl":"https://beeld.example/1.jpg?w=2"}]',
}
DETAILS: dict[str, Any] = {
    "PaidForByName": "Bureau Regen B.V.",
    "StartDate": "2025-10-12",
    "EndDate": "2025-10-28",
    "TotalImpressionsRange": "2.5K - 5K",
    "ImpressionsByCountry": [
        {"Country": "Netherlands", "ImpressionShare": "90.1%"},
        {"Country": "14", "ImpressionShare": "9.9%"},
    ],
    "Targets": [
        {"TargetType": "Location", "UsedForExclusion": False},
        {"TargetType": "MicrosoftAudiences", "UsedForExclusion": True},
    ],
    "RejectionJson": None,
}


def listed(*ads: Any, **more: Any) -> bytes:
    return document({"@odata.context": "https://a.example/$metadata#Ads", "@odata.count": 1, "value": list(ads)} | more)


def single(**more: Any) -> bytes:
    return document({"@odata.context": "https://a.example/$metadata#Ads/$entity"} | AD | {"AdDetails": DETAILS | more})


def test_single_ad_with_everything() -> None:
    one = record(single())
    expected = {
        "source": "microsoft",
        "form": "ad_library",
        "kind": "ad",
        "record_id": "72000000000001",
        "ad_id": "72000000000001",
        "locator": "/",
        "account_id": "4290000001",
        "account_name": "Lijst Regenboog",
        "sponsor_name": "Lijst Regenboog",
        "beneficiary_name": "Lijst Regenboog",
        "payer_name": "Bureau Regen B.V.",
        "delivered_from": date(2025, 10, 12),
        "delivered_until": date(2025, 10, 28),
        "views_low": 2500,
        "views_high": 5000,
        "people_reached_low": None,
        "countries": ["BE", "NL"],
        "titles": ["Meer brug"],
        "texts": ["Minder pont."],
        "link_urls": ["https://www.regenboog.example/brug", "www.regenboog.example"],
        "creative_urls": ["https://beeld.example/1.jpg?w=2"],
        "content_shown": True,
        "custom_audience": False,
        "targeting_personal_data": None,
        "removed": False,
        "political_basis": None,
        "amount_ad_low": None,
        "unparsed": None,
    }
    assert {key: one[key] for key in expected} == expected
    assert one["shares_sum"] == pytest.approx(1)
    assert one["audience_breakdown"] == [{"group": "NL", "share": 0.901}, {"group": "BE", "share": 0.099}]
    shown = [(part["country"], part["aggregate"], part["views_low"]) for part in one["delivery"]]
    assert shown == [("NL", False, None), ("BE", False, None)]


@pytest.mark.parametrize("rows", [[], None])
def test_impressions_without_shares_by_country_are_those_of_the_whole_area(rows: list[Any] | None) -> None:
    one = record(single(ImpressionsByCountry=rows))
    shown = [(part["country"], part["aggregate"], part["views_low"], part["views_high"]) for part in one["delivery"]]
    assert shown == [("EEA", True, 2500, 5000)]
    assert one["countries"] is None


def test_type_of_targeting_that_is_also_used_for_exclusion_stands_twice() -> None:
    found = record(single())["targeting_parameters"]
    assert [(part["dimension"], part["value"], part["excluded"]) for part in found] == [
        ("Location", None, False),
        ("MicrosoftAudiences", None, False),
        ("MicrosoftAudiences", None, True),
    ]


@pytest.mark.parametrize("key", ["Targets", "TargetTypes"])
@pytest.mark.parametrize("kind", ["AdvertiserAudiences", "25", 25])
def test_audiences_of_the_advertiser_are_personal_data(key: str, kind: str | int) -> None:
    more: dict[str, Any] = {"Targets": None, key: [{"TargetType": kind, "UsedForExclusion": False}]}
    one = record(single(**more))
    assert one["targeting_parameters"][0]["dimension"] == "AdvertiserAudiences"
    assert (one["custom_audience"], one["targeting_personal_data"]) == (True, True)


def test_ads_of_a_list_prove_nothing_about_what_stands_in_single_answers() -> None:
    parsed = parse(listed(AD, AD | {"AdId": 2, "AdDetails": DETAILS}, AD | {"AdId": 3, "AdDetails": None}))
    without, there, nothing = (parsed.layouts[i] for i in parsed.frame["layout"])
    assert "AdDetails.StartDate" in there
    assert not any(name.startswith("AdDetails") for name in without | nothing)
    assert parsed.frame["locator"].to_list() == ["/value/0", "/value/1", "/value/2"]
    assert parsed.frame["targeting_parameters_count"].to_list() == [None, 2 + 1, None]


@pytest.mark.parametrize(
    ("text", "low", "high", "unread"),
    [
        ("<1K", 0, 1000, []),
        ("1K-2.5K", 1000, 2500, []),
        (" 1M - 2.5M ", 1_000_000, 2_500_000, []),
        ("5M+", 5_000_000, None, []),
        (">5M", 5_000_000, None, []),
        ("a few", None, None, ["views_high", "views_low"]),
        ("", None, None, []),
        (None, None, None, []),
    ],
)
def test_ranges_of_impressions(text: str | None, low: int | None, high: int | None, unread: list[str]) -> None:
    one = record(single(TotalImpressionsRange=text))
    assert (one["views_low"], one["views_high"]) == (low, high)
    assert sorted(part["column"] for part in one["unparsed"] or []) == unread


def test_country_that_is_not_known_is_kept_as_shown() -> None:
    rows = [{"Country": "Atlantis", "ImpressionShare": "100%"}]
    one = record(single(ImpressionsByCountry=rows))
    assert one["countries"] is None
    assert one["unparsed"] == [{"column": "countries", "text": "Atlantis"}]
    assert one["audience_breakdown"] == [{"group": "Atlantis", "share": 1.0}]


def test_share_that_cannot_be_read_leaves_the_sum_open() -> None:
    rows = [{"Country": "Malta", "ImpressionShare": "most"}, {"Country": "Italy", "ImpressionShare": "1.5"}]
    one = record(single(ImpressionsByCountry=rows))
    assert one["shares_sum"] is None
    assert one["unparsed"] == [{"column": "shares_sum", "text": "most, 1.5"}]
    assert one["countries"] == ["IT", "MT"]


def test_every_documented_country_number_is_a_country_of_the_economic_area() -> None:
    found = sources()["microsoft"].lookups["country_number"]
    assert len(found) == 30
    assert len(set(found.values())) == 30
    rows = [{"Country": number, "ImpressionShare": "1%"} for number in found]
    assert record(single(ImpressionsByCountry=rows))["countries"] == sorted(found.values())


def test_restricted_ad_gives_its_reason() -> None:
    one = record(single(RestrictionReason="Misleading"))
    assert (one["removed"], one["removal_reason"]) == (True, "Misleading")


def test_payer_is_named_only_where_it_is_another() -> None:
    assert record(single(PaidForByName=None))["payer_name"] is None


def test_day_that_is_no_day_is_kept_as_text() -> None:
    one = record(single(StartDate="12 October"))
    assert one["unparsed"] == [{"column": "delivered_from", "text": "12 October"}]


def test_ids_beyond_the_safe_integers_keep_their_digits() -> None:
    assert records(listed(AD | {"AdId": 9007199254740993}))[0]["record_id"] == "9007199254740993"


def test_ad_of_another_shape_is_rejected_and_the_others_are_read() -> None:
    parsed = parse(listed(AD | {"AdId": 2, "AdDetails": [1]}, AD))
    assert parsed.frame["record_id"].to_list() == ["72000000000001"]
    assert [one.place for one in parsed.rejected] == ["/value/0"]


def test_ad_without_text_shows_no_content() -> None:
    assert record(listed(AD | {"Title": "", "Description": None, "AssetJson": ""}))["content_shown"] is None


def test_context_of_a_single_answer_is_no_new_field() -> None:
    assert parse(single()).new_fields == ()
    assert parse(listed(AD | {"Sponsor": "x"})).new_fields == ("Sponsor",)


def test_answer_without_ads_is_recognised_and_gives_no_record() -> None:
    assert form_of(listed()) == ("microsoft", "ad_library")
    assert parse(listed()).frame.height == 0


def test_list_of_advertisers_holds_no_ads() -> None:
    one = {"AdvertiserId": 1, "AdvertiserName": "Regen", "AdvertiserCountry": "Malta", "IsVerified": True}
    for data in (listed(one), document({"@odata.context": "x"} | one)):
        assert form_of(data) == ("microsoft", "advertisers")
        assert parse(data).frame.height == 0


def test_error_answer_is_refused_in_words() -> None:
    refusal = {"error": {"code": "400", "message": "The limit of '24' for Top query has been exceeded."}}
    with pytest.raises(RefusalInput, match="code 400, The limit of '24'"):
        parse(document(refusal))
