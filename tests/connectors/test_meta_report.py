"""Meta Ad Library Report: hand-written files and the exact records they become."""

from datetime import date
from decimal import Decimal

import pytest

from adaudit.errors import ColumnsMissing, UnrecognisedInput

from .pages import REPORT_2023, REPORT_2025, form_of, parse, record, records, table

NAME = "FacebookAdLibraryReport_2025-07-12_BE_last_30_days_advertisers.csv"


def test_row_of_2025() -> None:
    data = table(REPORT_2025, ["777000000000001", "Ligue du Nuage", "Comité Nuage", "5574", "36"], bom=True)
    one = record(data, NAME)
    expected = {
        "source": "meta",
        "form": "ad_library_report",
        "kind": "advertiser",
        "record_id": "BE 2025-07-12 last_30_days|777000000000001|Ligue du Nuage|Comité Nuage",
        "locator": "record 1",
        "scope_from": "name",
        "account_id": "777000000000001",
        "account_name": "Ligue du Nuage",
        "sponsor_name": "Comité Nuage",
        "amount_advertiser_low": Decimal(5574),
        "amount_advertiser_high": Decimal(5574),
        "amount_ad_low": None,
        "amount_currency": "EUR",
        "ads_count": 36,
        "delivered_from": date(2025, 6, 13),
        "delivered_until": date(2025, 7, 12),
        "countries": ["BE"],
        "country_stated": True,
        "political_basis": "declared",
    }
    assert {key: one[key] for key in expected} == expected


def test_row_of_2023_with_capitals_a_hard_space_and_a_byte_order_mark() -> None:
    one = record(table(REPORT_2023, ["1", "A", "B", "1,234", "1,000"], bom=True, end="\r\n"))
    assert one["amount_currency"] == "CHF"
    assert one["amount_advertiser_low"] == Decimal(1234)
    assert one["ads_count"] == 1000


@pytest.mark.parametrize("cell", ["≤100", "≤ 100", " ≤100 "])
def test_at_most_a_hundred_is_the_interval_from_nothing_to_a_hundred(cell: str) -> None:
    one = record(table(REPORT_2025, ["1", "A", "B", cell, "2"]))
    assert (one["amount_advertiser_low"], one["amount_advertiser_high"]) == (Decimal(0), Decimal(100))
    assert one["unparsed"] is None


def test_amount_that_is_no_number_is_kept_as_text() -> None:
    one = record(table(REPORT_2025, ["1", "A", "B", "≤many", "two"]))
    assert one["amount_advertiser_low"] is None
    assert {(part["column"], part["text"].strip()) for part in one["unparsed"]} == {
        ("amount_advertiser_low", "≤many"),
        ("amount_advertiser_high", "≤many"),
        ("ads_count", "two"),
    }


@pytest.mark.parametrize("cell", ["1.234", "12,34", "1 234", "1,2345", "-5", "1e3", "1.234,56", "\u2264", "5 EUR"])
def test_figure_that_could_mean_two_things_is_read_as_neither(cell: str) -> None:
    one = record(table(REPORT_2025, ["1", "A", "B", cell, cell]))
    assert (one["amount_advertiser_low"], one["amount_advertiser_high"], one["ads_count"]) == (None, None, None)
    assert {part["text"] for part in one["unparsed"]} == {cell}


@pytest.mark.parametrize(("cell", "value"), [("12", 12), ("1,234", 1234), ("1,234,567", 1234567), (" 5 ", 5)])
def test_thousands_apart_by_commas_are_read(cell: str, value: int) -> None:
    one = record(table(REPORT_2025, ["1", "A", "B", cell, cell]))
    assert (one["amount_advertiser_low"], one["ads_count"]) == (Decimal(value), value)


REPORT_2019 = ["Page Name", "Disclaimer", "Amount Spent", "Number of Ads in Library"]


@pytest.mark.parametrize(("preset", "first"), [("ThisWeekSpending", date(2019, 5, 5)), ("SpendingToDate", None)])
def test_row_of_2019_claims_neither_page_id_nor_currency(preset: str, first: date | None) -> None:
    data = table(REPORT_2019, ["Ligue du Nuage", "Comité Nuage", "5574", "36"], bom=True)
    one = record(data, f"FacebookAdLibraryReportBE2019-05-11{preset}.csv")
    expected = {
        "form": "ad_library_report_2019",
        "kind": "advertiser",
        "record_id": f"BE 2019-05-11 {preset}||Ligue du Nuage|Comité Nuage",
        "account_id": None,
        "account_name": "Ligue du Nuage",
        "sponsor_name": "Comité Nuage",
        "amount_advertiser_low": Decimal(5574),
        "amount_currency": None,
        "ads_count": 36,
        "delivered_from": first,
        "delivered_until": date(2019, 5, 11),
        "countries": ["BE"],
        "scope_from": "name",
    }
    assert {key: one[key] for key in expected} == expected


