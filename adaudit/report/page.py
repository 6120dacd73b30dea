"""The page itself: its parts put together from the template, with everything that it needs inside it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup

from adaudit.audit.checklist import checklists
from adaudit.connectors import sources
from adaudit.language import Language
from adaudit.law import version as law_version
from adaudit.law.citation import instrument
from adaudit.model.vocabulary import BINDINGS, VERDICTS
from adaudit.report.checks import SHOWN, shown
from adaudit.report.embedded import Embedded, as_script
from adaudit.report.environment import LAWS, asset, environment, policy
from adaudit.report.given import Given
from adaudit.report.overview import ASSERTED, DECIDED, by_rule, looks_in_words, parts
from adaudit.report.pictures import pictures
from adaudit.report.reference import explained
from adaudit.report.whole import wholes
from adaudit.report.wording import say
from adaudit.rules import rules_version

FILES: Final = 300
"""Inputs that the page lists, those with something to say first; `summary.json` has all."""
SHORTENED: Final = 25
"""Rows of the table for readers without JavaScript."""
SEVERITIES: Final = (
    *("mandatory", "mandatory_last_month", "conditional", "conditional_last_month"),
    *("template", "to_check", "to_check_last_month"),
)
TOLD: Final = ("confirmed", "dismissed", "noted", "superseded", "stale", "not_found", "conflicts", "open_suspects")
"""Entries of `decisions` in `summary.json` that the page tells."""
GATES: Final = ("territory", "political", "removed", "condition", "exposed", "asked", "present", "expression")


def render(given: Given, embedded: Embedded, language: Language) -> str:
    """The whole page as text; the same audit gives the same text."""
    script = asset("report.js")
    return (
        environment(language)
        .get_template("report.html")
        .render(
            outcome=lambda outcome: _known("outcome_" + outcome.replace(",", "").replace(" ", "_"), language, outcome),
            script=Markup(script),  # noqa: S704 - our own file
            policy=policy(asset("report.css"), script),
            data=Markup(as_script(_data(given, embedded, language))),  # noqa: S704 - escaped by as_script
            **_content(given, embedded, language),
            **explained(language, lambda name: f"#rule-{name}"),
            other_version=_other_version(given.summary, language),
        )
    )


def _content(given: Given, embedded: Embedded, language: Language) -> dict[str, Any]:
    summary = given.summary
    rows = by_rule(summary, language)
    found = checklists(given.folder)
    return {
        "summary": summary,
        "given": given,
        "embedded": embedded,
        "found": _found(embedded.strata),
        "files": listed_files(summary["inputs"]),
        "paths": len({one["path"] for one in summary["inputs"]}),
        "options": {key: value for key, value in summary["options"].items() if value not in (None, False, [], ())},
        "decisions": _decisions(summary, language),
        "option_name": lambda key: _known(f"option_{key}", language, str(key)),
        "parts": parts(summary, language),
        "wholes": wholes(summary, language),
        "checklists": [shown(one, language) for one in found.each[:SHOWN]],
        "notices": found.notices,
        "columns": ("suspect", "missing", "invalid", "partial", "not_exposed"),
        "looks": lambda part: looks_in_words(part, language),
        "decided": DECIDED,
        "charts": pictures(given.folder / "charts"),
        "by_rule": rows[:SHORTENED],
        "rules_left": max(len(rows) - SHORTENED, 0),
        "verdicts": VERDICTS,
        "severities": SEVERITIES,
        "gates": GATES,
        "acts": {instrument(name, language): eli for name, eli in LAWS.items()},
        "read": _sources_read(summary),
    }


def _other_version(summary: Mapping[str, Any], language: Language) -> str:
    """What to say where the audit was made with other law or rules than those explained; empty where it was not."""
    made = {"law": summary.get("law_version"), "rules": summary.get("rules_version")}
    here = {"law_here": law_version(), "rules_here": rules_version()}
    return "" if list(made.values()) == list(here.values()) else say("rules_other_version", language, **made, **here)


def _known(key: str, language: Language, otherwise: str) -> str:
    try:
        return say(key, language)
    except KeyError:
        return otherwise


def _found(strata: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Findings by binding; structural gaps and what rests on the user's word alone apart."""
    counts = dict.fromkeys((*BINDINGS, "gaps", "asserted"), 0)
    for one in strata:
        apart = "gaps" if one["verdict"] == "not_exposed" else "asserted" if one["reason"] == ASSERTED else None
        counts[apart or one["binding"]] += one["count"]
    return counts


def _decisions(summary: Mapping[str, Any], language: Language) -> list[tuple[str, int]]:
    """What became of the decisions that the audit was given, in words; empty where it was given none."""
    told = summary.get("decisions")
    if not isinstance(told, Mapping) or not told.get("rows"):
        return []
    return [(say(f"decisions_{key}", language), told[key]) for key in TOLD if key in told]


def listed_files(inputs: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The inputs for the page: at most `FILES`, those with a problem, a rejected row or a notice first."""
    ordered = sorted(inputs, key=lambda one: not (one["problem"] or one["rejected"] or one["outcome"] != "read"))
    return list(inputs) if len(inputs) <= FILES else ordered[:FILES]


def _sources_read(summary: Mapping[str, Any]) -> list[tuple[object, list[object]]]:
    """Each source of which a file was given, with the forms that were."""
    forms: dict[str, set[str]] = {}
    for one in summary["inputs"]:
        if one["source"] in sources() and one["form"] in sources()[one["source"]].form:
            forms.setdefault(one["source"], set()).add(one["form"])
    return [(sources()[name], [sources()[name].form[form] for form in sorted(forms[name])]) for name in sorted(forms)]


def _data(given: Given, embedded: Embedded, language: Language) -> dict[str, Any]:
    from adaudit.language import texts_of

    entries = texts_of("adaudit.report").entries
    return {
        "language": language,
        "id": given.findings_sha256[:16],
        "total": embedded.total,
        "held": embedded.held,
        "cap": embedded.cap,
        "severities": SEVERITIES,
        "words": {key[3:]: entry[language] for key, entry in entries.items() if key.startswith("js_")}
        | {key: entry[language] for key, entry in entries.items() if key.startswith(SPOKEN)},
        **embedded.data,
    }


SPOKEN: Final = ("verdict_", "binding_", "severity_", "decision_", "kind_")
"""Texts that the page's script uses as the template does."""
