"""Art 39(2) DSA: what the ad repository of a very large platform shows of every ad."""

import polars as pl

from adaudit.rules.conditions import commercial_communication, payer_differs
from adaudit.rules.notice_identity import BARE_NUMBER, bare_number
from adaudit.rules.rule import PERIOD_WITHOUT_START, disclosure, given, judged

AD = ("ad",)


@disclosure("content_shown", kinds=AD, removed="withheld_39_3")
def dsa_repository_content() -> pl.Expr:
    """The repository shows the content of the ad."""
    return judged()


@disclosure("beneficiary_name", "sponsor_name", kinds=AD, removed="withheld_39_3")
def dsa_repository_beneficiary() -> pl.Expr:
    """The repository shows on whose behalf the ad is presented; an account's name is no answer."""
    name = pl.coalesce("beneficiary_name", "sponsor_name")
    return judged(
        (name.str.contains(BARE_NUMBER), "number_for_name"),
        (~given("beneficiary_name"), "payer_as_beneficiary"),
    )


@disclosure("payer_name", kinds=AD, condition=payer_differs, removed="withheld_39_3")
def dsa_repository_payer() -> pl.Expr:
    """The repository shows who paid for the ad where that is somebody else."""
    return judged((bare_number("payer_name"), "number_for_name"))


@disclosure(
    "delivered_from",
    "intended_from",
    kinds=AD,
    needs=("delivered_until", "intended_until"),
    partly=PERIOD_WITHOUT_START,
)
def dsa_repository_period() -> pl.Expr:
    """The repository shows the period during which the ad was presented."""
    until = pl.coalesce("delivered_until", "intended_until")
    return judged((until.is_null(), "open_end"))


@disclosure("targeting_parameters_count", kinds=AD)
def dsa_repository_targeting() -> pl.Expr:
    """The repository shows whether the ad was meant for particular groups, and the main parameters."""
    return judged()


@disclosure("content_shown", kinds=AD, condition=commercial_communication, needs=("commercial_communication",))
def dsa_repository_commercial_communications() -> pl.Expr:
    """The repository shows commercial communications that users declared."""
    return judged()


@disclosure("people_reached_low", "delivery_reach_low", "delivery_count", kinds=AD)
def dsa_repository_reach() -> pl.Expr:
    """The repository shows how many recipients the ad reached, in total and by Member State."""
    no_total = pl.col("people_reached_low").is_null() & pl.col("delivery_reach_low").is_not_null()
    return judged((no_total, "no_total_reach"))
