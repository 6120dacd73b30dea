"""What can go wrong, when, and for whom: faults that a test switches on, alone or together.

A fault counts the requests that it concerns (of its platform, whose address contains `on`), strikes the one
numbered `at` and those after it while it lasts; or, with `share`, strikes that share of them, the same ones for
the same seed. Faults of different kinds strike the same request together where they can.
"""

import hashlib
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields

from .exchange import Asked

ONCE: dict[str, str] = {
    "status": "an HTTP status (default 500) with HTML; `retry_after` names seconds, `retry_date` their moment",
    "error": "the platform's own error `code` in its own envelope, with its usual HTTP status or the one given (200)",
    "throttled": "the platform's answer to too many requests; `retry_after` and `retry_date` as above",
    "reset": "the connection is reset after `number` bytes of the body (default: before any answer)",
    "truncated": "the body ends after `number` bytes (default half) though Content-Length announces all of it",
    "slow": "the body drips out over `seconds` (default 1)",
    "late": "the answer begins only after `seconds` (default 1)",
    "content_type": "the right body called text/html",
    "login_page": "HTTP 200 with the HTML of a login page",
    "bad_gzip": "Content-Encoding gzip with a body that is none",
    "cut_gzip": "Content-Encoding gzip with a stream that ends in the middle, though Content-Length is right: some "
    "clients take the half that they decompress for the whole",
    "empty_body": "HTTP 200 and no body at all",
    "redirect": "a redirect to `to` (default: another name of this machine, where every visit is recorded)",
    "paging_lost": "the answer leaves out how to go on, though more remains",
    "moved": "`number` ads of pages before this one (default 2) come once more, after the page's own",
    "lost": "`number` ads of this page (default 2) are left out, though the platform's total counts them",
}
LASTING: dict[str, str] = {
    "expired": "the token of the request expires: it is refused from here on, another one is not",
    "refused": "permission is refused",
    "quota": "the day's quota is used up, where the platform has one",
    "endless": "the way to go on leads to the same page again, for ever",
    "endless_empty": "pages without ads that always name another, for ever",
    "empty": "success without any ads",
    "late_end": "the last page of ads names another, which is empty",
    "overlap": "every page begins with the last `number` ads of the one before (default 2)",
    "edited": "as overlap, and the ads that come again have another text in `field`",
    "vanished": "`number` ads (default 2) are no longer there; once the fault is cleared they are new",
    "changed": "`number` ads (default 2) have another text in `field` wherever they come",
    "row_failed": "the first `number` rows of each page (default 2) failed though the answer succeeded (Snapchat)",
    "canary": "the ad that `canary()` names is left out",
    "renamed": "`field` bears another name",
    "retyped": "the value of `field` has another type",
    "added": "every ad has a field more, `added_field`",
    "paced": "more than `number` requests (default 10) within `seconds` are answered as `throttled`",
    "too_heavy": "pages of more than `number` ads (default 50) are refused as too much data",
    "usage": "the usage headers say `number` per cent (default 95)",
    "regenerated": "the file to download is another one than before",
    "unfinished": "an export that was ordered does not get ready",
}
FOR_EVER = 10**9
ADDED_FIELD = "added_field"
WHOLE_NUMBERS = frozenset({"at", "times", "number", "status", "retry_after", "retry_date"})
FRACTIONS = frozenset({"share", "seconds"})


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong; `ONCE` and `LASTING` say what each kind does.

    `times` requests are struck in a row: one for the kinds of `ONCE`, all that follow for those of `LASTING`,
    unless it is given. `platform` and `on` (a part of the path with its query) narrow whom it concerns.
    """

    kind: str
    at: int = 1
    times: int | None = None
    share: float | None = None
    platform: str = ""
    on: str = ""
    number: int | None = None
    status: int | None = None
    code: str = ""
    subcode: str = ""
    retry_after: int | None = None
    retry_date: int | None = None
    seconds: float = 1.0
    field: str = ""
    to: str = ""

    def __post_init__(self) -> None:
        if self.kind not in ONCE | LASTING:
            message = f"no fault is called {self.kind!r}; there are {', '.join(sorted(ONCE | LASTING))}"
            raise ValueError(message)
        if self.at < 1 or (self.share is not None and not 0 <= self.share <= 1):
            message = f"a fault strikes from request 1 on, or a share from 0 to 1 of them: {self}"
            raise ValueError(message)

    @classmethod
    def read(cls, text: str) -> "Fault":
        """A fault as the command line writes it: `status,at=3,status=503,retry_after=2`."""
        kind, *settings = text.split(",")
        given: dict[str, object] = {}
        for setting in settings:
            key, _, value = setting.partition("=")
            if key not in {one.name for one in fields(cls)} - {"kind"}:
                message = f"a fault has no {key!r}; it may have {', '.join(one.name for one in fields(cls))}"
                raise ValueError(message)
            given[key] = int(value) if key in WHOLE_NUMBERS else float(value) if key in FRACTIONS else value
        return cls(kind, **given)  # type: ignore[arg-type]  # the keys are checked above, the values by the class

    def concerns(self, asked: Asked) -> bool:
        """Whether the request is one of those that the fault counts."""
        return self.platform in {"", asked.platform} and self.on in f"{asked.path}?{asked.query}"

    def strikes(self, number: int, drawn: float) -> bool:
        """Whether the request of this number is struck; `drawn` decides where a share is given."""
        if self.share is not None:
            return number >= self.at and drawn < self.share
        usual = 1 if self.kind in ONCE else FOR_EVER
        return self.at <= number < self.at + (self.times if self.times is not None else usual)


class Striking:
    """The faults that strike one request, found by kind."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self._faults = {fault.kind: fault for fault in reversed(faults)}

    def get(self, kind: str) -> Fault | None:
        """The first fault of the kind, if one strikes."""
        return self._faults.get(kind)

    def __contains__(self, kind: str) -> bool:
        return kind in self._faults

    def number(self, kind: str, usual: int) -> int:
        """The number that the fault of the kind gives; zero where none strikes."""
        fault = self._faults.get(kind)
        return 0 if fault is None else usual if fault.number is None else fault.number


class Schedule:
    """Decides which faults strike a request; it counts, so one belongs to one running server."""

    def __init__(self, faults: Sequence[Fault], seed: int) -> None:
        self._faults = list(faults)
        self._seed = seed
        self._counted: Counter[tuple[int, str]] = Counter()
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """One more fault, which counts from now on."""
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        """No faults from now on; tokens that expired stay so."""
        with self._lock:
            self._faults.clear()
            self._counted.clear()

    def striking(self, asked: Asked) -> Striking:
        """The faults that strike this request; every one that concerns it counts it."""
        found: list[Fault] = []
        with self._lock:
            for place, fault in enumerate(self._faults):
                if fault.concerns(asked):
                    self._counted[place, asked.platform] += 1
                    number = self._counted[place, asked.platform]
                    if fault.strikes(number, self._drawn(place, asked.platform, number)):
                        found.append(fault)
        return Striking(found)

    def _drawn(self, place: int, platform: str, number: int) -> float:
        digest = hashlib.sha256(f"{self._seed}:{place}:{platform}:{number}".encode()).digest()
        return int.from_bytes(digest[:6], "big") / 2**48
