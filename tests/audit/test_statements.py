"""Statements in words: each with its denominator, none about more than was shown."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from adaudit.audit.intake import InputReport
from adaudit.audit.linked import linked_votes
from adaudit.audit.options import Options
from adaudit.audit.spend import unnamed_by_report
from adaudit.audit.statements import state
from adaudit.audit.summary import exposures, highlights
from adaudit.language import interval, number, share

from .conftest import Audited
from .fictional import Batch, Judged, Row, installed

Say = Callable[..., list[str]]
PIZZA: Row = {"political_basis": None}
NOW = {"delivered_from": date(2025, 10, 11), "delivered_until": date(2025, 10, 12)}
EARLIER = {"delivered_from": date(2025, 9, 1), "delivered_until": date(2025, 9, 2)}


def said(found: Judged, *reports: InputReport) -> list[str]:
    with installed():
        unnamed = unnamed_by_report(found.assembled.records, found.verdicts, found.groups)
        return [one.en for one in state(found.counts, reports, unnamed)]


def said_in_dutch(found: Judged, *reports: InputReport) -> list[str]:
    with installed():
        unnamed = unnamed_by_report(found.assembled.records, found.verdicts, found.groups)
        return [one.nl for one in state(found.counts, reports, unnamed)]


def about(words: str, texts: list[str]) -> list[str]:
    return [text for text in texts if words in text]


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 46, "0 of 46 (0 %)"),
        (12, 46, "12 of 46 (26 %)"),
        (46, 46, "46 of 46 (100 %)"),
        (5, 40, "5 of 40 (13 %)"),
        (1, 1000, "1 of 1\u202f000 (under 1 %)"),
        (999, 1000, "999 of 1\u202f000 (over 99 %)"),
        (0, 0, "0 of 0"),
    ],
)
def test_a_share_stands_with_its_denominator_and_never_rounds_to_all_or_nothing(
    part: int, whole: int, text: str
) -> None:
    assert share(part, whole) == text


def test_an_interval_is_never_narrower_than_the_amounts() -> None:
    assert interval(Decimal("100.9"), Decimal("199.1")) == "100 to 200"
    assert interval(Decimal(100), Decimal(100)) == "100"
    assert number(1234567) == "1\u202f234\u202f567"


def test_undeclared_ads_are_one_statement_with_all_ads_as_denominator(audit_of: Audited) -> None:
    rows = [{**PIZZA, **NOW, "account_name": f"page {i}"} for i in range(10)]
    found = audit_of(Batch("ads", rows), options=Options(political=True))
    (text,) = about("asserted", said(found))
    assert "10 of 10 (100 %) ads carry no label" in text
    assert "10 of them ran since the rules apply" in text
    assert "the library does not" in text
    assert not about("“Sponsor: name” is missing", said(found)), "undeclared ads are no pile of omissions"


def test_ads_that_nobody_asserts_to_be_political_are_not_counted(audit_of: Audited, tmp_path: Path) -> None:
    actors = tmp_path / "actors.txt"
    actors.write_text("Fictional Party\n", "utf-8")
    rows = [{**PIZZA, **NOW, "account_name": name} for name in ("Fictional Party", *["Pizza"] * 9)]
    found = audit_of(Batch("ads", rows), options=Options(political_actors=actors))
    (text,) = about("asserted", said(found))
    assert "1 of 10 (10 %) ads carries no label, names no sponsor, and is asserted" in text
    (note,) = highlights(found.assembled, Options(political_actors=actors))
    assert note.startswith("1 of 10 (10 %) records counts as political because the user asserts it")


def test_a_report_of_one_day_is_said_to_be_of_that_day(audit_of: Audited) -> None:
    day = date(2023, 3, 8)
    rows: list[Row] = [{"ads_count": 2, "delivered_from": day, "delivered_until": day}]
    found = audit_of(Batch("totals", rows))
    (text,) = about("ran without a named sponsor", said(found))
    assert "(NL, 8 March 2023)" in text
    (dutch,) = about("zonder dat een opdrachtgever", said_in_dutch(found))
    assert "(NL, 8 maart 2023)" in dutch


def test_a_list_of_actors_that_meets_nobody_is_said_to_assert_nothing(audit_of: Audited, tmp_path: Path) -> None:
    actors = tmp_path / "actors.txt"
    actors.write_text("Fictional Party\n", "utf-8")
    rows = [{**PIZZA, **NOW, "account_name": "Pizza"}, {**NOW, "account_name": "Fictional Party"}]
    options = Options(political_actors=actors)
    (note,) = highlights(audit_of(Batch("ads", rows), options=options).assembled, options)
    assert note.startswith("actors.txt asserts nothing: none of 2 records")
    assert "geen van de 2 records" in note.nl


def test_an_omission_is_a_share_of_what_could_be_judged(audit_of: Audited) -> None:
    rows: list[Row] = [NOW, {**NOW, "sponsor_name": "Fictional Party"}, {**NOW, "removed": True}, {**NOW, **PIZZA}]
    (text,) = about("“Sponsor: name”", said(audit_of(Batch("ads", rows))))
    assert "is missing in 1 of 2 (50 %) ads since the rules apply that can be judged" in text
    assert "of 4 in all (Art 13(2) with Art 12(1)(a)). The others: 1 (" in text
    assert "political" in text.split("The others: ")[1]
    assert "removed" in text.split("The others: ")[1]


def test_what_ran_before_the_rules_applied_is_no_omission(audit_of: Audited) -> None:
    texts = said(audit_of(Batch("notices", [EARLIER, {**EARLIER, "sponsor_name": "x"}])))
    assert not about("is missing", texts)
    (text,) = about("ended before Regulation (EU) 2024/900 applied", texts)
    assert "2 notices" in text
    assert "breach" not in text, "it neither convicts nor acquits"


def test_a_record_with_an_open_end_is_not_called_undated(audit_of: Audited) -> None:
    texts = said(audit_of(Batch("notices", [{"intended_from": date(2025, 9, 1)}])))
    assert about("not known whether the rules applied", texts)
    assert not about("without known dates", texts)


def test_a_gap_is_told_of_the_library_whatever_its_records_are(audit_of: Audited) -> None:
    def gap(row: Row) -> str:
        (text,) = about("no field at all", said(audit_of(Batch("ads never", [row]))))
        return re.sub(r"^.*?(\d+ of \d+).*$", r"\1", text)

    for row in (PIZZA, {}, {"targeting_personal_data": True}, {"removed": True}):
        missing, asked = map(int, gap(row).split(" of "))
        assert missing == asked > 30
    assert not about("no field at all", said(audit_of(Batch("ads", [{}]))))
    assert not about("no field at all", said(audit_of(Batch("totals never", [{}])))), (
        "a form under no duty owes nothing"
    )


def test_of_aggregates_the_ads_lead_and_rows_and_money_stand_beside(audit_of: Audited) -> None:
    def row(ads: int, high: int, name: str | None) -> Row:
        low = 0 if high == 100 else high
        amounts = {"amount_advertiser_low": low, "amount_advertiser_high": high, "amount_currency": "EUR"}
        return {"ads_count": ads, "sponsor_name": name, **amounts, **NOW}

    rows = [row(7, 100, "These ads ran without a disclaimer"), row(93, 5000, "Fictional Party")]
    (text,) = about("without a named sponsor", said(audit_of(Batch("totals", rows))))
    assert "7 of 100 (7 %) ads" in text
    assert "1 of 2 (50 %) rows" in text
    assert "0 to 100 of 5\u202f000 to 5\u202f100 EUR" in text


def test_a_suspicion_is_told_as_one_and_over_what_could_be_seen(audit_of: Audited) -> None:
    rows: list[Row] = [
        {**NOW, "age_min": 13, "age_restricted": True},
        {**NOW, "age_min": 18, "age_restricted": True},
        NOW,
    ]
    (text,) = about("person's look", said(audit_of(Batch("ads", rows))))
    assert "1 of 2 (50 %) ads" in text
    assert "Art 18(2)" in text
    assert text.endswith("That is no finding of a breach.")


def test_a_file_of_the_rest_of_the_world_is_a_statement_about_the_file(audit_of: Audited) -> None:
    outside: Row = {"countries": ["US"]}
    (text,) = about("shown in the Union", said(audit_of(Batch("ads", [outside, outside]))))
    assert "none of 2 ads was shown in the Union" in text
    assert "not that there were no political ads" in text
    assert about("shown in the Union", said(audit_of(Batch("ads", [outside, {"countries": ["EU", "NL"]}])))) == []
    assert about("shown in the Union", said(audit_of(Batch("ads", [outside, {"countries": None}])))) == []


def test_a_file_without_rows_proves_nothing(audit_of: Audited) -> None:
    report = InputReport("x.csv", "0" * 64, "x", "ads_repository", outcome="no rows")
    (text,) = said(audit_of(), report)
    assert "x.csv holds no rows. That proves nothing" in text


def test_the_exposure_of_a_form_stands_whatever_its_records_say(audit_of: Audited) -> None:
    found = audit_of(Batch("ads never", [{"countries": ["CH"]}]), Batch("totals", [{}]))
    with installed():
        rows = exposures(found.intake)
    assert {row["exposed"] for row in rows if row["form"] == "ads never"} == {"never"}
    assert {row["rule"] for row in rows if row["form"] == "totals"} == {"notice_sponsor_name"}


def test_highlights_say_what_was_assumed_and_what_was_left_out(audit_of: Audited) -> None:
    rows: list[Row] = [
        {"countries": None, "funds_union_origin": "outside the Union"},
        {"unreadable": {"amount_ad_low": "much"}},
    ]
    found = audit_of(Batch("notices", rows))
    texts = highlights(found.assembled, Options())
    assert [text.split(" record")[0] for text in texts] == ["1 of 1 (100 %)", "1 of 2 (50 %)", "1 of 2 (50 %)"]
    assert any(text.endswith("taken as shown in the Union.") for text in texts)
    assumed = Options(assume_country="CH", country="CH")
    texts = highlights(audit_of(Batch("notices", rows), options=assumed).assembled, assumed)
    assert any(text.endswith("taken as shown in CH.") for text in texts)
    assert "--country CH left out 1 record." in texts


def test_one_and_several_are_worded_apart_in_both_languages(audit_of: Audited) -> None:
    def suspects(young: int) -> tuple[str, str]:
        rows: list[Row] = [{**NOW, "age_min": 13 if i < young else 18, "age_restricted": True} for i in range(3)]
        found = audit_of(Batch("ads", rows))
        (english,), (dutch,) = about("person's look", said(found)), about("menselijk oordeel", said_in_dutch(found))
        return english, dutch

    english, dutch = suspects(1)
    assert "1 of 3 (33 %) ads since the rules apply in which it can be seen calls for a person's look" in english
    assert "1 van de 3 te beoordelen advertenties (33%) uit de periode waarin de regels gelden vraagt om" in dutch
    english, dutch = suspects(2)
    assert "in which it can be seen call for a person's look" in english
    assert "2 van de 3 te beoordelen advertenties (67%) uit de periode waarin de regels gelden vragen om" in dutch
    assert dutch.endswith("Daarmee is geen overtreding vastgesteld. Grondslag: artikel 18, lid 2.")


def test_of_aggregates_amounts_and_days_are_written_as_dutch_writes_them(audit_of: Audited) -> None:
    amounts = {"amount_advertiser_low": 5000, "amount_advertiser_high": 5000, "amount_currency": "EUR"}
    row = {"ads_count": 1234, "sponsor_name": None, **amounts, **NOW}
    (text,) = about("opdrachtgever", said_in_dutch(audit_of(Batch("totals", [row]))))
    assert "11 oktober 2025 tot en met 12 oktober 2025" in text
    assert "1.234 van de 1.234 advertenties (100%) uit de periode waarin de regels gelden zijn verschenen" in text
    assert "goed voor 5.000 EUR van in totaal 5.000 EUR" in text


def test_a_removed_ad_is_explained_once_with_both_rules(audit_of: Audited) -> None:
    rows: list[Row] = [{**NOW, "removed": True}, {**NOW, "removed": True}, NOW]
    found = audit_of(Batch("ads", rows))
    (text,) = about("were removed by the platform", said(found))
    assert "2 ads" in text
    for article in ("Art 39(3) DSA", "Art 13(3) of Regulation (EU) 2024/900", "Art 39(2) DSA", "Art 12(1)(a) and (b)"):
        assert article in text
    assert not about("removed by the platform", said(audit_of(Batch("ads", [NOW]))))


def test_as_of_a_day_before_it_applied_the_regulation_is_said_not_to_apply_yet(audit_of: Audited) -> None:
    options = Options(as_of=date(2025, 10, 1))
    found = audit_of(Batch("notices", [NOW, NOW]), options=options)
    with installed():
        texts = [one.en for one in state(found.counts, [], [], options.as_of)]
    (text,) = about("did not apply yet", texts)
    assert "as of 1 October 2025" in text
    assert "2 notices" in text
    assert not about("ended before", texts)


def test_boundary_days_inferred_links_and_votes_not_yet_called_are_highlights(audit_of: Audited) -> None:
    polling: Row = {"delivered_from": date(2025, 10, 29), "delivered_until": date(2025, 10, 29)}
    options = Options(as_of=date(2026, 10, 1))
    found = audit_of(Batch("ads", [polling, {}]), options=options)
    linked = linked_votes(found.verdicts, found.law.votes)
    texts = [str(one) for one in highlights(found.assembled, options, linked, found.law.votes)]
    (boundary,) = about("boundary day", texts)
    assert boundary.startswith("1 of 2 (50 %) records ran only on a boundary day")
    (inferred,) = about("by country and dates", texts)
    assert inferred.startswith("1 of 2 (50 %) records is linked")
    (called,) = about("had not been called", texts)
    assert "ES-2026-11-29-parliament" in called
    assert "1 October 2026" in called


def test_funds_from_outside_the_union_near_a_vote_are_a_highlight_and_no_verdict(audit_of: Audited) -> None:
    near = {"delivered_from": date(2025, 10, 20), "delivered_until": date(2025, 10, 21)}
    far = {"delivered_from": date(2024, 8, 20), "delivered_until": date(2024, 8, 21)}
    outside = {"funds_union_origin": "outside the Union"}
    rows: list[Row] = [
        {**near, **outside},
        {**far, **outside},
        outside,
        {**near, "funds_union_origin": "inside the Union"},
        near,
    ]
    found = audit_of(Batch("notices", rows))
    (note,) = [one for one in highlights(found.assembled, Options(), verdicts=found.verdicts) if "funds" in one]
    assert note == (
        "3 of 4 (75 %) records with a stated origin of funds name a place outside the Union (1 of them ran in the "
        "three months before a vote; of 1 that is not certain); that breaks no rule by itself."
    )
    assert "daarvan liepen er 1 in de drie maanden voor een stemming; bij 1 is dat niet zeker" in note.nl
    suspects = {one.rule for one in found.counts if one.verdicts["suspect"]}
    assert not suspects, "funds from outside the Union break no rule"
