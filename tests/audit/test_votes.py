"""Votes and records: links, windows by country and day, severity, and the law as of a day."""

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaudit.audit.linked import linked_votes
from adaudit.audit.options import Options
from adaudit.audit.summary import severities as summed
from adaudit.audit.votes import FACTS, STATES, Votes
from adaudit.law import calendar, member_state_of
from adaudit.model.record import SCHEMA
from adaudit.model.vocabulary import LINKS, WITHIN
from tests.law.test_votes import HEADER, ROW, file

from .conftest import Audited
from .fictional import Batch, Judged, Row

NL = "NL-2025-10-29-parliament"
COUNTRIES = ["NL", "BE", "RE", "ES", "DE", "CH", "CZ"]
VOTES = Votes(calendar())


def facts(rows: list[Row], kind: str = "ad", votes: Votes = VOTES) -> list[dict[str, object]]:
    """The engine's columns for bare records; the vote by its id, codes by their names."""
    columns = {
        name: pl.Series(name, [row.get(name) for row in rows], dtype=SCHEMA[name])
        for name in (
            *("source", "country_key", "political_basis", "linked_process", "linked_process_date"),
            *("linked_process_none", "intended_from", "intended_until", "delivered_from", "delivered_until"),
        )
    }
    frame = pl.DataFrame(columns)
    ids = [None, *(one.id for one in votes.votes)]
    return [
        {
            "vote": ids[row["vote"]],
            "vote_link": LINKS[row["vote_link"]],
            "last_month": WITHIN[row["last_month"]],
            "three_months": WITHIN[row["three_months"]],
        }
        for row in votes.told(frame, "meta", kind).to_dicts()
    ]


def ad(first: date | None, last: date | None, *countries: str, **more: object) -> Row:
    key = ",".join(countries) or None
    return {"country_key": key, "political_basis": "declared", "delivered_from": first, "delivered_until": last, **more}


def fact(name: str, row: Row, kind: str = "ad") -> object:
    return facts([row], kind)[0][name]


POLLING = date(2025, 10, 29)


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (date(2025, 9, 1), date(2025, 9, 28), "no"),
        (date(2025, 9, 1), date(2025, 9, 29), "check"),
        (date(2025, 9, 1), date(2025, 9, 30), "yes"),
        (date(2025, 10, 28), date(2025, 10, 28), "yes"),
        (POLLING, POLLING, "check"),
        (POLLING, date(2025, 12, 1), "check"),
        (date(2025, 10, 30), date(2025, 12, 1), "no"),
        (date(2025, 1, 1), date(2026, 1, 1), "yes"),
        (date(2025, 9, 1), None, "unknown"),
        (date(2025, 10, 1), None, "yes"),
        (date(2025, 10, 30), None, "unknown"),
        (None, date(2025, 10, 1), "yes"),
        (None, date(2025, 12, 1), "unknown"),
        (None, None, "unknown"),
        (date(2025, 10, 5), date(2025, 9, 1), "yes"),
    ],
)
def test_an_ad_ran_in_the_last_month_if_a_day_of_it_surely_did(
    first: date | None, last: date | None, found: str
) -> None:
    assert fact("last_month", ad(first, last, "NL")) == found


def test_the_member_state_that_the_ad_is_directed_to_counts() -> None:
    during = (date(2025, 10, 10), date(2025, 10, 12))
    assert fact("last_month", ad(*during, "NL", "BE")) == "yes"
    assert fact("last_month", ad(*during, "BE")) == "no"
    assert fact("last_month", ad(*during, "CH")) == "no"
    assert fact("last_month", ad(*during)) == "unknown", "no country is stated"
    assert fact("last_month", ad(*during, "EU")) == "unknown", "which States is not stated"
    assert fact("last_month", ad(*during, "EU", "BE")) == "no"
    french = (date(2026, 3, 10), date(2026, 3, 12))
    assert fact("last_month", ad(*french, "RE")) == "yes", "an overseas part votes with its State"
    assert fact("last_month", ad(*french, "GP", "CH")) == "yes"


