"""The numbers in the table of requirements by source."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from adaudit.charts import Material
from adaudit.charts.requirements_by_source import Cell, draw, rows
from adaudit.charts.style import Empty

from .fictional import VERDICTS, material, summary
from .looking import shown, sole


def cell(given: Material, rule: str, form: str) -> Cell:
    """The box of one requirement in one form."""
    (found,) = (one for one in rows(given) if one.rule == rule and one.column.form == form)
    return found


def audit(verdicts: list[dict[str, Any]], exposure: list[dict[str, Any]] | None = None) -> Material:
    """An audit of one input with these verdicts."""
    told = {
        "verdicts": verdicts,
        "exposure": exposure or [],
        "inputs": [{"source": "meta", "form": "ads_archive", "records": 10}],
    }
    return replace(material(), summary=told)


def verdict(rule: str = "notice_payer", binding: str = "yes", **counts: int) -> dict[str, Any]:
    """One row of verdicts."""
    said = {**dict.fromkeys(VERDICTS, 0), **counts}
    place = {"source": "meta", "form": "ads_archive", "kind": "ad", "pinpoint": "Art 12(1)(b)"}
    return {**place, "rule": rule, "binding": binding, "records": sum(said.values()), **said}


def test_bindings_are_added_up() -> None:
    given = audit([verdict(ok=3, missing=2), verdict(binding="before", partial=4, invalid=1, unknown=7)])
    (one,) = rows(given)
    assert (one.ok, one.partial, one.missing, one.invalid) == (3, 4, 2, 1)
    assert (one.decided, one.lost, one.undecided, one.before) == (10, 3, 7, 5)
    assert one.state == "decided"
    assert one.column.records == 17


def test_every_requirement_has_a_cell_in_every_column() -> None:
    cells = rows(material())
    assert len(cells) == 46 * 9
    assert len({(one.rule, one.column) for one in cells}) == len(cells)
    assert not {one.rule for one in cells} & {"notice_retrievable", "amounts_in_order", "targeting_minors"}
    assert cells[0].rule == "label_political_statement"
    assert cells[-1].rule == "dsa_repository_removed_stub"


def test_the_cells_add_up_to_the_summary() -> None:
    told = [row for row in summary()["verdicts"] if row["rule"] in {one.rule for one in rows(material())}]
    for name in ("ok", "partial", "missing", "invalid", "not_exposed"):
        assert sum(getattr(one, name) for one in rows(material())) == sum(row[name] for row in told)


@pytest.mark.parametrize(
    ("rule", "form", "state"),
    [
        ("notice_report_mechanism", "ads_archive", "never"),  # a structural gap with verdicts
        ("notice_report_mechanism", "commercial_content", "never"),  # unknown for all, never exposed
        ("notice_sponsor_name", "commercial_content", "undecided"),
        ("notice_sponsor_name", "ads_archive", "decided"),
        ("dsa_repository_period", "register", "silent"),  # the register has no duty under the DSA
        ("notice_payer", "advertiser_stats", "silent"),  # no rule on payers speaks of aggregates
        ("notice_payer", "ads_repository", "never"),  # no record, but the source is known
        ("dsa_repository_period", "ads_repository", "undecided"),
    ],
)
def test_what_a_box_says(rule: str, form: str, state: str) -> None:
    assert cell(material(), rule, form).state == state


def test_exposure_of_a_source_that_was_not_audited_is_not_shown() -> None:
    foreign = {"source": "pinterest", "form": "api", "rule": "label_notice_link", "exposed": "never"}
    assert [one.rule for one in rows(audit([verdict(ok=1)], [foreign]))] == ["notice_payer"]


def test_a_share_bears_its_denominator() -> None:
    page = sole(draw(audit([verdict(missing=3, ok=9)])))
    assert {"25%", "12"} <= set(shown(page))


def test_the_headline_says_most_only_where_it_is_most() -> None:
    def headline(*verdicts: dict[str, Any]) -> str:
        return sole(draw(audit(list(verdicts)))).headline

    gap, found = verdict("notice_methodology", not_exposed=5), verdict(ok=5)
    assert "Most of what the law asks has no field in the source audited" in headline(gap)
    assert "1 of the 2 disclosures" in headline(gap, found)
    assert "No disclosure" in headline(found)


def test_the_subtitle_says_what_ran_before_the_law() -> None:
    page = sole(draw(audit([verdict(missing=1, ok=9), verdict(binding="before", missing=2)])))
    assert "3 of 12 checks (25%)" in page.subtitle
    assert "2 concern ads that ran before the law applied: no breach" in page.subtitle


def test_more_than_ten_columns_are_split_evenly() -> None:
    many = [{**verdict(ok=1), "form": f"form_{turn}"} for turn in range(10, 21)]
    many.append(verdict(ok=1))
    pages = draw(audit(many))
    assert not isinstance(pages, Empty)
    assert len(pages) == 2
    assert [sum(text.startswith("form ") for text in shown(page)) for page in pages] == [5, 6]
    assert pages[0].headline == pages[1].headline
    assert any(text.endswith("Part\u00a02\u00a0of\u00a02.") for text in shown(pages[1]))


def test_without_anything_checked_there_is_a_reason_and_no_picture() -> None:
    assert isinstance(draw(audit([])), Empty)
    assert isinstance(draw(audit([verdict("amounts_in_order", ok=4)])), Empty)
    assert isinstance(draw(Material({}, (), {}, {})), Empty)
