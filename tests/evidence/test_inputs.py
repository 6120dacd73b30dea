"""Files are found, hashed and opened; what is damaged is named, and the rest is still given."""

import hashlib
import io
import os
import random
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

from adaudit.errors import InputError, UnreadableInput, UsageError
from adaudit.evidence import Input, Page, expand, pages, read_input

ROOT = Path(__file__).resolve().parents[2]


def archive(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as out:
        for name, data in members.items():
            out.writestr(name, data)
    return buffer.getvalue()


def opened(data: bytes) -> tuple[list[Page], InputError | None]:
    """The pages up to the error, if there is one."""
    found: list[Page] = []
    try:
        for page in pages(data):
            found.append(page)
    except InputError as error:
        return found, error
    return found, None


def test_folders_are_read_in_depth_by_name_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b/2.csv", "b/1.json", "a.csv", ".hidden", "b/.git/x", "__MACOSX/a.csv"):
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    (tmp_path / "one.csv").write_text("x")
    found, passed_over = expand([tmp_path / "one.csv", tmp_path / "data"])
    assert [one.shown for one in found] == ["one.csv", "data/a.csv", "data/b/1.json", "data/b/2.csv"]
    assert len(passed_over) == 3
    assert all("hidden" in words for words in passed_over)


def test_the_results_of_an_audit_are_no_input_and_that_is_said(tmp_path: Path) -> None:
    for name, text in {"a.csv": "x", "out/summary.json": '{"adaudit": "1"}', "out/tables/source.csv": "x"}.items():
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    found, passed_over = expand([tmp_path / "data"])
    assert [one.shown for one in found] == ["data/a.csv"]
    assert passed_over == [f"{tmp_path / 'data' / 'out'}: the results of an audit, no input"]


def test_an_archive_without_files_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "empty.zip"
    with zipfile.ZipFile(path, "w"):
        pass
    with pytest.raises(UnreadableInput, match="holds none"):
        list(pages(path.read_bytes()))


def test_a_path_that_does_not_exist_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="absent"):
        expand([tmp_path / "absent"])


def test_bytes_are_hashed_as_given(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"access_token=secret")
    data, digest = read_input(Input("a", path))
    assert (data, digest) == (b"access_token=secret", hashlib.sha256(data).hexdigest())


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="readable"):
        read_input(Input("gone", tmp_path / "gone"))


def test_evidence_is_hashed_without_its_tokens() -> None:
    (page,) = pages(b"access_token=secret")
    assert page.data == b"access_token=REDACTED"
    assert page.tokens_removed == 1
    assert page.evidence_sha256 == hashlib.sha256(page.data).hexdigest()
    assert page.locate("record 1") == "record 1"


def test_members_of_an_archive_come_by_name() -> None:
    found, error = opened(archive({"b.csv": b"2", "a/c.csv": b"3", "__MACOSX/a.csv": b"x", "a/": b""}))
    assert error is None
    assert [(page.member, page.data) for page in found] == [("a/c.csv", b"3"), ("b.csv", b"2")]
    assert found[0].locate("record 1") == "a/c.csv!record 1"


def test_empty_file_is_named() -> None:
    assert "0 bytes" in str(opened(b"")[1])


@pytest.mark.parametrize("kept", [40, 200, -1])
def test_archive_that_was_cut_off_is_named(kept: int) -> None:
    found, error = opened(archive({"a.csv": bytes(range(256)) * 4})[:kept])
    assert found == []
    assert isinstance(error, UnreadableInput)
    assert "zip" in error.expected


def test_other_members_are_given_where_one_is_damaged() -> None:
    data = bytearray(
        archive({"a.csv": b"first,one", "b.csv": b"second,one", "c.csv": b"third,one"}, zipfile.ZIP_STORED)
    )
    place = data.index(b"second,one")
    data[place : place + 6] = b"SECOND"
    found, error = opened(bytes(data))
    assert [page.member for page in found] == ["a.csv", "c.csv"]
    assert isinstance(error, UnreadableInput)
    assert error.place == "b.csv"
    assert "CRC" in error.found


def test_several_damaged_members_are_counted() -> None:
    data = archive({"a.csv": b"first,one", "b.csv": b"second,one"}, zipfile.ZIP_STORED).replace(b",one", b",two")
    found, error = opened(data)
    assert found == []
    assert error is not None
    assert error.place == "a.csv and 1 more members"


