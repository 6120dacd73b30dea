"""A fictional audit of the size of a real one: nine columns, every verdict, every binding.

Sources and requirements bear their real names; all figures and all sponsors are invented.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from adaudit.charts import Material, SponsorSpend
from adaudit.charts.disclosures import GROUPS, LISTED, REPOSITORY, place
from adaudit.charts.material import MonthShare, TargetingShown, Vote
from adaudit.charts.months import SUBJECTS, month_after
from adaudit.language import LANGUAGES, Language

VERDICTS = (
    "ok",
    "partial",
    "invalid",
    "missing",
    "not_exposed",
    "suspect",
    "not_applicable",
    "unknown",
)
SOURCES = {
    "politiekereclame_nl": "politiekereclame.nl",
    "meta": "Meta",
    "google": "Google",
    "snapchat": "Snapchat",
    "tiktok": "TikTok",
    "linkedin": "LinkedIn",
    "x": "X",
}
APPLIES = date(2025, 10, 10)
VOTES = (
    *(Vote(date(2024, 6, 9), country, "european", "European Parliament") for country in ("BE", "DE", "NL")),
    Vote(date(2025, 10, 29), "NL", "parliament", "Tweede Kamer"),
    Vote(date(2025, 10, 30), "BE", "municipal", "Gemeente"),
    Vote(date(2025, 11, 3), "DE", "regional", "Land"),
    Vote(date(2031, 1, 1), "NL", "parliament", "A vote beyond all data"),
)
COLUMNS = (
    ("politiekereclame_nl", "register", "notice", {"yes": 46}),
    ("meta", "ads_archive", "ad", {"yes": 31, "before": 1100, "unknown": 145}),
    ("meta", "ad_library_report", "advertiser", {"before": 1036}),
    ("google", "transparency_center", "ad", {"yes": 204, "before": 612}),
    ("google", "advertiser_stats", "advertiser", {"before": 900, "unknown": 293}),
    ("snapchat", "political_ads", "ad", {"yes": 388, "before": 753}),
    ("tiktok", "commercial_content", "ad", {"yes": 640, "before": 52}),
    ("linkedin", "ad_library", "ad", {"unknown": 210}),
)
TITLES = {
    "label_political_statement": "Label: says the ad is political",
    "label_sponsor_identity": "Label: sponsor",
    "label_controlling_entity": "Label: who controls the sponsor",
    "label_linked_process": "Label: election or process",
    "label_targeting_statement": "Label: says the ad was targeted",
    "label_notice_link": "Label: link to the notice",
    "notice_sponsor_name": "Sponsor: name",
    "notice_sponsor_email": "Sponsor: e-mail address",
    "notice_sponsor_postal_address": "Sponsor: postal address",
    "notice_sponsor_establishment": "Sponsor: place of establishment",
    "notice_sponsor_registration_number": "Sponsor: registration number",
    "notice_controlling_entity": "Who controls the sponsor",
    "notice_payer": "Payer, where different",
    "notice_intended_period": "Intended period",
    "notice_amount_ad": "Amount for the ad",
    "notice_amount_campaign": "Amount for the campaign",
    "notice_funds_public_private": "Funds: public or private",
    "notice_funds_eu_origin": "Funds: from inside the Union",
    "notice_methodology": "How amounts were calculated",
    "notice_methodology_vat": "Amounts: invoiced or budgeted, VAT",
    "notice_linked_process": "Election or process",
    "notice_official_voting_info": "Link to official voting information",
    "notice_repository_link": "Link to the European repository",
    "notice_report_mechanism": "How to report the ad",
    "notice_prior_suspension": "Earlier suspension",
    "notice_targeting_statement": "Says the ad was targeted",
    "notice_targeting_logic": "Logic and main parameters",
    "notice_targeting_groups": "Groups targeted",
    "notice_targeting_data_categories": "Categories of personal data",
    "notice_targeting_goals": "Goals, inclusion and exclusion",
    "notice_targeting_ai": "Use of artificial intelligence",
    "notice_dissemination_period": "Period of dissemination",
    "notice_individuals_reached": "Number of individuals reached",
    "notice_targeting_policy_link": "Link to the targeting policy",
    "notice_data_rights_interface": "Link to exercise data rights",
    "notice_controller_identity": "Controller of personal data",
    "notice_reach_views": "Reach: views",
    "notice_reach_engagements": "Reach: engagements",
    "dsa_repository_content": "Content of the ad",
    "dsa_repository_beneficiary": "On whose behalf",
    "dsa_repository_payer": "Payer, where different",
    "dsa_repository_period": "Period shown",
    "dsa_repository_targeting": "Targeting, with exclusions",
    "dsa_repository_commercial_communications": "Commercial communications",
    "dsa_repository_reach": "Recipients reached, by Member State",
    "dsa_repository_removed_stub": "Reasons for removal",
}
RULES = tuple(rule for group in GROUPS for rule, _ in LISTED[group])
OTHERS = ("amounts_in_order", "targeting_minors", "notice_retrievable")
FEW = {  # how a source that shows a requirement at all shows it
    "meta": {
        "notice_sponsor_name": "exact",
        "notice_payer": "exact",
        "notice_intended_period": "exact",
        "notice_amount_ad": "range",
        "notice_targeting_statement": "partial",
        "notice_targeting_groups": "partial",
        "notice_targeting_goals": "partial",
        "notice_dissemination_period": "exact",
        "notice_individuals_reached": "exact",
        "notice_reach_views": "bucket",
        "label_sponsor_identity": "partial",
        "label_political_statement": "partial",
        "dsa_repository_content": "partial",
        "dsa_repository_beneficiary": "exact",
        "dsa_repository_payer": "exact",
        "dsa_repository_period": "exact",
        "dsa_repository_targeting": "partial",
        "dsa_repository_reach": "exact",
        "dsa_repository_removed_stub": "unverified",
    },
    "google": {
        "notice_sponsor_name": "partial",
        "notice_intended_period": "exact",
        "notice_amount_ad": "bucket",
        "notice_linked_process": "partial",
        "notice_targeting_statement": "partial",
        "notice_targeting_groups": "partial",
        "notice_targeting_goals": "partial",
        "notice_dissemination_period": "exact",
        "notice_reach_views": "bucket",
        "notice_prior_suspension": "exact",
        "dsa_repository_content": "partial",
        "dsa_repository_beneficiary": "exact",
        "dsa_repository_payer": "unverified",
        "dsa_repository_period": "exact",
        "dsa_repository_targeting": "partial",
        "dsa_repository_reach": "bucket",
        "dsa_repository_removed_stub": "exact",
    },
    "snapchat": {
        "notice_sponsor_name": "exact",
        "notice_sponsor_establishment": "partial",
        "notice_payer": "exact",
        "notice_intended_period": "exact",
        "notice_amount_ad": "exact",
        "notice_linked_process": "partial",
        "notice_targeting_statement": "exact",
        "notice_targeting_groups": "exact",
        "notice_targeting_data_categories": "partial",
        "notice_targeting_goals": "exact",
        "notice_dissemination_period": "exact",
        "notice_reach_views": "exact",
        "label_sponsor_identity": "partial",
        "dsa_repository_content": "partial",
        "dsa_repository_beneficiary": "exact",
        "dsa_repository_payer": "exact",
        "dsa_repository_period": "exact",
        "dsa_repository_targeting": "exact",
    },
    "tiktok": {
        "notice_sponsor_name": "partial",
        "notice_payer": "partial",
        "notice_dissemination_period": "exact",
        "dsa_repository_content": "exact",
        "dsa_repository_beneficiary": "partial",
        "dsa_repository_payer": "partial",
        "dsa_repository_period": "exact",
        "dsa_repository_targeting": "partial",
        "dsa_repository_commercial_communications": "exact",
        "dsa_repository_reach": "bucket",
        "dsa_repository_removed_stub": "partial",
    },
    "linkedin": {
        "notice_sponsor_name": "partial",
        "dsa_repository_content": "partial",
        "dsa_repository_beneficiary": "partial",
        "dsa_repository_payer": "exact",
        "dsa_repository_period": "exact",
        "dsa_repository_targeting": "partial",
        "dsa_repository_reach": "partial",
    },
    "x": {"notice_sponsor_name": "partial", "dsa_repository_period": "unverified"},
}
NEVER_IN_REGISTER = (
    "notice_repository_link",
    "notice_report_mechanism",
    "notice_prior_suspension",
    "notice_targeting_goals",
    "notice_targeting_ai",
    "notice_targeting_data_categories",
    "notice_targeting_policy_link",
    "notice_data_rights_interface",
    "notice_reach_views",
    "notice_reach_engagements",
    "notice_individuals_reached",
)


def exposed(source: str, rule: str) -> str:
    """How the fictional source shows what the rule asks for."""
    if source == "politiekereclame_nl":
        return "never" if rule in NEVER_IN_REGISTER or rule.startswith("label_") else "exact"
    return FEW[source].get(rule, "never")


def speaks(rule: str, source: str, kind: str) -> bool:
    """True if the rule judges records of this source and kind."""
    if kind == "advertiser":
        return rule in {"notice_sponsor_name", "amounts_in_order"}
    return not (rule.startswith("dsa_") and source == "politiekereclame_nl")


def counts(chance: random.Random, source: str, rule: str, records: int) -> dict[str, int]:
    """Verdicts on so many records that add up to them."""
    told = dict.fromkeys(VERDICTS, 0)
    how = exposed(source, rule)
    if rule in {"targeting_minors", "notice_retrievable"}:
        told["suspect"] = records // 20
        told["unknown"] = records - told["suspect"]
    elif source in {"tiktok", "linkedin"} and not rule.startswith("dsa_"):
        told["unknown"] = records
    elif rule != "amounts_in_order" and how == "never":
        told["not_applicable"] = records // 25
        told["not_exposed"] = records - told["not_applicable"]
    elif how == "unverified":
        told["unknown"] = records
    else:
        left = records
        for verdict, most in (
            ("missing", chance.choice((0.02, 0.1, 0.9))),
            ("invalid", 0.06),
            ("unknown", 0.3),
        ):
            told[verdict] = int(left * most * chance.random())
            left -= told[verdict]
        if rule in {"notice_payer", "dsa_repository_payer"}:
            told["not_applicable"] = left * 2 // 3
            left -= told["not_applicable"]
        if how != "exact":
            told["partial"] = left
        else:
            told["partial"] = int(left * chance.choice((0.0, 0.0, 0.4)))
            told["ok"] = left - told["partial"]
    return told


def reasoned(rule: str, told: dict[str, int]) -> dict[str, Any]:
    """The counts with the reasons of those on minors."""
    found: dict[str, Any] = {**told, "reasons": {}}
    if rule == "targeting_minors":
        selected = told["suspect"] // 3
        decided = told["unknown"] // 2
        found |= {"unknown": told["unknown"] - decided, "ok": decided}
        found["reasons"] = {
            "minors_selected": selected,
            "minors_not_excluded": told["suspect"] - selected,
            "no_indication": decided,
        }
    return found


def verdicts() -> Iterator[dict[str, Any]]:
    """One row per source, form, kind, rule and binding, as in `summary.json`."""
    chance = random.Random(20251010)
    for source, form, kind, bindings in COLUMNS:
        for rule in (*RULES, *OTHERS):
            if not speaks(rule, source, kind):
                continue
            for binding, records in bindings.items():
                yield {
                    "source": source,
                    "form": form,
                    "kind": kind,
                    "rule": rule,
                    "requirement": rule,
                    "pinpoint": f"Art {place(rule).pinpoint}",
                    "binding": binding,
                    "records": records,
                    "ads": records,
                    **reasoned(rule, counts(chance, source, rule, records)),
                }


def summary() -> dict[str, Any]:
    """A `summary.json` of the audit."""
    forms = [(source, form, sum(bindings.values())) for source, form, _, bindings in COLUMNS]
    forms.append(("x", "ads_repository", 0))
    return {
        "adaudit": "0.1.0",
        "law_version": "2026-08-02",
        "rules_version": "1",
        "options": {"as_of": None, "since": None, "until": None},
        "inputs": [
            {"path": f"{source}.json", "source": source, "form": form, "records": records}
            for source, form, records in forms
        ],
        "exposure": [
            {"source": source, "form": form, "rule": rule, "exposed": exposed(source, rule)}
            for source, form, _ in forms
            for rule in RULES
            if not (rule in {one for one, _ in LISTED[REPOSITORY]} and source == "politiekereclame_nl")
        ],
        "verdicts": list(verdicts()),
        "spend": [
            {
                "source": source,
                "form": form,
                "kind": kind,
                "scope": scope,
                "currency": "EUR",
                "in_union": True,
                "period_from": since,
                "period_until": until,
                "low": "0",
                "high": None,
                "records": 1,
                "open_ended": 1,
            }
            for source, form, kind, scope, since, until in (
                ("meta", "ads_archive", "ad", "ad", "2024-04-01", "2026-05-03"),
                ("google", "advertiser_stats", "advertiser", "advertiser", "2019-03-20", "2025-09-22"),
                ("snapchat", "political_ads", "ad", "ad", "2025-01-01", "2025-12-30"),
                ("politiekereclame_nl", "register", "notice", "campaign", "2025-10-10", "2025-10-29"),
            )
        ],
        "highlights": [],
        "statements": [],
    }


def spend(place_: tuple[str, str, str, str, str], *rows: tuple[str, str, str | None, int]) -> list[SponsorSpend]:
    """Spend of several sponsors in one source, form, kind, scope and currency."""
    source, form, kind, scope, currency = place_
    return [
        SponsorSpend(
            source,
            form,
            kind,
            scope,
            currency,
            name,
            Decimal(low),
            None if high is None else Decimal(high),
            records,
        )
        for name, low, high, records in rows
    ]


def sponsors() -> list[SponsorSpend]:
    """Invented sponsors: exact amounts, ranges, open ends, and far too many small ones."""
    chance = random.Random(4)
    meta = ("meta", "ads_archive", "ad", "ad", "EUR")
    small = [
        (f"Stichting Buurtbelang {turn}", str(low), str(low + 99 * turn), turn)
        for turn in range(1, 31)
        for low in (chance.randrange(0, 900, 100),)
    ]
    return [
        *spend(
            meta,
            ("Partij voor de Polder", "48200", "61350", 214),
            ("Beweging Zuiderzee", "31400", "40111", 160),
            ("Forum voor Fietsers – afdeling Groningen en Drenthe, in oprichting", "29800", "36120", 98),
            ("Vereniging Vrije Veerponten", "22000", None, 41),
            ("Lijst Duinrand", "12000", "13999", 66),
            ("D’66 Waddenbrug", "9100", "10480", 51),
            ("Werkgroep Water & Wind", "4300", "6199", 31),
            *small,
        ),
        *spend(
            ("google", "advertiser_stats", "advertiser", "advertiser", "EUR"),
            *(
                (f"Campaign Office {turn} s.r.o.", str(181_250 // turn), str(181_250 // turn), 1)
                for turn in range(1, 400)
            ),
        ),
        *spend(
            ("snapchat", "political_ads", "ad", "ad", "EUR"),
            ("Folkebevægelsen Nej", "8122.40", "8122.40", 190),
            ("Κίνημα Θάλασσα", "5100", "5100", 120),
            ("Движение Черно море", "5100", "5100", 77),
            ("Młodzi Razem", "760.15", "760.15", 12),
        ),
        *spend(
            ("politiekereclame_nl", "register", "notice", "campaign", "EUR"),
            ("Partij voor de Polder", "95000", "95000", 9),
            ("Beweging Zuiderzee", "40000", "40000", 6),
            ("Lijst Duinrand", "2500", "2500", 1),
        ),
        *spend(
            ("google", "advertiser_stats", "advertiser", "advertiser", "CZK"),
            ("Hnutí Řeka", "1000", "1000", 1),
        ),
    ]


def both_say(words: str) -> dict[Language, str]:
    """The same words in both languages."""
    return dict.fromkeys(LANGUAGES, words)


def months() -> Iterator[MonthShare]:
    """Four data sets over time: dense and long, sparse with gaps, after the law alone, and undated."""
    chance = random.Random(20251010)
    spans = ((0, 2025, 8, 5), (1, 2025, 1, 14), (5, 2018, 6, 26), (6, 2025, 11, 8))
    for place_, year, first, count in spans:
        source, form, kind, _ = COLUMNS[place_]
        for turn in range(count):
            month = month_after(date(year, first, 1), turn + (14 if source == "snapchat" and turn > 3 else 0))
            for subject in SUBJECTS:
                bindings = ("yes",) if month >= date(2025, 11, 1) else ("before", "unknown", "yes")[: 1 + turn % 3]
                for binding in bindings:
                    shown, lost, never = (chance.randrange(size) for size in (90, 30, 3))
                    yield MonthShare(source, form, kind, subject, month, binding, shown, lost, never, lost // 2)
    yield MonthShare("linkedin", "ad_library", "ad", "sponsor", None, "unknown", 5, 0, 0, 0)


def targeting() -> Iterator[TargetingShown]:
    """A data set with everything, one with far too many dimensions, a register, aggregates, and a silent one."""
    ages = {"under_16": 3, "16_17": 9, "18_24": 700, "unlimited": 40, "open": 8, "not_shown": 381}
    reached = {"13-17": 2, "18-24": 30, "25-34": 31, "65+": 12}
    used = {"age": 712, "gender": 102, "location: zips": 80, "A dimension that nobody has heard of before": 1}
    many = {f"interest {turn}": 40 - turn for turn in range(40)}
    register = {"contextueel": 13, "geografisch": 15}
    silent = {"not_shown": 1}
    yield TargetingShown(*COLUMNS[5][:3], 1141, 0, 760, 0, used, {"location: zips": 12}, ages, 31, reached)
    yield TargetingShown(*COLUMNS[1][:3], 1276, 700, 1000, 0, many, many, silent, 0, {})
    yield TargetingShown(*COLUMNS[0][:3], 46, 0, 46, 28, register, {}, silent, 0, {})
    yield TargetingShown(*COLUMNS[2][:3], 9, 0, 9, 0, {"age": 9}, {}, silent, 0, {})
    yield TargetingShown(*COLUMNS[4][:3], 1193, 0, 0, 0, {}, {}, silent, 0, {})


def material() -> Material:
    """The whole fictional audit."""
    return Material(
        summary(),
        sponsors(),
        {rule: both_say(title) for rule, title in TITLES.items()},
        {source: both_say(title) for source, title in SOURCES.items()},
        severities={rule: ("mandatory", "conditional")[turn % 2] for turn, rule in enumerate(RULES)},
        months=list(months()),
        votes={(source, form, kind): VOTES for source, form, kind, _ in COLUMNS[:3]},
        applies=APPLIES,
        targeting=list(targeting()),
    )
