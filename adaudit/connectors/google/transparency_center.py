"""Parses Google's Ads Transparency Center as BigQuery exports it: JSON, or CSV with JSON inside cells."""

from typing import Final

import polars as pl

from adaudit.connectors.build import Columns, all_null, day, listed, text, whole
from adaudit.connectors.forms import RecordContext, TableContext
from adaudit.connectors.google.cells import decode
from adaudit.connectors.nested import delivered_views, parameter
from adaudit.connectors.raw import Parsed

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
CRITERIA: Final = ("demographic_info", "geo_location", "contextual_signals", "customer_lists", "topics_of_interest")
SHOWN: Final[dict[str, pl.DataType]] = {
    "region_stats": pl.List(pl.Struct(dict.fromkeys(REGION_KEYS, S))),
    "audience_selection_approach_info": pl.Struct(dict.fromkeys(CRITERIA, S)),
}
DISAPPROVAL_KEYS: Final = (
    "removal_reason",
    "violation_category",
    "decision_type",
    "removal_location",
    "use_of_automated_means",
)
REMOVED: Final[dict[str, pl.DataType]] = SHOWN | {"disapproval": pl.List(pl.Struct(dict.fromkeys(DISAPPROVAL_KEYS, S)))}
NAMES: Final = (
    "advertiser_id",
    "creative_id",
    "creative_page_url",
    "ad_format_type",
    "advertiser_disclosed_name",
    "advertiser_legal_name",
    "advertiser_location",
    "advertiser_verification_status",
    "ad_funded_by",
    "topic",
)
CREATIVE_SHAPE: Final = pl.Struct({**dict.fromkeys(NAMES, S), **SHOWN})
REMOVED_SHAPE: Final = pl.Struct({"creative_page_url": S, **REMOVED})
POLITICAL_TOPIC: Final = "Political"
IN_URL: Final = {"record_id": r"/creative/(CR\d+)", "account_id": r"/advertiser/(AR\d+)"}


def _delivery(c: Columns) -> None:
    field = pl.element().struct.field
    entry = delivered_views(
        field("region_code"),
        (day(field("first_shown")), day(field("last_shown"))),
        (whole(field("times_shown_lower_bound")), whole(field("times_shown_upper_bound"))),
    )
    rows = pl.col("region_stats")
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
    if not c.has("audience_selection_approach_info"):
        return

    def value(name: str) -> pl.Expr:
        return pl.col("audience_selection_approach_info").struct.field(name)

    def used(name: str) -> pl.Expr:
        return value(name).str.contains("INCLUDED|EXCLUDED")

    def entry(name: str) -> pl.Expr:
        only_excluded = value(name).str.contains("EXCLUDED") & ~value(name).str.contains("INCLUDED")
        return pl.when(used(name)).then(parameter(name.replace("_", " "), value(name), excluded=only_excluded))

    (parameters,) = c.stage(parameters=pl.concat_list(*(entry(name) for name in CRITERIA)).list.drop_nulls())
    shown = pl.any_horizontal(*(value(name).is_not_null() for name in CRITERIA))
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


def _creatives(raw: pl.DataFrame) -> pl.DataFrame:
    c = Columns(raw)
    c.text(
        record_id="creative_id",
        ad_id="creative_id",
        url="creative_page_url",
        account_id="advertiser_id",
        account_name="advertiser_disclosed_name",
        sponsor_name=("advertiser_legal_name", "advertiser_disclosed_name"),
        beneficiary_name=("advertiser_legal_name", "advertiser_disclosed_name"),
        payer_name="ad_funded_by",
        sponsor_country="advertiser_location",
        sponsor_establishment="advertiser_location",
        topic="topic",
    )
    c.set(
        content_shown=text(c.col("creative_page_url")).is_not_null(),
        media_kind=listed(text(c.col("ad_format_type"))),
        political_basis=pl.when(text(c.col("topic")) == POLITICAL_TOPIC).then(pl.lit("declared")),
    )
    _delivery(c)
    _targeting(c)
    return c.build()


def _removed(raw: pl.DataFrame) -> pl.DataFrame:
    """Creatives that Google removed: no advertiser and no topic is shown, and the id stands in the address alone."""
    c = Columns(raw)
    link = text(c.col("creative_page_url"))
    found = {name: link.str.extract(pattern) for name, pattern in IN_URL.items()}
    field = pl.element().struct.field
    automated = pl.when(field("use_of_automated_means") == "true").then(pl.lit("found by automated means"))
    place = pl.format("removed in {}", field("removal_location"))
    words = (*(field(name) for name in ("removal_reason", "violation_category", "decision_type")), place, automated)
    told = text(pl.concat_str(words, separator=", ", ignore_nulls=True))
    reasons = pl.col("disapproval").list.eval(told)
    c.set(
        record_id=found["record_id"],
        ad_id=found["record_id"],
        account_id=found["account_id"],
        url=link,
        removed=pl.lit(True),
        removal_reason=text(reasons.list.drop_nulls().list.unique(maintain_order=True).list.join("; ")),
    )
    _delivery(c)
    _targeting(c)
    return c.build()


def parse_creatives(table: TableContext) -> Parsed:
    """Creatives of one CSV export; rows whose JSON cells are broken are set aside."""
    clean, rejected = decode(table, SHOWN)
    return clean.parsed(_creatives(clean.frame), rejected=rejected)


def parse_creative_records(records: RecordContext) -> Parsed:
    """Creatives of one JSON export."""
    return records.parsed(_creatives(records.frame))


def parse_removed(table: TableContext) -> Parsed:
    """Removed creatives of one CSV export; rows whose JSON cells are broken are set aside."""
    clean, rejected = decode(table, REMOVED)
    return clean.parsed(_removed(clean.frame), rejected=rejected)


def parse_removed_records(records: RecordContext) -> Parsed:
    """Removed creatives of one JSON export."""
    return records.parsed(_removed(records.frame))
