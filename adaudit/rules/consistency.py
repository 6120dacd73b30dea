"""Values of one record that must agree with one another. Null means that there is nothing to compare."""

from typing import Final

import polars as pl

from adaudit.rules.rule import consistency, outcome

SHARES_TOLERANCE: Final = 0.05
REACH_TOLERANCE: Final = 0.10
"""Platforms' breakdowns differ from their totals: 0.95 to 1.06 times in real pages of 2023."""

SCOPES: Final = ("ad", "campaign", "media", "advertiser")
LOWS: Final = tuple(f"amount_{scope}_low" for scope in SCOPES)
HIGHS: Final = tuple(f"amount_{scope}_high" for scope in SCOPES)
COMPANY_NUMBERS: Final = tuple(f"{role}_company_number" for role in ("sponsor", "controlling_entity", "payer"))
CURRENCY: Final = "^[A-Z]{3}$"


def agree(contradiction: pl.Expr, outcome_id: str, comparable: pl.Expr) -> pl.Expr:
    """The outcome where the values contradict, `consistent` where they can be compared, else null."""
    return pl.when(contradiction).then(outcome(outcome_id)).when(comparable).then(outcome("consistent")).otherwise(None)


@consistency("intended_from", "intended_until", "delivered_from", "delivered_until")
def period_in_order() -> pl.Expr:
    """No period ends before it starts."""
    intended = pl.col("intended_from") > pl.col("intended_until")
    delivered = pl.col("delivered_from") > pl.col("delivered_until")
    both = intended.is_not_null() | delivered.is_not_null()
    return agree(intended.fill_null(value=False) | delivered.fill_null(value=False), "ends_before_start", both)


@consistency(*LOWS, *HIGHS)
def amounts_in_order() -> pl.Expr:
    """No amount is negative, and the low end of a range is not above its high end."""
    pairs = [(pl.col(low), pl.col(high)) for low, high in zip(LOWS, HIGHS, strict=True)]
    wrong = pl.any_horizontal(*(((low > high) | (low < 0)).fill_null(value=False) for low, high in pairs))
    return agree(wrong, "out_of_order", pl.any_horizontal(*(low.is_not_null() for low, _ in pairs)))


@consistency(*LOWS, present=("amount_currency",))
def amounts_have_currency() -> pl.Expr:
    """Every amount has a currency."""
    amounts = pl.any_horizontal(*(pl.col(low).is_not_null() for low in LOWS))
    named = pl.col("amount_currency").str.contains(CURRENCY).fill_null(value=False)
    return agree(amounts & ~named, "currency_missing", amounts)


@consistency("amount_media_low", "amount_campaign_high")
def media_within_campaign() -> pl.Expr:
    """Paid media are not worth more than the campaign they belong to."""
    above = pl.col("amount_media_low") > pl.col("amount_campaign_high")
    return agree(above, "media_above_campaign", above.is_not_null())


@consistency("targeting_declared_none", "targeting_parameters_count")
def targeting_answers_agree() -> pl.Expr:
    """ "No targeting" does not stand beside techniques, nor a technique beside an empty list."""
    none, count = pl.col("targeting_declared_none"), pl.col("targeting_parameters_count")
    return (
        pl.when(none & (count > 0))
        .then(outcome("none_beside_techniques"))
        .when(~none & (count == 0))
        .then(outcome("technique_without_parameters"))
        .when(none.is_not_null() & count.is_not_null())
        .then(outcome("consistent"))
        .otherwise(None)
    )


@consistency("shares_sum", kinds=("ad",))
def shares_sum_to_one() -> pl.Expr:
    """The shares of a breakdown add up to one."""
    off = (pl.col("shares_sum") - 1).abs() > SHARES_TOLERANCE
    return agree(off, "shares_off", off.is_not_null())


@consistency(
    "people_reached_low",
    "people_reached_high",
    "delivery_reach_low",
    "views_high",
    kinds=("ad",),
)
def reach_within_bounds() -> pl.Expr:
    """The reach agrees with its breakdown by country, and nobody was reached without a view."""
    low, high = pl.col("people_reached_low"), pl.col("people_reached_high")
    parts, views = pl.col("delivery_reach_low"), pl.col("views_high")
    above = parts > high * (1 + REACH_TOLERANCE)
    below = parts < low * (1 - REACH_TOLERANCE)
    unseen = views < low * (1 - REACH_TOLERANCE)
    wrong = pl.any_horizontal(*(part.fill_null(value=False) for part in (above, below, unseen)))
    comparable = pl.any_horizontal(*(part.is_not_null() for part in (above, below, unseen)))
    return agree(wrong, "reach_out_of_bounds", comparable)


@consistency("identifier_damaged", "identifier_recovered", "record_id", "account_id", version=2)
def identifier_intact() -> pl.Expr:
    """Identifiers are whole: no spreadsheet has turned them into powers of ten."""
    damaged = pl.col("identifier_damaged")
    recovered = ~damaged & pl.col("identifier_recovered")
    whole = agree(damaged, "identifier_damaged", damaged.is_not_null())
    return pl.when(recovered).then(outcome("identifier_recovered")).otherwise(whole)


@consistency("numbers_wrong", "numbers_checked", *COMPANY_NUMBERS)
def company_numbers_possible() -> pl.Expr:
    """Every company, VAT and LEI number passes the check of its country or kind, where that is known."""
    return agree(pl.col("numbers_wrong").is_not_null(), "number_impossible", pl.col("numbers_checked"))


@consistency("addresses_lacking", "addresses_in_parts", kinds=("notice",))
def addresses_complete() -> pl.Expr:
    """Every address that is given has street, postal code, city and country (Annex II.3 n.1)."""
    lacking = pl.col("addresses_lacking")
    return (
        pl.when(lacking.str.contains("street", literal=True))
        .then(outcome("address_without_street"))
        .when(lacking.str.contains("country", literal=True))
        .then(outcome("address_without_country"))
        .when(lacking.is_not_null())
        .then(outcome("address_incomplete"))
        .when(pl.col("addresses_in_parts"))
        .then(outcome("consistent"))
        .otherwise(None)
    )
