"""`adaudit schema`: the form of a transparency notice, as JSON Schema or as an example."""

import click


@click.command("schema")
@click.argument("what", type=click.Choice(["notice"]))
@click.option("--example", type=click.Choice(["json", "xml"]), help="Print a fictional notice in this form instead.")
def command(what: str, example: str | None) -> None:  # noqa: ARG001 - one form so far
    """Print the JSON Schema of a transparency notice (Annex II.3 of Regulation (EU) 2025/1410).

    There is no official machine-readable form yet; this one is adaudit's own. Each key names the number of
    its item in the annex (annexItem). `adaudit audit` reads notices in it, as JSON or XML.

    \b
    Examples:
      adaudit schema notice > notice.schema.json
      adaudit schema notice --example xml > notice.xml
      adaudit audit notice.xml
    """
    from adaudit.connectors.notice.markup import as_xml
    from adaudit.connectors.notice.template import as_json, published_schema
    from adaudit.connectors.notice.template import example as fictional

    if example is None:
        click.echo(published_schema(), nl=False)
    else:
        click.echo((as_json if example == "json" else as_xml)(fictional()), nl=False)
