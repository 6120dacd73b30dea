"""From paths to canonical records on disk: read, recognise, parse; what fails is named, the rest goes on."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Final

import polars as pl

from adaudit.audit.layouts import Layout, Layouts
from adaudit.audit.options import Options
from adaudit.audit.repository import of_inputs
from adaudit.connectors import (
    SPREADSHEET_ID,
    Companion,
    Parsed,
    Recognised,
    TablePage,
    parse_alike,
    parse_alike_tables,
    parse_in_parts,
    parse_page,
    recognise,
    sources,
)
from adaudit.errors import InputError, UsageError
from adaudit.evidence import Given, Page, UnreadableMembers, expand, pages
from adaudit.language import Wording, texts_of
from adaudit.model.ranges import filled
from adaudit.model.record import INSTANT, SCHEMA

SAY: Final = texts_of("adaudit.audit")
JSON_SAFE_INTEGER = 2**53
EXAMPLE = 300
MARK = 16
"""Characters of a file's hash that keep its destroyed identifiers apart from those of any other file."""
PART = 10_000
"""Records from which a part is written: ten thousand small files make a few parts."""
TOGETHER = 8 * 2**20
"""Bytes of pages that wait to be parsed together: memory holds some thirty times as much while they are."""

PLACED: Final = {**SCHEMA, "position": pl.UInt64()}
"""The columns of a record, and its place among all that were taken in."""
Beside = dict[PurePosixPath, dict[str, pl.DataFrame]]
"""Of one archive, by folder and form: the records from which other forms of the folder take what they leave out."""


@dataclass(frozen=True)
class SetAside:
    """A row that became no record: where it stands, why, and its bytes as text."""

    path: str
    place: str
    reason: str
    raw: str


@dataclass
class InputReport:
    """What became of one form in one input file; several where an archive holds several."""

    path: str
    sha256: str
    source: str | None = None
    form: str | None = None
    records: int = 0
    rejected: list[SetAside] = field(default_factory=list)
    new_fields: list[str] = field(default_factory=list)
    scope_from: str | None = None
    outcome: str = "read"
    problem: str | None = None
    notices: list[str] = field(default_factory=list)
    """What there is to know, each a wording in both languages or plain text."""

    def as_written(self) -> dict[str, object]:
        """The row of `inputs` in `summary.json`."""
        counts = Counter(one.reason for one in self.rejected)
        examples = {one.reason: one for one in reversed(self.rejected)}
        rejected = [
            {"reason": reason, "count": count, "example": f"{examples[reason].place}: {examples[reason].raw[:EXAMPLE]}"}
            for reason, count in sorted(counts.items())
        ]
        return {
            "path": self.path,
            "sha256": self.sha256,
            "source": self.source,
            "form": self.form,
            "records": self.records,
            "rejected": rejected,
            "new_fields": self.new_fields,
            "scope_from": self.scope_from,
            "outcome": self.outcome,
            "problem": self.problem,
            "notices": [Wording.read(one).written() for one in self.notices],
        }


@dataclass
class Waiting:
    """A page that waits for those read after it: as it was recognised, and parsed if that was done at once."""

    page: Page
    found: Recognised
    name: str
    report: InputReport
    observed_at: datetime | None = None
    parsed: Parsed | None = None
    long_ids: int = 0
    """Identifiers of more digits than JavaScript reads exactly."""


