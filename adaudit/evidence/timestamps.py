"""Time stamps of RFC 3161: what is asked of an authority, and whether its answer holds. Nothing is asked here.

The only module that imports rfc3161_client, which is an extra. What is stamped is a line of the manifest: the
question carries its SHA-256 alone, which is the hash of the chain there.
"""

import hashlib
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from adaudit.errors import EvidenceError, UsageError
from adaudit.language import Wording, texts_of

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampResponse

SAY: Final = texts_of("adaudit.evidence")
QUERY: Final = "application/timestamp-query"
REPLY: Final = "application/timestamp-reply"
"""The media types of RFC 3161, section 3.4."""
GRANTED: Final = 0
WAITING: Final = 3
"""States of an answer (RFC 3161, section 2.4.2)."""
SHA256: Final = "2.16.840.1.101.3.4.2.1"
TO_SIGNED_DATA: Final = (0, 1, 1, 0)
"""The place of each element in the one before, from the answer to its token, what that wraps, and the signed data."""
CERTIFICATES: Final = 0xA0
"""The tag of the certificates in signed data (RFC 5652, section 5.1)."""


class BadStamp(EvidenceError):
    """A time stamp does not hold; `words` say why in both languages."""

    def __init__(self, words: Wording) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True)
class Question:
    """What is sent to an authority."""

    data: bytes
    nonce: int
    """A number drawn for this question, which the answer must repeat."""


@dataclass(frozen=True)
class Answer:
    """What an authority answered; nothing of it is verified yet."""

    status: int
    said: str
    """The authority's own words on the status."""
    token: "TimeStampResponse"


@dataclass(frozen=True)
class Stamp:
    """What a time stamp that holds says."""

    at: datetime
    """The time, in UTC."""
    authority: str
    """The name in the token, where it holds one."""
    policy: str
    """The identifier of the policy under which it was given."""
    serial: int


def installed() -> bool:
    """Whether the extra is installed."""
    return find_spec("rfc3161_client") is not None


def check_installed() -> None:
    """Raises UsageError where the extra is not installed."""
    if not installed():
        raise UsageError("time stamps need an extra: pip install 'adaudit[timestamp]'.")


def question(line: bytes) -> Question:
    """What asks for a stamp of a line: its SHA-256, a nonce, and that the certificates be sent along."""
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    made = TimestampRequestBuilder().data(line).hash_algorithm(HashAlgorithm.SHA256).build()
    assert made.nonce is not None and made.message_imprint.message == hashlib.sha256(line).digest()  # noqa: S101
    return Question(made.as_bytes(), made.nonce)


def answer_in(data: bytes) -> Answer:
    """The answer of an authority. Raises BadStamp for bytes that are none: cut off, HTML, another protocol."""
    from rfc3161_client import decode_timestamp_response

    try:
        token = decode_timestamp_response(_certificates_in_order(data))
        return Answer(token.status, "; ".join(token.status_string), token)
    except _odd() as error:
        begins = repr(data[:40])
        raise BadStamp(SAY.both("stamp_unreadable", count=len(data), begins=begins, why=str(error))) from error


def roots_in(data: bytes, named: str) -> "list[Certificate]":
    """The certificates of a PEM file, each once. Raises UsageError where there is none, naming the file."""
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return list(dict.fromkeys(load_pem_x509_certificates(data)))
    except ValueError as error:
        raise UsageError(f"{named}: expected certificates in PEM (-----BEGIN CERTIFICATE-----); {error}.") from error


def held(answer: Answer, head: str, nonce: int | None, roots: "Sequence[Certificate]") -> Stamp:
    """What the stamp says, where it holds: of this hash, signed by a certificate that leads to one of the roots.

    Certificates must have been valid at the time of the stamp, and need not be now. `nonce` is that of the question,
    None where it is not known. Raises BadStamp.
    """
    from rfc3161_client import VerifierBuilder

    if answer.status != GRANTED:
        raise BadStamp(SAY.both("stamp_not_granted", status=str(answer.status), said=answer.said or "–"))
    try:
        told = answer.token.tst_info
        imprint, algorithm = told.message_imprint.message, told.message_imprint.hash_algorithm.dotted_string
        if (algorithm, imprint.hex()) != (SHA256, head):
            raise BadStamp(SAY.both("stamp_of_another", found=imprint.hex(), expected=head))
        if nonce is not None and told.nonce != nonce:
            raise BadStamp(SAY.both("stamp_other_nonce"))
        with _quietly():
            VerifierBuilder(roots=list(roots)).build().verify(answer.token, imprint)
        return Stamp(told.gen_time, _name(told.name), told.policy.dotted_string, told.serial_number)
    except _odd() as error:
        raise BadStamp(SAY.both("stamp_not_signed", why=str(error), roots=_named(roots))) from error


@contextmanager
def _quietly() -> Iterator[None]:
    """Without warnings of what a certificate should not hold: whether it is signed is what decides."""
    from cryptography.utils import CryptographyDeprecationWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        yield


def _odd() -> tuple[type[Exception], ...]:
    """What is raised for bytes that are no certificate, signature or token, or are of a kind that nobody knows."""
    from cryptography import exceptions, x509
    from rfc3161_client import VerificationError

    of_certificates = (x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)
    of_keys = (exceptions.UnsupportedAlgorithm, exceptions.InvalidSignature)
    return (IndexError, ValueError, TypeError, VerificationError, *of_keys, *of_certificates)


def _name(name: object) -> str:
    """The name of an authority in words."""
    from cryptography.x509 import Name

    value = getattr(name, "value", "")
    return value.rfc4514_string() if isinstance(value, Name) else str(value)


def _named(certificates: "Sequence[Certificate]") -> str:
    return "; ".join(one.subject.rfc4514_string() for one in certificates)


def _certificates_in_order(data: bytes) -> bytes:
    """The answer with its certificates in the order that DER asks for; unchanged where it is no such answer.

    Many authorities, those that run OpenSSL among them, send the chain in another order, and the parser refuses that.
    The order of the certificates is not signed (RFC 5652, section 5.4), and no length changes.
    """
    try:
        start, end = 0, len(data)
        for place in TO_SIGNED_DATA:
            _, _, start, end = _elements(data, start, end)[place]
        [(_, _, start, end)] = [one for one in _elements(data, start, end) if one[0] == CERTIFICATES]
        certificates = [data[first:after] for _, first, _, after in _elements(data, start, end)]
    except (IndexError, ValueError):
        return data
    return data[:start] + b"".join(sorted(certificates)) + data[end:]


def _elements(data: bytes, start: int, end: int) -> list[tuple[int, int, int, int]]:
    """The elements of DER between two places: tag, where each begins, where what it holds begins, where it ends.

    Raises IndexError where one goes beyond the end, or has no length.
    """
    found = []
    while start < end:
        tag, size, inner = data[start], data[start + 1], start + 2
        if size == 0x80 or tag & 0x1F == 0x1F:
            raise IndexError("no element with a length of its own")
        if size > 0x80:
            size, inner = int.from_bytes(data[inner : inner + size - 0x80]), inner + size - 0x80
        if inner + size > end:
            raise IndexError("an element goes beyond the end of what holds it")
        found.append((tag, start, inner, inner + size))
        start = inner + size
    return found
