"""Art 12(1)(g) to (k) and (m): linked votes, links, mechanisms, suspensions, and reach."""

from typing import Final

import polars as pl

from adaudit.rules.conditions import (
    feasible,
    process_linked,
    repository_established,
    vote_linked,
    was_suspended,
)
from adaudit.rules.rule import REPOSITORY, disclosure, judged

_TOP: Final = r"(?:[^\s/?#.:@0-9_-]{2,}|xn--[a-z0-9-]+)"
_HOST: Final = rf"(?:(?:[^\s/?#.:@]+\.)+{_TOP}|\d{{1,3}}(?:\.\d{{1,3}}){{3}})"
_PLAIN: Final = r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,10}"
_AFTER: Final = r"(?::\d+)?(?:[/?#]\S*)?[.,;)]*"
LINK: Final = rf"(?i)(?:^|[\s(])(?:https?://{_HOST}|{_PLAIN}){_AFTER}(?:\s|$)"
"""A web address somewhere in the text: a host that can be one, with or without `https://` before it."""


NO_HOST: Final = r"(?i)^(?:https?://)?www\.[^\s/?#.:@]*$"
"""What looks like an address and lacks the end of its name: `www.party`."""


def no_link(column: str) -> pl.Expr:
    """Whether the text holds no web address."""
    text = pl.col(column)
    return ~text.str.contains(LINK) | text.str.contains(NO_HOST)


@disclosure("linked_process", condition=process_linked, needs=("linked_process_none",))
def notice_linked_process() -> pl.Expr:
    """The election, referendum or legislative process that the ad is linked to is disclosed."""
    return judged()


@disclosure("voting_info_url", condition=vote_linked, needs=("linked_process", "linked_process_none"), version=2)
def notice_official_voting_info() -> pl.Expr:
    """A link to official information on how to vote is given where the ad is linked to a vote."""
    return judged((no_link("voting_info_url"), "not_a_link"))


@disclosure("repository_url", condition=repository_established, needs=(REPOSITORY,), version=2)
def notice_repository_link() -> pl.Expr:
    """A link to the European repository is given once that repository exists."""
    return judged((no_link("repository_url"), "not_a_link"))


@disclosure("report_mechanism_url")
def notice_report_mechanism() -> pl.Expr:
    """How to report an ad that may break the rules is disclosed."""
    return judged()


@disclosure("prior_suspension", condition=was_suspended)
def notice_prior_suspension() -> pl.Expr:
    """That an earlier publication of the ad was suspended for an infringement is disclosed."""
    return judged()


@disclosure("views_low", condition=feasible, needs=("views_high",))
def notice_reach_views() -> pl.Expr:
    """The number of views of the ad is disclosed."""
    low, high = pl.col("views_low"), pl.col("views_high")
    return judged((high.is_null() | (low != high), "bucket_not_number"))


@disclosure("engagements", "clicks", "likes", "comments", condition=feasible)
def notice_reach_engagements() -> pl.Expr:
    """The number of engagements with the ad is disclosed."""
    return judged()
