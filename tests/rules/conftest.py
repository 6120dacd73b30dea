"""All cases of all rules, judged in one run."""

from collections.abc import Mapping
from itertools import groupby
from pathlib import Path

import pytest

from tests.audit.fictional import Batch, Verdict, audited

from .cases import CASES, Case

Told = Mapping[tuple[str, int], Verdict]
"""(rule, number of the case) -> what the rule says of it."""


def judged(folder: Path) -> Told:
    """What the engine says of every rule's cases."""
    numbered = [(rule, i, case) for rule, cases in CASES.items() for i, case in enumerate(cases.all())]

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


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """What every rule says of each of its cases."""
    return judged(tmp_path_factory.mktemp("cases"))
