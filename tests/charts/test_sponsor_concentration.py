"""The numbers of concentration: every bar a share of the whole panel, money that names nobody included."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from adaudit.charts import Material, SponsorSpend
from adaudit.charts.shares import Share
from adaudit.charts.sponsor_concentration import Shares, draw, percents, rows, table
from adaudit.charts.style import Empty
from adaudit.charts.wording import DUTCH, ENGLISH

from .fictional import material, spend
from .looking import sole

META = ("meta", "ads_archive", "ad", "ad", "EUR")


def audit(*given_: SponsorSpend) -> Material:
    return replace(material(), sponsors=given_)


def only(*given_: SponsorSpend) -> Shares:
    (panel,) = rows(audit(*given_))
    return panel


def nobody(low: str, high: str | None) -> SponsorSpend:
    return replace(spend(META, ("(nobody named)", low, high, 3))[0], standing="nobody")


def test_money_that_names_nobody_is_in_the_total_and_no_sponsors() -> None:
    one = only(*spend(META, ("a", "60", "60", 1), ("b", "20", "20", 1)), nobody("20", "20"))
    shares = {row.line.name if row.line else "": row.share.low for row in one.rows}
    assert shares == {"a": Fraction(3, 5), "b": Fraction(1, 5), "(nobody named)": Fraction(1, 5)}
    assert [row.part for row in one.rows] == ["name", "name", "nobody"]
    assert one.total.low == 100


def test_names_not_shown_stand_together() -> None:
    many = [(f"n{turn:02}", str(100 - turn), str(100 - turn), 1) for turn in range(40)]
    one = only(*spend(META, *many))
    (others,) = one.of("others")
    assert others.names == 40 - len(one.of("name"))
    assert sum(row.share.low for row in one.of("name")) + others.share.low == 1
    assert [row.names for row in one.of("together")] == [3, 5, 10]


def test_the_first_together_are_no_sum_of_their_bounds() -> None:
    one = only(*spend(META, *((f"n{turn}", "50", "100", 1) for turn in range(5))))
    (three, *_) = one.of("together")
    assert three.share.low == Fraction(150, 150 + 200)
    assert three.share.high == Fraction(300, 300 + 100)
    assert {row.line.rank for row in one.of("name") if row.line} == {None}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900), st.integers(0, 100)), min_size=2, max_size=14).filter(
        lambda several: any(low + more for low, more, _ in several)
    )
)
def test_the_true_shares_lie_inside_whatever_was_spent(several: list[tuple[int, int, int]]) -> None:
    held = spend(META, *((f"n{turn}", str(low), str(low + more), 1) for turn, (low, more, _) in enumerate(several)))
    true = {f"n{turn}": Fraction(low) + Fraction(more * at, 100) for turn, (low, more, at) in enumerate(several)}
    total = sum(true.values())
    if total:
        one = only(*held)
        for row in one.of("name"):
            assert row.line is not None
            assert row.share.low <= true[row.line.name] / total <= row.share.high
        for row in one.of("together"):
            first = sum(true[row_.line.name] for row_ in one.of("name")[: row.names] if row_.line)
            assert row.share.low <= first / total <= row.share.high


def test_open_ends_are_said_and_not_hidden() -> None:
    one = only(*spend(META, ("a", "60", None, 1), ("b", "20", "20", 1)))
    shares = {row.line.name: percents(row.share, ENGLISH) for row in one.of("name") if row.line}
    assert shares == {"a": "75% or more", "b": "at most 25%"}
    assert percents(Share(Fraction(0), Fraction(1), open_self=True, open_others=True), DUTCH) == "niet bekend"
    assert sole(draw(audit(*spend(META, ("a", "60", None, 1), ("b", "2", "2", 1))))).headline.startswith("How spend")


def test_bounds_are_rounded_outwards_and_small_shares_never_to_nothing() -> None:
    assert percents(Share(Fraction(101, 1000), Fraction(199, 1000)), ENGLISH) == "10% to 20%"
    assert percents(Share(Fraction(1, 3000), Fraction(1, 3000)), DUTCH) == "<1%"


def test_one_name_alone_or_nothing_spent_is_no_concentration() -> None:
    for given_ in (
        audit(),
        audit(*spend(META, ("a", "5", "5", 1))),
        audit(*spend(META, ("a", "0", "0", 1), ("b", "0", "0", 1))),
    ):
        drawn = draw(given_)
        assert isinstance(drawn, Empty)
        assert drawn.reason


def test_the_table_holds_every_bar_with_its_total() -> None:
    told = table(material())
    assert len(told) == sum(len(one.rows) for one in rows(material()))
    for row in told:
        assert Decimal(0) <= row["share_low"] <= row["share_high"] <= 1  # type: ignore[operator]
        assert row["total_low"] is not None
