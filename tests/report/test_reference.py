"""The rules one by one: a page for each, all of it in the report too, in both languages, nothing left out."""

import json
import re
import shutil
from html import unescape
from pathlib import Path

import pytest

from adaudit import __version__
from adaudit.errors import UsageError
from adaudit.language import LANGUAGES, Language, day, in_language
from adaudit.law import not_auditable, requirements, version
from adaudit.law.citation import cited, instrument
from adaudit.model.vocabulary import outcomes
from adaudit.report import write_report
from adaudit.report.reference import INDEX, chapters, name, write_reference
from adaudit.report.wording import visible
from adaudit.rules import REPOSITORY, RULES, every, rules_version
from adaudit.rules.examples import examples
from adaudit.rules.explanation import explanations
from adaudit.rules.shown import facts

EVERYTHING = sorted({*every(), *requirements()})
ENGLISH = re.compile(r"\b(the|which|that|since|missing|shown|fields?|when|applies|judged|rule)\b")


@pytest.fixture(scope="module", params=LANGUAGES)
def reference(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Language]:
    folder = tmp_path_factory.mktemp("reference")
    write_reference(folder, request.param)
    return folder, request.param


def text_of(page: str) -> str:
    page = re.sub(r"<style\b.*?</style>", "", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def one_line(text: str) -> str:
    return " ".join(visible(text).split())


def test_every_rule_and_requirement_has_its_page_and_stands_in_the_index(reference: tuple[Path, Language]) -> None:
    folder, language = reference
    assert {path.name for path in folder.iterdir()} == {INDEX, *(f"{one}.html" for one in EVERYTHING)}
    index = (folder / INDEX).read_text("utf-8")
    linked = re.findall(r'<th scope="row"><a href="([^"]+)"', index)
    assert sorted(linked) == sorted(f"{one}.html" for one in EVERYTHING)
    listed = [one.id for _, those in chapters(language) for one in those]
    assert [f"{one}.html" for one in listed] == linked
    assert f'<html lang="{language}">' in index


def test_every_link_leads_somewhere_and_no_page_needs_anything_but_itself(reference: tuple[Path, Language]) -> None:
    folder, _ = reference
    for path in folder.iterdir():
        page = path.read_text("utf-8")
        for link in re.findall(r'href="([^"]+)"', page):
            inside = link.startswith("#") and f'id="{link[1:]}"' in page
            law = link.startswith("http://data.europa.eu/eli/")
            assert inside or law or (folder / link).is_file(), (path.name, link)
        assert not re.search(r"<(script|link|img|iframe)\b|\bsrc=|@import|url\(http", page), path.name
        assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page


@pytest.mark.parametrize("which", EVERYTHING)
def test_a_page_holds_law_duty_time_condition_and_versions(which: str, reference: tuple[Path, Language]) -> None:
    folder, language = reference
    text, one = text_of((folder / f"{which}.html").read_text("utf-8")), explanations()[which]
    for pinpoint in one.pinpoints.values():
        assert cited(pinpoint, language) in text
    for asked in one.requirements:
        assert f"“{one_line(asked.quote)}”" in text
        assert instrument(asked.instrument, language) in text
        for words in (asked.bound, asked.applies_when, asked.applies_note, asked.evidence):
            assert one_line(in_language(words, language)) in text
        if asked.applies_from:
            assert day(asked.applies_from, language) in text
    if one.sentence:
        assert one_line(in_language(one.sentence, language)).removesuffix(".") in text
    if one.rule:
        assert f"{which}, {'version' if language == 'en' else 'versie'} {one.rule.version}" in text
    assert f"adaudit {__version__}" in text
    assert version() in text
    assert rules_version() in text


@pytest.mark.parametrize("which", sorted(RULES))
def test_a_page_of_a_rule_holds_each_of_its_examples_with_verdict_and_reason(
    which: str, reference: tuple[Path, Language]
) -> None:
    folder, language = reference
    page = (folder / f"{which}.html").read_text("utf-8")
    listed = re.findall(r'<li><span class="badge v-(\w+)">.*?</li>', page, flags=re.DOTALL)
    text = text_of(page)
    given = [one for group in explanations()[which].examples.values() for one in group]
    assert listed == [one.verdict for one in given]
    assert len(given) == len(examples()[which])
    for one in given:
        assert f"{in_language(outcomes()[one.reason].words, language)} {one.reason}" in text
        for what, value in facts(one):
            assert f"{in_language(what, language)}: {one_line(in_language(value, language))}" in text


@pytest.mark.parametrize("which", sorted(REPOSITORY))
def test_a_page_of_a_rule_on_a_source_holds_all_that_it_can_say(which: str, reference: tuple[Path, Language]) -> None:
    folder, language = reference
    page = (folder / f"{which}.html").read_text("utf-8")
    said = [one for those in explanations()[which].reasons.values() for one in those]
    assert {one.id for one in said} == {*REPOSITORY[which].reasons, *REPOSITORY[which].of_listings}
    assert re.findall(r'<li><span class="badge v-(\w+)">.*?</li>', page, flags=re.DOTALL) == [o.verdict for o in said]
    for one in said:
        assert f"{one_line(in_language(one.words, language))} {one.id}" in text_of(page)
        assert one.settle is None or one_line(in_language(one.settle, language)) in text_of(page)


@pytest.mark.parametrize("which", sorted(not_auditable()))
def test_a_page_of_what_no_rule_judges_says_why_and_what_would_settle_it(
    which: str, reference: tuple[Path, Language]
) -> None:
    folder, language = reference
    text, beyond = text_of((folder / f"{which}.html").read_text("utf-8")), not_auditable()[which]
    assert one_line(in_language(beyond.why, language)) in text
    assert one_line(in_language(beyond.would_settle, language)) in text


def test_what_asks_for_others_links_to_each_rule_that_judges_a_point_of_it(reference: tuple[Path, Language]) -> None:
    folder, _ = reference
    page = (folder / "notice_complete.html").read_text("utf-8")
    account = explanations()["notice_complete"].account
    assert account is not None
    assert all(f'<a href="{rule}.html">' in page for rule in account.rules)


def test_dutch_pages_hold_no_english_but_quotations_and_examples(tmp_path: Path) -> None:
    write_reference(tmp_path, "nl")
    for path in tmp_path.iterdir():
        page = re.sub(r"<(blockquote|code|bdi|style)\b.*?</\1>", "", path.read_text("utf-8"), flags=re.DOTALL)
        found = ENGLISH.search(text_of(page))
        assert not found, (path.name, text_of(page)[max(0, found.start() - 60) : found.end() + 60])


def test_the_same_pages_are_the_same_bytes_and_replace_those_that_are_there(tmp_path: Path) -> None:
    first = {path.name: path.read_bytes() for path in write_reference(tmp_path / "a" / "b")}
    (tmp_path / "a" / "b" / INDEX).write_text("older", encoding="utf-8")
    assert {path.name: path.read_bytes() for path in write_reference(tmp_path / "a" / "b")} == first


def test_a_folder_that_cannot_be_written_to_is_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(UsageError, match=r"--reference: .*file cannot be written to"):
        write_reference(tmp_path / "file")


def test_names_are_of_the_rule_of_what_is_asked_or_of_the_article() -> None:
    assert name(explanations()["notice_payer"], "nl") == "Betalende organisatie"
    assert name(explanations()["records_7y"], "en").startswith("Providers keep their records")
    assert name(explanations()["notice_complete"], "en").startswith("All of it: Art 12(2)")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_holds_all_of_it(language: Language, report: Path, dutch: Path) -> None:
    page = (report if language == "en" else dutch).read_text("utf-8")
    anchors = re.findall(r'<div id="rule-(\w+)"', page)
    assert sorted(anchors) == EVERYTHING
    assert page.count('<details class="about">') == len(EVERYTHING)
    section = text_of(page[page.index('<section id="rules"') : page.index("</main>")])
    for which in EVERYTHING:
        asked = explanations()[which].requirement
        assert asked is None or one_line(asked.quote) in section, which
    made_with_another = {"en": "This audit was made with law data", "nl": "Deze controle is gemaakt met wetgegevens"}
    assert made_with_another[language] not in section


def test_every_finding_of_the_report_can_be_looked_up_in_it(report: Path, audited: Path) -> None:
    page = report.read_text("utf-8")
    summary = json.loads((audited / "summary.json").read_text("utf-8"))
    assert all(f'id="rule-{row["rule"]}"' in page for row in summary["verdicts"])
    assert set(re.findall(r'href="#rule-(\w+)"', page)) <= set(EVERYTHING)


def test_a_report_of_an_audit_with_other_rules_says_so(audited: Path, tmp_path: Path) -> None:
    for one in ("findings.parquet", "records.parquet"):
        shutil.copy(audited / one, tmp_path)
    summary = json.loads((audited / "summary.json").read_text("utf-8"))
    (tmp_path / "summary.json").write_text(json.dumps({**summary, "rules_version": "12.34"}), encoding="utf-8")
    text = text_of(write_report(tmp_path).read_text("utf-8"))
    assert f"made with law data {version()} and rules 12.34" in text
    assert f"law data {version()} and rules {rules_version()}" in text
