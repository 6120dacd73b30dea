"""Every rule and every requirement is explained, with its law, its account and each of its versions."""

import pytest

from adaudit.law import requirements
from adaudit.law.citation import NO_ARTICLE
from adaudit.rules import REPOSITORY, RULES, accounts, every, texts
from adaudit.rules.explanation import changes, explanations


def test_every_rule_and_every_requirement_is_explained_once_in_the_order_of_the_law() -> None:
    assert set(explanations()) == set(every()) | set(requirements())
    assert list(explanations())[: len(requirements())] == list(requirements())


@pytest.mark.parametrize("name", sorted({*every(), *requirements()}))
def test_what_is_explained_is_the_rule_its_requirement_or_why_there_is_no_rule(name: str) -> None:
    one = explanations()[name]
    assert one.rule == every().get(name)
    if one.rule:
        assert one.title == texts()[name]["title"]["en"]
        assert one.title.nl == texts()[name]["title"]["nl"]
        assert one.sentence == one.rule.sentence
        assert (one.requirement is None) == (one.rule.requirement is None)
        assert set(one.pinpoints.values()) == {one.rule.pinpoint(kind) for kind in one.rule.kinds}
        assert bool(one.examples) == (name in RULES)
        assert bool(one.reasons) == (name in REPOSITORY)
    else:
        assert one.requirement == requirements()[name]
        assert one.account == accounts()[name]
        assert one.pinpoints == {"": requirements()[name].pinpoint}
        assert one.examples == {}
        assert one.title is None
        assert (one.sentence is None) == (len(accounts()[name].rules) > 1)


def test_a_rule_on_no_article_says_so() -> None:
    assert explanations()["period_in_order"].pinpoints == {"": NO_ARTICLE}
    assert explanations()["notice_payer"].pinpoints == {
        "ad": "Art 13(2) with Art 12(1)(b)",
        "notice": "Art 12(1)(b)",
    }


@pytest.mark.parametrize("name", sorted(every()))
def test_every_version_of_a_rule_says_what_changed(name: str) -> None:
    told = explanations()[name].changes
    assert list(told) == list(range(2, every()[name].version + 1)), (
        f"{name} is of version {every()[name].version}: say in adaudit/rules/versions.toml what each version after the "
        "first changed"
    )
    for words in told.values():
        assert words.endswith(".")
        assert words.nl.endswith(".")
        assert words != words.nl


def test_no_change_is_told_of_what_is_no_rule() -> None:
    assert set(changes()) <= set(every())
