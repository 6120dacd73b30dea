"""The head of the chain stamped by a real authority, its answer held to the question, and looked at offline later."""

import hashlib
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from adaudit.collection import stamps
from adaudit.collection.pulling import heal
from adaudit.collection.stamping import VARIABLE, Stamped, Stamping, address, stamp
from adaudit.collection.verifying import Asked, Verified, verify
from adaudit.errors import EvidenceError, SourceChanged, SourceRefused, SourceUnavailable, TimeUp, UsageError
from adaudit.evidence import timestamps
from adaudit.evidence.timestamps import BadStamp, answer_in, held, question, roots_in
from adaudit.evidence.vault import name_of
from adaudit.http import Patience
from adaudit.store import Store
from tests.collection.authority import Authority, Certificates
from tests.collection.stores import imported, nothing, page

QUICK = Patience(attempts=3, first=0.001, longest=0.01)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store of one import."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(VARIABLE, raising=False)
    made = Store(tmp_path / "store")
    imported(made, tmp_path, "one.json", page("1001", "1002"))
    return made


def stamped(store: Store, authority: Authority, *, seconds: float = 30.0) -> Stamped | None:
    with store.writing():
        return stamp(store, Stamping(authority.url, authority.root, QUICK, seconds))


def looked(store: Store, roots: Path | None = None) -> Verified:
    return verify(store, Asked(roots=roots), nothing)


def keys(found: Verified) -> list[str]:
    """The keys of the texts of the notes."""
    entries = stamps.SAY.entries
    begins = {key: texts["en"].partition("{")[0] for key, texts in entries.items()}
    return [key for note in found.notes for key, text in begins.items() if text and note.startswith(text)]


def test_the_authority_learns_one_hash_and_its_answer_is_kept_with_what_it_stamps(
    store: Store, authority: Authority
) -> None:
    head, lines = store.manifest.head(), len(list(store.manifest.entries()))
    done = stamped(store, authority)
    assert done is not None and (done.head, done.line, done.new) == (head, lines, lines)
    assert done.stamp.authority == "CN=Tijdstempel Signer" and done.stamp.policy == "1.3.6.1.4.1.99999.1"
    [(query, headers)] = authority.asked
    assert bytes.fromhex(head) in query and len(query) < 80, "the hash, a nonce, and what belongs to a question"
    assert headers["content-type"] == "application/timestamp-query" and "authorization" not in headers
    *_, entry = store.manifest.entries()
    assert (entry.entry, entry.before, entry.pull, entry.sha256) == ("stamp", head, "", done.sha256)
    assert entry.request["url"] == authority.url
    assert store.vault.read(entry.roots) == authority.root.read_bytes()
    found = looked(store)
    [seen] = found.stamps
    assert found.intact and seen.holds is True and seen.at == done.stamp.at
    assert (seen.first, seen.until, seen.line, seen.roots) == (1, lines, lines + 1, "kept")
    assert found.unstamped == 0 and "stamp_roots_kept" in keys(found)


