"""What is claimed of two listings and what is not: completeness, scopes, fields that a source begins to show."""

from datetime import date
from zipfile import ZipFile

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adaudit.changes.steps import CLAIMS
from adaudit.errors import StoreError, UsageError
from adaudit.store import Store
from tests.changes.conftest import Memory, yearly
from tests.collection.conftest import Bench
from tests.platforms.faults import Fault


def test_new_edited_removed_and_reappeared_with_their_denominators(memory: Memory) -> None:
    memory.put("a.csv", yearly({"a": {}, "b": {}, "c": {}}), "2026-03-01")
    memory.put("b.csv", yearly({"a": {}, "b": {"spend": "140"}}), "2026-03-02")
    memory.put("c.csv", yearly({"a": {"payingadvertisername": "Lijst Wad"}, "c": {}, "d": {}}), "2026-03-03")
    found = memory.changes()
    [chain] = found.chains
    [step] = chain.steps
    assert found.totals() == {"new": 1, "edited": 1, "removed": 1, "reappeared": 1}
    assert step.shares() == {"new": (1, 3), "edited": (1, 1), "removed": (1, 2), "reappeared": (1, 3)}
    assert memory.told() == {"new": ["d"], "removed": ["b"], "reappeared": ["c"]}
    assert set(step.disclosures) == {"sponsor", "payer"}
    assert [(one.there, one.of) for one in chain.curve] == [(2, 3), (2, 3)]
    whole = memory.changes(since=date(2026, 3, 1), until=date(2026, 3, 3))
    assert [list(one.counts().values()) for one in whole.chains[0].steps] == [[0, 1, 1, 0], [1, 1, 1, 1]]
    assert whole.totals() == {"new": 1, "edited": 2, "removed": 2, "reappeared": 1}


def test_the_same_file_twice_changes_nothing(memory: Memory) -> None:
    for day in ("2026-03-01", "2026-03-02"):
        memory.put("a.csv", yearly({"a": {}, "b": {}}), day)
    found = memory.changes()
    assert set(found.totals().values()) == {0}
    assert found.chains[0].steps[0].both == 2


def test_edits_lead_to_the_bytes_of_both_versions(memory: Memory) -> None:
    memory.put("a.csv", yearly({"a": {}}), "2026-03-01")
    memory.put("b.csv", yearly({"b": {}, "a": {"enddate": ""}}), "2026-03-02")
    memory.changes()
    [row] = memory.table("edits").to_dicts()
    assert (row["field"], row["before"], row["after"]) == ("intended_until", "2026-02-20", None)
    assert row["disclosure"] == "end"
    assert (row["locator_before"], row["locator_after"]) == ("record 1", "record 2")
    assert row["evidence_sha256_before"] != row["evidence_sha256_after"]
    assert (row["seen_before"].date(), row["seen_after"].date()) == (date(2026, 3, 1), date(2026, 3, 2))


def test_a_file_with_rows_that_could_not_be_read_lists_nothing_completely(memory: Memory) -> None:
    memory.put("a.csv", yearly({"a": {}, "b": {}}), "2026-03-01")
    memory.put("b.csv", yearly({"a": {"spend": "7"}}) + '"broken\n', "2026-03-02")
    [chain] = memory.changes().chains
    [step] = chain.steps
    assert step.counts() == {"new": None, "edited": 1, "removed": None, "reappeared": None}
    assert (step.only_before, step.only_after) == (1, 0)
    assert "could not be read" in step.why[0]
    assert "niet te lezen" in step.why[0].nl
    assert memory.told() == {"only_in_earlier": ["b"]}


def test_a_file_that_is_known_whole_is_not_compared_with_one_that_is_not_while_there_are_two(memory: Memory) -> None:
    memory.put("a.csv", yearly({"a": {}, "b": {}}), "2026-03-01")
    memory.put("b.csv", yearly({"a": {}}), "2026-03-02")
    last = memory.put("c.csv", yearly({"c": {}}) + '"broken\n', "2026-03-03")
    found = memory.changes()
    [chain] = found.chains
    assert found.totals()["removed"] == 1
    assert [one.pull.id for one in chain.left_out] == [last.id]
    named = memory.changes(until=last.id)
    assert named.chains[0].steps[0].counts()["removed"] is None


