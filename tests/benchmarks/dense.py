"""Fills every flat column that a rule reads with seeded values of realistic cardinality.

About one value in ten is null. About one text in a hundred is filler, and one record in two hundred
has an amount that did not parse; the masks say so, as they do when records are made.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

import numpy as np
import polars as pl
from numpy.random import Generator, default_rng

from adaudit.model.fillers import masks
from adaudit.model.record import MONEY, PARSED_COLUMNS, SCHEMA, TEXT_COLUMNS, bits
from adaudit.model.segments import SEGMENTS
from adaudit.rules import RULES

NULLS: Final = 0.10
FILLERS: Final = 0.01
UNPARSED: Final = 0.005
FILLER: Final = ("x", "n.v.t.", "0000000000", "nietvantoepassing", "-", "an advertiser in Breda")
WORDS: Final = tuple(
    f"{first}{last}"
    for first in ("Noord", "Zuid", "Oost", "West", "Nieuw", "Oud", "Groot", "Klein", "Hoog", "Laag", "Vrij", "Lands")
    for last in ("dijk", "veld", "haven", "berg", "hout", "kerk", "meer", "brug", "stad", "burg", "dam", "oord")
)
FIRST_DAY: Final = date(2025, 3, 1)

Column = Callable[[Generator, int], pl.Series]


def _words(rng: Generator, rows: int, number: int = len(WORDS)) -> pl.Series:
    return pl.Series(WORDS[:number])[rng.integers(0, number, rows)]


def _numbers(rng: Generator, rows: int) -> pl.Series:
    return pl.Series(rng.integers(0, 2**40, rows))


def _text(pattern: str, words: int, tail: bool = True) -> Column:
    """A text of words, and of a number that makes it distinct for every record."""

    def made(rng: Generator, rows: int) -> pl.Series:
        parts = {f"w{i}": _words(rng, rows) for i in range(words)} | ({"n": _numbers(rng, rows)} if tail else {})
        return pl.DataFrame(parts).select(pl.format(pattern, *parts)).to_series()

    return made


def _one_of(*values: str, weights: Sequence[float] | None = None) -> Column:
    def made(rng: Generator, rows: int) -> pl.Series:
        return pl.Series(values)[rng.choice(len(values), rows, p=weights)]

    return made


def _bool(share: float) -> Column:
    return lambda rng, rows: pl.Series(rng.random(rows) < share)


def _int(low: int, high: int, spread: bool = False) -> Column:
    """Evenly spread, or as counts are: many small and few large ones."""

    def made(rng: Generator, rows: int) -> pl.Series:
        if spread:
            return pl.Series(np.exp(rng.uniform(np.log(max(low, 1)), np.log(high), rows)).astype(np.int64))
        return pl.Series(rng.integers(low, high, rows))

    return made


def _date(rng: Generator, rows: int) -> pl.Series:
    days = pl.Series(rng.integers(0, 640, rows)).cast(pl.Int32)
    return (days + (FIRST_DAY - date(1970, 1, 1)).days).cast(pl.Date)


def _instant(rng: Generator, rows: int) -> pl.Series:
    seconds = pl.Series(rng.integers(0, 640 * 86_400, rows))
    return ((seconds + (FIRST_DAY - date(1970, 1, 1)).days * 86_400) * 1_000_000).cast(pl.Datetime("us", "UTC"))


def _amount(rng: Generator, rows: int) -> pl.Series:
    cents = pl.Series(np.exp(rng.uniform(np.log(100), np.log(5_000_000), rows)).astype(np.int64))
    return cents.cast(MONEY) / pl.Series([100], dtype=MONEY)


def _share(rng: Generator, rows: int) -> pl.Series:
    return pl.Series(1 + rng.normal(0, 0.02, rows))


LINK: Final = _text("https://www.{}{}.example/p/{}", 2)
PROSE: Final = _text("{}: op basis van leeftijd en regio {} en {}", 3, tail=False)

COLUMNS: Final[dict[str, Column]] = {
    "account_id": _text("{}", 0),
    "campaign_id": _text("c-{}", 0),
    "sponsor_name": _text("Stichting {} en {} {}", 2),
    "payer_name": _text("Vereniging {} {} {}", 2),
    "controlling_entity_name": _text("{} Holding {} {}", 2),
    "beneficiary_name": _text("Partij {} {} {}", 2),
    "disclaimer": _text("Betaald door {} en {} {}", 2),
    "sponsor_registration": _text("{}", 0),
    "data_controller_name": _text("Stichting {} en {} {}", 2),
    "sponsor_email": _text("info@{}-{}.{}.example", 2),
    "sponsor_postal_address": _text("{}straat {}, {}", 2),
    "sponsor_establishment": _text("{}laan {}, {}", 2),
    "sponsor_kind": _one_of("natural", "legal", "unknown", weights=(0.1, 0.7, 0.2)),
    "linked_process": _text("Gemeenteraadsverkiezingen {}", 1, tail=False),
    "amount_currency": _one_of("EUR", "USD", "SEK", "PLN", "euro", weights=(0.85, 0.05, 0.05, 0.04, 0.01)),
    "amount_method": PROSE,
    "amount_basis": _one_of("invoiced", "budgeted, charged"),
    "amount_vat_included": _bool(0.7),
    "controlling_entity_email": _text("info@{}-{}.{}.example", 2),
    "payer_email": _text("info@{}-{}.{}.example", 2),
    "numbers_wrong": _one_of("payer_company_number"),
    "sponsor_company_number": _text("{}", 0),
    "controlling_entity_company_number": _text("{}", 0),
    "payer_company_number": _text("{}", 0),
    "numbers_checked": _bool(1.0),
    "addresses_lacking": _one_of("sponsor_establishment: street, country", "payer_establishment: city"),
    "addresses_in_parts": _bool(1.0),
    "languages_apart": _one_of("notice: nl; advertisement: de"),
    "languages_compared": _bool(1.0),
    "funds_public_private": _one_of("public", "private", "public and private", "gemengd", weights=(0.2, 0.6, 0.1, 0.1)),
    "funds_union_origin": _one_of("inside the Union", "outside the Union", "elders", weights=(0.8, 0.1, 0.1)),
    "voting_info_url": LINK,
    "repository_url": LINK,
    "report_mechanism_url": LINK,
    "notice_url": LINK,
    "policy_url": LINK,
    "rights_url": LINK,
    "targeting_statement": PROSE,
    "targeting_logic": PROSE,
    "targeting_goals": PROSE,
    "data_categories": PROSE,
    "ai_use": PROSE,
    "shares_sum": _share,
    "first_published_at": _instant,
    "age_min": _int(13, 30),
    "segments_mask": _int(0, 2 ** len(SEGMENTS)),
    "custom_audience": _bool(0.3),
    "sponsor_country": _one_of("NL", "FR", "GP", "Nederland", weights=(0.5, 0.3, 0.1, 0.1)),
    "payer_country": _one_of("NL", "BE"),
    "targeting_parameters_count": _int(0, 12),
    "delivery_count": _int(1, 28),
    "linked_process_none": _bool(0.1),
    "prior_suspension": _bool(0.05),
    "content_shown": _bool(1.0),
    "targeting_personal_data": _bool(0.8),
    "targeting_declared_none": _bool(0.2),
    "age_restricted": _bool(0.5),
    "reached_age_min": _int(13, 30),
    "reached_age_max": _int(17, 34),
    "age_open_side_unknown": _bool(0.05),
}


def read_by_rules() -> list[str]:
    """The flat columns that the rules read, but for what identifies the record."""
    kept = {"record_id", "identifier_damaged", "political_basis", "removed", "countries", "country_key"}
    return sorted(
        {c for rule in RULES.values() for c in rule.columns() if c in SCHEMA and not SCHEMA[c].is_nested()} - kept
    )


def _column(name: str) -> Column:
    if name in COLUMNS:
        return COLUMNS[name]
    dtype = SCHEMA[name]
    if dtype == pl.Date:
        return _date
    return _amount if isinstance(dtype, pl.Decimal) else _int(1, 5_000_000, spread=True)


def fill(frame: pl.DataFrame, seed: int) -> pl.DataFrame:
    """The records with every column of `read_by_rules` filled, and with masks that speak of these values."""
    rows = frame.height
    rng = default_rng([2024900, seed, rows])
    made: list[pl.Series] = []
    for name in read_by_rules():
        values = _column(name)(rng, rows)
        if name in TEXT_COLUMNS:
            filler = pl.Series(FILLER)[rng.integers(0, len(FILLER), rows)]
            values = values.zip_with(pl.Series(rng.random(rows) >= FILLERS), filler)
        nulls = pl.Series([None], dtype=values.dtype).new_from_index(0, rows)
        values = values.zip_with(pl.Series(rng.random(rows) >= NULLS), nulls)
        made.append(values.cast(SCHEMA[name]).alias(name))
    filled = frame.with_columns(made)
    return masks(_unparsed(_ordered(filled, rng), rng))


def _ordered(frame: pl.DataFrame, rng: Generator) -> pl.DataFrame:
    """Upper ends at or above lower ends, but for a few; half of the ranges are one figure."""
    pairs = [(f"{name}_low", f"{name}_high") for name in ("views", "people_reached")]
    pairs += [(f"amount_{scope}_low", f"amount_{scope}_high") for scope in ("ad", "campaign", "media", "advertiser")]
    pairs += [("intended_from", "intended_until"), ("delivered_from", "delivered_until")]
    changed: list[pl.Expr] = []
    for low, high in pairs:
        draw = pl.lit(pl.Series(rng.random(frame.height)))
        upper = pl.when(draw < 0.5).then(low).otherwise(pl.max_horizontal(low, high))
        both = pl.col(high).is_not_null() & pl.col(low).is_not_null() & (draw < 0.97)
        changed.append(pl.when(both).then(upper).otherwise(high).alias(high))
    return frame.with_columns(changed)


def _unparsed(frame: pl.DataFrame, rng: Generator) -> pl.DataFrame:
    """Amounts that did not parse: no value, the text kept, the bit set."""
    name = "amount_ad_low"
    hit = pl.lit(pl.Series(rng.random(frame.height) < UNPARSED))
    text = pl.concat_list(pl.struct(pl.lit(name).alias("column"), pl.lit("circa 1.000,-").alias("text")))
    return frame.with_columns(
        pl.when(~hit).then(name).alias(name),
        pl.when(hit).then(text).otherwise(None).cast(SCHEMA["unparsed"]).alias("unparsed"),
        pl.when(hit).then(bits([name], PARSED_COLUMNS)).otherwise(0).cast(pl.UInt64).alias("unparsed_mask"),
    )
