"""`adaudit audit`: files and folders in; verdicts, figures and charts out."""

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import click

from adaudit.audit.options import DIMENSIONS
from adaudit.cli.lang import SAY, lang_option
from adaudit.errors import AdauditError, UsageError
from adaudit.language import DEFAULT, Language, number
from adaudit.model.vocabulary import VERDICTS

CONNECTORS: Final = Path(__file__).parent.parent / "connectors"
SOURCES: Final = sorted(path.parent.name for path in CONNECTORS.glob("*/source.toml"))


class Day(click.ParamType[date]):
    """A calendar day written as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day; a usage error for anything else."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day written as YYYY-MM-DD", param, ctx)


class CountryCode(click.ParamType[str]):
    """An ISO 3166-1 alpha-2 code."""

    name = "country"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The code in capitals; a usage error for an unknown one."""
        from adaudit.model.countries import codes

        if value.upper() not in codes():
            self.fail(f"{value!r} is not a two-letter country code", param, ctx)
        return value.upper()


class FailOn(click.ParamType[tuple[str, int]]):
    """A verdict, with a number from which it counts: `missing` or `missing=10`."""

    name = "verdict[=N]"

    def convert(
        self, value: str | tuple[str, int], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        """The verdict and the number, 1 where none is given."""
        if isinstance(value, tuple):
            return value
        verdict, _, least = value.partition("=")
        if verdict not in VERDICTS or (least and not (least.isdigit() and int(least))):
            self.fail(f"{value!r}: one of {', '.join(VERDICTS)}, with =N or without", param, ctx)
        return verdict, int(least or 1)


@click.command("audit")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the results [default: outputs/<date-time>].")
@click.option(
    "--source", type=click.Choice(SOURCES), help="Read every file as of this source; else told by its content."
)
@click.option(
    "--by",
    "by",
    type=click.Choice(DIMENSIONS),
    multiple=True,
    help="Table by this dimension, on screen and as CSV; repeatable [default: source].",
)
@click.option("--country", type=CountryCode(), help="Only records shown in this country.")
@click.option("--since", type=Day(), help="Only records that ran on or after this day.")
@click.option("--until", type=Day(), help="Only records that ran on or before this day.")
@click.option("--election", help="Only records that their source links to this vote, e.g. NL-2025-10-29-parliament.")
@click.option(
    "--political", is_flag=True, help="Assert that all records are political, where the source does not say so."
)
@click.option(
    "--political-actors",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Assert it for the page ids, account ids or names in this file.",
)
@click.option("--assume-country", type=CountryCode(), help="Country of records that state none.")
@click.option("--as-of", "as_of", type=Day(), help="Law and calendar of votes as of this day [default: all shipped].")
@click.option(
    "--elections",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Votes to add to the calendar, or to put in place of those with the same id: a CSV with its columns.",
)
@click.option(
    "--repository-established",
    type=Day(),
    help="Day on which the European repository (Art 13) was established [default: not established].",
)
@click.option("--charts/--no-charts", "charts", default=True, help="Draw the charts.  [default: charts]")
@click.option(
    "--fail-on",
    "fail_on",
    type=FailOn(),
    multiple=True,
    help="Exit with 1 where this verdict occurs (N times or more) (before the rules applied left out); repeatable.",
)
@click.option("--json", "as_json", is_flag=True, help="Print summary.json instead of the table.")
@lang_option
def command(
    paths: tuple[Path, ...],
    out: Path | None,
    by: tuple[str, ...],
    charts: bool,
    fail_on: tuple[tuple[str, int], ...],
    as_json: bool,
    lang: Language,
    **asked: object,
) -> None:
    """Audit files and folders of ad libraries and registers, any mix in one call.

    Each file is recognised by its content, never by its name. A file that cannot be read is named
    with what was expected and what was found; everything else is still audited (exit code 3).

    \b
    Examples:
      adaudit audit statements.json --out audit-register
      adaudit audit register/ report_NL.zip PoliticalAds.csv --by source --by sponsor
      adaudit audit meta-pages/ --political-actors party-pages.csv
      adaudit audit statements.json --election NL-2025-10-29-parliament
      adaudit audit statements.json --as-of 2025-10-09 --elections my-votes.csv
    """
    from adaudit.audit.options import Options

    options = Options(**asked)  # type: ignore[arg-type]
    if options.political and options.political_actors:
        fail(UsageError("--political and --political-actors exclude one another."), 2)
    folder = out or Path("outputs") / datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    sys.exit(
        perform(paths, folder, options, by or ("source",), charts=charts, fail_on=fail_on, as_json=as_json, lang=lang)
    )


def perform(
    paths: tuple[Path, ...],
    out: Path,
    options: object,
    by: tuple[str, ...],
    *,
    charts: bool,
    fail_on: tuple[tuple[str, int], ...] = (),
    as_json: bool = False,
    lang: Language = DEFAULT,
) -> int:
    """Run one audit, write its tables and charts, print the result, and return the exit code."""
    from adaudit.audit.options import Options
    from adaudit.audit.run import audit
    from adaudit.cli.console import err_console, out_console, show_audit, show_notices
    from adaudit.cli.progress import progress_bar
    from adaudit.cli.written import draw_charts, write_tables

    assert isinstance(options, Options)  # noqa: S101
    try:
        with progress_bar(lang) as progress:
            done = audit(paths, out, options, progress)
            tables = write_tables(done, by)
            drawn = draw_charts(done, progress) if charts else []
    except UsageError as error:
        fail(error, 2)
    except AdauditError as error:
        fail(error, 3)
    show_notices(done, err_console(), lang)
    if as_json:
        click.echo((done.out / "summary.json").read_text("utf-8"), nl=False)
    else:
        pictures = [path for one in drawn for path in one.paths if path.suffix == ".png"]
        show_audit(done, tables, pictures, out_console(), lang)
        for one in drawn:
            if one.skipped:
                click.echo(f"  {SAY.say('not_drawn', lang, name=one.name, reason=one.skipped)}")
    met = [
        f"{verdict} {number(done.reached(verdict), lang)}"
        for verdict, least in fail_on
        if done.reached(verdict) >= least
    ]
    if met:
        click.echo(SAY.say("fail_on_met", lang, met=", ".join(met)), err=True)
    return 3 if done.intake.failed else 1 if met else 0


def fail(error: AdauditError, code: int) -> None:
    """Say what is wrong on standard error and stop with the exit code."""
    click.echo(f"adaudit: {error}", err=True)
    sys.exit(code)
