"""Reports of Meta's ad library: two zip downloads of July 2025, a table of March 2023, a zip of 2019."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from adaudit.sample import names
from adaudit.sample.draw import Draw, draw_for, scaled, spread_ids
from adaudit.sample.writing import report_lines, zip_bytes

TABLE_FILE = "meta/FacebookAdLibraryReport_2023-03-05_NL_last_30_days_advertisers.csv"

_SMALL = 100
_SMALL_TEXT = "≤100"
_CANTONS = (
    "Aargau",
    "Basel-City",
    "Bern",
    "Canton of Geneva",
    "Canton of St. Gallen",
    "Graubünden",
    "Ticino",
    "Unknown",
    "Vaud",
    "Zürich",
)
_README = (
    "The Meta Ad Library is a searchable database. This report is part of a fictional sample.\n"
    "The file holds the total amount spent and the number of ads for each page and disclaimer, in the\n"
    "selected country and for the dates in the file's name. All advertisers in this report are fictional.\n"
)
OLD_FILE = "meta/report_NL_2019-05-18.zip"
_OLD_STEM = "FacebookAdLibraryReportNL2019-05-18"
_OLD_ROWS = 60
_OLD_README = (
    "Facebook's Ad Library is a searchable database. This report is part of a fictional sample.\n"
    "The amounts are those of ad accounts in one currency; the files themselves name none.\n"
)


class _Report(NamedTuple):
    """What distinguishes one report from another."""

    path: str
    stem: str
    currency: str
    rows: int
    without_disclaimer: float
    small: float
    regions: tuple[str, ...]
    parties: tuple[str, ...]
    towns: tuple[str, ...]
    candidate: str
    accounts_without_page: bool


class _Row(NamedTuple):
    page_id: str
    page_name: str
    disclaimer: str
    amount: int
    ads: int
    regions: tuple[tuple[str, int], ...]


BELGIUM = _Report(
    path="meta/report_BE_2025-07-13-last_30_days.zip",
    stem="FacebookAdLibraryReport_2025-07-12_BE_last_30_days",
    currency="EUR",
    rows=350,
    without_disclaimer=0.57,
    small=0.78,
    regions=("Brussels", "Flemish Region", "Unknown", "Wallonia"),
    parties=names.BELGIAN_PARTIES,
    towns=names.BELGIAN_TOWNS,
    candidate="Candidat",
    accounts_without_page=True,
)
SWITZERLAND = BELGIUM._replace(
    path="meta/report_CH_2025-07-15-last_30_days.zip",
    stem="FacebookAdLibraryReport_2025-07-14_CH_last_30_days",
    currency="CHF",
    rows=120,
    without_disclaimer=0.74,
    small=0.84,
    regions=_CANTONS,
    parties=names.CANTON_PARTIES,
    towns=names.SWISS_TOWNS,
    candidate="Kandidatur",
)
NETHERLANDS = BELGIUM._replace(
    path=TABLE_FILE,
    rows=300,
    without_disclaimer=0.58,
    small=0.75,
    parties=tuple(sponsor.name for sponsor in names.SPONSORS),
    towns=names.TOWNS,
    candidate="Kandidaat",
    accounts_without_page=False,
)


def files(seed: int, scale: float) -> Iterator[tuple[str, bytes]]:
    """The two zips, the table, and the zip in the layout of 2019."""
    for report in (BELGIUM, SWITZERLAND):
        rows = _rows(draw_for(seed, report.path), report, scaled(report.rows, scale))
        yield report.path, zip_bytes(_members(report, rows))
    rows = _rows(draw_for(seed, TABLE_FILE), NETHERLANDS, scaled(NETHERLANDS.rows, scale))
    yield TABLE_FILE, _advertisers("EUR", rows)
    rows = _rows(draw_for(seed, OLD_FILE), NETHERLANDS, scaled(_OLD_ROWS, scale))
    yield OLD_FILE, zip_bytes(_old_members(rows))


def _old_members(rows: Sequence[_Row]) -> Iterator[tuple[str, bytes]]:
    """The two tables of 2019, to date and of the week: neither page ids nor a currency."""
    header = ("Page Name", "Disclaimer", "Amount Spent", "Number of Ads in Library")
    week = [row._replace(amount=row.amount // 9, ads=1 + row.ads // 5) for row in rows[::3]]
    for name, found in (("SpendingToDate", rows), ("ThisWeekSpending", week)):
        cells = [(row.page_name, row.disclaimer, _amount(row.amount), str(row.ads)) for row in found]
        yield f"{_OLD_STEM}{name}.csv", report_lines(header, cells)
    yield "README.txt", _OLD_README.encode()


def _members(report: _Report, rows: Sequence[_Row]) -> Iterator[tuple[str, bytes]]:
    column = f"Amount spent ({report.currency})"
    by_region: dict[str, list[tuple[_Row, int]]] = {region: [] for region in report.regions}
    for row in rows:
        for region, amount in row.regions:
            by_region[region].append((row, amount))
    totals = [(region, _amount(sum(amount for _, amount in found))) for region, found in by_region.items()]
    yield f"{report.stem}_locations.csv", report_lines(("Location name", column), totals)
    yield f"{report.stem}_advertisers.csv", _advertisers(report.currency, rows)
    yield "README.txt", _README.encode()
    header = ("Page ID", "Page name", "Disclaimer", column)
    for region, found in by_region.items():
        found.sort(key=lambda entry: -entry[1])
        cells = [(row.page_id, row.page_name, row.disclaimer, _amount(amount)) for row, amount in found]
        yield f"regions/{report.stem}_{region}.csv", report_lines(header, cells)


def _advertisers(currency: str, rows: Iterable[_Row]) -> bytes:
    header = ("Page ID", "Page name", "Disclaimer", f"Amount spent ({currency})", "Number of ads in Library")
    cells = [(row.page_id, row.page_name, row.disclaimer, _amount(row.amount), str(row.ads)) for row in rows]
    return report_lines(header, cells)


def _amount(amount: int) -> str:
    return str(amount) if amount > _SMALL else _SMALL_TEXT


def _rows(draw: Draw, report: _Report, number: int) -> list[_Row]:
    """The rows in the report's order: the largest amount first.

    One page appears twice with one and the same disclaimer; in the zips some accounts without a
    page share the page id 0.
    """
    page_ids = spread_ids(draw, number, 100_000_000_000, 990_000_000_000_000)
    found = [_row(draw, report, position, str(page_id)) for position, page_id in enumerate(page_ids)]
    if number > 2:
        original = found[1]
        amount = original.amount // 3 + 240
        found[2] = original._replace(amount=amount, ads=2, regions=_regions(draw, report, amount))
    return sorted(found, key=lambda row: -row.amount)


def _row(draw: Draw, report: _Report, position: int, page_id: str) -> _Row:
    named = position < 2 or not draw.chance(report.without_disclaimer)
    if position % 25 == 24 and report.accounts_without_page:
        page_id, page_name = "0", f"Instagram User {1_000_000_000 + draw.between(0, 899_999_999)}"
        disclaimer = names.NO_DISCLAIMER
        named = False
    else:
        page_name = _page_name(draw, report, position)
        disclaimer = _disclaimer(draw, report, page_name) if named else names.NO_DISCLAIMER
    large = position < 2 or not draw.chance(report.small + (0.1 if not named else -0.15))
    amount = draw.skewed(_SMALL + 1, 32_000 if named else 4_000) if large else draw.between(0, _SMALL)
    ads = 1 + draw.skewed(0, 6 if not named else 90)
    return _Row(page_id, page_name, disclaimer, amount, ads, _regions(draw, report, amount))


def _page_name(draw: Draw, report: _Report, position: int) -> str:
    town = draw.pick(report.towns)
    kind = position % 4
    if kind == 0:
        return f"{report.candidate} {position + 3}"
    if kind == 1:
        return f"{draw.pick(report.parties)} {town}"
    if kind == 2:
        return f"Shop {position + 1}, {town}" if position % 3 else f'"Stoel {position}" {town}'
    return draw.pick(report.parties)


def _disclaimer(draw: Draw, report: _Report, page_name: str) -> str:
    return page_name if draw.chance(0.6) else draw.pick(report.parties)


def _regions(draw: Draw, report: _Report, amount: int) -> tuple[tuple[str, int], ...]:
    """One to three regions that share the amount; the region of a little of it may be unknown."""
    chosen = draw.some([region for region in report.regions if region != "Unknown"], draw.between(1, 2))
    parts: list[tuple[str, int]] = []
    rest = amount
    for region in chosen[1:]:
        part = rest * draw.between(5, 45) // 100
        parts.append((region, part))
        rest -= part
    parts.insert(0, (chosen[0], rest))
    if draw.chance(0.05):
        parts.append(("Unknown", min(1, amount)))
    return tuple(parts)
