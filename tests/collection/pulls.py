"""Pulls from the loopback platforms as a user makes them: the command in a process of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from adaudit.evidence.manifest import Entry
from adaudit.store import Store
from adaudit.store.observations import VERSION
from tests.platforms.bigquery import key_file
from tests.platforms.server import Platforms

SCOPES = {
    "meta": ("--country", "ALL", "--term", "*", "--ad-type", "ALL"),
    "politiekereclame_nl": (),
    "tiktok": ("--since", "2022-10-02"),
    "snapchat": tuple(word for year in range(2018, 2027) for word in ("--year", str(year))),
    "google": (),
    "google:tables": ("--what", "transparency_center", "--country", "ALL"),
    "linkedin": ("--term", "e"),
    "microsoft": ("--term", "e"),
    "x": (
        *(word for number in range(101, 113) for word in ("--advertiser", str(number))),
        *("--country", "NL", "--country", "BE", "--since", "2026-01-01", "--until", "2026-10-31"),
    ),
}
"""What is asked of each platform: everything that it has; after a colon, by which of its ways; of X, an export for each
account and country."""
ENDS = {"x": "empty"}
"""How a whole pull ends where not as complete: an export of X holds a header and no rows."""


@dataclass(frozen=True)
class Client:
    """Runs `adaudit` against a server, with a store of its own."""

    server: Platforms
    source: str
    store: Path

    @property
    def id(self) -> str:
        """The source's id."""
        return self.source.partition(":")[0]

    @property
    def environment(self) -> dict[str, str]:
        """The environment that leads to the server, and nowhere else."""
        name = self.id.upper()
        found = {**os.environ, "ADAUDIT_STORE": str(self.store), f"ADAUDIT_{name}_URL": self.server.url(self.id)}
        found |= {"ADAUDIT_CREDENTIALS": str(self.store.parent / "none.toml")}
        found |= {f"ADAUDIT_{name}_{key.upper()}": one for key, one in self.server.credentials(self.id).items()}
        found |= {"ADAUDIT_X_POLL_SECONDS": "0.005"}
        if self.source == "google:tables":
            found |= {"ADAUDIT_GOOGLE_KEY_FILE": str(self._key()), "ADAUDIT_GOOGLE_PAGE_ROWS": "100"}
            found |= {"ADAUDIT_GOOGLE_POLL_SECONDS": "0"}
        token = self.server.token(self.id)
        return found | ({f"ADAUDIT_{name}_TOKEN": token} if token else {})

    def _key(self) -> Path:
        """The key of an account whose tokens come from the server."""
        path = self.store.parent / "key.json"
        if not path.exists():
            path.write_text(json.dumps(key_file(self.server.url("google"))))
        return path

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """The command, begun."""
        command = [sys.executable, "-m", "adaudit", *arguments]
        pipe = subprocess.PIPE
        place = self.store.parent
        return subprocess.Popen(command, env=self.environment, text=True, cwd=place, stdout=pipe, stderr=pipe)

    def run(self, *arguments: str) -> tuple[int, str]:
        """The exit code of the command and all that it printed."""
        with self.start(*arguments) as process:
            out, errors = process.communicate(timeout=120)
        return process.returncode, out + errors

    def pull(self, *more: str) -> tuple[int, str]:
        """A pull of everything, faults asked again at once."""
        return self.run("pull", self.id, *SCOPES[self.source], "--max-wait", "0.05", *more)


def shown(folder: Path) -> dict[str, object]:
    """What a store holds, without when it came: bytes, chain, records, listings."""
    store = Store(folder)
    entries = list(store.manifest.entries())
    pulls = store.observations.pulls()
    listing = pl.concat([store.observations.listing(one).select(VERSION) for one in pulls]).collect()
    records = pl.read_parquet(store.observations.records(pulls))
    columns = ("input_sha256", "locator", "layout")
    return {
        "pages": [(one.page, one.sha256) for one in _last(entries)],
        "bytes": [store.vault.read(one.sha256)[:0] for one in _last(entries)],
        "records": records.select(*VERSION, *columns).sort(VERSION).rows(),
        "listing": listing.unique().sort(VERSION).rows(),
        "outcomes": [one.outcome for one in store.pulls.all()],
        "half_written": sorted(path.name for path in store.folder.glob("**/*.part")),
    }


def _last(entries: list[Entry]) -> list[Entry]:
    pages = {(one.pull, one.page): one for one in entries if one.entry == "kept"}
    return [pages[key] for key in sorted(pages)]


def ended(output: str) -> dict[str, object]:
    """What `--json` printed last."""
    found: dict[str, object] = json.loads(output.strip().splitlines()[-1])
    return found
