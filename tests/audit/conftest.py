"""The engine in one call: records in, verdicts out."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from adaudit.audit.options import Options

from .fictional import Batch, Judged, Row, Verdict, audited
from .invoked import run

__all__ = ["run"]

Audited = Callable[..., Judged]
JudgeOne = Callable[..., dict[str, Verdict]]


@pytest.fixture
def audit_of(tmp_path: Path) -> Audited:
    """Judge batches, each call in a folder of its own."""
    numbers = count()

    def run(*batches: Batch, options: Options | None = None) -> Judged:
        folder = tmp_path / f"audit {next(numbers)}"
        folder.mkdir()
        return audited(folder, *batches, options=options)

    return run


@pytest.fixture
def judge_one(audit_of: Audited) -> JudgeOne:
    """The verdict and reason of every rule for one record of a form of the fictional library."""

    def run(
        form: str,
        row: Row,
        *,
        carried: frozenset[str] | None = None,
        requested: frozenset[str] | None = None,
        options: Options | None = None,
    ) -> dict[str, Verdict]:
        batch = Batch(form, [row], carried=carried, requested=requested)
        (found,) = audit_of(batch, options=options).by_record().values()
        return found

    return run
