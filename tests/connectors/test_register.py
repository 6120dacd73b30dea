"""The Dutch register: hand-written statements and the exact notices they become."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from .pages import document, form_of, parse, record, records, statement


def notice(**more: object) -> dict[str, Any]:
    return record(document([statement(**more)]))


def test_statement() -> None:
    one = notice(
        organization_created={"id": "org-1", "name": "Bruggenbond"},
        opdrachtgever_straat_huisnummer="Kade 3",
        opdrachtgever_plaats="Wolkendam",
        opdrachtgever_kvk_nummer="99991001",
        opdrachtgever_mailadres="info@brug.example",
        opdrachtgever_registratienummer_kiesraad="12",
        gezaghebbende_naam_organisatie="",
        betalende_naam_organisatie="Kas van de Brug",
        betalende_plaats="Wolkendam",
        relevante_links="https://kiesraad.example",
        oorsprong_ontvangen_bedragen="Particulier geld van binnen de EU,Publiek geld van buiten de EU",
        methode_waardebepaling_voordelen_natura="marktwaarde",
        ingezette_media="sociale media,radio",
        reclame_boodschap="Meer brug.",
    )
    expected = {
        "source": "politiekereclame_nl",
        "form": "statements",
        "kind": "notice",
        "record_id": "zz11aa",
        "version_id": "11111111-0000-4000-8000-000000000001",
        "revision": 1,
        "locator": "/0",
        "intended_from": date(2025, 10, 10),
        "intended_until": date(2025, 10, 28),
        "published_at": datetime(2025, 10, 2, 9, 30, tzinfo=UTC),
        "updated_at": datetime(2025, 10, 2, 8, 0, tzinfo=UTC),
        "sponsor_name": "Bruggenbond",
        "sponsor_email": "info@brug.example",
        "sponsor_postal_address": "Kade 3, Wolkendam",
        "sponsor_establishment": "Kade 3, Wolkendam",
        "sponsor_registration": "12",
        "sponsor_company_number": "99991001",
        "sponsor_kind": "legal",
        "controlling_entity_name": None,
        "payer_name": "Kas van de Brug",
        "payer_postal_address": None,
        "payer_establishment": "Wolkendam",
        "payer_kind": "unknown",
        "account_id": "org-1",
        "account_name": "Bruggenbond",
        "amount_campaign_low": Decimal("1500.50"),
        "amount_campaign_high": Decimal("1500.50"),
        "amount_media_low": Decimal(900),
        "amount_currency": "EUR",
        "amount_method": "marktwaarde",
        "funds_public_private": "private and public",
        "funds_union_origin": "inside the Union and outside the Union",
        "linked_process": "Tweede Kamerverkiezingen 2025",
        "linked_process_none": False,
        "voting_info_url": "https://kiesraad.example",
        "texts": ["Meer brug."],
        "titles": ["Meer brug, minder pont"],
        "media_kind": ["sociale media", "radio"],
        "countries": ["NL"],
        "political_basis": "register",
        "unparsed": None,
    }
    assert {key: one[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2025-10-02T09:30:00", datetime(2025, 10, 2, 9, 30, tzinfo=UTC)),
        ("2025-10-02T09:30:00.000Z", datetime(2025, 10, 2, 9, 30, tzinfo=UTC)),
        ("2025-10-02T09:30:00+02:00", datetime(2025, 10, 2, 7, 30, tzinfo=UTC)),
        ("2025-10-02", datetime(2025, 10, 2, tzinfo=UTC)),
    ],
)
def test_forms_of_a_moment(written: str, moment: datetime) -> None:
    assert notice(date_published=written)["published_at"] == moment


def test_date_that_is_none_is_kept_as_text() -> None:
    one = notice(campagne_periode_einddatum="na de zomer")
    assert one["intended_until"] is None
    assert one["unparsed"] == [{"column": "intended_until", "text": "na de zomer"}]


@pytest.mark.parametrize(
    ("answers", "none", "personal", "techniques"),
    [
        ("geen", True, False, []),
        ("contextueel", False, False, ["contextueel"]),
        ("demografisch,geografisch", False, None, ["demografisch", "geografisch"]),
        ("geen, demografisch", True, None, ["demografisch"]),
        ("", None, None, None),
    ],
)
def test_answers_on_targeting(
    answers: str, none: bool | None, personal: bool | None, techniques: list[str] | None
) -> None:
    one = notice(gebruikte_targeting_techniek=answers)
    assert one["targeting_declared_none"] is none
    assert one["targeting_personal_data"] is personal
    assert [part["dimension"] for part in one["targeting_parameters"] or []] == (techniques or [])
    assert one["targeting_parameters_count"] == (None if techniques is None else len(techniques))


@pytest.mark.parametrize("filler", ["x", "n.v.t.", "0000000000", "Nietvantoepassing", "-"])
def test_filler_stays_visible_and_is_known_as_a_stand_in(filler: str) -> None:
    one = notice(opdrachtgever_mailadres=filler)
    assert one["sponsor_email"] == filler
    assert one["placeholder_mask"] != 0
    assert notice()["placeholder_mask"] == 0


@pytest.mark.parametrize("number", ["00000000", "123", "", "NL99991001B01"])
def test_only_eight_digits_make_a_registered_company(number: str) -> None:
    assert notice(opdrachtgever_kvk_nummer=number)["sponsor_kind"] == "unknown"


def test_general_theme_links_to_no_process() -> None:
    one = notice(theme="Algemeen")
    assert (one["linked_process"], one["linked_process_none"]) == (None, True)


def test_answer_of_the_register_is_the_same_as_its_items_alone() -> None:
    items = [statement(), statement(id="other", public_id="zz22bb")]
    answer = document({"items": items, "meta": {"filter_count": 2, "total_count": 2, "limit": 100}})
    assert form_of(answer) == ("politiekereclame_nl", "statements")
    alone, answered = parse(document(items)), parse(answer)
    assert answered.new_fields == ()
    assert answered.frame["locator"].to_list() == ["/items/0", "/items/1"]
    assert answered.frame.drop("locator").equals(alone.frame.drop("locator"))


def test_answer_of_the_register_without_statements_is_recognised() -> None:
    answer = document({"items": [], "meta": {"filter_count": 0}})
    assert form_of(answer) == ("politiekereclame_nl", "statements")
    assert parse(answer).frame.height == 0


def test_linked_election_of_2026_stands_with_its_day() -> None:
    """Answers of 2026 name it in an object of its own, in the place of `theme`."""
    item = statement(
        theme_link={"id": 9, "label": "Gemeenteraadsverkiezingen 2026", "status": "x", "date": "2026-03-18T12:00:00"}
    )
    del item["theme"]
    one = record(document([item]))
    assert (one["linked_process"], one["linked_process_date"]) == ("Gemeenteraadsverkiezingen 2026", date(2026, 3, 18))
    assert one["linked_process_none"] is False
    item["theme_link"] = {"id": 1, "label": "Algemeen", "status": "x", "date": None}
    general = record(document([item]))
    assert (general["linked_process"], general["linked_process_none"]) == (None, True)
    assert parse(document([item])).new_fields == ()


def test_versions_of_one_statement_share_its_public_id() -> None:
    first, second = records(document([statement(), statement(id="222", versions=2, name="Nog meer brug")]))
    assert first["record_id"] == second["record_id"]
    assert [first["revision"], second["revision"]] == [1, 2]
    assert first["version_id"] != second["version_id"]


def test_revisions_give_every_state_with_the_time_it_was_seen() -> None:
    data = document(
        [
            {
                "id": "a",
                "revisions": [
                    {"seen_at": "2025-10-08T18:12:07+02:00", "statement": statement(versions=1)},
                    {"seen_at": "2025-10-09T18:12:07+02:00", "statement": statement(versions=2, mood="sunny")},
                ],
            },
            {"id": "b", "revisions": []},
            {"id": "c", "revisions": [{"seen_at": "2025-10-08T10:00:00Z", "statement": statement(public_id="yy")}]},
        ]
    )
    parsed = parse(data)
    assert form_of(data) == ("politiekereclame_nl", "revisions")
    assert parsed.frame["record_id"].to_list() == ["zz11aa", "zz11aa", "yy"]
    assert parsed.frame["revision"].to_list() == [1, 2, 1]
    assert parsed.frame["locator"].to_list() == [
        "/0/revisions/0/statement",
        "/0/revisions/1/statement",
        "/2/revisions/0/statement",
    ]
    assert parsed.frame["observed_at"].to_list()[0] == datetime(2025, 10, 8, 16, 12, 7, tzinfo=UTC)
    assert parsed.new_fields == ("mood",)
    assert "theme" in parsed.layouts[0]
