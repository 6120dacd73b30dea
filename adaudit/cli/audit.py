"""`adaudit audit`: files and folders in; verdicts, figures and charts out."""

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from adaudit.audit.options import DIMENSIONS
from adaudit.cli.asked import (
    FILE,
    CountryCode,
    Day,
    FailOn,
    charts_options,
    chosen_charts,
    fail,
    opened_store,
    stop,
    store_option,
)
from adaudit.cli.lang import lang_option
from adaudit.cli.performed import Wanted, perform
from adaudit.errors import AdauditError, UsageError
from adaudit.language import Language

if TYPE_CHECKING:
    from adaudit.audit.run import Taking

CONNECTORS: Final = Path(__file__).parent.parent / "connectors"
SOURCES: Final = sorted(path.parent.name for path in CONNECTORS.glob("*/source.toml"))


@click.command("audit")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
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
@charts_options
@click.option("--report/--no-report", "report", default=True, help="Write report.html.  [default: report]")
@click.option(
    "--fail-on",
    "fail_on",
    type=FailOn(),
    multiple=True,
    help="Exit with 1 where this verdict occurs (N times or more), on records or on sources as a whole (before the "
    "rules applied left out); repeatable.",
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
@store_option
@click.option("--known-on", type=Day(), help="Only what the store had observed by the end of this day.")
@click.option("--json", "as_json", is_flag=True, help="Print summary.json instead of the table.")
@lang_option
def command(
    paths: tuple[Path, ...],
    out: Path | None,
    by: tuple[str, ...],
    charts: tuple[tuple[str, ...], ...],
    no_charts: bool,
    report: bool,
    fail_on: tuple[tuple[str, int], ...],
    formats: tuple[str, ...],
    folder: Path | None,
    as_json: bool,
    lang: Language,
    **asked: object,
) -> None:
    """Audit files and folders of ad libraries and registers, any mix in one call; without PATHS, the store.

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
    results = out or Path("outputs") / datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    if paths and options.known_on:
        fail(UsageError("--known-on is of an audit of the store; name no files then."), 2)
    drawn = chosen_charts(charts, no_charts=no_charts)
    wanted = Wanted(by or ("source",), drawn, report, formats, fail_on, as_json, lang)
    sys.exit(perform(paths or _stored(folder, options.known_on), results, options, wanted))


def _stored(folder: Path | None, known_on: date | None) -> "Taking":
    """What the store has observed; the program ends where there is no store, or nothing in it."""
    from adaudit.changes.audited import with_keeping
    from adaudit.collection.stored import taking

    try:
        store = opened_store(folder, "name files or folders to audit, or ")
        return with_keeping(taking(store, known_on), store, known_on)
    except AdauditError as error:
        stop(error)
