"""What every chart says about its data: which sources, how many records, which days, made how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adaudit.charts.material import Material
from adaudit.charts.style import SMALL
from adaudit.charts.text import shorten
from adaudit.charts.wording import Words

DISCLOSURES: Final = ("notice_", "label_", "dsa_")
"""A rule whose id begins so judges one disclosure."""
CONDUCT: Final = frozenset(("notice_retrievable",))
"""Rules with such an id that judge conduct, not a disclosure."""
KINDS: Final = ("ad", "notice", "advertiser", "advertiser_ads")
"""What is counted by a noun of its own."""
BREAK: Final = "\u00ad"
"""The soft hyphen: where a long word of the texts may be broken."""
_NAME: Final = 150.0
"""Room for the name of one source in the footer, in points."""


@dataclass(frozen=True)
class Column:
    """One form of one source, and one kind of record in it."""

    source: str
    form: str
    kind: str
    """Empty where the source gave no record at all."""
    records: int
    """Records; of an aggregate whose rows tell how many ads they speak of, those ads."""
    unit: str
    """What is counted, as a key of the texts."""

    @property
    def single(self) -> bool:
        """Whether its records are single ads or notices: only those are added up over columns."""
        return self.unit != "advertiser_ads"


def is_disclosure(rule: str) -> bool:
    """True if the rule judges whether one piece of information was disclosed."""
    return rule.startswith(DISCLOSURES) and rule not in CONDUCT


def verdict_rows(material: Material) -> list[Mapping[str, Any]]:
    """The summary's counts of verdicts; rows of an aggregate count the ads that they speak of.

    Of 1,036 rows of a report 57 % may carry no disclaimer and yet hold only 7 % of its ads: the share
    of ads is the one a reader expects.
    """
    rows = material.summary.get("verdicts", ())
    return [{**row, **row["ads_by_verdict"], "records": row["ads"]} if weighted(row) else row for row in rows]


def weighted(row: Mapping[str, Any]) -> bool:
    """Whether the row speaks of an aggregate that tells how many ads it stands for."""
    return bool(row.get("ads_by_verdict") and row.get("ads"))


def columns(material: Material) -> list[Column]:
    """Every (source, form, kind) with verdicts, and those audited inputs that gave no record at all.

    An input whose exposure is not described (a list of regions, say) is nothing that was audited. Each
    (latest record, rule) has one verdict, so a column's records are the most that any of its rules
    judged, over all bindings.
    """
    judged: dict[tuple[str, str, str], dict[str, int]] = {}
    units: dict[tuple[str, str, str], str] = {}
    for row in verdict_rows(material):
        key = (row["source"], row["form"], row["kind"])
        by_rule = judged.setdefault(key, {})
        by_rule[row["rule"]] = by_rule.get(row["rule"], 0) + int(row["records"])
        units[key] = "advertiser_ads" if weighted(row) else row["kind"]
    found = [Column(*key, max(by_rule.values()), units[key]) for key, by_rule in judged.items()]
    known = {(column.source, column.form) for column in found}
    described = {(row["source"], row["form"]) for row in material.summary.get("exposure", ())}
    for given in material.summary.get("inputs", ()):
        form = (given.get("source") or "", given.get("form") or "")
        if form in described - known:
            known.add(form)
            found.append(Column(*form, "", 0, ""))
    order = {source: place for place, source in enumerate(material.sources)}
    return sorted(found, key=lambda one: (order.get(one.source, len(order)), one.source, one.form, one.kind))


def source_title(material: Material, source: str, form: str, words: Words) -> str:
    """What the source is called, without its form unless the title has it already."""
    title = material.sources.get(f"{source}/{form}") or material.sources.get(source)
    return title[words.language] if title else source


def form_title(material: Material, source: str, form: str, words: Words) -> str:
    """The form in words, or nothing where the source's title says it already."""
    if f"{source}/{form}" in material.sources:
        return ""
    title = source_title(material, source, form, words).casefold().replace("_", " ")
    said = form.replace("_", " ")
    return "" if said.casefold() in title else said


def full_title(material: Material, source: str, form: str, words: Words) -> str:
    """Source and form in one."""
    parts = source_title(material, source, form, words), form_title(material, source, form, words)
    return " ".join(filter(None, parts))


def noun(count: int, kind: str, words: Words, *, narrow: bool = False) -> str:
    """What so many records of this kind are called; `narrow` with places to break a long word."""
    known = kind if kind in KINDS else "records"
    said = words.say(f"facts_{known}_1" if count == 1 else f"facts_{known}")
    return said.replace(BREAK, "- " if narrow else "")


def counted(count: int, kind: str, words: Words) -> str:
    """The count with the noun of its kind: "1 276 ads"."""
    return f"{words.number(count)} {noun(count, kind, words)}"


def period(material: Material, words: Words) -> str:
    """The days audited, as the options name them, else the days that the records speak of."""
    options: Mapping[str, Any] = material.summary.get("options") or {}
    since, until = options.get("since"), options.get("until")
    if since or until:
        ends = (words.day(str(one)) if one else words.say("facts_open") for one in (since, until))
        return words.say("facts_period", **dict(zip(("since", "until"), ends, strict=True)))
    rows = material.summary.get("periods", ())
    first = [row["from"] for row in rows if row.get("from")]
    last = [row["until"] for row in rows if row.get("until")]
    if not first or not last:
        return words.say("facts_no_period")
    undated = sum(int(row.get("undated", 0)) for row in rows)
    span = words.say("facts_data_period", since=words.day(min(first)), until=words.day(max(last)))
    return f"{span} {words.say('facts_undated', count=words.number(undated))}" if undated else span


def dated(spend: Iterable[Mapping[str, Any]]) -> tuple[str, str] | None:
    """The first and the last day that rows of spend speak of; nothing where none is dated."""
    rows = list(spend)
    first = [str(row["period_from"])[:10] for row in rows if row.get("period_from")]
    last = [str(row["period_until"])[:10] for row in rows if row.get("period_until")]
    return (min(first), max(last)) if first and last else None


def made(material: Material, words: Words) -> str:
    """How the chart was made: the versions of program, law and rules."""
    said = {
        name: material.summary.get(key) or words.say("facts_unstated")
        for name, key in (("adaudit", "adaudit"), ("law", "law_version"), ("rules", "rules_version"))
    }
    as_of = (material.summary.get("options") or {}).get("as_of")
    return words.say("facts_made", **said) + (
        f" {words.say('facts_as_of', day=words.day(str(as_of)))}" if as_of else ""
    )


def footer(material: Material, shown: Sequence[tuple[str, str]], words: Words) -> str:
    """Sources shown, period and versions in one paragraph."""
    names = {shorten(full_title(material, source, form, words), _NAME, SMALL): None for source, form in shown}
    sources = words.say("facts_sources", sources="; ".join(names))
    return " ".join((sources, period(material, words), made(material, words)))
