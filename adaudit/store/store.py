"""One folder that remembers: what lies where, which version it has, and who may write to it now.

    evidence/manifest.jsonl, evidence/blobs/   bytes as received; the chain of what was kept when
    pulls/                                     what each pull asked for and how it ended
    observations/                              records derived from the evidence, and what each pull listed
    partial/                                   downloads that are not whole yet
    state.sqlite                               rates, due times
    store.json                                 the version of this layout

Everything but the evidence can be made again from it.
"""

import json
import os
import platform
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout
from platformdirs import user_data_path

from adaudit import __version__
from adaudit.errors import StoreError
from adaudit.evidence.manifest import Manifest
from adaudit.evidence.vault import Vault, write_text
from adaudit.store.observations import Observations
from adaudit.store.pulls import Pulls

LAYOUT: Final = 1
"""Version of the layout of the folder."""
VARIABLE: Final = "ADAUDIT_STORE"


def default_folder() -> Path:
    """The folder that `ADAUDIT_STORE` names, else one in the user's data folder."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else user_data_path("adaudit") / "store"


class Store:
    """A folder that remembers. Opening one that does not exist makes it."""

    def __init__(self, folder: Path) -> None:
        """Raises StoreError for a folder of a later version, one that holds something else, or an unwritable disk."""
        self.folder = folder
        self._hold = 0
        about = folder / "store.json"
        if about.exists():
            self._check(about)
        elif folder.is_dir() and any(not one.name.startswith(".") for one in folder.iterdir()):
            raise StoreError(f"{folder} is not empty and holds no store; name another folder with --store.")
        else:
            write_text(about, json.dumps({"layout": LAYOUT, "made_by": __version__, "made_at": _now()}) + "\n")
        self.vault = Vault(folder / "evidence" / "blobs")
        self.manifest = Manifest(folder / "evidence" / "manifest.jsonl")
        self.pulls = Pulls(folder / "pulls")
        self.observations = Observations(folder / "observations")
        self.partial = folder / "partial"
        self.state = folder / "state.sqlite"

    def _check(self, about: Path) -> None:
        try:
            layout = json.loads(about.read_text("utf-8"))["layout"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreError(f"{about} cannot be read ({error}); expected the description of a store.") from error
        if layout != LAYOUT:
            raise StoreError(
                f"{self.folder} has layout {layout}; this adaudit ({__version__}) reads layout {LAYOUT}. "
                "Use the adaudit that made it, or a later one."
            )

    def settle(self) -> None:
        """Make all evidence safe against a power cut."""
        self.vault.settle()
        self.manifest.settle()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only one who writes to the store. Raises StoreError naming who does now, and since when."""
        lock = FileLock(self.folder / ".lock")
        owner = self.folder / ".owner"
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise StoreError(
                f"{self.folder} is being written to by {_read(owner)}; wait until that is done."
            ) from error
        try:
            self._sweep()
            owner.write_text(f"process {os.getpid()} on {platform.node()} since {_now()}", "utf-8")
            yield
        finally:
            owner.unlink(missing_ok=True)
            lock.release()

    def _sweep(self) -> None:
        """Take away what a crash left half-written: nothing of it was ever acknowledged."""
        self.manifest.drop_last(lambda entry: entry.entry == "kept" and not self.vault.intact(entry.sha256))
        for left in (*self.folder.rglob(".*.part"), *self.folder.glob(".reading-*")):
            if left.is_dir():
                shutil.rmtree(left)
            else:  # one that lay in a folder taken away before is gone already
                left.unlink(missing_ok=True)


def _read(owner: Path) -> str:
    """Who writes, since when, and for how long."""
    try:
        age = datetime.now(UTC) - datetime.fromtimestamp(owner.stat().st_mtime, UTC)
        return f"{owner.read_text('utf-8')} ({max(0, round(age.total_seconds())):,} seconds)"
    except OSError:
        return "another process"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
