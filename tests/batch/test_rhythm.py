"""What is due: once in each slot, however the clock runs; tighter in the months before a vote."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaudit.batch.rhythm import Rhythm, due, in_words, interval, phase_of, slot
from adaudit.law.votes import shipped

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
LENGTHS = st.integers(5, 60 * 24 * 30).map(lambda minutes: timedelta(minutes=minutes))
VOTE = shipped().votes["NL-2027-03-17-regional"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@given(INSTANTS, LENGTHS)
def test_an_instant_lies_in_its_slot(now: datetime, every: timedelta) -> None:
    assert slot(now, every) <= now < slot(now, every) + every


@given(INSTANTS, st.lists(st.integers(1, 60 * 24 * 20), min_size=1, max_size=60), LENGTHS)
def test_what_was_missed_is_due_once_and_never_twice_in_a_slot(
    start: datetime, minutes: list[int], every: timedelta
) -> None:
    last: datetime | None = None
    now, done = start, []
    for gap in minutes:
        now += timedelta(minutes=gap)
        if due(last, now, every).is_due:
            last = now
            done.append(slot(now, every))
    assert len(done) == len(set(done))
    woken = {slot(start + timedelta(minutes=sum(minutes[: n + 1])), every) for n in range(len(minutes))}
    assert set(done) == woken


def test_a_daily_rhythm_does_not_drift_with_the_time_that_a_run_takes() -> None:
    assert due(at("2026-11-23T04:17:40"), at("2026-11-24T04:17:02"), DAY).is_due
    assert not due(at("2026-11-24T04:17:02"), at("2026-11-24T23:59:00"), DAY).is_due


def test_a_clock_that_was_set_back_stops_nothing() -> None:
    found = due(at("2030-01-01T00:00:00"), at("2026-11-24T00:00:00"), DAY)
    assert (found.is_due, found.reason) == (True, "clock")


@pytest.mark.parametrize(
    ("now", "phase", "every"),
    [
        ("2026-12-16T12:00:00", "always", DAY),
        ("2026-12-17T00:00:00", "three_months", 12 * HOUR),
        ("2027-02-16T23:59:00", "three_months", 12 * HOUR),
        ("2027-02-17T00:00:00", "last_month", 6 * HOUR),
        ("2027-03-17T23:00:00", "last_month", 6 * HOUR),
        ("2027-03-18T00:00:00", "always", DAY),
    ],
)
def test_the_rhythm_tightens_by_itself_before_a_vote(now: str, phase: str, every: timedelta) -> None:
    found = phase_of(at(now), [VOTE])
    assert found.phase == phase
    assert found.votes == (() if phase == "always" else (VOTE.id,))
    assert Rhythm(DAY, 12 * HOUR, 6 * HOUR).in_phase(found.phase) == every


def test_a_rhythm_never_gets_looser_and_takes_the_wider_window_where_no_other_is_said() -> None:
    assert Rhythm(HOUR, DAY).in_phase("three_months") == HOUR
    assert Rhythm(DAY, 12 * HOUR).in_phase("last_month") == 12 * HOUR


def test_times_as_a_configuration_writes_them() -> None:
    for text in ("5m", "90m", "6h", "1d", "2w"):
        assert in_words(interval(text)) == text
    for wrong in ("", "1", "1s", "-1d", "1.5h", "4m", "53w", 60, None):
        with pytest.raises(ValueError, match="expected a time"):
            interval(wrong)
    assert VOTE.day == date(2027, 3, 17)
