"""The eight gates in their order: from one rule and the layouts of a group to one verdict expression.

1 territory, 2 political or not, 3 removed, 4 condition, 5 exposed, 6 asked for, 7 present, 8 the
rule's own expression. What can be decided per layout is decided here, in Python, once; what all
layouts share becomes a literal, so that a rule costs nothing where the source never shows a field.
"""

from collections.abc import Sequence
from typing import Final

import polars as pl

from adaudit.audit.facts import ASSERTED, OUTSIDE, UNPOLITICAL
from adaudit.audit.layouts import Layout
from adaudit.law import DSA
from adaudit.model.record import PARSED_COLUMNS, TEXT_COLUMNS, bits
from adaudit.model.vocabulary import NOT_JUDGED, code
from adaudit.rules import Rule
from adaudit.rules.rule import given, holds, outcome

UNASKED: Final = frozenset({"not_in_export", "not_requested"})
Numbered = Sequence[tuple[int, Layout]]
Case = tuple[pl.Expr, pl.Expr]


def speaks(rule: Rule, layout: Layout) -> bool:
    """Whether the rule speaks of records of this layout: by kind, and Art 39 DSA by the source's duty.

    Of aggregates no disclosure is asked that their table is not made to hold. A duty such as
    `DSA 39(2)(f)` is of that point alone.
    """
    if layout.kind not in rule.kinds or (layout.kind == "advertiser" and _no_place(rule, layout)):
        return False
    if rule.instrument != DSA or rule.family == "consistency":
        return True
    point = f"DSA {rule.pinpoint(layout.kind).removeprefix('Art ')}"
    return not {"DSA 39", point}.isdisjoint(layout.duties)


def _no_place(rule: Rule, layout: Layout) -> bool:
    return rule.family == "disclosure" and layout.never_shows(rule.id)


def verdict(rule: Rule, kind: str, layouts: Numbered) -> pl.Expr:
    """The outcome code (UInt8) of one rule for the records of one source and kind."""
    spoken = [(number, layout) for number, layout in layouts if speaks(rule, layout)]
    if not spoken:
        return pl.lit(NOT_JUDGED, pl.UInt8)
    present = _present(rule)
    cases: list[Case] = []
    if len(spoken) < len(layouts):
        cases.append((~_among(spoken), holds()))
    cases.append((pl.col(OUTSIDE), outcome("outside_union")))
    if rule.political_only:
        cases.append((pl.col(UNPOLITICAL), outcome("not_shown_political")))
    if rule.removed:
        cases.append((pl.col("removed"), outcome(rule.removed)))
    if rule.condition:
        stop = rule.condition(kind, present)
        cases.append((stop != NOT_JUDGED, stop))
    family = {"disclosure": _disclosure, "label": _label, "consistency": _consistency, "guard": _guard}
    return _chain(cases, family[rule.family](rule, spoken, present))


def _chain(cases: Sequence[Case], otherwise: pl.Expr) -> pl.Expr:
    found = otherwise
    for true, value in reversed(cases):
        found = pl.when(true).then(value).otherwise(found)
    return found.cast(pl.UInt8)


def _present(rule: Rule) -> pl.Expr:
    if not rule.present:
        return pl.lit(True)
    unparsed = _unparsed(rule)
    return given(*rule.present) if unparsed is None else given(*rule.present) | unparsed


def _masked(mask: str, columns: Sequence[str], numbered: tuple[str, ...]) -> pl.Expr | None:
    """Whether the mask is set for one of the columns; None where it never can be."""
    of_columns = bits(columns, numbered)
    return (pl.col(mask) & of_columns) != 0 if of_columns else None


def _unparsed(rule: Rule) -> pl.Expr | None:
    """Whether a text that does not parse stands in any column that the rule reads."""
    return _masked("unparsed_mask", rule.columns(), PARSED_COLUMNS)


def _among(layouts: Numbered) -> pl.Expr:
    return pl.col("layout").is_in([number for number, _ in layouts])


def _where(chosen: list[int], layouts: Numbered) -> pl.Expr | None:
    """True for records of the chosen layouts; None where no layout was chosen."""
    if not chosen:
        return None
    if len(chosen) == len(layouts):
        return pl.lit(True)
    return pl.col("layout").is_in(chosen)


