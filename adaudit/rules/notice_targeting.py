"""Art 12(1)(l) with Art 19(1)(c) and (e): targeting and ad delivery on personal data."""

import polars as pl

from adaudit.rules.conditions import personal_data_used
from adaudit.rules.notice_links import no_link
from adaudit.rules.rule import PERIOD_WITHOUT_START, disclosure, given, judged

USES = ("targeting_personal_data",)


def no_parameters(text: str | None = None) -> pl.Expr:
    """Whether the list of parameters is there and empty, and no text says more."""
    empty = pl.col("targeting_parameters_count") == 0
    return empty if text is None else empty & ~given(text)


@disclosure("targeting_statement", "targeting_parameters_count", condition=personal_data_used, needs=USES)
def notice_targeting_statement() -> pl.Expr:
    """That the ad was targeted or delivered on the basis of personal data is disclosed."""
    return judged((no_parameters("targeting_statement"), "technique_without_parameters"))


@disclosure("targeting_logic", condition=personal_data_used, needs=USES)
def notice_targeting_logic() -> pl.Expr:
    """The logic of the targeting and any further analytical techniques are disclosed."""
    return judged()


@disclosure("targeting_parameters_count", condition=personal_data_used, needs=USES)
def notice_targeting_groups() -> pl.Expr:
    """The groups of people targeted and the parameters used are disclosed."""
    return judged((no_parameters(), "technique_without_parameters"))


@disclosure("data_categories", condition=personal_data_used, needs=USES)
def notice_targeting_data_categories() -> pl.Expr:
    """The categories of personal data used for targeting are disclosed."""
    return judged()


@disclosure("targeting_goals", "targeting_parameters_count", condition=personal_data_used, needs=USES, version=2)
def notice_targeting_goals() -> pl.Expr:
    """Goals, mechanisms and logic of the targeting are disclosed, with inclusions, exclusions and reasons."""
    return judged(
        (no_parameters("targeting_goals"), "technique_without_parameters"),
        (~given("targeting_goals"), "parameters_not_goals"),
    )


@disclosure("ai_use", condition=personal_data_used, needs=USES)
def notice_targeting_ai() -> pl.Expr:
    """The use of artificial intelligence in targeting or delivery is disclosed."""
    return judged()


@disclosure(
    "delivered_from",
    "intended_from",
    condition=personal_data_used,
    needs=(*USES, "delivered_until", "intended_until"),
    partly=PERIOD_WITHOUT_START,
)
def notice_dissemination_period() -> pl.Expr:
    """The period in which the targeted ad was disseminated is disclosed."""
    until = pl.coalesce("delivered_until", "intended_until")
    planned = pl.col("delivered_from").is_null()
    return judged((until.is_null(), "open_end"), (planned, "intended_not_delivered"))


@disclosure("people_reached_low", "delivery_reach_low", condition=personal_data_used, needs=USES)
def notice_individuals_reached() -> pl.Expr:
    """The number of individuals to whom the targeted ad was disseminated is disclosed."""
    return judged()


@disclosure("policy_url", condition=personal_data_used, needs=USES, version=2)
def notice_targeting_policy_link() -> pl.Expr:
    """Where the policy on targeting can be found is disclosed."""
    return judged((no_link("policy_url"), "not_a_link"))


@disclosure("rights_url", condition=personal_data_used, needs=USES, version=2)
def notice_data_rights_interface() -> pl.Expr:
    """A link to an interface for exercising data-protection rights is given."""
    return judged((no_link("rights_url"), "not_a_link"))


@disclosure("data_controller_name", kinds=("notice",), condition=personal_data_used, needs=USES)
def notice_controller_identity() -> pl.Expr:
    """Who is responsible for the personal data used for targeting is disclosed."""
    return judged()
