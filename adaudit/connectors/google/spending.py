"""The one relevant currency of a row of the political ads bundle, and the amounts in it.

Every row carries a column for every currency. Those of other regions hold the same spend converted (bundles
of 2019) or the lowest step (later ones): the row's region says which is meant, and none are ever added.
"""

from collections.abc import Mapping
from typing import Final

import polars as pl

from adaudit.connectors.build import Columns, all_null, amount, text
from adaudit.connectors.google.distinct import per_cell
from adaudit.connectors.source import sources
from adaudit.language import Wording, texts_of
from adaudit.law import member_states

SAY: Final = texts_of("adaudit.connectors.google")
SPEND: Final = "spend_"
LOWEST: Final = "spend_range_min_"
HIGHEST: Final = "spend_range_max_"
OF_THE_UNION: Final = "EUR"
CODE: Final = 3
"""Letters of a currency code: `spend_range_min_eur` is no total."""


def columns_by_currency(names: tuple[str, ...], prefix: str) -> dict[str, str]:
    """The columns with this prefix and a currency code after it, by that code."""
    found = {name.removeprefix(prefix).upper(): name for name in names if name.startswith(prefix)}
    return {code: name for code, name in found.items() if len(code) == CODE and code.isalpha()}


def regions(raw: pl.Expr) -> pl.Expr:
    """The regions of a cell such as `EU, NL`, each once and sorted; null where the cell is blank."""
    parts = text(raw).str.split(",").list.eval(pl.element().str.strip_chars())
    return all_null(parts.list.eval(pl.element().filter(pl.element() != "")).list.unique().list.sort())


def in_the_union(named: pl.Expr) -> pl.Expr:
    """Whether one of the regions is the Union or a Member State; null where none is told."""
    return named.list.eval(pl.element().is_in(["EU", *sorted(member_states())])).list.any()


def regions_by_currency(carried: Mapping[str, str]) -> dict[str, list[str]]:
    """The regions of each currency that the file carries, in the order of `source.toml`: the Union's first.

    A Member State whose own currency has no column any more has taken the euro.
    """
    told = sources()["google"].lookups["currency_of_region"]
    found: dict[str, list[str]] = {}
    for region, code in told.items():
        chosen = code if code in carried or region not in member_states() else OF_THE_UNION
        found.setdefault(chosen, []).append(region)
    return {code: names for code, names in found.items() if code in carried}


def set_regions(c: Columns, column: str, carried: Mapping[str, str], cell: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """The regions of each row and its currency, by the columns that hold amounts (or lower ends) in each.

    `cell` is what names the regions in the column, written on `CELL`. Of several regions the currency is that of
    the first whose amount is above zero, the Union's before all others: the lowest step in one currency beside a
    higher one in another tells that the first is not the row's.
    """
    by_currency = regions_by_currency(carried)
    named = regions(cell)
    here = {code: named.list.eval(pl.element().is_in(names)).list.any() for code, names in by_currency.items()}
    found, *told = per_cell(c, column, regions=named, **{f"regions in {code}": there for code, there in here.items()})
    spent = [
        pl.when(there & (amount(pl.col(carried[code])) > 0)).then(pl.lit(code))
        for code, there in zip(by_currency, told, strict=True)
    ]
    first = [pl.when(there).then(pl.lit(code)) for code, there in zip(by_currency, told, strict=True)]
    (chosen,) = c.stage(currency=pl.coalesce(*spent, *first, pl.lit(None, dtype=pl.String)))
    return found, chosen


def in_currency(chosen: pl.Expr, carried: Mapping[str, str]) -> pl.Expr:
    """The text of the row's amount in the chosen currency; null where the file carries no such column."""
    cells = [pl.when(chosen == code).then(pl.col(name)) for code, name in carried.items()]
    return pl.coalesce(*cells, pl.lit(None, dtype=pl.String))


def outside_notice(named: pl.Series, things: str, rows: int) -> tuple[Wording, ...]:
    """What there is to say of the source where none of the rows names the Union or a Member State.

    `named` holds the regions of the rows, each at least once, `things` is the texts' key of what a row is about.
    It is a fact about the file, never that there were no ads.
    """
    frame = named.alias("named").to_frame()
    if not rows or frame.select(in_the_union(pl.col("named")).any()).item():
        return ()
    told = named.drop_nulls().explode(empty_as_null=False).unique().sort().to_list()
    if not told:
        return ()
    return (SAY.of("outside", rows, things=SAY.of(things, rows), regions=", ".join(told)),)
