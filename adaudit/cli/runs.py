"""`adaudit runs`: the runs of before, and each by itself."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from adaudit.cli.asked import config_option, stop
from adaudit.cli.console import out_console, say
from adaudit.cli.lang import SAY, lang_option
from adaudit.errors import AdauditError, UsageError
from adaudit.language import Language

if TYPE_CHECKING:
    from adaudit.batch.configuration import Configuration
    from adaudit.batch.record import Runs


@click.group("runs", invoke_without_command=True)
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print each run as a line of JSON.")
@lang_option
@click.pass_context
def command(ctx: click.Context, config: Path, as_json: bool, lang: Language) -> None:
    """The runs of a configuration: when, how they ended, what failed, how many alerts fired.

    \b
    Examples:
      adaudit runs
      adaudit runs show last
      adaudit runs --json
    """
    from adaudit.cli.ran import show_runs

    ctx.obj = config
    if ctx.invoked_subcommand:
        return
    try:
        found = _runs(config)[1].all()
    except AdauditError as error:
        stop(error)
    if as_json:
        for one in found:
            click.echo(json.dumps(one.model_dump(mode="json", exclude={"counts"}), ensure_ascii=False))
    elif found:
        show_runs(found, lang)
    else:
        say(out_console(), SAY.say("runs_none", lang))


@command.command("show")
@click.argument("number")
@click.option("--json", "as_json", is_flag=True, help="Print the record of the run as it is kept.")
@lang_option
@click.pass_context
def show(ctx: click.Context, number: str, as_json: bool, lang: Language) -> None:
    """One run by its NUMBER or id, or `last`: every step, what fired, where the results lie."""
    from adaudit.cli.ran import instant, show_fired, show_step, show_where

    try:
        configuration, runs = _runs(ctx.obj)
        one = runs.named(number)
    except AdauditError as error:
        stop(error)
    if as_json:
        click.echo(one.model_dump_json(indent=1))
        return
    say(out_console(), SAY.say("runs_began", lang) + f": {instant(one.began)}, adaudit {one.adaudit}, {one.id}", "bold")
    if one.votes:
        from adaudit.batch.alerts import SAY as BATCH

        say(out_console(), BATCH.say(f"phase_{one.phase}", lang, votes=", ".join(one.votes)))
    for step in one.steps:
        show_step(step, lang)
    show_fired(one, lang)
    show_where(one, configuration.out, lang)


@command.command("trend")
@click.argument("rule")
@click.option("--source", help="Only this source.")
@click.option(
    "--verdict", "verdicts", multiple=True, help="Count these verdicts; repeatable [default: missing, invalid]."
)
@click.option("--chart", type=click.Path(path_type=Path, file_okay=False), help="Draw it there, as PNG and SVG.")
@click.option("--json", "as_json", is_flag=True, help="Print each count as a line of JSON.")
@lang_option
@click.pass_context
def trend(
    ctx: click.Context,
    rule: str,
    source: str | None,
    verdicts: tuple[str, ...],
    chart: Path | None,
    as_json: bool,
    lang: Language,
) -> None:
    """How often a RULE was decided so, run by run, source by source, each share with its denominator.

    \b
    Examples:
      adaudit runs trend notice_payer
      adaudit runs trend notice_payer --source meta --verdict missing --chart charts
    """
    from adaudit.batch.trend import draw_trend
    from adaudit.cli.ran import show_trend
    from adaudit.model.vocabulary import VERDICTS
    from adaudit.rules import RULES

    chosen = verdicts or ("missing", "invalid")
    try:
        if rule not in RULES:
            raise UsageError(f"{rule!r} is no rule; adaudit rules lists them.")
        if unknown := [one for one in chosen if one not in VERDICTS]:
            raise UsageError(f"{', '.join(unknown)}: no verdict; there are: {', '.join(VERDICTS)}.")
        points = _runs(ctx.obj)[1].trend(rule, source, chosen)
        drawn = draw_trend(points, chosen, chart, lang) if chart and points else []
    except AdauditError as error:
        stop(error)
    if as_json:
        for one in points:
            click.echo(one.model_dump_json())
    elif points:
        show_trend(points, chosen, lang)
    else:
        say(out_console(), SAY.say("runs_no_counts", lang, rule=rule))
    for path in drawn if not as_json else ():
        click.echo(path)


def _runs(config: Path) -> "tuple[Configuration, Runs]":
    from adaudit.batch.configuration import read
    from adaudit.batch.record import Runs

    configuration = read(config)
    return configuration, Runs(configuration.store)
