"""An audit for Python: `import adaudit; audit = adaudit.audit("file.zip")`."""

import html
import shutil
import tempfile
import weakref
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any, Final, TypedDict, Unpack

import polars as pl

from adaudit.audit.options import DIMENSIONS, Options
from adaudit.audit.run import Audit
from adaudit.audit.run import audit as run_audit
from adaudit.errors import UnreadableInput, UsageError
from adaudit.language import DEFAULT, LANGUAGES, Language, number, share, texts_of
from adaudit.model.vocabulary import VERDICTS, outcome_by_code
from adaudit.rules import RULES

TEXTS: Final = ("adaudit.audit", "results.toml")
SHOWN: Final = ("ok", "partial", "missing", "invalid", "not_exposed")
"""The verdicts that decide a disclosure, in the order of the table; their sum is the denominator of each."""
MOST_ROWS: Final = 30
MOST_STATEMENTS: Final = 5
File = str | PathLike[str]


class Asked(TypedDict, total=False):
    """What an audit can be asked, as on the command line; days as `date` or as `2025-10-10`."""

    source: str | None
    country: str | None
    since: date | str | None
    until: date | str | None
    election: str | None
    political: bool
    political_actors: File | None
    assume_country: str | None
    decisions: File | None
    redact_persons: bool
    organisations: File | None


