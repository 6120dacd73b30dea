"""What tests of several folders share: where the real data lie."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of the platforms' real files; tests that need it are skipped where it is absent."""
    named = os.environ.get("ADAUDIT_REAL_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data" / "real"
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}: set ADAUDIT_REAL_DATA to the folder that holds them")
    return folder
