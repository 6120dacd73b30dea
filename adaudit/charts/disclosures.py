"""The order in which disclosures are shown: by the article that asks for them, as in the law.

A rule that is not listed here is shown all the same, at the end of its group, with the pinpoint that
its verdicts bear.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LABEL, NOTICE, TARGETING, REPOSITORY = "label", "notice", "targeting", "repository"
GROUPS: Final = (LABEL, NOTICE, TARGETING, REPOSITORY)

LISTED: Final = {
    LABEL: (
        ("label_political_statement", "11(1)(a)"),
        ("label_sponsor_identity", "11(1)(b)"),
        ("label_controlling_entity", "11(1)(b)"),
        ("label_linked_process", "11(1)(c)"),
        ("label_targeting_statement", "11(1)(d)"),
        ("label_notice_link", "11(1)(e)"),
    ),
    NOTICE: (
        ("notice_sponsor_name", "12(1)(a)"),
        ("notice_sponsor_email", "12(1)(a)"),
        ("notice_sponsor_postal_address", "12(1)(a)"),
        ("notice_sponsor_establishment", "12(1)(a)"),
        ("notice_sponsor_registration_number", "Annex II.3(1)"),
        ("notice_controlling_entity", "12(1)(a)"),
        ("notice_payer", "12(1)(b)"),
        ("notice_intended_period", "12(1)(c)"),
        ("notice_amount_ad", "12(1)(d)"),
        ("notice_amount_campaign", "12(1)(d)"),
        ("notice_funds_public_private", "12(1)(e)"),
        ("notice_funds_eu_origin", "12(1)(e)"),
        ("notice_methodology", "12(1)(f)"),
        ("notice_methodology_vat", "Annex II.3(8)"),
        ("notice_linked_process", "12(1)(g)"),
        ("notice_official_voting_info", "12(1)(h)"),
        ("notice_repository_link", "12(1)(i)"),
        ("notice_report_mechanism", "12(1)(j)"),
        ("notice_prior_suspension", "12(1)(k)"),
    ),
    TARGETING: (
        ("notice_targeting_statement", "12(1)(l)"),
        ("notice_targeting_logic", "19(1)(c)"),
        ("notice_targeting_groups", "19(1)(c)(i)"),
        ("notice_targeting_data_categories", "19(1)(c)(ii)"),
        ("notice_targeting_goals", "19(1)(c)(iii)"),
        ("notice_targeting_ai", "19(1)(c)(iv)"),
        ("notice_dissemination_period", "19(1)(c)(v)"),
        ("notice_individuals_reached", "19(1)(c)(v)"),
        ("notice_targeting_policy_link", "19(1)(c)(vi)"),
        ("notice_data_rights_interface", "19(1)(e)"),
        ("notice_controller_identity", "Annex II.3(16)"),
        ("notice_reach_views", "12(1)(m)"),
        ("notice_reach_engagements", "12(1)(m)"),
    ),
    REPOSITORY: (
        ("dsa_repository_content", "39(2)(a)"),
        ("dsa_repository_beneficiary", "39(2)(b)"),
        ("dsa_repository_payer", "39(2)(c)"),
        ("dsa_repository_period", "39(2)(d)"),
        ("dsa_repository_targeting", "39(2)(e)"),
        ("dsa_repository_commercial_communications", "39(2)(f)"),
        ("dsa_repository_reach", "39(2)(g)"),
        ("dsa_repository_removed_stub", "39(3)"),
    ),
}


@dataclass(frozen=True)
class Place:
    """Where a disclosure stands: its group, its pinpoint, and its turn among all."""

    group: str
    pinpoint: str
    turn: int


_PLACES: Final = {
    rule: Place(group, pinpoint, turn)
    for turn, (group, rule, pinpoint) in enumerate(
        (group, rule, pinpoint) for group in GROUPS for rule, pinpoint in LISTED[group]
    )
}


def place(rule: str, pinpoint: str = "") -> Place:
    """Where the rule is shown; `pinpoint` is what its verdicts say, for a rule that is not listed."""
    if rule in _PLACES:
        return _PLACES[rule]
    short = pinpoint.rpartition(" with ")[2].removeprefix("Art ").partition(",")[0]
    prefix = rule.partition("_")[0]
    if prefix == "notice":
        group = TARGETING if rule.startswith("notice_targeting") or short.startswith("19") else NOTICE
    else:
        group = {"label": LABEL, "dsa": REPOSITORY}.get(prefix, NOTICE)
    return Place(group, short, len(_PLACES))
