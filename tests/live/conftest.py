"""Pulls in this process from the loopback platforms, each into a store of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from adaudit.collection.pulling import Asking, begin, go
from adaudit.connectors.fetching import Scope
from adaudit.http import Patience
from adaudit.store import Pull, Store
from tests.platforms import Platforms

PATIENT = Patience(attempts=4, first=0.001, longest=0.02)


@dataclass(frozen=True)
class Puller:
    """Pulls one source from one server into one store."""

    server: Platforms
    source: str
    store: Store

    def pull(self, *canaries: str, **scope: object) -> Pull:
        """A new pull of a scope, gone through to its end; the canaries must come back."""
        pull = begin(self.store, self.source, Scope.model_validate(scope))
        return go(self.store, pull, Asking(PATIENT, canaries=canaries), lambda *_: None)

    def resume(self, pull: Pull) -> Pull:
        """The pull, gone on with."""
        return go(self.store, pull, Asking(PATIENT), lambda *_: None)

    def ids(self, pull: Pull, column: str = "record_id") -> list[str]:
        """The ids of the records that the pull showed, sorted, each once."""
        frames = self.store.observations.records([pull.id])
        if not frames:
            return []
        return sorted(set(pl.read_parquet(frames)[column].drop_nulls().to_list()))

    def records(self, pull: Pull) -> pl.DataFrame:
        """The versions of records that the pull brought."""
        return pl.read_parquet(self.store.observations.records([pull.id]))


@pytest.fixture
def puller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Platforms, str], Puller]:
    """Makes the puller of a source: its address and token lead to the server."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ADAUDIT_CREDENTIALS", str(tmp_path / "none.toml"))
    monkeypatch.setenv("ADAUDIT_X_POLL_SECONDS", "0")

    def made(server: Platforms, source: str) -> Puller:
        monkeypatch.setenv(f"ADAUDIT_{source.upper()}_URL", server.url(source))
        if token := server.token(source):
            monkeypatch.setenv(f"ADAUDIT_{source.upper()}_TOKEN", token)
        return Puller(server, source, Store(tmp_path / "store"))

    return made
