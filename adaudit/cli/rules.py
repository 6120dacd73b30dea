"""`adaudit rules`: what is checked, with the article, its words, since when, and the version."""

import json
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from adaudit.cli.console import out_console, say
from adaudit.cli.explained import as_data, show_explanation
from adaudit.cli.lang import SAY, WORDS, lang_option
from adaudit.language import Language, in_language
from adaudit.law import Requirement, requirements
from adaudit.law.citation import cited, instrument
from adaudit.rules import Account, RepositoryRule, Rule, accounts, every, texts
from adaudit.rules.explanation import explanations


@click.command("rules")
@click.argument("rule_id", required=False, metavar="[ID]")
@click.option("--json", "as_json", is_flag=True, help="Print every rule and every requirement as JSON.")
@click.option("--explain", metavar="ID", help="One rule or requirement with examples of each verdict and versions.")
@click.option(
    "--reference",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write one page (HTML) for each rule and requirement, and an index, into this folder.",
)
@lang_option
def command(rule_id: str | None, as_json: bool, explain: str | None, reference: Path | None, lang: Language) -> None:
    """What adaudit checks: all rules, or one rule or requirement in full.

    \b
    Examples:
      adaudit rules notice_payer            the law it rests on
      adaudit rules --explain notice_payer  also examples, where it can be seen, versions
      adaudit rules --reference rules/      a page for each, to keep or to publish
    """
    if sum(one is not None for one in (rule_id, explain, reference)) > 1:
        raise click.UsageError("ID, --explain and --reference exclude one another.")
    if reference is not None:
        _write_reference(reference, lang, as_json=as_json)
        return
    chosen = _known(rule_id if explain is None else explain)
    if as_json:
        click.echo(json.dumps(_as_data(chosen), ensure_ascii=False, indent=1))
    elif chosen is not None:
        _show_one(chosen, lang, explained=explain is not None)
    else:
        _show_all(lang)


def _known(rule_id: str | None) -> str | None:
    """The id. Raises click.UsageError, naming what is near, where it is none of a rule or requirement."""
    known = (*every(), *requirements())
    if rule_id is None or rule_id in known:
        return rule_id
    last = rule_id.split("_")[-1]
    near = [name for name in known if last and last in name]
    raise click.UsageError(
        f"no rule or requirement {rule_id!r}." + (f" Near: {', '.join(dict.fromkeys(near))}." if near else "")
    )


def _write_reference(folder: Path, language: Language, *, as_json: bool) -> None:
    from adaudit.cli.asked import fail
    from adaudit.errors import UsageError
    from adaudit.report.reference import write_reference

    try:
        written = write_reference(folder, language)
    except UsageError as error:
        fail(error, 2)
    if as_json:
        click.echo(json.dumps([str(path) for path in written], ensure_ascii=False, indent=1))
    else:
        click.echo(SAY.say("reference_written", language, count=len(written), index=written[0]))


def _as_data(rule_id: str | None) -> dict[str, object]:
    return {
        "rules": [_rule_data(rule) for name, rule in sorted(every().items()) if rule_id in (None, name)],
        "requirements": [
            _requirement_data(one, accounts()[one.id]) for one in requirements().values() if rule_id in (None, one.id)
        ],
    }


def _rule_data(rule: Rule | RepositoryRule) -> dict[str, object]:
    by_duty = {"requirements": dict(rule.requirements)} if isinstance(rule, RepositoryRule) else {}
    return {
        "id": rule.id,
        "family": rule.family,
        "version": rule.version,
        "kinds": rule.kinds,
        "requirement": rule.requirement,
        **by_duty,
        "pinpoint": {kind: rule.pinpoint(kind) for kind in rule.kinds},
        "severity": rule.severity,
        "severity_last_month": rule.raised_severity,
        **texts()[rule.id],
        **as_data(explanations()[rule.id]),
    }


def _requirement_data(one: Requirement, account: Account) -> dict[str, object]:
    """The requirement with its account; the sentence, the reason and what would settle it in both languages."""
    beyond, sentence = account.not_auditable, account.sentence(texts())
    return {
        "id": one.id,
        "instrument": one.instrument,
        "pinpoint": one.pinpoint,
        "quote": one.quote,
        "sentence": sentence.written() if sentence else None,
        "applies_when": one.applies_when,
        "applies_from": one.applies_from.isoformat() if one.applies_from else None,
        "applies_note": one.applies_note,
        "mandatory": one.mandatory,
        "bound": one.bound,
        "rule": account.rules[0] if len(account.rules) == 1 else None,
        "rules": account.rules,
        "accounted": account.accounted,
        "reason": beyond.reason if beyond else None,
        "why": beyond.why.written() if beyond else None,
        "would_settle": beyond.would_settle.written() if beyond else None,
        "evidence": one.evidence,
    }


