"""Identifiers that a spreadsheet destroyed: recovered where another field holds them, else never merged."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaudit.audit.intake import take_in
from adaudit.audit.options import Options
from adaudit.audit.run import audit
from adaudit.connectors.build import Columns
from adaudit.connectors.identifiers import SPREADSHEET_ID

from .pages import parse, table

HEADER = ["ad_id", "page_name", "ad_delivery_start_time", "ad_snapshot_url"]
LINK = "https://www.facebook.com/ads/library/?id={}"


def identified(written: str | None, held: str | None = None) -> tuple[str | None, bool | None]:
    c = Columns(pl.DataFrame({"w": [written], "h": [held]}, schema={"w": pl.String, "h": pl.String}))
    c.identify(pl.col("w"), pl.col("h"))
    (row,) = c.build().select("record_id", "identifier_recovered").rows()
    return row


@pytest.mark.parametrize(
    ("written", "held", "expected"),
    [
        ("1.70585E+15", "1705851403162930", ("1705851403162930", True)),
        ("1,70585E+15", "1705851403162930", ("1705851403162930", True)),
        ("1.705851e+15", "1705851403162930", ("1705851403162930", True)),
        ("1.33E+15", "1330000000000001", ("1330000000000001", True)),
        ("1705851403162930", "1705851403162930", ("1705851403162930", None)),
        ("1705851403162930", None, ("1705851403162930", None)),
        (None, "1705851403162930", ("1705851403162930", None)),
        (" ", "17", ("17", None)),
        (None, None, (None, None)),
        ("1.70585E+15", None, ("1.70585E+15", None)),
        # digits that do not agree are of another ad
        ("1.70585E+15", "1705951403162930", ("1.70585E+15", None)),
        ("1.70585E+15", "170585140316293", ("1.70585E+15", None)),
        # fifteen digits are all that a spreadsheet keeps
        ("7175256585915290000", "7175256585915287042", ("7175256585915287042", True)),
        ("7175256585915280000", "7175256585915287042", ("7175256585915287042", True)),
        ("7175256585915270000", "7175256585915287042", ("7175256585915270000", None)),
        ("1705851403162930", "1705851403162931", ("1705851403162931", True)),
        ("1705851403162935", "1705851403162931", ("1705851403162935", None)),
        # a float that still holds every digit has destroyed nothing
        ("1705851403162935.0", None, ("1705851403162935", None)),
        ("1.705851403162935e+15", None, ("1705851403162935", None)),
        ("1.70585140316293e+15", None, ("1.70585140316293e+15", None)),
    ],
)
def test_identifier(written: str | None, held: str | None, expected: tuple[str | None, bool | None]) -> None:
    assert identified(written, held) == expected


@given(st.integers(10**11, 10**19 - 1), st.integers(0, 7))
def test_what_a_spreadsheet_shows_of_an_id_is_recovered_from_it(number: int, decimals: int) -> None:
    shown = f"{number:.{decimals}E}".replace("E+0", "E+")
    assert identified(shown, str(number)) == (str(number), True)


@given(st.integers(10**14, 10**16 - 1), st.integers(10**14, 10**16 - 1))
def test_an_id_is_never_recovered_from_one_of_which_it_shows_other_digits(one: int, other: int) -> None:
    shown = f"{one:.5E}"
    found, recovered = identified(shown, str(other))
    if abs(one - other) > 2 * 10 ** (len(str(one)) - 6):
        assert (found, recovered) == (shown, None)


def destroyed(*rows: tuple[str, str, str]) -> bytes:
    """Ads as rows of id, name and link."""
    return table(HEADER, *([number, name, "2025-3-1", link] for number, name, link in rows))


def kept(tmp_path: Path, *files: bytes) -> pl.DataFrame:
    given_files = []
    for number, data in enumerate(files):
        given_files.append(tmp_path / f"given-{number}.csv")
        given_files[-1].write_bytes(data)
    (tmp_path / "parts").mkdir()
    intake = take_in(given_files, tmp_path / "parts", Options(), lambda *_: None)
    return intake.scan().collect()


def test_two_destroyed_ids_never_become_one_record(tmp_path: Path) -> None:
    rows = [("1.70585E+15", "Lijst Warme Jas", ""), ("1.70585E+15", "Lijst Warme Jas", "")]
    frame = kept(tmp_path, destroyed(*rows), destroyed(*rows, ("1.70585E+15", "Getij", "")))
    assert frame.height == frame["record_id"].n_unique() == 5
    assert frame["record_id"].str.starts_with("1.70585E+15|record ").all()
    assert frame["ad_id"].to_list() == ["1.70585E+15"] * 5
    assert frame["url"].to_list() == [None] * 5
    assert frame["identifier_damaged"].all()
    assert not frame["record_id"].str.contains(SPREADSHEET_ID).any()


def test_notices_tell_how_many_were_recovered_and_how_many_are_lost() -> None:
    parsed = parse(destroyed(("1.70585E+15", "A", LINK.format("1705851403162930")), ("1.70585E+15", "B", "")))
    recovered, lost = parsed.notices
    assert recovered.startswith("1 identifier that a spreadsheet had destroyed was recovered")
    assert "is hersteld uit een ander veld" in recovered.nl
    assert lost.startswith("1 identifier was destroyed")
    assert lost.nl.startswith("1 identificatienummer is door een spreadsheet beschadigd")


def test_the_audit_judges_what_was_recovered_and_what_was_not(tmp_path: Path) -> None:
    data = destroyed(
        ("1.70585E+15", "A", LINK.format("1705851403162930")),
        ("1.70585E+15", "B", ""),
        ("1705851403162999", "C", LINK.format("1705851403162999")),
    )
    (tmp_path / "ads.csv").write_bytes(data)
    done = audit([tmp_path / "ads.csv"], tmp_path / "out", Options(), lambda *_: None)
    (row,) = [one.as_written() for one in done.counts if one.rule == "identifier_intact"]
    assert row["reasons"] == {"consistent": 1, "identifier_damaged": 1, "identifier_recovered": 1}
    assert (row["ok"], row["invalid"]) == (2, 1)