def test_of_an_aggregate_it_is_not_known_on_which_days_its_ads_ran() -> None:
    assert fact("last_month", ad(date(2025, 10, 10), date(2025, 10, 12), "NL"), "advertiser") == "unknown"
    assert fact("last_month", ad(date(2025, 5, 1), date(2025, 5, 2), "NL"), "advertiser") == "no"
    assert fact("vote_link", ad(date(2025, 10, 10), date(2025, 10, 12), "NL"), "advertiser") == "none"


def test_a_link_that_the_source_does_not_state_is_inferred_from_country_and_dates() -> None:
    autumn = (date(2025, 8, 20), date(2025, 8, 21))
    assert facts([ad(*autumn, "NL")])[0] == {
        "vote": NL,
        "vote_link": "inferred",
        "last_month": "no",
        "three_months": "yes",
    }
    assert fact("vote_link", ad(*autumn, "NL", "BE")) == "none", "directed to two States"
    assert fact("vote_link", {**ad(*autumn, "NL"), "political_basis": None}) == "none", "nothing shows it is political"
    assert fact("vote_link", ad(*autumn, "NL", linked_process_none=True)) == "none", "the source says there is none"
    assert fact("vote_link", ad(*autumn, "NL", linked_process="the fictional referendum")) == "none"
    assert fact("vote_link", ad(date(2025, 1, 1), date(2025, 1, 2), "NL")) == "none"
    assert fact("vote_link", ad(None, None, "NL")) == "none"


def test_two_rounds_are_one_vote_and_two_votes_are_not() -> None:
    assert fact("vote", ad(date(2026, 3, 1), date(2026, 3, 2), "FR")) == "FR-2026-03-15-municipal"
    assert fact("vote", ad(date(2026, 3, 17), date(2026, 3, 18), "FR")) == "FR-2026-03-22-municipal", (
        "the round to come"
    )
    german = ad(date(2026, 3, 1), date(2026, 3, 2), "DE")
    assert (fact("vote", german), fact("vote_link", german)) == (None, "several")


def test_words_of_the_source_single_out_a_vote_only_with_country_and_dates() -> None:
    swedish = (date(2026, 9, 1), date(2026, 9, 2))
    assert fact("vote_link", ad(*swedish, "SE")) == "several", "three votes on one day"
    worded = ad(*swedish, "SE", linked_process="Municipal election")
    assert (fact("vote", worded), fact("vote_link", worded)) == ("SE-2026-09-13-municipal", "inferred")
    assert fact("vote_link", ad(*swedish, "SE", linked_process="referendum")) == "none"


def test_an_ads_own_words_choose_between_the_votes_that_country_and_dates_leave(audit_of: Audited) -> None:
    during: Row = {
        "countries": ["SE"],
        "delivered_from": date(2026, 6, 20),
        "delivered_until": date(2026, 6, 21),
    }
    said = {
        "municipal": ["Your municipal election: 13 September"],
        "two kinds": ["Municipal election and regional election"],
        "another kind": ["The referendum"],
        "nothing": ["Summer"],
        "no text": None,
    }
    rows: list[Row] = [{**during, "record_id": name, "texts": texts} for name, texts in said.items()]
    rows += [{**rows[0], "record_id": "title", "texts": None, "titles": ["MUNICIPAL ELECTION"]}]
    rows += [{**rows[0], "record_id": "unpolitical", "political_basis": None}]
    found = audit_of(Batch("ads", rows))
    columns = pl.read_parquet(found.verdicts, columns=["vote", "vote_link", "three_months"]).rows()
    ids = [None, *found.law.votes.votes]
    told = {
        name: (ids[vote], LINKS[link], WITHIN[three])
        for name, (vote, link, three) in zip(found.records()["record_id"], columns, strict=True)
    }
    municipal = ("SE-2026-09-13-municipal", "inferred", "yes")
    assert told == {
        "municipal": municipal,
        "title": municipal,
        **dict.fromkeys(("two kinds", "another kind", "nothing", "no text"), (None, "several", "yes")),
        "unpolitical": (None, "none", "yes"),
    }


@pytest.mark.parametrize(
    ("process", "day", "vote"),
    [
        ("Tweede Kamerverkiezing 2025 ", None, NL),
        (NL, None, NL),
        ("the vote", POLLING, NL),
        (None, POLLING, NL),
        ("the vote", date(2025, 10, 30), None),
    ],
)
def test_a_vote_is_stated_by_name_id_or_polling_day(process: str | None, day: date | None, vote: str | None) -> None:
    row = ad(date(2025, 3, 1), date(2025, 3, 2), "NL", linked_process=process, linked_process_date=day)
    assert fact("vote", row) == vote
    assert fact("vote_link", row) == ("stated" if vote else "none")
    assert fact("three_months", row) == "no", "long before the vote that it is for"


