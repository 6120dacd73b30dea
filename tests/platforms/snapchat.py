"""Snap's yearly files and its Ads Gallery: contract in sections A and B of the reference page on Snapchat.

What the contract leaves open: the envelope of an error (here `error_code` beside a `request_status` that is not
SUCCESS), the largest page of a search (here 10, whatever `limit` says), and how sponsored content pages on.
"""

import json
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from adaudit.sample import snapchat, snapchat_gallery

from .downloads import Download, missing
from .exchange import Answer, Asked, joined, json_answer
from .faults import Striking
from .listing import Listing, page
from .platform import NO_CURSOR, Platform, cursor, place_of, whole_number
from .tables import column, concerned, faulty, unzipped, zipped

YEARS = range(2018, 2027)
LAST_EARLY_YEAR = 2020
YEAR_OF_ITS_OWN = 2024
ROWS_OF_SAMPLE = {snapchat.FILE_2019: 350, snapchat.FILE_2024: 100, snapchat.FILE_2025: 250}
ADS_OF_GALLERY = 60
SPONSORED_OF_SAMPLE = 5
FILE = re.compile(r"/ad-manager-political-ads-dump/political/(\d{4})/PoliticalAds\.zip")
MEMBER = "PoliticalAds.csv"
README = b"SNAPCHAT POLITICAL AD LIBRARY REPORT\n\nAll organisations and figures in this file are made up.\n"
GALLERY = "/v1/ads_library"
MOST_SPONSORED = 200
SEARCH_PAGE, SPONSORED_PAGE, LARGEST_SPONSORED_PAGE = 10, 50, 500
COUNTRIES = frozenset(
    {"at", "be", "bg", "hr", "cy", "cz", "de", "dk", "ee", "el", "es", "fi", "fr", "hu", "ie", "it"}
    | {"lt", "lu", "lv", "mt", "nl", "pl", "pt", "ro", "se", "si", "sk", "tr"}
)
STATES = frozenset({"ACTIVE", "PAUSED"})
REFUSED = "REFUSED"
"""Not one of the platform's codes: the contract knows none for a refusal."""
SUCCEEDED, FAILED = b'"sub_request_status":"SUCCESS"', b'"sub_request_status":"ERROR"'
USUAL_STATUS = {"E1009": 200, "E1008": 400, "E3024": 400}


