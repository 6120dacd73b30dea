"""When a requirement applies. Each condition gives 0, or the outcome why the rule stops here.

A condition that cannot be seen in the source is `unknown`; a value that is there nevertheless is
judged. A notice that leaves an optional part blank declares that there is none.
"""

import polars as pl

from adaudit.rules.rule import REPOSITORY, given, holds, outcome


def _absent(kind: str) -> pl.Expr:
    return outcome("none_declared" if kind == "notice" else "condition_unseen")


def controlled_by_another(kind: str, present: pl.Expr) -> pl.Expr:
    """Another entity ultimately controls the sponsor (Annex II.3 n.2 of Regulation (EU) 2025/1410)."""
    return pl.when(present).then(holds()).otherwise(_absent(kind))


def payer_differs(kind: str, present: pl.Expr) -> pl.Expr:
    """The payer is neither the sponsor nor the entity controlling it (Art 12(1)(b)).

    A payer that is named is judged even where it is the sponsor: the disclosure was made.
    """
    return pl.when(present).then(holds()).otherwise(_absent(kind))


def made_public(_: str, present: pl.Expr) -> pl.Expr:
    """The postal address has been made public (Art 12(1)(a))."""
    return pl.when(present).then(holds()).otherwise(outcome("condition_unseen"))


def registered(kind: str, present: pl.Expr) -> pl.Expr:
    """The sponsor has a number of an electoral or decision-making context (Annex II.3 n.1)."""
    return pl.when(present).then(holds()).otherwise(_absent(kind))


def no_natural_person(_: str, present: pl.Expr) -> pl.Expr:
    """The sponsor is not a natural person (Art 12(1)(a))."""
    kind = pl.col("sponsor_kind")
    return (
        pl.when(kind == "natural")
        .then(outcome("natural_person"))
        .when(present | (kind == "legal"))
        .then(holds())
        .otherwise(outcome("condition_unseen"))
    )


def part_of_campaign(kind: str, present: pl.Expr) -> pl.Expr:
    """The ad belongs to a political advertising campaign (Art 3(7)); a notice of the register is one's."""
    if kind == "notice":
        return holds()
    in_campaign = present | pl.col("campaign_id").is_not_null()
    return pl.when(in_campaign).then(holds()).otherwise(outcome("condition_unseen"))


def process_linked(_: str, present: pl.Expr) -> pl.Expr:
    """The ad is linked to an election, referendum or legislative process (Art 12(1)(g))."""
    return (
        pl.when(pl.col("linked_process_none"))
        .then(outcome("no_process_linked"))
        .when(present)
        .then(holds())
        .otherwise(outcome("condition_unseen"))
    )


def vote_linked(kind: str, present: pl.Expr) -> pl.Expr:
    """The ad is linked to a specific election or referendum (Art 12(1)(h))."""
    linked = present | given("linked_process") if kind == "notice" else present
    return (
        pl.when(pl.col("linked_process_none"))
        .then(outcome("no_process_linked"))
        .when(linked)
        .then(holds())
        .otherwise(outcome("condition_unseen"))
    )


def repository_established(_: str, present: pl.Expr) -> pl.Expr:
    """The European repository existed on a day on which the ad ran (Art 13; Annex II.3 n.11)."""
    return (
        pl.when(present | pl.col(REPOSITORY))
        .then(holds())
        .when(~pl.col(REPOSITORY))
        .then(outcome("repository_not_established"))
        .otherwise(outcome("condition_unseen"))
    )


def was_suspended(_: str, present: pl.Expr) -> pl.Expr:
    """An earlier publication was suspended for an infringement (Art 12(1)(k))."""
    return (
        pl.when(~pl.col("prior_suspension"))
        .then(outcome("none_declared"))
        .when(present)
        .then(holds())
        .otherwise(outcome("condition_unseen"))
    )


def personal_data_used(_: str, present: pl.Expr) -> pl.Expr:  # noqa: ARG001 - a condition's form
    """Targeting or ad delivery used personal data (Art 3(11), (12); Art 12(1)(l))."""
    used = pl.col("targeting_personal_data")
    return (
        pl.when(used)
        .then(holds())
        .when(~used)
        .then(outcome("no_personal_data_targeting"))
        .otherwise(outcome("personal_data_unseen"))
    )


def unless_without_personal_data(_: str, present: pl.Expr) -> pl.Expr:  # noqa: ARG001 - a condition's form
    """Not shown that targeting did without personal data (Art 18(2))."""
    return pl.when(~pl.col("targeting_personal_data")).then(outcome("no_personal_data_targeting")).otherwise(holds())


def feasible(kind: str, present: pl.Expr) -> pl.Expr:
    """Counting views is applicable and technically feasible (Art 12(1)(m)): online, normally yes."""
    if kind == "ad":
        return holds()
    return pl.when(present).then(holds()).otherwise(outcome("condition_unseen"))


def commercial_communication(_: str, present: pl.Expr) -> pl.Expr:  # noqa: ARG001 - a condition's form
    """The record is a commercial communication declared under Art 26(2) DSA; an ad is not."""
    declared = pl.col("commercial_communication").fill_null(value=False)
    return pl.when(declared).then(holds()).otherwise(outcome("not_a_commercial_communication"))
