"""Scales, and marks that differ in lightness."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest

from adaudit.charts.style import MARKS, MOST_FIGURES, Frame, Page, Scale, settings
from adaudit.charts.wording import DUTCH


@pytest.mark.parametrize("top", ["0.05", "1", "7", "8122.40", "95000", "123456789012"])
def test_a_linear_scale_begins_at_nothing_and_holds_its_top(top: str) -> None:
    scale = Scale.linear(Decimal(top), 100.0, 300.0)
    assert scale.at(Decimal(0)) == 100.0
    assert 280.0 < scale.at(Decimal(top)) < 300.0
    assert scale.ticks[0] == 0
    assert 2 <= len(scale.ticks) <= 6
    assert max(scale.ticks) <= Decimal(top)


def test_a_scale_of_nothing_but_zero_has_one_tick() -> None:
    assert Scale.linear(Decimal(0), 0.0, 1.0).ticks == (Decimal(0),)


def test_on_a_logarithmic_scale_equal_factors_are_equally_far_apart() -> None:
    scale = Scale.logarithmic(Decimal(20), Decimal(50_000), 0.0, 100.0)
    assert [int(tick) for tick in scale.ticks] == [10, 100, 1_000, 10_000]
    places = [scale.at(tick) for tick in scale.ticks]
    gaps = [after - before for before, after in pairwise(places)]
    assert gaps == pytest.approx([gaps[0]] * 3)
    assert 0.0 < scale.at(Decimal(20)) < scale.at(Decimal(50_000)) < 100.0


def lightness(colour: str) -> float:
    """Relative luminance, as for contrast on screens."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_marks_are_told_apart_without_colour() -> None:
    """Neighbours in a bar differ in lightness by half again, or one bears hatching or a base line."""
    for first, second in (("missing", "partial"), ("missing", "ok"), ("invalid", "missing")):
        dark, light = lightness(MARKS[first].fill) + 0.05, lightness(MARKS[second].fill) + 0.05
        assert max(dark, light) / min(dark, light) > 1.5
    assert MARKS["never"].hatch
    assert MARKS["gap"].hatch
    assert MARKS["partial"].base
    assert not MARKS["ok"].hatch


def test_figures_are_legible_on_every_mark_that_bears_them() -> None:
    for name in ("missing", "partial", "ok"):
        assert (lightness(MARKS[name].fill) + 0.05) / (lightness("#16191d") + 0.05) > 4.5


def test_alternative_text_holds_the_main_figures_and_says_where_the_others_are() -> None:
    few = Frame("A headline", "A subtitle.", (), ["One.", "Two."])
    assert few.alt == "A headline. A subtitle. One. Two."
    many = Frame("A headline", "A subtitle.", (), [f"Figure {turn}." for turn in range(MOST_FIGURES + 3)], DUTCH)
    assert many.alt.endswith(
        f"Figure {MOST_FIGURES - 1}. Enzovoort voor nog 3; het gegevensbestand bevat alle cijfers."
    )


def test_a_page_of_several_says_which_it_is_in_its_subtitle_and_not_in_its_alternative_text() -> None:
    frame = Frame("A headline", "A subtitle.", (), turn=(2, 3))
    with settings():
        said = [text.get_text() for text in Page(frame, 20.0).figure.axes[0].texts]
    assert "A subtitle. Part\u00a02\u00a0of\u00a03." in said
    assert "Part" not in frame.alt
