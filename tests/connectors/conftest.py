"""A Google account for BigQuery, whose tokens come from the loopback server."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.connectors.live import Puller
from tests.platforms import Platforms
from tests.platforms.bigquery import key_file


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The key of a service account, without the address that gives tokens."""
    path = tmp_path_factory.mktemp("key") / "key.json"
    path.write_text(json.dumps(key_file("")))
    return path


@pytest.fixture
def bigquery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: Path) -> Iterator[Puller]:
    """A puller with a key whose tokens come from the server too; small pages, and no wait between polls."""
    for name in ("GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_PROJECT", "CLOUDSDK_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("ADAUDIT_GOOGLE_POLL_SECONDS", "0")
    monkeypatch.setenv("ADAUDIT_GOOGLE_PAGE_ROWS", "20")
    with Platforms(ads=60) as server:
        path = tmp_path / "key.json"
        path.write_text(json.dumps({**json.loads(key.read_text()), "token_uri": f"{server.url('google')}/token"}))
        monkeypatch.setenv("ADAUDIT_GOOGLE_KEY_FILE", str(path))
        yield Puller.of(server, "google", tmp_path, monkeypatch)
