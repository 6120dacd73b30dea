"""The findings as the page holds them: by column, each distinct text once, small whole numbers for the rest.

A finding is three numbers: its stratum (all that it shares with others: source, rule, verdict, reason ...),
its record, its observed value. The browser filters strata first and touches the rows last, so that a hundred
thousand findings answer at once.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import polars as pl

from adaudit.audit.assemble import period
from adaudit.audit.facts import UNNAMED, WITHHELD, sponsor
from adaudit.language import Language, day
from adaudit.law import requirements
from adaudit.law.citation import cited, instrument
from adaudit.report.given import Given
from adaudit.report.wording import (
    form_title,
    instrument_of,
    reason_words,
    rule_sentence,
    rule_title,
    say,
    tongue,
    worded,
)
from adaudit.rules import RULES

LIMIT: Final = 250_000
"""Findings that one page holds at most: some 25 MB, which browsers still open and filter at once."""
SLICE = 200_000
"""Findings read at a time."""
STRATUM: Final = (
    "source",
    "form",
    "kind",
    "rule",
    "rule_version",
    "requirement",
    "pinpoint",
    "verdict",
    "binding",
    "severity",
    "reason",
)
PLACE: Final = ("source", "form", "kind", "record_id", "input_sha256", "evidence_sha256", "locator")
DECISION: Final = ("decision", "decided_by", "decided_on", "decision_note")
FOLDED: Final = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


@dataclass(frozen=True)
class Embedded:
    """The findings of a page, and how many of all they are."""

    data: dict[str, Any]
    total: int
    held: int
    cap: int | None
    """The most findings of one stratum that are held; None where all are."""
    strata: list[dict[str, Any]]
    """What findings share, with `count` (in the audit) and `held` (in the page)."""


def as_script(data: object) -> str:
    """JSON that can stand inside a script element, whatever texts it holds."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(FOLDED)


def plain_link(url: str | None) -> str | None:
    """The address if it is a plain https one that shows where it leads; else None."""
    if not url or not url.startswith("https://") or any(c <= " " or c in "\\\u007f" for c in url) or not url.isascii():
        return None
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and parts.username is None and parts.port in (None, 443)
    except ValueError:
        return None
    return url if named else None


def fair_cap(counts: Sequence[int], limit: int) -> int:
    """The largest c for which the counts, none taken above c, sum to at most the limit."""
    left, remaining = limit, sorted(counts)
    for turn, count in enumerate(remaining):
        share = left // (len(remaining) - turn)
        if count > share:
            return share
        left -= count
    return max(counts, default=0)


def embed(given: Given, language: Language, limit: int = LIMIT) -> Embedded:
    """The findings for the page; above the limit, the first of each stratum up to one number for all strata."""
    strata = _strata(given)
    counts = strata["count"].to_list()
    total = sum(counts)
    cap = fair_cap(counts, limit) if total > limit else None
    rows = _rows(given, strata, cap)
    places = rows.select(PLACE).filter(pl.col("record_id").is_not_null()).unique().sort(PLACE)
    records = _records(given, places.with_row_index("record"))
    placed = rows.select(PLACE).join(records, on=PLACE, how="left", nulls_equal=True, maintain_order="left")
    record = placed["record"]
    observed = rows["observed"].unique().drop_nulls().sort()
    data = {
        "strata": _by_column(strata.select(*STRATUM, "count")),
        "records": _record_columns(records, language),
        "observed": observed.to_list(),
        "finding": {
            "stratum": rows["stratum"].to_list(),
            "record": record.cast(pl.Int64).fill_null(-1).to_list(),
            "observed": _positions(rows["observed"], observed),
        },
        "decided": _decided(rows),
        **_words(given, strata, language),
    }
    held = dict(rows["stratum"].value_counts().iter_rows())
    told = [one | {"held": held.get(turn, 0)} for turn, one in enumerate(strata.to_dicts())]
    return Embedded(data, total, rows.height, cap, told)


def _strata(given: Given) -> pl.DataFrame:
    found = pl.scan_parquet(given.findings).group_by(STRATUM).agg(pl.len().alias("count"))
    return found.collect(engine="streaming").sort(STRATUM).with_row_index("stratum")


def _rows(given: Given, strata: pl.DataFrame, cap: int | None) -> pl.DataFrame:
    """The findings that the page holds, in the order of the file, with the number of their stratum.

    Read slice by slice: what is above the cap is never in memory with the rest.
    """
    keys = strata.select("stratum", *STRATUM)
    taken = pl.DataFrame({"stratum": strata["stratum"], "taken": 0})
    parts: list[pl.DataFrame] = []
    for offset in range(0, max(sum(strata["count"].to_list()), 1), SLICE):
        part = pl.scan_parquet(given.findings).slice(offset, SLICE).collect()
        part = part.join(keys, on=STRATUM, how="left", nulls_equal=True, maintain_order="left")
        if cap is not None:
            turn = pl.col("taken") + pl.int_range(pl.len()).over("stratum")
            counted = part["stratum"].value_counts(name="more")
            part = part.join(taken, on="stratum", how="left", maintain_order="left").filter(turn < cap).drop("taken")
            taken = taken.join(counted, on="stratum", how="left", maintain_order="left").select(
                "stratum", pl.col("taken") + pl.col("more").fill_null(0).cast(pl.Int64)
            )
        parts.append(part)
    return pl.concat(parts)


