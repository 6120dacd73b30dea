"""From the evidence of a pull to observations: the same reading as of files saved by hand, any number of times."""

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from adaudit import __version__
from adaudit.audit.intake import InputReport, Intake, read_all
from adaudit.audit.options import Options
from adaudit.collection.drift import drift
from adaudit.collection.kept import kept, now
from adaudit.connectors.listed import listing_of, scope_of
from adaudit.language import Wording
from adaudit.model.record import CLOCKS, CONTENT
from adaudit.store import Pull, Store
from adaudit.store.observations import NOT_CONTENT


def observe(store: Store, pull: Pull) -> Intake:
    """Read the answers of a pull, keep what they show, and fill in what the pull's description says of it.

    Raises StoreError where the disk is full; the evidence is kept all the same.
    """
    answers = kept(store, pull.id)
    with tempfile.TemporaryDirectory(prefix=".reading-", dir=store.folder) as folder:
        options = Options(source=pull.source if pull.how == "pull" else None)
        intake = read_all(answers, Path(folder), options, lambda *_: None)
        pull.records, pull.new = store.observations.write(pull.id, intake.scan(), _about(intake))
        pull.issues = drift(store, pull, intake, answers)
    files = store.observations.files(pull.id)
    pull.follow(store.manifest.add(entry="read", pull=pull.id, at=now(), adaudit=__version__, files=files))
    return intake


def _about(intake: Intake) -> dict[str, Any]:
    return {
        "adaudit": __version__,
        "seen": intake.records,
        "layouts": [
            {
                "source": one.source,
                "form": one.form,
                "carried": sorted(one.carried),
                "requested": None if one.requested is None else sorted(one.requested),
            }
            for one in intake.layouts.known
        ],
        "inputs": [_written(report) for report in intake.reports],
        "listings": _listings(intake),
        "filled": _filled(intake),
    }


def _listings(intake: Intake) -> list[dict[str, Any]]:
    """What the answers list, in their order: a file of a form that lists a whole scope by itself, others together."""
    frame = intake.scan().group_by("source", "form", "kind", "input_sha256")
    latest = pl.max_horizontal("delivered_from", "intended_from").max()
    files = frame.agg(pl.len(), latest.alias("latest"), pl.first("record_id"), pl.min("position"))
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    rows = files.sort("position").drop("position").collect(engine="streaming").iter_rows()
    for source, form, kind, sha256, count, start, record_id in rows:
        whole = listing_of(source, form) is not None
        file = {"source": source, "form": form, "kind": kind, "input_sha256": sha256 if whole else ""}
        scope = scope_of(source, form, start, record_id)
        one = found.setdefault(tuple(file.values()), file | {"scope": scope, "records": 0})
        one["records"] += count
    return list(found.values())


def _filled(intake: Intake) -> dict[str, list[str]]:
    """By form, the columns that any record fills."""
    columns = [name for name in (*CLOCKS, *CONTENT) if name not in NOT_CONTENT]
    rows = intake.scan().group_by("source", "form").agg(pl.col(columns).is_not_null().any()).collect(engine="streaming")
    return {f"{row['source']} {row['form']}": [one for one in columns if row[one]] for row in rows.to_dicts()}


def _written(report: InputReport) -> dict[str, Any]:
    return {
        **{name: getattr(report, name) for name in PLAIN},
        "rejected": [asdict(one) for one in report.rejected],
        "notices": [Wording.read(one).written() for one in report.notices],
    }


PLAIN = ("path", "sha256", "source", "form", "records", "new_fields", "scope_from", "outcome", "problem")
"""What of an input's report is written as it is."""
