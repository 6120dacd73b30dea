"""The numbers over time: months apart by binding, few records never in a headline, gaps shown as gaps."""

from __future__ import annotations

from datetime import date

import pytest

from adaudit.charts import Material
from adaudit.charts.material import MonthShare, Vote
from adaudit.charts.months import FEW, MOST_SLOTS, in_rows, month_after, series, slots
from adaudit.charts.over_time import draw, rows, table
from adaudit.charts.style import Empty, Page
from adaudit.charts.wording import DUTCH

from .fictional import APPLIES, both_say, material
from .looking import shown, sole

OCTOBER = date(2025, 10, 1)


def month(when: date | None = OCTOBER, binding: str = "yes", form: str = "pages", **counts: int) -> MonthShare:
    said = {"shown": 0, "lost": 0, "never": 0, "asserted": 0, **counts}
    return MonthShare("meta", form, "ad", "sponsor", when, binding, **said)


def audit(*months: MonthShare, votes: tuple[Vote, ...] = ()) -> Material:
    held = {("meta", "pages", "ad"): votes}
    return Material({}, (), {}, {"meta": both_say("Meta")}, months=months, votes=held, applies=APPLIES)


def page(*months: MonthShare) -> Page:
    return sole(draw(audit(*months)))


def test_bindings_of_one_month_are_bars_of_their_own() -> None:
    (one,) = series(audit(month(binding="yes", lost=3), month(binding="before", lost=5, shown=6)))
    assert [(bar.binding, bar.lost, bar.decided) for bar in one.bars["sponsor", OCTOBER]] == [
        ("before", 5, 11),
        ("yes", 3, 3),
    ]
    assert one.total("sponsor", "yes").lost == 3


def test_what_could_not_be_decided_or_dated_is_no_bar() -> None:
    given = audit(month(shown=5), month(date(2025, 11, 1)), month(None, shown=7))
    assert [bar.month for bar in rows(given)] == [OCTOBER]
    (one,) = series(given)
    assert one.undated == 7
    assert any("without a date, not drawn: 7" in text for text in shown(sole(draw(given))))


@pytest.mark.parametrize(
    ("months", "words"),
    [
        ((month(lost=FEW - 1),), "Too few records"),
        (
            (month(lost=4, shown=6),),
            "Meta pages: since the law applied, 4 of 10 ads that can be judged name no sponsor",
        ),
        ((month(lost=8, shown=2, asserted=9),), "8 of 10 ads that the user calls political name no sponsor"),
        ((month(shown=30),), "every record that could be decided names a sponsor"),
        ((month(date(2024, 1, 1), "before", lost=90),), "Too few records"),
        (
            (month(lost=9, asserted=9, shown=1), month(form="rolls", lost=1, shown=9)),
            "Meta rolls: since the law applied, 1 of",
        ),
    ],
)
def test_the_headline_is_true(months: tuple[MonthShare, ...], words: str) -> None:
    assert words in page(*months).headline


def test_every_bar_has_its_denominator_and_few_are_told() -> None:
    assert "37" in shown(page(month(lost=30, shown=7), month(date(2025, 11, 1), lost=2)))
    told = table(audit(month(lost=30, shown=7), month(date(2025, 11, 1), lost=2)))
    assert [(row["month"], row["records_decided"], row["few_records"]) for row in told] == [
        ("2025-10", 37, False),
        ("2025-11", 2, True),
    ]


def test_the_table_is_what_is_drawn() -> None:
    assert len(table(material())) == len(rows(material()))


def test_the_law_and_the_votes_are_marked_in_their_months_alone() -> None:
    votes = (Vote(date(2025, 10, 29), "NL", "parliament", "x"), Vote(date(2031, 1, 1), "NL", "parliament", "y"))
    said = shown(sole(draw(audit(month(shown=20), votes=votes))))
    assert said.count("NL") == 1
    assert "10 October 2025: Regulation (EU) 2024/900 applies" in said
    before = sole(draw(audit(month(date(2024, 1, 1), "before", shown=20), votes=votes)))
    assert not [text for text in shown(before) if "2024/900 applies" in text or text == "NL"]


def test_many_votes_in_one_month_are_counted_and_those_of_the_union_named() -> None:
    day = date(2025, 10, 9)
    union = tuple(Vote(day, country, "european", "x") for country in ("BE", "DE", "NL"))
    mixed = (*union, Vote(day, "FR", "parliament", "x"))
    assert "EU" in shown(sole(draw(audit(month(shown=20), votes=union))))
    assert "BE +3" in shown(sole(draw(audit(month(shown=20), votes=mixed))))


def test_long_runs_without_records_are_one_break() -> None:
    first, later = date(2023, 1, 1), date(2024, 6, 1)
    assert slots([first, month_after(first, 3), later]) == [
        *(month_after(first, turn) for turn in range(4)),
        None,
        later,
    ]
    assert slots([]) == []


@pytest.mark.parametrize("bars", [1, 2, 3])
def test_rows_are_no_longer_than_is_legible_and_lose_no_month(bars: int) -> None:
    months = [month_after(date(2019, 1, 1), turn) for turn in range(90)]
    several = in_rows(slots(months), bars)
    assert all(len(row) <= MOST_SLOTS[bars] for row in several)
    assert [slot for row in several for slot in row] == months


def test_with_nothing_there_is_a_reason_in_both_languages() -> None:
    nothing, undated = draw(audit(), DUTCH), draw(audit(month(None, lost=5)))
    assert isinstance(nothing, Empty)
    assert isinstance(undated, Empty)
    assert "aantoonbaar politiek" in nothing.reason
    assert "has a date" in undated.reason
