"""The sheet on which a person checks drawn verdicts, and the same sheet read back once it is filled."""

import json
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import polars as pl

from adaudit.audit.checking import Answer, Checked
from adaudit.audit.filled import BadRow, Row, read_filled
from adaudit.audit.sampling import CHECKED, Stratum
from adaudit.errors import UsageError
from adaudit.export.formats import write_csv
from adaudit.export.workbook import Sheet, Writer, how_it_was_made, plain_sheet, sheet_of
from adaudit.language import LANGUAGES, Language, texts_of
from adaudit.law import requirements
from adaudit.law.citation import cited
from adaudit.model.vocabulary import outcomes
from adaudit.rules import RULES, texts

TO_FILL: Final = ("correct", "who", "when", "note")
COLUMNS: Final = (
    *("rule", "title", "sentence", "law", "pinpoint", "verdict", "reason", "observed"),
    *TO_FILL,
    *("source", "form", "kind", "record_id", "url", "input", "locator", "input_sha256", "evidence_sha256"),
    *("rule_version", "stratum_records", "stratum_drawn"),
)
ANSWERS: Final[dict[str, Answer]] = {
    "yes": "yes",
    "no": "no",
    "unclear": "unclear",
    "ja": "yes",
    "nee": "no",
    "onduidelijk": "unclear",
}
REQUIRED: Final = ("source", "kind", "record_id", "rule", "verdict", "input_sha256", "correct")


@dataclass(frozen=True)
class FilledSheet:
    """A sheet as read back: the answers, how many rows have none yet, and what could not be taken."""

    checked: list[Checked]
    unanswered: int
    unsigned: int
    """Answers without a name of who gave them."""
    bad: list[BadRow]


def heading(column: str, language: Language) -> str:
    """The heading of a column of the sheet."""
    return texts_of("adaudit.export").say(f"sample_{column}", language)


@cache
def _columns_by_heading() -> dict[str, str]:
    return {heading(column, language).lower(): column for column in COLUMNS for language in LANGUAGES}


def _said(drawn: pl.DataFrame, language: Language) -> pl.DataFrame:
    """The drawn verdicts with the words of rule, law and reason, and room for the answers."""
    words = texts()
    quotes = {rule.id: requirements()[rule.requirement].quote for rule in RULES.values() if rule.requirement}
    reasons = {one.id: getattr(one, language) for one in outcomes().values()}

    def looked_up(column: str, found: dict[str, str]) -> pl.Expr:
        return pl.col(column).replace_strict(found, default=None, return_dtype=pl.String)

    return drawn.with_columns(
        looked_up("rule", {rule: text["title"][language] for rule, text in words.items()}).alias("title"),
        looked_up("rule", {rule: text["sentence"][language] for rule, text in words.items()}).alias("sentence"),
        looked_up("rule", quotes).alias("law"),
        looked_up("pinpoint", {one: cited(one, language) for one in drawn["pinpoint"].unique()}).alias("pinpoint"),
        looked_up("reason", reasons).alias("reason"),
        *(pl.lit(None, dtype=pl.String).alias(name) for name in TO_FILL),
    ).select(pl.col(column).alias(heading(column, language)) for column in COLUMNS)


def write_sheet(drawn: pl.DataFrame, out: Path, language: Language) -> list[Path]:
    """Write `sample.csv`, and `sample.xlsx` with choices to pick from where the extra xlsx is installed."""
    frame = _said(drawn, language).lazy()
    paths = [write_csv(frame, out / "sample.csv")]
    if find_spec("xlsxwriter") is None:
        return paths
    say = texts_of("adaudit.export").say
    with tempfile.TemporaryDirectory(prefix=".adaudit-", dir=out) as scratch:
        writer = Writer(out / "sample.xlsx", Path(scratch))
        sheet, _ = sheet_of(say("sample_sheet", language), frame)
        choices = {heading("correct", language): say("answers", language).split(", ")}
        writer.write(Sheet(sheet.name, sheet.columns, sheet.height, sheet.rows, sheet.widths, choices))
        header = (say("what", language), say("value", language))
        writer.write(plain_sheet(say("made_sheet", language), header, how_it_was_made(out, language)))
        writer.close()
    return [*paths, out / "sample.xlsx"]


def read_sheet(path: Path, out: Path) -> tuple[FilledSheet, dict[Stratum, int]]:
    """The answers on a filled sheet of the audit in `out`, and the size of every stratum of that audit.

    A row that does not belong to this audit, or whose answer is none of the three, is a bad row. Raises
    UsageError for a file that cannot be read or is no such sheet, and a folder that holds no audit.
    """
    try:
        summary = json.loads((out / "summary.json").read_text("utf-8"))
        sizes = _sizes(summary["verdicts"])
        inputs = {one["sha256"] for one in summary["inputs"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{out} holds no audit: its summary.json could not be read ({error}).") from error
    filled = read_filled(path, "--checked", _columns_by_heading(), REQUIRED)
    found = FilledSheet([], 0, 0, [])
    seen: set[tuple[str, ...]] = set()
    unanswered = unsigned = 0
    for place, row in filled.rows:
        wrong = _wrong(row, sizes, inputs, seen)
        if wrong:
            found.bad.append(BadRow(place, wrong))
        elif not row["correct"]:
            unanswered += 1
        else:
            unsigned += not row.get("who")
            found.checked.append(Checked(_stratum(row), ANSWERS[row["correct"].lower()]))
    return FilledSheet(found.checked, unanswered, unsigned, found.bad), sizes


def _stratum(row: Row) -> Stratum:
    return Stratum(row["source"], row["kind"], row["rule"], row["verdict"])


def _wrong(row: Row, sizes: dict[Stratum, int], inputs: set[str], seen: set[tuple[str, ...]]) -> str | None:
    for column in REQUIRED:
        row.setdefault(column, "")
    if _stratum(row) not in sizes:
        return f"{row['rule']} gave no verdict {row['verdict']!r} on a {row['kind']} of {row['source']} in this audit"
    if row["input_sha256"] not in inputs:
        return "its input is none of this audit's: the sheet is another audit's"
    key = tuple(row[column] for column in ("source", "kind", "record_id", "rule"))
    if key in seen:
        return "this verdict stands on the sheet twice"
    seen.add(key)
    if row["correct"] and row["correct"].lower() not in ANSWERS:
        return f"the answer is {row['correct']!r}; expected yes, no or unclear (ja, nee, onduidelijk)"
    return None


def _sizes(verdicts: list[dict[str, object]]) -> dict[Stratum, int]:
    sizes: dict[Stratum, int] = {}
    for row in verdicts:
        for verdict in CHECKED:
            number = row[verdict]
            assert isinstance(number, int)  # noqa: S101 - as `summary.json` is written
            if number:
                stratum = Stratum(str(row["source"]), str(row["kind"]), str(row["rule"]), verdict)
                sizes[stratum] = sizes.get(stratum, 0) + number
    return sizes
