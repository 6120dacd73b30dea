"""Exports of Google's Ads Transparency Center beside the CSV of creatives: JSON, and removed creatives."""

import json
from datetime import date
from typing import Any

import pytest

from adaudit.errors import UnreadableInput, UnrecognisedInput

from .pages import TRANSPARENCY_CENTER, document, form_of, parse, record, records, table

REMOVED = ["creative_page_url", "region_stats", "audience_selection_approach_info", "disapproval"]
USED, UNUSED = "CRITERIA_INCLUDED", "CRITERIA_UNUSED"
CRITERIA = ("demographic_info", "geo_location", "contextual_signals", "customer_lists", "topics_of_interest")
AUDIENCE = dict.fromkeys(CRITERIA, UNUSED) | {"geo_location": USED}
PAGE = "https://adstransparency.example/advertiser/AR0001/creative/CR0002"


def region(code: str, low: str, high: str) -> dict[str, object]:
    return {
        "region_code": code,
        "first_shown": "2024-03-01",
        "last_shown": "2024-03-20",
        "times_shown_lower_bound": low,
        "times_shown_upper_bound": high,
        "surface_serving_stats": {"surface_serving_stats": [{"surface": "YOUTUBE", "times_shown_lower_bound": low}]},
    }


REGIONS = [region("NL", "1000", "2000"), region("BE", "0", "1000"), region("EEA", "1000", "2500")]


def creative(**more: object) -> dict[str, object]:
    one: dict[str, object] = {
        "advertiser_id": "AR0001",
        "creative_id": "CR0002",
        "creative_page_url": PAGE,
        "ad_format_type": "IMAGE",
        "advertiser_disclosed_name": "Brug",
        "advertiser_legal_name": "Stichting Brug",
        "advertiser_location": "NL",
        "advertiser_verification_status": "VERIFIED",
        "topic": "Political",
        "region_stats": REGIONS,
        "audience_selection_approach_info": AUDIENCE,
    }
    return one | more


def reason(**more: object) -> dict[str, object]:
    one: dict[str, object] = {
        "removal_reason": "POLICY",
        "violation_category": "MISREPRESENTATION",
        "use_of_automated_means": True,
        "removal_location": "GLOBAL",
        "decision_type": "REMOVAL",
    }
    return one | more


def removed(*reasons: dict[str, object], page: str = PAGE) -> dict[str, object]:
    return {
        "creative_page_url": page,
        "region_stats": REGIONS,
        "audience_selection_approach_info": AUDIENCE,
        "disapproval": list(reasons),
    }


def as_csv(*rows: dict[str, Any], header: list[str]) -> bytes:
    """The rows with nested values as JSON inside cells, each under its own name, as BigQuery writes them."""
    found = []
    for row in rows:
        nested = {key: json.dumps({key: value}) for key, value in row.items() if not isinstance(value, str)}
        found.append([str({**row, **nested}.get(name, "")) for name in header])
    return table(header, *found)


def without_place(one: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in one.items() if key not in {"form", "locator"}}


def test_json_and_csv_of_one_creative_are_one_record() -> None:
    of_json = record(document([creative()]))
    assert (of_json["form"], of_json["locator"]) == ("transparency_center_json", "/0")
    of_csv = record(as_csv(creative(), header=TRANSPARENCY_CENTER))
    assert of_csv["form"] == "transparency_center"
    assert without_place(of_json) == without_place(of_csv)
    assert (of_json["record_id"], of_json["sponsor_name"], of_json["countries"]) == (
        "CR0002",
        "Stichting Brug",
        ["BE", "NL"],
    )


def test_total_of_the_area_is_never_added_to_its_countries() -> None:
    one = record(document([creative()]))
    assert (one["views_low"], one["views_high"]) == (1000, 2500)
    assert [(part["country"], part["aggregate"]) for part in one["delivery"]] == [
        ("NL", False),
        ("BE", False),
        ("EEA", True),
    ]


