"""Reads tables of shares that exporters make of `ads_archive`: how the delivery of an ad spreads.

One row an ad and one column a region (or an age and gender), or one row a share: evidence on ads that
stand in another table, no ads of their own. The cells are checked and counted, and no record is made of them.
"""

from typing import Final

import polars as pl

from adaudit.connectors.forms import TableContext
from adaudit.connectors.meta.ads_archive_flat import emptied
from adaudit.connectors.raw import Parsed, Rejected
from adaudit.connectors.table import cells_as_text
from adaudit.errors import UnreadableInput
from adaudit.language import texts_of

SAY: Final = texts_of("adaudit.connectors.meta")
IDS: Final = ("adlib_id", "ad_id", "id")
LABELS: Final = ("region", "age", "gender")
"""Columns of a table with one row a share that tell what the share is of."""


def parse_shares(table: TableContext) -> Parsed:
    """No record, but what the table speaks of. Raises UnreadableInput where no row holds shares."""
    frame = emptied(table.frame.drop("record"))
    long = "percentage" in frame.columns
    labels = [name for name in LABELS if long and name in frame.columns]
    own = next((name for name in IDS if name in frame.columns), "")
    groups = [name for name in frame.columns if name not in {own, *labels}]
    share = pl.col(groups).cast(pl.Float64, strict=False).is_between(0, 1)
    odd = frame.select(pl.any_horizontal(pl.col(groups).is_not_null() & ~share.fill_null(value=False))).to_series()
    if not own or (frame.height and odd.all()):
        raise UnreadableInput(
            "shares of the delivery of each ad, from 0 to 1, beside its id",
            f"the columns {', '.join(map(repr, table.table.header[:12]))} with other values",
            advice="A table of ads needs the columns of ads_archive, such as ad_delivery_start_time.",
        )
    rejected = tuple(
        Rejected(f"record {number}", "a cell that is no share from 0 to 1", row)
        for number, row in zip(table.frame["record"].filter(odd), cells_as_text(table.frame.filter(odd)), strict=True)
    )
    ads = frame[own].drop_nulls().n_unique()
    over = frame.select(labels).n_unique() if long else len(groups)
    notice = SAY.of("shares", ads, groups=SAY.of("groups", over))
    return Parsed(pl.DataFrame(), (), table.table.rejected + rejected, notices=(notice,))
