"""What a store has observed, as the intake of an audit: every version once, with when it was last seen."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl

from adaudit.audit.intake import InputReport, Intake, SetAside
from adaudit.audit.layouts import Layout
from adaudit.audit.options import Options
from adaudit.audit.repository import Looked, Row, judged, of_files, of_pull
from adaudit.collection.observe import PLAIN
from adaudit.errors import UsageError
from adaudit.language import Wording, texts_of
from adaudit.model.record import SCHEMA
from adaudit.store import Pull, Store
from adaudit.store.observations import RECORD, VERSION

SAY: Final = texts_of("adaudit.collection")


def taking(store: Store, known_on: date | None = None) -> Callable[[Path, Options, Any], Intake]:
    """What an audit calls to take in what the store has observed, or had by the end of a day.

    Raises UsageError where that is nothing, and StoreError where observations are being replaced.
    """
    store.in_place()
    pulls = [one for one in store.pulls.all() if store.observations.has(one.id)]
    chosen = [one for one in pulls if known_on is None or one.known_by(known_on)]
    if not chosen:
        by_then = f" by {known_on}" if known_on else ""
        raise UsageError(f"{store.folder} has observed nothing{by_then}: name files, or pull or import first.")
    chosen.sort(key=lambda one: (one.observed_at or one.began, one.id))
    return lambda folder, _options, _progress: take_stored(store, pulls, chosen, folder)


def take_stored(store: Store, pulls: list[Pull], chosen: list[Pull], folder: Path) -> Intake:
    """The versions that the chosen ones of all pulls showed; one that another pull brought first stands there."""
    intake = Intake(folder)
    frames: list[pl.LazyFrame] = []
    looked: list[Looked] = []
    shown = {one.id for one in chosen}
    for pull in chosen + [one for one in pulls if one.id not in shown]:
        about = store.observations.about(pull.id)
        numbers = [intake.layouts.number(_layout(one)) for one in about["layouts"]]
        if pull.id in shown:
            reports = [_report(one) for one in about["inputs"]]
            looked += _looked(pull, reports)
            intake.reports += _with_end(pull, reports)
        layout = pl.col("layout").replace_strict(dict(enumerate(numbers)), return_dtype=pl.UInt16, default=None)
        frame = pl.scan_parquet(store.observations.records([pull.id])).select(*SCHEMA, "position", "content")
        frames.append(frame.with_columns(layout, pl.col("position") + intake.records))
        intake.records += about["seen"]
    records = pl.concat(frames)
    listings = pl.concat([store.observations.listing(one.id) for one in chosen])
    if len(chosen) < len(pulls):
        records = records.join(listings.select(VERSION).unique(), on=VERSION, how="semi")
    intake.stored.append(_last_seen(records, listings).drop("content"))
    intake.repository = judged(looked)
    return intake


def _last_seen(records: pl.LazyFrame, listings: pl.LazyFrame) -> pl.LazyFrame:
    """The records, those of several versions with when each version was seen last: the one shown now is the latest."""
    several = records.select(RECORD).group_by(RECORD).len().filter(pl.col("len") > 1).select(RECORD).collect()
    if several.is_empty():
        return records
    of_several = listings.join(several.lazy(), on=RECORD, how="semi")
    seen = of_several.group_by(VERSION).agg(pl.max("observed_at").alias("seen")).collect()
    joined = records.join(seen.lazy(), on=VERSION, how="left")
    return joined.with_columns(pl.coalesce("seen", "observed_at").alias("observed_at")).drop("seen")


def of_one(store: Store, pull: Pull) -> list[Row]:
    """What the rules on a source as a whole say of one pull or import, as far as it was read."""
    read = store.observations.has(pull.id)
    reports = [_report(one) for one in store.observations.about(pull.id)["inputs"]] if read else []
    return judged(_looked(pull, reports))


def _looked(pull: Pull, reports: list[InputReport]) -> list[Looked]:
    """A pull, or the files of an import, as the rules on a source as a whole look at them."""
    return [of_pull(pull, reports)] if pull.how == "pull" else of_files(reports, pull.source or None, pull)


def _with_end(pull: Pull, reports: list[InputReport]) -> list[InputReport]:
    """The reports of a pull's answers; how the pull ended is a notice where it did not bring everything."""
    if pull.outcome != "complete":
        notice = SAY.both("pull_ended", pull=pull.id, ended=ended(pull))
        if not reports:
            reports.append(InputReport(pull.id, "", source=pull.source, outcome="no rows"))
        reports[0].notices.append(notice)
    return reports


def ended(pull: Pull) -> Wording:
    """How a pull ended, and why."""
    return SAY.both("ended", outcome=SAY.both(f"outcome_{pull.outcome or 'unfinished'}"), why=pull.why)


def _report(written: dict[str, Any]) -> InputReport:
    return InputReport(
        **{name: written[name] for name in PLAIN},
        rejected=[SetAside(**one) for one in written["rejected"]],
        notices=[Wording.read(one) for one in written["notices"]],
    )


def _layout(written: dict[str, Any]) -> Layout:
    requested = written["requested"]
    return Layout(
        written["source"],
        written["form"],
        frozenset(written["carried"]),
        None if requested is None else frozenset(requested),
    )
