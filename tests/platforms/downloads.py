"""Files to download: whole, in ranges, or not at all because the client has them."""

import hashlib
import re
from dataclasses import dataclass

from .exchange import Answer, Asked

NOT_FOUND = b"<?xml version='1.0' encoding='UTF-8'?><Error><Code>NoSuchKey</Code></Error>"
LAST_MODIFIED = "Mon, 14 Jul 2025 08:30:00 GMT"
ONE_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@dataclass(frozen=True)
class Download:
    """One file with the tag that changes when its bytes do."""

    content: bytes
    kind: str = "application/zip"

    @property
    def tag(self) -> str:
        """The entity tag, quoted."""
        return f'"{hashlib.md5(self.content, usedforsecurity=False).hexdigest()}"'

    def answer(self, asked: Asked) -> Answer:
        """200 with everything, 206 with the range asked for, 304 if unchanged, or 416 beyond the end.

        With `If-Range`, a range is given only of the very file that it names.
        """
        headers = {
            "content-type": self.kind,
            "etag": self.tag,
            "last-modified": LAST_MODIFIED,
            "accept-ranges": "bytes",
        }
        if asked.headers.get("if-none-match") == self.tag:
            return Answer(304, b"", headers)
        found = ONE_RANGE.fullmatch(asked.headers.get("range", ""))
        same = asked.headers.get("if-range", self.tag) in {self.tag, LAST_MODIFIED}
        if found is None or not same or found.groups() == ("", ""):
            return Answer(200, self.content, headers)
        first, last = _ends(found, len(self.content))
        if first >= len(self.content) or first > last:
            return Answer(416, b"", {**headers, "content-range": f"bytes */{len(self.content)}"})
        part = {**headers, "content-range": f"bytes {first}-{last}/{len(self.content)}"}
        return Answer(206, self.content[first : last + 1], part)


def missing() -> Answer:
    """The answer to an address that names no file."""
    return Answer(404, NOT_FOUND, {"content-type": "application/xml; charset=UTF-8"})


def _ends(found: "re.Match[str]", length: int) -> tuple[int, int]:
    """The first and the last byte of a range, both included."""
    first, last = found[1], found[2]
    if not first:
        return max(0, length - int(last)), length - 1
    return int(first), min(int(last), length - 1) if last else length - 1
