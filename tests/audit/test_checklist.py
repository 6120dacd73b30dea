"""The checklist of a notice: everything that was found on it stands in it, once, most important first."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adaudit.audit.checklist import FOUND, SAY, Checklist, checklists, in_order, said, tally, untold
from adaudit.audit.checklist.lists import SEVERITIES
from adaudit.audit.options import Options
from adaudit.audit.run import audit
from adaudit.cli import cli
from adaudit.cli.checklist import IN_FULL, lines
from adaudit.connectors.notice.markup import as_xml
from adaudit.connectors.notice.template import FORMAT, Notice, example
from adaudit.language import LANGUAGES, Language
from adaudit.model.vocabulary import FINDINGS, outcomes
from adaudit.report import write_report
from adaudit.rules import RULES

HALF: dict[str, object] = {
    "format": FORMAT,
    "id": "2026-044",
    "languages": ["nl-NL"],
    "countries": ["NL"],
    "advertisement": {"title": "Meer bomen op het Veerplein", "languages": ["de"]},
    "sponsor": {
        "name": "Lijst Veerkracht",
        "kind": "legal",
        "email": "bestuur@veerkracht",
        "postal_address": {"city": "Dijkwaard", "postal_code": "1234 AB"},
        "establishment": {"street": "Sluiskade 4", "city": "Dijkwaard", "postal_code": "1234 AB", "country": "NL"},
        "company_number": "9999100",
    },
    "payer": {"name": "Vrienden van Veerkracht", "email": "vrienden.veerkracht.example"},
    "period": {"start": "2026-03-18", "end": "2026-02-01"},
    "amount_ad": {"value": "1210.00"},
    "methodology": {"description": "Alles opgeteld."},
    "linked_to": [{"title": "Gemeenteraadsverkiezingen Dijkwaard", "voting_day": "2026-03-18"}],
    "official_information": ["zie de website van de gemeente"],
    "targeting": {"personal_data": True, "policy": "www.veerkracht", "parameters": [{"dimension": "age"}]},
}


def only(folder: Path, name: str, text: str) -> Checklist:
    given = folder / name
    given.write_text(text, encoding="utf-8")
    done = audit((given,), folder / "out", Options(), lambda *_: None)
    (one,) = checklists(done.out).each
    return one


@pytest.fixture(scope="module")
def half(tmp_path_factory: pytest.TempPathFactory) -> Checklist:
    return only(tmp_path_factory.mktemp("half"), "half.json", json.dumps(HALF))


def reasons(one: Checklist) -> dict[str, str]:
    return {item.rule: item.reason for item in one.items}


def test_what_is_wrong_with_a_half_empty_notice_is_said(half: Checklist) -> None:
    assert {item.rule: item.reason for item in half.of("invalid")} == {
        "notice_sponsor_email": "not_an_email",
        "notice_payer": "not_an_email",
        "notice_official_voting_info": "not_a_link",
        "notice_targeting_policy_link": "not_a_link",
        "amounts_have_currency": "currency_missing",
        "company_numbers_possible": "number_impossible",
        "period_in_order": "ends_before_start",
    }
    assert {item.rule: item.reason for item in half.of("partial")} == {
        "notice_targeting_goals": "parameters_not_goals",
        "notice_dissemination_period": "intended_not_delivered",
        "notice_methodology_vat": "vat_and_basis_unstated",
        "addresses_complete": "address_without_street",
    }
    assert [item.rule for item in half.of("suspect")] == ["notice_language"]
    assert {"notice_funds_public_private", "notice_report_mechanism", "notice_targeting_ai"} <= {
        item.rule for item in half.of("missing")
    }


def test_what_the_law_always_asks_comes_first(half: Checklist) -> None:
    ranks = [next(i for i, name in enumerate(SEVERITIES) if item.severity.startswith(name)) for item in half.items]
    assert ranks == sorted(ranks)
    assert {0, 1, 2, 3} == set(ranks)


def test_what_is_amiss_in_one_way_is_not_in_order_in_another(half: Checklist) -> None:
    assert "notice_sponsor_name" in half.in_order
    assert {"notice_intended_period", "notice_sponsor_postal_address", "notice_amount_ad"}.isdisjoint(half.in_order)
    assert set(half.in_order).isdisjoint(reasons(half))


def test_each_point_names_its_element_its_article_and_what_stands_there(half: Checklist) -> None:
    words = {item.rule: said(item, "en") for item in half.items}
    email = words["notice_sponsor_email"]
    assert email.law.startswith("Art 12(1)(a), Regulation (EU) 2024/900; mandatory")
    assert email.seen == "There is: bestuur@veerkracht"
    assert "sponsor.email" in email.to_do
    assert words["notice_report_mechanism"].to_do == "fill in report_mechanism."
    assert words["notice_report_mechanism"].why is None
    assert words["company_numbers_possible"].seen == "There is: sponsor_company_number: 9999100"
    assert words["addresses_complete"].seen == "Left out: sponsor_postal_address: street, country"
    assert words["notice_methodology_vat"].law.startswith("Annex II.3 item 8, n.8")


def test_what_stands_there_is_shown_as_it_stands(tmp_path: Path) -> None:
    options = [{"dimension": "interest", "value": "Vakbondsleden", "excluded": True}]
    targeting = {"personal_data": True, "parameters": options}
    seat = {"street": "Sluiskaai 4", "city": "Dijkwaard", "postal_code": "1234", "country": "BE"}
    sponsor = {"name": "Lijst Veerkracht", "kind": "legal", "company_number": "0123.456.780", "establishment": seat}
    amount = {"value": "1210.00"}
    notice = {**HALF, "sponsor": sponsor, "amount_ad": amount, "targeting": targeting}
    seen = {item.rule: item.seen or "" for item in only(tmp_path, "shown.json", json.dumps(notice)).items}
    assert "0123.456.780" in seen["company_numbers_possible"]
    assert seen["amounts_have_currency"] == "amount_ad_low: 1210"
    special = seen["targeting_no_special_categories"]
    assert "Vakbondsleden" in special
    assert "mask" not in special
    assert "{" not in special


def test_a_whole_notice_has_nothing_to_be_done(tmp_path: Path) -> None:
    one = only(tmp_path, "whole.json", example().model_dump_json(exclude_none=True))
    assert one.items == ()
    assert "Nothing missing or wrong was found" in tally(one, "en")
    assert len(one.in_order) > 25


def test_json_and_xml_have_the_same_checklist(tmp_path: Path) -> None:
    given = {
        name: part for name, part in HALF.items() if name not in {"amount_ad", "official_information", "targeting"}
    }
    sponsor = {**HALF["sponsor"], "email": "bestuur@veerkracht.example"}  # type: ignore[dict-item]
    notice = Notice.model_validate({**given, "sponsor": sponsor, "payer": {"name": "Vrienden van Veerkracht"}})
    found = []
    for name, text in {"one.json": notice.model_dump_json(exclude_none=True), "one.xml": as_xml(notice)}.items():
        folder = tmp_path / name
        folder.mkdir()
        found.append(reasons(only(folder, name, text)))
    assert found[0] == found[1]
    assert found[0]["company_numbers_possible"] == "number_impossible"


def test_a_text_that_cannot_be_read_is_shown_once_as_it_stands(tmp_path: Path) -> None:
    notice = {**HALF, "amount_ad": {"value": "12,5o", "currency": "EUR"}, "period": {"start": "18-03-2026"}}
    one = only(tmp_path, "unread.json", json.dumps(notice))
    seen = {item.rule: item.seen for item in one.of("invalid") if item.reason == "unparsed"}
    of_period = dict.fromkeys(("notice_intended_period", "notice_dissemination_period"), "18-03-2026")
    assert seen == {"notice_amount_ad": "12,5o", **of_period}


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_can_be_said_in_both_languages(half: Checklist, language: Language) -> None:
    other = next(one for one in LANGUAGES if one != language)
    for item in half.items:
        assert said(item, language) != said(item, other)
    for part in half.untold:
        assert untold(part, language) != untold(part, other)
    assert in_order(half, language)
    shown = [text for text, _ in lines(half, language)]
    assert max(map(len, shown)) <= 100
    numbers = [int(found[1]) for text in shown if (found := re.match(r"^ {2,3}(\d+)\. ", text))]
    assert numbers == list(range(1, len(half.items) + 1))
    heads = [SAY.say(f"head_{verdict}", language) for verdict in FOUND]
    assert [text.strip() for text in shown if text.strip() in heads] == heads


def test_what_can_be_found_on_a_notice_has_something_to_do() -> None:
    entries = SAY.entries
    assert {f"do_{verdict}" for verdict in FINDINGS} | {"do_compare"} <= set(entries)
    reasons = {key.removeprefix("do_") for key in entries if key.startswith("do_")} - {*FINDINGS, "compare"}
    assert reasons <= set(outcomes())
    assert {key.removeprefix("seen_") for key in entries if key.startswith("seen_")} <= set(outcomes())


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [*map(str, arguments), "--no-report", "--charts", "none"])


def test_a_folder_of_notices_has_a_checklist_each_in_a_file(tmp_path: Path) -> None:
    folder = tmp_path / "notices"
    folder.mkdir()
    for number in range(IN_FULL + 2):
        notice = (
            {**HALF, "id": f"2026-{number:03}"}
            if number % 2
            else {**example().model_dump(mode="json"), "id": str(number)}
        )
        notice = {name: part for name, part in notice.items() if part is not None}
        (folder / f"{number}.json").write_text(json.dumps(notice), "utf-8")
    result = run("audit", folder, "--out", tmp_path / "out", "--lang", "nl")
    assert result.exit_code == 0, result.output
    written = (tmp_path / "out/checklists.txt").read_text("utf-8")
    assert len(re.findall(r"^Transparantieverklaring ", written, re.MULTILINE)) == IN_FULL + 2
    assert len(re.findall(r"^Transparantieverklaring ", result.output, re.MULTILINE)) == IN_FULL
    assert "Nog 2 transparantieverklaringen hebben een checklist in checklists.txt." in result.output
    first = [line for line in written.splitlines() if line.startswith("Transparantieverklaring")][:3]
    assert all("2026-" in line for line in first), "those with most to be done come first"


def test_records_of_a_register_or_library_have_no_checklist(tmp_path: Path, sample: Path) -> None:
    result = run("audit", sample / "politiekereclame_nl", "--out", tmp_path / "out")
    assert result.exit_code in {0, 3}
    assert not (tmp_path / "out/checklists.txt").exists()
    assert checklists(tmp_path / "out").each == ()


def test_among_other_records_the_checklists_stand_in_the_file_alone(tmp_path: Path, sample: Path) -> None:
    given = tmp_path / "half.json"
    given.write_text(json.dumps(HALF), "utf-8")
    result = run("audit", given, sample / "politiekereclame_nl", "--out", tmp_path / "out")
    assert "Still missing" not in result.output
    assert "checklists.txt" in result.output
    assert "Still missing" in (tmp_path / "out/checklists.txt").read_text("utf-8")


def test_a_second_audit_leaves_no_checklist_of_the_first(tmp_path: Path) -> None:
    given = tmp_path / "half.json"
    given.write_text(json.dumps(HALF), "utf-8")
    assert run("audit", given, "--out", tmp_path / "out").exit_code == 0
    assert (tmp_path / "out/checklists.txt").exists()
    given.write_text('[{"id": "1"}]', "utf-8")
    assert run("audit", given, "--out", tmp_path / "out").exit_code == 3
    assert not (tmp_path / "out/checklists.txt").exists()


def test_a_person_who_is_taken_out_is_in_no_checklist(tmp_path: Path) -> None:
    sponsor = {
        "name": "Anna van Nergens",
        "kind": "natural",
        "email": "anna@vannergens",
        "company_number": "9999107",
        "postal_address": {"street": "Nergensweg 7", "country": "NL"},
    }
    given = tmp_path / "person.json"
    given.write_text(json.dumps({**HALF, "sponsor": sponsor}), "utf-8")
    assert run("audit", given, "--out", tmp_path / "out", "--redact-persons", "--format", "csv").exit_code == 0
    written = "".join((tmp_path / "out" / name).read_text("utf-8") for name in ("checklists.txt", "findings.csv"))
    assert "company_numbers_possible" in written
    assert "Company numbers possible" in written
    for known in ("9999107", "Nergens", "anna@"):
        assert known not in written


def test_text_of_a_notice_cannot_command_the_terminal(tmp_path: Path) -> None:
    hostile = {**HALF, "advertisement": {"title": "a\u001b[31mb\u202ec"}, "report_mechanism": "x"}
    one = only(tmp_path, "hostile.json", json.dumps(hostile))
    text = "\n".join(line for line, _ in lines(one, "en"))
    assert not re.search("[\u0000-\u0009\u000b-\u001f\u202e]", text)


def test_the_rules_of_a_checklist_are_rules(half: Checklist) -> None:
    assert {item.rule for item in half.items} <= set(RULES)
    assert {item.verdict for item in half.items} <= set(FINDINGS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_shows_the_checklist(tmp_path: Path, language: Language) -> None:
    given = tmp_path / "half.json"
    hostile = {**HALF, "sponsor": {"name": "<script>alert(1)</script>", "email": "<b>x</b>"}}
    given.write_text(json.dumps(hostile), "utf-8")
    done = audit((given,), tmp_path / "out", Options(), lambda *_: None)
    page = write_report(done.out, language).read_text("utf-8")
    (one,) = checklists(done.out).each
    assert '<section id="checklists"' in page
    assert 'href="#checklists"' in page
    section = page.split('<section id="checklists"')[1].split("</section>")[0]
    assert section.count("<li>") == len(one.items) + len(one.untold)
    assert "&lt;b&gt;x&lt;/b&gt;" in section
    assert "<b>x" not in section
    assert tally(one, language) in section


def test_a_report_without_notices_has_no_checklists(tmp_path: Path, sample: Path) -> None:
    done = audit((sample / "politiekereclame_nl",), tmp_path / "out", Options(), lambda *_: None)
    assert 'id="checklists"' not in write_report(done.out).read_text("utf-8")
