"""Google's political ads bundle as a download: contract in section 2 of the reference page on Google."""

from collections.abc import Mapping
from typing import ClassVar

from adaudit.sample import google_bundle

from .downloads import Download, missing
from .exchange import Answer, Asked
from .faults import Striking
from .platform import Platform
from .tables import column, concerned, faulty, unzipped, zipped

PATH = "/political-csv/google-political-ads-transparency-bundle.zip"
ADS = "google-political-ads-creative-stats.csv"
ADS_OF_SAMPLE = 220


class Google(Platform):
    """The bundle at its current address, without authentication, with ranges; rebuilt where a fault says so.

    Bodies of errors are the server's own: the contract knows none.
    """

    name = "google"
    field = "Advertiser_Name"
    codes: ClassVar[Mapping[str, str]] = {"refused": "AccessDenied", "throttled": "SlowDown"}

    def __init__(self, seed: int, ads: int) -> None:
        super().__init__(seed, ads)
        self._downloads = {False: self._bundle(seed)}

    def answer(self, asked: Asked, struck: Striking) -> Answer:
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
        usual = 403 if code == self.codes["refused"] else 503
        body = f"<?xml version='1.0' encoding='UTF-8'?><Error><Code>{code}</Code>{subcode}</Error>"
        return Answer(status or usual, body.encode(), {"content-type": "application/xml; charset=UTF-8"})

    def identities(self, form: str = "") -> tuple[str, ...]:
        """The ads' ids; of `advertiser_stats` the advertisers'."""
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
