"""Art 11(1): the label on the ad. No library shows the ad as people saw it, so a disclaimer field
is the most that can be seen: `partial` at best, `unknown` otherwise."""

import polars as pl

from adaudit.rules.rule import label, outcome


def _not_seen() -> pl.Expr:
    return outcome("ad_not_seen")


@label("disclaimer")
def label_political_statement() -> pl.Expr:
    """The ad is made available with a statement that it is a political advertisement."""
    return _not_seen()


@label("disclaimer")
def label_sponsor_identity() -> pl.Expr:
    """The label on the ad names the sponsor."""
    return _not_seen()


@label("controlling_entity_name")
def label_controlling_entity() -> pl.Expr:
    """The label on the ad names the entity that ultimately controls the sponsor, where there is one."""
    return _not_seen()


@label("linked_process")
def label_linked_process() -> pl.Expr:
    """The label on the ad names the election or process it is linked to, where there is one."""
    return _not_seen()


@label("targeting_statement")
def label_targeting_statement() -> pl.Expr:
    """The label on the ad says that it was targeted on the basis of personal data, where it was."""
    return _not_seen()


@label("notice_url")
def label_notice_link() -> pl.Expr:
    """The ad comes with its transparency notice or says where the notice can be found."""
    return _not_seen()
