"""What each pull asked for and how it ended: `pulls/<id>.json`, made from the manifest and rebuildable from it."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from adaudit.errors import Because, EvidenceError
from adaudit.evidence.manifest import NOTHING, Entry, Lost, Missing, Outcome, Worded
from adaudit.evidence.vault import write_text


class Pull(BaseModel):
    """One pull or import."""

    model_config = ConfigDict(extra="forbid")

    id: str
    source: str
    how: str
    scope: dict[str, object] = Field(default_factory=dict)
    began: datetime
    ended: datetime | None = None
    observed_at: datetime | None = None
    """When the last of its answers was seen; of files saved by hand, when they were obtained."""
    outcome: Outcome | None = None
    """None while it is not ended: interrupted, or going on."""
    why: Worded = NOTHING
    because: Because | Literal[""] = ""
    """What stopped it, in one word; empty where nothing did, or where that was not noted."""
    credential: bool = False
    """Whether what stopped it was asked with a credential."""
    refusal: str = ""
    """SHA-256 of the answer that stopped it; empty where nothing answered."""
    status: int = 0
    """HTTP status of that answer."""
    lost: Lost | Literal[""] = ""
    """What it lacks though it came to its end."""
    missing: list[Missing] = Field(default_factory=list)
    """What did not come on the way."""
    left: list[str] = Field(default_factory=list)
    """What was not asked for any more when it stopped; it can still be asked for."""
    answers: int = 0
    size: int = 0
    taken_out: int = 0
    resumed: int = 0
    then: dict[str, object] = Field(default_factory=dict)
    walked: bool = False
    """Whether it came to the end of what it had to ask; what did not come on the way stands in `missing`."""
    rows: int = 0
    """Records that the answers seemed to hold when they came."""
    told: int | None = None
    records: int | None = None
    """Records in the answers; None until they were read."""
    new: int | None = None
    """Of them, versions that the store did not know."""
    notes: list[str] = Field(default_factory=list)
    """What was said of the answers when they came, each once."""
    issues: list[Worded] = Field(default_factory=list)
    """What the answers hold that the documentation does not tell of, each with its first example."""

    @property
    def resumable(self) -> bool:
        """Whether there is something left to ask."""
        return self.how == "pull" and not self.walked

    def known_by(self, day: date) -> bool:
        """Whether it had been seen by the end of a day (UTC)."""
        return (self.observed_at or self.began).date() <= day

    def follow(self, entry: Entry) -> None:
        """Take up what one more line of the manifest says."""
        if entry.entry in {"kept", "missing", "resume"}:
            self.records, self.new, self.issues = None, None, []
        if entry.entry == "kept":
            self.answers += 1
            self.size += entry.size
            self.taken_out += entry.taken_out
            self.then = entry.then
            self.observed_at = datetime.fromisoformat(entry.observed_at or entry.at)
            self.rows += entry.rows or 0
            self.told = self.told if entry.told is None else entry.told
            self.notes += [entry.note] if entry.note and entry.note not in self.notes else []
        elif entry.entry == "missing" and entry.missing is not None:
            self.missing += [entry.missing] if entry.missing not in self.missing else []
            self.then = entry.then
        elif entry.entry == "resume":
            self.resumed += 1
            self.outcome, self.ended, self.why, self.walked, self.left = None, None, NOTHING, False, []
            self.because, self.credential, self.refusal, self.status, self.lost = "", False, "", 0, ""
        elif entry.entry == "read":
            self.records, self.new, self.issues = entry.records, entry.new, list(entry.issues)
        elif entry.entry == "end":
            self.outcome, self.why, self.walked, self.left = entry.outcome, entry.why, entry.walked, list(entry.left)
            self.because, self.credential, self.lost = entry.because, entry.credential, entry.lost
            self.refusal, self.status = entry.sha256, entry.status
            self.ended = datetime.fromisoformat(entry.at)

    @classmethod
    def begun(cls, entry: Entry) -> Self:
        """The pull that a line of the manifest begins."""
        began = datetime.fromisoformat(entry.at)
        return cls(id=entry.pull, source=entry.source, how=entry.how, scope=entry.scope, began=began)


STAMP: Final = "%Y%m%dT%H%M%S%f"


def named(at: datetime, source: str, last: str = "") -> str:
    """A name for a pull that begins now: names sort in the order of the pulls, even where the clock was set back."""
    if last and f"{at:{STAMP}}" <= last.partition("-")[0]:
        at = datetime.strptime(last.partition("-")[0], STAMP).replace(tzinfo=UTC) + timedelta(microseconds=1)
    return f"{at:{STAMP}}-{source}-{token_hex(3)}"


def followed(entries: Iterable[Entry]) -> dict[str, Pull]:
    """Every pull by id, as the manifest tells it; lines of no pull, such as time stamps, apart."""
    pulls: dict[str, Pull] = {}
    for entry in entries:
        if entry.entry == "begin":
            pulls[entry.pull] = Pull.begun(entry)
        elif entry.pull:
            pulls[entry.pull].follow(entry)
    return pulls


class Pulls:
    """The descriptions of the pulls of a store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, pull: Pull) -> None:
        """Write the description, whole or not at all."""
        write_text(self.folder / f"{pull.id}.json", pull.model_dump_json(indent=1) + "\n")

    def last(self) -> str:
        """The id of the last pull that was described; empty where there is none."""
        return max((path.stem for path in self.folder.glob("[!.]*.json")), default="")

    def all(self) -> list[Pull]:
        """Every pull that was described, by id, which is by time. Raises EvidenceError for a damaged description."""
        return [_described(path) for path in sorted(self.folder.glob("[!.]*.json"))]

    def before(self, pull: Pull) -> Iterator[Pull]:
        """Earlier pulls of the same source and scope, the last first; each is read when it is come to."""
        for path in sorted(self.folder.glob("[!.]*.json"), reverse=True):
            if path.stem < pull.id and f"-{pull.source or 'files'}-" in path.stem:
                one = _described(path)
                if (one.source, one.scope) == (pull.source, pull.scope):
                    yield one

    def whole(self) -> dict[str, Pull]:
        """Every pull whose description can be read, by id."""
        found = {}
        for path in self.folder.glob("[!.]*.json"):
            with suppress(EvidenceError):
                found[path.stem] = _described(path)
        return found


def _described(path: Path) -> Pull:
    try:
        return Pull.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise EvidenceError(
            f"{path} cannot be read; expected the description of a pull. Run adaudit verify to see what else is "
            "damaged; adaudit pull --resume makes the description again from the manifest."
        ) from error
