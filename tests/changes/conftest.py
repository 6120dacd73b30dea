"""A store that files are imported into day by day, and the changes between them."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from adaudit.changes.compare import Changes, End, changes
from adaudit.collection.importing import import_files
from adaudit.connectors import sources
from adaudit.store import Pull, Store
from tests.collection.conftest import bench, server

__all__ = ["Memory", "bench", "memory", "server", "yearly"]
SNAPCHAT = (*sources()["snapchat"].form["political_ads"].recognise.required,)
USUAL = {
    "creativeurl": "https://example.org/media/1",
    "currency code": "EUR",
    "spend": "100",
    "impressions": "5000",
    "startdate": "2026/02/01 08:00:00Z",
    "enddate": "2026/02/20 08:00:00Z",
    "organizationname": "Bureau Noord",
    "billingaddress": "Havenkade 3, Delfzijl",
    "payingadvertisername": "Lijst Duin",
    "agebracket": "18+",
    "countrycode": "netherlands",
}
"""A fictional ad of Snapchat's yearly file."""


def yearly(ads: Mapping[str, Mapping[str, str]]) -> str:
    """A yearly file of these ads: by id, what differs from the usual one."""
    out = io.StringIO()
    writer = csv.DictWriter(out, SNAPCHAT, restval="")
    writer.writeheader()
    for identity, ad in ads.items():
        writer.writerow({**USUAL, **ad, "adid": identity})
    return out.getvalue()


@dataclass
class Memory:
    """A store, and what is kept of its changes."""

    store: Store
    folder: Path
    rows: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    number: int = 0

    def put(
        self,
        name: str,
        text: str,
        day: str,
        *,
        source: str | None = "snapchat",
        whole: str = "",
        beside: Sequence[Path] = (),
    ) -> Pull:
        """Import one file, obtained on that day."""
        self.number += 1
        path = self.folder / str(self.number) / name
        path.parent.mkdir(parents=True)
        path.write_text(text, "utf-8")
        return self.take([path, *beside], day, source=source, whole=whole)

    def take(self, paths: Sequence[Path], day: str, *, source: str | None = "snapchat", whole: str = "") -> Pull:
        """Import files, obtained on that day."""
        at = datetime.fromisoformat(day).replace(tzinfo=UTC)
        with self.store.writing():
            return import_files(self.store, source, paths, at, lambda *_: None, whole)

    def changes(self, source: str | None = None, since: End = None, until: End = None) -> Changes:
        """The changes, their rows kept."""
        self.rows.clear()
        return changes(self.store, source, since, until, lambda name, rows: self.rows.setdefault(name, []).append(rows))

    def table(self, name: str) -> pl.DataFrame:
        """All rows of a table of the last changes."""
        return pl.concat(self.rows[name])

    def told(self) -> dict[str, list[str]]:
        """The records of each change."""
        rows = self.table("records").sort("record_id").group_by("change", maintain_order=True).agg("record_id")
        return dict(rows.iter_rows())


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    """An empty store."""
    return Memory(Store(tmp_path / "store"), tmp_path / "given")
