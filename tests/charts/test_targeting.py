"""The numbers of targeting: each bar over its own denominator, minors selected and not excluded apart."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from adaudit.charts import Material
from adaudit.charts.material import TargetingShown
from adaudit.charts.style import Empty
from adaudit.charts.targeting import Bar, draw, rows, table
from adaudit.charts.wording import DUTCH

from .fictional import both_say, material
from .looking import shown, sole

FORM = ("snapchat", "political_ads", "ad")


def form(**counts: Any) -> TargetingShown:
    said = {"records": 100, "asserted": 0, "shown": 80, "declared_none": 0, "reach_shown": 0}
    maps: dict[str, Any] = {"used": {}, "excluded": {}, "ages": {}, "reached": {}}
    return TargetingShown(*FORM, **{**said, **maps, **counts})


def minors(binding: str, selected: int, spared: int, fine: int) -> dict[str, Any]:
    place = dict(zip(("source", "form", "kind"), FORM, strict=True))
    reasons = {"minors_selected": selected, "minors_not_excluded": spared, "no_indication": fine, "bracket_open": 4}
    return {**place, "rule": "targeting_minors", "binding": binding, "unknown": 4, "reasons": reasons}


def audit(one: TargetingShown, *verdicts: dict[str, Any]) -> Material:
    return Material({"verdicts": list(verdicts)}, (), {}, {"snapchat": both_say("Snapchat")}, targeting=[one])


def test_a_dimension_is_used_and_excluded_over_the_records_that_show_targeting() -> None:
    (block,) = rows(audit(form(used={"age": 70, "regions": 5, "never": 0}, excluded={"regions": 9, "never": 0})))
    assert block.of("used") == [Bar("used", "age", "", 70, 80), Bar("used", "regions", "", 5, 80)]
    assert block.of("excluded") == [Bar("excluded", "age", "", 0, 80), Bar("excluded", "regions", "", 9, 80)]
    assert block.dimensions == 2


def test_ages_are_over_the_records_that_show_one() -> None:
    (block,) = rows(audit(form(ages={"16_17": 3, "18_24": 20, "unlimited": 7, "not_shown": 70}, shown=0)))
    counts = {bar.value: (bar.records, bar.of) for bar in block.of("age_selected")}
    assert counts["16_17"] == (3, 30)
    assert counts["unlimited"] == (7, 30)
    assert "not_shown" not in counts


def test_ages_reached_stand_youngest_first_over_their_own_denominator() -> None:
    (block,) = rows(audit(form(reached={"65+": 1, "13-17": 2, "18-24": 3}, reach_shown=9)))
    assert [(bar.value, bar.of) for bar in block.of("age_reached")] == [("13-17", 9), ("18-24", 9), ("65+", 9)]


def test_minors_selected_and_not_excluded_are_never_one_figure() -> None:
    given = audit(form(used={"age": 1}), minors("before", 9, 9, 9), minors("yes", 2, 5, 20), minors("unknown", 1, 0, 2))
    (block,) = rows(given)
    assert [(bar.binding, bar.value, bar.records, bar.of) for bar in block.of("minors")][:3] == [
        ("yes", "minors_selected", 2, 27),
        ("yes", "minors_not_excluded", 5, 27),
        ("yes", "no_indication", 20, 27),
    ]
    assert block.minors_undecided == 12
    page = sole(draw(given))
    assert page.headline == "Minors: selected in 3, not excluded in 5 of 30 records in which it can be seen"
    assert "none is a finding of a breach" in page.subtitle


def test_what_the_user_calls_political_is_said_in_the_headline() -> None:
    given = audit(form(used={"age": 1}, asserted=99), minors("yes", 1, 1, 8))
    assert "the user calls political" in sole(draw(given)).headline


def test_a_dimension_that_no_text_names_stands_as_the_source_writes_it() -> None:
    said = shown(sole(draw(audit(form(used={"tuinliefhebbers": 3, "age": 4})), DUTCH)))
    assert {"tuinliefhebbers", "leeftijd"} <= set(said)


def test_dimensions_beyond_those_drawn_are_counted() -> None:
    many = {f"d{turn}": 50 - turn for turn in range(20)}
    given = audit(form(used=many))
    (block,) = rows(given)
    assert (len(block.of("used")), block.dimensions) == (12, 20)
    assert "and 8 more dimensions, not drawn" in shown(sole(draw(given)))


def test_ads_and_aggregates_are_blocks_of_their_own_and_aggregates_come_last() -> None:
    kinds = [block.shown.kind for block in rows(material())]
    assert kinds[-1] == "advertiser"
    assert "advertiser" not in kinds[:-1]


def test_sources_that_show_nothing_are_named() -> None:
    both = replace(audit(form(used={"age": 1})), targeting=[form(used={"age": 1}), replace(form(), source="x")])
    assert any("Nothing on targeting is shown by x political ads." in note for note in shown(sole(draw(both))))


def test_the_table_is_what_is_drawn() -> None:
    assert len(table(material())) == sum(len(block.bars) for block in rows(material()))


def test_without_anything_shown_there_is_a_reason() -> None:
    hidden, nothing = draw(audit(form())), draw(replace(audit(form()), targeting=[]))
    assert isinstance(hidden, Empty)
    assert isinstance(nothing, Empty)
    assert "none of the 100 political records" in hidden.reason
    assert "no record is known to be political" in nothing.reason
