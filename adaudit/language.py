"""The languages that adaudit speaks: texts from data beside the code, numbers and days as each writes them.

A room keeps what it says in a `texts.toml` of its own, one entry a text with its English and Dutch
wording; values are named in braces. Both wordings name the same values: a test holds every room to it.
"""

import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cache
from importlib import resources
from typing import Final, Literal, Self

Language = Literal["en", "nl"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "nl")
DEFAULT: Final[Language] = "en"
THOUSANDS: Final[Mapping[Language, str]] = {"en": "\u202f", "nl": "."}
DECIMAL: Final[Mapping[Language, str]] = {"en": ".", "nl": ","}


class Wording(str):
    """A text in both languages. As a string it is the English one; plain text serves both languages.

    In data it is a string, or a table of `en` and `nl`.
    """

    __slots__ = ("nl",)
    nl: str

    def __new__(cls, en: str, nl: str | None = None) -> Self:
        """The English wording and the Dutch one; without the latter the former serves both."""
        made = super().__new__(cls, en)
        made.nl = en if nl is None else nl
        return made

    def written(self) -> dict[str, str]:
        """Both wordings, as they stand in files."""
        return {"en": str(self), "nl": self.nl}

    @classmethod
    def read(cls, given: object) -> Self:
        """The wording that data give. Raises ValueError for anything but a string or a table of both."""
        if isinstance(given, str):
            return given if isinstance(given, cls) else cls(given)
        if isinstance(given, dict) and set(given) == set(LANGUAGES) and all(isinstance(v, str) for v in given.values()):
            return cls(given["en"], given["nl"])
        raise ValueError(f"expected a text, or a table of its wordings in {' and '.join(LANGUAGES)}")


def joined(separator: str, parts: Collection[str]) -> Wording:
    """The texts put together in each language."""
    en, nl = (separator.join(in_language(one, language) for one in parts) for language in LANGUAGES)
    return Wording(en, nl)


def in_language(text: str, language: Language) -> str:
    """The text as the language words it; plain text is the same in both."""
    return text.nl if language == "nl" and isinstance(text, Wording) else str(text)


Value = str | int | date | Callable[[Language], str]
"""What a wording names: text, a count, a day, or whatever else each language writes in its own way."""


def _shown(value: Value, language: Language) -> str:
    if isinstance(value, str):
        return in_language(value, language)
    if isinstance(value, date):
        return day(value, language)
    return number(value, language) if isinstance(value, int) else value(language)


@dataclass(frozen=True)
class Texts:
    """The texts of one room by key and language."""

    entries: Mapping[str, Mapping[Language, str]]

    def say(self, key: str, language: Language, **values: object) -> str:
        """The text with its values filled in. Raises KeyError for an unknown key or an unnamed value."""
        return self.entries[key][language].format(**values)

    def both(self, key: str, /, **values: Value) -> Wording:
        """The text in both languages, its counts and days as each writes them. Raises KeyError as `say` does."""
        en, nl = (
            self.say(key, one, **{name: _shown(value, one) for name, value in values.items()}) for one in LANGUAGES
        )
        return Wording(en, nl)

    def of(self, key: str, count: int, /, **values: Value) -> Wording:
        """As `both`, of one or of several: the wording under `key_1` or `key_more`, which may name `count`."""
        return self.both(f"{key}_1" if count == 1 else f"{key}_more", **{"count": count, **values})


@cache
def texts_of(package: str, file: str = "texts.toml") -> Texts:
    """The texts that lie in a package's data file: a table of keys, each with `en` and `nl`."""
    data = tomllib.loads(resources.files(package).joinpath(file).read_text("utf-8"))
    return Texts(data)


def number(value: int, language: Language = DEFAULT) -> str:
    """A whole number with its thousands apart: `3 124` with a narrow space in English, `3.124` in Dutch."""
    return f"{value:,}".replace(",", THOUSANDS[language])


def percent(part: int, whole: int, language: Language = DEFAULT) -> str:
    """A share in whole per cent, halves up, never rounded to nothing or to everything. Raises ZeroDivisionError."""
    value = 100 * part / whole
    if 0 < value < 1:
        shown = "under 1" if language == "en" else "minder dan 1"
    elif 99 < value < 100:
        shown = "over 99" if language == "en" else "meer dan 99"
    else:
        shown = str((part * 200 + whole) // (whole * 2))
    return f"{shown} %" if language == "en" else f"{shown}%"


def share(part: int, whole: int, language: Language = DEFAULT) -> str:
    """`12 of 46 (26 %)`, `12 van 46 (26%)`: a share never stands without its denominator."""
    of = "of" if language == "en" else "van"
    counts = f"{number(part, language)} {of} {number(whole, language)}"
    return f"{counts} ({percent(part, whole, language)})" if whole else counts


def share_of(part: int, whole: int, things: str, language: Language = DEFAULT) -> str:
    """`12 of 46 (26 %) ads`, `12 van de 46 advertenties (26%)`; `things` is the noun for `whole` of them."""
    if language == "en":
        return f"{share(part, whole)} {in_language(things, 'en')}"
    counts = f"{number(part, 'nl')} van de {number(whole, 'nl')} {in_language(things, 'nl')}"
    return f"{counts} ({percent(part, whole, 'nl')})" if whole else counts


def interval(low: Decimal, high: Decimal, language: Language = DEFAULT) -> str:
    """An amount of money in whole units as what it is at least and at most, rounded outwards."""
    ends = (int(low.to_integral_value(ROUND_FLOOR)), int(high.to_integral_value(ROUND_CEILING)))
    least, most = (number(end, language) for end in ends)
    to = "to" if language == "en" else "tot"
    return least if low == high else f"{least} {to} {most}"


def day(value: date, language: Language = DEFAULT) -> str:
    """`29 October 2025`, `29 oktober 2025`."""
    from babel.dates import format_date

    return format_date(value, "d MMMM y", locale="en_GB" if language == "en" else "nl_NL")


def month(value: date, language: Language = DEFAULT) -> str:
    """`October 2025`, `oktober 2025`."""
    from babel.dates import format_date

    return format_date(value, "MMMM y", locale="en_GB" if language == "en" else "nl_NL")
