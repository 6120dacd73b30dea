"""What a client asked and what it is answered, apart from any platform."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Asked:
    """One request as it arrived.

    `number` counts the requests to one platform from 1; header names are in lower case; `path` is what follows
    the platform's base address, still encoded, without the query; `query` is the query as it was sent.
    """

    number: int
    platform: str
    method: str
    base: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def parameters(self) -> dict[str, str]:
        """The query's parameters, decoded; of a name given twice, the last value."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        """The body as a web form."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @property
    def document(self) -> dict[str, Any] | None:
        """The body as a JSON object; None where it is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return None
        return found if isinstance(found, dict) else None

    @property
    def bearer(self) -> str:
        """The token of the Authorization header, or nothing."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""


@dataclass(frozen=True)
class Answer:
    """A status, headers and a whole body."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def with_headers(self, **headers: str) -> "Answer":
        """The same answer with further headers; underscores stand for hyphens."""
        return replace(self, headers={**self.headers, **{key.replace("_", "-"): one for key, one in headers.items()}})


def json_answer(document: object, status: int = 200) -> Answer:
    """A JSON document on one line."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return Answer(status, text.encode(), {"content-type": JSON})


def joined(before: bytes, rows: list[bytes], after: bytes) -> Answer:
    """A JSON answer around rows that are JSON texts already."""
    return Answer(200, b"".join((before, b",".join(rows), after)), {"content-type": JSON})
