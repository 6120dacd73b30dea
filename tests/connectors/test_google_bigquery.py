"""The Ads Transparency Center asked for through BigQuery: once, completely or provably not, at a cost that is known."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from adaudit.audit.options import Options
from adaudit.audit.run import audit
from adaudit.collection.pulling import Asking
from adaudit.connectors import sources
from adaudit.connectors.fetching import Scope, checked
from adaudit.connectors.google.query import query_for
from adaudit.errors import UsageError
from adaudit.http import host_of
from tests.connectors.live import AT_ONCE, Puller
from tests.platforms import Fault
from tests.platforms.google import Google

ASKED: dict[str, Any] = {"what": "transparency_center", "ad_type": "Political"}
ALL: dict[str, Any] = {"what": "transparency_center", "countries": ("ALL",)}
ADS = 60
ON_TABLE, ON_JOBS, ON_RESULT = "/tables/", "/jobs", "/queries/"


def rows(bigquery: Puller, table: str = "creative_stats") -> list[dict[str, Any]]:
    """The rows of a table of the server."""
    platform = bigquery.server.platform("google")
    assert isinstance(platform, Google)
    return platform.warehouse.rows[table]


def ids(bigquery: Puller, keep: Callable[[dict[str, Any]], bool] = lambda _: True) -> list[str]:
    return sorted(row["creative_id"] for row in rows(bigquery) if keep(row))


def political(row: dict[str, Any]) -> bool:
    return bool(row["topic"] == "Political")


def parameters(bigquery: Puller) -> dict[str, Any]:
    """The parameters of the query that was run last, and its text."""
    query = bigquery.asked(ON_JOBS)[-1].document["configuration"]["query"]  # type: ignore[index]
    return {"": query["query"], **{one["name"]: one["parameterValue"] for one in query["queryParameters"]}}


# What comes


def test_rows_come_whole_and_the_way_to_them_is_kept(bigquery: Puller) -> None:
    pull = bigquery.pull(**ALL)
    assert (pull.outcome, pull.records, pull.rows) == ("complete", ADS, ADS), pull.why
    assert bigquery.records(pull) == ids(bigquery)
    table, reckoned, job, *pages = bigquery.kept(pull)
    assert [one.rows for one in pages] == [20, 20, 20]
    described = json.loads(bigquery.store.vault.read(table.sha256))
    assert (described["numRows"], described["lastModifiedTime"]) == (str(ADS), "1795000000000")
    assert reckoned.request["json"]["configuration"]["dryRun"] is True  # type: ignore[index]
    asked = job.request["json"]
    assert asked["configuration"]["query"]["maximumBytesBilled"] == "250000000000"  # type: ignore[index]
    assert asked["configuration"]["query"]["query"].startswith("SELECT TO_JSON_STRING(t) AS record")  # type: ignore[index]
    assert pull.notes == [
        "creative_stats holds 60 rows and was last changed on 2026-11-18 at 11:06 UTC",
        "Google says that the query reads 10,539,760 bytes (0.0 GiB), at the cost of your project; it may be billed "
        "for 250,000,000,000 at most",
    ]
    assert not pull.issues


def test_a_value_leads_back_to_its_cell(bigquery: Puller) -> None:
    pull = bigquery.pull(**ALL)
    frame = bigquery.frame(pull)
    assert frame["form"].unique().to_list() == ["transparency_center_json"]
    one = frame.row(37, named=True)
    answer = json.loads(bigquery.store.vault.read(one["input_sha256"]))
    _, first, number, *rest = one["locator"].split("/")
    assert (first, rest) == ("rows", ["f", "0", "v"])
    assert json.loads(answer["rows"][int(number)]["f"][0]["v"])["creative_id"] == one["record_id"]


def test_records_and_findings_are_those_of_the_same_rows_saved_as_json_lines(bigquery: Puller, tmp_path: Path) -> None:
    for what, table in (("transparency_center", "creative_stats"), ("removed_creatives", "removed_creative_stats")):
        pull = bigquery.pull(what=what, countries=("ALL",))
        assert pull.outcome == "complete"
        saved = tmp_path / f"{what}.json"
        saved.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in rows(bigquery, table)) + "\n")
        pages = [tmp_path / f"{what}-{one.page}.json" for one in bigquery.kept(pull)]
        for path, one in zip(pages, bigquery.kept(pull), strict=True):
            path.write_bytes(bigquery.store.vault.read(one.sha256))
        of_pull, of_file = (
            judged(tmp_path / f"{what}-{name}", *paths) for name, paths in (("pull", pages), ("file", [saved]))
        )
        assert of_pull == of_file
        assert of_file[0]


def judged(folder: Path, *paths: Path) -> tuple[list[Any], list[Any]]:
    """What an audit makes of files: its records without their places, and its findings."""
    import polars as pl

    audit(list(paths), folder, Options(as_of=date(2026, 11, 1)), lambda *_: None)
    place = {"locator", "input_sha256", "evidence_sha256", "layout", "observed_at"}
    records = pl.read_parquet(folder / "records.parquet")
    records = records.drop(place & set(records.columns)).sort("record_id")
    findings = pl.read_parquet(folder / "findings.parquet", columns=["record_id", "rule", "verdict", "reason"])
    return records.rows(), findings.sort(findings.columns).rows()


def test_removed_creatives(bigquery: Puller) -> None:
    pull = bigquery.pull(what="removed_creatives", countries=("NL", "DE"), since=date(2024, 1, 1))
    assert pull.outcome == "complete"
    frame = bigquery.frame(pull)
    assert frame["form"].unique().to_list() == ["removed_creatives_json"]
    assert frame["removed"].all()
    expected = {
        row["creative_page_url"].rpartition("/")[2]
        for row in rows(bigquery, "removed_creative_stats")
        if any(r["region_code"] in {"NL", "DE"} and r["last_shown"] >= "2024-01-01" for r in row["region_stats"])
    }
    assert set(bigquery.records(pull)) == expected


@pytest.mark.parametrize(
    "asked",
    [
        {"ad_type": "Political"},
        {"countries": ("NL",)},
        {"countries": ("NL", "FR"), "since": date(2024, 1, 1), "until": date(2024, 12, 31)},
        {"countries": ("ALL",), "until": date(2023, 12, 31)},
    ],
)
def test_only_what_is_asked_for_comes(bigquery: Puller, asked: dict[str, Any]) -> None:
    countries = {one for one in asked.get("countries", ()) if one != "ALL"}
    since, until = (str(asked.get(name, usual)) for name, usual in (("since", ""), ("until", "9")))

    def wanted(row: dict[str, Any]) -> bool:
        shown = any(
            (not countries or r["region_code"] in countries) and r["first_shown"] <= until and r["last_shown"] >= since
            for r in row["region_stats"]
        )
        return shown and ("ad_type" not in asked or row["topic"] == asked["ad_type"])

    pull = bigquery.pull(what="transparency_center", **asked)
    assert bigquery.records(pull) == ids(bigquery, wanted)
    assert 0 < len(bigquery.records(pull)) < ADS


def test_advertisers_are_asked_by_id_and_by_name_and_never_within_the_text_of_the_query(bigquery: Puller) -> None:
    first, second = (
        rows(bigquery)[0],
        next(one for one in rows(bigquery) if one["advertiser_id"] != rows(bigquery)[0]["advertiser_id"]),
    )
    hostile = "x') OR TRUE -- `; DROP TABLE t"
    name = second["advertiser_disclosed_name"]
    whom = (first["advertiser_id"], name.upper(), hostile)
    pull = bigquery.pull(what="transparency_center", advertisers=whom, terms=(hostile,))
    asked = parameters(bigquery)
    assert "DROP" not in asked[""]
    assert asked["advertisers"] == {"arrayValues": [{"value": first["advertiser_id"]}]}
    assert asked["names"] == {"arrayValues": [{"value": name.upper()}, {"value": hostile}]}

    def wanted(row: dict[str, Any]) -> bool:
        return row["advertiser_id"] == first["advertiser_id"] or name in {
            row["advertiser_disclosed_name"],
            row["advertiser_legal_name"],
        }

    assert bigquery.records(pull) == ids(bigquery, wanted)


def test_a_row_without_dates_may_have_been_shown_on_any_day() -> None:
    scope = Scope(what="transparency_center", since=date(2026, 1, 1), until=date(2026, 1, 31), countries=("NL",))
    text = query_for(scope, ["region_stats"]).text
    assert "IFNULL(CAST(r.first_shown AS STRING), '') <= @until" in text
    assert "IFNULL(CAST(r.last_shown AS STRING), '9') >= @since" in text


def test_nothing_found_is_empty_and_never_none(bigquery: Puller) -> None:
    pull = bigquery.pull(what="transparency_center", ad_type="No such topic")
    assert (pull.outcome, pull.records) == ("empty", 0)
    assert "proves nothing" in pull.why


# What it costs


def test_a_query_that_reads_too_much_is_not_run(bigquery: Puller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADAUDIT_GOOGLE_MOST_BYTES", "1000000")
    pull = bigquery.pull(**ASKED)
    assert (pull.outcome, pull.answers, pull.left) == ("refused", 1, ["rows of creative_stats (all of them)"])
    assert "10,539,760 bytes" in pull.why
    assert "Set ADAUDIT_GOOGLE_MOST_BYTES to 10539760 or more" in pull.why
    assert [one.document["configuration"].get("dryRun") for one in bigquery.asked(ON_JOBS)] == [True]  # type: ignore[index]
    monkeypatch.setenv("ADAUDIT_GOOGLE_MOST_BYTES", "10539760")
    assert bigquery.on(pull).outcome == "complete"
    assert len(bigquery.asked(ON_TABLE)) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("MOST_BYTES", "much"), ("MOST_BYTES", "-1"), ("MOST_POLLS", "1e9"), ("PAGE_ROWS", "0.5"), ("POLL_SECONDS", "x")],
)
def test_a_setting_that_is_no_number_is_named(
    bigquery: Puller, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"ADAUDIT_GOOGLE_{name}", value)
    with pytest.raises(UsageError, match=f"ADAUDIT_GOOGLE_{name}: expected a whole number"):
        bigquery.pull(**ASKED)


@pytest.mark.parametrize("kind", ["reset", "truncated", "status"])
def test_the_query_is_run_once_though_nobody_heard_that_it_was(bigquery: Puller, kind: str) -> None:
    """The second answer about jobs is lost on its way: the first is that of the dry run."""
    bigquery.server.add(Fault(kind, at=2, on=ON_JOBS, times=1))
    pull = bigquery.pull(**ASKED)
    assert pull.outcome == "complete"
    platform = bigquery.server.platform("google")
    assert isinstance(platform, Google)
    assert len(platform.warehouse.jobs) == 1
    assert [one.method for one in bigquery.asked(ON_JOBS)][:3] == ["POST", "POST", "POST"]


# What goes wrong


@pytest.mark.parametrize(
    "fault",
    [
        *(Fault(kind, on=ON_RESULT, at=3) for kind in ("status", "reset", "truncated", "login_page", "empty_body")),
        Fault("error", code="rateLimitExceeded", on=ON_RESULT, at=3),
        Fault("error", code="backendError", on=ON_TABLE),
        Fault("cut_gzip", on=ON_RESULT, at=2),
        Fault("status", on="/token", status=503),
    ],
)
def test_a_fault_that_passes_is_asked_again(bigquery: Puller, fault: Fault) -> None:
    bigquery.server.add(fault)
    pull = bigquery.pull(**ALL)
    assert (pull.outcome, bigquery.records(pull)) == ("complete", ids(bigquery))


@pytest.mark.parametrize(
    ("fault", "outcome", "said"),
    [
        (Fault("error", code="accessDenied", on=ON_JOBS, status=403), "refused", "BigQuery Job User"),
        (Fault("error", code="billingNotEnabled", on=ON_JOBS, status=403), "refused", "billingNotEnabled"),
        (Fault("error", code="accessDenied", on=ON_TABLE, status=403), "refused", "accessDenied"),
        (Fault("error", code="quotaExceeded", on=ON_JOBS, status=403), "rate_limited", "by the month"),
        (
            Fault("error", code="rateLimitExceeded", on=ON_RESULT, status=403, times=99),
            "rate_limited",
            "limits the rate",
        ),
        (Fault("error", code="invalidQuery", on=ON_JOBS, status=400), "truncated", "invalidQuery"),
        (Fault("error", code="notFound", on=ON_TABLE, status=404), "truncated", "404"),
        (Fault("status", on=ON_RESULT, status=500, times=99), "truncated", "HTTP 500"),
        (Fault("login_page", on=ON_TABLE, times=99), "truncated", "expected JSON; found text/html"),
        (
            Fault("error", code="invalid_grant", on="/token", status=400),
            "refused",
            "gave no access token (invalid_grant",
        ),
        (Fault("redirect", on=ON_TABLE), "refused", "expected an address on"),
        (Fault("unfinished"), "truncated", "not finished yet"),
    ],
)
def test_what_is_not_given_is_told_and_can_be_gone_on_with(
    bigquery: Puller, monkeypatch: pytest.MonkeyPatch, fault: Fault, outcome: str, said: str
) -> None:
    monkeypatch.setenv("ADAUDIT_GOOGLE_MOST_POLLS", "3")
    bigquery.server.add(fault)
    pull = bigquery.pull(**ASKED)
    assert (pull.outcome, pull.left) == (outcome, ["rows of creative_stats (all of them)"])
    assert said in pull.why
    bigquery.server.clear()
    done = bigquery.on(pull)
    assert (done.outcome, bigquery.records(done)) == ("complete", ids(bigquery, political))


@pytest.mark.parametrize(
    ("fault", "missing"),
    [
        (Fault("lost", on=ON_RESULT, at=2, number=3), "3 of 60 in the result of the query"),
        (Fault("paging_lost", on=ON_RESULT, at=2, times=9), "40 of 60 in the result of the query"),
        (Fault("endless_empty", on=ON_RESULT, at=3), "40 of 60 in the result of the query"),
    ],
)
def test_rows_that_google_counts_and_does_not_give_are_missing(bigquery: Puller, fault: Fault, missing: str) -> None:
    bigquery.server.add(fault)
    pull = bigquery.pull(**ALL)
    assert (pull.outcome, pull.resumable) == ("truncated", False)
    assert [one.what for one in pull.missing] == [missing]


def test_the_same_page_for_ever_ends(bigquery: Puller) -> None:
    bigquery.server.add(Fault("endless", on=ON_RESULT, at=3))
    pull = bigquery.pull(**ALL)
    assert [one.what for one in pull.missing] == ["20 of 60 in the result of the query"]
    assert len(bigquery.asked(ON_RESULT)) == 3


@pytest.mark.parametrize(
    "fault",
    [
        Fault("error", code="notFound", on=ON_RESULT, at=3, status=404),
        Fault("error", code="invalid", on=ON_RESULT, at=3, status=400),
        Fault("error", code="jobBackendError", on=ON_RESULT, at=3, status=400),
        Fault("error", code="tableUnavailable", on=ON_RESULT, at=1, status=400),
    ],
)
def test_a_result_that_is_gone_is_asked_for_anew_and_that_is_said(bigquery: Puller, fault: Fault) -> None:
    bigquery.server.add(fault)
    pull = bigquery.pull(**ALL)
    assert (pull.outcome, bigquery.records(pull)) == ("complete", ids(bigquery))
    second = pull.notes[2]
    assert second.startswith("the query was made anew, and may be billed again: ")
    assert fault.code in second
    assert len({one.path for one in bigquery.asked(ON_RESULT)}) == 2


def test_a_result_that_is_gone_again_and_again_ends_the_pull(bigquery: Puller) -> None:
    bigquery.server.add(Fault("error", code="jobInternalError", on=ON_RESULT, status=400, times=99))
    pull = bigquery.pull(**ALL)
    assert pull.outcome == "truncated"
    assert "made anew 2 times" in pull.why
    assert len(bigquery.asked(ON_JOBS)) == 6
    bigquery.server.clear()
    assert bigquery.on(pull).outcome == "complete"


def test_a_job_that_is_there_already_and_failed_is_made_anew(bigquery: Puller) -> None:
    """The answer to the job is lost on its way, and so is what it came to when the pull goes on."""
    bigquery.server.add(Fault("status", on=ON_JOBS, at=3, times=4, status=503))
    bigquery.server.add(Fault("reset", on=ON_JOBS, at=2, times=1))
    pull = bigquery.pull(**ALL)
    assert (pull.outcome, pull.answers) == ("truncated", 2)
    bigquery.server.clear()
    bigquery.server.add(Fault("error", on="/jobs/", code="accessDenied", status=403))
    done = bigquery.on(pull)
    assert (done.outcome, bigquery.records(done)) == ("complete", ids(bigquery))
    platform = bigquery.server.platform("google")
    assert isinstance(platform, Google)
    assert len(platform.warehouse.jobs) == 2


def test_a_result_that_is_too_large_says_how_to_ask_for_less(bigquery: Puller) -> None:
    bigquery.server.add(Fault("error", code="responseTooLarge", on=ON_RESULT, status=403))
    pull = bigquery.pull(**ALL)
    assert (pull.outcome, pull.resumable) == ("truncated", False)
    assert "by --advertiser, --ad-type, --country" in pull.missing[0].why


@pytest.mark.parametrize(
    ("code", "status", "outcome"),
    [
        ("quotaExceeded", 403, "rate_limited"),
        ("accessDenied", 403, "refused"),
        ("bytesBilledLimitExceeded", 400, "truncated"),
    ],
)
def test_a_job_that_failed_is_made_anew_when_the_pull_goes_on(
    bigquery: Puller, code: str, status: int, outcome: str
) -> None:
    bigquery.server.add(Fault("error", code=code, on=ON_RESULT, status=status, times=2))
    pull = bigquery.pull(**ALL)
    assert (pull.outcome, len(bigquery.asked(ON_RESULT))) == (outcome, 1)
    done = bigquery.on(pull)
    assert (done.outcome, bigquery.records(done)) == ("complete", ids(bigquery))
    assert code in done.notes[2]


def test_a_token_that_expires_on_the_way_is_renewed_once(bigquery: Puller) -> None:
    bigquery.server.add(Fault("expired", on=ON_RESULT, at=3, times=1))
    pull = bigquery.pull(**ALL)
    assert (pull.outcome, len(bigquery.asked("/token"))) == ("complete", 2)
    bigquery.server.add(Fault("error", code="authError", on=ON_TABLE, status=401, times=99))
    refused = bigquery.pull(**ALL)
    assert refused.outcome == "refused"
    assert "does not take the access token" in refused.why


def test_time_that_is_over_leaves_the_query_to_be_asked_after(bigquery: Puller) -> None:
    bigquery.server.add(Fault("slow", on=ON_RESULT, seconds=3.0))
    pull = bigquery.pull(Asking(AT_ONCE, seconds=1.5), **ALL)
    assert (pull.outcome, pull.resumable, pull.answers) == ("truncated", True, 3)
    bigquery.server.clear()
    done = bigquery.on(pull)
    assert (done.outcome, bigquery.records(done)) == ("complete", ids(bigquery))
    platform = bigquery.server.platform("google")
    assert isinstance(platform, Google)
    assert len(platform.warehouse.jobs) == 1


@pytest.mark.parametrize("field", ["region_stats", "creative_id"])
def test_a_column_that_is_gone_is_told_before_anything_is_billed(bigquery: Puller, field: str) -> None:
    bigquery.server.add(Fault("renamed", field=field))
    pull = bigquery.pull(**ALL)
    assert (pull.outcome, pull.answers) == ("truncated", 0)
    assert f"expected the columns {field} in creative_stats; found advertiser_id, " in pull.why
    assert not bigquery.asked(ON_JOBS)


def test_a_column_that_is_new_is_an_issue(bigquery: Puller) -> None:
    bigquery.server.add(Fault("added"))
    pull = bigquery.pull(**ALL)
    assert (pull.outcome, pull.records) == ("complete", ADS)
    assert any("added_field" in one for one in pull.issues)


# What can be asked for


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        (Scope(what="transparency_center"), "needs --country or --advertiser or --term or --ad-type or --id"),
        (Scope(what="removed_creatives", countries=("NL",), advertisers=("AR1",)), "cannot be asked by --advertiser"),
        (Scope(what="political"), "google has bundle, transparency_center, removed_creatives"),
    ],
)
def test_what_cannot_be_asked_for_is_said(scope: Scope, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        checked(scope, sources()["google"])


def test_each_part_speaks_to_its_own_hosts() -> None:
    live = sources()["google"].live
    assert live is not None
    for what in ("transparency_center", "removed_creatives"):
        part = live.part(what)
        assert (host_of(part.base), part.hosts) == ("bigquery.googleapis.com", ("oauth2.googleapis.com",))
        assert live.accounts[part.account].extra == "bigquery"
    assert host_of(live.part("").base) == "storage.googleapis.com"
