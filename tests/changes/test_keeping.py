"""The rule `repository_keeps`: what is found, what is not known, and when the law did not bind yet."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from adaudit.audit.options import Options
from adaudit.changes.audited import with_keeping
from adaudit.changes.keeping import SCHEMA
from adaudit.changes.listings import Chain
from adaudit.collection.stored import taking
from adaudit.law import requirements, retentions
from tests.changes.conftest import Memory
from tests.collection.conftest import Bench
from tests.platforms.faults import Fault

GONE, LATER = "2026-03-01", "2026-03-02"


def ads(*given: dict[str, object]) -> str:
    """An answer of TikTok's library with these ads beside one that stays."""
    usual = {"first_shown_date": "20260101", "last_shown_date": "20260110", "status": "active"}
    stays = {**usual, "id": 1, "status_statement": "N/A"}
    made = [
        {
            "ad": {**usual, "status_statement": "N/A", **one},
            "advertiser": {"business_id": 7, "business_name": "Duin", "paid_for_by": "Duin", "country_code": "CY"},
            "ad_group": {"targeting_info": {"country": one.pop("country", ["CY"])}},
        }
        for one in (stays, *given)
    ]
    answer = {"data": {"ads": made, "has_more": False, "search_id": "1"}}
    return json.dumps(answer | {"error": {"code": "ok", "message": "", "log_id": ""}})


def judged(memory: Memory, ad: Mapping[str, object], gone: str = GONE, later: str = LATER) -> dict[str, object]:
    """The verdict of Art 39 DSA on an ad that was listed on the first day and not on the second."""
    memory.put("a.json", ads({"id": 2, **ad}), gone, source="tiktok", whole="CY")
    memory.put("b.json", ads(), later, source="tiktok", whole="CY")
    memory.changes()
    found: dict[str, object]
    [found] = memory.table("retention").filter(requirement="dsa_repository_1y").to_dicts()
    assert set(found) == set(SCHEMA)
    assert found["record_id"] == "2"
    return found


@pytest.mark.parametrize(
    ("last", "later", "verdict", "reason"),
    [
        ("20250303", LATER, "suspect", "gone_from_scope_too_soon"),
        ("20250302", LATER, "ok", "kept_long_enough"),
        ("20250301", LATER, "ok", "kept_long_enough"),
        ("20240229", "2025-02-28", "ok", "kept_long_enough"),
        ("20240301", "2025-02-28", "suspect", "gone_from_scope_too_soon"),
        ("20270101", LATER, "suspect", "gone_from_scope_too_soon"),
    ],
)
def test_a_year_after_it_was_shown_last_to_the_day(
    memory: Memory, last: str, later: str, verdict: str, reason: str
) -> None:
    dates = {"first_shown_date": "20240101" if last < "2026" else "20250601", "last_shown_date": last}
    found = judged(memory, dates, "2024-06-01" if later < "2026" else GONE, later)
    assert (found["verdict"], found["reason"]) == (verdict, reason)
    assert found["not_listed"] == date.fromisoformat(later)
    assert (found["binding"], found["rule"], found["pinpoint"]) == ("yes", "repository_keeps", "Art 39(1)")


@pytest.mark.parametrize(
    ("dates", "verdict", "reason"),
    [
        ({"first_shown_date": "20250601", "last_shown_date": None}, "suspect", "gone_from_scope_too_soon"),
        ({"first_shown_date": "20240601", "last_shown_date": None}, "unknown", "last_day_unknown"),
        ({"first_shown_date": "20240601", "last_shown_date": "20270101"}, "unknown", "last_day_unknown"),
        ({"first_shown_date": None, "last_shown_date": None}, "unknown", "no_dates"),
    ],
)
def test_where_no_end_is_stated_the_start_counts_and_proves_less(
    memory: Memory, dates: dict[str, object], verdict: str, reason: str
) -> None:
    found = judged(memory, dates)
    assert (found["verdict"], found["reason"]) == (verdict, reason)


def test_what_ran_before_the_law_bound_is_no_finding(memory: Memory) -> None:
    found = judged(memory, {"first_shown_date": "20220901", "last_shown_date": "20221001"}, "2023-01-01", "2023-01-02")
    assert (found["verdict"], found["binding"]) == ("suspect", "before")
    assert memory.changes().chains[0].keeping.found() == 0
    between = {"first_shown_date": "20230901", "last_shown_date": "20231001"}
    again = judged(memory, between, "2024-03-01", "2024-03-02")
    assert again["binding"] == "unknown"
    assert memory.changes().chains[0].keeping.found() == 1


