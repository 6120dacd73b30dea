"""Both languages say the same: every room's texts have both wordings, which name the same values."""

import string
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import adaudit
from adaudit.language import LANGUAGES, Language, day, interval, month, number, percent, share, texts_of

ROOMS = sorted(
    ".".join(path.parent.relative_to(Path(adaudit.__file__).parent.parent).parts)
    for path in Path(adaudit.__file__).parent.rglob("texts.toml")
    if path.parent.name != "rules"
)


def values_named(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_text_has_both_wordings_with_the_same_values() -> None:
    for room in ROOMS:
        for key, wordings in texts_of(room).entries.items():
            assert set(wordings) == set(LANGUAGES), f"{room}: {key}"
            assert values_named(wordings["en"]) == values_named(wordings["nl"]), f"{room}: {key}"
            assert all(text.strip() for text in wordings.values()), f"{room}: {key}"


def test_numbers_as_each_language_writes_them() -> None:
    assert number(3124) == "3\u202f124"
    assert number(3124, "nl") == "3.124"
    assert share(12, 46) == "12 of 46 (26 %)"
    assert share(12, 46, "nl") == "12 van 46 (26%)"
    assert share(0, 0, "nl") == "0 van 0"
    assert percent(1, 1000) == "under 1 %"
    assert percent(999, 1000, "nl") == "meer dan 99%"


def test_days_as_each_language_writes_them() -> None:
    assert day(date(2025, 10, 29)) == "29 October 2025"
    assert day(date(2025, 10, 29), "nl") == "29 oktober 2025"
    assert month(date(2025, 3, 1), "nl") == "maart 2025"


@given(st.decimals(0, 10**9, places=2), st.decimals(0, 10**9, places=2), st.sampled_from(LANGUAGES))
def test_an_interval_is_rounded_outwards(one: Decimal, other: Decimal, language: Language) -> None:
    low, high = sorted((one, other))
    words = interval(low, high, language).replace("\u202f", "").replace(".", "")
    ends = [int(word) for word in words.split() if word.isdigit()]
    assert ends[0] <= low
    if low != high:
        assert ends[-1] >= high


def test_data_files_parse() -> None:
    for path in Path(adaudit.__file__).parent.rglob("*.toml"):
        tomllib.loads(path.read_text("utf-8"))
