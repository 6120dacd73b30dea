"""What the charts are given: the parsed summary, numbers made from records and verdicts, titles to show.

Charts read nothing else: no files, no clock, no network.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from adaudit.language import Language

Wordings = Mapping[Language, str]
Form = tuple[str, str, str]
"""Source, form and kind: one data set."""
Standing = Literal["named", "nobody", "withheld"]
"""Whether a sponsor is named; else that nobody is, or that the law forbids to show it (Art 39(3) DSA)."""


@dataclass(frozen=True)
class SponsorSpend:
    """What one sponsor or advertiser spent, in one source, form, scope and currency: an interval."""

    source: str
    form: str
    kind: str
    scope: str
    """`ad`, `campaign`, `media` or `advertiser`."""
    currency: str
    name: str
    """The sponsor or advertiser as the source names it."""
    low: Decimal
    high: Decimal | None
    """`None` is an open upper end: nothing is known but "at least `low`"."""
    records: int
    standing: Standing = "named"


@dataclass(frozen=True)
class MonthShare:
    """Political records of one form that began in one month, under one binding, by what they disclose."""

    source: str
    form: str
    kind: str
    subject: str
    """`sponsor`, `spend` or `targeting`."""
    month: date | None
    """First day of the month; `None` for records without a date."""
    binding: str
    """`yes`, `before` or `unknown`."""
    shown: int
    lost: int
    """Nothing is disclosed although there was a field for it."""
    never: int
    """The source has no field."""
    asserted: int
    """Of all these, political only because the user says so."""

    @property
    def decided(self) -> int:
        """The denominator."""
        return self.shown + self.lost + self.never


@dataclass(frozen=True)
class Vote:
    """A vote of the law calendar."""

    day: date
    country: str
    kind: str
    name: str


@dataclass(frozen=True)
class TargetingShown:
    """What one form shows of the targeting of its political records, in numbers of records."""

    source: str
    form: str
    kind: str
    records: int
    asserted: int
    """Political only because the user says so."""
    shown: int
    """Records of which the targeting is shown: the denominator of the dimensions."""
    declared_none: int
    used: Mapping[str, int]
    excluded: Mapping[str, int]
    ages: Mapping[str, int]
    """Youngest age selected: `under_16`, `16_17`, `18_24`, `25_34`, `35_more`, `unlimited`, `open`, `not_shown`."""
    reach_shown: int
    """Records of which the ages reached are shown: the denominator of `reached`."""
    reached: Mapping[str, int]


@dataclass(frozen=True)
class Material:
    """Everything a chart may show."""

    summary: Mapping[str, Any]
    """`summary.json` as parsed."""
    sponsors: Sequence[SponsorSpend]
    titles: Mapping[str, Wordings]
    """Rule id to short title, such as "Sponsor: name", in each language."""
    sources: Mapping[str, Wordings]
    """Source id (or `source/form`) to display title, such as "Meta ads_archive", in each language."""
    severities: Mapping[str, str] = field(default_factory=dict)
    """Rule id to severity: `mandatory`, `conditional`, `template` or `to_check`; that of the last month left out."""
    months: Sequence[MonthShare] = ()
    votes: Mapping[Form, Sequence[Vote]] = field(default_factory=dict)
    """The votes in the countries that a data set concerns."""
    applies: date | None = None
    """The day from which Regulation (EU) 2024/900 applies; it is marked where it is given."""
    targeting: Sequence[TargetingShown] = ()
