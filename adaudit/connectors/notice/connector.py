"""Parses transparency notices that stand by themselves, in the form of `template.py`.

Nothing is refused here that the form would refuse: a value of the wrong kind is kept as it stands and
judged, so that an auditor sees the notice as it was published.
"""

from typing import Final

import polars as pl

from adaudit.connectors.build import NOTHING, Columns, all_null, filled, listed, text
from adaudit.connectors.forms import JsonForm, Parser, RecordContext
from adaudit.connectors.nested import parameter
from adaudit.connectors.notice.markup import as_array
from adaudit.connectors.raw import Parsed
from adaudit.connectors.shapes import dotted
from adaudit.connectors.source import sources

S: Final = pl.String()
TEXTS: Final = pl.List(S)
ADDRESS: Final = pl.Struct(dict.fromkeys(("street", "postal_code", "city", "country"), S))
PARTY: Final = pl.Struct(
    {
        **dict.fromkeys(("name", "legal_name", "kind", "email", "registration", "company_number"), S),
        **dict.fromkeys(("postal_address", "establishment"), ADDRESS),
    }
)
PERIOD: Final = pl.Struct({"start": S, "end": S})
MONEY: Final = pl.Struct({"value": S, "currency": S})
PROCESS: Final = pl.Struct({"title": S, "level": S, "territories": TEXTS, "voting_day": S})
PARAMETER: Final = pl.Struct({"dimension": S, "value": S, "excluded": S})
TARGETING: Final = pl.Struct(
    {
        **dict.fromkeys(("personal_data", "statement", "analytical_techniques", "goals", "ai_use", "views"), S),
        **dict.fromkeys(("individuals_reached", "policy", "other"), S),
        "parameters": pl.List(PARAMETER),
        "data_categories": TEXTS,
        "period": PERIOD,
        "engagements": pl.Struct(dict.fromkeys(("total", "clicks", "likes", "comments"), S)),
    }
)
SHAPE: Final = pl.Struct(
    {
        **dict.fromkeys(("format", "id", "version", "published_at", "updated_at", "url", "publisher", "campaign"), S),
        **dict.fromkeys(("report_mechanism", "prior_suspension"), S),
        **dict.fromkeys(("languages", "countries", "official_information", "european_repository"), TEXTS),
        "advertisement": pl.Struct(
            {**dict.fromkeys(("id", "url", "title", "text"), S), "media": TEXTS, "languages": TEXTS}
        ),
        **dict.fromkeys(("sponsor", "controlling_entity", "payer"), PARTY),
        "period": PERIOD,
        **dict.fromkeys(("amount_ad", "amount_campaign"), MONEY),
        "funds_origin": pl.Struct(dict.fromkeys(("public", "private", "inside_union", "outside_union"), S)),
        "methodology": pl.Struct({"description": S, "basis": TEXTS, "vat_included": S, "benefits_in_kind": S}),
        "linked_to": pl.List(PROCESS),
        "targeting": TARGETING,
        "data_protection": pl.Struct(
            {"controllers": pl.List(PARTY), **dict.fromkeys(("withdraw_consent", "data_rights", "information"), S)}
        ),
    }
)
EVERY_ELEMENT: Final = frozenset(dotted(SHAPE))
"""The form defines them all, so that one which a notice leaves out is missing in it."""
ROLES: Final = ("sponsor", "controlling_entity", "payer")


def _part(c: Columns, *path: str, dtype: pl.DataType = S) -> pl.Expr:
    """The value at a path of keys; null where the page carries no such element."""
    if not c.shows(path[0]):
        return NOTHING if dtype == S else pl.lit(None, dtype=dtype)
    found = pl.col(path[0])
    for key in path[1:]:
        found = found.struct.field(key)
    return found


def _true(raw: pl.Expr) -> pl.Expr:
    """True or false as written; null for anything else."""
    return text(raw).str.to_lowercase().replace_strict({"true": True, "false": False}, default=None)


