"""Parses tables that R and Python exporters make of `ads_archive`: one row an ad, the API's lists in cells.

The table is put back into the shape of the API and then read as the API's own answers are. Bounds
stand in two columns (`spend_lower`, `spend_upper`) or as a dict in one; lists stand as Python or JSON
writes them, or as the bare text where there is but one.
"""

from functools import reduce
from typing import Final

import polars as pl

from adaudit.connectors.document import decode_cells
from adaudit.connectors.forms import TableContext
from adaudit.connectors.meta.ads_archive import BOUNDS, SHAPE, TEXTS, UNREAD, ads_of
from adaudit.connectors.python_notation import as_json
from adaudit.connectors.raw import Parsed, Rejected
from adaudit.connectors.source import sources
from adaudit.connectors.table import cells_as_text
from adaudit.errors import ColumnsMissing

S: Final = pl.String()
IDS: Final = ("id", "_id", "adlib_id", "ad_id", "ad_archive_id")
ENDS: Final = {
    "lower_bound": ("{}_lower", "{}_lower_bound", "{}.lower_bound"),
    "upper_bound": ("{}_upper", "{}_upper_bound", "{}.upper_bound"),
}
FLOAT_OF_WHOLE: Final = r"^(-?\d+)\.0+$"
POWER_OF_TEN: Final = r"^\d(?:\.\d+)?[eE]\+?\d{1,2}$"
LARGEST: Final = 10.0**15
"""Below it a float holds every whole number."""
NUMBERS: Final = ("eu_total_reach", "br_total_reach")


def absent_cells() -> tuple[str, ...]:
    """What exporters write where the API gave nothing, such as the `NA` of R."""
    return tuple(sources()["meta"].lookups["absent_cell"])


def emptied(frame: pl.DataFrame) -> pl.DataFrame:
    """The cells without those that are blank or say that nothing is there: null."""
    texts = pl.col(pl.String)
    clean = texts.str.strip_chars()
    return frame.with_columns(pl.when((clean != "") & ~clean.is_in(absent_cells())).then(texts))


def whole_text(raw: pl.Expr) -> pl.Expr:
    """A whole number in its digits, of `1e+05` and `1000.0` too; other text stays as it is."""
    clean = raw.str.strip_chars()
    value = clean.cast(pl.Float64, strict=False)
    exact = clean.str.contains(POWER_OF_TEN) & (value < LARGEST) & (value == value.floor())
    digits = value.cast(pl.Int64, strict=False).cast(pl.String)
    return pl.when(exact).then(digits).otherwise(clean.str.replace(FLOAT_OF_WHOLE, "${1}"))


def _decoded(cells: pl.Series, shape: pl.DataType) -> tuple[pl.Series, pl.Series]:
    """Cells that hold a list or an object, in the shape; and True where a cell holds neither."""
    opening = "[" if isinstance(shape, pl.List) else "{"
    written = cells.str.strip_chars().str.starts_with(opening).fill_null(value=False)
    values, bad = decode_cells(as_json(cells.zip_with(written, pl.Series([None], dtype=S))), shape)
    return values, bad | (cells.is_not_null() & ~written)


def _bounds(frame: pl.DataFrame, name: str) -> dict[str, pl.Series]:
    """The two bounds of a range, and the text of a cell that holds something else."""
    found: dict[str, pl.Series] = {}
    ends = {end: [n for n in (p.format(name) for p in names) if n in frame.columns] for end, names in ENDS.items()}
    if any(ends.values()):
        parts = {end: pl.coalesce(there) if there else pl.lit(None, S) for end, there in ends.items()}
        bounds = pl.struct(whole_text(part).alias(end) for end, part in parts.items())
        shown = pl.any_horizontal(*(part.is_not_null() for part in parts.values()))
        found[name] = frame.select(pl.when(shown).then(bounds)).to_series()
    elif name in frame.columns:
        values, bad = _decoded(frame[name], BOUNDS)
        found[name] = values
        found[UNREAD.format(name)] = frame.select(pl.when(bad).then(pl.col(name))).to_series()
    return found


def _texts(cells: pl.Series) -> pl.Series:
    """Lists of texts; a cell that holds no list is the one text of its own."""
    values, bad = _decoded(cells, TEXTS)
    frame = pl.DataFrame({"values": values, "bad": bad, "cell": cells})
    return frame.select(pl.when("bad").then(pl.concat_list("cell")).otherwise("values")).to_series()


def in_shape(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series, frozenset[str]]:
    """The table in the shape of the API; rows with a nested cell that cannot be read; the fields carried.

    A column in which no row holds anything is not carried: Radlibrary writes all of its columns, those
    too that the request did not name.
    """
    made: dict[str, pl.Series] = {}
    misfits: list[pl.Series] = []
    for part in SHAPE.fields:
        name, dtype = part.name, part.dtype
        if dtype == BOUNDS:
            made |= _bounds(frame, name)
        elif name not in frame.columns:
            continue
        elif dtype == S:
            made[name] = frame.select(whole_text(pl.col(name)) if name in NUMBERS else pl.col(name)).to_series()
        elif dtype == TEXTS:
            made[name] = _texts(frame[name])
        else:
            made[name], bad = _decoded(frame[name], dtype)  # type: ignore[arg-type]
            misfits.append(bad)
    numbers = [name for name in IDS if name in frame.columns]
    if numbers:
        made["id"] = frame.select(pl.coalesce(numbers)).to_series()
    nowhere = pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
    fields = {part.name for part in SHAPE.fields}
    carried = frozenset(name for name, cells in made.items() if name in fields and cells.null_count() < len(cells))
    return pl.DataFrame(made), reduce(pl.Series.__or__, misfits, nowhere), carried


def parse_flat(table: TableContext) -> Parsed:
    """Ads of one table. Raises ColumnsMissing where no column holds their ids."""
    names = table.table.names
    if not {*names} & {*IDS, "ad_snapshot_url"}:
        raise ColumnsMissing(
            f"a column with the ids of the ads ({', '.join(IDS)}) or with their links (ad_snapshot_url)",
            f"a header without any, but with {', '.join(map(repr, table.table.header))}",
            place="line 1",
            advice="Export the ids with the ads; a row without one cannot be shown to be an ad.",
        )
    raw, misfit, carried = in_shape(emptied(table.frame.drop("record")))
    aside = table.frame.filter(misfit)
    rejected = tuple(
        Rejected(f"record {number}", "a cell holds neither a list nor nothing where a list belongs", row)
        for number, row in zip(aside["record"], cells_as_text(aside), strict=True)
    )
    kept = ~misfit
    canonical = ads_of(raw.filter(kept))
    return table.parsed(canonical, rejected=rejected, rows=table.frame["record"].filter(kept), carried=carried)
