"""Art 12(1)(d) to (f): amounts, where they come from, and how they were calculated."""

from typing import Final

import polars as pl

from adaudit.law import method_words
from adaudit.rules.conditions import part_of_campaign
from adaudit.rules.rule import disclosure, given, judged

KNOWN_ORIGIN = r"\b(public|private)\b"
KNOWN_SIDE = r"\b(inside|outside) the Union\b"
_APART: Final = r"[\s.,;:()/%+-]"
SAYS_VAT: Final = rf"(?i)(?:^|{_APART})(?:{'|'.join(method_words()['vat'])})(?:{_APART}|$)"
SAYS_BASIS: Final = rf"(?i)(?:{'|'.join(method_words()['basis'])})"
"""Words for value added tax, whole, and parts of words for invoiced, budgeted and charged amounts."""


@disclosure("amount_ad_low", needs=("amount_ad_high",))
def notice_amount_ad() -> pl.Expr:
    """The amounts received by all providers for the ad are disclosed as a total figure."""
    low, high = pl.col("amount_ad_low"), pl.col("amount_ad_high")
    return judged((high.is_null() | (low != high), "range_not_total"))


@disclosure("amount_campaign_low", condition=part_of_campaign, needs=("amount_campaign_high", "campaign_id"))
def notice_amount_campaign() -> pl.Expr:
    """The amounts for the whole campaign are disclosed as a total figure."""
    low, high = pl.col("amount_campaign_low"), pl.col("amount_campaign_high")
    return judged((high.is_null() | (low != high), "range_not_total"))


@disclosure("funds_public_private")
def notice_funds_public_private() -> pl.Expr:
    """Whether the money is public or private is disclosed."""
    return judged((~pl.col("funds_public_private").str.contains(KNOWN_ORIGIN), "unparsed"))


@disclosure("funds_union_origin")
def notice_funds_eu_origin() -> pl.Expr:
    """Whether the money comes from inside or outside the Union is disclosed."""
    return judged((~pl.col("funds_union_origin").str.contains(KNOWN_SIDE), "unparsed"))


@disclosure("amount_method")
def notice_methodology() -> pl.Expr:
    """The method by which the amounts were calculated is disclosed."""
    return judged()


@disclosure("amount_method", "amount_basis", "amount_vat_included", kinds=("notice",))
def notice_methodology_vat() -> pl.Expr:
    """The method says whether amounts were invoiced, budgeted or charged, and whether VAT is included."""
    method = pl.col("amount_method").fill_null("")
    vat = pl.col("amount_vat_included").is_not_null() | method.str.contains(SAYS_VAT)
    basis = given("amount_basis") | method.str.contains(SAYS_BASIS)
    return judged((~vat & ~basis, "vat_and_basis_unstated"), (~vat, "vat_unstated"), (~basis, "basis_unstated"))
