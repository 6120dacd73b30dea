"""Google's political ads bundle as a download, and BigQuery: sections 2 and 4 of the reference page on Google."""

from collections.abc import Mapping
from functools import cached_property
from typing import ClassVar

from adaudit.sample import google_bundle

from . import bigquery
from .bigquery import Warehouse
from .downloads import Download, missing
from .exchange import Answer, Asked
from .faults import Striking
from .platform import Platform
from .tables import column, concerned, faulty, unzipped, zipped

PATH = "/political-csv/google-political-ads-transparency-bundle.zip"
ADS = "google-political-ads-creative-stats.csv"
ADS_OF_SAMPLE = 220


class Google(Platform):
    """The bundle at its current address, without authentication, with ranges, rebuilt where a fault says so; BigQuery
    beside it.

    Bodies of errors of the bundle are the server's own: the contract knows none. Errors of BigQuery are called by its
    own reasons, such as `accessDenied`.
    """

    name = "google"
    field = "Advertiser_Name"
    codes: ClassVar[Mapping[str, str]] = {"refused": "AccessDenied", "throttled": "SlowDown", "expired": "authError"}

    def __init__(self, seed: int, ads: int) -> None:
        super().__init__(seed, ads)
        self._downloads = {False: self._bundle(seed)}

    @cached_property
    def warehouse(self) -> Warehouse:
        """The tables behind BigQuery, made when they are first asked for."""
        return Warehouse(self.seed, self.ads, self.expired)

    def answer(self, asked: Asked, struck: Striking) -> Answer:
        if asked.path.startswith((bigquery.API, bigquery.TOKENS)):
            return self.warehouse.answer(asked, struck)
        if asked.path != PATH or asked.method not in {"GET", "HEAD"}:
            return missing()
        later = "regenerated" in struck
        if later not in self._downloads:
            self._downloads[later] = self._bundle(self.seed + 1)
        bundle = self._downloads[later]
        if concerned(struck):
            members = unzipped(bundle.content)
            members[ADS] = faulty(members[ADS], struck, "Ad_ID", self.field)
            bundle = Download(zipped(members.items()))
        return bundle.answer(asked)

    def error(self, code: str, status: int | None = None, subcode: str = "") -> Answer:
        if code in bigquery.STATUS or code.startswith(("invalid", "job", "resources", "billing", "bytes", "table")):
            return bigquery.error(code, status, subcode)
        usual = 403 if code == self.codes["refused"] else 503
        body = f"<?xml version='1.0' encoding='UTF-8'?><Error><Code>{code}</Code>{subcode}</Error>"
        return Answer(status or usual, body.encode(), {"content-type": "application/xml; charset=UTF-8"})

    def identities(self, form: str = "") -> tuple[str, ...]:
        """The ads' ids; of `advertiser_stats` the advertisers'; of a table of BigQuery those of its creatives."""
        if form in self.warehouse.rows:
            pages = (str(one["creative_page_url"]) for one in self.warehouse.rows[form])
            return tuple(sorted({one.rpartition("/")[2].partition("?")[0] for one in pages}))
        members = unzipped(self._downloads[False].content)
        if form == "advertiser_stats":
            return tuple(sorted(set(column(members["google-political-ads-advertiser-stats.csv"], "Advertiser_ID"))))
        return tuple(sorted(set(column(members[ADS], "Ad_ID"))))

    def canary(self) -> str:
        found = column(unzipped(self._downloads[False].content)[ADS], "Ad_ID")
        return found[len(found) // 2] if found else ""

    def token(self, number: int = 1) -> str:  # noqa: ARG002 - none is needed
        return ""

    def _bundle(self, seed: int) -> Download:
        made = dict(google_bundle.files(seed, self.ads / ADS_OF_SAMPLE))
        return Download(zipped(unzipped(made[google_bundle.BUNDLE_FILE]).items()))
