"""Records of any number from the sample's generator: made and parsed once, then repeated under new ids.

`sample-like` repeats the records as they are: each source fills its own columns only, with few
distinct values. `dense` keeps row, source, form and layout, and fills every flat column that a rule
reads (see `dense.py`). Both are written group by group and copy by copy, so memory does not grow.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl
from polars.io.plugins import register_io_source

from adaudit.audit.assemble import ROW_GROUP, Assembled, assemble
from adaudit.audit.intake import take_in
from adaudit.audit.layouts import Layouts
from adaudit.audit.options import Options
from adaudit.model.record import SCHEMA
from adaudit.sample import write_sample

Fill = Callable[[pl.DataFrame, int], pl.DataFrame]
"""(records of one group, seed) -> the same records with other values."""

SHARES: Final[Mapping[tuple[str, str], float]] = {
    ("google", "ad"): 0.33,
    ("google", "advertiser"): 0.01,
    ("meta", "ad"): 0.47,
    ("meta", "advertiser"): 0.01,
    ("politiekereclame_nl", "notice"): 0.05,
    ("snapchat", "ad"): 0.03,
    ("tiktok", "ad"): 0.10,
}
"""Shares of the groups where records are chosen so that an audit gives about ten findings a record."""


@dataclass(frozen=True)
class Generated:
    """`records.parquet` of the size asked for, in the order of an audit, with its layouts."""

    assembled: Assembled
    layouts: Layouts


@dataclass(frozen=True)
class Seed:
    """The sample's records by group, and its layouts."""

    groups: tuple[tuple[str, str, pl.DataFrame], ...]
    layouts: Layouts

    @property
    def total(self) -> int:
        """The number of records."""
        return sum(frame.height for *_, frame in self.groups)


def seed(scale: float = 10.0) -> Seed:
    """The sample at `scale`, parsed and assembled as an audit does."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        write_sample(work / "sample", scale=scale)
        (work / "parts").mkdir()
        options = Options(political=True)
        intake = take_in([work / "sample"], work / "parts", options, lambda *_: None)
        assembled = assemble(intake, work, options)
        records = pl.read_parquet(assembled.records)
        groups: list[tuple[str, str, pl.DataFrame]] = []
        offset = 0
        for source, kind, length in assembled.groups:
            groups.append((source, kind, records.slice(offset, length)))
            offset += length
        return Seed(tuple(groups), intake.layouts)


def sample_like(made: Seed, size: int, path: Path) -> Generated:
    """About `size` records: the seed's as they are, repeated in its own proportions."""
    copies = max(1, round(size / made.total))
    lengths = {(source, kind): copies * frame.height for source, kind, frame in made.groups}
    return _written(made, lengths, path, lambda frame, _: frame)


def dense(made: Seed, size: int, path: Path, fill: Fill) -> Generated:
    """About `size` records in the proportions of SHARES, filled by `fill`."""
    lengths = {(source, kind): round(size * SHARES.get((source, kind), 0.0)) for source, kind, _ in made.groups}
    return _written(made, lengths, path, fill)


def _written(made: Seed, lengths: Mapping[tuple[str, str], int], path: Path, fill: Fill) -> Generated:
    def parts(columns: list[str] | None, *_: object) -> Iterator[pl.DataFrame]:
        for source, kind, frame in made.groups:
            for part in _copies(frame, lengths[source, kind], fill):
                yield part.select(columns) if columns is not None else part

    register_io_source(parts, schema=dict(SCHEMA)).sink_parquet(path, row_group_size=ROW_GROUP, maintain_order=True)
    groups = tuple((source, kind, lengths[source, kind]) for source, kind, _ in made.groups if lengths[source, kind])
    return Generated(Assembled(path, sum(n for *_, n in groups), groups, 0, 0, {}), made.layouts)


def _copies(frame: pl.DataFrame, length: int, fill: Fill) -> Iterator[pl.DataFrame]:
    """The frame again and again up to `length` rows, each time under other ids that sort after the last."""
    for copy in range(-(-length // frame.height)):
        part = frame.head(length - copy * frame.height)
        ids = pl.format("{}-{}", pl.lit(f"{copy:05}"), "record_id").alias("record_id")
        yield fill(part.with_columns(ids), copy).select(*SCHEMA)