class Snapchat(Platform):
    """The yearly zips, spread evenly over the years, and as many ads in the gallery; nothing needs a token.

    With `regenerated`, the last year's file is a later snapshot: more ads, more spend in a third of them, none
    gone.
    """

    name = "snapchat"
    field = "PayingAdvertiserName"
    codes: ClassVar[Mapping[str, str]] = {"throttled": "E1009", "refused": REFUSED}

    def __init__(self, seed: int, ads: int) -> None:
        super().__init__(seed, ads)
        self._files: dict[tuple[int, bool], Download] = {}

    @cached_property
    def _ads(self) -> list[dict[str, Any]]:
        """The gallery's ads."""
        return _gallery_ads(self.seed, self.ads)

    @cached_property
    def _gallery(self) -> Listing:
        return Listing([str(one["id"]) for one in self._ads], [_row("ad_preview", one) for one in self._ads])

    @cached_property
    def _place(self) -> dict[str, int]:
        """Where each ad of the gallery stands."""
        return {identity: place for place, identity in enumerate(self._gallery.identities)}

    @cached_property
    def _sponsored(self) -> Listing:
        shown = _sponsored(self.seed, min(max(1, self.ads // 10), MOST_SPONSORED))
        texts = [_row("sponsored_content_preview", one) for one in shown]
        return Listing([str(one["content_url"]) for one in shown], texts)

    def answer(self, asked: Asked, struck: Striking) -> Answer:
        found = FILE.fullmatch(asked.path)
        if found and asked.method in {"GET", "HEAD"}:
            return self._year(asked, int(found[1]), struck)
        if asked.path == f"{GALLERY}/ads/search":
            return self._search(asked, struck) if asked.method == "POST" else _failure("method not allowed", 405)
        if asked.path in {f"{GALLERY}/sponsored_content", f"{GALLERY}/sponsored_content/search"}:
            return self._content(asked, struck)
        identity = asked.path.removeprefix(f"{GALLERY}/ads/")
        if asked.method == "GET" and identity in self._place:
            ad = self._ads[self._place[identity]]
            return json_answer({"request_status": "SUCCESS", "request_id": "0" * 32, "ad_preview": ad})
        return missing()

    def error(self, code: str, status: int | None = None, subcode: str = "") -> Answer:
        usual = USUAL_STATUS.get(code, 403 if code == self.codes["refused"] else 500)
        return _failure(subcode or "as the loopback server words it", status or usual, code)

    def identities(self, form: str = "") -> tuple[str, ...]:
        """The yearly files' ids; of `ads_gallery` its ads, of `sponsored_content` their addresses; of
        `paying_advertisers` the names to search the gallery for."""
        if form == "ads_gallery":
            return tuple(sorted(self._gallery.identities))
        if form == "sponsored_content":
            return tuple(sorted(set(self._sponsored.identities)))
        if form == "paying_advertisers":
            return tuple(sorted({str(one["paying_advertiser_name"]) for one in self._ads}))
        return tuple(sorted(one for year in YEARS for one in column(self.table(year), "ADID")))

    def canary(self) -> str:
        found = column(self.table(YEARS[-1]), "ADID")
        return found[len(found) // 2]

    def token(self, number: int = 1) -> str:  # noqa: ARG002 - none is needed
        return ""

    def table(self, year: int) -> bytes:
        """The CSV of a year as it is before any fault."""
        return unzipped(self._file(year, later=False).content)[MEMBER]

    def _year(self, asked: Asked, year: int, struck: Striking) -> Answer:
        if year not in YEARS:
            return missing()
        file = self._file(year, later="regenerated" in struck and year == YEARS[-1])
        if concerned(struck):
            members = unzipped(file.content)
            members[MEMBER] = faulty(members[MEMBER], struck, "ADID", self.field)
            file = Download(zipped(members.items()))
        return file.answer(asked)

    def _file(self, year: int, *, later: bool) -> Download:
        if (year, later) not in self._files:
            place = YEARS.index(year)
            rows = max(1, self.ads * (place + 1) // len(YEARS) - self.ads * place // len(YEARS))
            members = _members(self.seed, year, rows, later=later)
            self._files[year, later] = Download(zipped(members.items()))
        return self._files[year, later]

    def _search(self, asked: Asked, struck: Striking) -> Answer:
        body = asked.document
        if body is None or _wrong(body):
            return self.error("E3024")
        key = json.dumps(body, sort_keys=True)
        chosen = self.found(key, len(self._ads), lambda place: _found(self._ads[place], body))
        limit = whole_number(asked.parameters.get("limit", ""), SEARCH_PAGE)
        return self._page(asked, struck, self._gallery, chosen, min(limit or SEARCH_PAGE, SEARCH_PAGE))

    def _content(self, asked: Asked, struck: Striking) -> Answer:
        """Sponsored content: all of it with GET, of one creator with a search by POST."""
        searched = asked.path.endswith("/search")
        wanted = str((asked.document or {}).get("creator_name", "")).casefold()
        limit = whole_number(asked.parameters.get("limit", ""), SPONSORED_PAGE)
        if asked.method != ("POST" if searched else "GET"):
            return _failure("method not allowed", 405)
        if not limit or limit > LARGEST_SPONSORED_PAGE or (searched and not wanted):
            return self.error("E3024")
        texts = self._sponsored.texts
        chosen = [place for place, text in enumerate(texts) if not searched or wanted in text.decode().casefold()]
        return self._page(asked, struck, self._sponsored, chosen, limit)

    def _page(self, asked: Asked, struck: Striking, listing: Listing, chosen: list[int], size: int) -> Answer:
        """One page; its cursor belongs to the address and body that asked for it."""
        query = f"{asked.path}\n{json.dumps(asked.document, sort_keys=True)}"
        given = asked.parameters.get("cursor", "")
        start = place_of(query, given) if given else 0
        if start == NO_CURSOR:
            return self.error("E1008")
        kind = "sponsored_content_preview" if listing is self._sponsored else "ad_preview"
        usual_field = "sponsor_name" if listing is self._sponsored else "paying_advertiser_name"
        cut = page(listing, chosen, start, size, struck, f"{kind}.{usual_field}")
        paging = b""
        if cut.following is not None:
            link = f"{asked.base}{asked.path}?cursor={cursor(query, cut.following)}&limit={size}"
            paging = b'"paging":' + json.dumps({"next_link": link}).encode() + b","
        status = b'{"request_status":"SUCCESS","request_id":"%032d",' % asked.number
        failed = struck.number("row_failed", 2)
        texts = [text.replace(SUCCEEDED, FAILED, 1) for text in cut.texts[:failed]] + cut.texts[failed:]
        return joined(status + paging + b'"ad_previews":[', texts, b"]}")


def _failure(message: str, status: int, code: str = REFUSED) -> Answer:
    document = {"request_status": "ERROR", "request_id": "0" * 32, "error_code": code, "debug_message": message}
    return json_answer(document, status)


def _row(kind: str, preview: Mapping[str, Any]) -> bytes:
    row = {"sub_request_status": "SUCCESS", kind: preview}
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()


def _gallery_ads(seed: int, ads: int) -> list[dict[str, Any]]:
    pages = [
        json.loads(content)
        for name, content in snapchat_gallery.files(seed, ads / ADS_OF_GALLERY)
        if "/search_page-" in name
    ]
    return [row["ad_preview"] for answer in pages for row in answer["ad_previews"]]


def _sponsored(seed: int, number: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for part in range(-(-number // SPONSORED_OF_SAMPLE)):
        made = dict(snapchat_gallery.files(seed * 10_000 + part, 1 / ADS_OF_GALLERY))
        answer = json.loads(made[f"{snapchat_gallery.FOLDER}/sponsored_content.json"])
        found.extend(row["sponsored_content_preview"] for row in answer["ad_previews"])
    return found[:number]


def _wrong(body: Mapping[str, Any]) -> bool:
    """Whether a search is refused: without a name, or with countries or a state that are not among the known."""
    countries = body.get("countries") or []
    if not body.get("paying_advertiser_name") or not isinstance(countries, list):
        return True
    return not set(countries) <= COUNTRIES or body.get("status", "ACTIVE") not in STATES


def _found(ad: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    """Whether a search finds the ad: part of the payer's name, any of the countries, days that overlap, the state."""
    countries, end = body.get("countries") or [], ad.get("end_date", "9999")
    return (
        str(body["paying_advertiser_name"]).casefold() in str(ad["paying_advertiser_name"]).casefold()
        and (not countries or not set(countries).isdisjoint(ad["impressions_map"]))
        and (not body.get("start_date") or end >= body["start_date"])
        and (not body.get("end_date") or ad["start_date"] <= body["end_date"])
        and (not body.get("status") or ad["status"] == body["status"])
    )


def _members(seed: int, year: int, rows: int, *, later: bool) -> dict[str, bytes]:
    """The zip's members: the sample's file of that time, its days moved into the year."""
    path, own = snapchat.FILE_2025, b"2025"
    if year <= LAST_EARLY_YEAR:
        path, own = snapchat.FILE_2019, b"2019"
    elif year == YEAR_OF_ITS_OWN:
        path, own = snapchat.FILE_2024, b"2024"
    drawn = rows + max(1, rows // 5)
    sample = snapchat.files(seed * 10_000 + year, drawn / ROWS_OF_SAMPLE[path])
    made = next(content for name, content in sample if name == path)
    members = unzipped(made) if path == snapchat.FILE_2024 else {MEMBER: made, "readme.txt": README}
    header, *lines = members[MEMBER].splitlines(keepends=True)
    dated = [line.replace(own + b"/", b"%d/" % year) for line in lines]
    members[MEMBER] = b"".join([header, *(_later(dated) if later else dated[:rows])])
    return members


def _later(rows: list[bytes]) -> list[bytes]:
    """The rows as a later snapshot has them: of every third ad more was spent."""
    found: list[bytes] = []
    for place, row in enumerate(rows):
        identity, address, currency, spend, rest = row.split(b",", 4)
        more = int(spend) + 10 * (place + 1) if place % 3 == 0 else int(spend)
        found.append(b",".join([identity, address, currency, b"%d" % more, rest]))
    return found