def test_openssl_finds_the_kept_answer_to_be_a_stamp_of_the_head(
    store: Store, authority: Authority, tmp_path: Path
) -> None:
    done = stamped(store, authority)
    assert done is not None
    (tmp_path / "kept.tsr").write_bytes(store.vault.read(done.sha256))
    told = subprocess.run(
        ["openssl", "ts", "-verify", "-digest", done.head, "-in", tmp_path / "kept.tsr", "-CAfile", authority.root],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0 and "Verification: OK" in told.stdout + told.stderr


def test_what_came_since_is_not_stamped_and_the_next_stamp_covers_the_one_before(
    store: Store, authority: Authority, tmp_path: Path
) -> None:
    first = stamped(store, authority)
    assert first is not None and stamped(store, authority) is None and len(authority.asked) == 1
    imported(store, tmp_path, "two.json", page("1003"))
    assert (looked(store).unstamped, looked(store).lines) == (4, first.line + 5)
    second = stamped(store, authority)
    assert second is not None and (second.line, second.new) == (first.line + 5, 5)
    found = looked(store)
    assert [(one.holds, one.until) for one in found.stamps] == [(True, first.line), (True, second.line)]
    assert found.unstamped == 0 and found.intact
    with store.writing():
        assert heal(store) == []
    assert len(store.pulls.all()) == 2


def test_a_store_without_stamps_says_nothing_of_them(store: Store) -> None:
    found = looked(store)
    assert found.intact and found.stamps == [] and found.notes == []
    assert found.unstamped == found.lines


@pytest.mark.parametrize(
    ("fault", "raised", "said"),
    [
        ("other_data", SourceChanged, "the time stamp is of something else"),
        ("old_answer", SourceChanged, "answers another question"),
        ("rejected", SourceRefused, "status 2.*Message digest algorithm is not supported"),
        ("waiting", SourceUnavailable, "answers later"),
        ("cut", SourceUnavailable, "expected the answer of a time stamping authority"),
        ("html", SourceUnavailable, "expected application/timestamp-reply; found text/html"),
        ("wrong_type", SourceUnavailable, "found application/octet-stream"),
        ("busy", SourceUnavailable, "HTTP 503"),
        ("refused", SourceRefused, "HTTP 401.*ADAUDIT_STAMP_AUTHORIZATION"),
    ],
)
def test_an_answer_that_is_no_stamp_of_the_head_is_told_and_never_kept(
    store: Store, authority: Authority, fault: str, raised: type[Exception], said: str
) -> None:
    before = (store.manifest.path.read_bytes(), store.vault.names())
    authority.fail(fault)
    with pytest.raises(raised, match=said):
        stamped(store, authority)
    assert (store.manifest.path.read_bytes(), store.vault.names()) == before
    assert not looked(store).stamps
    authority.fail(fault, times=0)
    assert stamped(store, authority) is not None, "the next stamp covers what this one would have"


def test_faults_that_pass_are_borne(store: Store, authority: Authority) -> None:
    authority.fail("busy", times=2)
    assert stamped(store, authority) is not None and len(authority.asked) == 3


def test_a_slow_authority_is_not_waited_for_longer_than_its_time(store: Store, authority: Authority) -> None:
    authority.fail("slow")
    began = time.monotonic()
    with pytest.raises(TimeUp):
        stamped(store, authority, seconds=0.5)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "made",
    [
        {"name": "Een ander"},
        {"root_days": ("2020", "2021")},
        {"days": ("2020", "2021")},
    ],
    ids=["unknown root", "expired root", "expired signer"],
)
def test_a_signature_that_leads_to_no_root_that_was_given_is_none(
    store: Store, authority: Authority, tmp_path: Path, made: dict[str, object]
) -> None:
    other = Certificates(tmp_path / "other", **made)  # type: ignore[arg-type]
    root = authority.root if made.get("name") else other.root
    with Authority(other) as wrong, store.writing(), pytest.raises(SourceChanged, match=r"signature .* does not hold"):
        stamp(store, Stamping(wrong.url, root, QUICK, 30.0))
    assert not looked(store).stamps


