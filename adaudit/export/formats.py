"""`--format`: the frames of an audit beside their Parquet files, written in slices and bounded memory.

CSV is UTF-8 with a byte order mark, because spreadsheets take a CSV without one for Windows-1252
and turn names into rubbish; programs that read CSV skip the mark. JSON is one object a line
(`.ndjson`), so that a million records can be written and read without holding them. Exact amounts
are text in JSON, without trailing zeros; instants are UTC. A spreadsheet reads the numbers of a CSV by its
own country's marks, and makes `1.5` a day and a long id a power of ten: for spreadsheets there is `xlsx`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from adaudit.audit.tables import Table
from adaudit.errors import UsageError
from adaudit.language import DEFAULT, Language
from adaudit.model.record import MASKS
from adaudit.spreadsheet import check_workbooks, neutral

FORMATS: Final = ("parquet", "csv", "json", "xlsx")
MACHINE: Final = MASKS | {"layout"}
"""Columns that only the engine reads: they stand in the Parquet file alone."""
FRAMES: Final = ("findings", "records", "superseded")
ENDINGS: Final = (".csv", ".ndjson", ".xlsx")


@dataclass
class Exported:
    """Which files were written, and what there is to know of them: key and values of a text."""

    paths: list[Path] = field(default_factory=list)
    notices: list[tuple[str, dict[str, object]]] = field(default_factory=list)


def check_formats(formats: Sequence[str]) -> None:
    """Raises UsageError for an unknown format, or one whose extra is absent, before any work is done."""
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise UsageError(f"--format: {', '.join(unknown)} is none of {', '.join(FORMATS)}.")
    if "xlsx" in formats:
        check_workbooks("--format xlsx")


def amount_text(amount: pl.Expr) -> pl.Expr:
    """An exact decimal as text, without trailing zeros."""
    return amount.cast(pl.String).str.replace(r"\.?0+$", "")


def readable(name: str, dtype: pl.DataType) -> pl.Expr:
    """A column as a person reads it in one cell: entries apart by ` | `, their parts as `name=value`."""
    value = pl.col(name)
    if isinstance(dtype, pl.List):
        inner = dtype.inner
        entry = pl.element()
        if isinstance(inner, pl.Struct):
            parts = [
                pl.format("{}={}", pl.lit(one.name), entry.struct.field(one.name).cast(pl.String))
                for one in inner.fields
            ]
            entry = pl.concat_str(parts, separator=", ", ignore_nulls=True)
        return value.list.eval(entry.cast(pl.String)).list.join(" | ").alias(name)
    if isinstance(dtype, pl.Decimal):
        return amount_text(value).alias(name)
    if isinstance(dtype, pl.Datetime):
        return value.dt.strftime("%Y-%m-%dT%H:%M:%SZ").alias(name)
    return value


def shown_columns(schema: pl.Schema) -> dict[str, pl.DataType]:
    """The columns that a reader is given, with their dtypes."""
    return {name: dtype for name, dtype in schema.items() if name not in MACHINE}


def write_csv(frame: pl.LazyFrame, path: Path) -> Path:
    """Write the frame as CSV; text that a spreadsheet would run is neutralised. Whole amounts stay bare numbers."""
    columns = shown_columns(frame.collect_schema())
    cells = []
    for name, dtype in columns.items():
        cell = readable(name, dtype)
        hostile = dtype == pl.String or isinstance(dtype, pl.List)
        cells.append(neutral(cell).alias(name) if hostile else cell)
    frame.select(cells).sink_csv(path, include_bom=True, maintain_order=True)
    return path


def write_ndjson(frame: pl.LazyFrame, path: Path) -> Path:
    """Write the frame as JSON, one object a line, nested as it is; exact amounts as text."""
    cells = [
        readable(name, dtype) if isinstance(dtype, pl.Decimal | pl.Datetime) else pl.col(name)
        for name, dtype in shown_columns(frame.collect_schema()).items()
    ]
    frame.select(cells).sink_ndjson(path, maintain_order=True)
    return path


def frames_of(out: Path) -> Iterator[tuple[str, pl.LazyFrame]]:
    """The frames that lie in an audit's folder, by name."""
    for name in FRAMES:
        if (out / f"{name}.parquet").exists():
            yield name, pl.scan_parquet(out / f"{name}.parquet")


def export(
    out: Path,
    formats: Sequence[str],
    tables: Sequence[Table],
    advance: Callable[[str, int, int], None],
    language: Language = DEFAULT,
) -> Exported:
    """Write findings, records, older versions and tables in each of the formats; Parquet is there already.

    `out` is the folder of a finished audit; its tables are there as CSV. `language` is that of the
    sheet on how the workbook was made. Raises UsageError as `check_formats` does.
    """
    check_formats(formats)
    done = Exported()
    writers = {"csv": (".csv", write_csv), "json": (".ndjson", write_ndjson)}
    steps = [(one, name) for one in dict.fromkeys(formats) if one in writers for name, _ in frames_of(out)]
    for index, (one, name) in enumerate(steps):
        ending, write = writers[one]
        advance(f"writing {name}{ending}", index, len(steps))
        done.paths.append(write(pl.scan_parquet(out / f"{name}.parquet"), out / f"{name}{ending}"))
    if "json" in formats:
        for table in tables:
            (out / "tables").mkdir(exist_ok=True)
            done.paths.append(write_ndjson(table.frame.lazy(), out / "tables" / f"{table.dimension}.ndjson"))
    if "xlsx" in formats:
        from adaudit.export.workbook import write_workbooks

        write_workbooks(out, tables, done, advance, language)
    return done
