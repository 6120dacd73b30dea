"""Kills runs at random instants until one comes to its end: `python -m tests.batch.kills --kills 100`.

What the store, the results and the messages hold then is what a run without a kill leaves.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from adaudit.batch.outbox import Outbox
from adaudit.batch.record import Runs
from adaudit.collection.verifying import Asked as Verifying
from adaudit.collection.verifying import verify
from adaudit.store import Store
from adaudit.store.observations import VERSION
from tests.batch.conftest import FILE, META, WATCH, ads
from tests.collection.authority import Authority, Certificates
from tests.platforms.server import Platforms

MOST_KILLS = 400
ALERT = '[[alert]]\nname = "any"\nat_least = 1\n[[alert]]\nname = "never"\nat_least = 1000000\n'
PLAIN = 'metrics = "adaudit.prom"\n[audit]\ncharts = []\nreport = false\n'


@dataclass
class Folder:
    """A configuration, its watched files, and the runs of it as processes."""

    folder: Path
    server: Platforms
    authority: Authority
    twice: int = field(default=0)
    """Messages that were sent twice, under the same id."""

    def __post_init__(self) -> None:
        (self.folder / "inbox").mkdir(parents=True)
        stamp = f'[stamp]\nauthority = "{self.authority.url}"\nroots = "{self.authority.root}"\n'
        (self.folder / "adaudit.toml").write_text("\n".join([PLAIN, META, WATCH, FILE, ALERT, stamp]), "utf-8")
        for number in range(3):
            path = self.folder / "inbox" / f"{number}.json"
            path.write_text(ads((f"9{number}", "Lijst Duin"), (f"8{number}", "")), "utf-8")
            os.utime(path, (time.time() - 3600, time.time() - 3600))

    def start(self) -> "subprocess.Popen[str]":
        """A run, begun."""
        found = {**os.environ, "ADAUDIT_META_URL": self.server.url("meta")}
        found |= {"ADAUDIT_META_TOKEN": self.server.token("meta"), "ADAUDIT_CREDENTIALS": str(self.folder / "none")}
        command = [sys.executable, "-m", "adaudit", "run", "--due", "--json"]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=found, text=True, cwd=self.folder, stdout=pipe, stderr=pipe)

    def whole(self) -> float:
        """A run to its end; the seconds that it took."""
        began = time.monotonic()
        with self.start() as process:
            out, errors = process.communicate(timeout=180)
        assert process.returncode in {0, 1}, out + errors
        return time.monotonic() - began

    def left(self) -> dict[str, object]:
        """What runs left behind, without when and how often."""
        store = Store(self.folder / "store")
        pulls = store.observations.pulls()
        runs = Runs(store.folder).all()
        listing = pl.concat([store.observations.listing(one).select(VERSION) for one in pulls]).collect()
        told = [json.loads(line) for line in (self.folder / "told.jsonl").read_text("utf-8").splitlines()]
        ids = {one["id"]: (one["key"], one["fired"]) for one in told}
        self.twice = len(told) - len(ids)
        verified = verify(store, Verifying(answers=None), lambda *_: None)
        results = [self.folder / "outputs" / one.audit for one in runs if one.audit]
        return {
            "records": pl.read_parquet(store.observations.records(pulls)).select(VERSION).sort(VERSION).rows(),
            "listed": listing.sort(VERSION).rows(),
            "outcomes": sorted((one.how, str(one.outcome)) for one in store.pulls.all() if one.records is not None),
            "told": sorted(ids.values()),
            "standing": sorted(Outbox.of(store.folder).standing),
            "waiting": len(Outbox.of(store.folder).messages),
            "numbers": [one.number for one in runs] == list(range(1, len(runs) + 1)),
            "ends": {one.standing for one in runs} - {"interrupted"},
            "audited": pl.read_parquet(results[-1] / "records.parquet").height,
            "intact": verified.intact,
            "stamped": {one.holds for one in verified.stamps},
            "unstamped": verified.unstamped,
            "half_written": sorted(
                path.name
                for path in self.folder.rglob(".*")
                if path.name != ".lock" and path.is_relative_to(self.folder)
            ),
        }


@dataclass(frozen=True)
class Killed:
    """One batch that was killed so often, and what it came to."""

    kills: int
    twice: int
    different: list[str]
    seconds: float
    """How long a whole run took at least: the machine may have other things to do."""


def killed(folder: Folder, seconds: float, draw: random.Random, expected: dict[str, object]) -> Killed:
    """Run and kill at random instants of the seconds that a whole run takes, until nothing is due any more."""
    kills = 0
    while kills < MOST_KILLS:
        began = time.monotonic()
        with folder.start() as process:
            try:
                out, errors = process.communicate(timeout=draw.uniform(0.1, 1.1) * seconds)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.communicate()
                kills += 1
                continue
            seconds = min(seconds, time.monotonic() - began) if '"nothing_due"' not in out else seconds
            assert process.returncode in {0, 1}, out + errors
            if '"nothing_due"' in out:
                break
    found = folder.left()
    different = [f"{key}: {found[key]} instead of {expected[key]}" for key in found if found[key] != expected[key]]
    return Killed(kills, folder.twice, different, seconds)


def main() -> int:
    """Prints a line for each batch; 1 where one differs from a run without a kill."""
    parser = argparse.ArgumentParser(prog="python -m tests.batch.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--ads", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    draw = random.Random(asked.seed)
    kills, number, differing = 0, 0, 0
    with (
        tempfile.TemporaryDirectory() as place,
        Platforms(asked.seed, asked.ads) as server,
        Authority(Certificates(Path(place) / "authority")) as authority,
    ):
        whole = Folder(Path(place) / "whole", server, authority)
        seconds = whole.whole()
        expected = whole.left()
        while kills < asked.kills:
            done = killed(Folder(Path(place) / f"killed-{number}", server, authority), seconds, draw, expected)
            seconds = done.seconds
            kills, number, differing = kills + done.kills, number + 1, differing + bool(done.different)
            said = "; ".join(one[:300] for one in done.different) or "the same"
            print(f"{done.kills} kills, {done.twice} messages twice under their id: {said}", flush=True)  # noqa: T201
    print(f"{kills} kills in {number} batches, {differing} differ")  # noqa: T201
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
