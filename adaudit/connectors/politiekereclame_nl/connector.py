"""Parses statements of the Dutch register politiekereclame.nl: each is a transparency notice.

The record is `public_id`; each item is one version of it (`versions` its number, `id` its id).
Keys and values are the register's own, in Dutch; fillers and free text stay visible. The linked election stood
in `theme` in 2025 and stands in `theme_link`, with its day, in answers of 2026.
"""

from typing import Final

import polars as pl

from adaudit.connectors.build import NOTHING, Columns, all_null, listed, text
from adaudit.connectors.forms import JsonForm, RecordContext
from adaudit.connectors.nested import parameter
from adaudit.connectors.raw import Parsed
from adaudit.connectors.source import sources

S: Final = pl.String()
STATEMENT_KEYS: Final = (
    *("id", "name", "public_id", "theme", "date_created", "date_updated", "date_published", "versions"),
    *("versions_count", "campagne_periode_startdatum", "campagne_periode_einddatum", "betaalde_media_waarde_euro"),
    *("totale_waarde_campagne_euro", "relevante_links", "gebruikte_targeting_techniek"),
    *("oorsprong_ontvangen_bedragen", "methode_waardebepaling_voordelen_natura", "ingezette_media"),
    *("reclame_boodschap", "opdrachtgever_registratienummer_kiesraad"),
    *(
        f"{role}_{part}"
        for role in ("opdrachtgever", "gezaghebbende", "betalende")
        for part in ("naam_organisatie", "straat_huisnummer", "plaats", "kvk_nummer", "mailadres")
    ),
)
STATEMENT: Final = pl.Struct(
    dict.fromkeys(STATEMENT_KEYS, S)
    | {
        "organization_created": pl.Struct({"id": S, "name": S}),
        "theme_link": pl.Struct({"label": S, "date": S}),
    }
)
REVISIONS: Final = pl.Struct({"id": S, "revisions": pl.List(pl.Struct({"seen_at": S, "statement": STATEMENT}))})
ROLES: Final = {"sponsor": "opdrachtgever", "controlling_entity": "gezaghebbende", "payer": "betalende"}
KVK: Final = r"^\d{8}$"


def _people(c: Columns) -> None:
    for role, key in ROLES.items():
        street, place = text(c.col(f"{key}_straat_huisnummer")), text(c.col(f"{key}_plaats"))
        number = text(c.col(f"{key}_kvk_nummer"))
        c.text(
            **{
                f"{role}_name": f"{key}_naam_organisatie",
                f"{role}_email": f"{key}_mailadres",
                f"{role}_company_number": f"{key}_kvk_nummer",
            }
        )
        address = pl.concat_str(street, place, separator=", ", ignore_nulls=True)
        registered = number.str.contains(KVK) & (number.str.strip_chars("0") != "")
        c.set(
            **{
                f"{role}_postal_address": pl.when(street.is_not_null()).then(address),
                f"{role}_establishment": pl.when(street.is_not_null() | place.is_not_null()).then(address),
                f"{role}_kind": pl.when(registered).then(pl.lit("legal")).otherwise(pl.lit("unknown")),
            }
        )
    c.addresses(
        {
            f"{role}_establishment": {
                "street": text(c.col(f"{key}_straat_huisnummer")),
                "city": text(c.col(f"{key}_plaats")),
            }
            for role, key in ROLES.items()
        }
    )
    c.text(sponsor_registration="opdrachtgever_registratienummer_kiesraad")


def _funds(c: Columns, lookup: str) -> pl.Expr:
    """The answers on the origin of the money, in the words of Annex II.3 item 7, or as written."""
    words = sources()["politiekereclame_nl"].lookups[lookup]
    answers = (
        text(c.col("oorsprong_ontvangen_bedragen"))
        .str.split(",")
        .list.eval(pl.element().str.strip_chars().str.to_lowercase().replace(words))
    )
    return answers.list.unique().list.sort().list.join(" and ")


