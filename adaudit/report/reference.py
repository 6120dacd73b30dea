"""Every rule and every requirement explained: what the report holds of them, and as pages, one a rule.

Both are drawn from one template. A page needs no network and no other page; links between them are relative.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from adaudit import __version__, law
from adaudit.audit.shows import by_level
from adaudit.errors import UsageError
from adaudit.language import DEFAULT, Language, day, texts_of
from adaudit.law import Requirement, requirements
from adaudit.law.citation import cited, instrument
from adaudit.model.vocabulary import outcomes
from adaudit.report.environment import LAWS, asset, environment, policy
from adaudit.report.wording import say, worded
from adaudit.rules import accounts, every, rules_version
from adaudit.rules.examples import GROUPS, Example, baseline
from adaudit.rules.explanation import Explanation, explanations
from adaudit.rules.repository import FAMILY
from adaudit.rules.shown import WORDS, facts, in_words, limits, nothing

INDEX: Final = "index.html"
HEADINGS: Final = {
    "passing": "rule_passing",
    "failing": "rule_failing",
    "not_applicable": "rule_not_applicable",
    "unknown": "rule_unknown",
}
OF_FAMILY: Final = {("passing", "label"): "rule_passing_label", ("failing", "guard"): "rule_failing_guard"}
"""Headings of examples that are worded for a family of rules."""
Chapter = tuple[str, list[Explanation]]


def name(one: Explanation, language: Language) -> str:
    """What a page is called: the rule's title, else what is asked for, else the article that asks for others."""
    if one.title or one.sentence:
        return worded(one.title or one.sentence, language).removesuffix(".")
    return say("rules_whole", language, pinpoint=cited(next(iter(one.pinpoints.values())), language))


def chapters(language: Language) -> list[Chapter]:
    """Rules by the act they rest on, those on no single article, those on a source as a whole, and what no rule judges:
    all in all, everything."""
    found = list(explanations().values())
    ruled: dict[str, list[Explanation]] = {}
    for one in found:
        if one.rule and one.rule.family == FAMILY:
            continue
        if one.requirement and not (one.account and one.account.not_auditable):
            ruled.setdefault(one.requirement.instrument, []).append(one)
    made = [(instrument(act, language), those) for act, those in ruled.items()]
    alone = [one for one in found if one.requirement is None]
    beyond = [one for one in found if one.account and one.account.not_auditable]
    whole = [one for one in found if one.rule and one.rule.family == FAMILY]
    return [
        *made,
        (say("rules_no_article", language), alone),
        (say("rules_whole_source", language), whole),
        (say("rules_beyond", language), beyond),
    ]


def explained(language: Language, link: Callable[[str], str]) -> dict[str, Any]:
    """What the template of a rule is drawn with; `link` gives the address of a rule or requirement."""
    judged = sum(bool(one.rules) for one in accounts().values())
    return {
        "all": explanations(),
        "chapters": chapters(language),
        "accounted": {
            "all": len(requirements()),
            "rules": len(every()),
            "judged": judged,
            "others": len(requirements()) - judged,
        },
        "baseline": lambda one: _baseline(one, language),
        "groups": GROUPS,
        "group_name": lambda group, family: say(OF_FAMILY.get((group, family), HEADINGS[group]), language),
        "name": lambda one: name(one, language),
        "link": link,
        "cited": lambda pinpoint: cited(pinpoint, language),
        "instrument": lambda act: instrument(act, language),
        "laws": {act: LAWS.get(act) for act in law.instruments()},
        "since": lambda requirement: _since(requirement, language),
        "m": lambda key: texts_of("adaudit.model").say(key, language),
        "e": lambda key: WORDS.say(key, language),
        "outcomes": outcomes(),
        "facts": facts,
        "limits": limits,
        "nothing": nothing(),
        "shows": by_level,
        "cite": lambda one: cite(one, language),
    }


def cite(one: Explanation, language: Language) -> str:
    """How to cite the page of a rule or requirement: program, rule, versions."""
    made = {"adaudit": __version__, "id": one.id, "law": law.version(), "rules": rules_version()}
    if one.rule is None:
        return say("rule_cite", language, **made)
    return say("rule_cite_version", language, **made, version=one.rule.version)


def _baseline(one: Explanation, language: Language) -> str:
    """What records of the rule's examples say of themselves, in words; per kind where kinds differ."""
    kinds = {example.kind for those in one.examples.values() for example in those}
    told: dict[str, list[str]] = {}
    for kind, given in baseline().items():
        if kind in kinds:
            words = in_words(Example(kind, given, "", ""), language)
            told.setdefault(words, []).append(WORDS.say(f"one_{kind}", language))
    several = len(told) > 1
    return "; ".join(f"{words} ({', '.join(of)})" if several else words for words, of in told.items())


def _since(requirement: Requirement, language: Language) -> str:
    if requirement.applies_from is None:
        return say("since_no_day", language)
    return say("since_day", language, day=day(requirement.applies_from, language))


def write_reference(folder: Path, language: Language = DEFAULT) -> list[Path]:
    """Write one page a rule and requirement, and `index.html`, into the folder; return their paths.

    Pages that are there already are replaced. Raises UsageError where the folder cannot be written to.
    """
    page = environment(language).get_template("reference.html")
    common = explained(language, lambda name: f"{name}.html") | {
        "policy": policy(asset("report.css")),
        "adaudit": __version__,
        "law_version": law.version(),
        "rules_version": rules_version(),
    }
    ordered = [one for _, those in common["chapters"] for one in those]
    texts = {INDEX: page.render(**common, one=None)}
    for turn, one in enumerate(ordered):
        texts[f"{one.id}.html"] = page.render(**common, one=one, **_beside(ordered, turn))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name_of_page, text in texts.items():
            (folder / name_of_page).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"--reference: {folder} cannot be written to: {error.strerror or error}.") from error
    return [folder / name_of_page for name_of_page in texts]


def _beside(ordered: Sequence[Explanation], turn: int) -> dict[str, Explanation | None]:
    """The pages before and behind, in the order of the index."""
    return {
        "back": ordered[turn - 1] if turn else None,
        "next": ordered[turn + 1] if turn + 1 < len(ordered) else None,
    }
