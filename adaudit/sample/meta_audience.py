"""An export of the audience tab of Meta's library: which targeting options each page used."""

from collections.abc import Iterator

from adaudit.sample import names
from adaudit.sample.draw import Draw, draw_for, scaled, spread_ids
from adaudit.sample.writing import cell, lines

FILE = "meta/ad_targeting_audience_tab_NL_2025-09_last30.csv"

_PAGES = 12
_PATTERN = 4
_YOUNGEST, _OLDEST = 13, 65
_DAY = "2025-09-20"
_COLUMNS = (
    "value,num_ads,total_spend_pct,type,location_type,num_obfuscated,is_exclusion,ds,main_currency,"
    "total_num_ads,total_spend_formatted,is_30_day_available,is_90_day_available,page_id,tstamp,no_data,"
    "custom_audience_type,detailed_type"
)
_TSTAMP = "1758412800.5"


def files(seed: int, scale: float) -> Iterator[tuple[str, bytes]]:
    """The rows of every page; of each fourth page the tab showed nothing."""
    draw = draw_for(seed, FILE)
    rows: list[str] = []
    for position, page_id in enumerate(spread_ids(draw, scaled(_PAGES, scale), 10**14, 9 * 10**14)):
        ads = 1 + draw.skewed(0, 60)
        kind = position % _PATTERN
        if kind == _PATTERN - 1:
            rows.append(_row(["", "", "", "", "", "", ""], 0, page_id, no_data="True"))
        else:
            rows += [_row(option[:7], ads, page_id, *option[7:]) for option in _options(draw, kind, ads)]
    yield FILE, lines(_COLUMNS, rows)


def _row(option: list[str], ads: int, page_id: int, custom: str = "", detail: str = "", *, no_data: str = "") -> str:
    shown = (
        ["", "", "", "", "", ""] if no_data else [_DAY, "EUR", str(ads), "1.0" if ads < 5 else "423.0", "True", "True"]
    )
    return ",".join(cell(part) for part in (*option, *shown, str(page_id), _TSTAMP, no_data, custom, detail))


def _use(draw: Draw, ads: int, *, certain: bool = False) -> list[str]:
    """Number of ads and share of the spend: all of them, some, or none."""
    if certain:
        return [str(ads), "1.0"]
    used = draw.between(0, ads)
    return [str(used), f"{used / ads:.14g}" if used else "0.0"]


def _options(draw: Draw, kind: int, ads: int) -> Iterator[list[str]]:
    for gender in ("All", "Women", "Men"):
        yield [gender, *_use(draw, ads, certain=gender == "All"), "gender", "", "", ""]
    for place, how in (("Netherlands", "countries"), ("Wolkendam", "CITY"), ("9901", "zips")):
        hidden = "2" if how == "zips" else "0"
        yield [place, *_use(draw, ads, certain=how == "countries"), "location", how, hidden, "False"]
    yield ["Inktwoude", *_use(draw, ads), "location", "CITY", "0", "True"]
    for age in range(_YOUNGEST, _OLDEST + 1):
        young = age < 18 and kind != 1
        yield [str(age), *(["0", "0.0"] if young else _use(draw, ads, certain=True)), "age", "", "", ""]
    if kind == 2:
        yield ["Dutch", *_use(draw, ads, certain=True), "language", "", "", ""]
        for audience in ("HAS_CA_INCLUSION", "HAS_CA_EXCLUSION"):
            excluded = str(audience.endswith("EXCLUSION"))
            yield ["Custom Audience", *_use(draw, ads), "custom_audience", "", "", excluded, audience]
        yield ["Lookalike Audience", *_use(draw, ads), "lookalike_audience", "", "", "False"]
        yield [f"{draw.pick(names.TOWNS)} (culture)", *_use(draw, ads), "detailed", "", "", "False", "", "INTERESTS"]
