"""Text of ads is hostile: in spreadsheets no formula runs, in terminals nothing is steered."""

import csv
import io
import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from adaudit.audit.options import Options
from adaudit.audit.run import Audit, audit
from adaudit.cli.console import LONGEST, plain, say
from adaudit.cli.grid import show_table
from adaudit.cli.written import write_tables
from adaudit.spreadsheet import neutral

FORMULAS = ["=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", '  =HYPERLINK("x")', "\n\n@x", "\x00=1"]
HTML = "<script>alert(1)</script><img src=x onerror=alert(2)>"
STEERING = "\x1b[31mred\x1b]0;title\x07 \x9b2J \u202egpj.exe \u2066x\u2069\u200bz\ufeff"
NAMES = [*FORMULAS, HTML, STEERING, 'Comma, "quote" and\nline', "[bold]markup[/bold]", "Party ✊🏽 ünï"]


def column(*texts: str | None) -> list[str | None]:
    return pl.DataFrame({"name": texts}, schema={"name": pl.String}).select(neutral("name"))["name"].to_list()


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    (found,) = column(text)
    assert found is not None
    assert found.startswith("'")


def test_harmless_text_stays_as_it_is() -> None:
    texts = ["Fictional Party", "a=b", "'quoted'", "1-2", "ünï ✊🏽", HTML, None]
    assert column(*texts) == texts


@given(st.text())
def test_no_text_leaves_a_control_character_or_a_formula(text: str) -> None:
    (found,) = column(text)
    assert found is not None
    assert not [c for c in found if ord(c) < 32 or 127 <= ord(c) < 160]
    assert not found.lstrip().startswith(("=", "+", "-", "@"))


@given(st.text())
def test_plain_text_is_one_short_line_without_control_or_direction_characters(text: str) -> None:
    found = plain(text)
    assert len(found) <= LONGEST
    steering = [range(0x20), range(0x7F, 0xA0), range(0x200B, 0x2010), range(0x2028, 0x202F), range(0x2060, 0x206A)]
    assert not [c for c in found if any(ord(c) in one for one in steering)]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    """An audit of a register in which every sponsor's name attacks whoever reads it."""
    folder = tmp_path_factory.mktemp("hostile")
    statements = [
        {
            "public_id": f"id {i}",
            "opdrachtgever_naam_organisatie": name,
            "opdrachtgever_mailadres": name,
            "theme": name,
            "reclame_boodschap": name,
        }
        for i, name in enumerate(NAMES)
    ]
    (folder / "register.json").write_text(json.dumps(statements), "utf-8")
    return audit([folder / "register.json"], folder / "out", Options(), lambda *_: None)


def test_every_hostile_name_is_a_record_with_its_text_untouched(done: Audit) -> None:
    names = pl.read_parquet(done.assembled.records)["sponsor_name"].to_list()
    assert sorted(names) == sorted(name.strip() for name in NAMES)


def test_tables_as_csv_hold_no_formula_and_no_control_character(done: Audit) -> None:
    (table,) = write_tables(done, ["sponsor"])
    text = (done.out / "tables" / "sponsor.csv").read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == table.frame.height == len({row["sponsor"] for row in rows}) > 10
    assert not [c for c in text.replace("\n", "") if ord(c) < 32 or 127 <= ord(c) < 160]
    for row in rows:
        assert not row["sponsor"].lstrip().startswith(("=", "+", "-", "@"))
        assert not [value for key, value in row.items() if key != "sponsor" and value.startswith(("=", "+", "@"))]
    assert HTML in {row["sponsor"] for row in rows}, "HTML is text in a spreadsheet"


def test_the_terminal_shows_text_and_is_not_steered(done: Audit) -> None:
    for colour in (False, True):
        stream = io.StringIO()
        console = Console(file=stream, width=160, force_terminal=colour, markup=False, highlight=False, emoji=False)
        show_table(done.table_by("sponsor"), console, "nl" if colour else "en", most=100)
        for name in NAMES:
            say(console, name)
        shown = stream.getvalue()
        assert "\x1b]0;" not in shown
        assert "\x1b[31m" not in shown
        assert not [c for c in shown if c in "\x07\x9b\u202e\u2066\u200b\ufeff\r\x00"]
        assert "[bold]markup[/bold]" in shown


def test_what_is_written_as_json_and_findings_keeps_the_text_as_data(done: Audit) -> None:
    summary = (done.out / "summary.json").read_text("utf-8")
    assert json.loads(summary)["records"]["total"] == len(NAMES)
    assert not [c for c in summary if ord(c) < 32 and c != "\n"]
    assert {path.name for path in Path(done.out).iterdir()} >= {"findings.parquet", "summary.json"}
