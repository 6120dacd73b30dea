"""The law as data: complete, quoted, dated, and no wider than the texts."""

import re
import tomllib
from datetime import date
from importlib import resources

import pytest

from adaudit import law
from adaudit.audit.facts import in_union, voting_age
from adaudit.language import in_language
from adaudit.law import acts, requirements
from adaudit.law.acts import Designation
from adaudit.law.votes import KINDS
from adaudit.model.countries import codes

OF_THE_UNION = set(
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split()  # noqa: SIM905
)
PARTS = {"GF": "FR", "GP": "FR", "MF": "FR", "MQ": "FR", "RE": "FR", "YT": "FR", "AX": "FI"}
OUTSIDE = "GB CH NO IS LI UA RS TR US GL FO SX CW AW NC PF BL PM WF GI".split()  # noqa: SIM905


def test_all_ninety_nine_requirements_are_there_with_the_words_of_the_law() -> None:
    assert len(law.requirements()) == 99
    for name, one in law.requirements().items():
        assert re.fullmatch(r"[a-z0-9_]+", name)
        assert one.quote.strip(), name
        assert one.pinpoint.strip(), name
        assert one.evidence.strip(), name
        assert one.applies_from or one.applies_note, f"{name}: a day, or why there is none"


def test_no_requirement_of_regulation_2024_900_applies_before_its_day() -> None:
    days = {one.applies_from for one in law.requirements().values() if one.instrument == law.TTPA}
    assert {day for day in days if day is not None and day < date(2025, 10, 10)} <= {date(2024, 4, 9)}
    assert {
        law.TTPA: date(2025, 10, 10),
        law.NOTICES: date(2025, 10, 10),
        law.DSA: date(2024, 2, 17),
        law.AI_ACT: date(2026, 8, 2),
    } == law.APPLIES


def test_the_european_repository_has_not_been_announced() -> None:
    assert law.repository_established_on() is None


def test_every_requirement_applies_from_the_day_of_its_act_or_says_why_not() -> None:
    for name, one in requirements().items():
        assert one.instrument in law.instruments(), name
        assert one.applies_from in (law.APPLIES.get(one.instrument), None), name


def test_acts_of_one_binding_apply_from_one_day() -> None:
    by_binding: dict[str, set[date | None]] = {}
    for one in law.instruments().values():
        by_binding.setdefault(one.binding, set()).add(one.applies)
    assert {binding for binding, days in by_binding.items() if len(days) > 1} == set()
    assert law.instruments()[law.TTPA].raised == (5, 7, 11, 12, 13, 15, 16, 18), "Art 25(5)"
    assert [name for name, one in law.instruments().items() if one.template] == [law.NOTICES]


def test_no_designation_is_claimed_without_a_source() -> None:
    assert law.designations() == {}, "none is stated in a text that was read"


def test_a_platform_designated_early_is_bound_four_months_later(monkeypatch: pytest.MonkeyPatch) -> None:
    early = Designation("fictional", date(2023, 4, 25), "a fictional reference")
    late = Designation("later", date(2024, 1, 31), "a fictional reference")
    monkeypatch.setattr(acts, "designations", lambda: {"fictional": early, "later": late})
    assert law.since("dsa", "fictional") == law.Since(date(2023, 8, 25), date(2023, 8, 25))
    assert law.since("dsa", "later") == law.Since(date(2024, 2, 17), date(2024, 2, 17)), "no later than everybody"
    assert law.since("dsa", "unknown") == law.Since(date(2024, 2, 17), date(2022, 10, 27))
    assert law.since("ttpa", "fictional") == law.Since(date(2025, 10, 10), date(2025, 10, 10))
    assert law.since("ai", "fictional") == law.Since(date(2026, 8, 2), date(2026, 8, 2))
    assert law.since("repository", "fictional") is None


def test_the_union_is_its_member_states_and_their_outermost_parts() -> None:
    assert law.member_states() == {*OF_THE_UNION, *PARTS}
    assert {part: law.member_state_of()[part] for part in PARTS} == PARTS
    assert law.member_states() <= codes()


@pytest.mark.parametrize("code", OUTSIDE)
def test_overseas_countries_and_third_countries_are_not_the_union(code: str) -> None:
    assert not in_union(code)
    assert in_union(f"{code},NL")


def test_voting_ages_are_known_for_every_member_state_and_never_above_eighteen() -> None:
    ages = law.lowest_voting_ages()
    assert set(ages) == set(OF_THE_UNION)
    assert set(ages.values()) <= {16, 17, 18}
    assert {state: ages[state] for state in ("AT", "MT", "GR", "NL")} == {"AT": 16, "MT": 16, "GR": 17, "NL": 18}


@pytest.mark.parametrize(("key", "age"), [("NL", 18), ("NL,AT", 16), ("RE", 18), ("CH", 16), (None, 16), ("AX", 18)])
def test_the_lowest_voting_age_of_the_states_counts(key: str | None, age: int) -> None:
    assert voting_age(key) == age


def test_elections_are_in_the_order_of_their_days_and_name_their_source() -> None:
    found = list(law.elections().values())
    assert [(one.day, one.id) for one in found] == sorted((one.day, one.id) for one in found)
    for one in found:
        assert one.country in {*OF_THE_UNION, "EU"}
        assert one.status.split()[0] in {"official", "secondary"}
        assert one.source.strip()
        assert one.id.startswith(f"{one.country}-")
        assert one.kind in KINDS
        assert one.called_on is None or one.called_on < one.day
    assert law.elections()["NL-2025-10-29-parliament"].day == date(2025, 10, 29)


def test_what_was_not_read_is_never_quoted_as_law() -> None:
    unread = [one for one in law.requirements().values() if "UNVERIFIED" in f"{one.pinpoint}{one.quote}"]
    assert {one.instrument for one in unread} <= {"Implementing Regulation (EU) 2026/818"}
    assert {one.id for one in unread} == {"repository_metadata_groups"}


def test_every_explanation_has_a_dutch_wording_and_no_wording_is_left_over() -> None:
    dutch = tomllib.loads(resources.files("adaudit.law").joinpath("dutch.toml").read_text("utf-8"))
    assert set(dutch) == {"applies_when", "applies_note", "bound", "evidence"}
    for name, words in dutch.items():
        english = {str(getattr(one, name)) for one in requirements().values()} - {""}
        assert set(words) == english, name
        assert not [text for text in words.values() if not text.strip()], name


def test_an_explanation_is_english_as_text_and_dutch_on_request() -> None:
    payer = requirements()["notice_payer"]
    assert payer.bound == "publisher (source: sponsor)"
    assert in_language(payer.bound, "nl") == "uitgever van politieke reclame (gegevens van de opdrachtgever)"
    assert in_language(payer.applies_when, "en") == payer.applies_when
