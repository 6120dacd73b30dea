"""What every platform of the loopback server has: an archive, answers, and its own way of saying no."""

import base64
import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import ClassVar

from .exchange import Answer, Asked
from .faults import Striking

NO_CURSOR = -1
MOST_QUERIES_KEPT = 200


class Platform(ABC):
    """One platform with an archive of the given size; the same seed and size give the same archive.

    `codes` names the platform's own error code for what faults call `expired`, `refused`, `throttled`, `quota`
    and `too_heavy`; a platform without such an answer leaves it out.
    """

    name: ClassVar[str]
    field: ClassVar[str]
    """The field that drifts or is edited where a fault names none; dots lead into objects."""
    codes: ClassVar[Mapping[str, str]]

    def __init__(self, seed: int, ads: int) -> None:
        if ads < 1:
            message = f"an archive holds at least one ad, not {ads}; Fault('empty') answers without any"
            raise ValueError(message)
        self.seed = seed
        self.ads = ads
        self.expired: set[str] = set()
        self._found: dict[str, list[int]] = {}

    @abstractmethod
    def answer(self, asked: Asked, struck: Striking) -> Answer:
        """The answer of a platform that works, but for the faults that concern its pages."""

    @abstractmethod
    def error(self, code: str, status: int | None = None, subcode: str = "") -> Answer:
        """An error in the platform's own envelope, with the usual HTTP status of the code or the one given."""

    @abstractmethod
    def identities(self, form: str = "") -> tuple[str, ...]:
        """The ids that an uninterrupted pull of everything brings, sorted, each once."""

    @abstractmethod
    def canary(self) -> str:
        """The id of an ad that must always come."""

    @abstractmethod
    def token(self, number: int = 1) -> str:
        """A token that is accepted until a fault lets it expire; empty where none is needed."""

    def found(self, query: str, number: int, matches: Callable[[int], bool]) -> list[int]:
        """The places, of so many, that a query finds: looked for once, kept for the next pages of the same query."""
        if query not in self._found:
            if len(self._found) >= MOST_QUERIES_KEPT:
                self._found.clear()
            self._found[query] = [place for place in range(number) if matches(place)]
        return self._found[query]

    def credentials(self) -> dict[str, str]:
        """The key and secret of the client that may ask for tokens, where the platform gives them out."""
        return {}

    def token_of(self, asked: Asked) -> str:
        """The token that a request carries."""
        return asked.bearer


def cursor(query: str, place: int) -> str:
    """An opaque cursor: the place within the answer to one query, bound to that query."""
    digest = hashlib.sha256(query.encode()).hexdigest()[:12]
    return base64.urlsafe_b64encode(f"{digest}:{place}".encode()).decode().rstrip("=")


def place_of(query: str, given: str) -> int:
    """The place that a cursor of the query names; NO_CURSOR where it is not one of this query's."""
    try:
        digest, _, place = base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)).decode().partition(":")
        number = int(place)
    except ValueError:
        return NO_CURSOR
    return number if digest == hashlib.sha256(query.encode()).hexdigest()[:12] and number >= 0 else NO_CURSOR


def whole_number(text: str, usual: int) -> int | None:
    """The number that a parameter gives, the usual one where it is blank, None where it is no number."""
    if not text:
        return usual
    return int(text) if text.isascii() and text.isdigit() else None
