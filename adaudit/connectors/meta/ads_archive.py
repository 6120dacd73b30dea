"""Parses Meta `ads_archive` answers: the keys of 2019 and of today, in one set of columns."""

from typing import Final
from urllib.parse import parse_qs, urlsplit

import polars as pl

from adaudit.connectors.build import Columns, all_null, filled, listed, text, whole
from adaudit.connectors.document import Outline
from adaudit.connectors.forms import RecordContext
from adaudit.connectors.nested import delivered_people, parameter, parameter_where_shown
from adaudit.connectors.raw import Parsed
from adaudit.connectors.source import sources

S: Final = pl.String()
TEXTS: Final = pl.List(S)
BOUNDS: Final = pl.Struct({"lower_bound": S, "upper_bound": S})
SHARES: Final = pl.List(pl.Struct({"percentage": S, "region": S, "age": S, "gender": S}))
AGES: Final = pl.List(pl.Struct({"age_range": S, "male": S, "female": S, "unknown": S}))
PAYERS: Final = pl.List(pl.Struct({"payer": S, "beneficiary": S, "current": S}))
SHAPE: Final = pl.Struct(
    {
        **dict.fromkeys(("id", "_id", "ad_creation_time", "ad_delivery_start_time", "ad_delivery_stop_time"), S),
        **dict.fromkeys(("ad_creative_body", "ad_creative_link_caption", "ad_creative_link_description"), S),
        **dict.fromkeys(("ad_creative_link_title", "ad_snapshot_url", "page_id", "page_name", "bylines"), S),
        **dict.fromkeys(("funding_entity", "currency", "eu_total_reach", "target_gender"), S),
        **dict.fromkeys(("ad_creative_bodies", "ad_creative_link_captions", "languages"), TEXTS),
        **dict.fromkeys(("ad_creative_link_descriptions", "ad_creative_link_titles"), TEXTS),
        **dict.fromkeys(("publisher_platforms", "target_ages"), TEXTS),
        **dict.fromkeys(("spend", "impressions", "estimated_audience_size", "potential_reach"), BOUNDS),
        **dict.fromkeys(("delivery_by_region", "region_distribution", "demographic_distribution"), SHARES),
        "age_country_gender_reach_breakdown": pl.List(pl.Struct({"country": S, "age_gender_breakdowns": AGES})),
        "total_reach_by_location": pl.List(pl.Struct({"key": S, "value": S})),
        "beneficiary_payers": PAYERS,
        "target_locations": pl.List(pl.Struct({"name": S, "type": S, "excluded": S, "num_obfuscated": S})),
    }
)
LOWEST_AGE_SEEN: Final = 13
"""Lowest value of `target_ages`; with the top of 65 it is the widest range: no restriction shows."""
WIDEST_AGE: Final = 65


def requested_fields(found: Outline) -> frozenset[str] | None:
    """The fields that the request named, told by `paging.next`; None where the page does not tell.

    Where `fields` is repeated, the last one is the one that the API obeyed (seen in 2023).
    """
    if "paging" not in found.top_keys() or found.root is None:
        return None
    shape = pl.Struct({"paging": pl.Struct({"next": S})})
    try:
        values = pl.Series([found.text]).str.json_decode(shape)
    except pl.exceptions.PolarsError:
        return None
    link = values.struct.field("paging").struct.field("next")[0]
    named = parse_qs(urlsplit(link).query).get("fields") if link else None
    return frozenset(part.strip() for part in named[-1].split(",")) if named else None


