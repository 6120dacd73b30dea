"""What a person sees in the terminal: tables, statements, where the files lie. Text of ads is hostile."""

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from adaudit.audit.run import Audit
from adaudit.audit.statements import Statement
from adaudit.audit.tables import Table
from adaudit.language import number

CONTROL: Final = re.compile("[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
LONGEST: Final = 60
ROWS: Final = 20
NOTES: Final = {
    "country": " A record shown in several countries stands in the row of each.",
    "month": " The month is the one in which a record began to run.",
    "source": " Reports of advertisers can overlap in time: a month holds its days.",
}
SHARES: Final = ("ok", "partial", "missing", "invalid", "not_exposed")
WIDE: Final = 128
"""Columns of a terminal from which counts stand beside their shares."""
KINDS: Final = {"ad": "ads", "notice": "notices", "advertiser": "advertisers (counted by ads)"}
APART: Final = {
    "yes": "since the rules apply",
    "before": "before the rules applied",
    "unknown": "not known if they applied",
}


def plain(text: str, longest: int = LONGEST) -> str:
    """The text without control and direction characters, shortened: harmless in a terminal."""
    clean = " ".join(CONTROL.sub(" ", text).split())
    return clean if len(clean) <= longest else clean[: longest - 1] + "…"


def out_console(width: int | None = None) -> Console:
    """Results go to standard output; wide enough for the tables where it is no terminal."""
    if width is None and not sys.stdout.isatty():
        width = 140
    return Console(file=sys.stdout, highlight=False, markup=False, emoji=False, width=width, soft_wrap=False)


def err_console() -> Console:
    """Messages go to standard error."""
    return Console(file=sys.stderr, highlight=False, markup=False, emoji=False, soft_wrap=True)


def say(console: Console, text: str, style: str | None = None) -> None:
    """Print one line of plain text, whatever it holds."""
    console.print(Text(CONTROL.sub(" ", text), style=style or ""))


def percent(part: int, whole: int) -> str:
    """A share in whole per cent, never rounded to nothing or to everything."""
    value = 100 * part / whole
    shown = "<1" if 0 < value < 1 else ">99" if 99 < value < 100 else f"{value:.0f}"
    return f"{shown:>3}\u202f%"


def cell(part: int, whole: int, *, compact: bool) -> Text:
    """A number with its share of the row's checks; on a narrow terminal the share alone."""
    if not whole:
        return Text("–", style="dim")
    text = percent(part, whole) if compact else f"{number(part)} {percent(part, whole)}"
    return Text(text, style="dim" if not part else "")


def show_table(table: Table, console: Console, rows: int = ROWS) -> None:
    """Print a table by one dimension: each share over the checks that could be decided."""
    compact = console.width < WIDE
    grid = Grid(box=None, pad_edge=False, padding=(0, 1), header_style="bold", collapse_padding=True)
    grid.add_column(table.dimension, overflow="fold", ratio=1, min_width=16)
    for heading in ("records", "checks", "disclosed", "partial", "missing", "invalid", "never\nexposed", "suspect"):
        grid.add_column(
            "dis-\nclosed" if compact and heading == "disclosed" else heading, justify="right", no_wrap=True
        )
    last = None
    for row in table.frame.head(rows).iter_rows(named=True):
        value, checks = (str(row[table.dimension]), row["kind"]), row["checks"]
        apart = APART[row["binding"]]
        if value != last:
            grid.add_row(Text(f"{plain(value[0])}, {KINDS[value[1]]}"))
        label = Text(f"  {apart}", style="dim")
        last = value
        guards = row["guard_checks"]
        suspects = f"{number(row['suspect'])} of {number(guards)}" if guards else "–"
        shares = [cell(row[name], checks, compact=compact) for name in SHARES]
        grid.add_row(label, number(row["records"]), number(checks), *shares, Text(suspects))
    console.print(grid)
    more = table.frame.height - rows
    if more > 0:
        say(console, f"… and {number(more)} more rows, in tables/{table.dimension}.csv", "dim")
    say(
        console,
        "checks: record × requirement that could be decided; every share is over them, what does not apply or cannot "
        "be decided is left out. suspect: over its own denominator. A record stands in two rows where one law already "
        "applied to it and the other did not." + NOTES.get(table.dimension, ""),
        "dim",
    )


def show_statements(audit: Audit, console: Console, most: int = 3) -> None:
    """The most important statements, one of each subject first."""
    chosen: list[Statement] = []
    for one in audit.statements:
        if len(chosen) < most and one.subject not in {other.subject for other in chosen}:
            chosen.append(one)
    chosen += [one for one in audit.statements if one not in chosen][: most - len(chosen)]
    for index, one in enumerate(chosen, start=1):
        say(console, f"{index}. {one.en}")


def show_notices(audit: Audit, console: Console) -> None:
    """What there is to know of the inputs: problems first, then notices, on standard error."""
    for report in audit.intake.reports:
        if report.problem:
            say(console, f"error: {report.path}: {report.problem}", "red")
        if report.rejected:
            first = report.rejected[0]
            say(
                console,
                f"error: {report.path}: {number(len(report.rejected))} rows rejected, kept in rejected.ndjson; "
                f"first: {first.place}: {first.reason}",
                "red",
            )
    for words in audit.intake.passed_over:
        say(console, f"note: passed over: {words}", "dim")
    said: dict[str, list[str]] = {}
    for report in audit.intake.reports:
        for notice in report.notices:
            said.setdefault(notice, []).append(report.path)
    for notice, paths in said.items():
        where = paths[0] if len(paths) == 1 else f"{paths[0]} and {number(len(paths) - 1)} more"
        say(console, f"note: {where}: {notice}", "dim")


def show_audit(audit: Audit, tables: Sequence[Table], charts: Sequence[Path], console: Console) -> None:
    """The result of an audit: counts, table, statements and where the files lie."""
    records = audit.assembled
    say(
        console,
        f"{number(records.total)} records"
        + (f", {number(records.superseded)} older versions set aside" if records.superseded else "")
        + (f", {number(records.repeated)} identical repeats" if records.repeated else "")
        + f", from {number(audit.intake.files)} files.",
        "bold",
    )
    say(console, "")
    for table in tables:
        show_table(table, console)
        say(console, "")
    if audit.statements:
        say(console, "Most important", "bold")
        show_statements(audit, console)
        say(console, "")
    for line in audit.summary["highlights"]:  # type: ignore[attr-defined]
        say(console, f"note: {line}", "dim")
    say(console, f"Written to {audit.out}/", "bold")
    for name, what in {
        "report.html": "all of it as one page to read, filter and check, offline",
        "findings.parquet": "one row per finding, with article and place in the bytes",
        "records.parquet": "the records",
        "verdicts.parquet": "one row a record, one code a rule",
        "summary.json": "every count with its denominator, inputs with hashes, how it was made",
        "superseded.parquet": "older versions of the records",
        "rejected.ndjson": "rows that became no record",
        "tables": "the tables as CSV",
    }.items():
        if (audit.out / name).exists():
            say(console, f"  {name:<20} {what}")
    if charts:
        say(console, f"  {'charts':<20} {', '.join(path.name for path in charts)} (and SVG)")
