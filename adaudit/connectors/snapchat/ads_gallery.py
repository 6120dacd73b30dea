"""Parses answers of Snapchat's Ads Gallery API: all ads shown in the Union, political or not."""

from dataclasses import replace
from typing import Final

import polars as pl

from adaudit.connectors.build import Columns, all_null, filled, listed, text, whole
from adaudit.connectors.forms import RecordContext
from adaudit.connectors.nested import delivered_views, parameter
from adaudit.connectors.raw import Parsed, Rejected
from adaudit.connectors.shapes import ANY_KEYS, dotted
from adaudit.connectors.source import sources

S: Final = pl.String()
TEXTS: Final = pl.List(S)
DEMOGRAPHIC: Final = pl.Struct(
    {**dict.fromkeys(("min_age", "max_age", "operation"), S), "age_groups": TEXTS, "languages": TEXTS}
)
DEVICE: Final = pl.Struct({"os_type": S, "operation": S})
TARGETING: Final = pl.Struct({"regulated_content": S, "demographics": pl.List(DEMOGRAPHIC), "devices": pl.List(DEVICE)})
NAMES: Final = (
    *("id", "ad_account_name", "paying_advertiser_name", "brand_name", "profile_name", "start_date", "end_date"),
    *("headline", "top_snap_media_type", "top_snap_media_download_link", "impressions_total", "review_status"),
)
PREVIEW: Final = pl.Struct(
    {
        **dict.fromkeys(NAMES, S),
        **dict.fromkeys(("languages", "rejection_reasons"), TEXTS),
        "impressions_map": ANY_KEYS,
        "targeting_v2": TARGETING,
        "web_view_properties": pl.Struct({"url": S}),
        "deep_link_properties": pl.Struct({"deep_link_uri": S}),
        "composite_preview": pl.Struct({"title_headline": S}),
    }
)
SHAPE: Final = pl.Struct({"sub_request_status": S, "ad_preview": PREVIEW})
NOT_READ: Final = (
    *("name", "status", "creative_type", "ad_type", "ad_render_type", "call_to_action", "top_snap_crop_position"),
    *("profile_logo_url", "dpa_preview", "stickers"),
)
"""Documented fields of a preview of which no requirement speaks, or whose shape is not documented."""
SUCCESS: Final = "SUCCESS"
INCLUDED: Final = "INCLUDE"
YEARS: Final = r"^(\d{1,2})$"
GROUP: Final = r"^(\d{1,2})(?:-(\d{1,2})|\+)$"


def _at(*path: str) -> pl.Expr:
    found = pl.col("ad_preview")
    for key in path:
        found = found.struct.field(key)
    return found


def _succeeded(records: RecordContext) -> RecordContext:
    """The records without those of which the answer itself says that they failed; these are set aside."""
    status = records.frame["sub_request_status"].str.to_uppercase()
    failed = (status.is_not_null() & (status != SUCCESS)) | records.frame["ad_preview"].is_null()
    aside = records.frame.filter(failed)
    places = aside["place"].to_list()
    told = aside["sub_request_status"].fill_null("no ad_preview")
    rejected = tuple(
        Rejected(place, f"no ad, by the answer itself: {reason}", raw)
        for place, reason, raw in zip(places, told, records.outline.text_at(places) if places else (), strict=True)
    )
    kept = replace(records.records, frame=records.frame.filter(~failed), rejected=records.records.rejected + rejected)
    return replace(records, records=kept)


def _delivery(c: Columns) -> None:
    """Impressions by country. A country without any is one in which the ad was not shown."""
    total = _at("impressions_total")
    c.wholes(views_low=total, views_high=total)
    known = sources()["snapchat"].lookups["country_code"]
    dtype = c.raw.schema["ad_preview"]
    places = next(f.dtype for f in dtype.fields if f.name == "impressions_map")  # type: ignore[attr-defined]
    none = pl.lit(None, dtype=pl.Date)
    entries, unread = [], []
    for key in (one.name for one in places.fields if one.name):
        raw = _at("impressions_map", key)
        (views,) = c.stage(**{f"views {key}": whole(raw)})
        country = pl.lit(known.get(key.lower(), key.upper()))
        entries.append(pl.when(views.is_not_null()).then(delivered_views(country, (none, none), (views, views))))
        unread.append(pl.when(text(raw).is_not_null() & views.is_null()).then(pl.format("{}: {}", pl.lit(key), raw)))
    if not entries:
        return
    (delivery,) = c.stage(delivery=pl.concat_list(entries).list.drop_nulls())
    shown = delivery.list.eval(pl.element().filter(pl.element().struct.field("views_low") != 0))
    countries = shown.list.eval(pl.element().struct.field("country")).list.unique().list.sort()
    (wrong,) = c.stage(wrong=text(pl.concat_str(unread, separator=", ", ignore_nulls=True)))
    c.set(delivery=all_null(delivery))
    c.parse("countries", wrong, pl.when(wrong.is_null()).then(all_null(countries)))


def _years(texts: pl.Expr, pattern: str, group: int = 1) -> pl.Expr:
    return texts.list.eval(pl.element().str.extract(pattern, group).cast(pl.Int16).drop_nulls()).fill_null([])


def _excluded() -> pl.Expr:
    return (pl.element().struct.field("operation").str.to_uppercase() != INCLUDED).fill_null(value=False)


