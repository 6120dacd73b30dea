"""Ads of an archive as prepared JSON texts, and pages cut from them, orderly or as faults have it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from .faults import ADDED_FIELD, Fault, Striking

USUAL = 2
"""How many ads a fault concerns where it does not say."""
EDITED = "as edited meanwhile: "


@dataclass(frozen=True)
class Listing:
    """Ads in the platform's order: what identifies each, and its JSON text."""

    identities: Sequence[str]
    texts: Sequence[bytes]

    @property
    def canary(self) -> str:
        """An ad that must always come: the one in the middle."""
        return self.identities[len(self.identities) // 2] if self.identities else ""


@dataclass(frozen=True)
class Page:
    """The texts of one page, where the next begins, and how many ads the platform says there are in all."""

    texts: list[bytes]
    start: int
    following: int | None
    total: int


def page(listing: Listing, chosen: Sequence[int], start: int, size: int, struck: Striking, usual_field: str) -> Page:
    """The page that begins at a place of the chosen ads; places stay the same whatever vanishes.

    `chosen` holds places in the listing. With `endless` the next page is this one, and a page beyond the end is the
    last one again; with `endless_empty` the following place runs on beyond the end.
    """
    if "empty" in struck:
        return Page([], start, None, 0)
    if "endless_empty" in struck:
        return Page([], start, start + size, len(chosen))
    if "endless" in struck and start >= len(chosen):
        start = max(0, len(chosen) - size)
    end = min(start + size, len(chosen))
    again = chosen[max(0, start - _repeated(struck)) : start] if start < len(chosen) else ()
    own = list(chosen[start:end])
    gone = _gone(listing, chosen, struck)
    changed = set(spread(chosen, struck.number("changed", USUAL), 1))
    lost = set(own[-struck.number("lost", USUAL) :]) if "lost" in struck else set()
    moved = list(chosen[: min(struck.number("moved", USUAL), start)]) if "moved" in struck else []
    first = [_edited(listing.texts[one], struck.get("edited"), usual_field) for one in again if one not in gone]
    rest = [
        _edited(listing.texts[one], struck.get("changed") if one in changed else None, usual_field)
        for one in (*own, *moved)
        if one not in gone and one not in lost
    ]
    texts = [_drifted(text, struck, usual_field) for text in (*first, *rest)]
    following = start if "endless" in struck else end if end < len(chosen) else None
    if "late_end" in struck and following is None and own:
        following = end
    return Page(texts, start, None if "paging_lost" in struck else following, len(chosen) - len(gone))


def spread(chosen: Sequence[int], number: int, shift: int) -> list[int]:
    """So many of the places, or all, evenly spread; another shift takes the neighbours."""
    wanted = min(number, len(chosen))
    return [chosen[((2 * one + 1) * len(chosen) // (2 * wanted) + shift) % len(chosen)] for one in range(wanted)]


def _repeated(struck: Striking) -> int:
    return max(struck.number("overlap", USUAL), struck.number("edited", USUAL))


def _gone(listing: Listing, chosen: Sequence[int], struck: Striking) -> set[int]:
    """The places of the ads that are no longer there: those spread evenly, and the canary."""
    gone = set(spread(chosen, struck.number("vanished", USUAL), 0))
    if "canary" in struck:
        canary = listing.canary
        gone |= {place for place in chosen if listing.identities[place] == canary}
    return gone


def _edited(text: bytes, fault: Fault | None, usual_field: str) -> bytes:
    if fault is None:
        return text
    return _with_field(text, fault.field or usual_field, lambda holder, key: holder.update({key: _other(holder[key])}))


def _other(value: object) -> object:
    if isinstance(value, list):
        return [_other(one) for one in value]
    return f"{EDITED}{value}" if isinstance(value, str) else value


def _drifted(text: bytes, struck: Striking, usual_field: str) -> bytes:
    renamed, retyped, added = struck.get("renamed"), struck.get("retyped"), struck.get("added")
    if renamed:
        field = renamed.field or usual_field
        text = _with_field(text, field, lambda holder, key: holder.update({f"{key}_renamed": holder.pop(key)}))
    if retyped:
        field = retyped.field or usual_field
        text = _with_field(text, field, lambda holder, key: holder.update({key: {"value": holder[key]}}))
    if added:
        document = json.loads(text)
        holder, _ = _holder(document, added.field or usual_field)
        (document if holder is None else holder)[ADDED_FIELD] = "not seen before"
        text = _text(document)
    return text


def _with_field(text: bytes, field: str, change: Callable[[dict[str, Any], str], object]) -> bytes:
    """The text with one field changed, if it has the field."""
    document = json.loads(text)
    holder, key = _holder(document, field)
    if holder is None or key not in holder:
        return text
    change(holder, key)
    return _text(document)


def _holder(document: dict[str, Any], field: str) -> tuple[dict[str, Any] | None, str]:
    """The object that holds a dotted field, and the field's own name."""
    *path, key = field.split(".")
    holder: Any = document
    for name in path:
        holder = holder.get(name) if isinstance(holder, dict) else None
    return (holder if isinstance(holder, dict) else None), key


def _text(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
