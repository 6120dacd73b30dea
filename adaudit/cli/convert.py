"""`adaudit convert`: transparency notices from JSON to XML and back, nothing lost."""

import sys
from pathlib import Path

import click


@click.command("convert")
@click.argument("notice", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--to", type=click.Choice(["json", "xml"]), required=True, help="The form to turn it into.")
def command(notice: Path, to: str) -> None:
    """Turn a transparency notice, or a list of them, from JSON into XML or back; print the result.

    The notice is held strictly against the form that `adaudit schema notice` describes: one that does not
    fit is refused with every place that does not (exit code 3). `adaudit audit` is lenient and judges it.
    """
    from adaudit.cli.asked import fail
    from adaudit.connectors.notice.markup import as_xml, notices
    from adaudit.connectors.notice.template import as_json
    from adaudit.errors import InputError

    try:
        found = notices(notice.read_bytes())
    except InputError as error:
        fail(error, 3)
    if not found:
        click.echo(f"{notice.name}: an empty list holds no notice", err=True)
        sys.exit(3)
    click.echo((as_json if to == "json" else as_xml)(*found), nl=False)
