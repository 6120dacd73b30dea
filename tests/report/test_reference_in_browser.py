"""The rules one by one in a real browser: from a finding to its rule and back, in every size, colour and on paper."""

from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import expect

from adaudit.report.reference import INDEX, write_reference
from tests.report.conftest import Open
from tests.report.test_in_browser import CONTRAST, HALF, NARROW

PAGES = (INDEX, "notice_payer.html", "targeting_minors.html", "records_7y.html", "notice_complete.html")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reference") / "nl"
    write_reference(folder, "nl")
    return folder


def test_a_finding_leads_to_its_rule_and_back(report: Path, opened: Open) -> None:
    page = opened(report, "#rule=targeting_minors&verdict=suspect").page
    page.locator("button.open").first.click()
    address = page.evaluate("location.hash")
    page.get_by_role("link", name="About this rule").click()
    expect(page.locator("#sheet")).to_be_hidden()
    about = page.locator("#rule-targeting_minors")
    expect(about).to_be_visible()
    expect(about).to_be_focused()
    assert "Art 18(2)" in about.inner_text()
    assert "minors_not_excluded" in about.inner_text()
    expect(page.locator("details.about[open]")).to_have_count(1)
    page.go_back()
    expect(page.locator("#sheet")).to_be_visible()
    assert page.evaluate("location.hash") == address


def test_a_link_to_a_rule_opens_it(report: Path, opened: Open) -> None:
    for scripts in (True, False):
        page = opened(report, "#rule-notice_payer", java_script_enabled=scripts).page
        expect(page.locator("#rule-notice_payer .examples").first).to_be_visible()


def test_a_rule_that_links_to_others_opens_them(report: Path, opened: Open) -> None:
    page = opened(report, "#rule-notice_complete").page
    page.locator("#rule-notice_complete a[href='#rule-notice_payer']").click()
    expect(page.locator("#rule-notice_payer")).to_be_visible()


def test_what_a_person_is_to_look_at_leads_to_its_rule(report: Path, opened: Open) -> None:
    page = opened(report, "#sources").page
    page.locator(".looks a[href='#rule-targeting_minors']").first.click()
    expect(page.locator("#rule-targeting_minors")).to_be_focused()


def test_on_paper_stand_the_rules_that_are_open(report: Path, opened: Open) -> None:
    page = opened(report, "#rule-notice_payer").page
    page.emulate_media(media="print")
    expect(page.locator("#rule-notice_payer")).to_be_visible()
    expect(page.locator("details.about[open] > summary")).to_be_visible()
    assert page.locator("details.about").count() > 100
    assert page.locator("details.about:visible").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("which", PAGES)
def test_text_stands_out_from_what_is_behind_it(which: str, scheme: str, pages: Path, opened: Open) -> None:
    assert opened(pages / which, color_scheme=scheme).page.evaluate(CONTRAST) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_rule_in_the_report_stands_out_too(scheme: str, report: Path, opened: Open) -> None:
    page = opened(report, "#rule-notice_payer", color_scheme=scheme).page
    expect(page.locator("#rule-notice_payer")).to_be_visible()
    assert page.evaluate(CONTRAST) == []


@pytest.mark.parametrize("viewport", [NARROW, HALF], ids=["narrow", "200 % zoom"])
def test_nothing_runs_out_of_a_small_window(pages: Path, dutch: Path, opened: Open, viewport: dict[str, int]) -> None:
    for path, fragment in [*((pages / which, "") for which in PAGES), (dutch, "#rule-notice_payer")]:
        page = opened(path, fragment, viewport=viewport, device_scale_factor=2).page
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], path.name
        over = page.evaluate(
            """[...document.querySelectorAll('.examples li')].filter((li) => li.checkVisibility() &&
            li.firstElementChild.getBoundingClientRect().right > li.lastElementChild.getBoundingClientRect().left &&
            li.firstElementChild.getBoundingClientRect().bottom > li.lastElementChild.getBoundingClientRect().top + 1
            ).length"""
        )
        assert over == 0, f"{path.name}: a verdict lies over what it speaks of"


def test_no_verdict_lies_over_what_it_speaks_of(pages: Path, opened: Open) -> None:
    page = opened(pages / "notice_targeting_ai.html").page
    wide = page.evaluate(
        """[...document.querySelectorAll('.examples li')].filter((li) =>
        li.firstElementChild.getBoundingClientRect().right > li.lastElementChild.getBoundingClientRect().left).length"""
    )
    assert wide == 0
    assert page.locator(".examples li").count() > 3


@pytest.mark.parametrize("which", PAGES)
def test_a_page_has_the_landmarks_and_headings_that_a_screen_reader_needs(
    which: str, pages: Path, opened: Open
) -> None:
    page = opened(pages / which).page
    for role in ("main", "banner", "contentinfo"):
        assert page.get_by_role(role).count() == 1, role
    assert page.locator("h1").count() == 1
    headings = "[...document.querySelectorAll('h1,h2,h3,h4,h5')].map(e => e.tagName)"
    levels = [int(one[1]) for one in page.evaluate(headings)]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert page.evaluate("[...document.querySelectorAll('table')].every((t) => t.caption && t.caption.textContent)")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.title().strip()
