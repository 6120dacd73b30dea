"""`adaudit replay`: make the observations again from the evidence, and say what differs and why."""

import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from adaudit.cli.asked import opened_store, stop, store_option
from adaudit.cli.lang import SAY, lang_option
from adaudit.errors import AdauditError
from adaudit.language import Language, in_language, number

if TYPE_CHECKING:
    from adaudit.audit.comparison import Comparison
    from adaudit.audit.run import Progress
    from adaudit.collection.redone import Redone
    from adaudit.collection.replaying import Again, Replayed
    from adaudit.store import Store

MOST = 20
"""Pulls, and columns of one pull, that are shown."""


@click.command("replay")
@store_option
@click.option("--pull", "pull", metavar="ID", help="Only the observations of this pull.")
@click.option("--apply", "applying", is_flag=True, help="Put the new observations in the place of the stored ones.")
@click.option("--findings", is_flag=True, help="Audit both, and compare their findings.")
@click.option("--out", type=click.Path(path_type=Path), help="With --findings: folder for every difference as CSV.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@lang_option
def command(
    folder: Path | None,
    pull: str | None,
    applying: bool,
    findings: bool,
    out: Path | None,
    as_json: bool,
    lang: Language,
) -> None:
    """Make the store's observations again from the kept bytes with today's parsers, and say what differs and why.

    Without --apply nothing in the store changes. With it the observations of all pulls are replaced, all or
    none of them, and the manifest says by which adaudit. Damaged evidence stops it (exit code 4).

    \b
    Examples:
      adaudit replay
      adaudit replay --findings --out differences
      adaudit replay --apply
    """
    from adaudit.cli.progress import progress_bar
    from adaudit.collection.replaying import apply, replaying

    if pull and (applying or findings):
        raise click.UsageError("--apply and --findings are of the whole store: later pulls rest on earlier ones.")
    if (applying and findings) or (out and not findings):
        raise click.UsageError("--findings compares without --apply; --out is of --findings.")
    compared: tuple[Comparison, list[Path]] | None = None
    try:
        store = opened_store(folder)
        with progress_bar(lang) as progress:
            if applying:
                with store.writing():
                    found = apply(store, progress)
            else:
                with replaying(store, pull, progress) as (found, again):
                    compared = _findings(store, again, out, progress) if findings else None
    except AdauditError as error:
        stop(error)
    if as_json:
        told = found.as_written() | ({"findings": compared[0].as_written()} if compared else {})
        click.echo(json.dumps(told, ensure_ascii=False, indent=1, default=str))
    else:
        _show(found, lang)
        if compared:
            _show_findings(*compared, lang)
    sys.exit(0)


def _findings(
    store: "Store", again: "Again", out: Path | None, progress: "Progress"
) -> "tuple[Comparison, list[Path]]":
    """The findings of the stored and of the new observations, side by side, and the files of it."""
    from adaudit.audit.comparison import compare
    from adaudit.collection.replaying import audits
    from adaudit.export.differences import complete

    with tempfile.TemporaryDirectory(prefix="adaudit-") as folder:
        comparison = compare(*audits(store, again, Path(folder), progress))
        return comparison, complete(comparison, out)


def _show_findings(comparison: "Comparison", written: list[Path], language: Language) -> None:
    from adaudit.cli.comparison import show_comparison
    from adaudit.cli.console import out_console, say

    console = out_console()
    say(console, "")
    say(console, SAY.say("replay_findings", language), "bold")
    show_comparison(comparison, written, console, language)


def _show(found: "Replayed", language: Language) -> None:
    from adaudit.cli.console import out_console, say
    from adaudit.collection.replaying import reasons

    console = out_console()
    differing = [one for one in found.pulls if not one.same_as_stored]
    key = "replay_same" if found.same else "replay_applied" if found.applied else "replay_differs"
    counts = {"pulls": number(len(found.pulls), language), "differing": number(len(differing), language)}
    say(console, SAY.say(key, language, **counts), "bold")
    for one in differing[:MOST]:
        _show_pull(one, language)
    if len(differing) > MOST:
        say(console, f"  {SAY.say('pull_others', language, count=number(len(differing) - MOST, language))}")
    for reason in reasons(found):
        say(console, f"  {SAY.say('pull_why', language, why=in_language(reason, language))}")


def _show_pull(one: "Redone", language: Language) -> None:
    from adaudit.cli.console import out_console, plain, say

    console = out_console()
    if one.damaged:
        say(console, f"  {SAY.say('replay_damaged', language, pull=one.pull)}", "yellow")
        return
    counts = {name: number(getattr(one, name), language) for name in ("same", "changed", "gone", "new")}
    say(console, f"  {SAY.say('replay_pull', language, pull=one.pull, **counts)}")
    if one.columns:
        shown = ", ".join(f"{name} {number(count, language)}" for name, count in list(one.columns.items())[:MOST])
        more = f" (+ {number(len(one.columns) - MOST, language)})" if len(one.columns) > MOST else ""
        say(console, f"    {SAY.say('replay_columns', language, columns=shown + more)}")
    for example in one.examples[:MOST]:
        values = {name: plain(value or "–") for name, value in vars(example).items()}
        say(console, f"    {SAY.say('replay_example', language, **values)}", "dim")
    if one.about:
        say(console, f"    {SAY.say('replay_about', language, parts=', '.join(one.about))}")
