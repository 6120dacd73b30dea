"""`adaudit verify`: whether the evidence in the store is what it was when it was kept."""

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from adaudit.cli.asked import FILE, opened_store, stop, store_option
from adaudit.cli.lang import SAY, lang_option
from adaudit.errors import AdauditError
from adaudit.language import Language, in_language, number

if TYPE_CHECKING:
    from adaudit.collection.verifying import Fault, Verified

MOST = 20
"""Faults that are shown."""


class Hash(click.ParamType[str]):
    """A SHA-256."""

    name = "hash"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The hash in lower case; a usage error for anything else."""
        if not re.fullmatch("[0-9a-f]{64}", value.lower()):
            self.fail(f"{value!r} is no SHA-256: expected 64 hexadecimal digits", param, ctx)
        return value.lower()


@click.command("verify")
@store_option
@click.option("--all", "every", is_flag=True, help="Read every answer again, instead of a sample.")
@click.option("--sample", type=click.IntRange(0), help="How many answers are read again [default: 50].")
@click.option("--seed", type=int, default=0, show_default=True, help="Draws the sample.")
@click.option("--head", type=Hash(), default=None, help="Hash of the chain's head that was noted elsewhere before.")
@click.option("--roots", type=FILE, help="Hold time stamps to these root certificates (PEM), not to those kept.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@lang_option
def command(
    folder: Path | None,
    every: bool,
    sample: int | None,
    seed: int,
    head: str | None,
    roots: Path | None,
    as_json: bool,
    lang: Language,
) -> None:
    """Whether the store's evidence is what it was: offline, nothing is written.

    Looked at are each line of the manifest and its chain, every kept answer against its SHA-256, the files
    of observations and the descriptions of pulls against the manifest, and the records of a sample of the
    answers, or of --all, against the bytes they came from, read again. What was altered is named, with the
    records that rest on it. state.sqlite, locks and partial/ are no evidence.

    The head of the chain is printed: note it elsewhere, and --head says later whether it still is in the
    chain. Within the store nobody can prove more than that nothing was altered by accident.

    Time stamps (adaudit stamp) are held to the hash that they stamp and to root certificates: those kept
    with them, or --roots. Told are the time of each, the lines that existed by then, and how many nothing
    has stamped since. One that does not hold is a fault.

    Exit code 0 where all is what it was, 4 where something is not.

    \b
    Examples:
      adaudit verify
      adaudit verify --all --json
      adaudit verify --roots tsa-root.pem
    """
    from adaudit.cli.progress import progress_bar
    from adaudit.collection.verifying import SAMPLE, Asked, verify

    if every and sample is not None:
        raise click.UsageError("--all and --sample exclude one another.")
    asked = Asked(None if every else SAMPLE if sample is None else sample, seed, head or "", roots)
    try:
        with progress_bar(lang) as progress:
            found = verify(opened_store(folder), asked, progress)
    except AdauditError as error:
        stop(error)
    if as_json:
        click.echo(json.dumps(found.as_written(), ensure_ascii=False, indent=1))
    else:
        _show(found, lang)
    sys.exit(0 if found.intact else 4)


def _show(found: "Verified", language: Language) -> None:
    from adaudit.cli.console import out_console, say

    console = out_console()
    say(console, SAY.say("verify_intact" if found.intact else "verify_damaged", language), "bold")
    names = ("lines", "blobs", "files", "pulls", "answers", "answers_read", "records", "records_read")
    counts = {name: number(getattr(found, name), language) for name in names}
    say(console, f"  {SAY.say('verify_counts', language, **counts)}")
    for one in found.faults[:MOST]:
        _show_fault(one, language)
    if len(found.faults) > MOST:
        say(console, f"  {SAY.say('pull_others', language, count=number(len(found.faults) - MOST, language))}")
    for note in found.notes[:MOST]:
        say(console, f"  {SAY.say('note', language, text=in_language(note, language))}", "dim")
    _show_stamps(found, language)
    if found.noted is not None:
        say(console, f"  {SAY.say('verify_noted', language, line=number(found.noted + 1, language))}")
    say(console, f"  {SAY.say('verify_head', language, head=found.head, until=found.until or '–')}")


def _show_stamps(found: "Verified", language: Language) -> None:
    """The stamps that hold, the last ones where there are many, and since which line nothing is stamped."""
    from adaudit.cli.console import out_console, plain, say

    console = out_console()
    holding = [one for one in found.stamps if one.holds and one.at]
    if len(holding) > MOST:
        say(console, f"  {SAY.say('stamps_before', language, count=number(len(holding) - MOST, language))}")
    for one in holding[-MOST:]:
        lines = {name: number(getattr(one, name), language) for name in ("first", "until")}
        who = plain(one.named or one.authority, 200)
        text = SAY.say("stamp_holds", language, at=f"{one.at:%Y-%m-%d %H:%M:%SZ}", who=who, **lines)
        say(console, f"  {text} {SAY.say(f'stamp_roots_{one.roots}', language)}")
    if found.stamps and not found.unstamped:
        say(console, f"  {SAY.say('stamped_all', language)}")
    elif found.stamps:
        since = number(found.lines - found.unstamped + 1, language)
        say(console, f"  {in_language(SAY.of('unstamped', found.unstamped, since=since), language)}")


def _show_fault(fault: "Fault", language: Language) -> None:
    from adaudit.cli.console import out_console, plain, say

    console = out_console()
    say(console, f"  {fault.file}: {plain(in_language(fault.what, language), 600)}", "red")
    if fault.rests.records is None:
        say(console, f"    {SAY.say('rests_unknown', language)}")
        return
    ids = ", ".join(plain(one) for one in fault.rests.ids)
    if len(fault.rests.ids) < fault.rests.records:
        ids += ", …" if ids else ""
    count = number(fault.rests.records, language)
    say(console, f"    {SAY.say('rests', language, count=count, ids=f' ({ids})' if ids else '')}")
