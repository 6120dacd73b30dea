"""Opens the bytes of one file into pages: a document as it is, members of archives, sheets of workbooks."""

import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from adaudit.errors import UnreadableInput
from adaudit.evidence import archives
from adaudit.evidence.archives import Allowance, Member, gunzipped, members, opened, unpacked
from adaudit.evidence.names import inside, plain
from adaudit.evidence.redaction import redact
from adaudit.evidence.workbooks import WORKBOOK, sheets
from adaudit.language import Wording, texts_of

SAY: Final = texts_of("adaudit.evidence")
BOM: Final = b"\xef\xbb\xbf"
DOCUMENT: Final = b"{[<"
"""First characters of documents that are one value, or told apart as a whole."""
START: Final = 2**12
"""Bytes by which a text is told from other files."""
ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
GZIP: Final = b"\x1f\x8b"
DEEPEST: Final = 2
"""Archives around a document that are opened: one inside another, no more."""
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCKED_WORKBOOK: Final = "EncryptedPackage".encode("utf-16-le")
UNPACK: Final = "Unpack it and give the files themselves."
SAVE_AS: Final = "Save the table as .xlsx or as CSV UTF-8 and give that."
NOT_OPENED: Final[tuple[tuple[int, bytes, str, str], ...]] = (
    (257, b"ustar", "a tar archive", UNPACK),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", UNPACK),
    (0, b"Rar!\x1a\x07", "a RAR archive", UNPACK),
    (0, b"\xfd7zXZ\x00", "an xz file", UNPACK),
    (0, b"BZh", "a bzip2 file", UNPACK),
    (0, b"\x28\xb5\x2f\xfd", "a Zstandard file", UNPACK),
    (0, b"%PDF-", "a PDF document", "Give the data itself, not a print of it."),
    (0, b"SQLite format 3\x00", "an SQLite database", "Export its table as CSV and give that."),
    (0, b"PAR1", "a Parquet file", "Give the file that the source handed out."),
)
"""Containers that are known and not opened: offset and bytes that tell them, their name, what to do."""
NOT_OPENED_MEMBERS: Final = {
    "xl/workbook.bin": ("an Excel workbook in the binary form (.xlsb)", SAVE_AS),
    "word/document.xml": ("a Word document", "Give the data itself."),
    "content.xml": ("an OpenDocument file", SAVE_AS),
}
EXPECTED: Final = "a CSV, JSON, .xlsx, zip or gzip file"


@dataclass(frozen=True)
class Page:
    """Bytes of one document, tokens removed: a file, a member of an archive, or a sheet as CSV.

    `evidence_sha256` is of the bytes that a person can hash again: the document's own, or, of a sheet,
    the workbook's.
    """

    member: str
    beginning: bytes
    """Of a text that is too long for memory its first lines, of any other document all of it."""
    evidence_sha256: str
    tokens_removed: int
    notices: tuple[Wording, ...] = ()
    file: str = ""
    """The member of an archive that holds the document; empty where the file as given does."""
    more: Callable[[], Iterator[bytes]] | None = None
    """Of a text that is too long for memory, all of it piece by piece."""

    @property
    def data(self) -> bytes:
        """All bytes of the document, in memory."""
        return b"".join(self.pieces())

    def pieces(self) -> Iterator[bytes]:
        """All bytes of the document, in pieces of whole lines where it is too long for memory."""
        return iter((self.beginning,)) if self.more is None else self.more()

    def whole(self) -> "Page":
        """The document held in memory."""
        return replace(self, beginning=self.data, more=None)

    def locate(self, place: str) -> str:
        """Where a record stands: `member!place`, or `place` alone for a file that is no archive."""
        return f"{self.member}!{place}" if self.member else place


class UnreadableMembers(UnreadableInput):
    """Parts of an archive or workbook could not be read; `each` tells of every one, by its place."""

    def __init__(self, each: list[UnreadableInput]) -> None:
        first, more = each[0], len(each) - 1
        place = f"{first.place} and {more:,} more members" if more else first.place
        super().__init__(first.expected, first.found, place=place, advice=first.advice)
        self.each = tuple(each)