def test_a_polling_day_with_two_votes_states_neither() -> None:
    row = ad(date(2024, 1, 1), date(2024, 1, 2), "BE", linked_process_date=date(2024, 6, 9))
    assert fact("vote", row) is None


def test_the_three_months_are_those_before_the_vote_that_is_linked() -> None:
    other = ad(date(2025, 10, 1), date(2025, 10, 2), "NL", linked_process="NL-2026-03-18-municipal")
    assert (fact("three_months", other), fact("last_month", other)) == ("no", "yes")


PERIODS = st.tuples(
    st.none() | st.dates(date(2024, 1, 1), date(2027, 12, 31)),
    st.none() | st.dates(date(2024, 1, 1), date(2027, 12, 31)),
)


@given(PERIODS, st.sets(st.sampled_from(COUNTRIES), min_size=1, max_size=3))
def test_the_tables_say_what_counting_days_says(period: tuple[date | None, date | None], countries: set[str]) -> None:
    first, last = period
    known = [day for day in period if day]
    sure = (min(known), max(known)) if known else None
    perhaps = (first or date.min, last or date.max) if first is None or last is None else sure
    if sure and first and last is None:
        perhaps = (first, date.max)
    if sure and last and first is None:
        perhaps = (date.min, last)
    states = {member_state_of().get(code) for code in countries}

    def meets(days: tuple[date, date] | None, opens: date, closes: date) -> bool:
        return days is not None and opens <= closes and days[0] <= closes and days[1] >= opens

    windows = [one.window(1) for one in calendar().votes.values() if one.country in states]
    expected = (
        "yes"
        if any(meets(sure, w.certain, w.until) for w in windows)
        else "check"
        if any(meets(sure, w.opens, w.polling) for w in windows)
        else "unknown"
        if any(meets(perhaps, w.opens, w.polling) for w in windows)
        else "no"
    )
    assert fact("last_month", ad(first, last, *sorted(countries))) == expected


def test_every_day_of_the_calendar_is_told_right_for_every_state() -> None:
    days = [VOTES.days.first + timedelta(days=n) for n in range(-3, VOTES.days.count + 3)]
    for state in STATES:
        found = facts([ad(day, day, state) for day in days])
        windows = [one.window(3) for one in VOTES.votes if one.country == state]
        within = [any(w.opens <= day <= w.polling for w in windows) for day in days]
        assert [one["vote_link"] != "none" for one in found] == within, state
        assert [one["three_months"] != "no" for one in found] == within, state


def severities(found: Judged, rule: str) -> dict[str, str]:
    rows = found.findings().filter(pl.col("rule") == rule, pl.col("verdict") != "not_exposed")
    return dict(rows.select("record_id", "severity").iter_rows())


def test_severity_is_raised_in_the_last_month_where_the_law_bound_the_record(audit_of: Audited) -> None:
    rows: list[Row] = [
        {"record_id": "in", "delivered_from": date(2025, 10, 12), "delivered_until": date(2025, 10, 20)},
        {"record_id": "boundary", "delivered_from": POLLING, "delivered_until": POLLING},
        {"record_id": "after", "delivered_from": date(2025, 11, 2), "delivered_until": date(2025, 11, 3)},
        {"record_id": "before", "delivered_from": date(2025, 10, 1), "delivered_until": date(2025, 10, 9)},
        {"record_id": "undated"},
        {
            "record_id": "elsewhere",
            "countries": ["BE"],
            "delivered_from": date(2025, 10, 12),
            "delivered_until": date(2025, 10, 20),
        },
    ]
    young: Row = {"age_min": 13, "age_restricted": True, "targeting_personal_data": True}
    found = audit_of(Batch("ads", [{**row, **young} for row in rows]))
    for rule, base in (
        ("notice_amount_ad", "mandatory"),
        ("notice_targeting_ai", "conditional"),
        ("targeting_minors", "to_check"),
    ):
        expected = dict.fromkeys((str(row["record_id"]) for row in rows), base) | {"in": f"{base}_last_month"}
        assert severities(found, rule) == expected, rule
    counted = summed(found.out / "findings.parquet")
    amounts = {
        (one["binding"], one["severity"]): one["findings"] for one in counted if one["rule"] == "notice_amount_ad"
    }
    assert amounts == {
        ("yes", "mandatory_last_month"): 1,
        ("yes", "mandatory"): 3,
        ("before", "mandatory"): 1,
        ("unknown", "mandatory"): 1,
    }
    assert sum(int(str(one["findings"])) for one in counted) == found.findings().height
    assert set(severities(found, "dsa_repository_reach").values()) == {"mandatory"}, "Art 25(5) names no DSA article"


