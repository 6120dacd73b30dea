"""Text that is drawn: nothing invisible, nothing the font lacks, nothing wider than its place."""

from __future__ import annotations

import pytest

from adaudit.charts.text import ABSENT, ELLIPSIS, THIN, balanced, clean, shorten, width, wrap


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Line\none\r\n\ttwo", "Line one two"),
        ("\u202eevil\u202c\u200f \u2066x\u2069", "evil x"),
        ("\x00\x1b[31mred\x7f", "[31mred"),
        ("a\u2028b\u3000c", "a b c"),
        ("政党", ABSENT * 2),
        ("\ud800x", f"{ABSENT}x"),
        ("e\u0301", "é"),
        ("z" + "\u0336" * 9, "z" + "\u0336" * 2),
        ("\u0336\u0336z", "z"),
        ("heart\ufe0f", "heart"),
        (f"1{THIN}276", f"1{THIN}276"),
        ("$x^2$ {0} %s <b>", "$x^2$ {0} %s <b>"),
        ("\u200b \t", ""),
        ("שלום", "שלום"),
    ],
)
def test_cleans(given: str, shown: str) -> None:
    assert clean(given) == shown
    assert clean(clean(given)) == shown


def test_a_shortened_name_keeps_both_its_ends_and_fits() -> None:
    name = "Vereniging voor de Toekomst van het Waterschap, afdeling Groningen"
    shown = shorten(name, 100.0, 6.6)
    assert shown.startswith("Vereniging")
    assert shown.endswith("ngen")
    assert ELLIPSIS in shown
    assert width(shown, 6.6) <= 100.0
    assert shorten("Short", 100.0, 6.6) == "Short"


def test_wraps_within_the_room_and_keeps_thousands_together() -> None:
    text = f"Of 39{THIN}329 checks " * 9 + "A" * 300
    lines = wrap(text, 120.0, 8.0)
    assert all(width(line, 8.0) <= 120.0 for line in lines)
    assert sum(line.count(f"39{THIN}329") for line in lines) == 9
    assert wrap("", 120.0, 8.0) == []


def test_a_balanced_headline_has_no_lonely_word() -> None:
    text = "The sources have no field for most of what the law asks to disclose of ads"
    lines = balanced(text, 520.0, 14.5, bold=True)
    assert len(lines) == len(wrap(text, 520.0, 14.5, bold=True)) == 2
    first, second = (width(line, 14.5, bold=True) for line in lines)
    assert second > first * 0.6
    assert " ".join(lines) == text
