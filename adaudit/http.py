"""Asks sources over the network: the only module that imports an HTTP client.

One place for everything that every source needs: only the expected hosts over TLS (plain HTTP to the machine
itself alone), no redirect elsewhere, retries with jitter and `Retry-After`, rate limits, a budget of time,
downloads that go on where they broke off, an identifying user agent. Proxies and certificates come from the
environment (`HTTPS_PROXY`, `NO_PROXY`, `SSL_CERT_FILE`, `SSL_CERT_DIR`).
"""

import json
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlencode

import httpx
import pydantic_core
import stamina

from adaudit import __version__
from adaudit.errors import (
    NotThere,
    SourceChanged,
    SourceError,
    SourceLimited,
    SourceRefused,
    SourceUnavailable,
    StoreError,
    TimeUp,
)

CHUNK: Final = 2**20
MOST_REDIRECTS: Final = 5
SLOWEST: Final = 300.0
"""Seconds within which the body of an answer must be there, downloads apart."""
BUSY: Final = frozenset({408, 425, 429, 500, 502, 503, 504, 509, 520, 521, 522, 523, 524})
"""HTTP statuses after which the same request may be made again."""
LARGEST: Final = 2**30
"""Bytes that the body of an answer may unpack to, downloads apart."""
OVER: Final = "the time that was given is over"
LOCAL: Final = frozenset({"localhost"})
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
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @cached_property
    def address(self) -> str:
        """The address with its parameters."""
        if not self.params:
            return self.url
        return f"{self.url}{'&' if '?' in self.url else '?'}{urlencode(self.params)}"

    def as_written(self) -> dict[str, object]:
        """The request as evidence keeps it."""
        written: dict[str, object] = {"method": self.method, "url": self.address}
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

    def __init__(
        self, why: str, *, wait: float | None = None, limited: bool = False, status: int | None = None
    ) -> None:
        super().__init__(why)
        self.wait = wait
        self.limited = limited
        self.status = status


@dataclass(frozen=True)
class Patience:
    """How long faults are borne: attempts, and the seconds of the first and of the longest wait between them."""

    attempts: int = 8
    first: float = 1.0
    longest: float = 120.0


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
        raise SourceRefused(f"the source refused (HTTP {answer.status}): {_beginning(answer.data)}")
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


