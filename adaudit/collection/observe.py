"""From the evidence of a pull to observations: the same reading as of files saved by hand, any number of times."""

import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from adaudit import __version__
from adaudit.audit.intake import InputReport, Intake, SetAside, read_all
from adaudit.audit.layouts import Layout
from adaudit.audit.options import Options
from adaudit.collection.drift import drift
from adaudit.collection.kept import kept
from adaudit.language import Wording
from adaudit.model.record import SCHEMA
from adaudit.store import Pull, Store


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
    }


def _written(report: InputReport) -> dict[str, Any]:
    return {
        **{name: getattr(report, name) for name in PLAIN},
        "rejected": [asdict(one) for one in report.rejected],
        "notices": [Wording.read(one).written() for one in report.notices],
    }


PLAIN = ("path", "sha256", "source", "form", "records", "new_fields", "scope_from", "outcome", "problem")
"""What of an input's report is written as it is."""


def _report(written: dict[str, Any]) -> InputReport:
    return InputReport(
        **{name: written[name] for name in PLAIN},
        rejected=[SetAside(**one) for one in written["rejected"]],
        notices=[Wording.read(one) for one in written["notices"]],
    )


def take_stored(store: Store, pulls: Sequence[Pull], folder: Path) -> Intake:
    """What the store observed in these pulls, as the intake of an audit: every version that it knows, once."""
    intake = Intake(folder)
    for pull in pulls:
        if not store.observations.has(pull.id):
            continue
        about = store.observations.about(pull.id)
        numbers = [intake.layouts.number(_layout(one)) for one in about["layouts"]]
        intake.reports += [_report(one) for one in about["inputs"]]
        files = store.observations.records([pull.id])
        if files:
            layout = pl.col("layout").replace_strict(dict(enumerate(numbers)), return_dtype=pl.UInt16)
            frame = pl.scan_parquet(files).select(*SCHEMA, "position")
            intake.stored.append(frame.with_columns(layout, pl.col("position") + intake.records))
        intake.records += about["seen"]
    return intake


def _layout(written: dict[str, Any]) -> Layout:
    requested = written["requested"]
    return Layout(
        written["source"],
        written["form"],
        frozenset(written["carried"]),
        None if requested is None else frozenset(requested),
    )