def _languages(c: Columns, *path: str) -> pl.Expr:
    """Languages by their first subtag in lower case, so that `nl-BE` is the language `nl` is."""
    named = pl.element().str.to_lowercase().str.extract(r"^\s*([^\s_-]+)")
    return filled(_part(c, *path, dtype=TEXTS).list.eval(named))


def _address(c: Columns, role: str, which: str) -> pl.Expr:
    return text(pl.concat_str(*_parts(c, role, which).values(), separator=", ", ignore_nulls=True))


def _parts(c: Columns, role: str, which: str) -> dict[str, pl.Expr]:
    return {key: text(_part(c, role, which, key)) for key in ("street", "postal_code", "city", "country")}


def _people(c: Columns) -> None:
    for role in ROLES:
        postal, seat = _address(c, role, "postal_address"), _address(c, role, "establishment")
        name, legal_name = text(_part(c, role, "name")), text(_part(c, role, "legal_name"))
        c.set(
            **{
                f"{role}_name": pl.coalesce(name, legal_name),
                f"{role}_email": text(_part(c, role, "email")),
                f"{role}_postal_address": postal,
                f"{role}_establishment": pl.coalesce(seat, postal),
                f"{role}_country": pl.coalesce(
                    text(_part(c, role, "establishment", "country")), text(_part(c, role, "postal_address", "country"))
                ),
                f"{role}_kind": text(_part(c, role, "kind")),
                f"{role}_registration": text(_part(c, role, "registration")),
                f"{role}_company_number": text(_part(c, role, "company_number")),
            }
        )
    c.addresses(
        {f"{role}_{which}": _parts(c, role, which) for role in ROLES for which in ("postal_address", "establishment")}
    )
    controllers = _part(c, "data_protection", "controllers", dtype=pl.List(PARTY))
    names = controllers.list.eval(pl.element().struct.field("name").drop_nulls()).list.join("; ")
    c.set(data_controller_name=text(names))


def _money(c: Columns) -> None:
    for scope in ("ad", "campaign"):
        figure = _part(c, f"amount_{scope}", "value")
        c.amounts(**{f"amount_{scope}_low": figure, f"amount_{scope}_high": figure})
    currency = pl.coalesce(text(_part(c, "amount_ad", "currency")), text(_part(c, "amount_campaign", "currency")))
    said = {
        key: pl.when(_true(_part(c, "funds_origin", key))).then(pl.lit(words))
        for key, words in sources()["notice"].lookups["funds"].items()
    }
    c.set(
        amount_currency=currency,
        funds_public_private=text(pl.concat_str(said["public"], said["private"], separator=" and ", ignore_nulls=True)),
        funds_union_origin=text(
            pl.concat_str(said["inside_union"], said["outside_union"], separator=" and ", ignore_nulls=True)
        ),
        amount_method=text(_part(c, "methodology", "description")),
        amount_basis=text(_part(c, "methodology", "basis", dtype=TEXTS).list.join(", ")),
        amount_vat_included=_true(_part(c, "methodology", "vat_included")),
        benefits_in_kind=text(_part(c, "methodology", "benefits_in_kind")),
    )


def _links(c: Columns) -> None:
    processes = _part(c, "linked_to", dtype=pl.List(PROCESS))
    titles = processes.list.eval(pl.element().struct.field("title").drop_nulls())
    c.set(
        linked_process=text(titles.list.join("; ")),
        linked_process_none=pl.when(processes.list.len() == 0).then(pl.lit(True)),
        voting_info_url=text(_part(c, "official_information", dtype=TEXTS).list.join(" ")),
        repository_url=text(_part(c, "european_repository", dtype=TEXTS).list.join(" ")),
        report_mechanism_url=text(_part(c, "report_mechanism")),
        prior_suspension=_true(_part(c, "prior_suspension")),
        notice_url=text(_part(c, "url")),
    )
    c.days(linked_process_date=processes.list.first().struct.field("voting_day"))


