"""Pinpoints as each language cites them: `Art 12(1)(b)` is `artikel 12, lid 1, onder b)` in Dutch.

The law data, findings and summaries hold the English pinpoint: it is an identifier. Dutch is made from it,
and what cannot be read as a pinpoint raises an error instead of being half translated.
"""

import re
from typing import Final

from adaudit.language import Language

DEFINITIONS: Final = "3"
"""Article 3 of Regulation (EU) 2024/900 numbers definitions: its numbers are points, not paragraphs."""
ORDINALS: Final = {
    "first": "eerste",
    "second": "tweede",
    "third": "derde",
    "fourth": "vierde",
    "fifth": "vijfde",
    "sixth": "zesde",
}
PARTS: Final = {"subparagraph": "alinea", "sentence": "zin"}
NO_ARTICLE: Final = "no single article: consistency of what is disclosed"
WHOLE: Final = {
    "UNVERIFIED (articles not read)": "NIET GEVERIFIEERD (artikelen niet gelezen)",
    NO_ARTICLE: "geen afzonderlijk artikel: samenhang van wat is verstrekt",
}
"""What stands where a pinpoint would stand."""
INSTRUMENT: Final = {"Implementing Regulation": "Uitvoeringsverordening", "Regulation": "Verordening"}
LAWS: Final = {"TTPA": "Verordening (EU) 2024/900", "DSA": "de DSA"}
ARTICLE: Final = re.compile(r"Art (?P<article>\d+)(?P<rest>.*)")
LIST: Final = re.compile(r"\((?P<first>\d+)\)(?:-\((?P<last>\d+)\)|(?P<more>(?:, \(\d+\))+))?(?P<rest>.*)")
LETTERS: Final = re.compile(r"((?:\([a-z]+\))*)(.*)")
PART: Final = re.compile(r", (\w+) (subparagraph|sentence)")
ANNEX: Final = re.compile(r"(?:IR (?P<instrument>\d+/\d+) )?Annex (?P<annex>[IVX]+)\.(?P<rest>.+)")
POINT: Final = re.compile(r"(?P<point>\d+(?:\.\d+)*)(?:-(?P<last>\d+))?(?P<letters>(?:\([a-z]+\))*)(?P<rest>.*)")
WITHIN: Final = re.compile(r" (?P<what>item|n\.) ?(?P<number>\d+)(?P<letters>(?:\([a-z]+\))*)")


def cited(pinpoint: str, language: Language) -> str:
    """The pinpoint as the language cites it; English is the text itself.

    Raises ValueError where Dutch is asked of what is no pinpoint.
    """
    if language == "en":
        return pinpoint
    if pinpoint in WHOLE:
        return WHOLE[pinpoint]
    if pinpoint.endswith(" DSA"):
        return f"{cited(pinpoint.removesuffix(' DSA'), 'nl')}, van de DSA"
    return "; ".join(_together([_place(one) for one in part.split(" with ")]) for part in pinpoint.split("; "))


def instrument(name: str, language: Language) -> str:
    """`Regulation (EU) 2024/900`, `Verordening (EU) 2024/900`. Raises ValueError for what is no regulation."""
    if language == "en":
        return name
    for english, dutch in INSTRUMENT.items():
        if name.startswith(f"{english} "):
            return dutch + name.removeprefix(english)
    raise ValueError(f"no Dutch name is known for {name!r}")


def duty(text: str, language: Language) -> str:
    """A duty as `source.toml` names it: `TTPA 13(2)` is `artikel 13, lid 2, van Verordening (EU) 2024/900` in Dutch.

    Raises ValueError as `cited` does.
    """
    if language == "en":
        return text
    law, _, place = text.partition(" ")
    if law not in LAWS:
        raise ValueError(f"{text!r} names no law that is known here")
    article = _place(f"Art {place}")
    return f"{article}{',' * (', ' in article)} van {LAWS[law]}"


def _together(places: list[str]) -> str:
    first, *others = places
    return f"{first}, in samenhang met {', en '.join(others)}" if others else first


def _place(text: str) -> str:
    if annex := ANNEX.fullmatch(text):
        return _annex(annex["annex"], annex["rest"], annex["instrument"], text)
    if not (article := ARTICLE.fullmatch(text)):
        raise ValueError(f"{text!r} is no pinpoint of an article or annex")
    words = [f"artikel {article['article']}"]
    rest = article["rest"]
    if listed := LIST.fullmatch(rest):
        point = article["article"] == DEFINITIONS
        words.append(_numbers(listed, *(("punt", "punten") if point else ("lid", "leden"))))
        rest = listed["rest"]
    letters, rest = _letters(rest)
    return ", ".join(words + letters + _parts(rest, text))


def _numbers(listed: re.Match[str], one: str, several: str) -> str:
    first, last = listed["first"], listed["last"]
    if last:
        return f"{several} {first} en {last}" if int(last) == int(first) + 1 else f"{several} {first} tot en met {last}"
    more = re.findall(r"\d+", listed["more"] or "")
    return f"{several} {', '.join([first, *more[:-1]])} en {more[-1]}" if more else f"{one} {first}"


def _letters(text: str) -> tuple[list[str], str]:
    """`(c)(ii)` as `onder c), ii)`, and the text behind it."""
    found = LETTERS.fullmatch(text)
    assert found is not None  # noqa: S101 - the pattern matches every line of text
    names = re.findall(r"[a-z]+", found[1])
    return ([f"onder {names[0]})", *(f"{name})" for name in names[1:])] if names else []), found[2]


def _parts(rest: str, text: str) -> list[str]:
    if not rest:
        return []
    if rest == ", introductory wording":
        return ["aanhef"]
    part = PART.fullmatch(rest)
    if part is None or part[1] not in ORDINALS:
        raise ValueError(f"{rest!r} in {text!r} is no part of a paragraph")
    return [f"{ORDINALS[part[1]]} {PARTS[part[2]]}"]


def _annex(annex: str, rest: str, number: str | None, text: str) -> str:
    """`Annex II.3 item 8, n.8`: the point, the item of the template there, and its note."""
    law = f"{INSTRUMENT['Implementing Regulation']} (EU) {number}, " if number else ""
    points: list[str] = []
    words: list[str] = []
    for part in rest.split(", "):
        if inside := WITHIN.fullmatch(f" {part}"):
            words += _within(inside)
            continue
        found = POINT.fullmatch(re.sub(r"^[IVX]+\.", "", part))
        if found is None:
            raise ValueError(f"{part!r} in {text!r} is no point of an annex")
        letters, _ = _letters(found["letters"])
        span = f" tot en met {found['last']}" if found["last"] else ""
        points.append(", ".join([f"{found['point']}{span}", *letters]))
        if found["rest"]:
            inside = WITHIN.fullmatch(found["rest"])
            if inside is None:
                raise ValueError(f"{found['rest']!r} in {text!r} is no item or note")
            words += _within(inside)
    several = len(points) > 1 or " tot en met " in points[0]
    between = ", en " if any("onder" in point for point in points) else " en "
    return ", ".join([f"{law}bijlage {annex}", f"{'punten' if several else 'punt'} {between.join(points)}", *words])


def _within(found: re.Match[str]) -> list[str]:
    name = "noot" if found["what"] == "n." else "rubriek"
    return [f"{name} {found['number']}", *_letters(found["letters"])[0]]
