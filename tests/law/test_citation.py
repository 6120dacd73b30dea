"""Pinpoints in Dutch: every one of the law data and of the rules, and the forms that they take."""

import re

import pytest

from adaudit.law import requirements
from adaudit.law.citation import cited, instrument
from adaudit.rules import RULES

EVERY = sorted(
    {one.pinpoint for one in requirements().values()}
    | {rule.pinpoint(kind) for rule in RULES.values() for kind in rule.kinds}
)


@pytest.mark.parametrize(
    ("pinpoint", "dutch"),
    [
        ("Art 20", "artikel 20"),
        ("Art 18(2)", "artikel 18, lid 2"),
        ("Art 12(1)(b)", "artikel 12, lid 1, onder b)"),
        ("Art 19(1)(c)(iv)", "artikel 19, lid 1, onder c), iv)"),
        ("Art 12(3), first subparagraph", "artikel 12, lid 3, eerste alinea"),
        ("Art 13(2), second sentence", "artikel 13, lid 2, tweede zin"),
        ("Art 19(1)(c), introductory wording", "artikel 19, lid 1, onder c), aanhef"),
        ("Art 12(4)-(5)", "artikel 12, leden 4 en 5"),
        ("Art 15(1)-(3)", "artikel 15, leden 1 tot en met 3"),
        ("Art 9(1), (3)", "artikel 9, leden 1 en 3"),
        ("Art 9(1), (3), (4)", "artikel 9, leden 1, 3 en 4"),
        ("Art 3(10)", "artikel 3, punt 10"),
        ("Art 3(11), (12)", "artikel 3, punten 11 en 12"),
        ("Art 13(2) with Art 12(1)(a)", "artikel 13, lid 2, in samenhang met artikel 12, lid 1, onder a)"),
        (
            "Art 13(2) with Art 12(1)(l) with Art 19(1)(e)",
            "artikel 13, lid 2, in samenhang met artikel 12, lid 1, onder l), en artikel 19, lid 1, onder e)",
        ),
        ("Art 39(2)(b) DSA", "artikel 39, lid 2, onder b), van de DSA"),
        ("Art 50(2); Art 111(4)", "artikel 50, lid 2; artikel 111, lid 4"),
        ("Annex II.1 n.7", "bijlage II, punt 1, noot 7"),
        ("Annex II.3 item 16(a)", "bijlage II, punt 3, rubriek 16, onder a)"),
        ("Annex II.3 item 8, n.8", "bijlage II, punt 3, rubriek 8, noot 8"),
        ("Annex I.4.2(b), 4.3", "bijlage I, punten 4.2, onder b), en 4.3"),
        ("Annex I.2.2, I.4.2", "bijlage I, punten 2.2 en 4.2"),
        (
            "Art 12(3), second subparagraph; IR 2025/1410 Annex III.3-9",
            "artikel 12, lid 3, tweede alinea; Uitvoeringsverordening (EU) 2025/1410, bijlage III, "
            "punten 3 tot en met 9",
        ),
    ],
)
def test_a_pinpoint_is_cited_as_dutch_law_is_cited(pinpoint: str, dutch: str) -> None:
    assert cited(pinpoint, "nl") == dutch
    assert cited(pinpoint, "en") == pinpoint


@pytest.mark.parametrize("pinpoint", EVERY)
def test_every_pinpoint_of_the_program_has_a_dutch_citation(pinpoint: str) -> None:
    dutch = cited(pinpoint, "nl")
    english = r"\b(Art|Annex|IR|with|item|first|second|fifth|subparagraph|sentence|read|wording|n\.)\b"
    assert not re.search(english, dutch), dutch
    assert re.findall(r"\d+", dutch.replace("Uitvoeringsverordening (EU)", "")) == re.findall(r"\d+", pinpoint)
    assert dutch.count(")") - dutch.count("(") == len(re.findall(r"\([a-z]+\)", pinpoint))


def test_different_pinpoints_have_different_citations() -> None:
    assert len({cited(one, "nl") for one in EVERY}) == len(EVERY)


@pytest.mark.parametrize(
    "wrong", ["", "Article 12", "Art", "Art 12(1)(b), seventh subparagraph", "Art 12(1) or so", "Annex II", "recital 4"]
)
def test_what_is_no_pinpoint_is_not_half_translated(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"pinpoint|part|point"):
        cited(wrong, "nl")


def test_every_instrument_has_a_dutch_name() -> None:
    for name in {one.instrument for one in requirements().values()}:
        assert instrument(name, "en") == name
        dutch = instrument(name, "nl")
        assert re.fullmatch(r"(Uitvoeringsv|V)erordening \(EU\) \d+/\d+", dutch)
        assert dutch.split()[-1] == name.split()[-1]
    with pytest.raises(ValueError, match="no Dutch name"):
        instrument("Directive (EU) 2019/882", "nl")
