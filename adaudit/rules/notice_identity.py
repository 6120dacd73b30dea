"""Art 12(1)(a) to (c): who is behind the ad, who pays, and when it is meant to run."""

from typing import Final

import polars as pl

from adaudit.rules.conditions import controlled_by_another, made_public, no_natural_person, payer_differs, registered
from adaudit.rules.rule import PERIOD_WITHOUT_START, disclosure, given, judged

_WORD: Final = r"[^\s@.,;:<>()\[\]\\\"]+"
_LABEL_END: Final = r"[^\s@.,;:<>()\[\]\\\"/_-]"
_LABEL: Final = rf"{_LABEL_END}(?:[^\s@.,;:<>()\[\]\\\"/_]*{_LABEL_END})?"
_TOP: Final = r"(?:[^\s@.,;:<>()\[\]\\\"/_0-9-]{2,}|xn--[a-z0-9-]+)"
_ADDRESS: Final = rf"{_WORD}(?:\.{_WORD})*@(?:{_LABEL}\.)+{_TOP}"
EMAIL: Final = rf"(?i)^(?:mailto:)?{_ADDRESS}(?:(?:\s*[,;]\s*|\s+){_ADDRESS})*$"
"""One address that mail can be sent to by its form, or several; that somebody reads it is not looked at."""
BARE_NUMBER: Final = r"^\d{8,}$"


def bare_number(column: str) -> pl.Expr:
    """Whether the name is nothing but a number, as some libraries put an account's number there."""
    return pl.col(column).str.contains(BARE_NUMBER)


def no_email(role: str) -> pl.Expr:
    """Whether what stands as the e-mail address of the role can be none."""
    return ~pl.col(f"{role}_email").str.contains(EMAIL)


@disclosure("sponsor_name", kinds=("ad", "advertiser", "notice"), removed="removed_39_3")
def notice_sponsor_name() -> pl.Expr:
    """The name of the sponsor is disclosed."""
    return judged((bare_number("sponsor_name"), "number_for_name"))


@disclosure("sponsor_email", removed="removed_39_3", version=2)
def notice_sponsor_email() -> pl.Expr:
    """The sponsor's e-mail address is disclosed."""
    return judged((no_email("sponsor"), "not_an_email"))


@disclosure("sponsor_postal_address", condition=made_public, removed="removed_39_3")
def notice_sponsor_postal_address() -> pl.Expr:
    """The sponsor's postal address is disclosed where it has been made public."""
    return judged()


@disclosure("sponsor_establishment", condition=no_natural_person, needs=("sponsor_kind",), removed="removed_39_3")
def notice_sponsor_establishment() -> pl.Expr:
    """The address of the place of establishment is disclosed where the sponsor is no natural person."""
    return judged((pl.col("sponsor_establishment").str.contains("^[A-Z]{2}$"), "country_only"))


def no_contact(role: str) -> pl.Expr:
    """Whether the name stands without the e-mail address that Art 12(1)(a) and (b) ask beside it."""
    return ~given(f"{role}_email")


@disclosure(
    "controlling_entity_name",
    condition=controlled_by_another,
    needs=("controlling_entity_email",),
    removed="removed_39_3",
    version=2,
)
def notice_controlling_entity() -> pl.Expr:
    """The entity that ultimately controls the sponsor is disclosed, with its e-mail, where there is one."""
    return judged(
        (bare_number("controlling_entity_name"), "number_for_name"),
        (no_contact("controlling_entity"), "name_without_contact"),
        (no_email("controlling_entity"), "not_an_email"),
    )


@disclosure("payer_name", condition=payer_differs, needs=("payer_email",), removed="removed_39_3", version=2)
def notice_payer() -> pl.Expr:
    """Who pays for the ad is disclosed, with an e-mail address, where that is not the sponsor."""
    return judged(
        (bare_number("payer_name"), "number_for_name"),
        (no_contact("payer"), "name_without_contact"),
        (no_email("payer"), "not_an_email"),
    )


@disclosure("sponsor_registration", kinds=("notice",), condition=registered)
def notice_sponsor_registration_number() -> pl.Expr:
    """The number under which the sponsor is registered for elections is disclosed, where there is one."""
    return judged()


@disclosure("intended_from", "delivered_from", needs=("intended_until", "delivered_until"), partly=PERIOD_WITHOUT_START)
def notice_intended_period() -> pl.Expr:
    """The period in which the ad is intended to run is disclosed, from its first day to its last."""
    intended = pl.col("intended_from").is_not_null()
    return judged((~intended, "delivered_not_intended"), (pl.col("intended_until").is_null(), "open_end"))
