"""Asks Google for its bundle of political ads: one zip, the whole of it, as it is today.

The Ads Transparency Center is no download: its tables are exported from BigQuery by hand.
"""

from collections.abc import Iterator
from typing import Final

from adaudit.connectors.fetching import Connection, Fetched, Scope, State
from adaudit.evidence.manifest import Missing
from adaudit.http import Request

NAME: Final = "google-political-ads-transparency-bundle.zip"
ZIP: Final = b"PK"


def fetch(scope: Scope, to: Connection, state: State) -> Iterator[Fetched | Missing]:  # noqa: ARG001 - no filters
    """The bundle, gone on with where a download broke off; nothing where it came already."""
    if not state:
        request = Request(f"{to.base}{to.settings['bundle']}")
        path = to.folder / NAME
        answer = to.session.download(request, path, ZIP)
        yield Fetched(request, answer, {"done": True}, name=NAME, file=path)


def left(scope: Scope, to: Connection, state: State) -> list[str]:  # noqa: ARG001 - the interface of every source
    """The bundle, where it has not come."""
    return [] if state else [f"the bundle at {to.settings['bundle']}"]
