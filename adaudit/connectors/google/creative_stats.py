"""Parses creative-stats of Google's political ads bundle: one row an ad, spend and views in steps."""

from typing import Final

import polars as pl

from adaudit.connectors.build import Columns, all_null, amount, listed, text, whole
from adaudit.connectors.forms import TableContext
from adaudit.connectors.google.apart import kept_apart
from adaudit.connectors.google.spending import (
    HIGHEST,
    LOWEST,
    columns_by_currency,
    currency,
    in_currency,
    outside_notice,
    regions,
)
from adaudit.connectors.google.targeting import set_targeting
from adaudit.connectors.raw import Parsed
from adaudit.errors import ColumnsMissing

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


def _set_step(c: Columns, raw: pl.Expr, low_name: str, high_name: str) -> None:
    """Both ends of a step; an open high end is no text that failed to parse."""
    low, high = step(raw)
    c.parse(low_name, raw, low)
    c.parse(high_name, pl.when(~raw.str.strip_chars().str.contains(ABOVE)).then(raw), high)


def _spend(c: Columns, table: TableContext, named: pl.Expr) -> None:
    """The step of the spend in the currency of the regions; in the first bundles, of dollars as text."""
    lowest = columns_by_currency(table.table.names, LOWEST)
    highest = columns_by_currency(table.table.names, HIGHEST)
    if not lowest:
        if not c.has("spend_usd"):
            raise ColumnsMissing("a column Spend_Range_Min_<currency> or Spend_USD", ", ".join(table.table.header))
        raw = c.col("spend_usd")
        _set_step(c, raw, "amount_ad_low", "amount_ad_high")
        c.set(amount_currency=pl.when(text(raw).is_not_null()).then(pl.lit("USD")))
        return
    (chosen,) = c.stage(currency=currency(named, lowest) if c.has("regions") else pl.lit(None, dtype=pl.String))
    low, high = c.stage(low=in_currency(chosen, lowest), high=in_currency(chosen, highest))
    untold = pl.coalesce(*(pl.format("{} {}", pl.lit(code), pl.col(name)) for code, name in lowest.items()))
    closed = (amount(high) > 0) & (amount(high) >= amount(low))
    readable = amount(high).is_not_null()
    c.parse("amount_ad_low", pl.when(chosen.is_null()).then(untold).otherwise(low), amount(low))
    c.parse("amount_ad_high", pl.when(~readable).then(high), pl.when(closed).then(amount(high)))
    c.set(amount_currency=chosen)


def parse_ads(table: TableContext) -> Parsed:
    """Ads of one bundle. Raises ColumnsMissing where no column holds a spend.

    An ad's id may stand in the Transparency Center too, which tells other things of it under another duty:
    the record is the bundle's. Unequal rows with one id stay apart.
    """
    c = Columns(table.frame)
    (named,) = c.stage(regions=regions(c.col("regions")))
    number = text(c.col("ad_id"))
    c.text(ad_id="ad_id", url="ad_url", account_id="advertiser_id")
    c.text(account_name="advertiser_name", sponsor_name="advertiser_name")
    c.days(delivered_from=c.col("date_range_start"), delivered_until=c.col("date_range_end"))
    _set_step(c, c.col("impressions"), "views_low", "views_high")
    _spend(c, table, named)
    set_targeting(c)
    c.set(
        record_id=pl.concat_str(pl.lit("bundle"), number, separator="|", ignore_nulls=False),
        content_shown=text(c.col("ad_url")).is_not_null(),
        media_kind=listed(text(c.col("ad_type")).str.to_uppercase()),
        countries=all_null(named),
        political_basis=pl.lit("declared"),
    )
    frame = kept_apart(c.build(), table)
    notices = outside_notice(frame["countries"], "ads")
    if frame.height and not c.has("regions"):
        notices += ("no column Regions: the country is not told (the bundles of 2018 were of the United States only)",)
    return table.parsed(frame, notices=notices)
