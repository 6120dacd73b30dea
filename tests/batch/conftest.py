"""A configuration in a folder of its own, a loopback Meta, a watched folder, and a run of them."""

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adaudit.audit.run import Audit
from adaudit.batch.configuration import Configuration, read
from adaudit.batch.outbox import Outbox
from adaudit.batch.record import Run, Runs, Step
from adaudit.batch.run import Asked, run
from adaudit.http import Patience
from adaudit.store import Store
from tests.platforms.server import Platforms

QUICK = Patience(attempts=3, first=0.001, longest=0.5)
META = '[[pull]]\nsource = "meta"\ncountries = ["ALL"]\nterms = ["*"]\nad_type = "ALL"\n'
WATCH = '[[watch]]\nfolder = "inbox"\n'
FILE = '[[notify]]\nkind = "file"\npath = "told.jsonl"\n'


def ads(*pages: tuple[str, str]) -> str:
    """An answer of ads_archive with political ads: id, and byline or nothing."""
    rows = [
        {
            "id": number,
            "page_id": "100",
            "page_name": "Lijst Duin",
            "spend": {"lower_bound": "100", "upper_bound": "199"},
            "currency": "EUR",
            "target_locations": [{"name": "Netherlands", "type": "countries", "excluded": False}],
            "ad_delivery_start_time": "2025-10-20",
            "ad_delivery_stop_time": "2025-10-28",
            **({"bylines": byline} if byline else {}),
        }
        for number, byline in pages
    ]
    return json.dumps({"data": rows})


def no_pictures(_done: Audit, _configuration: Configuration) -> None:
    """Tests of the batch draw nothing."""


@dataclass
class Bench:
    """One folder with a configuration."""

    folder: Path
    server: Platforms
    ahead: timedelta = timedelta()
    """By how much the clock of the runs is ahead."""
    steps: list[Step] = field(default_factory=list)

    def configure(self, *parts: str) -> Configuration:
        """Write the configuration and read it."""
        (self.folder / "adaudit.toml").write_text("\n".join(parts), "utf-8")
        return read(self.folder / "adaudit.toml")

    def lay(self, name: str, text: str, age: float = 3600) -> Path:
        """Lay a file into the watched folder, written so many seconds ago."""
        path = self.folder / "inbox" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        os.utime(path, (time.time() - age, time.time() - age))
        return path

    def run(self, *, only_due: bool = False, all_of_it: bool = False) -> Run | None:
        """One run of the configuration that was written last."""
        configuration = read(self.folder / "adaudit.toml")
        asked = Asked(only_due=only_due, all_of_it=all_of_it, clock=self.now, patience=QUICK, told=self.steps.append)
        return run(configuration, b"", no_pictures, asked)

    def done(self) -> Run:
        """One run, due or not."""
        found = self.run()
        assert found is not None
        return found

    def now(self) -> datetime:
        """The clock of the runs."""
        return datetime.now(UTC) + self.ahead

    @property
    def store(self) -> Store:
        """The store as it stands."""
        return Store(self.folder / "store")

    @property
    def runs(self) -> list[Run]:
        """The records of all runs."""
        return Runs(self.folder / "store").all()

    @property
    def outbox(self) -> Outbox:
        """Alerts that stand and messages to be sent."""
        return Outbox.of(self.folder / "store")

    @property
    def told(self) -> list[dict[str, object]]:
        """The messages in the file."""
        path = self.folder / "told.jsonl"
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A folder, and a Meta with 230 ads that the environment leads to."""
    monkeypatch = pytest.MonkeyPatch()
    with Platforms(ads=230) as server:
        monkeypatch.setenv("ADAUDIT_META_URL", server.url("meta"))
        monkeypatch.setenv("ADAUDIT_META_TOKEN", server.token("meta"))
        monkeypatch.setenv("ADAUDIT_CREDENTIALS", str(tmp_path / "none.toml"))
        monkeypatch.chdir(tmp_path)
        (tmp_path / "inbox").mkdir()
        yield Bench(tmp_path, server)
    monkeypatch.undo()


def step(found: Run, what: str) -> Step:
    """The one step of a kind."""
    [one] = [one for one in found.steps if one.what == what]
    return one
