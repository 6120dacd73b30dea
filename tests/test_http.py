"""Bodies that are packed come whole, or are asked for again."""

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from adaudit.errors import SourceUnavailable
from adaudit.http import Patience, Request, Session

WHOLE = gzip.compress(b"a,b\n1,2\n")


class Packed(BaseHTTPRequestHandler):
    """Answers each path with another packed body."""

    def do_GET(self) -> None:
        """The body that the path names."""
        bodies = {"/whole": WHOLE, "/cut": WHOLE[:-4], "/two": WHOLE + gzip.compress(b"3,4\n"), "/none": b"a,b\n"}
        body = bodies[self.path]
        self.send_response(200)
        self.send_header("content-encoding", "gzip")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def address() -> Iterator[str]:
    """A server of packed bodies."""
    with HTTPServer(("127.0.0.1", 0), Packed) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def asked(url: str) -> bytes:
    with Session(frozenset({"127.0.0.1"}), patience=Patience(2, 0.0, 0.0)) as session:
        return session.ask(Request(url)).data


def test_a_packed_body_is_unpacked(address: str) -> None:
    assert asked(f"{address}/whole") == b"a,b\n1,2\n"


@pytest.mark.parametrize(
    ("path", "said"), [("cut", "cut off"), ("two", "follow the end"), ("none", "damaged")], ids=["cut", "two", "none"]
)
def test_a_body_of_which_a_part_would_be_lost_is_never_taken(address: str, path: str, said: str) -> None:
    with pytest.raises(SourceUnavailable, match=said):
        asked(f"{address}/{path}")
