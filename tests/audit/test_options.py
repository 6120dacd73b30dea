"""Filters say what they leave out; assertions of the user are told apart from what the source declares."""

from datetime import date
from pathlib import Path

import pytest

from adaudit.audit.options import Options
from adaudit.errors import UsageError

from .conftest import Audited, JudgeOne
from .fictional import Batch, Judged, Row

OCTOBER = {"delivered_from": date(2025, 10, 1), "delivered_until": date(2025, 10, 31)}


def kept(found: Judged) -> list[str]:
    return found.records()["record_id"].to_list()


def test_a_country_keeps_the_records_shown_there_and_counts_the_others(audit_of: Audited) -> None:
    rows: list[Row] = [
        {"record_id": "a", "countries": ["NL"]},
        {"record_id": "b", "countries": ["BE", "NL"]},
        {"record_id": "c", "countries": ["BE"]},
        {"record_id": "d", "countries": None},
    ]
    found = audit_of(Batch("ads", rows), options=Options(country="NL"))
    assert kept(found) == ["a", "b"]
    assert found.assembled.left_out == {"--country NL": 2}
    assert found.assembled.total == 2
    assert {one.records for one in found.counts if one.rule == "notice_amount_ad"} == {2}


DATED: list[Row] = [
    {"record_id": "before", "delivered_from": date(2025, 9, 1), "delivered_until": date(2025, 9, 30)},
    {"record_id": "in", **OCTOBER},
    {"record_id": "open", "delivered_from": date(2025, 1, 1)},
    {"record_id": "only an end", "intended_until": date(2025, 10, 1)},
    {"record_id": "undated"},
    {"record_id": "after", "delivered_from": date(2025, 11, 1), "delivered_until": date(2025, 11, 2)},
]


def test_since_and_until_keep_what_ran_on_a_day_between_them(audit_of: Audited) -> None:
    since, until = date(2025, 10, 1), date(2025, 10, 31)
    found = audit_of(Batch("ads", DATED), options=Options(since=since, until=until))
    assert kept(found) == ["in", "only an end", "open"]
    assert found.assembled.left_out == {"--since 2025-10-01": 2, "--until 2025-10-31": 1}


def test_the_first_and_the_last_day_belong_to_the_period(audit_of: Audited) -> None:
    rows: list[Row] = [{"record_id": "in", **OCTOBER}]
    assert kept(audit_of(Batch("ads", rows), options=Options(since=date(2025, 10, 31)))) == ["in"]
    assert kept(audit_of(Batch("ads", rows), options=Options(until=date(2025, 10, 1)))) == ["in"]
    assert kept(audit_of(Batch("ads", rows), options=Options(since=date(2025, 11, 1)))) == []
    assert kept(audit_of(Batch("ads", rows), options=Options(until=date(2025, 9, 30)))) == []


def test_an_election_keeps_what_the_source_itself_links_to_it(audit_of: Audited) -> None:
    rows: list[Row] = [
        {"record_id": "a", "linked_process": "Tweede Kamerverkiezingen 2025"},
        {"record_id": "b", "linked_process": "Gemeenteraadsverkiezingen 2026"},
        {"record_id": "c"},
    ]
    batch = Batch("statements", rows, source="politiekereclame_nl")
    found = audit_of(batch, options=Options(election="NL-2025-10-29-parliament"))
    assert kept(found) == ["a"]
    assert found.assembled.left_out == {"--election NL-2025-10-29-parliament": 2}
    elsewhere = audit_of(Batch("notices", rows), options=Options(election="NL-2025-10-29-parliament"))
    assert kept(elsewhere) == [], "the words of one source are not those of another"


def test_an_unknown_election_is_wrong_use_and_names_those_of_the_country(audit_of: Audited) -> None:
    with pytest.raises(UsageError, match="NL-2025-10-29-parliament"):
        audit_of(Batch("notices", [{}]), options=Options(election="NL-2025"))


