"""What a person goes on working with: other formats, decisions carried along, a sample to check, persons taken out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from adaudit.audit.options import Options
from adaudit.audit.run import Audit, Progress
from adaudit.audit.sampling import draw
from adaudit.audit.tables import Table
from adaudit.cli.console import say
from adaudit.export.formats import Exported, export
from adaudit.export.sample_sheet import write_sheet
from adaudit.language import DEFAULT, Language, number, texts_of


@dataclass
class Handed:
    """What was written for a person beside the results."""

    exported: Exported
    drawn: int = 0
    sheets: list[Path] = field(default_factory=list)


def hand_over(
    done: Audit,
    tables: Sequence[Table],
    formats: Sequence[str],
    options: Options,
    progress: Progress,
    language: Language = DEFAULT,
) -> Handed:
    """Write the formats asked for and the sample sheet."""
    handed = Handed(export(done.out, formats, tables, progress, language))
    if options.sample is not None:
        progress("drawing the sample", 0, 1)
        drawn = draw(done, options.sample, options.seed)
        handed.drawn = drawn.height
        handed.sheets = write_sheet(drawn, done.out, language)
    return handed


def show_person_notices(done: Audit, handed: Handed, console: Console, language: Language = DEFAULT) -> None:
    """What there is to know of decisions, redaction and formats, on standard error."""
    text = texts_of("adaudit.export").say
    decided = done.decided
    for bad in decided.bad:
        say(console, text("decisions_bad", language, place=bad.place, reason=bad.reason), "red")
    if decided.unknown_columns:
        say(console, text("decisions_unknown", language, columns=", ".join(decided.unknown_columns)), "dim")
    for standing in ("stale", "not_found", "conflicts"):
        count = decided.written.get(standing)
        if isinstance(count, int) and count:
            say(console, text(f"decisions_{standing}", language, count=number(count, language)), "dim")
    for key, values in handed.exported.notices:
        shown = {name: number(one, language) if isinstance(one, int) else one for name, one in values.items()}
        say(console, text(key, language, **shown), "dim")
    redaction = done.redaction
    if redaction is not None:
        counts = {name: number(one, language) for name, one in redaction.values.items()}
        persons, withheld = number(redaction.persons, language), number(redaction.withheld, language)
        say(console, text("redacted", language, persons=persons, withheld=withheld, **counts))


def show_handed(done: Audit, handed: Handed, console: Console, language: Language = DEFAULT) -> None:
    """Decisions and what was written for a person, after the results."""
    text = texts_of("adaudit.export").say
    written = done.decided.written
    if written.get("file"):
        counts = {
            name: written[key]
            for name, key in (
                ("confirmed", "confirmed"),
                ("dismissed", "dismissed"),
                ("noted", "noted"),
                ("open", "open_suspects"),
                ("suspects", "suspects"),
            )
        }
        shown = {name: number(one, language) for name, one in counts.items() if isinstance(one, int)}
        say(console, text("decisions_read", language, **shown))
    if handed.exported.paths:
        names = ", ".join(str(path.relative_to(done.out)) for path in handed.exported.paths)
        say(console, text("formats_written", language, names=names))
    if handed.sheets:
        say(console, text("sample_drawn", language, count=number(handed.drawn, language), folder=done.out))
        wanted = done.summary["options"]["sample"]  # type: ignore[index]
        if handed.drawn < wanted:
            values = {"wanted": number(wanted, language), "count": number(handed.drawn, language)}
            say(console, text("sample_short", language, **values))
