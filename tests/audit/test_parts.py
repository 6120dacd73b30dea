"""Parts hold only the columns in which a record has a value; what is read of them is whole all the same."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from adaudit.audit.intake import PLACED, Intake, write_part
from adaudit.model.record import SCHEMA, conform

KEYS = {"source", "kind", "record_id", "position"}


def records(first: int, **columns: Sequence[object]) -> pl.DataFrame:
    made = pl.DataFrame(columns, schema={name: SCHEMA[name] for name in columns})
    return conform(made).with_columns(pl.int_range(first, first + pl.len(), dtype=pl.UInt64).alias("position"))


def test_parts_with_different_columns_are_read_as_what_was_written(tmp_path: Path) -> None:
    parameters = [[{"dimension": "age", "value": "18+", "excluded": False}], None]
    written = [
        records(0, record_id=["1", "2"], sponsor_name=[None, "Lijst Warme Jas"], removed=[True, False]),
        records(2, record_id=["3", "4"], payer_name=["Getij", None], targeting_parameters=parameters),
    ]
    intake = Intake(tmp_path)
    for number, frame in enumerate(written):
        intake.parts.append(tmp_path / f"{number}.parquet")
        write_part(frame, intake.parts[-1])
    assert set(pl.read_parquet_schema(intake.parts[0])) == KEYS | {"sponsor_name", "removed"}
    assert set(pl.read_parquet_schema(intake.parts[1])) == KEYS | {"payer_name", "targeting_parameters"}
    for engine in ("in-memory", "streaming"):
        read = intake.scan().collect(engine=engine)
        assert read.schema == pl.Schema(PLACED)
        assert read.equals(pl.concat(written))


def test_a_column_that_no_part_holds_is_null(tmp_path: Path) -> None:
    intake = Intake(tmp_path)
    intake.parts.append(tmp_path / "0.parquet")
    write_part(records(0, record_id=["1"]), intake.parts[0])
    assert intake.scan().filter(pl.col("sponsor_name").is_null()).select("record_id").collect().rows() == [("1",)]
