"""The canonical record: one row per (source, kind, record id, content version).

The columns follow the words of Regulation (EU) 2024/900. Nested columns carry what a person
wants to read; every scalar that a rule needs stands beside them and is computed once, when the
record is made. Null means that the source shows nothing; text is never an empty string.
"""

from collections.abc import Iterable
from functools import cache
from typing import Final

import polars as pl

MONEY: Final = pl.Decimal(38, 4)
"""Exact amounts in units of `amount_currency`."""

PARTY: Final = pl.Struct({"role": pl.String, "name": pl.String, "current": pl.Boolean})
PARAMETER: Final = pl.Struct({"dimension": pl.String, "value": pl.String, "excluded": pl.Boolean})
OPTION_USE: Final = pl.Struct(
    {
        "dimension": pl.String,
        "value": pl.String,
        "excluded": pl.Boolean,
        "ads": pl.Int64,
        "spend_share": pl.Float64,
        "places_hidden": pl.Int64,
        "record": pl.UInt32,
    }
)
"""One targeting option of an advertiser: in how many ads, for which share of the spend, shown in which row."""

DELIVERY: Final = pl.Struct(
    {
        "country": pl.String,
        "from": pl.Date,
        "until": pl.Date,
        "views_low": pl.Int64,
        "views_high": pl.Int64,
        "reach_low": pl.Int64,
        "reach_high": pl.Int64,
        "aggregate": pl.Boolean,
    }
)
SHARE: Final = pl.Struct({"group": pl.String, "share": pl.Float64})
UNPARSED: Final = pl.Struct({"column": pl.String, "text": pl.String})
TEXTS: Final = pl.List(pl.String)
INSTANT: Final = pl.Datetime("us", "UTC")
ROLES: Final = ("sponsor", "controlling_entity", "payer")
"""Of whom a record tells who and where they are."""


def _people() -> dict[str, pl.DataType]:
    parts = ("name", "email", "postal_address", "establishment", "country", "registration", "company_number", "kind")
    return {f"{role}_{part}": pl.String() for role in ROLES for part in parts}


def _amounts(*scopes: str) -> dict[str, pl.DataType]:
    return {f"amount_{scope}_{end}": MONEY for scope in scopes for end in ("low", "high")}


IDENTITY: Final[dict[str, pl.DataType]] = {
    "source": pl.String(),
    "form": pl.String(),
    "kind": pl.String(),
    "record_id": pl.String(),
    "version_id": pl.String(),
    "revision": pl.Int32(),
    "ad_id": pl.String(),
    "campaign_id": pl.String(),
    "url": pl.String(),
    "identifier_recovered": pl.Boolean(),
}

EVIDENCE: Final[dict[str, pl.DataType]] = {
    "input_sha256": pl.String(),
    "evidence_sha256": pl.String(),
    "locator": pl.String(),
    "layout": pl.UInt16(),
    "scope_from": pl.String(),
}

CLOCKS: Final[dict[str, pl.DataType]] = {
    "intended_from": pl.Date(),
    "intended_until": pl.Date(),
    "delivered_from": pl.Date(),
    "delivered_until": pl.Date(),
    "published_at": INSTANT,
    "updated_at": INSTANT,
    "observed_at": INSTANT,
    "first_published_at": INSTANT,
}

