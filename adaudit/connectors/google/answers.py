"""Takes the records out of the rows of BigQuery's answers: one cell a row, and in it the record as JSON text."""

from typing import Final

import polars as pl

from adaudit.connectors.document import Outline, decode_at
from adaudit.connectors.lines import Lines, lines_at
from adaudit.errors import UnreadableInput

ROWS: Final = pl.List(pl.Struct({"f": pl.List(pl.Struct({"v": pl.String}))}))
"""How an answer writes rows: a list of cells `f`, each with a value `v`."""
PLACE: Final = "/rows/{}/f/0/v"


def from_cells(found: Outline) -> Lines:
    """The records of an answer, each at the place of its cell.

    A cell that holds no JSON object is set aside. Raises UnreadableInput where rows have other cells than that one.
    """
    try:
        rows = decode_at(found.document, ("rows",), ROWS)
    except pl.exceptions.PolarsError as error:
        raise _unlike("rows of another form") from error
    cells = rows.explode(empty_as_null=False, keep_nulls=False).struct.field("f")
    if (cells.list.len() != 1).any() or cells.null_count():
        raise _unlike("rows of several cells")
    texts = cells.list.first().struct.field("v").fill_null("null").str.strip_chars().to_list()
    if texts and not any(text.startswith("{") for text in texts):
        raise _unlike(f"cells such as {texts[0][:60]!r}")
    return lines_at(range(len(texts)), texts, PLACE)


def _unlike(what: str) -> UnreadableInput:
    return UnreadableInput(
        "an answer of BigQuery with one cell a row that holds the row of the table as JSON (TO_JSON_STRING)",
        what,
        place="/rows",
        advice="Ask as adaudit pull google --what transparency_center does, or save the result of the query as JSON.",
    )
