"""Tables that collectors make of TikTok's library: Python's lists in cells, rounded ids, milliseconds."""

import csv
from datetime import date
from pathlib import Path

import pytest

from .pages import form_of, parse, record, records, row_of, table

HEADER = [
    f"data.{name}"
    for name in (
        "ad.id",
        "ad.name",
        "ad.first_shown_date",
        "ad.last_shown_date",
        "ad.estimated_audience",
        "advertiser.name",
        "advertiser.adv_biz_ids",
        "advertiser.registry_location",
        "advertiser.sponsor",
        "targeting.location.total_impressions",
        "targeting.location.data",
        "targeting.age",
        "targeting.gender",
        "targeting.target_audience_size",
        "targeting.audience",
        "targeting.interest",
    )
]
AGES = "{'region': 'NL', '13-17': False, '18-24': True, '25-34': True, '35-44': True, '45-54': True, '55+': True}"
ROW = {
    "dataadid": "1752000000000001",
    "dataadname": "ballon",
    "dataadfirstshowndate": "1741046400000",
    "dataadlastshowndate": "1741219200000",
    "dataadestimatedaudience": "1K-10K",
    "dataadvertisername": "ballon",
    "dataadvertiseradvbizids": "7175256585915294321",
    "dataadvertiserregistrylocation": "Netherlands",
    "dataadvertisersponsor": "Gele Ballon BV",
    "datatargetinglocationtotalimpressions": "1K-10K",
    "datatargetinglocationdata": "[{'region': 'NL', 'impressions': '2K'}, {'region': 'BE', 'impressions': '0-1K'}]",
    "datatargetingage": f"[{AGES}]",
    "datatargetinggender": "[{'region': 'NL', 'female': True, 'male': False, 'unknown': True}]",
    "datatargetingtargetaudiencesize": "9.7M-14.0M",
    "datatargetingaudience": "No",
    "datatargetinginterest": "News & Entertainment",
}


def row(**more: str) -> list[str]:
    return row_of(HEADER, **ROW | {f"data{key}": value for key, value in more.items()})


def test_row_with_everything() -> None:
    one = record(table(HEADER, row()))
    expected = {
        "source": "tiktok",
        "form": "flattened",
        "kind": "ad",
        "record_id": "1752000000000001",
        "locator": "record 1",
        "delivered_from": date(2025, 3, 4),
        "delivered_until": date(2025, 3, 6),
        "account_id": "7175256585915294321",
        "account_name": "ballon",
        "sponsor_name": "Gele Ballon BV",
        "payer_name": "Gele Ballon BV",
        "views_low": 1000,
        "views_high": 10_000,
        "people_reached_low": None,
        "audience_size_low": 9_700_000,
        "audience_size_high": 14_000_000,
        "countries": ["BE", "NL"],
        "locations": ["BE", "NL"],
        "age_min": 18,
        "age_restricted": True,
        "custom_audience": False,
        "content_shown": None,
        "identifier_damaged": False,
        "political_basis": None,
        "unparsed": None,
    }
    assert {key: one[key] for key in expected} == expected
    shown = {(part["dimension"], part["value"]): part["excluded"] for part in one["targeting_parameters"]}
    assert shown["age", "13-17"] is True
    assert shown["gender", "male"] is True
    assert shown["gender", "female"] is False
    assert shown["interest", "News & Entertainment"] is False
    assert ("gender", "other_genders") not in shown
    views = [(part["country"], part["views_low"], part["views_high"]) for part in one["delivery"]]
    assert views == [("NL", 2000, 2000), ("BE", 0, 1000)]


def test_what_the_table_leaves_out_proves_nothing() -> None:
    (carried,) = parse(table(HEADER, row())).layouts
    assert carried == {"ad.first_shown_date", "advertiser.paid_for_by", "ad_group.targeting_info"}
    short = [HEADER[0], HEADER[2], HEADER[5]]
    parsed = parse(table(short, ["1752000000000001", "1741046400000", "ballon"]))
    assert parsed.layouts == (frozenset({"ad.first_shown_date"}),)
    one = parsed.frame.row(0, named=True)
    assert (one["age_restricted"], one["targeting_parameters_count"], one["countries"]) == (None, None, None)