def _targeting(c: Columns) -> None:
    raw = text(c.col("gebruikte_targeting_techniek"))
    answers = (
        raw.str.split(",").list.eval(pl.element().str.strip_chars()).list.eval(pl.element().filter(pl.element() != ""))
    )
    (answers,) = c.stage(answers=answers)
    none = answers.list.contains("geen")
    (techniques,) = c.stage(techniques=answers.list.eval(pl.element().filter(pl.element() != "geen")))
    contextual_only = techniques.list.eval(pl.element() == "contextueel").list.all()
    nothing_else = techniques.list.len() == 0
    c.set(
        targeting_declared_none=pl.when(raw.is_not_null()).then(none),
        targeting_statement=pl.when(~nothing_else).then(raw),
        targeting_personal_data=pl.when(raw.is_null() | (none & ~nothing_else))
        .then(None)
        .when(contextual_only | nothing_else)
        .then(pl.lit(False)),
        targeting_parameters=all_null(techniques.list.eval(parameter(pl.element(), pl.lit(None, dtype=pl.String)))),
        targeting_parameters_count=techniques.list.len(),
    )


def _statements(raw: pl.DataFrame) -> pl.DataFrame:
    lookups = sources()["politiekereclame_nl"].lookups
    c = Columns(raw)
    link = pl.col("theme_link").struct if c.shows("theme_link") else None
    label, on = (NOTHING, NOTHING) if link is None else (link.field("label"), link.field("date"))
    (theme,) = c.stage(theme=pl.coalesce(text(c.col("theme")), text(label)))

    def organisation(name: str) -> pl.Expr:
        key = "organization_created"
        return pl.col(key).struct.field(name) if c.shows(key) else NOTHING

    general = theme.str.to_lowercase().is_in(list(lookups["no_process"]))
    c.text(record_id="public_id", version_id="id", amount_method="methode_waardebepaling_voordelen_natura")
    c.text(voting_info_url="relevante_links")
    c.set(
        revision=c.col("versions").cast(pl.Int32, strict=False),
        account_id=organisation("id"),
        account_name=text(organisation("name")),
        linked_process=pl.when(~general).then(theme),
        linked_process_none=general,
        amount_currency=pl.lit("EUR"),
        funds_public_private=_funds(c, "funds_public_private"),
        funds_union_origin=_funds(c, "funds_union_origin"),
        texts=listed(text(c.col("reclame_boodschap"))),
        titles=listed(text(c.col("name"))),
        media_kind=text(c.col("ingezette_media")).str.split(","),
        countries=pl.lit(["NL"]),
        political_basis=pl.lit("register"),
        removed=pl.lit(False),
    )
    _people(c)
    _targeting(c)
    c.days(
        intended_from=c.col("campagne_periode_startdatum"),
        intended_until=c.col("campagne_periode_einddatum"),
        linked_process_date=on,
    )
    c.instants(published_at=c.col("date_published"), updated_at=c.col("date_updated"))
    total, media = c.col("totale_waarde_campagne_euro"), c.col("betaalde_media_waarde_euro")
    c.amounts(amount_campaign_low=total, amount_campaign_high=total, amount_media_low=media, amount_media_high=media)
    c.instants(observed_at=c.col("seen_at"))
    return c.build()


def parse_statements(records: RecordContext) -> Parsed:
    """Statements as the register's list of items gives them."""
    return records.parsed(_statements(records.frame))


def parse_revisions(records: RecordContext) -> Parsed:
    """Every state of every statement that the file of revisions holds, with the time it was seen."""
    states = (
        records.frame.rename({"place": "statement_place"})
        .with_columns(pl.int_ranges(pl.col("revisions").list.len()).alias("n"))
        .select("statement_place", "revisions", "n")
        .explode("revisions", "n", empty_as_null=False, keep_nulls=False)
        .select(
            pl.format("{}/revisions/{}/statement", "statement_place", "n").alias("place"),
            pl.col("revisions").struct.field("seen_at"),
            pl.col("revisions").struct.field("statement").struct.unnest(),
        )
    )
    prefix = "revisions.statement."
    carried = frozenset(name.removeprefix(prefix) for name in records.carried if name.startswith(prefix))
    known = sources()["politiekereclame_nl"].form["statements"].recognise
    new = {name for name in carried if "." not in name} - set(known.known) - set(known.ignored)
    return records.parsed(_statements(states), places=states["place"], carried=carried, new_fields=tuple(sorted(new)))


FORMS: Final = {
    "statements": JsonForm(STATEMENT, parse_statements),
    "revisions": JsonForm(REVISIONS, parse_revisions),
}
