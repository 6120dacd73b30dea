"""The rules on a source as a whole: each reason is reached, null never passes, no more is said than was seen."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaudit.connectors import sources
from adaudit.law import requirements
from adaudit.rules import REPOSITORY
from adaudit.rules.repository import OURS, STOPS, reasons

NAMES = sorted(REPOSITORY)
WHOLE: Final[Mapping[str, Any]] = {
    "duty": True,
    "by_hand": False,
    "stopped": "",
    "credential": False,
    "records": 7,
    "unread": 0,
    "told": 7,
    "not_shown": 0,
    "not_asked": 0,
    "lost": "",
}
"""A pull that came whole, as the source counts it."""
GONE: Final[Mapping[str, Any]] = {
    "countries": ["NL"],
    "shown": True,
    "established": True,
    "political_only": False,
    "political_basis": None,
    "last_shown": date(2026, 1, 10),
    "keep_until": date(2027, 1, 10),
    "not_listed": date(2026, 3, 2),
    "ended": True,
    "steady": True,
}
"""A record that a library no longer lists seven weeks after it ran."""
NOTHING: Final = {"records": 0, "told": None}
LATE: Final = {"not_listed": date(2027, 2, 1)}
CASES: Final[Mapping[str, tuple[tuple[Mapping[str, Any], str], ...]]] = {
    "repository_answers": (
        ({}, "answered"),
        ({"stopped": "stopped_here"}, "answered_until_stopped"),
        ({"stopped": "credential", "credential": True}, "answered_until_stopped"),
        *(({**NOTHING, "stopped": one}, one) for one in STOPS),
        ({"stopped": "server_failed"}, "server_failed"),
        ({"stopped": "rate_limited"}, "rate_limited"),
        ({**NOTHING, "stopped": "refused", "credential": True}, "refused_with_credential"),
        ({"stopped": "refused", "credential": True}, "refused_with_credential"),
        ({**NOTHING, "unread": 2}, "nothing_read"),
        ({"unread": 2}, "answered"),
        (NOTHING, "no_rows"),
        ({**NOTHING, "by_hand": True}, "no_rows"),
        ({**NOTHING, "told": 0}, "no_rows"),
        ({**NOTHING, "stopped": "refused", "duty": False}, "no_duty"),
    ),
    "repository_complete": (
        ({}, "all_that_it_counts"),
        ({"told": 6}, "all_that_it_counts"),
        ({"told": None}, "no_count_told"),
        ({"by_hand": True, "told": None}, "saved_by_hand"),
        ({"lost": "known"}, "known_not_shown"),
        ({**NOTHING, "lost": "known"}, "known_not_shown"),
        ({"lost": "floor", "told": None}, "below_floor"),
        ({"not_shown": 1}, "parts_not_shown"),
        ({"not_shown": 1, "stopped": "stopped_here"}, "parts_not_shown"),
        ({"told": 8}, "fewer_than_counted"),
        ({"told": 8, "stopped": "stopped_here"}, "stopped_before_end"),
        ({"told": 8, "stopped": "credential"}, "stopped_before_end"),
        ({"told": 8, "not_asked": 1}, "parts_not_asked"),
        ({"told": 8, "unread": 1}, "not_all_read"),
        ({"records": 0, "told": 0}, "no_rows"),
        (NOTHING, "no_rows"),
        ({"told": 8, "duty": False}, "no_duty"),
    ),
    "repository_keeps": (
        ({}, "gone_too_soon"),
        ({"countries": None}, "gone_too_soon"),
        ({"countries": []}, "gone_too_soon"),
        ({"countries": ["CH", "NL"]}, "gone_too_soon"),
        ({"steady": False}, "gone_from_scope_too_soon"),
        (LATE, "kept_long_enough"),
        ({"not_listed": date(2027, 1, 10)}, "kept_long_enough"),
        ({**LATE, "ended": False}, "last_day_unknown"),
        ({"countries": ["CH"]}, "outside_union"),
        ({"shown": False}, "kept_not_shown"),
        ({"established": False}, "repository_not_established"),
        ({"political_only": True}, "not_shown_political"),
        ({"political_only": True, "political_basis": "declared"}, "gone_too_soon"),
        ({"last_shown": None, "keep_until": None}, "no_dates"),
    ),
}


def judged(name: str, *rows: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The reason and the verdict of each row."""
    rule = REPOSITORY[name]
    found = rule.judge(pl.LazyFrame([dict(row) for row in rows], schema=dict(rule.over))).collect()
    return list(found.select("reason", "verdict").iter_rows())


