"""Prohibitions and duties of conduct that data can hint at: `suspect` at most, never more."""

import polars as pl

from adaudit.law import APPLIES, TTPA, member_state_of
from adaudit.model.countries import codes
from adaudit.model.segments import ORIGINS, READ, SPECIAL, TOLD, segment_bits
from adaudit.model.vocabulary import LINKS, WITHIN
from adaudit.rules.conditions import unless_without_personal_data
from adaudit.rules.rule import IN_THREE_MONTHS, VOTE_LINK, VOTING_AGE, guard, judged


@guard(
    "age_min",
    "age_restricted",
    "age_open_side_unknown",
    "reached_age_min",
    "reached_age_max",
    "targeting_personal_data",
    VOTING_AGE,
    requirement="targeting_minors",
    kinds=("ad", "notice"),
    condition=unless_without_personal_data,
    version=2,
)
def targeting_minors() -> pl.Expr:
    """Nobody at least one year under the voting age is targeted with political advertising."""
    restricted, youngest, age = pl.col("age_restricted"), pl.col("age_min"), pl.col(VOTING_AGE)
    told = ~pl.col("age_open_side_unknown").fill_null(value=False)
    reached = (pl.col("reached_age_min") < age - 1) & (pl.col("reached_age_max") < age)
    return judged(
        (told & ~restricted, "minors_not_excluded"),
        (told & (youngest < age - 1), "minors_selected"),
        (reached, "minors_reached"),
        (~told, "bracket_open"),
        (restricted.is_null() & youngest.is_null(), "targeting_not_shown"),
        (youngest.is_null(), "bracket_open"),
        otherwise="no_indication",
    )


def _touches(*names: str) -> pl.Expr:
    return (pl.col("segments_mask").fill_null(0) & segment_bits(*names)) != 0


@guard(
    "segments",
    "segments_mask",
    "custom_audience",
    *READ,
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
    "segments",
    "segments_mask",
    "custom_audience",
    *READ,
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


def _abroad(column: str) -> pl.Expr:
    """Whether the column holds the code of a country outside the Union; null where it holds no code of a country."""
    code = pl.col(column)
    return pl.when(code.is_in(sorted(codes()))).then(~code.is_in(sorted(member_state_of())))


@guard(
    "sponsor_country",
    "payer_country",
    IN_THREE_MONTHS,
    VOTE_LINK,
    requirement="sponsor_eligibility_3_months",
    kinds=("ad", "notice"),
)
def sponsor_eligibility_3_months() -> pl.Expr:
    """In the three months before a vote only sponsors from the Union are served."""
    sponsor, payer = _abroad("sponsor_country"), _abroad("payer_country").fill_null(value=False)
    within = pl.col(IN_THREE_MONTHS)
    return judged(
        (sponsor.is_null() & ~payer, "sponsor_country_not_shown"),
        (~(sponsor.fill_null(value=False) | payer), "no_indication"),
        (within == WITHIN.index("no"), "outside_three_months"),
        (within == WITHIN.index("check"), "three_months_to_check"),
        (within == WITHIN.index("unknown"), "three_months_unknown"),
        (pl.col(VOTE_LINK) != LINKS.index("stated"), "vote_not_stated"),
        (sponsor, "sponsor_outside_union"),
        otherwise="payer_outside_union",
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
