"""A strict pydantic model of the same flat columns, one row at a time: what per-row validation takes."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, create_model

from adaudit.model.record import SCHEMA
from adaudit.rules.consistency import CURRENCY

Row = dict[str, Any]
LISTS: Final = (pl.List, pl.Struct)
Unsigned = Annotated[int, Field(ge=0)]
Text = Annotated[str, Field(min_length=1)]
Money = Annotated[Decimal, Field(max_digits=38, decimal_places=4)]
TYPES: Final[dict[type[pl.DataType], object]] = {
    pl.String: Text,
    pl.Boolean: bool,
    pl.Date: date,
    pl.Datetime: datetime,
    pl.Decimal: Money,
    pl.Float64: float,
    pl.UInt16: Unsigned,
    pl.UInt32: Unsigned,
    pl.UInt64: Unsigned,
}
PATTERNS: Final = {"amount_currency": CURRENCY}


def model(columns: Sequence[str]) -> type[BaseModel]:
    """A model with one optional field per column, that refuses other types and other fields."""
    fields: dict[str, Any] = {}
    for name in columns:
        known = TYPES.get(type(SCHEMA[name]), int)
        fields[name] = (Annotated[known, Field()] | None, None)
    return create_model("Record", __config__=ConfigDict(strict=True, extra="forbid", frozen=True), **fields)


def rows(records: Path, columns: Sequence[str], number: int, total: int) -> list[Row]:
    """About `number` rows spread over the whole file, as dictionaries."""
    step = max(1, total // number)
    picked = pl.scan_parquet(records).select(columns).gather_every(step)
    return picked.collect(engine="streaming").to_dicts()


def validate(record: type[BaseModel], given: Sequence[Row]) -> None:
    """Validate every row into the model."""
    for row in given:
        record.model_validate(row)
