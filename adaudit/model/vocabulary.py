"""Verdicts, and the outcomes (verdict and reason) that rules give.

Every outcome has one small code: `verdicts.parquet` holds one such code per record and rule, and
the file's metadata names them. The codes are the positions in `outcomes.toml`, so a new outcome
is added at the end.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from adaudit.language import Wording

VERDICTS: Final = (
    "ok",
    "partial",
    "invalid",
    "missing",
    "not_exposed",
    "suspect",
    "not_applicable",
    "unknown",
)
FINDINGS: Final = ("partial", "invalid", "missing", "suspect")
"""Verdicts that give one finding per record; `not_exposed` gives one per source, form and rule."""

KINDS: Final = ("ad", "advertiser", "notice")
BINDINGS: Final = ("yes", "before", "unknown")
WITHIN: Final = ("no", "yes", "check", "unknown")
"""Whether a record ran within the months before a vote; `check` on boundary days alone, on which readings differ."""
LINKS: Final = ("none", "stated", "inferred", "several")
"""How a record is linked to a vote: `several` where country and dates leave more than one."""
NOT_JUDGED: Final = 0
"""The code where a rule does not speak of the record's kind and form."""


@dataclass(frozen=True)
class Outcome:
    """A verdict with the reason for it, in words."""

    code: int
    id: str
    verdict: str
    en: str
    nl: str

    @property
    def words(self) -> Wording:
        """The reason in both languages."""
        return Wording(self.en, self.nl)


@cache
def outcomes() -> dict[str, Outcome]:
    """Every outcome by id. Codes start at 1; 0 is `NOT_JUDGED`."""
    text = resources.files("adaudit.model").joinpath("outcomes.toml").read_text("utf-8")
    entries = tomllib.loads(text)["outcome"]
    return {
        entry["id"]: Outcome(code, entry["id"], entry["verdict"], entry["en"], entry["nl"])
        for code, entry in enumerate(entries, start=1)
    }


@cache
def outcome_by_code() -> dict[int, Outcome]:
    """Every outcome by its code."""
    return {outcome.code: outcome for outcome in outcomes().values()}


def code(outcome: str) -> int:
    """The code of an outcome id. Raises KeyError for an id that `outcomes.toml` does not hold."""
    return outcomes()[outcome].code


def codes_of(verdict: str) -> list[int]:
    """The codes of all outcomes that mean this verdict."""
    return [outcome.code for outcome in outcomes().values() if outcome.verdict == verdict]