def full(name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    return {**(GONE if name == "repository_keeps" else WHOLE), **row}


@pytest.mark.parametrize("name", NAMES)
def test_each_case_has_its_reason_and_each_reason_a_case(name: str) -> None:
    cases = CASES[name]
    found = judged(name, *(full(name, row) for row, _ in cases))
    assert [(row, reason) for (row, _), (reason, _) in zip(cases, found, strict=True)] == list(cases)
    assert {reason for _, reason in cases} == set(REPOSITORY[name].reasons)
    assert [verdict for _, verdict in found] == [reasons()[reason].verdict for reason, _ in found]


def test_every_reason_is_worded_and_what_is_open_says_what_would_settle_it() -> None:
    said = {one for rule in REPOSITORY.values() for one in (*rule.reasons, *rule.of_listings)}
    assert set(reasons()) == said
    for one in reasons().values():
        assert one.words.strip() == one.words != one.words.nl.strip() == one.words.nl, one.id
        assert not one.words.endswith("."), "it stands within a sentence"
        assert one.verdict in {"ok", "suspect", "not_applicable", "unknown"}, "a source as a whole lacks no field"
        assert (one.settle is not None) == (one.verdict in {"suspect", "unknown"}), one.id
        assert one.settle is None or (one.settle.endswith(".") and one.settle.nl.endswith("."))
        assert not one.usual or one.verdict != "suspect"
        for convicting in ("violat", "breach", "infring", "illegal", "schend", "inbreuk", "overtre"):
            assert convicting not in f"{one.words} {one.words.nl}".lower(), one.id


@pytest.mark.parametrize("name", NAMES)
def test_null_is_never_in_order_and_never_calls_for_a_look(name: str) -> None:
    [(reason, verdict)] = judged(name, dict.fromkeys(REPOSITORY[name].over))
    assert verdict == "unknown", reason
    filled = full(name, {})
    for column in filled:
        [(reason, verdict)] = judged(name, {**filled, column: None})
        if name != "repository_keeps":
            assert verdict != "suspect", (column, reason)


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_reads_what_it_says_that_it_reads_and_rests_on_articles_of_the_law_data(name: str) -> None:
    rule = REPOSITORY[name]
    assert set(rule.expression().meta.root_names()) == set(rule.over) - _unread(name)
    assert set(rule.requirements.values()) <= set(requirements())
    assert all(
        requirements()[one].pinpoint.startswith(("Art 39(1)", "Art 13(2)", "Art 12"))
        for one in rule.requirements.values()
    )
    assert rule.id == name


def test_what_is_asked_for_is_published_under_a_duty_of_one_of_the_forms() -> None:
    for source in sources().values():
        of_forms = {duty for form in source.form.values() for duty in form.duties}
        for what in ("", *(source.live.what if source.live else ())):
            assert set(source.duties_of(what)) <= of_forms, (source.id, what)
    assert sources()["snapchat"].duties_of("") == sources()["google"].duties_of("") == ("TTPA 13(2)",)
    assert "DSA 39" in sources()["snapchat"].duties_of("gallery")


def _unread(name: str) -> set[str]:
    """Columns of the frame of pulls that one of its two rules alone reads."""
    of_one = {
        "repository_answers": {"by_hand", "told", "not_shown", "not_asked", "lost"},
        "repository_complete": {"credential"},
    }
    return of_one.get(name, set())


PULLS = st.fixed_dictionaries(
    {
        "duty": st.booleans(),
        "by_hand": st.booleans(),
        "stopped": st.sampled_from(("", *STOPS)),
        "credential": st.booleans(),
        "records": st.integers(0, 9),
        "unread": st.integers(0, 2),
        "told": st.none() | st.integers(0, 9),
        "not_shown": st.integers(0, 2),
        "not_asked": st.integers(0, 2),
        "lost": st.sampled_from(("", "known", "floor", "counted", "read")),
    }
)


@given(PULLS)
def test_no_more_is_said_than_was_seen(pull: dict[str, Any]) -> None:
    [(_, answers)] = judged("repository_answers", pull)
    [(_, complete)] = judged("repository_complete", pull)
    if answers == "ok":
        assert pull["records"] > 0
        assert pull["stopped"] in {"", *OURS}
    if answers == "suspect":
        assert pull["duty"]
        assert pull["stopped"] == "server_failed" or (pull["stopped"] == "refused" and not pull["credential"])
    if complete == "ok":
        assert pull["told"] is not None
        assert pull["records"] >= pull["told"]
        assert not (pull["stopped"] or pull["not_shown"] or pull["not_asked"] or pull["unread"] or pull["by_hand"])
    if complete == "suspect":
        assert pull["duty"] and not pull["by_hand"]
        assert pull["not_shown"] or pull["lost"] in {"known", "floor"} or (pull["told"] or 0) > pull["records"]
    if not pull["duty"]:
        assert answers == complete == "not_applicable"
    if not pull["records"]:
        assert "ok" not in {answers, complete}
