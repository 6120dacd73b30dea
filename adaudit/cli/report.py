"""`adaudit report`: the report of an audit from its output folder, in either language."""

from pathlib import Path

import click

from adaudit.language import DEFAULT, LANGUAGES


@click.command("report")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    default=DEFAULT,
    envvar="ADAUDIT_LANG",
    show_default=True,
    show_envvar=True,
    help="Language of the report.",
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File [default: DIR/report.html].")
def command(folder: Path, language: str, out: Path | None) -> None:
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
        path = write_report(folder, "nl" if language == "nl" else "en", out)
    except UsageError as error:
        fail(error, 2)
    click.echo(path)
