"""Records derived from evidence: one folder a pull, written whole or not at all, never changed.

    observations/<pull>/records.parquet   versions of records that the store did not know, each with `content`
    observations/<pull>/listing.parquet   every record that the pull showed, in which file and when: `LISTED`
    observations/<pull>/about.json        layouts, inputs, versions of parsers: what an audit needs to read them

A version is known by `content`, a hash of what the record says: not of when it was seen, nor of where it
stands in the bytes, nor of parts of addresses that change with each answer.
"""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl
import polars_hash as plh

from adaudit.errors import StoreError
from adaudit.evidence.vault import digest_of, settle, write_text
from adaudit.model.ranges import in_order
from adaudit.model.record import CLOCKS, CONTENT, KEY, MADE_OF_OTHERS, SCHEMA

LENGTH: Final = 32
"""Hexadecimal digits of the BLAKE3 that are kept: 128 bits."""
ROWS: Final = 25_000
"""Rows of a group of rows in a file: as much is held in memory while it is written."""
SEEN: Final = frozenset({"observed_at", "first_published_at"})
NOT_CONTENT: Final = SEEN | MADE_OF_OTHERS
VERSION: Final = (*KEY, "content")
SHOWN: Final = (*VERSION, "form", "evidence_sha256", "observed_at")
"""One line of a listing: a version, as one file or the answers of one instant showed it."""
LISTED: Final = (*SHOWN, "revision", "updated_at", "position")
COLUMNS: Final[dict[str, pl.DataType]] = {**SCHEMA, "position": pl.UInt64(), "content": pl.String()}
TABLES: Final = {"records.parquet": COLUMNS, "listing.parquet": {name: COLUMNS[name] for name in LISTED}}
"""The columns of each table of a pull's observations, as this adaudit writes them."""
ABOUT: Final = ("adaudit", "seen", "layouts", "inputs", "listings", "filled")
"""What the description of a pull's observations tells."""


def marked(frame: pl.DataFrame) -> pl.DataFrame:
    """Records with `content`, the hash of what each says; columns that are null take no part in it.

    It is the same in every version of polars, and whatever columns are added to the record.
    """
    said = [name for name in (*CLOCKS, *CONTENT) if name not in NOT_CONTENT and frame[name].null_count() < frame.height]
    values = frame.lazy().select(_value(name, frame.schema[name]) for name in said)
    parts = [pl.format("{}:{}:{}", pl.lit(name), pl.col(name).str.len_bytes(), pl.col(name)) for name in said]
    whole = plh.concat_str(pl.repeat("", frame.height), *parts, ignore_nulls=True)
    return frame.with_columns(values.select(whole.chash.blake3().str.head(LENGTH).alias("content")).collect())


def compared(name: str) -> pl.Expr:
    """A column without what changes with each answer: signatures in the query of a link."""
    column = pl.col(name)
    return column.list.eval(pl.element().str.replace(r"\?.*$", "")) if name == "creative_urls" else column


def _value(name: str, dtype: pl.DataType) -> pl.Expr:
    """A column as text; null where it is."""
    column = compared(name)
    if isinstance(dtype, pl.List | pl.Struct):
        return pl.when(column.is_not_null()).then(pl.struct(column.alias(name)).struct.json_encode()).alias(name)
    if isinstance(dtype, pl.Date | pl.Datetime):
        return column.dt.to_string("iso")
    return column.cast(pl.String)


