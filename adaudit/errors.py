"""The errors of adaudit, split by whose fault they are.

AdauditError
├── UsageError            wrong use or configuration (exit code 2)
├── OutputError           the results could not be written: the disk is full or went away (exit code 3)
├── StoreError            the store cannot be used: locked, of a later version, on a disk that is full (exit code 3)
├── EvidenceError         kept bytes or their manifest are not what they were (exit code 4)
├── SourceError           a source did not give what it was asked for (exit code 3)
│   ├── SourceUnavailable  faults of network or server that outlasted every retry
│   ├── SourceLimited      a rate or quota of the source is used up; `until` says when to come back
│   ├── SourceRefused      the source refuses: no or an expired token, no permission, another host
│   ├── TimeUp             the time that was given for the pull is over
│   ├── SourceChanged      the answer does not have the documented form
│   │   └── NotThere        nothing stands at the address
│   └── AskedTooMuch       the source asks for smaller pages
└── InputError            a file could not be read, recognised or understood (exit code 3)
    ├── UnreadableInput   the bytes are damaged: truncated zip, wrong encoding, JSON cut in the middle
    ├── UnrecognisedInput no source recognises the content
    ├── ColumnsMissing    the form is recognised, but a required column or field is absent
    └── RefusalInput      the source's own error answer, saved as a file

Each message says what was expected, what came, where, and what to do next.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Because = Literal[
    "not_said",
    "credential",
    "refused",
    "elsewhere",
    "rate_limited",
    "server_failed",
    "no_good_answer",
    "unreachable",
    "not_as_documented",
    "not_there",
    "stopped_here",
]
"""Why a source did not give what it was asked for, in one word: `credential` where it does not take what whoever asks
identifies himself with, `elsewhere` where adaudit does not follow to another host, `stopped_here` where whoever asks
stopped, `server_failed` for HTTP 500 and more however often it was asked, `no_good_answer` for other faults of that
kind, `unreachable` where nothing answered."""


@dataclass(frozen=True)
class LastAnswer:
    """The answer for which a source was not asked any more, with its question; neither is cleaned of secrets yet."""

    request: Mapping[str, object]
    status: int
    headers: Mapping[str, str]
    data: bytes


class AdauditError(Exception):
    """Everything that adaudit raises on purpose."""


class UsageError(AdauditError):
    """The call or the configuration is wrong; nothing was done."""


class OutputError(AdauditError):
    """The results could not be written; what was written in part is taken away again."""


class StoreError(AdauditError):
    """The store cannot be used now; what it holds is untouched."""


class EvidenceError(AdauditError):
    """Kept bytes or their manifest are not what they were when they were kept."""


class SourceError(AdauditError):
    """A source did not give what it was asked for; what it gave before is kept."""

    because: Because = "not_said"
    answer: LastAnswer | None = None
    """None where nothing answered, or nothing was asked."""

    def __init__(self, message: str, *, because: Because | None = None) -> None:
        super().__init__(message)
        self.because = because or type(self).because


class SourceUnavailable(SourceError):
    """Faults of network or server that outlasted every retry; `status` is the HTTP status of the last, if it had."""

    because: Because = "no_good_answer"

    def __init__(self, message: str, status: int | None = None, *, because: Because | None = None) -> None:
        super().__init__(message, because=because)
        self.status = status


class SourceLimited(SourceError):
    """A rate or quota of the source is used up; `wait` is in seconds, None where the source does not say."""

    because: Because = "rate_limited"

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


class SourceRefused(SourceError):
    """The source refuses: no or an expired token, no permission, a redirect to another host."""

    because: Because = "refused"


class TimeUp(SourceError):
    """The time that was given for the pull is over; it can go on later."""

    because: Because = "stopped_here"


class SourceChanged(SourceError):
    """The answer does not have the form that the source documents."""

    because: Because = "not_as_documented"


class NotThere(SourceChanged):
    """Nothing stands at the address (HTTP 404 or 410)."""

    because: Because = "not_there"


class AskedTooMuch(SourceError):
    """The source asks for a smaller page."""


class InputError(AdauditError):
    """One input cannot be audited; every other input still is.

    `expected`, `found` and `advice` are sentences for a person; `place` is where in the input.
    """

    def __init__(self, expected: str, found: str, *, place: str = "", advice: str = "") -> None:
        self.expected = expected
        self.found = found
        self.place = place
        self.advice = advice
        where = f" at {place}" if place else ""
        what_next = f" {advice}" if advice else ""
        super().__init__(f"expected {expected}; found {found}{where}.{what_next}")


class UnreadableInput(InputError):
    """The bytes are damaged or not in the encoding that every source uses."""


class UnrecognisedInput(InputError):
    """No source recognises the content."""


class ColumnsMissing(InputError):
    """The form is recognised, but a column or field that it always carries is absent."""


class RefusalInput(InputError):
    """The file holds the source's own error answer instead of records."""