def _targeting(c: Columns) -> None:
    used = _true(_part(c, "targeting", "personal_data"))
    parameters = _part(c, "targeting", "parameters", dtype=pl.List(PARAMETER))
    field = pl.element().struct.field
    excluded = (field("excluded").str.to_lowercase() == "true").fill_null(value=False)
    reached, views = _part(c, "targeting", "individuals_reached"), _part(c, "targeting", "views")
    c.set(
        targeting_personal_data=used,
        targeting_declared_none=~used,
        targeting_statement=text(_part(c, "targeting", "statement")),
        targeting_logic=text(_part(c, "targeting", "analytical_techniques")),
        targeting_parameters=all_null(
            parameters.list.eval(parameter(field("dimension"), field("value"), excluded=excluded))
        ),
        targeting_parameters_count=parameters.list.len(),
        targeting_goals=text(_part(c, "targeting", "goals")),
        data_categories=text(_part(c, "targeting", "data_categories", dtype=TEXTS).list.join("; ")),
        ai_use=text(_part(c, "targeting", "ai_use")),
        policy_url=text(_part(c, "targeting", "policy")),
        rights_url=pl.coalesce(
            text(_part(c, "data_protection", "withdraw_consent")), text(_part(c, "data_protection", "data_rights"))
        ),
    )
    c.wholes(people_reached_low=reached, people_reached_high=reached, views_low=views, views_high=views)
    c.wholes(
        engagements=_part(c, "targeting", "engagements", "total"),
        clicks=_part(c, "targeting", "engagements", "clicks"),
        likes=_part(c, "targeting", "engagements", "likes"),
        comments=_part(c, "targeting", "engagements", "comments"),
    )
    c.days(
        delivered_from=_part(c, "targeting", "period", "start"), delivered_until=_part(c, "targeting", "period", "end")
    )


def parse_notices(records: RecordContext) -> Parsed:
    """Notices of one document: a single one, or a list of them."""
    c = Columns(records.frame)
    c.text(record_id="id", campaign_id="campaign", account_name="publisher")
    number = _part(c, "version")
    own, theirs = _languages(c, "languages"), _languages(c, "advertisement", "languages")
    both = c.shows("languages") and c.shows("advertisement")
    shared = own.list.set_intersection(theirs).list.len() if both else pl.lit(None, dtype=pl.UInt32)
    c.set(
        version_id=pl.when(number.is_not_null()).then(pl.format("{}/{}", "id", number)),
        revision=number.cast(pl.Int32, strict=False),
        ad_id=text(_part(c, "advertisement", "id")),
        url=text(_part(c, "advertisement", "url")),
        texts=listed(text(_part(c, "advertisement", "text"))),
        titles=listed(text(_part(c, "advertisement", "title"))),
        media_kind=filled(_part(c, "advertisement", "media", dtype=TEXTS)),
        languages=own,
        languages_apart=pl.when(shared == 0).then(
            pl.format("notice: {}; advertisement: {}", own.list.join(", "), theirs.list.join(", "))
        ),
        languages_compared=pl.when(shared.is_not_null()).then(pl.lit(True)),
        countries=filled(_part(c, "countries", dtype=TEXTS)),
        political_basis=pl.lit("register"),
        removed=pl.lit(False),
    )
    c.days(intended_from=_part(c, "period", "start"), intended_until=_part(c, "period", "end"))
    c.instants(published_at=_part(c, "published_at"), updated_at=_part(c, "updated_at"))
    _people(c)
    _money(c)
    _links(c)
    _targeting(c)
    return records.parsed(c.build(), carried=records.carried | EVERY_ELEMENT)


from_xml: Final = as_array
"""The notices of an XML document as the JSON array that `parse_notices` reads."""

FORMS: Final[dict[str, Parser]] = {"notice": JsonForm(SHAPE, parse_notices)}
