"""The section on the source as a whole: what it holds, in which order, in both languages, safe from what was said."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from adaudit.language import Language
from adaudit.report import write_report
from adaudit.report.whole import NAMED, wholes
from adaudit.rules.repository import reasons
from tests.report.conftest import HOSTILE, Open

ROW: dict[str, Any] = {
    **{"source": "x", "form": None, "kind": None, "rule": "repository_answers", "rule_version": 1},
    **{"requirement": "dsa_repository_search_api", "pinpoint": "Art 39(1)", "severity": "mandatory"},
    **{"verdict": "suspect", "reason": "server_failed", "binding": "yes", "unit": "pull", "count": 2, "of": 5},
    "words": {"en": "x", "nl": "x"},
    "settle": {"en": "x", "nl": "x"},
    "seen": [
        {
            "pull": f"20260{one}01T000000000000-x-abc",
            "observed_at": f"2026-0{one}-01T10:00:00+00:00",
            "outcome": "refused",
            "status": 503,
            "page": 3,
            "sha256": f"{one}" * 64,
            "said": dict.fromkeys(("en", "nl"), HOSTILE["script"] + HOSTILE["direction"]),
            "missing": [HOSTILE["image"]],
            "missing_parts": 1,
        }
        for one in (1, 2)
    ],
}
"""What the rule says of pulls of a fictional day, with an answer that attacks the reader."""


def reported(audited: Path, folder: Path, *rows: dict[str, Any], language: Language = "en") -> Path:
    """A report of the sample's audit with these rows on sources."""
    for one in ("findings.parquet", "records.parquet"):
        shutil.copy(audited / one, folder)
    summary = json.loads((audited / "summary.json").read_text("utf-8"))
    (folder / "summary.json").write_text(json.dumps({**summary, "repository": list(rows)}), encoding="utf-8")
    return write_report(folder, language=language)


def test_the_sample_shows_what_calls_for_a_look_and_what_is_usual(audited: Path) -> None:
    summary = json.loads((audited / "summary.json").read_text("utf-8"))
    places, usual = wholes(summary, "en")
    assert "X Ads Repository, Ads Repository export" in [place for place, _ in places]
    assert {line.reason for _, lines in places for line in lines} == {str(reasons()["no_rows"].words)}
    assert len(usual) == len(
        {(row["rule"], row["reason"]) for row in summary["repository"] if row["reason"] != "no_rows"}
    )
    assert all(reasons()[row["reason"]].usual or row["reason"] == "no_rows" for row in summary["repository"])
    told = sum(len(lines) for _, lines in places) + sum(len(one.places) for one in usual)
    distinct = {(row["source"], row["form"], row["rule"], row["reason"]) for row in summary["repository"]}
    assert told == len(distinct), "rows that differ by requirement alone are told once"


def test_an_audit_that_looked_at_no_source_has_no_such_section(audited: Path, tmp_path: Path) -> None:
    page = reported(audited, tmp_path).read_text("utf-8")
    assert 'id="whole"' not in page and 'href="#whole"' not in page
    summary = json.loads((tmp_path / "summary.json").read_text("utf-8"))
    del summary["repository"]
    assert wholes(summary, "en") == ([], []), "of an audit of an earlier adaudit"


def test_an_earlier_row_of_what_went_is_shown_as_far_as_it_tells() -> None:
    row = {
        **{"source": "snapchat", "form": "political_ads", "kind": "ad", "rule": "repository_keeps", "rule_version": 1},
        **{"requirement": "vlop_repository_7y", "verdict": "unknown", "reason": "repository_not_established"},
        **{
            "binding": "unknown",
            "records": 1,
            "of": 3,
            "from_pull": "a",
            "to_pull": "b",
            "words": {"en": "", "nl": ""},
        },
    }
    [(_, [line])], usual = wholes({"repository": [row]}, "nl")
    assert (line.count, line.seen, usual) == ("1 van 3 (33%) records van de eerdere lijst", (), [])
    assert line.article == "artikel 13, lid 2, tweede zin, Verordening (EU) 2024/900"


def test_what_the_page_does_not_name_is_counted() -> None:
    many = {**ROW, "count": NAMED + 3, "of": NAMED + 3, "seen": ROW["seen"][:1] * (NAMED + 3)}
    [(_, [line])], _ = wholes({"repository": [many]}, "en")
    assert (len(line.seen), line.more) == (NAMED, 3)


def test_the_gravest_comes_first() -> None:
    mild = {**ROW, "verdict": "unknown", "reason": "no_rows"}
    [(_, lines)], _ = wholes({"repository": [mild, ROW]}, "en")
    assert [line.verdict for line in lines] == ["suspect", "unknown"]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_it_reads_in_the_browser_in_page_order_and_no_source_can_attack_the_reader(
    language: Language, audited: Path, tmp_path: Path, opened: Open
) -> None:
    before = {**ROW, "binding": "before", "verdict": "unknown", "reason": "no_rows"}
    tab = opened(reported(audited, tmp_path, ROW, before, language=language))
    section = tab.page.locator("#whole")
    words = {"en": ("The source as a whole", "to look at", "2 of 5 (40 %) pulls", "refused by the source")}
    words["nl"] = ("De bron als geheel", "nader te bekijken", "2 van 5 (40%) ophaalacties", "geweigerd door de bron")
    title, look, share, outcome = words[language]
    assert section.locator("h2").inner_text() == title
    assert section.locator(".badge").first.inner_text() == look
    assert share in section.inner_text().replace("\u202f", "")
    section.locator("summary").first.click()
    shown = section.locator("ul.seen").first
    assert shown.locator("> li").count() == 2
    text = shown.inner_text()
    assert outcome in text and "503" in text and "1" * 64 in text and "<script>" in text
    assert "\u202e" not in text and "⟨U+202E⟩" in text
    assert tab.page.evaluate("window.attacked") is None
    linked = tab.page.eval_on_selector_all("nav.contents a", "all => all.map(one => one.hash.slice(1))")
    standing = tab.page.eval_on_selector_all("main > section", "all => all.map(one => one.id)")
    assert linked == standing
    assert section.locator("li.earlier").count() == 1
    section.locator('a[href="#rule-repository_answers"]').first.click()
    assert tab.page.locator("#rule-repository_answers").is_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_a_long_hash_or_answer_runs_out_of_no_window(audited: Path, tmp_path: Path, opened: Open, width: int) -> None:
    long = {
        **ROW,
        "seen": [
            {
                **ROW["seen"][0],
                "said": {"en": "x" * 900, "nl": "x" * 900},
                "pull": "20260101T000000000000-x-" + "a" * 90,
            }
        ],
    }
    tab = opened(reported(audited, tmp_path, long), viewport={"width": width, "height": 800})
    tab.page.locator("#whole summary").first.click()
    assert tab.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_the_contents_are_in_the_order_of_the_page_with_checklists_too(report: Path) -> None:
    page = report.read_text("utf-8")
    contents = re.findall(r'href="#(\w+)"', page[page.index('<nav class="contents"') : page.index("</nav>")])
    assert contents == [one for one in re.findall(r'<section id="(\w+)"', page) if one in contents]
    assert {"checklists", "whole", "asked"} <= set(contents)
