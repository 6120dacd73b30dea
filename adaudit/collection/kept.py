"""The answers that a store keeps, as bytes to be read: the same path as for files saved by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from adaudit.errors import EvidenceError, UnreadableInput
from adaudit.evidence.manifest import Entry
from adaudit.evidence.redaction import REDACTED, redact
from adaudit.evidence.vault import COMPRESSED, Vault
from adaudit.store import Store

SHORTEST_SECRET = 6
"""A secret of fewer characters would be found in words that are none."""


@dataclass(frozen=True)
class Kept:
    """One kept answer or file."""

    entry: Entry
    vault: Vault

    @property
    def shown(self) -> str:
        """Its pull, its number there and its name."""
        return f"{self.entry.pull}/{self.entry.page:06}" + (f" {self.entry.name}" if self.entry.name else "")

    @property
    def name(self) -> str:
        """The name of the file, where it came with one."""
        return self.entry.name

    @property
    def observed_at(self) -> datetime | None:
        """When it was seen."""
        return datetime.fromisoformat(self.entry.observed_at or self.entry.at)

    def read(self) -> tuple[bytes, str]:
        """The bytes and their SHA-256. Raises UnreadableInput where they are not what was kept."""
        try:
            return self.vault.read(self.entry.sha256), self.entry.sha256
        except EvidenceError as error:
            raise UnreadableInput(
                "the bytes that were kept", str(error), advice="Run adaudit verify to see what else is damaged."
            ) from error


def kept(store: Store, pull: str) -> list[Kept]:
    """The answers of a pull in their order; of pages that a resumed pull asked for again, the last."""
    pages = {one.page: one for one in store.manifest.entries() if one.entry == "kept" and one.pull == pull}
    return [Kept(pages[number], store.vault) for number in sorted(pages)]


def now() -> str:
    """This instant, as the manifest has it."""
    return datetime.now(UTC).isoformat()


def cleaned(data: bytes, secrets: Sequence[str]) -> tuple[bytes, int]:
    """The bytes without access tokens and without these secrets, and how many were taken out."""
    if data.startswith(COMPRESSED):
        return data, 0
    clean, removed = redact(data)
    for secret in secrets:
        word = secret.encode("utf-8")
        if len(word) >= SHORTEST_SECRET and word in clean:
            removed += clean.count(word)
            clean = clean.replace(word, REDACTED)
    return clean, removed


def cleaned_text(text: str, secrets: Sequence[str]) -> str:
    """The text without access tokens and without these secrets."""
    return cleaned(text.encode("utf-8"), secrets)[0].decode("utf-8", "replace")
