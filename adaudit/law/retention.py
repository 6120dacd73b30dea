"""How long what was disclosed must stay, as data."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Retention:
    """For how long a duty keeps what was disclosed, and under which requirement."""

    duty: str
    requirement: str
    months: int
    """After the day on which the ad was last presented or published."""
    shown: bool = True
    """Whether it must stay to be seen, and not only be kept."""
    repository: bool = False
    """Whether it stays through the European repository."""


@cache
def retentions() -> dict[str, Retention]:
    """Every retention by the duty under which a form is published."""
    entries = tomllib.loads(resources.files("adaudit.law").joinpath("retention.toml").read_text("utf-8"))["retention"]
    return {one["duty"]: Retention(**one) for one in entries}
