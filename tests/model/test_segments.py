"""What the lexicon of targeting finds and leaves alone, measured on labelled examples; how it reads records."""

from collections.abc import Mapping
from typing import Final

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaudit.model.record import conform
from adaudit.model.segments import ORIGINS, SEGMENTS, SPECIAL, TOLD, segment_bits, segments, touched

PRECISION, RECALL = 0.98, 0.85
"""Floors over all labelled examples of `POSITIVES`, `ORIGIN` and `LOOK_ALIKES`."""

POSITIVES: Final[Mapping[str, tuple[str, ...]]] = {
    "political_opinion": (
        "Swing voters in the north",
        "Interest: Labour Party",
        "Likely supporters of the Fictional Reform Party",
        "political affiliation",
        "Left-wing audiences",
        "Politieke voorkeur: links",
        "GroenLinks-kiezers",
        "sympathisanten van de Fictieve Partij",
        "Konservative Wähler",
        "politische Meinung",
        "opinions politiques",
        "Électeurs de gauche",
        "votantes de izquierda",
        "opiniones políticas",
        "elettori del centrodestra",
        "opinioni politiche",
        "poglądy polityczne",
        "Wyborcy lewicy",
        "members of a political movement",
        "Households with campaign yard signs",
    ),
    "religion_or_belief": (
        "Practising Jews",
        "Devout Catholics",
        "Muslim community",
        "Religious affiliation",
        "Islam",
        "Praktiserende moslims",
        "geloofsovertuiging",
        "Christelijke gezinnen",
        "Muslime",
        "Religionszugehörigkeit",
        "convictions religieuses",
        "Catholiques pratiquants",
        "creencias religiosas",
        "Judíos",
        "cattolici praticanti",
        "convinzioni religiose",
        "Katolicy",
        "przekonania religijne",
        "People who observe Ramadan",
    ),
    "racial_or_ethnic_origin": (
        "African-American multicultural affinity",
        "Turkish community",
        "Ethnic origin",
        "People of Moroccan descent",
        "Roma communities",
        "migratieachtergrond",
        "mensen van Surinaamse afkomst",
        "Menschen mit Migrationshintergrund",
        "türkischer Herkunft",
        "origine ethnique",
        "personnes d'origine maghrébine",
        "minorías étnicas",
        "origine etnica",
        "pochodzenie etniczne",
        "mniejszości narodowe",
        "Expats from Fictionland",
    ),
    "health": (
        "People living with diabetes",
        "Cancer patients",
        "Chronic illness",
        "Pregnant women",
        "HIV",
        "Mensen met een beperking",
        "gezondheidsgegevens",
        "Chronisch Kranke",
        "Menschen mit Behinderung",
        "données de santé",
        "personnes handicapées",
        "personas con discapacidad",
        "estado de salud",
        "persone con disabilità",
        "dati sulla salute",
        "osoby z niepełnosprawnościami",
        "kobiety w ciąży",
        "Migraine sufferers",
    ),
    "sex_life_or_orientation": (
        "LGBTQ+ community",
        "Gay men",
        "sexual orientation",
        "Same-sex couples",
        "Seksuele geaardheid",
        "LHBTI",
        "sexuelle Orientierung",
        "Homosexuelle",
        "orientation sexuelle",
        "orientación sexual",
        "lesbianas",
        "orientamento sessuale",
        "orientacja seksualna",
        "osoby homoseksualne",
    ),
    "trade_union_membership": (
        "Trade union members",
        "Labour unions",
        "Vakbondsleden",
        "FNV-leden",
        "Gewerkschaftsmitglieder",
        "Syndicats",
        "sindicatos",
        "iscritti al sindacato",
        "związki zawodowe",
    ),
    "genetic_or_biometric": ("Genetic data", "biometrische gegevens", "données génétiques"),
}
ORIGIN: Final[Mapping[str, tuple[str, ...]]] = {
    "advertiser_list": ("Custom audience", "customer_lists", "Provided by Advertiser", "klantenlijst", "Kundenliste"),
    "lookalike": ("Lookalike (NL, 1%)", "Similar audiences", "vergelijkbare doelgroep", "ähnliche Zielgruppe"),
    "third_party": ("Third-party data", "gegevens van derden", "données de tiers", "Acxiom homeowners"),
}
LOOK_ALIKES: Final = (
    "Jewish cuisine",
    "Jewish history",
    "Christian Dior",
    "Christian Louboutin",
    "Christian Bale",
    "Christmas",
    "Christmas markets",
    "Church architecture",
    "History of Islam",
    "Kosher food",
    "Gospel music",
    "Poland",
    "Polish language",
    "Turkish Airlines",
    "Turkish cuisine",
    "Moroccan rugs",
    "Roma",
    "AS Roma",
    "African elephants",
    "Blackpool",
    "Black Friday",
    "Whitewater rafting",
    "Gay-Lussac",
    "Marvin Gaye",
    "Enola Gay",
    "Pride and Prejudice",
    "Drag racing",
    "European Union",
    "Credit union",
    "Student union",
    "Western Union",
    "1. FC Union Berlin",
    "Syndicat de copropriétaires",
    "Syndicat d'initiative",
    "Health insurance",
    "Health and fitness",
    "Gezond eten",
    "Gesundheit und Wellness",
    "Santé Publique magazine",
    "Salute!",
    "Cancer (astrology)",
    "Great Depression",
    "Depression glass",
    "Liberal arts",
    "Garden party",
    "Party supplies",
    "Birthday party",
    "Green energy",
    "Labour market",
    "Conservative investments",
    "Politics",
    "Voters",
    "News and politics",
    "Left-handed golf",
    "Right winger (football)",
    "Interested in men's fashion",
    "Ik geloof in morgen",
    "Wyznanie miłosne",
    "Leslie Nielsen",
    "Queer Eye",
    "Black women's shoes",
    "Syndicat national de l'édition",
    "Gläubiger",
    "Progressive lenses",
    "Sikh temple architecture",
    "Sexual Healing (song)",
    "Genetic algorithms",
    "Biometrics conference",
    "HIVE beekeeping",
    "Politieke cultuur",
    "Kerkstraat",
    "Kiezers in Gelderland",
    "Linksaf",
    "Wählerverzeichnis",
    "Orthodontist",
    "Buddha bowl",
    "Zen garden",
    "Protest songs",
    "Ni\u00f1os",
    "Partito il treno",
    "Katolicki Uniwersytet Lubelski",
    "Związek Radziecki",
    "Zdrowa żywność",
    "Guest lists",
    "Party playlist",
    "Similar triangles",
    "Bachelor's degree",
    "Parents of toddlers",
    "Small business owners",
    "Homeowners",
    "Gardening",
    "Frequent travellers",
    "Commuters",
    "Football",
)


