"""What an audit was asked to do."""

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Final

DIMENSIONS: Final = ("source", "sponsor", "country", "month", "election")
"""What a table can be by."""


@dataclass(frozen=True)
class Options:
    """The options of one audit, as they stand in `summary.json`; none of them is guessed."""

    source: str | None = None
    country: str | None = None
    since: date | None = None
    until: date | None = None
    election: str | None = None
    political: bool = False
    political_actors: Path | None = None
    assume_country: str | None = None
    as_of: date | None = None
    elections: Path | None = None
    repository_established: date | None = None
    decisions: Path | None = None
    redact_persons: bool = False
    organisations: Path | None = None
    sample: int | None = None
    seed: int = 0
    known_on: date | None = None
    """Day by whose end a store had observed what is audited."""

    def as_written(self) -> dict[str, object]:
        """The options for `summary.json`: a file by its name alone, no path of this machine."""
        written: dict[str, object] = {}
        for key, value in asdict(self).items():
            written[key] = (
                value.isoformat() if isinstance(value, date) else value.name if isinstance(value, Path) else value
            )
        return written
