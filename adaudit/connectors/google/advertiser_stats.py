"""Parses advertiser-stats of Google's political ads bundle: totals per advertiser since the start."""

from typing import Final

import polars as pl

from adaudit.connectors.build import Columns, all_null, text
from adaudit.connectors.forms import TableContext
from adaudit.connectors.raw import Parsed
from adaudit.connectors.source import sources
from adaudit.errors import ColumnsMissing

UNION: Final = "EU"


def _currency(c: Columns) -> pl.Expr:
    """The currency of the advertiser's region; of several regions, the Union's, else the first one's."""
    known = sources()["google"].lookups["currency_of_region"]
    if not c.has("regions"):
        return pl.lit("USD" if c.has("total_spend_usd") or c.has("spend_usd") else None, dtype=pl.String)
    regions = text(c.col("regions")).str.split(",").list.eval(pl.element().str.strip_chars())
    chosen = pl.when(regions.list.contains(UNION)).then(pl.lit(UNION)).otherwise(regions.list.first())
    return chosen.replace_strict(known, default=None, return_dtype=pl.String)


def parse_advertisers(table: TableContext) -> Parsed:
    """Advertisers of one bundle. Raises ColumnsMissing where no column holds a spend."""
    c = Columns(table.frame)
    spends = {name.removeprefix("spend_").upper(): name for name in table.table.names if name.startswith("spend_")}
    if c.has("total_spend_usd"):
        spends.setdefault("USD", "total_spend_usd")
    if not spends:
        raise ColumnsMissing("a column Spend_<currency> or Total_Spend_USD", ", ".join(table.table.header))
    currency = _currency(c)
    raw = pl.coalesce([pl.when(currency == code).then(pl.col(name)) for code, name in spends.items()])
    c.text(
        record_id="advertiser_id",
        account_id="advertiser_id",
        account_name="advertiser_name",
        sponsor_name="advertiser_name",
    )
    c.text(linked_process="elections", sponsor_registration="public_ids_list")
    c.amounts(amount_advertiser_low=raw, amount_advertiser_high=raw)
    c.wholes(ads_count=c.col("total_creatives"))
    regions = text(c.col("regions")).str.split(",").list.eval(pl.element().str.strip_chars())
    c.set(
        amount_currency=pl.when(raw.is_not_null()).then(currency),
        countries=all_null(regions) if c.has("regions") else pl.lit(None, dtype=pl.List(pl.String)),
        political_basis=pl.lit("declared"),
    )
    return table.parsed(c.build())
