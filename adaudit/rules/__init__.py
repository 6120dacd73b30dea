"""Judges: every rule, by id. Importing this package registers all of them."""

import tomllib
from functools import cache
from importlib import resources

from adaudit.rules import (  # noqa: F401 - importing a module registers its rules
    consistency,
    dsa_repository,
    guards,
    labels,
    notice_identity,
    notice_links,
    notice_money,
    notice_targeting,
)
from adaudit.rules.accounting import Account, accounts
from adaudit.rules.repository import REPOSITORY, RepositoryRule, every
from adaudit.rules.rule import RULES, VOTING_AGE, Rule

__all__ = [
    "REPOSITORY",
    "RULES",
    "VOTING_AGE",
    "Account",
    "RepositoryRule",
    "Rule",
    "accounts",
    "every",
    "rules_version",
    "texts",
]


@cache
def texts() -> dict[str, dict[str, dict[str, str]]]:
    """Title and sentence of each rule in English and Dutch: texts()[rule]["title"]["nl"]."""
    text = resources.files("adaudit.rules").joinpath("texts.toml").read_text("utf-8")
    found: dict[str, dict[str, dict[str, str]]] = tomllib.loads(text)
    return found


def rules_version() -> str:
    """The number of rules and the sum of their versions: it changes when any rule decides otherwise."""
    return f"{len(every())}.{sum(rule.version for rule in every().values())}"
