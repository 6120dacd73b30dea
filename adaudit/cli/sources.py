"""`adaudit sources`: what can be read, what each form shows of what the law asks, and how to get it."""

import json

import click
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from adaudit.cli.console import out_console, say
from adaudit.cli.lang import SAY, WORDS, lang_option
from adaudit.connectors import Form, Source, sources
from adaudit.language import Language, in_language
from adaudit.law.citation import duty
from adaudit.rules import RULES, texts


@click.command("sources")
@click.argument("source_id", required=False, metavar="[ID]")
@click.option("--json", "as_json", is_flag=True, help="Print everything known as JSON.")
@lang_option
def command(source_id: str | None, as_json: bool, lang: Language) -> None:
    """What adaudit can read: all sources, or one of them in full.

    For each form of file: how to get it by hand, which of its fields show what the law asks for and
    how exactly, and what it never shows.
    """
    known = sources()
    if source_id is not None and source_id not in known:
        raise click.UsageError(f"no source {source_id!r}; there are: {', '.join(known)}.")
    chosen = {source_id: known[source_id]} if source_id else known
    if as_json:
        click.echo(
            json.dumps(
                {name: one.model_dump(mode="json") for name, one in chosen.items()}, ensure_ascii=False, indent=1
            )
        )
    elif source_id:
        _show_one(chosen[source_id], lang)
    else:
        _show_all(chosen, lang)


def _show_all(found: dict[str, Source], language: Language) -> None:
    console = out_console()
    grid = Grid(box=None, pad_edge=False, header_style="bold")
    for heading in ("id", "form", "kind", "file", "what"):
        grid.add_column(SAY.say(f"heading_{heading}", language), no_wrap=heading in {"id", "form", "file"})
    for one in found.values():
        for name, form in one.form.items():
            kind = WORDS.say(f"kind_{form.kind}", language)
            title = f"{in_language(one.title, language)}: {in_language(form.title, language)}"
            grid.add_row(one.id, name, kind, form.container, Text(title))
    console.print(grid)
    say(console, "")
    say(console, SAY.say("sources_hint", language), "dim")


def _show_one(one: Source, language: Language) -> None:
    console = out_console()
    say(console, f"{one.id}: {in_language(one.title, language)}", "bold")
    for label, text in (
        ("publisher", one.publisher),
        ("what", one.description),
        ("access", one.access),
        ("licence", one.licence),
        ("documentation", ", ".join(one.documentation)),
    ):
        say(console, SAY.say(label, language, text=in_language(text, language)))
    if one.no_political_ads:
        policy = one.no_political_ads
        say(console, f"{in_language(policy.says, language)} ({in_language(policy.basis, language)}; {policy.seen_in}).")
    for name, form in one.form.items():
        say(console, "")
        _show_form(name, form, console, language)


def _show_form(name: str, form: Form, console: Console, language: Language) -> None:
    kind = WORDS.say(f"kind_{form.kind}", language)
    title = in_language(form.title, language)
    say(console, SAY.say("form", language, name=name, title=title, container=form.container, kind=kind), "bold")
    say(console, SAY.say("how_to_get", language, text=in_language(form.how_to_get, language)))
    if form.note:
        say(console, SAY.say("form_note", language, text=in_language(form.note, language)))
    if form.kind != "none":
        duties = "; ".join(duty(one, language) for one in form.duties) or SAY.say("no_duty", language)
        say(console, SAY.say("published_under", language, text=duties))
        _show_exposure(form, console, language)


def _show_exposure(form: Form, console: Console, language: Language) -> None:
    grid = Grid(box=None, pad_edge=False, header_style="bold")
    for heading in ("requirement", "shown", "fields"):
        grid.add_column(SAY.say(f"heading_{heading}", language), overflow="fold")
    never = []
    for name, rule in RULES.items():
        if form.kind not in rule.kinds or rule.family not in {"disclosure", "label"}:
            continue
        title = texts()[name]["title"][language]
        if name not in form.exposure:
            never.append(title)
            continue
        exposure = form.exposure[name]
        grid.add_row(title, WORDS.say(f"level_{exposure.level}", language), Text(", ".join(exposure.fields)))
    console.print(grid)
    if never:
        say(console, SAY.say("never_shown", language, text="; ".join(never)))
