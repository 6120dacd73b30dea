"""The numbers of spend by sponsor: intervals, and ranks only where nothing overlaps."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

import pytest

from adaudit.charts import Material, SponsorSpend
from adaudit.charts.ranking import Panel
from adaudit.charts.spend_by_sponsor import draw, rows
from adaudit.charts.style import Empty

from .fictional import material, spend
from .looking import shown, sole

META = ("meta", "ads_archive", "ad", "ad", "EUR")


def audit(*given: SponsorSpend) -> Material:
    """An audit that knows this spend."""
    return replace(material(), sponsors=given)


def only(*given: tuple[str, str, str | None, int]) -> Panel:
    """The one panel of this spend."""
    (panel,) = rows(audit(*spend(META, *given)))
    return panel


def ranks(panel: Panel) -> dict[str, int | None]:
    """Each name shown with its rank."""
    return {line.name: line.rank for line in panel.lines}


def test_a_rank_needs_an_interval_apart_from_all_others() -> None:
    panel = only(("a", "90", "99", 1), ("b", "50", "60", 1), ("c", "55", "70", 1), ("d", "10", "10", 1))
    assert ranks(panel) == {"a": 1, "c": None, "b": None, "d": 4}


def test_an_open_end_below_unranks_everything_above_it() -> None:
    """Neighbours alone would mislead: `a` is clear of `b`, yet `c` may have spent more."""
    panel = only(("a", "90", "99", 1), ("b", "50", "60", 1), ("c", "40", None, 1), ("d", "1", "2", 1))
    assert ranks(panel) == {"a": None, "b": None, "c": None, "d": 4}


@pytest.mark.parametrize("low", ["100", "100.00"])
def test_touching_and_equal_amounts_are_not_ranked(low: str) -> None:
    assert set(ranks(only(("a", "100", "120", 1), ("b", low, low, 1))).values()) == {None}
    assert set(ranks(only(("a", "100.01", "120", 1), ("b", low, low, 1))).values()) == {1, 2}


def test_the_period_of_a_panel_is_that_of_its_amounts_not_of_those_outside_the_union() -> None:
    keys = dict(zip(("source", "form", "kind", "scope", "currency"), META, strict=True))
    inside = {**keys, "in_union": True, "period_from": "2025-06-13", "period_until": "2025-07-12"}
    outside = {**keys, "in_union": False, "period_from": "2025-06-14", "period_until": "2025-07-13"}
    given = audit(*spend(META, ("a", "5", "5", 1), ("b", "3", "3", 1)))
    given = replace(given, summary={**given.summary, "spend": [inside, outside]})
    said = " ".join(shown(sole(draw(given))))
    assert "13 June 2025 to 12 July 2025" in said
    assert "13 July 2025" not in said


def test_one_name_alone_has_no_rank() -> None:
    assert ranks(only(("a", "5", "5", 1))) == {"a": None}


def test_ranks_agree_with_comparing_every_pair() -> None:
    chance = random.Random(1)
    for _ in range(300):
        given = []
        for turn in range(chance.randint(2, 12)):
            low = chance.randint(0, 60)
            high = None if chance.random() < 0.05 else str(low + chance.choice((0, 0, 3, 20)))
            given.append((str(turn), str(low), high, 1))
        for line in only(*given).lines:
            others = [(Decimal(low), high) for name, low, high, _ in given if name != line.name]
            above = sum(line.high is not None and low > line.high for low, _ in others)
            below = sum(high is not None and Decimal(high) < line.low for _, high in others)
            assert line.rank == (above + 1 if above + below == len(others) else None)


def test_names_not_shown_take_part_in_the_ranking() -> None:
    shown = [(f"n{turn}", str(1000 - turn), str(1000 - turn), 1) for turn in range(12)]
    panel = only(*shown, ("hidden", "5", None, 1), ("small", "1", "1", 1))
    assert "hidden" not in ranks(panel)
    assert set(ranks(panel).values()) == {None}
    assert (panel.names, panel.rivals, panel.goes_on) == (14, 1, True)
    panel = only(*shown, ("small", "1", "1", 1))
    assert list(ranks(panel).values()) == list(range(1, 13))
    assert (panel.rivals, panel.goes_on) == (0, False)


def test_currencies_forms_kinds_and_scopes_are_never_mixed() -> None:
    given = [
        *spend(META, ("a", "1", "2", 5)),
        *spend((*META[:4], "USD"), ("a", "1", "2", 4)),
        *spend((*META[:3], "campaign", "EUR"), ("a", "1", "2", 3)),
        *spend(("meta", "report", "advertiser", "advertiser", "EUR"), ("a", "1", "2", 2)),
        *spend(("google", "stats", "advertiser", "advertiser", "EUR"), ("a", "1", "2", 1)),
    ]
    panels = rows(audit(*given))
    assert [panel.records for panel in panels] == [5, 4, 3, 2]
    assert all(panel.names == 1 for panel in panels)


def test_a_page_holds_no_more_lines_than_are_legible() -> None:
    many = [(f"n{turn}", str(turn), str(turn), 1) for turn in range(50)]
    given = [one for form in "abcd" for one in spend(("meta", form, "ad", "ad", "EUR"), *many)]
    assert [len(panel.lines) for panel in rows(audit(*given))] == [9] * 4
    assert [len(panel.lines) for panel in rows(audit(*given[:100]))] == [12, 12]


def test_amounts_that_cannot_be_true_are_left_out_and_counted() -> None:
    panel = only(
        ("a", "5", "6", 1),
        ("b", "6", "5", 1),
        ("c", "-1", "5", 1),
        ("d", "NaN", None, 1),
        ("e", "1", "Infinity", 1),
        ("f", "1E+400", None, 1),
    )
    assert [line.name for line in panel.lines] == ["a"]
    assert panel.odd == 5


def headline(*given: tuple[str, str, str | None, int]) -> str:
    """What the chart of this spend says first."""
    return sole(draw(audit(*spend(META, *given)))).headline


def test_the_headline_is_true() -> None:
    apart = [("a", "9", "9", 1), ("b", "7", "8", 1)]
    tied = [("c", "1", "5", 1), ("d", "2", None, 1)]
    assert headline(*apart).startswith("All 2 amounts")
    assert headline(("x", "90", "90", 1), *(("c", "1", "5", 1), ("d", "2", "3", 1))).startswith("Only 1 of the 3")
    assert headline(*tied).startswith("None of the 2")
    assert headline(("a", "1", "1", 1)).startswith("What sponsors and advertisers spent")
    assert headline(*apart, ("e", "3", "3", 1), ("f", "1", "1", 1), ("g", "1", "1", 1)).startswith("3 of the 5")


def test_a_logarithmic_scale_is_used_only_if_needed_and_then_said() -> None:
    def says(*given: tuple[str, str, str | None, int]) -> bool:
        return any("Logarithmic" in text for text in shown(sole(draw(audit(*spend(META, *given))))))

    assert says(("a", "1000000", "1000000", 1), ("b", "20", "30", 1), ("c", "5", None, 1))
    assert not says(("a", "1000000", "1000000", 1), ("b", "0", "30", 1), ("c", "5", None, 1))
    assert not says(("a", "100", "120", 1), ("b", "20", "30", 1))


def test_without_amounts_there_is_a_reason_and_no_picture() -> None:
    nothing, untrue = draw(audit()), draw(audit(*spend(META, ("a", "2", "1", 1))))
    assert isinstance(nothing, Empty)
    assert isinstance(untrue, Empty)
    assert nothing.reason != untrue.reason


def test_money_that_names_nobody_has_no_rank_and_no_line_but_is_said() -> None:
    named = spend(META, ("a", "90", "99", 1), ("b", "50", "60", 1))
    nobody = replace(named[0], name="(nobody named)", low=Decimal(95), high=None, records=7, standing="nobody")
    (panel,) = rows(audit(*named, nobody))
    assert ranks(panel) == {"a": 1, "b": 2}
    assert [(line.name, line.records) for line in panel.nameless] == [("(nobody named)", 7)]
    said = shown(sole(draw(audit(*named, nobody))))
    assert "In no line above: (nobody named), EUR 95 or more, 7 ads." in said


def test_a_panel_in_which_nobody_is_named_is_no_panel() -> None:
    nobody = replace(spend(META, ("x", "9", "9", 1))[0], standing="withheld")
    assert rows(audit(nobody)) == []
