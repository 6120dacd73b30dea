"""The observations of one pull as they are stored and as they come out today, side by side."""

import json
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

from adaudit.collection.resting import Sound
from adaudit.model.record import KEY, SCHEMA
from adaudit.store import Observations
from adaudit.store.observations import VERSION

EXAMPLES: Final = 3
"""Records that are shown of each pull."""
LONGEST: Final = 200
"""Characters of a value that is shown."""
COLUMNS: Final = tuple(name for name in SCHEMA if name not in {*KEY, "layout"})
"""What is compared; layouts have numbers of their own in each reading and are compared in the description."""


@dataclass(frozen=True)
class Example:
    """One value of one record that came out otherwise."""

    record_id: str
    column: str
    stored: str | None
    replayed: str | None


@dataclass
class Redone:
    """How many versions of records of a pull came out the same, otherwise, not at all any more, or newly."""

    pull: str
    made_by: str
    """The adaudit that made what is stored."""
    same: int = 0
    changed: int = 0
    gone: int = 0
    new: int = 0
    columns: dict[str, int] = field(default_factory=dict)
    """In how many records each column differs."""
    examples: list[Example] = field(default_factory=list)
    about: list[str] = field(default_factory=list)
    """Parts of the description that differ (layouts, reports of inputs), and columns that are not kept so any more."""
    damaged: bool = False
    """Whether the stored files are not what was read, so that nothing can be compared."""

    @property
    def same_as_stored(self) -> bool:
        """Whether everything came out as it is stored."""
        return not (self.changed or self.gone or self.new or self.about or self.damaged)

    def as_written(self) -> dict[str, object]:
        """The result for a program to read."""
        return {**vars(self), "examples": [vars(one) for one in self.examples]}


def compared(sound: Sound, fresh: Observations, pull: str, made_by: str) -> Redone:
    """Compare the stored observations of a pull with the new ones; only sound files are opened."""
    found = Redone(pull, made_by)
    if not sound.whole(pull):
        found.damaged = True
        return found
    before, after = sound.observations.about(pull), fresh.about(pull)
    found.about = sorted(name for name in before.keys() | after.keys() if _differs(name, before, after))
    found.about += sound.observations.unlike(pull)
    stored = sound.observations.listing(pull).select(VERSION).unique()
    again = fresh.listing(pull).select(VERSION).unique()
    shared = stored.join(again, on=list(VERSION), how="semi").collect(engine="streaming").height
    left, right = (
        one.join(other, on=list(VERSION), how="anti").collect(engine="streaming")
        for one, other in ((stored, again), (again, stored))
    )
    pairs = _paired(left, right)
    otherwise = _beside_content(sound, fresh, pull, found)
    found.changed, found.same = pairs.height + otherwise, shared - otherwise
    found.gone, found.new = left.height - pairs.height, right.height - pairs.height
    if pairs.height:
        _contents(sound, fresh, pairs, found)
    found.columns = dict(sorted(found.columns.items(), key=lambda one: (-one[1], one[0])))
    return found


def _differs(name: str, before: dict[str, Any], after: dict[str, Any]) -> bool:
    return name != "adaudit" and before.get(name) != after.get(name)


def _paired(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Versions of one record on either side, the first with the first."""
    nth = pl.col("content").rank("ordinal").over(KEY).alias("nth")
    return left.with_columns(nth).join(right.with_columns(nth), on=[*KEY, "nth"], how="inner", suffix="_again")


def _beside_content(sound: Sound, fresh: Observations, pull: str, found: Redone) -> int:
    """Of versions that say the same: how many differ in what is no content, such as their place or their form."""
    stored = sound.frame(pull, "records.parquet")
    assert stored is not None  # noqa: S101 - `compared` saw that the files are sound
    again = pl.scan_parquet(fresh.records([pull]))
    names = [name for name in COLUMNS if name in stored.collect_schema()]
    joined = stored.select(*VERSION, *names).join(
        again.select(*VERSION, *names), on=list(VERSION), how="inner", suffix="_again"
    )
    return _count(joined, names, found)


def _contents(sound: Sound, fresh: Observations, pairs: pl.DataFrame, found: Redone) -> None:
    """Of versions that say something else now: in how many each column differs."""
    stored = pl.concat(sound.records(), how="diagonal_relaxed")
    again = pl.concat([pl.scan_parquet(fresh.records(fresh.pulls())), stored], how="diagonal_relaxed")
    names = [name for name in COLUMNS if name in stored.collect_schema()]
    joined = (
        pairs.lazy()
        .join(stored.select(*VERSION, *names).unique(VERSION, keep="first"), on=list(VERSION), how="inner")
        .join(
            again.select(*VERSION, *names).unique(VERSION, keep="first"),
            left_on=[*KEY, "content_again"],
            right_on=list(VERSION),
            how="inner",
            suffix="_again",
        )
    )
    _count(joined, names, found)


def _count(joined: pl.LazyFrame, names: list[str], found: Redone) -> int:
    """Count in how many rows each column differs, and keep the first examples; how many rows differ at all."""
    differs = {name: pl.col(name).ne_missing(pl.col(f"{name}_again")) for name in names}
    marked = joined.with_columns(any=pl.any_horizontal(*differs.values()))
    totals = marked.select(pl.col("any").sum(), *(one.sum().alias(name) for name, one in differs.items()))
    counts = totals.collect(engine="streaming").row(0, named=True)
    for name in names:
        if counts[name]:
            found.columns[name] = found.columns.get(name, 0) + int(counts[name])
    if counts["any"] and len(found.examples) < EXAMPLES:
        rows = marked.filter("any").sort("record_id").head(EXAMPLES).collect(engine="streaming")
        found.examples += _examples(rows, names)
    return int(counts["any"] or 0)


def _examples(rows: pl.DataFrame, names: list[str]) -> list[Example]:
    return [
        Example(row["record_id"], name, _shown(row[name]), _shown(row[f"{name}_again"]))
        for row in rows.iter_rows(named=True)
        for name in names
        if row[name] != row[f"{name}_again"]
    ]


def _shown(value: object) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text[:LONGEST]
