"""Messages that are to be sent, and the alerts that stand: one file in the store, written whole.

A message leaves the file only when it was delivered: what a fault or a crash kept back is sent by the next run.
A crash between sending and writing sends it twice; its id tells the receiver. Addresses are secrets: they come from
the environment and never stand in a file or a message of ours.
"""

import json
import os
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from adaudit.batch.alerts import SAY, Crossing
from adaudit.batch.configuration import Notify
from adaudit.batch.messengers import send_everywhere
from adaudit.collection.kept import cleaned_text
from adaudit.credentials import secrets_of
from adaudit.errors import AdauditError, StoreError, UsageError
from adaudit.evidence.vault import write_text
from adaudit.http import Patience, Request, Session, host_of
from adaudit.language import Language, in_language

FILE: Final = "alerts.json"
QUICK: Final = Patience(attempts=3, first=0.5, longest=10.0)


class Message(BaseModel):
    """One message to one place. `en` and `nl` say the same."""

    model_config = ConfigDict(extra="forbid")

    id: str
    """The same however often it is sent."""
    to: str
    run: str
    number: int
    at: datetime
    key: str
    fired: bool
    en: str
    nl: str
    attempts: int = 0
    why: str = ""
    """Why it could not be sent when it was tried last."""

    def as_sent(self, language: Language) -> dict[str, object]:
        """What a program is told."""
        said = self.model_dump(mode="json", include={"id", "run", "number", "at", "key", "fired", "en", "nl"})
        return said | {"text": self.text(language)}

    def text(self, language: Language) -> str:
        """What a person is told."""
        return self.nl if language == "nl" else self.en


class Outbox(BaseModel):
    """The alerts that stand, each with when it fired, and the messages that are to be sent."""

    model_config = ConfigDict(extra="forbid")

    standing: dict[str, str] = Field(default_factory=dict)
    messages: list[Message] = Field(default_factory=list)

    @classmethod
    def of(cls, store: Path) -> "Outbox":
        """As the store remembers it. Raises StoreError where the file is damaged."""
        path = store / FILE
        if not path.exists():
            return cls()
        try:
            return cls.model_validate_json(path.read_text("utf-8"))
        except (OSError, ValidationError) as error:
            raise StoreError(
                f"{path} cannot be read ({error}); move it away, and every alert that stands is told anew."
            ) from error

    def save(self, store: Path) -> None:
        """Write it, whole or not at all. Raises StoreError."""
        write_text(store / FILE, self.model_dump_json(indent=1) + "\n")

    def take(self, crossings: Iterable[Crossing], to: Sequence[Notify], run: str, number: int, at: datetime) -> None:
        """Remember what fired and what is over, with a message to each place."""
        for one in crossings:
            if one.fired:
                self.standing[one.key] = at.isoformat(timespec="seconds")
            else:
                self.standing.pop(one.key, None)
            for place in to:
                names = {"run": run, "number": number, "at": at, "key": one.key, "fired": one.fired, "to": place.id}
                words = {"en": in_language(one.words, "en"), "nl": in_language(one.words, "nl")}
                name = f"{run}/{one.key}/{'fired' if one.fired else 'over'}"
                self.messages.append(Message.model_validate({"id": name, **names, **words}))

    def deliver(self, to: Sequence[Notify], language: Language, store: Path) -> list[str]:
        """Send what is to be sent, oldest first; the file is written after each. What could not be sent, in words.

        Messages to a place that the configuration does not name any more stay until it does.
        """
        places = {one.id: one for one in to}
        trouble: dict[str, str] = {}
        for message in list(self.messages):
            place = places.get(message.to)
            why = (
                f"{message.to}: the configuration does not name it any more"
                if place is None
                else trouble.get(message.to) or _sent(message, place, language)
            )
            if why:
                trouble[message.to] = why
                message.attempts += 1
                message.why = why
            else:
                self.messages.remove(message)
            self.save(store)
        return list(trouble.values())


def _sent(message: Message, place: Notify, language: Language) -> str:
    """Send one message; why that was not possible, without the address, or nothing."""
    address = ""
    try:
        address = address_of(place)
        SENDING[place.kind](message, place, address, language)
    except (AdauditError, OSError) as error:
        return cleaned_text(f"{place.id}: {error}", [address])
    except Exception as error:  # noqa: BLE001 - one place keeps no other from its message; the words may hold its address
        return f"{place.id}: the address was not understood, or the place broke off ({type(error).__name__})."
    return ""


def address_of(place: Notify) -> str:
    """The address of a place, from the environment, `.env` or `[notify]` in credentials.toml. Raises UsageError."""
    if place.variable is None:
        return ""
    found = secrets_of("notify", {place.variable: place.variable})
    if place.variable not in found:
        raise UsageError(f"{place.variable} is not set; it holds the address to send to.")
    return found[place.variable]


def _post(message: Message, _place: Notify, address: str, language: Language) -> None:
    with Session(frozenset({host_of(address)}), patience=QUICK) as session:
        session.ask(Request(address, method="POST", json=message.as_sent(language)))


def _append(message: Message, place: Notify, _address: str, language: Language) -> None:
    """One line at the end of the file, safe against a power cut; half a line of before is closed first."""
    assert place.path is not None  # noqa: S101 - the configuration saw to it
    place.path.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(message.as_sent(language), ensure_ascii=False).encode("utf-8") + b"\n"
    with place.path.open("a+b") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            line = line if file.read(1) == b"\n" else b"\n" + line
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def _tell(message: Message, _place: Notify, address: str, language: Language) -> None:
    send_everywhere(address, SAY.say("message_title", language, number=message.number), message.text(language))


SENDING: Final[dict[str, Callable[[Message, Notify, str, Language], None]]] = {
    "webhook": _post,
    "file": _append,
    "apprise": _tell,
}