def test_a_secret_is_sent_and_neither_kept_nor_told(
    store: Store, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "Basic Zmljdm9sa2Vyczpn")
    authority.fail("refused")
    with pytest.raises(SourceRefused) as caught:
        stamped(store, authority)
    assert "Zmljdm9sa2Vyczpn" not in str(caught.value)
    authority.fail("refused", times=0)
    assert stamped(store, authority) is not None
    assert authority.asked[-1][1]["authorization"] == "Basic Zmljdm9sa2Vyczpn"
    kept = [store.vault.read(name) for name in store.vault.names()] + [store.manifest.path.read_bytes()]
    assert not [one for one in kept if b"Zmljdm9sa2Vyczpn" in one]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("http://tsa.example.org/tsr", "in the clear"),
        ("https://me:S3CRET@tsa.example.org/tsr", "without a name, password"),
        ("https://tsa.example.org/tsr?key=S3CRET", "parameters"),
        ("ftp://tsa.example.org", "https://tsa"),
        ("tsa.example.org", "https://tsa"),
        ("https://[bad/tsr", "it is none"),
    ],
)
def test_an_address_in_the_clear_or_with_a_secret_is_refused(given: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        address(given)
    assert "S3CRET" not in str(caught.value)
    assert address("https://tsa.example.org/tsr") and address("http://127.0.0.1:8/tsr")


def test_a_stamp_that_was_altered_names_its_file_and_what_rests_on_it(store: Store, authority: Authority) -> None:
    done = stamped(store, authority)
    assert done is not None
    path = store.vault.where(done.sha256)
    whole = path.read_bytes()
    for change in ("flip", "gone"):
        path.write_bytes(whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])
        if change == "gone":
            path.unlink()
        found = looked(store)
        [fault] = found.faults
        assert Path(fault.file).name.startswith(done.sha256) and f"the {done.line} lines before it" in fault.what
        assert [one.holds for one in found.stamps] == [False] and found.unstamped == found.lines
    path.write_bytes(whole)
    assert looked(store).intact


def test_kept_roots_that_were_altered_are_told_and_others_can_be_given(store: Store, authority: Authority) -> None:
    assert stamped(store, authority) is not None
    *_, entry = store.manifest.entries()
    store.vault.where(entry.roots).unlink()
    found = looked(store)
    assert [one.holds for one in found.stamps] == [None] and "stamp_not_looked_at" in keys(found)
    assert [name_of(Path(one.file)) for one in found.faults] == [entry.roots]
    assert [(one.holds, one.roots) for one in looked(store, authority.root).stamps] == [(True, "given")]


def test_roots_of_ones_own_unmask_a_stamp_of_somebody_else(store: Store, authority: Authority, tmp_path: Path) -> None:
    forged = Certificates(tmp_path / "forged")
    with Authority(forged) as other, store.writing():
        assert stamp(store, Stamping(other.url, other.root, QUICK, 30.0)) is not None
    assert looked(store).intact, "held to the roots that were kept with it"
    found = looked(store, authority.root)
    assert [one.holds for one in found.stamps] == [False] and "signature" in found.faults[0].what
    with pytest.raises(UsageError, match="expected certificates in PEM"):
        looked(store, store.folder / "store.json")
    with pytest.raises(UsageError, match="could not be read"):
        looked(store, tmp_path / "nowhere.pem")


