"""What a person sees of changes in the terminal."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl
from rich.console import Console

from adaudit.audit.repository import when
from adaudit.changes.compare import TOTALS, ChainChanges, Changes, form_in_words, scope_in_words
from adaudit.changes.listings import SAY, History, Listing
from adaudit.changes.steps import Step
from adaudit.cli.console import plain, say
from adaudit.language import Language, day, in_language, number, share
from adaudit.rules.repository import reasons

EXAMPLES: Final = 5
"""Edits of disclosures that are shown."""
MOST: Final = 10
LONGEST: Final = 40


def show_changes(
    changes: Changes, examples: pl.DataFrame, written: Sequence[Path], console: Console, language: Language
) -> None:
    """Totals first, then each scope with its steps, edits, survival and retention."""
    totals = {name: number(count, language) for name, count in changes.totals().items()}
    say(console, SAY.say("totals", language, **totals), "bold")
    for one in changes.chains:
        say(console, "")
        _show_chain(one, console, language)
    if examples.height:
        say(console, "")
        _show_examples(examples, console, language)
    for history in changes.single[:MOST]:
        say(console, SAY.say("nothing_to_compare", language, what=_titled(history, language)), "dim")
    if len(changes.single) > MOST:
        say(console, SAY.say("more_single", language, count=number(len(changes.single) - MOST, language)), "dim")
    if written:
        say(console, "")
        say(console, SAY.say("written", language, folder=written[0].parent), "bold")
        for path in written:
            say(console, f"  {path.name}")


def _titled(history: History, language: Language) -> str:
    chain = history.chain
    return (
        f"{in_language(form_in_words(chain), language)}, {plain(in_language(scope_in_words(history), language), 200)}"
    )


def _show_chain(one: ChainChanges, console: Console, language: Language) -> None:
    say(console, _titled(one.history, language), "bold")
    for made in one.steps[:MOST]:
        _show_step(made, console, language)
    if len(one.steps) > MOST:
        say(console, f"  {SAY.say('more_steps', language, count=number(len(one.steps) - MOST, language))}", "dim")
    if one.curve:
        last = one.curve[-1]
        shown = ", ".join(
            SAY.say("point", language, days=number(point.days, language), share=share(point.there, point.of, language))
            for point in one.curve[-MOST:]
        )
        say(console, f"  {SAY.say('survival', language, of=number(last.of, language), points=shown)}")
    _show_keeping(one, console, language)
    for listing in one.left_out:
        why = in_language(listing.faults[0], language)
        say(console, f"  {SAY.say('left_out', language, listing=_listed(listing, language), why=why)}", "yellow")
    for pull in one.history.silent:
        outcome = SAY.say(f"outcome_{pull.outcome or 'unfinished'}", language)
        say(console, f"  {SAY.say('silent', language, pull=pull.id, outcome=outcome)}", "yellow")


def _listed(listing: Listing, language: Language) -> str:
    return SAY.say(
        "listing",
        language,
        day=day(listing.seen.date(), language),
        records=number(listing.records, language),
        pull=listing.pull.id,
    )


def _show_step(made: Step, console: Console, language: Language) -> None:
    ends = [_listed(one, language) for one in (made.before, made.after) if one]
    say(console, "  " + " → ".join(ends))
    shares = made.shares()
    for name in TOTALS:
        if name in shares:
            say(console, f"    {SAY.say(name, language, share=share(*shares[name], language))}")
    if made.before is not None and not made.claimed:
        alone = {"earlier": number(made.only_before, language), "later": number(made.only_after, language)}
        say(console, f"    {SAY.say('not_claimed', language, **alone)}", "yellow")
        for why in made.why:
            say(console, f"    {in_language(why, language)}", "yellow")
    for note in made.notes:
        say(console, f"    {in_language(note, language)}", "yellow")
    for key, counts in (("disclosures", made.disclosures), ("fields", made.fields), ("first_shown", made.first_shown)):
        if counts:
            say(console, f"    {SAY.say(key, language, counts=_counted(counts, key, language))}")


def _counted(counts: dict[str, int], key: str, language: Language) -> str:
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    named = [(SAY.say(f"of_{name}", language) if key == "disclosures" else name, count) for name, count in ordered]
    more = f" (+ {number(len(named) - MOST, language)})" if len(named) > MOST else ""
    return ", ".join(f"{name} {number(count, language)}" for name, count in named[:MOST]) + more


def _show_keeping(one: ChainChanges, console: Console, language: Language) -> None:
    counts = one.keeping.counts
    by_requirement: dict[str, int] = {}
    for (requirement, *_), count in counts.items():
        by_requirement[requirement] = by_requirement.get(requirement, 0) + count
    for (requirement, verdict, reason, binding), count in sorted(counts.items()):
        said = SAY.say(
            "kept",
            language,
            requirement=requirement,
            share=share(count, by_requirement[requirement], language),
            reason=in_language(reasons()[reason].words, language),
            when=in_language(when(binding), language),
        )
        say(console, f"  {said}", "red" if verdict == "suspect" and binding != "before" else None)


def _show_examples(examples: pl.DataFrame, console: Console, language: Language) -> None:
    say(console, SAY.say("examples", language), "bold")
    for row in examples.to_dicts():
        texts = {name: _cell(row[name], language) for name in ("before", "after")}
        named = {name: plain(str(row[name])) for name in ("source", "record_id", "field")}
        seen = {name: day(row[f"seen_{name}"].date(), language) for name in ("before", "after") if row[f"seen_{name}"]}
        first, last = (seen.get(name, SAY.say("no_day", language)) for name in ("before", "after"))
        say(console, "  " + SAY.say("example", language, **named, **texts, first=first, last=last))


def _cell(value: str | None, language: Language) -> str:
    return SAY.say("nothing", language) if value is None else plain(json.dumps(value, ensure_ascii=False), LONGEST)
