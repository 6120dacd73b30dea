"""The rules per row in plain Python on a validated record, written by hand: the same verdicts as adaudit's.

What is decided per layout is decided before any row is looked at, as in adaudit; a test that is null
counts as not true.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date
from operator import attrgetter
from typing import Any, Final

from adaudit.audit.facts import in_union, voting_age
from adaudit.audit.gates import UNASKED, speaks
from adaudit.audit.groups import Group
from adaudit.audit.layouts import Layout
from adaudit.law import APPLIES, TTPA, member_state_of
from adaudit.model.record import PARSED_COLUMNS, TEXT_COLUMNS, bits
from adaudit.model.segments import ORIGINS, SPECIAL, TOLD, segment_bits
from adaudit.model.vocabulary import NOT_JUDGED, code
from adaudit.rules import RULES, Rule
from adaudit.rules.consistency import CURRENCY, REACH_TOLERANCE, SCOPES, SHARES_TOLERANCE
from adaudit.rules.notice_identity import BARE_NUMBER, EMAIL
from adaudit.rules.notice_links import LINK, NO_HOST
from adaudit.rules.notice_money import KNOWN_ORIGIN, KNOWN_SIDE, SAYS_BASIS, SAYS_VAT

Test = Callable[[Any], object]
Cases = list[tuple[Test, str]]
OVER: Final = 1 + REACH_TOLERANCE
UNDER: Final = 1 - REACH_TOLERANCE


def _found(column: str, pattern: str, *, absent: bool = False) -> Test:
    get, search = attrgetter(column), re.compile(pattern).search

    def test(record: Any) -> bool:
        value = get(record)
        return value is not None and (search(value) is None) == absent

    return test


def _no_link(column: str) -> Cases:
    return [(_found(column, LINK, absent=True), "not_a_link"), (_found(column, NO_HOST), "not_a_link")]


def _above(low: str, high: str) -> Test:
    lower, upper = attrgetter(low), attrgetter(high)

    def test(record: Any) -> bool:
        a, b = lower(record), upper(record)
        return a is not None and b is not None and a > b

    return test


def _range(name: str, outcome: str) -> Cases:
    low, high = attrgetter(f"{name}_low"), attrgetter(f"{name}_high")

    def test(record: Any) -> bool:
        a, b = low(record), high(record)
        return b is None or (a is not None and a != b)

    return [(test, outcome)]


def _no_parameters(text: str | None = None) -> Cases:
    if text is None:
        return [(lambda r: r.targeting_parameters_count == 0, "technique_without_parameters")]
    get = attrgetter(text)
    return [(lambda r: r.targeting_parameters_count == 0 and get(r) is None, "technique_without_parameters")]


_vat, _basis = re.compile(SAYS_VAT).search, re.compile(SAYS_BASIS).search
_no_vat: Final[Test] = lambda r: r.amount_vat_included is None and not _vat(r.amount_method or "")  # noqa: E731
_no_basis: Final[Test] = lambda r: r.amount_basis is None and not _basis(r.amount_method or "")  # noqa: E731
OPEN_END: Final[Cases] = [(lambda r: r.delivered_until is None and r.intended_until is None, "open_end")]
NUMBER_FOR_NAME: Final = "number_for_name"
_digits: Final = re.compile(BARE_NUMBER).search

OWN: Final[dict[str, Cases]] = {
    "notice_sponsor_name": [(_found("sponsor_name", BARE_NUMBER), NUMBER_FOR_NAME)],
    "notice_sponsor_email": [(_found("sponsor_email", EMAIL, absent=True), "not_an_email")],
    "notice_sponsor_establishment": [(_found("sponsor_establishment", "^[A-Z]{2}$"), "country_only")],
    "notice_controlling_entity": [
        (_found("controlling_entity_name", BARE_NUMBER), NUMBER_FOR_NAME),
        (lambda r: r.controlling_entity_email is None, "name_without_contact"),
        (_found("controlling_entity_email", EMAIL, absent=True), "not_an_email"),
    ],
    "notice_payer": [
        (_found("payer_name", BARE_NUMBER), NUMBER_FOR_NAME),
        (lambda r: r.payer_email is None, "name_without_contact"),
        (_found("payer_email", EMAIL, absent=True), "not_an_email"),
    ],
    "notice_intended_period": [
        (lambda r: r.intended_from is None, "delivered_not_intended"),
        (lambda r: r.intended_until is None, "open_end"),
    ],
    "notice_amount_ad": _range("amount_ad", "range_not_total"),
    "notice_amount_campaign": _range("amount_campaign", "range_not_total"),
    "notice_funds_public_private": [(_found("funds_public_private", KNOWN_ORIGIN, absent=True), "unparsed")],
    "notice_funds_eu_origin": [(_found("funds_union_origin", KNOWN_SIDE, absent=True), "unparsed")],
    "notice_methodology_vat": [
        (lambda r: _no_vat(r) and _no_basis(r), "vat_and_basis_unstated"),
        (_no_vat, "vat_unstated"),
        (_no_basis, "basis_unstated"),
    ],
    "notice_official_voting_info": _no_link("voting_info_url"),
    "notice_repository_link": _no_link("repository_url"),
    "notice_reach_views": _range("views", "bucket_not_number"),
    "notice_targeting_statement": _no_parameters("targeting_statement"),
    "notice_targeting_groups": _no_parameters(),
    "notice_targeting_goals": [
        *_no_parameters("targeting_goals"),
        (lambda r: r.targeting_goals is None, "parameters_not_goals"),
    ],
    "notice_dissemination_period": [
        *OPEN_END,
        (lambda r: r.delivered_from is None, "intended_not_delivered"),
    ],
    "notice_targeting_policy_link": _no_link("policy_url"),
    "notice_data_rights_interface": _no_link("rights_url"),
    "dsa_repository_beneficiary": [
        (lambda r: _digits(r.beneficiary_name or r.sponsor_name or ""), NUMBER_FOR_NAME),
        (lambda r: r.beneficiary_name is None, "payer_as_beneficiary"),
    ],
    "dsa_repository_reach": [
        (lambda r: r.people_reached_low is None and r.delivery_reach_low is not None, "no_total_reach"),
    ],
    "dsa_repository_payer": [(_found("payer_name", BARE_NUMBER), NUMBER_FOR_NAME)],
    "dsa_repository_period": OPEN_END,
}
"""Rules of disclosure that are not named here judge presence alone."""


def _conditions(name: str, kind: str, present: Test) -> Cases:
    absent: Test = lambda r: not present(r)  # noqa: E731 - one of many small tests
    unseen: Cases = [(absent, "condition_unseen")]
    none_linked: Cases = [(lambda r: r.linked_process_none, "no_process_linked")]
    notice = kind == "notice"
    undeclared: Cases = [(absent, "none_declared" if notice else "condition_unseen")]
    no_data: Cases = [(lambda r: r.targeting_personal_data is False, "no_personal_data_targeting")]
    unlinked: Test = (lambda r: not present(r) and r.linked_process is None) if notice else absent
    known: dict[str, Cases] = {
        "controlled_by_another": undeclared,
        "payer_differs": undeclared,
        "registered": undeclared,
        "made_public": unseen,
        "no_natural_person": [
            (lambda r: r.sponsor_kind == "natural", "natural_person"),
            (lambda r: not present(r) and r.sponsor_kind != "legal", "condition_unseen"),
        ],
        "part_of_campaign": []
        if notice
        else [(lambda r: not present(r) and r.campaign_id is None, "condition_unseen")],
        "process_linked": none_linked + unseen,
        "vote_linked": [*none_linked, (unlinked, "condition_unseen")],
        "repository_established": [(absent, "repository_not_established")],
        "was_suspended": [(lambda r: r.prior_suspension is False, "none_declared"), *unseen],
        "personal_data_used": [*no_data, (lambda r: r.targeting_personal_data is None, "personal_data_unseen")],
        "unless_without_personal_data": no_data,
        "feasible": unseen if kind != "ad" else [],
        "commercial_communication": [(lambda r: not r.commercial_communication, "not_a_commercial_communication")],
    }
    return known[name]


def _filled(columns: Sequence[str]) -> Test:
    getters = [attrgetter(column) for column in columns]
    if len(getters) == 1:
        get = getters[0]
        return lambda r: get(r) is not None
    return lambda r: any(get(r) is not None for get in getters)


def _mask(mask: str, columns: Sequence[str], numbered: tuple[str, ...]) -> Test | None:
    chosen, get = bits(columns, numbered), attrgetter(mask)
    return (lambda r: get(r) & chosen) if chosen else None


def _present(rule: Rule) -> Test:
    if not rule.present:
        return lambda _: True
    filled, unparsed = _filled(rule.present), _mask("unparsed_mask", rule.columns(), PARSED_COLUMNS)
    return filled if unparsed is None else lambda r: filled(r) or unparsed(r)


def _both(first: Test, second: Test) -> Test:
    return lambda r: first(r) and second(r)


def _not(test: Test) -> Test:
    return lambda r: not test(r)


def _absent(rule: Rule) -> Cases:
    absent = _not(_filled(rule.present))
    unparsed = _mask("unparsed_mask", rule.columns(), PARSED_COLUMNS)
    cases: Cases = [(_both(unparsed, absent), "unparsed")] if unparsed else []
    for i, column in enumerate(rule.present[:-1]):
        first = _mask("unparsed_mask", [column], PARSED_COLUMNS)
        if first:
            cases.append((_both(first, _not(_filled(rule.present[:i]))) if i else first, "unparsed"))
    if rule.partly:
        cases.append((_both(absent, _filled(rule.partly.columns)), rule.partly.outcome))
    if rule.political_only:
        cases.append((lambda r: r.political_basis == "asserted" and absent(r), "undeclared"))
    cases.append((absent, "empty"))
    for mask, found in (("nobody_mask", "nobody_named"), ("placeholder_mask", "placeholder")):
        masked = _mask(mask, rule.present, TEXT_COLUMNS)
        if masked:
            cases.append((masked, found))
    return cases


def _disclosure(rule: Rule, layout: Layout) -> tuple[Cases, str]:
    standing = layout.standing(rule.id)
    if standing == "never":
        return [], "not_exposed"
    present = _present(rule)
    unparsed = _mask("unparsed_mask", rule.columns(), PARSED_COLUMNS)
    cases: Cases = []
    if standing != "carried":
        cases.append((_not(present), standing))
    if layout.unverified(rule.id):
        cases.append((lambda r: not present(r) or (unparsed is not None and unparsed(r)), "format_unverified"))
    if layout.blank_says_nothing(rule.id):
        stand_in = _mask("placeholder_mask", rule.present, TEXT_COLUMNS)
        cases.append((lambda r: not present(r) or (stand_in is not None and stand_in(r)), "field_asks_otherwise"))
    cases += _absent(rule)
    own = OWN.get(rule.id, [])
    if unparsed and own:
        cases += [(_both(unparsed, test), "unparsed") for test, _ in own]
    return cases + own, layout.cap(rule.id) or "disclosed"


def _label(rule: Rule, layout: Layout) -> tuple[Cases, str]:
    if layout.standing(rule.id) != "carried":
        return [], "ad_not_seen"
    present = _present(rule)
    for mask in ("nobody_mask", "placeholder_mask"):
        filler = _mask(mask, rule.present, TEXT_COLUMNS)
        if filler:
            present = _both(present, _not(filler))
    return [(present, "disclaimer_field_only")], "ad_not_seen"


def _unordered(record: Any) -> bool:
    for scope in SCOPES:
        low, high = getattr(record, f"amount_{scope}_low"), getattr(record, f"amount_{scope}_high")
        if low is not None and (low < 0 or (high is not None and low > high)):
            return True
    return False


def _reach(record: Any) -> tuple[bool, bool]:
    """Whether any two figures can be compared, and whether any of them contradict."""
    parts, views = record.delivery_reach_low, record.views_high
    low, high = record.people_reached_low, record.people_reached_high
    above = parts is not None and high is not None
    below = parts is not None and low is not None
    unseen = views is not None and low is not None
    wrong = (above and parts > high * OVER) or (below and parts < low * UNDER) or (unseen and views < low * UNDER)
    return above or below or unseen, wrong


def _shares_off(record: Any) -> object:
    return record.shares_sum is not None and abs(record.shares_sum - 1) > SHARES_TOLERANCE


AMOUNTS: Final = _filled([f"amount_{scope}_low" for scope in SCOPES])
_currency: Final = re.compile(CURRENCY).search
_no_currency: Final[Test] = lambda r: AMOUNTS(r) and not _currency(r.amount_currency or "")  # noqa: E731


def _both_filled(first: str, second: str) -> Test:
    return _both(_filled([first]), _filled([second]))


INTENDED: Final = _both_filled("intended_from", "intended_until")
DELIVERED: Final = _both_filled("delivered_from", "delivered_until")
COMPARED: Final[dict[str, tuple[Cases, Test]]] = {
    "period_in_order": (
        [
            (_above("intended_from", "intended_until"), "ends_before_start"),
            (_above("delivered_from", "delivered_until"), "ends_before_start"),
        ],
        lambda r: INTENDED(r) or DELIVERED(r),
    ),
    "amounts_in_order": ([(_unordered, "out_of_order")], AMOUNTS),
    "amounts_have_currency": ([(_no_currency, "currency_missing")], AMOUNTS),
    "media_within_campaign": (
        [(_above("amount_media_low", "amount_campaign_high"), "media_above_campaign")],
        _both_filled("amount_media_low", "amount_campaign_high"),
    ),
    "targeting_answers_agree": (
        [
            (lambda r: r.targeting_declared_none and (r.targeting_parameters_count or 0) > 0, "none_beside_techniques"),
            (
                lambda r: r.targeting_declared_none is False and r.targeting_parameters_count == 0,
                "technique_without_parameters",
            ),
        ],
        _both_filled("targeting_declared_none", "targeting_parameters_count"),
    ),
    "shares_sum_to_one": ([(_shares_off, "shares_off")], _filled(["shares_sum"])),
    "reach_within_bounds": ([(lambda r: _reach(r)[1], "reach_out_of_bounds")], lambda r: _reach(r)[0]),
    "identifier_intact": (
        [
            (lambda r: r.identifier_damaged, "identifier_damaged"),
            (lambda r: r.identifier_recovered, "identifier_recovered"),
        ],
        _filled(["identifier_damaged"]),
    ),
    "company_numbers_possible": (
        [(lambda r: r.numbers_wrong is not None, "number_impossible")],
        lambda r: r.numbers_checked,
    ),
    "addresses_complete": (
        [
            (lambda r: "street" in (r.addresses_lacking or ""), "address_without_street"),
            (lambda r: "country" in (r.addresses_lacking or ""), "address_without_country"),
            (lambda r: r.addresses_lacking is not None, "address_incomplete"),
        ],
        lambda r: r.addresses_in_parts,
    ),
}


def _consistency(rule: Rule, layout: Layout) -> tuple[Cases, str]:
    contradictions, comparable = COMPARED[rule.id]
    cases: Cases = []
    if rule.present and (layout.standing(rule.id) in UNASKED or layout.never_shows(rule.id)):
        cases.append((_both(_not(_present(rule)), comparable), "currency_unseen"))
    return [*cases, *contradictions, (comparable, "consistent")], "nothing_to_compare"


def _touches(*names: str) -> Test:
    wanted = segment_bits(*names)
    return lambda r: ((r.segments_mask or 0) & wanted) != 0


UNION: Final = frozenset(member_state_of())
ELIGIBLE: Final[Cases] = [
    (_not(_found("sponsor_country", "^[A-Z]{2}$")), "sponsor_country_not_shown"),
    (lambda r: r.sponsor_country not in UNION, "sponsor_outside_union"),
]
"""Without the windows before votes: the records that are compared name no country outside the Union."""

SEGMENTED: Final[dict[str, Cases]] = {
    "targeting_no_special_categories": [
        (lambda r: ((r.segments_mask or 0) & segment_bits(*SPECIAL)).bit_count() > 1, "special_several"),
        *((_touches(name), f"special_{name}") for name in SPECIAL),
        (lambda r: r.custom_audience or _touches(*ORIGINS)(r), "audience_not_described"),
        (_not(_touches(TOLD)), "options_not_shown"),
    ],
    "targeting_data_from_subject": [
        (_touches("third_party"), "audience_third_party"),
        (_touches("lookalike"), "audience_lookalike"),
        (lambda r: r.custom_audience or _touches("advertiser_list")(r), "audience_advertiser_list"),
        (lambda r: r.custom_audience is None, "audiences_not_shown"),
    ],
    "sponsor_eligibility_3_months": ELIGIBLE,
}


def _minors(ages: dict[str | None, int]) -> Cases:
    """By the lowest voting age of the countries: the records that are compared state no vote of another age."""
    default = voting_age(None)

    def under(column: str, by: int) -> Test:
        get = attrgetter(column)
        return lambda r: get(r) is not None and get(r) < ages.get(r.country_key, default) - by

    told: Test = lambda r: not r.age_open_side_unknown  # noqa: E731
    return [
        (lambda r: told(r) and r.age_restricted is False, "minors_not_excluded"),
        (_both(told, under("age_min", 1)), "minors_selected"),
        (_both(under("reached_age_min", 1), under("reached_age_max", 0)), "minors_reached"),
        (_not(told), "bracket_open"),
        (lambda r: r.age_restricted is None and r.age_min is None, "targeting_not_shown"),
        (lambda r: r.age_min is None, "bracket_open"),
    ]


def _guard(rule: Rule, ages: dict[str | None, int]) -> tuple[Cases, str]:
    applies = APPLIES[TTPA]

    def late(record: Any) -> bool:
        first: date = record.first_published_at.date()
        start: date = record.intended_from
        return first > max(start, applies)

    if rule.id in SEGMENTED:
        return SEGMENTED[rule.id], "no_indication"
    if rule.id == "targeting_minors":
        return _minors(ages), "no_indication"
    if rule.id == "notice_language":
        return [
            (lambda r: r.languages_apart is not None, "language_differs"),
            (lambda r: r.languages_compared is None, "language_unstated"),
        ], "no_indication"
    absent: Test = lambda r: r.first_published_at is None or r.intended_from is None  # noqa: E731
    return [(absent, "first_version_absent"), (late, "published_late")], "no_indication"


def _compiled(rule: Rule, layout: Layout, keys: Sequence[str]) -> tuple[list[tuple[Test, int]], int]:
    if not speaks(rule, layout):
        return [], NOT_JUDGED
    outside = frozenset(key for key in keys if not in_union(key))
    cases: Cases = [(lambda r: r.country_key in outside, "outside_union")] if outside else []
    if rule.political_only:
        cases.append((lambda r: r.political_basis is None, "not_shown_political"))
    if rule.removed:
        cases.append((lambda r: r.removed, rule.removed))
    if rule.condition:
        name = rule.condition.__name__
        cases += _conditions(name, layout.kind, _present(rule))
    if rule.family == "guard":
        own, otherwise = _guard(rule, {key: voting_age(key) for key in keys})
    else:
        own, otherwise = {"disclosure": _disclosure, "label": _label, "consistency": _consistency}[rule.family](
            rule, layout
        )
    return [(test, code(name)) for test, name in (*cases, *own)], code(otherwise)


Plan = dict[int, list[tuple[list[tuple[Test, int]], int]]]


def plan(groups: Sequence[Group], keys: Sequence[str]) -> Plan:
    """For each layout the tests of every rule, by the rule's name."""
    layouts = {number: layout for group in groups for number, layout in group.layouts}
    return {n: [_compiled(rule, layout, keys) for _, rule in sorted(RULES.items())] for n, layout in layouts.items()}


def judge_row(record: Any, made: Plan) -> list[int]:
    """The codes of all rules for one validated record."""
    codes: list[int] = []
    for cases, otherwise in made[record.layout]:
        for test, found in cases:
            if test(record):
                codes.append(found)
                break
        else:
            codes.append(otherwise)
    return codes
