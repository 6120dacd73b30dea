"""Parses Meta `ads_archive` answers: the keys of 2019 and of today, in one set of columns.

What is made of the columns is the same for the answers of the API and for tables that exporters
make of them (`ads_archive_flat`).
"""

from typing import Final
from urllib.parse import parse_qs, urlsplit

import polars as pl

from adaudit.connectors.build import NOTHING, Columns, all_null, amount, filled, listed, text, whole
from adaudit.connectors.document import Outline
from adaudit.connectors.forms import RecordContext
from adaudit.connectors.nested import delivered_people, parameter, parameter_where_shown
from adaudit.connectors.raw import Parsed
from adaudit.connectors.source import sources
from adaudit.law import member_state_of

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
        **dict.fromkeys(("funding_entity", "currency", "eu_total_reach", "br_total_reach", "target_gender"), S),
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
BRAZIL: Final = "BR"
UNREAD: Final = "unread {}"
"""Column of a table that keeps the text of a cell which holds neither of the two bounds."""


def requested_fields(found: Outline) -> frozenset[str] | None:
    """The fields that the request named, told by `paging.next`; None where the page does not tell.

    Where `fields` is repeated, the last one is the one that the API obeyed (seen in 2023).
    """
    if "paging" not in found.top_keys() or found.root is None:
        return None
    link = found.text_in("paging", "next")
    named = parse_qs(urlsplit(link).query).get("fields") if link else None
    return frozenset(part.strip() for part in named[-1].split(",")) if named else None


def _people(c: Columns) -> None:
    """Sponsor and payer; who is named as beneficiary comes before what the disclaimer says."""
    disclaimer = pl.coalesce(text(c.col("bylines")), text(c.col("funding_entity")))
    c.set(disclaimer=disclaimer, sponsor_name=disclaimer)
    c.text(account_id="page_id", account_name="page_name")
    if c.shows("beneficiary_payers"):
        _parties(c, disclaimer)


def _parties(c: Columns, disclaimer: pl.Expr) -> None:
    """Beneficiaries and payers, of which the first that is current is the ad's."""
    entries, field = pl.col("beneficiary_payers"), pl.element().struct.field
    current = entries.list.eval(pl.element().filter(field("current").fill_null("true") != "false"))
    (chosen,) = c.stage(chosen=pl.when(current.list.len() > 0).then(current).otherwise(entries).list.first())
    beneficiary, payer = chosen.struct.field("beneficiary"), chosen.struct.field("payer")
    parties = [
        entries.list.eval(
            pl.struct(
                pl.lit(role).alias("role"),
                field(role).alias("name"),
                (field("current") == "true").alias("current"),
            )
        )
        for role in ("beneficiary", "payer")
    ]
    c.set(
        beneficiary_name=text(beneficiary),
        sponsor_name=pl.coalesce(text(beneficiary), disclaimer),
        payer_name=text(payer),
        parties=all_null(pl.concat_list(*parties)),
    )


def _bound(c: Columns, column: str, end: str) -> pl.Expr:
    names = ("estimated_audience_size", "potential_reach") if column == "estimated_audience_size" else (column,)
    there = [pl.col(name).struct.field(end) for name in names if c.shows(name)]
    return pl.coalesce(there) if there else NOTHING


def _money_and_reach(c: Columns) -> None:
    for column, made in (
        ("spend", "amount_ad"),
        ("impressions", "views"),
        ("estimated_audience_size", "audience_size"),
    ):
        read = amount if column == "spend" else whole
        for end in ("low", "high"):
            bound = _bound(c, column, "lower_bound" if end == "low" else "upper_bound")
            unread = c.col(UNREAD.format(column), UNREAD.format("potential_reach")) if end == "low" else bound
            c.parse(f"{made}_{end}", bound if unread is NOTHING else pl.coalesce(bound, unread), read(bound))
    c.text(amount_currency="currency")
    total = c.col("eu_total_reach")
    c.wholes(people_reached_low=total, people_reached_high=total)


def _unreadable(figure: pl.Expr) -> pl.Expr:
    """The text of a figure that is no whole number; null where it is one or nothing stands there."""
    return pl.when(_figure(figure).is_null() & (figure != "")).then(figure)


def _figure(raw: pl.Expr) -> pl.Expr:
    return raw.cast(pl.Int64, strict=False)


