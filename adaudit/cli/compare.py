"""`adaudit compare`: what differs between two audits, from their folders alone."""

import json
import sys
from pathlib import Path

import click

from adaudit.cli.asked import fail
from adaudit.cli.lang import lang_option
from adaudit.errors import UsageError
from adaudit.language import Language


@click.command("compare")
@click.argument("first", metavar="A", type=click.Path(path_type=Path))
@click.argument("second", metavar="B", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder for every difference as CSV.")
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON instead of tables.")
@lang_option
def command(first: Path, second: Path, out: Path | None, as_json: bool, lang: Language) -> None:
    """What differs between the audits in the folders A and B.

    First it says how the two were made differently (inputs, versions, options): what comes of that is no
    change at the source. Then records, findings and verdicts side by side. Nothing is ever called removed:
    two audits are no two complete listings, so it says "in A and not in B".

    \b
    Example:
      adaudit compare outputs/october outputs/november --out october-november
    """
    from adaudit.audit.comparison import compare
    from adaudit.cli.comparison import show_comparison
    from adaudit.cli.console import out_console
    from adaudit.export.differences import complete

    try:
        comparison = compare(first, second)
        written = complete(comparison, out)
    except UsageError as error:
        fail(error, 2)
    if as_json:
        click.echo(json.dumps(comparison.as_written(), ensure_ascii=False, indent=1))
    else:
        show_comparison(comparison, written, out_console(), lang)
    sys.exit(0)
