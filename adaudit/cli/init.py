"""`adaudit init`: a commented configuration, ready to run."""

from datetime import UTC, datetime
from pathlib import Path

import click

from adaudit.cli.asked import CountryCode, stop
from adaudit.cli.lang import SAY, lang_option
from adaudit.errors import AdauditError, UsageError
from adaudit.language import Language


@click.command("init")
@click.option("--country", type=CountryCode(), required=True, help="The Member State whose votes and registers matter.")
@click.option("--election", help="The vote, e.g. NL-2027-03-17-regional [default: the next one in the calendar].")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("adaudit.toml"),
    show_default=True,
    help="The file to write; one that is there is never written over.",
)
@lang_option
def command(country: str, election: str | None, config: Path, lang: Language) -> None:
    """Write a commented adaudit.toml for a country and its next vote, and the folder that it watches.

    What can be asked without more is asked; what needs a token, or ids of pages, stands there commented out
    with what it needs. `adaudit run` then does everything that stands there.

    \b
    Examples:
      adaudit init --country NL
      adaudit init --country NL --election NL-2027-03-17-regional --lang nl
    """
    from adaudit.batch.template import INBOX, next_vote, template
    from adaudit.evidence.vault import write_text
    from adaudit.law import member_states_alone

    try:
        if country not in member_states_alone():
            raise UsageError(f"{country} is no Member State.")
        if config.exists():
            raise UsageError(f"{config} is there already and is not written over; name another file with --config.")
        vote = next_vote(country, datetime.now(UTC).date(), election)
        write_text(config, template(country, vote, config.name, lang))
        (config.parent / INBOX).mkdir(parents=True, exist_ok=True)
    except AdauditError as error:
        stop(error)
    click.echo(SAY.say("init_written", lang, file=config, inbox=config.parent / INBOX))
