"""When the credentials of a source expire, as far as that is known. Nobody is asked."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from adaudit.connectors import Source
from adaudit.credentials import noted_expiry
from adaudit.language import Wording, texts_of

SAY: Final = texts_of("adaudit.collection")
SOON: Final = 14
"""Days before it from which on a day of expiry is told as near."""


@dataclass(frozen=True)
class Expiry:
    """The day on which the credentials of a source expire, as somebody noted it."""

    source: str
    day: date
    left: int
    """Days until then; below 0 where it is over."""

    @property
    def over(self) -> bool:
        """Whether the day has passed."""
        return self.left < 0

    @property
    def near(self) -> bool:
        """Whether something is to be done about it."""
        return self.left <= SOON

    @property
    def words(self) -> Wording:
        """When that is."""
        key = "expired" if self.over else "expires_today" if not self.left else "expires"
        if key == "expires":
            return SAY.of(key, self.left, source=self.source, day=self.day)
        return SAY.both(key, source=self.source, day=self.day)

    @property
    def todo(self) -> Wording:
        """What to do about it."""
        return SAY.both("todo_renew", source=self.source)


def expiry_of(source: Source, today: date) -> Expiry | None:
    """When the credentials of a source expire; None where nobody noted it.

    Raises UsageError where what is noted is no day, or the file of credentials cannot be used.
    """
    credentials = source.live.credentials if source.live else {}
    day = noted_expiry(source.id, {name: one.variable for name, one in credentials.items()}) if credentials else None
    return Expiry(source.id, day, (day - today).days) if day else None


def untold(source: Source) -> Wording:
    """That the source does not tell when its credentials expire, with what is known instead."""
    known = source.live.expiry if source.live else ""
    return (
        SAY.both("expiry_untold", source=source.id, known=known)
        if known
        else SAY.both("expiry_unknown", source=source.id)
    )
