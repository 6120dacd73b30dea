"""`adaudit schedule`: the timer of a configuration, written, explained, and put to work where that is asked."""

from pathlib import Path
from typing import Final

import click

from adaudit.cli.asked import config_option, stop
from adaudit.cli.lang import SAY, lang_option
from adaudit.errors import AdauditError
from adaudit.language import Language

KINDS: Final = ("systemd", "cron", "github", "kubernetes")


@click.command("schedule")
@click.argument("kind", type=click.Choice(KINDS))
@config_option
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Write the files there [default: print].")
@click.option("--install", "to_install", is_flag=True, help="Put it to work now, for you: systemd and cron.")
@lang_option
def command(kind: str, config: Path, out: Path | None, to_install: bool, lang: Language) -> None:
    """Write the timer that wakes `adaudit run --due` for a configuration, and explain it on standard error.

    Nothing of adaudit stays resident: the timer is the system's own.

    \b
    Examples:
      adaudit schedule systemd --install
      adaudit schedule cron
      adaudit schedule github --out .
    """
    from adaudit.batch import timers
    from adaudit.batch.configuration import read
    from adaudit.evidence.vault import write_text

    try:
        configuration = read(config)
        timer = timers.KINDS[kind](configuration, config.resolve(), timers.program())
        done = timers.install(kind, timer) if to_install else []
        for name, text in timer.files.items() if out else ():
            (out / name).parent.mkdir(parents=True, exist_ok=True)  # type: ignore[operator]
            write_text(out / name, text)  # type: ignore[operator]
    except AdauditError as error:
        stop(error)
    for name, text in timer.files.items():
        if out:
            click.echo(out / name)
        elif not to_install:
            click.echo(f"# {name}\n{text}" if len(timer.files) > 1 else text, nl=len(timer.files) > 1)
    for one in done:
        click.echo(SAY.say("schedule_done", lang, command=one))
    secrets = ", ".join(timers.variables(configuration)) or "–"
    for key in timer.explained:
        click.echo(SAY.say(f"schedule_{key}", lang, secrets=secrets, every=timers.every(configuration)), err=True)
