"""`adaudit login`: keep the credentials of a source where nobody else reads them, and try them."""

import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from adaudit.cli.asked import Day, silent_retries, stop, store_option
from adaudit.cli.lang import SAY, lang_option
from adaudit.errors import AdauditError, UsageError
from adaudit.language import Language, day, in_language, number

if TYPE_CHECKING:
    from adaudit.connectors import Source


@click.command("login")
@click.argument("source")
@store_option
@click.option("--no-test", "untested", is_flag=True, help="Keep the credentials without asking the source.")
@click.option("--expires", type=Day(), help="The day on which they expire, YYYY-MM-DD: told before it comes.")
@lang_option
def command(source: str, folder: Path | None, untested: bool, expires: date | None, lang: Language) -> None:
    """Keep the credentials of a source, and try them with one small request.

    Each is asked for without being shown, and kept in credentials.toml in the user's configuration folder
    (or the file that ADAUDIT_CREDENTIALS names), which nobody else can read. What the environment or .env
    says is used before it. Of the answer to the request nothing is kept. Exit code 3 where the source did
    not take them, or did not answer.

    A day of expiry that you know stands beside them with --expires, until other ones are given;
    ADAUDIT_<SOURCE>_EXPIRES says it of those in the environment.

    \b
    Examples:
      adaudit login meta
      adaudit login meta --expires 2027-01-20
    """
    from adaudit.connectors import sources
    from adaudit.connectors.fetching import fetcher

    silent_retries()
    try:
        fetcher(source)
        described = sources()[source]
        if not described.live or not (described.live.credentials or described.live.accounts):
            click.echo(SAY.say("login_none", lang, source=source))
            return
        today = datetime.now(UTC).date()
        if expires and expires < today:
            raise UsageError(f"--expires {expires} lies in the past: expected the day on which a new one expires.")
        parts = [*_credentials(described, expires, lang), *_accounts(described, lang)]
        taken = [_try(described, what, folder, lang) for what in (parts if not untested else ())]
    except AdauditError as error:
        stop(error)
    sys.exit(0 if all(taken) else 3)


def _try(source: "Source", what: str, folder: Path | None, language: Language) -> bool:
    """Ask the source, or that part of it, once; False where it did not take the credentials, or did not answer."""
    from adaudit.cli.console import out_console, say
    from adaudit.collection.trying import trial, try_once
    from adaudit.store import Store, default_folder

    scope = trial(source, datetime.now(UTC).date(), what)
    if scope is None:
        click.echo(SAY.say("login_no_trial", language, source=source.id))
        return True
    click.echo(SAY.say("login_trying", language, source=source.id, scope=in_language(scope.said(), language)))
    tried = try_once(Store(folder or default_folder()), source, scope)
    say(out_console(), in_language(tried.said, language))
    return tried.taken == "yes"


def _credentials(source: "Source", expires: date | None, language: Language) -> list[str]:
    """Ask for the credentials that are kept; what to try them with, nothing where the source asks for none."""
    if not source.live or not source.live.credentials:
        return []
    _ask(source, expires, language)
    return [""]


def _accounts(source: "Source", language: Language) -> list[str]:
    """Say where the accounts are that others keep; what to try each with. Raises UsageError where one is not there."""
    from adaudit.collection.pulling import settings_of
    from adaudit.connectors.fetching import account_place

    parts: list[str] = []
    for name, one in source.live.accounts.items() if source.live else ():
        assert source.live is not None  # noqa: S101 - it has accounts
        needing = source.live.parts_of(name)
        click.echo(SAY.say("login_account", language, source=source.id, parts=", ".join(needing)))
        click.echo(in_language(one.words, language))
        place = account_place(source.id, settings_of(source.id, source.live))
        click.echo(SAY.say("login_account_in", language, place=place))
        parts += needing[:1]
    return parts


def _ask(source: "Source", expires: date | None, language: Language) -> None:
    """Ask for each credential and keep what was given, with the day they expire; one that was noted of others goes.

    Raises UsageError where a required one is not given.
    """
    from adaudit.credentials import expiry_in_file, in_file, keep_secrets, origin

    credentials = source.live.credentials if source.live else {}
    before = in_file(source.id)
    kept = dict(before)
    for name, one in credentials.items():
        click.echo(in_language(one.words, language))
        has = "login_as_it_is" if name in kept else "" if one.required else "login_optional"
        optional = SAY.say(has, language) if has else ""
        prompt = SAY.say("login_prompt", language, name=name, optional=optional)
        given = str(click.prompt(prompt, hide_input=True, default="", show_default=False)).strip()
        if not given and one.required and name not in kept:
            raise UsageError(f"{source.id} asks for {name}; nothing was given and nothing was kept.")
        kept |= {name: given} if given else {}
    expires = expires or (expiry_in_file(source.id) if kept == before else None)
    path = keep_secrets(source.id, kept, expires)
    click.echo(SAY.say("login_kept", language, file=path))
    _show_expiry(source, expires, language)
    for name, one in credentials.items():
        place = origin(source.id, name, one.variable)
        if place and not place.endswith(os.fspath(path)):
            click.echo(SAY.say("login_overruled", language, variable=one.variable, place=place))


def _show_expiry(source: "Source", expires: date | None, language: Language) -> None:
    """The day that is noted, or that none is and what is known."""
    from adaudit.collection.expiry import SOON, untold

    if expires:
        click.echo(SAY.say("login_expires", language, day=day(expires, language), count=number(SOON, language)))
    else:
        click.echo(f"{SAY.say('login_no_expiry', language)} {in_language(untold(source), language)}")