def test_of_several_regions_an_age_is_admitted_where_one_admits_it() -> None:
    other = AGES.replace("NL", "BE").replace("'13-17': False", "'13-17': True")
    one = record(table(HEADER, row(targetingage=f"[{AGES}, {other}]")))
    assert (one["age_min"], one["age_restricted"]) == (13, False)


@pytest.mark.parametrize(
    ("ids", "damaged"),
    [
        (["7175256585915290000", "7219652234378760000"], [True, True]),
        (["7175256585915290000", "7219652234378765432"], [False, False]),
        (["7175256585915290000", "", "21836478203000"], [True, False, False]),
        (["7.17526E+18"], [True]),
    ],
)
def test_ids_are_destroyed_where_each_long_one_ends_in_zeros(ids: list[str], damaged: list[bool]) -> None:
    rows = [row(adid=str(1752000000000001 + i), advertiseradvbizids=one) for i, one in enumerate(ids)]
    assert [one["identifier_damaged"] for one in records(table(HEADER, *rows))] == damaged


@pytest.mark.parametrize(
    "cell",
    ["[{'region': 'NL'", "all ages", "{'region': 'NL'}", "[{'region': ['NL']}]", "__import__('os')", "['NL']"],
)
def test_cell_that_holds_no_list_sets_its_row_aside(cell: str) -> None:
    parsed = parse(table(HEADER, row(targetingage=cell), row(adid="2")))
    assert parsed.frame["record_id"].to_list() == ["2"]
    (one,) = parsed.rejected
    assert one.place == "record 1"
    assert "list" in one.reason
    assert "1752000000000001" in one.raw


@pytest.mark.parametrize("cell", ["", " ", "[]", "None"])
def test_empty_list_shows_nothing(cell: str) -> None:
    one = record(table(HEADER, row(targetingage=cell, targetinglocationdata=cell)))
    assert (one["age_min"], one["age_restricted"], one["countries"], one["delivery"]) == (None, None, None, None)


def test_words_that_are_no_date_or_bucket_are_kept_as_text() -> None:
    odd = {"adfirstshowndate": "2025-03-04", "targetinglocationtotalimpressions": "lots"}
    one = record(table(HEADER, row(**odd)))
    assert {(part["column"], part["text"]) for part in one["unparsed"]} == {
        ("delivered_from", "2025-03-04"),
        ("views_low", "lots"),
        ("views_high", "lots"),
    }


def test_hostile_name_comes_out_as_it_went_in() -> None:
    name = "=HYPERLINK(\"https://x.example\")<script>alert('1')</script>"
    assert record(table(HEADER, row(advertisersponsor=name)))["sponsor_name"] == name


def test_column_that_was_added_is_new() -> None:
    assert parse(table([*HEADER, "data.ad.mood"], [*row(), "sunny"])).new_fields == ("data.ad.mood",)


@pytest.mark.real_data
def test_real_table(real_data: Path) -> None:
    path = real_data / "tiktok" / "political_ads_found_DE_2023-09.csv"
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, delimiter=";")
    data = table(header, *rows)
    assert form_of(data) == ("tiktok", "flattened")
    parsed = parse(data)
    assert (parsed.frame.height, parsed.frame["record_id"].n_unique(), parsed.rejected) == (105, 104, ())
    assert parsed.frame["unparsed"].drop_nulls().to_list() == []
    assert parsed.frame["identifier_damaged"].all()
    admitted = sum("'13-17': True" in one[header.index("data.targeting.age")] for one in rows)
    assert (parsed.frame["age_min"] == 13).sum() == admitted == 54
    assert parsed.frame["delivered_from"].min() == date(2022, 12, 5)
    assert parsed.frame["delivered_until"].max() == date(2023, 9, 3)
