"""Records of any number from the sample's generator: made and parsed once, then repeated under new ids."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from adaudit.audit.assemble import ROW_GROUP, Assembled, assemble
from adaudit.audit.intake import take_in
from adaudit.audit.layouts import Layouts
from adaudit.audit.options import Options
from adaudit.sample import write_sample


@dataclass(frozen=True)
class Generated:
    """`records.parquet` of the size asked for, in the order of an audit, with its layouts."""

    assembled: Assembled
    layouts: Layouts


def generate(folder: Path, size: int, *, scale: float = 10.0) -> Generated:
    """About `size` records in `folder`: the sample at `scale`, each record repeated under another id."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        write_sample(work / "sample", scale=scale)
        (work / "parts").mkdir()
        intake = take_in([work / "sample"], work / "parts", Options(political=True), lambda *_: None)
        seed = assemble(intake, work, Options(political=True))
        copies = max(1, round(size / seed.total))
        return Generated(_repeat(seed, copies, folder / f"records-{size}.parquet"), intake.layouts)


def _repeat(seed: Assembled, copies: int, path: Path) -> Assembled:
    scan = pl.scan_parquet(seed.records)
    runs: list[pl.LazyFrame] = []
    offset = 0
    for *_, length in seed.groups:
        run = scan.slice(offset, length)
        runs += [
            run.with_columns(pl.format("{}-{}", pl.lit(f"{copy:05}"), "record_id").alias("record_id"))
            for copy in range(copies)
        ]
        offset += length
    pl.concat(runs).sink_parquet(path, row_group_size=ROW_GROUP, maintain_order=True)
    groups = tuple((source, kind, length * copies) for source, kind, length in seed.groups)
    return Assembled(path, seed.total * copies, groups, 0, 0, {})
