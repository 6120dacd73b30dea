"""What each rule says, by example: records with their verdict, as the tests judge them with the engine.

`examples.json` is made of the cases of the tests (`python -m tests.rules` writes it) and a test holds it equal
to them, so that no page and no reader is shown a verdict that the engine does not give. All of it is fictional.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any, Final, Literal

import polars as pl

from adaudit.model.record import SCHEMA

Record = Mapping[str, object]
"""Columns of a record with their values, and `unreadable`: a table of columns whose text does not parse."""
UNREADABLE: Final = "unreadable"
Group = Literal["passing", "failing", "not_applicable", "unknown"]
GROUPS: Final[tuple[Group, ...]] = ("passing", "failing", "not_applicable", "unknown")
PASSING: Final = "ok"


@dataclass(frozen=True)
class Example:
    """A record of one kind and the verdict on it; what `given` does not say is as in `baseline`."""

    kind: str
    given: Record
    verdict: str
    reason: str
    best: bool = False
    """Whether the rule can say nothing better: `ok`, or `partial` for a label that nobody saw."""
    in_export: bool = True
    """Whether the file carries a field for what the rule asks."""

    @property
    def group(self) -> Group:
        """Where the example stands: what is best passes, what stops the rule is named after its verdict."""
        if self.verdict in {"not_applicable", "unknown"}:
            return "not_applicable" if self.verdict == "not_applicable" else "unknown"
        return "passing" if self.best or self.verdict == PASSING else "failing"


def _typed(value: object, dtype: pl.DataType) -> object:
    """The value as the column's type: JSON writes days and instants as text."""
    if isinstance(value, str) and dtype == pl.Date:
        return date.fromisoformat(value)
    if isinstance(value, str) and isinstance(dtype, pl.Datetime):
        return datetime.fromisoformat(value)
    if isinstance(value, list) and isinstance(dtype, pl.List):
        return [_typed(one, dtype.inner) for one in value]  # type: ignore[arg-type]
    if isinstance(value, dict) and isinstance(dtype, pl.Struct):
        inner = {field.name: field.dtype for field in dtype.fields}
        return {name: _typed(one, inner[name]) for name, one in value.items()}  # type: ignore[arg-type]
    return value


def _record(given: Mapping[str, Any]) -> Record:
    """Raises KeyError for what is no column of the record."""
    return {name: value if name == UNREADABLE else _typed(value, SCHEMA[name]) for name, value in given.items()}


@cache
def _file() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(resources.files("adaudit.rules").joinpath("examples.json").read_text("utf-8"))
    return found


@cache
def examples() -> dict[str, tuple[Example, ...]]:
    """The examples of every rule, by its id: the best first, then what fails, then where the rule stops."""
    return {
        rule: tuple(Example(**{**one, "given": _record(one["given"])}) for one in given)
        for rule, given in _file()["examples"].items()
    }


@cache
def baseline() -> dict[str, Record]:
    """What a record of each kind says in the examples unless they say otherwise."""
    return {kind: _record(given) for kind, given in _file()["baseline"].items()}
