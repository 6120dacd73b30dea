"""Timers for a configuration: systemd, cron, GitHub Actions, Kubernetes. Nothing of adaudit stays resident.

Timers wake `adaudit run --due`, which does nothing where nothing is due; so a timer may wake often, and what was
missed while a machine was off is done at the next wake.
"""

import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from platformdirs import user_config_path

from adaudit import __version__
from adaudit.batch.configuration import Configuration
from adaudit.batch.extras import extras_of
from adaudit.batch.rhythm import Rhythm, in_words
from adaudit.collection.stamping import VARIABLE
from adaudit.connectors import sources
from adaudit.errors import UsageError
from adaudit.evidence.vault import write_text

MINUTE: Final = 17
"""Minute of the hour at which timers wake: not the one at which everybody's do."""
HOUR: Final = timedelta(hours=1)
NAME: Final = "adaudit"


@dataclass(frozen=True)
class Timer:
    """The files of a timer by name, and the keys of the words that explain it."""

    files: dict[str, str]
    explained: tuple[str, ...]


def wakes(configuration: Configuration) -> timedelta:
    """How often a timer has to wake: the shortest rhythm, at most a day; a day where only folders are watched."""
    rhythms: Sequence[Rhythm] = [configuration.rhythm_of(one) for one in configuration.pull]
    return min([timedelta(days=1), *(one.shortest for one in rhythms)])


def every(configuration: Configuration) -> str:
    """How often a timer has to wake, as the configuration writes it."""
    return in_words(wakes(configuration))


def program() -> str:
    """The command line that starts this adaudit: with the interpreter that it is installed for."""
    return f"{shlex.quote(sys.executable)} -m adaudit"


def variables(configuration: Configuration) -> list[str]:
    """The environment variables that hold the secrets which a run needs."""
    found = []
    for one in configuration.pull:
        live = sources()[one.source].live
        found += [] if live is None else [secret.variable for secret in live.credentials.values()]
    found += [one.variable for one in configuration.notify if one.variable]
    found += [VARIABLE] if configuration.stamp is not None else []
    return sorted(set(found))


def systemd(configuration: Configuration, config: Path, program: str) -> Timer:
    """A service and a timer of the user."""
    folder = config.parent
    command = " ".join(_quoted(one) for one in (*shlex.split(program), "run", "--due", "--config", str(config)))
    service = f"""[Unit]
Description=adaudit: transparency of political advertising, one run of what is due
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory={_unit(str(folder))}
ExecStart={command}
# secrets: adaudit reads .env in this folder, one NAME=value a line; chmod 600
# 1: an alert fired
SuccessExitStatus=1
Nice=10
"""
    calendar = f"*:{MINUTE:02}" if wakes(configuration) >= HOUR else f"*:0/{_minutes(configuration)}"
    timer = f"""[Unit]
Description=adaudit: wakes the run of what is due

[Timer]
OnCalendar={calendar}
RandomizedDelaySec=120
# what was missed while the machine was off is done when it is on again
Persistent=true

[Install]
WantedBy=timers.target
"""
    return Timer({f"{NAME}.service": service, f"{NAME}.timer": timer}, ("systemd", "systemd_install", "hourly"))


def cron(configuration: Configuration, config: Path, program: str) -> Timer:
    """One line of a crontab."""
    when = f"{MINUTE} * * * *" if wakes(configuration) >= HOUR else f"*/{_minutes(configuration)} * * * *"
    words = ["cd", shlex.quote(str(config.parent)), "&&", program, "run", "--due", "--config", shlex.quote(str(config))]
    line = f"{when} {' '.join(words)} >> {shlex.quote(str(config.parent / 'adaudit.log'))} 2>&1"
    return Timer({"crontab": f"{line.replace('%', chr(92) + '%')} {MARK}\n"}, ("cron", "cron_install", "hourly"))


MARK: Final = "# adaudit"
"""What tells our line in a crontab."""


def github(configuration: Configuration, config: Path, program: str) -> Timer:  # noqa: ARG001 - as the others
    """A workflow whose store lies in the cache between runs, and in the artifact of each."""
    secrets = "".join(f"          {name}: ${{{{ secrets.{name} }}}}\n" for name in variables(configuration))
    environment = f"        env:\n{secrets}" if secrets else ""
    extras = f"[{','.join(extras_of(configuration))}]".replace("[]", "")
    text = f"""name: adaudit
on:
  schedule:
    - cron: "{_by_hours(configuration)}"
  workflow_dispatch:
concurrency:
  group: adaudit
permissions:
  contents: read
jobs:
  run:
    runs-on: ubuntu-latest
    timeout-minutes: 350
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: pip install "adaudit{extras}=={__version__}"
      - uses: actions/cache/restore@v4
        with:
          path: {_relative(configuration.store, config)}
          key: adaudit-store-${{{{ github.run_id }}}}
          restore-keys: adaudit-store-
      - run: adaudit run --due --config {shlex.quote(config.name)}
{environment}      - uses: actions/cache/save@v4
        if: always()
        with:
          path: {_relative(configuration.store, config)}
          key: adaudit-store-${{{{ github.run_id }}}}
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: adaudit-${{{{ github.run_id }}}}
          path: |
            {_relative(configuration.out, config)}
            {_relative(configuration.store, config)}
"""
    return Timer({f".github/workflows/{NAME}.yml": text}, ("github", "github_store", "secrets"))


