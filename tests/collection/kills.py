"""Kills pulls at random instants and goes on until they are whole: `python -m tests.collection.kills --kills 200`.

What the store holds then is what a pull without a kill holds.
"""

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from adaudit.collection.verifying import Asked, verify
from adaudit.store import Store
from tests.collection.pulls import ENDS, SCOPES, Client, shown
from tests.platforms.server import Platforms

MOST_KILLS = 400
EARLY = 0.1
"""Share of the kills that count from the start of the program, before the pull begins."""


@dataclass(frozen=True)
class Killed:
    """One pull that was killed so often, and what it came to."""

    kills: int
    pages_twice: int
    same: bool


def timed(process: "subprocess.Popen[str]", codes: tuple[int, ...] = (0,)) -> float:
    """The seconds from when a pull begins to when it is read; the process ends with one of the codes."""
    assert process.stdout is not None
    process.stdout.readline()
    began = time.monotonic()
    out, errors = process.communicate(timeout=120)
    assert process.returncode in codes, out + errors
    return time.monotonic() - began


def codes(source: str) -> tuple[int, ...]:
    """The exit codes of a pull that came to its end, or found nothing left to do."""
    return (0, 3) if source in ENDS else (0,)


def whole(client: Client) -> float:
    """Pull without a kill; the seconds that it took after it began. It ends as it is to."""
    with client.start("pull", client.id, *SCOPES[client.source], "--json") as process:
        seconds = timed(process, codes(client.source))
    ended = [one.outcome for one in Store(client.store).pulls.all()]
    assert ended == [ENDS.get(client.source, "complete")], ended
    return seconds


def killed(client: Client, seconds: float, draw: random.Random, expected: dict[str, object]) -> Killed:
    """Pull and kill at random instants of the seconds that a whole pull takes, until one comes to its end."""
    kills = 0
    while kills < MOST_KILLS:
        begun = (client.store / "evidence" / "manifest.jsonl").exists()
        asked = ("--resume",) if begun else SCOPES[client.source]
        with client.start("pull", client.id, *asked, "--json", "--max-wait", "0.05") as process:
            assert process.stdout is not None
            if draw.random() > EARLY:
                process.stdout.readline()
            time.sleep(draw.uniform(0, 1.1) * seconds)
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                process.wait()
                kills += 1
                continue
            out, errors = process.communicate()
            assert process.returncode in codes(client.source), out + errors
        if Store(client.store).observations.pulls():
            break
    entries = [one for one in Store(client.store).manifest.entries() if one.entry == "kept"]
    found = shown(client.store)
    for key in found if found != expected else ():
        if found[key] != expected[key]:
            print(f"{client.store.name}, {key}: {_first(found[key], expected[key])}")  # noqa: T201
    told = verify(Store(client.store), Asked(answers=None), lambda *_: None)
    for fault in told.faults:
        print(f"{client.store.name}, {fault.file}: {fault.what}")  # noqa: T201
    same = found == expected and told.intact
    return Killed(kills, len(entries) - len({one.page for one in entries}), same)


def _first(found: object, expected: object) -> str:
    """The first place where two lists differ."""
    if not isinstance(found, list) or not isinstance(expected, list):
        return f"{found} instead of {expected}"
    differing = (pair for pair in zip_longest(found, expected) if pair[0] != pair[1])
    return f"{len(found)} instead of {len(expected)}; first {next(differing)}"


def main() -> int:
    """Prints a line for each pull; 1 where one differs from a pull without a kill."""
    parser = argparse.ArgumentParser(prog="python -m tests.collection.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--ads", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--source", choices=sorted(SCOPES), action="append")
    asked = parser.parse_args()
    draw = random.Random(asked.seed)
    kills, differing = 0, 0
    with Platforms(asked.seed, asked.ads) as server, tempfile.TemporaryDirectory() as folder:
        sources = asked.source or sorted(SCOPES)
        clients = [Client(server, source, Path(folder) / f"whole-{source}") for source in sources]
        times = {client.source: whole(client) for client in clients}
        expected = {client.source: shown(client.store) for client in clients}
        number = 0
        while kills < asked.kills:
            source = sources[number % len(sources)]
            client = Client(server, source, Path(folder) / f"killed-{number}")
            done = killed(client, times[source], draw, expected[source])
            kills, number = kills + done.kills, number + 1
            differing += not done.same
            print(f"{source}: {done.kills} kills, {done.pages_twice} pages asked twice, same: {done.same}", flush=True)  # noqa: T201
    print(f"{kills} kills in {number} pulls, {differing} differ")  # noqa: T201
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
