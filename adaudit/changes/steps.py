"""One step from a listing to the next of the same scope: what came, changed, went and came back.

That something came, went or came back is claimed only where both listings are known to list all of their scope;
else what stands in one alone is counted as that, and why no more can be said. That a record was edited needs no
complete listing: it was seen before and after.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import polars as pl

from adaudit.audit.comparison import field_differences
from adaudit.changes.disclosures import disclosure_of
from adaudit.changes.listings import SAY, Listing
from adaudit.changes.versions import EVIDENCE, SHOWN, fields_of, parts, said, shown, slices
from adaudit.connectors.listed import subjects
from adaudit.errors import StoreError
from adaudit.language import Wording
from adaudit.model.record import INSTANT
from adaudit.store import Observations

Keep = Callable[[str, pl.DataFrame], None]
"""Takes rows of the table of that name."""
SLICE: Final = 20_000
CLAIMS: Final = ("new", "removed", "reappeared")
SHOWN_SCHEMA: Final = dict.fromkeys(SHOWN, pl.String()) | {"observed_at": INSTANT}
Days = tuple[date | None, date | None]
"""Between which days the states of a record that one listing tells of are compared."""


@dataclass
class Step:
    """What differs between two listings; counts of records, each with what it is a part of."""

    before: Listing | None
    """None where one listing tells of several states of its records by itself."""
    after: Listing
    why: tuple[Wording, ...] = ()
    """Why nothing is claimed to have come, gone or come back; empty where it is."""
    notes: list[Wording] = field(default_factory=list)
    both: int = 0
    only_before: int = 0
    only_after: int = 0
    reappeared: int = 0
    edited: int = 0
    edits: int = 0
    """From one state to the next; a record may be edited several times."""
    fields: dict[str, int] = field(default_factory=dict)
    """Edits of each column."""
    disclosures: dict[str, int] = field(default_factory=dict)
    """Records of which each disclosure was edited."""
    first_shown: dict[str, int] = field(default_factory=dict)
    """Columns that no record filled before and many do now, or the reverse: the source shows more or less of all."""
    gone: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SHOWN_SCHEMA))
    """Records that are claimed to be removed: `SHOWN`."""

    @property
    def claimed(self) -> bool:
        """Whether it is claimed what came, went and came back."""
        return not self.why

    @property
    def records_before(self) -> int:
        """Records of the earlier listing that can be found again."""
        return self.both + self.only_before

    @property
    def records_after(self) -> int:
        """Records of the later listing that can be found again."""
        return self.both + self.only_after

    def counts(self) -> dict[str, int | None]:
        """New, edited, removed and reappeared records; None for what cannot be claimed."""
        claims: dict[str, int | None] = dict.fromkeys(CLAIMS)
        if self.claimed:
            claims = {"new": self.only_after - self.reappeared, "removed": self.only_before}
            claims["reappeared"] = self.reappeared
        return {"new": claims["new"], "edited": self.edited, **{one: claims[one] for one in ("removed", "reappeared")}}

    def shares(self) -> dict[str, tuple[int, int]]:
        """What was counted, each with its denominator."""
        of = {"new": self.records_after, "edited": self.both, "removed": self.records_before}
        of["reappeared"] = self.records_after
        return {name: (count, of[name]) for name, count in self.counts().items() if count is not None}

    def as_written(self) -> dict[str, object]:
        """The step as it stands in `changes.json`."""
        return {
            "from": self.before.as_written() if self.before else None,
            "to": self.after.as_written(),
            **self.counts(),
            "rates": {name: {"part": part, "of": of} for name, (part, of) in self.shares().items()},
            "in_both": self.both,
            "only_in_earlier": self.only_before,
            "only_in_later": self.only_after,
            "edits": self.edits,
            "fields": self.fields,
            "disclosures": self.disclosures,
            "first_shown_or_no_longer": self.first_shown,
            "why_not_claimed": [one.written() for one in self.why],
            "notes": [one.written() for one in self.notes],
        }


def step(
    observations: Observations,
    before: Listing,
    after: Listing,
    earlier: Sequence[Listing],
    keep: Keep,
    *,
    gone_alone: bool = False,
) -> Step:
    """What differs from one listing to the next; `earlier` are the chain's listings before both.

    With `gone_alone` neither edits nor what came back are looked for: what they count stays 0.
    """
    earlier = () if gone_alone else earlier
    made = Step(before, after, tuple(_unclaimed(observations, before, after)), _notes(before, after))
    number = parts(before, after)
    gone: list[pl.DataFrame] = []
    between, inside = (
        Waiting(observations, made, _comparable(before, after), keep),
        Waiting(observations, made, None, keep),
    )
    for part in range(number):
        old, new = (shown(observations, one, part, number) for one in (before, after))
        last = old.unique("subject", keep="last", maintain_order=True)
        first = new.unique("subject", keep="first", maintain_order=True)
        both = last.join(first, on="subject", suffix="_after")
        if not gone_alone:
            between.add(both.filter(pl.col("content") != pl.col("content_after")))
            inside.add(_inside(new))
        gone.append(last.join(first, on="subject", how="anti"))
        _count_alone(observations, made, gone[-1], first.join(last, on="subject", how="anti"), earlier, keep)
        made.both += both.height
    made.edited = pl.concat([between.end(), inside.end()]).n_unique()
    if made.claimed:
        made.gone = pl.concat(gone)
    return made


def _count_alone(
    observations: Observations,
    made: Step,
    gone: pl.DataFrame,
    came: pl.DataFrame,
    earlier: Sequence[Listing],
    keep: Keep,
) -> None:
    """Count what stands in one listing alone; of what came, that which an earlier listing of the chain showed."""
    made.only_before += gone.height
    made.only_after += came.height
    keep("records", _written_records("removed" if made.claimed else "only_in_earlier", gone, made))
    if made.claimed:
        back = _seen_earlier(observations, made.after, came, earlier)
        made.reappeared += back.height
        keep("records", _written_records("reappeared", back, made))
        came = came.join(back, on="subject", how="anti")
    keep("records", _written_records("new" if made.claimed else "only_in_later", came, made))


def states(observations: Observations, listing: Listing, days: Days, keep: Keep) -> Step:
    """What one listing tells by itself: the edits between the states of its records, seen within these days."""
    made = Step(None, listing, (SAY.both("one_listing"),))
    number = parts(listing)
    waiting = Waiting(observations, made, None, keep)
    for part in range(number):
        rows = shown(observations, listing, part, number)
        made.both += rows["subject"].n_unique()
        pairs = _inside(rows)
        seen = pl.col("observed_at_after").dt.date()
        for limit, within in zip(days, (seen.__gt__, seen.__le__), strict=True):
            pairs = pairs if limit is None else pairs.filter(within(limit))
        waiting.add(pairs)
    made.edited = waiting.end().len()
    return made


def _unclaimed(observations: Observations, before: Listing, after: Listing) -> list[Wording]:
    """Why nothing can be claimed to have come or gone: what is not known of either listing, or of their scope."""
    found = []
    for key, one in (("earlier_listing", before), ("later_listing", after)):
        found += [SAY.both(key, pull=one.pull.id, why=why) for why in one.faults]
    if before.seen == after.seen:
        found.append(SAY.both("same_time"))
    if not found and before.chain.basis == "published":
        number = parts(before, after)
        for part in range(number):
            old, new = (shown(observations, one, part, number) for one in (before, after))
            if not old.join(new, on="subject", how="semi").is_empty():
                return []
        found.append(SAY.both("nothing_in_common"))
    return found


def _notes(before: Listing, after: Listing) -> list[Wording]:
    if before.made_by == after.made_by:
        return []
    return [SAY.both("read_differently", before=before.made_by, after=after.made_by)]


def _comparable(before: Listing, after: Listing) -> frozenset[str] | None:
    """The columns that both listings show; None where the same fields were asked for, or carried, in both."""
    asked = [{requested for requested, _ in one.carried} for one in (before, after)]
    if asked[0] == asked[1] and None not in asked[0]:
        return None
    if {fields for _, fields in before.carried} == {fields for _, fields in after.carried}:
        return None
    return before.filled & after.filled


def _inside(rows: pl.DataFrame) -> pl.DataFrame:
    """Of subjects with several versions in one listing, each version beside the next."""
    several = rows.filter(pl.col("subject").is_duplicated())
    others = [one for one in SHOWN if one != "subject"]
    following = [pl.col(one).shift(-1).over("subject").alias(f"{one}_after") for one in others]
    return several.with_columns(following).drop_nulls("content_after")


def _seen_earlier(
    observations: Observations, after: Listing, came: pl.DataFrame, earlier: Sequence[Listing]
) -> pl.DataFrame:
    """The subjects that an earlier listing of the chain showed."""
    back = came.clear()
    if came.is_empty() or not earlier:
        return back
    others = [one for one in observations.pulls() if one != after.pull.id]
    files = observations.records([*others, after.pull.id] if after.pull.id in {e.pull.id for e in earlier} else others)
    if not files:
        return back
    ever = pl.scan_parquet(files).filter(pl.col("source") == after.chain.source, pl.col("kind") == after.chain.kind)
    known = ever.select(subjects(after.chain.source, after.chain.form).alias("subject"))
    left = came.lazy().join(known, on="subject", how="semi").collect(engine="streaming")
    for one in reversed(earlier):
        if left.is_empty():
            break
        number = parts(one)
        for part in range(number):
            there = shown(observations, one, part, number)
            back = pl.concat([back, left.join(there, on="subject", how="semi")])
            left = left.join(there, on="subject", how="anti")
    return back


class Waiting:
    """Pairs of versions that wait to be compared: what they say is read of many at a time."""

    def __init__(self, observations: Observations, made: Step, comparable: frozenset[str] | None, keep: Keep) -> None:
        """`comparable` are the columns that both sides show, None for all."""
        self._observations = observations
        self._made = made
        self._comparable = comparable
        self._keep = keep
        self._pairs: list[pl.DataFrame] = []
        self._edited: list[pl.Series] = []

    def add(self, pairs: pl.DataFrame) -> None:
        """Take pairs: the columns of `SHOWN`, and those of the later version with `_after`."""
        self._pairs.append(pairs)
        if sum(one.height for one in self._pairs) >= SLICE:
            self._compare()

    def end(self) -> pl.Series:
        """Compare what still waits; the subjects that were edited, each once."""
        self._compare()
        empty = pl.Series("subject", [], dtype=pl.String)
        return pl.concat([empty, *self._edited]).unique()

    def _compare(self) -> None:
        for few in slices(pl.concat(self._pairs), SLICE) if self._pairs else ():
            self._edited.append(_edits(self._observations, self._made, few, self._comparable, self._keep))
        self._pairs.clear()


def _edits(
    observations: Observations, made: Step, pairs: pl.DataFrame, comparable: frozenset[str] | None, keep: Keep
) -> pl.Series:
    """Count every field that differs between the versions of each pair, hand the rows on; the subjects edited."""
    columns = fields_of(made.after)
    before, after = _said(observations, made.after, pairs, columns)
    ends = [before[one] for one in EVIDENCE] + [after[one].alias(f"{one}_after") for one in EVIDENCE]
    rows = pairs.select("subject", "record_id", "observed_at", "observed_at_after").with_row_index("pair")
    shows = pl.lit(value=True) if comparable is None else pl.col("field").is_in(sorted(comparable))
    found = field_differences(rows.with_columns(ends), before, after, columns)
    found = found.with_columns(shows.alias("shown_by_both"), disclosure_of().alias("disclosure"))
    real = found.filter("shown_by_both")
    made.edits += real["pair"].n_unique()
    _count(made.fields, real["field"])
    _count(made.disclosures, real.unique(["pair", "disclosure"])["disclosure"].drop_nulls())
    _count(made.first_shown, found.filter(~pl.col("shown_by_both"))["field"])
    keep("edits", _written_edits(found, made))
    return real["subject"].unique()


def _said(
    observations: Observations, listing: Listing, pairs: pl.DataFrame, columns: Sequence[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What the two versions of each pair say, row by row. Raises StoreError where the store lacks one."""
    keys = [
        pairs.select(pl.col(f"record_id{end}").alias("record_id"), pl.col(f"content{end}").alias("content"))
        for end in ("", "_after")
    ]
    values = said(observations, listing, pl.concat(keys), columns)
    sides = [key.join(values, on=["record_id", "content"], how="left", maintain_order="left") for key in keys]
    for one in sides:
        lost = one.filter(pl.col("locator").is_null())["record_id"]
        if lost.len():
            raise StoreError(
                f"the store lacks what {lost[0]} of {listing.chain.source} said by {listing.pull.id}, though it was "
                "listed: the observations are damaged; the evidence may not be (adaudit verify tells)."
            )
    return sides[0], sides[1]