class Observations:
    """The observations of a store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def pulls(self) -> list[str]:
        """The pulls whose answers were read, in their order."""
        return sorted(path.parent.name for path in self.folder.glob("[!.]*/about.json"))

    def has(self, pull: str) -> bool:
        """Whether the answers of the pull were read."""
        return (self.folder / pull / "about.json").exists()

    def about(self, pull: str) -> dict[str, Any]:
        """What an audit needs to read the records of a pull."""
        found: dict[str, Any] = json.loads((self.folder / pull / "about.json").read_text("utf-8"))
        return found

    def unlike(self, pull: str) -> list[str]:
        """What of a pull's observations is not as this adaudit writes it, by file: an older one kept other columns."""
        try:
            told = self.about(pull)
            found = [f"about.json: {name}" for name in ABOUT if name not in told]
        except (OSError, ValueError):
            found = ["about.json: it cannot be read"]
        for name, expected in TABLES.items():
            try:
                there = pl.read_parquet_schema(self.folder / pull / name)
            except (OSError, pl.exceptions.PolarsError):
                found.append(f"{name}: it cannot be read")
                continue
            columns = sorted({*there, *expected})
            found += [f"{name}: {column}" for column in columns if there.get(column) != expected.get(column)]
        return found

    def files(self, pull: str) -> dict[str, str]:
        """The SHA-256 of each file of a pull's observations, by its name."""
        return {path.name: digest_of(path) for path in sorted((self.folder / pull).glob("[!.]*"))}

    def records(self, pulls: Sequence[str]) -> list[Path]:
        """The files of new versions of these pulls, in their order."""
        return [path for pull in pulls if (path := self.folder / pull / "records.parquet").exists()]

    def listing(self, pull: str) -> pl.LazyFrame:
        """Every line of what a pull showed: `LISTED`."""
        return pl.scan_parquet(self.folder / pull / "listing.parquet")

    def known(self, pulls: Sequence[str]) -> pl.LazyFrame:
        """The versions of records that these pulls brought: `VERSION`."""
        files = self.records(pulls)
        return (
            pl.scan_parquet(files).select(VERSION) if files else pl.LazyFrame(schema=dict.fromkeys(VERSION, pl.String))
        )

    def write(
        self, pull: str, found: pl.LazyFrame, about: dict[str, Any], beside: "Observations | None" = None
    ) -> tuple[int, int]:
        """Keep what a pull showed; how many records it showed, and how many versions of them are new.

        `found` holds the records of all answers, `marked` and in their order; new is what no earlier pull brought,
        among these observations or those `beside`. Earlier observations of the pull are replaced as a whole.
        Raises StoreError where the disk is full.
        """
        known = beside or self
        earlier = [one for one in known.pulls() if one < pull]
        target, fresh = self.folder / pull, self.folder / f".{pull}.part"
        shutil.rmtree(fresh, ignore_errors=True)
        try:
            fresh.mkdir(parents=True)
            records, new = _sorted_out(found, known.known(earlier), fresh)
            found.join(new.lazy(), on="position", how="semi", maintain_order="left").sink_parquet(
                fresh / "records.parquet", row_group_size=ROWS
            )
            write_text(fresh / "about.json", json.dumps(about, ensure_ascii=False) + "\n")
            shutil.rmtree(target, ignore_errors=True)
            for path in fresh.iterdir():
                settle(path)
            fresh.rename(target)
            settle(self.folder)
        except (OSError, pl.exceptions.PolarsError) as error:
            shutil.rmtree(fresh, ignore_errors=True)
            raise StoreError(
                f"the records of {pull} could not be written ({error}); make room, then go on with --resume. "
                "The answers themselves are kept."
            ) from error
        return records, new.height


def _sorted_out(found: pl.LazyFrame, known: pl.LazyFrame, folder: Path) -> tuple[int, pl.DataFrame]:
    """Write the listing; how many versions of records there are, and the first position of each that is not known.

    One range of records is looked at after the other: no more is held in memory, of what is found and of what is known.
    """
    none = pl.DataFrame(schema=TABLES["listing.parquet"])
    versions, new, parts = 0, [none.select("position")], [folder / "ranges" / "none.parquet"]
    parts[0].parent.mkdir()
    none.write_parquet(parts[0])
    for found_of_range in in_order([found.select(LISTED)], parts[0].parent):
        rows = pl.concat([none, found_of_range], how="diagonal")
        parts.append(parts[0].with_name(f"listed-{len(parts):06}.parquet"))
        _listed(rows).write_parquet(parts[-1])
        first = rows.group_by(VERSION).agg(pl.min("position"))
        there = known.join(first.lazy(), on=VERSION, how="semi").collect(engine="streaming")
        new.append(first.join(there, on=VERSION, how="anti").select("position"))
        versions += first.height
    pl.scan_parquet(parts).sink_parquet(folder / "listing.parquet", row_group_size=ROWS)
    shutil.rmtree(parts[0].parent)
    return versions, pl.concat(new)


def _listed(frame: pl.DataFrame) -> pl.DataFrame:
    """The lines of a listing, sorted by version: what was shown twice in one file or at one instant stands once."""
    latest = frame.group_by(SHOWN).agg(pl.max("revision", "updated_at"), pl.min("position"))
    return latest.select(LISTED).sort(*VERSION, "position")
