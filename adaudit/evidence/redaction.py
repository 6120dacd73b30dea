"""Takes access tokens out of bytes before anything is parsed, written or shown.

Meta puts the caller's token into `ad_snapshot_url` and `paging.next`; answers of token endpoints
carry them as values. What is removed is replaced by the word REDACTED.
"""

import re
from typing import Final

TOKEN: Final = re.compile(
    rb"""((?:access_token|client_secret|refresh_token|appsecret_proof)
          (?:=|%3[Dd]|\\?"\s*:\s*\\?"))
         (?!REDACTED\b)
         ([^&"'\\\s,;<>}]+)""",
    re.VERBOSE | re.IGNORECASE,
)
REPLACEMENT: Final = rb"\1REDACTED"
BEARER: Final = re.compile(rb"(Bearer\s+)(?!REDACTED\b)([A-Za-z0-9._\-|]{20,})")
META_TOKEN: Final = re.compile(rb"\bEAA[A-Za-z0-9]{30,}")


def redact(data: bytes) -> tuple[bytes, int]:
    """The bytes without access tokens, and how many were taken out.

    Bytes that hold no token come back unchanged, so that their hash stays the input's.
    """
    clean, first = TOKEN.subn(REPLACEMENT, data)
    clean, second = BEARER.subn(REPLACEMENT, clean)
    clean, third = META_TOKEN.subn(b"REDACTED", clean)
    return clean, first + second + third
