"""What a checklist says, in both languages."""

from dataclasses import dataclass
from typing import Final

from adaudit.audit.checklist.lists import Checklist, Item, Untold
from adaudit.language import Language, in_language, texts_of
from adaudit.law.citation import cited, instrument
from adaudit.model.vocabulary import outcomes
from adaudit.rules import RULES, texts

SAY: Final = texts_of("adaudit.audit.checklist")
WORDS: Final = texts_of("adaudit.model")
FOUND: Final = ("missing", "invalid", "partial", "suspect")
"""The parts of a checklist that hold findings, in their order."""
COUNTED: Final = (*FOUND, "unknown", "ok", "not_applicable")


@dataclass(frozen=True)
class Said:
    """One point of a checklist in words."""

    title: str
    law: str
    """Article, act, and what the law makes of it."""
    sentence: str
    seen: str | None
    why: str | None
    """Why it is not in order, where that is more than that it is missing."""
    to_do: str


def heading(one: Checklist, language: Language) -> str:
    """Which notice this is, and the file that holds it."""
    key = "notice_titled" if one.title else "notice"
    return SAY.say(key, language, id=one.record_id, title=one.title, path=one.path)


def tally(one: Checklist, language: Language) -> str:
    """How much is missing, wrong and in order; what is not there at all is left out."""
    counts = {verdict: len(one.of(verdict)) for verdict in FOUND} | {
        "unknown": sum(len(part.rules) for part in one.untold),
        "ok": len(one.in_order),
        "not_applicable": one.not_applicable,
    }
    parts = [SAY.say(f"count_{name}", language, count=counts[name]) for name in COUNTED if counts[name]]
    ready = "" if one.items else f" {SAY.say('nothing_found', language)}"
    return f"{', '.join(parts)}.{ready}"


def said(one: Item, language: Language) -> Said:
    """The point as a person reads it."""
    rule, text = RULES[one.rule], texts()[one.rule]
    law = [cited(one.pinpoint, language), WORDS.say(f"severity_{one.severity}", language)]
    if rule.requirement:
        law[0] = f"{law[0]}, {instrument(rule.act.name, language)}"
    if one.binding == "before":
        law.append(WORDS.say("binding_before", language))
    key = f"seen_{one.reason}" if f"seen_{one.reason}" in SAY.entries else "seen"
    outcome = outcomes()[one.reason]
    return Said(
        text["title"][language],
        "; ".join(law),
        SAY.say("asked", language, sentence=text["sentence"][language]),
        SAY.say(key, language, seen=one.seen) if one.seen else None,
        None if one.reason == "empty" else _capital(in_language(outcome.words, language)),
        _to_do(one, language),
    )


def untold(one: Untold, language: Language) -> str:
    """What cannot be told and why, with what would settle it where whoever writes the notice can."""
    outcome = outcomes()[one.reason]
    titles = ", ".join(texts()[rule]["title"][language] for rule in one.rules)
    why = _capital(in_language(outcome.words, language))
    do = SAY.say(f"do_{one.reason}", language) if f"do_{one.reason}" in SAY.entries else ""
    return SAY.say("untold", language, why=why, titles=titles, do=do).rstrip()


def in_order(one: Checklist, language: Language) -> str:
    """The titles of what is in order."""
    return ", ".join(texts()[rule]["title"][language] for rule in one.in_order)


def _to_do(one: Item, language: Language) -> str:
    named = SAY.say("or", language).join(one.elements)
    for key in (f"do_{one.reason}", f"do_{one.verdict}" if one.elements else "do_compare"):
        if key in SAY.entries:
            return SAY.say(key, language, elements=named)
    raise KeyError(f"no text says what to do about {one.reason}")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
