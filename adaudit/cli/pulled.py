"""What a person or a program sees of a pull: as it goes, and how it ended."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from adaudit import __version__
from adaudit.cli.console import err_console, out_console, plain, say, show_wholes
from adaudit.cli.lang import SAY
from adaudit.errors import UsageError
from adaudit.language import Language, in_language, number

if TYPE_CHECKING:
    from adaudit.collection.pulling import Told
    from adaudit.store import Pull, Store

MOST = 10
"""Lines of what is missing, and of issues, that are shown."""


@contextmanager
def following(as_json: bool, store: "Store", language: Language) -> "Iterator[Told]":
    """Yield what a pull calls as it goes: JSON lines, a bar on a terminal, or nothing."""
    if as_json:
        yield lambda pull, event: click.echo(json.dumps(_event(pull, event, store), ensure_ascii=False))
        return
    if not sys.stderr.isatty():
        yield lambda _pull, _event: None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err_console(), transient=True) as bar:
        task = bar.add_task("", total=None)

        def show(pull: "Pull", _event: str) -> None:
            told = SAY.say(
                "pulling",
                language,
                source=pull.source,
                answers=number(pull.answers, language),
                rows=number(pull.rows, language),
            )
            bar.update(task, description=plain(told, 80), completed=pull.rows, total=pull.told)

        yield show


def _event(pull: "Pull", event: str, store: "Store") -> dict[str, object]:
    """What happened, as a line of JSON tells it; at the end with what the rules on a source as a whole say."""
    from adaudit.collection.stored import of_one

    whole = {"repository": of_one(store, pull)} if event == "end" else {}
    return {"event": event, **written_pull(pull), **whole}


def migrated(store: "Store", language: Language) -> None:
    """Have observations made again that an adaudit of other columns made, and say so on standard error."""
    from adaudit.cli.progress import progress_bar
    from adaudit.collection.replaying import migrate

    with progress_bar(language) as progress:
        done = migrate(store, progress)
    if done is not None:
        said = SAY.say("migrated", language, count=number(len(done.pulls), language), now=__version__)
        say(err_console(), said, "yellow")


def written_pull(pull: "Pull") -> dict[str, object]:
    """All that is known of a pull, for a program; not from where it goes on."""
    return pull.model_dump(mode="json", exclude={"then"})


def outcome(pull: "Pull", language: Language) -> str:
    """How a pull ended, or that it did not, in words."""
    return SAY.say(f"outcome_{pull.outcome or 'unfinished'}", language)


def show_expiry(source: str, language: Language) -> None:
    """On standard error, that the credentials of a source expire soon or did, where that is noted; what to do then."""
    from datetime import UTC, datetime

    from adaudit.collection.expiry import expiry_of
    from adaudit.connectors import sources

    try:
        found = expiry_of(sources()[source], datetime.now(UTC).date())
    except UsageError as error:  # what is noted is no day: the source is asked all the same
        say(err_console(), str(error), "yellow")
        return
    if found is not None and found.near:
        todo = SAY.say("doctor_next", language, text=in_language(found.todo, language))
        say(err_console(), f"{in_language(found.words, language)}. {todo}", "yellow")


def show_pull(pull: "Pull", store: "Store", language: Language) -> None:
    """How a pull ended: outcome, figures, what is missing, what is odd, and what to do next."""
    from adaudit.collection.stored import of_one

    console = out_console()
    say(
        console,
        f"{pull.source or SAY.say('files_word', language)}: {outcome(pull, language)}",
        "bold",
    )
    counts = {name: number(getattr(pull, name) or 0, language) for name in ("answers", "size", "records", "new")}
    say(console, f"  {SAY.say('pull_counts', language, **counts)}")
    if pull.why:
        say(console, f"  {SAY.say('pull_why', language, why=in_language(pull.why, language))}")
    if pull.taken_out:
        say(console, f"  {SAY.say('pull_taken_out', language, count=number(pull.taken_out, language))}")
    missing = [f"{one.what}: {one.why}" for one in pull.missing]
    missing += [SAY.say("not_asked", language, what=one) for one in pull.left]
    for one in missing[:MOST]:
        say(console, f"  {SAY.say('pull_missing', language, what=one)}", "yellow")
    if len(missing) > MOST:
        say(console, f"  {SAY.say('pull_others', language, count=number(len(missing) - MOST, language))}")
    for one in (*pull.notes, *pull.issues)[:MOST]:
        say(console, f"  {SAY.say('pull_issue', language, what=plain(in_language(one, language), 300))}", "yellow")
    show_wholes(of_one(store, pull), console, language)
    if pull.resumable:
        say(console, f"  {SAY.say('pull_resume', language, source=pull.source)}")
    say(console, f"  {SAY.say('pull_kept', language, id=pull.id, folder=store.folder)}")
