"""From the evidence of a pull to observations: the same reading as of files saved by hand, any number of times."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from adaudit import __version__
from adaudit.audit.intake import InputReport, Intake, read_all
from adaudit.audit.options import Options
from adaudit.collection.drift import drift
from adaudit.collection.kept import Kept, kept, now
from adaudit.collection.listed import Filled, listings
from adaudit.collection.room import room
from adaudit.evidence.manifest import in_data
from adaudit.language import Wording
from adaudit.store import Observations, Pull, Store


def observe(store: Store, pull: Pull) -> Intake:
    """Read the answers of a pull, keep what they show, and fill in what the pull's description says of it.

    Raises StoreError where the disk is full; the evidence is kept all the same.
    """
    answers = kept(store, pull.id)
    with room(store.folder) as folder:
        intake, filled = read(answers, pull.source, folder)
        with store.rebuilding() as fresh:
            fact = made(store, pull, (intake, filled), answers, fresh, store.observations)
            [line] = store.replace(fresh, [fact])
    pull.follow(line)
    return intake


def read(answers: Sequence[Kept], source: str, folder: Path) -> tuple[Intake, Filled]:
    """The records of kept answers as a store marks them, in parts below `folder`, and the columns that they fill."""
    filled = Filled()
    options = Options(source=source or None)
    return read_all(answers, folder, options, lambda *_: None, filled.marking), filled


def made(
    store: Store,
    pull: Pull,
    found: tuple[Intake, Filled],
    answers: Sequence[Kept],
    fresh: Observations,
    beside: Observations | None,
) -> dict[str, object]:
    """Write what was read as new observations of the pull; the fact of it for the manifest.

    New is what no earlier pull brought, among the new observations or those `beside`.
    """
    intake, filled = found
    pull.records, pull.new = fresh.write(pull.id, intake.scan(), about(intake, filled), beside)
    pull.issues = drift(store, pull, intake, answers, beside or fresh)
    fact = {"entry": "read", "pull": pull.id, "at": now(), "adaudit": __version__, "files": fresh.files(pull.id)}
    return {**fact, "records": pull.records, "new": pull.new, "issues": [in_data(one) for one in pull.issues]}


def about(intake: Intake, filled: Filled) -> dict[str, Any]:
    """What an audit needs to know of what was read, beside the records."""
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
        "filled": filled.as_written(),
    }


def _written(report: InputReport) -> dict[str, Any]:
    return {
        **{name: getattr(report, name) for name in PLAIN},
        "rejected": [asdict(one) for one in report.rejected],
        "notices": [Wording.read(one).written() for one in report.notices],
    }


PLAIN = ("path", "sha256", "source", "form", "records", "new_fields", "scope_from", "outcome", "problem")
"""What of an input's report is written as it is."""