def _count(counts: dict[str, int], values: pl.Series) -> None:
    for value, count in values.value_counts(sort=True).iter_rows():
        counts[value] = counts.get(value, 0) + count


def _of_chain(made: Step) -> list[pl.Expr]:
    chain = made.after.chain
    return [pl.lit(getattr(chain, name)).alias(name) for name in ("source", "form", "kind", "scope")]


def _written_records(change: str, rows: pl.DataFrame, made: Step) -> pl.DataFrame:
    """Records as they stand in `records.csv`: what is said of each, with the two listings that say it."""
    assert made.before is not None  # noqa: S101 - two listings are compared
    ends = {"listed_before": made.before, "listed_after": made.after}
    pulls = [pl.lit(one.pull.id).alias(f"{name}_pull") for name, one in ends.items()]
    seen = [pl.lit(one.seen, dtype=INSTANT).alias(name) for name, one in ends.items()]
    return rows.select(*_of_chain(made), pl.lit(change).alias("change"), "record_id", *seen, *pulls)


def _written_edits(rows: pl.DataFrame, made: Step) -> pl.DataFrame:
    """Edits as they stand in `edits.csv`: one row a field, with what it was and became and the bytes of both."""
    return rows.select(
        *_of_chain(made),
        "record_id",
        "disclosure",
        "field",
        pl.col("a").alias("before"),
        pl.col("b").alias("after"),
        pl.col("observed_at").alias("seen_before"),
        pl.col("observed_at_after").alias("seen_after"),
        "shown_by_both",
        *(pl.col(one).alias(f"{one}_before") for one in EVIDENCE),
        *(f"{one}_after" for one in EVIDENCE),
    )
