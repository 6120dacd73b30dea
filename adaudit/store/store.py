"""What the store holds of listings: which pull or file listed which scope, when, and whether it listed all of it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Literal

from adaudit.language import Value, Wording, texts_of
from adaudit.store import Pull, Store

SAY: Final = texts_of("adaudit.changes")
Basis = Literal["pulled", "published", "declared", "unknown"]
"""How the scope is known: it was asked for; one file as published lists it; who imported the files said so; not."""
NARROWING: Final = frozenset({"terms", "ad_type", "advertisers", "since", "until"})
"""What a source is asked by that can change of a record while it stays in the library."""
EVERYTHING: Final = (["*"], "ALL")
"""What does not narrow: every word, every kind of ads."""


@dataclass(frozen=True)
class Chain:
    """What is compared with itself over time: a form of a source, within one scope."""

    source: str
    form: str
    kind: str
    scope: str
    basis: Basis

    @property
    def steady(self) -> bool:
        """Whether a record can leave the scope only by leaving the library.

        Words, names, categories and days by which a source was asked can change of a record that stays; what
        somebody else's word says the scope is is not known.
        """
        if self.basis != "pulled":
            return self.basis == "published"
        asked = {name: value for name, value in json.loads(self.scope).items() if name in NARROWING}
        return all(value in EVERYTHING for value in asked.values())

    @property
    def key(self) -> tuple[str, ...]:
        """What two listings must share to be compared. A file as published is the same, pulled or imported."""
        return (self.source, self.form, self.kind, self.scope, self.basis)


@dataclass(frozen=True)
class Listing:
    """What one pull, or one file of it, listed of a chain."""

    chain: Chain
    pull: Pull
    input_sha256: str
    """Of the one file as given; empty where the pull as a whole is the listing."""
    evidence_sha256: str
    """Of the member of that file; several members are listings of their own."""
    records: int
    seen: datetime
    made_by: str
    """The version of adaudit that read it."""
    filled: frozenset[str]
    """Columns that any record of the form fills in this pull."""
    carried: frozenset[tuple[frozenset[str] | None, frozenset[str]]]
    """For each layout of the form: the fields asked for, where known, and the fields carried."""
    faults: tuple[Wording, ...] = ()
    """Why it is not known to list all of its scope; none where it does."""

    @property
    def complete(self) -> bool:
        """Whether it lists all of its scope."""
        return not self.faults

    def as_written(self) -> dict[str, object]:
        """The listing as it stands in `changes.json`."""
        return {
            "pull": self.pull.id,
            "how": self.pull.how,
            "input_sha256": self.input_sha256,
            "evidence_sha256": self.evidence_sha256,
            "observed_at": self.seen.isoformat(),
            "records": self.records,
            "complete": self.complete,
            "faults": [one.written() for one in self.faults],
        }


@dataclass
class History:
    """The listings of one chain by time, and pulls of the same request that listed nothing of it."""

    chain: Chain
    listings: list[Listing] = field(default_factory=list)
    silent: list[Pull] = field(default_factory=list)


def histories(store: Store, source: str | None = None) -> list[History]:
    """Every chain of the store, or of one source, with its listings by time."""
    pulls = [one for one in store.pulls.all() if source is None or one.source in (source, "")]
    found: dict[tuple[str, ...], History] = {}
    for pull in pulls:
        if not store.observations.has(pull.id):
            continue
        for one in _listings(pull, store.observations.about(pull.id)):
            if source in (None, one.chain.source):
                _put(found.setdefault(one.chain.key, History(one.chain)).listings, one)
    for history in found.values():
        history.listings.sort(key=lambda one: (one.seen, one.pull.id))
        history.silent = _silent(history, pulls)
    return [found[key] for key in sorted(found)]


def _put(listings: list[Listing], one: Listing) -> None:
    """Add a listing; files that were declared to be one whole are one."""
    last = listings[-1] if listings else None
    if last and not one.input_sha256 and (last.pull.id, last.input_sha256) == (one.pull.id, ""):
        listings[-1] = replace(last, records=last.records + one.records)
    else:
        listings.append(one)


def _silent(history: History, pulls: Sequence[Pull]) -> list[Pull]:
    """Pulls after the last listing that asked for the same and brought nothing of it."""
    last = history.listings[-1].pull
    return [
        one
        for one in pulls
        if one.how == last.how == "pull"
        and (one.source, one.scope) == (last.source, last.scope)
        and (one.began, one.id) > (last.began, last.id)
    ]


def _listings(pull: Pull, about: Mapping[str, Any]) -> Iterable[Listing]:
    for one in about.get("listings", ()):
        source, form = one["source"], one["form"]
        chain = _chain(pull, one)
        layouts = [each for each in about["layouts"] if (each["source"], each["form"]) == (source, form)]
        yield Listing(
            chain,
            pull,
            "" if chain.basis == "declared" else one["input_sha256"],
            "" if chain.basis == "declared" else one["evidence_sha256"],
            one["records"],
            pull.observed_at or pull.began,
            about["adaudit"],
            frozenset(about["filled"].get(f"{source} {form}", ())),
            frozenset(
                (None if each["requested"] is None else frozenset(each["requested"]), frozenset(each["carried"]))
                for each in layouts
            ),
            tuple(_faults(pull, chain, one["input_sha256"], about["inputs"])),
        )


def _chain(pull: Pull, listed: Mapping[str, Any]) -> Chain:
    whole, scope = pull.scope.get("whole"), listed["scope"]
    basis: Basis = "unknown"
    if whole:
        basis, scope = "declared", whole
    elif scope:
        basis = "published"
    elif pull.how == "pull":
        basis, scope = "pulled", json.dumps(pull.scope, ensure_ascii=False, sort_keys=True)
    return Chain(listed["source"], listed["form"], listed["kind"], str(scope or ""), basis)


def _faults(pull: Pull, chain: Chain, input_sha256: str, inputs: Sequence[Mapping[str, Any]]) -> Iterable[Wording]:
    if chain.basis == "unknown":
        yield SAY.both("fault_scope")
        return
    by_file = chain.basis == "published" and pull.how == "import"
    if not by_file and pull.outcome != "complete":
        why: Value = pull.why or SAY.both("no_reason")
        yield SAY.both("fault_outcome", outcome=SAY.both(f"outcome_{pull.outcome or 'unfinished'}"), why=why)
    if pull.how == "pull" and pull.told is not None and pull.told > pull.rows:
        yield SAY.both("fault_told", told=pull.told, rows=pull.rows)
    mine = [one for one in inputs if not by_file or one["sha256"] == input_sha256]
    rejected = sum(len(one["rejected"]) for one in mine)
    if rejected:
        yield SAY.both("fault_rejected", count=rejected)
    unread = [one["path"] for one in mine if one["problem"]]
    if unread:
        yield SAY.both("fault_unread", path=unread[0], count=len(unread))
