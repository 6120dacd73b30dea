"""Changes between nightly listings of many ads: `python -m tests.benchmarks.changes [--size N]`.

A tenth of the size and the size itself, each in a process of its own: one in a hundred ads is edited, new or gone;
then all but one in a hundred are gone. Prints the seconds and the peak memory of `changes` alone.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from adaudit import __version__
from adaudit.changes.compare import changes
from adaudit.changes.written import Tables
from adaudit.model.fillers import masks
from adaudit.model.record import MONEY, SCHEMA
from adaudit.store import Pull, Store
from adaudit.store.observations import marked
from adaudit.store.pulls import named

BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
PART = 100_000
SHA256 = "ab" * 32
FILLED = [
    *("delivered_from", "delivered_until", "sponsor_name", "amount_ad_low", "amount_ad_high"),
    *("texts", "countries", "political_basis"),
]
STEP, PRIME = 982_451_653, 1_000_000_007
"""What spreads the ids: a source does not show its ads in the order of their ids."""


def ads(first: int, last: int, spent: int, seen: datetime) -> pl.DataFrame:
    """Fictional ads by number; of each hundredth the spend is what is given."""
    number = pl.col("number")
    spend = pl.when(number % 100 == 0).then(pl.lit(spent)).otherwise(number % 900)
    started = pl.lit(datetime(2026, 1, 1)).dt.date() + pl.duration(days=number % 200)
    given = {
        **{"source": pl.lit("meta"), "form": pl.lit("ads_archive"), "kind": pl.lit("ad")},
        **{"input_sha256": pl.lit(SHA256), "evidence_sha256": pl.lit(SHA256)},
        "layout": pl.lit(0),
        "record_id": pl.format("{}", 1_000_000_000_000_000 + number * STEP % PRIME),
        "locator": pl.format("/data/{}", number),
        "delivered_from": started,
        "delivered_until": started + pl.duration(days=20),
        "observed_at": pl.lit(seen),
        "sponsor_name": pl.format("Lijst {}", number % 5000),
        "amount_ad_low": spend.cast(MONEY),
        "amount_ad_high": spend.cast(MONEY) + 99,
        "texts": pl.concat_list(pl.format("Duin en wad, verhaal {}: {}", number, number * 7919)),
        "countries": pl.lit(["NL"]),
        "political_basis": pl.lit("declared"),
    }
    columns = [given.get(name, pl.lit(None)).cast(dtype).alias(name) for name, dtype in SCHEMA.items()]
    frame = pl.select(number=pl.int_range(first, last))
    return masks(frame.select(*columns, pl.col("number").cast(pl.UInt64).alias("position")))


def put(store: Store, folder: Path, first: int, last: int, spent: int) -> None:
    """One night: a complete pull that lists these ads."""
    seen = BEGIN + timedelta(days=len(store.observations.pulls()))
    asked: dict[str, object] = {"countries": ["NL"]}
    pull = Pull(id=named(seen, "meta"), source="meta", how="pull", scope=asked, began=seen, observed_at=seen)
    parts = [folder / f"{place}.parquet" for place in range(first, last, PART)]
    for place, path in zip(range(first, last, PART), parts, strict=True):
        marked(ads(place, min(place + PART, last), spent, seen)).write_parquet(path, compression="lz4")
    form = {"source": "meta", "form": "ads_archive"}
    listed = {**form, "kind": "ad", "input_sha256": "", "evidence_sha256": "", "scope": None, "records": last - first}
    about = {"adaudit": __version__, "seen": last - first, "inputs": [], "listings": [listed]}
    about |= {"layouts": [{**form, "carried": ["id"], "requested": ["id"]}], "filled": {"meta ads_archive": FILLED}}
    pull.records, pull.new = store.observations.write(pull.id, pl.scan_parquet(parts), about)
    pull.outcome, pull.walked, pull.ended = "complete", True, seen
    store.pulls.save(pull)


def measured(folder: Path) -> dict[str, object]:
    """The changes of the last two nights, every row written."""
    began = time.perf_counter()
    tables = Tables(folder / "changed")
    found = changes(Store(folder / "store"), None, None, None, tables.keep)
    tables.finish(found)
    status = Path("/proc/self/status").read_text("ascii")
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    return {**found.totals(), "seconds": round(time.perf_counter() - began, 1), "peak_megabytes": round(peak)}


def main() -> None:
    """Make the nights and print a line for each comparison."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.changes", description=__doc__)
    parser.add_argument("--size", type=int, default=2_000_000)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        sys.stdout.write(json.dumps(measured(given.measure)) + "\n")
        return
    for size in (given.size // 10, given.size):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            store = Store(folder / "store")
            put(store, folder, 0, size, 100)
            for first, last in ((size // 200, size + size // 200), (size, size + size // 200)):
                put(store, folder, first, last, 105)
                again = [sys.executable, "-m", "tests.benchmarks.changes", "--measure", str(folder)]
                done = subprocess.run(again, check=True, capture_output=True, text=True)
                sys.stdout.write(f"{size:>9,} ads: {done.stdout}")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
