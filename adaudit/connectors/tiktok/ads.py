"""Parses TikTok's Commercial Content API: `ad/query` pages and `ad/detail` answers."""

from typing import Final

import polars as pl

from adaudit.connectors.build import Columns, all_null, filled, text
from adaudit.connectors.forms import RecordContext
from adaudit.connectors.nested import delivered_people
from adaudit.connectors.raw import Parsed
from adaudit.connectors.rounded import bucket_of, upper_end_of
from adaudit.connectors.shapes import ANY_KEYS
from adaudit.connectors.source import sources
from adaudit.connectors.tiktok.targeting import AGE_BRACKET, set_targeting

S: Final = pl.String()
VIDEO: Final = pl.Struct({"url": S, "cover_image_url": S})
AD: Final = pl.Struct(
    {
        **dict.fromkeys(("id", "first_shown_date", "last_shown_date", "status", "status_statement", "title"), S),
        **dict.fromkeys(("external_url", "download_url", "call_to_action", "advertising_objective"), S),
        "videos": pl.List(VIDEO),
        "image_urls": pl.List(S),
        "reach": pl.Struct({"unique_users_seen": S, "unique_users_seen_by_country": ANY_KEYS}),
        "rejection_info": pl.Struct(
            {"reasons": pl.List(S), "affected_countries": pl.List(S), "reporting_source": S, "automated_notice": S}
        ),
    }
)
TARGETING: Final = pl.Struct(
    {
        "number_of_users_targeted": S,
        "country": pl.List(S),
        "age": ANY_KEYS,
        "gender": ANY_KEYS,
        **dict.fromkeys(("audience_targeting", "video_interactions", "creator_interactions", "interest"), S),
    }
)
ADVERTISER: Final = pl.Struct(dict.fromkeys(("business_id", "business_name", "paid_for_by", "country_code"), S))
SHAPE: Final = pl.Struct({"ad": AD, "advertiser": ADVERTISER, "ad_group": pl.Struct({"targeting_info": TARGETING})})


def _keys(frame: pl.DataFrame, path: tuple[str, ...]) -> list[str]:
    dtype: pl.DataType | None = frame.schema.get(path[0])
    for key in path[1:]:
        dtype = next((f.dtype for f in dtype.fields if f.name == key), None) if isinstance(dtype, pl.Struct) else None  # type: ignore[assignment]
    return [f.name for f in dtype.fields if f.name] if isinstance(dtype, pl.Struct) else []


def _at(*path: str) -> pl.Expr:
    found = pl.col(path[0])
    for key in path[1:]:
        found = found.struct.field(key)
    return found


def _reach(c: Columns) -> None:
    bucket = _at("ad", "reach", "unique_users_seen")
    low, high = bucket_of(bucket)
    c.parse("people_reached_low", bucket, low)
    c.parse("people_reached_high", upper_end_of(bucket), high)
    targeted = _at("ad_group", "targeting_info", "number_of_users_targeted")
    smallest, largest = bucket_of(targeted)
    c.parse("audience_size_low", targeted, smallest)
    c.parse("audience_size_high", targeted, largest)
    path = ("ad", "reach", "unique_users_seen_by_country")
    given = [
        pl.when(_at(*path, country).is_not_null()).then(
            pl.struct(pl.lit(country).alias("country"), _at(*path, country).alias("raw"))
        )
        for country in _keys(c.raw, path)
    ]
    seen: list[pl.Expr] = []
    if given:
        field = pl.element().struct.field
        people, most = bucket_of(field("raw"))
        entry = delivered_people(field("country"), people, pl.coalesce(most, people))
        (rows,) = c.stage(by_country=pl.concat_list(given).list.drop_nulls())
        read = pl.element().filter(pl.element().struct.field("reach_low").is_not_null())
        (delivery,) = c.stage(delivery=all_null(rows.list.eval(entry).list.eval(read)))
        reach = delivery.list.eval(field("reach_low"))
        c.set(delivery=delivery, delivery_reach_low=reach.list.sum())
        seen = [delivery.list.eval(field("country"))]
    aimed = _at("ad_group", "targeting_info", "country")
    parts = [one.fill_null([]) for one in (*seen, aimed)]
    c.set(countries=all_null(pl.concat_list(parts).list.unique().list.sort()))


def _targeting(c: Columns) -> None:
    base = ("ad_group", "targeting_info")
    words = {
        "interest": "interest",
        "video_interactions": "video interactions",
        "creator_interactions": "creator interactions",
    }
    set_targeting(
        c,
        ages={b: _at(*base, "age", b) == "true" for b in AGE_BRACKET if b in _keys(c.raw, (*base, "age"))},
        genders={g: _at(*base, "gender", g) == "true" for g in _keys(c.raw, (*base, "gender"))},
        audience=_at(*base, "audience_targeting"),
        words={dimension: _at(*base, name) for name, dimension in words.items()},
        shown=_at(*base).is_not_null(),
    )
    c.set(locations=filled(_at(*base, "country")))


def _content(c: Columns) -> None:
    links = _at("ad", "videos").list.eval(pl.element().struct.field("url").drop_nulls())
    images = filled(_at("ad", "image_urls"))
    (urls,) = c.stage(urls=all_null(pl.concat_list(links.fill_null([]), images.fill_null([]))))
    statement = text(_at("ad", "status_statement"))
    marks = sources()["tiktok"].lookups["removed_statement"]
    removed = pl.any_horizontal(*(statement.str.to_lowercase().str.contains(m, literal=True) for m in marks))
    rejected = text(_at("ad", "rejection_info", "reasons").list.join("; ", ignore_nulls=True))
    c.set(
        creative_urls=urls,
        content_shown=urls.is_not_null(),
        titles=all_null(pl.concat_list(text(_at("ad", "title"))).list.drop_nulls()),
        removed=removed.fill_null(value=False) | rejected.is_not_null(),
        removal_reason=pl.coalesce(rejected, pl.when(removed).then(statement)),
    )


def parse_ads(records: RecordContext) -> Parsed:
    """Ads of one answer. Rows without `ad_group` come from ad/query, which never carries targeting."""
    c = Columns(records.frame)
    number = text(_at("ad", "id"))
    payer = text(_at("advertiser", "paid_for_by"))
    c.set(
        record_id=number,
        ad_id=number,
        sponsor_name=payer,
        payer_name=payer,
        account_id=text(_at("advertiser", "business_id")),
        account_name=text(_at("advertiser", "business_name")),
    )
    c.days(delivered_from=_at("ad", "first_shown_date"), delivered_until=_at("ad", "last_shown_date"))
    _reach(c)
    _targeting(c)
    _content(c)
    query = frozenset(name for name in records.carried if not name.startswith("ad_group"))
    detail = records.frame["ad_group"].struct.field("targeting_info").is_not_null()
    return records.parsed(c.build(), layouts=(query, records.carried), layout=detail.cast(pl.UInt16))
