"""Takes access tokens out of bytes before anything is parsed, written or shown.

Meta puts the caller's token into `ad_snapshot_url` and `paging.next`; answers of token endpoints
carry them as values. What is removed is replaced by the word REDACTED.
"""

import re
from collections.abc import Iterator
from typing import Final

TOKEN: Final = re.compile(
    rb"""((?:access_token|client_secret|refresh_token|appsecret_proof)
          (?:=|%(?:25)?3[Dd]|\\u003[Dd]|\\*["']{1,2}\s*:\s*\\*["']{1,2}))
         (?!REDACTED\b)
         ([^&"'\\\s,;<>}]+)""",
    re.VERBOSE,
)
REDACTED: Final = b"REDACTED"
BEARER: Final = re.compile(rb"(Bearer\s+)(?!REDACTED\b)([A-Za-z0-9._\-|]{20,})")
META_TOKEN: Final = re.compile(
    rb"""((?<![A-Za-z0-9_])|(?<=%3[Dd])|(?<=%253[Dd])|(?<=\\u003[Dd]))EAA[A-Za-z0-9]{30,}""", re.VERBOSE
)
PATTERNS: Final = (
    (TOKEN, (b"access_token", b"client_secret", b"refresh_token", b"appsecret_proof")),
    (BEARER, (b"Bearer",)),
    (META_TOKEN, (b"EAA",)),
)
"""Each pattern with the words with which it begins: it is tried where one of them stands, and nowhere else."""


def redact(data: bytes) -> tuple[bytes, int]:
    """The bytes without access tokens, and how many were taken out.

    Bytes that hold no token come back unchanged, so that their hash stays the input's.
    """
    removed = 0
    for pattern, words in PATTERNS:
        pieces, end = [], 0
        for place in sorted(place for word in words for place in _places(data, word)):
            token = pattern.match(data, place) if place >= end else None
            if token:
                pieces += [data[end:place], token[1], REDACTED]
                end = token.end()
                removed += 1
        if pieces:
            data = b"".join((*pieces, data[end:]))
    return data, removed


def _places(data: bytes, word: bytes) -> Iterator[int]:
    place = data.find(word)
    while place >= 0:
        yield place
        place = data.find(word, place + len(word))
