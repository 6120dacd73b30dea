"""Parses the BigQuery export of Google's Ads Transparency Center: CSV with JSON inside cells."""

from typing import Final

import polars as pl

from adaudit.connectors.build import Columns, all_null, day, text, whole
from adaudit.connectors.document import decode_cells
from adaudit.connectors.forms import TableContext
from adaudit.connectors.nested import delivered_views, parameter
from adaudit.connectors.raw import Parsed, Rejected
from adaudit.connectors.table import cells_as_text

S: Final = pl.String()
REGION_KEYS: Final = (
    "region_code",
    "first_shown",
    "last_shown",
    "times_shown_lower_bound",
    "times_shown_upper_bound",
    "times_shown_start_date",
    "times_shown_end_date",
    "times_shown_availability_date",
)
REGIONS: Final = pl.Struct({"region_stats": pl.List(pl.Struct(dict.fromkeys(REGION_KEYS, S)))})
CRITERIA: Final = ("demographic_info", "geo_location", "contextual_signals", "customer_lists", "topics_of_interest")
AUDIENCE: Final = pl.Struct({"audience_selection_approach_info": pl.Struct(dict.fromkeys(CRITERIA, S))})
POLITICAL_TOPIC: Final = "Political"


def _cells(table: TableContext) -> tuple[TableContext, tuple[Rejected, ...], pl.DataFrame]:
    """The table without rows whose JSON cells are broken, those rows, and the cells decoded."""
    regions, bad_regions = decode_cells(_wrapped(table.frame["region_stats"], "region_stats"), REGIONS)
    info = table.frame["audience_selection_approach_info"]
    audience, bad_audience = decode_cells(_wrapped(info, "audience_selection_approach_info"), AUDIENCE)
    bad = bad_regions | bad_audience
    aside = table.frame.filter(bad)
    rejected = tuple(
        Rejected(f"record {number}", "JSON inside a cell is broken", raw)
        for number, raw in zip(aside["record"], cells_as_text(aside), strict=True)
    )
    cells = pl.DataFrame(
        {
            "regions": regions.struct.field("region_stats"),
            "audience": audience.struct.field("audience_selection_approach_info"),
        }
    )
    kept = type(table.table)(
        table.table.header, table.table.names, table.frame.filter(~bad), table.table.rejected, table.table.had_bom
    )
    return TableContext(kept, table.name), rejected, cells.filter(~bad)


def _wrapped(cells: pl.Series, key: str) -> pl.Series:
    """Cells as objects with the one key; BigQuery writes them so, some exporters the bare value."""
    clean = cells.str.strip_chars()
    bare = ~clean.str.contains(f'^\\{{\\s*"{key}"') & (clean != "")
    frame = pl.DataFrame({"c": clean, "bare": bare})
    wrapped = pl.when("bare").then(pl.format("{}{}{}", pl.lit(f'{{"{key}":'), "c", pl.lit("}")))
    return frame.select(wrapped.when(pl.col("c") == "").then(None).otherwise("c")).to_series()


def _delivery(c: Columns) -> None:
    field = pl.element().struct.field
    entry = delivered_views(
        field("region_code"),
        (day(field("first_shown")), day(field("last_shown"))),
        (whole(field("times_shown_lower_bound")), whole(field("times_shown_upper_bound"))),
    )
    rows = pl.col("regions")
    (delivery,) = c.stage(delivery=rows.list.eval(entry))
    whole_area, single = c.stage(
        whole_area=delivery.list.eval(pl.element().filter(pl.element().struct.field("aggregate"))),
        single=delivery.list.eval(pl.element().filter(~pl.element().struct.field("aggregate"))),
    )
    there = whole_area.list.len() > 0

    def bound(name: str) -> pl.Expr:
        values = single.list.eval(pl.element().struct.field(name))
        known = values.list.eval(pl.element().is_not_null()).list.all() & (values.list.len() > 0)
        return pl.when(there).then(whole_area.list.first().struct.field(name)).when(known).then(values.list.sum())

    first = rows.list.eval(field("first_shown").drop_nulls()).list.min()
    last = rows.list.eval(field("last_shown").drop_nulls()).list.max()
    c.days(delivered_from=first, delivered_until=last)
    c.set(
        delivery=all_null(delivery),
        views_low=bound("views_low"),
        views_high=bound("views_high"),
        countries=all_null(single.list.eval(pl.element().struct.field("country").drop_nulls().unique().sort())),
    )


def _targeting(c: Columns) -> None:
    def used(name: str) -> pl.Expr:
        return pl.col("audience").struct.field(name).str.contains("INCLUDED|EXCLUDED")

    def entry(name: str) -> pl.Expr:
        value = pl.col("audience").struct.field(name)
        only_excluded = value.str.contains("EXCLUDED") & ~value.str.contains("INCLUDED")
        return pl.when(used(name)).then(parameter(name.replace("_", " "), value, excluded=only_excluded))

    (parameters,) = c.stage(parameters=pl.concat_list(*(entry(name) for name in CRITERIA)).list.drop_nulls())
    shown = pl.any_horizontal(*(pl.col("audience").struct.field(name).is_not_null() for name in CRITERIA))
    personal = [name for name in CRITERIA if name != "contextual_signals"]
    none_used = ~pl.any_horizontal(*(used(name).fill_null(value=False) for name in personal))
    c.set(
        custom_audience=used("customer_lists"),
        targeting_personal_data=pl.when(used("customer_lists"))
        .then(pl.lit(True))
        .when(shown & none_used)
        .then(pl.lit(False)),
        targeting_parameters=pl.when(shown).then(all_null(parameters)),
        targeting_parameters_count=pl.when(shown).then(parameters.list.len()),
    )


def parse_creatives(table: TableContext) -> Parsed:
    """Creatives of one export; rows whose JSON cells are broken are set aside."""
    clean, rejected, cells = _cells(table)
    c = Columns(pl.concat([clean.frame, cells], how="horizontal"))
    c.text(
        record_id="creative_id",
        ad_id="creative_id",
        url="creative_page_url",
        account_id="advertiser_id",
        account_name="advertiser_disclosed_name",
        sponsor_name=("advertiser_legal_name", "advertiser_disclosed_name"),
        beneficiary_name=("advertiser_legal_name", "advertiser_disclosed_name"),
        sponsor_country="advertiser_location",
        sponsor_establishment="advertiser_location",
        topic="topic",
    )
    link = text(c.col("creative_page_url"))
    c.set(
        content_shown=link.is_not_null(),
        media_kind=all_null(pl.concat_list(text(c.col("ad_format_type"))).list.drop_nulls()),
        political_basis=pl.when(text(c.col("topic")) == POLITICAL_TOPIC).then(pl.lit("declared")),
    )
    _delivery(c)
    _targeting(c)
    return clean.parsed(c.build(), rejected=rejected)
