"""What the answers of a pull list, and which columns they fill: what two listings are compared by."""

from typing import Any, Final

import polars as pl

from adaudit.audit.intake import Intake
from adaudit.connectors.listed import listing_of, scope_of
from adaudit.model.record import CLOCKS, CONTENT
from adaudit.store.observations import NOT_CONTENT, marked

COLUMNS: Final = tuple(name for name in (*CLOCKS, *CONTENT) if name not in NOT_CONTENT)
HASHES: Final = ("input_sha256", "evidence_sha256")
"""Of the file as given, and of its member that holds the records."""


def listings(intake: Intake) -> list[dict[str, Any]]:
    """What the answers list, in their order: a file of a form that lists a whole scope by itself, others together."""
    frame = intake.scan().group_by("source", "form", "kind", "input_sha256", "evidence_sha256")
    latest = pl.max_horizontal("delivered_from", "intended_from").max()
    files = frame.agg(pl.len(), latest.alias("latest"), pl.first("record_id"), pl.min("position"))
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    rows = files.sort("position").drop("position").collect(engine="streaming").iter_rows()
    for source, form, kind, sha256, evidence, count, start, record_id in rows:
        whole = listing_of(source, form) is not None
        hashes = {"input_sha256": sha256, "evidence_sha256": evidence} if whole else dict.fromkeys(HASHES, "")
        file = {"source": source, "form": form, "kind": kind, **hashes}
        scope = scope_of(source, form, start, record_id)
        one = found.setdefault(tuple(file.values()), file | {"scope": scope, "records": 0})
        one["records"] += count
    return list(found.values())


class Filled:
    """Marks records as they are read, and remembers which columns those of each form fill."""

    def __init__(self) -> None:
        self._by_form: dict[tuple[str, str], set[str]] = {}

    def marking(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The records as a store marks them."""
        there = [name for name in COLUMNS if frame[name].null_count() < frame.height]
        rows = frame.group_by("source", "form", maintain_order=True).agg(pl.col(there).is_not_null().any())
        for source, form, *any_of in rows.iter_rows():
            found = self._by_form.setdefault((source, form), set())
            found.update(name for name, one in zip(there, any_of, strict=True) if one)
        return marked(frame)

    def as_written(self) -> dict[str, list[str]]:
        """By form, the columns that any record fills."""
        forms = self._by_form.items()
        return {f"{source} {form}": [one for one in COLUMNS if one in names] for (source, form), names in forms}
