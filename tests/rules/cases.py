"""For every rule: records for which it is well disclosed, for which it fails, and for which it does not speak out.

All are judged by the real engine in one run of the fictional library.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from adaudit.rules import RULES
from tests.audit.fictional import Row

from .case import (
    AGREE,
    DISCLOSED,
    EMPTY,
    FIRST,
    LAST,
    NO_DATA,
    NO_WORD_ON_DATA,
    NOT_POLITICAL,
    NOT_SEEN,
    NOTHING,
    OUTSIDE,
    PIZZA,
    REMOVED,
    SWISS,
    UNSEEN,
    USED,
    Case,
    Cases,
)
from .guarded import GUARDED


def _disclosed(
    good: Row, *bad: tuple[Row, str, str], stops: tuple[Case, ...] = (), always: Row | None = None, form: str = "ads"
) -> Cases:
    always = always or {}
    return Cases(
        Case({**always, **good}, DISCLOSED, form),
        tuple(Case({**always, **row}, (verdict, reason), form) for row, verdict, reason in bad),
        stops or (Case({**good, **PIZZA}, NOT_POLITICAL, form), Case({**good, **SWISS}, OUTSIDE, form)),
    )


def _targeting(good: Row, *bad: tuple[Row, str, str]) -> Cases:
    stops = (Case({**good, "targeting_personal_data": False}, NO_DATA), Case(good, NO_WORD_ON_DATA))
    return _disclosed(good, ({}, *EMPTY), *bad, stops=stops, always=USED)


def _label(good: Row) -> Cases:
    return Cases(
        Case(good, ("partial", "disclaimer_field_only")),
        (),
        (Case({}, NOT_SEEN), Case({**good, **PIZZA}, NOT_POLITICAL), Case({**good, **SWISS}, OUTSIDE)),
    )


def _agrees(good: Row, *bad: tuple[Row, str], form: str = "ads") -> Cases:
    return Cases(
        Case(good, AGREE, form),
        tuple(Case(row, ("invalid", reason), form) for row, reason in bad),
        (Case({}, NOTHING, form), Case({**good, **SWISS}, OUTSIDE, form)),
    )


def _person(name: str, removed: str, *stops: Case, contact: str | None = None) -> Cases:
    reachable: Row = {contact: "office@example.org"} if contact else {}
    alone = (
        (
            Case({name: "Fictional Party"}, ("partial", "name_without_contact")),
            Case({name: "Fictional Party", contact: "office.example.org"}, ("invalid", "not_an_email")),
        )
        if contact
        else ()
    )
    return Cases(
        Case({name: "Fictional Party", **reachable}, DISCLOSED),
        (
            *alone,
            Case({name: "12345678"}, ("invalid", "number_for_name")),
            Case({name: "x"}, ("invalid", "placeholder")),
            Case({name: "0000000000"}, ("invalid", "placeholder")),
            Case({name: "These ads ran without a disclaimer"}, ("missing", "nobody_named")),
            Case({name: "An advertiser in Norway"}, ("missing", "nobody_named")),
        ),
        (Case({name: "Fictional Party", **REMOVED}, _removed(removed)), *stops),
    )


def _removed(reason: str) -> tuple[str, str]:
    return ("unknown" if reason == "removed_39_3" else "not_applicable", reason)


def _link(column: str, *stops: Case, always: Row | None = None) -> Cases:
    return _disclosed(
        {column: "https://example.org/page"},
        ({column: "on our website"}, "invalid", "not_a_link"),
        ({column: "https://www"}, "invalid", "not_a_link"),
        ({column: "www.party"}, "invalid", "not_a_link"),
        ({column: "n.v.t."}, "invalid", "placeholder"),
        stops=stops,
        always=always,
    )


def _amount(scope: str) -> tuple[Row, tuple[tuple[Row, str, str], ...]]:
    low, high = f"amount_{scope}_low", f"amount_{scope}_high"
    return {low: 100, high: 100}, (
        ({low: 100, high: 199}, "partial", "range_not_total"),
        ({low: 100}, "partial", "range_not_total"),
        ({"unreadable": {low: "a lot"}}, "invalid", "unparsed"),
    )


_AD, _CAMPAIGN = _amount("ad"), _amount("campaign")

_GIVEN: Final[Mapping[str, Cases]] = {
    "notice_sponsor_name": _person("sponsor_name", "removed_39_3"),
    "notice_sponsor_email": _disclosed(
        {"sponsor_email": "office@example.org"},
        ({}, *EMPTY),
        ({"sponsor_email": "ask at the office"}, "invalid", "not_an_email"),
        ({"sponsor_email": "office@example"}, "invalid", "not_an_email"),
        stops=(Case({"sponsor_email": "office@example.org", **REMOVED}, _removed("removed_39_3")),),
    ),
    "notice_sponsor_registration_number": Cases(
        Case({"sponsor_registration": "12"}, DISCLOSED, "notices"),
        (Case({"sponsor_registration": "x"}, ("invalid", "placeholder"), "notices"),),
        (
            Case({}, ("not_applicable", "none_declared"), "notices"),
            Case({"sponsor_registration": "12", **SWISS}, OUTSIDE, "notices"),
        ),
    ),
    "notice_controller_identity": Cases(
        Case({**USED, "data_controller_name": "Fictional Foundation"}, DISCLOSED, "notices"),
        (
            Case(USED, EMPTY, "notices"),
            Case({**USED, "data_controller_name": "x"}, ("invalid", "placeholder"), "notices"),
        ),
        (
            Case({"targeting_personal_data": False}, NO_DATA, "notices"),
            Case({"data_controller_name": "Fictional Foundation"}, NO_WORD_ON_DATA, "notices"),
        ),
    ),
    "notice_sponsor_postal_address": _disclosed(
        {"sponsor_postal_address": "Long Street 1, 1234 AB Town"},
        ({"sponsor_postal_address": "-"}, "invalid", "placeholder"),
        stops=(Case({}, UNSEEN), Case({**REMOVED}, _removed("removed_39_3"))),
    ),
    "notice_sponsor_establishment": _disclosed(
        {"sponsor_establishment": "Long Street 1, 1234 AB Town"},
        ({"sponsor_establishment": "NL"}, "partial", "country_only"),
        ({"sponsor_kind": "legal"}, *EMPTY),
        stops=(Case({"sponsor_kind": "natural"}, ("not_applicable", "natural_person")), Case({}, UNSEEN)),
    ),
    "notice_controlling_entity": _person(
        "controlling_entity_name",
        "removed_39_3",
        Case({}, UNSEEN),
        Case({}, ("not_applicable", "none_declared"), "notices"),
        contact="controlling_entity_email",
    ),
    "notice_payer": _person(
        "payer_name",
        "removed_39_3",
        Case({}, UNSEEN),
        Case({}, ("not_applicable", "none_declared"), "notices"),
        contact="payer_email",
    ),
    "notice_intended_period": _disclosed(
        {"intended_from": FIRST, "intended_until": LAST},
        ({"intended_from": FIRST}, "partial", "open_end"),
        ({"intended_until": LAST}, "partial", "no_start"),
        ({"delivered_from": FIRST, "delivered_until": LAST}, "partial", "delivered_not_intended"),
        ({"unreadable": {"intended_from": "31-02-2025"}}, "invalid", "unparsed"),
        ({}, *EMPTY),
    ),
    "notice_amount_ad": _disclosed(_AD[0], *_AD[1], ({}, *EMPTY)),
    "notice_amount_campaign": _disclosed(
        _CAMPAIGN[0],
        *_CAMPAIGN[1],
        ({"campaign_id": "7"}, *EMPTY),
        stops=(Case({}, UNSEEN), Case({**_CAMPAIGN[0], **PIZZA}, NOT_POLITICAL)),
    ),
    "notice_funds_public_private": _disclosed(
        {"funds_public_private": "public and private"},
        ({}, *EMPTY),
        ({"funds_public_private": "from members"}, "invalid", "unparsed"),
    ),
    "notice_funds_eu_origin": _disclosed(
        {"funds_union_origin": "outside the Union"},
        ({}, *EMPTY),
        ({"funds_union_origin": "from members"}, "invalid", "unparsed"),
    ),
    "notice_methodology": _disclosed(
        {"amount_method": "invoiced amounts, VAT included"},
        ({}, *EMPTY),
        ({"amount_method": "Nietvantoepassing"}, "invalid", "placeholder"),
    ),
    "notice_methodology_vat": Cases(
        Case({"amount_basis": "invoiced", "amount_vat_included": False}, DISCLOSED, "notices"),
        (
            Case({}, EMPTY, "notices"),
            Case({"amount_method": "n.v.t."}, ("invalid", "placeholder"), "notices"),
            Case({"amount_method": "Everything added up"}, ("partial", "vat_and_basis_unstated"), "notices"),
            Case({"amount_method": "Gefactureerde bedragen"}, ("partial", "vat_unstated"), "notices"),
            Case({"amount_vat_included": True}, ("partial", "basis_unstated"), "notices"),
            Case({"amount_basis": "invoiced"}, ("partial", "vat_unstated"), "notices"),
            Case({"amount_method": "Inclusief btw"}, ("partial", "basis_unstated"), "notices"),
        ),
        (
            Case({"amount_basis": "invoiced", "amount_vat_included": True, **SWISS}, OUTSIDE, "notices"),
            Case({"amount_basis": "invoiced", "amount_vat_included": True, **PIZZA}, NOT_POLITICAL, "notices"),
        ),
    ),
    "notice_language": Cases(
        Case({"languages_compared": True}, ("ok", "no_indication"), "notices"),
        (
            Case(
                {"languages_compared": True, "languages_apart": "notice: nl; advertisement: de"},
                ("suspect", "language_differs"),
                "notices",
            ),
        ),
        (
            Case({}, ("unknown", "language_unstated"), "notices"),
            Case({"languages_compared": True, **SWISS}, OUTSIDE, "notices"),
        ),
    ),
    "notice_linked_process": _disclosed(
        {"linked_process": "Parliament of Fiction 2025"},
        ({"linked_process": "x"}, "invalid", "placeholder"),
        stops=(Case({}, UNSEEN), Case({"linked_process_none": True}, ("not_applicable", "no_process_linked"))),
    ),
    "notice_official_voting_info": Cases(
        Case({"voting_info_url": "https://example.org/vote"}, DISCLOSED),
        (
            Case({"voting_info_url": "at the town hall"}, ("invalid", "not_a_link")),
            Case({"linked_process": "Parliament of Fiction 2025"}, EMPTY, "notices"),
        ),
        (Case({}, UNSEEN), Case({"linked_process_none": True}, ("not_applicable", "no_process_linked"))),
    ),
    "notice_repository_link": _link(
        "repository_url", Case({}, ("not_applicable", "repository_not_established")), Case(PIZZA, NOT_POLITICAL)
    ),
    "notice_report_mechanism": _disclosed(
        {"report_mechanism_url": "https://example.org/report"},
        ({}, *EMPTY),
        ({"report_mechanism_url": "n/a"}, "invalid", "placeholder"),
    ),
    "notice_prior_suspension": Cases(
        Case({"prior_suspension": True}, DISCLOSED),
        (),
        (Case({"prior_suspension": False}, ("not_applicable", "none_declared")), Case({}, UNSEEN)),
    ),
    "notice_targeting_statement": _targeting({"targeting_statement": "yes, by interests"}),
    "notice_targeting_logic": _targeting({"targeting_logic": "people like our members"}),
    "notice_targeting_groups": _targeting({"targeting_parameters_count": 2}),
    "notice_targeting_data_categories": _targeting({"data_categories": "age; place"}),
    "notice_targeting_goals": _targeting(
        {"targeting_goals": "young voters, because they vote less"},
        ({"targeting_parameters_count": 2}, "partial", "parameters_not_goals"),
        ({"targeting_parameters_count": 0}, "invalid", "technique_without_parameters"),
    ),
    "notice_targeting_ai": _targeting({"ai_use": "none was used"}),
    "notice_dissemination_period": _targeting(
        {"delivered_from": FIRST, "delivered_until": LAST},
        ({"delivered_from": FIRST}, "partial", "open_end"),
        ({"delivered_until": LAST}, "partial", "no_start"),
    ),
    "notice_individuals_reached": _targeting(
        {"people_reached_low": 500, "people_reached_high": 500},
        ({"unreadable": {"people_reached_low": "many"}}, "invalid", "unparsed"),
    ),
    "notice_targeting_policy_link": _link("policy_url", Case({}, NO_WORD_ON_DATA), always=USED),
    "notice_data_rights_interface": _link("rights_url", Case({}, NO_WORD_ON_DATA), always=USED),
    "notice_reach_views": _disclosed(
        {"views_low": 1000, "views_high": 1000},
        ({"views_low": 1000, "views_high": 1999}, "partial", "bucket_not_number"),
        ({"views_low": 1000}, "partial", "bucket_not_number"),
        ({}, *EMPTY),
        stops=(Case({}, UNSEEN, "notices"), Case(PIZZA, NOT_POLITICAL)),
    ),
    "notice_reach_engagements": _disclosed(
        {"likes": 3},
        ({}, *EMPTY),
        ({"unreadable": {"engagements": "viral"}}, "invalid", "unparsed"),
        stops=(Case({}, UNSEEN, "notices"), Case(PIZZA, NOT_POLITICAL)),
    ),
    "label_political_statement": _label({"disclaimer": "Fictional Party"}),
    "label_sponsor_identity": _label({"disclaimer": "Fictional Party"}),
    "label_controlling_entity": _label({"controlling_entity_name": "Fictional Holding"}),
    "label_linked_process": _label({"linked_process": "Parliament of Fiction 2025"}),
    "label_targeting_statement": _label({"targeting_statement": "yes, by interests"}),
    "label_notice_link": _label({"notice_url": "https://example.org/notice"}),
    "dsa_repository_content": _disclosed(
        {"content_shown": True},
        ({}, *EMPTY),
        stops=(Case({"content_shown": True, **REMOVED}, _removed("withheld_39_3")), Case(SWISS, OUTSIDE)),
    ),
    "dsa_repository_beneficiary": _person("beneficiary_name", "withheld_39_3"),
    "dsa_repository_payer": _person("payer_name", "withheld_39_3", Case({}, UNSEEN)),
    "dsa_repository_period": _disclosed(
        {"delivered_from": FIRST, "delivered_until": LAST},
        ({"delivered_from": FIRST}, "partial", "open_end"),
        ({"delivered_until": LAST}, "partial", "no_start"),
        ({}, *EMPTY),
        stops=(Case(SWISS, OUTSIDE),),
    ),
    "dsa_repository_targeting": _disclosed(
        {"targeting_parameters_count": 2}, ({}, *EMPTY), stops=(Case(SWISS, OUTSIDE),)
    ),
    "dsa_repository_commercial_communications": _disclosed(
        {"content_shown": True, "commercial_communication": True},
        ({"commercial_communication": True}, *EMPTY),
        stops=(Case({"content_shown": True}, ("not_applicable", "not_a_commercial_communication")),),
    ),
    "dsa_repository_reach": _disclosed(
        {"people_reached_low": 500, "people_reached_high": 500}, ({}, *EMPTY), stops=(Case(SWISS, OUTSIDE),)
    ),
    "period_in_order": _agrees(
        {"intended_from": FIRST, "intended_until": FIRST},
        ({"intended_from": LAST, "intended_until": FIRST}, "ends_before_start"),
        ({"delivered_from": LAST, "delivered_until": FIRST}, "ends_before_start"),
        (
            {
                "intended_from": FIRST,
                "intended_until": LAST,
                "delivered_from": LAST,
                "delivered_until": FIRST,
            },
            "ends_before_start",
        ),
    ),
    "amounts_in_order": _agrees(
        {"amount_ad_low": 0, "amount_ad_high": 0},
        ({"amount_ad_low": 2, "amount_ad_high": 1}, "out_of_order"),
        ({"amount_ad_low": -1}, "out_of_order"),
        ({"amount_ad_low": 1, "amount_ad_high": 1, "amount_campaign_low": -5}, "out_of_order"),
    ),
    "amounts_have_currency": _agrees(
        {"amount_ad_low": 1, "amount_currency": "EUR"},
        ({"amount_ad_low": 1}, "currency_missing"),
        ({"amount_ad_low": 1, "amount_currency": "euro"}, "currency_missing"),
    ),
    "media_within_campaign": _agrees(
        {"amount_media_low": 5, "amount_campaign_high": 5},
        ({"amount_media_low": 6, "amount_campaign_high": 5}, "media_above_campaign"),
    ),
    "targeting_answers_agree": _agrees(
        {"targeting_declared_none": True, "targeting_parameters_count": 0},
        ({"targeting_declared_none": True, "targeting_parameters_count": 1}, "none_beside_techniques"),
        ({"targeting_declared_none": False, "targeting_parameters_count": 0}, "technique_without_parameters"),
    ),
    "shares_sum_to_one": _agrees(
        {"shares_sum": 1.04}, ({"shares_sum": 0.9}, "shares_off"), ({"shares_sum": 1.06}, "shares_off")
    ),
    "reach_within_bounds": _agrees(
        {"people_reached_low": 100, "people_reached_high": 100, "delivery_reach_low": 106, "views_high": 95},
        ({"people_reached_low": 100, "people_reached_high": 100, "delivery_reach_low": 111}, "reach_out_of_bounds"),
        ({"people_reached_low": 100, "people_reached_high": 100, "delivery_reach_low": 89}, "reach_out_of_bounds"),
        ({"people_reached_low": 100, "people_reached_high": 100, "views_high": 89}, "reach_out_of_bounds"),
    ),
    "identifier_intact": replace(
        _agrees(
            {"identifier_damaged": False},
            ({"identifier_damaged": True}, "identifier_damaged"),
            ({"identifier_damaged": True, "identifier_recovered": True}, "identifier_damaged"),
        ),
        also=(Case({"identifier_damaged": False, "identifier_recovered": True}, ("ok", "identifier_recovered")),),
    ),
    "company_numbers_possible": _agrees(
        {"numbers_checked": True},
        (
            {"numbers_checked": True, "numbers_wrong": "payer_company_number", "payer_company_number": "12"},
            "number_impossible",
        ),
    ),
    "addresses_complete": Cases(
        Case({"addresses_in_parts": True}, AGREE, "notices"),
        tuple(
            Case(
                {"addresses_in_parts": True, "addresses_lacking": f"payer_establishment: {parts}"},
                ("partial", reason),
                "notices",
            )
            for parts, reason in {
                "street": "address_without_street",
                "street, country": "address_without_street",
                "city, country": "address_without_country",
                "postal_code": "address_incomplete",
            }.items()
        ),
        (Case({}, NOTHING, "notices"), Case({"addresses_in_parts": True, **SWISS}, OUTSIDE, "notices")),
    ),
    **GUARDED,
}

NEVER_FAIL: Final = {"notice_prior_suspension"} | {name for name, rule in RULES.items() if rule.family == "label"}
"""Rules that accuse nobody: the label was not seen, and a suspension that is not declared cannot be seen."""


def _completed(name: str, given: Cases) -> Cases:
    """The cases, with one of `not_applicable` and one of `unknown` where the rule's own cases show none."""
    rule, said = RULES[name], {case.verdict[0] for case in given.all()}
    form, row = (given.best.form, given.best.row) if given.best else ("ads", {})
    more: list[Case] = []
    if "not_applicable" not in said:
        more.append(Case({**row, **SWISS}, OUTSIDE, form))
    if "unknown" not in said and rule.political_only:
        more.append(Case({**row, **PIZZA}, NOT_POLITICAL, form))
    elif "unknown" not in said and rule.present:
        reason = "currency_unseen" if rule.family == "consistency" else "not_in_export"
        asked = {column: value for column, value in row.items() if column not in rule.present}
        more.append(Case(asked, ("unknown", reason), form, in_export=False))
    return replace(given, stops=(*given.stops, *more))


CASES: Final[Mapping[str, Cases]] = {name: _completed(name, given) for name, given in _GIVEN.items()}

NEVER_UNKNOWN: Final = {name for name, rule in RULES.items() if rule.family == "consistency" and not rule.present}
"""Rules that compare what is there: with nothing to compare they do not apply, and no field is asked for."""
