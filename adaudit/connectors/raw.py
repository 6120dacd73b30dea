"""What a connector hands over: canonical records, and everything that did not become one."""

from dataclasses import dataclass, field

import polars as pl

from adaudit.language import Wording


@dataclass(frozen=True)
class Rejected:
    """A row that could not become a record, kept with its place and its bytes as text."""

    place: str
    reason: str
    raw: str


@dataclass(frozen=True)
class Parsed:
    """One page as canonical records.

    `frame` has the columns of `adaudit.model.record.SCHEMA` that the form fills, `locator` as
    the place inside the page, and `layout` (UInt16) as an index into `layouts`: the sets of source
    fields that the page carries, in proof that an absent value was there to be filled.
    """

    frame: pl.DataFrame
    layouts: tuple[frozenset[str], ...]
    rejected: tuple[Rejected, ...] = ()
    new_fields: tuple[str, ...] = ()
    notices: tuple[Wording, ...] = ()
    scope_from: str | None = None
    requested: frozenset[str] | None = field(default=None)
    """Fields that the request is known to have named; None where the page does not tell."""
