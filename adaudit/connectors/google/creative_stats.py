"""Parses creative-stats of Google's political ads bundle: one row an ad, spend and views in steps."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from adaudit.connectors.build import Columns, amount, listed, text, whole
from adaudit.connectors.forms import TableContext
from adaudit.connectors.google.apart import kept_apart, rows_apart
from adaudit.connectors.google.distinct import CELL, per_cell
from adaudit.connectors.google.spending import (
    HIGHEST,
    LOWEST,
    SAY,
    columns_by_currency,
    in_currency,
    outside_notice,
    regions,
    set_regions,
)
from adaudit.connectors.google.targeting import set_targeting
from adaudit.connectors.raw import Parsed
from adaudit.connectors.table import Table
from adaudit.errors import ColumnsMissing
from adaudit.language import Wording

SUFFIX: Final = {"": 1, "K": 10**3, "M": 10**6, "B": 10**9}
NUMBER: Final = r"(\d{1,15})\s*([kKmMbB]?)"
AT_MOST: Final = rf"^(?:≤|<=)\s*{NUMBER}$"
ABOVE: Final = rf"^>\s*{NUMBER}$"
BETWEEN: Final = rf"^{NUMBER}\s*[-–]\s*{NUMBER}$"


def _scaled(raw: pl.Expr, pattern: str, group: int) -> pl.Expr:
    digits = whole(raw.str.extract(pattern, group))
    factor = raw.str.extract(pattern, group + 1).str.to_uppercase()
    return digits * factor.replace_strict(SUFFIX, default=None, return_dtype=pl.Int64)


def step(raw: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Both ends of a step such as `≤ 10k`, `10k–100k`, `> 10M` or `10000-15000`; null for anything else.

    The high end of an open step is null.
    """
    clean = raw.str.strip_chars()
    least = pl.when(clean.str.contains(AT_MOST)).then(pl.lit(0, pl.Int64))
    low = pl.coalesce(least, _scaled(clean, ABOVE, 1), _scaled(clean, BETWEEN, 1))
    high = pl.coalesce(_scaled(clean, AT_MOST, 1), _scaled(clean, BETWEEN, 3))
    return low, pl.when(low <= high).then(high)


def _set_step(c: Columns, column: str, low_name: str, high_name: str) -> None:
    """Both ends of a step; an open high end is no text that failed to parse."""
    ends = dict(zip(("low", "high"), step(pl.col(CELL)), strict=True))
    closed = pl.when(~pl.col(CELL).str.strip_chars().str.contains(ABOVE)).then(pl.col(CELL))
    made = {f"{column} {name}": expr for name, expr in {**ends, "closed": closed}.items()}
    low, high, unless_open = per_cell(c, column, **made)
    c.parse(low_name, c.col(column), low)
    c.parse(high_name, unless_open, high)


def _spend(c: Columns, table: TableContext) -> pl.Expr:
    """Set the step of the spend in the currency of the regions; in the first bundles, of dollars as text.

    Gives back the regions.
    """
    lowest = columns_by_currency(table.table.names, LOWEST)
    highest = columns_by_currency(table.table.names, HIGHEST)
    named, chosen = set_regions(c, "regions", lowest, pl.col(CELL))
    if not lowest:
        if not c.has("spend_usd"):
            raise ColumnsMissing("a column Spend_Range_Min_<currency> or Spend_USD", ", ".join(table.table.header))
        _set_step(c, "spend_usd", "amount_ad_low", "amount_ad_high")
        c.set(amount_currency=pl.when(text(c.col("spend_usd")).is_not_null()).then(pl.lit("USD")))
        return named
    low, high = c.stage(low=in_currency(chosen, lowest), high=in_currency(chosen, highest))
    least, most = c.stage(least=amount(low), most=amount(high))
    untold = pl.coalesce(
        *(pl.format("{} {}", pl.lit(code), pl.col(name).fill_null("")) for code, name in lowest.items())
    )
    c.parse("amount_ad_low", pl.when(chosen.is_null()).then(untold).otherwise(low), least)
    c.parse("amount_ad_high", pl.when(most.is_null()).then(high), pl.when((most > 0) & (most >= least)).then(most))
    c.set(amount_currency=chosen)
    return named


@dataclass(frozen=True)
class Across:
    """What all rows of one file tell together: which of them stay apart, how many they are, which regions they name."""

    apart: pl.DataFrame
    rows: int
    named: pl.Series


def across(tables: Iterable[Table]) -> Across:
    """What the parts of one file tell together."""
    rows, named = 0, [pl.Series("regions", [], dtype=pl.String)]

    def counted() -> Iterator[tuple[Table, pl.Series]]:
        nonlocal rows
        for table in tables:
            rows += table.frame.height
            if "regions" in table.frame.columns:
                named.append(table.frame["regions"].unique())
            yield table, table.frame.select(text(pl.col("ad_id"))).to_series()

    apart = rows_apart(counted())
    cells = pl.concat(named).unique().to_frame()
    return Across(apart, rows, cells.select(regions(pl.col("regions"))).to_series())


def parse_ads(table: TableContext) -> Parsed:
    """Ads of one bundle. Raises ColumnsMissing where no column holds a spend.

    An ad's id may stand in the Transparency Center too, which tells other things of it under another duty:
    the record is the bundle's. Unequal rows with one id stay apart.
    """
    c = Columns(table.frame)
    number = text(c.col("ad_id"))
    c.text(ad_id="ad_id", url="ad_url", account_id="advertiser_id")
    c.text(account_name="advertiser_name", sponsor_name="advertiser_name")
    c.days(delivered_from=c.col("date_range_start"), delivered_until=c.col("date_range_end"))
    _set_step(c, "impressions", "views_low", "views_high")
    named = _spend(c, table)
    set_targeting(c)
    c.set(
        record_id=pl.concat_str(pl.lit("bundle"), number, separator="|", ignore_nulls=False),
        content_shown=text(c.col("ad_url")).is_not_null(),
        media_kind=listed(text(c.col("ad_type")).str.to_uppercase()),
        countries=named,
        political_basis=pl.lit("declared"),
    )
    whole = table.across if isinstance(table.across, Across) else across([table.table])
    frame = kept_apart(c.build(), table, whole.apart)
    return table.parsed(frame, notices=() if table.part else _notices(whole, told=c.has("regions")))


def _notices(whole: Across, *, told: bool) -> tuple[Wording, ...]:
    """What there is to say of the file, `told` being whether it has a column of regions."""
    untold = (SAY.both("no_regions"),) if whole.rows and not told else ()
    return outside_notice(whole.named, "ads", whole.rows) + untold
