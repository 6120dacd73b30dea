"""What a case of a rule is, what rules say again and again, and what the engine says of cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Final

from tests.audit.fictional import Batch, Row, Verdict, audited

EMPTY: Final = ("missing", "empty")
DISCLOSED: Final = ("ok", "disclosed")
AGREE: Final = ("ok", "consistent")
NOT_POLITICAL: Final = ("unknown", "not_shown_political")
NO_DATA: Final = ("not_applicable", "no_personal_data_targeting")
NO_WORD_ON_DATA: Final = ("unknown", "personal_data_unseen")
NOTHING: Final = ("not_applicable", "nothing_to_compare")
UNSEEN: Final = ("unknown", "condition_unseen")
OUTSIDE: Final = ("not_applicable", "outside_union")
NOT_SEEN: Final = ("unknown", "ad_not_seen")
FIRST, LAST = date(2025, 10, 1), date(2025, 10, 29)
USED: Final = {"targeting_personal_data": True}
PIZZA: Final[Row] = {"political_basis": None}
SWISS: Final[Row] = {"countries": ["CH"]}
REMOVED: Final[Row] = {"removed": True}


@dataclass(frozen=True)
class Case:
    """A record and what the rule must say of it."""

    row: Row
    verdict: tuple[str, str]
    form: str = "ads"
    in_export: bool = True
    """Whether the file carries any field of what the rule asks for."""


@dataclass(frozen=True)
class Cases:
    """`best` is the best that the rule can say; `fails` are breaches; `stops` are where it says neither."""

    best: Case | None
    fails: tuple[Case, ...]
    stops: tuple[Case, ...]
    also: tuple[Case, ...] = ()
    """Further records for which it is well disclosed, for another reason."""

    def all(self) -> tuple[Case, ...]:
        return (*((self.best,) if self.best else ()), *self.also, *self.fails, *self.stops)


Told = Mapping[tuple[str, int], Verdict]
"""(rule, number of the case) -> what the rule says of it."""


def judged(folder: Path, cases: Mapping[str, Sequence[Case]]) -> Told:
    """What the engine says of every rule's cases, all judged in one run."""
    numbered = [(rule, i, case) for rule, those in cases.items() for i, case in enumerate(those)]

    def layout(one: tuple[str, int, Case]) -> tuple[str, bool]:
        return one[2].form, one[2].in_export

    batches = [
        Batch(
            form,
            [{**case.row, "record_id": f"{rule}/{i}"} for rule, i, case in found],
            carried=None if in_export else frozenset(),
        )
        for (form, in_export), found in groupby(sorted(numbered, key=layout), layout)
    ]
    verdicts = audited(folder, *batches).by_record()
    return {(rule, i): verdicts[case.form, f"{rule}/{i}"][rule] for rule, i, case in numbered}
