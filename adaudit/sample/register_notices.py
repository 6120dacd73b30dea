"""Statements of the Dutch register of political advertising, and their revisions over time.

A statement (`public_id`) has one or more versions (`id`). Its place in a pattern of 46 statements
decides which dirt it carries, so that a larger sample carries proportionally more of it.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from adaudit.sample import names
from adaudit.sample.draw import Draw, base36, draw_for, scaled, spread_ids
from adaudit.sample.names import Organisation
from adaudit.sample.writing import indented_bytes

STATEMENTS_FILE = "politiekereclame_nl/statements_2025-10-25.json"
REVISIONS_FILE = "politiekereclame_nl/statement_revisions_2025-10.json"

_PATTERN = 46
_DOUBLES = {4: (1, 2), 9: (2, 3), 13: (1, 2), 18: (1, 2), 24: (1, 2), 29: (1, 2), 35: (3, 4), 40: (1, 2)}
_TRIPLES = {1: (1, 2, 3), 16: (1, 2, 2), 27: (3, 4, 5), 38: (1, 2, 4)}
_SINGLES = {6: (2,), 11: (3,)}
_RENAMED = 16
_WITHOUT_MEDIA_KEYS = frozenset({2, 15, 28, 43})
_REVISED = frozenset({0, 2, 3, 6, 10, 15, 16, 20, 22, 25, 28, 32, 36, 43, 45})
_NATURAL_PERSONS = {5: "Kandidaat 17", 12: "Kandidaat 4", 39: "Kandidaat 23"}
_WITHOUT_SPONSOR = frozenset({7, 31})
_PAYERS = frozenset({5, 22, 33})
_CONTROLLERS = frozenset({22, 36})
_LATE = frozenset({13, 19, 27, 32, 37, 41, 44})
_EARLY_STARTS = {2: "2025-08-01", 15: "2025-08-01", 28: "2025-07-01", 43: "2025-09-15", 8: "2025-01-01"}

_OLD_ELECTION = "Tweede Kamerverkiezing 2025"
_ELECTION = "Tweede Kamerverkiezingen 2025"
_THEMES = {
    **dict.fromkeys(_WITHOUT_MEDIA_KEYS, _OLD_ELECTION),
    **dict.fromkeys((3, 14, 19, 30, 41), "Gemeenteraadsverkiezingen 2026"),
    **dict.fromkeys((8, 34), "Algemeen - beleid en maatschappelijke thema’s"),
}
_THEMES_BEFORE = {
    _ELECTION: _OLD_ELECTION,
    "Gemeenteraadsverkiezingen 2026": "Gemeenteraadsverkiezing 2026",
    "Algemeen - beleid en maatschappelijke thema’s": "Algemeen",
}
_COMPANY_NUMBERS = {
    6: "0000000000",
    37: "0000000000",
    17: "Nietvantoepassing",
    23: "n.v.t.",
    26: "x",
    5: "n.v.t.",
    12: "nietvantoepassing",
    39: "",
}
_STREETS = {17: "Nietvantoepassing", 26: "x", 12: "Adres op verzoek"}
_TOWNS = {4: "9999ZZ", 26: "x", 33: "Kompasdijk "}
_VALUATIONS = {0: "n.v.t.", 21: "n.v.t.", 44: "n.v.t.", 12: "Nietvantoepassing", 26: "x"}
_LINKS = {
    3: "\twww.{domain} \n\n\n",
    9: "{domain}",
    11: "Alleen op papier; wie meer wil weten, belt of schrijft ons.",
    14: "https://www.{domain}/\nhttps://{domain}/lokaal\n",
    18: "www.{domain}/reclame",
    25: "volgt later",
    30: "https://{domain}",
    38: "https://www.{domain}/wie-betaalt-ons",
}
_TECHNIQUES = (
    "geen",
    "geen",
    "geen",
    "geen",
    "contextueel",
    "geografisch,contextueel",
    "contextueel,demografisch",
    "demografisch,geografisch",
    "geografisch",
)
_SET_TECHNIQUES = {20: "geen,geografisch,contextueel", 34: "anders:,tuinliefhebb", 26: "geen"}
_ORIGINS = (
    "Publiek geld van binnen de EU,Particulier geld van binnen de EU",
    "Particulier geld van binnen de EU",
    "Publiek geld van binnen de EU",
)
_MEDIA = (
    "Dagbladen",
    "Huis-aan-huis-bladen en nieuwsbladen",
    "Online display",
    "Buitenreclame,Online display",
    "Radio en podcast,Dagbladen,Online display",
    "TV,Radio en podcast,Dagbladen,Huis-aan-huis-bladen en nieuwsbladen,Buitenreclame,Magazines",
)
_CONSENTS = (
    "labels_aanleveren",
    "gegevens_juist",
    "wijzigingen_doorgeven",
    "transparantieverklaring_toestemming",
    "identiteit_opdrachtgever",
    "politieke_reclamedienst",
)

_OUTSIDE = "Particulier geld van buiten de EU"
_NEW_NAME = "Voorwaarts op het getij"

_ADDED_FIELDS = frozenset({"ingezette_media", "reclame_boodschap"})
_FIELDS_ADDED = datetime(2025, 10, 14)
_FIRST_CHECK = datetime(2025, 10, 8, 16, 12, 7)
_THEMES_CHANGED = datetime(2025, 10, 20, 12, 25, 3)
_SEEN_FIRST = "2025-10-08T18:12:07+02:00"
_SEEN_WITH_FIELDS = "2025-10-14T15:40:11+00:00"
_SEEN_WITH_THEMES = "2025-10-20T12:25:03+00:00"
_SEEN_RENAMED = "2025-10-22T20:05:44+00:00"


class _Item(NamedTuple):
    """One version of a statement and the place of the statement in the pattern."""

    place: int
    statement: dict[str, object]


class _Common(NamedTuple):
    """What all versions of a statement share."""

    name: str
    public_id: str
    organisation: dict[str, object]
    parties: dict[str, object]
    campaign: dict[str, object]
    valuation: str
    media: str
    message: str


def files(seed: int, scale: float) -> Iterator[tuple[str, bytes]]:
    """The register's two files: the statements, and the states in which some were seen."""
    items = _items(draw_for(seed, STATEMENTS_FILE), scaled(_PATTERN, scale))
    statements = [item.statement for item in items]
    yield STATEMENTS_FILE, indented_bytes(statements, indent=1, escaped=False)
    histories = _histories(draw_for(seed, REVISIONS_FILE), items)
    yield REVISIONS_FILE, indented_bytes(histories, indent=1, escaped=False)