def rechained(store: Store, old: bytes, new: bytes) -> None:
    """Alter a line and write the whole chain after it anew, as whoever has the store in hand could."""
    lines, before = [], "0" * 64
    for line in store.manifest.path.read_bytes().splitlines(keepends=True):
        told = json.loads(line.replace(old, new))
        told["before"] = before
        lines.append(json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n")
        before = hashlib.sha256(lines[-1]).hexdigest()
    store.manifest.path.write_bytes(b"".join(lines))
    store.manifest.note({"store.json": store.described()})


def test_a_chain_that_was_written_anew_does_not_fit_its_stamp(store: Store, authority: Authority) -> None:
    """What the chain by itself cannot show: it is whole again, and the stamp is of another."""
    unstamped = store.folder.with_name("unstamped")
    shutil.copytree(store.folder, unstamped)
    done = stamped(store, authority)
    assert done is not None
    for one in (Store(unstamped), store):
        rechained(one, b'"observed_at":"2026-03-01', b'"observed_at":"2025-03-01')
        with one.writing():
            heal(one)
    assert not [one for one in looked(Store(unstamped)).faults if "stamp" in one.what]
    faults = [one for one in looked(store).faults if "is of something else" in one.what]
    assert [name_of(Path(one.file)) for one in faults] == [done.sha256]


def test_a_stamp_after_a_broken_line_shows_nothing_of_the_lines_before_the_break(
    store: Store, authority: Authority
) -> None:
    done = stamped(store, authority)
    assert done is not None
    whole = store.manifest.path.read_bytes()
    store.manifest.path.write_bytes(whole.replace(b'"source":"meta"', b'"source":"mete"', 1))
    found = looked(store)
    [seen] = found.stamps
    assert not found.intact and (seen.holds, seen.first, seen.until) == (True, 2, done.line)
    with pytest.raises(EvidenceError, match="chain is broken"):
        stamped(store, authority)


def test_a_clock_that_differs_from_the_stamp_is_told(
    store: Store, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adaudit.collection.stamping.now", lambda: "2036-01-01T00:00:00+00:00")
    assert stamped(store, authority) is not None
    assert "stamp_clock_ahead" in keys(looked(store))


def test_without_the_extra_stamps_are_not_looked_at_and_that_is_said(
    store: Store, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert stamped(store, authority) is not None
    monkeypatch.setattr(timestamps, "installed", lambda: False)
    monkeypatch.setattr(stamps, "installed", lambda: False)
    found = looked(store)
    assert found.intact and [one.holds for one in found.stamps] == [None]
    assert any("adaudit[timestamp]" in note for note in found.notes)
    assert found.unstamped == found.lines
    for refused in (lambda: stamped(store, authority), lambda: looked(store, authority.root)):
        with pytest.raises(UsageError, match=r"pip install 'adaudit\[timestamp\]'"):
            refused()


def test_a_stamp_that_is_killed_while_it_waits_leaves_the_store_as_it_was(store: Store, authority: Authority) -> None:
    whole = store.manifest.path.read_bytes()
    authority.fail("slow", times=1)
    asked = ("stamp", "--store", str(store.folder), "--authority", authority.url, "--roots", str(authority.root))
    with subprocess.Popen([sys.executable, "-m", "adaudit", *asked]) as process:
        until = time.monotonic() + 30
        while not authority.asked and time.monotonic() < until:
            time.sleep(0.01)
        process.kill()
    assert authority.asked and store.manifest.path.read_bytes() == whole and looked(store).intact
    assert stamped(store, authority) is not None and looked(store).unstamped == 0


def test_an_empty_store_has_nothing_to_stamp(tmp_path: Path, authority: Authority) -> None:
    with pytest.raises(UsageError, match="nothing that could be stamped"):
        stamped(Store(tmp_path / "empty"), authority)
    assert authority.asked == []


def test_no_flipped_byte_of_an_answer_makes_a_stamp_of_something_else(certificates: Certificates) -> None:
    line = b"a line\n"
    head, ask = hashlib.sha256(line).hexdigest(), question(line)
    whole = certificates.answer(ask.data)
    roots = roots_in(certificates.root.read_bytes(), "root.pem")
    good = held(answer_in(whole), head, ask.nonce, roots)
    for at in range(0, len(whole), 3):
        for flip in (1, 0x80):
            try:
                found = held(
                    answer_in(whole[:at] + bytes([whole[at] ^ flip]) + whole[at + 1 :]), head, ask.nonce, roots
                )
            except BadStamp:
                continue
            assert found == good, f"byte {at}: what is not signed may differ, and says nothing else"
    for end in range(0, len(whole), 7):
        with pytest.raises(BadStamp):
            held(answer_in(whole[:end]), head, ask.nonce, roots)


@pytest.mark.parametrize("name", ["/etc/passwd", "../../../store.json", "abc"])
def test_a_line_that_names_no_kept_bytes_leads_to_no_file(store: Store, authority: Authority, name: str) -> None:
    done = stamped(store, authority)
    assert done is not None
    store.manifest.path.write_bytes(store.manifest.path.read_bytes().replace(done.sha256.encode(), name.encode()))
    found = looked(store)
    assert found.stamps == [] and "expected an entry" in found.faults[0].what
