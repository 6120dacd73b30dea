"""Parses Meta's Ad Library Report: totals per page and disclaimer, one country and period a file."""

import re
from datetime import date, timedelta
from typing import Final

import polars as pl

from adaudit.connectors.build import AMOUNT, Columns, amount, text
from adaudit.connectors.forms import TableContext
from adaudit.connectors.raw import Parsed
from adaudit.errors import ColumnsMissing

SPENT: Final = re.compile(r"^amount spent \((\w{3})\)$")
NAME: Final = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)_(?P<country>[A-Z]{2})_(?P<preset>yesterday|last_\d+_days|lifelong)")
DAYS: Final = {"yesterday": 1, "last_7_days": 7, "last_30_days": 30, "last_90_days": 90}
AT_MOST: Final = "≤"


def _scope(name: str) -> tuple[str | None, date | None, date | None, str]:
    """Country, first and last day, and period as named, from the file's name; None where it does not tell."""
    match = NAME.search(name)
    if not match:
        return None, None, None, ""
    last = date.fromisoformat(match["day"])
    length = DAYS.get(match["preset"])
    first = last - timedelta(days=length - 1) if length else None
    return match["country"], first, last, f"{match['day']} {match['preset']}"


def parse_advertisers(table: TableContext) -> Parsed:
    """Advertisers of one country and period, each row a record of its own."""
    spent_column = next((name for name in table.table.names if SPENT.match(name)), None)
    if spent_column is None:
        raise ColumnsMissing("a column Amount spent with its currency, such as (EUR)", ", ".join(table.table.header))
    currency = SPENT.match(spent_column)[1].upper()  # type: ignore[index]
    country, first, last, period = _scope(table.name)
    c = Columns(table.frame)
    raw = c.col(spent_column).str.strip_chars().str.replace_all(",", "", literal=True)
    at_most = raw.str.starts_with(AT_MOST)
    figure = raw.str.strip_prefix(AT_MOST).str.strip_chars()
    readable = figure.str.contains(AMOUNT)
    c.text(account_id="page id", account_name="page name", sponsor_name="disclaimer")
    c.parse(
        "amount_advertiser_low",
        c.col(spent_column),
        pl.when(at_most & readable).then(pl.lit("0")).otherwise(figure).pipe(amount),
    )
    c.parse("amount_advertiser_high", c.col(spent_column), amount(figure))
    c.wholes(ads_count=c.col("number of ads in library").str.replace_all(",", "", literal=True))
    where = " ".join(part for part in (country or "country not named", period or "period not named") if part)
    key = pl.concat_str(
        pl.lit(where),
        text(c.col("page id")).fill_null(""),
        text(c.col("page name")).fill_null(""),
        text(c.col("disclaimer")).fill_null(""),
        separator="|",
    )
    c.set(
        record_id=key,
        amount_currency=pl.lit(currency),
        countries=pl.lit([country] if country else None, dtype=pl.List(pl.String)),
        delivered_from=pl.lit(first, dtype=pl.Date),
        delivered_until=pl.lit(last, dtype=pl.Date),
        political_basis=pl.lit("declared"),
        scope_from=pl.lit("name" if country else None, dtype=pl.String),
    )
    notices = () if country else ("country and period are not told: neither the rows nor the file's name hold them",)
    frame = _unique_ids(c.build(), table.frame["record"])
    return table.parsed(frame, scope_from="name" if country else None, notices=notices)


def _unique_ids(frame: pl.DataFrame, record: pl.Series) -> pl.DataFrame:
    """Rows that share page, name and disclaimer stay apart: their row number joins the id."""
    numbered = pl.concat_str("record_id", pl.lit("|row "), record)
    return frame.with_columns(
        pl.when(pl.col("record_id").is_duplicated()).then(numbered).otherwise("record_id").alias("record_id")
    )
