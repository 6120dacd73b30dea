"""Small tables of one header are parsed together; each comes out as it does alone."""

from pathlib import Path
from typing import Any

import pytest
from polars.testing import assert_frame_equal

from adaudit.audit.intake import take_in
from adaudit.audit.options import Options
from adaudit.connectors import TablePage, parse_alike_tables, parse_page, recognise, tables_together
from adaudit.connectors.recognise import Recognised

from .pages import REPORT_2025, SNAPCHAT_34, row_of, table

NAME = "FacebookAdLibraryReport_2025-07-{:02}_{}_yesterday_advertisers.csv"
ROWS = (["1", "Ligue du Nuage", "Comité Nuage", "5574", "36"], ["0", "Ligue", "", "≤100", "2"])


def report(*rows: list[str], name: str = NAME.format(12, "BE"), **how: Any) -> TablePage:
    data = table(REPORT_2025, *rows, **how)
    found = recognise(data)
    assert isinstance(found, Recognised)
    return TablePage(data, found, name)


def check(pages: list[TablePage]) -> list[bool]:
    """Whether each table was read together with others; every one of them is what it is alone."""
    read = parse_alike_tables(pages)
    for page, parsed in zip(pages, read, strict=True):
        alone = parse_page(page.data, page.found, page.name)
        if parsed is not None:
            assert_frame_equal(parsed.frame, alone.frame)
            assert parsed.layouts == alone.layouts
            assert parsed.rejected == alone.rejected
            assert parsed.notices == alone.notices
            assert parsed.new_fields == alone.new_fields
            assert (parsed.scope_from, parsed.requested) == (alone.scope_from, alone.requested)
    return [parsed is not None for parsed in read]


def test_each_report_keeps_the_country_and_period_of_its_name() -> None:
    pages = [report(*ROWS, name=NAME.format(day, code)) for day, code in ((1, "BE"), (2, "NL"), (3, "BE"))]
    assert check(pages) == [True, True, True]
    read = parse_alike_tables(pages)
    assert [one.frame["country_key"].to_list() for one in read if one] == [["BE"] * 2, ["NL"] * 2, ["BE"] * 2]
    assert [one.frame["locator"].to_list() for one in read if one] == [["record 1", "record 2"]] * 3


def test_equal_rows_are_told_apart_within_a_file_and_not_between_files() -> None:
    same, other = ROWS
    pages = [report(same, same), report(same), report(other, same)]
    assert check(pages) == [True, True, True]
    first, second, _ = parse_alike_tables(pages)
    assert first is not None
    assert second is not None
    assert [one.rpartition("|")[2] for one in first.frame["record_id"]] == ["row 1", "row 2"]
    assert second.frame["record_id"].to_list() == [first.frame["record_id"][0].rpartition("|row")[0]]


def test_rows_that_are_none_stay_with_their_file() -> None:
    short = report(*ROWS)
    broken = TablePage(short.data + b"1,2\n", short.found, short.name)
    assert check([short, broken, short]) == [True, True, True]
    second = parse_alike_tables([short, broken])[1]
    assert second is not None
    assert [one.place for one in second.rejected] == ["record 3 (line 4)"]


def test_what_has_to_be_read_alone_is_read_alone_and_the_others_together() -> None:
    untold = report(*ROWS, name="saved.csv")
    semicolons = TablePage(report(*ROWS).data.replace(b",", b";"), report(*ROWS).found, NAME.format(3, "BE"))
    empty, other = report(), report(*ROWS)
    cut = TablePage(other.data + b"\xff", other.found, other.name)
    assert check([other, untold, semicolons, other]) == [True, False, False, True]
    read = parse_alike_tables([other, cut, empty, other])
    assert [one is not None for one in read] == [True, False, False, True]


def test_a_table_of_which_something_is_said_is_read_alone() -> None:
    def ads(*numbers: str) -> TablePage:
        data = table(SNAPCHAT_34, *(row_of(SNAPCHAT_34, adid=n, currencycode="EUR", spend="5") for n in numbers))
        found = recognise(data)
        assert isinstance(found, Recognised)
        return TablePage(data, found, "PoliticalAds.csv")

    pages = [ads("a1", "a2"), ads("1.70585E+15"), ads("", "a3"), ads("a4")]
    assert check(pages) == [False, False, True, True]
    third = parse_alike_tables(pages)[2]
    assert third is not None
    assert [one.reason for one in third.rejected] == ["no identifier"]


def test_many_small_files_are_asked_as_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[int] = []
    whole = tables_together._parsed

    def parsed(read: Any, parse: Any) -> Any:
        asked.append(len(read))
        return whole(read, parse)

    monkeypatch.setattr(tables_together, "_parsed", parsed)
    (tmp_path / "in").mkdir()
    for day in range(1, 29):
        rows = [["1", f"Ligue {day}", "Comité", "5", "1"], *ROWS[: day % 2]]
        (tmp_path / "in" / NAME.format(day, "BE")).write_bytes(table(REPORT_2025, *rows, bom=True))
    intake = take_in([tmp_path / "in"], tmp_path, Options(), lambda *_: None)
    assert asked == [28]
    assert intake.records == 42
