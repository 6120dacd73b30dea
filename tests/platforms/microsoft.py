"""Microsoft's Ad Library API: contract in section 2 of the reference page on other platforms.

What the contract leaves open: the body of an error, whether a page names the next (here none does: `skip` counts on),
and in which fields `searchText` looks (here advertiser, title and description).
"""

import json
import re
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import urlencode

from adaudit.sample import microsoft

from .exchange import Answer, Asked, joined, json_answer
from .faults import Striking
from .listing import Listing, page
from .platform import Platform, whole_number

BASE = "/api/v1"
CONTEXT = "https://adlibrary.api.bingads.microsoft.com/api/v1/$metadata#"
ADS_OF_SAMPLE = 72
LARGEST_TOP, LARGEST_SKIP, LARGEST_COUNT = 24, 999, 1000
NUMBERS = {
    **{"Austria": 10, "Belgium": 14, "Czechia": 51, "Denmark": 53, "France": 66, "Germany": 72, "Ireland": 92},
    **{"Italy": 93, "Norway": 139, "Spain": 170, "129": 129},
}
"""The platform's numbers of the countries that the sample names."""
DAY = re.compile(r"\d{4}-\d\d-\d\d")
USUAL_STATUS = {"refused": 403, "throttled": 429, "invalid": 400, "missing": 404}


class Microsoft(Platform):
    """The library without credentials: 24 ads a page, none beyond the thousandth of one search."""

    name = "microsoft"
    field = "AdvertiserName"
    codes: ClassVar[Mapping[str, str]] = {"refused": "refused", "throttled": "throttled"}

    def __init__(self, seed: int, ads: int) -> None:
        super().__init__(seed, ads)
        made = dict(microsoft.files(seed, ads / ADS_OF_SAMPLE))
        pages = [json.loads(content) for name, content in made.items() if "/ads_page-" in name]
        details = [json.loads(content)["AdDetails"] for name, content in made.items() if "/ad_detail_" in name]
        self._ads = [ad for answer in pages for ad in answer["value"]]
        self._details = [details[place % len(details)] for place in range(len(self._ads))]
        self._advertisers = json.loads(made[f"{microsoft.FOLDER}/advertisers.json"])["value"]
        texts = [json.dumps(ad, ensure_ascii=False, separators=(",", ":")).encode() for ad in self._ads]
        self._listing = Listing([str(ad["AdId"]) for ad in self._ads], texts)
        self._place = {identity: place for place, identity in enumerate(self._listing.identities)}

    def answer(self, asked: Asked, struck: Striking) -> Answer:
        call = asked.path.removeprefix(f"{BASE}/")
        if asked.method != "GET" or not asked.path.startswith(f"{BASE}/"):
            return self.error("missing")
        if call.startswith(("Ads/", "Advertisers/")):
            return self._one(call, asked.parameters)
        if call == "Ads":
            return self._search(asked, struck)
        return self._advertisers_found(asked) if call == "Advertisers" else self.error("missing")

    def error(self, code: str, status: int | None = None, subcode: str = "") -> Answer:
        document = {"error": {"code": code, "message": subcode or "as the loopback server words it"}}
        return json_answer(document, status or USUAL_STATUS.get(code, 500))

    def identities(self, form: str = "") -> tuple[str, ...]:
        """The ads' ids; of `advertisers` those of the advertisers that have ads."""
        if form == "advertisers":
            return tuple(sorted({str(ad["AdvertiserId"]) for ad in self._ads}))
        return tuple(sorted(self._listing.identities))

    def canary(self) -> str:
        return self._listing.canary

    def token(self, number: int = 1) -> str:  # noqa: ARG002 - none is needed
        return ""

    def _search(self, asked: Asked, struck: Striking) -> Answer:
        given = asked.parameters
        window = _window(given)
        days = [given.get(key, "") for key in ("startDate", "endDate")]
        numbers = [one for one in given.get("countryCodes", "").split(",") if one]
        if (
            window is None
            or not (given.get("advertiserId") or given.get("searchText"))
            or not all(not day or DAY.fullmatch(day) for day in days)
            or not all(one.isdigit() for one in numbers)
        ):
            return self.error("invalid")
        top, skip = window
        wanted = {int(one) for one in numbers}
        key = urlencode({key: one for key, one in given.items() if key not in {"top", "skip"}})
        chosen = self.found(key, len(self._ads), lambda place: self._matches(place, given, days, wanted))
        cut = page(self._listing, chosen[:LARGEST_COUNT], skip, top, struck, self.field)
        count = min(cut.total + max(0, len(chosen) - LARGEST_COUNT), LARGEST_COUNT)
        before = json.dumps({"@odata.context": f"{CONTEXT}Ads", "@odata.count": count}).encode()[:-1]
        return joined(before + b',"value":[', cut.texts, b"]}")

    def _matches(self, place: int, given: Mapping[str, str], days: list[str], numbers: set[int]) -> bool:
        ad, details = self._ads[place], self._details[place]
        text = f"{ad['AdvertiserName']} {ad['Title']} {ad['Description']}".casefold()
        return (
            given.get("advertiserId", "") in {"", str(ad["AdvertiserId"])}
            and given.get("searchText", "").casefold() in text
            and (not days[0] or details["EndDate"] >= days[0])
            and (not days[1] or details["StartDate"] <= days[1])
            and (not numbers or not numbers.isdisjoint(_reached(details)))
        )

    def _one(self, call: str, given: Mapping[str, str]) -> Answer:
        """One ad, with its details where they are asked for, or one advertiser."""
        kind, _, identity = call.partition("/")
        if kind == "Advertisers":
            rows = [one for one in self._advertisers if str(one["AdvertiserId"]) == identity]
            return json_answer(rows[0]) if rows else self.error("missing")
        if identity not in self._place:
            return self.error("missing")
        place = self._place[identity]
        document: dict[str, Any] = {"@odata.context": f"{CONTEXT}Ads/$entity", **self._ads[place]}
        if given.get("expand", "").startswith("AdDetails"):
            document["AdDetails"] = self._details[place]
        return json_answer(document)

    def _advertisers_found(self, asked: Asked) -> Answer:
        window, text = _window(asked.parameters), asked.parameters.get("searchText", "").casefold()
        if window is None or not text:
            return self.error("invalid")
        found = [one for one in self._advertisers if text in one["AdvertiserName"].casefold()]
        rows = found[window[1] : window[1] + window[0]]
        return json_answer({"@odata.context": f"{CONTEXT}Advertisers", "@odata.count": len(found), "value": rows})


def _window(given: Mapping[str, str]) -> tuple[int, int] | None:
    """How many are asked for and how many skipped; None beyond the limits."""
    top, skip = whole_number(given.get("top", ""), LARGEST_TOP), whole_number(given.get("skip", ""), 0)
    if top is None or skip is None or not 0 < top <= LARGEST_TOP or skip > LARGEST_SKIP:
        return None
    return top, skip


def _reached(details: Mapping[str, Any]) -> set[int]:
    """The platform's numbers of the countries where the ad was shown."""
    return {NUMBERS[one["Country"]] for one in details["ImpressionsByCountry"]}
