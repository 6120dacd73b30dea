"""What a file lists all of, and under which id a record is found again in the next listing of the same scope."""

import re
from datetime import date

import polars as pl

from adaudit.connectors.source import Listing, sources


def listing_of(source: str, form: str) -> Listing | None:
    """How one file of the form lists a scope; None where it does not, or the form is unknown."""
    known = sources().get(source)
    return known.form[form].listing if known and form in known.form else None


def scope_of(source: str, form: str, latest_start: date | None, record_id: str | None) -> str | None:
    """The scope that one file lists all of, by its latest start and one of its ids; None where none is told."""
    how = listing_of(source, form)
    if how is None:
        return None
    if how.by == "year":
        return None if latest_start is None else str(latest_start.year)
    found = re.match(how.scope, subject(record_id or "", how))
    return found[1] if found else None


def subject(record_id: str, how: Listing) -> str:
    """The id without what changes from one listing to the next."""
    if how.moving is None:
        return record_id
    return str(pl.select(_steady(pl.lit(record_id), how.moving)).item())


def subjects(source: str, form: str) -> pl.Expr:
    """The ids without what changes from one listing to the next; null for ids that are of one file alone."""
    how, ids = listing_of(source, form), pl.col("record_id")
    if how is None:
        return ids
    steady = _steady(ids, how.moving) if how.moving else ids
    return pl.when(~ids.str.contains(how.apart)).then(steady) if how.apart else steady


def _steady(ids: pl.Expr, moving: tuple[str, str]) -> pl.Expr:
    return ids.str.replace(moving[0], moving[1])
