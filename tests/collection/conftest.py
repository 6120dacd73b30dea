"""A store and a loopback server for each test."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from adaudit.collection.pulling import Asking, begin, go, unfinished
from adaudit.connectors.fetching import Scope
from adaudit.http import Patience
from adaudit.store import Pull, Store
from tests.collection.stores import two_imports
from tests.platforms.faults import Fault
from tests.platforms.server import Platforms

QUICK = Patience(attempts=4, first=0.001, longest=2.0)
EVERYTHING = {"meta": Scope(countries=("ALL",), terms=("*",), ad_type="ALL")}


@dataclass
class Bench:
    """One store, and a server with one platform that is asked."""

    server: Platforms
    store: Store
    source: str
    environment: pytest.MonkeyPatch
    patience: Patience = QUICK
    events: list[str] = field(default_factory=list)

    def token(self, number: int = 1) -> str:
        """Give the client this token of the platform."""
        found = self.server.token(self.source, number)
        self.environment.setenv(f"ADAUDIT_{self.source.upper()}_TOKEN", found)
        return found

    def pull(self, *faults: Fault, scope: Scope | None = None, **asking: object) -> Pull:
        """A pull with these faults, everything that there is where no scope is given."""
        for one in faults:
            self.server.add(one)
        with self.store.writing():
            pull = begin(self.store, self.source, scope or EVERYTHING[self.source])
            return go(self.store, pull, Asking(self.patience, **asking), self._told)  # type: ignore[arg-type]

    def resume(self) -> Pull:
        """The one pull that has something left to ask, gone on with; faults are over."""
        self.server.clear()
        with self.store.writing():
            [pull] = unfinished(self.store, self.source)
            return go(self.store, pull, Asking(self.patience), self._told)

    def ids(self) -> tuple[str, ...]:
        """The ids of all records that the store has observed."""
        found = {
            str(one)
            for pull in self.store.observations.pulls()
            for one in self.store.observations.listing(pull).collect()["record_id"]
        }
        return tuple(sorted(found))

    def _told(self, _pull: Pull, event: str) -> None:
        self.events.append(event)


@pytest.fixture
def server() -> Iterator[Platforms]:
    """Platforms with 450 ads each."""
    with Platforms(ads=450) as running:
        yield running


@pytest.fixture
def bench(server: Platforms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Bench:
    """A store for the platform that the test names, or Meta."""
    source = getattr(request, "param", "meta")
    monkeypatch.setenv(f"ADAUDIT_{source.upper()}_URL", server.url(source))
    monkeypatch.setenv("ADAUDIT_CREDENTIALS", str(tmp_path / "none.toml"))
    monkeypatch.chdir(tmp_path)
    made = Bench(server, Store(tmp_path / "store"), source, monkeypatch)
    made.token()
    return made


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of two imports, the second of which shows an ad of the first again."""
    return two_imports(tmp_path_factory.mktemp("small"))


@pytest.fixture
def store(small: Path, tmp_path: Path) -> Store:
    """A copy of it."""
    shutil.copytree(small, tmp_path / "store")
    return Store(tmp_path / "store")
