"""The eight gates in their order: where two would stop a record, the earlier one gives the answer."""

from datetime import date
from decimal import Decimal

import pytest

from adaudit.audit.options import Options
from adaudit.law import TTPA
from adaudit.rules import RULES

from .conftest import Audited, JudgeOne
from .fictional import Batch, Row

SWISS: Row = {"countries": ["CH"]}
PIZZA: Row = {"political_basis": None}
REMOVED: Row = {"removed": True}
NATURAL: Row = {"sponsor_kind": "natural"}
NOTHING_CARRIED = frozenset({"a field of no rule"})
FIRST, LAST = date(2025, 10, 1), date(2025, 10, 29)

NEIGHBOURS = {
    "territory before political or not": (
        "notice_sponsor_name",
        ("ads", {**SWISS, **PIZZA}),
        ("not_applicable", "outside_union"),
        ("ads", PIZZA),
        ("unknown", "not_shown_political"),
    ),
    "political or not before removed": (
        "notice_sponsor_name",
        ("ads", {**PIZZA, **REMOVED}),
        ("unknown", "not_shown_political"),
        ("ads", REMOVED),
        ("unknown", "removed_39_3"),
    ),
    "territory before removed": (
        "dsa_repository_content",
        ("ads", {**SWISS, **REMOVED}),
        ("not_applicable", "outside_union"),
        ("ads", REMOVED),
        ("not_applicable", "withheld_39_3"),
    ),
    "removed before the condition": (
        "notice_sponsor_establishment",
        ("ads", {**REMOVED, **NATURAL}),
        ("unknown", "removed_39_3"),
        ("ads", NATURAL),
        ("not_applicable", "natural_person"),
    ),
    "the condition before exposed": (
        "notice_sponsor_establishment",
        ("ads never", NATURAL),
        ("not_applicable", "natural_person"),
        ("ads never", {"sponsor_kind": "legal"}),
        ("not_exposed", "not_exposed"),
    ),
}
CARRIED = {
    "exposed before asked for": (
        "notice_sponsor_name",
        ("ads never", NOTHING_CARRIED, NOTHING_CARRIED),
        ("not_exposed", "not_exposed"),
        ("ads", NOTHING_CARRIED, NOTHING_CARRIED),
        ("unknown", "not_requested"),
    ),
    "asked for, in an export, before present": (
        "notice_sponsor_name",
        ("ads", NOTHING_CARRIED, None),
        ("unknown", "not_in_export"),
        ("ads", None, None),
        ("missing", "empty"),
    ),
    "asked for, in a request, before present": (
        "notice_sponsor_email",
        ("ads", NOTHING_CARRIED, frozenset({"notice_sponsor_name"})),
        ("unknown", "not_requested"),
        ("ads", None, None),
        ("missing", "empty"),
    ),
}
PRESENT = {
    "a filler is told before the form of an address": (
        "notice_sponsor_email",
        {"sponsor_email": "x"},
        ("invalid", "placeholder"),
        {"sponsor_email": "y"},
        ("invalid", "not_an_email"),
    ),
    "zeros are filler before they are a bare number": (
        "notice_sponsor_name",
        {"sponsor_name": "00000000"},
        ("invalid", "placeholder"),
        {"sponsor_name": "00000001"},
        ("invalid", "number_for_name"),
    ),
    "a text that does not parse is told before the open end": (
        "notice_amount_ad",
        {"unreadable": {"amount_ad_low": "much"}, "amount_ad_high": 9},
        ("invalid", "unparsed"),
        {"amount_ad_low": 1, "amount_ad_high": 9},
        ("partial", "range_not_total"),
    ),
}


@pytest.mark.parametrize("pair", NEIGHBOURS)
def test_the_earlier_gate_decides(pair: str, judge_one: JudgeOne) -> None:
    rule, (form, both), earlier, (other, later_only), later = NEIGHBOURS[pair]
    assert judge_one(form, both)[rule] == earlier
    assert judge_one(other, later_only)[rule] == later


