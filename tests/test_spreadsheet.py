"""Text is kept from spreadsheets, and what is neutral stays as it is."""

import importlib.util
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaudit import spreadsheet
from adaudit.errors import UnreadableInput, UsageError
from adaudit.spreadsheet import check_workbooks, neutral, read_sheets


def made_neutral(*texts: str | None) -> list[str | None]:
    return pl.DataFrame({"a": texts}, schema={"a": pl.String}).select(neutral("a"))["a"].to_list()


@given(st.lists(st.text() | st.sampled_from("=+-@\t\r\n \x00"), max_size=6).map("".join))
def test_neutral_text_never_starts_as_a_formula_and_stays_neutral(text: str) -> None:
    (once,) = made_neutral(text)
    assert once is not None
    assert once.lstrip()[:1] not in set("=+-@") or not once.lstrip()
    assert not any(ord(one) < 32 for one in once)
    assert made_neutral(once) == [once]


def test_a_missing_extra_is_named_before_anything_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(spreadsheet, "find_spec", lambda name: None if name == "xlsxwriter" else found(name))
    with pytest.raises(UsageError, match=r"--format xlsx needs the extra xlsx \(xlsxwriter not installed\)"):
        check_workbooks("--format xlsx")


def test_what_is_no_workbook_is_said(tmp_path: Path) -> None:
    path = tmp_path / "not.xlsx"
    path.write_bytes(b"PK\x03\x04 nothing more")
    with pytest.raises(UnreadableInput, match=r"not\.xlsx"):
        read_sheets(path)
