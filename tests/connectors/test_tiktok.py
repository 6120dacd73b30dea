"""TikTok Commercial Content: hand-written answers and the exact records they become."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaudit.connectors.rounded import count_of
from adaudit.errors import UnrecognisedInput

from .pages import document, form_of, parse, record, records, tiktok_ad, tiktok_query

AGES = {"13-17": False, "18-24": True, "25-34": True, "35-44": True, "45-54": True, "55+": True}
TARGETING: dict[str, Any] = {
    "number_of_users_targeted": "531K-649K",
    "country": ["NL", "FR"],
    "age": AGES,
    "gender": {"female": True, "male": True, "other_genders": False},
    "audience_targeting": "Yes",
    "interest": "Nature",
    "video_interactions": "",
    "creator_interactions": "No",
}


def detail(targeting: dict[str, Any] | None = None, **more: Any) -> bytes:
    """One answer of ad/detail."""
    one = tiktok_ad(**more)
    one["advertiser"] = {
        "business_id": 7516840829759441551,
        "business_name": "ballon",
        "paid_for_by": "Gele Ballon BV",
        "country_code": "NL",
    }
    one["ad_group"] = {"targeting_info": TARGETING if targeting is None else targeting}
    ok = {"code": "ok", "http_status_code": 200, "log_id": "1", "message": ""}
    return document({"data": one, "error": ok})


def test_answer_of_ad_detail() -> None:
    reach = {"unique_users_seen": "10K-100K", "unique_users_seen_by_country": {"NL": "11K", "DE": "1.5M"}}
    videos = [{"url": "https://v.example/1", "cover_image_url": "https://c.example/1"}]
    one = record(detail(reach=reach, videos=videos, image_urls=["https://i.example/2"], title="Blijf hangen"))
    expected = {
        "source": "tiktok",
        "form": "ad_detail",
        "record_id": "7300000000000000001",
        "ad_id": "7300000000000000001",
        "locator": "/data",
        "delivered_from": date(2025, 9, 1),
        "delivered_until": date(2025, 9, 10),
        "sponsor_name": "Gele Ballon BV",
        "payer_name": "Gele Ballon BV",
        "account_id": "7516840829759441551",
        "account_name": "ballon",
        "people_reached_low": 10_000,
        "people_reached_high": 100_000,
        "audience_size_low": 531_000,
        "audience_size_high": 649_000,
        "countries": ["DE", "FR", "NL"],
        "delivery_reach_low": 1_511_000,
        "age_min": 18,
        "age_restricted": True,
        "custom_audience": True,
        "targeting_personal_data": True,
        "locations": ["NL", "FR"],
        "creative_urls": ["https://v.example/1", "https://i.example/2"],
        "titles": ["Blijf hangen"],
        "content_shown": True,
        "removed": False,
        "political_basis": None,
        "amount_ad_low": None,
        "unparsed": None,
    }
    assert {key: one[key] for key in expected} == expected
    shown = {(part["dimension"], part["value"]): part["excluded"] for part in one["targeting_parameters"]}
    assert shown["age", "13-17"] is True
    assert shown["age", "18-24"] is False
    assert shown["gender", "other_genders"] is True
    assert shown["custom audience", "Yes"] is False
    assert shown["interest", "Nature"] is False
    assert not {"video interactions", "creator interactions"} & {dimension for dimension, _ in shown}


def test_answer_of_ad_query_shows_no_targeting() -> None:
    parsed = parse(tiktok_query(tiktok_ad(), tiktok_ad(7300000000000000002)))
    assert parsed.frame["form"].unique().to_list() == ["commercial_content"]
    assert parsed.frame["locator"].to_list() == ["/data/ads/0", "/data/ads/1"]
    assert parsed.frame["targeting_parameters_count"].to_list() == [None, None]
    assert parsed.frame["age_restricted"].to_list() == [None, None]
    carried = [parsed.layouts[i] for i in parsed.frame["layout"]]
    assert not any(name.startswith("ad_group") for names in carried for name in names)


def test_only_ads_with_a_group_prove_that_targeting_was_there_to_be_filled() -> None:
    with_group = tiktok_ad() | {"ad_group": {"targeting_info": TARGETING}}
    parsed = parse(tiktok_query(tiktok_ad(1), with_group))
    without, there = (parsed.layouts[i] for i in parsed.frame["layout"])
    assert "ad_group.targeting_info" in there
    assert "ad_group.targeting_info" not in without
    assert parsed.frame["age_min"].to_list() == [None, 18]


def test_ids_beyond_the_safe_integers_keep_their_digits() -> None:
    ids = [9007199254740993, 9007199254740992, 18446744073709551615]
    assert [one["record_id"] for one in records(tiktok_query(*map(tiktok_ad, ids)))] == [str(one) for one in ids]


def test_dates_may_be_numbers() -> None:
    one = record(tiktok_query(tiktok_ad(first_shown_date=20250901)))
    assert one["delivered_from"] == date(2025, 9, 1)


@pytest.mark.parametrize(
    ("ages", "youngest", "restricted"),
    [
        (AGES, 18, True),
        (dict.fromkeys(AGES, True), 13, False),
        (dict.fromkeys(AGES, False) | {"55+": True}, 55, True),
        ({}, None, None),
    ],
)
def test_youngest_age_admitted(ages: dict[str, bool], youngest: int | None, *, restricted: bool | None) -> None:
    one = record(detail(TARGETING | {"age": ages}))
    assert (one["age_min"], one["age_restricted"]) == (youngest, restricted)


def test_removed_ad_is_told_by_its_statement() -> None:
    statement = "Removed from TikTok due to a violation of TikTok's terms"
    one = record(tiktok_query(tiktok_ad(status_statement=statement)))
    assert (one["removed"], one["removal_reason"]) == (True, statement)


def test_removed_ad_is_told_by_its_rejection() -> None:
    one = record(detail(rejection_info={"reasons": ["Politics", "Spam"], "affected_countries": ["NL"]}))
    assert (one["removed"], one["removal_reason"]) == (True, "Politics; Spam")


def test_statement_that_says_nothing_removes_nothing() -> None:
    one = record(tiktok_query(tiktok_ad(status_statement="N/A")))
    assert (one["removed"], one["removal_reason"]) == (False, None)


def test_reach_that_is_no_bucket_is_kept_as_text() -> None:
    one = record(tiktok_query(tiktok_ad(reach={"unique_users_seen": "a lot"})))
    assert one["people_reached_low"] is None
    assert {"column": "people_reached_low", "text": "a lot"} in one["unparsed"]


def test_both_answers_are_told_apart() -> None:
    assert form_of(tiktok_query(tiktok_ad())) == ("tiktok", "commercial_content")
    assert form_of(detail()) == ("tiktok", "ad_detail")


def counted(text: str | None) -> int | None:
    found: int | None = pl.DataFrame({"t": [text]}, schema={"t": pl.String}).select(count_of(pl.col("t"))).item()
    return found


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("900", 900), ("1K", 1000), ("47k", 47_000), ("1.5M", 1_500_000), (" 2B ", 2_000_000_000)],
)
def test_rounded_counts(text: str, number: int) -> None:
    assert counted(text) == number


@pytest.mark.parametrize("text", ["", "K", "1.K", "1,5K", "-1", "1K-2K", "1KK", "many", None])
def test_anything_else_is_no_count(text: str | None) -> None:
    assert counted(text) is None


@given(st.integers(0, 9999), st.integers(0, 9), st.sampled_from(["", "K", "M", "B"]))
def test_count_with_one_decimal_is_exact(whole: int, tenth: int, suffix: str) -> None:
    factor = {"": 1, "K": 10**3, "M": 10**6, "B": 10**9}[suffix]
    if suffix:
        assert counted(f"{whole}.{tenth}{suffix}") == whole * factor + tenth * factor // 10
    else:
        assert counted(str(whole)) == whole


# What holds no ads


def communications(*found: dict[str, Any]) -> bytes:
    """One answer of commercial_content/query."""
    ok = {"code": "ok", "http_status_code": 200, "log_id": "1", "message": ""}
    return document({"data": {"commercial_contents": list(found), "has_more": "true", "search_id": "7"}, "error": ok})


COMMUNICATION: dict[str, Any] = {
    "id": "v09044g40000abcdefghij0123456789",
    "create_date": "20251012",
    "create_timestamp": 1760266800,
    "label": "Paid partnership",
    "brand_names": ["Gele Ballon BV", "Rode Step"],
    "creator": {"username": "ballonman"},
    "videos": [{"url": "https://t.example/@ballonman/video/1", "cover_image_url": "https://c.example/1"}],
}


def test_commercial_communication() -> None:
    one = record(communications(COMMUNICATION))
    expected = {
        "form": "commercial_communications",
        "kind": "ad",
        "record_id": "v09044g40000abcdefghij0123456789",
        "locator": "/data/commercial_contents/0",
        "published_at": datetime(2025, 10, 12, 11, 0, tzinfo=UTC),
        "account_name": "ballonman",
        "sponsor_name": "Gele Ballon BV; Rode Step",
        "payer_name": None,
        "disclaimer": "Paid partnership",
        "creative_urls": ["https://t.example/@ballonman/video/1"],
        "content_shown": True,
        "commercial_communication": True,
        "delivered_from": None,
        "countries": None,
        "political_basis": None,
        "removed": False,
        "unparsed": None,
    }
    assert {key: one[key] for key in expected} == expected
    assert [(part["role"], part["name"]) for part in one["parties"]] == [
        ("brand", "Gele Ballon BV"),
        ("brand", "Rode Step"),
    ]


def test_commercial_communication_without_brand_or_video() -> None:
    one = record(communications(COMMUNICATION | {"brand_names": ["", None], "videos": []}))
    assert (one["sponsor_name"], one["parties"], one["creative_urls"], one["content_shown"]) == (None, None, None, None)


@pytest.mark.parametrize(
    ("more", "moment", "unread"),
    [
        ({"create_timestamp": None}, datetime(2025, 10, 12, tzinfo=UTC), None),
        ({"create_timestamp": None, "create_date": 20251012}, datetime(2025, 10, 12, tzinfo=UTC), None),
        ({"create_timestamp": "soon"}, datetime(2025, 10, 12, tzinfo=UTC), None),
        ({"create_timestamp": "soon", "create_date": "12/10"}, None, "soon"),
    ],
)
def test_moment_of_creation(more: dict[str, Any], moment: datetime | None, unread: str | None) -> None:
    one = record(communications(COMMUNICATION | more))
    assert one["published_at"] == moment
    assert one["unparsed"] == (unread and [{"column": "published_at", "text": unread}])


def test_numeric_id_of_a_communication_keeps_its_digits() -> None:
    one = record(communications(COMMUNICATION | {"id": 7400000000000000001}))
    assert one["record_id"] == "7400000000000000001"


OK = {"code": "ok", "http_status_code": 200, "log_id": "1", "message": ""}
ADVERTISERS = {"advertisers": [{"business_id": 7200000000000000003, "business_name": "Gele Ballon"}]}
REPORT: dict[str, Any] = {"count_time_series_by_country": {"NL": [{"date": "20251012", "count": 5}], "BE": []}}


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (ADVERTISERS, "advertisers"),
        ({"advertisers": []}, "advertisers"),
        (REPORT, "ad_report"),
        ({"count_time_series_by_country": {}}, "ad_report"),
    ],
)
def test_answers_that_disclose_no_ad_are_recognised_and_never_counted(data: dict[str, Any], form: str) -> None:
    page = document({"data": data, "error": OK})
    assert form_of(page) == ("tiktok", form)
    assert parse(page).frame.height == 0


def test_report_with_another_key_is_not_taken_for_one() -> None:
    with pytest.raises(UnrecognisedInput):
        form_of(document({"data": REPORT | {"spend": 5}, "error": OK}))


@pytest.mark.parametrize("form", ["commercial_content", "commercial_communications"])
def test_empty_answers_are_told_by_where_their_records_would_stand(form: str) -> None:
    page = communications() if form == "commercial_communications" else tiktok_query()
    assert form_of(page) == ("tiktok", form)
    assert parse(page).frame.height == 0
