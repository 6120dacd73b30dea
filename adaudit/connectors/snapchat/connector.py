"""Snapchat: the yearly Political Ads Library, and answers of the Ads Gallery API."""

from typing import Final

from adaudit.connectors.forms import CsvForm, JsonForm, Parser, whatever_its_name
from adaudit.connectors.snapchat.ads_gallery import SHAPE, parse_previews
from adaudit.connectors.snapchat.political_ads import parse_ads

FORMS: Final[dict[str, Parser]] = {
    "political_ads": CsvForm(parse_ads, alike=whatever_its_name),
    "ads_gallery": JsonForm(SHAPE, parse_previews),
}
