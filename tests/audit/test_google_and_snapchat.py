"""From hand-written pages of Google and Snapchat to verdicts and totals: the way a user goes."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from adaudit.audit.options import Options
from adaudit.audit.run import audit
from adaudit.model.vocabulary import outcome_by_code
from tests.connectors.pages import document, row_of, table
from tests.connectors.test_google_bundle import AD, ADS, WEEKS
from tests.connectors.test_google_exports import creative, reason, removed
from tests.connectors.test_snapchat_gallery import answer, preview

Asked = Callable[..., Any]


class Told:
    """One audit: its summary, and the outcome of every rule by record."""

    def __init__(self, out: Path) -> None:
        self.summary: dict[str, Any] = json.loads((out / "summary.json").read_text("utf-8"))
        names = pl.concat(
            [pl.read_parquet(out / "records.parquet").select("record_id"), _verdicts(out)], how="horizontal"
        )
        self.outcomes = {row["record_id"]: row for row in names.iter_rows(named=True)}

    def of(self, record: str, rule: str) -> str:
        """The outcome of the rule for the record."""
        return outcome_by_code()[self.outcomes[record][rule]].id

    def spend(self, form: str) -> list[tuple[str, str, str | None]]:
        """Currency and both ends of each total of the form."""
        return [(one["currency"], one["low"], one["high"]) for one in self.summary["spend"] if one["form"] == form]

    def statements(self, words: str) -> list[str]:
        """The statements with these words."""
        return [one["en"] for one in self.summary["statements"] if words in one["en"]]


def _verdicts(out: Path) -> pl.DataFrame:
    return pl.read_parquet(out / "verdicts.parquet").drop("record_id", strict=False)


@pytest.fixture
def told(tmp_path: Path) -> Asked:
    def run(name: str, data: bytes, **options: Any) -> Told:
        given = tmp_path / name
        given.write_bytes(data)
        audit([given], tmp_path / "out", Options(**options), lambda *_: None)
        return Told(tmp_path / "out")

    return run


def bundle_of(tmp_path: Path, **members: bytes) -> bytes:
    path = tmp_path / "made.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(f"google-political-ads-{name.replace('_', '-')}.csv", content)
    return path.read_bytes()


def ad(**more: str) -> list[str]:
    return row_of(ADS, **AD | more)


def test_ads_of_the_bundle(told: Asked, tmp_path: Path) -> None:
    later = {"daterangestart": "2025-10-11", "daterangeend": "2025-10-12"}
    rows = [
        ad(adid="CR1", **later),
        ad(adid="CR2", regions="US", spendrangeminusd="1000", spendrangemaxusd="", **later),
        ad(adid="CR3", regions="EU, SE", spendrangemineur="0", spendrangemaxeur="50", spendrangeminsek="1000"),
        ad(adid="CR4", regions="EU", spendrangemineur="500", spendrangemaxeur="0", agetargeting="18-24, Unknown age"),
    ]
    found = told(
        "bundle.zip", bundle_of(tmp_path, creative_stats=table(ADS, *rows), advertiser_weekly_spend=table(WEEKS))
    )
    assert found.of("bundle|CR1", "notice_sponsor_name") == "name_only"
    assert found.of("bundle|CR1", "notice_amount_ad") == "range_not_total"
    assert found.of("bundle|CR1", "notice_reach_views") == "bucket_not_number"
    assert found.of("bundle|CR1", "notice_intended_period") == "delivered_not_intended"
    assert found.of("bundle|CR1", "notice_sponsor_email") == "not_exposed"
    assert found.of("bundle|CR1", "targeting_minors") == "no_indication"
    assert found.of("bundle|CR4", "targeting_minors") == "bracket_open"
    assert found.of("bundle|CR2", "notice_sponsor_name") == "outside_union"
    assert sorted(found.spend("creative_stats"), key=str) == [
        ("EUR", "600", None),
        ("SEK", "1000", "1000"),
        ("USD", "1000", None),
    ]
    assert found.statements("in the Union. That says what was given") == []
    rules = {row["rule"] for row in found.summary["verdicts"] if row["form"] == "creative_stats"}
    assert not [rule for rule in rules if rule.startswith("dsa_")], "the bundle is not the repository of Art 39 DSA"


def test_bundle_without_rows_of_the_union_is_a_statement_and_never_compliance(told: Asked, tmp_path: Path) -> None:
    page = table(ADS, ad(regions="US"), ad(adid="CR2", regions="GB"))
    found = told("bundle.zip", bundle_of(tmp_path, creative_stats=page))
    (text,) = found.statements("none of 2 ads was shown in the Union")
    assert "not that there were no political ads" in text
    (notice,) = found.summary["inputs"][0]["notices"]
    assert "no EU rows in this bundle" in notice["en"]
    assert not {row["ok"] for row in found.summary["verdicts"] if row["rule"].startswith("notice_")} - {0}


def test_one_creative_in_bundle_and_transparency_center_is_two_records(told: Asked, tmp_path: Path) -> None:
    path = tmp_path / "both.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("center.json", document([creative(creative_id="CR1")]))
        archive.writestr("creative-stats.csv", table(ADS, ad(adid="CR1")))
    found = told("given.zip", path.read_bytes())
    assert set(found.outcomes) == {"CR1", "bundle|CR1"}
    assert found.summary["records"]["superseded"] == 0
    assert found.of("CR1", "notice_amount_ad") == "not_exposed"
    assert found.of("bundle|CR1", "notice_amount_ad") == "range_not_total"


def test_whether_the_payer_is_shown_is_unknown_and_not_a_gap(told: Asked) -> None:
    found = told("center.json", document([creative()]))
    exposed = {row["rule"]: row["exposed"] for row in found.summary["exposure"]}
    assert (exposed["dsa_repository_payer"], exposed["notice_payer"]) == ("unverified", "unverified")
    assert found.of("CR0002", "dsa_repository_payer") == "condition_unseen"
    assert found.of("CR0002", "dsa_repository_beneficiary") == "disclosed"
    assert found.of("CR0002", "dsa_repository_reach") == "impressions_not_people"


def test_removed_creative_is_not_blamed_for_what_the_law_withholds(told: Asked) -> None:
    found = told("removed.json", document([removed(reason())]), political=True)
    for rule in ("dsa_repository_content", "dsa_repository_beneficiary", "dsa_repository_payer"):
        assert found.of("CR0002", rule) == "withheld_39_3"
    assert found.of("CR0002", "notice_sponsor_name") == "removed_39_3"
    assert found.of("CR0002", "dsa_repository_period") == "disclosed"
    assert found.summary["records"]["removed"] == 1
    (gap,) = found.statements("has no field at all")
    judged = {row["rule"]: row for row in found.summary["verdicts"]}
    assert judged["dsa_repository_content"]["not_exposed"] == 0, "what the law withholds is no gap"
    assert "removed ads" in gap


def test_ads_gallery_is_judged_under_the_dsa_and_nobody_is_called_political(told: Asked) -> None:
    found = told("page.json", answer(preview(id="a"), preview(id="b", brand_name=None), preview(id="c", end_date=None)))
    assert found.of("a", "notice_sponsor_name") == "not_shown_political"
    assert found.of("a", "dsa_repository_beneficiary") == "name_only"
    assert found.of("b", "dsa_repository_beneficiary") == "payer_as_beneficiary"
    assert found.of("a", "dsa_repository_payer") == "disclosed"
    assert found.of("a", "dsa_repository_period") == "disclosed"
    assert found.of("c", "dsa_repository_period") == "open_end"
    assert found.of("a", "dsa_repository_targeting") == "some_parameters"
    assert found.of("a", "dsa_repository_reach") == "impressions_not_people"


def test_minors_in_an_ad_that_the_user_calls_political_are_a_suspicion(told: Asked) -> None:
    young = {"regulated_content": False, "demographics": [{"min_age": "13"}], "devices": []}
    found = told("page.json", answer(preview(id="a", targeting_v2=young), preview(id="b")), political=True)
    assert found.of("a", "targeting_minors") == "minors_selected"
    assert found.of("b", "targeting_minors") == "no_indication"
    assert found.of("a", "notice_sponsor_name") == "name_only"