def _ages(c: Columns, entries: pl.Expr) -> None:
    """The youngest and oldest age of the included demographics.

    A demographic without a lowest age restricts nothing that can be seen; exclusions and groups that are not
    read leave it open who is meant.
    """
    one = pl.element().struct.field
    (included,) = c.stage(included=entries.list.eval(pl.element().filter(~_excluded())))
    stated, latest = (included.list.eval(one(name).drop_nulls()) for name in ("min_age", "max_age"))
    groups = included.list.eval(one("age_groups").explode().drop_nulls())
    odd = ~groups.list.eval(pl.element().str.contains(GROUP)).list.all()
    low = pl.concat_list(_years(stated, YEARS), _years(groups, GROUP))
    high = pl.concat_list(_years(latest, YEARS), _years(groups, GROUP, 2))
    unread = {
        name: texts.list.eval(~pl.element().str.contains(YEARS)).list.any()
        for name, texts in {"low": stated, "high": latest}.items()
    }
    grouped = (one("age_groups").list.len() > 0).fill_null(value=False)
    bounded = included.list.eval(one("min_age").is_not_null() | grouped).list.all()
    readable = bounded & ~unread["low"] & ~odd
    c.parse("age_min", pl.when(unread["low"]).then(stated.list.join(", ")), pl.when(readable).then(low.list.min()))
    capped = included.list.eval(one("max_age").is_not_null() | grouped).list.all()
    upwards = groups.list.eval(pl.element().str.ends_with("+")).list.any()
    closed = capped & ~unread["high"] & ~odd & ~upwards
    c.parse("age_max", pl.when(unread["high"]).then(latest.list.join(", ")), pl.when(closed).then(high.list.max()))
    c.set(
        age_restricted=pl.when(readable & (low.list.len() > 0)).then(pl.lit(True)),
        age_open_side_unknown=(entries.list.eval(_excluded()).list.any() | odd).fill_null(value=False),
    )


def _targeting(c: Columns) -> None:
    """Ages, languages and devices; the keys of places and interests are not documented and not read."""
    (entries,) = c.stage(demographics=_at("targeting_v2", "demographics"))
    _ages(c, entries)
    one = pl.element().struct.field
    span = pl.concat_str(one("min_age").fill_null(""), pl.lit("-"), one("max_age").fill_null(""))
    aged = one("min_age").is_not_null() | one("max_age").is_not_null()
    groups, languages = (one(name).list.join(", ", ignore_nulls=True) for name in ("age_groups", "languages"))
    devices = _at("targeting_v2", "devices")

    def entry(rows: pl.Expr, dimension: str, value: pl.Expr) -> pl.Expr:
        there = text(value).is_not_null()
        made = rows.list.eval(pl.when(there).then(parameter(dimension, value, excluded=_excluded())))
        return made.list.drop_nulls().fill_null([])

    parts = [
        entry(entries, "age", pl.when(aged).then(span)),
        entry(entries, "age", groups),
        entry(entries, "language", languages),
        entry(devices, "operating system", one("os_type")),
    ]
    (parameters,) = c.stage(parameters=pl.concat_list(parts))
    shown = _at("targeting_v2").is_not_null()
    c.set(
        targeting_parameters=pl.when(shown).then(all_null(parameters)),
        targeting_parameters_count=pl.when(shown).then(parameters.list.len()),
    )


def _content(c: Columns) -> None:
    headline, media = text(_at("headline")), text(_at("top_snap_media_download_link"))
    links = [text(_at("web_view_properties", "url")), text(_at("deep_link_properties", "deep_link_uri"))]
    reasons = text(filled(_at("rejection_reasons")).list.join("; ", ignore_nulls=True))
    c.set(
        titles=listed(headline),
        creative_urls=listed(media),
        link_urls=all_null(pl.concat_list(links).list.drop_nulls()),
        content_shown=headline.is_not_null() | media.is_not_null() | _at("composite_preview").is_not_null(),
        media_kind=listed(text(_at("top_snap_media_type"))),
        languages=filled(_at("languages")),
        removed=reasons.is_not_null(),
        removal_reason=reasons,
    )


def _undocumented(carried: frozenset[str]) -> tuple[str, ...]:
    """Fields of a preview and parts of its targeting that are not documented: kept in the evidence, not read."""
    known = dotted(SHAPE) | {f"ad_preview.{name}" for name in NOT_READ}
    directly = {("ad_preview",), ("ad_preview", "targeting_v2")}
    return tuple(sorted(name for name in carried - known if tuple(name.split(".")[:-1]) in directly))


def parse_previews(records: RecordContext) -> Parsed:
    """Ads of one answer. Nothing in it says that an ad is political.

    The brand is on whose behalf the ad is shown; without one the payer stands for it. Profile and ad account
    are context alone.
    """
    records = _succeeded(records)
    c = Columns(records.frame)
    number, payer, brand = text(_at("id")), text(_at("paying_advertiser_name")), text(_at("brand_name"))
    c.set(
        record_id=number,
        ad_id=number,
        payer_name=payer,
        beneficiary_name=brand,
        sponsor_name=pl.coalesce(brand, payer),
        account_name=pl.coalesce(text(_at("profile_name")), text(_at("ad_account_name"))),
    )
    c.days(delivered_from=_at("start_date"), delivered_until=_at("end_date"))
    _delivery(c)
    _targeting(c)
    _content(c)
    return records.parsed(c.build(), new_fields=_undocumented(records.carried))