def _told(texts: tuple[str, ...]) -> list[set[str]]:
    bits = pl.DataFrame({"text": texts}).select(touched(pl.col("text"))).to_series()
    return [{name for name in SEGMENTS if one & segment_bits(name)} for one in bits]


def test_precision_and_recall_on_labelled_examples_stay_above_their_floors() -> None:
    labelled = {**POSITIVES, **ORIGIN}
    found = right = wanted = 0
    for name, texts in labelled.items():
        for one in _told(texts):
            wanted += 1
            right += name in one
            found += len(one)
    found += sum(len(one) for one in _told(LOOK_ALIKES))
    precision, recall = right / found, right / wanted
    assert precision >= PRECISION, f"precision {right}/{found}"
    assert recall >= RECALL, f"recall {right}/{wanted}"
    assert right < wanted, "the examples hold cases that the lexicon is known to miss"


@pytest.mark.parametrize("name", [*POSITIVES, *ORIGIN])
def test_every_category_and_origin_is_found_in_most_of_its_examples(name: str) -> None:
    texts = {**POSITIVES, **ORIGIN}[name]
    found = [name in one for one in _told(texts)]
    missed = [text for text, yes in zip(texts, found, strict=True) if not yes]
    assert len(missed) <= len(texts) * (1 - RECALL + 0.05), missed


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_look_alikes_touch_nothing(text: str) -> None:
    assert _told((text,)) == [set()]


def test_every_category_has_examples() -> None:
    assert set(POSITIVES) == set(SPECIAL)
    assert set(ORIGIN) == set(ORIGINS)


def _mask(**row: object) -> set[str]:
    value = segments(conform(pl.DataFrame([row])))["segments_mask"][0]
    return {name for name in SEGMENTS if value & segment_bits(name)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We use religion.", {"religion_or_belief", TOLD}),
        ("We do not use religion.", set()),
        ("Geen religie. Wel gezondheidsgegevens.", {"health", TOLD}),
        ("Sans données de santé; opinions politiques", {"political_opinion", TOLD}),
        ("leeftijd en regio", {TOLD}),
        ("none", set()),
        ("Provided by Advertiser", {"advertiser_list"}),
    ],
)
def test_statements_are_read_by_sentence_and_denials_are_left_out(text: str, found: set[str]) -> None:
    assert _mask(targeting_statement=text) == found
    assert _mask(data_categories=text) == found


def test_options_of_all_records_join_and_places_ages_and_unused_options_are_not_read() -> None:
    def option(dimension: str | None, value: str | None) -> dict[str, object]:
        return {"dimension": dimension, "value": value, "excluded": None}

    assert _mask(targeting_parameters=[option("location", "Muslims"), option("age", "13-17")]) == set()
    assert _mask(targeting_parameters=[option("custom_audience", "No")]) == set()
    assert _mask(targeting_parameters=[option(None, None)]) == set()
    assert _mask(targeting_parameters=[]) == set()
    both = _mask(targeting_parameters=[option("interest", "Gardening"), option("segment", "LGBT")])
    assert both == {"sex_life_or_orientation", TOLD}
    frame = conform(pl.DataFrame([{"data_categories": "religion"}, {"data_categories": None}]))
    assert segments(frame)["segments_mask"].to_list() == [segment_bits("religion_or_belief", TOLD), 0]
    assert segments(frame.head(0))["segments_mask"].dtype == pl.UInt16


@given(st.lists(st.one_of(st.none(), st.text(max_size=40)), min_size=1, max_size=8))
def test_each_record_is_told_by_its_own_text_whatever_stands_beside_it(texts: list[str | None]) -> None:
    frame = conform(pl.DataFrame({"data_categories": texts}, schema={"data_categories": pl.String}))
    together = segments(frame)["segments_mask"].to_list()
    alone = [segments(frame.slice(i, 1))["segments_mask"][0] for i in range(frame.height)]
    assert together == alone
