"""A time stamping authority on loopback: `openssl ts` behind a small server, certificates of its own, and faults."""

import re
import subprocess
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

SETTINGS = """\
[ca]
default_ca = made
[made]
dir = .
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = names
unique_subject = no
[names]
commonName = supplied
[req]
distinguished_name = empty
[empty]
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
[signer]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[stamping]
serial = stamps
crypto_device = builtin
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256
accuracy = secs:1
tsa_name = yes
certs = chain.pem
signer_cert = signer.pem
signer_key = signer.key
"""
FAULTS = frozenset(
    (
        "other_data",
        "old_answer",
        "rejected",
        "cut",
        "html",
        "wrong_type",
        "busy",
        "refused",
        "slow",
        "waiting",
        "secret",
    )
)
WAITING = bytes.fromhex("30053003020103")
"""An answer of status 3, without a token."""


def openssl(folder: Path, *arguments: str) -> None:
    """Run openssl in a folder."""
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"openssl {' '.join(arguments)}: {done.stderr}"


class Certificates:
    """A root, an authority between, and a signer of time stamps; the signer's names and days as told."""

    def __init__(
        self,
        folder: Path,
        name: str = "Tijdstempel",
        *,
        root_days: tuple[str, str] = ("2025", "2045"),
        days: tuple[str, str] = ("2025", "2035"),
    ) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        (folder / "settings").write_text(SETTINGS)
        (folder / "index.txt").touch()
        for counter in ("serial", "stamps"):
            (folder / counter).write_text("01\n")
        self._make("root", f"{name} Root", "root", "root", root_days)
        self._make("between", f"{name} CA", "root", "root", ("2025", "2040"))
        self._make("signer", f"{name} Signer", "between", "signer", days)
        pem = [(folder / f"{one}.pem").read_text() for one in ("root", "between")]
        (folder / "chain.pem").write_text("".join(pem))

    @property
    def root(self) -> Path:
        """The root certificate in PEM."""
        return self.folder / "root.pem"

    def _make(self, file: str, name: str, by: str, use: str, years: tuple[str, str]) -> None:
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{file}.key")
        openssl(self.folder, "req", "-new", "-config", "settings", "-subj", f"/CN={name}", *key, "-out", f"{file}.csr")
        signed = (
            ("-selfsign", "-keyfile", "root.key") if file == by else ("-keyfile", f"{by}.key", "-cert", f"{by}.pem")
        )
        days = ("-startdate", f"{years[0]}0101000000Z", "-enddate", f"{years[1]}0101000000Z")
        made = ("-batch", "-notext", "-extensions", use, "-in", f"{file}.csr", "-out", f"{file}.pem")
        openssl(self.folder, "ca", "-config", "settings", *signed, *days, *made)

    def answer(self, query: bytes) -> bytes:
        """What `openssl ts` answers to a question."""
        (self.folder / "query").write_bytes(query)
        asked = ("-config", "settings", "-section", "stamping", "-queryfile", "query", "-out", "answer")
        openssl(self.folder, "ts", "-reply", *asked)
        return (self.folder / "answer").read_bytes()

    def question(self, text: bytes, digest: str = "sha256") -> bytes:
        """A question for another text."""
        (self.folder / "text").write_bytes(text)
        openssl(self.folder, "ts", "-query", "-data", "text", f"-{digest}", "-cert", "-out", "other")
        return (self.folder / "other").read_bytes()


@dataclass
class Authority:
    """The server. `fault` is what it does wrong now; `asked` holds each question, with its headers."""

    certificates: Certificates
    fault: str = ""
    times: int = 10**6
    """How often it is wrong before it is right again."""
    asked: list[tuple[bytes, dict[str, str]]] = field(default_factory=list)
    held_up: threading.Event = field(default_factory=threading.Event)
    """Ends what is slow."""

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.held_up.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/tsr"

    @property
    def root(self) -> Path:
        """Its root certificate."""
        return self.certificates.root

    def fail(self, fault: str, times: int = 10**6) -> None:
        """Be wrong in this way from now on."""
        assert fault in FAULTS
        self.fault, self.times = fault, times

    def answer(self, query: bytes, headers: dict[str, str]) -> tuple[int, str, bytes]:
        """Status, media type and body."""
        self.asked.append((query, headers))
        fault, self.times = (self.fault, self.times - 1) if self.times > 0 else ("", 0)
        reply = "application/timestamp-reply"
        if fault in {"busy", "refused", "html"}:
            status = {"busy": 503, "refused": 401, "html": 200}[fault]
            return status, "text/html", b"<html><body>Sign in to the network</body></html>"
        if fault == "slow":
            self.held_up.wait(30)
            return 0, "", b""
        if fault == "waiting":
            return 200, reply, WAITING
        if fault == "rejected":
            return 200, reply, self.certificates.answer(self.certificates.question(b"anything", "sha1"))
        if fault == "other_data":
            query = self.certificates.question(b"something else")
        if fault == "old_answer":
            query = without_nonce(query)
        body = self.certificates.answer(query)
        if fault == "secret":
            body = body + headers.get("authorization", "").encode()
        return (
            200,
            "application/octet-stream" if fault == "wrong_type" else reply,
            body[:-50] if fault == "cut" else body,
        )

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                query = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                status, kind, body = authority.answer(query, headers)
                if not status:
                    return
                self.send_response(status)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Nothing is printed."""

        return Handler


def without_nonce(query: bytes) -> bytes:
    """The question with another number in the place of the one that was drawn: an answer of before, played again."""
    found = re.search(rb"\x02([\x01-\x09])(.{1,9})\x01\x01\xff$", query, flags=re.DOTALL)
    assert found, query.hex()
    size = found[1][0]
    return query[: found.start(2)] + bytes([1]) * size + query[found.start(2) + size :]
