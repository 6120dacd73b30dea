"""`adaudit pull`: ask a source over the network, into the store; and go on where a pull stopped."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from adaudit.cli.asked import FILE, CountryOrAll, Day, Duration, silent_retries, stop, store_option
from adaudit.cli.lang import SAY, lang_option
from adaudit.cli.pulled import following, migrated, show_expiry, show_pull
from adaudit.errors import AdauditError, UsageError
from adaudit.language import Language

if TYPE_CHECKING:
    from adaudit.collection.pulling import Asking
    from adaudit.connectors.fetching import Scope


@click.command("pull")
@click.argument("source", required=False)
@store_option
@click.option("--what", default="", help="What to ask for, where a source has several libraries.")
@click.option("--country", "countries", type=CountryOrAll(), multiple=True, help="Shown there, or ALL; repeatable.")
@click.option("--since", type=Day(), help="Ads that ran on or after this day.")
@click.option("--until", type=Day(), help="Ads that ran on or before this day.")
@click.option("--page", "pages", multiple=True, help="Id of a page or account; repeatable.")
@click.option("--pages", "pages_file", type=FILE, help="The ids of pages in this file: one per line, or a CSV.")
@click.option("--advertiser", "advertisers", multiple=True, help="Name or id of an advertiser; repeatable.")
@click.option("--term", "terms", multiple=True, help="Words to search for; repeatable, each is asked for by itself.")
@click.option("--ad-type", default="", help="Kind of ads, in the source's own words.")
@click.option("--year", "years", type=click.IntRange(2010, 2100), multiple=True, help="Of a yearly file; repeatable.")
@click.option("--id", "ids", multiple=True, help="Id of an ad whose details are asked for; repeatable.")
@click.option(
    "--canary",
    "canaries",
    multiple=True,
    help="Id of a record that must come back; a pull without it is broken, not empty; repeatable.",
)
@click.option("--resume", is_flag=True, help="Go on with what was not pulled to its end, of the source or of all.")
@click.option("--max-time", "seconds", type=Duration(), help="Stop after this time (90s, 30m, 2h); --resume goes on.")
@click.option(
    "--retries", type=click.IntRange(0, 100), default=7, show_default=True, help="How often a fault is asked again."
)
@click.option(
    "--max-wait",
    type=click.FloatRange(0),
    default=120.0,
    show_default=True,
    help="Longest wait before asking again, in seconds; a source that asks for longer ends the pull.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what happens as JSON, one line an event.")
@lang_option
def command(source: str | None, folder: Path | None, resume: bool, as_json: bool, lang: Language, **asked: Any) -> None:  # noqa: ANN401 - click
    """Pull an ad library or register into the store: completely, or saying what did not come.

    Every answer is kept as it came (access tokens taken out) before it is read. A pull that was stopped,
    by hand, by a fault or by a limit of the source, goes on with --resume. Exit code 0 only where all that
    was asked for came; 3 where a pull was truncated, refused, limited, empty or broken.

    \b
    Examples:
      adaudit pull meta --country NL --page 1234567890 --since 2025-01-01
      adaudit pull snapchat --year 2026
      adaudit pull politiekereclame_nl
      adaudit pull --resume
    """
    from adaudit.collection.pulling import begin, go, heal, unfinished
    from adaudit.store import Store, default_folder

    silent_retries()
    try:
        scope, asking = _read(asked)
        if source is None and not resume:
            raise UsageError("name a source to pull (adaudit sources lists them), or go on with --resume.")
        if resume and scope.as_written():
            raise UsageError("--resume goes on with what a pull asked for; it takes no filter.")
        store = Store(folder or default_folder())
        with store.writing():
            migrated(store, lang)
            heal(store)
            pulls = unfinished(store, source) if resume else [begin(store, source or "", scope)]
            for name in sorted({pull.source for pull in pulls}):
                show_expiry(name, lang)
            with following(as_json, store, lang) as told:
                done = [go(store, pull, asking, told) for pull in pulls]
    except AdauditError as error:
        stop(error)
    for one in done if not as_json else ():
        show_pull(one, store, lang)
    if not done and not as_json:
        click.echo(SAY.say("nothing_unfinished", lang))
    sys.exit(0 if all(one.outcome == "complete" for one in done) else 3)


def _read(asked: "dict[str, Any]") -> "tuple[Scope, Asking]":
    """What the options ask for, and how. Raises UsageError."""
    from adaudit.audit.assemble import read_actors
    from adaudit.collection.pulling import Asking
    from adaudit.connectors.fetching import Scope
    from adaudit.http import Patience

    longest = asked.pop("max_wait")
    patience = Patience(asked.pop("retries") + 1, min(1.0, longest), longest)
    asking = Asking(patience, asked.pop("seconds"), asked.pop("canaries"))
    file = asked.pop("pages_file")
    listed = read_actors(file, "--pages") if file is not None else []
    asked["pages"] = (*asked["pages"], *(one for one in listed if one.isdigit()))
    try:
        return Scope.model_validate({name: value for name, value in asked.items() if value}), asking
    except ValueError as error:
        raise UsageError(f"--since {asked['since']} is after --until {asked['until']}.") from error
