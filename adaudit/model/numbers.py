"""Tells numbers of companies that cannot be: by the check digit of what they are, never by a register itself.

What a number is, is told by itself (a VAT number with the country before it, an LEI) or by the country of
establishment that stands beside it. A number of which neither tells is not judged.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module, resources
from types import ModuleType
from typing import Any, Final

import polars as pl

from adaudit.model.record import ROLES

LEI: Final = re.compile(r"[A-Z0-9]{18}\d{2}")
VAT: Final = re.compile(r"[A-Z]{2}(?=\d|U\d|[A-Z]\d{7})")
"""How a VAT number begins: in Austria a U, in Spain a letter may stand between the country and the digits."""
APART: Final = re.compile(r"[\s.\-/:_]+")
SEPARATOR: Final = "\x1f"


@dataclass(frozen=True)
class NumberForm:
    """One kind of number: how it looks, and the module that knows its check digit."""

    shape: re.Pattern[str]
    check: str | None


@dataclass(frozen=True)
class CountryNumbers:
    """The kinds of numbers of one country; `complete` where digits in no other length are used there."""

    forms: tuple[NumberForm, ...]
    complete: bool


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resources.files("adaudit.model").joinpath("numbers.toml").read_text("utf-8"))


@cache
def _labels() -> re.Pattern[str]:
    """What people write before a number to say what it is."""
    return re.compile(f"(?:{'|'.join(_data()['labels'])})+(?=.*\\d)")


@cache
def numbers_of_countries() -> dict[str, CountryNumbers]:
    """The kinds of numbers by country code."""
    found: dict[str, CountryNumbers] = {}
    for country, entry in _data()["country"].items():
        forms = tuple(
            NumberForm(re.compile(form.get("shape") or rf"\d{{{form['digits']}}}"), form.get("check"))
            for form in entry["forms"]
        )
        found[country] = CountryNumbers(forms, bool(entry.get("all", False)))
    return found


def possible(number: str, country: str | None) -> bool | None:
    """Whether the number can be one; None where what it is, is not known.

    `country` is the code of the country in which its bearer is established. A number that is only of an
    unknown shape is not judged, except where the country has no such numbers.
    """
    compact = APART.sub("", number.upper())
    labelled = _labels().match(compact)
    compact = compact[labelled.end() :] if labelled else compact
    if LEI.fullmatch(compact):
        return _checks("lei", compact)
    by_itself = _as_vat(compact)
    if by_itself is not None or country is None:
        return by_itself
    code = country.upper()
    known = numbers_of_countries().get(code)
    return None if known is None else _of_country(compact.removeprefix(code), known, named=compact.startswith(code))


def _of_country(compact: str, known: CountryNumbers, *, named: bool) -> bool | None:
    """As a number of its country; `named` tells whether the country stands before it as well."""
    found = [form for form in known.forms if form.shape.fullmatch(compact)]
    verdicts = {True if form.check is None else _checks(form.check, compact) for form in found} - {None}
    if verdicts:
        return True in verdicts
    if not known.complete or found or not (compact.isdecimal() or named):
        return None
    return None if _of_another(compact) else False


def _as_vat(compact: str) -> bool | None:
    """As a VAT number with the country before it; None where it is none by its shape.

    A wrong shape proves nothing: `HRB 12345` of a German register begins as a Croatian VAT number does.
    """
    return _checks("eu.vat", compact) if VAT.match(compact) and compact[:2] in _vat_countries() else None


@cache
def _vat_countries() -> frozenset[str]:
    return frozenset(code.upper() for code in _module("eu.vat").MEMBER_STATES) | {"EL"}


def _of_another(compact: str) -> bool:
    """Whether the check of any Member State takes the number as its own: a branch may bear its parent's."""
    return any(_checks("eu.vat", code + compact) for code in sorted(_vat_countries()))


def _checks(name: str, number: str) -> bool | None:
    """Whether the check digit is right; None where the number is not of the kind at all."""
    from stdnum.exceptions import InvalidChecksum, ValidationError

    try:
        _module(name).validate(number)
    except InvalidChecksum:
        return False
    except ValidationError:
        return None
    return True


@cache
def _module(name: str) -> ModuleType:
    return import_module(f"stdnum.{name}")


def judged(keys: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """The keys (country and number) that can be judged, with whether each can be."""
    for key in keys:
        country, _, number = key.partition(SEPARATOR)
        verdict = possible(number, country or None)
        if verdict is not None:
            yield key, verdict


def with_numbers_checked(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with `numbers_wrong` and `numbers_checked`; each distinct number is looked at once.

    `numbers_wrong` names the columns whose number cannot be, and never the number, which may be a person's;
    `numbers_checked` is true where any number could be judged. Both are null where there is nothing to say.
    """
    wrong: list[pl.Expr] = []
    checked: list[pl.Expr] = []
    for role in ROLES:
        column = f"{role}_company_number"
        if frame[column].null_count() == frame.height:
            continue
        key = pl.concat_str(pl.col(f"{role}_country").fill_null(""), pl.lit(SEPARATOR), column)
        told = dict(judged(frame.select(key.drop_nulls().unique()).to_series()))
        if told:
            verdict = key.replace_strict(told, default=None, return_dtype=pl.Boolean)
            checked.append(verdict.is_not_null())
            wrong.append(pl.when(~verdict).then(pl.lit(column)))
    if not checked:
        return frame
    texts = pl.concat_str(wrong, separator=", ", ignore_nulls=True)
    return frame.with_columns(
        pl.when(texts != "").then(texts).alias("numbers_wrong"),
        pl.when(pl.any_horizontal(checked)).then(pl.lit(True)).alias("numbers_checked"),
    )
