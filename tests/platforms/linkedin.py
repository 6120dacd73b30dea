"""LinkedIn's Ad Library API: contract in section 1 of the reference page on other platforms.

What the contract leaves open: whether `countries` and `dateRange` are accepted (here they are, unless re-encoded;
`Fault("error", code="QUERY_PARAM_NOT_ALLOWED", on="countries=", times=...)` plays the other observation), which
versions are current (here any month), and the keys of an error beside `code` and `status`.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, ClassVar
from urllib.parse import unquote, urlencode, urlsplit

from adaudit.sample import linkedin
from adaudit.sample.draw import LETTERS, draw_for

from .exchange import Answer, Asked, joined, json_answer
from .faults import Striking
from .listing import Listing, page
from .platform import Platform, whole_number

PATH = "/rest/adLibrary"
ADS_OF_SAMPLE = 75
LARGEST_COUNT = 25
VERSION = re.compile(r"20\d\d(0[1-9]|1[0-2])")
COUNTRY = re.compile(r"urn:li:country:([A-Z]{2})")
ENDS = re.compile(r"(start|end):\((?=.*?day:(\d+))(?=.*?month:(\d+))(?=.*?year:(\d+))")
USUAL_STATUS = {
    "EXPIRED_ACCESS_TOKEN": 401,
    "FIELD_INVALID": 400,
    "QUERY_PARAM_NOT_ALLOWED": 400,
    "NONEXISTENT_VERSION": 426,
    "TOO_MANY_REQUESTS": 429,
    "ACCESS_DENIED": 403,
}
SERVICE_CODES = {"EXPIRED_ACCESS_TOKEN": 65602}


class LinkedIn(Platform):
    """The library behind a user's token, 25 ads a page."""

    name = "linkedin"
    field = "details.advertiser.advertiserName"
    codes: ClassVar[Mapping[str, str]] = {
        "expired": "EXPIRED_ACCESS_TOKEN",
        "refused": "ACCESS_DENIED",
        "throttled": "TOO_MANY_REQUESTS",
        "quota": "TOO_MANY_REQUESTS",
    }

    def __init__(self, seed: int, ads: int) -> None:
        super().__init__(seed, ads)
        made = linkedin.files(seed, ads / ADS_OF_SAMPLE)
        pages = [json.loads(content) for name, content in made if "_page-" in name]
        self._ads = [ad for answer in pages for ad in answer["elements"]]
        texts = [json.dumps(ad, ensure_ascii=False, separators=(",", ":")).encode() for ad in self._ads]
        self._listing = Listing([str(ad["adUrl"]).rpartition("/")[2] for ad in self._ads], texts)

    def answer(self, asked: Asked, struck: Striking) -> Answer:
        if asked.path != PATH or asked.method != "GET":
            return json_answer({"status": 404, "code": "RESOURCE_NOT_FOUND"}, 404)
        if not asked.bearer or asked.bearer in self.expired:
            return self.error("EXPIRED_ACCESS_TOKEN")
        if not VERSION.fullmatch(asked.headers.get("linkedin-version", "")):
            return self.error("NONEXISTENT_VERSION")
        given = asked.parameters
        start, count = whole_number(given.get("start", ""), 0), whole_number(given.get("count", ""), LARGEST_COUNT)
        if (
            asked.headers.get("x-restli-protocol-version") != "2.0.0"
            or given.get("q") != "criteria"
            or start is None
            or not count
            or count > LARGEST_COUNT
            or re.search(r"(?:countries|dateRange)=(?!\()", asked.query)
        ):
            return self.error("FIELD_INVALID")
        key = urlencode({key: one for key, one in given.items() if key not in {"start", "count"}})
        chosen = self.found(key, len(self._ads), lambda place: _found(self._ads[place], given))
        cut = page(self._listing, chosen, start, count, struck, self.field)
        ending = b'],"paging":' + json.dumps(_paging(asked, count, cut.following, cut.total)).encode() + b"}"
        return joined(b'{"elements":[', cut.texts, ending)

    def error(self, code: str, status: int | None = None, subcode: str = "") -> Answer:
        usual = status or USUAL_STATUS.get(code, 500)
        document: dict[str, object] = {"status": usual, "code": code, "message": "as the loopback server words it"}
        if subcode or code in SERVICE_CODES:
            document["serviceErrorCode"] = int(subcode or SERVICE_CODES[code])
        return json_answer(document, usual)

    def identities(self, form: str = "") -> tuple[str, ...]:
        """The numbers of the ads; of `advertisers` their names."""
        if form == "advertisers":
            return tuple(sorted({str(ad["details"]["advertiser"]["advertiserName"]) for ad in self._ads}))
        return tuple(sorted(self._listing.identities))

    def canary(self) -> str:
        return self._listing.canary

    def token(self, number: int = 1) -> str:
        return f"AQX{draw_for(self.seed, f'linkedin token {number}').text_of(LETTERS, 60)}"


def _paging(asked: Asked, count: int, following: int | None, total: int) -> dict[str, object]:
    """The envelope; the next address is relative to the host, as the sample has it."""
    given = asked.parameters
    paging: dict[str, object] = {"start": int(given.get("start") or 0), "count": count, "total": total, "links": []}
    if following is not None:
        query = urlencode({**given, "start": following, "count": count}, safe="():,")
        path = urlsplit(asked.base).path
        paging["links"] = [{"type": "application/json", "rel": "next", "href": f"{path}{PATH}?{query}"}]
    return paging


def _found(ad: Mapping[str, Any], given: Mapping[str, str]) -> bool:
    """Whether a search finds the ad: parts of the advertiser's name, a country reached, days that overlap."""
    details = ad["details"]
    names = f"{details['advertiser']['advertiserName']} {details['advertiser'].get('adPayer', '')}".casefold()
    statistics = details.get("adStatistics")
    if not all(given.get(key, "").casefold() in names for key in ("advertiser", "keyword")):
        return False
    countries = set(COUNTRY.findall(unquote(given.get("countries", ""))))
    ends = {
        end: date(int(year), int(month), int(day)) for end, day, month, year in ENDS.findall(given.get("dateRange", ""))
    }
    if statistics is None:
        return not countries and not ends
    reached = {one["country"].rpartition(":")[2] for one in statistics["impressionsDistributionByCountry"]}
    first, last = (
        datetime.fromtimestamp(statistics[key] / 1000, UTC).date()
        for key in ("firstImpressionAt", "latestImpressionAt")
    )
    within = first <= ends.get("end", date.max) and last >= ends.get("start", date.min)
    return within and (not countries or not countries.isdisjoint(reached))
