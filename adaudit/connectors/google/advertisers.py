"""Parses what Google's political ads bundle tells of advertisers: totals, weeks and campaigns' targeting."""

from typing import Final

import polars as pl

from adaudit.connectors.build import Columns, day, text
from adaudit.connectors.forms import TableContext
from adaudit.connectors.google.apart import kept_apart
from adaudit.connectors.google.distinct import CELL
from adaudit.connectors.google.spending import (
    SAY,
    SPEND,
    columns_by_currency,
    in_currency,
    outside_notice,
    set_regions,
)
from adaudit.connectors.google.targeting import set_targeting
from adaudit.connectors.raw import Parsed
from adaudit.errors import ColumnsMissing
from adaudit.language import Wording

WEEK: Final = pl.duration(days=6)
"""From the first day of a week, a Sunday, to its last."""
AD: Final = r"CR\d+"
CYCLE: Final = r"^([A-Z]{2})-"
"""The region at the start of an election cycle."""
REGION: Final = "a region"
TOTALS: Final = "advertiser_stats"


def _people(c: Columns) -> None:
    c.text(account_id="advertiser_id", account_name="advertiser_name", sponsor_name="advertiser_name")
    c.set(political_basis=pl.lit("declared"))


def _spends(table: TableContext) -> dict[str, str]:
    """The column of each currency. Raises ColumnsMissing where no column holds a spend."""
    found = columns_by_currency(table.table.names, SPEND)
    if "total_spend_usd" in table.table.names:
        found.setdefault("USD", "total_spend_usd")
    if not found:
        raise ColumnsMissing("a column Spend_<currency> or Total_Spend_USD", ", ".join(table.table.header))
    return found


def _amounts(c: Columns, raw: pl.Expr, chosen: pl.Expr) -> None:
    c.amounts(amount_advertiser_low=raw, amount_advertiser_high=raw)
    c.set(amount_currency=pl.when(text(raw).is_not_null()).then(chosen))


def parse_totals(table: TableContext) -> Parsed:
    """Advertisers of one bundle with their totals since the start.

    Raises ColumnsMissing where no column holds a spend. The first bundles knew dollars only.
    """
    c = Columns(table.frame)
    spends = _spends(table)
    named, chosen = set_regions(c, "regions", spends, pl.col(CELL))
    if not c.has("regions"):
        chosen = pl.lit("USD" if "USD" in spends else None, dtype=pl.String)
    _people(c)
    c.text(record_id="advertiser_id", linked_process="elections", sponsor_registration="public_ids_list")
    c.wholes(ads_count=c.col("total_creatives"))
    c.set(countries=named)
    _amounts(c, in_currency(chosen, spends), chosen)
    frame = c.build()
    return table.parsed(frame, notices=outside_notice(frame["countries"], "advertisers", frame.height))


def _with_region(table: TableContext) -> pl.DataFrame:
    """The rows with a column `REGION`: of the election cycle, else of the advertiser in the same bundle."""
    rows = table.frame
    cycle = text(pl.col("election_cycle")).str.extract(CYCLE) if "election_cycle" in rows.columns else pl.lit(None)
    totals = table.beside.get(TOTALS)
    if totals is None:
        return rows.with_columns(cycle.cast(pl.String).alias(REGION))
    regions = totals.select(
        pl.col("account_id").alias("advertiser_id"), pl.col("countries").list.join(", ").alias(REGION)
    )
    joined = rows.join(
        regions.unique("advertiser_id", keep="first", maintain_order=True),
        on="advertiser_id",
        how="left",
        maintain_order="left",
    )
    return joined.with_columns(pl.coalesce(cycle, REGION).alias(REGION))


def parse_weeks(table: TableContext) -> Parsed:
    """What each advertiser spent in each week. Raises ColumnsMissing where no column holds a spend.

    The file has no regions. Until mid-2019 an election cycle such as `US-Federal-2018` tells one; inside a
    bundle the regions are those that advertiser-stats gives the advertiser. Where neither tells any, no amount
    is claimed, because only the region says which of the currencies is meant.
    """
    c = Columns(_with_region(table))
    spends = _spends(table)
    named, chosen = set_regions(c, REGION, spends, pl.col(CELL))
    start = c.col("week_start_date")
    _people(c)
    c.days(delivered_from=start)
    c.set(
        record_id=pl.concat_str(text(c.col("advertiser_id")), text(start), separator="|", ignore_nulls=False),
        delivered_until=day(start) + WEEK,
        countries=named,
    )
    _amounts(c, in_currency(chosen, spends), chosen)
    frame = kept_apart(c.build(), table)
    scope = TOTALS if TOTALS in table.beside else None
    return table.parsed(frame, scope_from=scope, notices=_untold_notice(frame))


def _untold_notice(frame: pl.DataFrame) -> tuple[Wording, ...]:
    untold = frame["countries"].null_count()
    return (SAY.of("untold", untold, rows=frame.height),) if untold else ()


def parse_campaigns(table: TableContext) -> Parsed:
    """The targeting of each campaign, as its advertiser's: a campaign is no ad and is not counted as one."""
    c = Columns(table.frame)
    ads = text(c.col("ads_list"))
    _people(c)
    c.text(record_id="campaign_id", campaign_id="campaign_id")
    c.days(delivered_from=c.col("start_date"), delivered_until=c.col("end_date"))
    found = ads.str.count_matches(AD).cast(pl.Int64)
    c.parse("ads_count", ads, pl.when(found > 0).then(found))
    set_targeting(c)
    return table.parsed(kept_apart(c.build(), table))
