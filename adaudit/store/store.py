"""One folder that remembers: what lies where, which version it has, and who may write to it now.

    evidence/manifest.jsonl, evidence/blobs/   bytes as received; the chain of what was kept when
    evidence/noted.json                        where the chain stood when the store was last left in order
    pulls/                                     what each pull asked for and how it ended
    observations/                              records derived from the evidence, and what each pull listed
    observations.next/                         observations that are decided and not yet in their place
    partial/                                   downloads that are not whole yet
    state.sqlite                               rates, due times
    store.json                                 the version of this layout

Everything but the evidence can be made again from it.
"""

import json
import os
import platform
import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout
from platformdirs import user_data_path

from adaudit import __version__
from adaudit.errors import StoreError
from adaudit.evidence.manifest import Entry, Manifest
from adaudit.evidence.vault import Vault, digest_of, settle, write_text
from adaudit.store.observations import Observations
from adaudit.store.pulls import Pulls

LAYOUT: Final = 1
"""Version of the layout of the folder."""
VARIABLE: Final = "ADAUDIT_STORE"
MOST: Final = 5
"""Columns that are named where observations are not such as this adaudit reads."""
FACTS: Final = "read.json"
"""What stands beside new observations: the facts for the manifest."""


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
        self.next = folder / "observations.next"
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

    def described(self) -> str:
        """The SHA-256 of the description of the store itself."""
        return digest_of(self.folder / "store.json")

    @contextmanager
    def rebuilding(self) -> Iterator[Observations]:
        """Yield a place for new observations, which is taken away again where nothing decides on them."""
        fresh = Observations(self.folder / ".observations.part")
        shutil.rmtree(fresh.folder, ignore_errors=True)
        try:
            yield fresh
        finally:
            shutil.rmtree(fresh.folder, ignore_errors=True)

    def replace(self, fresh: Observations, read: Sequence[dict[str, object]]) -> list[Entry]:
        """Put new observations of some pulls in the place of theirs, all or none of them whatever happens.

        `read` holds the fact of each pull for the manifest; its lines. The renaming decides: what is cut short
        after it is done when the store is written to again. Raises StoreError.
        """
        write_text(fresh.folder / FACTS, json.dumps(list(read), ensure_ascii=False) + "\n")
        try:
            shutil.rmtree(self.next, ignore_errors=True)
            fresh.folder.rename(self.next)
            settle(self.folder)
        except OSError as error:
            raise StoreError(
                f"{self.next} could not be written ({error.strerror or error}); make room and try again. "
                "The observations are as they were."
            ) from error
        return self._put_in_place(frozenset())

    def in_place(self) -> None:
        """See that all observations are where they belong, and such as this adaudit reads.

        Raises StoreError where some are not: then `replay --apply` makes them again from the evidence.
        """
        if (self.next / FACTS).exists():
            raise StoreError(
                f"{self.folder}: new observations are decided on and not all in their place; try again, or where that "
                "was cut short let it be done with adaudit pull --resume."
            )
        unlike = self.unlike()
        if unlike:
            pull, what = next(iter(unlike.items()))
            named = f"{', '.join(what[:MOST])}{' …' if len(what) > MOST else ''}"
            raise StoreError(
                f"{self.folder}: the observations of {len(unlike):,} of {len(self.observations.pulls()):,} pulls are "
                f"not such as this adaudit ({__version__}) reads; first {pull}, made by adaudit {self.made_by(pull)}: "
                f"{named}. Let all observations be made again from the evidence, which stays as it is, with adaudit "
                "replay --apply, or use the adaudit that made them, or a later one."
            )

    def unlike(self) -> dict[str, list[str]]:
        """By pull, what of its observations is not as this adaudit writes it; pulls that are so are not there."""
        told = {pull: self.observations.unlike(pull) for pull in self.observations.pulls()}
        return {pull: what for pull, what in told.items() if what}

    def made_by(self, pull: str) -> str:
        """The adaudit that made the observations of a pull; `?` where they do not tell."""
        try:
            return str(self.observations.about(pull).get("adaudit", "?"))
        except (OSError, ValueError):
            return "?"

    def _put_in_place(self, said: Collection[tuple[str, str]]) -> list[Entry]:
        """Do what `replace` has decided, as far as it is not done; `said` is what the manifest says of it already."""
        facts = json.loads((self.next / FACTS).read_text("utf-8"))
        lines = [self.manifest.add(**one) for one in facts if (one["pull"], one["at"]) not in said]
        try:
            self.manifest.settle()
            self.observations.folder.mkdir(exist_ok=True)
            for one in facts:
                made, target = self.next / one["pull"], self.observations.folder / one["pull"]
                if made.is_dir():
                    shutil.rmtree(target, ignore_errors=True)
                    made.rename(target)
            settle(self.observations.folder)
            shutil.rmtree(self.next)
        except OSError as error:
            raise StoreError(
                f"the observations could not be put in their place ({error.strerror or error}); make room: "
                "what writes to the store next does the rest."
            ) from error
        return lines

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
            write_text(owner, f"process {os.getpid()} on {platform.node()} since {_now()}")
            yield
            self.settle()
            self.manifest.note({"store.json": self.described()})
        finally:
            owner.unlink(missing_ok=True)
            lock.release()

    def writer(self) -> str:
        """Who writes to the store now, and since when; empty where nobody does."""
        owner = self.folder / ".owner"
        if not owner.exists():
            return ""
        lock = FileLock(self.folder / ".lock")
        try:
            with lock.acquire(timeout=0):
                return ""
        except Timeout:
            return _read(owner)

    def _sweep(self) -> None:
        """Take away what a crash left half-written: nothing of it was ever acknowledged."""
        self.manifest.drop_last(lambda entry: bool(entry.sha256) and not self.vault.intact(entry.sha256))
        for left in (*self.folder.rglob(".*.part"), *self.folder.glob(".reading-*")):
            if left.is_dir():
                shutil.rmtree(left)
            else:  # one that lay in a folder taken away before is gone already
                left.unlink(missing_ok=True)
        if (self.next / FACTS).exists():
            self._put_in_place({(one.pull, one.at) for one in self.manifest.entries() if one.entry == "read"})
        elif self.next.exists():  # all of it is in its place, and taking the rest away was cut short
            shutil.rmtree(self.next)


def _read(owner: Path) -> str:
    """Who writes, since when, and for how long."""
    try:
        age = datetime.now(UTC) - datetime.fromtimestamp(owner.stat().st_mtime, UTC)
        return f"{owner.read_text('utf-8')} ({max(0, round(age.total_seconds())):,} seconds)"
    except OSError:
        return "another process"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
