"""X's export of its ads repository: contract in section 3 of the reference page on X.

An export holds the header and no rows, as every one that was ever seen: the form of rows is not known, so there is
nothing to pull. What the contract leaves open: the state of an export that is not finished (here `Created`), what
an order comes to that was made before (here the same export, so that pulls can be compared), and the bodies of errors.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, ClassVar

from adaudit.sample import x
from adaudit.sample.draw import LETTERS, draw_for

from .exchange import Answer, Asked, json_answer
from .faults import Striking
from .platform import Platform

ORDER = re.compile(r"/graphql/[\w-]+/CreateExportReportMutation")
STATUS = re.compile(r"/graphql/[\w-]+/GetExportReportStatusQuery")
FILE = re.compile(r"/exports/(\w+)\.csv")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
POLLS_UNTIL_FINISHED = 2
USUAL_STATUS = {"expired": 401, "refused": 403, "throttled": 429, "invalid": 400}


class X(Platform):
    """Exports that are ordered, asked after, and downloaded."""

    name = "x"
    field = "Advertiser Name"
    codes: ClassVar[Mapping[str, str]] = {"expired": "expired", "refused": "refused", "throttled": "throttled"}

    def __init__(self, seed: int, ads: int) -> None:
        super().__init__(seed, ads)
        self._table = dict(x.files(seed, 1.0))[x.FILE]
        self._polls: dict[str, int] = {}

    def answer(self, asked: Asked, struck: Striking) -> Answer:
        found = FILE.fullmatch(asked.path)
        if found and found[1] in self._polls:
            table = self._table.replace(self.field.encode(), b"Advertiser") if "renamed" in struck else self._table
            return Answer(200, table, {"content-type": "text/csv; charset=utf-8"})
        if not asked.bearer or asked.bearer in self.expired:
            return self.error("expired")
        if asked.method == "POST" and ORDER.fullmatch(asked.path):
            return self._order(asked)
        if asked.method == "GET" and STATUS.fullmatch(asked.path):
            return self._status(asked, struck)
        return self.error("missing", 404)

    def error(self, code: str, status: int | None = None, subcode: str = "") -> Answer:
        document = {"errors": [{"message": subcode or code}]}
        return json_answer(document, status or USUAL_STATUS.get(code, 503))

    def identities(self, form: str = "") -> tuple[str, ...]:  # noqa: ARG002 - there is nothing of any form
        """None: an export has no rows."""
        return ()

    def canary(self) -> str:
        return ""

    def token(self, number: int = 1) -> str:
        return draw_for(self.seed, f"x token {number}").text_of(LETTERS, 80)

    def _order(self, asked: Asked) -> Answer:
        variables: Any = (asked.document or {}).get("variables")
        days = variables.get("deliveryRange") if isinstance(variables, dict) else None
        ends = [str(days.get(key, "")) for key in ("start_date", "end_date")] if isinstance(days, dict) else [""]
        if not all(map(DAY.fullmatch, ends)) or not variables.get("user") or not variables.get("geoLocation"):
            return self.error("invalid")
        identity = draw_for(self.seed, f"export {json.dumps(variables)}").hexadecimal(24)
        self._polls.setdefault(identity, 0)
        return json_answer({"data": {"create_digital_services_act_export_insert": {"export_id": identity}}})

    def _status(self, asked: Asked, struck: Striking) -> Answer:
        try:
            identity = str(json.loads(asked.parameters.get("variables", ""))["exportId"])
            self._polls[identity] += 1
        except (ValueError, KeyError, TypeError):
            return self.error("invalid")
        finished = self._polls[identity] >= POLLS_UNTIL_FINISHED and "unfinished" not in struck
        status: dict[str, object] = {"export_id": identity, "export_status": "Finished" if finished else "Created"}
        status["export_download_url"] = f"{asked.base}/exports/{identity}.csv" if finished else None
        return json_answer({"data": {"digital_services_act_export_status": status}})
