"""What a chart says, in the language of its reader: texts of `texts.toml`, numbers, shares and days.

Charts have little room: a share is written close (`26%`, `<1%`) and large counts in thousands or millions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from adaudit.language import DECIMAL, DEFAULT, THOUSANDS, Language, day, month, texts_of
from adaudit.language import number as whole_number


@dataclass(frozen=True)
class Words:
    """All wording of one language."""

    language: Language = DEFAULT

    def say(self, key: str, **values: object) -> str:
        """The text with its values filled in. Raises KeyError for an unknown key or an unnamed value."""
        return texts_of("adaudit.charts").say(key, self.language, **values)

    @staticmethod
    def knows(key: str) -> bool:
        """Whether there is such a text."""
        return key in texts_of("adaudit.charts").entries

    def number(self, count: int) -> str:
        """The count with its thousands apart."""
        return whole_number(count, self.language)

    def compact(self, count: int, from_: int = 10_000) -> str:
        """The count in little room: `from_` that number on in thousands (k) or millions (m)."""
        if count < from_:
            return self.number(count)
        size, letter = (1_000, "k") if count < 999_500 else (1_000_000, "m")
        tenths = (count * 20 + size) // (size * 2)
        if tenths < 1_000:
            return f"{tenths // 10}{DECIMAL[self.language]}{tenths % 10}{letter}"
        return self.number((count * 2 + size) // (size * 2)) + letter

    @staticmethod
    def percent(part: int, whole: int) -> str:
        """The share in whole per cent; never 0% or 100% of what is only nearly so; empty for no whole."""
        if whole == 0:
            return ""
        if 0 < part * 100 < whole:
            return "<1%"
        if 0 < (whole - part) * 100 < whole:
            return ">99%"
        return f"{(part * 200 + whole) // (whole * 2)}%"

    def share(self, part: int, whole: int) -> str:
        """`12 of 46 (26%)`, `12 van 46 (26%)`: a share with its denominator; no share of nothing."""
        said = self.say("share", part=self.number(part), whole=self.number(whole))
        return f"{said} ({self.percent(part, whole)})" if whole else said

    def amount(self, value: Decimal, *, up: bool = False) -> str:
        """The amount in whole units, a lower bound rounded down and an upper bound (`up`) rounded up."""
        return self.number(int(value.to_integral_value(ROUND_CEILING if up else ROUND_FLOOR)))

    def exactly(self, value: Decimal) -> str:
        """The amount as it is, with cents only where there are any."""
        if value == value.to_integral_value():
            return self.number(int(value))
        whole, _, cents = f"{value:,.2f}".partition(".")
        return whole.replace(",", THOUSANDS[self.language]) + DECIMAL[self.language] + cents

    def day(self, value: date | str) -> str:
        """The day in words, of a date or of text that begins as YYYY-MM-DD; other text as it is."""
        if isinstance(value, date):
            return day(value, self.language)
        try:
            return day(date.fromisoformat(value[:10]), self.language)
        except ValueError:
            return value

    def month(self, value: date) -> str:
        """The month in words."""
        return month(value, self.language)

    def listed(self, items: Sequence[str]) -> str:
        """`a`, `a and b`, `a, b and c`."""
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {self.say('and')} {items[-1]}"


ENGLISH: Final = Words("en")
DUTCH: Final = Words("nl")
