"""A pull from the loopback server beside bare fetching and decoding.

The bare client walks the same pages with the same HTTP library, decodes each with the fastest JSON decoder and
keeps nothing.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from adaudit.connectors.meta.fetch import FIELDS
from tests.benchmarks.memory import MEGABYTE, peak

HERE = (sys.executable, "-m", "tests.benchmarks.pulling")
ASKED = {
    "ad_reached_countries": '["ALL"]',
    "ad_active_status": "ALL",
    "ad_type": "ALL",
    "search_terms": "*",
    "fields": ",".join(FIELDS),
    "limit": "100",
}


@contextmanager
def serving(ads: int) -> Iterator[tuple[str, str]]:
    """Meta's archive of so many ads in a process of its own; its address and a token."""
    command = [sys.executable, "-m", "tests.platforms", "--platform", "meta", "--ads", str(ads)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        _, url, token = server.stdout.readline().split()
        try:
            yield url, token
        finally:
            server.terminate()


def children() -> float:
    """CPU seconds of all processes that ended."""
    times = os.times()
    return times.children_user + times.children_system


def walk(url: str, token: str) -> None:
    """The bare client in a process of its own."""
    subprocess.run([*HERE, "walk", url, token], check=True, stdout=subprocess.DEVNULL)


def pull(url: str, token: str, folder: Path) -> float:
    """A pull of the same ads into a new store, in a process of its own; the megabytes that it held at most."""
    environment = {**os.environ, "ADAUDIT_META_URL": url, "ADAUDIT_META_TOKEN": token}
    with tempfile.TemporaryDirectory(dir=folder) as store:
        done = subprocess.run([*HERE, "pull", store], check=True, env=environment, capture_output=True, text=True)
    return float(done.stderr.rsplit(maxsplit=1)[-1])


def _pull(store: str) -> None:
    from adaudit.cli import cli

    scope = ["--country", "ALL", "--term", "*", "--ad-type", "ALL"]
    cli.main(["pull", "meta", *scope, "--store", store], standalone_mode=False)


def _walk(url: str, token: str) -> None:
    import httpx
    import orjson

    after = ""
    with httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=60.0) as client:
        while True:
            answer = client.get(f"{url}/v25.0/ads_archive?{urlencode(ASKED | ({'after': after} if after else {}))}")
            body = orjson.loads(answer.raise_for_status().content)
            if not body["data"] or "next" not in body.get("paging", {}):
                return
            after = body["paging"]["cursors"]["after"]


def main(what: str, *given: str) -> None:
    """One of the two clients, and its peak memory on standard error."""
    try:
        _walk(*given) if what == "walk" else _pull(*given)
    except SystemExit as end:
        if end.code:
            raise
    sys.stderr.write(f"{peak() / MEGABYTE}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