def test_files_of_one_year_without_a_common_record_claim_nothing(memory: Memory) -> None:
    memory.put("a.csv", yearly({"a": {}, "b": {}}), "2026-03-01")
    memory.put("b.csv", yearly({"c": {}}), "2026-03-02")
    found = memory.changes()
    assert set(found.totals().values()) == {0}
    assert "no record in common" in found.chains[0].steps[0].why[0]
    assert memory.told() == {"only_in_earlier": ["a", "b"], "only_in_later": ["c"]}


def test_files_that_were_imported_as_of_any_source_are_listed_under_theirs(memory: Memory) -> None:
    given: dict[str, dict[str, dict[str, str]]] = {"2026-03-01": {"a": {}, "b": {}}, "2026-03-02": {"a": {}}}
    for day, ads in given.items():
        memory.put("a.csv", yearly(ads), day, source=None)
    assert memory.changes("snapchat").totals()["removed"] == 1


def test_files_of_two_years_are_two_scopes(memory: Memory) -> None:
    old = {"startdate": "2025/02/01 08:00:00Z", "enddate": "2025/03/01 08:00:00Z"}
    memory.put("a.csv", yearly({"a": old}), "2026-03-01")
    memory.put("b.csv", yearly({"a": {}}), "2026-03-02")
    found = memory.changes()
    assert found.chains == []
    assert [one.chain.scope for one in found.single] == ["2025", "2026"]


def test_the_members_of_an_archive_are_listings_of_their_own(memory: Memory) -> None:
    old = {"startdate": "2025/02/01 08:00:00Z", "enddate": "2025/03/01 08:00:00Z"}
    memory.folder.mkdir()
    years = memory.folder / "years.zip"
    with ZipFile(years, "w") as archive:
        archive.writestr("2025/PoliticalAds.csv", yearly({"o": old, "p": old}))
        archive.writestr("2026/PoliticalAds.csv", yearly({"a": {}, "b": {}}))
    memory.take([years], "2026-03-01")
    memory.put("PoliticalAds.csv", yearly({"a": {}}), "2026-03-02")
    found = memory.changes()
    assert [one.history.chain.scope for one in found.chains] == ["2026"]
    assert memory.told() == {"removed": ["b"]}


def test_two_files_of_one_import_are_two_listings(memory: Memory) -> None:
    second = memory.folder / "second.csv"
    memory.folder.mkdir()
    second.write_text(yearly({"a": {"spend": "300"}}), "utf-8")
    memory.put("a.csv", yearly({"a": {}, "b": {}}), "2026-03-01", beside=[second])
    found = memory.changes()
    assert [one.records for one in found.chains[0].history.listings] == [2, 1]
    assert found.totals() == {"new": 0, "edited": 1, "removed": 0, "reappeared": 0}
    assert "at the same time" in found.chains[0].steps[0].why[0]


REPORT = "Page ID,Page name,Disclaimer,Amount spent (EUR),Number of ads in Library\n"


def report(*rows: str) -> str:
    return REPORT + "".join(f"{row}\n" for row in rows)


def test_reports_to_date_are_compared_across_their_days(memory: Memory) -> None:
    name = "FacebookAdLibraryReport_{}_NL_lifelong_advertisers.csv"
    rows = ("11,Duin,Lijst Duin,500,4", "12,Wad,Lijst Wad,900,2", "13,Kwelder,Lijst Kwelder,100,1")
    memory.put(name.format("2025-07-01"), report(*rows), "2025-07-02", source="meta")
    later = (rows[0].replace("500", "700"), rows[1], "14,Zand,Lijst Zand,200,1")
    memory.put(name.format("2025-07-08"), report(*later), "2025-07-09", source="meta")
    found = memory.changes("meta")
    [chain] = found.chains
    assert chain.history.chain.scope == "NL lifelong"
    assert found.totals() == {"new": 1, "edited": 1, "removed": 1, "reappeared": 0}
    assert set(chain.steps[0].fields) == {"amount_advertiser_low", "amount_advertiser_high"}
    assert chain.keeping.counts == {}, "an aggregate is no ad"


