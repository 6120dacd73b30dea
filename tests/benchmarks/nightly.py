"""A night over a store that remembers much: `python -m tests.benchmarks.nightly [--size N] [--changed N]`.

A tenth of the size and the size itself, each in a process of its own: an answer with so many ads, half of them new, a
hundredth of the others edited, is kept and compared with what is known; then the whole store is audited. Prints the
seconds and the peak memory of both.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from adaudit.audit.options import Options
from adaudit.audit.run import audit
from adaudit.collection.stored import taking
from adaudit.store import Store
from tests.benchmarks.changes import put
from tests.benchmarks.memory import MEGABYTE, peak


def night(folder: Path, size: int, changed: int) -> dict[str, object]:
    """What the night took: what changed is written, and the store is audited."""
    store = Store(folder / "store")
    began = time.perf_counter()
    put(store, folder, size - changed // 2, size + changed // 2, 105)
    written, held = time.perf_counter() - began, peak() / MEGABYTE
    began = time.perf_counter()
    done = audit(taking(store), folder / "audit", Options(), lambda *_: None)
    audited = time.perf_counter() - began
    return {
        "new_versions": store.pulls.all()[-1].new,
        "seconds_to_keep": round(written, 1),
        "megabytes_to_keep": round(held),
        "records_audited": done.assembled.total,
        "seconds_to_audit": round(audited, 1),
        "megabytes_to_audit": round(peak() / MEGABYTE),
    }


def main() -> None:
    """Make the stores and print a line for each night."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.nightly", description=__doc__)
    parser.add_argument("--size", type=int, default=2_000_000)
    parser.add_argument("--changed", type=int, default=20_000)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        sys.stdout.write(json.dumps(night(given.measure, given.size, given.changed)) + "\n")
        return
    for size in (given.size // 10, given.size):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            put(Store(folder / "store"), folder, 0, size, 100)
            here = [sys.executable, "-m", "tests.benchmarks.nightly", "--size", str(size)]
            again = [*here, "--changed", str(given.changed), "--measure", name]
            done = subprocess.run(again, check=True, capture_output=True, text=True)
            sys.stdout.write(f"{size:>9,} ads: {done.stdout}")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
