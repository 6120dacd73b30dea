"""What a rule is, and the decorators that make one.

A rule's function is named after its id, its docstring is the rule in one sentence, and it returns
one polars expression over the record's columns: the *last* step of the decision. Everything before
(territory, political or not, removed, condition, exposed, asked for, present) is the engine's, so
that null never reaches an author's comparison unseen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import polars as pl

from adaudit.law import TTPA, Instrument, instruments, requirements
from adaudit.law.citation import NO_ARTICLE
from adaudit.model.record import TEXT_COLUMNS, bits
from adaudit.model.vocabulary import KINDS, NOT_JUDGED, code

Family = Literal["disclosure", "label", "consistency", "guard"]
ASKING: Final = frozenset({"disclosure", "label"})
"""Families that ask a source for a value; the others judge whatever is there."""
Expression = Callable[[], pl.Expr]
Condition = Callable[[str, pl.Expr], pl.Expr]
"""(kind, value is present) -> 0 where the requirement applies, else the code of the outcome why not."""

VOTING_AGE: Final = "voting_age"
"""Column that the engine adds: the voting age in the vote that the source states for the record, else the lowest one
of its countries (Int16)."""
REPOSITORY: Final = "repository_established"
"""Column that the engine adds: whether the European repository was established on any day on which the record ran
(Boolean; null where that cannot be told)."""
IN_LAST_MONTH: Final = "last_month"
"""Column that the engine adds: whether the record ran in the last month before a vote in a Member State that it was
directed to (a code of `WITHIN`, UInt8)."""
IN_THREE_MONTHS: Final = "three_months"
"""Column that the engine adds: whether the record ran in the three months before the vote that it is linked to, or
else before any vote in a Member State that it was directed to (a code of `WITHIN`, UInt8)."""
VOTE: Final = "vote"
"""Column that the engine adds: the number of the vote that the record is linked to, 0 for none (UInt16)."""
VOTE_LINK: Final = "vote_link"
"""Column that the engine adds: how it is linked (a code of `LINKS`, UInt8). An inferred link is never the sole
ground of a finding."""
ENGINE_COLUMNS: Final = (VOTING_AGE, REPOSITORY, IN_LAST_MONTH, IN_THREE_MONTHS, VOTE, VOTE_LINK)
"""What a rule may read beside the record's own columns."""
RAISED: Final = "_last_month"
"""What a severity ends with where Art 25(5) raises it."""


@dataclass(frozen=True)
class Partly:
    """Columns any of which still discloses a part, and the outcome that this gives."""

    columns: tuple[str, ...]
    outcome: str


PERIOD_WITHOUT_START: Final = Partly(("intended_until", "delivered_until"), "no_start")


@dataclass(frozen=True)
class Rule:
    """One rule, with all that the engine and a reader need to know of it."""

    id: str
    family: Family
    version: int
    kinds: tuple[str, ...]
    requirement: str | None
    instrument: str
    sentence: str
    expression: Expression
    present: tuple[str, ...] = ()
    """Columns any of which shows the value; the first one that is filled is tested for filler."""
    needs: tuple[str, ...] = ()
    """Further columns that the expression or the condition reads."""
    condition: Condition | None = None
    removed: str | None = None
    """Outcome for a removed ad, where Art 39(3) DSA forbids showing the value."""
    partly: Partly | None = None
    """What is disclosed of the requirement where the value itself is absent."""

    @property
    def act(self) -> Instrument:
        """The act on which the rule rests."""
        return instruments()[self.instrument]

    @property
    def asks(self) -> bool:
        """Whether the rule asks a source for a value."""
        return self.family in ASKING

    @property
    def political_only(self) -> bool:
        """Whether the rule speaks of political ads alone, as Regulation (EU) 2024/900 does."""
        return self.act.political and self.family != "consistency"

    @property
    def severity(self) -> str:
        """What the law makes of it: mandatory, conditional, template for what the template alone asks for,
        or to_check for what no duty of disclosure is."""
        if self.family in {"consistency", "guard"} or self.requirement is None:
            return "to_check"
        if self.act.template:
            return "template"
        return "mandatory" if requirements()[self.requirement].mandatory else "conditional"

    @property
    def raised_severity(self) -> str:
        """The severity in the last month before a vote: higher where the rule rests on an article of Art 25(5)."""
        raised = self.requirement is not None and self.act.raises(requirements()[self.requirement].pinpoint)
        return f"{self.severity}{RAISED}" if raised else self.severity

    def pinpoint(self, kind: str) -> str:
        """The article for a record of this kind; notices in repositories rest on Art 13(2) as well."""
        if self.requirement is None:
            return NO_ARTICLE
        pinpoint = requirements()[self.requirement].pinpoint
        in_repository = kind != "notice" and pinpoint.startswith("Art 12(1)")
        return f"Art 13(2) with {pinpoint}" if in_repository else pinpoint

    def columns(self) -> tuple[str, ...]:
        """Every column of the record that the rule reads."""
        return tuple(dict.fromkeys((*self.present, *self.needs)))


