"""The report in a real browser, from the file system: filters, sorts, links, the keyboard, every size and colour."""

import json
import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode

import polars as pl
import pytest
from playwright.sync_api import expect

from adaudit.language import number
from adaudit.report import write_report
from tests.report.conftest import Open

SHOWN = re.compile(r"(?:All )?(\d+)(?: of (\d+))? findings")
NARROW = {"width": 360, "height": 740}
HALF = {"width": 640, "height": 450}
"""A window of 1280 points at 200 % zoom."""


@pytest.fixture(scope="module")
def findings(audited: Path) -> pl.DataFrame:
    return pl.read_parquet(audited / "findings.parquet")


def plain(findings: pl.DataFrame) -> pl.DataFrame:
    """The findings that the page shows without being asked for more."""
    return findings.filter(pl.col("reason") != "undeclared")


def shown(text: str) -> int:
    found = SHOWN.match(text)
    assert found, text
    return int(found[1])


def test_it_opens_with_every_finding_counted(report: Path, opened: Open, findings: pl.DataFrame) -> None:
    tab = opened(report)
    mine = plain(findings)
    since = mine.filter(pl.col("binding") == "yes").height
    assert tab.count().startswith(f"{mine.height} of {findings.height} findings: {since} since the rules apply")
    assert tab.rows() == 50
    assert tab.page.get_attribute("html", "lang") == "en"


def test_filters_agree_with_the_file(report: Path, opened: Open, findings: pl.DataFrame) -> None:
    tab, mine = opened(report), plain(findings)
    tab.page.select_option("#f-source", "meta/ads_archive")
    meta = mine.filter(source="meta", form="ads_archive")
    assert shown(tab.count()) == meta.height
    tab.page.check("#verdict-missing")
    tab.page.check("#binding-yes")
    missing = meta.filter(verdict="missing", binding="yes")
    assert shown(tab.count()) == missing.height
    tab.page.select_option("#f-rule", "dsa_repository_beneficiary")
    assert shown(tab.count()) == missing.filter(rule="dsa_repository_beneficiary").height
    tab.page.click("#reset")
    assert shown(tab.count()) == mine.height
    tab.page.select_option("#f-severity", "to_check")
    assert shown(tab.count()) == mine.filter(severity="to_check").height
    tab.page.click("#reset")
    tab.page.check("#f-asserted")
    assert shown(tab.count()) == findings.height


def test_words_and_sponsors_are_found(report: Path, opened: Open, findings: pl.DataFrame) -> None:
    tab = opened(report)
    tab.fill("#f-q", "AGE_MIN=13 minors")
    here = plain(findings).filter(pl.col("observed").str.contains("age_min=13"), rule="targeting_minors")
    assert shown(tab.count()) == here.height > 0
    tab.page.click("#reset")
    tab.fill("#f-sponsor", "zilvermeeuw")
    assert 0 < shown(tab.count()) < 1000
    named = tab.page.locator("td.c-sponsor").all_inner_texts()
    assert [text for text in named if "zilvermeeuw" not in text.lower()] == []


def test_nothing_found_is_no_compliance(report: Path, opened: Open) -> None:
    tab = opened(report, "#q=nobodywritesthis")
    assert tab.rows() == 0
    assert "no statement about compliance" in tab.count()


def test_columns_sort_both_ways_and_say_so(report: Path, opened: Open) -> None:
    tab = opened(report, "#verdict=suspect,missing,invalid&size=200")
    for turn in ("ascending", "descending"):
        tab.page.click("#sort-record")
        expect(tab.page.locator("th.c-record")).to_have_attribute("aria-sort", turn)
        ids = tab.page.locator("td.c-record").all_inner_texts()
        assert ids == sorted(ids, reverse=turn == "descending")
    tab.page.click("#sort-record")
    assert tab.page.locator("th[aria-sort]").count() == 0


def test_pages_turn(report: Path, opened: Open) -> None:
    tab = opened(report)
    first = tab.page.locator("#list-body tr").first.inner_text()
    assert tab.page.is_disabled("#p-back")
    tab.page.click("#p-last")
    assert tab.page.is_disabled("#p-next")
    assert 0 < tab.rows() <= 50
    tab.page.click("#p-first")
    assert tab.page.locator("#list-body tr").first.inner_text() == first
    tab.page.select_option("#p-size", "200")
    assert tab.rows() == 200


def test_a_finding_opens_with_law_value_and_place(report: Path, opened: Open, findings: pl.DataFrame) -> None:
    one = findings.filter(rule="targeting_minors", binding="yes").row(0, named=True)
    link = urlencode({"source": one["source"], "kind": one["kind"], "record": one["record_id"], "rule": one["rule"]})
    tab = opened(report, f"#{link}&open=1")
    sheet = tab.page.locator("#sheet")
    expect(sheet).to_be_visible()
    text = sheet.inner_text()
    for part in ("observed", "input_sha256", "evidence_sha256", "locator", "record_id"):
        assert one[part] in text, part
    assert "Art 18(2)" in text
    assert "from 10 October 2025" in text
    assert sheet.locator("blockquote[lang=en]").inner_text().startswith("“")
    assert "data row" in text
    assert tab.page.evaluate("document.activeElement.id") == "sheet-head"


