"""What every chart says about its data."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from adaudit.charts import Material
from adaudit.charts.disclosures import GROUPS, place
from adaudit.charts.facts import (
    columns,
    counted,
    footer,
    form_title,
    is_disclosure,
    made,
    period,
    source_title,
)
from adaudit.charts.wording import DUTCH, ENGLISH

from .fictional import both_say, material, summary


def with_summary(**changes: Any) -> Material:
    """The fictional audit with other values in its summary."""
    return replace(material(), summary={**summary(), **changes})


def test_columns_count_each_record_once_and_keep_inputs_without_records() -> None:
    found = [(one.source, one.form, one.kind, one.records) for one in columns(material())]
    assert found == [
        ("politiekereclame_nl", "register", "notice", 46),
        ("meta", "ad_library_report", "advertiser", 1036),
        ("meta", "ads_archive", "ad", 1276),
        ("google", "advertiser_stats", "advertiser", 1193),
        ("google", "transparency_center", "ad", 816),
        ("snapchat", "political_ads", "ad", 1141),
        ("tiktok", "commercial_content", "ad", 692),
        ("linkedin", "ad_library", "ad", 210),
        ("x", "ads_repository", "", 0),
    ]


def test_an_input_that_was_not_understood_is_no_column() -> None:
    unknown = with_summary(verdicts=[], inputs=[{"path": "a.bin", "source": None, "form": None, "records": 0}])
    assert columns(unknown) == []


def test_an_input_of_which_nothing_is_asked_is_no_column() -> None:
    regions = {"path": "regions.csv", "source": "meta", "form": "report_region", "records": 0}
    given = with_summary(inputs=[*summary()["inputs"], regions])
    assert columns(given) == columns(material())


def test_the_period_comes_from_the_options_and_else_from_the_records() -> None:
    given = with_summary(options={"since": "2025-10-10", "until": None})
    assert period(given, ENGLISH) == "Period audited: 10 October 2025 to (open)."
    days = [
        {"from": "2019-03-20", "until": "2025-01-02", "undated": 0},
        {"from": "2024-01-01", "until": "2026-05-03", "undated": 1200},
        {"from": None, "until": None, "undated": 34},
    ]
    said = period(with_summary(periods=days), ENGLISH)
    assert said == f"Period of the data: 20 March 2019 to 3 May 2026. {ENGLISH.number(1234)} records are not dated."
    assert period(with_summary(spend=[]), ENGLISH) == "Period of the data: not stated in the summary."


def test_the_footer_names_sources_period_and_versions() -> None:
    text = footer(material(), [("meta", "ads_archive"), ("meta", "ads_archive"), ("x", "ads_repository")], ENGLISH)
    assert text.startswith("Source: Meta ads archive; X ads repository. Period")
    assert text.endswith("Made with adaudit 0.1.0, law version 2026-08-02, rules version 1.")
    assert made(with_summary(options={"as_of": "2025-10-11"}), ENGLISH).endswith(" Law as of 11 October 2025.")
    assert "law version not stated" in made(with_summary(law_version=None), ENGLISH)


def test_a_title_that_holds_the_form_is_not_said_twice() -> None:
    both = replace(
        material(),
        sources={
            "meta": both_say("Meta ads_archive"),
            "meta/report": {"en": "Meta's report", "nl": "Rapport van Meta"},
        },
    )
    assert source_title(both, "meta", "ads_archive", ENGLISH) == "Meta ads_archive"
    assert form_title(both, "meta", "ads_archive", ENGLISH) == ""
    assert source_title(both, "meta", "report", ENGLISH) == "Meta's report"
    assert source_title(both, "meta", "report", DUTCH) == "Rapport van Meta"
    assert source_title(both, "unheard_of", "form", ENGLISH) == "unheard_of"


def test_one_is_singular() -> None:
    assert counted(1, "ad", ENGLISH) == "1 ad"
    assert counted(2, "advertiser", ENGLISH) == "2 advertiser rows"
    assert counted(1, "unheard of", ENGLISH) == "1 record"
    assert counted(1, "notice", DUTCH) == "1 transparantieverklaring"


def test_disclosures_are_told_from_conduct_and_consistency() -> None:
    assert is_disclosure("notice_payer")
    assert is_disclosure("dsa_repository_reach")
    assert not is_disclosure("notice_retrievable")
    assert not is_disclosure("amounts_in_order")


def test_a_rule_that_is_not_listed_stands_at_the_end_of_its_group() -> None:
    new = place("notice_something", "Art 13(2) with Art 12(1)(n)")
    assert (new.group, new.pinpoint) == ("notice", "12(1)(n)")
    assert new.turn > place("notice_prior_suspension").turn
    assert place("notice_targeting_new", "Art 19(1)(c)(vii)").group == "targeting"
    assert place("dsa_new").group == "repository"
    assert {place(rule).group for rule in ("label_new", "notice_payer")} <= set(GROUPS)
