"""Messages arrive, or stay until they do: files, a webhook and apprise on this machine; addresses are never written."""

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from adaudit.batch.alerts import Crossing
from adaudit.batch.configuration import Notify
from adaudit.batch.messengers import send_everywhere
from adaudit.batch.outbox import Outbox
from adaudit.errors import UsageError
from adaudit.language import Wording
from tests.batch.conftest import WATCH, Bench, ads, step

ALERT = '[[alert]]\nname = "any"\nrule = "notice_sponsor_name"\nverdicts = ["missing", "ok"]\nat_least = 1\n'
HOOK = '[[notify]]\nkind = "webhook"\nvariable = "ADAUDIT_HOOK"\n'
PLACE = "a-place-nobody-knows"


class Hook(ThreadingHTTPServer):
    """Remembers what was posted; answers with `status`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Posted)
        self.status = 200
        self.got: list[dict[str, object]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/{PLACE}"


class _Posted(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Hook)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.status == 200:
            self.server.got.append(json.loads(body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def hook() -> Iterator[Hook]:
    server = Hook()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def written(folder: Path) -> bytes:
    """All that a run wrote."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_webhook_gets_the_message_and_its_address_is_nowhere(
    bench: Bench, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADAUDIT_HOOK", hook.url)
    bench.configure(WATCH, HOOK, ALERT)
    bench.lay("1.json", ads(("1", "Lijst Duin")))
    done = bench.done()
    [got] = hook.got
    assert got["key"] == "alert/any" and got["run"] == done.id and got["fired"] is True
    assert got["text"] == got["en"] and "1 of 1 (100 %) checks" in str(got["text"])
    assert bench.outbox.messages == [] and PLACE.encode() not in written(bench.folder)


def test_what_could_not_be_sent_is_sent_by_the_next_run_and_in_order(
    bench: Bench, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADAUDIT_HOOK", hook.url)
    bench.configure(WATCH, HOOK, ALERT)
    bench.lay("1.json", ads(("1", "Lijst Duin")))
    hook.status = 404
    done = bench.done()
    assert (done.undelivered, done.exit_code) == (1, 3)
    assert "webhook ADAUDIT_HOOK: " in step(done, "notify").why and "404" in step(done, "notify").why
    bench.configure(WATCH, HOOK)
    assert bench.done().undelivered == 2
    assert [one.attempts for one in bench.outbox.messages] == [2, 1]
    hook.status = 200
    assert bench.run(only_due=True) is not None, "a message that waits is something to do"
    assert [one["fired"] for one in hook.got] == [True, False]
    assert bench.run(only_due=True) is None
    assert PLACE.encode() not in written(bench.folder)


def test_one_place_that_is_down_keeps_no_other_from_its_message(bench: Bench, hook: Hook) -> None:
    assert hook.got == []
    bench.configure(WATCH, HOOK, '[[notify]]\nkind = "file"\npath = "told.jsonl"\n', ALERT)
    bench.lay("1.json", ads(("1", "Lijst Duin")))
    done = bench.done()
    assert "ADAUDIT_HOOK is not set" in step(done, "notify").why
    assert len(bench.told) == 1 and len(bench.outbox.messages) == 1


@pytest.mark.parametrize("address", [f"http://127.0.0.1:{PLACE}/x", PLACE, f"http://example.org/{PLACE}"])
def test_an_address_that_cannot_be_used_is_told_without_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("ADAUDIT_HOOK", address)
    bench.configure(WATCH, HOOK, '[[notify]]\nkind = "file"\npath = "told.jsonl"\n', ALERT)
    bench.lay("1.json", ads(("1", "Lijst Duin")))
    done = bench.done()
    assert step(done, "notify").why.startswith("webhook ADAUDIT_HOOK: ")
    assert (done.undelivered, len(bench.told)) == (1, 1)
    assert PLACE.encode() not in written(bench.folder)


def test_a_line_that_a_crash_cut_off_is_closed_first(bench: Bench) -> None:
    (bench.folder / "told.jsonl").write_text('{"half', "utf-8")
    bench.configure(WATCH, '[[notify]]\nkind = "file"\npath = "told.jsonl"\n', ALERT)
    bench.lay("1.json", ads(("1", "Lijst Duin")))
    bench.done()
    lines = (bench.folder / "told.jsonl").read_text("utf-8").splitlines()
    assert lines[0] == '{"half' and json.loads(lines[1])["key"] == "alert/any"


def test_a_crash_between_sending_and_writing_sends_again_under_the_same_id(tmp_path: Path, hook: Hook) -> None:
    place = Notify.model_validate({"kind": "file", "path": str(tmp_path / "told.jsonl")})
    outbox = Outbox()
    from datetime import UTC, datetime

    outbox.take([Crossing("alert/x", True, Wording("one", "een"))], [place], "run", 1, datetime.now(UTC))
    outbox.save(tmp_path)
    before = Outbox.of(tmp_path)
    assert outbox.deliver([place], "nl", tmp_path) == []
    assert before.deliver([place], "nl", tmp_path) == []
    ids = [json.loads(line)["id"] for line in (tmp_path / "told.jsonl").read_text("utf-8").splitlines()]
    assert ids == ["run/alert/x/fired"] * 2
    assert Outbox.of(tmp_path).messages == []
    assert hook.got == []


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
def test_apprise_sends_to_where_its_address_says(bench: Bench, hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("apprise")
    monkeypatch.setenv("ADAUDIT_NOTIFY", hook.url.replace("http:", "json:"))
    bench.configure('language = "nl"', WATCH, '[[notify]]\nkind = "apprise"\nvariable = "ADAUDIT_NOTIFY"\n', ALERT)
    bench.lay("1.json", ads(("1", "Lijst Duin")))
    hook.status = 500
    assert "apprise could not send it" in step(bench.done(), "notify").why
    hook.status = 200
    assert bench.done().undelivered == 0
    assert "controles" in str(hook.got[0]["message"]) and hook.got[0]["title"] == "adaudit, keer 1"
    assert PLACE.encode() not in written(bench.folder)


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    monkeypatch.setattr("adaudit.batch.messengers.find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"adaudit\[notify\]"):
        send_everywhere("json://127.0.0.1", "x", "y")
