"""How often a source may be asked, remembered between runs."""

import sqlite3
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from pyrate_limiter import Rate as Allowed
from pyrate_limiter import RateItem, SQLiteBucket, SQLiteQueries

from adaudit.errors import SourceLimited

Rate = tuple[int, int]
"""At most so many calls in so many seconds."""
LONGEST: Final = 300.0
"""Seconds that a pull waits for a rate by itself; for what takes longer, it ends and goes on another time."""


class Paces:
    """The rates of one source."""

    def __init__(self, path: Path, source: str, rates: Sequence[Rate], limits: Mapping[str, Rate]) -> None:
        self._path = path
        self._source = source
        self._rates = rates
        self._limits = limits

    def wait(self) -> None:
        """Wait until the source may be asked again. Raises SourceLimited where that takes too long."""
        if self._rates:
            self._take("calls", self._rates)

    def take(self, limit: str) -> None:
        """Take one call of a limit by name. Raises SourceLimited where it is used up."""
        self._take(limit, [self._limits[limit]])

    def _take(self, name: str, rates: Sequence[Rate]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._path)) as connection:
            bucket = self._bucket(connection, name, rates)
            while not bucket.put(RateItem(name, int(time.time() * 1000))):
                wait = bucket.waiting(RateItem(name, int(time.time() * 1000)))
                seconds = (wait if isinstance(wait, int) else 0) / 1000
                if seconds > LONGEST:
                    full = bucket.failing_rate
                    allowed = f"{full.limit:,} calls in {full.interval / 1000:,.0f} seconds" if full else "its rate"
                    raise SourceLimited(f"{self._source} may be asked {allowed}: they are used up", seconds)
                time.sleep(max(seconds, 0.01))

    def _bucket(self, connection: sqlite3.Connection, name: str, rates: Sequence[Rate]) -> SQLiteBucket:
        """The calls of the limit that still count."""
        table = f"pace_{self._source}_{name}"
        connection.execute(SQLiteQueries.CREATE_BUCKET_TABLE.format(table=table))
        connection.execute(SQLiteQueries.CREATE_INDEX_ON_TIMESTAMP.format(table_name=table, index_name=f"{table}_at"))
        connection.commit()
        allowed = [Allowed(calls, seconds * 1000) for calls, seconds in sorted(rates, key=lambda rate: rate[1])]
        bucket = SQLiteBucket(allowed, connection, table)
        bucket.leak(int(time.time() * 1000))
        return bucket
