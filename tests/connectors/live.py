"""Pulls of one source from the loopback server into a store of the test's own."""

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import pytest

from adaudit.collection.pulling import Asking, begin, go
from adaudit.connectors.fetching import Scope
from adaudit.evidence.manifest import Entry
from adaudit.http import Patience
from adaudit.store import Pull, Store
from tests.platforms import Asked, Platforms

AT_ONCE = Patience(attempts=4, first=0.01, longest=0.05)


@dataclass(frozen=True)
class Puller:
    """Asks the server as a source, by the environment that leads there."""

    server: Platforms
    source: str
    store: Store
    asking: Asking = field(default_factory=lambda: Asking(AT_ONCE))

    @classmethod
    def of(cls, server: Platforms, source: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> "Puller":
        """A puller whose store stands in the folder."""
        name = source.upper()
        monkeypatch.setenv(f"ADAUDIT_{name}_URL", server.url(source))
        monkeypatch.setenv("ADAUDIT_CREDENTIALS", str(folder / "none.toml"))
        for key, value in server.credentials(source).items():
            monkeypatch.setenv(f"ADAUDIT_{name}_{key.upper()}", value)
        return cls(server, source, Store(folder / "store"))

    def pull(self, asking: Asking | None = None, **asked: object) -> Pull:
        """A new pull, made as far as it comes."""
        return self.on(begin(self.store, self.source, Scope.model_validate(asked)), asking)

    def on(self, pull: Pull, asking: Asking | None = None) -> Pull:
        """The pull, gone on with."""
        return go(self.store, pull, asking or self.asking, lambda *_: None)

    def records(self, pull: Pull) -> list[str]:
        """The ids that the pull showed, sorted, each once."""
        listing = self.store.observations.listing(pull.id).select("record_id").collect()
        return sorted(set(listing["record_id"]))

    def frame(self, pull: Pull) -> pl.DataFrame:
        """The records that were new in the pull."""
        return pl.read_parquet(self.store.observations.records([pull.id]))

    def kept(self, pull: Pull) -> list[Entry]:
        """What of the pull is kept."""
        return [one for one in self.store.manifest.entries() if one.entry == "kept" and one.pull == pull.id]

    def written(self) -> bytes:
        """Everything that the store has on disk, blobs unpacked."""
        files = [path.read_bytes() for path in self.store.folder.rglob("*") if path.is_file()]
        return b"".join([*files, *(self.store.vault.read(name) for name in self.store.vault.names())])

    def asked(self, on: str = "") -> list[Asked]:
        """What was asked of the source so far, by a part of its path."""
        return [one for one in self.server.asked(self.source) if on in one.path]
