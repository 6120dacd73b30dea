"""Parses Snapchat's yearly Political Ads Library: CSV of 34 columns (2018-2020) or 38 (since 2023)."""

from typing import Final

import polars as pl

from adaudit.connectors.build import Columns, all_null, listed, text
from adaudit.connectors.forms import TableContext
from adaudit.connectors.raw import Parsed
from adaudit.model.countries import code_of
from adaudit.model.record import SCHEMA

PLACES: Final = (
    "regions",
    "electoral districts",
    "radius targeting",
    "metros",
    "postal codes",
    "location categories",
)
SINGLE: Final = {
    "gender": "gender",
    "agebracket": "age",
    "interests": "interests",
    "ostype": "operating system",
    "segments": "segments",
    "language": "language",
    "advanceddemographics": "advanced demographics",
    "targeting connection type": "connection type",
    "targeting carrier (isp)": "carrier",
}
BOTH_ENDS: Final = r"^(\d{1,2})-(\d{1,2})$"
FROM_ONLY: Final = r"^(\d{1,2})\+$"
OPEN_UNDOCUMENTED: Final = r"^\d{1,2}(-|\+\+)$"
"""`16-` is open at one end and `35++` has no documented meaning: neither tells who is excluded."""
LINK: Final = r"^\s*(?:web_view_url|deep_link_uri):"
"""What stands before the link in `CreativeProperties`; other properties are kept as they stand."""
PARAMETERS: Final = SCHEMA["targeting_parameters"]
PROFILE_CELLS: Final = ("segments", "advanceddemographics")
"""Cells that are filled only where personal data of advertiser or third party were used."""


def _parameters(c: Columns) -> pl.Expr:
    """All cells with a value, of those columns that have any: many are empty from top to bottom.

    They are put one below the other and gathered by row: lists of objects side by side are slow to join.
    """
    columns = [(column, dimension, False) for column, dimension in SINGLE.items()]
    for place in PLACES:
        columns += [(f"{place} (included)", place, False), (f"{place} (excluded)", place, True)]
    rows = pl.int_range(pl.len(), dtype=pl.UInt32).alias("row")
    cells = [
        c.raw.select(
            rows,
            pl.lit(dimension).alias("dimension"),
            text(c.col(column)).alias("value"),
            pl.lit(excluded).alias("excluded"),
        ).drop_nulls("value")
        for column, dimension, excluded in columns
        if c.shows(column)
    ]
    if not cells:
        return pl.lit([], dtype=PARAMETERS)
    by_row = (
        pl.concat(cells)
        .sort("row", maintain_order=True)
        .group_by("row", maintain_order=True)
        .agg(pl.struct("dimension", "value", "excluded").alias("parameters"))
    )
    found = c.raw.select(rows).join(by_row, on="row", how="left", maintain_order="left")["parameters"]
    return pl.lit(found).fill_null(pl.lit([], dtype=found.dtype))


def _targeting(c: Columns) -> None:
    age = text(c.col("agebracket"))
    low = pl.coalesce(age.str.extract(BOTH_ENDS, 1), age.str.extract(FROM_ONLY, 1))
    undocumented = age.str.contains(OPEN_UNDOCUMENTED)
    unreadable = pl.when(undocumented.fill_null(value=False)).then(None).otherwise(age)
    c.parse("age_min", unreadable, low.cast(pl.Int16))
    c.set(age_max=age.str.extract(BOTH_ENDS, 2).cast(pl.Int16))
    personal = pl.any_horizontal(*(text(c.col(name)).is_not_null() for name in PROFILE_CELLS))
    (parameters,) = c.stage(parameters=_parameters(c))
    option = pl.element().struct.field
    included = pl.element().filter(option("dimension").is_in(PLACES) & ~option("excluded"))
    c.set(
        age_restricted=age.is_not_null(),
        age_open_side_unknown=undocumented.fill_null(value=False),
        genders=listed(text(c.col("gender"))),
        locations=all_null(parameters.list.eval(included.struct.field("value"))),
        targeting_parameters=all_null(parameters),
        targeting_parameters_count=parameters.list.len(),
        targeting_personal_data=pl.when(personal)
        .then(pl.lit(True))
        .when(parameters.list.len() == 0)
        .then(pl.lit(False)),
        targeting_statement=text(c.col("segments")),
        custom_audience=text(c.col("segments")).is_not_null(),
        data_categories=text(
            pl.concat_str(*(text(c.col(name)) for name in PROFILE_CELLS), separator="; ", ignore_nulls=True)
        ),
    )


def _people(c: Columns) -> None:
    """The payer is who "Paid for by" names; the billing address is the organisation's that placed the ad."""
    payer, organisation = text(c.col("payingadvertisername")), text(c.col("organizationname"))
    own = payer.str.to_lowercase() == organisation.str.to_lowercase()
    address = text(c.col("billingaddress"))
    c.set(
        sponsor_name=payer,
        disclaimer=payer,
        payer_name=payer,
        account_name=organisation,
        sponsor_establishment=pl.when(own).then(address),
        sponsor_country=pl.when(own).then(address.str.extract(r"(?:^|,)([A-Z]{2})$", 1)),
    )


def parse_ads(table: TableContext) -> Parsed:
    """Ads of one yearly file."""
    c = Columns(table.frame)
    c.text(record_id="adid", ad_id="adid", amount_currency="currency code", linked_process="candidateballotinformation")
    c.days(intended_from=c.col("startdate"), intended_until=c.col("enddate"))
    c.amounts(amount_ad_low=c.col("spend"), amount_ad_high=c.col("spend"))
    c.wholes(views_low=c.col("impressions"), views_high=c.col("impressions"))
    country = code_of(c.col("countrycode"))
    c.parse("countries", c.col("countrycode"), pl.when(country.is_not_null()).then(pl.concat_list(country)))
    creative = text(c.col("creativeurl")).str.split(";")
    c.set(
        creative_urls=creative,
        content_shown=creative.is_not_null(),
        link_urls=listed(text(c.col("creativeproperties").str.replace(LINK, ""))),
        media_kind=creative.list.eval(pl.element().str.extract(r"mediaType=(\w+)", 1).drop_nulls()),
        political_basis=pl.lit("declared"),
    )
    _people(c)
    _targeting(c)
    return table.parsed(c.build())