def test_a_report_of_another_period_or_country_is_another_scope(memory: Memory) -> None:
    for day, rest in (
        ("2025-07-01", "NL_last_7_days"),
        ("2025-07-08", "NL_last_7_days"),
        ("2025-07-08", "BE_lifelong"),
    ):
        text = report(f"1{rest[0]},Duin,Lijst Duin,500,{day[-1]}")
        memory.put(f"FacebookAdLibraryReport_{day}_{rest}_advertisers.csv", text, day, source="meta")
    found = memory.changes()
    assert found.chains == []
    assert len(found.single) == 3


def test_rows_that_their_number_alone_tells_apart_are_not_compared(memory: Memory) -> None:
    name = "FacebookAdLibraryReport_{}_NL_lifelong_advertisers.csv"
    many, one = ("0,,,100,1", "0,,,200,1"), "11,Duin,Lijst Duin,500,4"
    memory.put(name.format("2025-07-01"), report(*many, one), "2025-07-02", source="meta")
    memory.put(name.format("2025-07-08"), report(one, many[0]), "2025-07-09", source="meta")
    found = memory.changes()
    assert (found.chains[0].steps[0].both, found.totals()["removed"]) == (1, 0)


STATEMENT = (
    '[{{"id": "{id}", "public_id": "q{id}", "versions": 1, "theme": "Gemeenteraad", "name": "Wad", '
    '"opdrachtgever_naam_organisatie": "Lijst Wad", "campagne_periode_startdatum": "2026-01-10", '
    '"date_published": "2026-01-09T10:00:00", "betaalde_media_waarde_euro": "10"{more}}}]'
)


def test_files_that_do_not_tell_what_they_list_claim_edits_alone(memory: Memory) -> None:
    source = "politiekereclame_nl"
    memory.put("a.json", STATEMENT.format(id=1, more=""), "2026-03-01", source=source)
    memory.put("b.json", STATEMENT.format(id=2, more=""), "2026-03-02", source=source)
    [chain] = memory.changes().chains
    assert chain.steps[0].counts() == dict.fromkeys(CLAIMS) | {"edited": 0}
    assert "--whole" in chain.steps[0].why[0]
    for day, one in (("2026-03-03", 1), ("2026-03-04", 2)):
        memory.put("c.json", STATEMENT.format(id=one, more=""), day, source=source, whole="all of the register")
    [declared] = [one for one in memory.changes().chains if one.history.chain.basis == "declared"]
    assert declared.history.chain.basis == "declared"
    assert declared.counts() == {"new": 1, "edited": 0, "removed": 1, "reappeared": 0}
    assert {(verdict, reason) for _, verdict, reason, _ in declared.keeping.counts} == {("unknown", "kept_not_shown")}


def test_a_field_that_the_source_begins_to_show_is_no_edit(memory: Memory) -> None:
    source = "politiekereclame_nl"
    memory.put("a.json", STATEMENT.format(id=1, more=""), "2026-03-01", source=source)
    more = ', "reclame_boodschap": "Stem Wad", "totale_waarde_campagne_euro": "20"'
    memory.put("b.json", STATEMENT.format(id=1, more=more), "2026-03-02", source=source)
    found = memory.changes()
    [step] = found.chains[0].steps
    assert found.totals()["edited"] == 0
    assert step.first_shown == {"texts": 1, "amount_campaign_low": 1, "amount_campaign_high": 1}
    assert memory.table("edits")["shown_by_both"].to_list() == [False] * 3


def test_a_field_that_was_there_to_be_filled_and_now_is_was_edited(memory: Memory) -> None:
    memory.put("a.csv", yearly({"a": {"enddate": ""}}), "2026-03-01")
    memory.put("b.csv", yearly({"a": {}}), "2026-03-02")
    assert memory.changes().chains[0].steps[0].fields == {"intended_until": 1}


