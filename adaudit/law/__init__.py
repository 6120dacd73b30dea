"""The law as data: requirements, instruments, elections, voting ages, Member States.

Everything is loaded from the package's own files. Nothing here judges.
"""

import csv
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Final

from adaudit.language import Wording

TTPA: Final = "Regulation (EU) 2024/900"
DSA: Final = "Regulation (EU) 2022/2065"

APPLIES: Final = {TTPA: date(2025, 10, 10), DSA: date(2024, 2, 17)}
"""The day from which the rules of each instrument apply: Art 30(2) of Regulation (EU) 2024/900;
Art 93(2) DSA. The earlier day of a designated platform (Art 92 DSA) needs its designation date."""

BINDS_NOBODY_BEFORE: Final = {TTPA: date(2025, 10, 10), DSA: date(2022, 10, 27)}
"""The day before which an instrument bound nobody. Art 39 DSA binds a designated platform four months after
its designation (Art 92), and designation dates are not in the law data: from the DSA's publication (OJ L 277,
27.10.2022) to its general application it is not known whom it bound."""

REPOSITORY_ESTABLISHED_ON: Final[date | None] = None
"""The day on which the European repository (Art 13) was established; none has been announced."""


@dataclass(frozen=True)
class Requirement:
    """One thing the law asks for, with its pinpoint and its own words.

    What explains it (`applies_when`, `applies_note`, `bound`, `evidence`) is English as a string;
    `adaudit.language.in_language` gives it in Dutch. `quote` stays as the English text has it.
    """

    id: str
    instrument: str
    pinpoint: str
    field: str
    quote: str
    applies_when: str
    applies_from: date | None
    applies_note: str
    mandatory: bool
    bound: str
    evidence: str


@dataclass(frozen=True)
class Election:
    """A vote in a Member State; `day` is the first polling day, `status` official or secondary."""

    id: str
    day: date
    country: str
    kind: str
    name: str
    source: str
    status: str


def _text(name: str) -> str:
    return resources.files("adaudit.law").joinpath(name).read_text("utf-8")


@cache
def _requirements_file() -> dict[str, object]:
    return tomllib.loads(_text("requirements.toml"))


@cache
def requirements() -> dict[str, Requirement]:
    """All requirements by id, in the order of the law data."""
    entries = _requirements_file()["requirement"]
    assert isinstance(entries, list)  # noqa: S101 - the shape of our own file
    dutch = tomllib.loads(_text("dutch.toml"))
    found: dict[str, Requirement] = {}
    for entry in entries:
        made = {"applies_from": None, "applies_note": "", **entry}
        made |= {name: Wording(made[name], words.get(made[name])) for name, words in dutch.items()}
        found[made["id"]] = Requirement(**made)
    return found


@cache
def version() -> str:
    """The version of the law data."""
    return str(_requirements_file()["version"])


@cache
def elections() -> dict[str, Election]:
    """The calendar of votes by id, in the order of their day."""
    rows = csv.DictReader(_text("elections.csv").splitlines())
    found = [
        Election(r["id"], date.fromisoformat(r["date"]), r["country"], r["kind"], r["name"], r["source"], r["status"])
        for r in rows
    ]
    return {election.id: election for election in sorted(found, key=lambda e: (e.day, e.id))}


@cache
def lowest_voting_ages() -> dict[str, int]:
    """The lowest age at which anybody may vote in each Member State, by country code."""
    return {r["country"]: int(r["lowest_age"]) for r in csv.DictReader(_text("voting_ages.csv").splitlines())}


@cache
def member_states() -> frozenset[str]:
    """Codes of the Member States and of those parts of them that sources list as countries."""
    found: set[str] = set()
    for row in csv.DictReader(_text("member_states.csv").splitlines()):
        found |= {row["code"], *row["parts"].split()}
    return frozenset(found)


@cache
def member_state_of() -> dict[str, str]:
    """The Member State to which a code belongs: itself, or France for `RE`."""
    rows = list(csv.DictReader(_text("member_states.csv").splitlines()))
    return {code: row["code"] for row in rows for code in (row["code"], *row["parts"].split())}
