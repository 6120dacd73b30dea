"""Tables that exporters make of Meta's ad archive: of R, with its shares by region, and of Python.

The Python one was saved again by a spreadsheet: ids became powers of ten, days lost their zeros.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from adaudit.sample import names
from adaudit.sample.draw import Draw, draw_for, iso_days, scaled, spread_ids, weighted
from adaudit.sample.writing import BOM, cell, lines

R_FILE = "meta/ads_archive_ad_data.csv"
SHARES_FILE = "meta/ads_archive_region_data.csv"
LONG_FILE = "meta/ads_archive_demographic_data.csv"
SPREADSHEET_FILE = "meta/ads_archive_saved_by_a_spreadsheet.csv"

_ADS = 100
_MORE_SHARES = 30
_SPREADSHEET = 40
_NONE = "NA"

_R_COLUMNS = (
    "ad_creation_time,ad_creative_body,ad_creative_link_caption,ad_creative_link_description,"
    "ad_creative_link_title,ad_delivery_start_time,ad_delivery_stop_time,currency,funding_entity,page_id,"
    "page_name,spend_lower,spend_upper,adlib_id,impressions_lower,impressions_upper,potential_reach_lower,"
    "potential_reach_upper,ad_snapshot_url"
)
_PYTHON_COLUMNS = (
    "ad_id,page_id,query,page_name,ad_creative_bodies,ad_delivery_start_time,bylines,currency,spend_lower,"
    "spend_upper,impressions_lower,impressions_upper,ad_snapshot_url,female,male,delivery_by_region,"
    "ad_creative_link_captions,ad_creative_link_titles,ad_delivery_stop_time,eu_total_reach,beneficiary_payers,"
    "target_ages,target_gender,target_locations"
)
_DAYS_OF_2021 = iso_days(date(2021, 3, 1), date(2021, 9, 30))
_DAYS_OF_2025 = iso_days(date(2025, 3, 1), date(2025, 9, 20))
_SPENDS = weighted([(("0", "99"), 30), (("100", "199"), 20), (("300", "399"), 30), (("1000", "1499"), 20)])
_IMPRESSIONS = weighted(
    [(("0", "999"), 10), (("4000", "4999"), 50), (("10000", "14999"), 38), (("1e+05", "124999"), 2)]
)
_REACHES = weighted([(("1000001", _NONE), 70), (("100001", "500000"), 15), (("1001", "5000"), 10), ((_NONE, _NONE), 5)])
_PLACES = ("Wolkendam", "Kwartelsluis", "'t Lantaarnveen")


class _Ad(NamedTuple):
    """What the tables of one export say of an ad."""

    number: str
    sponsor: names.Organisation
    page_id: str


def files(seed: int, scale: float) -> Iterator[tuple[str, bytes]]:
    """The table of R, its shares by region and by age, and the table that a spreadsheet saved again."""
    draw = draw_for(seed, R_FILE)
    ads = _ads(draw, scaled(_ADS, scale), 230_000_000_000_000)
    yield R_FILE, BOM.encode() + lines(_R_COLUMNS, [_row_of_r(draw, one) for one in ads])
    others = _ads(draw_for(seed, SHARES_FILE), scaled(_MORE_SHARES, scale), 830_000_000_000_000)
    yield SHARES_FILE, _shares(draw_for(seed, f"{SHARES_FILE} shares"), [*ads, *others])
    halves = [
        f"{share},{age},female,{ad.number}" for ad in others for share, age in (("0.25", "18-24"), ("0.75", "65+"))
    ]
    yield LONG_FILE, lines("percentage,age,gender,adlib_id", halves)
    draw = draw_for(seed, SPREADSHEET_FILE)
    exported = _ads(draw, scaled(_SPREADSHEET, scale), 1_330_000_000_000_000)
    rows = [_row_of_python(draw, position, one) for position, one in enumerate(exported)]
    yield SPREADSHEET_FILE, lines(_PYTHON_COLUMNS, rows, end="\r\n")


def _ads(draw: Draw, number: int, low: int) -> list[_Ad]:
    found = []
    for identity in spread_ids(draw, number, low, low + 90_000_000_000_000):
        which = draw.between(0, len(names.SPONSORS) - 1)
        found.append(_Ad(str(identity), names.SPONSORS[which], str(150_000_000_000_000 + which * 7_919)))
    return found


def _period(draw: Draw, calendar: Sequence[str]) -> tuple[str, str | None]:
    start = draw.between(0, len(calendar) - 30)
    return calendar[start], calendar[start + draw.between(1, 20)] if draw.chance(0.97) else None


def _row_of_r(draw: Draw, ad: _Ad) -> str:
    start, stop = _period(draw, _DAYS_OF_2021)
    town = draw.pick(names.TOWNS)
    body = draw.pick(names.MESSAGES).replace("{town}", town) + ("\n\n#" + town if draw.chance(0.6) else "")
    caption = ad.sponsor.domain if draw.chance(0.05) else _NONE
    title = draw.pick(names.CAMPAIGNS).replace("{town}", town) if draw.chance(0.3) else _NONE
    spend, views, reach = draw.pick(_SPENDS), draw.pick(_IMPRESSIONS), draw.pick(_REACHES)
    link = f"https://www.facebook.com/ads/archive/render_ad/?id={ad.number}&access_token={{access_token}}"
    texts = (start, body, caption, _NONE, title, start, stop or _NONE, "EUR")
    who = (ad.sponsor.name if draw.chance(0.97) else _NONE, ad.page_id, ad.sponsor.name)
    return ",".join(cell(part) for part in (*texts, *who, *spend, ad.number, *views, *reach, link))


def _shares(draw: Draw, ads: Sequence[_Ad]) -> bytes:
    """One row an ad, one column a region: blank where nothing was delivered, tiny shares as R writes them."""
    rows = []
    for ad in ads:
        parts = [1 + draw.skewed(0, 1000) if draw.chance(0.8) else 0 for _ in names.REGIONS]
        parts[0] += 1
        tiny = draw.chance(0.1)
        parts[-1] = 0 if tiny else parts[-1]
        total = sum(parts)
        shares = [f"{part / total:.3f}".rstrip("0").rstrip(".") if part else "" for part in parts]
        shares = ["2.72e-4" if share == "0" else share for share in shares]
        rows.append(",".join([ad.number, *shares[:-1], "1.5e-5" if tiny else shares[-1]]))
    return lines(",".join(["adlib_id", *names.REGIONS]), rows)


def _row_of_python(draw: Draw, position: int, ad: _Ad) -> str:
    """A row as a Python exporter wrote it and a spreadsheet saved it; of two, nothing holds the id any more."""
    start, stop = _period(draw, _DAYS_OF_2025)
    spend = draw.pick(_SPENDS)
    lost = position in {3, 4}
    link = "" if lost else f"https://www.facebook.com/ads/library/?id={ad.number}"
    town = draw.pick(names.TOWNS)
    body = draw.pick(names.MESSAGES).replace("{town}", town)
    bodies = str([body, f"'t Is {town} dat kiest"]) if draw.chance(0.5) else body
    regions = [{"percentage": "0.99998", "region": "Zilverkust"}, {"percentage": "2.0E-5", "region": "Wolkenland"}]
    payers = [{"payer": draw.pick(names.AGENCIES).name, "beneficiary": ad.sponsor.name, "current": True}]
    places = [
        {"name": place, "type": kind, "excluded": kind == "CITY", "num_obfuscated": position % 3}
        for place, kind in zip(_PLACES, ("regions", "CITY", "zips"), strict=True)
    ]
    return ",".join(
        cell(part)
        for part in (
            *(_power_of_ten("1330000000000000" if lost else ad.number), _power_of_ten(ad.page_id)),
            *("verkiezing", ad.sponsor.name, bodies, _short_day(start)),
            *(ad.sponsor.name if draw.chance(0.95) else "", "EUR", *spend, "4000", "4999", link, "0.52", "0.48"),
            *(str(regions), str([ad.sponsor.domain] * 3), "", _short_day(stop) if stop else ""),
            *(f"{draw.between(200, 90_000)}.0" if draw.chance(0.95) else "nan", str(payers)),
            *(str(["18", "65+"]), "All", str(places)),
        )
    )


def _power_of_ten(number: str) -> str:
    """What a spreadsheet shows of a long number: six digits at most."""
    shown = f"{int(number):.5E}"
    mantissa, power = shown.split("E")
    return f"{mantissa.rstrip('0').rstrip('.')}E{power}"


def _short_day(day: str) -> str:
    year, month, number = day.split("-")
    return f"{year}-{int(month)}-{int(number)}"
