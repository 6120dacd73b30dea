"""Words of the report: texts by key, wordings from data in one language, hostile characters made visible."""

import re
from collections.abc import Mapping
from typing import Final

from adaudit.connectors import sources
from adaudit.language import DEFAULT, Language, texts_of
from adaudit.law import requirements
from adaudit.model.vocabulary import outcomes
from adaudit.rules import RULES, texts

HIDDEN: Final = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)
"""Control and direction characters, which can make a text read as what it is not."""


def visible(text: str) -> str:
    """The text with control and direction characters shown by their number: harmless and still told."""
    return HIDDEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def worded(entry: object, language: Language) -> str:
    """A wording from data: a plain text, or one text per language (English where the other is absent)."""
    if isinstance(entry, Mapping):
        return str(entry.get(language) or entry.get(DEFAULT) or "")
    in_language = getattr(entry, language, None)
    return str(in_language) if isinstance(in_language, str) else str(entry)


def tongue(entry: object, language: Language) -> Language:
    """The language in which `worded` has the entry: a plain text is English."""
    if isinstance(entry, Mapping):
        return language if entry.get(language) else DEFAULT
    return language if getattr(entry, language, entry) != entry else DEFAULT


def say(key: str, language: Language, **values: object) -> str:
    """A text of the report."""
    return texts_of("adaudit.report").say(key, language, **values)


def form_title(source: str | None, form: str | None, language: Language) -> str:
    """Source and form for a reader; their ids where this version does not know them."""
    found = sources().get(source or "")
    if found is None or form not in found.form:
        return " ".join(part for part in (source, form) if part) or "–"
    return f"{worded(found.title, language)}: {worded(found.form[form].title, language)}"


def rule_title(rule: str, language: Language) -> str:
    """The title of a rule; its id where this version does not know it."""
    return texts()[rule]["title"][language] if rule in texts() else rule


def rule_sentence(rule: str, language: Language) -> str:
    """The rule as a citizen would say it; empty where this version does not know it."""
    return texts()[rule]["sentence"][language] if rule in RULES else ""


def reason_words(reason: str, language: Language) -> str:
    """The reason of a verdict in words."""
    found = outcomes().get(reason)
    return getattr(found, language) if found else reason


def instrument_of(rule: str) -> str:
    """The law that a rule rests on; empty for a rule that rests on no single article."""
    known = RULES.get(rule)
    return requirements()[known.requirement].instrument if known and known.requirement else ""
