"""What holds for every rule: its words, its law, and a record for each thing that it can say."""

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from adaudit.law import DSA, NOTICES, TTPA, requirements
from adaudit.model.record import SCHEMA
from adaudit.model.vocabulary import KINDS, outcomes
from adaudit.rules import RULES, every, rules_version, texts
from adaudit.rules.rule import ENGINE_COLUMNS
from tests.audit.fictional import Batch, Row, audited

from .case import Told
from .cases import CASES, NEVER_FAIL

NAMES = sorted(RULES)
CONSISTENCY = {
    "period_in_order",
    "amounts_in_order",
    "amounts_have_currency",
    "media_within_campaign",
    "targeting_answers_agree",
    "shares_sum_to_one",
    "reach_within_bounds",
    "identifier_intact",
    "company_numbers_possible",
    "addresses_complete",
}
GUARDS = {
    "targeting_minors",
    "targeting_no_special_categories",
    "targeting_data_from_subject",
    "sponsor_eligibility_3_months",
    "notice_retrievable",
    "notice_language",
}
ARTICLES = ("Art 11(1)", "Art 12(1)", "Art 39(2)")


def test_every_rule_has_cases_and_every_case_a_rule() -> None:
    assert set(CASES) == set(RULES)


def test_every_disclosure_of_the_articles_of_this_version_has_a_rule() -> None:
    asked = {
        name
        for name, one in requirements().items()
        if one.instrument in (TTPA, DSA) and one.pinpoint.startswith(ARTICLES)
    }
    judged = {name for name, rule in RULES.items() if rule.family in {"disclosure", "label"}}
    assert asked == {name for name in judged if not RULES[name].act.template}


@pytest.mark.parametrize("name", NAMES)
def test_the_id_is_that_of_a_requirement_or_of_the_contract(name: str) -> None:
    rule = RULES[name]
    if rule.family in {"disclosure", "label"}:
        assert rule.requirement == name
        assert name in requirements()
    else:
        assert name in (CONSISTENCY if rule.family == "consistency" else GUARDS)
        assert rule.requirement is None or rule.requirement in requirements()
    assert rule.version >= 1
    assert set(rule.kinds) <= set(KINDS)
    assert rule.kinds


@pytest.mark.parametrize("name", NAMES)
def test_the_sentence_stands_in_the_texts_and_dutch_is_complete(name: str) -> None:
    text = texts()[name]
    assert text["sentence"]["en"] == RULES[name].sentence
    assert RULES[name].sentence.endswith(".")
    for part in ("title", "sentence"):
        assert set(text[part]) == {"en", "nl"}
        assert all(words.strip() == words and words for words in text[part].values())
    assert text["sentence"]["en"] != text["sentence"]["nl"]


def test_no_text_stands_without_a_rule_and_every_outcome_has_both_languages() -> None:
    assert set(texts()) == set(every())
    for one in outcomes().values():
        assert one.en, one.id
        assert one.nl, one.id
        assert one.en != one.nl, one.id


@pytest.mark.parametrize("name", NAMES)
def test_the_pinpoint_names_an_article_and_repositories_rest_on_article_13_2(name: str) -> None:
    rule = RULES[name]
    for kind in rule.kinds:
        pinpoint = rule.pinpoint(kind)
        if rule.requirement is None:
            assert pinpoint == "no single article: consistency of what is disclosed"
            continue
        in_law = requirements()[rule.requirement].pinpoint
        assert in_law.startswith("Annex II.3 " if rule.act.template else "Art ")
        rests_on_13 = kind != "notice" and in_law.startswith("Art 12(1)")
        assert pinpoint == (f"Art 13(2) with {in_law}" if rests_on_13 else in_law)


@pytest.mark.parametrize("name", NAMES)
def test_the_severity_is_what_the_law_makes_of_it(name: str) -> None:
    rule = RULES[name]
    judged = rule.family in {"disclosure", "label"} and rule.requirement is not None
    mandatory = judged and requirements()[str(rule.requirement)].mandatory
    of_template = judged and requirements()[str(rule.requirement)].instrument == NOTICES
    expected = "mandatory" if mandatory else "conditional" if judged else "to_check"
    assert rule.severity == ("template" if of_template else expected)


@pytest.mark.parametrize("name", NAMES)
def test_article_25_5_raises_what_it_names_and_nothing_else(name: str) -> None:
    rule = RULES[name]
    named = rule.instrument == TTPA and rule.requirement is not None
    if named:
        articles = re.findall(r"Art (\d+)", requirements()[str(rule.requirement)].pinpoint)
        named = bool({"5", "7", "11", "12", "13", "15", "16", "18"} & set(articles))
    assert (rule.raised_severity == f"{rule.severity}_last_month") == named
    assert named or rule.raised_severity == rule.severity


