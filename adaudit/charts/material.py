"""What the charts are given: the parsed summary, spend by sponsor, and the titles to show.

Charts read nothing else: no files, no clock, no network. Whoever has a `summary.json` can draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


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


@dataclass(frozen=True)
class Material:
    """Everything a chart may show."""

    summary: Mapping[str, Any]
    """`summary.json` as parsed."""
    sponsors: Sequence[SponsorSpend]
    titles: Mapping[str, str]
    """Rule id to short title, such as "Sponsor: name"."""
    sources: Mapping[str, str]
    """Source id (or `source/form`) to display title, such as "Meta ads_archive"."""
