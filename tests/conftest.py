"""What tests of several folders share: the sample, the real data where they lie, no silent skip in CI."""

import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from adaudit.sample import write_sample
from tests.collection.authority import Authority, Certificates

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile("adaudit", deadline=None, derandomize=True, database=None)
settings.load_profile("adaudit")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With ADAUDIT_NO_SKIP set, a skipped test fails: CI installs everything that tests need."""
    report = yield
    if os.environ.get("ADAUDIT_NO_SKIP") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, which is not allowed here: {report.longrepr} ({call.when})"
    return report


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of the platforms' real files; tests that need it are skipped where it is absent."""
    named = os.environ.get("ADAUDIT_REAL_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data" / "real"
    if not folder.is_dir():
        pytest.skip("no real data here: set ADAUDIT_REAL_DATA to the folder that holds them")
    return folder


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fictional sample at its usual size, written once."""
    folder = tmp_path_factory.mktemp("given") / "sample"
    write_sample(folder)
    return folder


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Those of a time stamping authority; tests that need it are skipped where openssl is absent."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl here: a time stamping authority cannot run")
    return Certificates(tmp_path_factory.mktemp("authority") / "own")


@pytest.fixture
def authority(certificates: Certificates) -> Iterator[Authority]:
    """A time stamping authority that answers."""
    with Authority(certificates) as running:
        yield running
