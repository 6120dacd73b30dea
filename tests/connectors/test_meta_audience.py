"""The audience tab: hand-written exports and the advertisers that they become."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from adaudit.audit.options import Options
from adaudit.audit.run import audit
from adaudit.rules import RULES

from .pages import cells, form_of, parse, record, records, row_of, table

HEADER = cells(
    "value,num_ads,total_spend_pct,type,location_type,num_obfuscated,is_exclusion,ds,main_currency,total_num_ads,"
    "total_spend_formatted,is_30_day_available,is_90_day_available,page_id,tstamp,no_data,custom_audience_type,"
    "detailed_type"
)
NAME = "ad_targeting_audience_tab_NL_2025_last30.csv"
PAGE = "210000000000001"


def option(value: str, kind: str, ads: str = "2", share: str = "0.5", **more: str) -> list[str]:
    row = {
        "value": value,
        "type": kind,
        "numads": ads,
        "totalspendpct": share,
        "ds": "2025-06-04",
        "maincurrency": "EUR",
        "totalnumads": "3",
        "totalspendformatted": "1.0",
        "pageid": PAGE,
    }
    return row_of(HEADER, **(row | more))


ROWS = [
    option("All", "gender", "3", "1.0"),
    option("Women", "gender", "0", "0.0"),
    option("Utrecht, Netherlands", "location", locationtype="CITY", numobfuscated="2", isexclusion="False"),
    option("9901", "location", "1", "0.25", locationtype="zips", numobfuscated="1", isexclusion="True"),
    option("Drenthe", "location", "0", "0.0", locationtype="regions", numobfuscated="4", isexclusion="False"),
    option("13", "age", "0", "0.0"),
    option("18", "age"),
    option("64", "age"),
    option("65+", "age", "3", "1.0"),
    option("Dutch", "language"),
    option("Custom Audience", "custom_audience", isexclusion="False", customaudiencetype="HAS_CA_INCLUSION"),
    option("Lookalike Audience", "lookalike_audience", "0", "0.0", isexclusion="True"),
    option("Bridges", "detailed", detailedtype="INTERESTS", isexclusion="True"),
]


def of(*rows: list[str], name: str = NAME) -> dict[str, Any]:
    return record(table(HEADER, *rows), name)


def test_options_of_a_page_become_one_advertiser() -> None:
    one = of(*ROWS)
    expected = {
        "source": "meta",
        "form": "audience_tab",
        "kind": "advertiser",
        "record_id": f"NL last_30_days|2025-06-04|{PAGE}",
        "locator": "record 1",
        "account_id": PAGE,
        "account_name": None,
        "sponsor_name": None,
        "political_basis": "declared",
        "ads_count": 3,
        "countries": ["NL"],
        "scope_from": "name",
        "delivered_from": date(2025, 5, 6),
        "delivered_until": date(2025, 6, 4),
        "age_min": 18,
        "age_max": 65,
        "genders": ["All"],
        "locations": ["Utrecht, Netherlands", "9901"],
        "locations_hidden": 3,
        "custom_audience": True,
        "targeting_parameters_count": 9,
        "unparsed": None,
    }
    assert {key: one[key] for key in expected} == expected


def test_only_options_that_an_ad_used_are_parameters() -> None:
    found = [(p["dimension"], p["value"], p["excluded"]) for p in of(*ROWS)["targeting_parameters"]]
    assert found == [
        ("gender", "All", False),
        ("location: city", "Utrecht, Netherlands", False),
        ("location: zips", "9901", True),
        ("age", "18", False),
        ("age", "64", False),
        ("age", "65+", False),
        ("language", "Dutch", False),
        ("custom audience", "Custom Audience", False),
        ("detailed: interests", "Bridges", True),
    ]


def test_every_option_keeps_its_ads_its_share_and_its_row() -> None:
    use = of(*ROWS)["targeting_use"]
    assert len(use) == len(ROWS)
    assert use[3] == {
        "dimension": "location: zips",
        "value": "9901",
        "excluded": True,
        "ads": 1,
        "spend_share": 0.25,
        "places_hidden": 1,
        "record": 4,
    }
    assert [one["record"] for one in use] == list(range(1, 14))
    assert (use[1]["ads"], use[1]["spend_share"]) == (0, 0.0)


def test_money_is_not_read_from_a_figure_of_the_exporter() -> None:
    one = of(*ROWS)
    assert (one["amount_advertiser_low"], one["amount_advertiser_high"], one["amount_currency"]) == (None, None, None)
    assert one["shares_sum"] is None


def test_custom_audience_is_unknown_where_no_such_option_is_shown() -> None:
    assert of(option("18", "age"))["custom_audience"] is None
    assert of(option("Custom Audience", "custom_audience", "0", "0.0"))["custom_audience"] is False


def test_pages_and_days_stay_apart_whatever_the_order() -> None:
    rows = [option("18", "age", pageid="1"), option("18", "age", pageid="2"), option("19", "age", pageid="1")]
    found = records(table(HEADER, *rows, option("18", "age", pageid="1", ds="2025-07-04")), NAME)
    assert [(one["account_id"], one["locator"], one["targeting_parameters_count"]) for one in found] == [
        ("1", "record 1", 2),
        ("2", "record 2", 1),
        ("1", "record 4", 1),
    ]
    assert len({one["record_id"] for one in found}) == 3


@pytest.mark.parametrize("yes", ["True", "TRUE", "true", "1"])
def test_page_for_which_the_tab_shows_nothing_keeps_an_empty_record(yes: str) -> None:
    parsed = parse(table(HEADER, row_of(HEADER, pageid="9", nodata=yes), *ROWS), NAME)
    assert parsed.rejected == ()
    nothing, page = parsed.frame.to_dicts()
    assert (nothing["account_id"], page["account_id"]) == ("9", PAGE)
    for column in ("targeting_use", "targeting_parameters", "targeting_parameters_count", "ads_count", "age_min"):
        assert nothing[column] is None
    (notice,) = (one for one in parsed.notices if "no data" in one)
    assert notice.startswith("1 page for which the tab showed no data")
    assert notice.nl.startswith("1 pagina waarvoor het tabblad geen gegevens toonde")


def test_page_of_which_no_option_was_used_has_no_parameter() -> None:
    one = of(option("Women", "gender", "0", "0.0"))
    assert (one["targeting_parameters"], one["targeting_parameters_count"]) == (None, 0)
    assert len(one["targeting_use"]) == 1


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"numads": "two"}, "num_ads"),
        ({"numads": ""}, "num_ads"),
        ({"totalspendpct": "50 %"}, "total_spend_pct"),
        ({"totalspendpct": "1.2"}, "total_spend_pct"),
        ({"totalspendpct": "-0.1"}, "total_spend_pct"),
        ({"numobfuscated": "some"}, "num_obfuscated"),
        ({"isexclusion": "maybe"}, "is_exclusion"),
        ({"pageid": ""}, "no page id"),
        ({"pageid": "2.1E+14"}, "destroyed"),
        ({"value": "NA"}, "no targeting option"),
        ({"type": " "}, "no targeting option"),
    ],
)
def test_option_that_cannot_be_read_is_set_aside_and_changes_no_other(changed: dict[str, str], reason: str) -> None:
    alone = parse(table(HEADER, *ROWS), NAME).frame
    bad = row_of(
        HEADER,
        **(
            {"value": "30", "type": "age", "numads": "1", "totalspendpct": "1", "totalnumads": "3", "pageid": PAGE}
            | changed
        ),
    )
    parsed = parse(table(HEADER, *ROWS, bad), NAME)
    (rejected,) = parsed.rejected
    assert rejected.place == "record 14"
    assert reason in rejected.reason
    assert parsed.frame.equals(alone)


def test_totals_that_disagree_are_kept_as_text() -> None:
    one = of(option("18", "age", totalnumads="3"), option("19", "age", totalnumads="4"))
    assert one["ads_count"] is None
    assert one["unparsed"] == [{"column": "ads_count", "text": "3 or 4"}]


@pytest.mark.parametrize(
    ("name", "country", "first"),
    [
        ("NL_2025-06-04_last_7_days.csv", "NL", date(2025, 5, 29)),
        ("tab-BE-last90.csv", "BE", date(2025, 3, 7)),
        ("audience.csv", None, None),
        ("ad_tab_NL_2025.csv", None, None),
    ],
)
def test_country_and_length_come_from_the_name_or_are_not_told(
    name: str, country: str | None, first: date | None
) -> None:
    parsed = parse(table(HEADER, *ROWS), name)
    (one,) = parsed.frame.to_dicts()
    assert (one["countries"], one["delivered_from"]) == ([country] if country else None, first)
    assert one["delivered_until"] == date(2025, 6, 4)
    assert bool(parsed.notices) == (country is None)


def test_the_page_id_of_the_raw_answer_is_read_too() -> None:
    header = ["internal_id" if name == "page_id" else name for name in HEADER]
    data = table(header, *ROWS)
    assert form_of(data) == ("meta", "audience_tab")
    assert record(data, NAME)["account_id"] == PAGE


def test_the_audit_asks_no_sponsor_of_a_table_of_targeting(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(table(HEADER, *ROWS))
    done = audit([tmp_path / NAME], tmp_path / "out", Options(), lambda *_: None)
    assert {one.rule for one in done.counts if RULES[one.rule].family == "disclosure"} == set()
    assert done.assembled.total == 1