def _records(given: Given, places: pl.DataFrame) -> pl.DataFrame:
    """What the page shows of each record: place in the bytes, address, sponsor, account, first and last day.

    Days are counted from 1 January 1970.
    """
    start, end = period()
    shown = pl.scan_parquet(given.records).select(
        *PLACE,
        "url",
        "account_name",
        sponsor().alias("sponsor"),
        start.cast(pl.Int32).alias("from"),
        end.cast(pl.Int32).alias("until"),
    )
    known = shown.join(places.lazy(), on=PLACE, how="semi", nulls_equal=True).collect(engine="streaming")
    known = known.unique(PLACE, keep="first", maintain_order=True)
    return places.join(known, on=PLACE, how="left", nulls_equal=True, maintain_order="left")


def _record_columns(records: pl.DataFrame, language: Language) -> dict[str, Any]:
    said = {UNNAMED: say("nobody_named", language), WITHHELD: say("withheld", language)}
    columns: dict[str, Any] = {"id": records["record_id"].to_list(), "locator": records["locator"].to_list()}
    distinct_texts = {"input": "input_sha256", "evidence": "evidence_sha256", "sponsor": "sponsor"}
    for name, column in (distinct_texts | {"account": "account_name"}).items():
        distinct = records[column].unique().drop_nulls().sort()
        columns[name] = _positions(records[column], distinct)
        columns[f"{name}s"] = [said.get(text, text) for text in distinct.to_list()]
    columns |= {name: records[name].to_list() for name in ("from", "until")}
    columns["url"] = [plain_link(url) or 0 for url in records["url"].to_list()]
    return columns


def _positions(values: pl.Series, distinct: pl.Series) -> list[int]:
    """For each value its position among the distinct ones; -1 for none."""
    places = pl.DataFrame({"value": distinct}).with_row_index("place")
    found = values.alias("value").to_frame().join(places, on="value", how="left", maintain_order="left")["place"]
    return found.cast(pl.Int64).fill_null(-1).to_list()


def _by_column(frame: pl.DataFrame) -> dict[str, list[Any]]:
    return {name: frame[name].to_list() for name in frame.columns}


def _decided(rows: pl.DataFrame) -> dict[str, list[str]]:
    """Decisions that the audit was given, by the position of their finding."""
    if not set(DECISION) <= set(rows.columns):
        return {}
    decided = rows.with_row_index("row").filter(pl.col("decision").is_not_null()).select("row", *DECISION)
    return {str(row): ["" if part is None else str(part) for part in parts] for row, *parts in decided.iter_rows()}


def _words(given: Given, strata: pl.DataFrame, language: Language) -> dict[str, Any]:
    """What the page says of forms, rules, reasons and inputs, by their ids."""
    forms = {
        f"{source}/{form}": form_title(source, form, language)
        for source, form in strata.select("source", "form").unique().sort("source", "form").iter_rows()
    }
    paths: dict[str, list[str]] = {}
    for one in given.summary["inputs"]:
        if one["sha256"] and one["path"] not in paths.setdefault(one["sha256"], []):
            paths[one["sha256"]].append(one["path"])
    return {
        "forms": forms,
        "rules": {rule: _rule(rule, language) for rule in sorted(set(strata["rule"].to_list()))},
        "pinpoints": {one: cited(one, language) for one in sorted(set(strata["pinpoint"].to_list()))},
        "reasons": {reason: reason_words(reason, language) for reason in sorted(set(strata["reason"].to_list()))},
        "paths": {sha: names[:20] for sha, names in sorted(paths.items())},
    }


def _rule(rule: str, language: Language) -> dict[str, str]:
    said = {
        "title": rule_title(rule, language),
        "sentence": rule_sentence(rule, language),
        "law": instrument(law, language) if (law := instrument_of(rule)) else "",
    }
    known = RULES.get(rule)
    if known is None or known.requirement is None:
        return said
    asked = requirements()[known.requirement]
    since = say("since_day", language, day=day(asked.applies_from, language)) if asked.applies_from else ""
    return said | {
        "quote": asked.quote,
        "since": since or say("since_no_day", language),
        "since_note": worded(asked.applies_note, language),
        "when": worded(asked.applies_when, language),
        "tongue": tongue(asked.applies_when, language),
        "duty": worded(asked.bound, language),
    }
