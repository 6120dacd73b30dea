"""`adaudit changes`: what the sources changed between two pulls or days."""

import json
from datetime import date
from pathlib import Path

import click

from adaudit.cli.asked import opened_store, stop, store_option
from adaudit.cli.lang import lang_option
from adaudit.errors import AdauditError, UsageError
from adaudit.language import Language


class DayOrPull(click.ParamType[date | str]):
    """A calendar day written as YYYY-MM-DD, or the id of a pull."""

    name = "day|pull"

    def convert(
        self,
        value: str | date,
        param: click.Parameter | None,  # noqa: ARG002 - click's interface
        ctx: click.Context | None,  # noqa: ARG002 - click's interface
    ) -> date | str:
        """The day where it is one, else the text: which pulls there are the store knows."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            return value


@click.command("changes")
@click.argument("source", required=False)
@store_option
@click.option("--from", "since", type=DayOrPull(), help="The last listing by the end of this day, or this pull's.")
@click.option("--to", "until", type=DayOrPull(), help="The last listing by the end of this day, or this pull's.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder for every record, every field from what to what, and every verdict on what went, as CSV.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON instead of text.")
@lang_option
def command(
    source: str | None,
    folder: Path | None,
    since: date | str | None,
    until: date | str | None,
    out: Path | None,
    as_json: bool,
    lang: Language,
) -> None:
    """What the sources changed: new, edited, removed and reappeared records, of SOURCE or of all.

    Of each scope the last two complete listings are compared, or all between --from and --to, each with the
    next. That a record was removed is claimed only between two complete listings of the same scope; where
    they are not, it says why. Edits need no complete listing: a record was seen before and after.

    \b
    Examples:
      adaudit changes
      adaudit changes snapchat --from 2026-03-15 --to 2026-05-20 --out changed
      adaudit changes meta --from 20261101T0200 --json
    """
    from adaudit.changes.compare import changes
    from adaudit.changes.written import Tables
    from adaudit.cli.changed import EXAMPLES, show_changes
    from adaudit.cli.console import out_console
    from adaudit.connectors import sources

    try:
        if source is not None and source not in sources():
            raise UsageError(f"{source!r} is no source. Known: {', '.join(sources())}.")
        store = opened_store(folder)
        tables = Tables(out, EXAMPLES)
        found = changes(store, source, since, until, tables.keep)
        written = tables.finish(found)
    except AdauditError as error:
        stop(error)
    if as_json:
        click.echo(json.dumps(found.as_written(), ensure_ascii=False, indent=1))
    else:
        show_changes(found, tables.examples, written, out_console(), lang)
