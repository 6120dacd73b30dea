"""Archives and workbooks of which a part cannot be read: each part is named, the others are audited."""

import io
import zipfile
from hashlib import sha256

import polars as pl

from ..connectors.pages import REPORT_2025, SNAPCHAT_38, document, meta_ad
from ..evidence.books import workbook
from .invoked import GOOD, ROW, SNAPCHAT, Run, zipped
from .test_bad_input import DAMAGED_MEMBER, UNREAD, on_one_line


def test_damaged_member_is_named_and_the_others_are_read(run: Run) -> None:
    found = run(archive=DAMAGED_MEMBER)
    assert found.result.exit_code == 3
    problem = next(one["problem"] for one in found.summary["inputs"] if one["problem"])
    assert "at a." in problem
    assert "CRC" in problem
    assert {"a1", "a2"} <= set(found.ids)


def test_member_of_no_known_source_is_named(run: Run) -> None:
    found = run(archive=zipped(notes=b"name,colour\n1,2\n", good=SNAPCHAT))
    assert found.result.exit_code == 3
    problem = next(one["problem"] for one in found.summary["inputs"] if one["problem"])
    assert problem.startswith("notes: expected the header of a known source")
    assert {"a1", "a2"} <= set(found.ids)


def test_parts_of_an_archive_that_are_not_read_are_each_named(run: Run) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a good one", SNAPCHAT)
        packed.writestr("../../inner", zipped(a=GOOD.replace(b"Stichting Brug", b"Stichting Krug")))
        packed.writestr("tar", UNREAD["tar"][0])
        packed.writestr("utf-16", UNREAD["utf_16"][0])
        packed.writestr("zz bomb", bytes(70 * 2**20))
    found = run(archive=buffer.getvalue())
    assert found.result.exit_code == 3
    problems = [one["problem"] for one in found.summary["inputs"] if one["problem"]]
    assert [any(word in problem for problem in problems) for word in ("at tar.", "utf-16: ", "at zz bomb.")] == [
        True
    ] * 3
    assert len(problems) == 3
    assert {"a1", "a2"} <= set(found.ids)
    places = pl.read_parquet(found.out / "records.parquet")["locator"].to_list()
    assert "inner!a!record 1" in places
    notices = [notice for one in found.summary["inputs"] for notice in one["notices"]]
    assert any("leads out of the archive" in notice["en"] for notice in notices)


def test_a_workbook_is_read_sheet_by_sheet(run: Run) -> None:
    book = workbook(Ads=[SNAPCHAT_38, ROW], Empty=[], Notes=[["Dear", "reader"]])
    found = run(given=book)
    assert found.result.exit_code == 3
    assert "a1" in found.ids
    records = pl.read_parquet(found.out / "records.parquet").filter(pl.col("record_id") == "a1")
    assert records["locator"].to_list() == ["Ads!record 1"]
    assert records["evidence_sha256"].to_list() == [sha256(book).hexdigest()]
    said = on_one_line(found.result.stderr)
    assert "Notes: expected the header of a known source" in said
    assert "empty sheets: 'Empty'" in said


def test_the_country_of_a_report_is_read_from_the_name_of_the_workbook(run: Run) -> None:
    book = workbook(Sheet1=[REPORT_2025, ["7", "Pont", "Stichting Pont", 1234, 3]])
    found = run(good=False, **{"FacebookAdLibraryReport_2025-07-12_BE_last_30_days_advertisers.xlsx": book})
    assert found.result.exit_code == 0
    (record,) = pl.read_parquet(found.out / "records.parquet").to_dicts()
    assert (record["countries"], int(record["amount_advertiser_low"])) == (["BE"], 1234)


def test_an_id_that_a_workbook_destroyed_is_judged_as_damaged(run: Run) -> None:
    row = [7_300_000_000_000_000_123, "Brug", "Stichting Brug", 5, 1]
    found = run(good=False, given=workbook(Sheet1=[REPORT_2025, row]))
    (record,) = pl.read_parquet(found.out / "records.parquet").to_dicts()
    assert record["account_id"] == "7.3E+18"
    assert record["identifier_damaged"] is True


def test_broken_lines_are_kept_with_their_numbers(run: Run) -> None:
    lines = [document(meta_ad("1")), b'{"id": "2", ', b"", document(meta_ad("3"))]
    found = run(good=False, given=b"\n".join(lines))
    assert found.result.exit_code == 3
    assert found.ids == ["1", "3"]
    (row,) = found.rejected
    assert (row["place"], row["raw"]) == ("line 2", '{"id": "2",')
