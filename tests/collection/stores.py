"""Small stores of answers that were saved by hand."""

import json
from datetime import UTC, datetime
from pathlib import Path

from adaudit.collection.importing import import_files
from adaudit.collection.verifying import Asked
from adaudit.store import Store

EVERYTHING = Asked(answers=None)


def nothing(*_: object) -> None:
    """Nobody looks on."""


def page(*ids: str, sponsor: str = "Partij van Morgen") -> bytes:
    """One answer of Meta's archive, saved by hand."""
    ads = [
        {"id": one, "page_id": "77", "page_name": "Morgen", "bylines": sponsor, "ad_delivery_start_time": "2026-02-03"}
        for one in ids
    ]
    return json.dumps({"data": ads}).encode()


def imported(store: Store, folder: Path, name: str, data: bytes) -> str:
    """Import one page; the pull."""
    (folder / name).write_bytes(data)
    with store.writing():
        return import_files(store, "meta", [folder / name], datetime(2026, 3, 1, tzinfo=UTC), nothing).id


def two_imports(folder: Path) -> Path:
    """A store of two imports, the second of which shows an ad of the first again."""
    store = Store(folder / "store")
    imported(store, folder, "one.json", page("1001", "1002"))
    imported(store, folder, "two.json", page("1002", "1003"))
    return folder / "store"
