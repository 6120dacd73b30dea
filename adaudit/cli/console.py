"""What a person sees in the terminal: statements, notices, where the files lie. Text of ads is hostile."""

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.text import Text

from adaudit.cli.lang import SAY
from adaudit.language import Language, Wording, in_language, number

if TYPE_CHECKING:
    from adaudit.audit.repository import Row
    from adaudit.audit.run import Audit
    from adaudit.audit.statements import Statement
    from adaudit.audit.tables import Table

CONTROL: Final = re.compile("[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
LONGEST: Final = 60
OUTCOMES: Final = (
    "report.html",
    "checklists.txt",
    "findings.parquet",
    "records.parquet",
    "verdicts.parquet",
    "summary.json",
    "superseded.parquet",
    "rejected.ndjson",
    "tables",
)
"""What an audit may have written, in the order in which a reader wants it."""


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


def show_statements(audit: "Audit", console: Console, language: Language, most: int = 3) -> None:
    """The most important statements, one of each subject first."""
    chosen: list[Statement] = []
    for one in audit.statements:
        if len(chosen) < most and one.subject not in {other.subject for other in chosen}:
            chosen.append(one)
    chosen += [one for one in audit.statements if one not in chosen][: most - len(chosen)]
    for index, one in enumerate(chosen, start=1):
        say(console, f"{index}. {in_language(one.words, language)}")


def show_notices(audit: "Audit", console: Console, language: Language) -> None:
    """What there is to know of the inputs: problems first, then notices, on standard error."""
    for report in audit.intake.reports:
        if report.problem:
            say(console, SAY.say("error_at", language, where=report.path, text=report.problem), "red")
        if report.rejected:
            row = report.rejected[0]
            rejected = SAY.of("rejected", len(report.rejected), place=row.place, reason=row.reason)
            text = in_language(rejected, language)
            say(console, SAY.say("error_at", language, where=report.path, text=text), "red")
    for what in audit.intake.passed_over:
        text = SAY.say("passed_over", language, text=in_language(what, language))
        say(console, SAY.say("note", language, text=text), "dim")
    said: dict[str, list[str]] = {}
    for report in audit.intake.reports:
        for notice in report.notices:
            said.setdefault(in_language(notice, language), []).append(report.path)
    for notice, (first, *others) in said.items():
        more = {"first": first, "others": number(len(others), language)}
        where = SAY.say("with_others", language, **more) if others else first
        say(console, SAY.say("note_at", language, where=where, text=notice), "dim")


def _counted(audit: "Audit") -> Wording:
    """How many records, older versions and repeats there are, of how many files."""
    records = audit.assembled
    return SAY.of(
        "records",
        records.total,
        superseded=SAY.of("superseded", records.superseded) if records.superseded else "",
        repeated=SAY.of("repeated", records.repeated) if records.repeated else "",
        files=SAY.of("files", audit.intake.files),
    )


def show_wholes(rows: "Sequence[Row]", console: Console, language: Language) -> None:
    """What the rules on a source as a whole say beyond the usual: what calls for a look stands out, and is first."""
    from adaudit.rules.repository import reasons

    told = [row for row in rows if not reasons()[str(row["reason"])].usual]
    for row in sorted(told, key=lambda row: row["verdict"] != "suspect"):
        text = in_language(Wording.read(row["words"]), language)
        stands_out = row["verdict"] == "suspect" and row["binding"] != "before"
        say(console, SAY.say("note", language, text=f"{text}."), "yellow" if stands_out else "dim")
        if stands_out and row["settle"]:
            settle = in_language(Wording.read(row["settle"]), language)
            say(console, f"  {SAY.say('would_settle', language, text=settle)}", "dim")


def show_audit(
    audit: "Audit", tables: "Sequence[Table]", charts: Sequence[Path], console: Console, language: Language
) -> None:
    """The result of an audit: counts, table, statements and where the files lie."""
    from adaudit.cli.grid import show_table

    say(console, in_language(_counted(audit), language), "bold")
    say(console, "")
    for table in tables if audit.assembled.total else ():
        show_table(table, console, language)
        say(console, "")
    if audit.statements:
        say(console, SAY.say("most_important", language), "bold")
        show_statements(audit, console, language)
        say(console, "")
    for line in audit.summary["highlights"]:  # type: ignore[attr-defined]
        say(console, SAY.say("note", language, text=line[language]), "dim")
    show_wholes(audit.intake.repository, console, language)
    say(console, SAY.say("written", language, folder=audit.out), "bold")
    for name in OUTCOMES:
        if (audit.out / name).exists():
            say(console, f"  {name:<20} {SAY.say(name.replace('.', '_'), language)}")
    if charts:
        names = ", ".join(path.name for path in charts)
        say(console, f"  {'charts':<20} {SAY.say('charts', language, names=names)}")
