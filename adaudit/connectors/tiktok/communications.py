"""Parses `commercial_content/query`: what users declared to be commercial (Art 26(2) DSA)."""

from typing import Final

import polars as pl

from adaudit.connectors.build import Columns, all_null, day, filled, listed, text
from adaudit.connectors.epoch import moment_of_seconds
from adaudit.connectors.forms import RecordContext
from adaudit.connectors.raw import Parsed

S: Final = pl.String()
SHAPE: Final = pl.Struct(
    {
        **dict.fromkeys(("id", "create_timestamp", "create_date", "label"), S),
        "brand_names": pl.List(S),
        "creator": pl.Struct({"username": S}),
        "videos": pl.List(pl.Struct({"url": S, "cover_image_url": S})),
    }
)


def parse_communications(records: RecordContext) -> Parsed:
    """Commercial communications of one answer.

    The day of creation is no period: how long the content has been shown is not told. The brands are
    what the creator declared to promote, so they are names, and none of them is known to be a sponsor.
    """
    c = Columns(records.frame)
    brands = filled(pl.col("brand_names"))
    (links,) = c.stage(links=filled(pl.col("videos").list.eval(pl.element().struct.field("url"))))
    created = pl.coalesce(text(pl.col("create_timestamp")), text(pl.col("create_date")))
    moment = pl.coalesce(
        moment_of_seconds(pl.col("create_timestamp")),
        day(pl.col("create_date")).cast(pl.Datetime("us")).dt.replace_time_zone("UTC"),
    )
    c.parse("published_at", created, moment)
    c.set(
        record_id=text(pl.col("id")),
        ad_id=text(pl.col("id")),
        account_name=text(pl.col("creator").struct.field("username")),
        sponsor_name=text(brands.list.join("; ", ignore_nulls=True)),
        parties=all_null(
            brands.list.eval(
                pl.struct(
                    pl.lit("brand").alias("role"),
                    pl.element().alias("name"),
                    pl.lit(None, pl.Boolean).alias("current"),
                )
            )
        ),
        disclaimer=text(pl.col("label")),
        creative_urls=links,
        content_shown=links.is_not_null(),
        media_kind=listed(pl.when(links.is_not_null()).then(pl.lit("video"))),
        commercial_communication=pl.lit(value=True),
    )
    return records.parsed(c.build())
