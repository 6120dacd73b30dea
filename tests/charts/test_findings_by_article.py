"""The numbers of findings by article and severity: under the law, not known and before apart, with checks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from adaudit.charts import Material
from adaudit.charts.findings_by_article import VERDICTS, draw, rows, table
from adaudit.charts.style import Empty

from .fictional import VERDICTS as ALL
from .fictional import material, summary
from .looking import sole


def verdict(rule: str, pinpoint: str, binding: str = "yes", kind: str = "ad", **counts: Any) -> dict[str, Any]:
    said = {**dict.fromkeys(ALL, 0), "reasons": {}, **counts}
    place = {"source": "meta", "form": "ads_archive", "kind": kind, "pinpoint": pinpoint, "requirement": rule}
    return {**place, "rule": rule, "binding": binding, **said}


def audit(*verdicts: dict[str, Any]) -> Material:
    severities = {"notice_sponsor_name": "mandatory", "notice_payer": "conditional"}
    return replace(material(), summary={"verdicts": list(verdicts)}, severities=severities)


SPONSOR = ("notice_sponsor_name", "Art 13(2) with Art 12(1)(a)")


def test_bindings_are_told_apart_and_each_has_its_checks() -> None:
    (line,) = rows(
        audit(
            verdict(*SPONSOR, missing=3, partial=2, ok=5, unknown=9, not_applicable=9),
            verdict(*SPONSOR, "before", missing=50, ok=1),
            verdict(*SPONSOR, "unknown", invalid=1, not_exposed=4),
        )
    )
    assert (line.group, line.article, line.severity) == ("notice", "12(1)(a)", "mandatory")
    assert {name: (one.findings, one.checks) for name, one in line.tallies.items()} == {
        "yes": (5, 10),
        "unknown": (1, 1),
        "before": (50, 51),
    }
    assert (len(line.gaps), len(line.asked)) == (1, 1)


def test_the_lines_add_up_to_the_summary() -> None:
    told = summary()["verdicts"]
    lines = rows(material())
    for binding in ("yes", "unknown", "before"):
        for name in VERDICTS:
            counted = sum(getattr(line.tallies[binding], name) for line in lines)
            assert counted == sum(row[name] for row in told if row["binding"] == binding)


def test_one_article_has_a_line_for_each_severity() -> None:
    lines = rows(audit(verdict(*SPONSOR, missing=1), verdict("notice_other", "Art 12(1)(a)", ok=1)))
    assert {(line.article, line.severity) for line in lines} == {("12(1)(a)", "mandatory"), ("12(1)(a)", "to_check")}


def test_aggregates_conduct_and_consistency_stand_apart() -> None:
    lines = rows(
        audit(
            verdict(*SPONSOR, kind="advertiser", missing=4),
            verdict("targeting_minors", "Art 18(2)", suspect=2, ok=3),
            {**verdict("amounts_in_order", "no single article", invalid=1), "requirement": None},
        )
    )
    assert [(line.group, line.article) for line in lines] == [
        ("conduct", "18(2)"),
        ("consistency", ""),
        ("rows", "12(1)(a)"),
    ]


def test_what_is_seen_on_minors_is_never_one_figure() -> None:
    seen = {"minors_selected": 2, "minors_reached": 1}
    told = audit(
        verdict("targeting_minors", "Art 18(2)", suspect=3, ok=4, reasons={**seen, "no_indication": 4}),
        verdict("targeting_minors", "Art 18(2)", suspect=5, reasons={"minors_not_excluded": 5}),
    )
    lines = rows(told)
    assert [(one.reason, one.tallies["yes"].findings, one.tallies["yes"].checks) for one in lines] == [
        ("minors_selected", 2, 12),
        ("minors_not_excluded", 5, 12),
        ("minors_reached", 1, 12),
    ]
    page = sole(draw(told))
    assert "8 of 12" in page.subtitle, "each check counts once"
    assert {row["reason"] for row in table(told)} == {"minors_selected", "minors_not_excluded", "minors_reached"}


def test_what_ran_before_the_law_is_never_in_the_headline() -> None:
    page = sole(draw(audit(verdict(*SPONSOR, "before", missing=90))))
    assert "nothing here counts as a finding" in page.headline
    assert "0 of 0" in page.subtitle
    page = sole(draw(audit(verdict(*SPONSOR, missing=2, ok=8), verdict(*SPONSOR, "before", missing=90))))
    assert page.headline.startswith("Under the law: 2 findings on what it always asks; most, 2, on Article 12(1)(a)")
    assert "2 of 10 (20%)" in page.subtitle


def test_findings_that_rest_on_the_users_word_are_said() -> None:
    page = sole(draw(audit(verdict(*SPONSOR, missing=7, reasons={"undeclared": 6}))))
    assert "6 rest on the user’s word" in page.subtitle


def test_without_findings_the_headline_claims_no_more_than_was_seen() -> None:
    assert "as far as it could be decided" in sole(draw(audit(verdict(*SPONSOR, ok=7)))).headline
    other = sole(draw(audit(verdict(*SPONSOR, ok=7), verdict("notice_payer", "Art 12(1)(b)", partial=1))))
    assert "under conditions" in other.headline


def test_the_table_has_a_row_for_each_binding_of_each_line() -> None:
    assert len(table(material())) == 3 * len(rows(material()))


def test_without_checks_there_is_a_reason() -> None:
    assert isinstance(draw(audit(verdict(*SPONSOR, unknown=5))), Empty)
    assert isinstance(draw(audit()), Empty)