def _by_country(c: Columns) -> list[tuple[pl.Expr, pl.Expr]]:
    """Reach by country and the first figure in it that cannot be read, best source first.

    A country of which one figure cannot be read has no reach: a part is not the whole.
    """
    field = pl.element().struct.field
    genders = [field(gender) for gender in ("male", "female", "unknown")]
    made = []
    if c.shows("age_country_gender_reach_breakdown"):
        rows, groups = pl.col("age_country_gender_reach_breakdown"), field("age_gender_breakdowns").list
        unread = groups.eval(pl.coalesce(*(_unreadable(gender) for gender in genders)).drop_nulls()).list.first()
        counted = groups.eval(pl.sum_horizontal(*(_figure(gender) for gender in genders))).list.sum()
        entry = delivered_people(field("country"), pl.when(unread.is_null()).then(counted))
        made.append((rows.list.eval(entry), rows.list.eval(unread.drop_nulls()).list.first()))
    if c.shows("total_reach_by_location"):
        rows, value = pl.col("total_reach_by_location"), field("value")
        entry = delivered_people(field("key"), _figure(value))
        made.append((rows.list.eval(entry), rows.list.eval(_unreadable(value).drop_nulls()).list.first()))
    if c.shows("br_total_reach"):
        figure = text(c.col("br_total_reach"))
        entry = pl.when(figure.is_not_null()).then(delivered_people(pl.lit(BRAZIL), _figure(figure)))
        made.append((listed(entry), _unreadable(figure)))
    return made


def _delivery(c: Columns) -> None:
    """Reach by country, from the breakdown by age and gender, else from the totals by location.

    The sum is that of the Member States and their overseas areas, as `eu_total_reach` is: the
    breakdown may also tell the United Kingdom and Brazil.
    """
    found = _by_country(c)
    if not found:
        return
    entries = c.stage(**{f"reach {i}": all_null(entry) for i, (entry, _) in enumerate(found)})
    bads = c.stage(**{f"unread reach {i}": bad for i, (_, bad) in enumerate(found)})
    unread = pl.coalesce(*(pl.when(entry.is_not_null()).then(bad) for entry, bad in zip(entries, bads, strict=True)))
    delivery, unread = c.stage(delivery=pl.coalesce(*entries), unread=unread)
    in_union = pl.element().struct.field("country").is_in([*member_state_of()])
    reach = delivery.list.eval(pl.element().filter(in_union).struct.field("reach_low"))
    (low,) = c.stage(low=pl.when(unread.is_null() & (reach.list.len() > 0)).then(reach.list.sum()))
    c.set(
        delivery=delivery,
        countries=all_null(delivery.list.eval(pl.element().struct.field("country").drop_nulls().unique().sort())),
    )
    c.parse("delivery_reach_low", unread, low)


def _ages_reached(c: Columns) -> None:
    """The age brackets of which anybody was reached in a Member State; other ages stand in the breakdown by shares."""
    if not c.shows("age_country_gender_reach_breakdown"):
        return
    field = pl.element().struct.field
    anybody = pl.any_horizontal(
        *((_figure(field(one)) > 0).fill_null(value=False) for one in ("male", "female", "unknown"))
    )
    groups = pl.col("age_country_gender_reach_breakdown").list.eval(
        pl.element()
        .filter(field("country").is_in([*member_state_of()]))
        .struct.field("age_gender_breakdowns")
        .explode()
    )
    c.set(ages_reached=all_null(groups.list.eval(field("age_range").filter(anybody).drop_nulls())))


def _shares(c: Columns) -> None:
    written = pl.element().struct.field("percentage")
    share = written.cast(pl.Float64, strict=False)
    groups = {
        "demographic_distribution": pl.concat_str(
            pl.element().struct.field("age"), pl.element().struct.field("gender"), separator=" "
        ),
        "delivery_by_region": pl.element().struct.field("region"),
        "region_distribution": pl.element().struct.field("region"),
    }
    there = [name for name in groups if c.shows(name)]
    if not there:
        return
    sums = [pl.col(name).list.eval(share).list.sum() for name in there]
    off = pl.concat_list(pl.when(pl.col(n).list.len() > 0).then(s) for n, s in zip(there, sums, strict=True))
    furthest = off.list.drop_nulls().list.eval(pl.element().sort_by((pl.element() - 1).abs())).list.last()
    breakdown = pl.concat_list(
        pl.col(name).list.eval(pl.struct(groups[name].alias("group"), share.alias("share"))).fill_null([])
        for name in there
    )
    misread = [pl.col(name).list.eval(written.filter(share.is_null() & written.is_not_null())) for name in there]
    (unread,) = c.stage(unread_share=pl.coalesce(*(one.list.first() for one in misread)))
    (total,) = c.stage(shares_sum=pl.when(unread.is_null()).then(furthest))
    c.parse("shares_sum", unread, total)
    c.set(audience_breakdown=all_null(breakdown))


