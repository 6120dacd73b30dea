"""All cases of all rules, judged in one run."""

import pytest

from .case import Told, judged
from .cases import CASES


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """What every rule says of each of its cases."""
    return judged(tmp_path_factory.mktemp("cases"), {rule: cases.all() for rule, cases in CASES.items()})
