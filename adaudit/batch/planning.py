"""What a run has to do now: which scopes are due or unfinished, and which files are new. Nothing is changed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from adaudit.batch.configuration import Configuration, Pulled, Watched
from adaudit.batch.rhythm import Due, Phased, due, phase_of
from adaudit.batch.watching import Found, imported, look
from adaudit.errors import UsageError
from adaudit.language import Wording, joined
from adaudit.store import Pull, Store
from adaudit.store.pulls import followed


@dataclass(frozen=True)
class PlannedPull:
    """One scope: whether it is due, how often it is asked for now, and the pull that is gone on with."""

    asked: Pulled
    every: timedelta
    due: Due
    unfinished: Pull | None

    @property
    def name(self) -> Wording:
        """Source and scope in one line."""
        return joined(", ", (self.asked.source, self.asked.scope.said()))

    @property
    def is_due(self) -> bool:
        """Whether it is asked for in a run now."""
        return self.due.is_due or self.unfinished is not None

    @property
    def reason(self) -> str:
        """The key of the words that say why."""
        return "unfinished" if self.unfinished is not None else self.due.reason


@dataclass(frozen=True)
class PlannedWatch:
    """One watched folder, and what lies there; `problem` where it cannot be read."""

    watched: Watched
    found: Found
    problem: str = ""


@dataclass(frozen=True)
class Plan:
    """What a run has to do."""

    phased: Phased
    pulls: list[PlannedPull]
    watches: list[PlannedWatch] = field(default_factory=list)

    @property
    def something(self) -> bool:
        """Whether anything is due."""
        watched = any(one.found.fresh or one.problem for one in self.watches)
        return watched or any(one.is_due for one in self.pulls)


def plan(configuration: Configuration, store: Store | None, now: datetime) -> Plan:
    """What is due now, by what the store holds (None where there is none yet).

    Raises UsageError where the file of votes cannot be read.
    """
    calendar = configuration.calendar(now.date())
    votes = [one for one in calendar.votes.values() if one.country in configuration.countries]
    phased = phase_of(now, votes)
    entries = list(store.manifest.entries()) if store else []
    pulls, known = list(followed(entries).values()), imported(entries)
    return Plan(
        phased,
        [_planned(configuration, one, phased, pulls, now) for one in configuration.pull],
        [_watch(one, known, now) for one in configuration.watch],
    )


def _planned(
    configuration: Configuration, asked: Pulled, phased: Phased, pulls: Iterable[Pull], now: datetime
) -> PlannedPull:
    scope = asked.scope.as_written()
    same = [one for one in pulls if (one.how, one.source, one.scope) == ("pull", asked.source, scope)]
    last = max(same, key=lambda one: one.began, default=None)
    every = configuration.rhythm_of(asked).in_phase(phased.phase)
    unfinished = last if last is not None and last.resumable else None
    return PlannedPull(asked, every, due(last.began if last else None, now, every), unfinished)


def _watch(watched: Watched, known: set[str], now: datetime) -> PlannedWatch:
    try:
        return PlannedWatch(watched, look(watched, known, now))
    except (UsageError, OSError) as error:
        return PlannedWatch(watched, Found(), str(error))
