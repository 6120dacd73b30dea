"""The acts as data: from which day each binds whom, and what it makes of a gap."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Final

from adaudit.law.months import months_later

TTPA: Final = "Regulation (EU) 2024/900"
NOTICES: Final = "Implementing Regulation (EU) 2025/1410"
DSA: Final = "Regulation (EU) 2022/2065"
AI_ACT: Final = "Regulation (EU) 2024/1689"

ARTICLE: Final = re.compile(r"\bArt (\d+)")


@dataclass(frozen=True)
class Instrument:
    """One act; `applies` is None where the day was not read in the text."""

    name: str
    binding: str
    political: bool
    """Whether it speaks of political advertising alone."""
    basis: str
    applies: date | None = None
    nobody_before: date | None = None
    """The day before which the act bound nobody; from it until `applies` it is unknown whom it bound."""
    months_after_designation: int | None = None
    template: bool = False
    """Whether it is a template: what it alone asks for weighs less than what the Regulation asks for."""
    raised: tuple[int, ...] = ()
    """Articles whose infringement Art 25(5) calls particularly serious in the last month before a vote."""

    def raises(self, pinpoint: str) -> bool:
        """Whether the pinpoint rests on an article that Art 25(5) names."""
        return any(int(article) in self.raised for article in ARTICLE.findall(pinpoint))


@dataclass(frozen=True)
class Designation:
    """When a platform was notified of its designation, and where that can be read."""

    source: str
    notified: date
    reference: str


@dataclass(frozen=True)
class Since:
    """From which day an act binds a publisher, and before which day it is certain that it did not."""

    applies: date
    not_before: date


@cache
def _file() -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = tomllib.loads(
        resources.files("adaudit.law").joinpath("instruments.toml").read_text("utf-8")
    )
    return found


@cache
def instruments() -> dict[str, Instrument]:
    """Every act by its name."""
    made = [Instrument(**{**entry, "raised": tuple(entry.get("raised", ()))}) for entry in _file()["instrument"]]  # type: ignore[arg-type]
    return {one.name: one for one in made}


@cache
def designations() -> dict[str, Designation]:
    """The designations that are known, by source; sources without one are bound from an unknown earlier day."""
    made = [Designation(**entry) for entry in _file().get("designation", [])]  # type: ignore[arg-type]
    return {one.source: one for one in made}


def since(binding: str, source: str) -> Since | None:
    """From when the acts of this name bind the publisher of the source; None where no day is known.

    A platform designated early enough is bound four months after its designation (Art 92 DSA).
    """
    acts = [one for one in instruments().values() if one.binding == binding and one.applies and one.nobody_before]
    if not acts:
        return None
    act = acts[0]
    assert act.applies is not None and act.nobody_before is not None  # noqa: S101 - chosen so above
    designated = designations().get(source)
    if act.months_after_designation is None or designated is None:
        return Since(act.applies, act.nobody_before)
    day = min(act.applies, months_later(designated.notified, act.months_after_designation))
    return Since(day, day)
