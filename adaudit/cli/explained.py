"""`adaudit rules --explain ID`: what a rule says, by example, where it can be seen, and its versions."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console

from adaudit.cli.console import say
from adaudit.cli.lang import SAY, WORDS
from adaudit.connectors import sources
from adaudit.language import Language, in_language
from adaudit.model.vocabulary import outcomes
from adaudit.rules import RepositoryRule, Rule
from adaudit.rules.examples import GROUPS, PASSING, Example, baseline
from adaudit.rules.explanation import Explanation
from adaudit.rules.shown import WORDS as OF_EXAMPLES
from adaudit.rules.shown import in_words

OF_FAMILY: Final = {("passing", "label"): "examples_passing_label", ("failing", "guard"): "examples_failing_guard"}
"""Headings of examples that are worded for a family of rules."""


def show_explanation(one: Explanation, console: Console, language: Language) -> None:
    """What stands of a rule below its law; nothing of a requirement that has no rule of its own."""
    if one.rule is None:
        return
    say(console, SAY.say(f"says_{one.rule.family}", language))
    if isinstance(one.rule, RepositoryRule):
        _show_reasons(one, console, language)
    else:
        _show_by_example(one, one.rule, console, language)
    say(console, "")
    say(console, SAY.say("versions", language), "bold")
    say(console, f"  {SAY.say('version_first', language)}")
    for version, words in one.changes.items():
        say(console, f"  {SAY.say('version_changed', language, version=version, text=in_language(words, language))}")


def _show_by_example(one: Explanation, rule: Rule, console: Console, language: Language) -> None:
    _show_removed(rule, console, language)
    for group in GROUPS:
        say(console, "")
        heading = OF_FAMILY.get((group, rule.family), f"examples_{group}")
        say(console, SAY.say(heading, language), "bold")
        _show_examples(rule, one.examples.get(group, ()), group, console, language)
    say(console, "")
    for kind in sorted({example.kind for those in one.examples.values() for example in those}):
        given = in_words(Example(kind, baseline()[kind], "", ""), language)
        say(console, SAY.say("examples_baseline", language, kind=_kind(kind, language), given=given), "dim")
    _show_where(rule, console, language)


def _show_reasons(one: Explanation, console: Console, language: Language) -> None:
    """Each thing that a rule on a source as a whole can say, with what would settle it."""
    for group, those in one.reasons.items():
        say(console, "")
        say(console, SAY.say(f"reasons_{group}", language), "bold")
        for reason in those:
            say(console, f"  {in_language(reason.words, language)} [{reason.id}]")
            if reason.settle:
                say(
                    console,
                    f"    {SAY.say('would_settle', language, text=in_language(reason.settle, language))}",
                    "dim",
                )


def as_data(one: Explanation) -> dict[str, object]:
    """Examples with their verdicts and what changed with each version, for `--json`."""
    examples = [
        {
            "group": group,
            "kind": example.kind,
            "record": {"en": in_words(example, "en"), "nl": in_words(example, "nl")},
            "verdict": example.verdict,
            "reason": example.reason,
        }
        for group, those in one.examples.items()
        for example in those
    ]
    reasons = [
        {
            "verdict": reason.verdict,
            "reason": reason.id,
            "words": reason.words.written(),
            "would_settle": reason.settle.written() if reason.settle else None,
        }
        for those in one.reasons.values()
        for reason in those
    ]
    told = {"reasons": reasons} if reasons else {}
    return {
        "examples": examples,
        **told,
        "versions": {1: None} | {n: words.written() for n, words in one.changes.items()},
    }


def _kind(kind: str, language: Language) -> str:
    return OF_EXAMPLES.say(f"one_{kind}", language)


def _show_removed(rule: Rule, console: Console, language: Language) -> None:
    if rule.removed:
        stopped = outcomes()[rule.removed]
        words = {
            "verdict": WORDS.say(f"verdict_{stopped.verdict}", language),
            "reason": in_language(stopped.words, language),
        }
        say(console, SAY.say("of_removed", language, **words))


def _show_examples(rule: Rule, given: Sequence[Example], group: str, console: Console, language: Language) -> None:
    if not given:
        say(
            console,
            f"  {SAY.say('examples_none_failing' if group == 'failing' else 'examples_none_unknown', language)}",
        )
    for example in given:
        line = {"kind": _kind(example.kind, language), "given": in_words(example, language)}
        say(console, f"  {SAY.say('example', language, **line)}")
        in_order = example.verdict == PASSING and rule.family in {"guard", "consistency"}
        verdict = (
            OF_EXAMPLES.say("in_order", language) if in_order else WORDS.say(f"verdict_{example.verdict}", language)
        )
        reason = in_language(outcomes()[example.reason].words, language)
        say(
            console, f"    {SAY.say('example_why', language, verdict=verdict, reason=reason, id=example.reason)}", "dim"
        )


def _show_where(rule: Rule, console: Console, language: Language) -> None:
    from adaudit.audit.shows import by_level

    found = by_level(rule)
    if not found:
        return
    say(console, "")
    say(console, SAY.say("shown_at", language), "bold")
    for level, those in found.items():
        say(console, f"  {WORDS.say(f'level_{level}', language)}")
        for one in those:
            source = sources()[one.source]
            form = in_language(source.form[one.form].title, language)
            where = {"source": in_language(source.title, language), "form": form, "fields": ", ".join(one.fields)}
            say(console, f"    {SAY.say('shown_in' if one.fields else 'shown_nowhere', language, **where)}")
