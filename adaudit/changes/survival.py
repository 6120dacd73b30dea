"""How much of a listing is still there later: the share of its records, each time with both numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from adaudit.changes.listings import Listing
from adaudit.changes.versions import parts, shown
from adaudit.store import Observations

MOST: Final = 24
"""Later listings that are looked at; of more, so many, evenly spread, the last among them."""


@dataclass(frozen=True)
class Point:
    """How many of the records of the first listing a later one shows."""

    pull: str
    days: int
    """Whole days between the two."""
    there: int
    of: int


def survival(observations: Observations, listings: Sequence[Listing]) -> list[Point]:
    """The curve over these complete listings of one scope, from the first of them; nothing where there are not two.

    A record that went and came back counts as there.
    """
    first, *later = listings or (None,)
    if first is None or not later:
        return []
    if len(later) > MOST:
        later = [later[round(place * (len(later) - 1) / (MOST - 1))] for place in range(MOST)]
    number = parts(*listings)
    there = dict.fromkeys(range(len(later)), 0)
    of = 0
    for part in range(number):
        base = shown(observations, first, part, number).select("subject").unique()
        of += base.height
        for index, one in enumerate(later):
            there[index] += base.join(shown(observations, one, part, number), on="subject", how="semi").height
    return [Point(one.pull.id, (one.seen - first.seen).days, there[i], of) for i, one in enumerate(later)]
