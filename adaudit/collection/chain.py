"""What the manifest tells of a store, also where its chain is broken: pulls, answers, what was made of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from adaudit.evidence.manifest import FIRST, Entry, Manifest
from adaudit.store import Pull


@dataclass
class Chain:
    """The lines of a manifest, followed to the end whatever is wrong with them."""

    head: str = FIRST
    until: str = ""
    hashes: dict[str, int] = field(default_factory=dict)
    """The number of each line by its hash."""
    broken: list[tuple[int, str]] = field(default_factory=list)
    """Lines that break the chain, with what is wrong."""
    clock_back: list[int] = field(default_factory=list)
    """Lines that say an earlier time than the line before."""
    pulls: dict[str, Pull] = field(default_factory=dict)
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    last_line: dict[str, int] = field(default_factory=dict)
    """The number of the last line of each pull."""
    stamps: list[tuple[int, Entry]] = field(default_factory=list)
    """The number and the entry of each line of a time stamp."""
    read: dict[str, dict[str, str]] = field(default_factory=dict)
    """The files of observations of each pull that was read, with their hashes."""
    made_by: dict[str, str] = field(default_factory=dict)
    """The adaudit that made them."""
    answers_read: dict[str, list[Entry]] = field(default_factory=dict)
    """The answers that they were made of: what was kept before the pull was read."""

    @property
    def kept(self) -> list[Entry]:
        """Every line that keeps bytes: of an answer, those asked for again too, or of what stopped a pull."""
        return [one for entries in self.entries.values() for one in entries if one.sha256]

    @property
    def of_roots(self) -> set[str]:
        """The names of the kept certificates that time stamps were held to."""
        return {entry.roots for _, entry in self.stamps}

    @property
    def of_stamps(self) -> set[str]:
        """The names of all kept bytes of time stamps: the answers of authorities, and the roots."""
        return {entry.sha256 for _, entry in self.stamps} | self.of_roots

    def answers(self, pull: str) -> list[Entry]:
        """The answers of a pull; of pages that it asked for again when it was resumed, the last."""
        pages = {one.page: one for one in self.entries[pull] if one.entry == "kept"}
        return [pages[number] for number in sorted(pages)]

    def since(self, pull: str) -> int:
        """How many answers of a pull came after it was read last, or were never read."""
        read = {(one.page, one.sha256) for one in self.answers_read.get(pull, ())}
        return sum((one.page, one.sha256) not in read for one in self.answers(pull))

    @property
    def unread(self) -> list[str]:
        """Pulls that ended and whose answers were not read: a crash came between."""
        return [
            one.id for one in self.pulls.values() if one.outcome is not None and one.answers and one.records is None
        ]

    def states(self, pull: str) -> Iterator[Pull]:
        """The pull as it stood after each of its lines."""
        first, *others = self.entries[pull]
        state = Pull.begun(first)
        yield state
        for one in others:
            state.follow(one)
            yield state


def chain(manifest: Manifest) -> Chain:
    """Follow every line of a manifest."""
    told = Chain()
    last: datetime | None = None
    for line in manifest.lines():
        told.hashes[line.sha256] = line.number
        told.head = line.sha256
        if line.problem:
            told.broken.append((line.number, line.problem))
        if line.entry is None:
            continue
        at = datetime.fromisoformat(line.entry.at)
        if last is not None and at < last:
            told.clock_back.append(line.number)
        last, told.until = at, line.entry.at
        _follow(told, line.entry, line.number)
    return told


def _follow(told: Chain, entry: Entry, number: int) -> None:
    if entry.entry == "stamp":
        told.stamps.append((number, entry))
        return
    if entry.entry == "begin":
        told.pulls[entry.pull] = Pull.begun(entry)
        told.entries[entry.pull] = [entry]
    elif entry.pull not in told.pulls:  # the line that began it is damaged, and told of
        return
    else:
        told.pulls[entry.pull].follow(entry)
        told.entries[entry.pull].append(entry)
    told.last_line[entry.pull] = number
    if entry.entry == "read":
        told.read[entry.pull], told.made_by[entry.pull] = entry.files, entry.adaudit
        told.answers_read[entry.pull] = told.answers(entry.pull)
