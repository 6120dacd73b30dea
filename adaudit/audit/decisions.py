"""`--decisions`: what persons decided on findings, read from the file that they filled, and carried along.

A decision speaks of one finding as it was seen: source, kind, record and rule, with verdict, reason
and observed value. Where all of these are still the same it applies; where the finding has become
another it is stale, with what changed; where there is no such finding any more it is not found. No
decision ever changes a verdict, and none is dropped.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import polars as pl

from adaudit.audit.filled import BadRow, Row, read_filled
from adaudit.spreadsheet import neutral

KEY: Final = ("source", "kind", "record_id", "rule")
SEEN: Final = ("verdict", "reason", "observed")
COLUMNS: Final = (*KEY, *SEEN, "decision", "note", "who", "when")
WORDS: Final = ("confirmed", "dismissed", "note")
STANDINGS: Final = ("applied", "superseded", "stale", "not_found")
ALSO: Final[Mapping[str, str]] = {"decided_by": "who", "decided_on": "when", "decision_note": "note"}
"""The columns of findings in which a reviewer fills a decision, so that the filled findings are a decisions file."""
OF_FINDINGS: Final = frozenset(
    {"form", "rule_version", "requirement", "pinpoint", "binding", "severity"}
    | {"input_sha256", "evidence_sha256", "locator"}
)
OURS: Final = frozenset({"standing", "changed"})
"""Columns that adaudit itself writes into `decisions.csv`; they are worked out anew."""
REQUIRED: Final = (*KEY, *SEEN, "decision")
DECIDED: Final[dict[str, pl.DataType]] = {
    "decision": pl.String(),
    "decided_by": pl.String(),
    "decided_on": pl.Date(),
    "decision_note": pl.String(),
}
"""The columns of a finding that a decision fills."""


@dataclass(frozen=True)
class Decisions:
    """A decisions file as read: its rows in their order, and what was wrong with it."""

    file: str
    sha256: str
    rows: pl.DataFrame
    """`COLUMNS` as text, and `moment` (when, as an instant of UTC by which decisions are ordered)."""
    bad: tuple[BadRow, ...] = ()
    refused: tuple[Row, ...] = ()
    """The rows that are `bad`, as they stood: they are carried along too, to be mended."""
    unknown_columns: tuple[str, ...] = ()

    def carried(self) -> pl.DataFrame:
        """All rows as they go into `decisions.csv` before it is known what becomes of them."""
        return pl.concat([self.rows.select(COLUMNS), self.rejected().select(COLUMNS)])

    def rejected(self) -> pl.DataFrame:
        """The refused rows, with the reason why."""
        rows = [
            {name: row.get(name, "") for name in COLUMNS} | {"standing": "rejected", "changed": bad.reason}
            for bad, row in zip(self.bad, self.refused, strict=True)
        ]
        return pl.DataFrame(rows, schema=dict.fromkeys((*COLUMNS, *sorted(OURS, reverse=True)), pl.String))


@dataclass
class Decided:
    """What became of the decisions in one audit; `dismissed` counts findings by verdict and binding."""

    rows: pl.DataFrame | None = None
    """`COLUMNS`, `standing` and `changed`; None without a decisions file."""
    written: dict[str, object] = field(default_factory=dict)
    """The entry `decisions` of `summary.json`."""
    dismissed: dict[tuple[str, str], int] = field(default_factory=dict)
    bad: tuple[BadRow, ...] = ()
    unknown_columns: tuple[str, ...] = ()


def read_decisions(path: Path) -> Decisions:
    """The decisions in a CSV, JSON or Excel file as a reviewer fills it.

    Rows without a decision are no decisions yet and are passed over. Raises UsageError for a file that
    cannot be read or lacks a column.
    """
    filled = read_filled(path, "--decisions", ALSO, REQUIRED)
    unknown = [one for one in filled.columns if one not in {*COLUMNS, *OF_FINDINGS, *OURS}]
    kept: list[dict[str, object]] = []
    bad: list[BadRow] = []
    refused: list[Row] = []
    for place, row in filled.rows:
        if not row.get("decision"):
            continue
        wrong = _wrong(row)
        if wrong:
            bad.append(BadRow(place, wrong))
            refused.append(row)
        else:
            kept.append(_normal(row))
    schema = dict.fromkeys(COLUMNS, pl.String()) | {"moment": pl.Datetime("us", "UTC")}
    frame = pl.DataFrame(kept, schema=schema, orient="row")
    return Decisions(path.name, filled.sha256, frame, tuple(bad), tuple(refused), tuple(unknown))


def _wrong(row: Row) -> str | None:
    """Why a row is no decision; None where it is one."""
    decision = row["decision"].lower()
    if decision not in WORDS:
        return f"decision is {row['decision']!r}; expected one of {', '.join(WORDS)}"
    empty = [name for name in ("source", "kind", "rule", "verdict") if not row.get(name)]
    if empty:
        return f"{', '.join(empty)} is empty: it cannot be told which finding is meant"
    if not row.get("who"):
        return "who is empty: a decision is somebody's"
    if _moment(row.get("when", "")) is None:
        return f"when is {row.get('when', '')!r}; expected a day or a moment such as 2026-11-24 or 2026-11-24T09:30"
    if decision == "note" and not row.get("note"):
        return "a note without text"
    return None


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _normal(row: Row) -> dict[str, object]:
    moment = _moment(row["when"])
    assert moment is not None  # noqa: S101 - rows without a day were set aside
    when = moment.date().isoformat() if moment.time() == datetime.min.time() else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    kept: dict[str, object] = {name: row.get(name, "") for name in COLUMNS}
    return kept | {"decision": row["decision"].lower(), "when": when, "moment": moment}


def comparable(columns: Sequence[str]) -> list[pl.Expr]:
    """The columns as they compare after a round through a spreadsheet: no null, no edge blanks, neutralised."""
    return [neutral(pl.col(one).fill_null("").str.strip_chars()).alias(f"same {one}") for one in columns]


def winners(decisions: Decisions) -> pl.DataFrame:
    """Of the decisions on one finding as it was seen, the one that counts: the latest, a note only by default."""
    same = [f"same {one}" for one in (*KEY, *SEEN)]
    rows = decisions.rows.with_row_index("number").with_columns(*comparable((*KEY, *SEEN)))
    decides = (pl.col("decision") != "note").alias("decides")
    ordered = rows.with_columns(decides).sort("decides", "moment", "number")
    return ordered.unique(same, keep="last", maintain_order=True)


def attach(found: pl.LazyFrame, chosen: pl.DataFrame, source: str, kind: str, rule: str) -> pl.LazyFrame:
    """The findings of one rule, in their order, with the decision that applies to each (`DECIDED`)."""
    mine = chosen.filter(
        (pl.col("same source") == source) & (pl.col("same kind") == kind) & (pl.col("same rule") == rule)
    )
    if mine.is_empty():
        return found.with_columns(pl.lit(None, dtype=dtype).alias(name) for name, dtype in DECIDED.items())
    keys = [f"same {one}" for one in ("record_id", *SEEN)]
    given = mine.lazy().select(
        *keys,
        "decision",
        pl.col("who").alias("decided_by"),
        pl.col("moment").dt.date().alias("decided_on"),
        pl.when(pl.col("note") != "").then("note").alias("decision_note"),
    )
    joined = found.with_columns(comparable(("record_id", *SEEN))).join(
        given, on=keys, how="left", maintain_order="left"
    )
    return joined.drop(keys)


def settle(decisions: Decisions | None, findings: Path) -> Decided:
    """What became of each decision, told from the findings as they were seen now."""
    frame = pl.scan_parquet(findings)
    counted = frame.group_by("verdict", "binding", "decision").len().collect(engine="streaming")
    tally: Counter[tuple[str, str | None]] = Counter()
    dismissed: Counter[tuple[str, str]] = Counter()
    for verdict, binding, decision, length in counted.iter_rows():
        tally[verdict, decision] += length
        if decision == "dismissed":
            dismissed[verdict, binding or ""] += length
    suspects = sum(number for (verdict, _), number in tally.items() if verdict == "suspect")
    settled = sum(number for (verdict, word), number in tally.items() if verdict == "suspect" and word in WORDS[:2])
    by_word = {word: sum(number for (_, one), number in tally.items() if one == word) for word in WORDS}
    done = Decided(dismissed=dict(dismissed))
    standings: Counter[str] = Counter()
    conflicts = 0
    if decisions is not None:
        done.bad, done.unknown_columns = decisions.bad, decisions.unknown_columns
        done.rows, conflicts = _standing(decisions, frame)
        standings.update(done.rows["standing"].to_list())
        done.rows = pl.concat([done.rows, decisions.rejected()])
    done.written = {
        "file": decisions.file if decisions else None,
        "sha256": decisions.sha256 if decisions else None,
        "rows": decisions.rows.height + len(decisions.bad) if decisions else 0,
        "rejected": [vars(one) for one in done.bad],
        "confirmed": by_word["confirmed"],
        "dismissed": by_word["dismissed"],
        "noted": by_word["note"],
        **{name: standings[name] for name in STANDINGS[1:]},
        "conflicts": conflicts,
        "suspects": suspects,
        "open_suspects": suspects - settled,
    }
    return done


def _standing(decisions: Decisions, findings: pl.LazyFrame) -> tuple[pl.DataFrame, int]:
    """Each decision with its standing and what changed; and on how many findings decisions contradict."""
    keys = [f"same {one}" for one in KEY]
    seen = [f"same {one}" for one in SEEN]
    rows = decisions.rows.with_row_index("number").with_columns(*comparable((*KEY, *SEEN)))
    wanted = rows.select(keys).unique().lazy()
    now = (
        findings.with_columns(*comparable((*KEY, *SEEN)))
        .join(wanted, on=keys, how="semi")
        .select(*keys, *(pl.col(one).alias(f"now {one}") for one in seen), pl.lit(value=True).alias("there"))
        .collect(engine="streaming")
    )
    same = pl.all_horizontal(*(pl.col(one) == pl.col(f"now {one}") for one in seen)).fill_null(value=False)
    joined = rows.join(now, on=keys, how="left").with_columns(same.alias("same"))
    joined = joined.sort("number", "same").unique("number", keep="last", maintain_order=True)
    counts = winners(decisions)["number"].implode()
    applied = (
        joined.filter("same").filter(pl.col("number").is_in(counts)).select(*keys, pl.col("moment").alias("since"))
    )
    joined = joined.join(applied, on=keys, how="left", maintain_order="left")
    later = (pl.col("moment") <= pl.col("since")).fill_null(value=False)
    standing = (
        pl.when(pl.col("there").is_null())
        .then(pl.lit("not_found"))
        .when(pl.col("same") & pl.col("number").is_in(counts))
        .then(pl.lit("applied"))
        .when(pl.col("same") | later)
        .then(pl.lit("superseded"))
        .otherwise(pl.lit("stale"))
    )
    parts = [
        pl.when(pl.col(f"same {one}") != pl.col(f"now same {one}")).then(
            pl.format("{}: {} → {}", pl.lit(one), pl.col(f"same {one}"), pl.col(f"now same {one}"))
        )
        for one in SEEN
    ]
    changed = pl.concat_str(parts, separator="; ", ignore_nulls=True)
    deciding = joined.filter(pl.col("same") & (pl.col("decision") != "note"))
    contradicting = deciding.group_by(keys).agg(pl.col("decision").n_unique()).filter(pl.col("decision") > 1)
    found = joined.with_columns(standing.alias("standing")).with_columns(
        pl.when(pl.col("standing") == "stale").then(changed).otherwise(pl.lit("")).alias("changed")
    )
    return found.select(*COLUMNS, "standing", "changed"), contradicting.height


def write_decisions(rows: pl.DataFrame, out: Path) -> Path:
    """Write `decisions.csv`, whole or not at all: every decision with its standing, to be given to the next audit."""
    path = out / "decisions.csv"
    unfinished = out / ".decisions.csv"
    rows.select(neutral(name) for name in rows.columns).write_csv(unfinished, include_bom=True)
    unfinished.replace(path)
    return path
