"""Platforms that sell no political advertising: what ran there all the same, one count a source and day.

Such an ad carries no political disclosure by construction. So its gaps are one statement on the source, not a
pile of findings; and where nobody says which ads are political, that is said, not passed over.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from adaudit.audit.assemble import period
from adaudit.audit.facts import binding_column
from adaudit.audit.groups import Group
from adaudit.connectors import sources
from adaudit.law import TTPA
from adaudit.model.vocabulary import BINDINGS, code, codes_of

RULE: Final = "notice_sponsor_name"
NAMED: Final = ("ok", "partial", "invalid")
FILLER: Final = "placeholder"


@dataclass(frozen=True)
class Unsold:
    """The ads of one source that sells no political advertising, those outside the Union left out."""

    source: str
    last_day: date | None
    """The last day on which political ads may have been sold; None where the source's policy tells of none."""
    ads: int
    asserted: int
    """Of these, ads that only the user says are political."""
    after: int
    """Of the asserted ones, those that ran after the last day; all of them where there is none."""
    unnamed: int
    """Of those that ran after it, ads that name nobody as sponsor."""
    unnamed_bound: int
    """Of the unnamed ones, those to which Regulation (EU) 2024/900 applies."""
    named: int
    """Of those that ran after it, ads that name a sponsor, advertiser or payer; of the rest it cannot be seen."""
    earlier_unnamed: int
    """Asserted ads that name nobody and ran on no later day."""
    undated: int
    """Asserted ads without a day; never counted as after it."""
    declared: int
    """Ads that ran after the last day and that the source itself calls political."""
    silent: int
    """Ads that ran after the last day and of which nobody says that they are political."""

    @property
    def unseen(self) -> int:
        """Asserted ads that ran after the last day, of which it cannot be seen whether they name anybody."""
        return self.after - self.unnamed - self.named

    def as_written(self) -> dict[str, object]:
        """The entry of `undeclared` in `summary.json`."""
        written = asdict(self) | {"last_day": self.last_day.isoformat() if self.last_day else None}
        return {**written, "unseen": self.unseen}


def unsold(records: Path, verdicts: Path, groups: Sequence[Group], as_of: date | None = None) -> list[Unsold]:
    """The counts of every source that sells no political advertising, as of a day if one is given."""
    found: list[Unsold] = []
    for group in groups:
        policy = sources()[group.source].no_political_ads
        if policy is None or group.kind != "ad" or (as_of and policy.last_day and as_of <= policy.last_day):
            continue
        rows = pl.scan_parquet(records).slice(group.offset, group.length)
        start, end = period()
        dated = rows.select("political_basis", pl.max_horizontal(start, end).alias("last"))
        codes = pl.scan_parquet(verdicts).slice(group.offset, group.length)
        judged = codes.select(RULE, pl.col(binding_column(TTPA)).alias("binding"))
        counts = pl.concat([dated, judged], how="horizontal").select(_counts(policy.last_day))
        found.append(Unsold(group.source, policy.last_day, *counts.collect(engine="streaming").row(0)))
    return found


def _counts(last_day: date | None) -> list[pl.Expr]:
    """The counts of `Unsold`, in its order."""
    verdict, last, basis = pl.col(RULE), pl.col("last"), pl.col("political_basis")
    inside = verdict != code("outside_union")
    asserted = inside & (basis == "asserted").fill_null(value=False)
    after = (last > last_day).fill_null(value=False) if last_day else pl.lit(value=True)
    unnamed = verdict.is_in([*codes_of("missing"), code(FILLER)])
    named = verdict.is_in([one for name in NAMED for one in codes_of(name)]) & ~unnamed
    bound = pl.col("binding") == BINDINGS.index("yes")
    ran = asserted & after
    counted = {
        "ads": inside,
        "asserted": asserted,
        "after": ran,
        "unnamed": ran & unnamed,
        "unnamed_bound": ran & unnamed & bound,
        "named": ran & named,
        "earlier_unnamed": asserted & ~after & unnamed & last.is_not_null(),
        "undated": asserted & last.is_null(),
        "declared": inside & after & (basis == "declared").fill_null(value=False),
        "silent": inside & after & basis.is_null(),
    }
    return [true.sum().cast(pl.Int64).alias(name) for name, true in counted.items()]