CONTENT: Final[dict[str, pl.DataType]] = {
    **_people(),
    "beneficiary_name": pl.String(),
    "disclaimer": pl.String(),
    "data_controller_name": pl.String(),
    "parties": pl.List(PARTY),
    "account_id": pl.String(),
    "account_name": pl.String(),
    **_amounts("ad", "campaign", "media", "advertiser"),
    "amount_currency": pl.String(),
    "benefits_in_kind": pl.String(),
    "amount_method": pl.String(),
    "amount_basis": pl.String(),
    "amount_vat_included": pl.Boolean(),
    "funds_public_private": pl.String(),
    "funds_union_origin": pl.String(),
    "linked_process": pl.String(),
    "linked_process_date": pl.Date(),
    "linked_process_none": pl.Boolean(),
    "voting_info_url": pl.String(),
    "repository_url": pl.String(),
    "report_mechanism_url": pl.String(),
    "prior_suspension": pl.Boolean(),
    "notice_url": pl.String(),
    "targeting_declared_none": pl.Boolean(),
    "targeting_personal_data": pl.Boolean(),
    "targeting_statement": pl.String(),
    "targeting_parameters": pl.List(PARAMETER),
    "targeting_parameters_count": pl.UInt32(),
    "targeting_use": pl.List(OPTION_USE),
    "targeting_logic": pl.String(),
    "targeting_goals": pl.String(),
    "data_categories": pl.String(),
    "custom_audience": pl.Boolean(),
    "age_min": pl.Int16(),
    "age_max": pl.Int16(),
    "age_restricted": pl.Boolean(),
    "age_open_side_unknown": pl.Boolean(),
    "genders": TEXTS,
    "locations": TEXTS,
    "locations_hidden": pl.Int64(),
    "ai_use": pl.String(),
    "policy_url": pl.String(),
    "rights_url": pl.String(),
    "views_low": pl.Int64(),
    "views_high": pl.Int64(),
    "engagements": pl.Int64(),
    "clicks": pl.Int64(),
    "likes": pl.Int64(),
    "comments": pl.Int64(),
    "people_reached_low": pl.Int64(),
    "people_reached_high": pl.Int64(),
    "audience_size_low": pl.Int64(),
    "audience_size_high": pl.Int64(),
    "delivery": pl.List(DELIVERY),
    "delivery_count": pl.UInt32(),
    "delivery_reach_low": pl.Int64(),
    "audience_breakdown": pl.List(SHARE),
    "ages_reached": TEXTS,
    "reached_age_min": pl.Int16(),
    "reached_age_max": pl.Int16(),
    "shares_sum": pl.Float64(),
    "texts": TEXTS,
    "titles": TEXTS,
    "link_urls": TEXTS,
    "creative_urls": TEXTS,
    "content_shown": pl.Boolean(),
    "media_kind": TEXTS,
    "languages": TEXTS,
    "topic": pl.String(),
    "countries": TEXTS,
    "country_key": pl.String(),
    "country_stated": pl.Boolean(),
    "political_basis": pl.String(),
    "removed": pl.Boolean(),
    "removal_reason": pl.String(),
    "synthetic_content": pl.Boolean(),
    "commercial_communication": pl.Boolean(),
    "ads_count": pl.Int64(),
    "identifier_damaged": pl.Boolean(),
    "unparsed": pl.List(UNPARSED),
    "unparsed_mask": pl.UInt64(),
    "present_mask": pl.UInt64(),
    "placeholder_mask": pl.UInt64(),
    "nobody_mask": pl.UInt64(),
    "segments_mask": pl.UInt16(),
    "segments": TEXTS,
    "numbers_wrong": pl.String(),
    "numbers_checked": pl.Boolean(),
    "addresses_lacking": pl.String(),
    "addresses_in_parts": pl.Boolean(),
    "languages_apart": pl.String(),
    "languages_compared": pl.Boolean(),
}

SCHEMA: Final[dict[str, pl.DataType]] = {**IDENTITY, **EVIDENCE, **CLOCKS, **CONTENT}
"""Every column of a record with its dtype, in the order of `records.parquet`."""
KEY: Final = ("source", "kind", "record_id")
"""What tells one record from another, whatever its version."""
SUCCESSION: Final = ("revision", "updated_at", "observed_at", "position")
"""What puts the versions of a record in their order, null first."""
MASKS: Final = frozenset(name for name in CONTENT if name.endswith("_mask"))
"""Columns that the engine alone reads: what they tell stands in the columns beside them."""
MADE_OF_OTHERS: Final = MASKS | {
    *("segments", "reached_age_min", "reached_age_max", "numbers_wrong", "numbers_checked"),
    *("languages_apart", "languages_compared"),
}
"""Columns that adaudit makes of what other columns say: a better lexicon is no edit by the source."""

PARSED_COLUMNS: Final = (
    "intended_from",
    "intended_until",
    "delivered_from",
    "delivered_until",
    "published_at",
    "updated_at",
    "linked_process_date",
    *_amounts("ad", "campaign", "media", "advertiser"),
    "views_low",
    "views_high",
    "people_reached_low",
    "people_reached_high",
    "audience_size_low",
    "audience_size_high",
    "ads_count",
    "age_min",
    "age_max",
    "engagements",
    "clicks",
    "likes",
    "comments",
    "countries",
    "shares_sum",
    "delivery_reach_low",
    "observed_at",
)
"""Columns made by reading text as a date, number or code; bit i of `unparsed_mask` is set where
the text of the i-th of them did not parse."""


TEXT_COLUMNS: Final = tuple(
    name
    for name, dtype in CONTENT.items()
    if dtype == pl.String
    and not name.endswith(("_kind", "_key", "_currency", "_basis", "_id", "_country", "_wrong", "_lacking", "_apart"))
)
"""Texts in which a source may write filler; bit i of `placeholder_mask` and of `nobody_mask` is set
where the i-th of them holds one, and bit i of `present_mask` where it holds anything."""


def bits(columns: Iterable[str], numbered: tuple[str, ...]) -> int:
    """The bits of a mask over the numbered columns that speak of these columns."""
    return sum(1 << numbered.index(column) for column in columns if column in numbered)


@cache
def _nulls() -> dict[str, pl.Expr]:
    """A null of every column, which takes no memory however many rows it stands in."""
    return {name: pl.lit(None, dtype=dtype).alias(name) for name, dtype in SCHEMA.items()}


def conform(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with every column of the record, in order; columns it lacks are null.

    Raises `polars.exceptions.PolarsError` where a column has another dtype than the record's.
    """
    have = frame.schema
    odd = [pl.col(name).cast(SCHEMA[name]) for name, dtype in have.items() if SCHEMA.get(name, dtype) != dtype]
    absent = [null for name, null in _nulls().items() if name not in have]
    return frame.with_columns_seq(odd + absent)[list(SCHEMA)]
