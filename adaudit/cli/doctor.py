"""`adaudit doctor`: which sources are ready, how the store does, and what to do next."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from adaudit.cli.asked import config_option, store_option
from adaudit.cli.lang import SAY, lang_option
from adaudit.errors import UsageError
from adaudit.language import Language, day, in_language, number

if TYPE_CHECKING:
    from rich.console import Console

    from adaudit.collection.readiness import Secret, SourceState, StoreState


@click.command("doctor")
@store_option
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@lang_option
def command(folder: Path | None, config: Path, as_json: bool, lang: Language) -> None:
    """Which sources can be pulled, with credentials from where, how the store does, and what to do next.

    Nobody is asked and nothing is written; the value of a credential is never shown. The day on which
    credentials expire is told where somebody noted it (adaudit login SOURCE --expires DATE, or
    ADAUDIT_<SOURCE>_EXPIRES), as to be renewed from 14 days before it; else that the source does not tell.
    Where there is a configuration, told is what is wrong with it and what it needs that is not installed.

    Exit code 3 where the store, the file of credentials or the configuration cannot be used.
    """
    from adaudit.cli.console import out_console, say
    from adaudit.collection.readiness import readiness
    from adaudit.store import default_folder

    found = readiness(folder or default_folder(), datetime.now(UTC).date())
    wrong = _configured(config)
    code = 0 if found.well and not wrong else 3
    if as_json:
        told = found.as_written() | {"configuration": {"file": str(config), "there": config.exists(), "problem": wrong}}
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        sys.exit(code)
    console = out_console()
    for problem in filter(None, (found.problem, *wrong.splitlines())):
        say(console, problem, "red")
    for source in found.sources:
        _show_source(source, console, lang)
    say(console, SAY.say("doctor_expiry", lang), "dim")
    say(console, "")
    _show_store(found.store, console, lang)
    versions = {"adaudit": found.adaudit, "python": found.python, "polars": found.polars}
    say(console, SAY.say("doctor_program", lang, **versions), "dim")
    sys.exit(code)


def _configured(config: Path) -> str:
    """What is wrong with the configuration, or what it needs that is not installed; empty where there is none."""
    from adaudit.batch.configuration import read
    from adaudit.batch.extras import check_extras

    try:
        if config.exists():
            check_extras(read(config))
    except UsageError as error:
        return str(error)
    return ""


def _show_source(one: "SourceState", console: "Console", language: Language) -> None:
    from adaudit.cli.console import plain, say
    from adaudit.cli.pulled import outcome

    key = "doctor_by_hand" if not one.live else "doctor_ready" if one.ready else "doctor_not_ready"
    say(console, SAY.say(key, language, source=one.id), "bold green" if one.ready else "bold")
    for secret in one.credentials:
        text = SAY.say("doctor_credential", language, name=secret.name, place=_place(secret, language))
        say(console, f"  {text}")
    if one.expiry:
        style = "red" if one.expires and one.expires.over else "yellow" if one.expires and one.expires.near else None
        say(console, f"  {in_language(one.expiry, language)}", style)
    for account in one.accounts:
        key = "doctor_account" if account.place else "doctor_no_account"
        why = in_language(account.todo, language)
        said = SAY.say(key, language, parts=", ".join(account.parts), place=account.place, why=why)
        say(console, f"  {said}", "" if account.place else "yellow")
    if one.elsewhere:
        said = SAY.say("doctor_address", language, host=one.elsewhere, upper=one.id.upper())
        say(console, f"  {said}", "yellow")
    if one.last is not None:
        ended = outcome(one.last, language)
        when = day((one.last.ended or one.last.began).date(), language)
        why = f"({plain(in_language(one.last.why, language), 300)})" if one.last.why else ""
        say(console, f"  {SAY.say('doctor_last', language, day=when, outcome=ended, why=why)}")
    say(console, f"  {SAY.say('doctor_next', language, text=in_language(one.todo, language))}")


def _place(secret: "Secret", language: Language) -> str:
    if secret.place == "environment":
        return SAY.say("doctor_environment", language, variable=secret.variable)
    if secret.place:
        return SAY.say("doctor_from", language, place=secret.place)
    key = "doctor_unset" if secret.required else "doctor_unset_optional"
    return SAY.say(key, language, variable=secret.variable)


def _show_store(store: "StoreState", console: "Console", language: Language) -> None:
    from adaudit.cli.console import say

    key = "doctor_store" if store.there else "doctor_no_store"
    say(console, SAY.say(key, language, folder=store.folder), "bold")
    if store.problem:
        say(console, f"  {in_language(store.problem, language)}", "red")
    if store.layout is not None:
        counts = {name: number(getattr(store, name), language) for name in ("pulls", "size", "free")}
        sizes = SAY.say("doctor_sizes", language, layout=store.layout, made_by=store.made_by, **counts)
        say(console, f"  {sizes}")
    if store.writer:
        say(console, f"  {SAY.say('doctor_writer', language, writer=store.writer)}", "yellow")
    for one in store.unfinished:
        answers = number(one.answers, language)
        say(console, f"  {SAY.say('doctor_unfinished', language, pull=one.pull, answers=answers)}", "yellow")
        say(console, f"    {SAY.say('doctor_next', language, text=in_language(one.todo, language))}")
    for todo in store.todo:
        say(console, f"  {SAY.say('doctor_next', language, text=in_language(todo, language))}", "yellow")
