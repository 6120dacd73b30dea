"""One batch: pull what is due, take in new files, audit the store, compare, tell. It prunes nothing.

One run at a time, by the store's lock. What fails is recorded and the rest is done all the same. A run can be killed at
any instant: evidence is the checkpoint of pulls and imports, results get their name when they are whole, messages
leave the outbox when they were delivered, and the next run marks this one as interrupted and does what is left.
"""

import hashlib
import shutil
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

from adaudit import __version__
from adaudit.audit.comparison import compare
from adaudit.audit.run import Audit, Progress, audit
from adaudit.batch.alerts import SAY, expiring, failing, figures, judged
from adaudit.batch.configuration import Configuration
from adaudit.batch.metrics import write_metrics
from adaudit.batch.outbox import Outbox
from adaudit.batch.planning import Plan, PlannedPull, PlannedWatch, plan
from adaudit.batch.record import Counted, Run, Runs, Step
from adaudit.changes.audited import with_keeping
from adaudit.collection.expiry import expiry_of
from adaudit.collection.importing import import_files
from adaudit.collection.kept import cleaned_text
from adaudit.collection.pulling import STOPPED, Asking, begin, go, heal
from adaudit.collection.replaying import migrate
from adaudit.collection.stamping import Stamping, stamp
from adaudit.collection.stored import ended, taking
from adaudit.connectors import sources
from adaudit.errors import AdauditError, StoreError, UsageError
from adaudit.evidence.manifest import FIRST
from adaudit.export.differences import complete
from adaudit.http import Patience
from adaudit.language import Wording, joined
from adaudit.model.vocabulary import VERDICTS
from adaudit.store import Pull, Store

Told = Callable[[Step], None]
"""Called when a step was done, failed, or was not due."""
Drawing = Callable[[Audit, Configuration], None]
"""Writes tables, charts and the report beside the results of an audit."""


def _nobody(_step: Step) -> None:
    """Nobody looks on."""


@dataclass(frozen=True)
class Asked:
    """How a run is made."""

    only_due: bool = False
    """Do nothing where nothing is due: for timers."""
    all_of_it: bool = False
    """Ask for every scope, due or not."""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    patience: Patience = field(default_factory=Patience)
    told: Told = _nobody
    progress: Progress = lambda _what, _done, _total: None


def run(configuration: Configuration, text: bytes, draw: Drawing, asked: Asked) -> Run | None:
    """Do one batch; its record, or None where only what is due was asked for and nothing is.

    `text` is the configuration as it was read. Raises StoreError where another run is at work, naming it, or the disk
    is full, and UsageError where the file of votes cannot be read.
    """
    store = Store(configuration.store)
    with store.writing():
        batch = _Batch(configuration, store, draw, asked)
        planned = batch.begin(hashlib.sha256(text).hexdigest())
        if asked.only_due and not planned.something and not batch.waiting:
            return None
        return batch.through(planned)