def test_what_is_null_is_left_out_of_the_json() -> None:
    bare = {key: value for key, value in creative().items() if key in {"advertiser_id", "creative_id", "topic"}}
    first, second = records(document([creative(), bare]))
    assert (second["record_id"], second["delivery"], second["sponsor_name"]) == ("CR0002", None, None)
    assert first["delivery_count"] == 3


def test_only_the_topic_political_says_that_an_ad_is_political() -> None:
    topics = ("Political", "Law & Government", None)
    found = records(document([creative(topic=topic) for topic in topics]))
    assert [one["political_basis"] for one in found] == ["declared", None, None]


def test_numbers_may_stand_as_numbers() -> None:
    one = record(document([creative(region_stats=[region("NL", 1000, 2000)])]))  # type: ignore[arg-type]
    assert (one["views_low"], one["views_high"]) == (1000, 2000)


@pytest.mark.parametrize("broken", ["NL", [1, 2], {"region_code": "NL"}])
def test_record_of_another_shape_is_set_aside_with_its_text(broken: object) -> None:
    parsed = parse(document([creative(), creative(creative_id="CR9", region_stats=broken)]))
    assert parsed.frame["record_id"].to_list() == ["CR0002"]
    (rejected,) = parsed.rejected
    assert rejected.place == "/1"
    assert json.loads(rejected.raw)["creative_id"] == "CR9"


def test_hostile_text_is_kept_as_it_stands() -> None:
    name = "<script>alert('brug')</script>\u202e"
    assert record(document([creative(advertiser_legal_name=name)]))["sponsor_name"] == name


def test_payer_is_read_where_an_export_shows_one() -> None:
    assert record(document([creative(ad_funded_by="Vereniging Pont")]))["payer_name"] == "Vereniging Pont"


# Removed creatives


@pytest.mark.parametrize("form", ["removed_creatives", "removed_creatives_json"])
def test_removed_creative(form: str) -> None:
    row = removed(
        reason(), reason(violation_category="TRADEMARKS", use_of_automated_means=False, removal_location="DE")
    )
    page = as_csv(row, header=REMOVED) if form == "removed_creatives" else document([row])
    one = record(page)
    expected = {
        "form": form,
        "kind": "ad",
        "record_id": "CR0002",
        "account_id": "AR0001",
        "url": PAGE,
        "removed": True,
        "removal_reason": "POLICY, MISREPRESENTATION, REMOVAL, removed in GLOBAL, found by automated means; "
        "POLICY, TRADEMARKS, REMOVAL, removed in DE",
        "sponsor_name": None,
        "payer_name": None,
        "political_basis": None,
        "countries": ["BE", "NL"],
        "delivered_from": date(2024, 3, 1),
        "views_high": 2500,
        "targeting_parameters_count": 1,
        "content_shown": None,
    }
    assert {key: one[key] for key in expected} == expected


@pytest.mark.parametrize("reasons", [(), (reason(**dict.fromkeys(reason())),)])
def test_removed_without_a_reason_stays_removed(reasons: tuple[dict[str, object], ...]) -> None:
    first, second = records(document([removed(reason()), removed(*reasons)]))
    assert first["removal_reason"]
    assert (second["removed"], second["removal_reason"]) == (True, None)


def test_address_without_an_id_is_set_aside() -> None:
    parsed = parse(document([removed(reason(), page="https://adstransparency.example/"), removed(reason())]))
    assert [one.reason for one in parsed.rejected] == ["no identifier"]
    assert parsed.frame.height == 1


@pytest.mark.parametrize("column", ["region_stats", "disapproval"])
def test_row_with_a_broken_cell_is_set_aside(column: str) -> None:
    page = as_csv(removed(reason()), removed(reason()), header=REMOVED)
    start, _, end = page.decode().rpartition(f'{{""{column}""')
    parsed = parse(f'{start}{{{{""{column}""{end}'.encode())
    assert parsed.frame["locator"].to_list() == ["record 1"]
    assert ["JSON inside a cell is broken" in one.reason for one in parsed.rejected] == [True]


