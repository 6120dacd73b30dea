"""One audit from paths to files: the main job."""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import polars as pl

from adaudit.audit.assemble import Assembled, assemble, check
from adaudit.audit.counts import Count
from adaudit.audit.decisions import Decided, Decisions, read_decisions, settle, winners, write_decisions
from adaudit.audit.disk import of_disk
from adaudit.audit.facts import InForce
from adaudit.audit.filled import BadRow
from adaudit.audit.findings import expand
from adaudit.audit.groups import Group
from adaudit.audit.intake import Intake, take_in
from adaudit.audit.judge import Judged, country_keys, judge
from adaudit.audit.options import Options
from adaudit.audit.persons import (
    Redaction,
    find_persons,
    organisations,
    redact_decisions,
    redact_findings,
    redact_intake,
    redact_records,
)
from adaudit.audit.repository import count_of
from adaudit.audit.series import MonthCount, concerned, monthly
from adaudit.audit.spend import SponsorTotal, by_sponsor, totals, unnamed_by_report
from adaudit.audit.statements import SAY, Statement, state
from adaudit.audit.summary import summarise, write_summary
from adaudit.audit.tables import Table, table
from adaudit.audit.targeting import Targeting, targeting
from adaudit.audit.undeclared import unsold
from adaudit.errors import OutputError, UsageError
from adaudit.evidence import holds_audit

Progress = Callable[[str, int, int], None]
"""(what is being done, how many steps are done, of how many)."""

Taking = Callable[[Path, Options, Progress], Intake]
"""Takes in records from elsewhere than files, such as a store."""

WRITTEN = ("findings.parquet", "records.parquet", "verdicts.parquet", "summary.json")
ON_REQUEST = (
    *(f"{name}{ending}" for name in ("findings", "records", "superseded") for ending in (".csv", ".ndjson", ".xlsx")),
    *("superseded.parquet", "rejected.ndjson", "report.html", "checklists.txt"),
)
"""What an audit writes where it was asked to or has reason to; a second one into the folder removes it first."""
FILLED_BY_PERSONS = ("decisions.csv", "sample.csv", "sample.xlsx")


@dataclass(frozen=True)
class Audit:
    """A finished audit: where its files lie, and what was counted."""

    out: Path
    intake: Intake
    assembled: Assembled
    groups: list[Group]
    counts: list[Count]
    statements: list[Statement]
    summary: dict[str, object]
    law: InForce
    decided: Decided = field(default_factory=Decided)
    redaction: Redaction | None = None

    @property
    def failed(self) -> bool:
        """Whether an input could not be read, or rows of it or of the decisions were rejected (exit code 3)."""
        return self.intake.failed or bool(self.decided.bad)

    @property
    def verdicts(self) -> Path:
        """The verdict file."""
        return self.out / "verdicts.parquet"

    def table_by(self, dimension: str) -> Table:
        """The table by source, sponsor, country, month or election."""
        return table(dimension, self.assembled.records, self.verdicts, self.groups, self.law.votes)

    def sponsors(self) -> list[SponsorTotal]:
        """Amounts by sponsor or advertiser, for charts."""
        keys = country_keys(self.assembled.records) if self.groups else []
        return by_sponsor(self.assembled.records, keys)

    def months(self) -> list[MonthCount]:
        """What is disclosed of sponsor, spend and targeting by month, for charts."""
        return monthly(self.assembled.records, self.verdicts, self.groups)

    def concerned(self) -> dict[tuple[str, str, str], list[str]]:
        """The Member States that each source, form and kind concerns, for charts."""
        return concerned(self.assembled.records, self.groups)

    def targeting(self) -> list[Targeting]:
        """How the sources show that ads were targeted, for charts."""
        keys = country_keys(self.assembled.records) if self.groups else []
        return targeting(self.assembled.records, self.groups, keys)

    def reached(self, verdict: str) -> int:
        """How many checks have this verdict, of records and of sources as a whole.

        Those from before application and those dismissed are left out.
        """
        found = sum(one.verdicts[verdict] for one in self.counts if one.binding != "before")
        found += count_of(self.intake.repository, {verdict})
        return found - sum(
            number
            for (one, binding), number in self.decided.dismissed.items()
            if one == verdict and binding != "before"
        )


def audit(arguments: Sequence[Path] | Taking, out: Path, options: Options, progress: Progress) -> Audit:
    """Audit every file that the arguments name, or what they take in themselves, and write the results to `out`.

    Raises UsageError where a path does not exist, or `out` cannot be written to or holds something else
    than an audit, and OutputError where the disk is full.
    A file that cannot be read is named in the summary; everything else is done.
    """
    check(options)
    decisions = read_decisions(options.decisions) if options.decisions else None
    known = organisations(options)
    _prepare(out, decisions)
    with writing(out):
        return _audited(arguments, out, options, decisions, known, progress)


