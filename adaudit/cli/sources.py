"""`adaudit sources`: what can be read and pulled, what each form shows of what the law asks, and how to get it."""

import json

import click
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from adaudit.cli.console import out_console, say
from adaudit.cli.lang import SAY, WORDS, lang_option
from adaudit.connectors import Form, Source, sources
from adaudit.connectors.fetching import FILTERS
from adaudit.connectors.source import Live, Part, Rate
from adaudit.language import Language, in_language, number
from adaudit.law.citation import duty
from adaudit.rules import RULES, texts


@click.command("sources")
@click.argument("source_id", required=False, metavar="[ID]")
@click.option("--json", "as_json", is_flag=True, help="Print everything known as JSON.")
@lang_option
def command(source_id: str | None, as_json: bool, lang: Language) -> None:
    """What adaudit can read and pull: all sources, or one of them in full.

    Whether and how it is pulled, with which filters, credentials and limits; and for each form of file how
    to get it by hand, which of its fields show what the law asks for and how exactly, and what it never shows.
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
    say(console, SAY.say("pullable", language, names=", ".join(one.id for one in found.values() if one.live)))
    for one in found.values():
        if one.live is None and not one.form:
            why = in_language(one.no_pull, language)
            say(console, SAY.say("not_readable", language, id=one.id, title=in_language(one.title, language), why=why))
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
    _show_pulling(one, console, language)
    if one.no_political_ads:
        policy = one.no_political_ads
        say(console, f"{in_language(policy.says, language)} ({in_language(policy.basis, language)}; {policy.seen_in}).")
    for name, form in one.form.items():
        say(console, "")
        _show_form(name, form, console, language)


def _show_pulling(one: Source, console: Console, language: Language) -> None:
    """Whether and how the source is pulled."""
    say(console, "")
    if one.live is None:
        why = in_language(one.no_pull or one.access, language)
        say(console, SAY.say("pull_not", language, why=why), "bold")
        return
    live = one.live
    say(console, SAY.say("pull_how", language, call=f"adaudit pull {one.id}"), "bold")
    for what in live.what or ("",):
        if what:
            say(console, SAY.say("pull_part", language, what=what))
        _show_filters(live.part(what), console, language, indent="  " if what else "")
    _show_credentials(live, console, language)
    _show_accounts(live, console, language)
    for name, value in live.settings.items():
        variable = f"ADAUDIT_{one.id}_{name}".upper()
        say(console, SAY.say("pull_setting", language, variable=variable, value=value or "–"))
    for rate in live.rates:
        say(console, _rate("pull_rate", rate, language))
    for name, rate in live.limits.items():
        say(console, _rate("pull_limit", rate, language, name=name))
    if live.floor:
        say(console, SAY.say("pull_floor", language, floor=number(live.floor, language)))
    if live.note:
        say(console, SAY.say("pull_note", language, text=in_language(live.note, language)))


def _show_filters(part: Part, console: Console, language: Language, indent: str) -> None:
    """What one thing of the source can be asked by, and what must be given."""
    options = ", ".join(FILTERS[name] for name in FILTERS if name in part.filters)
    shown = SAY.say("pull_filters", language, options=options) if options else SAY.say("pull_whole", language)
    say(console, f"{indent}{shown}")
    for group in part.needs:
        needed = f" {SAY.say('pull_or', language)} ".join(FILTERS[name] for name in group)
        say(console, f"{indent}{SAY.say('pull_needs', language, options=needed)}")


def _show_credentials(live: Live, console: Console, language: Language) -> None:
    if not live.credentials and not live.accounts:
        say(console, SAY.say("pull_open", language))
    for one in live.credentials.values():
        key = "pull_credential" if one.required else "pull_optional"
        say(console, SAY.say(key, language, variable=one.variable, text=in_language(one.words, language)))


def _show_accounts(live: Live, console: Console, language: Language) -> None:
    for name, one in live.accounts.items():
        parts, extra = ", ".join(live.parts_of(name)), f"pip install 'adaudit[{one.extra}]'"
        say(console, SAY.say("pull_account", language, parts=parts, extra=extra, text=in_language(one.words, language)))


def _rate(key: str, rate: Rate, language: Language, **more: str) -> str:
    calls, seconds = number(rate.calls, language), number(rate.seconds, language)
    return SAY.say(key, language, calls=calls, seconds=seconds, source=in_language(rate.source, language), **more)


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
        if form.kind not in rule.kinds or not rule.asks:
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