def kubernetes(configuration: Configuration, config: Path, program: str) -> Timer:  # noqa: ARG001 - as the others
    """A CronJob whose volume holds configuration, store and results."""
    from_secret = f"""              envFrom:
                - secretRef:
                    name: {NAME}
"""
    text = f"""apiVersion: batch/v1
kind: CronJob
metadata:
  name: {NAME}
spec:
  schedule: "{_by_hours(configuration)}"
  timeZone: Etc/UTC
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: 3600
  jobTemplate:
    spec:
      backoffLimit: 0
      template:
        spec:
          restartPolicy: Never
          securityContext:
            runAsNonRoot: true
            runAsUser: 1000
            fsGroup: 1000
          containers:
            - name: {NAME}
              image: IMAGE_WITH_ADAUDIT:{__version__}
              command: ["adaudit", "run", "--due", "--config", "/data/{config.name}"]
              workingDir: /data
{from_secret if variables(configuration) else ""}              volumeMounts:
                - name: data
                  mountPath: /data
          volumes:
            - name: data
              persistentVolumeClaim:
                claimName: {NAME}
"""
    return Timer({f"{NAME}-cronjob.yaml": text}, ("kubernetes", "kubernetes_volume", "secrets"))


KINDS: Final[dict[str, Callable[[Configuration, Path, str], Timer]]] = {
    "systemd": systemd,
    "cron": cron,
    "github": github,
    "kubernetes": kubernetes,
}


def _minutes(configuration: Configuration) -> int:
    """The divisor of an hour that is not longer than the shortest rhythm, at least 5 minutes."""
    wanted = int(wakes(configuration).total_seconds() // 60)
    return max(one for one in (5, 6, 10, 12, 15, 20, 30) if one <= max(wanted, 5))


def _by_hours(configuration: Configuration) -> str:
    """The five fields of a cron line (UTC) that wakes as often as the shortest rhythm asks."""
    wanted = wakes(configuration)
    if wanted < HOUR:
        return f"*/{_minutes(configuration)} * * * *"
    hours = max(one for one in (1, 2, 3, 4, 6, 8, 12, 24) if timedelta(hours=one) <= wanted)
    return f"{MINUTE} {'4' if hours == 24 else '*' if hours == 1 else f'*/{hours}'} * * *"


def _unit(text: str) -> str:
    """Text in a unit file of systemd, where a per cent sign begins a specifier."""
    return text.replace("%", "%%")


def _quoted(word: str) -> str:
    """A word of a command line in a unit file."""
    safe = _unit(word).replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return safe if re.fullmatch(r"[\w./:=@%+,-]+", safe) else f'"{safe}"'


def _relative(path: Path, config: Path) -> str:
    """The path from the folder of the configuration. Raises UsageError where it lies elsewhere."""
    try:
        return path.relative_to(config.parent).as_posix()
    except ValueError as error:
        raise UsageError(
            f"{path} does not lie beside {config.name}: a workflow keeps what lies in its checkout."
        ) from error


def install(kind: str, timer: Timer) -> list[str]:
    """Put the timer to work, for the user; what was done, as commands. Raises UsageError where that is not possible."""
    if kind == "systemd":
        folder = user_config_path("systemd") / "user"
        for name, text in timer.files.items():
            folder.mkdir(parents=True, exist_ok=True)
            write_text(folder / name, text)
        return [
            _done(["systemctl", "--user", "daemon-reload"]),
            _done(["systemctl", "--user", "enable", "--now", f"{NAME}.timer"]),
        ]
    if kind == "cron":
        return [_done(["crontab", "-"], crontab(_crontab(), timer.files["crontab"]))]
    raise UsageError(f"--install is of systemd and cron; the file of {kind} is put in its place by you.")


def crontab(now: str, line: str) -> str:
    """The crontab with our line in the place of an earlier one of ours; every other line stays."""
    kept = [one for one in now.splitlines() if not one.endswith(MARK)]
    return "\n".join([*kept, line.rstrip("\n")]) + "\n"


def _crontab() -> str:
    """The user's crontab; empty where there is none."""
    try:
        found = subprocess.run(["crontab", "-l"], capture_output=True, text=True, check=False)  # noqa: S607 - by PATH
    except OSError as error:
        raise UsageError(f"crontab could not be started ({error.strerror or error}); is cron installed?") from error
    if found.returncode and "no crontab" not in found.stderr.lower():
        raise UsageError(f"crontab -l failed: {found.stderr.strip()}; nothing was changed.")
    return found.stdout if not found.returncode else ""


def _done(command: list[str], given: str | None = None) -> str:
    said = " ".join(command)
    try:
        found = subprocess.run(command, input=given, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    except OSError as error:
        raise UsageError(f"{said}: {command[0]} could not be started ({error.strerror or error}).") from error
    if found.returncode:
        raise UsageError(f"{said} failed: {(found.stderr or found.stdout).strip()}")
    return said
