"""The sheet goes to a person and comes back, in both languages, as CSV or workbook; no foreign row is taken."""

import csv
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from adaudit.audit.options import Options
from adaudit.audit.run import Audit, audit
from adaudit.audit.sampling import draw
from adaudit.errors import UsageError
from adaudit.export.sample_sheet import heading, read_sheet, write_sheet
from adaudit.language import LANGUAGES, Language


@pytest.fixture
def done(tmp_path: Path) -> Audit:
    given = tmp_path / "FacebookAdLibraryReport_2025-11-02_NL_last_7_days_advertisers.csv"
    header = "Page ID,Page name,Disclaimer,Amount spent (EUR),Number of ads in Library\n"
    given.write_text(header + "1,=Duin,=Duin,120,3\n2,Bakkerij,These ads ran without a disclaimer,≤100,9\n", "utf-8")
    return audit([given], tmp_path / "out", Options(), lambda *_: None)


def filled(path: Path, to: Path, answers: list[str], **changes: str) -> Path:
    frame = pl.read_csv(path, infer_schema=False)
    column = next(name for name in frame.columns if name.startswith(("correct?", "juist?")))
    frame = frame.with_columns(pl.Series(column, [*answers, *[None] * (frame.height - len(answers))]))
    frame.with_columns(pl.lit(value).alias(name) for name, value in changes.items()).write_csv(to, separator=";")
    return to


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_filled_sheet_is_read_back(done: Audit, tmp_path: Path, language: Language) -> None:
    write_sheet(draw(done, 8, 0), done.out, language)
    words = ["ja", "NEE", "onduidelijk"] if language == "nl" else ["yes", "No", "unclear"]
    sheet, sizes = read_sheet(filled(done.out / "sample.csv", tmp_path / "f.csv", words), done.out)
    assert [one.answer for one in sheet.checked] == ["yes", "no", "unclear"]
    assert (sheet.unanswered, sheet.unsigned, sheet.bad) == (5, 3, [])
    assert {one.stratum for one in sheet.checked} <= set(sizes)


def test_the_workbook_offers_the_answers_and_is_read_back(done: Audit) -> None:
    write_sheet(draw(done, 5, 0), done.out, "nl")
    book = openpyxl.load_workbook(done.out / "sample.xlsx")
    sheet = book["te controleren"]
    assert [one.formula1 for one in sheet.data_validations.dataValidation] == ['"ja,nee,onduidelijk"']
    header = [cell.value for cell in next(sheet.iter_rows())]
    sheet.cell(2, header.index(heading("correct", "nl")) + 1, "ja")
    sheet.cell(2, header.index(heading("who", "nl")) + 1, "A. Toetser")
    book.save(done.out / "sample.xlsx")
    found, _ = read_sheet(done.out / "sample.xlsx", done.out)
    assert (len(found.checked), found.unanswered, found.unsigned) == (1, 4, 0)


def test_the_sheet_shows_the_laws_words_and_runs_nothing(done: Audit) -> None:
    write_sheet(draw(done, 100, 0), done.out, "en")
    with (done.out / "sample.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]
    sponsor = next(row for row in rows if row["rule"] == "notice_sponsor_name")
    assert sponsor["what is true when all is well"] == "The name of the sponsor is disclosed."
    assert sponsor["the law's words (English text)"]
    assert sponsor["observed"].startswith("sponsor_name=")
    assert sponsor["place in the bytes"].startswith("record ")
    assert sponsor["input"].endswith(".csv")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_cites_the_law_in_its_language(done: Audit, language: Language) -> None:
    write_sheet(draw(done, 100, 0), done.out, language)
    frame = pl.read_csv(done.out / "sample.csv", infer_schema=False)
    place = frame.filter(pl.col(heading("rule", language)) == "notice_sponsor_name")[heading("pinpoint", language)][0]
    dutch = "artikel 13, lid 2, in samenhang met artikel 12, lid 1, onder a)"
    assert place == {"en": "Art 13(2) with Art 12(1)(a)", "nl": dutch}[language]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sha-256 of the input": "0" * 64}, "another audit's"),
        ({"verdict": "not_exposed"}, "gave no verdict 'not_exposed'"),
        ({"record id": "1"}, "twice"),
        ({"correct? (yes/no/unclear)": "maybe"}, "the answer is 'maybe'; expected yes, no or unclear"),
    ],
)
def test_rows_that_are_not_this_sheets_are_named(
    done: Audit, tmp_path: Path, changes: dict[str, str], said: str
) -> None:
    drawn = draw(done, 1000, 0).filter(pl.col("rule") == "notice_sponsor_name")
    write_sheet(pl.concat([drawn.head(1), drawn.head(1)]) if "record id" in changes else drawn, done.out, "en")
    sheet, _ = read_sheet(filled(done.out / "sample.csv", tmp_path / "f.csv", [], **changes), done.out)
    assert said in sheet.bad[-1].reason
    assert sheet.bad[-1].place.startswith("line ")


def test_a_file_that_is_no_sheet_and_a_folder_that_is_no_audit(done: Audit, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"--checked: f\.csv lacks the columns .*correct"):
        read_sheet(path, done.out)
    with pytest.raises(UsageError, match="holds no audit"):
        read_sheet(path, tmp_path)
