"""A run that has its evidence stamped: after what came, before the audit; an authority that fails stops nothing."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adaudit.batch.configuration import read
from adaudit.batch.extras import check_extras
from adaudit.batch.template import template
from adaudit.collection.verifying import Asked, verify
from adaudit.errors import UsageError
from adaudit.evidence import timestamps
from tests.batch.conftest import FILE, META, WATCH, Bench, ads, step
from tests.batch.test_commands import adaudit
from tests.collection.authority import Authority


def stamped_by(authority: Authority) -> str:
    return f'[stamp]\nauthority = "{authority.url}"\nroots = "{authority.root}"\n'


def test_what_a_run_brought_is_stamped_before_the_audit(bench: Bench, authority: Authority) -> None:
    bench.configure(META, WATCH, stamped_by(authority))
    bench.lay("page.json", ads(("1", "Lijst Duin")))
    done = bench.done()
    assert [one.what for one in done.steps][:4] == ["pull", "import", "stamp", "audit"]
    one = step(done, "stamp")
    assert (one.standing, one.name) == ("done", "127.0.0.1") and one.stamped is not None
    assert abs(one.stamped - datetime.now(UTC)) < timedelta(minutes=5)
    found = verify(bench.store, Asked(), lambda *_: None)
    assert [seen.holds for seen in found.stamps] == [True] and found.unstamped == 0 and found.intact
    again = step(bench.done(), "stamp")
    assert again.standing == "nothing" and "since the last time stamp" in again.why and len(authority.asked) == 1


def test_an_authority_that_fails_stops_nothing_and_the_next_run_stamps_all_of_it(
    bench: Bench, authority: Authority
) -> None:
    bench.configure(WATCH, stamped_by(authority), FILE)
    bench.lay("page.json", ads(("1", "Lijst Duin")))
    authority.fail("html")
    done = bench.done()
    assert (done.standing, done.exit_code) == ("failed", 3)
    assert step(done, "stamp").standing == "failed" and "text/html" in step(done, "stamp").why
    assert step(done, "audit").records == 1 and done.fired == ["failing/stamp 127.0.0.1"]
    authority.fail("html", times=0)
    bench.lay("another.json", ads(("2", "Lijst Duin")))
    healed = bench.done()
    assert healed.standing == "done" and healed.cleared == ["failing/stamp 127.0.0.1"]
    [seen] = verify(bench.store, Asked(), lambda *_: None).stamps
    assert (seen.first, seen.until) == (1, 8), "both imports"
    bench.configure(WATCH, FILE)
    assert not [one for one in bench.done().steps if one.what == "stamp"]


def test_nothing_kept_is_nothing_to_stamp(bench: Bench, authority: Authority) -> None:
    bench.configure(WATCH, stamped_by(authority))
    done = bench.done()
    assert done.standing == "done" and step(done, "stamp").standing == "nothing" and authority.asked == []


def test_a_run_shows_the_time_of_its_stamp(bench: Bench, authority: Authority) -> None:
    bench.configure('metrics = "adaudit.prom"', WATCH, stamped_by(authority), "[audit]\ncharts = []\nreport = false\n")
    bench.lay("page.json", ads(("1", "Lijst Duin")))
    assert "time stamp by 127.0.0.1" in adaudit("run", "--dry-run").stdout and authority.asked == []
    assert json.loads(adaudit("run", "--dry-run", "--json").stdout)["stamp"] == "127.0.0.1"
    done = adaudit("run", "--lang", "nl")
    assert done.exit_code == 0 and "tijdstempel 127.0.0.1: gedaan" in done.stdout and "gestempeld op 20" in done.stdout
    assert "adaudit_stamp_timestamp_seconds 1" in (bench.folder / "adaudit.prom").read_text("utf-8")
    assert "stamped at 20" in adaudit("runs", "show", "1").stdout
    verified = adaudit("verify", "--store", "store", "--roots", str(authority.root))
    assert verified.exit_code == 0 and "existed by then (held to the root certificates that were given)." in " ".join(
        verified.stdout.split()
    )


@pytest.mark.parametrize(
    ("authority_", "roots", "line", "said"),
    [
        ("http://tsa.example.org/tsr", "root.pem", 2, "stamp.authority: expected https"),
        ("https://me:S3CRET@tsa.example.org/", "root.pem", 2, "stamp.authority: expected an address without"),
        ("https://tsa.example.org/?key=S3CRET", "root.pem", 2, "ADAUDIT_STAMP_AUTHORIZATION"),
        ("https://tsa.example.org/tsr", "gone.pem", 3, "stamp.roots: there is no file"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_no_secret(
    tmp_path: Path, authority_: str, roots: str, line: int, said: str
) -> None:
    (tmp_path / "root.pem").write_text("", "utf-8")
    text = f'[stamp]\nauthority = "{authority_}"\nroots = "{roots}"\n'
    (tmp_path / "adaudit.toml").write_text(text, "utf-8")
    with pytest.raises(UsageError, match=said) as caught:
        read(tmp_path / "adaudit.toml")
    assert f"line {line}:" in str(caught.value) and "S3CRET" not in str(caught.value)


def test_the_template_comments_a_stamp_that_can_be_read(tmp_path: Path) -> None:
    text = template("NL", None, "adaudit.toml", "en")
    begins = text.index("# [stamp]\n")
    lines = [line.removeprefix("# ") for line in text[begins:].splitlines()[:3]]
    (tmp_path / "tsa-root.pem").write_text("", "utf-8")
    (tmp_path / "adaudit.toml").write_text("\n".join(lines), "utf-8")
    found = read(tmp_path / "adaudit.toml").stamp
    assert found is not None and found.roots == tmp_path / "tsa-root.pem"


def test_the_extra_that_is_missing_is_named_before_a_run_and_by_the_doctor(
    bench: Bench, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    configuration = bench.configure(WATCH, stamped_by(authority))
    check_extras(configuration)
    well = json.loads(adaudit("doctor", "--json").stdout)["configuration"]
    assert (well["there"], well["problem"]) == (True, "")
    monkeypatch.setattr(timestamps, "installed", lambda: False)
    done = adaudit("run")
    assert done.exit_code == 2 and "pip install 'adaudit[timestamp]'" in done.stderr and not bench.store.pulls.all()
    told = adaudit("doctor")
    assert told.exit_code == 3 and "pip install 'adaudit[timestamp]'" in " ".join(told.stdout.split())
    (bench.folder / "adaudit.toml").write_text("stroe = 1\n", "utf-8")
    wrong = adaudit("doctor")
    assert wrong.exit_code == 3 and "line 1: stroe is not known" in " ".join(wrong.stdout.split())
