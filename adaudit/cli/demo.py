"""`adaudit demo`: the whole main job on the sample, offline."""

import sys
from pathlib import Path

import click

from adaudit.audit.options import DIMENSIONS
from adaudit.cli.asked import charts_options, chosen_charts
from adaudit.cli.lang import SAY, lang_option
from adaudit.cli.performed import Wanted, perform
from adaudit.language import DEFAULT, Language


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
@charts_options
@lang_option
def command(
    out: Path, by: tuple[str, ...], charts: tuple[tuple[str, ...], ...], no_charts: bool, lang: Language
) -> None:
    """Run the whole main job on a fictional sample, offline.

    The sample holds every source that adaudit reads, in its exact format and with the dirt that real
    files have: all sponsors, pages and figures are fictional. It is written to <out>/sample, the
    results to <out>/audit.
    """
    from adaudit.audit.options import Options
    from adaudit.sample import write_political_actors, write_sample

    drawn = chosen_charts(charts, no_charts=no_charts)
    sample, results = out / "sample", out / "audit"
    files = write_sample(sample)
    actors = write_political_actors(out / "political-actors.csv")
    click.echo(SAY.say("demo_files", lang, count=len(files)), err=True)
    language = "" if lang == DEFAULT else f" --lang {lang}"
    click.echo(f"  adaudit audit {sample} --political-actors {actors} --out {results}{language}\n", err=True)
    wanted = Wanted(by or ("source",), drawn, lang=lang)
    code = perform((sample,), results, Options(political_actors=actors), wanted)
    click.echo(f"\n{SAY.say('demo_fictional', lang)}", err=True)
    sys.exit(code)
