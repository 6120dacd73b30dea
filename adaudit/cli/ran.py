"""What a person sees of a run: each step as it is done, what fired, where the results lie."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from rich.table import Table as Grid
from rich.text import Text

from adaudit.batch.alerts import SAY as BATCH
from adaudit.batch.planning import PlannedPull
from adaudit.batch.record import Point, Run, Step
from adaudit.batch.rhythm import in_words
from adaudit.cli.console import out_console, plain, say
from adaudit.cli.lang import SAY, WORDS
from adaudit.language import Language, Wording, in_language, number, share

COLOURS = {"failed": "red", "not_due": "dim", "nothing": "dim"}
LONGEST = 400


def instant(at: datetime | None) -> str:
    """An instant in UTC, to the minute."""
    return f"{at:%Y-%m-%d %H:%MZ}" if at else "–"


def due_words(one: PlannedPull) -> Wording:
    """Why a scope is due, or is not."""
    values = {"every": in_words(one.every), "last": instant(one.due.last), "next": instant(one.due.next)}
    return BATCH.both(f"due_{one.reason}", **values)


def seconds(value: float | None, language: Language) -> str:
    """A time to a tenth of a second."""
    if value is None:
        return "–"
    whole, tenth = divmod(round(value * 10), 10)
    return f"{number(whole, language)}{'.' if language == 'en' else ','}{tenth} s"


def show_step(step: Step, language: Language) -> None:
    """One step: what, how it ended, its figures and why."""
    what = BATCH.say(f"step_{step.what}", language)
    standing = SAY.say(f"run_{step.standing}", language)
    took = f" ({seconds(step.seconds, language)})" if step.standing in {"done", "failed"} else ""
    say(
        out_console(),
        f"{what}{f' {plain(in_language(step.name, language), 100)}' if step.name else ''}: {standing}{took}",
        COLOURS.get(step.standing),
    )
    if step.id:
        counts = {"records": number(step.records or 0, language), "new": number(step.new or 0, language)}
        say(out_console(), f"  {SAY.say('run_counts', language, **counts)}")
    if step.stamped:
        say(out_console(), f"  {SAY.say('run_stamped', language, at=f'{step.stamped:%Y-%m-%d %H:%M:%SZ}')}")
    if step.why:
        say(out_console(), f"  {plain(in_language(step.why, language), LONGEST)}")
    for issue in step.issues:
        say(
            out_console(),
            f"  {SAY.say('pull_issue', language, what=plain(in_language(issue, language), LONGEST))}",
            "yellow",
        )


def show_fired(run: Run, language: Language) -> None:
    """What fired and what is over."""
    for key in run.fired:
        say(out_console(), SAY.say("run_fired", language, name=plain(key, 120)), "bold red")
    for key in run.cleared:
        say(out_console(), SAY.say("run_cleared", language, name=plain(key, 120)), "green")
    if run.undelivered:
        say(out_console(), in_language(SAY.of("run_waiting", run.undelivered), language), "yellow")


def show_where(run: Run, out: Path, language: Language) -> None:
    """What changed against the run before, and where the results lie."""
    if run.changes:
        counts = {name: number(count, language) for name, count in run.changes.items()}
        say(out_console(), SAY.say("run_compared", language, before=run.compared_with, **counts))
    if run.audit:
        say(out_console(), SAY.say("written", language, folder=out / run.audit), "bold")
    number_ = number(run.number, language)
    ended = SAY.say(f"run_{run.standing}", language)
    say(
        out_console(),
        SAY.say("run_ended", language, number=number_, ended=ended, seconds=seconds(run.seconds, language)),
    )


def show_runs(runs: list[Run], language: Language) -> None:
    """The runs as a table, the last one last."""
    grid = Grid(box=None, pad_edge=False, padding=(0, 2), header_style="bold")
    for key in ("number", "began", "ended_how", "took", "failed_steps", "fired_alerts", "records_word"):
        grid.add_column(SAY.say(f"runs_{key}", language), justify="left" if key in {"began", "ended_how"} else "right")
    for one in runs:
        records = next((step.records for step in one.steps if step.what == "audit"), None)
        cells = [
            number(one.number, language),
            instant(one.began),
            SAY.say(f"run_{one.standing}", language),
            seconds(one.seconds, language),
            number(len(one.failed), language),
            number(len(one.fired), language),
            "–" if records is None else number(records, language),
        ]
        grid.add_row(*(Text(cell) for cell in cells))
    out_console().print(grid)


def show_trend(points: list[Point], verdicts: Sequence[str], language: Language) -> None:
    """The shares as a table, one row a run of one form."""
    words = ", ".join(WORDS.say(f"verdict_{one}", language) for one in verdicts)
    grid = Grid(box=None, pad_edge=False, padding=(0, 2), header_style="bold")
    grid.add_column(SAY.say("runs_source", language))
    grid.add_column(SAY.say("runs_number", language), justify="right")
    grid.add_column(SAY.say("runs_began", language))
    grid.add_column(SAY.say("runs_share", language, verdicts=words), justify="right")
    for one in points:
        cells = [f"{one.source} {one.form}", number(one.run, language), instant(one.began)]
        grid.add_row(*(Text(cell) for cell in (*cells, share(one.count, one.of, language))))
    out_console().print(grid)