RULES: Final[dict[str, Rule]] = {}


def _register(family: Family, function: Expression, **parts: object) -> Rule:
    name = function.__name__
    if name in RULES:
        raise ValueError(f"the rule {name} stands twice")
    sentence = " ".join((function.__doc__ or "").split())
    requirement = parts.pop("requirement", name if family in ASKING else None)
    instrument = requirements()[str(requirement)].instrument if requirement else TTPA
    rule = Rule(
        id=name,
        family=family,
        requirement=requirement,  # type: ignore[arg-type]
        instrument=instrument,
        sentence=sentence,
        expression=function,
        **parts,  # type: ignore[arg-type]
    )
    RULES[name] = rule
    return rule


def disclosure(
    *present: str,
    kinds: tuple[str, ...] = ("ad", "notice"),
    needs: tuple[str, ...] = (),
    condition: Condition | None = None,
    removed: str | None = None,
    partly: Partly | None = None,
    version: int = 1,
) -> Callable[[Expression], Rule]:
    """A rule that judges one disclosure; it bears the id of its requirement."""

    def register(function: Expression) -> Rule:
        return _register(
            "disclosure",
            function,
            present=present,
            kinds=kinds,
            needs=needs,
            condition=condition,
            removed=removed,
            partly=partly,
            version=version,
        )

    return register


def label(*present: str, condition: Condition | None = None, version: int = 1) -> Callable[[Expression], Rule]:
    """A rule on the label (Art 11): at best `partial` on a disclaimer field, else `unknown`."""

    def register(function: Expression) -> Rule:
        return _register("label", function, present=present, kinds=("ad",), condition=condition, version=version)

    return register


def consistency(
    *needs: str, present: tuple[str, ...] = (), kinds: tuple[str, ...] = KINDS, version: int = 1
) -> Callable[[Expression], Rule]:
    """A rule on whether values agree; its expression is null where there is nothing to compare.

    It rests on no single article and speaks of every ad, so it names no requirement.
    """

    def register(function: Expression) -> Rule:
        return _register("consistency", function, needs=needs, present=present, kinds=kinds, version=version)

    return register


def guard(
    *needs: str,
    requirement: str,
    kinds: tuple[str, ...],
    condition: Condition | None = None,
    version: int = 1,
) -> Callable[[Expression], Rule]:
    """A rule on a prohibition or duty of conduct; it never says more than `suspect`."""

    def register(function: Expression) -> Rule:
        return _register(
            "guard", function, needs=needs, requirement=requirement, kinds=kinds, condition=condition, version=version
        )

    return register


def given(*columns: str) -> pl.Expr:
    """Whether any of the columns holds a value; of texts, told by `present_mask` without reading them."""
    of_texts = bits(columns, TEXT_COLUMNS)
    found = [(pl.col("present_mask") & of_texts) != 0] if of_texts else []
    found += [pl.col(column).is_not_null() for column in columns if column not in TEXT_COLUMNS]
    return found[0] if len(found) == 1 else pl.any_horizontal(*found)


@cache
def outcome(name: str) -> pl.Expr:
    """The code of an outcome as a literal (UInt8)."""
    return pl.lit(code(name), dtype=pl.UInt8)


def holds() -> pl.Expr:
    """What a condition returns where the requirement applies."""
    return pl.lit(NOT_JUDGED, dtype=pl.UInt8)


def judged(*cases: tuple[pl.Expr, str], otherwise: str = "disclosed") -> pl.Expr:
    """The outcome of the first case that is true; a case that is null counts as not true."""
    found: pl.Expr = outcome(otherwise)
    for true, name in reversed(cases):
        found = pl.when(true).then(outcome(name)).otherwise(found)
    return found
