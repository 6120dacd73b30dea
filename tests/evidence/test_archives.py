"""Archives are unpacked in memory and within bounds; what of them is not read is named, the rest is given."""

import gzip
import io
import tarfile
import zipfile
import zlib
from hashlib import sha256

import pytest

from adaudit.errors import InputError, UnreadableInput
from adaudit.evidence import Page, UnreadableMembers, archives, pages

from .books import workbook

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 504
LOCKED = OLE + "EncryptedPackage".encode("utf-16-le")


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def tarred(mode: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        info = tarfile.TarInfo("a.csv")
        info.size = 4
        archive.addfile(info, io.BytesIO(b"a,b\n"))
    return out.getvalue()


def opened(data: bytes) -> tuple[list[Page], tuple[UnreadableInput, ...]]:
    found: list[Page] = []
    try:
        for page in pages(data):
            found.append(page)
    except UnreadableMembers as error:
        return found, error.each
    return found, ()


def locked(data: bytes, name: bytes) -> bytes:
    """The archive with the member's flag of encryption set in its directory."""
    changed = bytearray(data)
    start = data.index(b"PK\x01\x02")
    while data[start + 46 : start + 46 + len(name)] != name:
        start = data.index(b"PK\x01\x02", start + 1)
    changed[start + 8] |= 1
    return bytes(changed)


def test_locked_member_is_named_and_the_others_are_given() -> None:
    found, (problem,) = opened(locked(zipped(("a.csv", b"1"), ("b.csv", b"2")), b"a.csv"))
    assert [page.member for page in found] == ["b.csv"]
    assert problem.place == "a.csv"
    assert "password" in problem.found
    assert "Unpack it with the password" in problem.advice


def test_every_damaged_member_is_named() -> None:
    data = zipped(("a.csv", b"first,one"), ("b.csv", b"fine"), ("c.csv", b"third,one"), method=zipfile.ZIP_STORED)
    found, problems = opened(data.replace(b",one", b",two"))
    assert [page.data for page in found] == [b"fine"]
    assert [one.place for one in problems] == ["a.csv", "c.csv"]


BOMB = 70 * 2**20


def test_a_bomb_is_named_before_it_is_unpacked_whole() -> None:
    found, problems = opened(zipped(("a.csv", b"a,b\n"), ("bomb.csv", bytes(BOMB)), ("z.csv", b"a,b\n")))
    assert [page.member for page in found] == ["a.csv"]
    assert {one.place for one in problems} == {"bomb.csv", "z.csv"}
    assert all("zip bomb" in one.found for one in problems)


def test_a_bomb_of_many_members_is_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "ALWAYS_ALLOWED", 10_000)
    found, problems = opened(zipped(*((f"{n:03}.csv", bytes(50_000)) for n in range(40))))
    size = sum(len(page.data) for page in found)
    assert size <= max(10_000, 200 * len(zipped(*((f"{n:03}.csv", bytes(50_000)) for n in range(40)))))
    assert len(found) + len(problems) == 40
    assert problems


def test_a_bomb_in_gzip_or_in_an_inner_archive_is_one_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "ALWAYS_ALLOWED", 100_000)
    inner = zipped(("bomb.csv", bytes(10**6)))
    for data in (
        gzip.compress(bytes(10**6)),
        zipped(("inner.zip", inner)),
        zipped(("a.gz", gzip.compress(bytes(10**6)))),
    ):
        found, (problem,) = opened(data)
        assert found == []
        assert "zip bomb" in problem.found


def test_a_size_that_the_archive_only_claims_is_not_trusted() -> None:
    data = bytearray(zipped(("a.csv", b"a,b\n" * 1000)))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = data.index(mark) + offset
        data[place : place + 4] = (10).to_bytes(4, "little")
    found, (problem,) = opened(bytes(data))
    assert found == []
    assert problem.place == "a.csv"


def test_a_large_table_of_equal_rows_is_no_bomb() -> None:
    rows = b"1,2,3\n" * 2_000_000
    (page,), problems = opened(zipped(("a.csv", rows)))
    assert problems == ()
    assert page.data == rows


def test_an_archive_inside_another_is_read_and_no_deeper() -> None:
    inner = zipped(("in.csv", b"1"), ("deep.zip", zipped(("deepest.csv", b"2"))))
    found, (problem,) = opened(zipped(("inner.zip", inner), ("out.csv", b"3")))
    assert [(page.member, page.data) for page in found] == [("inner.zip!in.csv", b"1"), ("out.csv", b"3")]
    assert problem.place == "inner.zip!deep.zip"
    assert "nested deeper" in problem.found
    assert found[0].locate("record 1") == "inner.zip!in.csv!record 1"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\ads\\a.csv", "ads/a.csv"),
        ("a\x1b[31m\n.csv", "a\ufffd[31m\ufffd.csv"),
        ("\u202evsc.a", "\ufffdvsc.a"),
        ("..", "\ufffd"),
        ("", "\ufffd"),
    ],
)
def test_a_name_that_leads_astray_is_shown_without_its_teeth(name: str, shown: str) -> None:
    (page,), problems = opened(zipped((name, b"x")))
    assert problems == ()
    assert page.member == shown
    assert shown in page.notices[0]


