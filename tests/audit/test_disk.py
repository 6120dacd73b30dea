"""Where results cannot be written, the audit says so without a traceback and leaves nothing half done."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TRIED = (20_000, 200_000)
"""Bytes that one file may have: in the first the records do not fit, in the second the findings do not."""


def run(*arguments: str, largest_file: int | None = None) -> subprocess.CompletedProcess[str]:
    def limit() -> None:
        if largest_file is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

    return subprocess.run(
        [sys.executable, "-m", "adaudit", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        preexec_fn=limit,
    )


@pytest.mark.parametrize("largest", TRIED)
def test_a_disk_that_takes_no_more_is_said_and_nothing_is_left(sample: Path, tmp_path: Path, largest: int) -> None:
    done = run("audit", str(sample), "--out", str(tmp_path / "out"), "--no-charts", largest_file=largest)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert "could not be written" in done.stderr
    assert "make room or choose another --out" in " ".join(done.stderr.split())
    assert [path for path in (tmp_path / "out").rglob("*") if path.is_file()] == []


def test_the_folder_of_a_failed_audit_can_be_used_again(sample: Path, tmp_path: Path) -> None:
    register = sample / "politiekereclame_nl"
    arguments = ("audit", str(register), "--out", str(tmp_path / "out"), "--no-charts")
    assert run(*arguments, largest_file=TRIED[0]).returncode == 3
    assert run(*arguments).returncode == 0


@pytest.mark.parametrize("place", ["/dev/full/out", "/dev/null", "/proc/out"])
def test_a_folder_that_cannot_be_written_to_is_wrong_use(sample: Path, place: str) -> None:
    done = run("audit", str(sample / "x"), "--out", place, "--no-charts")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert place in done.stderr
    assert "--out" in done.stderr
