"""Reads dates and numbers as people, programs and spreadsheets write them, exactly or not at all.

Each function takes a column of text and gives a column of values, null where the text does not tell one
value. A form is read only where no other reading of it exists.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

import polars as pl

from adaudit.model.record import INSTANT, MONEY

DAY: Final = r"^\d{4}-\d{1,2}-\d{1,2}$"
OTHER_DAY: Final = r"^\d{4}[-/]\d{1,2}[-/]\d{1,2}$"
COMPACT_DAY: Final = r"^\d{8}$"
MOMENT: Final = r"^\d{4}[-/]\d{1,2}[-/]\d{1,2}[T ]\d{1,2}:\d\d(:\d\d(\.\d{1,9})?)?$"
ZONED: Final = r"^\d{4}[-/]\d{1,2}[-/]\d{1,2}[T ]\d{1,2}:\d\d(:\d\d(\.\d{1,9})?)? ?(Z|UTC|[+-]\d\d:?\d\d)$"
MILLISECONDS: Final = r"^1\d{12}(\.0)?$"
"""Milliseconds since 1970, from 2001 to 2033; thirteen digits are nothing else."""
SECONDS: Final = r"^1\d{9}(\.0)?$"
"""Seconds since 1970, from 2001 to 2033; ten digits that start with 1 are no date of this time."""

AMOUNT: Final = r"^-?\d{1,30}(\.\d{1,4})?$"
WHOLE: Final = r"^-?\d{1,18}$"
AMBIGUOUS: Final = r"^-?[1-9]\d{0,2}[.,]\d{3}$"
"""`1.234` and `1,234` are a thousand to one writer and one and a bit to another."""
THOUSANDS_BY_POINT: Final = r"^-?[1-9]\d{0,2}(\.\d{3})+,\d{1,4}$|^-?[1-9]\d{0,2}(\.\d{3}){2,}$"
THOUSANDS_BY_COMMA: Final = r"^-?[1-9]\d{0,2}(,\d{3})+\.\d{1,4}$|^-?[1-9]\d{0,2}(,\d{3}){2,}$"
DECIMAL_COMMA: Final = r"^-?\d{1,30},\d{1,4}$"
POWER_OF_TEN: Final = r"^-?\d(\.\d{1,14})?e[+-]\d{1,2}$"
"""As R and Python write long numbers, with all their digits; a spreadsheet's `1.5E+11` has lost some."""

Reader = Callable[[pl.Series], pl.Series]


def _by_form(forms: dict[str, Reader], dtype: pl.DataType) -> Reader:
    """A reader of columns in which every text has one of these forms, white space around it aside.

    Forms that do not occur cost a look, and white space only where it stands around a text.
    """

    def read(texts: pl.Series) -> pl.Series:
        values: pl.Series | None = None
        left = texts.is_not_null()
        for form, reader in forms.items():
            if not left.any():
                break
            here = left & texts.str.contains(form)
            if not here.any():
                continue
            if values is None and here.sum() == left.sum():
                return reader(texts)
            found = reader(pl.select(pl.when(here).then(texts)).to_series())
            values = found if values is None else values.zip_with(~here, found)
            left &= ~here
        if left.any():
            bare = pl.select(pl.when(left).then(texts.str.strip_chars())).to_series()
            if (bare != texts).any():
                values = read(bare) if values is None else values.zip_with(~left, read(bare))
        return pl.Series([None], dtype=dtype).new_from_index(0, len(texts)) if values is None else values

    return read


def _read_as(form: str) -> Reader:
    zoned = form.endswith("%#z")

    def read(texts: pl.Series) -> pl.Series:
        clean = texts.str.replace_all("/", "-", literal=True).str.replace(r"(\d)T(\d)", "$1 $2")
        if not zoned:
            return clean.str.to_datetime(form, strict=False, time_unit="us").dt.replace_time_zone("UTC")
        clean = clean.str.replace(" ?(Z|UTC)$", "+0000").str.replace(r" ([+-]\d\d:?\d\d)$", "$1")
        clean = clean.str.replace(r"( \d{1,2}:\d\d)([+-])", "$1:00$2")
        return clean.str.to_datetime(form, strict=False, time_unit="us", time_zone="UTC")

    return read


def _day(texts: pl.Series) -> pl.Series:
    return texts.str.to_date("%Y-%m-%d", strict=False)