def _people(c: Columns) -> None:
    entries = c.col("beneficiary_payers") if c.has("beneficiary_payers") else pl.lit(None, PAYERS)
    current = entries.list.eval(pl.element().filter(pl.element().struct.field("current").fill_null("true") != "false"))
    (chosen,) = c.stage(chosen=pl.when(current.list.len() > 0).then(current).otherwise(entries).list.first())
    beneficiary, payer = chosen.struct.field("beneficiary"), chosen.struct.field("payer")
    parties = [
        entries.list.eval(
            pl.struct(
                pl.lit(role).alias("role"),
                pl.element().struct.field(role).alias("name"),
                (pl.element().struct.field("current") == "true").alias("current"),
            )
        )
        for role in ("beneficiary", "payer")
    ]
    disclaimer = pl.coalesce(text(c.col("bylines")), text(c.col("funding_entity")))
    c.set(
        beneficiary_name=text(beneficiary),
        disclaimer=disclaimer,
        sponsor_name=pl.coalesce(text(beneficiary), disclaimer),
        payer_name=text(payer),
        parties=all_null(pl.concat_list(*parties)),
    )
    c.text(account_id="page_id", account_name="page_name")


def _bound(c: Columns, column: str, end: str) -> pl.Expr:
    names = ("estimated_audience_size", "potential_reach") if column == "estimated_audience_size" else (column,)
    there = [pl.col(name).struct.field(end) for name in names if c.has(name)]
    return pl.coalesce(there) if there else pl.lit(None, S)


def _money_and_reach(c: Columns) -> None:
    c.amounts(amount_ad_low=_bound(c, "spend", "lower_bound"), amount_ad_high=_bound(c, "spend", "upper_bound"))
    c.text(amount_currency="currency")
    total = c.col("eu_total_reach")
    c.wholes(
        views_low=_bound(c, "impressions", "lower_bound"),
        views_high=_bound(c, "impressions", "upper_bound"),
        audience_size_low=_bound(c, "estimated_audience_size", "lower_bound"),
        audience_size_high=_bound(c, "estimated_audience_size", "upper_bound"),
        people_reached_low=total,
        people_reached_high=total,
    )


def _delivery(c: Columns) -> None:
    """Reach by country, from the breakdown by age and gender or from the totals by location."""
    genders = ("male", "female", "unknown")
    count = pl.sum_horizontal(*(pl.element().struct.field(g).cast(pl.Int64, strict=False) for g in genders))
    by_country = pl.element().struct.field("age_gender_breakdowns").list.eval(count).list.sum()
    sources_of_reach = []
    if c.has("age_country_gender_reach_breakdown"):
        rows = pl.col("age_country_gender_reach_breakdown")
        sources_of_reach.append(rows.list.eval(delivered_people(pl.element().struct.field("country"), by_country)))
    if c.has("total_reach_by_location"):
        value = pl.element().struct.field("value").cast(pl.Int64, strict=False)
        rows = pl.col("total_reach_by_location")
        sources_of_reach.append(rows.list.eval(delivered_people(pl.element().struct.field("key"), value)))
    if not sources_of_reach:
        return
    (delivery,) = c.stage(delivery=all_null(pl.coalesce(sources_of_reach)))
    reach = delivery.list.eval(pl.element().struct.field("reach_low"))
    c.set(
        delivery=delivery,
        delivery_reach_low=reach.list.sum(),
        countries=all_null(delivery.list.eval(pl.element().struct.field("country").drop_nulls().unique().sort())),
    )


def _shares(c: Columns) -> None:
    share = pl.element().struct.field("percentage").cast(pl.Float64, strict=False)
    groups = {
        "demographic_distribution": pl.concat_str(
            pl.element().struct.field("age"), pl.element().struct.field("gender"), separator=" "
        ),
        "delivery_by_region": pl.element().struct.field("region"),
        "region_distribution": pl.element().struct.field("region"),
    }
    there = [name for name in groups if c.has(name)]
    if not there:
        return
    sums = [pl.col(name).list.eval(share).list.sum() for name in there]
    off = pl.concat_list(pl.when(pl.col(n).list.len() > 0).then(s) for n, s in zip(there, sums, strict=True))
    furthest = off.list.drop_nulls().list.eval(pl.element().sort_by((pl.element() - 1).abs())).list.last()
    breakdown = pl.concat_list(
        pl.col(name).list.eval(pl.struct(groups[name].alias("group"), share.alias("share"))).fill_null([])
        for name in there
    )
    c.set(shares_sum=furthest, audience_breakdown=all_null(breakdown))


