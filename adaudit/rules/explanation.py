"""All that is to be said of one rule, or of a requirement without a rule of its own: law, examples, versions.

Terminal, JSON and pages are made of this and of nothing else.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from adaudit.language import Wording
from adaudit.law import Requirement, requirements
from adaudit.law.citation import NO_ARTICLE
from adaudit.rules.accounting import Account, accounts
from adaudit.rules.examples import GROUPS, Example, Group, examples
from adaudit.rules.repository import Reason, RepositoryRule, every, reasons
from adaudit.rules.rule import Rule

GROUP_OF: Final[dict[str, Group]] = {
    "ok": "passing",
    "suspect": "failing",
    "not_applicable": "not_applicable",
    "unknown": "unknown",
}
"""Where a reason of a rule on a source as a whole stands, by its verdict."""


@dataclass(frozen=True)
class Explanation:
    """One rule with the requirement that it judges; or one requirement with its account, and no rule of its own."""

    id: str
    rule: Rule | RepositoryRule | None
    requirement: Requirement | None
    """The first one where it rests on several; None for a rule that rests on no single article."""
    account: Account | None
    title: Wording | None
    sentence: Wording | None
    """What is true when all is well; None where several rules say it point by point."""

    @property
    def pinpoints(self) -> dict[str, str]:
        """The article by kind of record; one entry, under an empty kind, where it is the same for all."""
        if self.rule is None:
            return {"": self.requirement.pinpoint if self.requirement else NO_ARTICLE}
        of_kinds = {kind: self.rule.pinpoint(kind) for kind in self.rule.kinds}
        return of_kinds if len(set(of_kinds.values())) > 1 else {"": next(iter(of_kinds.values()))}

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """All that it rests on: of a rule on a source as a whole, one for each duty."""
        if isinstance(self.rule, RepositoryRule):
            return tuple(requirements()[one] for one in dict.fromkeys(self.rule.requirements.values()))
        return () if self.requirement is None else (self.requirement,)

    @property
    def reasons(self) -> dict[Group, tuple[Reason, ...]]:
        """Of a rule on a source as a whole, each thing that it can say, by where it stands; else nothing."""
        if not isinstance(self.rule, RepositoryRule):
            return {}
        said = [reasons()[one] for one in (*self.rule.reasons, *self.rule.of_listings)]
        found = {group: tuple(one for one in said if GROUP_OF[one.verdict] == group) for group in GROUPS}
        return {group: those for group, those in found.items() if those}

    @property
    def examples(self) -> dict[Group, tuple[Example, ...]]:
        """Examples by what the rule says of them; without an entry for what it never says."""
        given = examples().get(self.id, ()) if self.rule else ()
        found = {group: tuple(one for one in given if one.group == group) for group in GROUPS}
        return {group: those for group, those in found.items() if those}

    @property
    def changes(self) -> dict[int, Wording]:
        """What changed with each version after the first."""
        return changes().get(self.id, {})


@cache
def changes() -> dict[str, dict[int, Wording]]:
    """What changed when a rule came to decide otherwise, by rule and version."""
    data = tomllib.loads(resources.files("adaudit.rules").joinpath("versions.toml").read_text("utf-8"))
    return {
        rule: {int(version): Wording.read(words) for version, words in sorted(entries.items())}
        for rule, entries in data.items()
    }


@cache
def explanations() -> dict[str, Explanation]:
    """Every rule and every requirement by id: in the order of the law data, then what bears no requirement's id."""
    found = {name: _of_requirement(one) for name, one in requirements().items()}
    return found | {name: _of_rule(rule) for name, rule in sorted(every().items()) if name not in found}


def _of_requirement(requirement: Requirement) -> Explanation:
    rule = every().get(requirement.id)
    if rule:
        return _of_rule(rule)
    account = accounts()[requirement.id]
    return Explanation(requirement.id, None, requirement, account, None, account.sentence(_texts()))


def _of_rule(rule: Rule | RepositoryRule) -> Explanation:
    requirement = requirements()[rule.requirement] if rule.requirement else None
    said = _texts()[rule.id]
    title, sentence = Wording.read(said["title"]), Wording.read(said["sentence"])
    account = accounts()[requirement.id] if requirement else None
    return Explanation(rule.id, rule, requirement, account, title, sentence)


def _texts() -> dict[str, dict[str, dict[str, str]]]:
    from adaudit.rules import texts

    return texts()
