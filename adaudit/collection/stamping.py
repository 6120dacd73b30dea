"""Has the head of the manifest's chain stamped by a time stamping authority (RFC 3161).

The authority is told the hash of the last line and nothing else. Its answer is held to the question and to the roots
that were given before anything is kept; then it stands in the vault, and a line of the manifest says which line it
stamps: the one before. As that line is in the chain too, every stamp is covered by the next.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

from adaudit import __version__
from adaudit.collection.kept import cleaned, cleaned_text, now
from adaudit.credentials import setting
from adaudit.errors import SourceChanged, SourceError, SourceRefused, UsageError
from adaudit.evidence.timestamps import (
    GRANTED,
    QUERY,
    REPLY,
    WAITING,
    BadStamp,
    Question,
    Stamp,
    answer_in,
    check_installed,
    held,
    question,
    roots_in,
)
from adaudit.http import Again, Answer, Patience, Request, Session, host_of, is_local, usual
from adaudit.store import Store

VARIABLE: Final = "ADAUDIT_STAMP_AUTHORIZATION"
"""The environment variable with the `Authorization` header of an authority that asks for one."""
SECONDS: Final = 60.0
"""The time within which an authority must have answered."""


@dataclass(frozen=True)
class Stamping:
    """By whom the head is stamped, and to which roots the stamp is held."""

    authority: str
    roots: Path
    """Certificates in PEM."""
    patience: Patience = field(default_factory=lambda: Patience(attempts=4, first=1.0, longest=15.0))
    seconds: float = SECONDS

    @property
    def host(self) -> str:
        """The host that is asked."""
        return host_of(self.authority)


@dataclass(frozen=True)
class Stamped:
    """What was stamped, and what the stamp says."""

    line: int
    """The number of the line that was stamped, the first being 1: so many lines existed at its time."""
    new: int
    """Of these lines, those that no stamp before covered."""
    head: str
    sha256: str
    """Of the authority's answer."""
    stamp: Stamp

    def as_written(self) -> dict[str, object]:
        """The result for a program to read."""
        told = {name: getattr(self, name) for name in ("line", "new", "head", "sha256")}
        return {**told, **vars(self.stamp), "at": self.stamp.at.isoformat()}


def address(value: str) -> str:
    """The address of an authority. Raises ValueError for one in the clear, or that holds what may be a secret."""
    try:
        parts = urlsplit(value)
        told = parts.hostname, parts.port  # the port is only looked at here
    except ValueError as error:
        raise ValueError("expected an address such as https://tsa.example.org/tsr; it is none") from error
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError(
            "expected an address without a name, password or parameters, which stands in every stamp's line; what the "
            f"authority must know of you stands in {VARIABLE}, in the environment or in .env"
        )
    if not told[0] or parts.scheme not in {"https", "http"}:
        raise ValueError("expected an address such as https://tsa.example.org/tsr")
    if parts.scheme == "http" and not is_local(told[0]):
        raise ValueError("expected https: nothing is sent in the clear")
    return value


def stamp(store: Store, asked: Stamping) -> Stamped | None:
    """Have the head of the chain stamped; None where nothing was written since the last stamp.

    Only while writing to the store. Raises UsageError where the extra is not installed, the file of roots is none or
    the store is empty, EvidenceError for a broken chain, and SourceError where the authority gives no stamp that
    holds: nothing is kept then, and the next stamp covers what this one would have.
    """
    check_installed()
    pem = _read(asked.roots)
    roots = roots_in(pem, str(asked.roots))
    entries = [(one.number, one.entry) for one in store.manifest.entries()]
    if not entries:
        raise UsageError(f"{store.folder} holds nothing that could be stamped: adaudit pull or adaudit import first.")
    if entries[-1][1] == "stamp":
        return None
    before = max((number for number, entry in entries if entry == "stamp"), default=0)
    store.settle()
    line = store.manifest.last()
    head, ask = hashlib.sha256(line).hexdigest(), question(line)
    answer = _answered(asked, ask)
    try:
        found = held(answer_in(answer.data), head, ask.nonce, roots)
    except BadStamp as error:
        raise SourceChanged(f"{asked.host}: {error}. Nothing was kept.") from error
    name, kept_roots = store.vault.keep(answer.data), store.vault.keep(pem)
    store.settle()
    store.manifest.add(
        entry="stamp",
        at=now(),
        adaudit=__version__,
        sha256=name,
        size=len(answer.data),
        request={"method": "POST", "url": asked.authority, "nonce": str(ask.nonce)},
        status=answer.status,
        headers=answer.kept_headers(),
        roots=kept_roots,
    )
    return Stamped(len(entries), len(entries) - before, head, name, found)


def _read(roots: Path) -> bytes:
    try:
        return roots.read_bytes()
    except OSError as error:
        raise UsageError(f"{roots} could not be read ({error.strerror or error}); expected certificates.") from error


def _answered(asked: Stamping, ask: Question) -> Answer:
    """The authority's answer, that it granted a stamp. Raises SourceError, without a secret in its words."""
    secret = setting(VARIABLE)
    secrets = [secret, secret.partition(" ")[2]] if secret else []
    headers = {"Content-Type": QUERY, "Accept": REPLY} | ({"Authorization": secret} if secret else {})
    request = Request(asked.authority, "POST", content=ask.data, headers=headers)
    deadline = monotonic() + asked.seconds
    try:
        with Session(frozenset({asked.host}), patience=asked.patience, deadline=deadline) as session:
            answer = session.ask(request, _judge)
    except SourceError as error:
        raise type(error)(f"{asked.host}: {cleaned_text(str(error), secrets)}") from None
    return _harmless(answer, secrets)


def _harmless(answer: Answer, secrets: Sequence[str]) -> Answer:
    if cleaned(answer.data, secrets)[1]:
        raise SourceChanged("the authority's answer repeats what it was told in confidence; nothing was kept.")
    return answer


def _judge(answer: Answer) -> None:
    """Judges an answer by its status, its type, and whether a stamp was granted."""
    try:
        usual(answer)
    except SourceRefused as error:
        raise SourceRefused(f"{error} (an authority that asks for credentials is told {VARIABLE})") from error
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != REPLY:
        begins = answer.data[:40]
        raise Again(f"expected {REPLY}; found {kind or 'no content type'}, {len(answer.data):,} bytes: {begins!r}")
    try:
        found = answer_in(answer.data)
    except BadStamp as error:
        raise Again(str(error)) from error
    if found.status == WAITING:
        raise Again("the authority says that it answers later (status 3)")
    if found.status != GRANTED:
        raise SourceRefused(f"the authority gave no time stamp (status {found.status}): {found.said or '–'}")
