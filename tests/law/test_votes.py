"""The calendar of votes: months counted back, windows with their boundaries, and the user's own file."""

import calendar as months_of
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaudit import law
from adaudit.errors import UsageError
from adaudit.law.months import months_before, months_later
from adaudit.law.votes import KINDS, Election, Window

HEADER = "id,date,country,kind,name,source,status"
ROW = "NL-2026-11-25-municipal,2026-11-25,NL,municipal,Herindelingsverkiezingen,https://example.org/besluit,official"
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


def vote(day: date, called_on: date | None = None) -> Election:
    return Election("XX", day, "NL", "parliament", "a vote", "a source", "official", called_on)


@pytest.mark.parametrize(
    ("day", "months", "reached"),
    [
        (date(2025, 10, 29), 1, (date(2025, 9, 29), date(2025, 9, 29))),
        (date(2025, 10, 29), 3, (date(2025, 7, 29), date(2025, 7, 29))),
        (date(2026, 1, 18), 3, (date(2025, 10, 18), date(2025, 10, 18))),
        (date(2026, 3, 31), 1, (date(2026, 2, 28), date(2026, 3, 3))),
        (date(2024, 3, 30), 1, (date(2024, 2, 29), date(2024, 3, 1))),
        (date(2026, 3, 30), 1, (date(2026, 2, 28), date(2026, 3, 2))),
        (date(2026, 5, 31), 3, (date(2026, 2, 28), date(2026, 3, 3))),
        (date(2026, 7, 31), 1, (date(2026, 6, 30), date(2026, 7, 1))),
        (date(2024, 2, 29), 12, (date(2023, 2, 28), date(2023, 3, 1))),
    ],
)
def test_months_are_counted_back_to_the_day_of_the_same_number(
    day: date, months: int, reached: tuple[date, date]
) -> None:
    assert months_before(day, months) == reached


@given(DAYS, st.integers(0, 30))
def test_a_month_back_keeps_the_number_of_the_day_or_is_the_last_of_its_month(day: date, months: int) -> None:
    reached, beyond = months_before(day, months)
    assert (day.year * 12 + day.month) - (reached.year * 12 + reached.month) == months
    last = months_of.monthrange(reached.year, reached.month)[1]
    assert reached.day == min(day.day, last)
    assert beyond - reached == timedelta(days=max(day.day - last, 0))
    if day.day <= 28:
        assert months_later(reached, months) == day


@given(DAYS, DAYS, st.integers(1, 3))
def test_a_later_vote_never_has_an_earlier_window(one: date, other: date, months: int) -> None:
    first, second = sorted((one, other))
    assert vote(first).window(months).opens <= vote(second).window(months).opens


def test_the_first_day_and_polling_day_are_a_boundary_and_the_days_between_belong() -> None:
    month = vote(date(2025, 10, 29)).window(1)
    assert month == Window(date(2025, 9, 29), date(2025, 9, 30), date(2025, 10, 28), date(2025, 10, 29))
    short = vote(date(2026, 3, 30)).window(1)
    assert (short.opens, short.certain) == (date(2026, 2, 28), date(2026, 3, 3)), "28 February to 2 March: a boundary"


def test_days_before_an_early_election_was_called_are_to_be_checked() -> None:
    spain = law.elections()["ES-2026-11-29-parliament"]
    assert spain.called_on == date(2026, 10, 6)
    assert spain.window(3).opens == date(2026, 8, 29)
    assert spain.window(3).certain == date(2026, 10, 6)
    assert spain.window(1).certain == date(2026, 10, 30), "the last month is not affected"


def file(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "votes.csv"
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


def test_a_file_adds_votes_and_takes_the_place_of_those_with_its_ids(tmp_path: Path) -> None:
    moved = "ES-2026-11-29-parliament,2026-12-06,ES,parliament,moved,https://example.org,secondary,2026-10-10"
    found = law.calendar(file(tmp_path, f"{ROW},", moved, header=f"{HEADER},called_on"))
    assert (found.added, found.overridden, len(found.votes)) == (1, 1, len(law.elections()) + 1)
    added, changed = found.votes["NL-2026-11-25-municipal"], found.votes["ES-2026-11-29-parliament"]
    assert (added.source, added.status, added.origin) == ("https://example.org/besluit", "official", "file")
    assert (changed.day, changed.called_on, changed.origin) == (date(2026, 12, 6), date(2026, 10, 10), "file")
    assert found.votes["NL-2025-10-29-parliament"].origin == "shipped"
    days = [one.day for one in found.votes.values()]
    assert days == sorted(days)
    assert found.as_written()["file"] == "votes.csv"
    assert len(str(found.sha256)) == 64
    assert law.calendar().votes == law.elections(), "the shipped calendar is untouched"


def test_the_shipped_calendar_is_a_file_that_the_option_reads() -> None:
    shipped = Path(law.__file__).with_name("elections.csv")
    found = law.calendar(shipped)
    assert (found.added, found.overridden) == (0, len(law.elections()))


@pytest.mark.parametrize(
    ("rows", "header", "said"),
    [
        ((ROW,), "id,date,country,kind,name", "lacks the columns source, status"),
        ((), HEADER, "has no row"),
        ((ROW, ROW), HEADER, "line 3: the id NL-2026-11-25-municipal stands twice"),
        ((ROW.replace("2026-11-25,NL", "25-11-2026,NL"),), HEADER, "line 2: date '25-11-2026' is not a day"),
        ((ROW.replace(",NL,", ",GB,"),), HEADER, "country 'GB' is not the code of a Member State"),
        ((ROW.replace(",NL,", ",RE,"),), HEADER, "country 'RE'"),
        ((ROW.replace("municipal,Her", "village,Her"),), HEADER, f"kind 'village' is none of {KINDS[0]}"),
        ((ROW.replace("https://example.org/besluit", ""),), HEADER, "source is empty; every row keeps its source"),
        ((ROW.removesuffix(",official"),), HEADER, "as many cells as the header"),
        ((f"{ROW},more",), HEADER, "as many cells as the header"),
        ((f"{ROW},soon",), f"{HEADER},called_on", "called_on 'soon' is not a day"),
        (('"a, b',), HEADER, "no row of a CSV file"),
    ],
)
def test_a_row_that_is_not_understood_is_named_and_nothing_is_guessed(
    rows: tuple[str, ...], header: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError) as raised:
        law.calendar(file(tmp_path, *rows, header=header))
    assert "--elections: votes.csv" in str(raised.value)
    assert said in str(raised.value)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00\x01", b""])
def test_a_file_that_is_no_calendar_is_wrong_use(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"--elections: votes\.csv"):
        law.calendar(path)


def test_as_of_a_day_votes_that_were_called_later_are_not_known() -> None:
    before, after = law.calendar(as_of=date(2026, 10, 5)), law.calendar(as_of=date(2026, 10, 6))
    assert before.not_yet_called == ("ES-2026-11-29-parliament",)
    assert "ES-2026-11-29-parliament" not in before.votes
    assert after.not_yet_called == ()
    assert "NL-2027-03-17-regional" in before.votes, "a vote without a day of call counts as known"
