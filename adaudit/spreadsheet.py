"""What spreadsheets do to text, and how text is kept from it: the one room for both ways.

Text of ads is hostile: a cell that starts as a formula would be run by the program that opens it.
Workbooks are read and written through the extra `xlsx` alone, and only here.
"""

from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import polars as pl

from adaudit.errors import UnreadableInput, UsageError

FORMULA: Final = r"^[\s]*[=+\-@\t\r]"
CONTROL: Final = r"[\x00-\x1f\x7f-\x9f]"
MOST_ROWS: Final = 1_048_575
"""Rows that a sheet holds below its header."""
LONGEST_CELL: Final = 32_767
"""Characters that a cell holds; the writer would drop a longer one without a word."""


def clean(text: pl.Expr) -> pl.Expr:
    """The text with a space for every control character, line ends among them."""
    return text.str.replace_all(CONTROL, " ")


def neutral(column: str | pl.Expr) -> pl.Expr:
    """Text that a spreadsheet would run as a formula gets an apostrophe; control characters go.

    Doing it twice changes nothing more, so that neutral texts can be compared with one another.
    """
    text = clean(pl.col(column) if isinstance(column, str) else column)
    found = pl.when(text.str.contains(FORMULA)).then(pl.concat_str(pl.lit("'"), text)).otherwise(text)
    return found.alias(column) if isinstance(column, str) else found


def check_workbooks(wanted_by: str) -> None:
    """Raises UsageError, naming the extra to install, where workbooks can be neither read nor written."""
    absent = [name for name in ("xlsxwriter", "fastexcel") if find_spec(name) is None]
    if absent:
        raise UsageError(
            f"{wanted_by} needs the extra xlsx ({' and '.join(absent)} not installed): pip install 'adaudit[xlsx]'."
        )


def new_workbook(path: Path, scratch: Path) -> Any:  # noqa: ANN401 - xlsxwriter has no types
    """A workbook to be written row by row in bounded memory; nothing in it is a formula or a link.

    Its rows lie in `scratch` until it is closed. The same content gives the same bytes: the day of
    making that the format asks for is always the same.
    """
    from xlsxwriter import Workbook

    book = Workbook(
        str(path),
        {
            "constant_memory": True,
            "tmpdir": str(scratch),
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "use_zip64": True,
        },
    )
    book.set_properties({"created": datetime(2024, 4, 10)})
    return book


def read_sheets(path: Path) -> dict[str, pl.DataFrame]:
    """Every sheet of a workbook by name, its first row as header, every cell as text.

    Raises UnreadableInput for a file that is no workbook, UsageError without the extra.
    """
    check_workbooks(f"reading {path.name}")
    import fastexcel

    try:
        book = fastexcel.read_excel(path)
        return {name: book.load_sheet(name, dtypes="string").to_polars() for name in book.sheet_names}
    except (fastexcel.FastExcelError, OSError) as error:
        raise UnreadableInput("a workbook (.xlsx)", str(error).splitlines()[0], place=path.name) from error