@pytest.mark.parametrize("pair", CARRIED)
def test_an_absent_field_is_told_by_the_form_then_by_the_input_then_by_the_record(
    pair: str, judge_one: JudgeOne
) -> None:
    rule, (form, carried, requested), earlier, (other, carries, asks), later = CARRIED[pair]
    assert judge_one(form, {}, carried=carried, requested=requested)[rule] == earlier
    assert judge_one(other, {}, carried=carries, requested=asks)[rule] == later


@pytest.mark.parametrize("pair", PRESENT)
def test_what_stands_in_the_field_is_told_before_the_rule(pair: str, judge_one: JudgeOne) -> None:
    rule, both, earlier, later_only, later = PRESENT[pair]
    assert judge_one("ads", both)[rule] == earlier
    assert judge_one("ads", later_only)[rule] == later


@pytest.mark.parametrize(
    ("countries", "judged"),
    [
        (["CH"], False),
        (["NO"], False),
        (["IS", "LI"], False),
        (["GB"], False),
        (["US", "CH"], False),
        (["NL"], True),
        (["CH", "NL"], True),
        (["GP"], True),
        (["AX"], True),
        (["RE", "CH"], True),
        (["EU"], True),
        (["EEA"], True),
        (None, True),
    ],
)
def test_only_records_shown_in_no_member_state_are_outside(
    countries: list[str] | None, judged: bool, judge_one: JudgeOne
) -> None:
    found = judge_one("ads", {"countries": countries, "beneficiary_name": "Fictional Party", **PIZZA})
    outside = {rule for rule, (_, reason) in found.items() if reason == "outside_union"}
    assert outside == (set() if judged else set(found))
    assert found["dsa_repository_beneficiary"] == (
        ("ok", "disclosed") if judged else ("not_applicable", "outside_union")
    )


def test_of_an_unpolitical_ad_regulation_2024_900_says_nothing_and_the_dsa_everything(judge_one: JudgeOne) -> None:
    found = judge_one("ads", {**PIZZA, "age_min": 13, "age_restricted": True})
    silent = {rule for rule, (_, reason) in found.items() if reason == "not_shown_political"}
    assert silent == {
        name
        for name in found
        if RULES[name].instrument == TTPA and RULES[name].family in {"disclosure", "label", "guard"}
    }
    assert found["dsa_repository_beneficiary"] == ("missing", "empty")
    assert found["targeting_minors"][0] == "unknown"


def test_the_dsa_is_asked_of_its_repositories_alone(judge_one: JudgeOne) -> None:
    of_repository, of_library = judge_one("ads", {}), judge_one("political ads", {})
    asked = {name for name in RULES if name.startswith("dsa_repository")}
    assert asked <= set(of_repository)
    assert not asked & set(of_library)


def test_of_commercial_communications_one_point_of_the_dsa_is_asked(judge_one: JudgeOne) -> None:
    found = judge_one("communications", {"content_shown": True, "commercial_communication": True})
    asked = {name: verdict for name, verdict in found.items() if name.startswith("dsa_repository")}
    assert asked == {"dsa_repository_commercial_communications": ("ok", "disclosed")}
    of_ad = judge_one("ads", {"content_shown": True})["dsa_repository_commercial_communications"]
    assert of_ad == ("not_applicable", "not_a_commercial_communication")


def test_of_a_removed_ad_content_and_people_are_not_asked_and_the_rest_is(judge_one: JudgeOne) -> None:
    found = judge_one("ads", {**REMOVED, "sponsor_name": "Fictional Party", "content_shown": True})
    told = {rule: verdict for rule, verdict in found.items() if verdict[1] in {"removed_39_3", "withheld_39_3"}}
    assert told == {
        **dict.fromkeys(
            ("dsa_repository_content", "dsa_repository_beneficiary", "dsa_repository_payer"),
            ("not_applicable", "withheld_39_3"),
        ),
        **dict.fromkeys(
            (
                "notice_sponsor_name",
                "notice_sponsor_email",
                "notice_sponsor_postal_address",
                "notice_sponsor_establishment",
                "notice_controlling_entity",
                "notice_payer",
            ),
            ("unknown", "removed_39_3"),
        ),
    }
    assert found["dsa_repository_period"] == ("missing", "empty")
    assert found["notice_amount_ad"] == ("missing", "empty")


