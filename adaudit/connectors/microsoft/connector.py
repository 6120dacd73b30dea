"""Parses answers of Microsoft's Ad Library API: lists of ads, and single ads with their details."""

from typing import Final

import polars as pl

from adaudit.connectors.build import Columns, all_null, listed, text
from adaudit.connectors.forms import JsonForm, Parser, RecordContext
from adaudit.connectors.nested import NO_DAY, NOTHING, delivered_views, parameter
from adaudit.connectors.raw import Parsed
from adaudit.connectors.rounded import bucket_of, upper_end_of
from adaudit.connectors.source import sources
from adaudit.model.countries import code_by_name

S: Final = pl.String()
TARGETS: Final = pl.List(pl.Struct(dict.fromkeys(("TargetType", "UsedForExclusion"), S)))
DETAILS: Final = pl.Struct(
    {
        **dict.fromkeys(("PaidForByName", "StartDate", "EndDate", "TotalImpressionsRange", "RestrictionReason"), S),
        "ImpressionsByCountry": pl.List(pl.Struct(dict.fromkeys(("Country", "ImpressionShare"), S))),
        "Targets": TARGETS,
        "TargetTypes": TARGETS,
    }
)
SHAPE: Final = pl.Struct(
    {
        **dict.fromkeys(("AdId", "AdvertiserName", "AdvertiserId", "Title", "Description"), S),
        **dict.fromkeys(("DisplayUrl", "DestinationUrl", "AssetJson"), S),
        "AdDetails": DETAILS,
    }
)
WHOLE_AREA: Final = "EEA"
OWN_AUDIENCES: Final = "AdvertiserAudiences"
"""Custom audiences, customer lists and remarketing lists: personal data by their nature."""
LINK: Final = r"""https?://[^\s"'\\<>]+"""
ROUNDED: Final = 10
"""Digits after which a share made of a percentage is cut: none that a source gives."""
SHARE: Final = r"^(\d{1,3}(?:\.\d+)?)\s*%?$"


def _detail(name: str) -> pl.Expr:
    return pl.col("AdDetails").struct.field(name)


def _country(raw: pl.Expr) -> pl.Expr:
    """The code of a country that is given by name, or by Microsoft's number; null for any other text."""
    known = code_by_name() | sources()["microsoft"].lookups["country_number"]
    return raw.str.strip_chars().str.to_lowercase().replace_strict(known, default=None, return_dtype=pl.String)


def _reach(c: Columns) -> None:
    """Impressions in the EEA as a range, and the share of each country in them."""
    bucket = _detail("TotalImpressionsRange")
    low, high = c.stage(**dict(zip(("least", "most"), bucket_of(bucket), strict=True)))
    c.parse("views_low", bucket, low)
    c.parse("views_high", upper_end_of(bucket), high)
    (rows,) = c.stage(countries=_detail("ImpressionsByCountry"))
    name, share = pl.element().struct.field("Country"), pl.element().struct.field("ImpressionShare")
    code = _country(name)
    shown = pl.coalesce(code, name)
    part = share.str.strip_chars().str.extract(SHARE, 1).cast(pl.Float64, strict=False).truediv(100).round(ROUNDED)
    together = pl.when(low.is_not_null()).then(delivered_views(pl.lit(WHOLE_AREA), (NO_DAY, NO_DAY), (low, high)))
    by_country = rows.list.eval(delivered_views(shown, (NO_DAY, NO_DAY), (NOTHING, NOTHING)))
    parts = rows.list.eval(part)
    readable = (parts.list.len() > 0) & parts.list.eval(pl.element().is_not_null()).list.all()
    c.parse(
        "countries",
        rows.list.eval(name).list.join(", ", ignore_nulls=True),
        all_null(rows.list.eval(code.drop_nulls().unique().sort())),
    )
    c.parse(
        "shares_sum",
        rows.list.eval(share).list.join(", ", ignore_nulls=True),
        pl.when(readable).then(parts.list.sum()),
    )
    c.set(
        delivery=pl.when(rows.list.len() > 0).then(by_country).otherwise(listed(together)),
        audience_breakdown=all_null(rows.list.eval(pl.struct(shown.alias("group"), part.alias("share")))),
    )


def _targeting(c: Columns) -> None:
    """Types of targeting, without values; a type that is also used for exclusion stands twice."""
    names = sources()["microsoft"].lookups["target_type"]
    given = pl.element().struct.field("TargetType")
    kind = given.replace(list(names), list(names.values()))
    also = pl.element().struct.field("UsedForExclusion") == "true"
    (targets,) = c.stage(targets=pl.coalesce(_detail("Targets"), _detail("TargetTypes")))
    nothing = pl.lit(None, pl.String)
    barred = targets.list.eval(parameter(kind.filter(also), nothing, excluded=True))
    (parameters,) = c.stage(parameters=pl.concat_list(targets.list.eval(parameter(kind, nothing)), barred))
    own = targets.list.eval(kind).list.contains(OWN_AUDIENCES)
    c.set(
        targeting_parameters=all_null(parameters),
        targeting_parameters_count=parameters.list.len(),
        custom_audience=own,
        targeting_personal_data=pl.when(own).then(pl.lit(True)),
    )


def _content(c: Columns) -> None:
    title, words = text(pl.col("Title")), text(pl.col("Description"))
    (assets,) = c.stage(assets=all_null(text(pl.col("AssetJson")).str.extract_all(LINK)))
    reason = text(_detail("RestrictionReason"))
    links = pl.concat_list(text(pl.col("DestinationUrl")), text(pl.col("DisplayUrl"))).list.drop_nulls()
    c.set(
        titles=listed(title),
        texts=listed(words),
        link_urls=all_null(links),
        creative_urls=assets,
        content_shown=title.is_not_null() | words.is_not_null() | assets.is_not_null(),
        removed=reason.is_not_null(),
        removal_reason=reason,
    )


def parse_ads(records: RecordContext) -> Parsed:
    """Ads of one answer. Ads of a list have no details: what stands there alone was not asked for."""
    c = Columns(records.frame)
    name = text(pl.col("AdvertiserName"))
    c.text(record_id="AdId", ad_id="AdId", account_id="AdvertiserId")
    c.set(
        account_name=name,
        sponsor_name=name,
        beneficiary_name=name,
        payer_name=text(_detail("PaidForByName")),
    )
    c.days(delivered_from=_detail("StartDate"), delivered_until=_detail("EndDate"))
    _reach(c)
    _targeting(c)
    _content(c)
    detailed = records.frame["AdDetails"].is_not_null()
    listed_alone = frozenset(one for one in records.carried if not one.startswith("AdDetails"))
    return records.parsed(c.build(), layouts=(listed_alone, records.carried), layout=detailed.cast(pl.UInt16))


FORMS: Final[dict[str, Parser]] = {"ad_library": JsonForm(SHAPE, parse_ads)}
