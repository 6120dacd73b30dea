"""The versions of records that a listing showed, and what each of them says."""

from collections.abc import Iterator, Sequence
from math import ceil
from typing import Final

import polars as pl

from adaudit.audit.comparison import UNCOMPARED
from adaudit.changes.listings import Listing
from adaudit.connectors.listed import listing_of, subjects
from adaudit.model.record import CLOCKS, CONTENT, SUCCESSION
from adaudit.store import Observations
from adaudit.store.observations import NOT_CONTENT, VERSION, compared

BUCKET: Final = 500_000
"""Records that are compared at a time; more are dealt into as many parts as that takes."""
COUNTED: Final = frozenset({"targeting_parameters_count", "delivery_count", "delivery_reach_low", "shares_sum"})
"""Columns that are counted from others: an edit of those is told there."""
FIELDS: Final = tuple(name for name in (*CLOCKS, *CONTENT) if name not in UNCOMPARED | NOT_CONTENT | COUNTED)
EVIDENCE: Final = ("evidence_sha256", "locator")
SHOWN: Final = ("subject", "record_id", "content", "observed_at")


def parts(*listings: Listing) -> int:
    """In how many parts these listings are gone through."""
    return max(1, ceil(max(one.records for one in listings) / BUCKET))


def shown(observations: Observations, listing: Listing, part: int = 0, of: int = 1) -> pl.DataFrame:
    """What a listing showed of the subjects of one part: `SHOWN`, the versions of a subject in their order.

    A subject is what an id is without that which changes from one listing to the next.
    """
    chain = listing.chain
    lines = observations.listing(listing.pull.id).filter(
        pl.col("source") == chain.source, pl.col("form") == chain.form, pl.col("kind") == chain.kind
    )
    if listing.evidence_sha256:
        lines = lines.filter(pl.col("evidence_sha256") == listing.evidence_sha256)
    lines = lines.with_columns(subjects(chain.source, chain.form).alias("subject")).drop_nulls("subject")
    if of > 1:
        lines = lines.filter(pl.col("subject").hash(seed=0) % of == part)
    frame = lines.select(*SHOWN, *(one for one in SUCCESSION if one not in SHOWN)).collect(engine="streaming")
    several = frame["subject"].is_duplicated()
    if several.any():
        ordered = frame.filter(several).sort("subject", *SUCCESSION, nulls_last=False)
        repeated = (pl.col("content") == pl.col("content").shift(1)).over("subject").fill_null(value=False)
        frame = pl.concat([frame.filter(~several), ordered.filter(~repeated)])
    return frame.select(SHOWN)


def fields_of(listing: Listing) -> tuple[str, ...]:
    """The columns in which versions are compared: not those that differ from one listing to the next by nature."""
    how = listing_of(listing.chain.source, listing.chain.form)
    return tuple(name for name in FIELDS if how is None or name not in how.passing)


def said(observations: Observations, listing: Listing, versions: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """What these versions (`record_id`, `content`) of a listing's records say: the columns, with their evidence."""
    chain = listing.chain
    files = observations.records(observations.pulls())
    wanted = versions["content"].unique()
    one_of = pl.lit(wanted[0]) == pl.col("content") if len(wanted) == 1 else pl.col("content").is_in(wanted.implode())
    found = (
        pl.scan_parquet(files, parallel="prefiltered")
        .filter(one_of, pl.col("source") == chain.source, pl.col("kind") == chain.kind)
        .select(*VERSION, *EVIDENCE, *(compared(name) for name in columns))
        .collect(engine="streaming")
    )
    key = ["record_id", "content"]
    return found.join(versions.select(key).unique(), on=key, how="semi").unique(key, keep="first")


def slices(frame: pl.DataFrame, length: int) -> Iterator[pl.DataFrame]:
    """The frame in slices of at most so many rows; none of an empty one."""
    for offset in range(0, frame.height, length):
        yield frame.slice(offset, length)
