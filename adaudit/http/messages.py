"""What is asked of a source and what it answers, whatever carries them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlencode

import pydantic_core

from adaudit.errors import LastAnswer, NotThere, SourceChanged, SourceRefused

BUSY: Final = frozenset({408, 425, 429, 500, 502, 503, 504, 509, 520, 521, 522, 523, 524})
"""HTTP statuses after which the same request may be made again."""
KEPT_HEADERS: Final = ("content-type", "date", "etag", "last-modified", "retry-after")
"""Headers of an answer that are kept as evidence."""


@dataclass(frozen=True)
class Request:
    """One question to a source; secrets stand in `headers` and `form` alone, which are never kept."""

    url: str
    method: str = "GET"
    params: tuple[tuple[str, str], ...] = ()
    json: object = None
    form: Mapping[str, str] | None = None
    content: bytes | None = None
    """A body of another kind, whose media type stands in `headers`."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    kept_as: str = ""
    """The address as evidence keeps it, where it holds a secret such as a signature."""

    @cached_property
    def address(self) -> str:
        """The address with its parameters."""
        if not self.params:
            return self.url
        return f"{self.url}{'&' if '?' in self.url else '?'}{urlencode(self.params)}"

    def as_written(self) -> dict[str, object]:
        """The request as evidence keeps it."""
        written: dict[str, object] = {"method": self.method, "url": self.kept_as or self.address}
        return written | ({"json": self.json} if self.json is not None else {})


@dataclass(frozen=True)
class Answer:
    """What came back: the whole body, decoded from its transport."""

    status: int
    headers: Mapping[str, str]
    data: bytes
    at: datetime

    def kept_headers(self) -> dict[str, str]:
        """The headers that are kept as evidence."""
        return {name: self.headers[name] for name in KEPT_HEADERS if name in self.headers}

    def json(self) -> Any:  # noqa: ANN401 - whatever a source answers
        """The body as JSON. Raises Again where it is none: a page of HTML, a body that was cut off."""
        try:
            return pydantic_core.from_json(self.data)
        except ValueError as error:
            kind = self.headers.get("content-type", "no content type")
            begins = self.data[:60].decode("utf-8", "replace")
            raise Again(
                f"expected JSON; found {kind}, {len(self.data):,} bytes that begin with {begins!r} ({error})"
            ) from error


class Again(Exception):
    """The answer does not count and the same request may be made again, after `wait` seconds where that is told."""

    answer: LastAnswer | None = None

    def __init__(
        self, why: str, *, wait: float | None = None, limited: bool = False, status: int | None = None
    ) -> None:
        super().__init__(why)
        self.wait = wait
        self.limited = limited
        self.status = status


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """The seconds that a `Retry-After` asks for, given as seconds or as a date; None where there is none."""
    text = headers.get("retry-after", "").strip()
    if text.isdigit():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - now).total_seconds()) if text else None
    except (ValueError, TypeError):
        return None


def usual(answer: Answer) -> None:
    """Judges an answer by its HTTP status alone.

    Raises Again for a fault that may pass, SourceRefused for 401, 403 and 451, NotThere for 404 and 410,
    SourceChanged for any other status that is no success.
    """
    if answer.status in BUSY:
        wait = retry_after(answer.headers, answer.at)
        raise Again(f"HTTP {answer.status}", wait=wait, limited=answer.status == 429, status=answer.status)
    if answer.status in {401, 403, 407, 451}:
        said = f"the source refused (HTTP {answer.status}): {_beginning(answer.data)}"
        raise SourceRefused(said, because="credential" if answer.status in {401, 407} else "refused")
    if answer.status in {404, 410}:
        raise NotThere(f"nothing stands at this address (HTTP {answer.status}): {_beginning(answer.data)}")
    if not 200 <= answer.status < 300:
        raise SourceChanged(f"expected an answer; found HTTP {answer.status}: {_beginning(answer.data)}")


def _beginning(data: bytes) -> str:
    text = data[:400].decode("utf-8", "replace")
    try:
        return json.dumps(json.loads(data), ensure_ascii=False)[:400]
    except ValueError:
        return " ".join(text.split())
