"""`adaudit report`: the report of an audit from its output folder, in either language."""

from pathlib import Path

import click

from adaudit.cli.lang import lang_option
from adaudit.language import Language


@click.command("report")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@lang_option
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File [default: DIR/report.html].")
def command(folder: Path, lang: Language, out: Path | None) -> None:
    """Write report.html from the folder that an audit wrote.

    One self-contained file that needs no network: the main points, tables, charts, every finding with the
    law's words and its place in the bytes, and the method. Nothing is judged anew.

    \b
    Examples:
      adaudit report outputs/demo/audit
      adaudit report outputs/demo/audit --lang nl --out rapport.html
    """
    from adaudit.cli.asked import fail
    from adaudit.errors import UsageError
    from adaudit.report import write_report

    try:
        path = write_report(folder, lang, out)
    except UsageError as error:
        fail(error, 2)
    click.echo(path)
