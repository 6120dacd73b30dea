"""Takes access tokens out of bytes before anything is parsed, written or shown.

Meta puts the caller's token into `ad_snapshot_url` and `paging.next`; answers of token endpoints
carry them as values. What is removed is replaced by the word REDACTED.
"""

import re
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
META_TOKEN: Final = re.compile(rb"(\b|%(?:25)?3[Dd]|\\u003[Dd])EAA[A-Za-z0-9]{30,}")
PATTERNS: Final = (
    (TOKEN, (b"access_token", b"client_secret", b"refresh_token", b"appsecret_proof")),
    (BEARER, (b"Bearer",)),
    (META_TOKEN, (b"EAA",)),
)
"""Each pattern with words one of which it needs: bytes without them are not searched."""


def redact(data: bytes) -> tuple[bytes, int]:
    """The bytes without access tokens, and how many were taken out.

    Bytes that hold no token come back unchanged, so that their hash stays the input's.
    """
    removed = 0
    for pattern, words in PATTERNS:
        if any(word in data for word in words):
            data, found = pattern.subn(lambda token: token[1] + REDACTED, data)
            removed += found
    return data, removed
