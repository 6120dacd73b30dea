"""Prohibitions and duties of conduct that data can hint at: `suspect` at most, never more."""

import polars as pl

from adaudit.law import APPLIES, TTPA
from adaudit.model.segments import ORIGINS, SPECIAL, TOLD, segment_bits
from adaudit.rules.conditions import unless_without_personal_data
from adaudit.rules.rule import VOTING_AGE, guard, judged


@guard(
    "age_min",
    "age_restricted",
    "age_open_side_unknown",
    "targeting_personal_data",
    VOTING_AGE,
    requirement="targeting_minors",
    kinds=("ad", "notice"),
    condition=unless_without_personal_data,
)
def targeting_minors() -> pl.Expr:
    """Nobody at least one year under the voting age is targeted with political advertising."""
    restricted, youngest = pl.col("age_restricted"), pl.col("age_min")
    return judged(
        (pl.col("age_open_side_unknown"), "bracket_open"),
        (restricted.is_null() & youngest.is_null(), "targeting_not_shown"),
        (~restricted, "minors_not_excluded"),
        (youngest.is_null(), "bracket_open"),
        (youngest < pl.col(VOTING_AGE) - 1, "minors_selected"),
        otherwise="no_indication",
    )


def _touches(*names: str) -> pl.Expr:
    return (pl.col("segments_mask") & segment_bits(*names)) != 0


@guard(
    "targeting_parameters",
    "targeting_statement",
    "data_categories",
    "custom_audience",
    "segments_mask",
    "targeting_personal_data",
    requirement="targeting_no_special_categories",
    kinds=("ad", "notice"),
    condition=unless_without_personal_data,
)
def targeting_no_special_categories() -> pl.Expr:
    """Nobody is targeted by profiling on special categories of personal data, such as religion or political opinion."""
    several = (pl.col("segments_mask") & segment_bits(*SPECIAL)).bitwise_count_ones() > 1
    return judged(
        (several, "special_several"),
        *((_touches(name), f"special_{name}") for name in SPECIAL),
        (pl.col("custom_audience").fill_null(value=False) | _touches(*ORIGINS), "audience_not_described"),
        (~_touches(TOLD), "options_not_shown"),
        otherwise="no_indication",
    )


@guard(
    "custom_audience",
    "targeting_parameters",
    "targeting_statement",
    "data_categories",
    "segments_mask",
    "targeting_personal_data",
    requirement="targeting_data_from_subject",
    kinds=("ad", "notice"),
    condition=unless_without_personal_data,
)
def targeting_data_from_subject() -> pl.Expr:
    """The data used for targeting were collected from the people themselves by who uses them."""
    own = pl.col("custom_audience")
    return judged(
        (_touches("third_party"), "audience_third_party"),
        (_touches("lookalike"), "audience_lookalike"),
        (own.fill_null(value=False) | _touches("advertiser_list"), "audience_advertiser_list"),
        (own.is_null(), "audiences_not_shown"),
        otherwise="no_indication",
    )


@guard("first_published_at", "intended_from", requirement="notice_retrievable", kinds=("notice",))
def notice_retrievable() -> pl.Expr:
    """The notice was published when the campaign started, not days after."""
    first, start = pl.col("first_published_at").dt.date(), pl.col("intended_from")
    due = pl.max_horizontal(start, pl.lit(APPLIES[TTPA]))
    return judged(
        (first.is_null() | start.is_null(), "first_version_absent"),
        (first > due, "published_late"),
        otherwise="no_indication",
    )
