"""From the evidence of a pull to observations: the same reading as of files saved by hand, any number of times."""

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from adaudit import __version__
from adaudit.audit.intake import InputReport, Intake, read_all
from adaudit.audit.options import Options
from adaudit.collection.drift import drift
from adaudit.collection.kept import kept, now
from adaudit.collection.listed import filled, listings
from adaudit.language import Wording
from adaudit.store import Pull, Store


def observe(store: Store, pull: Pull) -> Intake:
    """Read the answers of a pull, keep what they show, and fill in what the pull's description says of it.

    Raises StoreError where the disk is full; the evidence is kept all the same.
    """
    answers = kept(store, pull.id)
    with tempfile.TemporaryDirectory(prefix=".reading-", dir=store.folder) as folder:
        options = Options(source=pull.source or None)
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
        "listings": listings(intake),
        "filled": filled(intake),
    }


def _written(report: InputReport) -> dict[str, Any]:
    return {
        **{name: getattr(report, name) for name in PLAIN},
        "rejected": [asdict(one) for one in report.rejected],
        "notices": [Wording.read(one).written() for one in report.notices],
    }


PLAIN = ("path", "sha256", "source", "form", "records", "new_fields", "scope_from", "outcome", "problem")
"""What of an input's report is written as it is."""
