"""The law as data: requirements, acts, votes, voting ages, Member States, and what no rule can judge.

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
from adaudit.law.acts import AI_ACT, DSA, NOTICES, TTPA, Instrument, Since, designations, instruments, since
from adaudit.law.votes import Calendar, Election, Window, calendar, elections

__all__ = [
    "AI_ACT",
    "APPLIES",
    "DSA",
    "NOTICES",
    "TTPA",
    "Calendar",
    "Election",
    "Instrument",
    "NotAuditable",
    "Requirement",
    "Since",
    "Window",
    "calendar",
    "designations",
    "elections",
    "instruments",
    "judged_through",
    "lowest_voting_ages",
    "member_state_of",
    "member_states",
    "member_states_alone",
    "not_auditable",
    "repository_established_on",
    "requirements",
    "since",
    "version",
]

APPLIES: Final = {one.name: one.applies for one in instruments().values() if one.applies is not None}
"""The day from which each act applies; the earlier day of a designated platform (Art 92 DSA) is `since`."""


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
class NotAuditable:
    """A requirement that no rule judges: what it asks for, why, and what evidence would settle it."""

    reason: str
    sentence: Wording
    why: Wording
    would_settle: Wording


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


def repository_established_on() -> date | None:
    """The day on which the European repository (Art 13) was established; None: none has been announced."""
    day = _requirements_file().get("repository_established_on")
    assert day is None or isinstance(day, date)  # noqa: S101 - the shape of our own file
    return day


@cache
def not_auditable() -> dict[str, NotAuditable]:
    """The requirements that no rule judges, by id: why, and what would settle each of them."""
    data = tomllib.loads(_text("not_auditable.toml"))
    reasons = {name: Wording.read(words) for name, words in data["reason"].items()}
    return {
        name: NotAuditable(
            one["reason"], Wording.read(one["sentence"]), reasons[one["reason"]], Wording(one["en"], one["nl"])
        )
        for name, one in data["requirement"].items()
    }


@cache
def judged_through() -> dict[str, tuple[str, ...]]:
    """Requirements that ask for others as a whole, with the pinpoints whose rules judge them point by point."""
    data = tomllib.loads(_text("not_auditable.toml"))
    return {name: tuple(pinpoints) for name, pinpoints in data["through"].items()}


@cache
def lowest_voting_ages() -> dict[str, int]:
    """The lowest age at which anybody may vote in each Member State, by country code."""
    return {r["country"]: int(r["lowest_age"]) for r in csv.DictReader(_text("voting_ages.csv").splitlines())}


@cache
def voting_ages() -> dict[tuple[str, str], int]:
    """The voting age in votes of a kind, by Member State and kind; of other kinds the lowest of the state counts."""
    rows = list(csv.DictReader(_text("voting_ages.csv").splitlines()))
    ages = {"european": "ep_age", "parliament": "national_age", "presidential": "national_age"}
    return {(row["country"], kind): int(row[column]) for row in rows for kind, column in ages.items()}


@cache
def member_states() -> frozenset[str]:
    """Codes of the Member States and of those parts of them that sources list as countries."""
    found: set[str] = set()
    for row in csv.DictReader(_text("member_states.csv").splitlines()):
        found |= {row["code"], *row["parts"].split()}
    return frozenset(found)


@cache
def member_states_alone() -> frozenset[str]:
    """Codes of the Member States, without those of their parts."""
    return frozenset(row["code"] for row in csv.DictReader(_text("member_states.csv").splitlines()))


@cache
def member_state_of() -> dict[str, str]:
    """The Member State to which a code belongs: itself, or France for `RE`."""
    rows = list(csv.DictReader(_text("member_states.csv").splitlines()))
    return {code: row["code"] for row in rows for code in (row["code"], *row["parts"].split())}


@cache
def method_words() -> dict[str, list[str]]:
    """Words by which a method says whether VAT is included (`vat`) and what was added up (`basis`), in lower case."""
    found: dict[str, list[str]] = tomllib.loads(_text("method_words.toml"))
    return found
