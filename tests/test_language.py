"""Both languages say the same: every room's texts have both wordings, which name the same values."""

import re
import string
import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import adaudit
from adaudit.connectors import sources
from adaudit.language import (
    LANGUAGES,
    Language,
    Texts,
    Wording,
    day,
    in_language,
    interval,
    month,
    number,
    percent,
    share,
    share_of,
    texts_of,
)
from adaudit.model.vocabulary import BINDINGS, KINDS, VERDICTS
from adaudit.rules import RULES, every

ROOMS = sorted(
    ".".join(path.parent.relative_to(Path(adaudit.__file__).parent.parent).parts)
    for path in Path(adaudit.__file__).parent.rglob("texts.toml")
    if path.parent.name != "rules"
)

PAIRED = [room for room in ROOMS if room.split(".")[1] in {"audit", "cli", "connectors", "evidence"}]
"""Rooms whose keys in `_1` and `_more` are of one and of several; in the others they are of something else."""


def values_named(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_text_has_both_wordings_with_the_same_values() -> None:
    for room in ROOMS:
        for key, wordings in texts_of(room).entries.items():
            assert set(wordings) == set(LANGUAGES), f"{room}: {key}"
            assert values_named(wordings["en"]) == values_named(wordings["nl"]), f"{room}: {key}"
            assert all(text.strip() for text in wordings.values()), f"{room}: {key}"


def test_numbers_as_each_language_writes_them() -> None:
    assert number(3124) == "3\u202f124"
    assert number(3124, "nl") == "3.124"
    assert share(12, 46) == "12 of 46 (26 %)"
    assert share(12, 46, "nl") == "12 van 46 (26%)"
    assert share(0, 0, "nl") == "0 van 0"
    assert percent(1, 1000) == "under 1 %"
    assert percent(999, 1000, "nl") == "meer dan 99%"


def test_days_as_each_language_writes_them() -> None:
    assert day(date(2025, 10, 29)) == "29 October 2025"
    assert day(date(2025, 10, 29), "nl") == "29 oktober 2025"
    assert month(date(2025, 3, 1), "nl") == "maart 2025"


@given(st.decimals(0, 10**9, places=2), st.decimals(0, 10**9, places=2), st.sampled_from(LANGUAGES))
def test_an_interval_is_rounded_outwards(one: Decimal, other: Decimal, language: Language) -> None:
    low, high = sorted((one, other))
    words = interval(low, high, language).replace("\u202f", "").replace(".", "")
    ends = [int(word) for word in words.split() if word.isdigit()]
    assert ends[0] <= low
    if low != high:
        assert ends[-1] >= high


def test_data_files_parse() -> None:
    for path in Path(adaudit.__file__).parent.rglob("*.toml"):
        tomllib.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("room", PAIRED)
def test_what_one_and_several_are_called_comes_in_pairs(room: str) -> None:
    keys = set(texts_of(room).entries)
    one = {key.removesuffix("_1") for key in keys if key.endswith("_1")}
    assert one == {key.removesuffix("_more") for key in keys if key.endswith("_more")}
    assert one


def test_the_words_of_the_program_are_complete() -> None:
    forms = [form for source in sources().values() for form in source.form.values()]
    asked = (
        {f"verdict_{one}" for one in VERDICTS}
        | {f"binding_{one}" for one in BINDINGS}
        | {f"kind_{one}" for one in KINDS}
        | {f"severity_{rule.severity}" for rule in RULES.values()}
        | {f"severity_{rule.raised_severity}" for rule in RULES.values()}
        | {f"family_{rule.family}" for rule in every().values()}
        | {f"kind_{kind}" for rule in every().values() for kind in rule.kinds}
        | {f"kind_{form.kind}" for form in forms}
        | {f"level_{exposure.level}" for form in forms for exposure in form.exposure.values()}
    )
    assert asked <= set(texts_of("adaudit.model").entries)


ALIKE_IN_BOTH = {
    *("Ad Library API", "Ad Library Report", "Ads Gallery", "Ads Transparency Center", "Commercial Content API"),
    *("Google", "Google Center, JSON", "Google Transparency"),
    *("LinkedIn", "LinkedIn Ad Library"),
    *("Meta Ad Library", "Meta Ad Library Report", "Meta Report 2019", "Meta ads_archive"),
    *("Meta Platforms (Facebook, Instagram)", "ads_archive"),
    *("Microsoft", "Microsoft Ad Library", "Microsoft Advertising Ad Library"),
    *("Political Ads Library", "Snap", "Snapchat", "Snapchat Ads Gallery"),
    *("TikTok", "TikTok Commercial Content Library", "TikTok, ad/detail", "TikTok, ad/report"),
    *("X", "X Ads Repository", "politiekereclame.nl"),
}
"""Names of publishers, libraries and formats, which no language translates."""
OF_A_SOURCE = ("title", "publisher", "description", "access", "licence")
OF_A_FORM = ("title", "short", "how_to_get", "note")
WIDEST_SHORT = 28


def test_every_text_of_every_source_is_there_in_dutch() -> None:
    texts: dict[str, str] = {}
    for one in sources().values():
        texts |= {f"{one.id} {key}": getattr(one, key) for key in OF_A_SOURCE}
        for name, form in one.form.items():
            texts |= {f"{one.id}.{name} {key}": getattr(form, key) for key in OF_A_FORM}
    said = {place: text for place, text in texts.items() if text}
    assert {place.split(" ")[1] for place in texts if place not in said} <= {"short", "note"}
    alike = {place: text for place, text in said.items() if in_language(text, "nl") == in_language(text, "en")}
    assert {place: text for place, text in alike.items() if text not in ALIKE_IN_BOTH} == {}
    assert set(alike.values()) == ALIKE_IN_BOTH


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_short_name_of_a_form_fits_the_head_of_a_column(language: Language) -> None:
    shown = {form.short for source in sources().values() for form in source.form.values() if form.short}
    assert {one for one in shown if len(in_language(one, language)) > WIDEST_SHORT} == set()


FICTIONAL = Texts(
    {
        "ran_1": {"en": "{count} {things} of {who} ran on {when}", "nl": "{count} {things} van {who} liep op {when}"},
        "ran_more": {
            "en": "{count} {things} of {who} ran on {when}",
            "nl": "{count} {things} van {who} liepen op {when}",
        },
    }
)


def test_a_wording_is_english_as_text_and_dutch_on_request() -> None:
    things = Wording("ads", "advertenties")
    said = FICTIONAL.of("ran", 3124, things=things, who="Lijst Duin", when=date(2025, 10, 29))
    assert said == "3\u202f124 ads of Lijst Duin ran on 29 October 2025"
    assert said.nl == "3.124 advertenties van Lijst Duin liepen op 29 oktober 2025"
    assert said.written() == {"en": str(said), "nl": said.nl}
    assert FICTIONAL.of("ran", 1, things=things, who="", when="x").nl == "1 advertenties van  liep op x"
    assert in_language(said, "nl") == said.nl
    assert in_language("plain", "nl") == in_language("plain", "en") == "plain"
    assert type(in_language(said, "en")) is str


def test_a_wording_is_read_from_a_text_or_a_table_of_both() -> None:
    assert Wording.read("one").nl == "one"
    assert Wording.read({"en": "one", "nl": "een"}) == "one"
    assert Wording.read({"en": "one", "nl": "een"}).nl == "een"
    for wrong in (1, {"en": "one"}, {"en": "one", "nl": 1}, {"en": "one", "nl": "een", "de": "eins"}):
        with pytest.raises(ValueError, match="wordings in en and nl"):
            Wording.read(wrong)


def test_a_share_with_its_noun_in_the_order_of_each_language() -> None:
    things = Wording("ads", "advertenties")
    assert share_of(12, 46, things) == "12 of 46 (26 %) ads"
    assert share_of(1200, 4600, things, "nl") == "1.200 van de 4.600 advertenties (26%)"
    assert share_of(0, 0, things, "nl") == "0 van de 0 advertenties"


DUTCH_FILES = sorted(
    path
    for path in Path(adaudit.__file__).parent.rglob("*.toml")
    if path.name in {"texts.toml", "outcomes.toml", "source.toml", "dutch.toml", "repository.toml"}
)
"""Files that hold Dutch, in tables with `nl` or, in dutch.toml, as the value of an English key."""
NOT_IN_THE_GLOSSARY = re.compile(
    r"(?<![/_.])\b(sponsors?|politieke advertenties?|transparantiekennisgeving\w*|transparantiemelding\w*|"
    r"targetting\w*|targetingmethoden?|controlerende entiteit)\b(?!\.)",
    re.IGNORECASE,
)


def dutch_in(data: object, *, all_of_it: bool = False) -> Iterator[str]:
    """Every Dutch wording in the data of a file."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from dutch_in(value, all_of_it=all_of_it or key == "nl")
    elif isinstance(data, list):
        for one in data:
            yield from dutch_in(one, all_of_it=all_of_it)
    elif isinstance(data, str) and all_of_it:
        yield data


@pytest.mark.parametrize("path", DUTCH_FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_dutch_uses_the_terms_of_the_glossary(path: Path) -> None:
    texts = list(dutch_in(tomllib.loads(path.read_text("utf-8")), all_of_it=path.name == "dutch.toml"))
    assert [text for text in texts if NOT_IN_THE_GLOSSARY.search(text)] == []
    assert [text for text in texts if re.search(r"\s{2,}|\s[,;:.]|\bArt\b|\d{4}-\d{2}-\d{2}", text)] == []