def test_political_actors_are_asserted_by_page_account_or_name_and_by_nothing_else(
    audit_of: Audited, tmp_path: Path
) -> None:
    actors = tmp_path / "actors.csv"
    actors.write_text("\ufeffname,page id\nFICTIONAL PARTY ,123456789012345678\n\n", encoding="utf-8")
    rows: list[Row] = [
        {"record_id": "by id", "account_id": "123456789012345678"},
        {"record_id": "by page", "account_name": "Fictional Party"},
        {"record_id": "by sponsor", "sponsor_name": "fictional party"},
        {"record_id": "like it", "account_name": "Fictional Party of Pizza"},
        {"record_id": "number near it", "account_id": "123456789012345679"},
        {"record_id": "labelled", "account_name": "Fictional Party", "political_basis": "declared"},
    ]
    batch = Batch("ads", [{"political_basis": None, **row} for row in rows])
    found = audit_of(batch, options=Options(political_actors=actors)).records()
    basis: dict[str, str] = dict(found.select("record_id", "political_basis").iter_rows())
    assert basis == {
        "by id": "asserted",
        "by page": "asserted",
        "by sponsor": "asserted",
        "like it": None,
        "number near it": None,
        "labelled": "declared",
    }


def test_names_of_countries_and_platforms_beside_the_actors_assert_nothing(audit_of: Audited, tmp_path: Path) -> None:
    actors = tmp_path / "actors.csv"
    header = "id,name,countries.name,advertisers_platforms.advertiser_platform_ref,platforms.name"
    actors.write_text(f"{header}\n0a1b,Fictional Party,Netherlands,123456789012345678,Facebook\n", encoding="utf-8")
    names = {"Fictional Party": "asserted", "Netherlands": None, "Facebook": None}
    rows: list[Row] = [{"record_id": name, "account_name": name, "political_basis": None} for name in names]
    rows.append({"record_id": "by id", "account_id": "123456789012345678", "political_basis": None})
    found = audit_of(Batch("ads", rows), options=Options(political_actors=actors)).records()
    assert dict(found.select("record_id", "political_basis").iter_rows()) == {**names, "by id": "asserted"}


@pytest.mark.parametrize("content", [b"", b" \n,,\n", b"\xff\xfe\x00"])
def test_a_file_that_names_nobody_is_wrong_use(content: bytes, audit_of: Audited, tmp_path: Path) -> None:
    actors = tmp_path / "actors.csv"
    actors.write_bytes(content)
    with pytest.raises(UsageError, match=r"--political-actors: actors\.csv"):
        audit_of(Batch("ads", [{}]), options=Options(political_actors=actors))


def test_an_assumed_country_fills_what_is_not_stated_and_only_that(audit_of: Audited) -> None:
    rows: list[Row] = [{"record_id": "a", "countries": None}, {"record_id": "b", "countries": ["NL"]}]
    found = audit_of(Batch("ads", rows), options=Options(assume_country="ch"))
    assert found.records()["countries"].to_list() == [["CH"], ["NL"]]
    assert found.records()["country_stated"].to_list() == [False, True], "that it was not stated stays visible"
    reasons = {record: verdicts["notice_amount_ad"][1] for (_, record), verdicts in found.by_record().items()}
    assert reasons == {"a": "outside_union", "b": "empty"}


def test_an_assumed_country_counts_for_filters_and_voting_ages(audit_of: Audited, judge_one: JudgeOne) -> None:
    rows: list[Row] = [{"record_id": "a", "countries": None}]
    assert kept(audit_of(Batch("ads", rows), options=Options(assume_country="AT", country="AT"))) == ["a"]
    young: Row = {"countries": None, "age_min": 16, "age_restricted": True}
    assert judge_one("ads", young, options=Options(assume_country="NL"))["targeting_minors"][0] == "suspect"
    assert judge_one("ads", young, options=Options(assume_country="AT"))["targeting_minors"][0] == "ok"


def test_options_are_written_without_a_path_of_the_machine() -> None:
    written = Options(political_actors=Path("/somewhere/private/actors.csv"), since=date(2025, 10, 1)).as_written()
    assert written["political_actors"] == "actors.csv"
    assert written["since"] == "2025-10-01"
    assert set(written) == set(vars(Options()))


def test_the_filters_apply_to_the_latest_version(audit_of: Audited) -> None:
    rows: list[Row] = [
        {"record_id": "a", "countries": ["NL"], "revision": 1},
        {"record_id": "a", "countries": ["BE"], "revision": 2},
    ]
    found = audit_of(Batch("notices", rows), options=Options(country="NL"))
    assert (kept(found), found.assembled.superseded) == ([], 1)
    assert found.assembled.left_out == {"--country NL": 1}
