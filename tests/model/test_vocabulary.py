"""Verdicts and outcomes: each reason has one verdict, one code and words in two languages."""

import pytest

from adaudit.model.vocabulary import (
    FINDINGS,
    NOT_JUDGED,
    VERDICTS,
    Outcome,
    code,
    codes_of,
    outcome_by_code,
    outcomes,
)


@pytest.mark.parametrize("outcome", outcomes().values(), ids=str)
def test_outcome_has_a_verdict_and_words(outcome: Outcome) -> None:
    assert outcome.verdict in VERDICTS
    assert outcome.en.strip()
    assert outcome.nl.strip()
    assert outcome.en != outcome.nl


def test_codes_are_positions_and_none_is_not_judged() -> None:
    assert [one.code for one in outcomes().values()] == list(range(1, len(outcomes()) + 1))
    assert NOT_JUDGED not in outcome_by_code()
    assert len(outcomes()) < 256


def test_code_and_outcome_are_inverse() -> None:
    assert all(outcome_by_code()[code(name)].id == name for name in outcomes())
    with pytest.raises(KeyError):
        code("absent")


def test_every_verdict_has_an_outcome() -> None:
    assert all(codes_of(verdict) for verdict in VERDICTS)
    assert sorted(one for verdict in VERDICTS for one in codes_of(verdict)) == sorted(outcome_by_code())
    assert set(FINDINGS) < set(VERDICTS)
