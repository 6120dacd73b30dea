"""Yearly files of Snap's political ads library: 34 columns in 2019, 38 in 2025; of 2024 the zip as it comes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from adaudit.sample import names
from adaudit.sample.draw import Draw, draw_for, scaled, weighted
from adaudit.sample.writing import lines, strict_cell, zip_bytes

FILE_2019 = "snapchat/PoliticalAds2019.csv"
FILE_2024 = "snapchat/PoliticalAds2024.zip"
FILE_2025 = "snapchat/PoliticalAds2025.csv"

_FIRST_COLUMNS = (
    "ADID,CreativeUrl,Currency Code,Spend,Impressions,StartDate,EndDate,OrganizationName,BillingAddress,"
    "CandidateBallotInformation,PayingAdvertiserName"
)
_COMMITTEE_COLUMNS = ",CommitteeName,CommitteeIdentificationNumber,DisclosureNameOfCommittee,AdvertisingJurisdiction"
_LAST_COLUMNS = (
    ",Gender,AgeBracket,CountryCode,Regions (Included),Regions (Excluded),Electoral Districts (Included),"
    "Electoral Districts (Excluded),Radius Targeting (Included),Radius Targeting (Excluded),"
    "Metros (Included),Metros (Excluded),Postal Codes (Included),Postal Codes (Excluded),"
    "Location Categories (Included),Location Categories (Excluded),Interests,OsType,Segments,Language,"
    "AdvancedDemographics,Targeting Connection Type,Targeting Carrier (ISP),CreativeProperties"
)
_AGE_BRACKETS = weighted(
    [
        ("18+", 45),
        ("18-34", 18),
        ("", 10),
        ("18-24", 6),
        ("25-49", 4),
        ("17+", 3),
        ("15+", 3),
        ("16-", 3),
        ("30-", 2),
        ("35++", 2),
        ("13-17", 2),
    ]
)
_SET_AGE_BRACKETS = {2: "35++", 3: "16-", 4: "15+", 5: "", 6: "18-34", 7: "18+"}
_MEDIA = weighted([("mp4", 70), ("png", 18), ("jpg", 7), ("jpeg", 3), ("mov", 2)])
_INTERESTS = ("Political News Watchers", "Green Living Enthusiasts", "Advocates & Activists", "Foodies")
_DEMOGRAPHICS = weighted(
    [
        ("", 93),
        ("College Graduates", 2),
        ("Household Income ($75,000-$99,999),Household Income ($100,000-$124,999)", 2),
        ("Education (Bachelor Degree),Occupation (Business, Finance or Mgmt)", 2),
        ("Parents,Presence of Child (Age: 0-3)", 1),
    ]
)
_SET_DEMOGRAPHICS = {9: "Household Income ($125,000-$149,999),Household Income ($150,000-$174,999)"}
_BALLOTS = (
    "General Election",
    "Register to Vote ",
    "Candidate No 12",
    "Plebiscite on the Umbrella, Part II",
    "na",
)
_COUNTRY_CODES = {
    "netherlands": "NL",
    "france": "FR",
    "norway": "NO",
    "united states": "US",
    "united kingdom": "GB",
    "denmark": "DK",
    "sweden": "SE",
    "germany": "DE",
    "austria": "AT",
    "belgium": "BE",
    "czech republic": "CZ",
    "canada": "CA",
    "australia": "AU",
}


class _Year(NamedTuple):
    """What distinguishes one yearly file from another."""

    path: str
    start: datetime
    rows: int
    blank_end: float
    later_layout: bool
    time: str = "%Y/%m/%d %H:%M:%SZ"


_YEAR_2019 = _Year(FILE_2019, datetime(2019, 1, 3, tzinfo=UTC), 350, 0.18, later_layout=False)
_YEAR_2024 = _Year(
    FILE_2024, datetime(2024, 1, 3, tzinfo=UTC), 100, 0.15, later_layout=True, time="%Y-%m-%dT%H:%M:%S.000Z"
)
_YEAR_2025 = _Year(FILE_2025, datetime(2025, 1, 3, tzinfo=UTC), 250, 0.15, later_layout=True)


def files(seed: int, scale: float) -> Iterator[tuple[str, bytes]]:
    """The yearly files."""
    for year in (_YEAR_2019, _YEAR_2024, _YEAR_2025):
        draw = draw_for(seed, year.path)
        rows = (_row(draw, year, position) for position in range(scaled(year.rows, scale)))
        middle = _COMMITTEE_COLUMNS if year.later_layout else ""
        header = f"{_FIRST_COLUMNS}{middle}{_LAST_COLUMNS}"
        table = lines(header, rows, end="\n" if year.later_layout else "\r\n")
        yield year.path, zip_bytes(_members(table)) if year.path.endswith(".zip") else table


def _members(table: bytes) -> list[tuple[str, bytes]]:
    readme = "SNAPCHAT POLITICAL AD LIBRARY REPORT\n\nAll organisations and figures in this file are made up.\n"
    return [("PoliticalAds.csv", table), ("readme.txt", readme.encode())]


def _row(draw: Draw, year: _Year, position: int) -> str:
    country, currency, language, payer = draw.pick(names.SNAP_PAYERS)
    if draw.chance(0.06):
        currency = "USD"
    spend, impressions = _delivery(draw, position)
    start = year.start + timedelta(seconds=draw.between(0, 340 * 86_400))
    end = "" if draw.chance(year.blank_end) else f"{start + timedelta(hours=draw.between(6, 900)):{year.time}}"
    organisation, address = _organisation(draw, payer, _COUNTRY_CODES[country])
    cells = [
        draw.hexadecimal(64),
        _creative(draw),
        currency,
        str(spend),
        str(impressions),
        f"{start:{year.time}}",
        end,
        strict_cell(organisation),
        strict_cell(address),
        strict_cell(draw.pick(_BALLOTS)) if draw.chance(0.16) else "",
        strict_cell(payer),
    ]
    if year.later_layout:
        cells += _committee(draw, payer)
        if position % 83 == 40:
            country = ""
    cells += [_gender(draw), _age(draw, position), country, *_targeting(draw, language, position)]
    cells.append(_properties(draw, position))
    return ",".join(cells)


def _delivery(draw: Draw, position: int) -> tuple[int, int]:
    """Spend and impressions; the smallest spends are rounded to zero."""
    if position % 40 == 11 or draw.chance(0.01):
        return 0, draw.between(2, 400)
    spend = draw.skewed(1, 6000) + draw.between(0, 60)
    return spend, spend * draw.between(120, 900) + draw.between(1, 99)


def _creative(draw: Draw) -> str:
    """One address, or for a few ads several joined by semicolons."""
    number = draw.between(2, 4) if draw.chance(0.03) else 1
    return ";".join(
        f"https://www.snap.com/political-ads/asset/{draw.hexadecimal(64)}?mediaType={draw.pick(_MEDIA)}"
        for _ in range(number)
    )


def _organisation(draw: Draw, payer: str, country: str) -> tuple[str, str]:
    """Who made the ad, mostly an agency, and its address, in a third of the rows a country alone."""
    if draw.chance(0.6):
        agency = draw.pick(names.AGENCIES)
        organisation, street, town = agency.name, agency.street, agency.town
    else:
        organisation, street, town = payer, "Suite 7, 1 Umbrella Street", "Inkport"
    address = country if draw.chance(0.33) else f"{street},{town},{draw.between(1000, 9999)},{country}"
    return organisation, address


def _committee(draw: Draw, payer: str) -> list[str]:
    if draw.chance(0.03):
        return ["N/A", "N/A", "N/A", "na"]
    if draw.chance(0.01):
        return [strict_cell(payer), "99990606", strict_cell(payer), "Inkport"]
    return ["", "", "", ""]


def _gender(draw: Draw) -> str:
    value = draw.random()
    return "FEMALE" if value < 0.07 else "MALE" if value < 0.1 else ""


def _age(draw: Draw, position: int) -> str:
    return _SET_AGE_BRACKETS.get(position, draw.pick(_AGE_BRACKETS))


def _targeting(draw: Draw, language: str, position: int) -> list[str]:
    """The nineteen targeting columns from the regions to the carrier; most are blank."""
    cells = [""] * 19
    if draw.chance(0.25):
        cells[0] = strict_cell(",".join(draw.some(names.REGIONS, draw.between(1, 3))))
    if draw.chance(0.02):
        cells[1] = strict_cell(draw.pick(names.REGIONS))
    if draw.chance(0.06):
        cells[4] = strict_cell(_circles(draw))
    if draw.chance(0.03):
        cells[6] = strict_cell(",".join(draw.some(names.TOWNS, 2)))
    if draw.chance(0.12):
        cells[8] = strict_cell(",".join([str(9900 + draw.between(0, 99)) for _ in range(draw.between(1, 6))]))
    if draw.chance(0.28):
        cells[12] = strict_cell(",".join(draw.some(_INTERESTS, draw.between(1, 3))))
    if draw.chance(0.01):
        cells[13] = draw.pick(("IOS", "ANDROID"))
    if draw.chance(0.7):
        cells[14] = "Provided by Advertiser"
    if draw.chance(0.3):
        cells[15] = strict_cell(language)
    cells[16] = strict_cell(_SET_DEMOGRAPHICS.get(position, draw.pick(_DEMOGRAPHICS)))
    if draw.chance(0.003):
        cells[17] = "WIFI"
    return cells


def _circles(draw: Draw) -> str:
    """Circles around points in the open sea."""
    return ",".join(
        f"latitude {draw.between(5100, 5900) / 100};longitude {draw.between(-3900, -2100) / 100};radius 5.0"
        for _ in range(draw.between(1, 2))
    )


def _properties(draw: Draw, position: int) -> str:
    if draw.chance(0.15):
        return ""
    if position % 90 == 14:
        return strict_cell("ios_app:https://example.com/app/id1,android_app:https://example.com/app?id=a")
    path = f"https://www.example.org/{draw.pick(('vote', 'join', 'plan'))}?utm_source=snapchat"
    if position % 50 == 8:
        return f"web_view_url:{path}&utm_campaign={{{{campaign.name}}}}"
    return f"web_view_url:{path}&utm_medium=ad{draw.between(1, 99)}"