def _targeting(c: Columns) -> None:
    parts: list[pl.Expr] = []
    if c.shows("target_ages"):
        ages = pl.col("target_ages")
        low = whole(ages.list.first())
        high = whole(ages.list.last().str.strip_suffix("+"))
        c.parse("age_min", ages.list.first(), low.cast(pl.Int16, strict=False))
        c.parse("age_max", ages.list.last(), high.cast(pl.Int16, strict=False))
        c.set(age_restricted=(low > LOWEST_AGE_SEEN) | (high < WIDEST_AGE))
        parts.append(listed(parameter_where_shown("age", ages.list.join("-", ignore_nulls=True))))
    if c.shows("target_gender"):
        c.set(genders=listed(text(c.col("target_gender"))))
        parts.append(listed(parameter_where_shown("gender", c.col("target_gender"))))
    if c.shows("target_locations"):
        places = pl.col("target_locations")
        excluded = (pl.element().struct.field("excluded") == "true").fill_null(value=False)
        parts.append(
            places.list.eval(
                parameter(
                    pl.format("location: {}", pl.element().struct.field("type").str.to_lowercase().fill_null("?")),
                    pl.element().struct.field("name"),
                    excluded=excluded,
                )
            )
        )
        hidden = places.list.eval(whole(pl.element().struct.field("num_obfuscated")))
        c.set(
            locations=all_null(places.list.eval(pl.element().struct.field("name").drop_nulls())),
            locations_hidden=pl.when(hidden.list.drop_nulls().list.len() > 0).then(hidden.list.sum()),
        )
    if not parts:
        return
    shown = pl.any_horizontal(*(part.is_not_null() for part in parts))
    (parameters,) = c.stage(parameters=pl.concat_list(*(part.fill_null([]) for part in parts)))
    c.set(
        targeting_parameters=pl.when(shown).then(all_null(parameters)),
        targeting_parameters_count=pl.when(shown).then(parameters.list.len()),
    )


def _content(c: Columns) -> None:
    def list_of(plural: str, single: str) -> pl.Expr:
        there = [filled(pl.col(plural))] if c.shows(plural) else []
        if c.shows(single):
            there.append(listed(text(c.col(single))))
        return pl.coalesce(there) if there else pl.lit(None, TEXTS)

    (bodies,) = c.stage(bodies=list_of("ad_creative_bodies", "ad_creative_body"))
    lookups = sources()["meta"].lookups["removed_text"]
    different = c.raw[bodies.meta.output_name()].explode().unique().rename("text").to_frame()
    said = [pl.col("text").str.to_lowercase().str.contains(one, literal=True) for one in lookups]
    notices = different.filter(pl.any_horizontal(said))["text"]
    there = bodies.list.eval(pl.element().is_in(notices.implode())).list.any().fill_null(value=False)
    (removed,) = c.stage(removed=there if len(notices) else pl.lit(value=False))
    titles = list_of("ad_creative_link_titles", "ad_creative_link_title")
    c.set(
        texts=bodies.list.unique(maintain_order=True),
        titles=titles,
        link_urls=list_of("ad_creative_link_captions", "ad_creative_link_caption"),
        content_shown=bodies.is_not_null() | titles.is_not_null() | text(c.col("ad_snapshot_url")).is_not_null(),
        languages=filled(pl.col("languages")) if c.shows("languages") else pl.lit(None, TEXTS),
        removed=removed,
        removal_reason=pl.when(removed).then(pl.lit(next(iter(lookups.values())))),
    )


def ads_of(frame: pl.DataFrame) -> pl.DataFrame:
    """The canonical columns of ads, from raw columns in the shape of `SHAPE`; those not carried may be absent."""
    c = Columns(frame)
    in_url = c.col("ad_snapshot_url").str.extract(r"[?&]id=(\d+)")
    number = c.identify(c.col("id", "_id"), in_url)
    page = pl.format("https://www.facebook.com/ads/library/?id={}", number)
    c.set(ad_id=number, url=pl.when(number.str.contains(r"^\d+$")).then(page))
    c.days(delivered_from=c.col("ad_delivery_start_time"), delivered_until=c.col("ad_delivery_stop_time"))
    _people(c)
    _money_and_reach(c)
    _delivery(c)
    _shares(c)
    _ages_reached(c)
    _targeting(c)
    _content(c)
    labelled = c.made["disclaimer"].is_not_null()
    spent = pl.col("spend").is_not_null() if c.shows("spend") else pl.lit(False)
    c.set(political_basis=pl.when(labelled | spent).then(pl.lit("declared")))
    return c.build()


def parse_ads(records: RecordContext) -> Parsed:
    """Ads of one page or bare array of `ads_archive`."""
    return records.parsed(ads_of(records.frame))