def test_what_is_read_by_another_version_of_adaudit_is_told(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    memory.put("a.csv", yearly({"a": {}}), "2026-03-01")
    monkeypatch.setattr("adaudit.collection.observe.__version__", "9.9")
    memory.put("b.csv", yearly({"a": {}}), "2026-03-02")
    [step] = memory.changes().chains[0].steps
    assert "9.9" in step.notes[0]


def test_ends_that_lead_nowhere_are_refused(memory: Memory) -> None:
    with pytest.raises(UsageError, match="no listing"):
        memory.changes()
    memory.put("a.csv", yearly({"a": {}}), "2026-03-01")
    with pytest.raises(UsageError, match="nor the id of one pull"):
        memory.changes(since="2026")
    with pytest.raises(UsageError, match="is after --to"):
        memory.changes(since=date(2026, 3, 2), until=date(2026, 3, 1))
    with pytest.raises(UsageError, match="no listing of google"):
        memory.changes("google")


def test_a_version_that_the_store_has_lost_is_not_passed_over(memory: Memory) -> None:
    first = memory.put("a.csv", yearly({"a": {}, "b": {}}), "2026-03-01")
    memory.put("b.csv", yearly({"a": {"spend": "3"}, "b": {}}), "2026-03-02")
    path = memory.store.folder / "observations" / first.id / "records.parquet"
    pl.read_parquet(path).filter(pl.col("record_id") != "a").write_parquet(path)
    with pytest.raises(StoreError, match="lacks what a of snapchat said"):
        memory.changes()


LISTED = st.lists(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 3), min_size=1), min_size=2, max_size=4)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(listed=LISTED)
def test_any_sequence_of_listings_gives_what_a_ledger_by_hand_gives(
    listed: list[dict[str, int]], tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adaudit.changes.versions.BUCKET", 2)
    folder = tmp_path_factory.mktemp("ledger")
    memory = Memory(Store(folder / "store"), folder / "given")
    for number, ads in enumerate(listed, start=1):
        text = yearly({one: {"spend": str(spend)} for one, spend in ads.items()})
        memory.put("a.csv", text, f"2026-03-0{number}", whole="all")
    totals = dict.fromkeys(("new", "edited", "removed", "reappeared"), 0)
    for place in range(1, len(listed)):
        before, after = listed[place - 1], listed[place]
        ever = {one for ads in listed[: place - 1] for one in ads}
        came = set(after) - set(before)
        totals["reappeared"] += len(came & ever)
        totals["new"] += len(came - ever)
        totals["removed"] += len(set(before) - set(after))
        totals["edited"] += sum(before[one] != after[one] for one in before if one in after)
    assert memory.changes(since=date(2026, 3, 1)).totals() == totals


def changes_of(bench: Bench) -> Memory:
    return Memory(bench.store, bench.store.folder)


def test_two_pulls_of_one_scope(bench: Bench) -> None:
    bench.pull()
    bench.pull(Fault("vanished", number=3), Fault("changed", number=2))
    memory = changes_of(bench)
    found = memory.changes()
    assert found.chains[0].history.chain.basis == "pulled"
    assert found.totals() == {"new": 0, "edited": 2, "removed": 3, "reappeared": 0}
    bench.server.clear()
    bench.pull()
    again = memory.changes()
    assert again.totals() == {"new": 0, "edited": 2, "removed": 0, "reappeared": 3}


def test_a_pull_that_stopped_or_came_back_empty_claims_nothing(bench: Bench) -> None:
    whole = bench.pull()
    cut = bench.pull(Fault("error", at=2, code="190"))
    assert (whole.outcome, cut.outcome) == ("complete", "refused")
    memory = changes_of(bench)
    found = memory.changes()
    [step] = found.chains[0].steps
    assert step.counts() == {"new": None, "edited": 0, "removed": None, "reappeared": None}
    assert step.only_before > 0
    assert "refused" in step.why[0]
    bench.server.clear()
    bench.pull(Fault("empty"))
    later = memory.changes()
    assert [one.outcome for one in later.chains[0].history.silent] == ["empty"]
    assert set(later.totals().values()) == {0}
