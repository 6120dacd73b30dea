"""Where what a rule asks for can be seen: the forms of which it speaks, and how exactly each shows it."""

from dataclasses import dataclass
from typing import Final

from adaudit.audit.gates import speaks
from adaudit.audit.layouts import Layout
from adaudit.connectors import exposure_of, sources
from adaudit.rules import Rule

LEVELS: Final = ("exact", "partial", "range", "bucket", "unverified", "never")


@dataclass(frozen=True)
class Shows:
    """One form of a source, how exactly it shows what the rule asks for, and in which of its fields."""

    source: str
    form: str
    level: str
    fields: tuple[str, ...]


def shows(rule: Rule) -> list[Shows]:
    """Every form of which the rule speaks, by source and form; none for a rule that asks for no value."""
    if not rule.asks:
        return []
    found = [
        (source.id, form, exposure_of(source.id, form, rule.id))
        for source in sources().values()
        for form in source.form
        if source.form[form].kind != "none" and speaks(rule, Layout(source.id, form, frozenset()))
    ]
    return [Shows(source, form, exposure.level, exposure.fields) for source, form, exposure in found]


def by_level(rule: Rule) -> dict[str, list[Shows]]:
    """The forms of which the rule speaks, by how exactly they show what it asks for; the most exact first."""
    found = shows(rule)
    by = {level: [one for one in found if one.level == level] for level in LEVELS}
    return {level: those for level, those in by.items() if those}
