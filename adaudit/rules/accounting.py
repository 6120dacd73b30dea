"""How every requirement of the law data is accounted for: by rules that judge it, or by why none does."""

from dataclasses import dataclass
from functools import cache

from adaudit.language import Wording
from adaudit.law import NotAuditable, judged_through, not_auditable, requirements
from adaudit.rules.repository import REPOSITORY
from adaudit.rules.rule import RULES


@dataclass(frozen=True)
class Account:
    """One requirement: the rules that judge it, itself or point by point; where there are none, why."""

    rules: tuple[str, ...]
    not_auditable: NotAuditable | None

    @property
    def accounted(self) -> str:
        """`rule`, or `not_auditable`."""
        return "rule" if self.rules else "not_auditable"

    def sentence(self, texts: dict[str, dict[str, dict[str, str]]]) -> Wording | None:
        """What is asked for in one sentence; None where several rules say it point by point."""
        if self.not_auditable:
            return self.not_auditable.sentence
        said = texts[self.rules[0]]["sentence"]
        return Wording(said["en"], said["nl"]) if len(self.rules) == 1 else None


@cache
def accounts() -> dict[str, Account]:
    """The account of every requirement, by id in the order of the law data.

    Raises ValueError where a requirement is judged by no rule and not said to be beyond all, or is both.
    """
    own: dict[str, list[str]] = {}
    for name, rule in sorted(RULES.items()):
        if rule.requirement:
            own.setdefault(rule.requirement, []).append(name)
    for name, whole in sorted(REPOSITORY.items()):
        for requirement in dict.fromkeys(whole.requirements.values()):
            if requirement not in not_auditable():
                own.setdefault(requirement, []).append(name)
    through = {one: _judging(pinpoints) for one, pinpoints in judged_through().items()}
    found = {
        name: Account((*own.get(name, ()), *through.get(name, ())), not_auditable().get(name))
        for name in requirements()
    }
    if wrong := [name for name, one in found.items() if bool(one.rules) == bool(one.not_auditable)]:
        raise ValueError(f"judged by no rule and not said to be beyond all, or both: {', '.join(wrong)}")
    return found


def _judging(pinpoints: tuple[str, ...]) -> list[str]:
    """The rules on disclosures and labels whose requirement rests on one of the pinpoints."""
    return [
        name
        for name, rule in sorted(RULES.items())
        if rule.asks
        and rule.requirement
        and rule.act.name.endswith("2024/900")
        and requirements()[rule.requirement].pinpoint.startswith(pinpoints)
    ]
