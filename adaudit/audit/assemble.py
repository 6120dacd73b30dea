"""From parts to `records.parquet`: the latest version of every record, sorted; older ones beside it."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from adaudit.audit.batches import streamed
from adaudit.audit.intake import Intake
from adaudit.audit.options import Options
from adaudit.connectors import sources
from adaudit.errors import UsageError
from adaudit.law import Calendar, calendar, member_state_of
from adaudit.model.ranges import in_order
from adaudit.model.record import CLOCKS, CONTENT, KEY, SCHEMA, SUCCESSION, conform

ROW_GROUP: Final = 25_000
PAGE: Final = 2**30
"""Bytes of a page: a column of a row group is one. Of a list, polars 2.1 cuts pages by what it takes in memory."""
ACTOR_COLUMN: Final = re.compile(r"(^|[_. ])(id|ref|name|page|account|advertiser)$")
ACTOR: Final = re.compile(
    r"account|actor|advertiser|candidate|disclaimer|entit|organi[sz]ation|page|part(y|ies)|sponsor"
)
"""What the id or name of a column must be of where its header says of what: `platforms.name` holds Facebook."""
SHORTEST_ACTOR: Final = 3
SAME: Final = [name for name in (*CLOCKS, *CONTENT) if name not in {"observed_at", "first_published_at"}]
"""Columns that make a version: when it was seen is no part of it."""


@dataclass(frozen=True)
class Assembled:
    """The records of an audit on disk, and what did not become one of them."""

    records: Path
    total: int
    groups: tuple[tuple[str, str, int], ...]
    """(source, kind, number of records) in the order of the file."""
    superseded: int
    repeated: int
    left_out: dict[str, int]


def assemble(intake: Intake, out: Path, options: Options) -> Assembled:
    """Write `records.parquet`, and `superseded.parquet` where there are older versions.

    The latest version is the last by revision, then `updated_at`, then known observation time,
    then position in the inputs. Identical repeats of a version are counted and not kept twice.
    """
    work = _Assembling(intake, options)
    records = out / "records.parquet"
    write_records(streamed(work.records(), SCHEMA), records)
    if work.older:
        write_records(pl.scan_parquet(work.older), out / "superseded.parquet")
    counted = pl.scan_parquet(records).group_by("source", "kind").len().sort("source", "kind")
    groups = tuple((str(s), str(k), int(n)) for s, k, n in counted.collect(engine="streaming").iter_rows())
    total = sum(number for *_, number in groups)
    return Assembled(records, total, groups, work.superseded, work.repeated, work.left_out)


def write_records(frame: pl.LazyFrame, path: Path) -> None:
    """Write records in their order; the bytes tell what the records are and not how they lay in memory."""
    frame.sink_parquet(path, row_group_size=ROW_GROUP, data_page_size=PAGE, maintain_order=True)


class _Assembling:
    """The records of an audit being put together, range by range of their keys."""

    def __init__(self, intake: Intake, options: Options) -> None:
        self._intake = intake
        self._options = options
        self._filters = _filters(options)
        self.superseded = 0
        self.repeated = 0
        self.left_out = dict.fromkeys(self._filters, 0)
        self.older: list[Path] = []
        """Files of older versions, in the order of their keys."""

    def records(self) -> Iterator[pl.DataFrame]:
        """The latest version of every record that the filters let through, in the order of the keys."""
        for found in in_order(self._intake.frames(), self._intake.folder):
            shown = self._intake.shown(found)
            latest = self._latest(conform(shown).with_columns(shown["position"]))
            assumed = _asserted(_assumed(latest.lazy(), self._options), self._options)
            yield self._filtered(assumed.select(*SCHEMA).collect())

    def _latest(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The latest of all versions, with when the first was published; older ones are put aside."""
        first = pl.when(pl.col("revision") == 1).then(pl.col("published_at"))
        frame = frame.with_columns(first.alias("first_published_at"))
        several = pl.struct(KEY).is_duplicated()
        versions = frame.filter(several)
        if versions.is_empty():
            return frame
        versions = versions.sort([*KEY, *SUCCESSION], nulls_last=False).with_columns(
            pl.col("first_published_at").min().over(KEY),
            pl.struct(SAME).hash(seed=0).alias("content"),
        )
        kept = versions.unique([*KEY, "content"], keep="last", maintain_order=True)
        latest = pl.int_range(pl.len()).over(KEY) == pl.len().over(KEY) - 1
        older = kept.filter(~latest)
        self.superseded += older.height
        self.repeated += versions.height - kept.height
        if older.height:
            self.older.append(self._intake.folder / f"superseded-{len(self.older):06}.parquet")
            older.select(*SCHEMA).write_parquet(self.older[-1], compression="lz4")
        return pl.concat([frame.filter(~several), kept.filter(latest).select(frame.columns)]).sort(KEY)

    def _filtered(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The records that the filters let through; how many each of them left out is counted."""
        for name, passes in self._filters.items():
            kept = frame.filter(passes.fill_null(value=False))
            self.left_out[name] += frame.height - kept.height
            frame = kept
        return frame


def check(options: Options) -> None:
    """Raises UsageError for an unknown vote, an unreadable list or calendar, or one that needs another option."""
    if options.organisations and not options.redact_persons:
        raise UsageError("--organisations says whom --redact-persons leaves; give both.")
    if options.since and options.until and options.since > options.until:
        raise UsageError(f"--since {options.since} is after --until {options.until}.")
    votes = calendar(options.elections, options.as_of)
    if options.election is not None:
        linked_to(options.election, votes)
    if options.political_actors is not None:
        read_actors(options.political_actors)


def _assumed(frame: pl.LazyFrame, options: Options) -> pl.LazyFrame:
    """`--assume-country` fills the country where none is stated; that it was not stated stays visible."""
    if options.assume_country is None:
        return frame
    code = options.assume_country.upper()
    return frame.with_columns(
        pl.col("countries").fill_null(pl.lit([code])), pl.col("country_key").fill_null(pl.lit(code))
    )


def _asserted(frame: pl.LazyFrame, options: Options) -> pl.LazyFrame:
    """`--political` and `--political-actors` assert what the source does not declare."""
    if not options.political and options.political_actors is None:
        return frame
    chosen = pl.lit(True)
    if options.political_actors is not None:
        actors = read_actors(options.political_actors)
        named = [pl.col(c).str.to_lowercase().is_in(actors) for c in ("account_id", "account_name", "sponsor_name")]
        chosen = pl.any_horizontal(*(one.fill_null(value=False) for one in named))
    basis = pl.col("political_basis")
    return frame.with_columns(
        pl.when(basis.is_null() & chosen).then(pl.lit("asserted")).otherwise(basis).alias("political_basis")
    )


def read_actors(path: Path, option: str = "--political-actors") -> list[str]:
    """Page ids, account ids or names of actors, in lower case, from the file that an option names.

    One per line; or a CSV with a header, of which the columns that hold ids or names are read. An entry
    of fewer than three characters names nobody (page id `0` stands for many accounts).
    Raises UsageError for an empty or unreadable file, or one without such a column.
    """
    try:
        rows = [row for row in csv.reader(path.read_text("utf-8-sig").splitlines()) if any(row)]
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{option}: {path.name} could not be read ({error}).") from error
    if rows and max(map(len, rows)) > 1:
        header = [cell.strip().lower() for cell in rows[0]]
        columns = [i for i, cell in enumerate(header) if _of_actors(cell)]
        if not columns:
            raise UsageError(
                f"{option}: {path.name} has the columns {', '.join(rows[0])}; expected one such as page_id, "
                "account_id or name, or one entry per line."
            )
        cells = [row[i] for row in rows[1:] for i in columns if i < len(row)]
    else:
        cells = [row[0] for row in rows]
    found = sorted({cell.strip().lower() for cell in cells if len(cell.strip()) >= SHORTEST_ACTOR})
    if not found:
        raise UsageError(f"{option}: {path.name} names nobody; one page id, account id or name per line.")
    return found


def _of_actors(header: str) -> bool:
    """Whether a column holds ids or names of actors, not those of the countries or platforms beside them."""
    found = ACTOR_COLUMN.search(header)
    return found is not None and (not header[: found.start()] or bool(ACTOR.search(header)))


def period() -> tuple[pl.Expr, pl.Expr]:
    """First and last day on which a record ran: as delivered where shown, else as intended."""
    return pl.coalesce("delivered_from", "intended_from"), pl.coalesce("delivered_until", "intended_until")


def _filters(options: Options) -> dict[str, pl.Expr]:
    """By the option that asks for it: whether a record passes a filter."""
    start, end = period()
    filters: dict[str, pl.Expr] = {}
    if options.country is not None:
        parts = [code for code, state in member_state_of().items() if state == options.country]
        there = pl.element().is_in([options.country, *parts])
        filters[f"--country {options.country}"] = pl.col("countries").list.eval(there).list.any()
    if options.since is not None:
        filters[f"--since {options.since}"] = (
            pl.coalesce(end, pl.when(start.is_not_null()).then(pl.lit(date.max))) >= options.since
        )
    if options.until is not None:
        filters[f"--until {options.until}"] = pl.coalesce(start, end) <= options.until
    if options.election is not None:
        filters[f"--election {options.election}"] = linked_to(
            options.election, calendar(options.elections, options.as_of)
        )
    return filters


def linked_to(election: str, votes: Calendar) -> pl.Expr:
    """Whether the source itself links the record to the vote. Raises UsageError for an unknown id."""
    if election not in votes.votes:
        near = [known for known in votes.votes if known.startswith(election[:2])]
        raise UsageError(
            f"--election: {election!r} is not in the calendar. For that country: {', '.join(near) or 'none'}."
        )
    return stated_election(votes) == election


def stated_election(votes: Calendar, source: str | None = None) -> pl.Expr:
    """The id of the vote that the source states for a record; null where it states none that the calendar has.

    By the look-ups of its `source.toml`, by the id or name of a vote in the calendar, or by the polling day in the
    one Member State of the record on which it has a single vote.
    """
    process = pl.col("linked_process").str.strip_chars().str.to_lowercase()
    found = pl.lit(None, dtype=pl.String)
    for one in sources().values():
        words = {text: vote for text, vote in one.lookups.get("linked_vote", {}).items() if vote in votes.votes}
        if words and source in (None, one.id):
            vote = process.replace_strict(words, default=None, return_dtype=pl.String)
            found = vote if source else pl.when(pl.col("source") == one.id).then(vote).otherwise(found)
    names = _unique((text.lower(), vote.id) for vote in votes.votes.values() for text in (vote.id, vote.name))
    days = _unique(
        (f"{code} {vote.day}", vote.id)
        for vote in votes.votes.values()
        for code, state in member_state_of().items()
        if state == vote.country
    )
    named = process.replace_strict(names, default=None, return_dtype=pl.String)
    day = pl.format("{} {}", "country_key", pl.col("linked_process_date").dt.to_string("iso"))
    return pl.coalesce(found, named, day.replace_strict(days, default=None, return_dtype=pl.String))


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The votes by text, without texts that name more than one."""
    found: dict[str, set[str]] = {}
    for text, vote in pairs:
        found.setdefault(text, set()).add(vote)
    return {text: next(iter(votes)) for text, votes in found.items() if len(votes) == 1}
