"""The checklists of notices as the page shows them."""

from dataclasses import dataclass
from typing import Final

from adaudit.audit.checklist import FOUND, SAY, Checklist, Said, heading, in_order, said, tally, untold
from adaudit.language import Language

SHOWN: Final = 50
"""Checklists that the page holds, those with most to be done; `checklists.txt` has more."""


@dataclass(frozen=True)
class Part:
    """The points of one kind, and the number of the first of them."""

    head: str
    first: int
    points: tuple[Said, ...]


@dataclass(frozen=True)
class Shown:
    """One checklist in words."""

    heading: str
    tally: str
    parts: tuple[Part, ...]
    untold_head: str
    untold: tuple[str, ...]
    in_order_head: str
    in_order: str


def shown(one: Checklist, language: Language) -> Shown:
    """The checklist as the page shows it: numbered through, as on the terminal."""
    parts: list[Part] = []
    first = 1
    for verdict in FOUND:
        points = tuple(said(item, language) for item in one.of(verdict))
        if points:
            parts.append(Part(SAY.say(f"head_{verdict}", language), first, points))
            first += len(points)
    return Shown(
        heading(one, language),
        tally(one, language),
        tuple(parts),
        SAY.say("head_unknown", language),
        tuple(untold(part, language) for part in one.untold),
        SAY.say("head_ok", language),
        in_order(one, language),
    )
