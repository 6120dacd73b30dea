"""An example in words: what its record shows, as a person reads it, in either language."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from adaudit.language import DECIMAL, Language, Value, Wording, day, in_language, number, texts_of
from adaudit.model.countries import name_of
from adaudit.rules.examples import UNREADABLE, Example

WORDS: Final = texts_of("adaudit.rules", "words.toml")
COLUMNS: Final = texts_of("adaudit.model", "columns.toml")
"""What each column of the record holds, by column; the two ends of a value by what they have in common."""
ENDS: Final = ("_low", "_high")
CODED: Final = ("political_basis", "sponsor_kind", "controlling_entity_kind", "payer_kind")
"""Columns whose values are the program's own words."""

Fact = tuple[Wording, Wording]
"""What is shown, and its value."""


def common(column: str) -> str:
    """`amount_ad` for `amount_ad_low` and `amount_ad_high`; else the column itself."""
    return next((column.removesuffix(end) for end in ENDS if column.endswith(end)), column)


def facts(example: Example) -> list[Fact]:
    """What the record of the example shows beside the baseline, in the order in which the example gives it.

    Raises KeyError for a column without words in `columns.toml`.
    """
    given = example.given
    shown: dict[str, Fact] = {}
    for column, value in given.items():
        if column == UNREADABLE:
            assert isinstance(value, Mapping)  # noqa: S101 - the shape of our own file
            shown |= {
                name: (COLUMNS.both(common(name)), WORDS.both("unreadable", text=text)) for name, text in value.items()
            }
        elif common(column) != column:
            base = common(column)
            shown[base] = (COLUMNS.both(base), _span(given.get(f"{base}_low"), given.get(f"{base}_high")))
        else:
            shown[column] = (COLUMNS.both(column), _value(column, value))
    return list(shown.values())


def limits(example: Example) -> Wording | None:
    """What the file of the example could not show; None where it could show all."""
    return None if example.in_export else WORDS.both("not_in_export")


def nothing() -> Wording:
    """The words for a record that shows nothing of what the rule reads."""
    return WORDS.both("nothing")


def _value(column: str, value: object) -> Wording:
    if column in CODED:
        return WORDS.both(f"{'political_basis' if column == 'political_basis' else 'kind'}_{value or 'none'}")
    if value is None:
        return WORDS.both("not_stated")
    if isinstance(value, str):
        return WORDS.both("quoted", text=value)
    if isinstance(value, list):
        return _joined([_element(column, one) for one in value])
    return _plain(value)


def _element(column: str, value: object) -> Wording:
    """One element of a list: a country by its name, a targeting option by its dimension, a text in quotes."""
    if column == "countries":
        return Wording(name_of(str(value)), name_of(str(value), "nl"))
    if isinstance(value, Mapping):
        if {"dimension", "value"} <= set(value):
            key = "option_excluded" if value.get("excluded") else "option"
            return WORDS.both(key, dimension=str(value["dimension"]), value=str(value["value"]))
        return _joined([_named(name, one) for name, one in value.items()])
    return _value(column, value)


def _named(name: str, value: object) -> Wording:
    words = _value(name, value)
    return Wording(f"{name}: {words}", f"{name}: {words.nl}")


def _joined(parts: Sequence[Wording]) -> Wording:
    return Wording("; ".join(parts), "; ".join(part.nl for part in parts)) if parts else WORDS.both("not_stated")


def _plain(value: object) -> Wording:
    """A yes or no, a day, an instant of UTC or a number."""
    if isinstance(value, bool):
        return WORDS.both("yes" if value else "no")
    return Wording(_written(value, "en"), _written(value, "nl"))


def _written(value: object, language: Language) -> str:
    if isinstance(value, datetime):
        return f"{day(value.date(), language)}, {value:%H:%M} UTC"
    if isinstance(value, date):
        return day(value, language)
    if isinstance(value, int):
        return f"−{number(-value, language)}" if value < 0 else number(value, language)
    return str(value).replace(".", DECIMAL[language])


def _span(low: object, high: object) -> Wording:
    """The two ends of a value: one number where they are the same, an open end told as such."""
    ends: dict[str, Value] = {name: _plain(end) for name, end in (("low", low), ("high", high)) if end is not None}
    if len(ends) == 2:
        return _plain(low) if low == high else WORDS.both("range", **ends)
    if not ends:
        return WORDS.both("not_stated")
    return WORDS.both("at_least" if "low" in ends else "at_most", **ends)


def in_words(example: Example, language: Language) -> str:
    """The example in one line: what its record shows, and what its file could not show."""
    told = [f"{in_language(what, language)}: {in_language(value, language)}" for what, value in facts(example)]
    limit = limits(example)
    return "; ".join(
        [*(told or [in_language(nothing(), language)]), *([in_language(limit, language)] if limit else [])]
    )
