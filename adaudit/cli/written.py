"""Tables as CSV and charts as pictures, beside the other results of an audit."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from adaudit.audit.run import Audit, Progress
from adaudit.audit.statements import short_title
from adaudit.audit.tables import Table
from adaudit.rules import texts

if TYPE_CHECKING:
    from adaudit.charts import Drawn

FORMULA: Final = r"^[\s]*[=+\-@\t\r]"


def neutral(column: str) -> pl.Expr:
    """Text that a spreadsheet would run as a formula gets an apostrophe; control characters go."""
    clean = pl.col(column).str.replace_all(r"[\x00-\x1f\x7f-\x9f]", " ")
    return pl.when(clean.str.contains(FORMULA)).then(pl.concat_str(pl.lit("'"), clean)).otherwise(clean).alias(column)


def write_tables(audit: Audit, dimensions: Sequence[str]) -> list[Table]:
    """Write `tables/<dimension>.csv` for each dimension and return the tables."""
    folder = audit.out / "tables"
    folder.mkdir(exist_ok=True)
    tables = [audit.table_by(dimension) for dimension in dict.fromkeys(dimensions)]
    for table in tables:
        path = folder / f"{table.dimension}.csv"
        table.frame.with_columns(neutral(table.dimension)).write_csv(path)
    return tables


def draw_charts(audit: Audit, progress: Progress) -> "list[Drawn]":
    """Draw every chart into `charts/`; one that has nothing to show says why."""
    from adaudit.charts import CHARTS, draw
    from adaudit.charts.material import Material, SponsorSpend

    folder = audit.out / "charts"
    forms = {(layout.source, layout.form) for layout in audit.intake.layouts.known}
    material = Material(
        summary=audit.summary,
        sponsors=[SponsorSpend(**vars(one)) for one in audit.sponsors()],
        titles={rule: text["title"]["en"] for rule, text in texts().items()},
        sources={f"{source}/{form}": short_title(source, form) for source, form in sorted(forms)},
    )
    drawn: list[Drawn] = []
    for index, name in enumerate(CHARTS):
        progress(f"drawing {name}", index, len(CHARTS))
        drawn += draw(material, folder, [name])
    return drawn


def draw_report(audit: Audit, progress: Progress) -> Path:
    """Write `report.html` from what lies in the folder by now: tables, charts and findings in one page."""
    from adaudit.report import write_report

    progress("writing the report", 0, 1)
    return write_report(audit.out)