@dataclass
class Intake:
    """All inputs of an audit: reports in their order, layouts, and the parts that hold the records."""

    folder: Path
    marked: Callable[[pl.DataFrame], pl.DataFrame] = lambda records: records
    """What is done with the records of a part before it is written."""
    layouts: Layouts = field(default_factory=Layouts)
    reports: list[InputReport] = field(default_factory=list)
    parts: list[Path] = field(default_factory=list)
    records: int = 0
    stored: list[pl.LazyFrame] = field(default_factory=list)
    """Records that a store keeps already, in the place of parts; each frame with the columns that they fill."""
    shown: Callable[[pl.DataFrame], pl.DataFrame] = lambda records: records
    """Of a store: of all versions of some records, those that the listings showed, and when each was seen last."""
    passed_over: list[Wording] = field(default_factory=list)
    repository: list[dict[str, object]] = field(default_factory=list)
    """What the rules on a source as a whole say, in counts and in words."""
    beside: Beside = field(default_factory=dict)
    """Of the archive being read."""
    queue: list[Waiting] = field(default_factory=list)
    queued: int = 0
    """Bytes of the pages that wait."""
    _frames: list[pl.DataFrame] = field(default_factory=list)
    _written: int = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Keep the records of pages; those of many small pages are written together."""
        self._frames.append(frame)
        self.records += frame.height
        if self.records - self._written >= PART:
            self.write()

    def write(self) -> None:
        """Write the records that wait to be written."""
        if not self._frames:
            return
        part = self.folder / f"part-{len(self.parts):06}.parquet"
        write_part(self.marked(pl.concat(self._frames, rechunk=True)), part)
        self._frames.clear()
        self._written = self.records
        self.parts.append(part)

    def frames(self) -> list[pl.LazyFrame]:
        """The records with `position`, part by part; each frame has the columns that its records fill."""
        return [*map(pl.scan_parquet, self.parts), *self.stored] or [self.scan()]

    def scan(self) -> pl.LazyFrame:
        """The records of all parts, with `position`, as they were marked."""
        whole = self.marked(pl.DataFrame(schema=PLACED)).schema
        if not self.parts:
            return pl.LazyFrame(schema=whole)
        return pl.scan_parquet(self.parts, schema=whole, missing_columns="insert")

    @property
    def files(self) -> int:
        """How many files were read."""
        return len({report.path for report in self.reports})

    @property
    def failed(self) -> bool:
        """Whether a file could not be read or recognised, or rows were rejected (exit code 3)."""
        return any(report.problem or report.rejected for report in self.reports)


def write_part(records: pl.DataFrame, path: Path) -> None:
    """Write records into a part, without the columns in which none has a value: it is always read whole."""
    filled(records).write_parquet(path, compression="lz4", row_group_size=PART, statistics=False)


def take_in(
    arguments: Sequence[Path],
    folder: Path,
    options: Options,
    advance: Callable[[str, int, int], None],
) -> Intake:
    """Read every file that the arguments name into Parquet parts below `folder`.

    `advance(path, index, total)` is called before each file. Raises UsageError for a path that does not
    exist, and where there is no file at all; a file that cannot be read is reported and never stops the
    others.
    """
    inputs, passed_over = expand(arguments)
    if not inputs:
        raise UsageError(f"no file to audit in {', '.join(str(one) for one in arguments)}.")
    intake = read_all(inputs, folder, options, advance)
    intake.passed_over = passed_over
    intake.repository = of_inputs(intake.reports, options.source)
    return intake


def read_all(
    inputs: Sequence[Given],
    folder: Path,
    options: Options,
    advance: Callable[[str, int, int], None],
    marked: Callable[[pl.DataFrame], pl.DataFrame] = lambda records: records,
) -> Intake:
    """Read files or kept answers into Parquet parts below `folder`; what cannot be read is reported.

    The records of each part are written as `marked` gives them back.
    """
    intake = Intake(folder, marked)
    seen: dict[str, str] = {}
    for index, given in enumerate(inputs):
        advance(given.shown, index, len(inputs))
        _take_one(given, intake, options, seen)
    _settle(intake)
    intake.write()
    return intake


def _take_one(given: Given, intake: Intake, options: Options, seen: dict[str, str]) -> None:
    try:
        data, sha256 = given.read()
    except InputError as error:
        intake.reports.append(InputReport(given.shown, "", outcome="unreadable", problem=str(error)))
        return
    if sha256 in seen:
        notice = SAY.both("same_bytes", path=seen[sha256])
        intake.reports.append(InputReport(given.shown, sha256, outcome="repeated", notices=[notice]))
        return
    seen[sha256] = given.shown
    reports: list[InputReport] = []
    intake.beside = {}
    try:
        for page in pages(data):
            _take_page(page, given, sha256, intake, options, reports)
    except UnreadableMembers as error:
        reports += [InputReport(given.shown, sha256, outcome="unreadable", problem=str(one)) for one in error.each]
    counted = [one for one in reports if one.outcome != "companion" or len(reports) == 1]
    intake.reports += _gathered(counted or reports)


def _gathered(reports: list[InputReport]) -> list[InputReport]:
    """Members that hold no records of their own become one line per form."""
    kept: list[InputReport] = []
    aside: dict[tuple[str | None, str | None], InputReport] = {}
    for report in reports:
        key = (report.source, report.form)
        if report.outcome != "recognised, not counted":
            kept.append(report)
        elif key not in aside:
            aside[key] = report
            kept.append(report)
    return kept


def _take_page(
    page: Page, given: Given, sha256: str, intake: Intake, options: Options, reports: list[InputReport]
) -> None:
    report = InputReport(given.shown, sha256, notices=list(page.notices))
    reports.append(report)
    if page.tokens_removed:
        report.notices.append(SAY.of("tokens", page.tokens_removed))
    try:
        found = recognise(page.beginning, options.source)
        if isinstance(found, Companion):
            report.source, report.outcome = found.source, "recognised, not counted" if found.says else "companion"
            report.notices.append(SAY.both("stamp", says=found.says) if found.says else SAY.both("companion"))
            return
        report.source, report.form = found.source, found.form
        waiting = Waiting(page, found, page.file or given.name, report, given.observed_at)
        parts = parse_in_parts(page.beginning, page.pieces, found, waiting.name)
        if parts is not None:
            _take_parts(parts, waiting, intake)
            return
        waiting.page = page = page.whole()
        if not _may_wait(found):
            known = intake.beside.setdefault(PurePosixPath(page.member).parent, {}) if page.member else {}
            waiting.parsed = parse_page(page.data, found, waiting.name, known)
            if _stands_beside(found):
                known[found.form] = waiting.parsed.frame
    except InputError as error:
        _refuse(report, page, error)
        return
    if found.description.kind == "none" and waiting.parsed is not None:
        _tell(waiting.parsed, waiting)
        return
    intake.queue.append(waiting)
    intake.queued += len(page.data)
    if intake.queued >= TOGETHER:
        _settle(intake)


def _take_parts(parts: Iterator[Parsed], waiting: Waiting, intake: Intake) -> None:
    """Keep the records of a large page part by part, after those of all pages that wait."""
    _settle(intake)
    for parsed in parts:
        _tell_part(parsed, waiting)
        _keep([(waiting, parsed)], intake)
    _tell_end(waiting)


def _may_wait(found: Recognised) -> bool:
    """Whether the page can be parsed together with those read after it: one that tells and asks nothing of others."""
    return found.description.kind != "none" and not found.description.beside and not _stands_beside(found)


def _stands_beside(found: Recognised) -> bool:
    """Whether other forms of the same archive take from this one what they leave out."""
    return any(found.form in form.beside for form in sources()[found.source].form.values())


def _refuse(report: InputReport, page: Page, error: InputError) -> None:
    place = f"{page.member}: " if page.member else ""
    report.outcome, report.problem = type(error).__name__, f"{place}{error}"


def _settle(intake: Intake) -> None:
    """Parse the pages that wait and keep the records of all in their order."""
    unread = [one for one in intake.queue if one.parsed is None]
    alike = parse_alike([one.found for one in unread])
    tables = parse_alike_tables([TablePage(one.page.data, one.found, one.name) for one in unread])
    for one, parsed, table in zip(unread, alike, tables, strict=True):
        try:
            one.parsed = parsed or table or parse_page(one.page.data, one.found, one.name)
        except InputError as error:
            _refuse(one.report, one.page, error)
    read = [(one, one.parsed) for one in intake.queue if one.parsed is not None]
    intake.queue.clear()
    intake.queued = 0
    for one, parsed in read:
        _tell(parsed, one)
    _keep(read, intake)


def _tell(parsed: Parsed, waiting: Waiting) -> None:
    """Report what became of the page."""
    _tell_part(parsed, waiting)
    _tell_end(waiting)


def _tell_part(parsed: Parsed, waiting: Waiting) -> None:
    """Report what became of a part of the page, which may be all of it."""
    report, page = waiting.report, waiting.page
    report.records += parsed.frame.height
    report.new_fields = list(parsed.new_fields)
    report.scope_from = parsed.scope_from
    report.notices += parsed.notices
    report.rejected += [SetAside(report.path, page.locate(one.place), one.reason, one.raw) for one in parsed.rejected]
    waiting.long_ids += int((parsed.frame["ad_id"].cast(pl.Int128, strict=False) > JSON_SAFE_INTEGER).sum())


def _tell_end(waiting: Waiting) -> None:
    """Report what is to be said of the page as a whole."""
    report, found = waiting.report, waiting.found
    if found.description.kind == "none":
        report.outcome = "recognised, not counted"
        report.notices.append(found.description.note)
        return
    if not report.records:
        report.outcome = "no rows"
        report.notices.append(SAY.both("no_rows"))
        return
    if report.new_fields:
        report.notices.append(SAY.both("new_fields", names=", ".join(report.new_fields)))
    if waiting.long_ids:
        report.notices.append(SAY.of("long_ids", waiting.long_ids))


def _keep(read: Sequence[tuple[Waiting, Parsed]], intake: Intake) -> None:
    """Keep the records of the pages with what leads back to the bytes, their layouts and their position among all."""
    filled: list[tuple[Waiting, Parsed]] = []
    layouts: list[int] = []
    first: list[int] = []
    for one, parsed in read:
        carried = parsed.layouts if parsed.frame.height else (frozenset[str](),)
        numbers = [
            intake.layouts.number(Layout(one.found.source, one.found.form, fields, parsed.requested))
            for fields in carried
        ]
        if parsed.frame.height:
            filled.append((one, parsed))
            first.append(len(layouts))
            layouts += numbers
    if filled:
        intake.add(_placed(filled, pl.Series(first, dtype=pl.UInt32), pl.Series(layouts, dtype=pl.UInt16), intake))


def _placed(
    filled: Sequence[tuple[Waiting, Parsed]], first: pl.Series, layouts: pl.Series, intake: Intake
) -> pl.DataFrame:
    """The records of all pages; `layouts` holds the numbers of each page's layouts, from `first` on."""
    frame = pl.concat([parsed.frame for _, parsed in filled])
    heights = pl.Series([parsed.frame.height for _, parsed in filled], dtype=pl.UInt32)
    page = pl.select(pl.int_range(len(heights), dtype=pl.UInt32).repeat_by(pl.lit(heights)).explode()).to_series()
    texts = pl.DataFrame(
        {
            "input_sha256": [one.report.sha256 for one, _ in filled],
            "evidence_sha256": [one.page.evidence_sha256 for one, _ in filled],
            "member": [f"{one.page.member}!" if one.page.member else "" for one, _ in filled],
            "seen": pl.Series([one.observed_at for one, _ in filled], dtype=INSTANT),
        }
    )[page]
    frame = frame.with_columns(
        layouts[(first[page] + frame["layout"])].alias("layout"),
        texts["input_sha256"],
        texts["evidence_sha256"],
        pl.concat_str(texts["member"], "locator").alias("locator"),
        pl.col("observed_at").fill_null(texts["seen"]),
        pl.int_range(intake.records, intake.records + pl.len(), dtype=pl.UInt64).alias("position"),
    )
    return frame.with_columns(_own_id().alias("record_id"))


def _own_id() -> pl.Expr:
    """The record's id; of one that a spreadsheet has destroyed, the place in the bytes joins it.

    `1.70585E+15` may be any of ten thousand million ads: two of them are never versions of one.
    """
    apart = pl.format("{}|{} of {}", "record_id", "locator", pl.col("evidence_sha256").str.head(MARK))
    return pl.when(pl.col("record_id").str.contains(SPREADSHEET_ID)).then(apart).otherwise("record_id")