def _targeting(c: Columns) -> None:
    parts: list[pl.Expr] = []
    if c.has("target_ages"):
        ages = pl.col("target_ages")
        low = whole(ages.list.first())
        high = whole(ages.list.last().str.strip_suffix("+"))
        c.parse("age_min", ages.list.first(), low.cast(pl.Int16, strict=False))
        c.parse("age_max", ages.list.last(), high.cast(pl.Int16, strict=False))
        c.set(age_restricted=(low > LOWEST_AGE_SEEN) | (high < WIDEST_AGE))
        parts.append(listed(parameter_where_shown("age", ages.list.join("-", ignore_nulls=True))))
    if c.has("target_gender"):
        c.set(genders=all_null(pl.concat_list(text(c.col("target_gender"))).list.drop_nulls()))
        parts.append(listed(parameter_where_shown("gender", c.col("target_gender"))))
    if c.has("target_locations"):
        places = pl.col("target_locations")
        excluded = (pl.element().struct.field("excluded") == "true").fill_null(value=False)
        parts.append(
            places.list.eval(
                parameter(
                    pl.format("location: {}", pl.element().struct.field("type").fill_null("?")),
                    pl.element().struct.field("name"),
                    excluded=excluded,
                )
            )
        )
        c.set(locations=all_null(places.list.eval(pl.element().struct.field("name").drop_nulls())))
    shown = pl.any_horizontal(*(part.is_not_null() for part in parts))
    (parameters,) = c.stage(parameters=pl.concat_list(*(part.fill_null([]) for part in parts)))
    c.set(
        targeting_parameters=pl.when(shown).then(all_null(parameters)),
        targeting_parameters_count=pl.when(shown).then(parameters.list.len()),
    )


def _content(c: Columns) -> None:
    def list_of(plural: str, single: str) -> pl.Expr:
        there = [filled(pl.col(plural))] if c.has(plural) else []
        if c.has(single):
            there.append(all_null(pl.concat_list(text(c.col(single))).list.drop_nulls()))
        return pl.coalesce(there) if there else pl.lit(None, TEXTS)

    (bodies,) = c.stage(bodies=list_of("ad_creative_bodies", "ad_creative_body"))
    lookups = sources()["meta"].lookups["removed_text"]
    marks = [bodies.list.eval(pl.element().str.to_lowercase().str.contains(t, literal=True)) for t in lookups]
    removed = pl.any_horizontal(*(m.list.any().fill_null(value=False) for m in marks))
    titles = list_of("ad_creative_link_titles", "ad_creative_link_title")
    c.set(
        texts=bodies,
        titles=titles,
        link_urls=list_of("ad_creative_link_captions", "ad_creative_link_caption"),
        content_shown=bodies.is_not_null() | titles.is_not_null() | text(c.col("ad_snapshot_url")).is_not_null(),
        languages=filled(pl.col("languages")) if c.has("languages") else pl.lit(None, TEXTS),
        removed=removed,
        removal_reason=pl.when(removed).then(pl.lit(next(iter(lookups.values())))),
    )


def parse_ads(records: RecordContext) -> Parsed:
    """Ads of one page or bare array of `ads_archive`."""
    c = Columns(records.frame)
    in_url = c.col("ad_snapshot_url").str.extract(r"[?&]id=(\d+)")
    number = pl.coalesce(text(c.col("id", "_id")), in_url)
    start, stop = c.col("ad_delivery_start_time"), c.col("ad_delivery_stop_time")
    c.set(
        record_id=number,
        ad_id=number,
        url=pl.format("https://www.facebook.com/ads/library/?id={}", number),
    )
    c.days(delivered_from=start, delivered_until=stop)
    _people(c)
    _money_and_reach(c)
    _delivery(c)
    _shares(c)
    _targeting(c)
    _content(c)
    labelled = c.made["disclaimer"].is_not_null()
    spent = pl.col("spend").is_not_null() if c.has("spend") else pl.lit(False)
    c.set(political_basis=pl.when(labelled | spent).then(pl.lit("declared")))
    return records.parsed(c.build(), requested=requested_fields(records.outline))
