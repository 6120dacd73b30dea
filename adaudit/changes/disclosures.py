"""Which column of a record tells which disclosure: edits of them after publication are a list of their own."""

from typing import Final

import polars as pl

from adaudit.model.record import CLOCKS, CONTENT

BEGINNING: Final = {
    "sponsor": ("sponsor_", "beneficiary_name", "disclaimer"),
    "controlling_entity": ("controlling_entity_",),
    "payer": ("payer_",),
    "parties": ("parties",),
    "amount": ("amount_", "benefits_in_kind"),
    "funds": ("funds_",),
    "start": ("intended_from", "delivered_from"),
    "end": ("intended_until", "delivered_until"),
    "linked_process": ("linked_process",),
    "targeting": (
        *("targeting_", "data_categories", "custom_audience", "age_", "genders", "locations", "ai_use"),
        "data_controller_name",
    ),
    "content": ("texts", "titles", "link_urls", "creative_urls", "media_kind"),
    "removal": ("removed", "removal_reason"),
}
"""How the names of the columns of each disclosure begin. Reach is no disclosure of the sponsor: it grows by itself."""
DISCLOSURES: Final[dict[str, str]] = {
    name: disclosure
    for name in (*CLOCKS, *CONTENT)
    for disclosure, beginnings in BEGINNING.items()
    if name.startswith(beginnings)
}
"""The disclosure of each column that tells one."""


def disclosure_of() -> pl.Expr:
    """The disclosure that the column named in `field` tells; null where it tells none."""
    return pl.col("field").replace_strict(DISCLOSURES, default=None, return_dtype=pl.String)
