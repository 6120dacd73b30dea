"""One audit as a person sees it: done, written in every form asked for, shown, and ended with its exit code."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from adaudit.cli.asked import stop
from adaudit.cli.lang import SAY
from adaudit.errors import AdauditError
from adaudit.language import DEFAULT, Language, number

if TYPE_CHECKING:
    from adaudit.audit.checklist import Checklists
    from adaudit.audit.options import Options
    from adaudit.audit.run import Audit, Taking
    from adaudit.audit.tables import Table
    from adaudit.charts import Drawn
    from adaudit.cli.person import Handed


@dataclass(frozen=True)
class Wanted:
    """What is to be written and shown beside the results that every audit has."""

    by: tuple[str, ...]
    charts: tuple[str, ...]
    report: bool = True
    formats: tuple[str, ...] = ()
    fail_on: tuple[tuple[str, int], ...] = ()
    as_json: bool = False
    lang: Language = DEFAULT


@dataclass(frozen=True)
class _Written:
    audit: "Audit"
    tables: "list[Table]"
    handed: "Handed"
    drawn: "list[Drawn]"
    checklists: "Checklists"


def perform(paths: "Sequence[Path] | Taking", out: Path, options: "Options", wanted: Wanted) -> int:
    """Run one audit, write its tables, charts and report, print the result, and return the exit code."""
    try:
        written = _write(paths, out, options, wanted)
    except AdauditError as error:
        stop(error)
    _show(written, wanted)
    met = _met(written.audit, wanted)
    if met:
        click.echo(SAY.say("fail_on_met", wanted.lang, met=", ".join(met)), err=True)
    return 3 if written.audit.failed else 1 if met else 0


def _write(paths: "Sequence[Path] | Taking", out: Path, options: "Options", wanted: Wanted) -> _Written:
    from adaudit.audit.run import audit, writing
    from adaudit.cli.checklist import write_checklists
    from adaudit.cli.person import hand_over
    from adaudit.cli.progress import progress_bar
    from adaudit.cli.written import draw_charts, draw_report, write_tables
    from adaudit.export.formats import check_formats

    check_formats(wanted.formats)
    with progress_bar(wanted.lang) as progress:
        done = audit(paths, out, options, progress)
        with writing(out):
            tables = write_tables(done, wanted.by)
            lists = write_checklists(done.out, wanted.lang)
            handed = hand_over(done, tables, wanted.formats, options, progress, wanted.lang)
            drawn = draw_charts(done, progress, wanted.charts, wanted.lang)
            if wanted.report:
                draw_report(done, progress, wanted.lang)
    return _Written(done, tables, handed, drawn, lists)


def _show(written: _Written, wanted: Wanted) -> None:
    from adaudit.cli.checklist import show_checklists
    from adaudit.cli.console import err_console, out_console, show_audit, show_notices
    from adaudit.cli.person import show_handed, show_person_notices

    done, lang = written.audit, wanted.lang
    show_notices(done, err_console(), lang)
    show_person_notices(done, written.handed, err_console(), lang)
    if wanted.as_json:
        click.echo((done.out / "summary.json").read_text("utf-8"), nl=False)
        return
    if written.checklists.notices == done.assembled.total:
        show_checklists(written.checklists, out_console(), lang)
    pictures = [path for one in written.drawn for path in one.paths if path.suffix == ".png"]
    show_audit(done, written.tables, pictures, out_console(), lang)
    for one in written.drawn:
        if one.skipped:
            click.echo(f"  {SAY.say('not_drawn', lang, name=one.name, reason=one.skipped)}")
    show_handed(done, written.handed, out_console(), lang)


def _met(done: "Audit", wanted: Wanted) -> list[str]:
    """The verdicts of `--fail-on` that were reached, with how often."""
    reached = {verdict: done.reached(verdict) for verdict, _ in wanted.fail_on}
    return [
        f"{verdict} {number(reached[verdict], wanted.lang)}"
        for verdict, least in wanted.fail_on
        if reached[verdict] >= least
    ]