class _Batch:
    """A run as it goes."""

    def __init__(self, configuration: Configuration, store: Store, draw: Drawing, asked: Asked) -> None:
        self.configuration = configuration
        self.store = store
        self.draw = draw
        self.asked = asked
        self.runs = Runs(store.folder)
        self.outbox = Outbox.of(store.folder)
        self.before: list[Run] = []
        self.results: Path | None = None

    @property
    def waiting(self) -> bool:
        """Whether messages are to be sent, or the last run did not come to its end."""
        places = {one.id for one in self.configuration.notify}
        to_send = any(one.to in places for one in self.outbox.messages)
        return to_send or (bool(self.before) and not self.before[-1].whole)

    def begin(self, configuration: str) -> Plan:
        """Heal what a crash left, and see what is due."""
        migrate(self.store, self.asked.progress)
        heal(self.store)
        self._sweep()
        self.runs.heal()
        self.before = self.runs.all()
        now = self.asked.clock()
        planned = plan(self.configuration, self.store, now)
        self.run = Run(
            id=f"{now:%Y%m%dT%H%M%S}-{token_hex(3)}",
            number=self.before[-1].number + 1 if self.before else 1,
            adaudit=__version__,
            configuration=configuration,
            began=now,
            phase=planned.phased.phase,
            votes=list(planned.phased.votes),
        )
        return planned

    def through(self, planned: Plan) -> Run:
        """Do what is due, and what follows from it; the record is in the store from the beginning."""
        self.runs.save(self.run)
        try:
            for one in planned.pulls:
                self._pull(one)
            for watch in planned.watches:
                self._import(watch)
            self._stamp()
            self._audit()
            if self.results is not None:
                self._compare(self.results)
            self._alerts(self.results)
            self._notify()
        except KeyboardInterrupt:
            self.run.standing = "interrupted"
            self.runs.save(self.run)
            raise
        self.run.standing = "failed" if self.run.failed else "done"
        self.run.ended = self.asked.clock()
        self._metrics()
        self.runs.save(self.run)
        return self.run

    def _sweep(self) -> None:
        """Take away results that a crash left half-written."""
        for left in self.configuration.out.glob(".*.run"):
            shutil.rmtree(left)

    @contextmanager
    def _step(self, what: Any, name: str = "", **more: object) -> Iterator[Step]:  # noqa: ANN401 - a literal
        """One step, timed; what it raises is its failure, and the run goes on. The record is saved after it."""
        step = Step(what=what, name=name, standing="done", began=self.asked.clock(), **more)  # type: ignore[arg-type]
        start = time.monotonic()
        try:
            yield step
        except AdauditError as error:
            step.standing, step.why = "failed", Wording(str(error))
        except OSError as error:
            step.standing, step.why = "failed", SAY.both("refused_by_system", error=str(error))
        except Exception as error:  # noqa: BLE001 - a fault in one source stops no other; it is recorded and told
            [*_, place] = traceback.extract_tb(error.__traceback__)
            said = f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}: {error}"
            step.standing, step.why = "failed", SAY.both("own_fault", said=cleaned_text(said, ()))
        step.seconds = round(time.monotonic() - start, 3)
        self.run.steps.append(step)
        self.runs.save(self.run)
        self.asked.told(step)

    def _pull(self, one: PlannedPull) -> None:
        source = one.asked.source
        if not (one.is_due or self.asked.all_of_it):
            with self._step("pull", one.name, source=source, due=one.reason) as step:
                step.standing = "not_due"
                self._expiry(step)
            return
        with self._step("pull", one.name, source=source, due=one.reason if one.is_due else "asked") as step:
            self._expiry(step)
            seconds = one.asked.max_time.total_seconds() if one.asked.max_time else None
            asking = Asking(self.asked.patience, seconds, one.asked.canaries)
            done = None
            if one.unfinished is not None:
                before = one.unfinished.answers
                done = go(self.store, one.unfinished, asking, _quietly)
                # a pull that cannot go on would stand in the way of every later one
                stuck = done.outcome == "truncated" and done.answers == before and one.due.is_due
                done = None if stuck and done.why != STOPPED else done
            if done is None:
                done = go(self.store, begin(self.store, source, one.asked.scope), asking, _quietly)
            _follow(step, done)
        if done is not None and done.why == STOPPED:
            raise KeyboardInterrupt

    def _expiry(self, step: Step) -> None:
        """Say when the credentials of a step's source expire, where that is noted, and as an issue where it is near."""
        try:
            found = expiry_of(sources()[step.source], self.asked.clock().date())
        except UsageError as error:  # what is noted is no day: the source is asked all the same
            step.issues.append(Wording(str(error)))
            return
        step.expires = found.day if found else None
        step.issues += [joined(": ", (found.words, found.todo))] if found and found.near else []

    def _import(self, one: PlannedWatch) -> None:
        watched = one.watched
        source = watched.source or ""
        alike = [one for one in self.configuration.watch if one.folder.name == watched.folder.name]
        name = watched.folder.name if len(alike) == 1 else watched.folder.as_posix()
        with self._step("import", name, source=source) as step:
            if one.problem:
                raise StoreError(one.problem)
            if one.found.unsettled:
                step.issues = [SAY.both("not_settled", file=path.name) for path in one.found.unsettled]
            if not one.found.fresh:
                step.standing = "nothing"
                return
            found = import_files(self.store, watched.source, one.found.fresh, None, self.asked.progress)
            _follow(step, found)

    def _stamp(self) -> None:
        """Have what came stamped, with all before it that no stamp covers yet; where that fails, the next run does."""
        if self.configuration.stamp is None:
            return
        asked = Stamping(self.configuration.stamp.authority, self.configuration.stamp.roots, self.asked.patience)
        with self._step("stamp", asked.host) as step:
            if self.store.manifest.head() == FIRST:
                step.standing, step.why = "nothing", SAY.both("nothing_kept")
            elif (done := stamp(self.store, asked)) is None:
                step.standing, step.why = "nothing", SAY.both("all_stamped")
            else:
                step.stamped = done.stamp.at

    def _audit(self) -> None:
        """The audit of the whole store; nothing where it has observed nothing yet."""
        with self._step("audit") as step:
            if self.store.observations.pulls():
                self._audited(step)
            else:
                step.standing, step.why = "nothing", SAY.both("nothing_observed")

    def _audited(self, step: Step) -> None:
        """Audit into a folder that bears the run's name once it is whole; the record names it before."""
        out = self.configuration.out
        part = out / f".{self.run.id}.run"
        out.mkdir(parents=True, exist_ok=True)
        try:
            take = with_keeping(taking(self.store), self.store, None)
            made = audit(take, part, self.configuration.options(), self.asked.progress)
            self.draw(made, self.configuration)
            step.records = made.assembled.total
            self.run.audit, self.run.counts = self.run.id, _counts(made)
            self.runs.save(self.run)
            part.rename(out / self.run.id)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        self.results = out / self.run.id

    def _compare(self, results: Path) -> None:
        with self._step("compare") as step:
            earlier = [one for one in self.before if one.audit and (self.configuration.out / one.audit).is_dir()]
            if not earlier:
                step.standing = "nothing"
                step.why = SAY.both("nothing_earlier")
                return
            found = compare(self.configuration.out / earlier[-1].audit, results)
            complete(found, None)
            self.run.compared_with = earlier[-1].id
            self.run.changes = {f"records_{name}": count for name, count in found.records.items()}
            self.run.changes |= {f"findings_{name}": count for name, count in found.findings.items()}

    def _alerts(self, results: Path | None) -> None:
        """What fires and what is over: remembered with its messages in one file, whole or not at all."""
        with self._step("alerts"):
            now = self.asked.clock()
            crossings = failing(self.run.steps, self.outbox.standing)
            crossings += expiring(self.run.steps, now.date(), self.outbox.standing)
            if results is not None:
                self.run.figures = figures(self.configuration.alert, results)
                counted = [one for one in self.before if one.figures]
                before = counted[-1].figures if counted else {}
                changed = bool(counted) and self.run.made_by != counted[-1].made_by
                standing = self.outbox.standing
                crossings += judged(self.configuration.alert, self.run.figures, before, standing, changed=changed)
            self.outbox.take(crossings, self.configuration.notify, self.run.id, self.run.number, now)
            self.outbox.save(self.store.folder)
            self.run.fired = [one.key for one in crossings if one.fired]
            self.run.cleared = [one.key for one in crossings if not one.fired]

    def _notify(self) -> None:
        with self._step("notify") as step:
            if not self.outbox.messages:
                step.standing = "nothing"
                return
            configuration = self.configuration
            trouble = self.outbox.deliver(configuration.notify, configuration.language, self.store.folder)
            self.run.undelivered = len(self.outbox.messages)
            if trouble:
                step.standing, step.why = "failed", joined("; ", trouble)

    def _metrics(self) -> None:
        if self.configuration.metrics is not None:
            path = self.configuration.metrics
            with self._step("metrics"):
                write_metrics(path, self.run, self.store, self.outbox)
            if self.run.steps[-1].standing == "failed":
                self.run.standing = "failed"


def _quietly(_pull: Pull, _event: str) -> None:
    """The record says how it ended."""


def _follow(step: Step, pull: Pull) -> None:
    """What a step says of a pull or import that ended."""
    step.id, step.outcome = pull.id, pull.outcome or ""
    step.records, step.new, step.issues = pull.records, pull.new, [*step.issues, *pull.issues]
    if pull.outcome != "complete":
        step.standing, step.why = "failed", ended(pull)


def _counts(done: Audit) -> list[Counted]:
    """Verdicts by form and rule, without what was before the rules applied."""
    found: dict[tuple[str, str, str, str], Counted] = {}
    for one in done.counts:
        if one.binding == "before":
            continue
        key = (one.source, one.form, one.kind, one.rule)
        empty = Counted(**dict(zip(KEY, key, strict=True)), records=0, verdicts=dict.fromkeys(VERDICTS, 0))
        counted = found.setdefault(key, empty)
        counted.records += one.records
        for verdict, number in one.verdicts.items():
            counted.verdicts[verdict] += number
    return list(found.values())


KEY: Final = ("source", "form", "kind", "rule")
