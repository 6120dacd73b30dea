"""Prohibitions and duties of conduct that data can hint at: `suspect` at most, never more."""

import polars as pl

from adaudit.law import APPLIES, TTPA
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


@guard("languages_apart", "languages_compared", requirement="notice_language", kinds=("notice",))
def notice_language() -> pl.Expr:
    """The notice is written in the language of the ad, as far as both languages are stated."""
    return judged(
        (pl.col("languages_apart").is_not_null(), "language_differs"),
        (pl.col("languages_compared").is_null(), "language_unstated"),
        otherwise="no_indication",
    )
