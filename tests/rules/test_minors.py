"""Minors are told by the voting age of the vote that the source states, else by the lowest one of the countries."""

from datetime import date
from pathlib import Path

from adaudit.law import elections, lowest_voting_ages, member_states_alone, voting_ages
from tests.audit.fictional import Batch, Row, audited


def _of(age: int, process: str | None, country: str = "DE") -> Row:
    return {
        "countries": [country],
        "age_min": age,
        "age_restricted": True,
        "linked_process": process,
        "delivered_from": date(2026, 3, 1),
        "delivered_until": date(2026, 3, 2),
    }


def test_the_voting_age_of_the_vote_that_the_source_states_counts(tmp_path: Path) -> None:
    rows = {
        "16 is under the age of a federal vote": (_of(16, "DE-2025-02-23-parliament"), "suspect"),
        "17 is not one year under it": (_of(17, "DE-2025-02-23-parliament"), "ok"),
        "16 is the age of a European vote": (_of(16, "DE-2024-06-09-european"), "ok"),
        "14 is under the age of a European vote": (_of(14, "DE-2024-06-09-european"), "suspect"),
        "of a vote in a Land the lowest age of the country counts": (_of(16, "DE-2026-03-08-regional"), "ok"),
        "a vote that the calendar lacks is none": (_of(16, "a vote in Atlantis"), "ok"),
        "without a vote the lowest age of the country counts": (_of(16, None), "ok"),
        "a vote that is only inferred does not count": (
            {**_of(16, None, "BE"), "delivered_from": date(2024, 6, 1), "delivered_until": date(2024, 6, 2)},
            "ok",
        ),
        "the federal vote of Belgium": (_of(16, "BE-2024-06-09-parliament", "BE"), "suspect"),
    }
    found = audited(tmp_path, Batch("ads", [{**row, "record_id": name} for name, (row, _) in rows.items()])).by_record()
    assert {name: found["ads", name]["targeting_minors"][0] for name in rows} == {
        name: verdict for name, (_, verdict) in rows.items()
    }


def test_selected_not_excluded_and_reached_are_counted_apart(tmp_path: Path) -> None:
    young = {"reached_age_min": 13, "reached_age_max": 17}
    rows: list[Row] = [
        {"record_id": "selected", "age_min": 13, "age_restricted": True},
        {"record_id": "open", "age_restricted": False},
        {"record_id": "reached", **young},
        {"record_id": "reached all the same", "age_min": 18, "age_restricted": True, **young},
    ]
    (count,) = [one for one in audited(tmp_path, Batch("ads", rows)).counts if one.rule == "targeting_minors"]
    assert count.verdicts["suspect"] == 4
    assert count.reasons == {"minors_selected": 1, "minors_not_excluded": 1, "minors_reached": 2}


def test_ages_by_kind_of_vote_are_known_and_never_under_the_lowest() -> None:
    ages, lowest = voting_ages(), lowest_voting_ages()
    assert {state for state, _ in ages} == member_states_alone()
    assert all(lowest[state] <= age <= 18 for (state, _), age in ages.items())
    assert {kind for _, kind in ages} < {vote.kind for vote in elections().values()}
