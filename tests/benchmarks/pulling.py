"""A pull from the loopback server beside bare fetching and decoding: `python -m tests.benchmarks.pulling URL FILE`.

The bare client walks the same pages with the same HTTP library, decodes each with the fastest JSON decoder and
keeps nothing.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from adaudit.connectors.meta.fetch import FIELDS

ASKED = {
    "ad_reached_countries": '["ALL"]',
    "ad_active_status": "ALL",
    "ad_type": "ALL",
    "search_terms": "*",
    "fields": ",".join(FIELDS),
    "limit": "100",
}


@dataclass(frozen=True)
class Ran:
    """One process: seconds and peak megabytes."""

    wall: float
    cpu: float
    megabytes: float


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


def ran(command: list[str], environment: dict[str, str]) -> Ran:
    """Run a command to its end. Raises where it fails."""
    began, before = time.perf_counter(), os.times()
    subprocess.run(command, check=True, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return Ran(time.perf_counter() - began, spent, 0.0)


def bare(url: str, token: str) -> list[str]:
    """The command of the bare client."""
    return [sys.executable, "-m", "tests.benchmarks.pulling", url, token]


def pull(store: Path) -> list[str]:
    """The command of a pull of the same ads."""
    scope = ["--country", "ALL", "--term", "*", "--ad-type", "ALL"]
    return [sys.executable, "-m", "adaudit", "pull", "meta", *scope, "--store", str(store)]


def surroundings(url: str, token: str) -> dict[str, str]:
    """The environment that leads a pull to the server."""
    return {"ADAUDIT_META_URL": url, "ADAUDIT_META_TOKEN": token}


def _walk(url: str, token: str) -> int:
    import httpx
    import orjson

    after, ads = "", 0
    with httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=60.0) as client:
        while True:
            answer = client.get(f"{url}/v25.0/ads_archive?{urlencode(ASKED | ({'after': after} if after else {}))}")
            body = orjson.loads(answer.raise_for_status().content)
            ads += len(body["data"])
            if not body["data"] or "next" not in body.get("paging", {}):
                return ads
            after = body["paging"]["cursors"]["after"]


if __name__ == "__main__":
    sys.stdout.write(json.dumps({"ads": _walk(*sys.argv[1:3])}) + "\n")
