"""What every source of a store changed between two pulls or days: chain by chain, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Final

from adaudit import __version__
from adaudit.changes.keeping import Keeping, judge
from adaudit.changes.listings import SAY, Chain, History, Listing, histories
from adaudit.changes.steps import Keep, Step, states, step
from adaudit.changes.survival import Point, survival
from adaudit.changes.versions import slices
from adaudit.connectors import sources
from adaudit.errors import UsageError
from adaudit.language import Wording
from adaudit.store import Store

TOTALS: Final = ("new", "edited", "removed", "reappeared")
GONE: Final = 250_000
"""Records that went that are judged at a time."""
SHORTEST: Final = 8
"""Characters of a pull's id that tell it, at least."""
End = date | str | None
"""A day, the id of a pull, or nothing said."""


@dataclass
class ChainChanges:
    """What changed of one form of a source within one scope."""

    history: History
    steps: list[Step]
    curve: list[Point]
    keeping: Keeping
    left_out: list[Listing]
    """Listings after the first compared one that are not known to list all of the scope."""

    def counts(self) -> dict[str, int]:
        """New, edited, removed and reappeared over all steps; what cannot be claimed is no part of them."""
        return {name: sum(one.counts()[name] or 0 for one in self.steps) for name in TOTALS}

    def as_written(self) -> dict[str, object]:
        """The changes as they stand in `changes.json`."""
        chain = self.history.chain
        return {
            **{name: getattr(chain, name) for name in ("source", "form", "kind", "scope", "basis")},
            "totals": self.counts(),
            "steps": [one.as_written() for one in self.steps],
            "survival": [vars(one) for one in self.curve],
            "retention": self.keeping.as_written(),
            "not_compared": [one.as_written() for one in self.left_out],
            "silent": [{"pull": one.id, "outcome": one.outcome, "why": one.why} for one in self.history.silent],
        }


@dataclass
class Changes:
    """What changed in a store."""

    since: End
    until: End
    chains: list[ChainChanges] = field(default_factory=list)
    single: list[History] = field(default_factory=list)
    """Chains with one listing that tells of no change: there is nothing to compare it with."""

    def totals(self) -> dict[str, int]:
        """New, edited, removed and reappeared records over all chains and steps."""
        return {name: sum(one.counts()[name] for one in self.chains) for name in TOTALS}

    def as_written(self) -> dict[str, object]:
        """All of it, as `--json` prints it."""
        return {
            "adaudit": __version__,
            "from": str(self.since) if self.since else None,
            "to": str(self.until) if self.until else None,
            "totals": self.totals(),
            "findings": sum(one.keeping.found() for one in self.chains),
            "sources": [one.as_written() for one in self.chains],
            "nothing_to_compare": [
                {**vars(one.chain), "listing": one.listings[-1].as_written()} for one in self.single
            ],
        }


def changes(store: Store, source: str | None, since: End, until: End, keep: Keep) -> Changes:
    """Compare the listings of every chain; `keep` takes the rows of `records`, `edits` and `retention`.

    Raises UsageError where nothing was observed between the two, or a pull that is named has listed nothing, and
    StoreError where observations are being replaced or an adaudit of other columns made them.
    """
    store.in_place()
    found = histories(store, source)
    if not found:
        of = f" of {source}" if source else ""
        raise UsageError(f"{store.folder} holds no listing{of}: pull or import first.")
    made = compare(store, found, _end(found, since, "--from"), _end(found, until, "--to"), keep)
    if not made.chains and not made.single:
        ends = f"from {made.since or 'the beginning'} to {made.until or 'now'}"
        raise UsageError(f"no listing lies {ends}; adaudit history shows what there is, the earlier first.")
    return made


