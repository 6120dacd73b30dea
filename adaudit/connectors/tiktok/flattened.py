"""Parses answers of TikTok's library as collectors keep them in a table: one column per leaf (`data.ad.id`).

Lists stand in their cells as Python writes them. What the table leaves out was left out by its
collector, so it is not in this export; the library may well show it.
"""

from dataclasses import replace
from typing import Final

import polars as pl

from adaudit.connectors.build import Columns, all_null, text
from adaudit.connectors.document import decode_cells
from adaudit.connectors.epoch import moment_of_milliseconds
from adaudit.connectors.forms import TableContext
from adaudit.connectors.nested import NO_DAY, delivered_views
from adaudit.connectors.python_notation import as_json
from adaudit.connectors.raw import Parsed, Rejected
from adaudit.connectors.rounded import bucket_of, upper_end_of
from adaudit.connectors.table import Table, cells_as_text
from adaudit.connectors.tiktok.targeting import AGE_BRACKET, set_targeting

S: Final = pl.String()
GENDERS: Final = ("female", "male", "unknown", "other_genders")
LISTS: Final = {
    "data.targeting.location.data": pl.List(pl.Struct({"region": S, "impressions": S})),
    "data.targeting.age": pl.List(pl.Struct(dict.fromkeys(("region", *AGE_BRACKET), S))),
    "data.targeting.gender": pl.List(pl.Struct(dict.fromkeys(("region", *GENDERS), S))),
}
CARRIED: Final = {
    "data.ad.first_shown_date": "ad.first_shown_date",
    "data.advertiser.sponsor": "advertiser.paid_for_by",
    "data.targeting.age": "ad_group.targeting_info",
}
"""What a column proves to have been asked for, by the names of the API's answers."""
LONG: Final = 17
EXACT: Final = 15
"""Digits that a spreadsheet keeps of a number; beyond them it writes zeros."""


def _cells(table: TableContext) -> tuple[Table, tuple[Rejected, ...]]:
    """The table with its lists decoded, without the rows in which one is no list, and those rows."""
    frame, bad = table.frame, pl.repeat(False, table.frame.height, dtype=pl.Boolean, eager=True)
    decoded = []
    for name, shape in LISTS.items():
        cells = frame.select(text(pl.col(name)))[name] if name in frame.columns else None
        if cells is not None:
            values, broken = decode_cells(as_json(cells), shape)
            decoded.append(values.alias(f"list {name}"))
            bad = bad | broken
    aside = frame.filter(bad)
    rejected = tuple(
        Rejected(f"record {number}", "a cell that holds no list as Python or JSON writes it", raw)
        for number, raw in zip(aside["record"], cells_as_text(aside), strict=True)
    )
    kept = frame.hstack(decoded).filter(~bad)
    return replace(table.table, frame=kept), rejected


def _in_any_region(c: Columns, name: str, key: str) -> pl.Expr:
    """Whether a bracket is admitted in one of the regions; null where none shows it."""
    flags = pl.col(f"list {name}").list.eval(pl.element().struct.field(key).drop_nulls().str.to_lowercase())
    return pl.when(flags.list.len() > 0).then(flags.list.contains("true")) if c.has(name) else pl.lit(None, pl.Boolean)


def _reach(c: Columns) -> None:
    """Impressions, as the columns call them: a bucket in total, a rounded number by region."""
    total, audience = c.col("data.targeting.location.total_impressions"), c.col("data.targeting.target_audience_size")
    for columns, raw in {
        ("views_low", "views_high"): total,
        ("audience_size_low", "audience_size_high"): audience,
    }.items():
        low, high = bucket_of(raw)
        c.parse(columns[0], raw, low)
        c.parse(columns[1], upper_end_of(raw), high)
    if not c.has("data.targeting.location.data"):
        return
    rows, field = pl.col("list data.targeting.location.data"), pl.element().struct.field
    low, high = bucket_of(field("impressions"))
    entry = delivered_views(field("region"), (NO_DAY, NO_DAY), (low, pl.coalesce(high, low)))
    regions = all_null(rows.list.eval(field("region").drop_nulls().unique().sort()))
    c.set(delivery=all_null(rows.list.eval(entry)), countries=regions, locations=regions)


def _rounded(column: str) -> pl.Expr:
    """Whether a spreadsheet has rounded the identifiers: of all that are long, each ends in zeros after 15 digits."""
    number = text(pl.col(column))
    long = number.str.len_chars() >= LONG
    zeros = number.str.slice(EXACT).str.strip_chars("0") == ""
    return long & (zeros | ~long).all()


def parse_ads(table: TableContext) -> Parsed:
    """Ads of one table; rows whose lists are broken are set aside."""
    clean, rejected = _cells(table)
    c = Columns(clean.frame)
    first, last = c.col("data.ad.first_shown_date"), c.col("data.ad.last_shown_date")
    c.parse("delivered_from", first, moment_of_milliseconds(first).dt.date())
    c.parse("delivered_until", last, moment_of_milliseconds(last).dt.date())
    c.text(
        record_id="data.ad.id",
        ad_id="data.ad.id",
        account_id="data.advertiser.adv_biz_ids",
        account_name="data.advertiser.name",
        sponsor_name="data.advertiser.sponsor",
        payer_name="data.advertiser.sponsor",
    )
    _reach(c)
    set_targeting(
        c,
        ages={b: _in_any_region(c, "data.targeting.age", b) for b in AGE_BRACKET},
        genders={g: _in_any_region(c, "data.targeting.gender", g) for g in GENDERS},
        audience=c.col("data.targeting.audience"),
        words={"interest": c.col("data.targeting.interest")},
        shown=text(c.col("data.targeting.age")).is_not_null(),
    )
    if c.has("data.advertiser.adv_biz_ids"):
        c.set(identifier_damaged=_rounded("data.advertiser.adv_biz_ids"))
    found = TableContext(clean, table.name).parsed(c.build(), rejected=rejected)
    return replace(found, layouts=(frozenset(CARRIED[name] for name in clean.names if name in CARRIED),))
