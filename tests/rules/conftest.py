"""All cases of all rules, judged in one run."""

from collections.abc import Mapping
from itertools import groupby

import pytest

from tests.audit.fictional import Batch, Verdict, audited

from .cases import CASES, Case

Told = Mapping[tuple[str, int], Verdict]
"""(rule, number of the case) -> what the rule says of it."""


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """What every rule says of each of its cases."""
    numbered = [(rule, i, case) for rule, cases in CASES.items() for i, case in enumerate(cases.all())]

    def form(one: tuple[str, int, Case]) -> str:
        return one[2].form

    batches = [
        Batch(name, [{**case.row, "record_id": f"{rule}/{i}"} for rule, i, case in found])
        for name, found in groupby(sorted(numbered, key=form), form)
    ]
    verdicts = audited(tmp_path_factory.mktemp("cases"), *batches).by_record()
    return {(rule, i): verdicts[case.form, f"{rule}/{i}"][rule] for rule, i, case in numbered}
