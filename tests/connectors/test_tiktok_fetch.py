"""TikTok asked over the network: every page once, the token's life, quotas, and ways on that lead nowhere."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adaudit.collection.pulling import Asking
from adaudit.connectors import sources
from adaudit.connectors.fetching import Scope, checked
from adaudit.connectors.tiktok.fetch import CORE_FIELDS, DETAIL_FIELDS, EMPTY_PAGES
from adaudit.errors import UsageError
from tests.connectors.live import AT_ONCE, Puller
from tests.platforms import Fault, Platforms

SINCE = "2022-10-02"


@pytest.fixture
def tiktok(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    with Platforms(ads=120) as server:
        yield Puller.of(server, "tiktok", tmp_path, monkeypatch)


def test_all_pages_come_once_and_the_token_reaches_no_disk(tiktok: Puller) -> None:
    pull = tiktok.pull(since=SINCE)
    assert (pull.outcome, pull.answers, pull.rows, pull.missing) == ("complete", 3, 120, [])
    assert tiktok.records(pull) == list(tiktok.server.archive("tiktok"))
    written = tiktok.written()
    tokens = {one.bearer for one in tiktok.asked("/adlib/")}
    assert len(tokens) == 1
    secrets = [*tokens, *tiktok.server.credentials("tiktok").values()]
    assert not [one for one in secrets if one.encode() in written]
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    body = tiktok.kept(pull)[0].request["json"]
    assert body == {
        "filters": {
            "ad_published_date_range": {"min": "20221002", "max": f"{yesterday:%Y%m%d}"},
            "country_code": "ALL",
        },
        "max_count": 50,
    }


def test_a_token_that_expires_is_renewed_once_for_a_call(tiktok: Puller) -> None:
    tiktok.server.add(Fault("expired", at=2, times=1, on="ad/query"))
    pull = tiktok.pull(since=SINCE)
    assert (pull.outcome, tiktok.records(pull)) == ("complete", list(tiktok.server.archive("tiktok")))
    assert len(tiktok.asked("/oauth/token")) == 2
    assert len(tiktok.asked("/ad/query")) == 4


def test_tokens_that_are_never_taken_end_in_a_refusal(tiktok: Puller) -> None:
    tiktok.server.add(Fault("expired", at=1, on="ad/query"))
    pull = tiktok.pull(since=SINCE)
    assert (pull.outcome, pull.answers) == ("refused", 0)
    assert "access_token_invalid" in pull.why
    assert len(tiktok.asked("/oauth/token")) == 1


def test_a_wrong_client_is_told_without_its_secret(tiktok: Puller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADAUDIT_TIKTOK_CLIENT_SECRET", "fictional-wrong-secret")
    pull = tiktok.pull(since=SINCE)
    assert pull.outcome == "refused"
    assert "invalid_client" in pull.why
    assert "fictional-wrong-secret" not in pull.why
    assert b"fictional-wrong-secret" not in tiktok.written()


def test_without_a_client_nothing_is_asked(tiktok: Puller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ADAUDIT_TIKTOK_CLIENT_KEY")
    with pytest.raises(UsageError, match="ADAUDIT_TIKTOK_CLIENT_KEY"):
        tiktok.pull(since=SINCE)
    assert tiktok.asked() == []


@pytest.mark.parametrize(
    ("fault", "outcome", "why"),
    [
        (Fault("refused", at=2, on="ad/query"), "refused", "scope_not_authorized"),
        (Fault("throttled", at=2, times=99, on="ad/query"), "rate_limited", "rate_limit_exceeded"),
        (Fault("throttled", at=2, times=99, on="ad/query", retry_after=900), "rate_limited", "900 seconds"),
        (Fault("quota", at=2, on="ad/query"), "rate_limited", "00:00 UTC"),
        (Fault("error", at=2, times=99, code="internal_error", on="ad/query"), "truncated", "internal_error"),
        (Fault("status", at=2, times=99, status=503, on="ad/query"), "truncated", "503"),
    ],
)
def test_what_stops_a_pull_is_told_and_it_goes_on_from_there(
    tiktok: Puller, fault: Fault, outcome: str, why: str
) -> None:
    tiktok.server.add(fault)
    pull = tiktok.pull(since=SINCE)
    assert (pull.outcome, pull.answers, len(pull.left), pull.resumable) == (outcome, 1, 1, True)
    assert why in pull.why
    tiktok.server.clear()
    asked = len(tiktok.asked("/ad/query"))
    assert tiktok.on(pull).outcome == "complete"
    assert tiktok.records(pull) == list(tiktok.server.archive("tiktok"))
    assert len(tiktok.asked("/ad/query")) - asked == 2


@pytest.mark.parametrize(
    "fault",
    [
        Fault("error", at=2, times=2, code="internal_error", status=500, on="ad/query"),
        Fault("throttled", at=2, on="ad/query"),
        Fault("truncated", at=2, on="ad/query"),
        Fault("login_page", at=2, on="ad/query"),
        Fault("bad_gzip", at=2, on="ad/query"),
        Fault("reset", at=1, on="oauth/token"),
        Fault("overlap", at=2, on="ad/query"),
        Fault("late_end", on="ad/query"),
    ],
)
def test_faults_that_pass_cost_nothing(tiktok: Puller, fault: Fault) -> None:
    tiktok.server.add(fault)
    pull = tiktok.pull(since=SINCE)
    assert (pull.outcome, tiktok.records(pull)) == ("complete", list(tiktok.server.archive("tiktok")))


def test_empty_pages_for_ever_end_and_are_missing(tiktok: Puller) -> None:
    tiktok.server.add(Fault("endless_empty", at=2, on="ad/query"))
    pull = tiktok.pull(since=SINCE)
    assert (pull.outcome, pull.rows, len(pull.missing)) == ("truncated", 50, 1)
    assert "held nothing and promised more" in pull.missing[0].why
    assert len(tiktok.asked("/ad/query")) == 1 + EMPTY_PAGES
    pull = tiktok.pull(since=SINCE, countries=("NL", "DE"))
    assert [one.what.split(", ")[1] for one in pull.missing] == ["NL", "DE"]
    assert len(tiktok.asked("/ad/query")) == 1 + 3 * EMPTY_PAGES


def test_the_same_page_for_ever_ends_and_is_missing(tiktok: Puller) -> None:
    tiktok.server.add(Fault("endless", at=2, on="ad/query"))
    pull = tiktok.pull(since=SINCE)
    assert (pull.outcome, len(pull.missing)) == ("truncated", 1)
    assert "the same page came back" in pull.missing[0].why
    assert len(tiktok.asked("/ad/query")) <= 4


def test_a_search_id_that_is_not_taken_any_more_begins_the_unit_again_once(tiktok: Puller) -> None:
    tiktok.server.add(Fault("error", at=3, times=1, code="invalid_params", status=400, on="ad/query"))
    pull = tiktok.pull(since=SINCE)
    assert (pull.outcome, pull.answers) == ("complete", 5)
    assert tiktok.records(pull) == list(tiktok.server.archive("tiktok"))
    tiktok.server.clear()
    tiktok.server.add(Fault("error", at=2, times=1, code="invalid_params", status=400, on="ad/query"))
    tiktok.server.add(Fault("error", at=4, times=1, code="invalid_params", status=400, on="ad/query"))
    pull = tiktok.pull(since=SINCE)
    assert (pull.outcome, len(pull.missing)) == ("truncated", 1)


def test_details_bring_targeting_each_ad_once(tiktok: Puller) -> None:
    pull = tiktok.pull(what="details", since=SINCE, countries=("NL",))
    ids = tiktok.records(pull)
    assert pull.outcome == "complete"
    asked = [one.document["ad_id"] for one in tiktok.asked("/ad/detail") if one.document]
    assert sorted(map(str, asked)) == ids
    shown = tiktok.frame(pull).filter(form="ad_detail")
    assert sorted(shown["record_id"]) == ids
    assert shown["targeting_parameters"].null_count() == 0


def test_a_quota_on_details_stops_and_nothing_is_asked_twice(tiktok: Puller) -> None:
    tiktok.server.add(Fault("quota", at=3, on="ad/detail"))
    pull = tiktok.pull(what="details", since=SINCE, countries=("NL",))
    ads = pull.rows - 2
    assert (pull.outcome, pull.left) == ("rate_limited", [f"details of {ads - 2} ads"])
    tiktok.server.clear()
    assert tiktok.on(pull).outcome == "complete"
    assert len(tiktok.asked("/ad/query")) == 1
    assert len(tiktok.asked("/ad/detail")) == ads + 1
    assert (pull.answers, ads > 3) == (1 + ads, True)


def test_the_quota_is_remembered_between_pulls(tiktok: Puller, monkeypatch: pytest.MonkeyPatch) -> None:
    live = sources()["tiktok"].live
    assert live is not None
    monkeypatch.setitem(live.limits, "detail", live.limits["detail"].model_copy(update={"calls": 4}))
    ids = tiktok.server.archive("tiktok")
    assert tiktok.pull(what="details", ids=ids[:3]).outcome == "complete"
    pull = tiktok.pull(what="details", ids=ids[3:6])
    assert (pull.outcome, pull.answers, pull.left) == ("rate_limited", 1, ["details of 2 ads"])
    assert len(tiktok.asked("/ad/detail")) == 4


def test_fields_that_are_not_taken_any_more_leave_the_core_fields(tiktok: Puller) -> None:
    tiktok.server.add(Fault("error", at=1, times=1, code="invalid_params", status=400, on="ad/detail"))
    ids = tiktok.server.archive("tiktok")[:3]
    pull = tiktok.pull(what="details", ids=ids)
    assert (pull.outcome, tiktok.records(pull)) == ("complete", list(ids))
    asked = [one.parameters["fields"] for one in tiktok.asked("/ad/detail")]
    assert asked == [",".join(DETAIL_FIELDS), *[",".join(CORE_FIELDS)] * 3]


def test_an_ad_that_is_not_there_is_missing_and_the_others_come(tiktok: Puller) -> None:
    ids = tiktok.server.archive("tiktok")
    pull = tiktok.pull(what="details", ids=(ids[0], "12345", "a name", ids[1]))
    assert (pull.outcome, tiktok.records(pull)) == ("truncated", list(ids[:2]))
    assert [one.what for one in pull.missing] == ["details of ad 12345", "details of ad a name"]


def test_advertisers_and_numbers_come_and_are_not_counted(tiktok: Puller) -> None:
    pull = tiktok.pull(what="advertisers", terms=("a",))
    assert (pull.outcome, pull.records, pull.answers) == ("complete", 0, 1)
    assert "nothing of it is counted" in pull.why
    assert tiktok.pull(what="report", since=SINCE).outcome == "complete"
    none = tiktok.pull(what="advertisers", terms=("no such name anywhere",))
    assert (none.outcome, none.rows) == ("empty", 0)


def test_communications_come_whole(tiktok: Puller) -> None:
    pull = tiktok.pull(what="communications", since=SINCE)
    assert pull.outcome == "complete"
    assert tiktok.records(pull) == list(tiktok.server.archive("tiktok", "commercial_communications"))


def test_what_cannot_be_asked_for_is_missing_and_the_rest_is_asked(tiktok: Puller) -> None:
    pull = tiktok.pull(since="2020-01-01", until="2200-01-01", pages=("a name",), terms=("x" * 51, "a"))
    assert pull.outcome == "truncated"
    said = " ".join(one.what for one in pull.missing)
    assert "days before 2022-10-02" in said
    assert "days after" in said
    assert "'a name'" in said
    assert f"'{'x' * 51}'" in said
    assert {one.document["search_term"] for one in tiktok.asked("/ad/query") if one.document} == {"a"}


def test_letters_that_the_source_fails_on_do_not_stop_the_other_terms(tiktok: Puller) -> None:
    tiktok.server.add(Fault("status", at=1, times=AT_ONCE.attempts, on="ad/query"))
    pull = tiktok.pull(since=SINCE, terms=("Ωmega", "a"))
    assert pull.outcome == "truncated"
    assert [one.what for one in pull.missing] == [pull.missing[0].what]
    assert "Ωmega" in pull.missing[0].what
    assert pull.records


def test_an_empty_answer_proves_nothing_and_a_canary_breaks_it(tiktok: Puller) -> None:
    tiktok.server.add(Fault("empty", on="ad/query"))
    assert tiktok.pull(since=SINCE).outcome == "empty"
    canary = tiktok.server.canary("tiktok")
    pull = tiktok.pull(Asking(AT_ONCE, canaries=(canary,)), since=SINCE)
    assert (pull.outcome, canary in pull.why) == ("broken", True)


def test_each_thing_has_filters_of_its_own() -> None:
    tiktok = sources()["tiktok"]
    with pytest.raises(UsageError, match="tiktok needs --since"):
        checked(Scope(), tiktok)
    with pytest.raises(UsageError, match="tiktok advertisers cannot be asked by --since; it can by --term"):
        checked(Scope.model_validate({"what": "advertisers", "since": SINCE, "terms": ("a",)}), tiktok)
    with pytest.raises(UsageError, match="tiktok details needs --since or --id"):
        checked(Scope(what="details"), tiktok)
    with pytest.raises(UsageError, match="--what notices: tiktok has ads, details"):
        checked(Scope(what="notices"), tiktok)
