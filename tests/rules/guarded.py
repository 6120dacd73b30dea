"""The cases of the guards: where they see something to look into, where nothing, and where they cannot tell."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final

from tests.audit.fictional import Row

from .case import FIRST, NO_DATA, NOT_POLITICAL, PIZZA, Case, Cases

_REACHED: Final[Row] = {"reached_age_min": 13, "reached_age_max": 17}
_LATE: Final = {"intended_from": date(2025, 10, 15), "published_at": datetime(2025, 10, 16, 9, tzinfo=UTC)}
_EARLY, _EDGE = date(2025, 3, 1), date(2025, 7, 29)
_BEFORE_VOTE: Final[Row] = {
    "linked_process_date": date(2025, 10, 29),
    "delivered_from": FIRST,
    "delivered_until": date(2025, 10, 20),
}
_TIMELY: Final = {**_LATE, "published_at": datetime(2025, 10, 15, 23, tzinfo=UTC)}


def _option(dimension: str, value: str, *, excluded: bool = False) -> Row:
    option = {"dimension": dimension, "value": value, "excluded": excluded}
    return {"targeting_parameters": [option], "targeting_parameters_count": 1}


GUARDED: Final[Mapping[str, Cases]] = {
    "targeting_minors": Cases(
        Case({"age_min": 18, "age_restricted": True}, ("ok", "no_indication")),
        (
            Case({"age_min": 13, "age_restricted": True}, ("suspect", "minors_selected")),
            Case({"age_restricted": False}, ("suspect", "minors_not_excluded")),
            Case({"age_restricted": False, **_REACHED}, ("suspect", "minors_not_excluded")),
            Case({"age_min": 13, "age_restricted": True, **_REACHED}, ("suspect", "minors_selected")),
            Case(_REACHED, ("suspect", "minors_reached")),
            Case({"age_min": 18, "age_restricted": True, **_REACHED}, ("suspect", "minors_reached")),
            Case({"age_open_side_unknown": True, **_REACHED}, ("suspect", "minors_reached")),
        ),
        (
            Case({}, ("unknown", "targeting_not_shown")),
            Case({"reached_age_min": 13, "reached_age_max": 24}, ("unknown", "targeting_not_shown")),
            Case({"reached_age_min": 13}, ("unknown", "targeting_not_shown")),
            Case({"reached_age_min": 17, "reached_age_max": 17}, ("unknown", "targeting_not_shown")),
            Case({"countries": ["AT"], **_REACHED}, ("unknown", "targeting_not_shown")),
            Case({"targeting_personal_data": False, **_REACHED}, NO_DATA),
            Case({"age_min": 13, "age_open_side_unknown": True}, ("unknown", "bracket_open")),
            Case({"age_restricted": True}, ("unknown", "bracket_open")),
            Case({"age_min": 13, "age_restricted": True, "targeting_personal_data": False}, NO_DATA),
            Case({"age_min": 13, "age_restricted": True, **PIZZA}, NOT_POLITICAL),
        ),
    ),
    "targeting_no_special_categories": Cases(
        Case(_option("interest", "gardening"), ("ok", "no_indication")),
        (
            Case(_option("interest", "political opinions: left"), ("suspect", "special_political_opinion")),
            Case(_option("segment", "Practising Muslims"), ("suspect", "special_religion_or_belief")),
            Case(_option("segment", "Practising Muslims", excluded=True), ("suspect", "special_religion_or_belief")),
            Case(_option("religion", "yes"), ("suspect", "special_religion_or_belief")),
            Case(_option("segment", "Migrationshintergrund"), ("suspect", "special_racial_or_ethnic_origin")),
            Case(_option("interest", "Chronic illness"), ("suspect", "special_health")),
            Case(_option("interest", "LGBT"), ("suspect", "special_sex_life_or_orientation")),
            Case(_option("keyword", "vakbondsleden"), ("suspect", "special_trade_union_membership")),
            Case({"data_categories": "leeftijd; genetische gegevens"}, ("suspect", "special_genetic_or_biometric")),
            Case({"targeting_statement": "Op religie en op geaardheid: LHBTI."}, ("suspect", "special_several")),
        ),
        (
            Case({}, ("unknown", "options_not_shown")),
            Case(_option("location", "Muslims Street"), ("unknown", "options_not_shown")),
            Case({"targeting_statement": "Niet op religie of gezondheid."}, ("unknown", "options_not_shown")),
            Case(_option("topics of interest", "CRITERIA_INCLUDED"), ("unknown", "options_not_shown")),
            Case({**_option("interest", "gardening"), "custom_audience": True}, ("unknown", "audience_not_described")),
            Case({**_option("interest", "LGBT"), "targeting_personal_data": False}, NO_DATA),
            Case({**_option("interest", "LGBT"), **PIZZA}, NOT_POLITICAL),
        ),
    ),
    "targeting_data_from_subject": Cases(
        Case({"custom_audience": False}, ("ok", "no_indication")),
        (
            Case({"custom_audience": True}, ("suspect", "audience_advertiser_list")),
            Case(_option("customer lists", "CRITERIA_INCLUDED"), ("suspect", "audience_advertiser_list")),
            Case(_option("audience", "Lookalike (NL, 1%)"), ("suspect", "audience_lookalike")),
            Case({"data_categories": "Segmenten van derden"}, ("suspect", "audience_third_party")),
            Case(
                {**_option("advanced demographics", "Commuters"), "custom_audience": False},
                ("suspect", "audience_third_party"),
            ),
        ),
        (
            Case({}, ("unknown", "audiences_not_shown")),
            Case(_option("custom audience", "No"), ("unknown", "audiences_not_shown")),
            Case({"custom_audience": True, "targeting_personal_data": False}, NO_DATA),
            Case({"custom_audience": True, **PIZZA}, NOT_POLITICAL),
        ),
    ),
    "sponsor_eligibility_3_months": Cases(
        Case({**_BEFORE_VOTE, "sponsor_country": "GP", "payer_country": "NL"}, ("ok", "no_indication")),
        (
            Case({**_BEFORE_VOTE, "sponsor_country": "US"}, ("suspect", "sponsor_outside_union")),
            Case(
                {**_BEFORE_VOTE, "sponsor_country": "NO", "payer_country": "NL"}, ("suspect", "sponsor_outside_union")
            ),
            Case({**_BEFORE_VOTE, "sponsor_country": "NL", "payer_country": "US"}, ("suspect", "payer_outside_union")),
            Case({**_BEFORE_VOTE, "payer_country": "US"}, ("suspect", "payer_outside_union")),
        ),
        (
            Case(_BEFORE_VOTE, ("unknown", "sponsor_country_not_shown")),
            Case({**_BEFORE_VOTE, "payer_country": "NL"}, ("unknown", "sponsor_country_not_shown")),
            *(
                Case({**_BEFORE_VOTE, "sponsor_country": code}, ("unknown", "sponsor_country_not_shown"))
                for code in ("America", "EL", "EU", "XX", "us")
            ),
            Case(
                {**_BEFORE_VOTE, "linked_process_date": None, "sponsor_country": "US"}, ("unknown", "vote_not_stated")
            ),
            Case(
                {**_BEFORE_VOTE, "delivered_from": None, "delivered_until": None, "sponsor_country": "US"},
                ("unknown", "three_months_unknown"),
            ),
            Case(
                {**_BEFORE_VOTE, "delivered_from": _EDGE, "delivered_until": _EDGE, "sponsor_country": "US"},
                ("unknown", "three_months_to_check"),
            ),
            Case(
                {**_BEFORE_VOTE, "delivered_from": _EARLY, "delivered_until": _EARLY, "sponsor_country": "US"},
                ("not_applicable", "outside_three_months"),
            ),
            Case({**_BEFORE_VOTE, "sponsor_country": "US", **PIZZA}, NOT_POLITICAL),
        ),
    ),
    "notice_retrievable": Cases(
        Case({**_TIMELY, "revision": 1}, ("ok", "no_indication"), "notices"),
        (Case({**_LATE, "revision": 1}, ("suspect", "published_late"), "notices"),),
        (
            Case({**_LATE, "revision": 2}, ("unknown", "first_version_absent"), "notices"),
            Case(
                {"published_at": _LATE["published_at"], "revision": 1}, ("unknown", "first_version_absent"), "notices"
            ),
        ),
    ),
}
