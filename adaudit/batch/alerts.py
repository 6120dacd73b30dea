"""Lines and who crossed them: what an alert counts, when it fires and when it is over.

An alert fires once when its line is crossed and is over when it is not crossed any more. A source that fails is an
alert that needs no configuration. What was before the rules applied is never counted.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial, reduce
from pathlib import Path
from typing import Final

import polars as pl

from adaudit.audit.facts import binding_column
from adaudit.audit.repository import count_of
from adaudit.batch.configuration import Alert
from adaudit.batch.record import DECIDED, Figure, Step
from adaudit.collection.expiry import Expiry
from adaudit.language import DECIMAL, Language, Wording, joined, share_of, texts_of
from adaudit.law import member_state_of
from adaudit.model.vocabulary import BINDINGS, outcome_by_code
from adaudit.rules import RULES, texts

SAY: Final = texts_of("adaudit.batch")
BEFORE: Final = BINDINGS.index("before")
CHECKS: Final = SAY.both("checks")


@dataclass(frozen=True)
class Crossing:
    """An alert that fired or is over."""

    key: str
    fired: bool
    words: Wording


def figures(alerts: Iterable[Alert], audit: Path) -> dict[str, Figure]:
    """What each alert counts in the results of an audit, by its name: checks of records, and of sources as a whole."""
    rows = json.loads((audit / "summary.json").read_text("utf-8"))["repository"]
    found = {}
    for one in alerts:
        records, sources = _of_records(one, audit), _of_sources(one, rows)
        found[one.name] = Figure(count=records.count + sources.count, of=records.of + sources.of)
    return found


def _of_sources(alert: Alert, rows: Iterable[Mapping[str, object]]) -> Figure:
    """What the rules say of sources as a whole: each pull, file or record that they look at is a check."""
    if not alert.of_sources:
        return Figure(count=0, of=0)
    mine = [row for row in rows if alert.rule in {None, row["rule"]} and alert.source in {None, row["source"]}]
    decided = DECIDED | frozenset(alert.verdicts)
    return Figure(count=count_of(mine, alert.verdicts), of=count_of(mine, decided))


def _of_records(alert: Alert, audit: Path) -> Figure:
    """What the rules say of records, in one streaming pass over them."""
    rules = [one for one in RULES.values() if alert.rule in {None, one.id}]
    verdicts = pl.scan_parquet(audit / "verdicts.parquet")
    there = set(verdicts.collect_schema().names())
    rules = [one for one in rules if one.id in there]
    records = pl.scan_parquet(audit / "records.parquet").select("source", "countries", "sponsor_name")
    bindings = sorted({binding_column(one.instrument) for one in rules})
    frame = pl.concat([records, verdicts.select(*bindings, *(one.id for one in rules))], how="horizontal")
    sums = [
        pl.col(one.id)
        .filter(pl.col(binding_column(one.instrument)) != BEFORE)
        .is_in(_codes(names))
        .sum()
        .alias(f"{one.id}/{part}")
        for one in rules
        for part, names in (("count", frozenset(alert.verdicts)), ("of", DECIDED | frozenset(alert.verdicts)))
    ]
    if not sums:
        return Figure(count=0, of=0)
    [row] = frame.filter(_where(alert)).select(sums).collect(engine="streaming").to_dicts()
    return Figure(**{part: sum(int(row[f"{one.id}/{part}"] or 0) for one in rules) for part in ("count", "of")})


def _codes(verdicts: frozenset[str]) -> list[int]:
    return [code for code, outcome in outcome_by_code().items() if outcome.verdict in verdicts]


def _where(alert: Alert) -> pl.Expr:
    """The records that an alert speaks of."""
    chosen = [pl.lit(value=True)]
    if alert.source:
        chosen.append(pl.col("source") == alert.source)
    if alert.country:
        parts = [code for code, state in member_state_of().items() if state == alert.country]
        there = pl.element().is_in([alert.country, *parts])
        chosen.append(pl.col("countries").list.eval(there).list.any().fill_null(value=False))
    if alert.sponsor:
        name = pl.col("sponsor_name").str.strip_chars().str.to_lowercase()
        chosen.append((name == alert.sponsor.strip().lower()).fill_null(value=False))
    return reduce(pl.Expr.__and__, chosen)


def crossed(alert: Alert, now: Figure, before: Figure | None, *, changed: bool = False) -> list[Wording]:
    """The lines of the alert that are crossed, in words; a change only where the run before counted it.

    `changed` says that the run before had another configuration or version, which may be what changed the figure.
    """
    found, changes = [], []
    if alert.at_least is not None and now.count >= alert.at_least:
        found.append(SAY.both("crossed_at_least", line=alert.at_least))
    enough = now.of >= alert.of_at_least
    if alert.share is not None and enough and now.count >= alert.share * now.of:
        found.append(SAY.both("crossed_share", line=partial(_per_cent, alert.share)))
    if before is not None:
        change = now.count - before.count
        for key, line, by in (("crossed_rise", alert.rise, change), ("crossed_fall", alert.fall, -change)):
            if line is not None and by >= line:
                changes.append(SAY.both(key, change=by, before=before.count, line=line))
    found += [SAY.both("changed_since", line=one) for one in changes] if changed else changes
    counted = _counted(now)
    return [SAY.both("crossed", counted=counted, line=one) for one in found]


def _per_cent(share: float, language: Language) -> str:
    """The line of an alert as the configuration sets it, not rounded."""
    return f"{100 * share:g}".replace(".", DECIMAL[language])


def _counted(now: Figure) -> Wording:
    return SAY.both("counted", share=lambda language: share_of(now.count, now.of, CHECKS, language))


def judged(
    alerts: Iterable[Alert],
    now: Mapping[str, Figure],
    before: Mapping[str, Figure],
    standing: Mapping[str, str],
    *,
    changed: bool = False,
) -> list[Crossing]:
    """The alerts that fire now, and those of the standing ones that are over; keys are `alert/<name>`."""
    found = []
    for one in alerts:
        if one.name not in now:
            continue
        key = f"alert/{one.name}"
        lines = crossed(one, now[one.name], before.get(one.name), changed=changed)
        if lines and key not in standing:
            words = Wording("; ".join(lines), "; ".join(line.nl for line in lines))
            found.append(Crossing(key, True, SAY.both("fired", name=one.name, about=_about(one), words=words)))
        elif not lines and key in standing:
            of = _counted(now[one.name])
            found.append(Crossing(key, False, SAY.both("over", name=one.name, about=_about(one), words=of)))
    known = {f"alert/{one.name}" for one in alerts}
    gone = [key for key in standing if key.startswith("alert/") and key not in known]
    return found + [Crossing(key, False, SAY.both("withdrawn", name=key.partition("/")[2])) for key in gone]


def _about(alert: Alert) -> Wording:
    """What an alert speaks of, in words."""
    rule = texts()[alert.rule]["title"] if alert.rule else None
    parts = [Wording(rule["en"], rule["nl"])] if rule else []
    parts += [Wording(one) for one in (alert.source, alert.country, alert.sponsor) if one]
    if not parts:
        return SAY.both("about_everything")
    return joined(", ", parts)


def failing(steps: Iterable[Step], standing: Mapping[str, str]) -> list[Crossing]:
    """What fails now and did not, and what failed and does not any more; keys are `failing/<step> <name>`."""
    found, seen = [], set()
    for one in steps:
        what, key = SAY.both(f"step_{one.what}"), f"failing/{one.what} {one.name}".rstrip()
        seen.add(key)
        if one.standing == "failed" and key not in standing:
            found.append(Crossing(key, True, SAY.both("fails", what=what, name=one.name, why=one.why)))
        elif one.standing in {"done", "nothing"} and key in standing:
            found.append(Crossing(key, False, SAY.both("works_again", what=what, name=one.name)))
    gone = [key for key in standing if key.startswith(ASKED) and key not in seen]
    return found + [Crossing(key, False, SAY.both("withdrawn", name=key.partition("/")[2])) for key in gone]


ASKED: Final = ("failing/pull ", "failing/import ", "failing/stamp ")
"""Keys of what the configuration names: gone where it does not any more."""


def expiring(steps: Iterable[Step], today: date, standing: Mapping[str, str]) -> list[Crossing]:
    """The sources whose credentials expire soon or did, told once; keys are `expiring/<source>`."""
    days = {one.source: one.expires for one in steps if one.what == "pull"}
    noted = {source: Expiry(source, day, (day - today).days) for source, day in days.items() if day is not None}
    near = {f"expiring/{source}": one for source, one in noted.items() if one.near}
    fired = [
        Crossing(key, True, SAY.both("expiring", words=one.words, todo=one.todo))
        for key, one in near.items()
        if key not in standing
    ]
    over = [key for key in standing if key.startswith("expiring/") and key not in near]
    return fired + [Crossing(key, False, SAY.both("not_expiring", name=key.partition("/")[2])) for key in over]
