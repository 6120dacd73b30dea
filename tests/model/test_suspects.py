"""What calls for a person's look: what was seen, and what would settle it, in both languages."""

import pytest

from adaudit.model.vocabulary import Outcome, codes_of, outcome_by_code

SUSPECT = [outcome_by_code()[code] for code in codes_of("suspect")]


@pytest.mark.parametrize("outcome", SUSPECT, ids=lambda one: one.id)
def test_every_reason_says_what_would_settle_it(outcome: Outcome) -> None:
    assert "would settle" in outcome.en
    assert "uitsluitsel" in outcome.nl or "moet blijken" in outcome.nl


def test_a_weaker_indicator_says_that_it_is_one() -> None:
    (reached,) = [one for one in SUSPECT if one.id == "minors_reached"]
    assert "a weaker indicator than settings" in reached.en
    assert "zwakkere aanwijzing dan instellingen" in reached.nl
