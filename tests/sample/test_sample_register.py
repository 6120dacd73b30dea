"""Sample files of the Dutch register have the forms and the dirt of the real ones."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from .test_sample import load

STATEMENT_KEYS = re.findall(
    r"\w+",
    "id name public_id theme date_created date_updated versions_count organization_created versions "
    "date_published opdrachtgever_naam_organisatie opdrachtgever_straat_huisnummer opdrachtgever_plaats "
    "opdrachtgever_kvk_nummer opdrachtgever_contactpersoon opdrachtgever_mailadres "
    "opdrachtgever_registratienummer_kiesraad gezaghebbende_naam_organisatie "
    "gezaghebbende_straat_huisnummer gezaghebbende_plaats gezaghebbende_kvk_nummer gezaghebbende_mailadres "
    "betalende_naam_organisatie betalende_straat_huisnummer betalende_plaats betalende_kvk_nummer "
    "betalende_contactpersoon betalende_mailadres campagne_periode_startdatum campagne_periode_einddatum "
    "betaalde_media_waarde_euro totale_waarde_campagne_euro relevante_links gebruikte_targeting_techniek "
    "oorsprong_ontvangen_bedragen akkoord_labels_aanleveren akkoord_gegevens_juist "
    "akkoord_wijzigingen_doorgeven akkoord_transparantieverklaring_toestemming "
    "akkoord_identiteit_opdrachtgever akkoord_politieke_reclamedienst "
    "methode_waardebepaling_voordelen_natura ingezette_media reclame_boodschap",
)


@pytest.fixture(scope="module")
def statements(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = load(folder / "politiekereclame_nl/statements_2025-10-25.json")
    return found


def test_statements_are_versions_of_46(statements: list[dict[str, Any]], folder: Path) -> None:
    raw = (folder / "politiekereclame_nl/statements_2025-10-25.json").read_text(encoding="utf-8")
    assert raw == json.dumps(statements, indent=1, ensure_ascii=False)
    assert len(statements) == 62
    assert len({statement["public_id"] for statement in statements}) == 46
    assert all(re.fullmatch(r"[0-9a-z]{6}", statement["public_id"]) for statement in statements)
    assert {tuple(statement) for statement in statements} == {
        tuple(STATEMENT_KEYS),
        tuple(STATEMENT_KEYS[:-2]),
    }


def test_one_version_stands_twice_after_a_rename(statements: list[dict[str, Any]]) -> None:
    twice = [identity for identity, number in Counter(s["id"] for s in statements).items() if number == 2]
    assert len(twice) == 1
    pair = [statement for statement in statements if statement["id"] == twice[0]]
    assert [key for key in pair[0] if pair[0][key] != pair[1][key]] == ["name"]


def test_dates_have_three_forms(statements: list[dict[str, Any]]) -> None:
    for statement in statements:
        assert re.fullmatch(r"2025-10-\d\dT\d\d:\d\d:\d\d\.000Z", statement["date_created"])
        assert re.fullmatch(r"2025-10-\d\dT\d\d:\d\d:\d\d", statement["date_published"])
        assert re.fullmatch(r"202\d-\d\d-\d\d", statement["campagne_periode_startdatum"])
        assert statement["date_published"] < "2025-10-25T23:59:59"
        assert statement["versions"] <= statement["versions_count"]


def test_amounts_are_text_with_dirt(statements: list[dict[str, Any]]) -> None:
    pairs = [(s["betaalde_media_waarde_euro"], s["totale_waarde_campagne_euro"]) for s in statements]
    assert [total for _, total in pairs if not re.fullmatch(r"\d+(\.\d{1,2})?", total)] == ["circa 5000,-"]
    decimals = {len(media.partition(".")[2]) for media, _ in pairs}
    assert decimals == {0, 1, 2}
    above = [pair for pair in pairs if not pair[1].startswith("circa") and float(pair[0]) > float(pair[1])]
    assert len(above) == 1


def test_register_answers_carry_the_promised_dirt(statements: list[dict[str, Any]]) -> None:
    def number(key: str, value: object) -> int:
        return sum(statement.get(key, "absent") == value for statement in statements)

    assert number("opdrachtgever_naam_organisatie", "") == 2
    assert number("opdrachtgever_kvk_nummer", "0000000000") == 2
    assert number("opdrachtgever_kvk_nummer", "Nietvantoepassing") == 1
    assert number("opdrachtgever_kvk_nummer", "n.v.t.") >= 1
    assert number("opdrachtgever_straat_huisnummer", "x") == 1
    assert number("methode_waardebepaling_voordelen_natura", "n.v.t.") >= 2
    assert number("ingezette_media", None) >= 10
    assert number("ingezette_media", "absent") == 4
    assert number("relevante_links", "") >= 30
    assert number("theme", "Tweede Kamerverkiezing 2025") == 4
    assert number("theme", "Tweede Kamerverkiezingen 2025") > 40
    assert number("theme", "Gemeenteraadsverkiezingen 2026") == 5
    assert number("theme", "Algemeen - beleid en maatschappelijke thema’s") == 2
    assert number("gebruikte_targeting_techniek", "geen,geografisch,contextueel") == 1
    assert number("oorsprong_ontvangen_bedragen", "Particulier geld van buiten de EU") == 1
    both = [s for s in statements if s["betalende_naam_organisatie"] and s["gezaghebbende_naam_organisatie"]]
    assert len(both) == 1


def test_links_are_addresses_domains_and_prose(statements: list[dict[str, Any]]) -> None:
    links = [statement["relevante_links"] for statement in statements]
    assert any("\t" in link and "\n" in link for link in links)
    assert any(re.fullmatch(r"[a-z]+\.example", link) for link in links)
    assert any(" " in link.strip() for link in links)


def test_several_were_first_published_after_the_start(statements: list[dict[str, Any]]) -> None:
    late = [
        statement
        for statement in statements
        if statement["versions"] == 1
        and statement["date_published"][:10] > max(statement["campagne_periode_startdatum"], "2025-10-10")
    ]
    assert len(late) >= 5


def test_revisions_end_in_the_state_of_the_register(folder: Path, statements: list[dict[str, Any]]) -> None:
    histories = load(folder / "politiekereclame_nl/statement_revisions_2025-10.json")
    assert len(histories) == 15
    assert {len(history["revisions"]) for history in histories} == {1, 2, 3}
    for history in histories:
        assert list(history) == ["id", "revisions"]
        assert all(list(revision) == ["seen_at", "statement"] for revision in history["revisions"])
        assert history["revisions"][-1]["statement"] in statements
        seen = [revision["seen_at"][:19] for revision in history["revisions"]]
        assert seen == sorted(seen)
        assert seen[0] > history["revisions"][0]["statement"]["date_published"]
    renamed = [h for h in histories if len({r["statement"]["name"] for r in h["revisions"]}) == 2]
    assert len(renamed) == 1
