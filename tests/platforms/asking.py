"""Asks the loopback server over HTTP with the standard library: one request, or a whole pull page by page."""

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit


@dataclass(frozen=True)
class Got:
    """An answer as it came over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def ask(url: str, method: str = "GET", body: bytes | None = None, headers: dict[str, str] | None = None) -> Got:
    """One request on a connection of its own; redirects are not followed, and errors of the connection are raised."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request(method, target, body, headers or {})
        answer = connection.getresponse()
        received = answer.read()
        return Got(answer.status, {key.lower(): one for key, one in answer.headers.items()}, received)
    finally:
        connection.close()


def post(url: str, document: object, headers: dict[str, str] | None = None) -> Got:
    """One POST of a JSON document."""
    return ask(url, "POST", json.dumps(document).encode(), {"content-type": "application/json", **(headers or {})})


def with_query(url: str, **parameters: object) -> str:
    """The address with these parameters."""
    return f"{url}?{urlencode(parameters)}"


META_FIELDS = "id,ad_snapshot_url,page_id,page_name,bylines,spend,impressions,ad_delivery_start_time"


def meta_query(base: str, **parameters: object) -> str:
    """The address of a query for the whole archive, which the parameters narrow."""
    usual = {
        "ad_reached_countries": '["ALL"]',
        "search_terms": "*",
        "ad_active_status": "ALL",
        "fields": META_FIELDS,
        "limit": 50,
    }
    return with_query(f"{base}/v25.0/ads_archive", **{**usual, **parameters})


def meta_pages(base: str, token: str, most: int = 1000, **parameters: object) -> list[Any]:
    """The pages of one query, following cursors until none comes or no ads do."""
    pages: list[Any] = []
    after: dict[str, object] = {}
    while len(pages) < most:
        got = ask(meta_query(base, **parameters, **after), headers={"authorization": f"Bearer {token}"})
        assert got.status == 200, got.body
        pages.append(got.document)
        paging = pages[-1].get("paging", {})
        if "next" not in paging or not pages[-1]["data"]:
            break
        after = {"after": paging["cursors"]["after"]}
    return pages


def meta_ids(pages: list[Any]) -> list[str]:
    """The ids of the ads on the pages, in order."""
    return [ad["id"] for page in pages for ad in page["data"]]
