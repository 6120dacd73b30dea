"""Parses the CSV export of X's Ads Repository.

No export with rows has been seen in public: dates and counts are read only where they have a plain
form, and kept as text otherwise. There is no id column, so the record id is made of the row's cells.
"""

from typing import Final

import polars as pl

from adaudit.connectors.build import Columns, all_null, text
from adaudit.connectors.forms import CsvForm, Parser, TableContext
from adaudit.connectors.nested import parameter_where_shown
from adaudit.connectors.raw import Parsed
from adaudit.model.fillers import placeholder

REMOVAL: Final = ("enforcement action", "statement of reason", "facts and circumstances of removal")
KEY: Final = ("advertiser name", "creative", "start date", "end date")


def _segments(c: Columns) -> pl.Expr:
    """Segments as the cell holds them: how several are separated is not documented."""

    included = parameter_where_shown("segments", c.col("targeted segments"))
    excluded = parameter_where_shown("segments", c.col("excluded targeting segments"), excluded=True)
    return pl.concat_list(included, excluded).list.drop_nulls()


def _removal(c: Columns) -> pl.Expr:
    """What the three columns on removal say; a filler in them says that nothing was removed."""
    cells = c.stage(**{f"removal_{i}": text(c.col(name)) for i, name in enumerate(REMOVAL)})
    said = (pl.when(~placeholder(cell.meta.output_name())).then(cell) for cell in cells)
    return pl.concat_str(*said, separator="; ", ignore_nulls=True)


def parse_ads(table: TableContext) -> Parsed:
    """Rows of one export."""
    c = Columns(table.frame)
    key = pl.concat_str(*(text(c.col(name)).fill_null("") for name in KEY), separator="|")
    twice = pl.concat_str(key, pl.lit("|row "), "record")
    parameters = _segments(c)
    removal = _removal(c)
    c.text(account_name="advertiser name", sponsor_name="funding entity", payer_name="funding entity")
    c.days(delivered_from=c.col("start date"), delivered_until=c.col("end date"))
    c.wholes(
        views_low=c.col("impressions"),
        views_high=c.col("impressions"),
        people_reached_low=c.col("reach"),
        people_reached_high=c.col("reach"),
    )
    creative = text(c.col("creative"))
    c.set(
        record_id=pl.when(key.is_duplicated()).then(twice).otherwise(key),
        creative_urls=all_null(pl.concat_list(creative).list.drop_nulls()),
        content_shown=creative.is_not_null(),
        targeting_parameters=all_null(parameters),
        targeting_parameters_count=parameters.list.len(),
        removed=text(removal).is_not_null(),
        removal_reason=text(removal),
    )
    return table.parsed(c.build())


FORMS: Final[dict[str, Parser]] = {"ads_repository": CsvForm(parse_ads)}