class Results:
    """A finished audit: its summary, and its frames read from `out` when they are asked for.

    Large audits need not be read whole: `polars.scan_parquet(results.out / "findings.parquet")`.
    """

    def __init__(self, audit: Audit, language: Language) -> None:
        self._audit = audit
        self._language = language

    @property
    def out(self) -> Path:
        """The folder in which the results lie."""
        return self._audit.out

    @property
    def summary(self) -> dict[str, Any]:
        """`summary.json`: inputs with hashes, counts with their denominators, statements."""
        return self._audit.summary

    @property
    def problems(self) -> list[str]:
        """Inputs and rows that could not be read, in words; empty where everything was."""
        found: list[str] = []
        for report in self._audit.intake.reports:
            if report.problem:
                found.append(f"{report.path}: {report.problem}")
            if report.rejected:
                first = report.rejected[0]
                found.append(
                    f"{report.path}: {len(report.rejected)} rows rejected; first: {first.place}: {first.reason}"
                )
        return [*found, *(f"decisions, {bad.place}: {bad.reason}" for bad in self._audit.decided.bad)]

    @cached_property
    def findings(self) -> pl.DataFrame:
        """One row a finding, with article, observed value and place in the bytes."""
        return pl.read_parquet(self.out / "findings.parquet")

    @cached_property
    def records(self) -> pl.DataFrame:
        """One row a record: what the source discloses."""
        return pl.read_parquet(self.out / "records.parquet")

    @cached_property
    def verdicts(self) -> pl.DataFrame:
        """One row a record in the order of `records`, one column a rule: its verdict in words.

        Null where the rule does not speak of the record.
        """
        identity = pl.scan_parquet(self.out / "records.parquet").select("source", "form", "kind", "record_id")
        words = {code: outcome.verdict for code, outcome in outcome_by_code().items()}
        verdict = pl.Enum(VERDICTS)
        judged = pl.scan_parquet(self.out / "verdicts.parquet").select(
            pl.col(rule).replace_strict(words, default=None, return_dtype=verdict) for rule in sorted(RULES)
        )
        return pl.concat([identity, judged], how="horizontal").collect()

    def table(self, by: str = "source") -> pl.DataFrame:
        """Counts of verdicts by source, sponsor, country, month or election; `checks` is their denominator.

        Raises UsageError for another dimension.
        """
        if by not in DIMENSIONS:
            raise UsageError(f"a table is by one of {', '.join(DIMENSIONS)}; not by {by!r}.")
        return self._audit.table_by(by).frame

    def __repr__(self) -> str:
        """How much was audited."""
        return f"<adaudit: {self._title()}>"

    def _title(self) -> str:
        counts = {
            "records": self._audit.assembled.total,
            "files": self._audit.intake.files,
            "findings": int(pl.scan_parquet(self.out / "findings.parquet").select(pl.len()).collect().item()),
        }
        shown = {name: number(count, self._language) for name, count in counts.items()}
        return texts_of(*TEXTS).say("title", self._language, **shown)

    def _repr_html_(self) -> str:
        """A table of sources and the main statements, for a notebook; every text is escaped."""

        def text(key: str, **values: object) -> str:
            return html.escape(texts_of(*TEXTS).say(key, self._language, **values))

        heads = [
            "source",
            "kind",
            "binding",
            "records",
            "ok",
            "partial",
            "missing",
            "invalid",
            "not_exposed",
            "suspect",
        ]
        rows = [self._html_row(row, text) for row in self.table("source").head(MOST_ROWS).iter_rows(named=True)]
        problems = [f"<p><strong>{text('problem', problem=one)}</strong></p>" for one in self.problems]
        statements = self.summary["statements"][:MOST_STATEMENTS]
        said = [f"<li>{html.escape(one.get(self._language) or one['en'])}</li>" for one in statements]
        head = "".join(f"<th>{text(key)}</th>" for key in heads)
        return (
            f"<div><p><strong>{html.escape(self._title())}</strong></p>{''.join(problems)}"
            f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
            f"<p><small>{text('checks')}</small></p><ol>{''.join(said)}</ol></div>"
        )

    def _html_row(self, row: Mapping[str, Any], text: Any) -> str:  # noqa: ANN401 - a closure
        language = self._language
        cells = [html.escape(str(row["source"])), html.escape(str(row["kind"])), text(row["binding"])]
        cells.append(number(row["records"], language))
        for verdict in SHOWN:
            cells.append(share(row[verdict], row["checks"], language) if row["checks"] else "–")
        cells.append(share(row["suspect"], row["guard_checks"], language) if row["guard_checks"] else "–")
        return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def audit(*paths: File, out: File | None = None, language: Language = DEFAULT, **asked: Unpack[Asked]) -> Results:
    """Audit files and folders, any mix, and give the results; the same as `adaudit audit` on the command line.

    Args:
        paths: files and folders; each file is recognised by its content.
        out: folder for the results; without it they lie in a temporary one that goes with the object.
        language: `en` or `nl`, of what is shown in a notebook.
        asked: `source`, `country`, `since`, `until`, `election`, `political`, `political_actors`,
            `assume_country`, `decisions`, `redact_persons`, `organisations`.

    Raises:
        UsageError: a path or an option is wrong; nothing was done.
        UnreadableInput: none of the inputs could be read. Where some could, `problems` names the others.
    """
    if not paths:
        raise UsageError("no file or folder was given to audit.")
    if language not in LANGUAGES:
        raise UsageError(f"language is one of {', '.join(LANGUAGES)}; not {language!r}.")
    options = _options(asked)
    folder = Path(out) if out is not None else Path(tempfile.mkdtemp(prefix="adaudit-"))
    try:
        done = run_audit([Path(path) for path in paths], folder, options, lambda _what, _done, _total: None)
        results = Results(done, language)
        reports = done.intake.reports
        if all(report.problem for report in reports):
            raise UnreadableInput("at least one file that can be audited", "; ".join(results.problems))
    except BaseException:
        if out is None:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    if out is None:
        weakref.finalize(results, shutil.rmtree, folder, ignore_errors=True)
    return results


def _options(asked: Asked) -> Options:
    """The options, with paths and days in their types. Raises UsageError for an unknown one or a wrong day."""
    known = {one.name for one in fields(Options)} & Asked.__annotations__.keys()
    unknown = [name for name in asked if name not in known]
    if unknown:
        raise UsageError(f"unknown option {', '.join(unknown)}; known are {', '.join(sorted(known))}.")
    chosen: dict[str, Any] = dict(asked)
    for name in ("political_actors", "decisions", "organisations"):
        if chosen.get(name) is not None:
            chosen[name] = Path(chosen[name])
    for name in ("since", "until"):
        if isinstance(chosen.get(name), str):
            try:
                chosen[name] = date.fromisoformat(chosen[name])
            except ValueError as error:
                raise UsageError(f"{name} is {chosen[name]!r}; expected a day such as 2025-10-10.") from error
    if chosen.get("political") and chosen.get("political_actors"):
        raise UsageError("political and political_actors exclude one another.")
    return Options(**chosen)
