"""Exports of X's repository: ordered, awaited, downloaded; refusals name the way by hand, no rows prove nothing."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from adaudit.cli import cli
from adaudit.collection.stored import of_one
from adaudit.errors import SourceRefused, UsageError
from adaudit.http import Request, Session
from tests.platforms import Fault, Platforms
from tests.platforms.x import X

from .conftest import Puller

Made = Callable[[Platforms, str], Puller]
SOURCE = "x"
SCOPE = {"since": date(2026, 1, 1), "until": date(2026, 3, 31)}
ROW = (
    b"Bruggenbond,Bruggenbond,https://x.com/i/status/1,2026-01-05,2026-01-09,Keywords: brug,,1200,800,,,\n"
    b'Bruggenbond,Kas van de Brug,"https://x.com/i/status/2\nsecond line",2026-02-05,2026-02-09,,,10,9,,,\n'
)


def filled(server: Platforms) -> None:
    """Let exports of the server hold two rows."""
    platform = server.platform(SOURCE)
    assert isinstance(platform, X)
    platform._table = platform._table.rstrip(b"\r\n") + b"\n" + ROW


def asked(server: Platforms) -> list[str]:
    """What was asked, in short."""
    return [one.path.rpartition("/")[2][:6] for one in server.asked(SOURCE)]


def test_export_is_ordered_awaited_and_downloaded(puller: Made) -> None:
    with Platforms() as server:
        filled(server)
        client = puller(server, SOURCE)
        pull = client.pull(advertisers=("4201",), countries=("NL",), **SCOPE)
        assert asked(server)[:3] == ["Create", "GetExp", "GetExp"]
        order = server.asked(SOURCE)[0]
    assert order.document == {
        "variables": {
            "user": "4201",
            "geoLocation": "NL",
            "deliveryRange": {"start_date": "2026-01-01", "end_date": "2026-03-31"},
        }
    }
    assert (pull.outcome, pull.answers, pull.rows, pull.records) == ("complete", 2, 2, 2)
    assert client.records(pull)["payer_name"].sort().to_list() == ["Bruggenbond", "Kas van de Brug"]
    kept = [one for one in client.store.manifest.entries() if one.entry == "kept"]
    assert kept[1].name == "x_4201_NL_2026-01-01_2026-03-31.csv"
    assert not pull.notes


def test_header_without_rows_is_empty_with_the_reason(puller: Made) -> None:
    with Platforms() as server:
        pull = puller(server, SOURCE).pull(advertisers=("4201",), countries=("NL",), **SCOPE)
    assert (pull.outcome, pull.records) == ("empty", 0)
    assert "proves nothing" in pull.why
    assert pull.notes == [
        "account 4201 in NL, 2026-01-01 to 2026-03-31: a header without rows, which X's help says may mean no ads, and "
        "which may as well be a failure"
    ]


def test_every_account_and_country_is_an_export_of_its_own(puller: Made) -> None:
    with Platforms() as server:
        pull = puller(server, SOURCE).pull(advertisers=("4201", "4202"), countries=("NL", "BE"), **SCOPE)
        orders = [one.document for one in server.asked(SOURCE) if one.method == "POST"]
    assert [(one["variables"]["user"], one["variables"]["geoLocation"]) for one in orders if one] == [
        ("4201", "NL"),
        ("4201", "BE"),
        ("4202", "NL"),
        ("4202", "BE"),
    ]
    assert (pull.answers, len(pull.notes)) == (8, 4)


@pytest.mark.parametrize("kind", ["error", "status"])
@pytest.mark.parametrize("status", [403, 503])
def test_refusal_names_the_way_by_hand(puller: Made, kind: str, status: int) -> None:
    with Platforms(faults=[Fault(kind, code="refused", status=status, times=99)]) as server:
        pull = puller(server, SOURCE).pull(advertisers=("4201",), countries=("NL",), **SCOPE)
    assert (pull.outcome, pull.answers) == ("refused", 0)
    assert "adaudit import x FILE" in pull.why
    assert pull.left == ["account 4201 in NL, 2026-01-01 to 2026-03-31"]


def test_503_that_passes_is_no_refusal(puller: Made) -> None:
    with Platforms(faults=[Fault("status", status=503, times=2)]) as server:
        filled(server)
        pull = puller(server, SOURCE).pull(advertisers=("4201",), countries=("NL",), **SCOPE)
    assert pull.outcome == "complete"


@pytest.mark.parametrize(
    ("fault", "outcome", "said"),
    [
        (Fault("expired"), "refused", "adaudit login x"),
        (Fault("error", code="missing", status=404), "truncated", "ADAUDIT_X_CREATE_OPERATION"),
        (Fault("error", code="denied", subcode="not for you", status=200), "truncated", "not for you"),
        (Fault("throttled", times=99), "rate_limited", "limits the rate"),
        (Fault("status", times=99, status=500), "truncated", "HTTP 500"),
        (Fault("login_page", times=99), "truncated", "expected JSON"),
        (Fault("login_page", on="/exports/", times=99), "truncated", "expected a CSV"),
    ],
)
def test_other_faults_end_the_pull_with_what_is_left(puller: Made, fault: Fault, outcome: str, said: str) -> None:
    with Platforms(faults=[fault]) as server:
        pull = puller(server, SOURCE).pull(advertisers=("4201",), countries=("NL",), **SCOPE)
        assert server.token(SOURCE) not in pull.model_dump_json()
    assert pull.outcome == outcome
    assert said in pull.why
    assert pull.resumable


def test_export_that_is_not_ready_stays_ordered_and_is_asked_after_again(
    puller: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADAUDIT_X_MOST_POLLS", "3")
    with Platforms(faults=[Fault("unfinished")]) as server:
        filled(server)
        client = puller(server, SOURCE)
        pull = client.pull(advertisers=("4201",), countries=("NL",), **SCOPE)
        assert (pull.outcome, asked(server)) == ("truncated", ["Create", "GetExp", "GetExp", "GetExp"])
        assert "--resume" in pull.why
        server.clear()
        done = client.resume(pull)
        assert asked(server)[4:5] == ["GetExp"]
        assert asked(server).count("Create") == 1
    assert (done.outcome, done.records) == ("complete", 2)


def test_name_of_an_account_cannot_be_asked_for_and_the_others_are(puller: Made) -> None:
    with Platforms() as server:
        filled(server)
        pull = puller(server, SOURCE).pull(advertisers=("@bruggenbond", "4201"), countries=("NL",), **SCOPE)
    assert (pull.outcome, pull.records) == ("truncated", 2)
    assert [one.what for one in pull.missing] == ["account @bruggenbond in NL, 2026-01-01 to 2026-03-31"]
    assert "adaudit import x FILE" in pull.missing[0].why


def test_export_on_another_host_is_not_downloaded(puller: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    with Platforms() as server:
        client = puller(server, SOURCE)
        found = "https://files.example/export.csv?signature=abc"
        monkeypatch.setattr(X, "_status", lambda *_: _finished(found))
        pull = client.pull(advertisers=("4201",), countries=("NL",), **SCOPE)
    assert pull.outcome == "refused"
    assert "files.example" in pull.why
    assert "signature" not in pull.why


def test_signature_of_a_download_is_not_kept(puller: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    with Platforms() as server:
        filled(server)
        client = puller(server, SOURCE)
        found = f"{server.url(SOURCE)}/exports/1.csv?signature=secret-0001"
        monkeypatch.setattr(X, "_status", lambda *_: _finished(found))
        server.platform(SOURCE).__dict__["_polls"]["1"] = 1
        pull = client.pull(advertisers=("4201",), countries=("NL",), **SCOPE)
        assert server.asked(SOURCE)[-1].query == "signature=secret-0001"
    assert (pull.outcome, pull.records) == ("complete", 2)
    kept = [one for one in client.store.manifest.entries() if one.entry == "kept"]
    assert str(kept[-1].request["url"]).endswith("/exports/1.csv")
    assert "secret-0001" not in (client.store.folder / "evidence" / "manifest.jsonl").read_text("utf-8")


def test_signature_of_a_download_that_is_refused_is_not_kept_and_the_refusal_is(
    puller: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Platforms(faults=[Fault("status", on="/exports/", status=403, times=99)]) as server:
        client = puller(server, SOURCE)
        found = f"{server.url(SOURCE)}/exports/1.csv?signature=secret-0001"
        monkeypatch.setattr(X, "_status", lambda *_: _finished(found))
        pull = client.pull(advertisers=("4201",), countries=("NL",), **SCOPE)
        assert server.asked(SOURCE)[-1].query == "signature=secret-0001"
    assert (pull.outcome, pull.because, pull.status) == ("refused", "refused", 403)
    assert client.store.vault.read(pull.refusal)
    [end] = [one for one in client.store.manifest.entries() if one.entry == "end"]
    assert str(end.request["url"]).endswith("/exports/1.csv")
    assert "secret-0001" not in (client.store.folder / "evidence" / "manifest.jsonl").read_text("utf-8")


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault("expired"), "credential"),
        (Fault("error", code="refused", status=403, times=99), "refused_with_credential"),
        (Fault("status", status=503, times=99), "server_failed"),
        (Fault("error", code="missing", status=404), "not_as_documented"),
        (Fault("unfinished"), "no_good_answer"),
    ],
    ids=lambda one: one if isinstance(one, str) else one.kind,
)
def test_a_refused_export_is_a_finding_on_the_source_and_never_more_than_was_seen(
    puller: Made, monkeypatch: pytest.MonkeyPatch, fault: Fault, reason: str
) -> None:
    monkeypatch.setenv("ADAUDIT_X_MOST_POLLS", "2")
    with Platforms(faults=[fault]) as server:
        client = puller(server, SOURCE)
        pull = client.pull(advertisers=("4201",), countries=("NL",), **SCOPE)
    rows = {row["rule"]: row for row in of_one(client.store, pull)}
    assert rows["repository_answers"]["reason"] == reason
    assert rows["repository_answers"]["verdict"] == ("suspect" if reason == "server_failed" else "unknown")
    assert rows["repository_complete"]["reason"] == "stopped_before_end"


def test_a_header_without_rows_is_a_finding_that_proves_nothing(puller: Made) -> None:
    with Platforms() as server:
        client = puller(server, SOURCE)
        pull = client.pull(advertisers=("4201",), countries=("NL",), **SCOPE)
    assert {(row["verdict"], row["reason"]) for row in of_one(client.store, pull)} == {("unknown", "no_rows")}


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://files.x.com/a.csv", "expected https"),
        ("http://x.com/a.csv", "expected an address on"),
        ("http://evilx.com/a.csv", "expected an address on"),
        ("http://files.x.com.example/a.csv", "expected an address on"),
    ],
)
def test_hosts_below_one_are_spoken_to_and_no_others(address: str, said: str) -> None:
    with Session(frozenset({"*.x.com"})) as session, pytest.raises(SourceRefused, match=said):
        session.ask(Request(address))


def _finished(address: str) -> object:
    from tests.platforms.exchange import json_answer

    status = {"export_id": "1", "export_status": "Finished", "export_download_url": address}
    return json_answer({"data": {"digital_services_act_export_status": status}})


@pytest.mark.parametrize("asked_for", [{}, {"advertisers": ("1",)}, {"advertisers": ("1",), "countries": ("NL",)}])
def test_account_country_and_days_must_all_be_named(puller: Made, asked_for: dict[str, object]) -> None:
    with Platforms() as server, pytest.raises(UsageError, match="x needs"):
        puller(server, SOURCE).pull(**asked_for)


def test_table_saved_by_hand_goes_into_the_same_store(puller: Made, tmp_path: Path) -> None:
    with Platforms() as server:
        filled(server)
        client = puller(server, SOURCE)
        platform = server.platform(SOURCE)
        assert isinstance(platform, X)
        file = tmp_path / "by hand.csv"
        file.write_bytes(platform._table)
    done = CliRunner().invoke(cli, ["import", "x", str(file), "--store", str(client.store.folder)])
    assert done.exit_code == 0, done.output
    assert "records: 2;" in done.output
