"""`adaudit rules`: what is checked, with the article, its words, since when, and the version."""

import json

import click
from rich.table import Table as Grid
from rich.text import Text

from adaudit.cli.console import out_console, say
from adaudit.law import Requirement, requirements
from adaudit.rules import RULES, Rule, texts

NOT_JUDGED = "not judged by any rule"


@click.command("rules")
@click.argument("rule_id", required=False, metavar="[ID]")
@click.option("--json", "as_json", is_flag=True, help="Print every rule and every requirement as JSON.")
def command(rule_id: str | None, as_json: bool) -> None:
    """What adaudit checks: all rules, or one rule or requirement in full."""
    if rule_id is not None and rule_id not in {*RULES, *requirements()}:
        near = [name for name in (*RULES, *requirements()) if rule_id.split("_")[-1] in name]
        raise click.UsageError(
            f"no rule or requirement {rule_id!r}." + (f" Near: {', '.join(dict.fromkeys(near))}." if near else "")
        )
    if as_json:
        click.echo(json.dumps(_as_data(rule_id), ensure_ascii=False, indent=1))
    elif rule_id:
        _show_one(rule_id)
    else:
        _show_all()


def _as_data(rule_id: str | None) -> dict[str, object]:
    judged = {rule.requirement: rule.id for rule in RULES.values() if rule.family != "consistency"}
    return {
        "rules": [_rule_data(rule) for name, rule in sorted(RULES.items()) if rule_id in (None, name)],
        "requirements": [
            _requirement_data(one, judged.get(one.id)) for one in requirements().values() if rule_id in (None, one.id)
        ],
    }


def _rule_data(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "family": rule.family,
        "version": rule.version,
        "kinds": rule.kinds,
        "requirement": rule.requirement,
        "pinpoint": {kind: rule.pinpoint(kind) for kind in rule.kinds},
        "severity": rule.severity,
        **texts()[rule.id],
    }


def _requirement_data(one: Requirement, rule: str | None) -> dict[str, object]:
    return {
        "id": one.id,
        "instrument": one.instrument,
        "pinpoint": one.pinpoint,
        "quote": one.quote,
        "applies_when": one.applies_when,
        "applies_from": one.applies_from.isoformat() if one.applies_from else None,
        "applies_note": one.applies_note,
        "mandatory": one.mandatory,
        "bound": one.bound,
        "rule": rule,
        "accounted": "rule" if rule else NOT_JUDGED,
        "evidence": one.evidence,
    }


def _show_all() -> None:
    console = out_console()
    grid = Grid(box=None, pad_edge=False, header_style="bold")
    for heading in ("rule", "v", "article", "what is true when all is well"):
        grid.add_column(heading, no_wrap=heading in {"rule", "v"}, overflow="fold")
    for name, rule in sorted(RULES.items(), key=lambda item: (item[1].family, item[0])):
        grid.add_row(name, str(rule.version), Text(rule.pinpoint("notice")), Text(rule.sentence))
    console.print(grid)
    judged = {rule.requirement for rule in RULES.values() if rule.family != "consistency"}
    others = len(requirements()) - len(judged)
    say(console, "")
    say(
        console,
        f"{len(RULES)} rules judge {len(judged)} of the {len(requirements())} requirements in the law data; "
        f"{others} are {NOT_JUDGED} of this version (adaudit rules --json lists them all, with their evidence).",
        "dim",
    )


def _show_one(rule_id: str) -> None:
    console = out_console()
    rule = RULES.get(rule_id)
    requirement = requirements().get(rule.requirement or "" if rule else rule_id)
    say(console, rule_id, "bold")
    if rule:
        say(console, texts()[rule_id]["sentence"]["en"])
        say(console, texts()[rule_id]["sentence"]["nl"])
        say(
            console,
            f"version {rule.version}, {rule.family}; speaks of: {', '.join(rule.kinds)}; severity: {rule.severity}",
        )
    else:
        say(console, f"{NOT_JUDGED} of this version")
    if requirement is None:
        return
    say(console, "")
    for kind in rule.kinds if rule else ("notice",):
        prefix = f"for a record of kind {kind}: " if rule and len(rule.kinds) > 1 else ""
        say(console, f"{prefix}{requirement.instrument}, {rule.pinpoint(kind) if rule else requirement.pinpoint}")
    say(console, f"the law's words: “{requirement.quote}”")
    say(console, f"applies when: {requirement.applies_when}")
    since = requirement.applies_from.isoformat() if requirement.applies_from else "no fixed day"
    say(console, f"applies from: {since}" + (f" ({requirement.applies_note})" if requirement.applies_note else ""))
    say(console, f"binds: {requirement.bound}")
    say(console, f"evidence: {requirement.evidence}")
