"""`adaudit login`: keep the credentials of a source where nobody else reads them, and try them."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from adaudit.cli.asked import stop, store_option
from adaudit.cli.lang import SAY, lang_option
from adaudit.errors import AdauditError, UsageError
from adaudit.language import Language, in_language

if TYPE_CHECKING:
    from adaudit.connectors import Source


@click.command("login")
@click.argument("source")
@store_option
@click.option("--no-test", "untested", is_flag=True, help="Keep the credentials without asking the source.")
@lang_option
def command(source: str, folder: Path | None, untested: bool, lang: Language) -> None:
    """Keep the credentials of a source, and try them with one small request.

    Each is asked for without being shown, and kept in credentials.toml in the user's configuration folder
    (or the file that ADAUDIT_CREDENTIALS names), which nobody else can read. What the environment or .env
    says is used before it. Of the answer to the request nothing is kept. Exit code 3 where the source did
    not take them, or did not answer.

    \b
    Example:
      adaudit login meta
    """
    from adaudit.connectors import sources
    from adaudit.connectors.fetching import fetcher

    try:
        fetcher(source)
        described = sources()[source]
        if not described.live or not (described.live.credentials or described.live.accounts):
            click.echo(SAY.say("login_none", lang, source=source))
            return
        parts = [*_credentials(described, lang), *_accounts(described, lang)]
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
    click.echo(SAY.say("login_trying", language, source=source.id, scope=scope.said()))
    tried = try_once(Store(folder or default_folder()), source, scope)
    say(out_console(), in_language(tried.said, language))
    return tried.taken == "yes"


def _credentials(source: "Source", language: Language) -> list[str]:
    """Ask for the credentials that are kept; what to try them with, nothing where the source asks for none."""
    if not source.live or not source.live.credentials:
        return []
    _ask(source, language)
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


def _ask(source: "Source", language: Language) -> None:
    """Ask for each credential and keep what was given. Raises UsageError where a required one is not given."""
    from adaudit.credentials import in_file, keep_secrets, origin

    credentials = source.live.credentials if source.live else {}
    kept = in_file(source.id)
    for name, one in credentials.items():
        click.echo(in_language(one.words, language))
        has = "login_as_it_is" if name in kept else "" if one.required else "login_optional"
        optional = SAY.say(has, language) if has else ""
        prompt = SAY.say("login_prompt", language, name=name, optional=optional)
        given = str(click.prompt(prompt, hide_input=True, default="", show_default=False)).strip()
        if not given and one.required and name not in kept:
            raise UsageError(f"{source.id} asks for {name}; nothing was given and nothing was kept.")
        kept |= {name: given} if given else {}
    path = keep_secrets(source.id, kept)
    click.echo(SAY.say("login_kept", language, file=path))
    for name, one in credentials.items():
        place = origin(source.id, name, one.variable)
        if place and not place.endswith(os.fspath(path)):
            click.echo(SAY.say("login_overruled", language, variable=one.variable, place=place))
