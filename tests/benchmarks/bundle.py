"""An import of Google's bundle whose table of ads is as large as asked for, and what memory it holds at most."""

import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from adaudit.sample import google_bundle
from tests.benchmarks.memory import MEGABYTE, peak

HERE = (sys.executable, "-m", "tests.benchmarks.bundle")
ADS = "google-political-ads-creative-stats.csv"
FIRST_CELL = re.compile(rb"^[^,]+", re.MULTILINE)


def written(path: Path, megabytes: int) -> int:
    """A bundle whose table of ads unpacks to so many megabytes, each ad with an id of its own; how many ads."""
    sample = dict(google_bundle.files(1, 1.0))[google_bundle.BUNDLE_FILE]
    path.with_suffix(".sample").write_bytes(sample)
    number = 0
    with zipfile.ZipFile(path.with_suffix(".sample")) as given, zipfile.ZipFile(path, "w", compresslevel=1) as made:
        for info in given.infolist():
            if info.filename != ADS:
                made.writestr(info.filename, given.read(info), zipfile.ZIP_DEFLATED)
        header, *rows = given.read(ADS).splitlines(keepends=True)
        table = zipfile.ZipInfo(ADS)
        table.compress_type = zipfile.ZIP_DEFLATED
        with made.open(table, "w", force_zip64=True) as member:
            size = member.write(header)
            while size < megabytes * MEGABYTE:
                block = b"".join(FIRST_CELL.sub(b"CR%020d" % (number + n), row, 1) for n, row in enumerate(rows))
                number += len(rows)
                size += member.write(block)
    return number


def imported(bundle: Path) -> float:
    """The most megabytes that an import of the bundle into a new store held, in a process of its own."""
    with tempfile.TemporaryDirectory(dir=bundle.parent) as store:
        done = subprocess.run([*HERE, str(bundle), store], check=True, capture_output=True, text=True)
    return float(done.stderr.rsplit(maxsplit=1)[-1])


def main(bundle: str, store: str) -> None:
    """Import the bundle; the peak memory on standard error."""
    from adaudit.cli import cli

    try:
        cli.main(["import", "google", bundle, "--store", store], standalone_mode=False)
    except SystemExit as end:
        if end.code:
            raise
    sys.stderr.write(f"{peak() / MEGABYTE}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
