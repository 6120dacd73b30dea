"""`adaudit stamp` as a user sees it, in both languages."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adaudit.cli import cli
from adaudit.store import Store
from tests.collection.authority import Authority, Certificates
from tests.collection.stores import two_imports


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Authority]:
    """An authority that answers."""
    with Authority(Certificates(tmp_path / "authority")) as running:
        yield running


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store of two imports, which the commands use."""
    monkeypatch.setenv("ADAUDIT_STORE", str(two_imports(tmp_path)))
    monkeypatch.chdir(tmp_path)
    return Store(tmp_path / "store")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(one) for one in arguments], catch_exceptions=False)


def said(done: Result) -> str:
    return " ".join(done.stdout.split())


def test_a_stamp_is_got_told_and_looked_at_by_verify(store: Store, authority: Authority) -> None:
    head = store.manifest.head()
    asked = ("stamp", "--authority", authority.url, "--roots", authority.root)
    done = run(*asked)
    assert done.exit_code == 0 and "lines 1 to 8 of the manifest, 8 of them for the first time" in said(done)
    assert head in done.stdout.replace("\n", "") and "CN=Tijdstempel Signer" in said(done)
    again = run(*asked, "--json")
    assert again.exit_code == 0 and json.loads(again.stdout) == {"stamped": None} and len(authority.asked) == 1
    assert "niemand is gevraagd" in said(run(*asked, "--lang", "nl"))
    verified = said(run("verify"))
    assert "lines 1 to 8 of the manifest existed by then (held to the root certificates in the store)." in verified
    assert "who can rewrite all of it can put others there" in verified
    dutch = said(run("verify", "--lang", "nl", "--roots", authority.root))
    assert "regel 1 tot en met 8 van het manifest bestonden toen al (getoetst aan de opgegeven" in dutch
    assert "Sinds de laatste tijdstempel is alleen zijn eigen regel geschreven." in dutch
    told = json.loads(run("verify", "--json").stdout)
    [one] = told["stamps"]
    assert (one["holds"], one["head"], one["until"], told["unstamped"]) == (True, head, 8, 0)
    assert one["at"].endswith("+00:00") and one["authority"] == authority.url and one["why"] is None
    assert run("doctor", "--json").exit_code == 0


def test_what_is_asked_again_prints_nothing_among_the_json(store: Store, authority: Authority) -> None:
    authority.fail("busy", times=1)
    done = run("stamp", "--authority", authority.url, "--roots", authority.root, "--json")
    told = json.loads(done.stdout)["stamped"]
    assert (told["line"], told["new"], told["authority"]) == (8, 8, "CN=Tijdstempel Signer")
    assert store.manifest.head() != told["head"] and len(authority.asked) == 2


def test_a_stamp_that_does_not_hold_ends_verify_with_4(store: Store, authority: Authority, tmp_path: Path) -> None:
    run("stamp", "--authority", authority.url, "--roots", authority.root)
    other = Certificates(tmp_path / "other", "Een ander")
    done = run("verify", "--roots", other.root)
    assert done.exit_code == 4 and "does not hold with the roots CN=Een ander Root" in said(done)
    *_, entry = store.manifest.entries()
    assert entry.sha256 in done.stdout.replace("\n", "") and "the 8 lines before it existed at its time" in said(done)
    assert "9 lines are not stamped: from line 1 on." in said(done)
    assert run("verify", "--roots", store.folder / "store.json").exit_code == 2
    path = store.vault.where(entry.sha256)
    path.write_bytes(path.read_bytes()[:-1])
    assert run("verify").exit_code == 4


def test_an_authority_that_fails_ends_with_3_and_wrong_use_with_2(
    store: Store, authority: Authority, tmp_path: Path
) -> None:
    asked = ("stamp", "--authority", authority.url, "--roots", authority.root)
    authority.fail("rejected")
    done = run(*asked)
    assert done.exit_code == 3 and "127.0.0.1: the authority gave no time stamp (status 2)" in done.stderr
    assert "S3CRET" not in run("stamp", "--authority", "https://a:S3CRET@tsa.example.org", *asked[3:]).output
    (tmp_path / "none.pem").write_text("no certificate", "utf-8")
    for wrong in (
        ("stamp", "--authority", "http://tsa.example.org", *asked[3:]),
        (*asked[:3],),
        (*asked[:4], tmp_path / "none.pem"),
        (*asked, "--store", tmp_path / "nowhere"),
    ):
        assert run(*wrong).exit_code == 2, wrong
    manifest = store.manifest.path
    manifest.write_bytes(manifest.read_bytes().replace(b'"source":"meta"', b'"source":"mete"', 1))
    assert run(*asked).exit_code == 4
