"""Tables as CSV and charts as pictures, beside the other results of an audit."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import polars as pl

from adaudit.audit.facts import UNNAMED, WITHHELD
from adaudit.audit.run import Audit, Progress
from adaudit.audit.spend import plain
from adaudit.audit.statements import short_title
from adaudit.audit.tables import Table
from adaudit.cli.lang import SAY
from adaudit.language import DEFAULT, LANGUAGES, Language, in_language
from adaudit.law import APPLIES, TTPA, elections
from adaudit.rules import RULES, texts
from adaudit.spreadsheet import neutral

if TYPE_CHECKING:
    from adaudit.charts import Drawn, Material


def write_tables(audit: Audit, dimensions: Sequence[str]) -> list[Table]:
    """Write `tables/<dimension>.csv` for each dimension and return the tables."""
    folder = audit.out / "tables"
    folder.mkdir(exist_ok=True)
    tables = [audit.table_by(dimension) for dimension in dict.fromkeys(dimensions)]
    for table in tables:
        path = folder / f"{table.dimension}.csv"
        table.frame.with_columns(neutral(table.dimension)).write_csv(path)
    return tables


def draw_charts(audit: Audit, progress: Progress, names: Sequence[str], language: Language = DEFAULT) -> "list[Drawn]":
    """Draw the named charts into `charts/`, each with its numbers as CSV, and `index.json` over all of them.

    One that has nothing to show says why, in the index too.
    """
    from adaudit.charts import draw

    if not names:
        return []
    folder = audit.out / "charts"
    material = _material(audit)
    drawn: list[Drawn] = []
    for index, name in enumerate(names):
        progress(SAY.both("drawing", name=name), index, len(names))
        drawn += draw(material, folder, [name], language)
    for one in drawn:
        if one.rows:
            _write_numbers(one.rows, folder / f"{one.name}.csv")
    index_text = json.dumps([_entry(one) for one in drawn], ensure_ascii=False, indent=1) + "\n"
    (folder / "index.json").write_text(index_text, encoding="utf-8")
    return drawn


def _entry(one: "Drawn") -> dict[str, object]:
    """What `charts/index.json` says of a chart; file names are relative to it."""
    return {
        "name": one.name,
        "title": one.title,
        "alt": one.alt,
        "files": [path.name for path in one.paths],
        "data": f"{one.name}.csv" if one.rows else None,
        "skipped": one.skipped,
    }


def _write_numbers(rows: Sequence[Mapping[str, object]], path: Path) -> None:
    """The plotted numbers as CSV: exact amounts as plain decimals, text safe for spreadsheets."""
    cells = [{name: plain(v) if isinstance(v, Decimal) else v for name, v in row.items()} for row in rows]
    amounts = {name for row in rows for name, value in row.items() if isinstance(value, Decimal)}
    frame = pl.DataFrame(cells, infer_schema_length=None)
    texts_ = [name for name, dtype in frame.schema.items() if dtype == pl.String and name not in amounts]
    frame.with_columns(neutral(name) for name in texts_).write_csv(path)


def _material(audit: Audit) -> "Material":
    """Everything the charts may show, made from the summary and, in bounded memory, from records and verdicts."""
    from adaudit.charts.material import Material, MonthShare, SponsorSpend, TargetingShown, Vote

    forms = sorted({(layout.source, layout.form) for layout in audit.intake.layouts.known})
    standing: dict[str, Literal["nobody", "withheld"]] = {UNNAMED: "nobody", WITHHELD: "withheld"}
    return Material(
        summary=audit.summary,
        sponsors=[SponsorSpend(**vars(one), standing=standing.get(one.name, "named")) for one in audit.sponsors()],
        titles={rule: {one: text["title"][one] for one in LANGUAGES} for rule, text in texts().items()},
        sources={
            f"{source}/{form}": {one: in_language(short_title(source, form), one) for one in LANGUAGES}
            for source, form in forms
        },
        severities={rule: RULES[rule].severity for rule in sorted(RULES)},
        months=[MonthShare(**vars(one)) for one in audit.months()],
        votes={
            form: [
                Vote(one.day, one.country, one.kind, one.name) for one in elections().values() if one.country in states
            ]
            for form, states in audit.concerned().items()
        },
        applies=APPLIES[TTPA],
        targeting=[TargetingShown(**vars(one)) for one in audit.targeting()],
    )


def draw_report(audit: Audit, progress: Progress, language: Language = DEFAULT) -> Path:
    """Write `report.html` from what lies in the folder by now: tables, charts and findings in one page."""
    from adaudit.report import write_report

    progress(SAY.both("writing_report"), 0, 1)
    return write_report(audit.out, language)