def test_an_asserted_ad_without_disclosures_is_undeclared_and_a_declared_one_empty(judge_one: JudgeOne) -> None:
    asserted = judge_one("ads", PIZZA, options=Options(political=True))
    assert asserted["notice_sponsor_name"] == ("missing", "undeclared")
    assert asserted["dsa_repository_beneficiary"] == ("missing", "empty"), "the DSA asks it of every ad"
    assert judge_one("ads", {}, options=Options(political=True))["notice_sponsor_name"] == ("missing", "empty")
    named = judge_one("ads", {**PIZZA, "sponsor_name": "Fictional Party"}, options=Options(political=True))
    assert named["notice_sponsor_name"] == ("ok", "disclosed")


def test_an_asserted_ad_is_undeclared_only_where_the_field_was_there(judge_one: JudgeOne) -> None:
    political = Options(political=True)
    assert judge_one("ads never", PIZZA, options=political)["notice_sponsor_name"][0] == "not_exposed"
    found = judge_one("ads", PIZZA, options=political, carried=NOTHING_CARRIED)
    assert found["notice_sponsor_name"] == ("unknown", "not_in_export")


def test_an_asserted_ad_carries_no_label_whoever_it_names(judge_one: JudgeOne) -> None:
    row = {**PIZZA, "sponsor_name": "Fictional Party"}
    found = judge_one("ads", row, options=Options(political=True))
    assert found["label_political_statement"] == ("unknown", "ad_not_seen")
    assert found["label_sponsor_identity"] == ("unknown", "ad_not_seen")


@pytest.mark.parametrize("filler", ["x", "These ads ran without a disclaimer", "An advertiser in Norway", "0000"])
def test_a_filler_in_the_disclaimer_is_no_label(filler: str, judge_one: JudgeOne) -> None:
    assert judge_one("ads", {"sponsor_name": filler})["label_sponsor_identity"] == ("unknown", "ad_not_seen")


@pytest.mark.parametrize(
    ("written", "verdict"),
    [
        ("Nietvantoepassing", ("invalid", "placeholder")),
        ("N/A", ("invalid", "placeholder")),
        ("0000000000", ("invalid", "placeholder")),
        ("THESE ADS RAN WITHOUT A DISCLAIMER", ("missing", "nobody_named")),
        ("an advertiser in Malta", ("missing", "nobody_named")),
        ("X Party", ("ok", "disclosed")),
    ],
)
def test_a_stand_in_is_invalid_and_wording_for_nobody_is_missing(
    written: str, verdict: tuple[str, str], judge_one: JudgeOne
) -> None:
    assert judge_one("ads", {"sponsor_name": written})["notice_sponsor_name"] == verdict


def test_what_does_not_parse_is_invalid_and_never_missing(judge_one: JudgeOne) -> None:
    columns = ("intended_from", "amount_ad_low", "views_low", "engagements")
    found = judge_one("ads", {"unreadable": dict.fromkeys(columns, "??")})
    told = {found[r] for r in ("notice_intended_period", "notice_amount_ad", "notice_reach_views")}
    assert told == {("invalid", "unparsed")}
    assert found["notice_reach_engagements"] == ("invalid", "unparsed")