def compare(
    store: Store, found: Sequence[History], since: End, until: End, keep: Keep, *, gone_alone: bool = False
) -> Changes:
    """Compare the listings of these chains that lie between the ends.

    With `gone_alone`, only what went from one listing to the next: no edits, nothing that came back, no survival.

    Raises UsageError where the first day is after the last.
    """
    made = Changes(since, until)
    if isinstance(made.since, date) and isinstance(made.until, date) and made.since > made.until:
        raise UsageError(f"--from {made.since} is after --to {made.until}.")
    for history in found:
        chosen = choose(history, made.since, made.until)
        if not chosen or (gone_alone and len(chosen) == 1):
            continue
        one = _of_chain(store, history, chosen, made, keep, gone_alone=gone_alone)
        if len(chosen) > 1 or one.steps[0].edits:
            made.chains.append(one)
        else:
            made.single.append(history)
    return made


def _end(found: Sequence[History], given: End, option: str) -> End:
    """The day, or the whole id of the one pull that the text begins. Raises UsageError for none or several."""
    if given is None or isinstance(given, date):
        return given
    ids = sorted({one.pull.id for history in found for one in history.listings})
    fitting = [one for one in ids if one == given or (len(given) >= SHORTEST and one.startswith(given))]
    if len(fitting) != 1:
        raise UsageError(
            f"{option}: {given!r} is neither a day such as 2026-11-24 nor the id of one pull that listed something "
            f"({'several begin so' if fitting else 'none does'}); the last ones: {', '.join(ids[-3:])}."
        )
    return fitting[0]


def choose(history: History, since: End, until: End) -> list[Listing]:
    """The listings to compare, each with the next; none where the chain has none of the pull that is named.

    Complete ones where there are two; else all, of which nothing is claimed to have come or gone. Of a day, the
    last listing by its end; where there is none by the first day, the first one there is.
    """
    named = {one for one in (since, until) if isinstance(one, str)}
    pool = [one for one in history.listings if one.complete or one.pull.id in named]
    if len(pool) < (1 if named else 2):
        pool = list(history.listings)
    last = _place(pool, until, len(pool) - 1)
    if last is None:
        return []
    first = _place(pool, since, max(last - 1, 0))
    if first is None:
        if not isinstance(since, date):
            return []
        first = 0
    return pool[first : last + 1]


def _place(pool: Sequence[Listing], end: End, otherwise: int) -> int | None:
    if end is None:
        return otherwise
    if isinstance(end, date):
        fitting = [place for place, one in enumerate(pool) if one.seen.date() <= end]
    else:
        fitting = [place for place, one in enumerate(pool) if one.pull.id == end]
    return fitting[-1] if fitting else None


def _of_chain(
    store: Store, history: History, chosen: list[Listing], made: Changes, keep: Keep, *, gone_alone: bool
) -> ChainChanges:
    observations, keeping = store.observations, Keeping()
    earlier = history.listings[: history.listings.index(chosen[0])]
    steps: list[Step] = []
    if len(chosen) == 1:
        days = tuple(one if isinstance(one, date) else None for one in (made.since, made.until))
        steps.append(states(observations, chosen[0], (days[0], days[1]), keep))
    for before, after in pairwise(chosen):
        steps.append(step(observations, before, after, earlier, keep, gone_alone=gone_alone))
        for few in [*slices(steps[-1].gone, GONE)] or [steps[-1].gone]:
            judged = judge(observations, before, after, few)
            keeping.add(judged)
            keep("retention", judged)
        steps[-1].gone = steps[-1].gone.clear()
        earlier = [*earlier, before]
    left_out = [one for one in history.listings[history.listings.index(chosen[0]) :] if one not in chosen]
    known = history.listings[: history.listings.index(chosen[-1]) + 1] if made.since is None else chosen
    points = [] if gone_alone else survival(observations, [one for one in known if one.complete])
    return ChainChanges(history, steps, points, keeping, [one for one in left_out if not one.complete])


def form_in_words(chain: Chain) -> Wording:
    """The source and its form by their titles."""
    source = sources()[chain.source]
    return SAY.both("form", source=source.title, form=source.form[chain.form].title)


def scope_in_words(history: History) -> Wording:
    """What the listings of the chain are of, and how that is known."""
    chain = history.chain
    return SAY.both(f"scope_{chain.basis}", scope=chain.scope)