def test_an_ad_of_elsewhere_is_not_judged(memory: Memory) -> None:
    found = judged(memory, {"country": ["CH"], "reach": {"unique_users_seen_by_country": {"CH": "1K"}}})
    assert (found["verdict"], found["reason"]) == ("not_applicable", "outside_union")


def test_seven_years_wait_for_the_european_repository(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    judged(memory, {})
    [row] = memory.table("retention").filter(requirement="vlop_repository_7y").to_dicts()
    assert (row["verdict"], row["reason"]) == ("unknown", "repository_not_established")
    monkeypatch.setattr("adaudit.changes.keeping.repository_established_on", lambda: date(2026, 1, 1))
    memory.changes()
    [row] = memory.table("retention").filter(requirement="vlop_repository_7y").to_dicts()
    assert (row["verdict"], row["reason"]) == ("unknown", "not_shown_political")


def test_a_pull_of_everything_shows_that_an_ad_left_the_library(bench: Bench) -> None:
    bench.pull()
    bench.pull(Fault("vanished", number=3))
    memory = Memory(bench.store, bench.store.folder)
    [chain] = memory.changes().chains
    assert sum(n for key, n in chain.keeping.counts.items() if key[0] == "dsa_repository_1y") == 3
    assert "gone_from_scope_too_soon" not in {reason for _, _, reason, _ in chain.keeping.counts}


def test_only_a_scope_that_no_edit_leaves_shows_that_a_record_left_the_library() -> None:
    def steady(scope: Mapping[str, object]) -> bool:
        return Chain("meta", "ads_archive", "ad", json.dumps(scope), "pulled").steady

    assert steady({"countries": ["NL"], "pages": ["12"]})
    assert steady({"terms": ["*"], "ad_type": "ALL"})
    for narrow in ({"terms": ["wad"]}, {"ad_type": "POLITICAL"}, {"since": "2026-01-01"}, {"advertisers": ["Duin"]}):
        assert not steady(narrow)
    assert not Chain("tiktok", "commercial_content", "ad", "CY", "declared").steady
    assert Chain("snapchat", "political_ads", "ad", "2026", "published").steady


def in_audit(memory: Memory, known_on: date | None = None) -> list[dict[str, Any]]:
    """What the rule says in an audit of the store, as `summary.json` has it."""
    folder = memory.folder / "audit"
    folder.mkdir(exist_ok=True)
    take = with_keeping(taking(memory.store, known_on), memory.store, known_on)
    rows = json.loads(json.dumps(take(folder, Options(), lambda *_: None).repository))
    return [row for row in rows if row["rule"] == "repository_keeps" and row["requirement"] == "dsa_repository_1y"]


def test_an_audit_says_what_went_what_stayed_and_where_nothing_can_be_compared(memory: Memory) -> None:
    first = memory.put("a.json", ads({"id": 2}), GONE, source="tiktok", whole="CY")
    [row] = in_audit(memory)
    assert (row["verdict"], row["reason"], row["unit"], row["of"]) == ("unknown", "not_compared", "pull", 1)
    memory.put("b.json", ads({"id": 2}, {"id": 3}), LATER, source="tiktok", whole="CY")
    [row] = in_audit(memory)
    assert (row["verdict"], row["reason"], row["records"], row["of"]) == ("ok", "all_still_listed", 2, 2)
    assert "all records of the earlier complete listing stand in the later one (2 records" in row["words"]["en"]
    last = memory.put("c.json", ads({"id": 2}), "2026-03-03", source="tiktok", whole="CY")
    [row] = in_audit(memory)
    assert (row["verdict"], row["reason"], row["count"]) == ("suspect", "gone_from_scope_too_soon", 1)
    assert (row["of"], row["to_pull"], row["binding"]) == (3, last.id, "yes")
    assert row["settle"]["en"].startswith("Looking the ad up")
    [row] = in_audit(memory, date.fromisoformat(GONE))
    assert (row["reason"], [one["pull"] for one in row["seen"]]) == ("not_compared", [first.id])


def test_listings_of_no_known_whole_are_not_compared_in_an_audit(memory: Memory) -> None:
    memory.put("a.json", ads({"id": 2}), GONE, source="tiktok")
    memory.put("b.json", ads(), LATER, source="tiktok")
    assert {row["reason"] for row in in_audit(memory)} == {"not_compared"}


def test_every_retention_rests_on_a_requirement() -> None:
    assert set(retentions()) == {"DSA 39", "TTPA 13(2)", "TTPA 12"}
    assert {one.requirement for one in retentions().values()} <= set(requirements())
    assert retentions()["DSA 39"].months == 12
    assert {retentions()[one].months for one in ("TTPA 12", "TTPA 13(2)")} == {84}