def _items(draw: Draw, number: int) -> list[_Item]:
    """All versions of all statements, grouped by the organisation that filed them."""
    organisations: list[dict[str, object]] = [{"id": draw.uuid(), "name": sponsor.name} for sponsor in names.SPONSORS]
    found: list[tuple[str, _Item]] = []
    for position, public_id in enumerate(spread_ids(draw, number, 36**5, 36**6)):
        place = position % _PATTERN
        which = (position + position // _PATTERN) % len(names.SPONSORS)
        common = _common(draw, place, names.SPONSORS[which])
        common = common._replace(public_id=base36(public_id, 6), organisation=organisations[which])
        key = names.SPONSORS[which].name.casefold()
        found.extend((key, _Item(place, statement)) for statement in _versions(draw, place, common))
    return [item for _, item in sorted(found, key=lambda entry: entry[0])]


def _versions(draw: Draw, place: int, common: _Common) -> list[dict[str, object]]:
    numbers = _TRIPLES.get(place) or _DOUBLES.get(place) or _SINGLES.get(place) or (1,)
    created = _first_created(draw, place)
    found: list[dict[str, object]] = []
    for position, number in enumerate(numbers):
        if position > 0 and number == numbers[position - 1]:
            found.append({**found[-1], "name": _NEW_NAME})
            continue
        found.append(_version(draw, place, common, (number, created)))
        created += timedelta(days=draw.between(1, 4), seconds=draw.between(60, 40_000))
    return sorted(found, key=lambda statement: (str(statement["name"]), str(statement["id"])))


def _first_created(draw: Draw, place: int) -> datetime:
    if place in _WITHOUT_MEDIA_KEYS:
        day = 1 + place % 9
    elif place == _RENAMED:
        day = 15
    elif place in _LATE:
        day = 15 + place % 3
    else:
        day = 3 + place * 5 % 19
    return datetime(2025, 10, day, draw.between(5, 17), draw.between(0, 59), draw.between(0, 59))


def _common(draw: Draw, place: int, sponsor: Organisation) -> _Common:
    name = names.CAMPAIGNS[place % len(names.CAMPAIGNS)].replace("{town}", sponsor.town)
    return _Common(
        name=name,
        public_id="",
        organisation={},
        parties=_parties(place, sponsor),
        campaign=_campaign(draw, place, sponsor),
        valuation=_VALUATIONS.get(place) or (draw.pick(names.VALUATIONS) if place % 6 == 0 else ""),
        media=draw.pick(_MEDIA),
        message=draw.pick(names.MESSAGES).replace("{town}", sponsor.town),
    )


def _campaign(draw: Draw, place: int, sponsor: Organisation) -> dict[str, object]:
    """Period, amounts, links, targeting and origin of the money, as declared."""
    media, total = _amounts(draw, place)
    national = _THEMES.get(place, _ELECTION) in {_ELECTION, _OLD_ELECTION}
    end = f"2025-10-{28 + place % 4}" if national else f"2026-03-{18 + place % 3}"
    start = _EARLY_STARTS.get(place) or f"2025-10-{6 if place in _LATE else 18 + place % 10:02d}"
    return {
        "campagne_periode_startdatum": start,
        "campagne_periode_einddatum": end,
        "betaalde_media_waarde_euro": media,
        "totale_waarde_campagne_euro": total,
        "relevante_links": _LINKS.get(place, "").replace("{domain}", sponsor.domain),
        "gebruikte_targeting_techniek": _SET_TECHNIQUES.get(place) or draw.pick(_TECHNIQUES),
        "oorsprong_ontvangen_bedragen": _OUTSIDE if place == 25 else draw.pick(_ORIGINS),
    }


def _amounts(draw: Draw, place: int) -> tuple[str, str]:
    """The amount for media and the campaign's total, as text with no, one or two decimals."""
    total = draw.pick((500, 820, 1600, 5000, 9400, 14250, 46000, 118500, 271900, 640000))
    media = total * draw.between(55, 98) // 100
    cents = draw.between(11, 98)
    special = {
        10: (str(media), "circa 5000,-"),
        12: (str(total + 250), str(total)),
        21: (str(media), f"{media}.01"),
        42: ("0.01", "318"),
    }
    if place in special:
        return special[place]
    if place % 7 == 3:
        return f"{media}.{cents}", f"{total}.{cents}"
    if place % 11 == 5:
        return f"{media}.{cents % 9 + 1}", f"{total}.2"
    return str(media), str(total)


def _version(draw: Draw, place: int, common: _Common, when: tuple[int, datetime]) -> dict[str, object]:
    number, created = when
    published = created + timedelta(seconds=draw.between(12, 900))
    updated = published + timedelta(hours=21) if place == 45 else published
    statement: dict[str, object] = {
        "id": draw.uuid(),
        "name": common.name,
        "public_id": common.public_id,
        "theme": _THEMES.get(place, _ELECTION),
        "date_created": f"{created.isoformat()}.000Z",
        "date_updated": f"{updated.isoformat()}.000Z",
        "versions_count": number + 1 if place == 36 else number,
        "organization_created": common.organisation,
        "versions": number,
        "date_published": published.isoformat(),
        **common.parties,
        **common.campaign,
        **{f"akkoord_{name}": True for name in _CONSENTS},
        "methode_waardebepaling_voordelen_natura": common.valuation,
    }
    if place not in _WITHOUT_MEDIA_KEYS:
        known = created >= _FIELDS_ADDED
        statement["ingezette_media"] = common.media if known else None
        statement["reclame_boodschap"] = common.message if known else None
    return statement


def _parties(place: int, sponsor: Organisation) -> dict[str, object]:
    """Sponsor, controlling entity and payer; a party that is not declared is left blank."""
    name = "" if place in _WITHOUT_SPONSOR else _NATURAL_PERSONS.get(place, sponsor.name)
    shift = names.SPONSORS.index(sponsor)
    payer = names.SPONSORS[(shift + 5) % len(names.SPONSORS)] if place in _PAYERS else None
    controller = names.SPONSORS[(shift + 9) % len(names.SPONSORS)] if place in _CONTROLLERS else None
    return {
        "opdrachtgever_naam_organisatie": name,
        "opdrachtgever_straat_huisnummer": _STREETS.get(place, sponsor.street),
        "opdrachtgever_plaats": _TOWNS.get(place, sponsor.town),
        "opdrachtgever_kvk_nummer": _COMPANY_NUMBERS.get(place, sponsor.company_number),
        "opdrachtgever_contactpersoon": f"Contactpersoon {place + 1}",
        "opdrachtgever_mailadres": "x" if place == 26 else sponsor.email,
        "opdrachtgever_registratienummer_kiesraad": "12" if place == 0 else "",
        **_organisation("gezaghebbende", controller),
        **_payer(payer, place),
    }


def _organisation(role: str, party: Organisation | None) -> dict[str, object]:
    return {
        f"{role}_naam_organisatie": party.name if party else "",
        f"{role}_straat_huisnummer": party.street if party else "",
        f"{role}_plaats": party.town if party else "",
        f"{role}_kvk_nummer": party.company_number if party else "",
        f"{role}_mailadres": party.email if party else "",
    }


def _payer(party: Organisation | None, place: int) -> dict[str, object]:
    payer = _organisation("betalende", party)
    email = payer.pop("betalende_mailadres")
    contact = f"Contactpersoon {place + 60}" if party else ""
    return {**payer, "betalende_contactpersoon": contact, "betalende_mailadres": email}


def _histories(draw: Draw, items: list[_Item]) -> list[dict[str, object]]:
    """The states in which an hourly check saw some of the versions, in the order of first sight."""
    latest: dict[str, _Item] = {}
    for item in items:
        first_of_renamed = item.place == _RENAMED and item.statement["versions"] == 1
        if item.place in _REVISED and not first_of_renamed:
            latest[str(item.statement["id"])] = item
    found = [(identity, _revisions(draw, item)) for identity, item in latest.items()]
    found.sort(key=lambda entry: (str(entry[1][0]["seen_at"])[:19], entry[0]))
    return [{"id": identity, "revisions": revisions} for identity, revisions in found]


def _revisions(draw: Draw, item: _Item) -> list[dict[str, object]]:
    final = item.statement
    seen = datetime.fromisoformat(str(final["date_published"])) + timedelta(minutes=draw.between(5, 55))
    first_seen = f"{seen.isoformat()}+00:00" if seen > _FIRST_CHECK else _SEEN_FIRST
    if item.place in _WITHOUT_MEDIA_KEYS:
        return [_seen(first_seen, final)]
    before = {**final, "theme": _THEMES_BEFORE[str(final["theme"])]}
    if item.place == _RENAMED:
        old_name = names.CAMPAIGNS[_RENAMED % len(names.CAMPAIGNS)]
        return [
            _seen(first_seen, {**before, "name": old_name}),
            _seen(_SEEN_WITH_THEMES, {**final, "name": old_name}),
            _seen(_SEEN_RENAMED, final),
        ]
    if final["ingezette_media"] is not None:
        if seen > _THEMES_CHANGED or item.place % 2:
            return [_seen(first_seen, final)]
        return [_seen(first_seen, before), _seen(_SEEN_WITH_THEMES, final)]
    without_fields = {key: value for key, value in before.items() if key not in _ADDED_FIELDS}
    return [
        _seen(first_seen, without_fields),
        _seen(_SEEN_WITH_FIELDS, before),
        _seen(_SEEN_WITH_THEMES, final),
    ]


def _seen(seen_at: str, statement: dict[str, object]) -> dict[str, object]:
    return {"seen_at": seen_at, "statement": statement}