def test_no_damage_to_an_archive_raises_anything_else() -> None:
    whole = archive({"a.csv": b"a,b\n" * 40, "b.json": b"[1,2]" * 40})
    random_ = random.Random(2024)
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(random_.choice([1, 1, 3])):
            index = random_.randrange(len(data))
            if random_.random() < 0.5:
                data[index] = random_.randrange(256)
            else:
                del data[index : index + random_.choice([1, 4, 40])]
        _, error = opened(bytes(data))
        assert error is None or error.expected


def test_member_that_ends_in_the_middle_is_named_in_words() -> None:
    data = archive({"a.csv": b"a,b\n"}, zipfile.ZIP_STORED)
    longer = data.replace((4).to_bytes(4, "little") * 2, (4000).to_bytes(4, "little") * 2)
    _, error = opened(longer)
    assert isinstance(error, UnreadableInput)
    assert error.place == "a.csv"
    assert error.found


def folder_of(path: Path, *names: str) -> Path:
    for name in names:
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(name)
    return path


def test_links_to_folders_are_followed_unless_they_lead_back(tmp_path: Path) -> None:
    data = folder_of(tmp_path / "data", "a/1.csv", "z.csv")
    folder_of(tmp_path / "elsewhere", "2.csv")
    (data / "b").symlink_to(tmp_path / "elsewhere")
    (data / "a" / "back").symlink_to(data)
    (data / "broken").symlink_to(tmp_path / "absent")
    found, passed_over = expand([data])
    assert [one.shown for one in found] == ["data/a/1.csv", "data/b/2.csv", "data/z.csv"]
    assert passed_over == [
        f"{data}/a/back: a link back to a folder above it",
        f"{data}/broken: no regular file",
    ]


def test_a_pipe_is_never_opened(tmp_path: Path) -> None:
    data = folder_of(tmp_path / "data", "a.csv")
    os.mkfifo(data / "pipe")
    found, passed_over = expand([data])
    assert [one.shown for one in found] == ["data/a.csv"]
    assert passed_over == [f"{data}/pipe: no regular file"]
    assert [one.nl for one in passed_over] == [f"{data}/pipe: geen gewoon bestand"]
    with pytest.raises(UsageError, match="neither a file nor a folder"):
        expand([data / "pipe"])


def test_a_file_that_vanishes_is_named(tmp_path: Path) -> None:
    data = folder_of(tmp_path / "data", "a.csv")
    (found,), _ = expand([data])
    (data / "a.csv").unlink()
    with pytest.raises(UnreadableInput, match="a moment ago"):
        read_input(found)


def test_a_file_that_the_disk_does_not_give_is_named() -> None:
    memory = Path("/proc/self/mem")
    if not memory.exists():
        pytest.skip("no file here that refuses to be read")
    with pytest.raises(UnreadableInput, match="readable file"):
        read_input(Input("mem", memory))


def test_names_are_shown_without_what_cannot_be_printed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "a\x1b[31m\n.csv").write_text("x")
    (data / os.fsdecode(b"\xff.csv")).write_text("x")
    found, _ = expand([data])
    assert [one.shown for one in found] == ["data/a\ufffd[31m\ufffd.csv", "data/\ufffd.csv"]
    assert [read_input(one)[0] for one in found] == [b"x", b"x"]


AS_NOBODY = """
import os, sys
from pathlib import Path
from adaudit.evidence import expand, read_input
from adaudit.errors import UnreadableInput
if os.geteuid() == 0:
    os.setgid(65534); os.setuid(65534)
found, _ = expand([Path(sys.argv[1])])
for one in found:
    try:
        print(one.shown, read_input(one)[0].decode())
    except UnreadableInput as error:
        print(one.shown, error)
"""


def test_what_may_not_be_read_is_named_and_the_rest_is_read() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = folder_of(Path(folder) / "data", "a.csv", "b.csv", "shut/c.csv")
        for path, mode in ((Path(folder), 0o755), (data, 0o755), (data / "a.csv", 0), (data / "b.csv", 0o644)):
            path.chmod(mode)
        (data / "shut").chmod(0)
        done = subprocess.run(
            [sys.executable, "-c", AS_NOBODY, str(data)], capture_output=True, text=True, check=True, cwd=ROOT
        )
        (data / "shut").chmod(0o755)
    first, second, third = done.stdout.splitlines()
    assert first.startswith("data/a.csv expected a readable file; found Permission denied.")
    assert second == "data/b.csv b.csv"
    assert third.startswith("data/shut expected a readable folder; found a folder that does not open")
