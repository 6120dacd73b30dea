"""Transparency notices by themselves: a publisher's list as JSON, and one notice as XML.

One notice in four is complete; the others lack or garble what real notices lack: a planned ceiling in
words for an amount, a period in words, an answer that is no link, no method, a start without an end.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from xml.sax.saxutils import escape

from adaudit.sample import names
from adaudit.sample.draw import Draw, draw_for, scaled
from adaudit.sample.names import Organisation
from adaudit.sample.writing import indented_bytes

LIST_FILE = "notices/publisher_notices_2026-03.json"
SINGLE_FILE = "notices/notice_local_paper.xml"

_NUMBER = 24
_LOCAL_PAPER = 990_001
_FORMAT = "adaudit transparency notice 1"
_FIRST_DAY = date(2026, 1, 12)
_POLLING_DAY = "2026-03-18"
_PATTERN = 8


def files(seed: int, scale: float) -> Iterator[tuple[str, bytes]]:
    """The publisher's list, and the notice of a local paper."""
    draw = draw_for(seed, LIST_FILE)
    notices = [_notice(draw, number) for number in range(scaled(_NUMBER, scale))]
    yield LIST_FILE, indented_bytes(notices, indent=2, escaped=False)
    yield SINGLE_FILE, _xml(_whole(draw_for(seed, SINGLE_FILE), _LOCAL_PAPER))


def _party(one: Organisation) -> dict[str, Any]:
    return {
        "name": one.name,
        "kind": "legal",
        "email": one.email,
        "postal_address": {"street": one.street, "city": one.town, "country": "NL"},
        "company_number": one.company_number,
    }


def _whole(draw: Draw, number: int) -> dict[str, Any]:
    """A notice with every element that a local campaign has."""
    sponsor, agency = draw.pick(names.SPONSORS), draw.pick(names.AGENCIES)
    start = _FIRST_DAY + timedelta(days=draw.between(0, 30))
    end = start + timedelta(days=draw.between(7, 30))
    amount = draw.skewed(20_000, 900_000)
    return {
        "format": _FORMAT,
        "id": f"notice-{2026_000 + number}",
        "version": 1,
        "published_at": f"{start - timedelta(days=1)}T09:30:00Z",
        "url": f"https://{agency.domain}/notices/{number}",
        "publisher": agency.name,
        "languages": ["nl"],
        "countries": ["NL"],
        "advertisement": {"id": f"ad-{number}", "title": draw.pick(names.CAMPAIGNS).format(town=sponsor.town)},
        "sponsor": _party(sponsor),
        "period": {"start": start.isoformat(), "end": end.isoformat()},
        "amount_ad": {"value": f"{amount // 100}.{amount % 100:02d}", "currency": "EUR"},
        "campaign": f"campaign-{number % 5}",
        "amount_campaign": {"value": str(amount // 20), "currency": "EUR"},
        "funds_origin": {"private": True, "inside_union": True},
        "methodology": {
            "description": "Gefactureerde bedragen, inclusief btw.",
            "basis": ["invoiced"],
            "vat_included": True,
        },
        "linked_to": [
            {
                "title": "Gemeenteraadsverkiezingen 2026",
                "level": "local",
                "territories": ["NL"],
                "voting_day": _POLLING_DAY,
            }
        ],
        "official_information": ["https://www.verkiezingen.example/stemmen"],
        "report_mechanism": f"https://{agency.domain}/melden",
        "prior_suspension": False,
        "targeting": {"personal_data": False},
    }


def _notice(draw: Draw, number: int) -> dict[str, Any]:
    """A notice, with the dirt that its place in a pattern of eight gives it."""
    found = _whole(draw, number)
    place = number % _PATTERN
    if place in {1, 5}:
        found["amount_ad"] = {"value": "geplande uitgaven tot 5.500", "currency": "EUR"}
        del found["methodology"]
    if place == 2:
        found["period"] = {"start": "de hele campagneperiode"}
        found["report_mechanism"] = ""
    if place == 3:
        del found["funds_origin"], found["official_information"]
        found["sponsor"]["email"] = "via het contactformulier"
    if place in {4, 5}:
        found["payer"] = _party(draw.pick(names.SPONSORS))
        found["targeting"] = _targeted(draw)
    if place == 6:
        found["sponsor"] = {"name": "n.v.t."}
        found["period"] = {"start": found["period"]["start"]}
        found["linked_to"] = []
    if place == 7:
        found["advertisement"]["title"] = '=HYPERLINK("https://example.org","<b>Stem</b>")'
        found["published_at"] = f"{found['period']['end']}T18:00:00Z"
    return found


def _targeted(draw: Draw) -> dict[str, Any]:
    return {
        "personal_data": True,
        "statement": "Getoond op basis van leeftijd en woonplaats.",
        "parameters": [
            {"dimension": "age", "value": f"{draw.pick((16, 18, 25))}+"},
            {"dimension": "location", "value": draw.pick(names.TOWNS), "excluded": draw.chance(0.3)},
        ],
        "data_categories": ["leeftijd", "woonplaats"],
        "views": draw.skewed(100, 90_000),
    }


def _xml(notice: dict[str, Any]) -> bytes:
    body = "\n".join(_elements(notice, "  "))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<transparency_notice xmlns="urn:adaudit:transparency-notice:1">\n{body}\n</transparency_notice>\n'
    ).encode()


def _elements(values: dict[str, Any], margin: str) -> Iterator[str]:
    for key, value in values.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                yield f"{margin}<{key}>"
                yield from _elements(one, margin + "  ")
                yield f"{margin}</{key}>"
            else:
                text = str(one).lower() if isinstance(one, bool) else str(one)
                yield f"{margin}<{key}>{escape(text)}</{key}>"
