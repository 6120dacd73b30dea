"""The numbers of who answers for what is not disclosed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from adaudit.charts import Material
from adaudit.charts.attribution import draw, rows
from adaudit.charts.style import Empty, Page

from .fictional import VERDICTS, material, summary
from .looking import sole


def verdict(
    form: str = "ads_archive", binding: str = "yes", rule: str = "notice_payer", **counts: int
) -> dict[str, Any]:
    """One row of verdicts."""
    said = {**dict.fromkeys(VERDICTS, 0), **counts}
    place = {"source": "meta", "form": form, "kind": "ad", "pinpoint": "Art 12(1)(b)"}
    return {**place, "rule": rule, "binding": binding, "records": sum(said.values()), **said}


def audit(*verdicts: dict[str, Any]) -> Material:
    """An audit with these verdicts."""
    return replace(material(), summary={"verdicts": list(verdicts)})


def page(given: Material) -> Page:
    """The one page of the chart."""
    return sole(draw(given))


def test_what_ran_before_the_law_is_never_mixed_with_the_rest() -> None:
    now, before = rows(
        audit(
            verdict(binding="yes", missing=1, ok=2),
            verdict(binding="unknown", invalid=3, not_exposed=4),
            verdict(binding="before", missing=50, partial=5, suspect=9, not_applicable=9),
        )
    )
    assert (now.before, now.missing, now.invalid, now.not_exposed, now.ok) == (False, 1, 3, 4, 2)
    assert (now.decided, now.undated) == (10, 7)
    assert (before.before, before.missing, before.partial, before.decided) == (True, 50, 5, 55)


def test_the_bars_add_up_to_the_summary() -> None:
    told = [row for row in summary()["verdicts"] if row["rule"].startswith(("notice_", "label_", "dsa_"))]
    told = [row for row in told if row["rule"] != "notice_retrievable"]
    bars = rows(material())
    for name in ("ok", "partial", "missing", "invalid", "not_exposed"):
        for before in (True, False):
            counted = sum(getattr(bar, name) for bar in bars if bar.before is before)
            assert counted == sum(row[name] for row in told if (row["binding"] == "before") is before)


def test_contradictions_between_fields_are_no_omissions() -> None:
    (bar,) = rows(audit(verdict(rule="amounts_in_order", invalid=9), verdict(ok=1)))
    assert (bar.decided, bar.lost) == (1, 0)


def test_each_data_set_counts_once_in_the_headline_however_large() -> None:
    given = audit(
        verdict("a", missing=100_000),
        verdict("b", not_exposed=2, missing=1),
        verdict("c", not_exposed=2, missing=1),
        verdict("c", binding="before", missing=99),
    )
    assert page(given).headline.startswith("In 2 of 3 data sets, more is lost because the source has no field")


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        ((verdict(missing=2, not_exposed=1),), "More is lost because records leave"),
        (
            (verdict("a", missing=2), verdict("b", missing=1)),
            "In all 2 data sets, more is lost because records",
        ),
        ((verdict("a", missing=2), verdict("b", not_exposed=2)), "As much is lost"),
        ((verdict(ok=2, partial=1),), "Nothing is missing"),
        ((verdict(binding="before", missing=5),), "ran before the law applied: none counts as an omission"),
    ],
)
def test_the_headline_is_true(verdicts: tuple[dict[str, Any], ...], words: str) -> None:
    assert words in page(audit(*verdicts)).headline


def test_the_subtitle_leaves_out_what_ran_before_the_law() -> None:
    given = audit(verdict(missing=1, ok=9), verdict(binding="before", missing=50))
    assert "Of 10 checks" in page(given).subtitle
    assert "1 (10%) found the disclosure missing" in page(given).subtitle


def test_many_data_sets_go_on_several_pages() -> None:
    pages = draw(audit(*(verdict(f"form_{turn}", missing=1, ok=1) for turn in range(40))))
    assert not isinstance(pages, Empty)
    assert len(pages) > 1
    assert all(one.height < 842.0 for one in pages)
    assert pages[0].headline == pages[1].headline


def test_without_a_decided_check_there_is_a_reason_and_no_picture() -> None:
    assert isinstance(draw(audit(verdict(unknown=5, not_applicable=2))), Empty)
    assert isinstance(draw(Material({}, (), {}, {})), Empty)