def _show_all(language: Language) -> None:
    console = out_console()
    grid = Grid(box=None, pad_edge=False, header_style="bold")
    for heading in ("rule", "version", "article", "true"):
        alone = heading in {"rule", "version"}
        grid.add_column(SAY.say(f"heading_{heading}", language), no_wrap=alone, overflow="fold")
    for name, rule in sorted(every().items(), key=lambda item: (item[1].family, item[0])):
        article = cited(rule.pinpoint("notice"), language)
        grid.add_row(name, str(rule.version), Text(article), Text(texts()[name]["sentence"][language]))
    console.print(grid)
    judged = [one for one in accounts().values() if one.rules]
    counts = {"rules": len(every()), "judged": len(judged), "all": len(requirements())}
    say(console, "")
    say(console, SAY.say("rules_count", language, **counts, others=counts["all"] - counts["judged"]), "dim")
    say(console, SAY.say("rules_hint", language), "dim")


def _show_one(rule_id: str, language: Language, *, explained: bool) -> None:
    console = out_console()
    rule = every().get(rule_id)
    one = explanations()[rule_id]
    say(console, rule_id, "bold")
    if rule:
        _show_rule(rule, console, language)
    else:
        _show_account(accounts()[rule_id], console, language)
    for requirement in one.requirements:
        say(console, "")
        _show_law(rule if isinstance(rule, Rule) else None, requirement, console, language)
    if explained:
        if not one.requirements:
            say(console, SAY.say("no_article", language))
        show_explanation(one, console, language)


def _show_account(account: Account, console: Console, language: Language) -> None:
    """Of a requirement that bears no rule's id: the rules that judge it, or why none does."""
    beyond = account.not_auditable
    if beyond is None:
        say(console, SAY.say("judged_through", language, rules=", ".join(account.rules)))
        return
    say(console, in_language(beyond.sentence, language))
    say(console, SAY.say("not_auditable", language, why=in_language(beyond.why, language)))
    say(console, SAY.say("would_settle", language, text=in_language(beyond.would_settle, language)))


def _show_rule(rule: Rule | RepositoryRule, console: Console, language: Language) -> None:
    say(console, texts()[rule.id]["title"][language])
    say(console, texts()[rule.id]["sentence"][language])
    facts = {
        "version": rule.version,
        "family": WORDS.say(f"family_{rule.family}", language),
        "kinds": ", ".join(WORDS.say(f"kind_{kind}", language) for kind in rule.kinds),
        "severity": WORDS.say(f"severity_{rule.severity}", language),
    }
    say(console, SAY.say("rule_facts", language, **facts))
    if rule.raised_severity != rule.severity:
        say(console, SAY.say("raised", language))


def _show_law(rule: Rule | None, requirement: Requirement, console: Console, language: Language) -> None:
    for kind in rule.kinds if rule else ("notice",):
        pinpoint = rule.pinpoint(kind) if rule else requirement.pinpoint
        place = {"instrument": instrument(requirement.instrument, language), "pinpoint": cited(pinpoint, language)}
        law = SAY.say("law_place", language, **place)
        apart = rule is not None and len(rule.kinds) > 1
        words = SAY.say("for_kind", language, kind=WORDS.say(f"kind_{kind}", language), law=law) if apart else law
        say(console, words)
    say(console, SAY.say("quote", language, quote=requirement.quote))
    say(console, SAY.say("applies_when", language, text=in_language(requirement.applies_when, language)))
    day = requirement.applies_from
    since = in_language(SAY.both("on_day", day=day) if day else SAY.both("no_day"), language)
    note = in_language(requirement.applies_note, language)
    key = "applies_from_noted" if note else "applies_from"
    say(console, SAY.say(key, language, text=since, **({"note": note} if note else {})))
    say(console, SAY.say("binds", language, text=in_language(requirement.bound, language)))
    say(console, SAY.say("evidence", language, text=in_language(requirement.evidence, language)))
