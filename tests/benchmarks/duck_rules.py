"""The rules' own expressions and conditions in SQL, written by hand: what a user of duckdb would write.

`OWN` gives the cases after which a value is `disclosed`, in their order. `CONDITIONS` gives, by the
name of the condition, the cases in which the rule stops; `{present}` stands for "a value is there".
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from adaudit.law import member_state_of
from adaudit.model.segments import ORIGINS, SPECIAL, TOLD, segment_bits
from adaudit.rules.consistency import CURRENCY, REACH_TOLERANCE, SCOPES, SHARES_TOLERANCE
from adaudit.rules.notice_identity import BARE_NUMBER, EMAIL
from adaudit.rules.notice_links import LINK, NO_HOST
from adaudit.rules.notice_money import KNOWN_ORIGIN, KNOWN_SIDE, SAYS_BASIS, SAYS_VAT

Cases = Sequence[tuple[str, str]]
"""(SQL condition, outcome id)."""


def matches(column: str, pattern: str) -> str:
    """Whether the pattern is found in the column."""
    return f"regexp_matches({column}, '{pattern}')"


def _number(column: str) -> Cases:
    return ((matches(column, BARE_NUMBER), "number_for_name"),)


def _no_email(column: str) -> tuple[str, str]:
    return (f"NOT {matches(column, EMAIL)}", "not_an_email")


def _no_link(column: str) -> Cases:
    return ((f"NOT {matches(column, LINK)} OR {matches(column, NO_HOST)}", "not_a_link"),)


def _no_parameters(text: str | None = None) -> Cases:
    empty = "targeting_parameters_count = 0"
    return ((empty if text is None else f"{empty} AND {text} IS NULL", "technique_without_parameters"),)


def _range(name: str, outcome: str) -> Cases:
    return ((f"{name}_high IS NULL OR {name}_low <> {name}_high", outcome),)


SAID_VAT: Final = f"(amount_vat_included IS NOT NULL OR coalesce({matches('amount_method', SAYS_VAT)}, false))"
SAID_BASIS: Final = f"(amount_basis IS NOT NULL OR coalesce({matches('amount_method', SAYS_BASIS)}, false))"
OPEN_END: Final[Cases] = (("coalesce(delivered_until, intended_until) IS NULL", "open_end"),)

OWN: Final[dict[str, Cases]] = {
    "notice_sponsor_name": _number("sponsor_name"),
    "notice_sponsor_email": (_no_email("sponsor_email"),),
    "notice_sponsor_postal_address": (),
    "notice_sponsor_establishment": ((matches("sponsor_establishment", "^[A-Z]{2}$"), "country_only"),),
    "notice_controlling_entity": (
        *_number("controlling_entity_name"),
        ("controlling_entity_email IS NULL", "name_without_contact"),
        _no_email("controlling_entity_email"),
    ),
    "notice_payer": (
        *_number("payer_name"),
        ("payer_email IS NULL", "name_without_contact"),
        _no_email("payer_email"),
    ),
    "notice_intended_period": (
        ("intended_from IS NULL", "delivered_not_intended"),
        ("intended_until IS NULL", "open_end"),
    ),
    "notice_amount_ad": _range("amount_ad", "range_not_total"),
    "notice_amount_campaign": _range("amount_campaign", "range_not_total"),
    "notice_funds_public_private": ((f"NOT {matches('funds_public_private', KNOWN_ORIGIN)}", "unparsed"),),
    "notice_funds_eu_origin": ((f"NOT {matches('funds_union_origin', KNOWN_SIDE)}", "unparsed"),),
    "notice_methodology": (),
    "notice_methodology_vat": (
        (f"NOT {SAID_VAT} AND NOT {SAID_BASIS}", "vat_and_basis_unstated"),
        (f"NOT {SAID_VAT}", "vat_unstated"),
        (f"NOT {SAID_BASIS}", "basis_unstated"),
    ),
    "notice_sponsor_registration_number": (),
    "notice_controller_identity": (),
    "notice_linked_process": (),
    "notice_official_voting_info": _no_link("voting_info_url"),
    "notice_repository_link": _no_link("repository_url"),
    "notice_report_mechanism": (),
    "notice_prior_suspension": (),
    "notice_reach_views": _range("views", "bucket_not_number"),
    "notice_reach_engagements": (),
    "notice_targeting_statement": _no_parameters("targeting_statement"),
    "notice_targeting_logic": (),
    "notice_targeting_groups": _no_parameters(),
    "notice_targeting_data_categories": (),
    "notice_targeting_goals": (
        *_no_parameters("targeting_goals"),
        ("targeting_goals IS NULL", "parameters_not_goals"),
    ),
    "notice_targeting_ai": (),
    "notice_dissemination_period": (*OPEN_END, ("delivered_from IS NULL", "intended_not_delivered")),
    "notice_individuals_reached": (),
    "notice_targeting_policy_link": _no_link("policy_url"),
    "notice_data_rights_interface": _no_link("rights_url"),
    "dsa_repository_content": (),
    "dsa_repository_beneficiary": (
        (matches("coalesce(beneficiary_name, sponsor_name)", BARE_NUMBER), "number_for_name"),
        ("beneficiary_name IS NULL", "payer_as_beneficiary"),
    ),
    "dsa_repository_payer": _number("payer_name"),
    "dsa_repository_period": OPEN_END,
    "dsa_repository_targeting": (),
    "dsa_repository_commercial_communications": (),
    "dsa_repository_reach": (("people_reached_low IS NULL AND delivery_reach_low IS NOT NULL", "no_total_reach"),),
}


def _payer(kind: str) -> Cases:
    return (("NOT ({present})", "none_declared" if kind == "notice" else "condition_unseen"),)


def _part_of_campaign(kind: str) -> Cases:
    return () if kind == "notice" else (("NOT ({present}) AND campaign_id IS NULL", "condition_unseen"),)


def _vote(kind: str) -> Cases:
    linked = "({present}) OR linked_process IS NOT NULL" if kind == "notice" else "{present}"
    return (("linked_process_none", "no_process_linked"), (f"NOT ({linked})", "condition_unseen"))


def _natural(_: str) -> Cases:
    unseen = "NOT (({present}) OR coalesce(sponsor_kind = 'legal', false))"
    return (("sponsor_kind = 'natural'", "natural_person"), (unseen, "condition_unseen"))


CONDITIONS: Final[dict[str, Callable[[str], Cases]]] = {
    "controlled_by_another": _payer,
    "payer_differs": _payer,
    "registered": _payer,
    "made_public": lambda _: (("NOT ({present})", "condition_unseen"),),
    "no_natural_person": _natural,
    "part_of_campaign": _part_of_campaign,
    "process_linked": lambda _: (("linked_process_none", "no_process_linked"), ("NOT ({present})", "condition_unseen")),
    "vote_linked": _vote,
    "repository_established": lambda _: (("NOT ({present})", "repository_not_established"),),
    "was_suspended": lambda _: (("NOT prior_suspension", "none_declared"), ("NOT ({present})", "condition_unseen")),
    "personal_data_used": lambda _: (
        ("NOT targeting_personal_data", "no_personal_data_targeting"),
        ("targeting_personal_data IS NULL", "personal_data_unseen"),
    ),
    "unless_without_personal_data": lambda _: (("NOT targeting_personal_data", "no_personal_data_targeting"),),
    "feasible": lambda kind: () if kind == "ad" else (("NOT ({present})", "condition_unseen"),),
    "commercial_communication": lambda _: (
        ("NOT coalesce(commercial_communication, false)", "not_a_commercial_communication"),
    ),
}

MINORS: Final[Cases] = (
    ("NOT coalesce(age_open_side_unknown, false) AND NOT age_restricted", "minors_not_excluded"),
    ("NOT coalesce(age_open_side_unknown, false) AND age_min < {voting_age} - 1", "minors_selected"),
    ("reached_age_min < {voting_age} - 1 AND reached_age_max < {voting_age}", "minors_reached"),
    ("age_open_side_unknown", "bracket_open"),
    ("age_restricted IS NULL AND age_min IS NULL", "targeting_not_shown"),
    ("age_min IS NULL", "bracket_open"),
)


def _touched(*names: str) -> str:
    return f"(coalesce(segments_mask, 0::USMALLINT) & {segment_bits(*names)}::USMALLINT)"


ELIGIBLE: Final[Cases] = (
    (f"sponsor_country IS NULL OR NOT {matches('sponsor_country', '^[A-Z]{2}$')}", "sponsor_country_not_shown"),
    (f"sponsor_country NOT IN {tuple(sorted(member_state_of()))}", "sponsor_outside_union"),
)
"""Without the windows before votes: the records that are compared name no country outside the Union."""

SEGMENTED: Final[dict[str, Cases]] = {
    "targeting_no_special_categories": (
        (f"bit_count({_touched(*SPECIAL)}) > 1", "special_several"),
        *((f"{_touched(name)} <> 0", f"special_{name}") for name in SPECIAL),
        (f"custom_audience OR {_touched(*ORIGINS)} <> 0", "audience_not_described"),
        (f"{_touched(TOLD)} = 0", "options_not_shown"),
    ),
    "targeting_data_from_subject": (
        (f"{_touched('third_party')} <> 0", "audience_third_party"),
        (f"{_touched('lookalike')} <> 0", "audience_lookalike"),
        (f"custom_audience OR {_touched('advertiser_list')} <> 0", "audience_advertiser_list"),
        ("custom_audience IS NULL", "audiences_not_shown"),
    ),
    "sponsor_eligibility_3_months": ELIGIBLE,
}


def retrievable(applies: date) -> Cases:
    """The cases of `notice_retrievable`."""
    first = "CAST(first_published_at AS DATE)"
    absent = "first_published_at IS NULL OR intended_from IS NULL"
    late = f"{first} > greatest(intended_from, DATE '{applies}')"
    return ((absent, "first_version_absent"), (late, "published_late"))


LANGUAGES: Final[Cases] = (
    ("languages_apart IS NOT NULL", "language_differs"),
    ("languages_compared IS NULL", "language_unstated"),
)
"""The cases of `notice_language`."""


@dataclass(frozen=True)
class Compared:
    """A consistency rule: the cases of contradiction, and when the values can be compared at all."""

    cases: Cases
    comparable: str


def _any(*parts: str) -> str:
    return "(" + " OR ".join(parts) + ")"


AMOUNTS: Final = _any(*(f"amount_{scope}_low IS NOT NULL" for scope in SCOPES))
UNORDERED: Final = _any(
    *(f"amount_{scope}_low > amount_{scope}_high OR amount_{scope}_low < 0" for scope in SCOPES),
)
REACH: Final = (
    f"delivery_reach_low > people_reached_high * {1 + REACH_TOLERANCE!r}::DOUBLE",
    f"delivery_reach_low < people_reached_low * {1 - REACH_TOLERANCE!r}::DOUBLE",
    f"views_high < people_reached_low * {1 - REACH_TOLERANCE!r}::DOUBLE",
)
TECHNIQUES: Final[Cases] = (
    ("targeting_declared_none AND targeting_parameters_count > 0", "none_beside_techniques"),
    ("NOT targeting_declared_none AND targeting_parameters_count = 0", "technique_without_parameters"),
)

COMPARED: Final[dict[str, Compared]] = {
    "period_in_order": Compared(
        (("intended_from > intended_until OR delivered_from > delivered_until", "ends_before_start"),),
        "((intended_from IS NOT NULL AND intended_until IS NOT NULL)"
        " OR (delivered_from IS NOT NULL AND delivered_until IS NOT NULL))",
    ),
    "amounts_in_order": Compared(((UNORDERED, "out_of_order"),), AMOUNTS),
    "amounts_have_currency": Compared(
        ((f"{AMOUNTS} AND NOT coalesce({matches('amount_currency', CURRENCY)}, false)", "currency_missing"),), AMOUNTS
    ),
    "media_within_campaign": Compared(
        (("amount_media_low > amount_campaign_high", "media_above_campaign"),),
        "(amount_media_low IS NOT NULL AND amount_campaign_high IS NOT NULL)",
    ),
    "targeting_answers_agree": Compared(
        TECHNIQUES, "(targeting_declared_none IS NOT NULL AND targeting_parameters_count IS NOT NULL)"
    ),
    "shares_sum_to_one": Compared(
        ((f"abs(shares_sum - 1) > {SHARES_TOLERANCE!r}::DOUBLE", "shares_off"),), "(shares_sum IS NOT NULL)"
    ),
    "reach_within_bounds": Compared(
        ((_any(*REACH), "reach_out_of_bounds"),), _any(*(f"({part}) IS NOT NULL" for part in REACH))
    ),
    "identifier_intact": Compared(
        (("identifier_damaged", "identifier_damaged"), ("identifier_recovered", "identifier_recovered")),
        "(identifier_damaged IS NOT NULL)",
    ),
    "company_numbers_possible": Compared((("numbers_wrong IS NOT NULL", "number_impossible"),), "numbers_checked"),
    "addresses_complete": Compared(
        (
            ("contains(addresses_lacking, 'street')", "address_without_street"),
            ("contains(addresses_lacking, 'country')", "address_without_country"),
            ("addresses_lacking IS NOT NULL", "address_incomplete"),
        ),
        "addresses_in_parts",
    ),
}
