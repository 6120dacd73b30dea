"""`adaudit sources`: what can be read, what each form shows of what the law asks, and how to get it."""

import json

import click
from rich.table import Table as Grid
from rich.text import Text

from adaudit.cli.console import out_console, say
from adaudit.connectors import Form, Source, sources
from adaudit.rules import RULES, texts


@click.command("sources")
@click.argument("source_id", required=False, metavar="[ID]")
@click.option("--json", "as_json", is_flag=True, help="Print everything known as JSON.")
def command(source_id: str | None, as_json: bool) -> None:
    """What adaudit can read: all sources, or one of them in full.

    For each form of file: how to get it by hand, which of its fields show what the law asks for and
    how exactly, and what it never shows.
    """
    known = sources()
    if source_id is not None and source_id not in known:
        raise click.UsageError(f"no source {source_id!r}; there are: {', '.join(known)}.")
    chosen = {source_id: known[source_id]} if source_id else known
    if as_json:
        click.echo(json.dumps({name: one.model_dump() for name, one in chosen.items()}, ensure_ascii=False, indent=1))
    elif source_id:
        _show_one(chosen[source_id])
    else:
        _show_all(chosen)


def _show_all(found: dict[str, Source]) -> None:
    console = out_console()
    grid = Grid(box=None, pad_edge=False, header_style="bold")
    for heading in ("id", "form", "kind", "file", "what it is"):
        grid.add_column(heading, no_wrap=heading != "what it is")
    for one in found.values():
        for name, form in one.form.items():
            grid.add_row(one.id, name, form.kind, form.container, Text(f"{one.title}: {form.title}"))
    console.print(grid)
    say(console, "")
    say(
        console,
        "adaudit sources ID shows one source in full. Files are recognised by their content, zipped or not.",
        "dim",
    )


def _show_one(one: Source) -> None:
    console = out_console()
    say(console, f"{one.id}: {one.title}", "bold")
    for label, text in (
        ("publisher", one.publisher),
        ("what", one.description),
        ("access", one.access),
        ("licence", one.licence),
        ("documentation", ", ".join(one.documentation)),
    ):
        say(console, f"{label}: {text}")
    for name, form in one.form.items():
        say(console, "")
        say(console, f"form {name}: {form.title} ({form.container}, {form.kind})", "bold")
        say(console, f"how to get it: {form.how_to_get}")
        if form.note:
            say(console, f"note: {form.note}")
        if form.kind != "none":
            say(console, f"published under: {', '.join(form.duties) or 'no duty; the platform’s own choice'}")
            _show_exposure(form)


def _show_exposure(form: Form) -> None:
    console = out_console()
    grid = Grid(box=None, pad_edge=False, header_style="bold")
    for heading in ("requirement", "shown", "fields of the source"):
        grid.add_column(heading, overflow="fold")
    never = []
    for name, rule in RULES.items():
        if form.kind not in rule.kinds or rule.family not in {"disclosure", "label"}:
            continue
        if name not in form.exposure:
            never.append(texts()[name]["title"]["en"])
            continue
        exposure = form.exposure[name]
        grid.add_row(texts()[name]["title"]["en"], exposure.level, Text(", ".join(exposure.fields)))
    console.print(grid)
    if never:
        say(console, f"never shown: {'; '.join(never)}")