def _audited(
    arguments: Sequence[Path] | Taking,
    out: Path,
    options: Options,
    decisions: Decisions | None,
    known: Sequence[str],
    progress: Progress,
) -> Audit:
    with tempfile.TemporaryDirectory(prefix=".adaudit-", dir=out) as folder:
        take = arguments if callable(arguments) else partial(take_in, arguments)
        intake = take(Path(folder), options, progress)
        progress(SAY.both("sorting"), 0, 3)
        kept = Path(folder) if options.redact_persons else out
        assembled = assemble(intake, kept, options)
        progress(SAY.both("judging"), 1, 3)
        judged = judge(assembled, intake.layouts, out, options)
        progress(SAY.both("writing"), 2, 3)
        seen = expand(assembled.records, judged, kept, None if decisions is None else winners(decisions))
        decided = settle(decisions, seen)
        redaction = None
        if options.redact_persons:
            assembled, redaction = _without_persons(intake, assembled, judged, decided, known, out)
    if decided.rows is not None:
        write_decisions(decided.rows, out)
    keys = country_keys(assembled.records) if judged.groups else []
    spend = totals(assembled.records, keys)
    unnamed = unnamed_by_report(assembled.records, judged.verdicts, judged.groups)
    undeclared = unsold(assembled.records, judged.verdicts, judged.groups, options.as_of)
    statements = state(judged.counts, intake.reports, unnamed, options.as_of, undeclared)
    summary = summarise(intake, assembled, judged, spend, statements, options)
    summary |= {"undeclared": [one.as_written() for one in undeclared]}
    summary |= {"decisions": decided.written, "redaction": redaction.as_written() if redaction else None}
    write_summary(summary, out)
    _write_rejected(intake, out)
    progress(SAY.both("done"), 3, 3)
    return Audit(
        out,
        intake,
        assembled,
        judged.groups,
        judged.counts,
        statements,
        summary,
        judged.law,
        decided,
        redaction,
    )


def _without_persons(
    intake: Intake, assembled: Assembled, judged: Judged, decided: Decided, known: Sequence[str], out: Path
) -> tuple[Assembled, Redaction]:
    """Records, findings, decisions and reports without persons; the verdicts are those of the records as seen."""
    older = assembled.records.with_name("superseded.parquet")
    persons = find_persons([assembled.records, *([older] if older.exists() else [])], known)
    redacted, counts = redact_records(assembled, persons, out)
    written = expand(redacted.records, judged, out)
    redact_findings(assembled.records.with_name("findings.parquet"), written, persons)
    if decided.rows is not None:
        decided.rows = redact_decisions(decided.rows, persons)
        decided.bad = tuple(BadRow(one.place, persons.in_text(one.reason)) for one in decided.bad)
        decided.written["rejected"] = [vars(one) for one in decided.bad]
    withheld = redact_intake(intake, persons)
    return redacted, Redaction(len(persons.pseudonyms), counts, withheld)


def _prepare(out: Path, decisions: Decisions | None) -> None:
    """A new or emptied folder: files of an earlier audit go, anything else of the user's stays and stops us.

    Decisions are written before anything goes, so that none is lost with the file that they came from.
    """
    if out.exists() and not out.is_dir():
        raise UsageError(f"--out: {out} is a file, not a folder.")
    if out.is_dir() and any(out.iterdir()) and not holds_audit(out):
        raise UsageError(f"--out: {out} is not empty and holds no audit of before; choose another folder.")
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
        _spare_filled(out, decisions)
        if decisions is not None:
            write_decisions(decisions.carried(), out)
        _clear(out)
    except OSError as error:
        raise UsageError(
            f"--out: {out} cannot be written to ({error.strerror or error}); choose another folder."
        ) from error


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """Turns a disk that is full or gone into OutputError, and takes away what was written in part."""
    try:
        yield
    except (OSError, pl.exceptions.PolarsError) as error:
        reason = of_disk(error)
        if reason is None:
            raise
        with suppress(OSError):
            _clear(out)
        raise OutputError(
            f"the results could not be written to {out} ({reason}); make room or choose another --out. "
            "Nothing of this audit was kept."
        ) from error


def _clear(out: Path) -> None:
    """Take away the files of an audit, and nothing else."""
    for name in (*WRITTEN, *ON_REQUEST):
        (out / name).unlink(missing_ok=True)
    for folder, endings in {"charts": (".png", ".svg", ".csv", ".json"), "tables": (".csv", ".ndjson")}.items():
        for path in (out / folder).glob("*"):
            if path.suffix in endings:
                path.unlink()


def _spare_filled(out: Path, decisions: Decisions | None) -> None:
    """What a person may have filled is never written over. Raises UsageError."""
    for name in FILLED_BY_PERSONS:
        path = out / name
        if not path.exists():
            continue
        if decisions is None or hashlib.sha256(path.read_bytes()).hexdigest() != decisions.sha256:
            way = f"give it with --decisions {path}, or " if name == "decisions.csv" else ""
            raise UsageError(
                f"--out: {path} may hold the work of a person and is not written over: "
                f"{way}move it or choose another folder."
            )


def _write_rejected(intake: Intake, out: Path) -> None:
    """`rejected.ndjson`: every row that became no record, with its place and its text."""
    rows = [vars(row) for report in intake.reports for row in report.rejected]
    if rows:
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (out / "rejected.ndjson").write_text(text, encoding="utf-8")
