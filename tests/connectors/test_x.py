"""X Ads Repository: a header without rows, and rows whose formats nobody has documented."""

from datetime import date

import pytest

from adaudit.errors import UnrecognisedInput

from .pages import X_EXPORT, document, form_of, parse, record, records, row_of, table

ROW = {
    "advertisername": "Wolkenpartij",
    "fundingentity": "Kas Wolk",
    "creative": "https://x.example/1",
    "startdate": "2025-01-02",
    "enddate": "2025-01-03",
    "targetedsegments": "Nederland; nieuws",
    "excludedtargetingsegments": "sport",
    "impressions": "512",
    "reach": "400",
}


def test_header_without_rows_is_recognised_and_gives_no_record() -> None:
    data = table(X_EXPORT)
    assert form_of(data) == ("x", "ads_repository")
    parsed = parse(data)
    assert (parsed.frame.height, parsed.rejected, parsed.new_fields) == (0, (), ())


def test_row_in_plain_formats() -> None:
    one = record(table(X_EXPORT, row_of(X_EXPORT, **ROW)))
    expected = {
        "record_id": "Wolkenpartij|https://x.example/1|2025-01-02|2025-01-03",
        "sponsor_name": "Kas Wolk",
        "account_name": "Wolkenpartij",
        "delivered_from": date(2025, 1, 2),
        "delivered_until": date(2025, 1, 3),
        "views_low": 512,
        "people_reached_high": 400,
        "creative_urls": ["https://x.example/1"],
        "removed": False,
        "countries": None,
        "political_basis": None,
        "unparsed": None,
    }
    assert {key: one[key] for key in expected} == expected
    assert one["targeting_parameters"] == [
        {"dimension": "segments", "value": "Nederland; nieuws", "excluded": False},
        {"dimension": "segments", "value": "sport", "excluded": True},
    ]


def test_formats_that_are_not_documented_are_kept_as_text() -> None:
    odd = {"startdate": "2 January 2025", "enddate": "03/01/25", "impressions": "1.2K", "reach": "1,024"}
    one = record(table(X_EXPORT, row_of(X_EXPORT, **ROW | odd)))
    assert (one["delivered_from"], one["delivered_until"], one["views_low"]) == (None, None, None)
    assert {(part["column"], part["text"]) for part in one["unparsed"]} == {
        ("delivered_from", "2 January 2025"),
        ("delivered_until", "03/01/25"),
        ("views_low", "1.2K"),
        ("views_high", "1.2K"),
        ("people_reached_low", "1,024"),
        ("people_reached_high", "1,024"),
    }


def test_removed_ad_gives_its_reasons() -> None:
    one = record(table(X_EXPORT, row_of(X_EXPORT, **ROW, enforcementaction="Removed", statementofreason="Politics")))
    assert (one["removed"], one["removal_reason"]) == (True, "Removed; Politics")


@pytest.mark.parametrize("filler", ["", " ", "-", "N/A", "none", "null"])
def test_a_filler_in_the_columns_on_removal_is_no_removal(filler: str) -> None:
    cells = dict.fromkeys(("enforcementaction", "statementofreason", "factsandcircumstancesofremoval"), filler)
    one = record(table(X_EXPORT, row_of(X_EXPORT, **ROW | cells)))
    assert (one["removed"], one["removal_reason"]) == (False, None)
    one = record(table(X_EXPORT, row_of(X_EXPORT, **ROW | cells | {"statementofreason": "Politics"})))
    assert (one["removed"], one["removal_reason"]) == (True, "Politics")


def test_equal_rows_stay_apart() -> None:
    row = row_of(X_EXPORT, **ROW)
    found = records(table(X_EXPORT, row, row))
    assert [one["record_id"].rpartition("|")[2] for one in found] == ["row 1", "row 2"]


def test_capitals_of_the_header_do_not_matter() -> None:
    assert form_of(table([name.upper() for name in X_EXPORT])) == ("x", "ads_repository")


@pytest.mark.parametrize(
    "data",
    [
        {"create_digital_services_act_export_insert": {"export_id": "77"}},
        {
            "digital_services_act_export_status": {
                "export_id": "77",
                "export_status": "Finished",
                "export_download_url": "https://x.example/77.csv",
            }
        },
    ],
)
def test_state_of_an_export_is_recognised_and_is_not_the_export(data: dict[str, object]) -> None:
    page = document({"data": data})
    assert form_of(page) == ("x", "export_status")
    assert parse(page).frame.height == 0
    with pytest.raises(UnrecognisedInput):
        form_of(document({"data": data | {"ads": []}}))
