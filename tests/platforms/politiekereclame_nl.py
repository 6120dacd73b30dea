"""The Dutch register's public JSON: `GET /api/public/statements?page=&limit=`, as its public clients ask it.

The list is an object with `items` and `meta.filter_count`; each item is one version of a statement. Pages count
from 1; one beyond the end has no items. `q` searches texts, `theme` is compared whole.
"""

import json
from collections.abc import Mapping
from typing import ClassVar

from adaudit.sample import register_notices

from .exchange import Answer, Asked, joined, json_answer
from .faults import Striking
from .listing import Listing, page
from .platform import Platform, whole_number

PATH = "/api/public/statements"
USUAL_LIMIT = 25
LARGEST_LIMIT = 1000
ITEMS_OF_SAMPLE = 62


class PolitiekeReclame(Platform):
    """The register's statements, public and without a token; bodies of errors are the server's own."""

    name = "politiekereclame_nl"
    field = "opdrachtgever_naam_organisatie"
    codes: ClassVar[Mapping[str, str]] = {"refused": "FORBIDDEN", "throttled": "REQUESTS_EXCEEDED"}

    def __init__(self, seed: int, ads: int) -> None:
        super().__init__(seed, ads)
        made = next(register_notices.files(seed, ads / ITEMS_OF_SAMPLE))[1]
        self._items = json.loads(made)[:ads]
        texts = [json.dumps(item, ensure_ascii=False, separators=(",", ":")).encode() for item in self._items]
        self._listing = Listing([str(item["id"]) for item in self._items], texts)

    def answer(self, asked: Asked, struck: Striking) -> Answer:
        if asked.path != PATH or asked.method != "GET":
            return json_answer({"message": "not found"}, 404)
        given = asked.parameters
        number, limit = whole_number(given.get("page", ""), 1), whole_number(given.get("limit", ""), USUAL_LIMIT)
        if not number or not limit or limit > LARGEST_LIMIT:
            return json_answer({"message": f"page from 1, limit from 1 to {LARGEST_LIMIT}"}, 400)
        wanted, theme = given.get("q", "").casefold(), given.get("theme")
        texts = self._listing.texts

        def matches(place: int) -> bool:
            of_theme = theme is None or self._items[place]["theme"] == theme
            return of_theme and (not wanted or wanted in texts[place].decode().casefold())

        chosen = self.found(f"{wanted} {theme}", len(texts), matches)
        cut = page(self._listing, chosen, (number - 1) * limit, limit, struck, self.field)
        counted = b"" if "paging_lost" in struck else b'"filter_count":%d' % cut.total
        return joined(b'{"items":[', cut.texts, b'],"meta":{%s}}' % counted)

    def error(self, code: str, status: int | None = None, subcode: str = "") -> Answer:
        usual = {"FORBIDDEN": 403, "REQUESTS_EXCEEDED": 429}.get(code, 500)
        return json_answer({"errors": [{"message": subcode or code, "extensions": {"code": code}}]}, status or usual)

    def identities(self, form: str = "") -> tuple[str, ...]:
        """The versions' ids; of the form `records` the statements' public ids."""
        key = "public_id" if form == "records" else "id"
        return tuple(sorted({str(item[key]) for item in self._items}))

    def canary(self) -> str:
        return self._listing.canary

    def token(self, number: int = 1) -> str:  # noqa: ARG002 - none is needed
        return ""