def test_the_place_in_the_bytes_is_where_the_page_says(
    report: Path, opened: Open, findings: pl.DataFrame, sample: Path
) -> None:
    """Follows the words of the page by hand: the file, then the pointer or the row."""
    for source, rule in (("snapchat", "targeting_minors"), ("meta", "dsa_repository_beneficiary")):
        chosen = pl.col("form").is_in(["political_ads", "ads_archive"]) & (pl.col("verdict") != "not_exposed")
        one = findings.filter(chosen, source=source, rule=rule).row(0, named=True)
        link = urlencode({"source": source, "kind": one["kind"], "record": one["record_id"], "rule": rule, "open": "1"})
        tab = opened(report, f"#{link}")
        told = tab.page.locator("#sheet").inner_text()
        path = sample.parent / tab.page.locator("#sheet .path").first.inner_text()
        if found := re.search(r"data row (\d+)", told):
            frame = pl.read_csv(path, infer_schema=False)
            assert one["record_id"] in str(frame.row(int(found[1]) - 1))
        else:
            found = re.search(r"JSON pointer (/\S+);", told)
            assert found
            value = json.loads(path.read_text("utf-8"))
            for part in found[1].split("/")[1:]:
                value = value[int(part)] if isinstance(value, list) else value[part]
            assert one["record_id"] in json.dumps(value)


def test_it_is_worked_by_the_keyboard_alone(report: Path, opened: Open) -> None:
    tab = opened(report)
    keys = tab.page.keyboard
    keys.press("Tab")
    assert tab.page.evaluate("document.activeElement.className") == "skip"
    assert tab.page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    keys.press("Tab")
    keys.press("Enter")
    assert tab.page.evaluate("document.activeElement.id") == "findings"
    keys.press("Tab")
    assert tab.page.evaluate("document.activeElement.id") == "f-source"
    outline = tab.page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert float(outline.removesuffix("px")) >= 2
    for _ in range(60):
        keys.press("Tab")
        if tab.page.evaluate("document.activeElement.matches('button.open')"):
            break
    keys.press("ArrowDown")
    second = tab.page.evaluate("document.activeElement.dataset.finding")
    assert second == tab.page.locator("button.open").nth(1).get_attribute("data-finding")
    keys.press("Enter")
    expect(tab.page.locator("#sheet")).to_be_visible()
    keys.press("Escape")
    expect(tab.page.locator("#sheet")).to_be_hidden()
    assert tab.page.evaluate("document.activeElement.dataset.finding") == second


def test_the_next_finding_is_one_step_away_and_the_table_follows(report: Path, opened: Open) -> None:
    tab = opened(report, "#size=25")
    tab.page.locator("button.open").nth(24).click()
    tab.page.get_by_role("button", name="Next finding").click()
    link = tab.page.evaluate("location.hash")
    assert "open=1" in link
    tab.page.keyboard.press("Escape")
    assert tab.page.inner_text("#p-where").startswith("Page 2 of")
    assert tab.page.evaluate("document.activeElement === document.querySelector('button.open')")
    assert "open=1" not in tab.page.evaluate("location.hash")


def test_a_link_leads_to_the_same_rows(report: Path, opened: Open) -> None:
    one = opened(report)
    one.page.select_option("#f-source", "snapchat/political_ads")
    one.page.check("#verdict-suspect")
    one.page.click("#sort-record")
    rows = one.page.inner_text("#list-body")
    other = opened(report, one.page.evaluate("location.hash"))
    assert other.count() == one.count()
    assert other.page.inner_text("#list-body") == rows


def test_links_of_the_sources_filter_the_findings(report: Path, opened: Open, findings: pl.DataFrame) -> None:
    tab = opened(report)
    tab.page.locator(".looks a").first.click()
    expect(tab.page.locator("#verdict-suspect")).to_be_checked()
    assert tab.page.is_checked("#binding-yes")
    assert 0 < shown(tab.count()) <= findings.filter(verdict="suspect", binding="yes").height