def _other_day(texts: pl.Series) -> pl.Series:
    return _day(texts.str.replace_all("/", "-", literal=True))


def _compact_day(texts: pl.Series) -> pl.Series:
    return texts.str.to_date("%Y%m%d", strict=False)


def _midnight(read: Reader) -> Reader:
    return lambda texts: read(texts).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")


def _day_of(read: Reader) -> Reader:
    return lambda texts: read(texts).dt.date()


def _read_moment(texts: pl.Series) -> pl.Series:
    with_seconds = texts.str.replace(r"([T ]\d{1,2}:\d\d)$", "$1:00")
    return _read_as("%Y-%m-%d %H:%M:%S%.f")(with_seconds)


def _since_1970(unit: int) -> Reader:
    def read(texts: pl.Series) -> pl.Series:
        whole = texts.str.strip_suffix(".0").cast(pl.Int64, strict=False) * unit
        return whole.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")

    return read


def _as_money(rewrite: Callable[[pl.Series], pl.Series]) -> Reader:
    return lambda texts: rewrite(texts).cast(MONEY, strict=False)


def _without_points(texts: pl.Series) -> pl.Series:
    return texts.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)


def _without_commas(texts: pl.Series) -> pl.Series:
    return texts.str.replace_all(",", "", literal=True)


def _comma_as_point(texts: pl.Series) -> pl.Series:
    return texts.str.replace(",", ".", literal=True)


def _written_out(texts: pl.Series) -> pl.Series:
    """Powers of ten with all their digits; one with more than four decimals stays as it is and is not read."""
    out = [None if one is None else format(Decimal(one), "f") for one in texts]
    plain = pl.Series(out, dtype=pl.String).str.replace(r"(\.\d*?)0+$", "$1").str.strip_suffix(".")
    return pl.select(pl.when(plain.str.contains(AMOUNT)).then(plain)).to_series()


def _unread(dtype: pl.DataType) -> Reader:
    return lambda texts: pl.Series([None], dtype=dtype).new_from_index(0, len(texts))


def _plain_whole(texts: pl.Series) -> pl.Series:
    return texts.cast(pl.Int64, strict=False)


def _as_whole(rewrite: Callable[[pl.Series], pl.Series]) -> Reader:
    def read(texts: pl.Series) -> pl.Series:
        written = rewrite(texts)
        whole = pl.select(pl.when(written.str.contains(WHOLE)).then(written)).to_series()
        return _plain_whole(whole)

    return read


DAYS: Final[dict[str, Reader]] = {DAY: _day, OTHER_DAY: _other_day, COMPACT_DAY: _compact_day}
MOMENTS: Final[dict[str, Reader]] = {
    ZONED: _read_as("%Y-%m-%d %H:%M:%S%.f%#z"),
    MOMENT: _read_moment,
    MILLISECONDS: _since_1970(1_000),
    SECONDS: _since_1970(1_000_000),
}
"""Forms with a time of day, which no day has."""

read_days: Final = _by_form({**DAYS, **{form: _day_of(read) for form, read in MOMENTS.items()}}, pl.Date())
"""Calendar days; of moments, their day in UTC. A year has four digits and stands first."""

read_instants: Final = _by_form({**{form: _midnight(read) for form, read in DAYS.items()}, **MOMENTS}, INSTANT)
"""Moments in UTC; a form without zone is UTC. A year has four digits and stands first."""

read_amounts: Final = _by_form(
    {
        AMBIGUOUS: _unread(MONEY),
        AMOUNT: _as_money(lambda texts: texts),
        DECIMAL_COMMA: _as_money(_comma_as_point),
        THOUSANDS_BY_POINT: _as_money(_without_points),
        THOUSANDS_BY_COMMA: _as_money(_without_commas),
        POWER_OF_TEN: _as_money(_written_out),
    },
    MONEY,
)
"""Exact decimals of at most four places."""

read_wholes: Final = _by_form(
    {
        WHOLE: _plain_whole,
        r"^-?\d{1,18}\.0+$": _as_whole(lambda texts: texts.str.replace(r"\.0+$", "")),
        r"^-?[1-9]\d{0,2}(\.\d{3}){2,}$": _as_whole(_without_points),
        r"^-?[1-9]\d{0,2}(,\d{3}){2,}$": _as_whole(_without_commas),
        POWER_OF_TEN: _as_whole(_written_out),
    },
    pl.Int64(),
)
"""Whole numbers of at most 18 digits."""
