"""Parses answers of LinkedIn's Ad Library API (`/rest/adLibrary?q=criteria`)."""

from typing import Final

import polars as pl

from adaudit.connectors.build import Columns, all_null, filled, listed, text, whole
from adaudit.connectors.epoch import moment_of_milliseconds
from adaudit.connectors.forms import JsonForm, Parser, RecordContext
from adaudit.connectors.nested import NO_DAY, NOTHING, delivered_views, parameter
from adaudit.connectors.raw import Parsed

S: Final = pl.String()
FACET: Final = pl.Struct(
    {
        **dict.fromkeys(("facetName", "isIncluded", "isExcluded"), S),
        **dict.fromkeys(("includedSegments", "excludedSegments"), pl.List(S)),
    }
)
STATISTICS: Final = pl.Struct(
    {
        **dict.fromkeys(("firstImpressionAt", "latestImpressionAt"), S),
        "totalImpressions": pl.Struct({"from": S, "to": S}),
        "impressionsDistributionByCountry": pl.List(pl.Struct({"country": S, "impressionPercentage": S})),
    }
)
SHAPE: Final = pl.Struct(
    {
        **dict.fromkeys(("adUrl", "isRestricted"), S),
        "details": pl.Struct(
            {
                "type": S,
                "advertiser": pl.Struct(dict.fromkeys(("advertiserName", "advertiserUrl", "adPayer"), S)),
                "adStatistics": STATISTICS,
                "adTargeting": pl.List(FACET),
            }
        ),
    }
)
COUNTRY: Final = r"^urn:li:country:([A-Za-z]{2})$"
ONLY_IN_THE_UNION: Final = ("details.adStatistics", "details.adTargeting")
"""Shown of ads that ran in the Union alone: without statistics nothing was there to be filled."""
PLACES: Final = "location"
ROUNDED: Final = 10
"""Digits after which a share made of a percentage is cut: none that a source gives."""


def _details() -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Advertiser, statistics and targeting facets of an ad."""
    fields = pl.col("details").struct.field
    return fields("advertiser"), fields("adStatistics"), fields("adTargeting")


def _statistics(c: Columns, statistics: pl.Expr) -> None:
    """Period, impressions as a range, and the share of each country.

    The shares are of all impressions and list the countries of the Union alone, so they do not add up
    to one (seen in 2026: less than 100 % in 59 % of ads); no number of impressions is made of them.
    """
    first, last = statistics.struct.field("firstImpressionAt"), statistics.struct.field("latestImpressionAt")
    c.parse("delivered_from", first, moment_of_milliseconds(first).dt.date())
    c.parse("delivered_until", last, moment_of_milliseconds(last).dt.date())
    total = statistics.struct.field("totalImpressions")
    least, most = c.stage(least=total.struct.field("from"), most=total.struct.field("to"))
    c.wholes(views_low=least, views_high=most)
    (rows,) = c.stage(countries=statistics.struct.field("impressionsDistributionByCountry"))
    urn = pl.element().struct.field("country")
    code = pl.coalesce(urn.str.extract(COUNTRY, 1).str.to_uppercase(), urn)
    share = pl.element().struct.field("impressionPercentage").cast(pl.Float64, strict=False).truediv(100).round(ROUNDED)
    together = pl.when(whole(least).is_not_null()).then(
        delivered_views(pl.lit(None, pl.String), (NO_DAY, NO_DAY), (whole(least), whole(most)))
    )
    by_country = rows.list.eval(delivered_views(code, (NO_DAY, NO_DAY), (NOTHING, NOTHING)))
    codes = rows.list.eval(urn.str.extract(COUNTRY, 1).str.to_uppercase().drop_nulls().unique().sort())
    c.parse("countries", rows.list.eval(urn).list.join(", ", ignore_nulls=True), all_null(codes))
    c.set(
        delivery=pl.when(rows.list.len() > 0).then(by_country).otherwise(listed(together)),
        audience_breakdown=all_null(rows.list.eval(pl.struct(code.alias("group"), share.alias("share")))),
    )


def _segments(facets: pl.Expr, name: str, *, excluded: bool) -> pl.Expr:
    """One parameter for each segment of each facet."""
    facet, segments = pl.element().struct.field("facetName"), filled(pl.element().struct.field(name)).fill_null([])
    names = facet.repeat_by(segments.list.len()).explode(empty_as_null=False, keep_nulls=False)
    values = segments.explode(empty_as_null=False, keep_nulls=False)
    return facets.list.eval(parameter(names, values, excluded=excluded))


def _used(facets: pl.Expr, name: str, flag: str, *, excluded: bool) -> pl.Expr:
    """One parameter without a value for each facet that was used and whose segments are not shown."""
    one = pl.element()
    shown = filled(one.struct.field(name)).is_not_null()
    chosen = one.filter((one.struct.field(flag) == "true") & ~shown)
    return facets.list.eval(parameter(chosen.struct.field("facetName"), pl.lit(None, pl.String), excluded=excluded))


def _targeting(c: Columns, statistics: pl.Expr, facets: pl.Expr) -> None:
    """Segments are shown of location and language alone; of other facets, that they were used."""
    in_union = statistics.is_not_null()
    parts = c.stage(
        included=_segments(facets, "includedSegments", excluded=False),
        excluded=_segments(facets, "excludedSegments", excluded=True),
        used=_used(facets, "includedSegments", "isIncluded", excluded=False),
        barred=_used(facets, "excludedSegments", "isExcluded", excluded=True),
    )
    (parameters,) = c.stage(parameters=pl.concat_list(*parts))
    places = parts[0].list.eval(
        pl.element().filter(pl.element().struct.field("dimension").str.to_lowercase() == PLACES).struct.field("value")
    )
    c.set(
        targeting_parameters=all_null(parameters),
        targeting_parameters_count=pl.when(in_union).then(parameters.list.len()),
        locations=all_null(places),
    )


def parse_ads(records: RecordContext) -> Parsed:
    """Ads of one answer; statistics and targeting are asked of those alone that ran in the Union."""
    c = Columns(records.frame)
    advertiser, statistics, facets = _details()
    link = text(pl.col("adUrl"))
    number = pl.coalesce(link.str.extract(r"/detail/(\d+)", 1), link)
    name, page = text(advertiser.struct.field("advertiserName")), text(advertiser.struct.field("advertiserUrl"))
    c.set(
        record_id=number,
        ad_id=number,
        url=link,
        content_shown=link.is_not_null(),
        account_id=pl.coalesce(page.str.extract(r"/(?:company|in)/([^/?#]+)", 1), page),
        account_name=name,
        sponsor_name=name,
        beneficiary_name=name,
        payer_name=text(advertiser.struct.field("adPayer")),
        media_kind=listed(text(pl.col("details").struct.field("type"))),
        removed=pl.col("isRestricted") == "true",
    )
    _statistics(c, statistics)
    _targeting(c, statistics, facets)
    in_union = records.frame.select(statistics.is_not_null()).to_series()
    others = frozenset(one for one in records.carried if not one.startswith(ONLY_IN_THE_UNION))
    return records.parsed(c.build(), layouts=(others, records.carried), layout=in_union.cast(pl.UInt16))


FORMS: Final[dict[str, Parser]] = {"ad_library": JsonForm(SHAPE, parse_ads)}