@pytest.mark.parametrize("viewport", [NARROW, HALF], ids=["narrow", "200 % zoom"])
def test_nothing_runs_out_of_a_small_window(report: Path, dutch: Path, opened: Open, viewport: dict[str, int]) -> None:
    for path in (report, dutch):
        tab = opened(path, viewport=viewport, device_scale_factor=2)
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        tab.page.locator("button.open").first.click()
        wide = tab.page.evaluate("document.getElementById('sheet').scrollWidth")
        assert wide <= viewport["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_what_is_behind_it(report: Path, opened: Open, scheme: str) -> None:
    """WCAG 1.4.3: at least 4.5 to 1 for ordinary text, 3 to 1 for large."""
    tab = opened(report, color_scheme=scheme)
    assert tab.page.evaluate(CONTRAST) == []
    tab.page.locator("button.open").first.click()
    assert tab.page.evaluate(CONTRAST) == []


CONTRAST = """() => {
  const parts = (c) => { const [r, g, b, a = 1] = c.match(/[\\d.]+/g).map(Number); return [r, g, b, a]; };
  const light = ([r, g, b]) => [r, g, b].map((v) => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const low = [];
  for (const element of document.querySelectorAll("body *")) {
    if (!element.checkVisibility() || element.matches(":disabled, option, .skip, .earlier *, .earlier")) continue;
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    let behind = element, colour = [0, 0, 0, 0], image = false;
    while (behind && colour[3] < 1) {
      const style = getComputedStyle(behind);
      image ||= style.backgroundImage !== "none";
      colour = parts(style.backgroundColor);
      behind = behind.parentElement;
    }
    if (image) continue;
    const style = getComputedStyle(element), [a, b] = [light(parts(style.color)), light(colour)].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05), large = parseFloat(style.fontSize) >= 24;
    const told = `${element.tagName}.${element.className} ${ratio.toFixed(2)} ${element.textContent.slice(0, 30)}`;
    if (ratio < (large ? 3 : 4.5)) low.push(told);
  }
  return low.slice(0, 10);
}"""


def test_it_has_the_landmarks_and_names_that_a_screen_reader_needs(report: Path, opened: Open) -> None:
    tab = opened(report)
    page = tab.page
    for role in ("main", "banner", "contentinfo"):
        assert page.get_by_role(role).count() == 1, role
    assert page.locator("h1").count() == 1
    assert page.locator("[aria-live=polite]#count").count() == 1
    levels = [int(one[1]) for one in page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(e => e.tagName)")]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    nameless = page.evaluate(
        """[...document.querySelectorAll('input,select,textarea,button,a[href]')].filter((e) => !e.labels?.length
        && !e.textContent.trim() && !e.getAttribute('aria-label')).map((e) => e.outerHTML)"""
    )
    assert nameless == []
    assert page.evaluate("[...document.querySelectorAll('table')].every((t) => t.caption && t.caption.textContent)")
    assert (
        page.evaluate("new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size")
        == page.locator("[id]").count()
    )


def test_without_javascript_the_page_still_tells(report: Path, opened: Open, audited: Path) -> None:
    tab = opened(report, java_script_enabled=False)
    assert tab.page.locator("#findings table").count() == 1 + 1
    assert tab.page.locator("noscript table, #findings tbody th").count() > 10
    expect(tab.page.locator("#app")).to_be_hidden()
    summary = json.loads((audited / "summary.json").read_text("utf-8"))
    assert summary["statements"][0]["en"] in tab.page.inner_text("#points")


def test_on_paper_the_controls_are_gone_and_the_chosen_findings_stand_in_full(report: Path, opened: Open) -> None:
    tab = opened(report, "#verdict=suspect")
    for turn in (0, 2):
        tab.page.locator("button.open").nth(turn).click()
        tab.page.get_by_label("On the print list").check()
        tab.page.keyboard.press("Escape")
    tab.page.emulate_media(media="print")
    tab.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for gone in ("#filters", ".pager", ".tools", ".contents", "#list"):
        expect(tab.page.locator(gone)).to_be_hidden()
    chosen = tab.page.locator("#print-list article")
    assert chosen.count() == 2
    assert "SHA-256 of the evidence" in chosen.first.inner_text()
    tab.page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(tab.page.locator("#list")).to_be_visible()
    assert "Verdict: to look at" in tab.page.inner_text("#print-filters")
    assert tab.page.pdf(format="A4").startswith(b"%PDF")


def test_dutch_is_dutch(dutch: Path, opened: Open, findings: pl.DataFrame) -> None:
    tab = opened(dutch, "#rule=notice_sponsor_name&verdict=missing")
    assert tab.page.get_attribute("html", "lang") == "nl"
    assert "Opdrachtgever: naam" in tab.page.inner_text("#list-body")
    all_of_them = number(findings.height, "nl")
    assert f"van {all_of_them} bevindingen" in tab.page.inner_text("#count")
    tab.page.locator("button.open").first.click()
    text = tab.page.inner_text("#sheet")
    assert "De naam van de opdrachtgever is bekendgemaakt." in text
    assert "Geciteerd uit de Engelse tekst" in text
    assert "vanaf 10 oktober 2025" in text


def test_what_a_cut_page_lacks_is_said_with_every_choice(audited: Path, opened: Open, tmp_path: Path) -> None:
    path = write_report(audited, "en", tmp_path / "cut.html", limit=1000)
    tab = opened(path)
    assert "Not all findings are in this page" in tab.page.inner_text("#findings")
    assert "are not in this page but in findings.parquet" in tab.count()
    tab.fill("#f-q", "sponsor")
    assert "others may match" in tab.count()
