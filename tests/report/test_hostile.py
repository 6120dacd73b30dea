"""Texts that attack whoever reads them are texts: nothing runs, nothing is hidden, nothing breaks out."""

from pathlib import Path

import pytest

from adaudit.report import write_report
from adaudit.report.wording import visible
from tests.report.conftest import HOSTILE, LINKS, Open


@pytest.fixture(scope="module")
def hostile(hostile_folder: Path) -> Path:
    return write_report(hostile_folder)


def test_nothing_of_it_runs_and_all_of_it_is_shown(hostile: Path, opened: Open) -> None:
    tab = opened(hostile, "#size=200")
    elements = tab.page.evaluate("document.querySelectorAll('*').length")
    text = tab.page.inner_text("#list-body")
    for name, attack in HOSTILE.items():
        assert f"{name} {visible(attack)}"[:50] in text, name
    tab.page.select_option("#f-rule", "label_sponsor_identity")
    assert tab.rows() == len(HOSTILE)
    for turn in range(tab.rows()):
        tab.page.locator("button.open").nth(turn).click()
        tab.page.keyboard.press("Escape")
    assert tab.page.evaluate("window.attacked") is None
    assert tab.page.locator("#list-body script, #list-body img, #sheet script, #sheet img, b").count() == 0
    assert elements < 20_000


def test_a_direction_character_is_shown_by_its_number(hostile: Path, opened: Open) -> None:
    tab = opened(hostile, "#q=direction")
    assert "⟨U+202E⟩" in tab.page.inner_text("#list-body")
    assert not set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068") & set(tab.page.evaluate("document.body.innerText"))


def test_only_plain_https_addresses_are_links_and_tell_nothing_of_the_reader(hostile: Path, opened: Open) -> None:
    tab = opened(hostile, "#source=google&rule=dsa_repository_content&size=200")
    assert tab.rows() == len(LINKS)
    links: set[str] = set()
    for turn in range(tab.rows()):
        tab.page.locator("button.open").nth(turn).click()
        for link in tab.page.locator("#sheet a[target]").all():
            links.add(link.get_attribute("href") or "")
            assert "noreferrer" in (link.get_attribute("rel") or "")
        tab.page.keyboard.press("Escape")
    assert links == {LINKS[-1]}


def test_the_hostile_name_of_a_file_is_text_too(hostile: Path, opened: Open) -> None:
    tab = opened(hostile)
    assert "page & <b>'1'.json" in tab.page.inner_text("#files")


def test_a_hostile_address_of_the_page_chooses_nothing(hostile: Path, opened: Open) -> None:
    attack = "#source=<script>&rule=__proto__&verdict=x,missing&sort=constructor&page=-1&size=1e9&q=%3Cimg%20src=x%3E"
    tab = opened(hostile, attack)
    assert tab.rows() == 0
    assert tab.page.evaluate("window.attacked") is None
    tab.page.click("#reset")
    assert tab.rows() > 0


def test_its_own_policy_lets_no_other_script_run(hostile: Path, opened: Open) -> None:
    tab = opened(hostile)
    tab.page.evaluate(
        """() => { const made = document.createElement('script'); made.textContent = 'window.attacked = 7';
        document.body.append(made); }"""
    )
    assert tab.page.evaluate("window.attacked") is None
    assert any("Content Security Policy" in error for error in tab.errors)
    tab.errors.clear()
