"""Layouts: which form a record has and which source fields its input carried.

Two records of one form can differ in what was asked for: a field that no record of an input
carries proves nothing. Every record bears the number of its layout; gates 5 and 6 are decided per
layout, before any record is looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from adaudit.connectors import exposure_of, sources

Standing = Literal["never", "not_in_export", "not_requested", "carried"]


@dataclass(frozen=True)
class Layout:
    """One set of carried fields of one form; `requested` is None where the request is not known."""

    source: str
    form: str
    carried: frozenset[str]
    requested: frozenset[str] | None = None

    @property
    def kind(self) -> str:
        """Notice, ad or advertiser."""
        return sources()[self.source].form[self.form].kind

    @property
    def duties(self) -> tuple[str, ...]:
        """The duties under which the source publishes this form."""
        return sources()[self.source].form[self.form].duties

    def standing(self, rule: str) -> Standing:
        """Whether the form has a field for the rule's requirement, and whether this input carried it."""
        exposure = exposure_of(self.source, self.form, rule)
        if exposure.level == "never":
            return "never"
        if any(name in self.carried for name in exposure.fields):
            return "carried"
        asked = self.requested is None or any(name in self.requested for name in exposure.fields)
        return "not_in_export" if asked else "not_requested"

    def never_shows(self, rule: str) -> bool:
        """Whether `source.toml` says outright that the form has no field for what the rule compares."""
        stated = sources()[self.source].form[self.form].exposure.get(rule)
        return stated is not None and stated.level == "never"

    def cap(self, rule: str) -> str | None:
        """The outcome that a good value gets at most in this form; None where the field is exact."""
        return exposure_of(self.source, self.form, rule).cap

    def blank_says_nothing(self, rule: str) -> bool:
        """Whether an empty or filler cell proves nothing, because the field asks for something else."""
        return exposure_of(self.source, self.form, rule).blank == "unknown"

    def unverified(self, rule: str) -> bool:
        """Whether the format of the field has never been seen with a value."""
        return exposure_of(self.source, self.form, rule).level == "unverified"


@dataclass
class Layouts:
    """The layouts of one audit, numbered as they come."""

    known: list[Layout] = field(default_factory=list)
    _numbers: dict[Layout, int] = field(default_factory=dict)

    def number(self, layout: Layout) -> int:
        """The number of the layout, a new one for a new layout."""
        if layout not in self._numbers:
            self._numbers[layout] = len(self.known)
            self.known.append(layout)
        return self._numbers[layout]

    def of(self, source: str, kind: str) -> Sequence[tuple[int, Layout]]:
        """The numbered layouts of one source and kind."""
        return [(i, one) for i, one in enumerate(self.known) if (one.source, one.kind) == (source, kind)]
