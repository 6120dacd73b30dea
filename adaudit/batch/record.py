"""What a run was to do, did and did not, and how long it took: `runs/<id>.json` in the store, whole or not at all."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from adaudit.errors import StoreError, UsageError
from adaudit.evidence.manifest import NOTHING, Worded
from adaudit.evidence.vault import write_text

Standing = Literal["running", "done", "failed", "interrupted"]
FOLDER: Final = "runs"
DECIDED: Final = frozenset({"ok", "partial", "invalid", "missing", "not_exposed", "suspect"})
"""Verdicts that decide something: the denominator of a share."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Step(_Strict):
    """One thing that was done, or failed, or was not due."""

    what: Literal["pull", "import", "stamp", "audit", "compare", "alerts", "metrics", "notify"]
    name: Worded
    """Source and scope, the folder, the authority, or nothing."""
    source: str = ""
    standing: Literal["done", "failed", "not_due", "nothing"]
    due: str = ""
    """Why it was due, or was not."""
    why: Worded = NOTHING
    """Why it failed, or why there was nothing to do."""
    began: datetime
    seconds: float = 0.0
    id: str = ""
    """The pull or import in the store."""
    outcome: str = ""
    stamped: datetime | None = None
    """The time of the stamp that an authority gave."""
    expires: date | None = None
    """The day on which the credentials of the source expire, as somebody noted it."""
    records: int | None = None
    new: int | None = None
    issues: list[Worded] = Field(default_factory=list)


class Figure(_Strict):
    """What an alert or a rule counts: checks with one of its verdicts, of those that could be decided."""

    count: int
    of: int


class Counted(_Strict):
    """How often a verdict was given, without what was before the rules applied: what a trend is drawn of."""

    source: str
    form: str
    kind: str
    rule: str
    records: int
    verdicts: dict[str, int]


class Point(_Strict):
    """How often one run decided a rule in one way, of one form of a source."""

    run: int
    began: datetime
    source: str
    form: str
    kind: str
    rule: str
    count: int
    of: int
    """The checks that could be decided."""
    changed: bool = False
    """Whether the run before that counted had another configuration or version."""


class Run(_Strict):
    """One run. `audit` is the name of its folder in the folder of results."""

    id: str
    number: int
    adaudit: str
    configuration: str
    """SHA-256 of the configuration."""
    began: datetime
    ended: datetime | None = None
    standing: Standing = "running"
    phase: str = "always"
    votes: list[str] = Field(default_factory=list)
    """The votes whose windows tightened the rhythm."""
    steps: list[Step] = Field(default_factory=list)
    audit: str = ""
    compared_with: str = ""
    changes: dict[str, int] = Field(default_factory=dict)
    """Against the run before: records and findings that only one of the two has, or that differ."""
    counts: list[Counted] = Field(default_factory=list)
    figures: dict[str, Figure] = Field(default_factory=dict)
    """Of each alert, by its name."""
    fired: list[str] = Field(default_factory=list)
    cleared: list[str] = Field(default_factory=list)
    undelivered: int = 0

    @property
    def failed(self) -> list[Step]:
        """The steps that failed."""
        return [one for one in self.steps if one.standing == "failed"]

    @property
    def made_by(self) -> tuple[str, str]:
        """The version and the configuration: where they differ, so may figures of the same records."""
        return self.adaudit, self.configuration

    @property
    def whole(self) -> bool:
        """Whether it came to its end, with results where there was something to audit."""
        lacking = any(one.what in {"audit", "compare", "alerts"} for one in self.failed)
        return self.standing in {"done", "failed"} and not lacking

    @property
    def seconds(self) -> float | None:
        """How long it took; None where it did not come to its end."""
        return None if self.ended is None else (self.ended - self.began).total_seconds()

    @property
    def exit_code(self) -> int:
        """3 where something failed, 1 where an alert fired, else 0."""
        return 3 if self.standing != "done" else 1 if self.fired else 0


class Runs:
    """The runs of a store."""

    def __init__(self, store: Path) -> None:
        self.folder = store / FOLDER

    def save(self, run: Run) -> None:
        """Write the run, whole or not at all. Raises StoreError."""
        write_text(self.folder / f"{run.id}.json", run.model_dump_json(indent=1) + "\n")

    def all(self) -> list[Run]:
        """Every run, by number. Raises StoreError naming a file that is none."""
        found = []
        for path in self.folder.glob("[!.]*.json"):
            try:
                found.append(Run.model_validate_json(path.read_text("utf-8")))
            except (OSError, ValidationError) as error:
                raise StoreError(f"{path} is no record of a run ({error}); move it away.") from error
        return sorted(found, key=lambda one: one.number)

    def named(self, name: str) -> Run:
        """The run of a number or id; `last` is the last. Raises UsageError with those that there are."""
        runs = self.all()
        chosen: Sequence[Run] = runs[-1:] if name == "last" else [o for o in runs if name in {str(o.number), o.id}]
        if not chosen:
            there = f"there are 1 to {runs[-1].number}" if runs else "there is none yet"
            raise UsageError(f"no run {name!r}; {there}.")
        return chosen[0]

    def trend(self, rule: str, source: str | None, verdicts: Sequence[str]) -> list[Point]:
        """How often each run decided a rule as one of the verdicts, by source, form and run."""
        found: list[Point] = []
        before: Run | None = None
        for run in (one for one in self.all() if one.counts):
            changed = before is not None and before.made_by != run.made_by
            before = run
            found += [
                Point(
                    run=run.number,
                    began=run.began,
                    **one.model_dump(include={"source", "form", "kind", "rule"}),
                    count=sum(one.verdicts[verdict] for verdict in verdicts),
                    of=sum(one.verdicts[verdict] for verdict in {*DECIDED, *verdicts}),
                    changed=changed,
                )
                for one in run.counts
                if one.rule == rule and source in {None, one.source}
            ]
        return sorted(found, key=lambda point: (point.source, point.form, point.kind, point.run))

    def heal(self) -> list[Run]:
        """Mark the runs that never came to their end as interrupted. Only with the store's lock."""
        healed = [one.model_copy(update={"standing": "interrupted"}) for one in self.all() if one.standing == "running"]
        for one in healed:
            self.save(one)
        return healed
