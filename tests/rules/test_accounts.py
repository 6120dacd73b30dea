"""Every requirement is accounted for: judged by a rule, point by point by several, or said to be beyond all."""

import tomllib
from importlib import resources

import pytest

from adaudit import law
from adaudit.law import judged_through, not_auditable, requirements
from adaudit.rules import REPOSITORY, RULES, Rule, accounts, every, texts
from adaudit.rules import accounts as account_of
from adaudit.rules.accounting import accounts as made


def test_every_requirement_is_judged_or_said_to_be_beyond_all() -> None:
    assert list(accounts()) == list(requirements())
    for name, one in accounts().items():
        assert bool(one.rules) != bool(one.not_auditable), name
        assert one.accounted == ("rule" if one.rules else "not_auditable"), name
        assert set(one.rules) <= set(every()), name
    assert set(not_auditable()) | set(judged_through()) <= set(requirements())


def test_a_requirement_that_is_neither_or_both_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adaudit.rules.accounting.requirements", lambda: {**requirements(), "new_point": None})
    with pytest.raises(ValueError, match="new_point"):
        made.__wrapped__()
    monkeypatch.undo()
    judged_too = {**not_auditable(), "notice_payer": not_auditable()["records_7y"]}
    monkeypatch.setattr("adaudit.rules.accounting.not_auditable", lambda: judged_too)
    with pytest.raises(ValueError, match="notice_payer"):
        made.__wrapped__()


@pytest.mark.parametrize("name", sorted(not_auditable()))
def test_what_no_rule_judges_says_what_it_asks_why_and_what_would_settle_it(name: str) -> None:
    one = not_auditable()[name]
    for words in (one.sentence, one.why, one.would_settle):
        assert words.strip() == words != ""
        assert words.nl.strip() == words.nl != ""
        assert words != words.nl
    assert one.sentence.endswith(".")
    assert one.would_settle.endswith(".")


def test_no_reason_is_left_over() -> None:
    data = tomllib.loads(resources.files("adaudit.law").joinpath("not_auditable.toml").read_text("utf-8"))
    assert set(data["reason"]) == {one.reason for one in not_auditable().values()}


def test_what_asks_for_others_as_a_whole_is_judged_by_their_rules() -> None:
    complete = accounts()["notice_complete"].rules
    assert {"notice_sponsor_name", "notice_amount_ad", "notice_data_rights_interface"} <= set(complete)
    assert not {name for name in complete if not name.startswith("notice_")}
    labels = accounts()["label_information_complete"].rules
    assert set(labels) == {name for name, rule in RULES.items() if rule.family == "label"}


def test_what_rules_on_a_source_as_a_whole_rest_on_is_accounted_for_by_them() -> None:
    for name, rule in REPOSITORY.items():
        for requirement in rule.requirements.values():
            beyond = not_auditable().get(requirement)
            assert (name in accounts()[requirement].rules) == (beyond is None), (name, requirement)
    assert accounts()["dsa_repository_search_api"].rules == ("repository_answers", "repository_complete")
    assert accounts()["dsa_repository_1y"].rules == ("repository_keeps",)
    assert {"repository_answers", "notice_payer"} <= set(accounts()["vlop_repository_art12_info"].rules)


def test_every_requirement_has_one_sentence_in_both_languages() -> None:
    for name, one in account_of().items():
        sentence = one.sentence(texts())
        assert (sentence is None) == (len(one.rules) > 1), name
        assert sentence is None or (sentence and sentence.nl and sentence != sentence.nl), name


def test_a_rule_rests_on_an_act_that_the_law_data_hold() -> None:
    assert {rule.instrument for rule in RULES.values()} <= set(law.instruments())
    assert all(isinstance(rule, Rule) for rule in RULES.values())
