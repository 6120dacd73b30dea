"""Real snapshots and ledgers: `changes` says exactly what they hold, found here without adaudit."""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from adaudit.errors import UsageError
from tests.changes.conftest import Memory

SPEND, END, START = "amount_ad_low", "intended_until", "intended_from"


def rows_of(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["ADID"]: row for row in csv.DictReader(file)}


@pytest.fixture
def years(real_data: Path) -> list[Path]:
    return [real_data / "snapchat" / f"PoliticalAds2023_downloaded_2023-{month}.csv" for month in ("03", "05")]


def test_two_downloads_of_one_yearly_file(memory: Memory, years: list[Path]) -> None:
    before, after = (rows_of(path) for path in years)
    memory.take([years[0]], "2023-03-15")
    memory.take([years[1]], "2023-05-20")
    found = memory.changes()
    [chain] = found.chains
    [step] = chain.steps
    assert found.totals() == {"new": 845, "edited": 94, "removed": 0, "reappeared": 0}
    assert (step.both, step.records_before, step.records_after) == (296, 296, 1141)
    assert chain.history.chain.scope == "2023"
    assert (step.fields[SPEND], step.fields[END], step.fields[START]) == (92, 13, 4)
    assert step.disclosures == {"amount": 92, "end": 13, "targeting": 10, "start": 4}
    assert [(one.days, one.there, one.of) for one in chain.curve] == [(66, 296, 296)]
    edits = memory.table("edits")
    spends = {
        row["record_id"]: (row["before"], row["after"]) for row in edits.filter(field=SPEND).iter_rows(named=True)
    }
    assert spends == {
        one: (before[one]["Spend"], after[one]["Spend"])
        for one in before
        if before[one]["Spend"] != after[one]["Spend"]
    }
    ends = edits.filter(field=END)
    assert dict(ends.select("record_id", "after").iter_rows()) == {
        one: after[one]["EndDate"][:10].replace("/", "-") or None
        for one in before
        if before[one]["EndDate"] != after[one]["EndDate"]
    }
    assert set(memory.told()["new"]) == set(after) - set(before)


def test_the_earlier_download_given_later_shows_what_is_lost(memory: Memory, years: list[Path]) -> None:
    memory.take([years[1]], "2023-05-20")
    memory.take([years[0]], "2023-06-20")
    found = memory.changes()
    assert found.totals() == {"new": 0, "edited": 94, "removed": 845, "reappeared": 0}
    [chain] = found.chains
    assert {reason for _, _, reason, _ in chain.keeping.counts} <= {"repository_not_established", "outside_union"}
    assert found.chains[0].keeping.found() == 0
    assert [(one.there, one.of) for one in chain.curve] == [(296, 1141)]


NOT_IN_THE_RECORD = {"id", "versions", "versions_count", "date_created"}


def states_of(path: Path) -> dict[str, list[dict[str, Any]]]:
    """By statement, its states in their order; what is blank or null is as if it were absent."""
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    place = 0
    for one in json.loads(path.read_text("utf-8")):
        for revision in one["revisions"]:
            said = revision["statement"]
            seen = datetime.fromisoformat(revision["seen_at"])
            key = (said.get("versions") or 0, said.get("date_updated") or "", seen, place)
            found[said["public_id"]].append((key, said))
            place += 1
    return {
        name: [
            {key: value for key, value in said.items() if value not in (None, "") and key not in NOT_IN_THE_RECORD}
            for _, said in sorted(states, key=lambda one: one[0])
        ]
        for name, states in found.items()
    }


def differing(states: list[dict[str, Any]]) -> Iterable[list[str]]:
    for before, after in pairwise(states):
        fields = [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]
        general = {str(one.get("theme")).startswith("Algemeen") for one in (before, after)}
        if fields == ["theme"] and general == {True}:
            continue  # both wordings say that there is no vote, and a record says just that
        if fields:
            yield fields