@pytest.mark.parametrize("column", ["Amount spent (€)", "Amount spent ()", "Amount spent (EURO)"])
def test_amounts_of_which_the_currency_has_no_code_are_refused_and_not_left_out(column: str) -> None:
    header = [column if name.startswith("Amount") else name for name in REPORT_2025]
    with pytest.raises(ColumnsMissing, match="currency"):
        parse(table(header, ["1", "A", "B", "5", "1"]))


def test_rows_of_2019_that_share_a_name_stay_apart() -> None:
    rows = [["A", "B", "≤100", "1"], ["A", "B", "≤100", "1"]]
    assert len({one["record_id"] for one in records(table(REPORT_2019, *rows))}) == 2


@pytest.mark.parametrize(
    "header",
    [
        ["Pagina-ID", "Paginanaam", "Disclaimer", "Besteed bedrag (EUR)", "Aantal advertenties in bibliotheek"],
        ["Seiten-ID", "Seitenname", "Disclaimer", "Ausgegebener Betrag (EUR)", "Anzahl der Werbeanzeigen"],
        ["Nom de la Page", "Disclaimer", "Montant dépensé", "Nombre de publicités"],
    ],
)
def test_header_in_another_language_is_refused_with_the_header_shown(header: list[str]) -> None:
    with pytest.raises(UnrecognisedInput) as error:
        parse(table(header, ["1", "A", "B", "5", "1"][: len(header)]))
    assert all(name in str(error.value) for name in header)


@pytest.mark.parametrize("renamed", ["Page ID", "Disclaimer", "Amount spent (EUR)", "Number of ads in Library"])
def test_report_of_which_a_column_was_renamed_is_not_taken_for_another_layout(renamed: str) -> None:
    with pytest.raises(ColumnsMissing):
        parse(table([name if name != renamed else "Other" for name in REPORT_2025], ["1", "A", "B", "5", "1"]))


def test_rows_that_share_page_and_disclaimer_stay_apart() -> None:
    rows = [["1", "A", "B", "574", "1"], ["1", "A", "B", "431", "2"], ["1", "A", "C", "5", "2"]]
    found = records(table(REPORT_2025, *rows), NAME)
    assert [one["record_id"] for one in found] == [
        "BE 2025-07-12 last_30_days|1|A|B|row 1",
        "BE 2025-07-12 last_30_days|1|A|B|row 2",
        "BE 2025-07-12 last_30_days|1|A|C",
    ]


def test_page_id_zero_merges_nobody() -> None:
    found = records(table(REPORT_2025, ["0", "", "Wie dan ook", "≤100", "1"], ["0", "", "Wie dan ook", "≤100", "1"]))
    assert len({one["record_id"] for one in found}) == 2
    assert [one["account_id"] for one in found] == ["0", "0"]


def test_wording_without_a_disclaimer_stays_visible_and_is_known_as_nobody() -> None:
    none, somebody = records(
        table(REPORT_2025, ["1", "A", "These ads ran without a disclaimer", "5", "1"], ["2", "C", "D", "5", "1"])
    )
    assert none["sponsor_name"] == "These ads ran without a disclaimer"
    assert none["nobody_mask"] != 0
    assert somebody["nobody_mask"] == 0


@pytest.mark.parametrize(
    ("preset", "first"),
    [("yesterday", date(2025, 7, 12)), ("last_7_days", date(2025, 7, 6)), ("last_90_days", date(2025, 4, 14))],
)
def test_period_of_the_name(preset: str, first: date) -> None:
    one = record(table(REPORT_2025, ["1", "A", "B", "5", "1"]), f"x_2025-07-12_NL_{preset}_advertisers.csv")
    assert (one["delivered_from"], one["delivered_until"]) == (first, date(2025, 7, 12))


def test_lifelong_has_an_end_and_no_start() -> None:
    one = record(table(REPORT_2025, ["1", "A", "B", "5", "1"]), "x_2025-07-12_NL_lifelong_advertisers.csv")
    assert (one["delivered_from"], one["delivered_until"]) == (None, date(2025, 7, 12))


def test_country_that_is_not_told_is_not_guessed() -> None:
    parsed = parse(table(REPORT_2025, ["1", "A", "B", "5", "1"]), "report.csv")
    assert parsed.frame["countries"].to_list() == [None]
    assert parsed.scope_from is None
    (notice,) = parsed.notices
    assert notice.startswith("country and period are not told")
    assert notice.nl.startswith("land en periode zijn niet vermeld")


@pytest.mark.parametrize(
    ("header", "form"),
    [
        (REPORT_2025, "ad_library_report"),
        (REPORT_2023, "ad_library_report"),
        (REPORT_2025[:4], "report_region"),
        (REPORT_2019, "ad_library_report_2019"),
        (["Page Name", "Disclaimer", "Amount Spent"], "report_region"),
        (["Location name", "Amount spent (EUR)"], "report_locations"),
        (["Location Name", "Amount Spent"], "report_locations"),
    ],
)
def test_the_header_tells_the_three_tables_of_a_report_apart(header: list[str], form: str) -> None:
    data = table(header, ["1", "A", "B", "5", "1"][: len(header)])
    assert form_of(data) == ("meta", form)
    if not form.startswith("ad_library_report"):
        assert parse(data).frame.height == 0
