"""Reads the sheets of an Excel workbook as CSV; the one module that knows the reader of workbooks.

A cell becomes the text that stands for its value: dates as ISO, whole numbers with their digits. A
number has 15 digits in a spreadsheet, so an id kept as a longer number is gone: it is written as the
power of ten that is left of it (`1.70585123456789E+17`), and is then judged as damaged.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from adaudit.errors import UnreadableInput
from adaudit.evidence.archives import Allowance, members, opened, unpacked
from adaudit.language import Wording, texts_of

if TYPE_CHECKING:
    import fastexcel

SAY: Final = texts_of("adaudit.evidence")
WORKBOOK: Final = frozenset({"[Content_Types].xml", "xl/workbook.xml"})
"""Members that tell a workbook from any other zip."""
MOST_CELLS: Final = 40_000_000
"""Cells of one sheet, empty ones between others counted: a sheet of all its rows and 38 columns."""
EXACT: Final = 2**53
SIXTEEN: Final = r"^-?[1-9]\d{15,}$"
MIDNIGHT: Final = r"^(\d{4}-\d\d-\d\d) 00:00:00$"
REFERENCE: Final = r'\sr="[A-Z]{1,3}[0-9]{1,7}"'
ERROR_CELL: Final = re.compile(rb'<(?:\w+:)?c\b[^>]*\bt="e"')
SHEET_XML: Final = re.compile(r"^xl/worksheets/[^/]+\.xml$")


@dataclass(frozen=True)
class Sheet:
    """One sheet as UTF-8 CSV, or the problem that it could not be read for."""

    name: str
    data: bytes
    notices: tuple[Wording, ...] = ()
    problem: UnreadableInput | None = None


def sheets(data: bytes, allowance: Allowance) -> Iterator[Sheet]:
    """Every sheet that holds cells, in the order of the workbook; empty ones are named beside them.

    Raises UnreadableInput where the extra `xlsx` is absent, the workbook is damaged or all sheets are empty.
    """
    try:
        import fastexcel
    except ImportError as error:
        raise UnreadableInput(
            "the extra that reads workbooks",
            "an Excel workbook (.xlsx), and the extra is not installed",
            advice="Run: pip install 'adaudit[xlsx]'. Or save each sheet as CSV UTF-8.",
        ) from error
    notices = _inspect(data, allowance)
    try:
        book = fastexcel.read_excel(data)
        names = list(book.sheet_names)
    except fastexcel.FastExcelError as error:
        raise _damaged(error) from error
    empty: list[str] = []
    found: list[Sheet] = []
    for name in names:
        try:
            cells = _cells(book, name)
        except fastexcel.FastExcelError as error:
            found.append(Sheet(name, b"", problem=_damaged(error, name)))
            continue
        if cells is None:
            empty.append(name)
        else:
            found.append(Sheet(name, _as_csv(cells)))
    if not found:
        raise UnreadableInput("a workbook with rows", f"{len(names):,} sheets, all of them empty")
    if empty:
        notices += (SAY.both("empty_sheets", names=", ".join(repr(name) for name in empty)),)
    first, *others = found
    yield Sheet(first.name, first.data, notices, first.problem)
    yield from others


def _damaged(error: Exception, place: str = "") -> UnreadableInput:
    reason = str(error).splitlines()[0] if str(error) else "unknown"
    return UnreadableInput(
        "a workbook that opens",
        f"one that does not ({reason})",
        place=place,
        advice="Save it again as .xlsx, or as CSV UTF-8.",
    )


def _inspect(data: bytes, allowance: Allowance) -> tuple[Wording, ...]:
    """What is to be said of the cells. Raises UnreadableInput before a sheet too large for memory is opened."""
    errors = 0
    with opened(data) as archive:
        for info in members(archive):
            xml = unpacked(archive, info, allowance)
            if SHEET_XML.match(info.filename):
                _bounded(xml, info)
                errors += len(ERROR_CELL.findall(xml)) if b't="e"' in xml else 0
    return (SAY.of("error_cells", errors),) if errors else ()


def _bounded(xml: bytes, info: zipfile.ZipInfo) -> None:
    references = pl.Series([xml.decode("utf-8", "replace")]).str.extract_all(REFERENCE).explode(empty_as_null=True)
    letters = references.str.extract("([A-Z]+)").unique().drop_nulls()
    rows = int(references.str.extract("([0-9]+)").cast(pl.Int64).drop_nulls().to_numpy().max(initial=0))
    columns = max((_column(one) for one in letters), default=0)
    if columns * rows > MOST_CELLS:
        raise UnreadableInput(
            f"sheets of at most {MOST_CELLS:,} cells",
            f"one whose cells reach to row {rows:,} and column {columns:,}",
            place=info.filename,
            advice="Delete stray cells far from the table, or save the sheet as CSV UTF-8.",
        )


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _cells(book: "fastexcel.ExcelReader", name: str) -> pl.DataFrame | None:
    """The cells of one sheet as text, without blank rows and columns; None where all are blank."""
    sheet = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
    if not sheet.width or not sheet.height:
        return None
    text = sheet.to_polars()
    text = text.select(column for column in text if not (column.str.strip_chars().fill_null("") == "").all())
    if not text.width:
        return None
    long = text.select(pl.all().str.contains(SIXTEEN).fill_null(value=False))
    if long.select(pl.any_horizontal(pl.all()).any()).item():
        # asked for as booleans, numbers give one and texts give none: so the two are told apart
        numbers = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="boolean").to_polars()
        text = _destroyed(text, long, numbers.select(text.columns))
    text = text.with_columns(pl.all().str.replace(MIDNIGHT, "$1"))
    kept: pl.DataFrame = text.filter(pl.any_horizontal(pl.all().str.strip_chars() != ""))
    return kept


def _destroyed(text: pl.DataFrame, long: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    """The cells with numbers of more than 15 digits as what is left of them.

    Up to 2^53 a program may have written 16 digits that are all true; a spreadsheet leaves a nought at
    the end. So 16 digits are kept where one such number of the sheet ends in something else.
    """
    wide = {name: long[name] & numbers[name].is_not_null() for name in text.columns}
    exact = {
        name: wide[name] & (text[name].cast(pl.Int128, strict=False).abs() <= EXACT).fill_null(value=False)
        for name in text.columns
    }
    written_whole = any((exact[name] & ~text[name].str.ends_with("0")).fill_null(value=False).any() for name in exact)
    columns = []
    for name in text.columns:
        gone = (wide[name] & ~exact[name] if written_whole else wide[name]).fill_null(value=False)
        left = [_power_of_ten(cell) if lost else cell for cell, lost in zip(text[name], gone, strict=True)]
        columns.append(pl.Series(name, left, dtype=pl.String))
    return pl.DataFrame(columns)


def _power_of_ten(number: str) -> str:
    """The 15 digits that a spreadsheet keeps of a number, as it writes them: `1.70585123456789E+17`."""
    mantissa, power = f"{float(number):.14E}".split("E")
    return f"{mantissa.rstrip('0').rstrip('.')}E{power}"


def _as_csv(cells: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    cells.write_csv(out, include_header=False, quote_style="always")
    return out.getvalue()
