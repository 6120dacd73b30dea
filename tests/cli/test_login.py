"""`adaudit login` and `adaudit doctor` as a user sees them; no secret is ever shown."""

import json
import os
import stat
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adaudit.cli import cli
from adaudit.connectors import sources
from adaudit.store import Store
from tests.platforms.bigquery import key_file
from tests.platforms.faults import Fault
from tests.platforms.server import Platforms

MADE_UP = "EAABfictionaltokenthatnobodyhas"
META = ("pull", "meta", "--country", "ALL", "--term", "*", "--ad-type", "ALL", "--max-wait", "0.05")


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platforms]:
    """A server, and an environment that leads to it, without a token."""
    with Platforms(ads=230) as running:
        monkeypatch.setenv("ADAUDIT_META_URL", running.url("meta"))
        monkeypatch.delenv("ADAUDIT_META_TOKEN", raising=False)
        monkeypatch.setenv("ADAUDIT_STORE", str(tmp_path / "store"))
        monkeypatch.setenv("ADAUDIT_CREDENTIALS", str(tmp_path / "own" / "credentials.toml"))
        monkeypatch.chdir(tmp_path)
        yield running


def run(*arguments: str, given: str = "") -> Result:
    return CliRunner().invoke(cli, list(arguments), input=given, catch_exceptions=False)


def state(source: str) -> dict[str, object]:
    """What the doctor says of a source."""
    done = run("doctor", "--json")
    return next(one for one in json.loads(done.stdout)["sources"] if one["id"] == source)


def test_a_token_is_kept_where_nobody_else_reads_it_and_tried(server: Platforms, tmp_path: Path) -> None:
    token = server.token("meta")
    done = run("login", "meta", given=f"{token}\n")
    assert done.exit_code == 0, done.output
    assert "meta answered" in " ".join(done.stdout.split()) and token not in done.output
    assert len(server.requests) == 1
    file = tmp_path / "own" / "credentials.toml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert run(*META).exit_code == 0
    assert not [one for one in (tmp_path / "store").rglob("*") if one.is_file() and token.encode() in one.read_bytes()]


def test_a_token_that_is_refused_is_said_to_be_and_is_not_shown(server: Platforms, tmp_path: Path) -> None:
    server.add(Fault("expired"))
    done = run("login", "meta", given=f"{MADE_UP}\n")
    assert done.exit_code == 3 and "meta refused" in done.stdout and MADE_UP not in done.output
    assert not (tmp_path / "store" / "evidence").exists()
    assert len(server.requests) == 1


def test_a_server_that_fails_says_nothing_of_the_token(server: Platforms) -> None:
    server.add(Fault("status", times=50, status=500))
    done = run("login", "meta", given=f"{server.token('meta')}\n")
    assert done.exit_code == 3 and "says nothing of the credentials" in " ".join(done.stdout.split())


def test_without_a_test_nobody_is_asked(server: Platforms) -> None:
    assert run("login", "meta", "--no-test", given=f"{MADE_UP}\n").exit_code == 0
    assert server.requests == []


def test_enter_leaves_what_was_kept_and_nothing_at_all_is_wrong_use(server: Platforms, tmp_path: Path) -> None:
    assert run("login", "meta", "--no-test", given="\n").exit_code == 2
    run("login", "meta", "--no-test", given=f"{MADE_UP}\n")
    again = run("login", "meta", "--no-test", given="\n")
    assert again.exit_code == 0 and "Enter leaves it as it is" in again.output
    assert MADE_UP in (tmp_path / "own" / "credentials.toml").read_text("utf-8")
    assert server.requests == []


def test_a_secret_that_would_break_the_file_is_refused(server: Platforms, tmp_path: Path) -> None:
    run("login", "meta", "--no-test", given=f"{MADE_UP}\n")
    assert run("login", "meta", "--no-test", given="with\x07bell\n").exit_code == 2
    assert MADE_UP in (tmp_path / "own" / "credentials.toml").read_text("utf-8")
    assert server.requests == []