def _disclosure(rule: Rule, layouts: Numbered, present: pl.Expr) -> pl.Expr:
    never = [n for n, layout in layouts if layout.standing(rule.id) == "never"]
    if len(never) == len(layouts):
        return outcome("not_exposed")
    cases: list[Case] = []
    hidden = _where(never, layouts)
    if hidden is not None:
        cases.append((hidden, outcome("not_exposed")))
    cases += _not_asked(rule, layouts, present)
    unverified = _where([n for n, layout in layouts if layout.unverified(rule.id)], layouts)
    if unverified is not None:
        unparsed = _unparsed(rule)
        unread = ~present if unparsed is None else ~present | unparsed
        cases.append((unverified & unread, outcome("format_unverified")))
    elsewhere = _where([n for n, layout in layouts if layout.blank_says_nothing(rule.id)], layouts)
    if elsewhere is not None:
        filler = _masked("placeholder_mask", rule.present, TEXT_COLUMNS)
        blank = ~present if filler is None else ~present | filler
        cases.append((elsewhere & blank, outcome("field_asks_otherwise")))
    cases += _not_present(rule)
    return _chain(cases, _capped(rule, layouts))


def _not_asked(rule: Rule, layouts: Numbered, present: pl.Expr) -> list[Case]:
    """An absent value of a field that the input does not carry proves nothing."""
    cases: list[Case] = []
    for standing in ("not_in_export", "not_requested"):
        where = _where([n for n, layout in layouts if layout.standing(rule.id) == standing], layouts)
        if where is not None:
            cases.append((where & ~present, outcome(standing)))
    return cases


def _not_present(rule: Rule) -> list[Case]:
    """No value, or none that counts: of several columns the first one that holds anything decides."""
    empty = outcome("empty")
    missing = pl.when(ASSERTED).then(outcome("undeclared")).otherwise(empty) if rule.political_only else empty
    absent = ~given(*rule.present)
    cases: list[Case] = []
    unparsed = _unparsed(rule)
    if unparsed is not None:
        cases.append((unparsed & absent, outcome("unparsed")))
    for i, column in enumerate(rule.present[:-1]):
        first = _masked("unparsed_mask", [column], PARSED_COLUMNS)
        if first is not None:
            cases.append((first & ~given(*rule.present[:i]) if i else first, outcome("unparsed")))
    if rule.partly:
        cases.append((absent & given(*rule.partly.columns), outcome(rule.partly.outcome)))
    cases.append((absent, missing))
    for mask, found in (("nobody_mask", "nobody_named"), ("placeholder_mask", "placeholder")):
        masked = _masked(mask, rule.present, TEXT_COLUMNS)
        if masked is not None:
            cases.append((masked, outcome(found)))
    return cases


def _capped(rule: Rule, layouts: Numbered) -> pl.Expr:
    """The rule's own outcome; where it is good, no better than the form's exposure allows.

    Where it is not good and a text did not parse, that text is why.
    """
    own = rule.expression()
    caps: dict[str, list[int]] = {}
    for number, layout in layouts:
        cap = layout.cap(rule.id)
        if cap is not None:
            caps.setdefault(cap, []).append(number)
    cases: list[Case] = []
    for cap, numbers in caps.items():
        where = _where(numbers, layouts)
        assert where is not None  # noqa: S101 - every cap has a layout
        cases.append((where & (own == code("disclosed")), outcome(cap)))
    unparsed = _unparsed(rule)
    if unparsed is not None:
        cases.append((unparsed & (own != code("disclosed")), outcome("unparsed")))
    return _chain(cases, own)


def _label(rule: Rule, layouts: Numbered, present: pl.Expr) -> pl.Expr:
    shown = _where([n for n, layout in layouts if layout.standing(rule.id) == "carried"], layouts)
    if shown is None:
        return rule.expression()
    for mask in ("nobody_mask", "placeholder_mask"):
        filler = _masked(mask, rule.present, TEXT_COLUMNS)
        present = present if filler is None else present & ~filler
    return _chain([(shown & present, outcome("disclaimer_field_only"))], rule.expression())


def _consistency(rule: Rule, layouts: Numbered, present: pl.Expr) -> pl.Expr:
    unasked = (
        []
        if not rule.present
        else [n for n, layout in layouts if layout.standing(rule.id) in UNASKED or layout.never_shows(rule.id)]
    )
    where = _where(unasked, layouts)
    own = rule.expression()
    compared = own.fill_null(outcome("nothing_to_compare"))
    if where is None:
        return compared
    return _chain([(where & ~present & own.is_not_null(), outcome("currency_unseen"))], compared)


def _guard(rule: Rule, layouts: Numbered, present: pl.Expr) -> pl.Expr:  # noqa: ARG001 - a family's form
    return rule.expression()
