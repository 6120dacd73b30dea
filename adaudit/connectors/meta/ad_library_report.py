"""Parses Meta's Ad Library Report: totals per page and disclaimer, one country and period a file.

The layout of 2019 has neither page ids nor a currency: then none is claimed.
"""

import re
from collections.abc import Hashable
from datetime import date, timedelta
from typing import Final

import polars as pl

from adaudit.connectors.build import Columns, amount, listed, text, whole
from adaudit.connectors.forms import TableContext
from adaudit.connectors.raw import Parsed
from adaudit.errors import ColumnsMissing
from adaudit.language import texts_of

SAY: Final = texts_of("adaudit.connectors.meta")
SPENT: Final = re.compile(r"^amount spent \((\w{3})\)$")
SPENT_OF_2019: Final = "amount spent"
NAME: Final = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)_(?P<country>[A-Z]{2})_(?P<preset>yesterday|last_\d+_days|lifelong)")
NAME_OF_2019: Final = re.compile(
    r"Report(?P<country>[A-Z]{2})(?P<day>\d{4}-\d\d-\d\d)(?P<preset>SpendingToDate|ThisWeekSpending)"
)
DAYS: Final = {"yesterday": 1, "last_7_days": 7, "last_30_days": 30, "last_90_days": 90, "ThisWeekSpending": 7}
AT_MOST: Final = "≤"
GROUPED: Final = r"^\d{1,3}(,\d{3})+$"
"""Thousands apart by commas, as some files write them; any other mark is not read as one."""
DIGITS: Final = r"^\d+$"
COUNTRY, FIRST, LAST, WHERE = "a country", "a first day", "a last day", "a country and period"
TOLD: Final = {COUNTRY: pl.String(), FIRST: pl.Date(), LAST: pl.Date(), WHERE: pl.String()}
"""What the name of its file tells of a row."""


def _scope(name: str) -> tuple[str | None, date | None, date | None, str]:
    """Country, first and last day, and period as named, from the file's name; None where it does not tell."""
    match = NAME.search(name) or NAME_OF_2019.search(name)
    if not match:
        return None, None, None, ""
    last = date.fromisoformat(match["day"])
    length = DAYS.get(match["preset"])
    first = last - timedelta(days=length - 1) if length else None
    return match["country"], first, last, f"{match['day']} {match['preset']}"


def scope_told(name: str) -> Hashable:
    """Whether a file's name tells its country and period; None where it does not."""
    return True if _scope(name)[0] else None


def _told(name: str) -> tuple[str | None, date | None, date | None, str]:
    """Country, first and last day, and both in words, from the file's name."""
    country, first, last, period = _scope(name)
    return country, first, last, f"{country or 'country not named'} {period or 'period not named'}"


def _figure(raw: pl.Expr) -> pl.Expr:
    """The digits of a whole number; null for `1.234` or `12,34`, which may mean either mark."""
    clean = raw.str.strip_chars()
    plain = pl.when(clean.str.contains(GROUPED)).then(clean.str.replace_all(",", "", literal=True)).otherwise(clean)
    return pl.when(plain.str.contains(DIGITS)).then(plain)


def _spent(table: TableContext) -> tuple[str, str | None]:
    """The column of amounts, and the currency that its header names. Raises ColumnsMissing."""
    for name in table.table.names:
        match = SPENT.match(name)
        if match:
            return name, match[1].upper()
    if SPENT_OF_2019 in table.table.names:
        return SPENT_OF_2019, None
    raise ColumnsMissing(
        "a column Amount spent with its currency by its code, such as (EUR)",
        f"the columns {', '.join(map(repr, table.table.header))}",
        place="line 1",
        advice="A currency is not guessed; use the file as downloaded.",
    )


def parse_advertisers(table: TableContext) -> Parsed:
    """Advertisers of one country and period, each row a record of its own. Raises ColumnsMissing."""
    spent_column, currency = _spent(table)
    c = Columns(table.frame.with_columns(table.told_by_name(_told, TOLD)))
    untold = c.raw[COUNTRY].null_count() > 0
    raw = c.col(spent_column).str.strip_chars()
    at_most = raw.str.starts_with(AT_MOST)
    figure = _figure(raw.str.strip_prefix(AT_MOST))
    c.text(account_id="page id", account_name="page name", sponsor_name="disclaimer")
    c.parse(
        "amount_advertiser_low",
        c.col(spent_column),
        pl.when(at_most & figure.is_not_null()).then(pl.lit("0")).otherwise(figure).pipe(amount),
    )
    c.parse("amount_advertiser_high", c.col(spent_column), amount(figure))
    ads = c.col("number of ads in library")
    c.parse("ads_count", ads, whole(_figure(ads)))
    key = pl.concat_str(
        pl.col(WHERE),
        text(c.col("page id")).fill_null(""),
        text(c.col("page name")).fill_null(""),
        text(c.col("disclaimer")).fill_null(""),
        separator="|",
    )
    c.set(
        record_id=key,
        amount_currency=pl.lit(currency, dtype=pl.String),
        countries=listed(pl.col(COUNTRY)),
        delivered_from=pl.col(FIRST),
        delivered_until=pl.col(LAST),
        political_basis=pl.lit("declared"),
        scope_from=pl.when(pl.col(COUNTRY).is_not_null()).then(pl.lit("name")),
    )
    notices = (SAY.both("report_scope_untold"),) if untold else ()
    return table.parsed(_unique_ids(c.build(), table), scope_from=None if untold else "name", notices=notices)


def _unique_ids(frame: pl.DataFrame, table: TableContext) -> pl.DataFrame:
    """Rows of one file that share page, name and disclaimer stay apart: their row number joins the id."""
    numbered = pl.concat_str("record_id", pl.lit("|row "), table.row)
    shared = pl.struct("record_id", table.file.alias("file")).is_duplicated()
    return frame.with_columns(pl.when(shared).then(numbered).otherwise("record_id").alias("record_id"))
