"""Two audits side by side in the terminal."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from adaudit.audit.comparison import Comparison, Difference, shares
from adaudit.audit.tables import DECIDED
from adaudit.cli.console import plain, say
from adaudit.language import Language, in_language, number, share, texts_of

MOST_FIELDS: Final = 12
MOST_INPUTS: Final = 5


def show_comparison(comparison: Comparison, written: Sequence[Path], console: Console, language: Language) -> None:
    """How they were made first, then records, findings and verdicts, each with its denominator."""
    text = texts_of("adaudit.export").say
    for letter, one in (("A", comparison.a), ("B", comparison.b)):
        say(console, f"{letter}: {one.folder}, adaudit {one.summary['adaudit']}")
    say(console, "")
    if comparison.made:
        say(console, text("compare_made_differently", language), "bold yellow")
        for difference in comparison.made:
            _show_difference(difference, console, language)
    else:
        say(console, text("compare_made_alike", language))
    say(console, "")
    _show_counts(comparison, console, language)
    _show_verdicts(comparison, console, language)
    say(console, text("compare_no_removal", language), "dim")
    if written:
        say(console, "")
        say(console, text("compare_written", language, folder=written[0].parent), "bold")
        for path in written:
            say(console, f"  {path.name}")


def _show_difference(difference: Difference, console: Console, language: Language) -> None:
    text = texts_of("adaudit.export").say
    what = in_language(difference.what, language)
    if isinstance(difference.a, list) and isinstance(difference.b, list):
        for letter, only in (("A", difference.a), ("B", difference.b)):
            if only:
                names = [str(one["path"]) if isinstance(one, dict) else str(one) for one in only]
                more = f" (+ {number(len(names) - MOST_INPUTS, language)})" if len(names) > MOST_INPUTS else ""
                shown = ", ".join(plain(name) for name in names[:MOST_INPUTS]) + more
                only_in = text("compare_only", language, what=what, side=letter, names=shown)
                say(console, f"  {only_in}", "yellow")
        return
    unset = text("compare_unset", language)
    a, b = (unset if one is None else plain(str(one)) for one in (difference.a, difference.b))
    say(console, f"  {text('compare_other', language, what=what, a=a, b=b)}", "yellow")


def _show_counts(comparison: Comparison, console: Console, language: Language) -> None:
    text = texts_of("adaudit.export").say
    records, findings = comparison.records, comparison.findings
    shared = records["changed"] + records["same"]
    say(
        console,
        text(
            "compare_records",
            language,
            only_a=number(records["only_a"], language),
            only_b=number(records["only_b"], language),
            changed=share(records["changed"], shared, language),
        ),
    )
    if comparison.changed_fields:
        fields = list(comparison.changed_fields.items())
        shown = ", ".join(f"{name} {number(count, language)}" for name, count in fields[:MOST_FIELDS])
        more = f" (+ {number(len(fields) - MOST_FIELDS, language)})" if len(fields) > MOST_FIELDS else ""
        say(console, text("compare_fields", language, fields=shown + more))
    counts = {name: number(value, language) for name, value in findings.items()}
    say(console, text("compare_findings", language, **counts))
    say(console, "")


def _show_verdicts(comparison: Comparison, console: Console, language: Language) -> None:
    text, words = texts_of("adaudit.export").say, texts_of("adaudit.model").say
    grid = Grid(box=None, pad_edge=False, padding=(0, 1), header_style="bold")
    grid.add_column(text("compare_verdict", language), overflow="fold", ratio=1, min_width=24)
    grid.add_column("A", justify="right", overflow="fold")
    grid.add_column("B", justify="right", overflow="fold")
    for row in shares(comparison.verdicts).iter_rows(named=True):
        binding = text(f"compare_binding_{row['binding']}", language)
        kind = words(f"kind_{row['kind']}", language)
        grid.add_row(Text(f"{row['source']} {row['form']}, {kind}, {binding}", style="bold"))
        for verdict, of in [*((one, "checks") for one in DECIDED), ("suspect", "guards")]:
            counts = [(row[f"{verdict}_{letter}"], row[f"{of}_{letter}"]) for letter in ("a", "b")]
            if any(part for part, _ in counts):
                cells = [share(part, whole, language) if whole else "–" for part, whole in counts]
                grid.add_row("  " + words(f"verdict_{verdict}", language), *cells)
    console.print(grid)