@dataclass
class _Opening:
    """One file being opened: what it may still unpack to, and what of it could not be read."""

    allowance: Allowance
    damaged: list[UnreadableInput] = field(default_factory=list)

    def read(self, data: bytes, member: str, depth: int, notices: tuple[Wording, ...] = ()) -> Iterator[Page]:
        """The pages in the bytes of one file or member; damage is kept with its place."""
        try:
            yield from self._open(data, member, depth, notices)
        except UnreadableInput as error:
            self._keep(error, member)

    def _keep(self, error: UnreadableInput, member: str) -> None:
        place = "!".join(part for part in (member, error.place) if part)
        self.damaged.append(UnreadableInput(error.expected, error.found, place=place, advice=error.advice))

    def _open(self, data: bytes, member: str, depth: int, notices: tuple[Wording, ...]) -> Iterator[Page]:
        if not data:
            raise UnreadableInput("a file with content", "an empty file (0 bytes)", advice="Download it again.")
        if data.startswith(ZIP):
            yield from self._zip(data, member, depth, notices)
        elif data.startswith(GZIP):
            _no_deeper(depth)
            yield from self._open(gunzipped(data, self.allowance), member, depth + 1, notices)
        else:
            _refuse_unopened(data)
            clean, removed = redact(data)
            yield Page(member, clean, hashlib.sha256(clean).hexdigest(), removed, notices, member.rpartition("!")[2])

    def _zip(self, data: bytes, member: str, depth: int, notices: tuple[Wording, ...]) -> Iterator[Page]:
        with opened(data) as archive:
            names = frozenset(archive.namelist())
            if names >= WORKBOOK:
                yield from self._workbook(data, member, notices)
                return
            for name, (kind, advice) in NOT_OPENED_MEMBERS.items():
                if name in names and names & {"[Content_Types].xml", "mimetype"}:
                    raise UnreadableInput(EXPECTED, kind, advice=advice)
            _no_deeper(depth)
            if not any(members(archive)):
                raise UnreadableInput(
                    "an archive with files", "an archive that holds none", advice="Download it again."
                )
            taken: set[str] = set()
            for info in members(archive):
                name, said = _named(info.filename, taken)
                inner = "!".join(part for part in (member, name) if part)
                packed, found = Member(data, info), None
                try:
                    if packed.is_long and _is_text(packed.begins(START)):
                        found = self._long(packed, inner, notices + said)
                    else:
                        unpacked_bytes = unpacked(archive, info, self.allowance)
                except UnreadableInput as error:
                    self._keep(error, inner)
                    continue
                yield from (found,) if found else self.read(unpacked_bytes, inner, depth + 1, notices + said)
                notices = ()

    def _long(self, member: Member, name: str, notices: tuple[Wording, ...]) -> Page:
        """A text of lines that is too long for memory, having been read once to its end."""
        digest, removed, beginning = hashlib.sha256(), 0, io.BytesIO()
        for piece in member.pieces(self.allowance):
            clean, found = redact(piece)
            beginning.write(clean if beginning.tell() <= archives.LONG else b"")
            digest.update(clean)
            removed += found

        def pieces() -> Iterator[bytes]:
            return (redact(piece)[0] if removed else piece for piece in member.pieces())

        first, sha256 = beginning.getvalue(), digest.hexdigest()
        return Page(name, first, sha256, removed, notices, name.rpartition("!")[2], pieces)

    def _workbook(self, data: bytes, member: str, notices: tuple[Wording, ...]) -> Iterator[Page]:
        digest = hashlib.sha256(data).hexdigest()
        for sheet in sheets(data, self.allowance):
            if sheet.problem is not None:
                self._keep(sheet.problem, member)
                continue
            clean, removed = redact(sheet.data)
            name = "!".join(part for part in (member, plain(sheet.name)) if part)
            yield Page(name, clean, digest, removed, notices + sheet.notices, member.rpartition("!")[2])
            notices = ()


def _named(name: str, taken: set[str]) -> tuple[str, tuple[Wording, ...]]:
    """The name under which a member is shown, unlike all before it, and what is to be said of it."""
    shown = clean = inside(name)
    number = 1
    while shown in taken:
        number += 1
        shown = f"{clean} ({number})"
    taken.add(shown)
    said: list[Wording] = []
    if clean != name:
        said.append(SAY.both("shown_as", shown=shown))
    if shown != clean:
        said.append(SAY.both("same_name", name=clean, shown=shown))
    return shown, tuple(said)


def _is_text(start: bytes) -> bool:
    """Whether bytes begin a text that can be read line by line: no archive, and no document of JSON or XML."""
    if start.startswith((*ZIP, GZIP)) or start.removeprefix(BOM).lstrip()[:1] in DOCUMENT:
        return False
    try:
        _refuse_unopened(start)
    except UnreadableInput:
        return False
    return True


def _no_deeper(depth: int) -> None:
    if depth >= DEEPEST:
        raise UnreadableInput("at most one archive inside another", "archives nested deeper", advice=UNPACK)


def _refuse_unopened(data: bytes) -> None:
    """Raises UnreadableInput for a container that is known by its first bytes and not opened."""
    if data.startswith(OLE):
        locked = LOCKED_WORKBOOK in data
        raise UnreadableInput(
            EXPECTED,
            "an Office file locked with a password" if locked else "an old Office file (.xls, .doc or the like)",
            advice="Save it without a password." if locked else SAVE_AS,
        )
    for offset, mark, kind, advice in NOT_OPENED:
        if data.startswith(mark, offset):
            raise UnreadableInput(EXPECTED, kind, advice=advice)


def pages(data: bytes) -> Iterator[Page]:
    """The documents in the bytes of one file: its own, every member of an archive by name, every sheet.

    Raises UnreadableMembers, which tells of the file or of each of its parts that could not be read;
    everything that can be read has been given by then.
    """
    opening = _Opening(Allowance(len(data)))
    yield from opening.read(data, "", 0)
    if opening.damaged:
        raise UnreadableMembers(opening.damaged)
