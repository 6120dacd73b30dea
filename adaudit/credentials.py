"""Finds the secrets of sources: environment first, then `.env`, then a file of one's own. They stay in memory.

The file is `credentials.toml` in the user's configuration folder: a table for each source, with the day on which
they expire where somebody noted it. It is read only where no other user can read it.
"""

import os
import stat
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from dotenv import dotenv_values
from platformdirs import user_config_path

from adaudit.errors import UsageError
from adaudit.evidence.vault import write_text

VARIABLE: Final = "ADAUDIT_CREDENTIALS"
EXPIRES: Final = "expires"
"""What stands beside the secrets of a source: the day on which they expire."""
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def credentials_file() -> Path:
    """The file that `ADAUDIT_CREDENTIALS` names, else `credentials.toml` in the user's configuration folder."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else user_config_path("adaudit") / "credentials.toml"


def setting(variable: str) -> str:
    """What the environment or `.env` says of a variable; empty where neither does."""
    return os.environ.get(variable) or dotenv_values(".env").get(variable) or ""


def secrets_of(source: str, variables: Mapping[str, str]) -> dict[str, str]:
    """The secrets of a source that are set, by name; `variables` gives the environment variable of each.

    Raises UsageError for a file that others can read, or that is no TOML.
    """
    kept = _kept().get(source, {})
    found = {name: setting(variable) or kept.get(name, "") for name, variable in variables.items()}
    return {name: value for name, value in found.items() if value}


def origin(source: str, name: str, variable: str) -> str:
    """Where a secret comes from: `environment`, `.env`, the path of the file, or empty where it is not set.

    Raises UsageError as `secrets_of` does.
    """
    if os.environ.get(variable):
        return "environment"
    if dotenv_values(".env").get(variable):
        return ".env"
    return str(credentials_file()) if _kept().get(source, {}).get(name) else ""


def in_file(source: str) -> dict[str, str]:
    """The secrets of a source that the file holds, by name. Raises UsageError as `secrets_of` does."""
    return {name: value for name, value in _kept().get(source, {}).items() if name != EXPIRES}


def expiry_in_file(source: str) -> date | None:
    """The day on which the secrets in the file expire, where it stands beside them. Raises as `noted_expiry` does."""
    return _day(_kept().get(source, {}).get(EXPIRES, ""), f"{credentials_file()}, [{source}], {EXPIRES}")


def noted_expiry(source: str, variables: Mapping[str, str]) -> date | None:
    """The day that somebody noted on which the secrets in use expire; None where nobody did.

    `ADAUDIT_<SOURCE>_EXPIRES` says it before the file, whose day is of the secrets in the file alone. Raises UsageError
    for what is no day, and as `secrets_of` does.
    """
    variable = f"ADAUDIT_{source.upper()}_{EXPIRES.upper()}"
    if text := setting(variable):
        return _day(text, variable)
    return None if any(map(setting, variables.values())) else expiry_in_file(source)


def _day(text: str, place: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(f"{place}: expected a day written as YYYY-MM-DD; found {text[:20]!r}.") from error


def keep_secrets(source: str, secrets: Mapping[str, str], expires: date | None = None) -> Path:
    """Keep the secrets of a source in the file, which nobody else may read, with the day they expire; the file.

    Raises UsageError for a secret that holds what no secret does, such as the end of a line.
    """
    for name, value in secrets.items():
        if not value.isprintable():
            raise UsageError(f"{source}: {name} holds characters that are not printable; copy it again.")
    path = credentials_file()
    noted = {EXPIRES: expires.isoformat()} if expires else {}
    kept = _kept() | {source: {**secrets, **noted}}
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_text(path, "\n".join(_table(name, values) for name, values in sorted(kept.items())))
    path.chmod(0o600)
    return path


def _kept() -> dict[str, dict[str, str]]:
    path = credentials_file()
    if not path.exists():
        return {}
    if os.name == "posix" and path.stat().st_mode & OTHERS:
        raise UsageError(f"{path} can be read by others; run: chmod 600 {path}")
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: expected one table a source; found {error}.") from error


def _table(source: str, values: Mapping[str, str]) -> str:
    def quoted(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    return f"[{source}]\n" + "".join(f"{name} = {quoted(value)}\n" for name, value in sorted(values.items()))
