"""The Google account with which BigQuery is asked: found where Google's programs keep it, told without a secret."""

import json
from pathlib import Path
from typing import Any

import pytest

from adaudit.errors import UsageError
from tests.connectors.live import Puller

ASKED: dict[str, Any] = {"what": "transparency_center", "ad_type": "Political"}
ON_RESULT = "/queries/"


def test_nothing_secret_and_nobody_is_written(bigquery: Puller, tmp_path: Path) -> None:
    pull = bigquery.pull(**ASKED)
    written = bigquery.written()
    key = json.loads((tmp_path / "key.json").read_text())
    tokens = {one.bearer for one in bigquery.asked(ON_RESULT)}
    secrets = [*tokens, key["private_key"].splitlines()[1], key["client_email"], "auditor@ministry.example"]
    assert pull.outcome == "complete"
    assert len(tokens) == 1
    assert all(one.encode() not in written for one in secrets)


def test_the_account_of_a_person_is_taken_where_gcloud_keeps_it(
    bigquery: Puller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ADAUDIT_GOOGLE_KEY_FILE")
    folder = tmp_path / ".config" / "gcloud"
    folder.mkdir(parents=True)
    told = {"type": "authorized_user", "client_id": "1", "client_secret": "two-three", "refresh_token": "four-five"}
    (folder / "application_default_credentials.json").write_text(json.dumps(told))
    with pytest.raises(UsageError, match="ADAUDIT_GOOGLE_PROJECT"):
        bigquery.pull(**ASKED)
    monkeypatch.setenv("ADAUDIT_GOOGLE_PROJECT", "ministry-audit")
    pull = bigquery.pull(**ASKED)
    # the address of tokens of a person's account is Google's own, which is not spoken to from here
    assert (pull.outcome, len(bigquery.asked())) == ("refused", 0)
    assert "expected an address on 127.0.0.1; found 'oauth2.googleapis.com'" in pull.why


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "expected credentials as JSON"),
        ("[]", "found None"),
        ('{"type": "external_account"}', "found 'external_account'"),
        ('{"type": "service_account", "project_id": "p"}', "expected a whole service_account file"),
        (
            '{"type": "service_account", "project_id": "p", "client_email": "a@b.example", "token_uri": "x", '
            '"private_key": "-----BEGIN PRIVATE KEY-----\\nc2VjcmV0\\n-----END PRIVATE KEY-----"}',
            "expected a whole service_account file",
        ),
    ],
)
def test_a_damaged_key_is_named_and_nothing_of_it_said(bigquery: Puller, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "key.json").write_text(text)
    with pytest.raises(UsageError, match=said) as wrong:
        bigquery.pull(**ASKED)
    assert "c2VjcmV0" not in str(wrong.value)
    assert "gcloud auth application-default login" in str(wrong.value) or "JSON" in said
    assert not bigquery.asked()


@pytest.mark.parametrize("name", ["ADAUDIT_GOOGLE_KEY_FILE", "GOOGLE_APPLICATION_CREDENTIALS", ""])
def test_no_account_says_where_was_looked(bigquery: Puller, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv("ADAUDIT_GOOGLE_KEY_FILE")
    if name:
        monkeypatch.setenv(name, "/nowhere/key.json")
    with pytest.raises(UsageError, match="no Google account for BigQuery") as wrong:
        bigquery.pull(**ASKED)
    assert ("/nowhere/key.json" if name else "application_default_credentials.json") in str(wrong.value)


def test_the_bundle_needs_no_account(bigquery: Puller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADAUDIT_GOOGLE_KEY_FILE", "/nowhere/key.json")
    assert bigquery.pull().outcome == "complete"