def test_the_tables_are_told_apart() -> None:
    assert form_of(document([creative()])) == ("google", "transparency_center_json")
    assert form_of(document([removed(reason())])) == ("google", "removed_creatives_json")
    with pytest.raises(UnrecognisedInput):
        form_of(document([{"creative_page_url": PAGE, "region_stats": REGIONS}]))


# Answers of BigQuery


def answer(*cells: object, **more: object) -> dict[str, object]:
    """An answer with one cell a row."""
    rows = [{"f": [{"v": one if one is None or isinstance(one, str) else json.dumps(one)}]} for one in cells]
    told = {"kind": "bigquery#getQueryResultsResponse", "totalRows": str(len(rows)), "jobComplete": True}
    return {**told, "rows": rows, **more}


def test_answer_of_bigquery_is_read_as_the_rows_in_its_cells() -> None:
    parsed = parse(document(answer(creative(), creative(creative_id="CR0003"))))
    of_file = parse(document([creative(), creative(creative_id="CR0003")]))
    assert parsed.frame["locator"].to_list() == ["/rows/0/f/0/v", "/rows/1/f/0/v"]
    assert parsed.frame.drop("locator").equals(of_file.frame.drop("locator"))
    assert form_of(document(answer(removed(reason())))) == ("google", "removed_creatives_json")


def test_answer_of_bigquery_may_be_written_over_several_lines() -> None:
    text = json.dumps(answer(creative(), creative(creative_id="CR0003")), indent=2)
    assert parse(text.encode()).frame["record_id"].to_list() == ["CR0002", "CR0003"]


@pytest.mark.parametrize("broken", [None, "", "no JSON", '{"creative_id": ', "[1]", "12", {"region_stats": "NL"}])
def test_cell_that_holds_no_row_is_set_aside_with_its_place(broken: object) -> None:
    parsed = parse(document(answer(creative(), broken, creative(creative_id="CR0003"))))
    assert parsed.frame["record_id"].to_list() == ["CR0002", "CR0003"]
    (rejected,) = parsed.rejected
    assert rejected.place == "/rows/1/f/0/v"


@pytest.mark.parametrize(
    "rows",
    [
        [{"f": [{"v": "AR1"}, {"v": "CR1"}]}],
        [{"f": [{"v": "AR1"}]}],
        [{"f": [{"v": [{"v": "AR1"}]}]}],
        [{"f": []}],
        [{"record": "{}"}],
        ["{}"],
        {"f": 1},
    ],
)
def test_answer_with_other_cells_is_refused_and_never_taken_for_one_without_rows(rows: object) -> None:
    with pytest.raises((UnreadableInput, UnrecognisedInput)) as refused:
        parse(document(answer(rows=rows)))
    assert "TO_JSON_STRING" in str(refused.value)


def test_answer_without_rows_is_recognised_and_holds_no_record() -> None:
    told = answer()
    del told["rows"]
    assert form_of(document(told)) == ("google", "query_result")
    assert parse(document(told)).frame.height == 0


def test_answers_on_lines_are_read_one_by_one() -> None:
    numbers = ("CR0001", "CR0002", "CR0003")
    parsed = parse("\n".join(json.dumps(answer(creative(creative_id=one))) for one in numbers).encode())
    assert parsed.frame["record_id"].to_list() == list(numbers)
    assert parsed.frame["locator"].to_list()[2] == "line 3/rows/0/f/0/v"


def test_answers_with_rows_after_some_without_are_read_or_refused_and_never_passed_over() -> None:
    bare = {key: one for key, one in answer().items() if key != "rows"}
    parsed = parse("\n".join(json.dumps(one) for one in (bare, answer(creative()))).encode())
    assert (parsed.frame.height, [one.place for one in parsed.rejected]) == (1, ["line 1"])
    with pytest.raises(UnrecognisedInput):
        parse("\n".join(json.dumps(one) for one in (*[bare] * 20, answer(creative()))).encode())


def test_removed_creatives_without_what_chose_their_audience_are_read() -> None:
    names = [name for name in REMOVED if name != "audience_selection_approach_info"]
    found = record(table(names, [PAGE, "[]", "[]"]))
    assert found["removed"] and found["targeting_parameters"] is None
