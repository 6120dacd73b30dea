"""Whole processes: how long `adaudit --version` and `--help` take beside a bare `python -c pass`."""

import os
import subprocess
import sys
from functools import partial

from tests.benchmarks.timing import Times, interleaved

BARE = (sys.executable, "-c", "pass")
VERSION = (sys.executable, "-m", "adaudit", "--version")
HELP = (sys.executable, "-m", "adaudit", "--help")


def _children() -> float:
    times = os.times()
    return times.children_user + times.children_system


def startup(rounds: int) -> dict[str, Times]:
    """The three commands, interleaved, their output thrown away."""

    def run(command: tuple[str, ...]) -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    tasks = {"bare": BARE, "version": VERSION, "help": HELP}
    for command in tasks.values():
        run(command)
    return interleaved({name: partial(run, command) for name, command in tasks.items()}, rounds, _children)
