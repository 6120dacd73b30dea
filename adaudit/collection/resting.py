"""Which records rest on a file of a store: how many, and the first of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from adaudit.collection.chain import Chain
from adaudit.store import Store

FIRST_IDS: Final = 5
"""Ids that are named."""
FILES: Final = ("about.json", "listing.parquet", "records.parquet")


@dataclass(frozen=True)
class Resting:
    """Records that rest on something: how many, None where that cannot be told, and the ids of the first."""

    records: int | None = None
    ids: tuple[str, ...] = ()


class Sound:
    """The files of observations whose bytes are those that the manifest tells of: only these are opened."""

    def __init__(self, store: Store) -> None:
        self.observations = store.observations
        self._paths: set[Path] = set()

    def add(self, path: Path) -> None:
        """Take a file for sound."""
        self._paths.add(path)

    def whole(self, pull: str) -> bool:
        """Whether all files of a pull's observations are sound."""
        return all(self.path(pull, name) in self._paths for name in FILES)

    def path(self, pull: str, name: str) -> Path:
        """Where a file of a pull's observations lies."""
        return self.observations.folder / pull / name

    def frame(self, pull: str, name: str) -> pl.LazyFrame | None:
        """The rows of a file; None where it is not sound."""
        path = self.path(pull, name)
        return pl.scan_parquet(path) if path in self._paths else None

    def records(self) -> list[pl.LazyFrame]:
        """The versions of records of all pulls, as far as their files are sound."""
        return [pl.scan_parquet(path) for path in sorted(self._paths) if path.name == "records.parquet"]

    def versions(self, pull: str) -> int:
        """How many versions of records a pull brought; 0 where that cannot be told."""
        frame = self.frame(pull, "records.parquet")
        return 0 if frame is None else int(frame.select(pl.len()).collect().item())


def resting(ids: Iterable[object], count: int | None = None) -> Resting:
    """These records, sorted; `count` where they are not all."""
    found = sorted({str(one) for one in ids})
    return Resting(len(found) if count is None else count, tuple(found[:FIRST_IDS]))


def of_pulls(sound: Sound, told: Chain, pulls: Sequence[str]) -> Resting:
    """The records that these pulls showed."""
    ids: list[str] = []
    known = [told.pulls[one].records for one in pulls if one in told.pulls]
    for pull in pulls:
        frame = sound.frame(pull, "listing.parquet")
        frame = sound.frame(pull, "records.parquet") if frame is None else frame
        if frame is not None and len(ids) < FIRST_IDS:
            ids += frame.select(pl.col("record_id").unique().sort().head(FIRST_IDS)).collect()["record_id"].to_list()
    counts = [one for one in known if one is not None]
    return Resting(sum(counts) if counts else None, tuple(ids[:FIRST_IDS]))


def of_bytes(sound: Sound, names: set[str]) -> dict[str, Resting]:
    """The versions of records that came from the bytes of each name."""
    if not names:
        return {}
    frames = [one.select("input_sha256", "record_id") for one in sound.records()]
    if not frames:
        return {}
    rows = pl.concat(frames).filter(pl.col("input_sha256").is_in(names)).group_by("input_sha256")
    first = pl.col("record_id").unique().sort().head(FIRST_IDS).implode()
    counted = rows.agg(pl.len(), first.alias("first")).collect(engine="streaming")
    return {name: Resting(count, tuple(ids)) for name, count, ids in counted.iter_rows()}
