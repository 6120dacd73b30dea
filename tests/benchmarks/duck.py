"""The same verdict file and the same counts in duckdb: CASE chains from the same static decisions.

Per group of source and kind, as in adaudit: what is decided per layout is decided before, so that
duckdb reads and computes no more than adaudit does.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import duckdb

from adaudit.audit.counts import Count
from adaudit.audit.facts import binding_column, in_union, voting_age
from adaudit.audit.gates import UNASKED, Numbered, speaks
from adaudit.audit.groups import Group
from adaudit.audit.judge import KEPT
from adaudit.law import APPLIES, DSA, TTPA
from adaudit.model.record import PARSED_COLUMNS, TEXT_COLUMNS, bits
from adaudit.model.vocabulary import BINDINGS, NOT_JUDGED, code, outcome_by_code
from adaudit.rules import RULES, Rule
from tests.benchmarks.duck_rules import (
    COMPARED,
    CONDITIONS,
    LANGUAGES,
    MINORS,
    OWN,
    SEGMENTED,
    Cases,
    retrievable,
)

Keys = Sequence[str]
Counted = dict[tuple[str, str, str, str, str], dict[str, int]]
"""(source, form, kind, rule, binding) -> records by outcome."""


def _case(cases: Cases, otherwise: int) -> str:
    if not cases:
        return f"{otherwise}::UTINYINT"
    whens = " ".join(f"WHEN {true} THEN {NOT_JUDGED if name == '' else code(name)}" for true, name in cases)
    return f"CAST(CASE {whens} ELSE {otherwise} END AS UTINYINT)"


def _layouts(numbers: Sequence[int], of: Numbered) -> str | None:
    if not numbers:
        return None
    return "true" if len(numbers) == len(of) else f"layout IN ({', '.join(map(str, numbers))})"


def _standing(rule: Rule, of: Numbered, *standings: str) -> str | None:
    return _layouts([n for n, layout in of if layout.standing(rule.id) in standings], of)


def _mask(mask: str, columns: Sequence[str], numbered: tuple[str, ...]) -> str | None:
    chosen = bits(columns, numbered)
    return f"({mask} & {chosen}::UBIGINT) <> 0" if chosen else None


def _filled(columns: Sequence[str]) -> str:
    return "(" + " OR ".join(f"{column} IS NOT NULL" for column in columns) + ")"


def _unparsed(rule: Rule) -> str | None:
    return _mask("unparsed_mask", rule.columns(), PARSED_COLUMNS)


def _present(rule: Rule) -> str:
    if not rule.present:
        return "true"
    unparsed = _unparsed(rule)
    return f"{_filled(rule.present)} OR {unparsed}" if unparsed else _filled(rule.present)


def _quoted(keys: Keys) -> str:
    return ", ".join("'" + key.replace("'", "''") + "'" for key in keys)


def _voting_age(keys: Keys) -> str:
    default = voting_age(None)
    other: dict[int, list[str]] = {}
    for key in keys:
        if voting_age(key) != default:
            other.setdefault(voting_age(key), []).append(key)
    whens = "".join(f" WHEN country_key IN ({_quoted(found)}) THEN {age}" for age, found in other.items())
    return f"(CASE{whens} ELSE {default} END)" if whens else str(default)


def _disclosure(rule: Rule, of: Numbered) -> tuple[list[tuple[str, str]], str]:
    present = f"({_present(rule)})"
    cases: list[tuple[str, str]] = []
    hidden = _standing(rule, of, "never")
    if hidden == "true":
        return cases, "not_exposed"
    if hidden:
        cases.append((hidden, "not_exposed"))
    for standing in ("not_in_export", "not_requested"):
        where = _standing(rule, of, standing)
        if where:
            cases.append((f"{where} AND NOT {present}", standing))
    unverified = _layouts([n for n, layout in of if layout.unverified(rule.id)], of)
    unparsed = _unparsed(rule)
    if unverified:
        cases.append((f"{unverified} AND (NOT {present} OR {unparsed or 'false'})", "format_unverified"))
    elsewhere = _layouts([n for n, layout in of if layout.blank_says_nothing(rule.id)], of)
    if elsewhere:
        filler = _mask("placeholder_mask", rule.present, TEXT_COLUMNS)
        cases.append((f"{elsewhere} AND (NOT {present} OR {filler or 'false'})", "field_asks_otherwise"))
    cases += _absent(rule)
    own = OWN[rule.id]
    if unparsed and own:
        cases.append((f"{unparsed} AND ({' OR '.join(f'({true})' for true, _ in own)})", "unparsed"))
    cases += own
    caps: dict[str, list[int]] = {}
    for number, layout in of:
        cap = layout.cap(rule.id)
        if cap is not None:
            caps.setdefault(cap, []).append(number)
    cases += [(_layouts(numbers, of) or "true", cap) for cap, numbers in caps.items()]
    return cases, "disclosed"


def _absent(rule: Rule) -> list[tuple[str, str]]:
    absent = f"NOT {_filled(rule.present)}"
    cases: list[tuple[str, str]] = []
    unparsed = _unparsed(rule)
    if unparsed:
        cases.append((f"{unparsed} AND {absent}", "unparsed"))
    for i, column in enumerate(rule.present[:-1]):
        first = _mask("unparsed_mask", [column], PARSED_COLUMNS)
        if first:
            cases.append((f"{first} AND NOT {_filled(rule.present[:i])}" if i else first, "unparsed"))
    if rule.partly:
        cases.append((f"{absent} AND {_filled(rule.partly.columns)}", rule.partly.outcome))
    if rule.political_only:
        cases.append((f"{absent} AND political_basis = 'asserted'", "undeclared"))
    cases.append((absent, "empty"))
    for mask, found in (("nobody_mask", "nobody_named"), ("placeholder_mask", "placeholder")):
        masked = _mask(mask, rule.present, TEXT_COLUMNS)
        if masked:
            cases.append((masked, found))
    return cases


def _label(rule: Rule, of: Numbered) -> tuple[list[tuple[str, str]], str]:
    shown = _standing(rule, of, "carried")
    masked = (_mask(mask, rule.present, TEXT_COLUMNS) for mask in ("nobody_mask", "placeholder_mask"))
    genuine = "".join(f" AND NOT {mask}" for mask in masked if mask)
    return ([(f"{shown} AND ({_present(rule)}){genuine}", "disclaimer_field_only")] if shown else []), "ad_not_seen"


def _consistency(rule: Rule, of: Numbered) -> tuple[list[tuple[str, str]], str]:
    compared = COMPARED[rule.id]
    cases: list[tuple[str, str]] = []
    unasked = [n for n, one in of if one.standing(rule.id) in UNASKED or one.never_shows(rule.id)]
    where = _layouts(unasked, of) if rule.present else None
    if where:
        cases.append((f"{where} AND NOT ({_present(rule)}) AND {compared.comparable}", "currency_unseen"))
    cases += [*compared.cases, (compared.comparable, "consistent")]
    return cases, "nothing_to_compare"


def _guard(rule: Rule, keys: Keys) -> tuple[list[tuple[str, str]], str]:
    if rule.id == "targeting_minors":
        return [(true.replace("{voting_age}", _voting_age(keys)), name) for true, name in MINORS], "no_indication"
    if rule.id == "notice_language":
        return list(LANGUAGES), "no_indication"
    return list(SEGMENTED.get(rule.id) or retrievable(APPLIES[TTPA])), "no_indication"


def _verdict(rule: Rule, group: Group, keys: Keys) -> str:
    of = [(number, layout) for number, layout in group.layouts if speaks(rule, layout)]
    if not of:
        return f"{NOT_JUDGED}::UTINYINT"
    cases: list[tuple[str, str]] = []
    if len(of) < len(group.layouts):
        cases.append((f"NOT ({_layouts([n for n, _ in of], group.layouts)})", ""))
    outside = [key for key in keys if not in_union(key)]
    if outside:
        cases.append((f"country_key IN ({_quoted(outside)})", "outside_union"))
    if rule.political_only:
        cases.append(("political_basis IS NULL", "not_shown_political"))
    if rule.removed:
        cases.append(("removed", rule.removed))
    if rule.condition:
        stops = CONDITIONS[rule.condition.__name__](group.kind)
        cases += [(true.replace("{present}", _present(rule)), name) for true, name in stops]
    if rule.family == "guard":
        own, otherwise = _guard(rule, keys)
    else:
        families = {"disclosure": _disclosure, "label": _label, "consistency": _consistency}
        own, otherwise = families[rule.family](rule, of)
    return _case([*cases, *own], code(otherwise))


def _binding(instrument: str) -> str:
    start, end = "coalesce(delivered_from, intended_from)", "coalesce(delivered_until, intended_until)"
    day = f"DATE '{APPLIES[instrument]}'"
    return (
        f"CAST(CASE WHEN {end} >= {day} OR {start} >= {day} THEN 0 WHEN {end} < {day} THEN 1 ELSE 2 END AS UTINYINT)"
        f" AS {binding_column(instrument)}"
    )


class Duck:
    """One connection with as many threads as the machine has cores."""

    def __init__(self, records: Path, groups: Sequence[Group], keys: Keys) -> None:
        self.records, self.groups, self.keys = records, groups, keys
        self.connection = duckdb.connect()
        self.connection.execute("SET TimeZone = 'UTC'")
        self.connection.execute("SET enable_progress_bar = false")

    def _judged(self, group: Group) -> str:
        verdicts = ", ".join(f"{_verdict(rule, group, self.keys)} AS {name}" for name, rule in sorted(RULES.items()))
        return (
            f"SELECT {', '.join(KEPT)}, {_binding(TTPA)}, {_binding(DSA)}, {verdicts} "  # noqa: S608
            f"FROM read_parquet('{self.records}') WHERE source = '{group.source}' AND kind = '{group.kind}'"
        )

    def verdict_file(self, path: Path) -> None:
        """Write the verdicts of all records: the same rows and columns; duckdb keeps no order over a union."""
        union = " UNION ALL ".join(self._judged(group) for group in self.groups)
        self.connection.execute(f"COPY ({union}) TO '{path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 25000)")

    def counts(self) -> Counted:
        """Count outcomes straight from the records: a histogram per rule, form and bindings; one pass a group."""
        found: dict[tuple[str, str, str, str, str], Counter[str]] = {}
        for group in self.groups:
            rules = group.rules()
            histograms = ", ".join(f"histogram({rule.id})" for rule in rules)
            rows = self.connection.execute(
                f"SELECT form, binding_ttpa, binding_dsa, {histograms} FROM ({self._judged(group)}) GROUP BY ALL"  # noqa: S608
            ).fetchall()
            for form, ttpa, dsa, *cells in rows:
                for rule, cell in zip(rules, cells, strict=True):
                    binding = BINDINGS[dsa if rule.instrument == DSA else ttpa]
                    counter = found.setdefault((group.source, form, group.kind, rule.id, binding), Counter())
                    counter.update({outcome_by_code()[c].id: int(n) for c, n in cell.items() if c != NOT_JUDGED})
        return {key: dict(counter) for key, counter in found.items() if counter}


def counted(counts: Sequence[Count]) -> Counted:
    """adaudit's counts in the same form."""
    return {(one.source, one.form, one.kind, one.rule, one.binding): one.reasons for one in counts}
