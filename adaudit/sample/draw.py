"""Seeded draws: the same seed and file name give the same values on every machine.

Only `random()` and `getrandbits()` of the standard generator are used, and no powers or sums of
fractions that machines and versions of Python round differently.
"""

import hashlib
import random
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import TypeVar

T = TypeVar("T")

BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

_TOKEN_MARK = "FICTIONALSAMPLETOKEN"  # noqa: S105 - the word that shows the token to be made up
_RECORDS_AT_LEAST = 1


class Draw(random.Random):
    """A seeded generator with the few draws that the sample needs."""

    def pick(self, items: Sequence[T]) -> T:
        """One of the items, each as likely as the next."""
        return items[int(self.random() * len(items))]

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.random() * (high - low + 1))

    def chance(self, share: float) -> bool:
        """True in the given share of the cases."""
        return self.random() < share

    def skewed(self, low: int, high: int) -> int:
        """A whole number from low to high, mostly near low, as amounts and audiences are."""
        share = self.random()
        share *= share
        return low + int((high - low) * share * share)

    def some(self, items: Sequence[T], number: int) -> list[T]:
        """The given number of different items, in their own order."""
        chosen: list[T] = []
        wanted = min(number, len(items))
        for position, item in enumerate(items):
            if self.random() * (len(items) - position) < wanted - len(chosen):
                chosen.append(item)
        return chosen

    def hexadecimal(self, length: int) -> str:
        """Lower-case hexadecimal digits, as in a digest."""
        return f"{self.getrandbits(4 * length):0{length}x}"

    def uuid(self) -> str:
        """A random identifier in the form of a version 4 UUID."""
        digits = self.hexadecimal(32)
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"

    def text_of(self, alphabet: str, length: int) -> str:
        """A string of the given length from the given characters."""
        return "".join([self.pick(alphabet) for _ in range(length)])


def draw_for(seed: int, name: str) -> Draw:
    """The generator of one file: it depends on the seed and the file's name alone."""
    digest = hashlib.sha256(f"{seed}:{name}".encode()).digest()
    return Draw(int.from_bytes(digest[:16], "big"))


def access_token(seed: int) -> str:
    """A made-up access token of realistic form: `EAAB` and 40 letters and digits."""
    tail = draw_for(seed, "meta access token").text_of(LETTERS, 40 - len(_TOKEN_MARK))
    return f"EAAB{_TOKEN_MARK}{tail}"


def scaled(number: int, scale: float) -> int:
    """The number of records at the given scale, never less than one."""
    return max(_RECORDS_AT_LEAST, round(number * scale))


def pages(total: int, size: int) -> list[int]:
    """The sizes of the pages that hold the total, each full but the last."""
    full, rest = divmod(total, size)
    return [size] * full + ([rest] if rest else [])


def spread_ids(draw: Draw, number: int, low: int, high: int) -> list[int]:
    """Different whole numbers from low to below high, in ascending order."""
    step = (high - low) // number
    return [low + position * step + draw.getrandbits(64) % step for position in range(number)]


def base36(number: int, length: int) -> str:
    """The number in digits and small letters, padded with zeros."""
    digits = ""
    for _ in range(length):
        number, rest = divmod(number, 36)
        digits = BASE36[rest] + digits
    return digits


def days(first: date, last: date) -> tuple[date, ...]:
    """Every day from the first to the last, both included."""
    return tuple(first + timedelta(days=number) for number in range((last - first).days + 1))


def iso_days(first: date, last: date) -> tuple[str, ...]:
    """Every day from the first to the last as `YYYY-MM-DD`."""
    return tuple(day.isoformat() for day in days(first, last))


def weighted(parts: Sequence[tuple[T, int]]) -> tuple[T, ...]:
    """Each item as often as its weight says, so that `pick` follows the weights."""
    return tuple(item for item, weight in parts for _ in range(weight))


def bounds(steps: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """The lower bounds of buckets: `(width, how many)` one after the other, from zero."""
    widths = [width for width, number in steps for _ in range(number)]
    return (0, *accumulate(widths))