@pytest.mark.parametrize("name", NAMES)
def test_every_column_that_the_rule_reads_is_declared(name: str) -> None:
    rule = RULES[name]
    present = pl.any_horizontal(*(pl.col(c).is_not_null() for c in rule.present)) if rule.present else pl.lit(True)
    read = set(rule.expression().meta.root_names())
    for kind in rule.kinds:
        read |= set(rule.condition(kind, present).meta.root_names()) if rule.condition else set()
    read |= set(rule.partly.columns) if rule.partly else set()
    assert read - {"present_mask"} <= set(rule.columns())
    assert set(rule.columns()) <= {*SCHEMA, *ENGINE_COLUMNS}


def test_aggregates_are_judged_on_the_sponsor_and_on_consistency_alone() -> None:
    of_aggregates = {name for name, rule in RULES.items() if "advertiser" in rule.kinds}
    assert of_aggregates <= {"notice_sponsor_name"} | CONSISTENCY
    assert "notice_sponsor_name" in of_aggregates


@pytest.mark.parametrize("name", NAMES)
def test_the_rule_says_of_each_case_what_it_must(name: str, told: Told) -> None:
    cases = CASES[name].all()
    assert [told[name, i] for i in range(len(cases))] == [case.verdict for case in cases]


@pytest.mark.parametrize("name", NAMES)
def test_the_cases_cover_the_best_a_failure_and_where_the_rule_stops(name: str) -> None:
    cases, rule = CASES[name], RULES[name]
    if rule.family == "label":
        assert cases.best and cases.best.verdict[0] == "partial"
    else:
        assert cases.best and cases.best.verdict[0] == "ok"
    assert bool(cases.fails) == (name not in NEVER_FAIL)
    wrong = {"suspect"} if rule.family == "guard" else {"missing", "partial", "invalid"}
    assert {case.verdict[0] for case in cases.fails} <= wrong
    assert cases.stops
    assert {case.verdict[0] for case in cases.stops} <= {"not_applicable", "unknown"}


def _without(name: str, columns: tuple[str, ...]) -> Row:
    best = CASES[name].best
    return {c: value for c, value in best.row.items() if c not in columns} if best else {}


@pytest.fixture(scope="module")
def of_nulls(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """For each rule: its verdicts on its best record without the disclosed values, and on an empty record."""
    emptied = [
        (name, i, {"ad": "ads", "notice": "notices", "advertiser": "totals"}[kind], row)
        for name, rule in RULES.items()
        for kind in rule.kinds
        for i, row in enumerate((_without(name, rule.present or rule.columns()), {}))
    ]
    forms = sorted({form for _, _, form, _ in emptied})
    batches = [
        Batch(form, [{**row, "record_id": f"{name}/{i}"} for name, i, of, row in emptied if of == form])
        for form in forms
    ]
    found = audited(tmp_path_factory.mktemp("nulls"), *batches).by_record()
    verdicts: dict[str, list[str]] = {name: [] for name in RULES}
    for name, i, form, _ in emptied:
        verdicts[name].append(found[form, f"{name}/{i}"][name][0])
    return verdicts


@pytest.mark.parametrize("name", NAMES)
def test_null_never_gives_ok(name: str, of_nulls: dict[str, list[str]]) -> None:
    assert len(of_nulls[name]) == 2 * len(RULES[name].kinds)
    assert "ok" not in of_nulls[name]


def test_the_version_of_the_rules_changes_with_any_rule() -> None:
    assert rules_version() == f"{len(every())}.{sum(rule.version for rule in every().values())}"


def test_minors_are_told_by_the_lowest_voting_age_of_the_countries(tmp_path: Path) -> None:
    def minors(countries: list[str] | None, age: int) -> Row:
        return {"countries": countries, "age_min": age, "age_restricted": True, "delivered_from": date(2025, 11, 1)}

    rows = {
        "16 in Austria is old enough to vote": (minors(["AT"], 16), "ok"),
        "15 in Austria is not one year under 16": (minors(["AT"], 15), "ok"),
        "14 in Austria is": (minors(["AT"], 14), "suspect"),
        "17 in the Netherlands is not one year under 18": (minors(["NL"], 17), "ok"),
        "16 in the Netherlands is": (minors(["NL"], 16), "suspect"),
        "the lowest age of several countries counts": (minors(["NL", "AT"], 16), "ok"),
        "an overseas part votes at the age of its state": (minors(["RE"], 16), "suspect"),
        "the lowest of the Union where no country is stated": (minors(None, 15), "ok"),
        "14 is under every voting age": (minors(None, 14), "suspect"),
    }
    batch = Batch("ads", [{**row, "record_id": name} for name, (row, _) in rows.items()])
    found = audited(tmp_path, batch).by_record()
    assert {name: found["ads", name]["targeting_minors"][0] for name in rows} == {
        name: verdict for name, (_, verdict) in rows.items()
    }