UNREADABLE = {
    "an end that does not parse is no open end": ({"intended_from": FIRST}, "intended_until", ("invalid", "unparsed")),
    "an end that does not parse is not nothing": ({}, "intended_until", ("invalid", "unparsed")),
    "a good intended period stands whatever the delivered one says": (
        {"intended_from": FIRST, "intended_until": LAST},
        "delivered_from",
        ("ok", "disclosed"),
    ),
    "delivered dates do not mend a declared one": (
        {"delivered_from": FIRST, "delivered_until": LAST},
        "intended_from",
        ("invalid", "unparsed"),
    ),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_of_several_columns_the_one_that_counts_decides(case: str, judge_one: JudgeOne) -> None:
    row, column, verdict = UNREADABLE[case]
    assert judge_one("ads", {**row, "unreadable": {column: "31-02-2025"}})["notice_intended_period"] == verdict


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ("ads partial", "less_than_required"),
        ("ads range", "range_not_total"),
        ("ads bucket", "bucket_not_number"),
        ("ads unverified", "format_not_documented"),
    ],
)
def test_a_field_that_is_not_exact_caps_what_is_good_and_mends_nothing(
    form: str, reason: str, judge_one: JudgeOne
) -> None:
    assert judge_one(form, {"sponsor_name": "Fictional Party"})["notice_sponsor_name"] == ("partial", reason)
    assert judge_one(form, {"sponsor_name": "x"})["notice_sponsor_name"] == ("invalid", "placeholder")
    assert judge_one(form, {"sponsor_name": "12345678"})["notice_sponsor_name"] == ("invalid", "number_for_name")
    row = {"intended_from": FIRST}
    assert judge_one(form, row)["notice_intended_period"] == ("partial", "open_end")


def test_of_an_aggregate_no_disclosure_is_asked_that_it_is_not_made_to_hold(judge_one: JudgeOne) -> None:
    assert judge_one("totals", {})["notice_sponsor_name"] == ("missing", "empty")
    assert "notice_sponsor_name" not in judge_one("totals never", {})
    assert judge_one("ads never", {})["notice_sponsor_name"] == ("not_exposed", "not_exposed")


def test_an_amount_without_currency_is_a_breach_only_where_the_form_shows_currencies(judge_one: JudgeOne) -> None:
    amount = {"amount_ad_low": Decimal(5), "amount_ad_high": Decimal(5)}
    assert judge_one("ads", amount)["amounts_have_currency"] == ("invalid", "currency_missing")
    assert judge_one("ads never", amount)["amounts_have_currency"] == ("unknown", "currency_unseen")
    assert judge_one("ads never", {})["amounts_have_currency"] == ("not_applicable", "nothing_to_compare")


@pytest.mark.parametrize("row", [{}, {"unreadable": {"intended_from": "5 Oct"}}], ids=["empty", "unreadable"])
def test_a_format_never_seen_with_a_value_accuses_nobody(row: Row, judge_one: JudgeOne) -> None:
    assert judge_one("ads unverified", row)["notice_intended_period"] == ("unknown", "format_unverified")


def test_a_value_that_is_there_is_judged_though_the_input_declares_no_such_field(judge_one: JudgeOne) -> None:
    found = judge_one("ads", {"sponsor_name": "Fictional Party"}, carried=NOTHING_CARRIED)
    assert found["notice_sponsor_name"] == ("ok", "disclosed")


def test_forms_and_inputs_of_one_source_are_told_apart(audit_of: Audited) -> None:
    found = audit_of(
        Batch("ads", [{"record_id": "a"}]),
        Batch("ads", [{"record_id": "b"}], carried=NOTHING_CARRIED),
        Batch("ads never", [{"record_id": "c"}]),
        Batch("ads", [{"record_id": "d"}], carried=NOTHING_CARRIED, requested=NOTHING_CARRIED),
        Batch("political ads", [{"record_id": "e"}]),
    ).by_record()
    assert {key[1]: verdicts["notice_sponsor_name"][1] for key, verdicts in found.items()} == {
        "a": "empty",
        "b": "not_in_export",
        "c": "not_exposed",
        "d": "not_requested",
        "e": "empty",
    }
    assert {key[1] for key, verdicts in found.items() if "dsa_repository_reach" in verdicts} == set("abcd")


def test_targeting_without_parameters_is_no_disclosure_of_groups(judge_one: JudgeOne) -> None:
    row = {"targeting_personal_data": True, "targeting_parameters_count": 0}
    assert judge_one("ads", row)["notice_targeting_groups"][0] != "ok"


def test_a_name_after_paid_for_by_is_not_on_whose_behalf(judge_one: JudgeOne) -> None:
    found = judge_one("ads", {"sponsor_name": "Fictional Party", "disclaimer": "Fictional Party", **PIZZA})
    assert found["dsa_repository_beneficiary"] == ("partial", "payer_as_beneficiary")
