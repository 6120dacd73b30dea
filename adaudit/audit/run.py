"""One audit from paths to files: the main job."""

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from adaudit.audit.assemble import Assembled, assemble, check
from adaudit.audit.counts import Count
from adaudit.audit.facts import InForce
from adaudit.audit.findings import expand
from adaudit.audit.groups import Group
from adaudit.audit.intake import Intake, take_in
from adaudit.audit.judge import country_keys, judge
from adaudit.audit.options import Options
from adaudit.audit.spend import SponsorTotal, by_sponsor, totals, unnamed_by_report
from adaudit.audit.statements import SAY, Statement, state
from adaudit.audit.summary import summarise, write_summary
from adaudit.audit.tables import Table, table
from adaudit.errors import UsageError
from adaudit.evidence import holds_audit

Progress = Callable[[str, int, int], None]
"""(what is being done, how many steps are done, of how many)."""

WRITTEN = ("findings.parquet", "records.parquet", "verdicts.parquet", "summary.json")


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

    def reached(self, verdict: str) -> int:
        """How many checks have this verdict, those from before application left out."""
        return sum(one.verdicts[verdict] for one in self.counts if one.binding != "before")


def audit(arguments: Sequence[Path], out: Path, options: Options, progress: Progress) -> Audit:
    """Audit every file that the arguments name and write the results to `out`.

    Raises UsageError where a path does not exist or `out` holds something else than an audit.
    A file that cannot be read is named in the summary; everything else is done.
    """
    check(options)
    _prepare(out)
    with tempfile.TemporaryDirectory(prefix=".adaudit-", dir=out) as folder:
        intake = take_in(arguments, Path(folder), options, progress)
        progress(SAY.both("sorting"), 0, 3)
        assembled = assemble(intake, out, options)
    progress(SAY.both("judging"), 1, 3)
    judged = judge(assembled, intake.layouts, out, options)
    progress(SAY.both("writing"), 2, 3)
    expand(assembled.records, judged, out)
    keys = country_keys(assembled.records) if judged.groups else []
    spend = totals(assembled.records, keys)
    statements = state(
        judged.counts,
        intake.reports,
        unnamed_by_report(assembled.records, judged.verdicts, judged.groups),
        options.as_of,
    )
    summary = summarise(intake, assembled, judged, spend, statements, options)
    write_summary(summary, out)
    _write_rejected(intake, out)
    progress(SAY.both("done"), 3, 3)
    return Audit(out, intake, assembled, judged.groups, judged.counts, statements, summary, judged.law)


def _prepare(out: Path) -> None:
    """A new or emptied folder: files of an earlier audit go, anything else of the user's stays and stops us."""
    if out.exists() and not out.is_dir():
        raise UsageError(f"--out: {out} is a file, not a folder.")
    if out.is_dir() and any(out.iterdir()) and not holds_audit(out):
        raise UsageError(f"--out: {out} is not empty and holds no audit of before; choose another folder.")
    out.mkdir(parents=True, exist_ok=True)
    for name in (*WRITTEN, "superseded.parquet", "rejected.ndjson"):
        (out / name).unlink(missing_ok=True)
    for folder, endings in {"charts": (".png", ".svg"), "tables": (".csv",)}.items():
        for path in (out / folder).glob("*"):
            if path.suffix in endings:
                path.unlink()


def _write_rejected(intake: Intake, out: Path) -> None:
    """`rejected.ndjson`: every row that became no record, with its place and its text."""
    rows = [vars(row) for report in intake.reports for row in report.rejected]
    if rows:
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (out / "rejected.ndjson").write_text(text, encoding="utf-8")