class Session:
    """Conversation with one source. Use as a context manager; not shared between threads."""

    def __init__(
        self,
        hosts: frozenset[str],
        *,
        patience: Patience = Patience(),
        pace: Callable[[], None] = lambda: None,
        deadline: float | None = None,
        contact: str = "",
    ) -> None:
        """Speaks to `hosts` alone, `*.` standing for any host below one; `pace` waits before each request.

        `deadline` is in `time.monotonic()` seconds.
        """
        self.hosts = hosts
        self.patience = patience
        self.deadline = deadline
        self._pace = pace
        agent = f"adaudit/{__version__}" + (f" ({contact})" if contact else "")
        self._client = httpx.Client(
            headers={"User-Agent": agent, "Accept-Encoding": "gzip"},
            timeout=httpx.Timeout(60.0, connect=20.0),
            follow_redirects=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()

    def ask(self, request: Request, judge: Callable[[Answer], None] = usual) -> Answer:
        """The answer to a request that `judge` lets pass; what it raises as Again is asked again.

        Raises SourceUnavailable where faults outlast the patience, SourceLimited where the source asks to wait
        longer than that or the time is up, SourceRefused for another host, and whatever else `judge` raises.
        """

        def once() -> Answer:
            answer = self._once(request)
            judge(answer)
            return answer

        return self._patiently(once)

    def ask_json(
        self, request: Request, judge: Callable[[Answer, dict[str, Any]], None] = lambda answer, _: usual(answer)
    ) -> tuple[Answer, dict[str, Any]]:
        """The answer to a request, and its body as a JSON object that `judge` lets pass. Raises as `ask` does."""
        found: dict[str, Any] = {}

        def read(answer: Answer) -> None:
            nonlocal found
            try:
                body = answer.json()
            except Again:
                usual(answer)
                raise
            if not isinstance(body, dict):
                raise Again(f"expected a JSON object; found {type(body).__name__}")
            judge(answer, body)
            found = body

        return self.ask(request, read), found

    def rest(self, seconds: float) -> None:
        """Leave the source alone for a while. Raises SourceLimited where that outlasts the patience or the time."""
        if seconds > min(self.patience.longest, self._time_left()):
            raise SourceLimited(f"the source asks to wait {seconds:,.0f} seconds", seconds)
        if seconds > 0:
            time.sleep(seconds)

    def download(self, request: Request, path: Path, begins: bytes = b"") -> Answer:
        """The body of an answer in a file: what `path` holds of it already is not asked for again.

        The validator that the source gave stands beside the file, so that parts of two versions never mix. A file
        that does not start with the bytes `begins`, such as a page of HTML in its place, does not count.
        The answer's `data` is empty. Raises as `ask` does, and StoreError where the disk is full.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            return self._patiently(lambda: self._piece(request, path, begins))
        except OSError as error:
            raise StoreError(
                f"{path.name} could not be written to {path.parent} ({error.strerror or error}); make room, then go "
                "on with --resume. What came of it is kept."
            ) from error

    def _patiently(self, once: Callable[[], Answer]) -> Answer:
        patience = self.patience
        try:
            for attempt in stamina.retry_context(
                on=self._next_wait,
                attempts=patience.attempts,
                timeout=None,
                wait_initial=patience.first,
                wait_max=patience.longest,
                wait_jitter=patience.first,
            ):
                with attempt:
                    return once()
        except (Again, httpx.HTTPError, httpx.InvalidURL) as error:
            if self._time_left() <= 0:
                raise TimeUp(OVER) from error
            raise _gave_up(error) from error
        raise AssertionError("the last attempt returns or raises")

    def _next_wait(self, error: Exception) -> bool | float:
        """Whether to ask again, or after how many seconds."""
        if isinstance(error, httpx.HTTPError):
            return self._time_left() > 0
        if not isinstance(error, Again):
            return False
        wait = error.wait or 0.0
        if wait > min(self.patience.longest, self._time_left()):
            return False
        return wait if error.wait is not None else True

    def _time_left(self) -> float:
        return float("inf") if self.deadline is None else self.deadline - time.monotonic()

    def _checked(self, url: str) -> httpx.URL:
        """The address, where it may be asked. Raises SourceRefused."""
        address = httpx.URL(url)
        if not any(_is_host(address.host, one) for one in self.hosts):
            raise SourceRefused(f"expected an address on {', '.join(sorted(self.hosts))}; found {address.host!r}.")
        if address.scheme != "https" and not (address.scheme == "http" and is_local(address.host)):
            raise SourceRefused(
                f"expected https; found {address.scheme}://{address.host}: nothing is sent in the clear."
            )
        return address

    def _build(self, request: Request, extra: Mapping[str, str] | None = None) -> httpx.Request:
        return self._client.build_request(
            request.method,
            self._checked(request.address),
            json=request.json,
            data=request.form,
            headers={**request.headers, **(extra or {})},
        )

    def _send(self, request: Request, extra: Mapping[str, str] | None = None) -> httpx.Response:
        """The answer before its body, redirects followed to the expected hosts alone."""
        if self._time_left() <= 0:
            raise TimeUp(OVER)
        self._pace()
        built = self._build(request, extra)
        for _ in range(MOST_REDIRECTS):
            response = self._client.send(built, stream=True)
            if response.next_request is None:
                return response
            response.close()
            self._checked(str(response.next_request.url))
            built = response.next_request
        raise SourceChanged(f"expected an answer; found more than {MOST_REDIRECTS} redirects")

    def _once(self, request: Request) -> Answer:
        response = self._send(request)
        try:
            end = time.monotonic() + SLOWEST
            pieces = []
            for piece in response.iter_raw(CHUNK):
                pieces.append(piece)
                if self._time_left() <= 0:
                    raise TimeUp(OVER)
                if time.monotonic() > end:
                    raise Again(f"the answer was not there within {SLOWEST:.0f} seconds")
        finally:
            response.close()
        return _answer(response, _unpacked(response, b"".join(pieces)))

    def _piece(self, request: Request, path: Path, begins: bytes) -> Answer:
        """What is missing of the file, from the last byte that is there on: of a whole file that byte alone."""
        beside = path.with_name(f"{path.name}.validator")
        at = max(path.stat().st_size - 1, 0) if path.exists() and beside.exists() else 0
        extra = {"Accept-Encoding": "identity"}
        if at:
            extra |= {"Range": f"bytes={at}-", "If-Range": beside.read_text("utf-8")}
        response = self._send(request, extra)
        try:
            if not _gives_file(response):
                path.unlink(missing_ok=True)
                raise Again("what was there already is not the beginning of the file any more")
            self._write(response, path, beside, at if response.status_code == 206 else 0)
        finally:
            response.close()
        _whole(response, path)
        _begins(path, begins)
        return _answer(response, b"")

    def _write(self, response: httpx.Response, path: Path, beside: Path, at: int) -> None:
        """Write what comes into the file from an offset on; before that, where it is 0, what tells its version."""
        if response.status_code == 206 and not response.headers.get("content-range", "").startswith(f"bytes {at}-"):
            path.unlink(missing_ok=True)
            raise Again("what came is not the rest of what was there already")
        if not at:
            path.unlink(missing_ok=True)
            validator = _validator(response)
            if validator:
                beside.write_text(validator, "utf-8")
            else:
                beside.unlink(missing_ok=True)
        with path.open("r+b" if at else "wb") as file:
            file.seek(at)
            file.truncate()
            for piece in response.iter_raw():
                file.write(piece)
                if self._time_left() <= 0:
                    raise TimeUp(OVER)


def _gives_file(response: httpx.Response) -> bool:
    """Whether the answer is a file or the rest of one; False where there is no such rest. Raises as `usual` does."""
    if response.status_code == 416:
        return False
    if response.status_code not in {200, 206}:
        answer = _answer(response, response.read())
        usual(answer)
        raise SourceChanged(f"expected a file; found HTTP {answer.status}")
    return True


def _unpacked(response: httpx.Response, data: bytes) -> bytes:
    """The body without its transport coding, seen to be whole. Raises Again where it is damaged or cut off."""
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding in {"", "identity"} or not data:
        return data
    if coding not in {"gzip", "x-gzip"}:
        raise Again(f"expected a body packed with gzip or not at all; found {coding!r}")
    unpacking = zlib.decompressobj(wbits=31)
    try:
        body = unpacking.decompress(data, LARGEST)
    except zlib.error as error:
        raise Again(f"the packed body is damaged ({error})") from error
    if unpacking.unconsumed_tail:
        raise SourceChanged(f"the answer unpacks to more than {LARGEST:,} bytes")
    if not unpacking.eof:
        raise Again("the packed body was cut off")
    if unpacking.unused_data:
        raise Again("bytes follow the end of the packed body")
    return body


def _validator(response: httpx.Response) -> str:
    """What tells one version of a file from another: a strong entity tag, else the day it was made."""
    tag: str = response.headers.get("etag", "")
    return tag if tag and not tag.startswith("W/") else response.headers.get("last-modified", "")


def _whole(response: httpx.Response, path: Path) -> None:
    """Raises Again where the file is shorter than the source says."""
    told = response.headers.get("content-range", "").rpartition("/")[2] or response.headers.get("content-length", "")
    if told.isdigit() and path.stat().st_size != int(told):
        raise Again(f"expected {int(told):,} bytes; found {path.stat().st_size:,}")


def _begins(path: Path, begins: bytes) -> None:
    """Takes the file away and raises Again where it does not start with these bytes."""
    with path.open("rb") as file:
        found = file.read(max(len(begins), 60))
    if not found.startswith(begins):
        path.unlink()
        raise Again(f"expected a file that begins with {begins!r}; found one that begins with {found[:60]!r}")


def _answer(response: httpx.Response, data: bytes) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, data, datetime.now(UTC))


def _gave_up(error: Exception) -> SourceError:
    if isinstance(error, Again) and error.limited:
        told = f"; the source asks to wait {error.wait:,.0f} seconds" if error.wait is not None else ""
        return SourceLimited(f"the source limits the rate ({error}{told})", error.wait)
    said = str(error) or type(error).__name__
    status = error.status if isinstance(error, Again) else None
    return SourceUnavailable(f"no good answer, however often it was asked for; the last: {said}.", status)


def _is_host(host: str, allowed: str) -> bool:
    return host.endswith(allowed[1:]) if allowed.startswith("*.") else host == allowed


def is_local(host: str) -> bool:
    """Whether the host is the machine itself."""
    try:
        return host in LOCAL or ip_address(host).is_loopback
    except ValueError:
        return False


def host_of(url: str) -> str:
    """The host of an address."""
    return httpx.URL(url).host
