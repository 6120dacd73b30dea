"""`adaudit audit`: files and folders in; verdicts, figures and charts out."""

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, TypedDict, Unpack

import click

from adaudit.audit.options import DIMENSIONS
from adaudit.cli.lang import SAY, lang_option
from adaudit.errors import AdauditError, UsageError
from adaudit.language import DEFAULT, Language, number
from adaudit.model.vocabulary import VERDICTS

CONNECTORS: Final = Path(__file__).parent.parent / "connectors"
SOURCES: Final = sorted(path.parent.name for path in CONNECTORS.glob("*/source.toml"))
FILE: Final = click.Path(path_type=Path, exists=True, dir_okay=False)


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


class ForPersons(TypedDict):
    """Options of `Options` of the same names: what persons decided, check, and who is not to be named."""

    decisions: Path | None
    sample: int | None
    seed: int
    redact_persons: bool
    organisations: Path | None


class Charts(click.ParamType[tuple[str, ...]]):
    """Names of charts with commas between them, `all`, or `none`."""

    name = "name"

    def convert(
        self, value: str | tuple[str, ...], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """The names in the order of the charts; a usage error, with the names there are, for an unknown one."""
        if isinstance(value, tuple):
            return value
        from adaudit.charts import CHARTS

        known = {**{name: (name,) for name in CHARTS}, "all": CHARTS, "none": ()}
        given = [name.strip() for name in value.split(",")]
        for name in given:
            if name not in known:
                self.fail(f"{name!r} is no chart; there are: all, none, {', '.join(CHARTS)}", param, ctx)
        if "none" in given and len(given) > 1:
            self.fail("none stands alone", param, ctx)
        return tuple(chart for name in given for chart in known[name])


def charts_options(command: Callable[..., None]) -> Callable[..., None]:
    """Adds `--charts NAME` (repeatable) and `--no-charts` to a command."""
    described = "Draw these charts: all, none, or names with commas between them; repeatable [default: all]."
    command = click.option("--no-charts", is_flag=True, help="Draw no chart: the same as --charts none.")(command)
    return click.option("--charts", "charts", type=Charts(), multiple=True, help=described)(command)


def chosen_charts(given: Sequence[tuple[str, ...]], *, no_charts: bool) -> tuple[str, ...]:
    """The charts to draw, each once, in their order; all where nothing was said. A contradiction ends the program."""
    from adaudit.charts import CHARTS

    if no_charts and any(given):
        fail(UsageError("--charts and --no-charts exclude one another."), 2)
    if any(given) and not all(given):
        fail(UsageError("--charts none stands alone."), 2)
    if no_charts:
        return ()
    named = {name for names in given for name in names}
    return tuple(name for name in CHARTS if not given or name in named)


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
@charts_options
@click.option("--report/--no-report", "report", default=True, help="Write report.html.  [default: report]")
@click.option(
    "--fail-on",
    "fail_on",
    type=FailOn(),
    multiple=True,
    help="Exit with 1 where this verdict occurs (N times or more) (before the rules applied left out); repeatable.",
)
@click.option(
    "--format",
    "formats",
    type=click.Choice(("parquet", "csv", "json", "xlsx")),
    multiple=True,
    help="Write findings, records and tables in this format too (for a spreadsheet: xlsx); repeatable. Parquet is "
    "always written.",
)
@click.option("--decisions", type=FILE, help="What persons decided on findings: CSV, Excel or JSON, carried along.")
@click.option("--sample", "sample", type=click.IntRange(1), help="Draw so many verdicts to be checked by hand.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the draw.")
@click.option(
    "--redact-persons",
    is_flag=True,
    help="Take names, addresses and e-mails of persons out of everything written; whoever is not shown to be an "
    "organisation counts as a person.",
)
@click.option("--organisations", type=FILE, help="Names that are organisations': --redact-persons leaves them.")
@click.option("--json", "as_json", is_flag=True, help="Print summary.json instead of the table.")
@lang_option
def command(
    paths: tuple[Path, ...],
    out: Path | None,
    source: str | None,
    by: tuple[str, ...],
    country: str | None,
    since: date | None,
    until: date | None,
    election: str | None,
    political: bool,
    political_actors: Path | None,
    assume_country: str | None,
    charts: tuple[tuple[str, ...], ...],
    no_charts: bool,
    report: bool,
    fail_on: tuple[tuple[str, int], ...],
    formats: tuple[str, ...],
    as_json: bool,
    lang: Language,
    **for_persons: Unpack[ForPersons],
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
    """
    from adaudit.audit.options import Options

    options = Options(
        source, country, since, until, election, political, political_actors, assume_country, **for_persons
    )
    if political and political_actors:
        fail(UsageError("--political and --political-actors exclude one another."), 2)
    folder = out or Path("outputs") / datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    wanted = chosen_charts(charts, no_charts=no_charts)
    dimensions = by or ("source",)
    sys.exit(
        perform(
            paths,
            folder,
            options,
            dimensions,
            charts=wanted,
            report=report,
            fail_on=fail_on,
            formats=formats,
            as_json=as_json,
            lang=lang,
        )
    )


def perform(
    paths: tuple[Path, ...],
    out: Path,
    options: object,
    by: tuple[str, ...],
    *,
    charts: Sequence[str],
    report: bool = True,
    fail_on: tuple[tuple[str, int], ...] = (),
    formats: tuple[str, ...] = (),
    as_json: bool = False,
    lang: Language = DEFAULT,
) -> int:
    """Run one audit, write its tables, charts and report, print the result, and return the exit code."""
    from adaudit.audit.options import Options
    from adaudit.audit.run import audit, writing
    from adaudit.cli.console import err_console, out_console, show_audit, show_notices
    from adaudit.cli.person import hand_over, show_handed, show_person_notices
    from adaudit.cli.progress import progress_bar
    from adaudit.cli.written import draw_charts, draw_report, write_tables
    from adaudit.export.formats import check_formats

    assert isinstance(options, Options)  # noqa: S101
    try:
        check_formats(formats)
        with progress_bar(lang) as progress:
            done = audit(paths, out, options, progress)
            with writing(out):
                tables = write_tables(done, by)
                handed = hand_over(done, tables, formats, options, progress, lang)
                drawn = draw_charts(done, progress, charts, lang)
                if report:
                    draw_report(done, progress, lang)
    except UsageError as error:
        fail(error, 2)
    except AdauditError as error:
        fail(error, 3)
    show_notices(done, err_console(), lang)
    show_person_notices(done, handed, err_console(), lang)
    if as_json:
        click.echo((done.out / "summary.json").read_text("utf-8"), nl=False)
    else:
        pictures = [path for one in drawn for path in one.paths if path.suffix == ".png"]
        show_audit(done, tables, pictures, out_console(), lang)
        for one in drawn:
            if one.skipped:
                click.echo(f"  {SAY.say('not_drawn', lang, name=one.name, reason=one.skipped)}")
        show_handed(done, handed, out_console(), lang)
    met = [
        f"{verdict} {number(done.reached(verdict), lang)}"
        for verdict, least in fail_on
        if done.reached(verdict) >= least
    ]
    if met:
        click.echo(SAY.say("fail_on_met", lang, met=", ".join(met)), err=True)
    return 3 if done.failed else 1 if met else 0


def fail(error: AdauditError, code: int) -> None:
    """Say what is wrong on standard error and stop with the exit code."""
    click.echo(f"adaudit: {error}", err=True)
    sys.exit(code)
