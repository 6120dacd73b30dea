"""What a store has observed, as the intake of an audit: every version once, with when it was last seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
from adaudit.model.record import CONTENT, INSTANT, KEY, SCHEMA
from adaudit.store import Pull, Store
from adaudit.store.observations import NOT_CONTENT, VERSION

SAY: Final = texts_of("adaudit.collection")
SEEN: Final = {**dict.fromkeys(VERSION, pl.String()), "observed_at": INSTANT}
"""Of the lines of a listing, the columns that are read: which version was seen, and when."""


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
    looked: list[Looked] = []
    listings: list[_Listing] = []
    shown = {one.id for one in chosen}
    for pull in chosen + [one for one in pulls if one.id not in shown]:
        about = store.observations.about(pull.id)
        numbers = [intake.layouts.number(_layout(one)) for one in about["layouts"]]
        if pull.id in shown:
            reports = [_report(one) for one in about["inputs"]]
            looked += _looked(pull, reports)
            intake.reports += _with_end(pull, reports)
            sources = frozenset(one["source"] for one in about["layouts"])
            listings.append(_Listing(sources, store.observations.listing(pull.id)))
        layout = pl.lit(pl.Series(numbers, dtype=pl.UInt16)).gather("layout").alias("layout")
        frame = pl.scan_parquet(store.observations.records([pull.id])).select(*_filled(about), "position", "content")
        intake.stored.append(frame.with_columns(layout, pl.col("position") + intake.records))
        intake.records += about["seen"]
    intake.shown = _Shown(listings, all_of_them=len(chosen) == len(pulls))
    intake.repository = judged(looked)
    return intake


def _filled(about: dict[str, Any]) -> list[str]:
    """The columns of a record without those of the content that no record of a pull fills."""
    by_any = {name for names in about["filled"].values() for name in names}
    return [name for name in SCHEMA if name in by_any or name not in CONTENT or name in NOT_CONTENT]


@dataclass(frozen=True)
class _Listing:
    """What one pull showed of these sources."""

    sources: frozenset[str]
    lines: pl.LazyFrame


@dataclass(frozen=True)
class _Shown:
    """Leaves of all versions of some records those that listings showed, with when each was seen last.

    Listings are in the order of the versions: of each, the lines of these records alone are read.
    """

    listings: Sequence[_Listing]
    all_of_them: bool
    """Whether every version was shown."""

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        if not self.all_of_them:
            shown = self._lines(records).select(VERSION).unique().collect(engine="streaming")
            records = records.join(shown, on=VERSION, how="semi", maintain_order="left")
        several = records.filter(pl.struct(KEY).is_duplicated()).select(KEY).unique()
        if not several.is_empty():
            lines = self._lines(several).join(several.lazy(), on=KEY, how="semi")
            seen = lines.group_by(VERSION).agg(pl.max("observed_at").alias("seen")).collect(engine="streaming")
            records = records.join(seen, on=VERSION, how="left", maintain_order="left")
            records = records.with_columns(pl.coalesce("seen", "observed_at").alias("observed_at")).drop("seen")
        return records.drop("content")

    def _lines(self, records: pl.DataFrame) -> pl.LazyFrame:
        """The lines of all listings from the first of the records, sorted by their keys, to the last."""
        first, last = pl.min("record_id").alias("first"), pl.max("record_id").alias("last")
        bounds = records.group_by("source", "kind").agg(first, last)
        lines: list[pl.LazyFrame] = []
        for source, kind, least, most in bounds.iter_rows():
            between = pl.col("record_id").is_between(pl.lit(least), pl.lit(most))
            mine = (pl.col("source") == source) & (pl.col("kind") == kind) & between
            lines += [one.lines.filter(mine).select(*SEEN) for one in self.listings if source in one.sources]
        return pl.concat([pl.LazyFrame(schema=SEEN), *lines])


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