def test_what_the_template_alone_asks_for_weighs_less_and_is_not_raised(audit_of: Audited) -> None:
    row: Row = {"intended_from": date(2025, 10, 12), "intended_until": date(2025, 10, 20), "sponsor_registration": "x"}
    assert set(severities(audit_of(Batch("notices", [row])), "notice_sponsor_registration_number").values()) == {
        "template"
    }


def test_no_finding_rests_on_an_inferred_link(audit_of: Audited, tmp_path: Path) -> None:
    """With every vote taken away nothing is linked, and the same records get the same verdicts."""
    rows: list[Row] = [{"delivered_from": date(2025, 10, 12), "delivered_until": date(2025, 10, 20)}]
    batches = [Batch(form, rows) for form in ("ads", "notices")]
    linked = audit_of(*batches)
    far = [f"{one.id},2040-01-0{1 + n % 9},{one.country},{one.kind},x,x,x" for n, one in enumerate(VOTES.votes)]
    unlinked = audit_of(*batches, options=Options(elections=file(tmp_path, *far)))
    links = [pl.read_parquet(one.verdicts)["vote_link"].to_list() for one in (linked, unlinked)]
    assert links == [[LINKS.index("inferred")] * 2, [LINKS.index("none")] * 2]
    assert linked.by_record() == unlinked.by_record()
    columns = ["record_id", "rule", "verdict", "reason", "binding", "observed"]
    assert linked.findings().select(columns).equals(unlinked.findings().select(columns))


def test_a_vote_of_the_users_file_counts_like_any_other(audit_of: Audited, tmp_path: Path) -> None:
    options = Options(elections=file(tmp_path, ROW), election="NL-2026-11-25-municipal")
    rows: list[Row] = [
        {"record_id": "stated", "linked_process": "herindelingsverkiezingen", "intended_from": date(2026, 11, 1)},
        {"record_id": "not", "intended_from": date(2026, 11, 1)},
    ]
    found = audit_of(Batch("notices", rows), options=options)
    assert found.records()["record_id"].to_list() == ["stated"]
    (row,) = [one.as_written() for one in linked_votes(found.verdicts, found.law.votes)]
    assert (row["election"], row["link"], row["calendar"], row["calendar_status"]) == (
        "NL-2026-11-25-municipal",
        "stated",
        "file",
        "official",
    )
    assert row["calendar_source"] == "https://example.org/besluit"
    (value,) = found.table_by("election").frame["election"].unique().to_list()
    assert value.startswith("NL-2026-11-25-municipal")


def test_linked_votes_add_up_to_the_records(audit_of: Audited) -> None:
    days = [date(2025, 7, 1) + timedelta(days=9 * n) for n in range(40)]
    rows: list[Row] = [{"delivered_from": one, "delivered_until": other} for one, other in pairwise(days)]
    found = audit_of(Batch("ads", rows))
    written = [one.as_written() for one in linked_votes(found.verdicts, found.law.votes)]
    assert sum(int(str(one["records"])) for one in written) == len(rows)
    for one in written:
        for name in ("last_month", "three_months"):
            counted = one[name]
            assert isinstance(counted, dict)
            assert sum(counted.values()) == one["records"]
    assert {"inferred", "none"} <= {str(one["link"]) for one in written}


def test_the_engine_keeps_its_columns_beside_the_verdicts(audit_of: Audited) -> None:
    found = audit_of(Batch("ads", [{}]))
    assert set(FACTS) <= set(pl.read_parquet_schema(found.verdicts))
    assert HEADER.split(",") == ["id", "date", "country", "kind", "name", "source", "status"]
