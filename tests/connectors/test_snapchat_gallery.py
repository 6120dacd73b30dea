"""Answers of Snapchat's Ads Gallery: hand-written ones and the exact records they become."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from adaudit.audit.intake import take_in
from adaudit.audit.options import Options
from adaudit.errors import RefusalInput

from .pages import document, form_of, parse, record, records


def preview(**more: object) -> dict[str, object]:
    one: dict[str, object] = {
        "id": "5f0c0d1e-0000-4000-8000-000000000001",
        "name": "autumn",
        "ad_account_name": "Bureau Lichtblauw",
        "status": "ACTIVE",
        "languages": ["nl"],
        "headline": "Verse kaas van de maan",
        "top_snap_media_type": "VIDEO",
        "top_snap_media_download_link": "https://media.snap.example/1",
        "start_date": "2025-10-12T08:00:00.000Z",
        "end_date": "2025-11-01T22:59:59.000Z",
        "impressions_total": 1234,
        "impressions_map": {"nl": 1000, "el": 234, "tr": 0},
        "targeting_v2": targeting({"min_age": "18", "max_age": "35", "age_groups": [], "languages": ["nl"]}),
        "paying_advertiser_name": "Kaasatelier Maanlicht",
        "brand_name": "Maanlicht",
        "profile_name": "maanlicht.kaas",
        "web_view_properties": {"url": "https://kaasmaanlicht.example"},
        "review_status": "APPROVED",
        "rejection_reasons": [],
        "stickers": [],
    }
    return {key: value for key, value in (one | more).items() if value is not None}


def targeting(*demographics: dict[str, object], **more: object) -> dict[str, object]:
    return {"regulated_content": False, "demographics": list(demographics), "devices": [{"os_type": "IOS"}]} | more


def answer(*previews: object, status: str = "SUCCESS", **more: object) -> bytes:
    rows = [{"sub_request_status": "SUCCESS", "ad_preview": one} for one in previews]
    return document({"request_status": status, "request_id": "r1", "ad_previews": rows, **more})


def test_ad() -> None:
    one = record(
        answer(preview(), paging={"next_link": "https://adsapi.snapchat.com/v1/ads_library/ads/search?cursor=x"})
    )
    expected = {
        "source": "snapchat",
        "form": "ads_gallery",
        "kind": "ad",
        "record_id": "5f0c0d1e-0000-4000-8000-000000000001",
        "locator": "/ad_previews/0",
        "delivered_from": date(2025, 10, 12),
        "delivered_until": date(2025, 11, 1),
        "intended_from": None,
        "payer_name": "Kaasatelier Maanlicht",
        "beneficiary_name": "Maanlicht",
        "sponsor_name": "Maanlicht",
        "account_name": "maanlicht.kaas",
        "views_low": 1234,
        "views_high": 1234,
        "countries": ["GR", "NL"],
        "delivery_count": 3,
        "people_reached_low": None,
        "amount_ad_low": None,
        "titles": ["Verse kaas van de maan"],
        "creative_urls": ["https://media.snap.example/1"],
        "link_urls": ["https://kaasmaanlicht.example"],
        "content_shown": True,
        "media_kind": ["VIDEO"],
        "languages": ["nl"],
        "age_min": 18,
        "age_max": 35,
        "age_restricted": True,
        "age_open_side_unknown": False,
        "targeting_parameters_count": 3,
        "targeting_personal_data": None,
        "political_basis": None,
        "removed": False,
        "unparsed": None,
    }
    assert {key: one[key] for key in expected} == expected
    assert one["targeting_parameters"] == [
        {"dimension": "age", "value": "18-35", "excluded": False},
        {"dimension": "language", "value": "nl", "excluded": False},
        {"dimension": "operating system", "value": "IOS", "excluded": False},
    ]


def test_answer_on_one_ad_is_the_same_record() -> None:
    alone = record(document({"request_status": "SUCCESS", "request_id": "r1", "ad_preview": preview()}))
    listed = record(answer(preview()))
    assert alone["locator"] == "/"
    assert {**alone, "locator": ""} == {**listed, "locator": ""}


def test_rows_may_be_saved_as_an_array() -> None:
    rows = json.loads(answer(preview()))["ad_previews"]
    assert record(document(rows))["locator"] == "/0"


def test_without_a_brand_the_payer_stands_for_it_and_a_profile_never_does() -> None:
    one, other = records(answer(preview(brand_name=None), preview(id="2", brand_name=None, profile_name=None)))
    assert (one["beneficiary_name"], one["sponsor_name"], one["account_name"]) == (
        None,
        "Kaasatelier Maanlicht",
        "maanlicht.kaas",
    )
    assert other["account_name"] == "Bureau Lichtblauw"


def test_running_ad_has_no_end() -> None:
    assert record(answer(preview(end_date=None)))["delivered_until"] is None


def test_country_without_impressions_is_none_in_which_it_was_shown() -> None:
    one = record(answer(preview(impressions_map={"tr": 5, "de": 0})))
    assert one["countries"] == ["TR"]
    assert {(part["country"], part["views_low"]) for part in one["delivery"]} == {("TR", 5), ("DE", 0)}


def test_bad_figures_are_kept_as_text() -> None:
    one = record(answer(preview(impressions_total="1.2k", impressions_map={"nl": "some", "be": 3}, start_date="soon")))
    assert (one["views_low"], one["countries"], one["delivered_from"]) == (None, None, None)
    assert {(part["column"], part["text"]) for part in one["unparsed"]} == {
        ("views_low", "1.2k"),
        ("views_high", "1.2k"),
        ("countries", "nl: some"),
        ("delivered_from", "soon"),
    }


AGES: list[tuple[list[dict[str, object]], tuple[int | None, int | None, bool | None, bool]]] = [
    ([{"min_age": "21"}], (21, None, True, False)),
    ([{"age_groups": ["13-17", "18-24"]}], (13, 24, True, False)),
    ([{"age_groups": ["18-24", "35+"]}], (18, None, True, False)),
    ([{"min_age": "18", "max_age": "24"}, {"min_age": "35"}], (18, None, True, False)),
    ([{"min_age": "18"}, {"languages": ["nl"]}], (None, None, None, False)),
    ([{"min_age": "18", "operation": "INCLUDE"}, {"max_age": "30", "operation": "EXCLUDE"}], (18, None, True, True)),
    ([{"age_groups": ["grown-ups"]}], (None, None, None, True)),
    ([{"languages": ["nl"]}], (None, None, None, False)),
    ([], (None, None, None, False)),
]


@pytest.mark.parametrize(("demographics", "expected"), AGES)
def test_ages(
    demographics: list[dict[str, object]], expected: tuple[int | None, int | None, bool | None, bool]
) -> None:
    one, _ = records(answer(preview(targeting_v2=targeting(*demographics)), preview(id="2")))
    assert (one["age_min"], one["age_max"], one["age_restricted"], one["age_open_side_unknown"]) == expected
    assert one["unparsed"] is None


def test_age_that_is_none_is_kept_as_text() -> None:
    one = record(answer(preview(targeting_v2=targeting({"min_age": "adult", "max_age": "old"}))))
    assert (one["age_min"], one["age_max"], one["age_restricted"]) == (None, None, None)
    assert one["unparsed"] == [{"column": "age_min", "text": "adult"}, {"column": "age_max", "text": "old"}]


def test_targeting_that_is_not_shown_is_none() -> None:
    one, _ = records(answer(preview(targeting_v2=None), preview(id="2")))
    assert (one["targeting_parameters_count"], one["age_restricted"]) == (None, None)


def test_parts_that_are_not_documented_are_reported_and_not_read() -> None:
    parsed = parse(answer(preview(targeting_v2=targeting(geos=[{"country_code": "nl"}]), mood="calm")))
    assert parsed.new_fields == ("ad_preview.mood", "ad_preview.targeting_v2.geos")
    assert parse(answer(preview())).new_fields == ()


def test_rejected_ad_is_removed_with_its_reasons() -> None:
    one = record(answer(preview(review_status="REJECTED", rejection_reasons=["Misleading", "Landing page"])))
    assert (one["removed"], one["removal_reason"]) == (True, "Misleading; Landing page")


def test_row_that_failed_by_its_own_word_is_set_aside() -> None:
    body = json.loads(answer(preview()))
    body["ad_previews"].append({"sub_request_status": "ERROR"})
    parsed = parse(document(body))
    assert parsed.frame.height == 1
    (rejected,) = parsed.rejected
    assert (rejected.place, rejected.reason) == ("/ad_previews/1", "no ad, by the answer itself: ERROR")
    assert json.loads(rejected.raw) == {"sub_request_status": "ERROR"}


def test_answer_of_failed_rows_alone_is_recognised_and_each_is_set_aside() -> None:
    rows = [{"sub_request_status": "ERROR"}, "nothing", {"sub_request_status": "SUCCESS"}]
    parsed = parse(document({"request_status": "SUCCESS", "request_id": "r", "ad_previews": rows}))
    assert parsed.frame.height == 0
    assert {one.place for one in parsed.rejected} == {f"/ad_previews/{place}" for place in range(3)}


@pytest.mark.parametrize(
    "body",
    [
        {"request_status": "ERROR", "request_id": "r", "error_code": "E1009", "debug_message": "Too many requests"},
        {"request_status": "ERROR", "error_code": "E1009", "display_message": "Too many requests", "ad_previews": []},
    ],
)
def test_error_answer_is_refused_with_its_words(body: dict[str, object]) -> None:
    with pytest.raises(RefusalInput, match="E1009, Too many requests"):
        form_of(document(body))


def test_answer_without_ads_proves_nothing(tmp_path: Path) -> None:
    given, parts = tmp_path / "given.json", tmp_path / "parts"
    given.write_bytes(answer())
    parts.mkdir()
    assert form_of(answer()) == ("snapchat", "ads_gallery")
    (report,) = take_in([given], parts, Options(), lambda *_: None).reports
    assert (report.source, report.form, report.outcome) == ("snapchat", "ads_gallery", "no rows")
    assert "proves nothing" in " ".join(report.notices)


def test_sponsored_content_is_no_ad() -> None:
    shown = {"sponsor_name": "Maanlicht", "creator_name": "kaasmeisje", "content_url": "https://snap.example/1"}
    row = {"sub_request_status": "SUCCESS", "sponsored_content_preview": shown}
    page = document({"request_status": "SUCCESS", "request_id": "r", "ad_previews": [row]})
    assert form_of(page) == ("snapchat", "sponsored_content")
    assert parse(page).frame.height == 0


@pytest.mark.parametrize("text", ["=1+1", "<script>alert(1)</script>", "\u202etov ni\u202c", "NULL"])
def test_hostile_text_is_kept_as_it_stands(text: str) -> None:
    one: dict[str, Any] = record(answer(preview(headline=text, brand_name=text)))
    assert (one["titles"], one["sponsor_name"]) == ([text], text)


@pytest.mark.parametrize("broken", ["nl", ["nl"], 5])
def test_record_of_another_shape_is_set_aside(broken: object) -> None:
    parsed = parse(answer(preview(), preview(id="2", impressions_map=broken)))
    assert parsed.frame.height == 1
    assert [one.place for one in parsed.rejected] == ["/ad_previews/1"]
