"""Platforms that sell no political advertising: one statement a source and day, and never silence."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from adaudit.audit.options import Options
from adaudit.audit.run import Audit, audit
from adaudit.connectors import sources
from tests.connectors.pages import meta_ad, meta_page

ACTOR = "Fictieve Partij"
SOLD_NONE = {"meta": date(2025, 10, 6), "google": date(2025, 9, 30), "tiktok": None, "x": None}
"""As the reference on platforms tells; of others nothing verified is known."""


def _ad(number: int, until: str | None, page: str = ACTOR, **more: object) -> dict[str, object]:
    dates = {"ad_delivery_start_time": until, "ad_delivery_stop_time": until} if until else {}
    ad = meta_ad(str(number), page_name=page, page_id="77", **more)
    return {key: value for key, value in (ad | dates).items() if until or "delivery" not in key}


def _audited(folder: Path, ads: Sequence[dict[str, object]], as_of: date | None = None, actor: str = ACTOR) -> Audit:
    page, actors = folder / "page.json", folder / "actors.txt"
    page.write_bytes(meta_page(*ads))
    actors.write_text(f"{actor}\n", "utf-8")
    options = Options(political_actors=actors, as_of=as_of)
    return audit([page], folder / "out", options, lambda *_: None)


def _told(done: Audit) -> list[str]:
    summary = json.loads((done.out / "summary.json").read_text("utf-8"))
    return [one["en"] for one in summary["statements"] if "sold here" in one["en"]]


ADS = [
    _ad(1, "2025-10-06"),
    _ad(2, "2025-10-07"),
    _ad(3, "2025-10-10"),
    _ad(4, "2025-11-01", beneficiary_payers=[{"payer": "Fictieve Partij", "beneficiary": "Fictieve Partij"}]),
    _ad(5, "2025-11-01", bylines="Fictieve Partij", spend={"lower_bound": "0", "upper_bound": "99"}),
    _ad(6, "2025-11-01", "Pizza"),
    _ad(7, None),
]


def test_counts_are_of_what_ran_after_the_day(tmp_path: Path) -> None:
    done = _audited(tmp_path, ADS)
    (found,) = json.loads((done.out / "summary.json").read_text("utf-8"))["undeclared"]
    assert found == {
        "source": "meta",
        "last_day": "2025-10-06",
        "ads": 7,
        "asserted": 5,
        "after": 3,
        "unnamed": 2,
        "unnamed_bound": 1,
        "named": 1,
        "earlier_unnamed": 1,
        "undated": 1,
        "declared": 1,
        "silent": 1,
        "unseen": 0,
    }


def test_one_statement_a_source_says_since_when_and_how_many(tmp_path: Path) -> None:
    done = _audited(tmp_path, ADS)
    (text,) = _told(done)
    assert "has not been sold here in the Union since 6 October 2025" in text
    assert "3 of 5 (60 %) ads that the user asserts to be political ran after that" in text
    assert "Without any sponsor disclosure: 2 of 3 (67 %) ads, 1 of them since the rules apply." in text
    assert "1 names a sponsor, advertiser or payer, as Art 39 DSA asks" in text
    assert "1 bears no date and is not counted as after it." in text
    assert "The library itself calls 1 ad that ran after that political." in text
    assert text == done.statements[0].en, "it is the first thing to say"
    assert "sinds 6 oktober 2025 niet meer verkocht" in done.statements[0].nl
    assert not [one for one in done.statements if one.en.startswith("Meta") and "carry no label" in one.en]


def test_where_nobody_is_asserted_to_be_political_that_is_said(tmp_path: Path) -> None:
    (text,) = _told(_audited(tmp_path, ADS, actor="Nobody"))
    assert "Of 4 ads since then that the library does not call political nobody asserts that any is" in text
    assert "no compliance" in text


def test_of_what_ran_before_the_day_nothing_is_said(tmp_path: Path) -> None:
    assert not _told(
        _audited(tmp_path, [_ad(1, "2025-10-06", "Pizza"), _ad(2, "2019-05-01", bylines="Fictieve Partij")])
    )


def test_asserted_ads_from_before_the_day_are_said_to_be_so(tmp_path: Path) -> None:
    (text,) = _told(_audited(tmp_path, ADS[:1]))
    assert "0 of 1 (0 %) ad that the user asserts to be political ran after that" in text
    assert "proves nothing of other ads" in text


def test_as_of_a_day_before_it_nothing_had_ended_yet(tmp_path: Path) -> None:
    done = _audited(tmp_path, ADS, as_of=date(2025, 10, 6))
    assert not _told(done)
    assert done.summary["undeclared"] == []
    assert [one for one in done.statements if "carry no label" in one.en], "what is asserted is told of the form"


@pytest.mark.parametrize("source", sorted(sources()))
def test_only_what_is_sourced_is_said_of_a_platform(source: str) -> None:
    policy = sources()[source].no_political_ads
    assert (policy is not None) == (source in SOLD_NONE)
    if policy:
        assert policy.last_day == SOLD_NONE[source]
        assert policy.seen_in
        assert policy.last_day or "since when is not known" in policy.basis
