"""TikTok: the Commercial Content API's answers on ads and on commercial communications, and tables of them."""

from typing import Final

from adaudit.connectors.forms import CsvForm, JsonForm, Parser
from adaudit.connectors.tiktok import ads, communications, flattened

FORMS: Final[dict[str, Parser]] = {
    "commercial_content": JsonForm(ads.SHAPE, ads.parse_ads),
    "ad_detail": JsonForm(ads.SHAPE, ads.parse_ads),
    "flattened": CsvForm(flattened.parse_ads),
    "commercial_communications": JsonForm(communications.SHAPE, communications.parse_communications),
}
