"""The sample at its usual size, written once."""

from pathlib import Path

import pytest

from adaudit.sample import write_sample


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the sample with the default seed at scale 1.0."""
    target = tmp_path_factory.mktemp("sample")
    write_sample(target)
    return target
