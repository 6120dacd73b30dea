"""`adaudit demo`: the whole main job on the sample, offline."""

import sys
from pathlib import Path

import click

from adaudit.cli.audit import DIMENSIONS, perform


@click.command("demo")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("outputs/demo"),
    show_default=True,
    help="Folder for sample and results.",
)
@click.option(
    "--by",
    "by",
    type=click.Choice(DIMENSIONS),
    multiple=True,
    help="Table by this dimension; repeatable [default: source].",
)
@click.option("--charts/--no-charts", "charts", default=True, help="Draw the charts.  [default: charts]")
def command(out: Path, by: tuple[str, ...], charts: bool) -> None:
    """Run the whole main job on a fictional sample, offline.

    The sample holds every source that adaudit reads, in its exact format and with the dirt that real
    files have: all sponsors, pages and figures are fictional. It is written to <out>/sample, the
    results to <out>/audit.
    """
    from adaudit.audit.options import Options
    from adaudit.sample import write_sample

    sample = out / "sample"
    files = write_sample(sample)
    click.echo(f"adaudit audit {sample} --out {out / 'audit'}    ({len(files)} fictional files)\n", err=True)
    perform((sample,), out / "audit", Options(), by or ("source",), charts=charts)
    click.echo(
        "\nThe sample is fictional and damaged on purpose; rejected rows and unread files are part of it.", err=True
    )
    sys.exit(0)
