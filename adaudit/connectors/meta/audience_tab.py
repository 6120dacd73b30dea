"""Parses exports of the library's audience tab: which targeting options an advertiser used, and how much.

One row an option of a page; a record is one page on one day. Money is not read: where the page shows
no exact amount, exporters put a figure of their own (`1.0` seen). Meta shows the tab for ads about
social issues, elections or politics (its statement of 23 May 2022): they are declared.
"""

import re
from datetime import timedelta
from typing import Final

import polars as pl

from adaudit.connectors.build import Columns, all_null, day, text, whole
from adaudit.connectors.forms import TableContext
from adaudit.connectors.identifiers import SPREADSHEET_ID
from adaudit.connectors.meta.ads_archive_flat import emptied, whole_text
from adaudit.connectors.raw import Parsed, Rejected
from adaudit.connectors.table import cells_as_text
from adaudit.language import texts_of

SAY: Final = texts_of("adaudit.connectors.meta")
NAME: Final = re.compile(r"(?:^|[_\-.])(?P<country>[A-Z]{2})[_\-.](?:.*[_\-.])?last[_\-]?(?P<days>7|30|90)(?!\d)")
YES: Final = ("true", "1")
NO: Final = ("false", "0")
AUDIENCES: Final = ("custom_audience", "lookalike_audience")
OPTION: Final = ("dimension", "value", "excluded", "ads", "spend_share", "places_hidden", "record")
Scope = tuple[str | None, int | None]


def _scope(name: str) -> Scope:
    """Country and number of days, from the file's name; None where it does not tell."""
    match = NAME.search(name)
    return (match["country"], int(match["days"])) if match else (None, None)


def _options(table: TableContext) -> pl.DataFrame:
    """One row an option as it stands, its parts read, and in `wrong` why it cannot be one."""
    c = Columns(emptied(table.frame))
    kind = text(c.col("type")).str.to_lowercase()
    detail = text(c.col("location_type", "detailed_type")).str.to_lowercase()
    words = kind.str.replace_all("_", " ", literal=True)
    exclusion = text(c.col("is_exclusion")).str.to_lowercase()
    share = c.col("total_spend_pct").cast(pl.Float64, strict=False)
    frame = c.raw.select(
        "record",
        kind=kind,
        page=text(c.col("page_id", "internal_id")),
        ds=c.col("ds"),
        no_data=text(c.col("no_data")).str.to_lowercase().is_in(YES).fill_null(value=False),
        dimension=pl.when(detail.is_not_null()).then(pl.format("{}: {}", words, detail)).otherwise(words),
        value=text(c.col("value")),
        exclusion=exclusion,
        excluded=exclusion.is_in(YES).fill_null(value=False),
        ads=whole(whole_text(c.col("num_ads"))),
        spend_share=pl.when(share.is_between(0, 1)).then(share),
        hidden=c.col("num_obfuscated"),
        places_hidden=whole(whole_text(c.col("num_obfuscated"))),
        total=whole_text(c.col("total_num_ads")),
    )
    return frame.with_columns(_wrong().alias("wrong"))


def _wrong() -> pl.Expr:
    column, shown = pl.col, ~pl.col("no_data")
    reasons = (
        (column("page").is_null(), "no page id"),
        (column("page").str.contains(SPREADSHEET_ID), "a page id that a spreadsheet destroyed: it may be any page's"),
        (shown & (column("kind").is_null() | column("value").is_null()), "no targeting option"),
        (shown & column("ads").is_null(), "num_ads is no whole number"),
        (shown & column("spend_share").is_null(), "total_spend_pct is no share from 0 to 1"),
        (column("hidden").is_not_null() & column("places_hidden").is_null(), "num_obfuscated is no whole number"),
        (~column("exclusion").is_in([*YES, *NO]), "is_exclusion is neither true nor false"),
    )
    return pl.coalesce(*(pl.when(true).then(pl.lit(reason)) for true, reason in reasons))


def _by_page(options: pl.DataFrame) -> pl.DataFrame:
    """One row a page and day, in the order of the file: all options shown, and those that an ad used."""
    option, used, place = pl.struct(OPTION), pl.col("ads") > 0, pl.col("kind") == "location"
    parameter = pl.struct("dimension", "value", "excluded")
    age = whole(pl.col("value").str.strip_suffix("+")).filter(used & (pl.col("kind") == "age"))
    audiences = used.filter(pl.col("kind").is_in(AUDIENCES))
    return options.group_by("page", "ds", maintain_order=True).agg(
        pl.col("record").first(),
        pl.col("no_data").any(),
        use=option.filter(~pl.col("no_data")),
        parameters=parameter.filter(used).unique(maintain_order=True),
        places=pl.col("value").filter(used & place).unique(maintain_order=True),
        hidden_places=pl.col("places_hidden").filter(used & place).sum(),
        genders=pl.col("value").filter(used & (pl.col("kind") == "gender")).unique(maintain_order=True),
        lowest=age.min(),
        highest=age.max(),
        audience=pl.when(audiences.len() > 0).then(audiences.any()),
        total=pl.col("total").drop_nulls().unique(maintain_order=True).str.join(" or "),
    )


def _canonical(pages: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    country, days = scope
    c = Columns(pages)
    last = day(c.col("ds"))
    shown = pl.col("use").list.len() > 0
    where = " ".join((country or "country not named", f"last_{days}_days" if days else "period not named"))
    c.set(
        record_id=pl.concat_str(pl.lit(where), pl.col("ds").fill_null("day not named"), "page", separator="|"),
        account_id=pl.col("page"),
        countries=pl.lit([country] if country else None, dtype=pl.List(pl.String)),
        targeting_use=pl.when(shown).then(pl.col("use")),
        targeting_parameters=pl.when(shown).then(all_null(pl.col("parameters"))),
        targeting_parameters_count=pl.when(shown).then(pl.col("parameters").list.len()),
        age_min=pl.col("lowest").cast(pl.Int16, strict=False),
        age_max=pl.col("highest").cast(pl.Int16, strict=False),
        genders=all_null(pl.col("genders")),
        locations=all_null(pl.col("places")),
        locations_hidden=pl.when(pl.col("places").list.len() > 0).then(pl.col("hidden_places")),
        custom_audience=pl.col("audience"),
        political_basis=pl.lit("declared"),
    )
    if days:
        c.set(delivered_from=last - timedelta(days=days - 1))
    c.days(delivered_until=c.col("ds"))
    c.parse("ads_count", text(pl.col("total")), whole(pl.col("total")))
    return c.build()


def parse_audiences(table: TableContext) -> Parsed:
    """Advertisers of one export; a page for which the tab showed nothing keeps an empty record."""
    options = _options(table)
    aside = options["wrong"].is_not_null()
    rejected = tuple(
        Rejected(f"record {number}", reason, row)
        for number, reason, row in zip(
            options["record"].filter(aside),
            options["wrong"].filter(aside),
            cells_as_text(table.frame.filter(aside)),
            strict=True,
        )
    )
    scope = _scope(table.name)
    pages = _by_page(options.filter(~aside))
    notices = [] if scope[0] else [SAY.both("audience_scope_untold")]
    without = int(pages["no_data"].sum())
    if without:
        notices.append(SAY.of("audience_without", without))
    return table.parsed(
        _canonical(pages, scope),
        rejected=rejected,
        scope_from="name" if scope[0] else None,
        notices=tuple(notices),
        rows=pages["record"],
    )
