"""Observations made again from the evidence with the parsers of today, compared with the stored ones, and put in
their place where that is asked for: all of them or none."""

import copy
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from adaudit import __version__
from adaudit.audit.options import Options
from adaudit.audit.run import audit
from adaudit.collection.chain import Chain, chain
from adaudit.collection.kept import Kept
from adaudit.collection.observe import made, read
from adaudit.collection.pulling import heal
from adaudit.collection.redone import Redone, compared
from adaudit.collection.resting import FILES, Sound
from adaudit.collection.room import room
from adaudit.collection.stored import taking
from adaudit.errors import EvidenceError, StoreError, UsageError
from adaudit.evidence.vault import digest_of
from adaudit.language import Wording, texts_of
from adaudit.store import Observations, Store

SAY: Final = texts_of("adaudit.collection")
Progress = Callable[[str, int, int], None]
"""(what is being done, how many steps are done, of how many)."""


@dataclass
class Replayed:
    """What came of making the observations again, pull by pull."""

    pulls: list[Redone] = field(default_factory=list)
    applied: bool = False
    unread: bool = False
    """Whether there are answers that came after their pull was read last."""

    @property
    def same(self) -> bool:
        """Whether all came out as it is stored."""
        return all(one.same_as_stored for one in self.pulls)

    def as_written(self) -> dict[str, object]:
        """The result for a program to read."""
        names = ("same", "changed", "gone", "new")
        totals = {name: sum(getattr(one, name) for one in self.pulls) for name in names}
        pulls = [one.as_written() for one in self.pulls]
        return {"adaudit": __version__, "applied": self.applied, "totals": totals, "pulls": pulls}


def evidence(store: Store) -> Chain:
    """All that was kept. Raises EvidenceError where the chain is broken: nothing is made of what it tells then."""
    told = chain(store.manifest)
    if told.broken:
        raise EvidenceError(told.broken[0][1])
    return told


@contextmanager
def replaying(store: Store, pull: str | None, advance: Progress) -> Iterator[tuple[Replayed, "Again"]]:
    """Make the observations again, of one pull where it is named, in a folder that is taken away afterwards.

    Yields what differs and the new observations. Raises UsageError for a pull that is not known, EvidenceError
    for damaged evidence, StoreError while another process writes to the store.
    """
    if writer := store.writer():
        raise StoreError(f"{store.folder} is being written to by {writer}; replay it when that is done.")
    if pull is not None:
        store.in_place()
    with room() as folder:
        again = Again(store, Observations(folder / "observations"), evidence(store))
        yield again.make(pull, advance), again


@dataclass
class Again:
    """Observations being made again."""

    store: Store
    fresh: Observations
    known: Chain
    facts: dict[str, dict[str, object]] = field(default_factory=dict)

    def make(self, pull: str | None, advance: Progress) -> Replayed:
        """Read the answers of every pull that was read, or of the one that is named, and compare."""
        if pull is not None and pull not in self.known.read:
            raise UsageError(f"{pull!r} is no pull that was read; there are {', '.join(self.known.read) or 'none'}.")
        chosen = [one for one in sorted(self.known.read) if pull in (None, one)]
        sound = self._sound()
        found = Replayed(unread=any(map(self.known.since, chosen)))
        for number, one in enumerate(chosen):
            advance(SAY.both("replaying", pull=one), number, len(chosen))
            self._read(one, self.store.observations if pull else None)
            found.pulls.append(compared(sound, self.fresh, one, self.known.made_by[one]))
        return found

    def _sound(self) -> Sound:
        sound = Sound(self.store)
        for pull, files in self.known.read.items():
            for name in FILES:
                path = sound.path(pull, name)
                if path.exists() and digest_of(path) == files.get(name):
                    sound.add(path)
        return sound

    def _read(self, pull: str, beside: Observations | None) -> None:
        answers = [Kept(one, self.store.vault) for one in self.known.answers(pull)]
        told = self.known.pulls[pull]
        with room() as folder:
            found = read(answers, told.source, folder)
            lost = [one for one in found[0].reports if not one.sha256]
            if lost:
                raise EvidenceError(
                    f"{lost[0].path}: {lost[0].problem} Nothing is made of evidence that is not whole; put the bytes "
                    "back from a copy of the store."
                )
            self.facts[pull] = made(self.store, told, found, answers, self.fresh, beside)

    def view(self) -> Store:
        """The store as it would be with the new observations."""
        seen = copy.copy(self.store)
        seen.observations = self.fresh
        return seen


def apply(store: Store, advance: Progress) -> Replayed:
    """Make all observations again and put them in the place of the stored ones, where any of them differs.

    The store must be held by `writing`. Raises EvidenceError for damaged evidence: nothing is replaced then.
    """
    migrated = _replaced(store, advance) if store.unlike() else None
    heal(store)
    return migrated or _replaced(store, advance)


def migrate(store: Store, advance: Progress) -> Replayed | None:
    """Make all observations again where an earlier adaudit kept other columns than this one; None where none did.

    It is what `apply` does, and no more is replaced than there: the evidence stays as it is, and whatever cuts it
    short, the store has all observations as they were or, once something writes to it again, all new ones.
    The store must be held by `writing`. Raises StoreError where it was a later adaudit that made some: this one would
    read less from the same bytes. Raises EvidenceError for damaged evidence.
    """
    unlike = store.unlike()
    if not unlike:
        return None
    if any(_numbers(store.made_by(pull)) > _numbers(__version__) for pull in unlike):
        store.in_place()
    return _replaced(store, advance)


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]


def _replaced(store: Store, advance: Progress) -> Replayed:
    with store.rebuilding() as fresh:
        again = Again(store, fresh, evidence(store))
        found = again.make(None, advance)
        if not found.same:
            for line in store.replace(fresh, list(again.facts.values())):
                again.known.pulls[line.pull].follow(line)
                store.pulls.save(again.known.pulls[line.pull])
            found.applied = True
    return found


def audits(store: Store, again: Again, folder: Path, advance: Progress) -> tuple[Path, Path]:
    """Audit the stored and the new observations with the rules of today; the folders of both."""
    places = (folder / "stored", folder / "replayed")
    for place, seen in zip(places, (store, again.view()), strict=True):
        audit(taking(seen), place, Options(), advance)
    return places


def reasons(found: Replayed) -> Sequence[Wording]:
    """Why something differs: who read it then, and who now."""
    differing = [one for one in found.pulls if not one.same_as_stored]
    older = sorted({one.made_by for one in differing if one.made_by != __version__ and not one.damaged})
    told = [SAY.both("other_adaudit", then=one, now=__version__) for one in older]
    if found.unread:
        told.append(SAY.both("answers_since"))
    if any(one.damaged for one in differing):
        told.append(SAY.both("files_damaged"))
    if any(one.made_by == __version__ and not one.damaged for one in differing):
        told.append(SAY.both("same_adaudit", now=__version__))
    return told
