"""The loopback server: one address, a folder for each platform, everything asked of it recorded."""

import gzip
import os
import socket
import struct
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self, cast

from .exchange import HTML, Answer, Asked, json_answer
from .faults import Fault, Schedule, Striking
from .known import PLATFORMS
from .platform import Platform

ELSEWHERE = "elsewhere"
LOGIN_PAGE = (
    b"<!doctype html><html><head><title>Log in</title></head><body><h1>Log in to continue</h1>"
    b'<form method="post"><input name="email"><input name="pass" type="password"></form></body></html>'
)
STATUS_PAGE = b"<html><head><title>Error</title></head><body><h1>Error</h1></body></html>"
PIECES = 20
"""A slow body drips out in so many pieces."""
RESET_ON_CLOSE = struct.pack("ii", 1, 0)
LONGEST_BODY = 2**24


class Platforms:
    """The platforms on a free port of this machine, while the `with` block lasts.

    The same seed, number of ads and faults give the same answers to the same requests. Addresses that a platform
    names (the next page, a file to download) are below `url(platform)`; the sample's other links lead to names
    that do not exist. With `compressed`, JSON goes out as gzip to clients that accept it.
    """

    def __init__(
        self, seed: int = 1, ads: int = 500, faults: Sequence[Fault] = (), port: int = 0, *, compressed: bool = False
    ) -> None:
        self.seed = seed
        self.ads = ads
        self.compressed = compressed
        self._schedule = Schedule(faults, seed)
        self._platforms: dict[str, Platform] = {}
        self._asked: list[Asked] = []
        self._numbers: Counter[str] = Counter()
        self._let_through: dict[str, list[float]] = {}
        self._lock = threading.Lock()
        self.failures: list[BaseException] = []
        self.closing = threading.Event()
        self._http = _Server(("127.0.0.1", port), self)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes all connections; what failed in the server itself is raised here."""
        self.closing.set()
        self._http.shutdown()
        self._http.close_connections()
        self._http.server_close()
        self._thread.join()
        if self.failures and error is None:
            raise self.failures[0]

    @property
    def port(self) -> int:
        """The port that the server listens on."""
        return int(self._http.server_address[1])

    def url(self, platform: str) -> str:
        """The platform's base address, in the place of `https://` and its host."""
        self.platform(platform)
        return f"http://127.0.0.1:{self.port}/{platform}"

    @property
    def requests(self) -> list[Asked]:
        """Everything asked so far, in order of arrival, whatever the answer was."""
        with self._lock:
            return list(self._asked)

    def asked(self, platform: str) -> list[Asked]:
        """What was asked of one platform; `elsewhere` for those that followed a redirect away."""
        return [one for one in self.requests if one.platform == platform]

    def archive(self, platform: str, form: str = "") -> tuple[str, ...]:
        """The ids that an uninterrupted full pull without faults must bring, sorted.

        They are the ads' ids, or those of the form named: see `identities` of each platform.
        """
        return self.platform(platform).identities(form)

    def canary(self, platform: str) -> str:
        """The id of an ad that must always come."""
        return self.platform(platform).canary()

    def token(self, platform: str, number: int = 1) -> str:
        """A token that the platform accepts; another number gives another one, as after it expired."""
        return self.platform(platform).token(number)

    def credentials(self, platform: str) -> dict[str, str]:
        """The key and secret with which a client asks the platform for a token; none where tokens are not asked for."""
        return self.platform(platform).credentials()

    def add(self, fault: Fault) -> None:
        """Switches on one more fault, which counts requests from now on."""
        self._schedule.add(fault)

    def clear(self) -> None:
        """Switches all faults off; tokens that expired stay so."""
        self._schedule.clear()

    def platform(self, name: str) -> Platform:
        """The platform of that name, its archive made when it is first asked for."""
        if name not in PLATFORMS:
            message = f"no platform is called {name!r}; there are {', '.join(sorted(PLATFORMS))}"
            raise ValueError(message)
        with self._lock:
            if name not in self._platforms:
                self._platforms[name] = PLATFORMS[name](self.seed, self.ads)
            return self._platforms[name]

    def record(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Asked:
        """The request in the platform's terms, kept in the list of what was asked."""
        path, _, query = target.partition("?")
        name, _, rest = path.lstrip("/").partition("/")
        base = f"http://{headers.get('host', '')}/{name}"
        with self._lock:
            self._numbers[name] += 1
            asked = Asked(self._numbers[name], name, method, base, f"/{rest}", query, headers, body)
            self._asked.append(asked)
        return asked

    def answer(self, asked: Asked) -> tuple[Answer, Striking]:
        """The answer before it is sent, and the faults that concern its sending."""
        struck = self._schedule.striking(asked)
        if asked.platform == ELSEWHERE:
            return Answer(200, LOGIN_PAGE, {"content-type": HTML}), struck
        if asked.platform not in PLATFORMS:
            return json_answer({"expected": sorted(PLATFORMS), "found": asked.platform}, 404), struck
        platform = self.platform(asked.platform)
        for kind in ("expired", "too_heavy"):
            if kind in struck:
                _code(platform, kind)
        if "expired" in struck:
            platform.expired.add(platform.token_of(asked))
        paced = struck.get("paced")
        if paced and self._too_fast(asked.platform, paced):
            return _patient(platform.error(_code(platform, "throttled"), paced.status), paced), struck
        return _failing(platform, struck, self.port) or platform.answer(asked, struck), struck

    def _too_fast(self, platform: str, fault: Fault) -> bool:
        """Whether so many requests were let through lately that this one is not."""
        now, most = time.monotonic(), 10 if fault.number is None else fault.number
        with self._lock:
            lately = [moment for moment in self._let_through.get(platform, ()) if now - moment < fault.seconds]
            self._let_through[platform] = lately if len(lately) >= most else [*lately, now]
        return len(lately) >= most


def _code(platform: Platform, kind: str) -> str:
    """The platform's own code for what a fault calls so."""
    if kind not in platform.codes:
        message = f"{platform.name} has no answer for the fault {kind!r}: name a code"
        raise ValueError(message)
    return platform.codes[kind]


def _failing(platform: Platform, struck: Striking, port: int) -> Answer | None:
    """The answer in the place of the platform's own, if a fault wants one."""
    if fault := struck.get("status"):
        return _patient(Answer(fault.status or 500, STATUS_PAGE, {"content-type": HTML}), fault)
    if fault := struck.get("redirect"):
        location = fault.to or f"http://localhost:{port}/{ELSEWHERE}/"
        return Answer(fault.status or 302, b"", {"location": location, "content-type": HTML})
    if "login_page" in struck:
        return Answer(200, LOGIN_PAGE, {"content-type": HTML})
    if "empty_body" in struck:
        return Answer(200, b"", {"content-type": "application/json"})
    for kind in ("error", "throttled", "refused", "quota"):
        fault = struck.get(kind)
        if fault:
            code = fault.code or _code(platform, kind)
            return _patient(platform.error(code, fault.status, fault.subcode), fault)
    return None


def _compressible(asked: Asked, answer: Answer) -> bool:
    accepted = {one.partition(";")[0].strip() for one in asked.headers.get("accept-encoding", "").split(",")}
    return "gzip" in accepted and answer.headers.get("content-type", "").startswith("application/json")


def _patient(answer: Answer, fault: Fault) -> Answer:
    """The answer with what the fault says about when to come back."""
    if fault.retry_date is not None:
        moment = formatdate(time.time() + fault.retry_date, usegmt=True)
        return answer.with_headers(retry_after=moment)
    return answer if fault.retry_after is None else answer.with_headers(retry_after=str(fault.retry_after))


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], platforms: Platforms) -> None:
        self.platforms = platforms
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        """Ends the connections that clients keep open."""
        with self._guard:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:  # the client has gone already
                    continue

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """Clients may go away at any time; anything else is a failure of the server, raised at its end."""
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, ConnectionError):
            self.platforms.failures.append(error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server_version = "loopback"
    sys_version = ""

    def do_GET(self) -> None:
        self._exchange()

    def do_POST(self) -> None:
        self._exchange()

    def do_HEAD(self) -> None:
        self._exchange()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: what was asked is in the list of requests."""

    def _exchange(self) -> None:
        platforms = cast("_Server", self.server).platforms
        headers = {key.lower(): value for key, value in self.headers.items()}
        length = int(headers.get("content-length", "0") or "0")
        if length > LONGEST_BODY:
            self.close_connection = True
            return
        asked = platforms.record(self.command, self.path, headers, self.rfile.read(length))
        answer, struck = platforms.answer(asked)
        if platforms.compressed and _compressible(asked, answer):
            headers_of_gzip = {**answer.headers, "content-encoding": "gzip"}
            answer = Answer(answer.status, gzip.compress(answer.body, 1, mtime=0), headers_of_gzip)
        self._send(answer, struck, platforms.closing)

    def _send(self, answer: Answer, struck: Striking, closing: threading.Event) -> None:
        late = struck.get("late")
        if late and closing.wait(late.seconds):
            self.close_connection = True
            return
        body, headers = answer.body, dict(answer.headers)
        if "content_type" in struck:
            headers["content-type"] = HTML
        if "bad_gzip" in struck:
            headers["content-encoding"] = "gzip"
            body = b"no gzip: " + body
        elif "cut_gzip" in struck:
            headers["content-encoding"] = "gzip"
            whole = body if answer.headers.get("content-encoding") else gzip.compress(body, 1, mtime=0)
            body = whole[: len(whole) // 2]
        reset = struck.get("reset")
        if reset and reset.number is None:
            self._reset()
            return
        sent = len(body)
        if fault := reset or struck.get("truncated"):
            sent = min(len(body) // 2 if fault.number is None else fault.number, max(0, len(body) - 1))
        self.send_response(answer.status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self._send_body(memoryview(body)[:sent], struck.get("slow"), closing)
        if reset:
            self._reset()
        elif sent < len(body):
            self.close_connection = True

    def _send_body(self, body: memoryview, slow: Fault | None, closing: threading.Event) -> None:
        if slow is None:
            self.wfile.write(body)
            return
        size = max(1, -(-len(body) // PIECES))
        for start in range(0, len(body), size):
            if closing.wait(slow.seconds / PIECES):
                return
            self.wfile.write(body[start : start + size])
            self.wfile.flush()

    def _reset(self) -> None:
        """Closes the connection as a machine does that fails: what is under way is lost, the client sees a reset."""
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        self.close_connection = True
        os.close(self.connection.detach())
