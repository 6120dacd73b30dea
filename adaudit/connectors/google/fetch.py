"""Asks Google: for its bundle of political ads, and through BigQuery for the tables of the Ads Transparency Center."""

from collections.abc import Iterator
from typing import Final

from adaudit.connectors.fetching import Connection, Fetched, Scope, State
from adaudit.connectors.google import bigquery
from adaudit.connectors.google.query import TABLES
from adaudit.evidence.manifest import Missing
from adaudit.http import Request

NAME: Final = "google-political-ads-transparency-bundle.zip"
ZIP: Final = b"PK"


def fetch(scope: Scope, to: Connection, state: State) -> Iterator[Fetched | Missing]:
    """The bundle, gone on with where a download broke off, or the rows of a table; nothing that came already."""
    yield from bigquery.fetch(scope, to, state) if scope.what in TABLES else _bundle(to, state)


def left(scope: Scope, to: Connection, state: State) -> list[str]:
    """The bundle, or the rows, that have not come."""
    if scope.what in TABLES:
        return bigquery.left(scope, to, state)
    return [] if state else [f"the bundle at {to.settings['bundle']}"]


def _bundle(to: Connection, state: State) -> Iterator[Fetched]:
    """The whole of it, as it is today."""
    if not state:
        request = Request(f"{to.base}{to.settings['bundle']}")
        path = to.folder / NAME
        answer = to.session.download(request, path, ZIP)
        yield Fetched(request, answer, {"done": True}, name=NAME, file=path)
