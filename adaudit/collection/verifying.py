"""Whether a store's evidence is what it was: the chain, the bytes, what was made of them, all offline.

Evidence is `evidence/`; `pulls/` and `observations/` are made of it and held to it. `state.sqlite`, locks and
`partial/` are no evidence: rates that a source allows, and downloads that were never acknowledged.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from adaudit import __version__
from adaudit.collection.chain import Chain, chain
from adaudit.collection.kept import Kept
from adaudit.collection.rereading import Chosen, choose, dangling, differing
from adaudit.collection.resting import Resting, Sound, of_bytes, of_pulls
from adaudit.collection.stamps import Seen, clock_differs, look, unstamped
from adaudit.errors import EvidenceError, StoreError
from adaudit.evidence.manifest import FIRST, noted_text
from adaudit.evidence.vault import digest_of, name_of
from adaudit.language import Value, Wording, texts_of
from adaudit.store import Pull, Store

SAY: Final = texts_of("adaudit.collection")
Progress = Callable[[str, int, int], None]
"""(what is being done, how many steps are done, of how many)."""
SAMPLE: Final = 50
"""Answers that are read again where nothing is said."""


@dataclass(frozen=True)
class Asked:
    """How thoroughly to verify."""

    answers: int | None = SAMPLE
    """How many answers are drawn to be read again; None for all."""
    seed: int = 0
    head: str = ""
    """Hash of a line of the manifest that was noted elsewhere."""
    roots: Path | None = None
    """Certificates in PEM to which time stamps are held, in the place of those that the store keeps."""


@dataclass(frozen=True)
class Fault:
    """One file that is not what it was, and the records that rest on it."""

    file: str
    what: Wording
    rests: Resting = field(default_factory=Resting)

    def as_written(self) -> dict[str, object]:
        """The fault for a program to read."""
        return {"file": self.file, "what": self.what.written(), **vars(self.rests)}


@dataclass
class Verified:
    """What was looked at, of how much, and what was found."""

    head: str = FIRST
    lines: int = 0
    until: str = ""
    """When the last line was written."""
    pulls: int = 0
    blobs: int = 0
    files: int = 0
    answers: int = 0
    answers_read: int = 0
    records: int = 0
    """Versions of records that the store holds."""
    records_read: int = 0
    """Of them, those that were compared with the bytes that they came from."""
    noted: int | None = None
    """The line of the manifest whose hash was noted elsewhere."""
    stamps: list[Seen] = field(default_factory=list)
    """The time stamps that are kept, each with what it shows."""
    unstamped: int = 0
    """Lines of the manifest that no stamp covers that holds; the line of the last one apart."""
    faults: list[Fault] = field(default_factory=list)
    notes: list[Wording] = field(default_factory=list)

    @property
    def intact(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def as_written(self) -> dict[str, object]:
        """The result for a program to read."""
        told = {name: value for name, value in vars(self).items() if name not in {"stamps", "faults", "notes"}}
        stamps, faults = [one.as_written() for one in self.stamps], [one.as_written() for one in self.faults]
        notes = [one.written() for one in self.notes]
        return {"intact": self.intact, **told, "stamps": stamps, "faults": faults, "notes": notes}


@dataclass
class _Verifying:
    """One store being verified."""

    store: Store
    asked: Asked
    advance: Progress
    found: Verified
    chain: Chain
    sound: Sound

    def fault(self, path: Path, key: str, rests: Resting, **values: Value) -> None:
        self.found.faults.append(Fault(path.relative_to(self.store.folder).as_posix(), SAY.both(key, **values), rests))

    def note(self, key: str, **values: Value) -> None:
        self.found.notes.append(SAY.both(key, **values))


def verify(store: Store, asked: Asked, advance: Progress) -> Verified:
    """Look at everything that the store keeps, and read answers again to compare what was made of them.

    Nothing is written. Raises StoreError while another process writes to the store, and UsageError where the roots
    that are asked for cannot be used.
    """
    if writer := store.writer():
        raise StoreError(f"{store.folder} is being written to by {writer}; verify it when that is done.")
    told = chain(store.manifest)
    found = Verified(told.head, len(told.hashes), told.until, len(told.pulls))
    work = _Verifying(store, asked, advance, found, told, Sound(store))
    altered = _altered(work)
    _chain(work)
    damaged = _bytes(work)
    _stamps(work, damaged)
    for path, key, pull in altered:
        work.fault(path, key, of_pulls(work.sound, told, [pull]))
    _pulls(work)
    _damaged_bytes(work, damaged)
    _records(work, damaged)
    return found


def _chain(work: _Verifying) -> None:
    """The lines of the manifest, its end, and the hashes noted in the store and elsewhere."""
    manifest, told = work.store.manifest, work.chain
    for number, problem in told.broken:
        after = [one for one, last in told.last_line.items() if last >= number - 1]
        work.fault(manifest.path, "line_broken", of_pulls(work.sound, told, after), line=number + 1, problem=problem)
    if manifest.half_written():
        work.note("half_line", line=len(told.hashes) + 1)
    for number in told.clock_back:
        work.note("clock_back", line=number + 1)
    _noted(work)
    if work.asked.head:
        work.found.noted = told.hashes.get(work.asked.head.lower())
        if work.found.noted is None:
            work.fault(manifest.path, "head_gone", Resting(), head=work.asked.head)


def _noted(work: _Verifying) -> None:
    """What the store noted of itself when it was last left in order."""
    manifest, told = work.store.manifest, work.chain
    if not manifest.noted.exists():
        if told.hashes:
            work.note("never_noted")
        return
    text = manifest.noted.read_bytes()
    heads = {**told.hashes, FIRST: -1}
    lines = next((number + 1 for head, number in heads.items() if head.encode() in text), None)
    if lines is None or text != noted_text(lines, _head(heads, lines), {"store.json": work.store.described()}).encode():
        work.fault(manifest.noted, "noted_differs", Resting(), store="store.json", manifest=manifest.path.name)
    elif lines < len(told.hashes):
        work.note("noted_behind", count=len(told.hashes) - lines)


def _head(heads: dict[str, int], lines: int) -> str:
    return next(head for head, number in heads.items() if number + 1 == lines)


def _bytes(work: _Verifying) -> dict[str, Path]:
    """Every kept file against its name; by name, those that hold other bytes or are gone."""
    vault, names = work.store.vault, {one.sha256 for one in work.chain.kept} | work.chain.of_stamps
    files = vault.files()
    damaged: dict[str, Path] = {}
    strays = 0
    for number, path in enumerate(files):
        work.advance(SAY.both("looking_at_bytes"), number, len(files))
        try:
            vault.check(path)
        except EvidenceError:
            damaged[name_of(path)] = path
        strays += name_of(path) not in names
    if strays:
        work.note("stray_bytes", count=strays)
    work.found.blobs = len(files)
    there = {name_of(path) for path in files}
    return damaged | {name: vault.where(name) for name in sorted(names - there)}


def _stamps(work: _Verifying, damaged: dict[str, Path]) -> None:
    """The time stamps: what each shows, which do not hold, and since when nothing is stamped."""
    found, told = work.found, work.chain
    found.stamps = look(work.store, told, damaged, work.asked.roots)
    found.unstamped = unstamped(told, found.stamps)
    for one, (number, entry) in zip(found.stamps, told.stamps, strict=True):
        if one.holds is False:
            path, why = work.store.folder / one.file, one.why or "–"
            work.fault(path, "stamp_fails", Resting(0), why=why, line=number + 1, count=number)
        elif one.why is not None:
            work.note("stamp_not_looked_at", line=number + 1, why=one.why)
        if seconds := clock_differs(one, entry):
            work.note(f"stamp_clock_{'ahead' if seconds > 0 else 'behind'}", line=number + 1, count=abs(seconds))
    for name in sorted(told.of_roots & set(damaged)):
        key = "roots_altered" if damaged[name].exists() else "roots_gone"
        work.fault(damaged[name], key, Resting(0))
    if any(one.roots == "kept" for one in found.stamps):
        work.note("stamp_roots_kept")


def _damaged_bytes(work: _Verifying, damaged: dict[str, Path]) -> None:
    rests = of_bytes(work.sound, set(damaged))
    resting: dict[str, set[str]] = {}
    for one in work.chain.kept:
        resting.setdefault(one.sha256, set()).add(one.pull)
    for name, path in damaged.items():
        if name in work.chain.of_stamps and name not in resting:
            continue
        key = "bytes_altered" if path.exists() else "bytes_gone"
        pulls = ", ".join(sorted(resting.get(name, ()))) or "–"
        work.fault(path, key, rests.get(name, Resting(0)), pulls=pulls)


def _altered(work: _Verifying) -> list[tuple[Path, str, str]]:
    """The files of observations that are not what the manifest says, each with what is wrong and its pull.

    Those that are what it says are from then on what tells which records rest on a fault.
    """
    store, told, unread = work.store, work.chain, set(work.chain.unread)
    altered: list[tuple[Path, str, str]] = []
    for pull, expected in told.read.items():
        folder = store.observations.folder / pull
        if (store.next / pull).is_dir():
            work.note("not_in_place", pull=pull)
            continue
        for name in sorted({*expected, *(path.name for path in folder.glob("*"))}):
            path = folder / name
            work.found.files += path.exists()
            if not path.exists():
                altered.append((path, "file_gone", pull))
            elif name not in expected:
                altered.append((path, "file_unknown", pull))
            elif digest_of(path) != expected[name]:
                altered.append((path, "file_altered", pull))
            else:
                work.sound.add(path)
    for path in sorted(store.observations.folder.glob("[!.]*")):
        if path.name not in told.read and path.name not in unread:
            altered.append((path, "observations_unknown", path.name))
    for pull in sorted(unread):
        work.note("not_read_yet", pull=pull)
    return altered


def _pulls(work: _Verifying) -> None:
    """The descriptions of pulls against what the manifest says of them."""
    folder = work.store.pulls.folder
    there = {path.stem: path for path in sorted(folder.glob("[!.]*"))}
    for name, path in there.items():
        if name not in work.chain.pulls:
            work.fault(path, "pull_unknown", of_pulls(work.sound, work.chain, [name]))
    for name, pull in work.chain.pulls.items():
        path = folder / f"{name}.json"
        if name not in there:
            work.note("pull_behind", pull=name)
            continue
        said = _description(path)
        if said == pull:
            continue
        if said is not None and any(said == earlier for earlier in work.chain.states(name)):
            work.note("pull_behind", pull=name)
        else:
            work.fault(path, "pull_differs", of_pulls(work.sound, work.chain, [name]))


def _description(path: Path) -> Pull | None:
    """The pull that a file describes, where it stands there as it is written."""
    text = path.read_bytes()
    try:
        as_written = json.dumps(json.loads(text), ensure_ascii=False, indent=1) + "\n"
        return Pull.model_validate_json(text) if as_written.encode() == text else None
    except (ValueError, EvidenceError):
        return None


def _records(work: _Verifying, damaged: dict[str, Path]) -> None:
    """Records against the bytes that they came from, read again with the parsers of today."""
    store, told, found, unread = work.store, work.chain, work.found, set(work.chain.unread)
    read = [one for pull in sorted(told.answers_read) for one in told.answers_read[pull]]
    answers = [Kept(one, store.vault) for one in read if one.sha256 not in damaged]
    found.answers = sum(len(told.answers(pull)) for pull in told.pulls)
    for pull in told.pulls:
        if pull not in unread and (since := told.since(pull)):
            work.note("not_finished", pull=pull, count=since)
    chosen = choose(answers, work.asked.answers, work.asked.seed)
    found.records = sum(work.sound.versions(pull) for pull in told.read)
    pulls = list(chosen)
    for number, pull in enumerate(pulls):
        work.advance(SAY.both("reading_again"), number, len(pulls))
        if not work.sound.whole(pull):
            work.note("not_compared", pull=pull)
            continue
        if unlike := store.observations.unlike(pull):
            work.note(
                "other_columns", pull=pull, by=told.made_by.get(pull, ""), now=__version__, what=", ".join(unlike)
            )
            continue
        one = Chosen(told.pulls[pull], chosen[pull], whole=len(chosen[pull]) == len(told.answers_read[pull]))
        result = differing(store, one)
        found.answers_read += len(one.answers)
        found.records_read += result.compared
        path = store.observations.folder / pull / "records.parquet"
        made = told.made_by.get(pull, "")
        for key, rests in result.faults.items():
            work.fault(path, key, rests, by=made, now=__version__)
    every = list(told.read)
    for pull, rests in dangling(work.sound, every).items() if all(map(work.sound.whole, every)) else ():
        work.fault(store.observations.folder / pull / "listing.parquet", "listed_without_record", rests)