def test_the_revisions_of_the_register(memory: Memory, real_data: Path) -> None:
    [path] = (real_data / "politiekereclame_nl").glob("statement_revisions_*.json")
    edits = {name: list(differing(states)) for name, states in states_of(path).items()}
    memory.take([path], "2025-10-25", source="politiekereclame_nl")
    found = memory.changes()
    [step] = found.chains[0].steps
    assert found.totals() == {"new": 0, "edited": 21, "removed": 0, "reappeared": 0}
    assert (step.both, step.edits) == (len(edits), sum(map(len, edits.values()))) == (46, 32)
    assert step.edited == sum(bool(one) for one in edits.values())
    told = memory.table("edits")
    assert set(told["record_id"]) == {name for name, one in edits.items() if one}
    counted = Counter(field for steps in edits.values() for fields in steps for field in fields)
    for theirs, ours in (
        ("totale_waarde_campagne_euro", "amount_campaign_low"),
        ("betaalde_media_waarde_euro", "amount_media_low"),
        ("campagne_periode_startdatum", "intended_from"),
        ("campagne_periode_einddatum", "intended_until"),
        ("opdrachtgever_kvk_nummer", "sponsor_company_number"),
        ("reclame_boodschap", "texts"),
        ("name", "titles"),
    ):
        assert step.fields[ours] == counted[theirs], theirs
    assert told["locator_before"].str.contains("/revisions/").all()
    with pytest.raises(UsageError, match="no listing lies"):
        memory.changes(until=date(2025, 10, 14))
    early = memory.changes(since=date(2025, 10, 14), until=date(2025, 10, 26))
    assert 0 < early.chains[0].steps[0].edits < step.edits
    assert min(memory.table("edits")["seen_after"]).date() > date(2025, 10, 14)


GONE = "No longer returned by API"
PAGE = {"error": {"code": "ok", "message": "", "log_id": ""}}


def answer(states: dict[str, str]) -> str:
    """One answer of the library, in the documented form, with these ads: their statements by id."""
    ads = [
        {
            "ad": {
                "id": int(one),
                "first_shown_date": "20260301",
                "last_shown_date": "20260420",
                "status": "inactive" if statement != "N/A" else "active",
                "status_statement": statement,
            },
            "advertiser": {"business_id": 7, "business_name": "Duin", "paid_for_by": "Duin", "country_code": "CY"},
        }
        for one, statement in states.items()
    ]
    return json.dumps({"data": {"ads": ads, "has_more": False, "search_id": "1"}, **PAGE})


def test_the_ledger_of_tiktok_comes_back(memory: Memory, real_data: Path) -> None:
    with (real_data / "tiktok" / "status_changes_CY_2026.csv").open(encoding="utf-8", newline="") as file:
        ledger = list(csv.DictReader(file))
    days = sorted({row["observed_at"][:10] for row in ledger})
    state = {row["ad_id"]: "N/A" for row in ledger}
    for day in days:
        today = [row for row in ledger if row["observed_at"][:10] == day]
        state |= {row["ad_id"]: "N/A" for row in today}
        memory.put("morning.json", answer(state), f"{day}T00:00", source="tiktok", whole="CY")
        for row in today:
            if row["new_statement"].startswith(GONE):
                del state[row["ad_id"]]
            else:
                state[row["ad_id"]] = row["new_statement"]
        memory.put("evening.json", answer(state), f"{day}T20:00", source="tiktok", whole="CY")
    found = memory.changes(since=datetime.fromisoformat(days[0]).date().replace(day=1))
    gone = [(row["ad_id"], row["observed_at"][:10]) for row in ledger if row["new_statement"].startswith(GONE)]
    removed = [(row["ad_id"], row["observed_at"][:10]) for row in ledger if "Removed" in row["new_statement"]]
    assert (len(gone), len(removed)) == (112, 231)
    back = len(gone) - len({one for one, _ in gone})
    assert found.totals() == {"new": 0, "edited": 231, "removed": 112, "reappeared": back}
    records = memory.table("records").with_columns(pl.col("listed_after").dt.strftime("%Y-%m-%d").alias("day"))
    assert sorted(records.filter(change="removed").select("record_id", "day").rows()) == sorted(gone)
    edits = memory.table("edits").filter(field="removed")
    edits = edits.with_columns(pl.col("seen_after").dt.strftime("%Y-%m-%d").alias("day"))
    assert sorted(edits.select("record_id", "day").rows()) == sorted(removed)
    assert set(edits["after"]) == {"true"}
    [chain] = found.chains
    assert chain.keeping.counts["dsa_repository_1y", "suspect", "gone_from_scope_too_soon", "yes"] == 112
