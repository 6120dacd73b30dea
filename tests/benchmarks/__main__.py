"""`python -m tests.benchmarks`: measured ratios beside the ratios to reach; exit 1 where one is missed."""

import argparse
import os
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import polars as pl

from tests.benchmarks.comparisons import BENCHMARKS, Bench, Void
from tests.benchmarks.outcome import Line, table


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000, help="records to judge (default: 1,000,000)")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds (default: 5)")
    parser.add_argument("--only", choices=sorted(BENCHMARKS), action="append", help="this benchmark alone; repeatable")
    parser.add_argument("--big", action="store_true", help="memory of ten times --size against --size (5 GB of disk)")
    parser.add_argument("--folder", type=Path, help="where the records are made for the time of the run")
    return parser.parse_args()


def machine() -> str:
    """Where the figures come from, without a name."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in ("polars", "duckdb", "pydantic"))
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, load {os.getloadavg()[0]:.1f}, {platform.machine()}, "
        f"Python {platform.python_version()}, {packages}, {pl.thread_pool_size()} threads"
    )


def main() -> int:
    """Run the benchmarks, print the table, and say by the exit code whether every target was met."""
    given = _arguments()
    lines: list[Line] = []
    void: list[str] = []
    with tempfile.TemporaryDirectory(prefix="adaudit-benchmarks-", dir=given.folder) as folder:
        bench = Bench(Path(folder), given.size, given.rounds, given.big)
        for name in given.only or BENCHMARKS:
            sys.stderr.write(f"{name} ...\n")
            try:
                lines += BENCHMARKS[name](bench)
            except Void as error:
                void.append(f"{name}: {error}")
    missed = [line for line in lines if line.missed]
    sys.stdout.write(f"{table(lines)}\n\n{machine()}; medians of {given.rounds} interleaved rounds\n")
    sys.stdout.writelines(f"VOID {text}\n" for text in void)
    sys.stdout.write(f"{len(missed)} of {sum(line.target is not None for line in lines)} targets missed\n")
    return 1 if missed or void else 0


if __name__ == "__main__":
    sys.exit(main())