def test_what_the_environment_says_is_told_to_be_used_first(server: Platforms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADAUDIT_META_TOKEN", server.token("meta"))
    done = run(
        "login",
        "meta",
        "--no-test",
        given=f"{MADE_UP}\n",
    )
    assert "ADAUDIT_META_TOKEN is set in environment" in done.stdout


@pytest.mark.parametrize("source", ["nowhere", "notice"])
def test_a_source_that_cannot_be_asked_is_wrong_use(server: Platforms, source: str) -> None:
    assert server.requests == []
    assert run("login", source).exit_code == 2


def test_the_doctor_says_where_each_credential_comes_from_and_never_its_value(
    server: Platforms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (state("meta")["ready"], state("meta")["credentials"][0]["place"]) == (False, "")  # type: ignore[index]
    run("login", "meta", "--no-test", given=f"{MADE_UP}\n")
    places = []
    for _ in range(3):
        places.append(state("meta")["credentials"][0]["place"])  # type: ignore[index]
        shown = run("doctor")
        assert shown.exit_code == 0 and MADE_UP not in shown.output and MADE_UP not in run("doctor", "--json").output
        if (tmp_path / ".env").exists():
            monkeypatch.setenv("ADAUDIT_META_TOKEN", MADE_UP)
        (tmp_path / ".env").write_text(f"ADAUDIT_META_TOKEN={MADE_UP}\n", "utf-8")
    assert places == [str(tmp_path / "own" / "credentials.toml"), ".env", "environment"]
    assert server.requests == []


def test_the_doctor_names_every_source_and_what_to_do(server: Platforms) -> None:
    told = json.loads(run("doctor", "--json").stdout)
    assert [one["id"] for one in told["sources"]] == list(sources())
    assert all(one["todo"]["en"] and one["todo"]["nl"] for one in told["sources"])
    assert told["store"]["there"] is False and told["store"]["free"] > 0
    assert server.requests == []


def test_a_file_of_credentials_that_others_can_read_is_told(server: Platforms, tmp_path: Path) -> None:
    run("login", "meta", "--no-test", given=f"{MADE_UP}\n")
    (tmp_path / "own" / "credentials.toml").chmod(0o644)
    done = run("doctor")
    assert done.exit_code == 3 and "chmod 600" in " ".join(done.stdout.split()) and MADE_UP not in done.output
    assert server.requests == []


def test_the_doctor_tells_what_stopped_and_how_to_go_on(
    server: Platforms, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ADAUDIT_META_TOKEN", server.token("meta"))
    server.add(Fault("expired", at=2))
    run(*META)
    shown = " ".join(run("doctor").stdout.split())
    assert "refused by the source" in shown and "adaudit pull meta --resume" in shown
    assert "asked at 127.0.0.1, not at its own address" in shown
    dutch = " ".join(run("doctor", "--lang", "nl").stdout.split())
    assert "geweigerd door de bron" in dutch and "niet af" in dutch
    with Store(tmp_path / "store").writing():
        assert f"being written to by process {os.getpid()}" in " ".join(run("doctor").stdout.split())


def test_the_doctor_tells_of_a_store_that_cannot_be_used(server: Platforms, tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "store.json").write_text('{"layout": 99}', "utf-8")
    done = run("doctor")
    assert done.exit_code == 3 and "has layout 99" in " ".join(done.stdout.split())
    assert server.requests == []


@pytest.mark.parametrize("source", ["tiktok", "linkedin", "microsoft"])
def test_every_source_that_asks_for_credentials_is_tried_in_its_own_way(
    server: Platforms, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    live = sources()[source].live
    assert live is not None
    monkeypatch.setenv(f"ADAUDIT_{source.upper()}_URL", server.url(source))
    for one in live.credentials.values():
        monkeypatch.delenv(one.variable, raising=False)
    known = {f"ADAUDIT_{source.upper()}_{key.upper()}": one for key, one in server.credentials(source).items()}
    known |= {f"ADAUDIT_{source.upper()}_TOKEN": server.token(source) or ""}
    given = "".join(f"{known.get(one.variable, '')}\n" for one in live.credentials.values())
    done = run("login", source, given=given)
    assert done.exit_code == 0 and f"{source} answered" in done.stdout, done.output
    assert not [one for one in known.values() if one and one in done.output]
    assert server.requests


def test_a_source_that_asks_for_none_is_not_asked(server: Platforms) -> None:
    done = run("login", "snapchat")
    assert done.exit_code == 0 and "no credentials" in done.stdout and server.requests == []


def shown(source: str) -> dict[str, object]:
    """What the doctor says of a source's expiry, and what to do."""
    found = state(source)
    words = found["expiry"]
    assert isinstance(words, dict)
    return {"expires": found["expires"], "en": words["en"], "ready": found["ready"], "todo": found["todo"]["en"]}  # type: ignore[index]


def in_days(count: int) -> str:
    return (datetime.now(UTC).date() + timedelta(count)).isoformat()


def test_a_day_of_expiry_stands_beside_the_secret_until_another_one_is_given(server: Platforms, tmp_path: Path) -> None:
    done = run("login", "meta", "--no-test", "--expires", in_days(40), given=f"{MADE_UP}\n")
    assert done.exit_code == 0 and "Noted that they expire on" in done.output
    file = tmp_path / "own" / "credentials.toml"
    assert f'expires = "{in_days(40)}"' in file.read_text("utf-8")
    found = shown("meta")
    assert found["expires"] == in_days(40) and "in 40 days, as noted" in str(found["en"])
    assert found["ready"] is True and found["todo"] == "adaudit pull meta"
    run("login", "meta", "--no-test", given="\n")
    assert shown("meta")["expires"] == in_days(40), "Enter leaves the secret, and its day"
    run("login", "meta", "--no-test", "--expires", in_days(3), given="\n")
    found = shown("meta")
    assert found["ready"] is True and found["todo"] == "get a new token, then adaudit login meta --expires DATE"
    assert "in 3 days" in " ".join(run("doctor").stdout.split())
    assert "in 3 days, as noted. next: get a new token" in " ".join(run(*META).stderr.split())
    again = run("login", "meta", "--no-test", given=f"{MADE_UP}2\n")
    assert "No day of expiry is noted." in again.output
    assert shown("meta")["expires"] is None and "expires" not in file.read_text("utf-8")
    assert {one.path for one in server.requests} == {server.requests[0].path}, "the pull alone asked"


def test_credentials_whose_day_has_passed_are_not_ready(server: Platforms, tmp_path: Path) -> None:
    run("login", "meta", "--no-test", "--expires", in_days(0), given=f"{MADE_UP}\n")
    assert "expire today" in str(shown("meta")["en"]) and shown("meta")["ready"] is True
    file = tmp_path / "own" / "credentials.toml"
    file.write_text(file.read_text("utf-8").replace(in_days(0), in_days(-2)), "utf-8")
    found = shown("meta")
    assert found["ready"] is False and "expired on" in str(found["en"]) and "login meta --expires" in str(found["todo"])
    dutch = " ".join(run("doctor", "--lang", "nl").stdout.split())
    assert "meta: nog niet klaar voor gebruik" in dutch and "zijn verlopen op" in dutch
    refused = run("login", "meta", "--no-test", "--expires", in_days(-1), given=f"{MADE_UP}\n")
    assert refused.exit_code == 2 and "in the past" in refused.stderr
    assert run("login", "meta", "--expires", "soon").exit_code == 2
    file.write_text(file.read_text("utf-8").replace(in_days(-2), "someday"), "utf-8")
    done = run("doctor")
    assert done.exit_code == 3 and "expected a day written as YYYY-MM-DD; found 'someday'" in " ".join(
        done.stdout.split()
    )
    assert server.requests == []


def test_the_day_in_the_file_is_not_that_of_what_the_environment_says(
    server: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("login", "meta", "--no-test", "--expires", in_days(5), given=f"{MADE_UP}\n")
    monkeypatch.setenv("ADAUDIT_META_TOKEN", server.token("meta") or "")
    assert shown("meta")["expires"] is None
    monkeypatch.setenv("ADAUDIT_META_EXPIRES", in_days(60))
    assert shown("meta")["expires"] == in_days(60)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("meta", "about 60 days"),
        ("tiktok", "expires_in"),
        ("linkedin", "EXPIRED_ACCESS_TOKEN"),
        ("x", "x does not tell when its credentials expire"),
        ("microsoft", "microsoft does not tell when its credentials expire"),
    ],
)
def test_a_source_that_does_not_tell_when_its_token_expires_is_said_not_to(
    server: Platforms, monkeypatch: pytest.MonkeyPatch, source: str, said: str
) -> None:
    live = sources()[source].live
    assert live is not None
    for one in live.credentials.values():
        monkeypatch.delenv(one.variable, raising=False)
    assert shown(source) == {**shown(source), "expires": None, "en": ""}, "nothing is set that could expire"
    for one in live.credentials.values():
        monkeypatch.setenv(one.variable, MADE_UP)
    assert said in str(shown(source)["en"]) and f"adaudit login {source} --expires DATE" in str(shown(source)["en"])
    assert server.requests == []


@pytest.fixture
def own_account(server: Platforms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The key of a Google account whose tokens come from the server, which stands for BigQuery too."""
    path = tmp_path / "key.json"
    path.write_text(json.dumps(key_file(server.url("google"))))
    monkeypatch.setenv("ADAUDIT_GOOGLE_URL", server.url("google"))
    monkeypatch.setenv("ADAUDIT_GOOGLE_KEY_FILE", str(path))
    monkeypatch.delenv("GOOGLE_CLOUD_PROJECT", raising=False)
    return path


@pytest.mark.parametrize(("language", "word"), [("en", "account of your own"), ("nl", "uw eigen account")])
def test_an_account_of_ones_own_is_named_tried_and_costs_nothing(
    server: Platforms, own_account: Path, language: str, word: str
) -> None:
    done = run("login", "google", "--lang", language)
    shown = " ".join(done.stdout.split())
    assert done.exit_code == 0 and word in shown and "gcloud auth application-default login" in shown
    assert str(own_account) in done.stdout.replace("\n", "")
    assert [one.path.rpartition("/")[2] for one in server.asked("google")] == ["token", "creative_stats"]
    assert state("google")["accounts"] == [
        {
            "name": "bigquery",
            "parts": ["transparency_center", "removed_creatives"],
            "place": str(own_account),
            "todo": {"en": "", "nl": ""},
        }
    ]
    assert run("login", "google", "--no-test").exit_code == 0
    assert len(server.asked("google")) == 2


def test_an_account_that_is_refused_or_not_there_is_said_to_be(server: Platforms, own_account: Path) -> None:
    server.add(Fault("error", on="/tables/", code="accessDenied", status=403))
    done = run("login", "google")
    assert done.exit_code == 3 and "google refused" in " ".join(done.stdout.split())
    own_account.unlink()
    done = run("login", "google")
    assert done.exit_code == 2 and "no Google account for BigQuery" in done.stderr
    told = " ".join(run("doctor").stdout.split())
    assert "google: ready transparency_center, removed_creatives: not ready: no Google account for BigQuery" in told
    assert state("google")["ready"]


@pytest.mark.usefixtures("own_account")
def test_the_extra_that_an_account_needs_is_named(server: Platforms, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where google-auth is not installed: its place is not looked into."""
    monkeypatch.setitem(sys.modules, "google.auth", None)
    done = run("login", "google")
    assert done.exit_code == 2 and "pip install 'adaudit[bigquery]'" in done.stderr
    asked = ("--what", "transparency_center", "--ad-type", "Political")
    assert "pip install 'adaudit[bigquery]'" in run("pull", "google", *asked).stderr
    assert server.asked("google") == []
