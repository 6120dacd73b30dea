"""Whole processes: how long `adaudit --version` and `--help` take beside a bare `python -c pass`."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Final

from tests.benchmarks.timing import Times, interleaved

COMMAND: Final = "import sys; from adaudit.__main__ import main; sys.argv[0] = 'adaudit'; sys.exit(main())"
"""What the installed `adaudit` command runs."""

BARE: Final = (sys.executable, "-c", "pass")
VERSION: Final = (sys.executable, "-c", COMMAND, "--version")
HELP: Final = (sys.executable, "-c", COMMAND, "--help")


def _children() -> float:
    times = os.times()
    return times.children_user + times.children_system


def startup(rounds: int, folder: Path) -> dict[str, Times]:
    """The three commands, interleaved, their output thrown away; compiled modules are kept in the folder."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")

    def run(command: tuple[str, ...]) -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)

    tasks = {"bare": BARE, "version": VERSION, "help": HELP}
    for command in tasks.values():
        run(command)
    return interleaved({name: partial(run, command) for name, command in tasks.items()}, rounds, _children)
