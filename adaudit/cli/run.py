"""`adaudit run`: one batch of what a configuration names."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from adaudit.cli.asked import config_option, silent_retries, stop
from adaudit.cli.console import err_console, out_console, say
from adaudit.cli.lang import SAY, lang_option
from adaudit.cli.progress import progress_bar
from adaudit.cli.ran import due_words, show_fired, show_step, show_where
from adaudit.errors import AdauditError, UsageError
from adaudit.language import Language, in_language, number

if TYPE_CHECKING:
    from adaudit.audit.run import Audit
    from adaudit.batch.configuration import Configuration
    from adaudit.batch.planning import Plan
    from adaudit.batch.record import Run, Step


@click.command("run")
@config_option
@click.option("--due", "only_due", is_flag=True, help="Do nothing where nothing is due: for timers.")
@click.option("--all", "all_of_it", is_flag=True, help="Ask for every scope, due or not.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print each step, alert and the run as a line of JSON.")
@lang_option
def command(config: Path, only_due: bool, all_of_it: bool, dry_run: bool, as_json: bool, lang: Language) -> None:
    """Run one batch: pull what is due, take in new files, audit the store, compare, tell. It prunes nothing.

    With [stamp] in the configuration a time stamping authority stamps what came, before the audit.

    A source that fails stops no other. One run at a time. A run that was killed is gone on with by the next.
    What was missed while the machine was off is done once. `adaudit schedule` writes a timer.

    \b
    Exit codes: 0 done; 1 done, and an alert fired; 2 the configuration is wrong; 3 something failed (a pull
    or import that is not complete, the audit, a message) or another run is at work.

    \b
    Examples:
      adaudit run
      adaudit run --config nl.toml --dry-run
      adaudit run --due --json
    """
    from adaudit.batch.configuration import read
    from adaudit.batch.extras import check_extras
    from adaudit.batch.run import Asked, run

    silent_retries()
    try:
        if only_due and all_of_it:
            raise UsageError("--due and --all exclude one another.")
        configuration = read(config)
        check_extras(configuration)
        if dry_run:
            _show_plan(configuration, as_json, lang)
            return
        with progress_bar(lang) as progress:
            told = _Told(as_json, lang)
            asked = Asked(only_due=only_due, all_of_it=all_of_it, told=told, progress=progress)
            done = run(configuration, config.read_bytes(), _draw, asked)
    except AdauditError as error:
        stop(error)
    except KeyboardInterrupt:
        say(err_console(), SAY.say("run_stopped", lang), "yellow")
        sys.exit(3)
    sys.exit(_end(done, configuration, as_json, lang))


def _draw(done: "Audit", configuration: "Configuration") -> None:
    """Tables, charts and report of a run, as of `adaudit audit`."""
    from adaudit.audit.run import writing
    from adaudit.cli.asked import Charts
    from adaudit.cli.checklist import write_checklists
    from adaudit.cli.written import draw_charts, draw_report, write_tables

    quiet = configuration.audit.charts
    names = Charts().convert(",".join(quiet), None, None) if quiet else ()
    with writing(done.out):
        write_tables(done, ("source", "sponsor"))
        draw_charts(done, lambda *_: None, names, configuration.language)
        write_checklists(done.out, configuration.language)
        if configuration.audit.report:
            draw_report(done, lambda *_: None, configuration.language)


class _Told:
    """What is printed of each step as it is done."""

    def __init__(self, as_json: bool, language: Language) -> None:
        self._as_json = as_json
        self._language = language

    def __call__(self, step: "Step") -> None:
        if self._as_json:
            click.echo(json.dumps({"event": "step", **step.model_dump(mode="json")}, ensure_ascii=False))
        else:
            show_step(step, self._language)


def _end(done: "Run | None", configuration: "Configuration", as_json: bool, language: Language) -> int:
    """Print how the run ended; the exit code."""
    if done is None:
        if as_json:
            click.echo(json.dumps({"event": "nothing_due"}))
        else:
            say(out_console(), SAY.say("run_nothing_due", language))
        return 0
    if as_json:
        for event, keys in (("fired", done.fired), ("cleared", done.cleared)):
            for key in keys:
                click.echo(json.dumps({"event": event, "key": key, "run": done.id}, ensure_ascii=False))
        click.echo(json.dumps({"event": "end", **done.model_dump(mode="json")}, ensure_ascii=False))
        return done.exit_code
    show_fired(done, language)
    show_where(done, configuration.out, language)
    return done.exit_code


def _show_plan(configuration: "Configuration", as_json: bool, language: Language) -> None:
    """What a run would do now."""
    from datetime import UTC, datetime

    from adaudit.batch.outbox import Outbox
    from adaudit.batch.planning import plan
    from adaudit.collection.stamping import Stamping
    from adaudit.store import Store

    there = (configuration.store / "store.json").exists()
    planned = plan(configuration, Store(configuration.store) if there else None, datetime.now(UTC))
    waiting = len(Outbox.of(configuration.store).messages)
    host = Stamping(configuration.stamp.authority, configuration.stamp.roots).host if configuration.stamp else None
    if as_json:
        click.echo(json.dumps({**_planned(planned, waiting), "stamp": host}, ensure_ascii=False))
        return
    console = out_console()
    if planned.phased.votes:
        from adaudit.batch.alerts import SAY as BATCH

        say(console, BATCH.say(f"phase_{planned.phased.phase}", language, votes=", ".join(planned.phased.votes)))
    for pull in planned.pulls:
        line = SAY.say(
            "run_planned", language, name=in_language(pull.name, language), why=in_language(due_words(pull), language)
        )
        say(console, line, "bold" if pull.is_due else "dim")
    for watch in planned.watches:
        if watch.problem:
            say(err_console(), watch.problem, "red")
            continue
        found = watch.found
        counts = {"new": len(found.fresh), "known": found.known, "unsettled": len(found.unsettled)}
        shown = {name: number(count, language) for name, count in counts.items()}
        say(console, SAY.say("run_watched", language, folder=watch.watched.folder, **shown))
    if host:
        say(console, SAY.say("run_would_stamp", language, host=host))
    if waiting:
        say(console, in_language(SAY.of("run_waiting", waiting), language))
    say(console, SAY.say("run_dry", language), "dim")


def _planned(planned: "Plan", waiting: int) -> dict[str, object]:
    return {
        "event": "plan",
        "phase": planned.phased.phase,
        "votes": list(planned.phased.votes),
        "pulls": [
            {
                "source": one.asked.source,
                "scope": one.asked.scope.as_written(),
                "due": one.is_due,
                "reason": one.reason,
                "last": one.due.last.isoformat() if one.due.last else None,
                "next": one.due.next.isoformat(),
            }
            for one in planned.pulls
        ],
        "watch": [
            {
                "folder": str(one.watched.folder),
                "new": [path.name for path in one.found.fresh],
                "known": one.found.known,
                "unsettled": [path.name for path in one.found.unsettled],
                "problem": one.problem,
            }
            for one in planned.watches
        ],
        "messages": waiting,
    }