def test_members_of_one_name_are_told_apart_and_said() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        data = zipped(("a.csv", b"1"), ("a.csv", b"2"), ("/a.csv", b"3"))
    found, problems = opened(data)
    assert problems == ()
    assert sorted((page.member, page.data) for page in found) == [
        ("a.csv", b"3"),
        ("a.csv (2)", b"1"),
        ("a.csv (3)", b"2"),
    ]
    assert "several members of this name" in found[1].notices[0]
    assert "meer onderdelen met deze naam" in found[1].notices[0].nl


def test_gzip_is_read_under_the_hash_of_its_content() -> None:
    (page,), problems = opened(gzip.compress(b"a,b\n1,2\n") + gzip.compress(b"3,4\n"))
    assert problems == ()
    assert (page.member, page.data) == ("", b"a,b\n1,2\n3,4\n")
    assert page.evidence_sha256 == sha256(page.data).hexdigest()


@pytest.mark.parametrize("kept", [5, 15, -1, -9])
def test_gzip_that_was_cut_off_is_named(kept: int) -> None:
    found, (problem,) = opened(gzip.compress(bytes(range(256)) * 9)[:kept])
    assert found == []
    assert problem.expected == "a complete gzip file"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (tarred("w"), "a tar archive"),
        (tarred("w:gz"), "a tar archive"),
        (tarred("w:xz"), "an xz file"),
        (tarred("w:bz2"), "a bzip2 file"),
        (b"7z\xbc\xaf\x27\x1c\x00", "a 7-Zip archive"),
        (b"Rar!\x1a\x07\x01\x00", "a RAR archive"),
        (b"%PDF-1.7\n", "a PDF document"),
        (OLE, "an old Office file (.xls, .doc or the like)"),
        (LOCKED, "an Office file locked with a password"),
        (
            zipped(("[Content_Types].xml", b""), ("xl/workbook.bin", b"")),
            "an Excel workbook in the binary form (.xlsb)",
        ),
        (zipped(("mimetype", b""), ("content.xml", b"")), "an OpenDocument file"),
        (zipped(("[Content_Types].xml", b""), ("word/document.xml", b"")), "a Word document"),
    ],
    ids=lambda value: value if isinstance(value, str) else "bytes",
)
def test_what_is_not_opened_is_named_with_what_to_do(data: bytes, kind: str) -> None:
    found, (problem,) = opened(data)
    assert found == []
    assert problem.found == kind
    assert problem.advice


def test_no_damage_to_any_container_raises_anything_else() -> None:
    wholes = [
        gzip.compress(b"a,b\n" * 40),
        workbook(A=[["a", "b"], ["1", "2"]]),
        zipped(("i.zip", zipped(("a.csv", b"x" * 50)))),
    ]
    seed = 7
    for whole in wholes:
        for _ in range(150):
            data = bytearray(whole)
            for _ in range(3):
                seed = zlib.crc32(seed.to_bytes(4, "little"))
                data[seed % len(data)] = seed >> 24
            try:
                list(pages(bytes(data)))
            except InputError as error:
                assert error.expected


def long_ones(data: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Page], tuple[UnreadableInput, ...]]:
    """What is opened where every member of more than 64 bytes is too long for memory."""
    monkeypatch.setattr(archives, "LONG", 64)
    monkeypatch.setattr(archives, "PIECE", 100)
    return opened(data)


TABLE = b"".join(b"CR%d,https://example.org/?access_token=secret%d,NL\n" % (n, n) for n in range(50)) + b"last,,"


def test_a_long_text_is_given_piece_by_piece_and_as_often_as_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    data = zipped(("a.csv", TABLE), ("b.json", b'{"a": "' + TABLE[:90] + b'"}'), ("c.csv", b"short"))
    whole, _ = opened(data)
    (long, document, short), problems = long_ones(data, monkeypatch)
    assert not problems and document.more is None and short.more is None
    assert [b"".join(long.pieces()) for _ in range(2)] == [whole[0].data] * 2 == [long.data, long.whole().beginning]
    pieces = list(long.pieces())
    assert len(pieces) > 10 and all(piece.endswith(b"\n") for piece in pieces[:-1])
    assert (long.evidence_sha256, long.tokens_removed) == (whole[0].evidence_sha256, 50)
    assert long.beginning == whole[0].data[: len(long.beginning)] and 64 < len(long.beginning) < len(TABLE)


def test_a_long_member_that_is_damaged_is_named_and_nothing_of_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytearray(zipped(("a.csv", TABLE), ("b.csv", b"1"), method=zipfile.ZIP_STORED))
    data[data.index(b"CR33")] ^= 1
    found, (problem,) = long_ones(bytes(data), monkeypatch)
    assert [page.member for page in found] == ["b.csv"]
    assert problem.place == "a.csv" and "CRC" in problem.found


@pytest.mark.parametrize("line", [b"0" * 50 + b"\n", b"0" * 51])
def test_a_long_bomb_is_named_before_it_is_unpacked_whole(monkeypatch: pytest.MonkeyPatch, line: bytes) -> None:
    monkeypatch.setattr(archives, "ALWAYS_ALLOWED", 1_000)
    monkeypatch.setattr(archives, "HIGHEST_RATIO", 2)
    found, (problem, _) = long_ones(zipped(("a.csv", line * 10_000), ("b.csv", b"1")), monkeypatch)
    assert "zip bomb" in problem.found and problem.place == "a.csv"
    assert not found
